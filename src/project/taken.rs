//! What becomes of rows that a call gives: followed on through names, members, objects, lists, the functions and components that they are handed to and
//! the callers that they are given back to, until somebody takes a column that is wanted, or the row goes where nobody can follow it.

use std::rc::Rc;

use rustc_hash::FxHashSet;

use super::Project;
use super::data::leads_to;
use super::fate::hook_of;
use super::graph::{Callee, Notes, Via};
use super::modules::{FunctionRef, ModuleId};
use super::rows::{is_index, taken_out};
use super::shows::Lying;
use super::summary::Site;
use super::takers::{Said, Taker};
use crate::facts::{CallId, CallKind, FileFacts, FunctionId, Operator, Property, PropertyKey, Value, ValueId};
use crate::models::When;

/// How many places are looked at.
const MOST: usize = 6_000;
/// The methods of a list that hand its elements to a function.
const HANDING: [&str; 15] = [
    "map",
    "flatMap",
    "forEach",
    "filter",
    "find",
    "findLast",
    "findIndex",
    "findLastIndex",
    "some",
    "every",
    "sort",
    "toSorted",
    "reduce",
    "then",
    "reduceRight",
];
/// Those whose function says yes or no, or gives nothing.
const ASKING: [&str; 10] =
    ["forEach", "filter", "find", "findLast", "findIndex", "findLastIndex", "some", "every", "sort", "toSorted"];
/// The methods that give the list that they are called on, or a part of it.
const SAME: [&str; 12] = [
    "filter",
    "slice",
    "sort",
    "toSorted",
    "reverse",
    "toReversed",
    "concat",
    "flat",
    "catch",
    "finally",
    "splice",
    "values",
];
/// The methods that give one element.
const ONE: [&str; 5] = ["find", "findLast", "at", "shift", "pop"];
/// The methods and members that tell of a list nothing but its rows' presence.
const PRESENCE: [&str; 6] = ["length", "size", "includes", "indexOf", "push", "unshift"];
/// The prop under which a component is passed what is written between its tags.
const CHILDREN: &str = "children";
/// A key that is not known.
const ANY: &str = "*";

/// The columns that are wanted; any, and the row itself, where none are named.
pub(super) type Wanted = Option<Rc<[String]>>;

/// A call that is being followed into.
struct Frame {
    site: Site,
    function: FunctionRef,
    outer: Option<Rc<Frame>>,
}

/// A value in which rows lie.
#[derive(Clone)]
struct Spot {
    module: ModuleId,
    value: ValueId,
    path: Vec<String>,
    wanted: Wanted,
    frame: Option<Rc<Frame>>,
    /// Whether it may be a query that is still being written: nobody waited for what it gives.
    chained: bool,
}

/// Follows rows.
pub(super) struct Following<'p> {
    project: &'p Project,
    open: Vec<Spot>,
    seen: FxHashSet<(ModuleId, ValueId, Vec<String>, Option<Site>)>,
    /// The function in which the way starts.
    entry: FunctionRef,
    frame: Option<Rc<Frame>>,
}

impl<'p> Following<'p> {
    /// Follows what is read at the end of some calls.
    pub(super) fn new(project: &'p Project, trail: &[Site]) -> Self {
        let entry = project.function_of(trail[0]);
        let mut frame = None;
        for pair in trail.windows(2) {
            frame = Some(Rc::new(Frame { site: pair[0], function: project.function_of(pair[1]), outer: frame }));
        }
        Self { project, open: Vec::new(), seen: FxHashSet::default(), entry, frame }
    }

    /// Whether a wanted column of rows that lie in what a call gives may be seen somewhere.
    pub(super) fn from(mut self, (module, call): Site, lying: Lying) -> bool {
        let Lying { path, wanted } = lying;
        let spot = Spot { module, value: 0, path, wanted, frame: self.frame.clone(), chained: true };
        self.said(&spot, Said::Call(call));
        while let Some(spot) = self.open.pop() {
            let takers: Vec<Taker> = self.project.takers(spot.module).takers(spot.value).collect();
            if self.seen.len() > MOST || takers.into_iter().any(|taker| self.taken(&spot, taker)) {
                return true;
            }
        }
        false
    }

    fn facts(&self, module: ModuleId) -> &'p FileFacts {
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

    fn under(&mut self, spot: &Spot, value: ValueId, name: &str) {
        let path = [&[name.to_owned()], spot.path.as_slice()].concat();
        self.push(Spot { value, path, chained: false, ..spot.clone() });
    }

    /// Goes on wherever something is said.
    fn said(&mut self, spot: &Spot, said: Said) {
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
            Taker::Callee(_) | Taker::Place => true,
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
                _ if whole => true,
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
            Value::Template(_) => whole,
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
            _ => true,
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
                PropertyKey::More => return true,
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
            (None, None) => true,
            (None, Some(wanted)) => !PRESENCE.contains(&name) && wanted.iter().any(|column| leads_to(column, name)),
        }
    }

    /// A method that is called on what holds the rows.
    fn method(&mut self, spot: &Spot, call: CallId, name: &str) -> bool {
        let facts = self.facts(spot.module);
        let whole = spot.path.is_empty();
        let in_list = spot.path.first().is_some_and(|first| is_index(first));
        let known = HANDING.contains(&name) || SAME.contains(&name) || ONE.contains(&name);
        if PRESENCE.contains(&name) {
            return whole && spot.wanted.is_none();
        }
        if !known && spot.chained {
            self.said(spot, Said::Call(call));
            return false;
        }
        if !known {
            return whole;
        }
        let element = if in_list && name != "then" { spot.path[1..].to_vec() } else { spot.path.clone() };
        if HANDING.contains(&name) {
            let Some(&function) = facts.list(facts.calls[call as usize].arguments).first() else { return false };
            let index = u32::from(name.starts_with("reduce"));
            let handed = Spot { path: element.clone(), chained: false, ..spot.clone() };
            if self.hand(&handed, (call, function), index) {
                return true;
            }
            if name.ends_with("ort") || name.ends_with("orted") {
                self.hand(&handed, (call, function), 1);
            }
        }
        if SAME.contains(&name) {
            self.said(&Spot { chained: false, ..spot.clone() }, Said::Call(call));
        }
        if ONE.contains(&name) {
            self.said(&Spot { path: element, chained: false, ..spot.clone() }, Said::Call(call));
        }
        false
    }

    /// Goes on in a function that a call is handed. Whether it cannot be told which that is.
    fn hand(&mut self, spot: &Spot, (call, function): (CallId, ValueId), index: u32) -> bool {
        let site = (spot.module, call);
        let functions = match self.facts(spot.module).value(function) {
            Value::Function(function) => vec![FunctionRef { module: spot.module, function }],
            _ => self.callees(site, |via| via == Via::Argument(0)),
        };
        // A function of the language's own tells nothing of rows: `Boolean`.
        let own = matches!(self.facts(spot.module).value(function), Value::Global(_));
        let unknown = functions.is_empty() && !own;
        functions.into_iter().for_each(|function| self.enter(spot, site, function, index));
        unknown
    }

    /// The functions of the project that a call leads to in some way.
    fn callees(&self, site: Site, counts: impl Fn(Via) -> bool) -> Vec<FunctionRef> {
        let edges = self.project.graph.edges(self.project.function_of(site)).iter();
        let own = edges.filter(|edge| edge.call == site.1 && counts(edge.via));
        own.filter_map(|edge| match edge.to {
            Callee::Function(function) => Some(function),
            Callee::Action(_) => None,
        })
        .collect()
    }

    fn enter(&mut self, spot: &Spot, site: Site, function: FunctionRef, index: u32) {
        let frame = Some(Rc::new(Frame { site, function, outer: spot.frame.clone() }));
        let spot = Spot { module: function.module, frame, chained: false, ..spot.clone() };
        self.said(&spot, Said::Parameter(function.function, index));
    }

    fn argument(&mut self, spot: &Spot, call: CallId, index: usize) -> bool {
        let facts = self.facts(spot.module);
        let described = facts.calls[call as usize];
        let site = (spot.module, call);
        if described.kind == CallKind::Jsx {
            return self.in_element(spot, site, index);
        }
        let notes = self.project.graph.notes(site);
        if notes.asks
            || notes.acts
            || notes.logs
            || notes.leaves.is_some()
            || is_dependency(facts, spot.value, index, notes)
        {
            return false;
        }
        if notes.sets_state {
            let Some(hook) = hook_of(facts, described.callee) else { return true };
            self.said(
                &Spot { path: [&["0".to_owned()], spot.path.as_slice()].concat(), ..spot.clone() },
                Said::Call(hook),
            );
            return false;
        }
        if notes.gives_argument || notes.keeps_first {
            let path =
                if notes.keeps_first { [&["0".to_owned()], spot.path.as_slice()].concat() } else { spot.path.clone() };
            self.said(&Spot { path, ..spot.clone() }, Said::Call(call));
            return false;
        }
        let functions = self.callees(site, |via| via == Via::Call);
        if functions.is_empty() || matches!(facts.value(spot.value), Value::Spread(_)) {
            return !self.is_action(site);
        }
        for function in functions {
            let parameters = &self.facts(function.module).function(function.function).parameters;
            match parameters.get(index) {
                Some(parameter) if parameter.rest => return true,
                Some(_) => self.enter(spot, site, function, u32::try_from(index).unwrap_or(0)),
                None => {}
            }
        }
        false
    }

    /// Whether a call is one of an action alone.
    fn is_action(&self, site: Site) -> bool {
        let edges = self.project.graph.edges(self.project.function_of(site)).iter();
        edges
            .filter(|edge| edge.call == site.1 && edge.via == Via::Call)
            .any(|edge| matches!(edge.to, Callee::Action(_)))
    }

    /// What an element is passed: its props are an object, and what stands between its tags follows.
    fn in_element(&mut self, spot: &Spot, site: Site, index: usize) -> bool {
        let components = self.callees(site, |via| via == Via::Call);
        let props = if index == 0 {
            spot.clone()
        } else {
            Spot { path: [&[CHILDREN.to_owned()], spot.path.as_slice()].concat(), ..spot.clone() }
        };
        let unknown = components.is_empty();
        components.into_iter().for_each(|component| self.enter(&props, site, component, 0));
        unknown
    }

    /// What a function gives back goes on where it was called.
    fn returned(&mut self, spot: &Spot, function: FunctionId) -> bool {
        let own = FunctionRef { module: spot.module, function };
        let frames = std::iter::successors(spot.frame.as_ref(), |frame| frame.outer.as_ref());
        if let Some(frame) = frames.into_iter().find(|frame| frame.function == own) {
            let spot = Spot { module: frame.site.0, frame: frame.outer.clone(), ..spot.clone() };
            self.given(&spot, frame.site);
            return false;
        }
        if own == self.entry {
            return false;
        }
        let takers = self.project.takers(spot.module);
        let values: Vec<Taker> = takers.said(Said::Function(function)).flat_map(|value| takers.takers(value)).collect();
        values.into_iter().any(|taker| match taker {
            Taker::Argument(call, _) => self.given_by_callback(spot, call),
            Taker::Name(variable) => {
                let named: Vec<Taker> =
                    takers.said(Said::Variable(variable)).flat_map(|value| takers.takers(value)).collect();
                named.into_iter().any(|taker| match taker {
                    Taker::Callee(call) => {
                        self.given(spot, (spot.module, call));
                        false
                    }
                    Taker::Argument(call, _) => self.given_by_callback(spot, call),
                    _ => true,
                })
            }
            Taker::Callee(call) => {
                self.given(spot, (spot.module, call));
                false
            }
            _ => true,
        })
    }

    /// What a function gives that a call is handed. Whether it cannot be told what becomes of it.
    fn given_by_callback(&mut self, spot: &Spot, call: CallId) -> bool {
        let site = (spot.module, call);
        let facts = self.facts(spot.module);
        let name = facts.callee_name(&facts.calls[call as usize]);
        let notes = self.project.graph.notes(site);
        if HANDING.contains(&name) || notes.gives_result {
            self.given(spot, site);
            return false;
        }
        let by_itself = matches!(notes.when, Some(When::Effect | When::Event | When::Form | When::Deferred));
        if notes.keeps_first {
            self.said(
                &Spot { path: [&["0".to_owned()], spot.path.as_slice()].concat(), ..spot.clone() },
                Said::Call(call),
            );
        }
        !by_itself && !notes.keeps_first
    }

    /// Goes on with what a call gives.
    fn given(&mut self, spot: &Spot, (_, call): Site) {
        let facts = self.facts(spot.module);
        let described = facts.calls[call as usize];
        let asks =
            matches!(facts.value(described.callee), Value::Member(_, name) if ASKING.contains(&facts.text(name)));
        if described.kind != CallKind::Jsx && !asks {
            self.said(spot, Said::Call(call));
        }
    }
}

/// Whether a value is the list of what a hook depends on.
fn is_dependency(facts: &FileFacts, value: ValueId, index: usize, notes: Notes) -> bool {
    index > 0 && matches!(facts.value(value), Value::Array(_)) && (notes.when.is_some() || notes.passes)
}
