//! Files as a program: the modules, what they export, and what their names finally are.

pub mod exports;
pub mod modules;
pub mod symbols;
pub(super) mod targets;
