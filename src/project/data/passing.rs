//! What calls make of rows that they are handed, or that their methods are called on: lists and their elements, the functions and components of the project,
//! and what those give back.

use std::rc::Rc;

use super::rows::is_index;
use super::taken::{Following, Frame, PRESENCE, Spot};
use super::takers::{Said, Taker};
use crate::facts::{CallId, CallKind, FileFacts, FunctionId, Value, ValueId};
use crate::models::When;
use crate::project::client::fate::hook_of;
use crate::project::effects::notes::Notes;
use crate::project::effects::summary::Site;
use crate::project::graph::{Callee, Via};
use crate::project::program::modules::FunctionRef;

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
/// The prop under which a component is passed what is written between its tags.
const CHILDREN: &str = "children";

impl Following<'_> {
    /// A method that is called on what holds the rows.
    pub(in crate::project) fn method(&mut self, spot: &Spot, call: CallId, name: &str) -> bool {
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
        if !known && self.to.surely {
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
                return self.unless_sure();
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

    pub(in crate::project) fn argument(&mut self, spot: &Spot, call: CallId, index: usize) -> bool {
        let facts = self.facts(spot.module);
        let described = facts.calls[call as usize];
        let site = (spot.module, call);
        if described.kind == CallKind::Jsx {
            return !self.project.is_apart(site, &self.to.branches) && self.in_element(spot, site, index);
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
            let Some(hook) = hook_of(facts, described.callee) else { return self.unless_sure() };
            self.said(
                &Spot { path: [&["0".to_owned()], spot.path.as_slice()].concat(), ..spot.clone() },
                Said::Call(hook),
            );
            return false;
        }
        // What a state starts with stays in it, whatever is fetched again.
        if notes.keeps_first {
            return false;
        }
        if notes.gives_argument {
            self.said(spot, Said::Call(call));
            return false;
        }
        let functions = self.callees(site, |via| via == Via::Call);
        if functions.is_empty() && self.to.surely {
            self.said(spot, Said::Call(call));
            return false;
        }
        if functions.is_empty() || matches!(facts.value(spot.value), Value::Spread(_)) {
            return !self.is_action(site) && !spot.path.iter().any(|name| is_start(name));
        }
        for function in functions {
            let parameters = &self.facts(function.module).function(function.function).parameters;
            match parameters.get(index) {
                Some(parameter) if parameter.rest => return self.unless_sure(),
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
        if self.to.surely && components.len() != 1 {
            return components.is_empty() && matches!(props.path.as_slice(), [prop] if SHOWN.contains(&prop.as_str()));
        }
        let unknown = components.is_empty() && !spot.path.first().is_some_and(|prop| is_start(prop) || prop == "key");
        let seen = components.into_iter().filter(|component| !self.to.aside.contains(component));
        seen.collect::<Vec<_>>().into_iter().for_each(|component| self.enter(&props, site, component, 0));
        unknown
    }

    /// What a function gives back goes on where it was called.
    pub(in crate::project) fn returned(&mut self, spot: &Spot, function: FunctionId) -> bool {
        let own = FunctionRef { module: spot.module, function };
        let frames = std::iter::successors(spot.frame.as_ref(), |frame| frame.outer.as_ref());
        if let Some(frame) = frames.into_iter().find(|frame| frame.function == own) {
            let spot = Spot { module: frame.site.0, frame: frame.outer.clone(), ..spot.clone() };
            self.given(&spot, frame.site);
            return self.to.answers
                && frame.outer.is_none()
                && spot.module == self.entry.module
                && self.entry.function == 0;
        }
        if own == self.entry {
            return self.to.answers;
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
                    _ => self.unless_sure(),
                })
            }
            Taker::Callee(call) => {
                self.given(spot, (spot.module, call));
                false
            }
            _ => self.unless_sure(),
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
        !by_itself && !notes.keeps_first && self.unless_sure()
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

/// Props of elements that people see.
const SHOWN: [&str; 6] = [CHILDREN, "value", "src", "href", "title", "checked"];

/// Whether a value is the list of what a hook depends on.
fn is_dependency(facts: &FileFacts, value: ValueId, index: usize, notes: Notes) -> bool {
    index > 0 && matches!(facts.value(value), Value::Array(_)) && (notes.when.is_some() || notes.passes)
}

/// Whether a prop or an option says with what a field starts: `defaultValue`, `initialValues`.
fn is_start(name: &str) -> bool {
    let rest = name.strip_prefix("default").or_else(|| name.strip_prefix("initial"));
    rest.is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_uppercase()))
}
