//! Whether who is signed in is surely somebody where a write is handed them. `session.user.id` throws where nobody is; `session?.user?.id` is
//! undefined then, as `orgId` is of somebody who has chosen no organization, and what is undefined may filter nothing.

use super::origins::Origin;
use crate::facts::{FileFacts, NONE, Property, PropertyKey, Value, ValueId};
use crate::models::{Did, Nobody, Place};
use crate::project::effects::columns::next_in_chain;
use crate::project::effects::summary::{Site, Summaries};
use crate::project::program::modules::ModuleId;
use crate::project::values::terms::{Term, TermId};

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
    /// Whether all that a write has of its caller may be undefined: in its filter, or in columns that a row may do without.
    pub(in crate::project) fn scopes_at_most(
        &mut self,
        did: &Did,
        target: Option<TermId>,
        arguments: &[TermId],
        site: Site,
    ) -> bool {
        let below = |place: Option<&Place>| match place {
            Some(Place::Argument(index, below)) => Some((*index, below.first().cloned()?)),
            _ => None,
        };
        let (filter, written) = (below(did.filter.as_ref()), below(did.relations.first()));
        let Some((index, _)) = filter.as_ref().or(written.as_ref()) else { return false };
        let Some(Term::Object(list)) = arguments.get(*index as usize).map(|&of| self.eval.terms.get(of)) else {
            return false;
        };
        let facts = &self.eval.module(site.0).facts;
        let argument = facts.list(facts.calls[site.1 as usize].arguments).get(*index as usize);
        let Some(&Value::Object(written)) = argument.and_then(|&of| facts.values.get(of as usize)) else {
            return false;
        };
        let mut found = Found::default();
        for pair in self.eval.terms.list(list).to_vec().chunks_exact(2) {
            if self.origin(pair[1]) < Origin::Carried {
                continue;
            }
            let Term::Text(key) = self.eval.terms.get(pair[0]) else { return false };
            let key = self.eval.terms.text(key).to_owned();
            let holds =
                |property: &&Property| matches!(property.key, PropertyKey::Named(name) if facts.text(name) == key);
            let values: Vec<ValueId> = facts.properties(written).iter().filter(holds).map(|of| of.value).collect();
            for value in values {
                if filter.as_ref().is_some_and(|(_, filter)| *filter == key) {
                    self.look_for_somebody((site.0, value), false, &mut found, DEEPEST);
                } else {
                    self.look_in_columns(site.0, value, target, &mut found);
                }
            }
        }
        found.maybe && !found.surely && next_in_chain(facts, site.1).is_none()
    }

    /// Looks for somebody in what is written: a column that a row has to have is not undefined.
    fn look_in_columns(&mut self, module: ModuleId, written: ValueId, target: Option<TermId>, found: &mut Found) {
        let facts = &self.eval.module(module).facts;
        let entity = target.and_then(|target| self.eval.text_with_holes(target));
        let (Value::Object(list), Some(entity)) = (facts.value(written), entity) else {
            found.surely = true;
            return;
        };
        for property in facts.properties(list) {
            let mut inside = Found::default();
            self.look_for_somebody((module, property.value), true, &mut inside, DEEPEST);
            let may_lack = match property.key {
                PropertyKey::Named(name) => self.eval.world.relations.is_optional(&entity, facts.text(name)),
                _ => false,
            };
            found.surely |= inside.surely || (inside.maybe && !may_lack);
            found.maybe |= inside.maybe && may_lack;
        }
    }

    /// Looks for somebody in a value, who may be undefined, or with `null` null as well.
    fn look_for_somebody(&mut self, (module, value): (ModuleId, ValueId), null: bool, found: &mut Found, left: u32) {
        let Some(left) = left.checked_sub(1).filter(|_| value != NONE && !found.surely) else { return };
        let facts = &self.eval.module(module).facts;
        match facts.value(value) {
            Value::Object(list) => {
                let values: Vec<ValueId> = facts.properties(list).iter().map(|property| property.value).collect();
                values.into_iter().for_each(|value| self.look_for_somebody((module, value), null, found, left));
            }
            Value::Array(list) => {
                let values = facts.list(list).to_vec();
                values.into_iter().for_each(|value| self.look_for_somebody((module, value), null, found, left));
            }
            Value::Spread(inner) | Value::Cast(inner, _) => self.look_for_somebody((module, inner), null, found, left),
            Value::Variable(variable) => {
                let described = facts.variables[variable as usize];
                let init = described.init;
                if !described.reassigned && init != NONE && !matches!(facts.value(init), Value::Variable(_)) {
                    return self.look_for_somebody((module, init), null, found, left);
                }
                found.surely |= self.is_somebody(module, value);
            }
            Value::Member(object, name) if self.is_somebody(module, value) => {
                if is_optional(facts, value) || self.may_lack(module, object, null, facts.text(name)) {
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

    /// Whether a value is given by a call that gives some callers an object without such a member, or with `null` one where it is null.
    fn may_lack(&mut self, module: ModuleId, value: ValueId, null: bool, name: &str) -> bool {
        let term = self.eval.value(module, value);
        let Term::Called(callee, _, _) = self.eval.terms.get(term) else { return false };
        self.reads_who(callee, |did| {
            (null && did.nobody == Some(Nobody::Object)) || did.lacks.iter().any(|lacked| lacked == name)
        })
    }
}

/// `a?.b`, and `a?.b.c`, which is nothing where `a` is.
pub(in crate::project) fn is_optional(facts: &FileFacts, mut value: ValueId) -> bool {
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
