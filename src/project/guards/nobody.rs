//! Members of nobody: where nobody is signed in `session.user` fails, as `user.id` does, so that what follows it is done by somebody.
//!
//! Only what is read on every way counts: what stands behind `?.`, `&&`, `||`, `??` and in the parts of `?:` may not be.

use super::maybe::is_optional;
use super::origins::Origin;
use super::verdicts::{Ask, GuardState};
use crate::facts::{CallId, NONE, Value, ValueId};
use crate::models::{Did, Effect, Nobody, What};
use crate::project::effects::flow::{Body, Here};
use crate::project::effects::summary::Summaries;
use crate::project::values::terms::{Term, TermId};

/// How deep values are looked into.
const DEEPEST: u32 = 10;

/// The members of what is known of a caller that are nothing where nobody is signed in.
const SOMEBODY: [&str; 2] = ["user", "session"];

impl Summaries<'_> {
    /// Notes who is somebody where a call is made, since its callee and its arguments have been read.
    pub(in crate::project) fn read_for(&mut self, here: &mut Here, body: &Body, call: CallId) {
        let module = here.function.module;
        if self.is_client(module) {
            return;
        }
        let facts = &self.eval.module(module).facts;
        let written = facts.calls[call as usize];
        let values: Vec<ValueId> =
            std::iter::once(written.callee).chain(facts.list(written.arguments).iter().copied()).collect();
        values.into_iter().for_each(|value| self.read_in(here, body, value, DEEPEST));
    }

    /// Notes who is somebody where a value has been worked out.
    pub(in crate::project) fn read_value(&mut self, here: &mut Here, body: &Body, value: ValueId) {
        if !self.is_client(here.function.module) {
            self.read_in(here, body, value, DEEPEST);
        }
    }

    fn read_in(&mut self, here: &mut Here, body: &Body, value: ValueId, left: u32) {
        let Some(left) = left.checked_sub(1).filter(|_| value != NONE) else { return };
        let module = here.function.module;
        let facts = &self.eval.module(module).facts;
        match facts.value(value) {
            Value::Member(object, _) | Value::Index(object, _) => {
                let fails = !is_optional(facts, value);
                self.read_in(here, body, object, left);
                if fails {
                    self.read_member(here, body, object);
                }
            }
            Value::Variable(variable) => {
                let described = facts.variables[variable as usize];
                if !described.reassigned {
                    self.read_in(here, body, described.init, left);
                }
            }
            Value::Await(inner)
            | Value::Cast(inner, _)
            | Value::Not(inner)
            | Value::Unary(_, inner)
            | Value::Spread(inner)
            | Value::Rest(inner)
            | Value::Logical(_, inner, _) => self.read_in(here, body, inner, left),
            Value::Binary(_, one, other) => {
                self.read_in(here, body, one, left);
                self.read_in(here, body, other, left);
            }
            Value::Conditional(list) => {
                let test = facts.list(list).first().copied().unwrap_or(NONE);
                self.read_in(here, body, test, left);
            }
            Value::Array(list) | Value::Template(list) => {
                let parts = facts.list(list).to_vec();
                parts.into_iter().for_each(|part| self.read_in(here, body, part, left));
            }
            Value::Object(list) => {
                let parts: Vec<ValueId> = facts.properties(list).iter().map(|property| property.value).collect();
                parts.into_iter().for_each(|part| self.read_in(here, body, part, left));
            }
            _ => {}
        }
    }

    /// A member of this has been read, and nothing failed.
    fn read_member(&mut self, here: &mut Here, body: &Body, object: ValueId) {
        let term = self.eval.value(here.function.module, object);
        if !self.may_be_nobody(term) || self.judge(here.holds, Ask::Who).state == GuardState::Proven {
            return;
        }
        let learned = self.learned(here, body, object, true);
        here.holds = self.both(here.holds, learned);
    }

    /// Whether a value is somebody where somebody is signed in, and nothing where nobody is.
    fn may_be_nobody(&mut self, term: TermId) -> bool {
        match self.eval.terms.get(term) {
            Term::Member(inner, name) => SOMEBODY.contains(&self.eval.terms.text(name)) && self.is_read(inner),
            Term::Called(callee, _, _) => self.reads_who(callee, |did| did.nobody == Some(Nobody::Nothing)),
            Term::As(inner, _, _) | Term::Of(inner, _, _) => self.may_be_nobody(inner),
            Term::Union(list) => {
                let parts = self.eval.terms.list(list).to_vec();
                let (nothing, something): (Vec<TermId>, Vec<TermId>) =
                    parts.into_iter().partition(|&part| self.eval.terms.is_nothing(part));
                let somebody =
                    |part| self.may_be_nobody(part) || (!nothing.is_empty() && self.origin(part) == Origin::Identity);
                !something.is_empty() && something.into_iter().all(somebody)
            }
            _ => false,
        }
    }

    /// Whether a value is what a read of who is signed in gives, or a part of it.
    fn is_read(&mut self, term: TermId) -> bool {
        match self.eval.terms.get(term) {
            Term::Member(inner, _) | Term::As(inner, _, _) | Term::Of(inner, _, _) => self.is_read(inner),
            Term::Called(callee, _, _) => self.reads_who(callee, |_| true),
            Term::Union(list) => {
                let parts = self.eval.terms.list(list).to_vec();
                parts.into_iter().all(|part| self.eval.terms.is_nothing(part) || self.is_read(part))
            }
            _ => false,
        }
    }

    /// Whether a value is there whoever calls, since what reads who is signed in gives an object to nobody too.
    pub(in crate::project) fn is_always_there(&mut self, term: TermId) -> bool {
        match self.eval.terms.get(term) {
            Term::As(inner, _, _) | Term::Of(inner, _, _) => self.is_always_there(inner),
            Term::Member(inner, name) => self.eval.terms.text(name) == "data" && self.is_always_there(inner),
            Term::Called(callee, _, _) => self.reads_who(callee, |did| did.nobody == Some(Nobody::Object)),
            _ => false,
        }
    }

    /// Whether a call reads who is signed in, and its model says this of it.
    pub(in crate::project) fn reads_who(&mut self, callee: TermId, says: impl Fn(&Did) -> bool) -> bool {
        let models = self.eval.world.models;
        let states = self.eval.states_of(callee);
        let mut meanings = states.iter().flat_map(|&(node, _)| models.meanings(node));
        meanings.any(|meaning| match &meaning.what {
            What::Effect(did) => did.kind == Ok(Effect::AuthRead) && says(did),
            _ => false,
        })
    }
}
