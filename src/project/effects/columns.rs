//! Which columns of a table an effect is about, where they are written out.

use super::summary::{Site, Summaries};
use crate::facts::{CallId, FileFacts, Value};
use crate::models::Columns;
use crate::project::program::modules::FunctionRef;
use crate::project::values::terms::{Term, TermId};

/// How long a chain is, and how deep columns lie in what is selected.
const DEEPEST: u32 = 12;

/// How many calls of a chain are gone through.
const LONGEST: u32 = 32;

/// A call: its callee, the entity that it is about, what it is handed, and where it stands.
type Called<'a> = (TermId, Option<TermId>, &'a [TermId], Site);

impl Summaries<'_> {
    /// The columns as a list of texts, or what whoever calls the function says of them; nothing where any of them is not known.
    pub(in crate::project) fn columns(
        &mut self,
        columns: &Columns,
        (callee, entity, arguments, site): Called<'_>,
    ) -> Option<TermId> {
        match columns {
            Columns::Keys(place) => self.eval.at(place, arguments).and_then(|object| self.columns_of(object)),
            Columns::Before => {
                let object = self.object_before(callee)?;
                let mut names = Vec::new();
                self.chosen(object, entity?, DEEPEST, &mut names).then(|| self.list(&names))
            }
            Columns::After => self.object_after(site).and_then(|object| self.columns_of(object)),
        }
    }

    /// The keys of an object as a list; the object itself as long as it hangs on what a function is handed.
    pub(in crate::project) fn columns_of(&mut self, object: TermId) -> Option<TermId> {
        match self.keys(object) {
            Some(names) => Some(self.list(&names)),
            None => self.eval.terms.has_parameter(object).then_some(object),
        }
    }

    fn list(&mut self, names: &[TermId]) -> TermId {
        let list = self.eval.terms.add_list(names);
        self.eval.terms.add(Term::Array(list))
    }

    /// The keys of an object, where all are written out, those of objects that are spread into it included.
    fn keys(&self, object: TermId) -> Option<Vec<TermId>> {
        let mut names = Vec::new();
        (matches!(self.eval.terms.get(object), Term::Object(_)) && self.add_keys(object, DEEPEST, &mut names))
            .then_some(names)
    }

    fn add_keys(&self, value: TermId, left: u32, names: &mut Vec<TermId>) -> bool {
        let Some(left) = left.checked_sub(1) else { return false };
        match self.eval.terms.get(value) {
            Term::Object(list) => {
                self.eval.terms.list(list).chunks_exact(2).all(|pair| match self.eval.terms.get(pair[0]) {
                    Term::Text(_) => {
                        names.push(pair[0]);
                        true
                    }
                    Term::Null => self.add_keys(pair[1], left, names),
                    _ => false,
                })
            }
            // `...(name && { name })`
            Term::Union(list) => self.eval.terms.list(list).iter().all(|&part| self.add_keys(part, left, names)),
            Term::Bool(_) | Term::Null | Term::Undefined => true,
            _ => false,
        }
    }

    /// The object that the nearest call before this one in its chain is handed first.
    fn object_before(&self, callee: TermId) -> Option<TermId> {
        let mut at = callee;
        for _ in 0..DEEPEST {
            at = match self.eval.terms.get(at) {
                Term::Member(inner, _) => inner,
                Term::Called(inner, list, _) => match self.eval.terms.list(list).first() {
                    Some(&first) if matches!(self.eval.terms.get(first), Term::Object(_)) => return Some(first),
                    _ => inner,
                },
                _ => return None,
            };
        }
        None
    }

    /// What the call that goes on from this one is handed first.
    fn object_after(&mut self, (module, call): Site) -> Option<TermId> {
        let facts = &self.eval.module(module).facts;
        let behind = next_in_chain(facts, call)?;
        let &first = facts.list(facts.calls[behind as usize].arguments).first()?;
        // What a parameter is said to be is a row of the table; what it is handed are the columns.
        let parameter = match facts.value(first) {
            Value::Variable(variable) => facts.variables[variable as usize].init,
            _ => first,
        };
        Some(match facts.value(parameter) {
            Value::Parameter(function, index) => {
                self.eval.terms.add(Term::Parameter(FunctionRef { module, function }, index))
            }
            _ => self.eval.value(module, first),
        })
    }

    /// Adds the columns of an entity that a value is made of. Whether all that it is made of is known.
    fn chosen(&mut self, value: TermId, entity: TermId, left: u32, names: &mut Vec<TermId>) -> bool {
        let Some(left) = left.checked_sub(1) else { return false };
        match self.eval.terms.get(value) {
            Term::Object(list) => {
                let pairs = self.eval.terms.list(list).to_vec();
                let mut pairs = pairs.chunks_exact(2);
                pairs.all(|pair| {
                    matches!(self.eval.terms.get(pair[0]), Term::Text(_)) && self.chosen(pair[1], entity, left, names)
                })
            }
            Term::Array(list) | Term::Template(list) => {
                let parts = self.eval.terms.list(list).to_vec();
                parts.into_iter().all(|part| self.chosen(part, entity, left, names))
            }
            Term::Text(_) | Term::Number(_) | Term::Bool(_) | Term::Null | Term::Undefined => true,
            Term::Member(object, name) if self.eval.entity_of(Some(object)) == Some(entity) => {
                let name = self.eval.terms.text(name).to_owned();
                names.push(self.eval.terms.add_literal(&name));
                true
            }
            Term::Member(object, _) => self.chosen(object, entity, left, names),
            // A table as a whole is all of its columns.
            Term::Called(callee, list, _) => match self.eval.entity_of(Some(value)) {
                Some(own) => own != entity,
                None => {
                    let parts = self.eval.terms.list(list).to_vec();
                    self.chosen(callee, entity, left, names)
                        && parts.into_iter().all(|part| self.chosen(part, entity, left, names))
                }
            },
            Term::Package(..) | Term::Global(_) | Term::Function(..) => true,
            _ => false,
        }
    }
}

/// The call that goes on from another one in a chain: `.where(..)` of `db.select().where(..)`.
pub(in crate::project) fn next_in_chain(facts: &FileFacts, call: CallId) -> Option<CallId> {
    let goes_on = |callee| match facts.value(callee) {
        Value::Member(object, _) => facts.value(object) == Value::Call(call),
        _ => false,
    };
    let mut behind = (0..).zip(&facts.calls).skip(call as usize + 1);
    behind.find(|(_, next)| goes_on(next.callee)).map(|(next, _)| next)
}

/// The last call of a chain that goes through a call: `db.select().from(t).where(..)`.
pub(in crate::project) fn whole_chain(facts: &FileFacts, call: CallId) -> CallId {
    let mut at = call;
    for _ in 0..LONGEST {
        let Some(next) = next_in_chain(facts, at) else { break };
        at = next;
    }
    at
}
