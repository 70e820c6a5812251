//! What functions write and read: tables, models, collections.

pub mod sql;
