//! Readers of the files that configure a project, each cut down to what analysis asks of it.

pub mod tsconfig;
