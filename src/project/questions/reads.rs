//! Which actions only read: everything that they do is seen, nothing of it changes anything, and something of it is read.

use crate::models::Effect;
use crate::project::Project;
use crate::project::actions::ActionId;
use crate::project::effects::Happening;

/// What an action that only reads may do: it reads, asks who is there and whether they may, and says what it did.
fn is_harmless(effect: Effect) -> bool {
    matches!(
        effect,
        Effect::CacheTag
            | Effect::NoStore
            | Effect::Redirect
            | Effect::NotFound
            | Effect::Rethrow
            | Effect::AuthRequire
            | Effect::Validate
            | Effect::CompareSecret
            | Effect::RateLimit
            | Effect::Log
            | Effect::Defer
    ) || rank(effect).is_some()
}

/// How well an effect says what is read: rows before responses, files and keys, those before the request itself.
fn rank(effect: Effect) -> Option<u8> {
    match effect {
        Effect::DbRead => Some(0),
        Effect::HttpRead => Some(1),
        Effect::FsRead | Effect::KvRead => Some(2),
        Effect::AuthRead => Some(3),
        Effect::CookieRead | Effect::HeaderRead => Some(4),
        _ => None,
    }
}

impl Project {
    /// What an action reads, the most telling of it, where it is proven that it does nothing but read.
    #[must_use]
    pub fn only_reads(&self, action: ActionId) -> Option<&Happening> {
        let doing = self.action_doing(action);
        if !doing.is_seen() || !doing.happenings.iter().all(|happening| is_harmless(happening.effect)) {
            return None;
        }
        let reads = doing.happenings.iter().filter_map(|happening| Some((rank(happening.effect)?, happening)));
        reads.min_by_key(|&(rank, happening)| (rank, happening.trail.len())).map(|(_, happening)| happening)
    }
}
