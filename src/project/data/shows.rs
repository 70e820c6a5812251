//! Whether what a write changes may be seen of what a read gives: where the rows lie in it, and whether anybody takes a column of them that
//! changes.

use std::rc::Rc;
use std::sync::{Mutex, OnceLock, PoisonError};

use rustc_hash::FxHashMap;

use super::apart::Branch;
use super::taken::{Following, Wanted};
use super::takers::Takers;
use super::{leads_to, plain};
use crate::facts::{CallId, FileFacts, NONE, PropertyKey, Value, ValueId, VariableKind};
use crate::project::Project;
use crate::project::effects::Happening;
use crate::project::effects::columns::whole_chain;
use crate::project::effects::summary::Site;
use crate::project::program::modules::{FunctionRef, ModuleId};

/// How deep objects and values are looked through.
const DEEPEST: u32 = 8;
/// How deep what a read asks for is looked through.
const DEEPEST_ASKED: u32 = 24;
/// How many calls of a chain are gone through.
const LONGEST: usize = 32;

/// A read, what of it is asked for, and by whom.
type Asked = (Vec<Site>, Option<String>, Option<Vec<String>>, Beholder);

/// Who is shown what is read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(in crate::project) struct Beholder {
    /// Whether somebody gets what the entry gives, and does not see it alone.
    pub(in crate::project) answers: bool,
    /// How tests have come out where who sees it stands.
    pub(in crate::project) branches: Vec<Branch>,
    /// The components at which they do not look.
    pub(in crate::project) aside: Vec<FunctionRef>,
    /// Whether what cannot be followed counts as shown to nobody.
    pub(in crate::project) surely: bool,
}

/// What was found out so far.
#[derive(Default)]
pub(in crate::project) struct Shows {
    takers: Vec<OnceLock<Takers>>,
    known: Mutex<FxHashMap<Asked, bool>>,
}

impl Shows {
    /// Nothing is found out yet, of so many modules.
    pub(in crate::project) fn new(modules: usize) -> Self {
        Self { takers: (0..modules).map(|_| OnceLock::new()).collect(), known: Mutex::default() }
    }
}

/// Where rows lie in what a call gives, and which columns of them are wanted; all where none are named.
pub(in crate::project) struct Lying {
    pub(in crate::project) path: Vec<String>,
    pub(in crate::project) wanted: Wanted,
}

impl Project {
    /// The takers of a module's values.
    pub(in crate::project) fn takers(&self, module: ModuleId) -> &Takers {
        self.shows.takers[module as usize].get_or_init(|| Takers::of(&self.module(module).facts))
    }

    /// Whether what a write changes may be seen of what a read gives. What cannot be followed may show anything.
    pub(in crate::project) fn may_show(&self, write: &Happening, read: &Happening, answers: bool) -> bool {
        self.may_show_to(write, read, &Beholder { answers, ..Beholder::default() })
    }

    /// The same, to somebody.
    pub(in crate::project) fn may_show_to(&self, write: &Happening, read: &Happening, to: &Beholder) -> bool {
        if self.makes_row_of_others(write, read) {
            return false;
        }
        let asked = (read.trail.clone(), read.target.clone(), write.columns.clone(), to.clone());
        let known = || self.shows.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(&shows) = known().get(&asked) {
            return shows;
        }
        let shows = self.follow_read(write, read, to);
        known().insert(asked, shows);
        shows
    }

    fn follow_read(&self, write: &Happening, read: &Happening, to: &Beholder) -> bool {
        let (module, call) = read.site();
        if self.graph.gives_rows((module, call)).is_none() {
            return !to.surely;
        }
        let wanted: Wanted = write.columns.as_deref().map(Rc::from);
        if wanted.as_ref().is_some_and(|wanted| self.asks_for((module, call), wanted)) {
            return true;
        }
        let Some(lying) = self.lying(read, wanted) else { return !to.surely };
        let facts = &self.module(module).facts;
        let is_chain = goes_on(facts, call);
        let given = if is_chain { whole_chain(facts, call) } else { call };
        lying.into_iter().any(|lying| Following::new(self, &read.trail, to).from((module, given), lying))
    }

    /// Where the rows that a read is about lie in what its call gives; nothing where that is not known.
    fn lying(&self, read: &Happening, wanted: Wanted) -> Option<Vec<Lying>> {
        let (module, call) = read.site();
        let facts = &self.module(module).facts;
        let callee = facts.calls[call as usize].callee;
        let target = self.relations.canonical(read.target.as_deref()?);
        let Value::Member(object, _) = facts.value(callee) else { return None };
        if is_call(facts, object) {
            return self.lying_in_chain((module, call), target, &wanted);
        }
        let here = || vec![Lying { path: Vec::new(), wanted: wanted.clone() }];
        let own = match facts.value(object) {
            Value::Member(_, name) => facts.text(name),
            _ => return Some(here()),
        };
        if plain(self.relations.canonical(own)).eq(plain(target)) {
            return Some(here());
        }
        let mut found = Vec::new();
        for &argument in facts.list(facts.calls[call as usize].arguments) {
            self.relations_to(facts, (own, argument), target, &mut Vec::new(), DEEPEST, &mut found);
        }
        let lying = found.into_iter().map(|path| Lying { path, wanted: wanted.clone() }).collect::<Vec<_>>();
        (!lying.is_empty()).then_some(lying)
    }

    /// Whether a read asks for rows by one of some columns: which rows there are is seen, whatever of them is shown.
    pub(in crate::project) fn asks_for(&self, (module, call): Site, columns: &[String]) -> bool {
        let facts = &self.module(module).facts;
        let is_chain = goes_on(facts, call);
        let calls = if is_chain { chain_around(facts, call) } else { vec![call] };
        // What a chain starts with is what it chooses.
        let asking = calls.into_iter().skip(usize::from(is_chain));
        let asking = asking.filter(|&call| !is_order(facts.callee_name(&facts.calls[call as usize])));
        let mut arguments = asking.flat_map(|call| facts.list(facts.calls[call as usize].arguments));
        let chosen = self.graph.gives_rows((module, call)).unwrap_or_default();
        let is_table = &|value| self.table_of(facts, value).is_some();
        arguments
            .any(|&argument| Naming { facts, columns, chosen, deep: is_chain, is_table }.names(argument, DEEPEST_ASKED))
    }

    /// The paths of relations from an entity to another one that an object names.
    fn relations_to(
        &self,
        facts: &FileFacts,
        (entity, object): (&str, ValueId),
        target: &str,
        path: &mut Vec<String>,
        left: u32,
        found: &mut Vec<Vec<String>>,
    ) {
        let Some(left) = left.checked_sub(1).filter(|_| object != NONE) else { return };
        match facts.value(object) {
            Value::Object(list) => {
                for property in facts.properties(list) {
                    let PropertyKey::Named(name) = property.key else {
                        self.relations_to(facts, (entity, property.value), target, path, left, found);
                        continue;
                    };
                    let name = facts.text(name);
                    let Some(other) = self.relations.other_side(entity, name) else {
                        self.relations_to(facts, (entity, property.value), target, path, left, found);
                        continue;
                    };
                    path.push(name.to_owned());
                    if other == target {
                        found.push(path.clone());
                    }
                    self.relations_to(facts, (other, property.value), target, path, left, found);
                    path.pop();
                }
            }
            Value::Logical(_, one, other) => {
                for of in [one, other] {
                    self.relations_to(facts, (entity, of), target, path, left, found);
                }
            }
            Value::Conditional(list) => {
                for &of in facts.list(list).iter().skip(1) {
                    self.relations_to(facts, (entity, of), target, path, left, found);
                }
            }
            Value::Cast(inner, _) | Value::Spread(inner) => {
                self.relations_to(facts, (entity, inner), target, path, left, found);
            }
            _ => {}
        }
    }

    /// The same in a chain of calls: under the keys of what it selects that are made of columns of the table; the whole where nothing is selected and
    /// no other table is joined.
    fn lying_in_chain(&self, (module, call): Site, target: &str, wanted: &Wanted) -> Option<Vec<Lying>> {
        let facts = &self.module(module).facts;
        let chain = chain_around(facts, call);
        let tables = chain.iter().filter(|&&call| self.graph.gives_rows((module, call)).is_some()).count();
        // Of the table that it starts at, any row that is made or ends may change anything.
        let starts = chain.iter().find(|&&call| self.graph.gives_rows((module, call)).is_some());
        if wanted.is_none() && starts == Some(&call) {
            return Some(vec![Lying { path: Vec::new(), wanted: None }]);
        }
        let first = chain.first().and_then(|&first| facts.list(facts.calls[first as usize].arguments).first());
        let Some(Value::Object(list)) = first.map(|&first| facts.value(first)) else {
            let nothing = first.is_none() && tables == 1;
            return nothing.then(|| vec![Lying { path: Vec::new(), wanted: wanted.clone() }]);
        };
        let mut found = Vec::new();
        for property in facts.properties(list) {
            let PropertyKey::Named(key) = property.key else { return None };
            let wants = |column: Option<&str>| match (wanted, column) {
                (Some(wanted), Some(column)) => wanted.iter().any(|of| leads_to(of, column)),
                _ => true,
            };
            if self.is_made_of(facts, property.value, target, &wants, DEEPEST) {
                found.push(Lying { path: vec![facts.text(key).to_owned()], wanted: None });
            }
        }
        Some(found)
    }

    /// Whether a value is made of a wanted column of a table, or of the table as a whole. What is not known of it may be.
    fn is_made_of(
        &self,
        facts: &FileFacts,
        value: ValueId,
        table: &str,
        wants: &dyn Fn(Option<&str>) -> bool,
        left: u32,
    ) -> bool {
        let Some(left) = left.checked_sub(1) else { return true };
        let made = |of: ValueId| self.is_made_of(facts, of, table, wants, left);
        if let Some(of) = self.table_of(facts, value) {
            return of == table && wants(None);
        }
        match facts.value(value) {
            Value::Member(object, name) => match self.table_of(facts, object) {
                Some(of) => of == table && wants(Some(facts.text(name))),
                None => made(object),
            },
            Value::Str(_) | Value::Number(_) | Value::Bool(_) | Value::Null | Value::Undefined => false,
            Value::Object(list) => facts.properties(list).iter().any(|property| made(property.value)),
            Value::Array(list) | Value::Template(list) => facts.list(list).iter().any(|&of| made(of)),
            Value::Cast(inner, _) => made(inner),
            Value::Call(call) => {
                let described = facts.calls[call as usize];
                let around = match facts.value(described.callee) {
                    Value::Import(_) | Value::Global(_) => false,
                    Value::Member(object, _) => made(object),
                    _ => true,
                };
                around || facts.list(described.arguments).iter().any(|&of| made(of))
            }
            _ => true,
        }
    }

    /// The table that a name stands for, as its module exports it.
    fn table_of<'p>(&'p self, facts: &'p FileFacts, value: ValueId) -> Option<&'p str> {
        let name = match facts.value(value) {
            // `schema.users`
            Value::Member(object, name) if matches!(facts.value(object), Value::Import(_)) => facts.text(name),
            Value::Variable(variable) => facts.text(facts.variables[variable as usize].name),
            Value::Import(import) => facts.text(facts.imports[import as usize].local),
            _ => return None,
        };
        self.relations.exported(name)
    }
}

/// Looks for columns in what a read asks for.
struct Naming<'a> {
    facts: &'a FileFacts,
    columns: &'a [String],
    /// The keys under which it says what it gives.
    chosen: &'a [String],
    /// Whether columns are members of whatever stands in calls, and not of tables alone.
    deep: bool,
    is_table: &'a dyn Fn(ValueId) -> bool,
}

impl Naming<'_> {
    fn is(&self, name: &str) -> bool {
        self.columns.iter().any(|column| leads_to(column, name))
    }

    /// The same of what is chosen, whose own keys say nothing of which rows there are; what is asked for of a relation does.
    fn names_below(&self, value: ValueId, left: u32) -> bool {
        match self.facts.value(value) {
            Value::Object(list) => self.facts.properties(list).iter().any(|property| self.names(property.value, left)),
            _ => false,
        }
    }

    /// Whether a value names one of the columns: as a key, or as a member of a table.
    fn names(&self, value: ValueId, left: u32) -> bool {
        let Some(left) = left.checked_sub(1) else { return true };
        let facts = self.facts;
        let named = |of: ValueId| self.names(of, left);
        match facts.value(value) {
            Value::Object(list) => facts.properties(list).iter().any(|property| match property.key {
                PropertyKey::Named(name) if self.chosen.iter().any(|of| of == facts.text(name)) => {
                    self.names_below(property.value, left)
                }
                PropertyKey::Named(name) if is_order(facts.text(name)) => false,
                PropertyKey::Named(name) => self.is(facts.text(name)) || named(property.value),
                PropertyKey::More => true,
                _ => named(property.value),
            }),
            Value::Array(list) | Value::Template(list) | Value::Union(list) => {
                facts.list(list).iter().any(|&of| named(of))
            }
            Value::Conditional(list) => facts.list(list).iter().skip(1).any(|&of| named(of)),
            Value::Logical(_, one, other) => named(one) || named(other),
            Value::Cast(inner, _) | Value::Spread(inner) | Value::Await(inner) => named(inner),
            // `by: ['status']`
            Value::Str(name) => self.is(facts.text(name)),
            Value::Member(object, name) => self.deep && (self.is(facts.text(name)) || named(object)),
            Value::Variable(variable) => {
                let described = facts.variables[variable as usize];
                described.kind != VariableKind::Parameter && named(described.init)
            }
            Value::Call(call) if self.deep => {
                facts.list(facts.calls[call as usize].arguments).iter().any(|&of| named(of))
            }
            Value::Call(call) => {
                facts.list(facts.calls[call as usize].arguments).iter().any(|&of| self.compares(of, left))
            }
            _ => false,
        }
    }

    /// Whether a column of a table stands in what a condition is made of: `and(eq(tasks.done, false))`.
    fn compares(&self, value: ValueId, left: u32) -> bool {
        let Some(left) = left.checked_sub(1) else { return true };
        let compared = |of: ValueId| self.compares(of, left);
        match self.facts.value(value) {
            Value::Member(object, name) => (self.is_table)(object) && self.is(self.facts.text(name)),
            Value::Call(call) => {
                self.facts.list(self.facts.calls[call as usize].arguments).iter().any(|&of| compared(of))
            }
            Value::Conditional(list) | Value::Array(list) => self.facts.list(list).iter().any(|&of| compared(of)),
            Value::Logical(_, one, other) => compared(one) || compared(other),
            Value::Cast(inner, _) | Value::Spread(inner) => compared(inner),
            _ => false,
        }
    }
}

/// Whether something named so says only in which order rows come.
fn is_order(name: &str) -> bool {
    name.starts_with("order") || name.starts_with("sort")
}

/// The calls of the chain around one, first one first.
fn chain_around(facts: &FileFacts, call: CallId) -> Vec<CallId> {
    let (mut found, mut at) = (Vec::new(), whole_chain(facts, call));
    while found.len() < LONGEST {
        found.insert(0, at);
        let Value::Member(object, _) = facts.value(facts.calls[at as usize].callee) else { break };
        let Value::Call(before) = facts.value(object) else { break };
        at = before;
    }
    found
}

/// Whether a call is made on what another one gives.
fn goes_on(facts: &FileFacts, call: CallId) -> bool {
    matches!(facts.value(facts.calls[call as usize].callee), Value::Member(object, _) if is_call(facts, object))
}

fn is_call(facts: &FileFacts, value: ValueId) -> bool {
    matches!(facts.value(value), Value::Call(_))
}
