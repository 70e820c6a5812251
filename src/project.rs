//! The linked program and the questions that a rule may ask of it.

mod endpoint;

pub use endpoint::{Caller, CallerKind, Endpoint, EndpointKind};

/// The linked program.
pub struct Project {}
