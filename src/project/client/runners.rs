//! What runs an action that it is handed, without anybody's call: an element for an event, a query, a hook that keeps a form's state; and
//! what that passes to the action first. Arguments that are bound already come before.

use super::pending::belongs;
use crate::diagnostic::Place;
use crate::facts::{CallKind, NONE, PropertyKey, Value, ValueId};
use crate::models::First;
use crate::project::Project;
use crate::project::actions::ActionId;
use crate::project::effects::summary::Site;
use crate::project::graph::{Callee, Graph, Via};
use crate::project::program::modules::{FunctionRef, ModuleId, Role};
use crate::project::values::evaluate::Evaluator;
use crate::project::values::terms::{Term, TermId};

/// How many components a function is handed through.
const MOST_COMPONENTS: u32 = 4;

/// How often an action is bound again.
const MOST_BINDINGS: u32 = 4;

/// What an action is passed by what runs it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Passed {
    /// An event of the element of this name.
    Event(String),
    /// The context of a query.
    Context,
    /// The state before, then what was submitted.
    State,
}

/// An action that is handed to something that runs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The action.
    pub action: ActionId,
    /// What it is passed after the arguments that are bound.
    pub passed: Passed,
    /// How many arguments are bound.
    pub bound: u32,
    /// The element or the call that it is handed to.
    pub site: Site,
    /// The value that is handed.
    pub value: ValueId,
    /// The prop or property under which it is handed, and its place; `None` for an argument.
    pub property: Option<(String, Place)>,
    /// The elements through which components hand it on, the one that runs it last.
    pub way: Vec<Site>,
}

/// The function that is passed what an action is called with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taker {
    /// The function.
    pub function: FunctionRef,
    /// How many of its parameters are bound before.
    pub bound: u32,
}

/// What runs actions, and what actions take.
#[derive(Debug, Default)]
pub(in crate::project) struct Runners {
    /// By module, then place.
    runs: Vec<Run>,
    /// By action.
    takers: Vec<Option<Taker>>,
    /// The actions, sorted, that a package's wrapper made, and that take what they work on first.
    input_first: Vec<ActionId>,
}

impl Runners {
    /// Looks at everything that an action is handed to.
    pub(in crate::project) fn collect(project: &Project, graph: &Graph, eval: &mut Evaluator<'_>) -> Self {
        let actions = (0..).take(project.actions.all.len());
        let takers = actions.clone().map(|action| taker(project, eval, action)).collect();
        let input_first = actions.filter(|&action| takes_input_first(project, eval, action)).collect();
        let mut runs = Vec::new();
        for (module, described) in project.modules() {
            if described.role != Role::Source || !project.is_reached(module) {
                continue;
            }
            // An action that a component is handed is known at its element, and followed from there.
            for edge in graph.module(module) {
                if matches!(edge.to, Callee::Action(_)) && edge.via != Via::Call {
                    runs.extend(run(eval, module, edge.call, edge.span));
                }
            }
        }
        runs.dedup();
        Self { runs, takers, input_first }
    }

    /// The function that is passed what an action is called with, where that is known.
    pub(in crate::project) fn taker(&self, action: ActionId) -> Option<Taker> {
        self.takers[action as usize]
    }
}

/// What runs what is handed to a call at a place in it.
fn run(eval: &mut Evaluator<'_>, module: ModuleId, call: u32, span: crate::source::Span) -> Option<Run> {
    let here = eval.module(module);
    let facts = &here.facts;
    let described = facts.calls[call as usize];
    let at_span = |value: ValueId| facts.span(value) == span;
    let mut handed = None;
    for (position, &argument) in (0..).zip(facts.list(described.arguments)) {
        if at_span(argument) {
            handed = Some((argument, position, None));
        } else if let Value::Object(list) = facts.value(argument) {
            let properties = facts.properties(list).iter();
            let named = properties.filter_map(|property| match property.key {
                PropertyKey::Named(name) => Some((property, name)),
                _ => None,
            });
            let found = named.into_iter().find(|(property, _)| at_span(property.value));
            handed = found.map(|(property, name)| (property.value, position, Some((name, property.span)))).or(handed);
        }
    }
    let (value, position, key) = handed?;
    let term = eval.value(module, value);
    let (action, mut bound) = exactly(eval, term)?;
    let name = key.map(|(name, _)| facts.text(name).to_owned());
    let site = (module, call);
    let (passed, way) = match (described.kind, &name) {
        (CallKind::Jsx, Some(name)) if position == 0 => {
            let mut way = Vec::new();
            let (element, more) = element(eval, site, name, MOST_COMPONENTS, &mut way)?;
            bound += more;
            (Passed::Event(element), way)
        }
        (CallKind::Jsx, _) => return None,
        _ => {
            let callee = eval.value(module, described.callee);
            let states = eval.states_of(callee);
            let models = eval.world.models;
            let first = states.iter().find_map(|&(node, _)| models.first(node, position, name.as_deref()));
            let passed = match first? {
                First::State => Passed::State,
                First::Opaque => Passed::Context,
                First::Input => return None,
            };
            (passed, Vec::new())
        }
    };
    let property = key.map(|(name, span)| (facts.text(name).to_owned(), here.place(span)));
    Some(Run { action, passed, bound, site, value, property, way })
}

/// The action that a value is, and nothing else, and how many of its arguments are bound.
pub(in crate::project) fn exactly(eval: &Evaluator<'_>, term: TermId) -> Option<(ActionId, u32)> {
    let (term, bound) = unbound(eval, term);
    match eval.terms.get(term) {
        Term::Action(action, _) => Some((action, bound)),
        _ => None,
    }
}

/// What a value is bound from, and how many arguments are.
fn unbound(eval: &Evaluator<'_>, term: TermId) -> (TermId, u32) {
    let (mut term, mut bound) = (eval.terms.only(term), 0);
    for _ in 0..MOST_BINDINGS {
        match eval.terms.get(term) {
            Term::Bound(inner, list) => {
                let list = eval.terms.list(list);
                if list.iter().any(|&of| matches!(eval.terms.get(of), Term::Spread(_))) {
                    break;
                }
                bound += u32::try_from(list.len()).unwrap_or(NONE);
                term = inner;
            }
            Term::As(inner, _, _) | Term::Of(inner, _, _) => term = inner,
            _ => break,
        }
    }
    (term, bound)
}

/// The element of HTML that calls, with its event, what an element is handed under a name. A component hands it on under that name or
/// another one, and may bind arguments of its own; one that calls it itself may pass something else, or nothing. With the element, how many
/// arguments are bound on the way.
fn element(eval: &mut Evaluator<'_>, site: Site, name: &str, left: u32, way: &mut Vec<Site>) -> Option<(String, u32)> {
    let left = left.checked_sub(1)?;
    let callee = eval.module(site.0).facts.calls[site.1 as usize].callee;
    let callee = eval.value(site.0, callee);
    let alternatives = match eval.terms.get(callee) {
        Term::Union(list) => eval.terms.list(list).to_vec(),
        _ => vec![callee],
    };
    for &alternative in &alternatives {
        if let Term::Text(tag) = eval.terms.get(alternative) {
            return is_event(name).then(|| (eval.terms.text(tag).to_owned(), 0));
        }
    }
    let [Term::Function(component, _)] = *alternatives.iter().map(|&of| eval.terms.get(of)).collect::<Vec<_>>() else {
        return None;
    };
    let facts = &eval.module(component.module).facts;
    let mut found = None;
    for (index, call) in (0..).zip(&facts.calls) {
        if call.kind != CallKind::Jsx || !belongs(facts, call.function, component.function) {
            continue;
        }
        let inner = (component.module, index);
        for (handed, bound) in handed_on(eval, inner, component, name) {
            let mut further = vec![inner];
            if let Some((element, more)) = element(eval, inner, &handed, left, &mut further) {
                found.get_or_insert((element, bound + more, further));
            }
        }
    }
    let (element, bound, further) = found?;
    way.extend(further);
    Some((element, bound))
}

/// The names under which an element in a component hands on what the component is handed under `name`, each with how many arguments are
/// bound there.
fn handed_on(eval: &mut Evaluator<'_>, site: Site, component: FunctionRef, name: &str) -> Vec<(String, u32)> {
    let facts = &eval.module(site.0).facts;
    let arguments = facts.list(facts.calls[site.1 as usize].arguments);
    let Some(Value::Object(list)) = arguments.first().map(|&props| facts.value(props)) else { return Vec::new() };
    let mut names = Vec::new();
    for property in facts.properties(list) {
        let term = eval.value(site.0, property.value);
        let (term, bound) = unbound(eval, term);
        match property.key {
            PropertyKey::Named(key) if is_prop(eval, term, component, Some(name)) => {
                names.push((facts.text(key).to_owned(), bound));
            }
            // What comes later under the same name is what counts.
            PropertyKey::Named(key) => names.retain(|(known, _)| known != facts.text(key)),
            PropertyKey::Spread if is_prop(eval, term, component, None) => {
                let is_rest = is_rest(facts, property.value);
                if !(is_rest && takes_out(eval, component, name)) {
                    names.push((name.to_owned(), 0));
                }
            }
            _ => {}
        }
    }
    names
}

/// Whether a value is what a component is handed under a name; all of it without one.
fn is_prop(eval: &Evaluator<'_>, term: TermId, component: FunctionRef, name: Option<&str>) -> bool {
    match (eval.terms.get(eval.terms.only(term)), name) {
        (Term::As(inner, _, _) | Term::Of(inner, _, _), _) => is_prop(eval, inner, component, name),
        (Term::Member(object, member), Some(name)) => {
            eval.terms.text(member) == name && is_prop(eval, object, component, None)
        }
        (Term::Parameter(function, 0), None) => function == component,
        _ => false,
    }
}

/// Whether a value is what a pattern left over.
fn is_rest(facts: &crate::facts::FileFacts, value: ValueId) -> bool {
    match facts.value(value) {
        Value::Variable(variable) => {
            matches!(facts.value(facts.variables[variable as usize].init), Value::Rest(_))
        }
        _ => false,
    }
}

/// Whether a component has a variable of its own for what it is handed under a name.
fn takes_out(eval: &mut Evaluator<'_>, component: FunctionRef, name: &str) -> bool {
    let facts = &eval.module(component.module).facts;
    let own: Vec<ValueId> = facts
        .variables
        .iter()
        .filter(|variable| variable.function == component.function && variable.init != NONE)
        .map(|variable| variable.init)
        .collect();
    own.into_iter().any(|init| {
        let init = match facts.value(init) {
            Value::Logical(_, left, _) => left,
            _ => init,
        };
        matches!(facts.value(init), Value::Member(_, member) if facts.text(member) == name) && {
            let term = eval.value(component.module, init);
            is_prop(eval, term, component, Some(name))
        }
    })
}

/// Whether an element calls what it has under this name with an event: `onClick`.
pub(in crate::project) fn is_event(name: &str) -> bool {
    name.strip_prefix("on").is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_uppercase()))
}

/// The function that is passed what an action is called with.
fn taker(project: &Project, eval: &mut Evaluator<'_>, action: ActionId) -> Option<Taker> {
    let described = project.actions.get(action);
    if let Some(function) = described.function {
        return Some(Taker { function, bound: 0 });
    }
    let (mut term, mut bound) = (eval.export(described.module, described.name.as_deref()?), 0);
    for _ in 0..MOST_BINDINGS {
        term = match eval.terms.get(term) {
            Term::Function(function, _) => return Some(Taker { function, bound }),
            Term::Bound(inner, list) => {
                bound += u32::try_from(eval.terms.list(list).len()).unwrap_or(NONE);
                inner
            }
            Term::Action(_, inner) | Term::As(inner, _, _) | Term::Of(inner, _, _) => inner,
            _ => return None,
        };
    }
    None
}

/// Whether a wrapper of a package made an action, and what it works on is what it is passed first, whatever came of it before.
fn takes_input_first(project: &Project, eval: &mut Evaluator<'_>, action: ActionId) -> bool {
    let described = project.actions.get(action);
    let Some(name) = described.name.as_deref().filter(|_| described.function.is_none()) else { return false };
    let mut term = eval.export(described.module, name);
    while let Term::Action(_, inner) | Term::As(inner, _, _) | Term::Of(inner, _, _) = eval.terms.get(term) {
        term = inner;
    }
    let Term::Called(wrapper, _, _) = eval.terms.get(term) else { return false };
    let (states, models) = (eval.states_of(wrapper), eval.world.models);
    states.iter().any(|&(node, _)| models.takes(node) == Some(First::Input))
}

impl Project {
    /// Whether a package's wrapper made an action that takes what it works on first.
    #[must_use]
    pub fn takes_input_first(&self, action: ActionId) -> bool {
        self.client.runners.input_first.binary_search(&action).is_ok()
    }

    /// What runs actions that it is handed, by module, then place.
    #[must_use]
    pub fn runs(&self) -> &[Run] {
        &self.client.runners.runs
    }

    /// The function that is passed what an action is called with, where that is known.
    #[must_use]
    pub fn taker(&self, action: ActionId) -> Option<Taker> {
        self.client.runners.taker(action)
    }
}
