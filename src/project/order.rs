//! What comes first on the way of an entry, and what stands on it: the questions about the trails of effects.

pub(super) mod body;
pub(super) mod caught;
pub(super) mod frames;
pub(super) mod trail;

use body::{excludes, fails, parts, step_of};

use super::Project;
use super::effects::Happening;
use super::effects::summary::Site;
use super::graph::{Callee, Edge};
use crate::models::Effect;

impl Project {
    /// Whether one thing happens before another on the way of one entry: their trails part at two calls of one body, of which
    /// evaluation reaches the first one's first; or the one's own call leads to the other.
    #[must_use]
    pub fn comes_before(&self, first: &[Site], then: &[Site]) -> bool {
        match first.iter().zip(then).find(|(one, other)| one != other) {
            Some((&one, &other)) => self.function_of(one) == self.function_of(other) && one.1 < other.1,
            None => first.len() < then.len(),
        }
    }

    /// Whether no run does both of two things: their trails part at two calls of one body of which a run meets but one.
    #[must_use]
    pub fn never_together(&self, one: &[Site], other: &[Site]) -> bool {
        let Some((&one, &other)) = one.iter().zip(other).find(|(one, other)| one != other) else { return false };
        let function = self.function_of(one);
        if function != self.function_of(other) {
            return false;
        }
        let facts = &self.module(function.module).facts;
        let step = |(_, call): Site| step_of(facts, function.function, call);
        step(one).zip(step(other)).is_some_and(|(one, other)| excludes(facts.body(function.function), one, other))
    }

    /// Whether a way ends by throwing once something is done on it.
    #[must_use]
    pub fn fails_after(&self, trail: &[Site]) -> bool {
        trail.iter().any(|&(module, call)| {
            let facts = &self.module(module).facts;
            let function = facts.calls[call as usize].function;
            step_of(facts, function, call).is_some_and(|step| fails(facts.body(function), step))
        })
    }

    /// Whether a call is made, on its own and not by a helper, wherever something else is done: it stands in the same part of a body, or around it.
    #[must_use]
    pub fn goes_with(&self, call: &[Site], other: &[Site]) -> bool {
        let Some(at) = call.iter().zip(other).position(|(one, other)| one != other) else { return false };
        let function = self.function_of(call[at]);
        if call.len() != at + 1 || function != self.function_of(other[at]) {
            return false;
        }
        let facts = &self.module(function.module).facts;
        let around = |(_, call): Site| {
            step_of(facts, function.function, call).map(|step| parts(facts.body(function.function), step))
        };
        around(call[at]).zip(around(other[at])).is_some_and(|(own, other)| other.starts_with(&own))
    }

    /// The edges that a call makes.
    pub fn edges_at(&self, site: Site) -> impl Iterator<Item = &Edge> {
        self.graph().edges(self.function_of(site)).iter().filter(move |edge| edge.call == site.1)
    }

    /// Whether a call is one of an action.
    #[must_use]
    pub fn calls_action(&self, site: Site) -> bool {
        self.edges_at(site).any(|edge| matches!(edge.to, Callee::Action(_)))
    }
}

impl Happening {
    /// What happens, for a label: `writes `invoice``.
    #[must_use]
    pub fn says(&self) -> String {
        let about = |text: &str, otherwise: &str| match &self.target {
            Some(target) if is_name(target) => format!("{text} `{target}`"),
            _ => otherwise.to_owned(),
        };
        match self.effect {
            Effect::DbRead => about("reads", "reads from the database"),
            Effect::DbWrite => about("writes", "writes to the database"),
            Effect::HttpWrite => about("sends a request that writes, to", "sends a request that writes"),
            Effect::FsWrite => "writes a file".to_owned(),
            Effect::StorageWrite => "writes to the object store".to_owned(),
            Effect::KvWrite => "writes to the key-value store".to_owned(),
            Effect::QueueSend => "starts a job".to_owned(),
            Effect::EmailSend => "sends a mail".to_owned(),
            Effect::CookieWrite => about("sets the cookie", "sets a cookie"),
            Effect::AuthSession => "starts or ends a session".to_owned(),
            Effect::VerifyWebhook | Effect::CompareSecret => "checks the signature".to_owned(),
            Effect::HeaderRead => about("reads the header", "reads a header"),
            other => format!("has the effect `{}`", other.as_str()),
        }
    }
}

/// Whether a target is a name, and no address or pattern.
fn is_name(target: &str) -> bool {
    !target.is_empty()
        && target.len() <= 40
        && target.chars().all(|letter| letter.is_alphanumeric() || "-_.".contains(letter))
}
