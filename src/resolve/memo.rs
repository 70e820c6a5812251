//! Answers that are worked out once and shared between threads.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rustc_hash::FxHashMap;

/// What is known by specifier or by path.
pub(super) struct Memo<V>(Mutex<FxHashMap<Box<str>, V>>);

impl<V> Default for Memo<V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<V: Clone> Memo<V> {
    /// What is known of `key`, else what `find` says. It runs unlocked: two threads may both find, and find the same.
    pub(super) fn get_or(&self, key: &str, find: impl FnOnce() -> V) -> V {
        if let Some(known) = self.lock().get(key) {
            return known.clone();
        }
        let found = find();
        self.lock().insert(key.into(), found.clone());
        found
    }

    fn lock(&self) -> MutexGuard<'_, FxHashMap<Box<str>, V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
