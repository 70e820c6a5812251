//! Questions of single rules, a module each.

pub(super) mod audience;
pub mod doubts;
pub(super) mod exposed;
pub mod floating;
pub(super) mod form_data;
pub mod getters;
pub(super) mod identity;
pub(super) mod idle;
pub(super) mod mentions;
pub mod misplaced;
pub(super) mod noted;
pub mod payloads;
pub mod preflight;
pub mod private;
pub(super) mod reads;
pub mod records;
pub mod redacted;
pub mod reread;
pub(super) mod secrets;
pub mod swallow;
pub mod unguarded;
pub mod unvalidated;
pub(super) mod uploads;
pub mod webhooks;
