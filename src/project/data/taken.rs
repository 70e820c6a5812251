//! What becomes of rows that a call gives: followed on through names, members, objects, lists, the functions and components that they are handed to and
//! the callers that they are given back to, until somebody takes a column that is wanted, or the row goes where nobody can follow it.

use std::rc::Rc;

use rustc_hash::FxHashSet;

use super::leads_to;
use super::rows::{is_index, taken_out};
use super::shows::{Beholder, Lying};
use super::takers::{Said, Taker};
use crate::facts::{FileFacts, Operator, Property, PropertyKey, Value, ValueId};
use crate::project::Project;
use crate::project::effects::summary::Site;
use crate::project::program::modules::{FunctionRef, ModuleId};

/// How many places are looked at.
const MOST: usize = 6_000;
/// The methods and members that tell of a list nothing but its rows' presence.
pub(in crate::project) const PRESENCE: [&str; 6] = ["length", "size", "includes", "indexOf", "push", "unshift"];
/// A key that is not known.
const ANY: &str = "*";

/// The columns that are wanted; any, and the row itself, where none are named.
pub(in crate::project) type Wanted = Option<Rc<[String]>>;

/// A call that is being followed into.
pub(in crate::project) struct Frame {
    pub(in crate::project) site: Site,
    pub(in crate::project) function: FunctionRef,
    pub(in crate::project) outer: Option<Rc<Frame>>,
}

/// A value in which rows lie.
#[derive(Clone)]
pub(in crate::project) struct Spot {
    pub(in crate::project) module: ModuleId,
    pub(in crate::project) value: ValueId,
    pub(in crate::project) path: Vec<String>,
    pub(in crate::project) wanted: Wanted,
    pub(in crate::project) frame: Option<Rc<Frame>>,
    /// Whether it may be a query that is still being written: nobody waited for what it gives.
    pub(in crate::project) chained: bool,
    /// Whether it is what a wanted column holds, and no row.
    pub(in crate::project) column: bool,
}

/// Follows rows.
pub(in crate::project) struct Following<'p> {
    pub(in crate::project) project: &'p Project,
    open: Vec<Spot>,
    seen: FxHashSet<(ModuleId, ValueId, Vec<String>, Option<Site>)>,
    /// The function in which the way starts.
    pub(in crate::project) entry: FunctionRef,
    /// Who is shown it.
    pub(in crate::project) to: &'p Beholder,
    frame: Option<Rc<Frame>>,
}

impl<'p> Following<'p> {
    /// Follows what is read at the end of some calls.
    pub(in crate::project) fn new(project: &'p Project, trail: &[Site], to: &'p Beholder) -> Self {
        let entry = project.function_of(trail[0]);
        let mut frame = None;
        for pair in trail.windows(2) {
            frame = Some(Rc::new(Frame { site: pair[0], function: project.function_of(pair[1]), outer: frame }));
        }
        Self { project, open: Vec::new(), seen: FxHashSet::default(), entry, to, frame }
    }

    /// Whether a wanted column of rows that lie in what a call gives may be seen somewhere.
    pub(in crate::project) fn from(mut self, (module, call): Site, lying: Lying) -> bool {
        let Lying { path, wanted } = lying;
        let spot = Spot { module, value: 0, path, wanted, frame: self.frame.clone(), chained: true, column: false };
        self.said(&spot, Said::Call(call));
        while let Some(spot) = self.open.pop() {
            let takers: Vec<Taker> = self.project.takers(spot.module).takers(spot.value).collect();
            if self.seen.len() > MOST {
                return self.unless_sure();
            }
            if takers.into_iter().any(|taker| self.taken(&spot, taker)) {
                return true;
            }
        }
        false
    }

    /// Whether what cannot be followed counts as shown.
    pub(in crate::project) const fn unless_sure(&self) -> bool {
        !self.to.surely
    }

    pub(in crate::project) fn facts(&self, module: ModuleId) -> &'p FileFacts {
        &self.project.module(module).facts
    }

    fn push(&mut self, spot: Spot) {
        let key = (spot.module, spot.value, spot.path.clone(), spot.frame.as_ref().map(|frame| frame.site));
        if spot.wanted.as_ref().is_none_or(|wanted| !wanted.is_empty()) && self.seen.insert(key) {
            self.open.push(spot);
        }
    }

    fn at(&mut self, spot: &Spot, value: ValueId) {
        self.push(Spot { value, ..spot.clone() });
    }

    fn below(&mut self, spot: &Spot, value: ValueId) {
        let path = spot.path.get(1..).unwrap_or_default().to_vec();
        self.push(Spot { value, path, ..spot.clone() });
    }

    pub(in crate::project) fn under(&mut self, spot: &Spot, value: ValueId, name: &str) {
        let path = [&[name.to_owned()], spot.path.as_slice()].concat();
        self.push(Spot { value, path, chained: false, ..spot.clone() });
    }

    /// Goes on wherever something is said.
    pub(in crate::project) fn said(&mut self, spot: &Spot, said: Said) {
        let values: Vec<ValueId> = self.project.takers(spot.module).said(said).collect();
        values.into_iter().for_each(|value| self.at(spot, value));
    }

    /// Whether something that takes a value shows what is wanted of it.
    fn taken(&mut self, spot: &Spot, taker: Taker) -> bool {
        match taker {
            Taker::Part(of) => self.part(spot, of),
            Taker::Argument(call, index) => self.argument(spot, call, index),
            Taker::Name(variable) => {
                self.said(spot, Said::Variable(variable));
                false
            }
            Taker::Returned(function) => self.returned(spot, function),
            Taker::Tested => spot.wanted.is_none() && spot.path.is_empty(),
            Taker::Callee(_) | Taker::Place => self.unless_sure(),
        }
    }

    fn part(&mut self, spot: &Spot, of: ValueId) -> bool {
        let facts = self.facts(spot.module);
        let whole = spot.path.is_empty();
        match facts.value(of) {
            Value::Await(_) => {
                self.push(Spot { value: of, chained: false, ..spot.clone() });
                false
            }
            Value::Cast(..) | Value::Try(_) | Value::Spread(_) | Value::Union(_) => {
                self.at(spot, of);
                false
            }
            Value::Member(_, name) => match self.project.takers(spot.module).called(of) {
                Some(call) => self.method(spot, call, facts.text(name)),
                None => self.member(spot, of, facts.text(name)),
            },
            Value::Index(object, _) if object != spot.value => false,
            Value::Index(_, key) => match facts.value(key) {
                Value::Str(name) => self.member(spot, of, facts.text(name)),
                Value::Number(name) => {
                    match spot.path.first() {
                        Some(first) if is_index(first) && !first.is_empty() && first != facts.text(name) => {}
                        Some(first) if is_index(first) => self.below(spot, of),
                        _ => self.at(spot, of),
                    }
                    false
                }
                // An element of a list that is gone through, or one of an object that nobody knows.
                Value::Unknown => {
                    self.element(spot, of);
                    false
                }
                _ if whole => self.unless_sure(),
                _ => {
                    self.element(spot, of);
                    false
                }
            },
            Value::Rest(from) => {
                let taken: Vec<String> = taken_out(facts, from).collect();
                self.without(spot, of, &taken);
                false
            }
            Value::Template(_) if self.to.surely => {
                self.at(spot, of);
                false
            }
            Value::Template(_) => whole,
            // `settings ?? {}` asks whether anything is there.
            Value::Binary(..) if spot.column => whole && self.unless_sure(),
            Value::Binary(..) | Value::Not(_) | Value::Unary(..) => whole && spot.wanted.is_none(),
            Value::Logical(Operator::And, tested, other) if tested == spot.value && other != spot.value => {
                whole && spot.wanted.is_none()
            }
            Value::Conditional(list) if !facts.list(list)[1..].contains(&spot.value) => whole && spot.wanted.is_none(),
            Value::Logical(..) | Value::Conditional(_) => {
                self.at(spot, of);
                false
            }
            Value::Array(list) => {
                let elements = facts.list(list);
                let is_spread = |value: &ValueId| matches!(facts.value(*value), Value::Spread(_));
                for (index, &element) in elements.iter().enumerate().filter(|&(_, &element)| element == spot.value) {
                    match (is_spread(&element), elements[..index].iter().any(is_spread)) {
                        (true, _) => self.at(spot, of),
                        (_, true) => self.under(spot, of, ""),
                        _ => self.under(spot, of, &index.to_string()),
                    }
                }
                false
            }
            Value::Object(list) => self.object(spot, of, facts.properties(list)),
            _ => self.unless_sure(),
        }
    }

    fn element(&mut self, spot: &Spot, of: ValueId) {
        if spot.path.first().is_some_and(|first| is_index(first)) { self.below(spot, of) } else { self.at(spot, of) }
    }

    /// Goes on with what is left when some names are taken out.
    fn without(&mut self, spot: &Spot, of: ValueId, taken: &[String]) {
        match spot.path.first() {
            Some(first) if taken.contains(first) => {}
            Some(_) => self.at(spot, of),
            None => {
                let wanted = spot.wanted.as_ref();
                let wanted = wanted.map(|all| all.iter().filter(|name| !taken.contains(name)).cloned().collect());
                self.push(Spot { value: of, wanted, ..spot.clone() });
            }
        }
    }

    fn object(&mut self, spot: &Spot, of: ValueId, properties: &[Property]) -> bool {
        let facts = self.facts(spot.module);
        for (index, property) in properties.iter().enumerate().filter(|(_, property)| property.value == spot.value) {
            match property.key {
                PropertyKey::Named(name) => self.under(spot, of, facts.text(name)),
                PropertyKey::Computed(_) => self.under(spot, of, ANY),
                PropertyKey::Spread => {
                    let later = properties[index + 1..].iter().filter_map(|later| match later.key {
                        PropertyKey::Named(name) => Some(facts.text(name).to_owned()),
                        _ => None,
                    });
                    let later: Vec<String> = later.collect();
                    self.without(spot, of, &later);
                }
                PropertyKey::More => return self.unless_sure(),
            }
        }
        false
    }

    /// Whether a member that is read is wanted.
    fn member(&mut self, spot: &Spot, of: ValueId, name: &str) -> bool {
        match (spot.path.first(), &spot.wanted) {
            (Some(first), _) => {
                if first == name || first == ANY {
                    self.below(spot, of);
                }
                false
            }
            (None, Some(_)) if PRESENCE.contains(&name) => false,
            // Which part of what a column holds is written is not known.
            (None, None) if spot.column && self.to.surely => false,
            (None, wanted) => {
                if wanted.as_ref().is_none_or(|wanted| wanted.iter().any(|column| leads_to(column, name))) {
                    let column = wanted.is_some() || spot.column;
                    self.push(Spot { value: of, wanted: None, chained: false, column, ..spot.clone() });
                }
                false
            }
        }
    }
}
