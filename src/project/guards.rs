//! What guards an effect of an entry: who is asked for before it, by what, and where; or that nothing is, or that it cannot be known.

use super::Project;
use super::holds::{SetId, Spot};
use super::modules::FunctionRef;
use super::summary::Summaries;
pub use super::verdicts::{GuardKind, GuardState};
use super::verdicts::{Ask, Verdict};
use crate::diagnostic::Place;
use crate::facts::FunctionId;

/// What is known of one question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Guard {
    /// Whether it holds.
    pub state: GuardState,
    /// What is looked at, where it holds.
    pub kind: Option<GuardKind>,
    /// Why it is not known, where it is not.
    pub reason: &'static str,
    /// Where it stands.
    spot: Option<Spot>,
}

/// What comes before an effect on every way to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Guarding {
    /// Whether the caller is somebody in particular: signed in, or knowing a secret.
    pub who: Guard,
    /// Whether a secret is compared or a signature verified.
    pub signed: Guard,
    /// Whether input is checked against a schema.
    pub validated: Guard,
    /// Whether a human is asked for, or requests are limited.
    pub limited: Guard,
}

impl From<Verdict> for Guard {
    fn from(verdict: Verdict) -> Self {
        let Verdict { state, kind, reason, spot } = verdict;
        Self { state, kind, reason, spot }
    }
}

impl Summaries<'_> {
    /// What a set says to every question.
    pub(super) fn guarding(&mut self, holds: SetId) -> Guarding {
        let mut ask = |ask| Guard::from(self.judge(holds, ask));
        Guarding {
            who: ask(Ask::Who),
            signed: ask(Ask::Signed),
            validated: ask(Ask::Validated),
            limited: ask(Ask::Limited),
        }
    }
}

impl Project {
    /// Where a guard stands, or what may be one.
    #[must_use]
    pub fn guard_place(&self, guard: &Guard) -> Option<Place> {
        match guard.spot? {
            Spot::Call(site) if site.1 == crate::facts::NONE => None,
            Spot::Call(site) => Some(self.call_place(site)),
            Spot::Test(function, value) => {
                let here = self.module(function.module);
                Some(here.place(here.facts.span(value)))
            }
        }
    }

    /// The function in which a guard stands, or what may be one.
    #[must_use]
    pub fn guard_function(&self, guard: &Guard) -> Option<FunctionRef> {
        match guard.spot? {
            Spot::Call(site) if site.1 == crate::facts::NONE => None,
            Spot::Call(site) => Some(self.function_of(site)),
            Spot::Test(function, _) => Some(function),
        }
    }

    /// The nearest name around a function, its own first.
    #[must_use]
    pub fn name_around(&self, function: FunctionRef) -> Option<&str> {
        let facts = &self.module(function.module).facts;
        let mut at: FunctionId = function.function;
        while at != 0 && at != crate::facts::NONE {
            let name = facts.text(facts.function(at).name);
            if !name.is_empty() {
                return Some(name);
            }
            at = facts.function(at).parent;
        }
        None
    }
}
