//! Whether who is signed in is surely somebody where a write is handed them. `session.user.id` throws where nobody is; `session?.user?.id` is
//! undefined then, as `orgId` is of somebody who has chosen no organization, and what is undefined may filter nothing.

use super::columns::next_in_chain;
use super::modules::ModuleId;
use super::origins::Origin;
use super::summary::{Site, Summaries};
use super::terms::{Term, TermId};
use crate::facts::{FileFacts, NONE, PropertyKey, Value, ValueId};
use crate::models::{Did, Effect, Place, What};

/// How deep values are looked into.
const DEEPEST: u32 = 12;

/// What is found of who is signed in.
#[derive(Debug, Clone, Copy, Default)]
struct Found {
    /// Something that may be undefined.
    maybe: bool,
    /// Something that is there, as far as is known.
    surely: bool,
}

impl Summaries<'_> {
    /// Whether all that a write has of its caller stands in its filter, and may be undefined there.
    pub(super) fn scopes_at_most(&mut self, did: &Did, arguments: &[TermId], site: Site) -> bool {
        let Some(Place::Argument(index, below)) = &did.filter else { return false };
        let [name] = below.as_slice() else { return false };
        let Some(Term::Object(list)) = arguments.get(*index as usize).map(|&of| self.eval.terms.get(of)) else {
            return false;
        };
        let entries = self.eval.terms.list(list).to_vec();
        let is_filter = |summaries: &Self, key| matches!(summaries.eval.terms.get(key), Term::Text(text) if summaries.eval.terms.text(text) == *name);
        for pair in entries.chunks_exact(2) {
            if !is_filter(self, pair[0]) && self.origin(pair[1]) >= Origin::Carried {
                return false;
            }
        }
        let facts = &self.eval.module(site.0).facts;
        let argument = facts.list(facts.calls[site.1 as usize].arguments).get(*index as usize);
        let Some(&Value::Object(list)) = argument.and_then(|&of| facts.values.get(of as usize)) else { return false };
        let filters = facts.properties(list).iter();
        let filters: Vec<ValueId> = filters
            .filter(|property| matches!(property.key, PropertyKey::Named(key) if facts.text(key) == *name))
            .map(|property| property.value)
            .collect();
        let mut found = Found::default();
        for filter in filters {
            self.look_for_somebody(site.0, filter, &mut found, DEEPEST);
        }
        found.maybe && !found.surely && next_in_chain(facts, site.1).is_none()
    }

    fn look_for_somebody(&mut self, module: ModuleId, value: ValueId, found: &mut Found, left: u32) {
        let Some(left) = left.checked_sub(1).filter(|_| value != NONE && !found.surely) else { return };
        let facts = &self.eval.module(module).facts;
        match facts.value(value) {
            Value::Object(list) => {
                let values: Vec<ValueId> = facts.properties(list).iter().map(|property| property.value).collect();
                values.into_iter().for_each(|value| self.look_for_somebody(module, value, found, left));
            }
            Value::Array(list) => {
                let values = facts.list(list).to_vec();
                values.into_iter().for_each(|value| self.look_for_somebody(module, value, found, left));
            }
            Value::Spread(inner) | Value::Cast(inner, _) => self.look_for_somebody(module, inner, found, left),
            Value::Variable(variable) => {
                let described = facts.variables[variable as usize];
                let init = described.init;
                if !described.reassigned && init != NONE && !matches!(facts.value(init), Value::Variable(_)) {
                    return self.look_for_somebody(module, init, found, left);
                }
                found.surely |= self.is_somebody(module, value);
            }
            Value::Member(object, name) if self.is_somebody(module, value) => {
                if is_optional(facts, value) || self.may_lack(module, object, facts.text(name)) {
                    found.maybe = true;
                } else {
                    found.surely = true;
                }
            }
            _ => found.surely |= self.is_somebody(module, value),
        }
    }

    fn is_somebody(&mut self, module: ModuleId, value: ValueId) -> bool {
        let term = self.eval.value(module, value);
        self.origin(term) >= Origin::Carried
    }

    /// Whether a value is given by a call that gives some callers an object without such a member.
    fn may_lack(&mut self, module: ModuleId, value: ValueId, name: &str) -> bool {
        let term = self.eval.value(module, value);
        let Term::Called(callee, _, _) = self.eval.terms.get(term) else { return false };
        let models = self.eval.world.models;
        let states = self.eval.states_of(callee);
        let mut meanings = states.iter().flat_map(|&(node, _)| models.meanings(node));
        meanings.any(|meaning| match &meaning.what {
            What::Effect(did) => did.kind == Ok(Effect::AuthRead) && did.lacks.iter().any(|lacked| lacked == name),
            _ => false,
        })
    }
}

/// `a?.b`, and `a?.b.c`, which is nothing where `a` is.
fn is_optional(facts: &FileFacts, mut value: ValueId) -> bool {
    loop {
        if facts.optional.binary_search(&value).is_ok() {
            return true;
        }
        match facts.value(value) {
            Value::Member(object, _) | Value::Index(object, _) => value = object,
            _ => return false,
        }
    }
}
