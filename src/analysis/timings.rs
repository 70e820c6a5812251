//! How long a run took, as data. Nothing here may reach a report: no two runs say the same.

use std::time::{Duration, Instant};

/// The time that each part of a run took.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timings {
    /// The phases, in their order.
    pub phases: Vec<(&'static str, Duration)>,
    /// The rules by id, in their order. They run at once, so their sum may be more than the phase took.
    pub rules: Vec<(&'static str, Duration)>,
}

impl Timings {
    /// Runs one phase and notes its time.
    pub fn phase<T>(&mut self, name: &'static str, run: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let done = run();
        self.phases.push((name, start.elapsed()));
        done
    }
}
