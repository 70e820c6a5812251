//! edgelint

pub mod analysis;
pub mod apps;
pub mod cli;
pub mod diagnostic;
pub mod extract;
pub mod facts;
pub mod manifest;
pub mod project;
pub mod report;
pub mod resolve;
pub mod rules;
pub mod source;
