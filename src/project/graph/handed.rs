//! Functions and actions that are handed on, as props of components and as arguments of the project's own functions: who calls them in
//! the end, or hands them to something of which a model says when it runs them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Callee, Edge, Via};
use crate::facts::{CallKind, NONE, PropertyKey, Value, ValueId};
use crate::project::effects::summary::Site;
use crate::project::program::modules::{FunctionRef, ModuleId};
use crate::project::values::evaluate::Evaluator;
use crate::project::values::terms::{Bindings, Term, TermId};
use crate::source::Span;

/// How often what is handed on is followed one function further.
const MOST_ROUNDS: usize = 4;
/// How deep functions are looked for in objects and arrays.
const DEEPEST: u32 = 4;
/// How many calls of one function are looked at.
const MOST_CALLS: usize = 64;
/// How many calls of one function are noted.
const MOST_NOTED: usize = 1024;

/// Something that is done with what a parameter says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Use {
    site: Site,
    term: TermId,
    via: Via,
    span: Span,
    back: Vec<(FunctionRef, Site)>,
}

/// An edge to what a function was handed: a call of it, or a call that it is handed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The module in which the edge stands.
    pub module: ModuleId,
    /// The edge.
    pub edge: Edge,
    /// The functions that were handed it on the way, innermost first, each with the call that handed it: for this edge no other call of them counts.
    pub(in crate::project) back: Vec<(FunctionRef, Site)>,
}

/// A call that hands something on.
#[derive(Debug, Clone, Copy)]
struct Given {
    site: Site,
    bindings: Bindings,
    /// Whether all calls of its sort are noted: of a component its elements, of a hook all.
    counts: bool,
}

/// What is gathered while the calls are resolved.
#[derive(Default)]
pub(in crate::project) struct Handed {
    /// The calls of each function that are handed functions, or what a parameter says.
    given: BTreeMap<FunctionRef, Vec<Given>>,
    uses: Vec<Use>,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Through {
    /// The calls of what was handed on, and the calls that it was handed to, sorted.
    pub edges: Vec<Taken>,
    /// The calls that handed it on, and what: somebody is known who runs it.
    pub(in crate::project) taken: BTreeSet<(Site, Callee)>,
}

impl Handed {
    /// Notes a call of a function of the project, where it is handed something that may be a function, and every element and call of a hook: one that
    /// hands it nothing has it call nothing.
    pub(in crate::project) fn gives(
        &mut self,
        eval: &mut Evaluator<'_>,
        site: Site,
        (function, outer): (FunctionRef, Bindings),
    ) {
        let known = self.given.get(&function).map_or(0, Vec::len);
        let (_, arguments) = eval.callee(site.0, site.1);
        let is_element = eval.module(site.0).facts.calls[site.1 as usize].kind == CallKind::Jsx;
        let counts = is_element || is_hook(eval, function);
        let wanted = counts || arguments.iter().any(|&of| eval.terms.is_open(of));
        if known < MOST_NOTED && wanted {
            let bindings = eval.bindings_over(function, &arguments, outer);
            self.given.entry(function).or_default().push(Given { site, bindings, counts });
        }
    }

    /// Notes that something is done at a call with what a parameter says.
    pub(in crate::project) fn uses(&mut self, site: Site, (term, via, span): (TermId, Via, Span)) {
        self.uses.push(Use { site, term, via, span, back: Vec::new() });
    }

    /// What the parameters of a component are at each of its elements, and those of a hook at each of its calls, with the element or the call; nothing
    /// where there are more than are known.
    pub(in crate::project) fn handed_to(&self, component: FunctionRef) -> impl Iterator<Item = (Site, Bindings)> + '_ {
        let all = self.given.get(&component).filter(|all| all.len() < MOST_CALLS);
        let given = all.into_iter().flatten();
        given.filter(|given| given.counts).map(|given| (given.site, given.bindings))
    }

    /// What the parameters of a component or a hook are at all of its elements or calls, however many there are; nothing where not all are known.
    pub(in crate::project) fn all_handed_to(&self, function: FunctionRef) -> impl Iterator<Item = Bindings> + '_ {
        let all = self.given.get(&function).filter(|all| all.len() < MOST_NOTED);
        all.into_iter().flatten().filter(|given| given.counts).map(|given| given.bindings)
    }

    /// Puts what each call hands on in the place of the parameters that it is handed to.
    pub(in crate::project) fn resolve(&mut self, eval: &mut Evaluator<'_>) -> Through {
        let (mut through, mut open) = (Through::default(), std::mem::take(&mut self.uses));
        for _ in 0..MOST_ROUNDS {
            let mut next = Vec::new();
            for used in open {
                let Term::Parameter(function, _) = eval.terms.root(used.term) else { continue };
                for &Given { site, bindings, .. } in self.given.get(&function).into_iter().flatten().take(MOST_CALLS) {
                    let term = eval.substitute(used.term, bindings);
                    let back = [used.back.as_slice(), &[(function, site)]].concat();
                    for to in callees(eval, term) {
                        let (module, call) = used.site;
                        let from = eval.module(module).facts.calls[call as usize].function;
                        let edge = Edge { from, to, call, via: used.via, span: used.span };
                        through.edges.push(Taken { module, edge, back: back.clone() });
                        through.taken.insert((site, to));
                    }
                    if term != used.term && matches!(eval.terms.root(term), Term::Parameter(..)) {
                        next.push(Use { term, back, ..used });
                    }
                }
            }
            next.sort_unstable();
            next.dedup();
            open = next;
        }
        through.edges.sort_by(|left, right| {
            let key = |of: &Taken| (of.module, of.edge.from, of.edge.call, of.edge.to);
            key(left).cmp(&key(right)).then_with(|| left.back.cmp(&right.back))
        });
        through.edges.dedup();
        through
    }
}

/// Whether a function is a hook, by its name.
fn is_hook(eval: &Evaluator<'_>, function: FunctionRef) -> bool {
    let facts = &eval.module(function.module).facts;
    let name = facts.text(facts.function(function.function).name);
    name.strip_prefix("use").is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_uppercase()))
}

/// What a call hands on: functions and actions, and what a parameter says.
#[derive(Default)]
pub(in crate::project) struct Found {
    pub(in crate::project) callees: Vec<(Callee, Via, Span)>,
    pub(in crate::project) open: Vec<(TermId, Via, Span)>,
    depth: u32,
}

impl Found {
    /// Looks at an argument, and at the properties of an object. A list of its own holds what an effect depends on, and not what is run.
    pub(in crate::project) fn look(&mut self, eval: &mut Evaluator<'_>, module: ModuleId, argument: ValueId, via: Via) {
        let facts = &eval.module(module).facts;
        if self.depth >= DEEPEST {
            return;
        }
        self.depth += 1;
        match facts.value(argument) {
            Value::Object(list) => {
                for property in facts.properties(list).iter().filter(|property| property.value != NONE) {
                    let via = match property.key {
                        PropertyKey::Named(name) => Via::Property(name),
                        _ => via,
                    };
                    self.look(eval, module, property.value, via);
                }
            }
            Value::Array(list) if self.depth > 1 => {
                for &element in facts.list(list) {
                    self.look(eval, module, element, via);
                }
            }
            Value::Variable(_)
            | Value::Import(_)
            | Value::Member(..)
            | Value::Call(_)
            | Value::Function(_)
            | Value::Logical(..)
            | Value::Conditional(_)
            | Value::Cast(..) => {
                let (term, span) = (eval.value(module, argument), facts.span(argument));
                let callees = [callees(eval, term), members(eval, term)].concat();
                if callees.is_empty() && matches!(eval.terms.root(term), Term::Parameter(..)) {
                    self.open.push((term, via, span));
                }
                self.callees.extend(callees.into_iter().map(|to| (to, via, span)));
            }
            _ => {}
        }
        self.depth -= 1;
    }
}

/// The functions that an object has as members: a table of them that is written down elsewhere is one as much as one that is written here.
fn members(eval: &Evaluator<'_>, term: TermId) -> Vec<Callee> {
    let Term::Object(list) = eval.terms.get(term) else { return Vec::new() };
    let values = eval.terms.list(list).chunks(2).filter_map(|pair| pair.get(1));
    values
        .filter(|&&value| matches!(eval.terms.get(value), Term::Function(..)))
        .flat_map(|&value| callees(eval, value))
        .collect()
}

/// The functions and actions that a value stands for.
fn callees(eval: &Evaluator<'_>, term: TermId) -> Vec<Callee> {
    match eval.terms.get(term) {
        Term::Action(action, _) => vec![Callee::Action(action)],
        Term::Function(function, _) => vec![Callee::Function(function)],
        Term::Bound(inner, _) => callees(eval, inner),
        Term::Union(list) => eval.terms.list(list).iter().flat_map(|&term| callees(eval, term)).collect(),
        _ => Vec::new(),
    }
}
