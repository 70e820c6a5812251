//! The call graph: which function calls, or hands on, which function or action.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::actions::{ActionId, Actions};
use super::modules::{FunctionRef, Module, ModuleId};
use super::symbols::{Follow, Meaning};
use crate::facts::{Call, CallId, CallKind, FunctionId, NONE, Name, PropertyKey, Value, ValueId};
use crate::source::Span;

/// How many calls are followed back to where a value comes from.
const LONGEST: u32 = 32;

/// What an edge leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Callee {
    /// A function that is no action.
    Function(FunctionRef),
    /// An action, whatever its function is.
    Action(ActionId),
}

/// How the callee is named at the edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// It is called, or rendered.
    Call,
    /// It is the argument of this number.
    Argument(u32),
    /// It is a prop of an element, or a property of an argument.
    Property(Name),
}

/// One edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// The function in which it stands.
    pub from: FunctionId,
    /// What it leads to.
    pub to: Callee,
    /// The call that makes it.
    pub call: CallId,
    /// How.
    pub via: Via,
    /// What to point at.
    pub span: Span,
}

/// How one call resolved, for the statistics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Resolved {
    /// A function of the project.
    Function,
    /// A server action.
    Action,
    /// A class of the project.
    Class,
    /// Something that a package gives.
    External,
    /// A name that no file declares.
    Global,
    /// An element of HTML.
    Intrinsic,
    /// Not known, and why.
    Unknown(&'static str),
}

/// How many calls resolved how.
type Counts = BTreeMap<Resolved, usize>;

/// The edges of every module, and the statistics of its calls.
pub struct Graph {
    edges: Vec<Vec<Edge>>,
    /// How many calls resolved how, sorted.
    pub calls: Vec<(Resolved, usize)>,
}

impl Graph {
    /// A graph of no calls.
    #[must_use]
    pub fn empty() -> Self {
        Self { edges: Vec::new(), calls: Vec::new() }
    }

    /// Resolves every call of `follow`'s modules.
    #[must_use]
    pub fn build(follow: Follow<'_>, actions: &Actions) -> Self {
        let built: Vec<(Vec<Edge>, Counts)> = follow
            .modules
            .par_iter()
            .enumerate()
            .map(|(index, module)| module_edges(follow, actions, u32::try_from(index).unwrap_or(NONE), module))
            .collect();
        let (edges, counts): (Vec<Vec<Edge>>, Vec<Counts>) = built.into_iter().unzip();
        let mut calls = Counts::new();
        for (resolved, count) in counts.into_iter().flatten() {
            *calls.entry(resolved).or_default() += count;
        }
        Self { edges, calls: calls.into_iter().collect() }
    }

    /// The edges of one function's own body, in evaluation order; those of functions inside it are theirs.
    #[must_use]
    pub fn edges(&self, function: FunctionRef) -> &[Edge] {
        let edges = &self.edges[function.module as usize];
        let start = edges.partition_point(|edge| edge.from < function.function);
        let end = edges.partition_point(|edge| edge.from <= function.function);
        &edges[start..end]
    }

    /// Every edge of a module, by function.
    #[must_use]
    pub fn module(&self, module: ModuleId) -> &[Edge] {
        &self.edges[module as usize]
    }
}

fn module_edges(follow: Follow<'_>, actions: &Actions, id: ModuleId, module: &Module) -> (Vec<Edge>, Counts) {
    let facts = &module.facts;
    let (mut edges, mut resolved) = (Vec::new(), Counts::new());
    for (index, call) in facts.calls.iter().enumerate() {
        let number = u32::try_from(index).unwrap_or(NONE);
        let mut add = |to: Callee, via: Via, span: Span| {
            edges.push(Edge { from: call.function, to, call: number, via, span });
        };
        let (callee, outcome) = called(follow, actions, id, call);
        *resolved.entry(outcome).or_default() += 1;
        if let Some(callee) = callee {
            add(callee, Via::Call, call.name_span);
        }
        for (position, &argument) in facts.list(call.arguments).iter().enumerate() {
            let position = u32::try_from(position).unwrap_or(NONE);
            handed_on(follow, actions, id, argument, Via::Argument(position), &mut add);
        }
    }
    edges.sort_by_key(|edge| (edge.from, edge.call));
    (edges, resolved)
}

fn called(follow: Follow<'_>, actions: &Actions, id: ModuleId, call: &Call) -> (Option<Callee>, Resolved) {
    let facts = &follow.modules[id as usize].facts;
    if call.kind == CallKind::Jsx && matches!(facts.value(call.callee), Value::Str(_)) {
        return (None, Resolved::Intrinsic);
    }
    let (meaning, action) = actions.follow(follow, id, call.callee);
    if let Some(action) = action {
        return (Some(Callee::Action(action)), Resolved::Action);
    }
    match meaning {
        Meaning::Function(function) => (Some(Callee::Function(function)), Resolved::Function),
        Meaning::Class(home, class) => {
            let class = &follow.modules[home as usize].facts.classes[class as usize];
            let facts = &follow.modules[home as usize].facts;
            let constructor = class.members.iter().find_map(|member| match facts.value(member.value) {
                Value::Function(function) if facts.text(member.name) == "constructor" => Some(function),
                _ => None,
            });
            let callee = constructor.map(|function| Callee::Function(FunctionRef { module: home, function }));
            (callee, Resolved::Class)
        }
        Meaning::External(..) => (None, Resolved::External),
        Meaning::Global(..) => (None, Resolved::Global),
        Meaning::Value(value) => match follow.given_by(value, LONGEST) {
            Some(Meaning::External(..)) => (None, Resolved::External),
            Some(_) => (None, Resolved::Global),
            None => (None, of_value(follow, value.module, value.value)),
        },
        Meaning::Namespace(_) => (None, Resolved::Unknown("a module is called")),
        Meaning::Instance(..) => (None, Resolved::Unknown("an instance is called")),
        Meaning::Unknown(reason) => (None, Resolved::Unknown(reason)),
    }
}

/// A call of something that is no function literal: a method of a literal is ECMAScript's own, the rest is unknown.
fn of_value(follow: Follow<'_>, module: ModuleId, value: ValueId) -> Resolved {
    match follow.modules[module as usize].facts.value(value) {
        Value::Str(_) | Value::Template(_) | Value::Array(_) | Value::Number(_) | Value::Regex(_) => Resolved::Global,
        Value::Call(_) | Value::Await(_) => Resolved::Unknown("the result of a call"),
        Value::Binary(..) | Value::Unary(..) | Value::Not(_) => Resolved::Unknown("a computed value"),
        _ => Resolved::Unknown("a value that is no function"),
    }
}

/// The functions and actions that an argument hands on by name: itself, or a property of it. Function literals are inside their parent.
fn handed_on(
    follow: Follow<'_>,
    actions: &Actions,
    id: ModuleId,
    argument: ValueId,
    via: Via,
    add: &mut dyn FnMut(Callee, Via, Span),
) {
    let facts = &follow.modules[id as usize].facts;
    match facts.value(argument) {
        Value::Object(list) => {
            for property in facts.properties(list) {
                let via = match property.key {
                    PropertyKey::Named(name) => Via::Property(name),
                    _ => via,
                };
                if !matches!(facts.value(property.value), Value::Object(_)) {
                    handed_on(follow, actions, id, property.value, via, add);
                }
            }
        }
        Value::Variable(_)
        | Value::Import(_)
        | Value::Member(..)
        | Value::Call(_)
        | Value::Function(_)
        | Value::Cast(..) => {
            let (meaning, action) = actions.follow(follow, id, argument);
            let span = facts.span(argument);
            match (action, meaning) {
                (Some(action), _) => add(Callee::Action(action), via, span),
                (None, Meaning::Function(function)) => add(Callee::Function(function), via, span),
                _ => {}
            }
        }
        _ => {}
    }
}
