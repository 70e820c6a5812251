//! Whether what a call gives comes back to where its entry answers: through every function on the way, by what that gives back.

use super::fate::Source;
use crate::facts::{Call, CallId, CallKind, FunctionId, Op, Value};
use crate::project::Project;
use crate::project::effects::summary::Site;
use crate::project::program::modules::FunctionRef;

/// How many functions are gone into for what they give back.
const DEEPEST: u32 = 3;
/// The methods of a response that send what they are handed.
const SENDS: [&str; 5] = ["json", "send", "end", "write", "enqueue"];

impl Project {
    /// Whether what the last of some calls gives may come back through all of them: each is returned, rendered, or handed on to something
    /// that does not change what is kept. What is only compared, or written elsewhere, is shown to nobody.
    #[must_use]
    pub fn may_come_back(&self, trail: &[Site]) -> bool {
        trail.iter().rev().all(|&site| self.is_handed_back(site))
    }

    /// Whether what the last of some calls gives may be a part of what is answered: what each of the functions on the way gives back is made of
    /// it. What is only asked with, or compared, is no part of the answer.
    #[must_use]
    pub(in crate::project) fn may_be_answered(&self, trail: &[Site]) -> bool {
        trail.iter().rev().all(|&site| self.is_given_back(site))
    }

    fn is_given_back(&self, (module, call): Site) -> bool {
        let is_source = |of: CallId| of == call;
        let mut source = Source::new(self, module, &is_source).made_of(DEEPEST, None);
        source.follow_callbacks();
        let facts = source.facts;
        let described = facts.calls[call as usize];
        if described.kind == CallKind::Jsx || described.function == 0 {
            return true;
        }
        let around = self.outermost(FunctionRef { module, function: described.function });
        let inside: Vec<FunctionId> = self.inside(around).into_iter().map(|of| of.function).collect();
        let sends = |other: &Call| {
            inside.contains(&other.function)
                && matches!(facts.value(other.callee), Value::Member(_, name) if SENDS.contains(&facts.text(name)))
        };
        inside.iter().any(|&function| source.returns(function).any(|value| source.gives(value)))
            || facts
                .calls
                .iter()
                .filter(|other| sends(other))
                .any(|other| facts.list(other.arguments).iter().any(|&argument| source.gives(argument)))
    }

    /// Whether what a function gives back is made of one of its parameters; what is not known of it may be.
    pub(in crate::project) fn gives_back(&self, (function, index): (FunctionRef, u32), left: u32) -> bool {
        let Some(left) = left.checked_sub(1) else { return true };
        let given = Some((function.function, index));
        let mut source = Source::new(self, function.module, &|_| false).made_of(left, given);
        source.follow_callbacks();
        source.returns(function.function).any(|value| source.gives(value))
    }

    fn is_handed_back(&self, (module, call): Site) -> bool {
        let is_source = |of: CallId| of == call;
        let mut source = Source::new(self, module, &is_source);
        source.follow_callbacks();
        let facts = source.facts;
        let described = facts.calls[call as usize];
        let kept = described.kind == CallKind::Jsx || described.function == 0;
        let around = self.outermost(FunctionRef { module, function: described.function });
        let inside: Vec<FunctionId> = self.inside(around).into_iter().map(|of| of.function).collect();
        kept || inside.iter().any(|&function| source.returns(function).any(|value| source.gives(value)))
            || (0..).zip(&facts.calls).any(|(id, other)| {
                id != call
                    && inside.contains(&other.function)
                    && !self.graph.notes((module, id)).acts
                    && !self.graph.notes((module, id)).asks
                    && self.graph.notes((module, id)).leaves.is_none()
                    && facts.list(other.arguments).iter().any(|&argument| source.gives(argument))
            })
            || inside.iter().any(|&function| {
                facts.body(function).iter().any(|step| match step.op {
                    Op::Assign(place, value) => {
                        !matches!(facts.value(place), Value::Variable(_)) && source.gives(value)
                    }
                    _ => false,
                })
            })
    }
}
