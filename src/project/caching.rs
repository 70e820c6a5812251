//! Caching: what is kept of what is read, what lets it expire, and what is left as it was.

pub(super) mod about;
pub mod broad;
pub mod expiry;
pub mod invalidation;
pub(super) mod keeping;
pub(super) mod likewise;
pub mod making;
pub mod mending;
pub mod missed;
pub mod outdated;
pub(super) mod queried;
mod router;
pub mod stale;
pub mod tags;
pub mod unreached;
mod views;
