//! The call graph: which function calls, or hands on, which function or action.

use std::collections::BTreeMap;

use super::actions::ActionId;
use super::evaluate::Evaluator;
use super::modules::{FunctionRef, ModuleId};
use super::terms::{Term, TermId};
use crate::facts::{Call, CallId, CallKind, FunctionId, NONE, Name, PropertyKey, Value, ValueId};
use crate::models::{INERT, What, When};
use crate::source::Span;

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
    /// A package's, and a model names it.
    Modelled,
    /// It does nothing that matters: the language's own, or a modelled package's without a line that names it.
    Inert,
    /// A package's without a model.
    Foreign,
    /// An element of HTML.
    Intrinsic,
    /// What a parameter says: the call sites know.
    Parameter,
    /// Not known, and why.
    Unknown(&'static str),
}

/// How many calls resolved how.
type Counts = BTreeMap<Resolved, usize>;

/// The edges of every module, and the statistics of its calls.
pub struct Graph {
    edges: Vec<Vec<Edge>>,
    /// Calls of actions that components are handed as props: module and edge, sorted.
    through_props: Vec<(ModuleId, Edge)>,
    /// When the callbacks of calls run, where a model says so, by module and call.
    when: BTreeMap<(ModuleId, CallId), When>,
    /// How each call resolved, by module and call.
    resolved: Vec<Vec<Resolved>>,
    /// How many calls resolved how, sorted.
    pub calls: Vec<(Resolved, usize)>,
}

/// How often props that are handed down are followed.
const MOST_ROUNDS: usize = 4;
/// How many elements of one component are looked at.
const MOST_ELEMENTS: usize = 64;

/// The elements of components that are handed functions: by component, the arguments of each.
#[derive(Default)]
pub(super) struct Elements(BTreeMap<FunctionRef, Vec<Vec<TermId>>>);

impl Elements {
    /// The elements of a component.
    pub(super) fn of(&self, component: FunctionRef) -> &[Vec<TermId>] {
        self.0.get(&component).map_or(&[], Vec::as_slice)
    }
}

/// What is found besides edges.
#[derive(Default)]
struct Handed {
    elements: Elements,
    /// The calls of what a parameter says.
    calls: Vec<(ModuleId, CallId, TermId)>,
    when: BTreeMap<(ModuleId, CallId), When>,
}

impl Graph {
    /// A graph of no calls.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            edges: Vec::new(),
            through_props: Vec::new(),
            when: BTreeMap::new(),
            resolved: Vec::new(),
            calls: Vec::new(),
        }
    }

    /// Resolves every call; the elements of components come beside.
    #[must_use]
    pub(super) fn build(eval: &mut Evaluator<'_>) -> (Self, Elements) {
        let (mut calls, mut handed) = (Counts::new(), Handed::default());
        let modules = 0..u32::try_from(eval.world.modules.len()).unwrap_or(NONE);
        let (edges, resolved): (Vec<Vec<Edge>>, Vec<Vec<Resolved>>) =
            modules.map(|module| module_edges(eval, module, &mut handed)).unzip();
        for &resolved in resolved.iter().flatten() {
            *calls.entry(resolved).or_default() += 1;
        }
        let when = std::mem::take(&mut handed.when);
        let through_props = through_props(eval, &handed.elements, handed.calls);
        let graph = Self { edges, through_props, when, resolved, calls: calls.into_iter().collect() };
        (graph, handed.elements)
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

    /// When the callbacks run that a call is handed, where a model says so.
    #[must_use]
    pub fn when(&self, module: ModuleId, call: CallId) -> Option<When> {
        self.when.get(&(module, call)).copied()
    }

    /// How a call resolved; none in Rust.
    #[must_use]
    pub fn resolved(&self, module: ModuleId, call: CallId) -> Option<Resolved> {
        self.resolved[module as usize].get(call as usize).copied()
    }

    /// The calls of actions that components are handed as props.
    #[must_use]
    pub fn through_props(&self) -> &[(ModuleId, Edge)] {
        &self.through_props
    }
}

fn module_edges(eval: &mut Evaluator<'_>, id: ModuleId, handed: &mut Handed) -> (Vec<Edge>, Vec<Resolved>) {
    let facts = &eval.module(id).facts;
    if facts.kind == crate::facts::FileKind::Rust {
        return (Vec::new(), Vec::new());
    }
    let (mut edges, mut outcomes) = (Vec::new(), Vec::with_capacity(facts.calls.len()));
    for (index, call) in facts.calls.iter().enumerate() {
        let number = u32::try_from(index).unwrap_or(NONE);
        let mut add = |to: Callee, via: Via, span: Span| {
            let edge = Edge { from: call.function, to, call: number, via, span };
            if !edges.contains(&edge) || edges.len() > 4096 {
                edges.push(edge);
            }
        };
        let callee = eval.value(id, call.callee);
        let resolved = called(eval, id, call, callee, &mut |to| add(to, Via::Call, call.name_span));
        outcomes.push(resolved);
        match (resolved, eval.terms.get(callee)) {
            (Resolved::Modelled, _) => {
                let states = eval.states_of(callee);
                let mut meanings = states.iter().flat_map(|&(node, _)| eval.world.models.meanings(node));
                let when = meanings.find_map(|meaning| match meaning.what {
                    What::Callback(when, _) => Some((when, meaning.line)),
                    _ => None,
                });
                if let Some((when, line)) = when {
                    eval.states.met(line);
                    handed.when.insert((id, number), when);
                }
            }
            (Resolved::Parameter, _) => handed.calls.push((id, number, callee)),
            (Resolved::Function, Term::Function(function, _)) if call.kind == CallKind::Jsx => {
                let (_, arguments) = eval.callee(id, number);
                let elements = handed.elements.0.entry(function).or_default();
                if arguments.iter().any(|&argument| eval.terms.is_open(argument)) && elements.len() < MOST_ELEMENTS {
                    elements.push(arguments);
                }
            }
            _ => {}
        }
        for (position, &argument) in facts.list(call.arguments).iter().enumerate() {
            let position = u32::try_from(position).unwrap_or(NONE);
            handed_on(eval, id, argument, Via::Argument(position), &mut add);
        }
    }
    edges.sort_by_key(|edge| (edge.from, edge.call));
    (edges, outcomes)
}

/// What a call leads to.
fn called(
    eval: &mut Evaluator<'_>,
    id: ModuleId,
    call: &Call,
    callee: TermId,
    found: &mut dyn FnMut(Callee),
) -> Resolved {
    let facts = &eval.module(id).facts;
    if call.kind == CallKind::Jsx && matches!(facts.value(call.callee), Value::Str(_)) {
        return Resolved::Intrinsic;
    }
    if matches!(call.kind, CallKind::DynamicImport | CallKind::Require) {
        return Resolved::Inert;
    }
    match eval.terms.get(callee) {
        Term::Function(function, _) => {
            found(Callee::Function(function));
            Resolved::Function
        }
        Term::Action(action, _) => {
            found(Callee::Action(action));
            Resolved::Action
        }
        Term::Bound(inner, _) => called(eval, id, call, inner, found),
        Term::Class(home, class) => {
            if let Some(constructor) = eval.constructor(home, class) {
                found(Callee::Function(constructor));
            }
            Resolved::Class
        }
        Term::Union(list) => {
            let alternatives = eval.terms.list(list).to_vec();
            let resolved: Vec<Resolved> =
                alternatives.into_iter().map(|term| called(eval, id, call, term, found)).collect();
            resolved.into_iter().min().unwrap_or(Resolved::Inert)
        }
        Term::Member(object, name) if is_call_of_function(eval, object, eval.terms.text(name)) => {
            called(eval, id, call, object, found)
        }
        _ => outside(eval, callee),
    }
}

/// `f.call(..)`, `f.apply(..)`, of a function of the project.
fn is_call_of_function(eval: &Evaluator<'_>, object: TermId, name: &str) -> bool {
    matches!(name, "call" | "apply") && matches!(eval.terms.get(object), Term::Function(..) | Term::Action(..))
}

/// How a callee resolves that is no function of the project.
fn outside(eval: &mut Evaluator<'_>, callee: TermId) -> Resolved {
    let states = eval.states_of(callee);
    if states.iter().any(|&(node, _)| !eval.world.models.meanings(node).is_empty()) {
        return Resolved::Modelled;
    }
    if !states.is_empty() && states.iter().all(|&(node, _)| node == INERT || node != 0) {
        return Resolved::Inert;
    }
    match eval.class(callee) {
        super::matching::Class::Pending => Resolved::Parameter,
        super::matching::Class::Inert => Resolved::Inert,
        super::matching::Class::Unseen(super::summary::Unseen::Foreign, _) => Resolved::Foreign,
        super::matching::Class::Unseen(super::summary::Unseen::Dynamic, reason) => Resolved::Unknown(reason),
    }
}

/// The functions and actions that an argument hands on: itself, or a property of it.
fn handed_on(
    eval: &mut Evaluator<'_>,
    id: ModuleId,
    argument: ValueId,
    via: Via,
    add: &mut dyn FnMut(Callee, Via, Span),
) {
    let facts = &eval.module(id).facts;
    match facts.value(argument) {
        Value::Object(list) => {
            for property in facts.properties(list) {
                let via = match property.key {
                    PropertyKey::Named(name) => Via::Property(name),
                    _ => via,
                };
                if property.value != NONE && !matches!(facts.value(property.value), Value::Object(_)) {
                    handed_on(eval, id, property.value, via, add);
                }
            }
        }
        Value::Variable(_)
        | Value::Import(_)
        | Value::Member(..)
        | Value::Call(_)
        | Value::Function(_)
        | Value::Cast(..) => {
            let term = eval.value(id, argument);
            let span = facts.span(argument);
            let inner = match eval.terms.get(term) {
                Term::Bound(inner, _) => eval.terms.get(inner),
                term => term,
            };
            match inner {
                Term::Action(action, _) => add(Callee::Action(action), via, span),
                Term::Function(function, _) => add(Callee::Function(function), via, span),
                _ => {}
            }
        }
        _ => {}
    }
}

/// The calls of actions that components are handed as props: each element's props are put in the place of its component's parameters.
fn through_props(
    eval: &mut Evaluator<'_>,
    elements: &Elements,
    calls: Vec<(ModuleId, CallId, TermId)>,
) -> Vec<(ModuleId, Edge)> {
    let mut found: Vec<(ModuleId, Edge)> = Vec::new();
    let mut open = calls;
    for _ in 0..MOST_ROUNDS {
        let mut next = Vec::new();
        for (module, call, callee) in open {
            let Term::Parameter(function, _) = eval.terms.root(callee) else { continue };
            for arguments in elements.of(function) {
                let bindings = eval.bindings(function, arguments);
                let term = eval.substitute(callee, bindings);
                let inner = match eval.terms.get(term) {
                    Term::Bound(inner, _) => inner,
                    _ => term,
                };
                if let Term::Action(action, _) = eval.terms.get(inner) {
                    let described = &eval.module(module).facts.calls[call as usize];
                    let (from, span) = (described.function, described.name_span);
                    found.push((module, Edge { from, to: Callee::Action(action), call, via: Via::Call, span }));
                } else if term != callee && matches!(eval.terms.root(term), Term::Parameter(..)) {
                    next.push((module, call, term));
                }
            }
        }
        next.sort_unstable();
        next.dedup();
        open = next;
    }
    found.sort_by_key(|&(module, edge)| (module, edge.from, edge.call, edge.to));
    found.dedup();
    found
}
