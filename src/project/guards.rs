//! What guards an effect of an entry: who is asked for before it, by what, and where; or that nothing is, or that it cannot be known.

pub(super) mod holds;
pub(super) mod learned;
pub(super) mod maybe;
pub(super) mod nobody;
pub(super) mod origins;
pub(super) mod placed;
pub(super) mod sets;
pub(super) mod verdicts;

use super::Project;
use super::effects::summary::{Certainty, Site, Summaries};
use super::effects::{Doing, Happening};
use super::endpoint::EndpointGuard;
use super::program::modules::FunctionRef;
use crate::diagnostic::Place;
use crate::facts::FunctionId;
use crate::models::Effect;
use holds::{SetId, Spot};
use learned::results_in;
use verdicts::{Ask, Verdict};
pub use verdicts::{GuardKind, GuardState};

/// How deep a tested value is looked into.
const DEEPEST: u32 = 10;

/// What is known of one question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Guard {
    /// Whether it holds.
    pub state: GuardState,
    /// What is looked at, where it holds.
    pub kind: Option<GuardKind>,
    /// Why it is not known, where it is not.
    pub reason: &'static str,
    /// Whether it holds on some ways at least.
    pub partly: bool,
    /// Whether it only happens once, whoever comes first: when something is made that is kept on the global object.
    pub once: bool,
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
        let Verdict { state, kind, reason, partly, once, spot, .. } = verdict;
        Self { state, kind, reason, partly, once, spot }
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

impl Doing {
    /// The writes that somebody has to be allowed to do: the caller's own cookies and session are none, nor is what happens only where
    /// something was caught, or once, when the app starts to work. A request that is sent beside writes of the app's own tells somebody
    /// else of them, and one to nobody knows where is left out.
    pub fn guarded_writes(&self) -> impl Iterator<Item = &Happening> {
        let counts = |write: &&Happening| {
            write.effect.writes()
                && !matches!(write.effect, Effect::CookieWrite | Effect::AuthSession)
                && write.certainty != Certainty::Caught
                && !write.guarding.who.once
                && (write.effect != Effect::HttpWrite || write.target.is_some())
        };
        let own = self.happenings.iter().filter(counts).any(|write| write.effect != Effect::HttpWrite);
        self.happenings.iter().filter(counts).filter(move |write| !own || write.effect != Effect::HttpWrite)
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

    /// The calls at which something may be asked: itself, or those whose results a test looks at.
    pub(super) fn asked_at(&self, guard: &Guard) -> Vec<Site> {
        match guard.spot {
            Some(Spot::Call(site)) if site.1 != crate::facts::NONE => vec![site],
            Some(Spot::Test(function, value)) => {
                let mut calls = Vec::new();
                results_in(&self.module(function.module).facts, value, DEEPEST, &mut calls);
                calls.into_iter().map(|call| (function.module, call)).collect()
            }
            _ => Vec::new(),
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

    /// What guards what an entry does: of several writes the one that is guarded least counts, and of an entry that writes nothing what it
    /// reads.
    #[must_use]
    pub fn endpoint_guard(&self, doing: &Doing) -> EndpointGuard {
        let writes: Vec<&Happening> = doing.guarded_writes().collect();
        let reads = || {
            let read = |effect| matches!(effect, Effect::DbRead | Effect::HttpRead);
            doing.happenings.iter().filter(move |of| read(of.effect) && of.certainty != Certainty::Caught)
        };
        let weakest = match writes.iter().min_by_key(|write| write.guarding.who.state) {
            Some(write) => Some(*write),
            None => reads().min_by_key(|read| read.guarding.who.state),
        };
        let validated = writes.iter().map(|write| write.guarding.validated.state == GuardState::Proven);
        let validated = validated.reduce(|one, other| one && other);
        let Some(weakest) = weakest else {
            let state = if doing.is_seen() { GuardState::Unguarded } else { GuardState::Unknown };
            return EndpointGuard { state, reason: "nothing of it is seen", ..EndpointGuard::default() };
        };
        let guard = &weakest.guarding.who;
        EndpointGuard {
            state: guard.state,
            kind: guard.kind,
            reason: guard.reason,
            by: self.guard_function(guard).and_then(|function| self.name_around(function)).map(str::to_owned),
            place: self.guard_place(guard),
            considered: match guard.state {
                GuardState::Unguarded => self.near(doing, weakest).first().map(|&(said, place)| (said.as_str(), place)),
                _ => None,
            },
            validated,
        }
    }

    /// The nearest name around a function, its own first; of one without, the variable that it is part of.
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
        self.variable_at(function.module, facts.function(function.function).span)
    }
}
