//! What all functions of a component or a hook do together, with what it is handed in the place of its parameters: by all of those who render or
//! call it at once, and by each of them alone, who may hand it something else, or nothing.

use crate::facts::{CallId, NONE, PropertyKey, Value, ValueId};
use crate::project::Project;
use crate::project::effects::summary::{EventKind, Site, Summaries, Summary, Way};
use crate::project::effects::{Doing, doing};
use crate::project::graph::handed::Handed;
use crate::project::graph::reach::Hop;
use crate::project::graph::{Callee, Edge, Via};
use crate::project::program::modules::FunctionRef;
use crate::project::values::evaluate::Evaluator;
use crate::project::values::terms::{Bindings, Term, TermId};

/// How often what a component or a hook is handed is put in the place of its parameters.
const MOST_ROUNDS: usize = 6;
/// Of how many ways in which a component is handed something each is looked at by itself.
const MOST_HANDINGS: usize = 32;

/// What a component does, as some of those hand it what it calls who render it.
pub(super) struct Handing {
    /// What is rendered or called, innermost first, and where.
    by: Vec<(FunctionRef, Site)>,
    /// What it does then.
    pub(super) doing: Doing,
}

impl Handing {
    /// The calls down to the component, outermost first.
    pub(super) fn hops(&self, project: &Project) -> Vec<Hop> {
        let hop = |&(to, (module, call)): &(FunctionRef, Site)| {
            let described = project.module(module).facts.calls[call as usize];
            let (to, span) = (Callee::Function(to), described.name_span);
            (module, Edge { from: described.function, to, call, via: Via::Call, span })
        };
        self.by.iter().rev().map(hop).collect()
    }
}

/// What all functions do that stand inside an outermost one. What a component is handed is taken from its elements.
pub(super) fn around(
    project: &Project,
    handed: &Handed,
    summaries: &mut Summaries<'_>,
    outermost: FunctionRef,
) -> Doing {
    let mut inner = Inner::of(project, summaries, outermost);
    for _ in 0..MOST_ROUNDS {
        let all = |function| handed.handed_to(function).map(|(_, bindings)| bindings).collect();
        if !inner.put(summaries, &all, Absent::Kept).progress {
            break;
        }
    }
    inner.doing(summaries)
}

/// The same for each way in which those around a component hand it what it calls; nothing where there is but one, or where there are too many.
pub(super) fn each(
    project: &Project,
    handed: &Handed,
    summaries: &mut Summaries<'_>,
    outermost: FunctionRef,
) -> Vec<Handing> {
    let inner = Inner::of(project, summaries, outermost);
    let (mut open, mut found) = (vec![(inner, Vec::new())], Vec::new());
    while let Some((mut inner, by)) = open.pop() {
        let top = inner.settle_inside(project, handed, summaries, &by);
        let given: Vec<(Site, Bindings)> = handed.handed_to(top).collect();
        if !inner.asks(summaries, top) || given.is_empty() || by.len() >= MOST_ROUNDS {
            found.push(Handing { by, doing: inner.doing(summaries) });
            continue;
        }
        for (site, bindings) in given {
            let by = [by.as_slice(), &[(top, site)]].concat();
            let only = |function| if function == top { vec![bindings] } else { Vec::new() };
            let mut with = inner.clone();
            if with.put(summaries, &only, Absent::Kept).may_be_absent {
                let mut without = inner.clone();
                without.put(summaries, &only, Absent::LeftOut);
                open.push((without, by.clone()));
            }
            open.push((with, by));
        }
        if open.len() + found.len() > MOST_HANDINGS {
            return Vec::new();
        }
    }
    found.sort_by(|one, other| one.by.cmp(&other.by));
    found
}

/// What is done with something that is handed where it may be nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Absent {
    /// It is taken to be something.
    Kept,
    /// It is taken to be nothing.
    LeftOut,
}

/// What came of putting something in the place of parameters.
#[derive(Default)]
struct Put {
    /// Whether anything was put there.
    progress: bool,
    /// Whether any of it may be nothing.
    may_be_absent: bool,
}

/// What the functions inside an outermost one do.
#[derive(Clone)]
struct Inner {
    outermost: FunctionRef,
    summaries: Vec<Summary>,
}

impl Inner {
    fn of(project: &Project, summaries: &mut Summaries<'_>, outermost: FunctionRef) -> Self {
        let inside = project.inside(outermost).into_iter();
        Self { outermost, summaries: inside.map(|inside| (*summaries.summary(inside)).clone()).collect() }
    }

    fn doing(&self, summaries: &mut Summaries<'_>) -> Doing {
        let mut all = Doing::default();
        for summary in &self.summaries {
            let Doing { happenings, actions, blind, truncated } = doing(summaries, summary);
            all.happenings.extend(happenings);
            all.actions.extend(actions);
            all.blind.extend(blind);
            all.truncated |= truncated;
        }
        all
    }

    /// Whether anything is called that a parameter of a function says.
    fn asks(&self, summaries: &Summaries<'_>, function: FunctionRef) -> bool {
        let mut events = self.summaries.iter().flat_map(|summary| &summary.events);
        events.any(|event| asked(&summaries.eval, &event.kind) == Some(function))
    }

    /// Puts in place what functions are handed that are called by the component, or by those around it who are known. The outermost of those,
    /// whose own parameters stay.
    fn settle_inside(
        &mut self,
        project: &Project,
        handed: &Handed,
        summaries: &mut Summaries<'_>,
        by: &[(FunctionRef, Site)],
    ) -> FunctionRef {
        let around = |site: Site| project.outermost(project.function_of(site));
        let top = by.last().map_or(self.outermost, |&(_, site)| around(site));
        let within: Vec<FunctionRef> = by.iter().map(|&(_, site)| around(site)).chain([self.outermost]).collect();
        for _ in 0..MOST_ROUNDS {
            let own = |function: FunctionRef| -> Vec<Bindings> {
                if function == top {
                    return Vec::new();
                }
                let all = || handed.handed_to(function);
                let known = all().find(|(site, _)| by.contains(&(function, *site)));
                if let Some((_, bindings)) = known {
                    return vec![bindings];
                }
                let own: Vec<Bindings> =
                    all().filter(|&(site, _)| within.contains(&around(site))).map(|(_, bindings)| bindings).collect();
                if own.is_empty() { all().map(|(_, bindings)| bindings).collect() } else { own }
            };
            if !self.put(summaries, &own, Absent::Kept).progress {
                break;
            }
        }
        top
    }

    /// Puts what functions are handed in the place of their parameters, once.
    fn put(
        &mut self,
        summaries: &mut Summaries<'_>,
        handed: &dyn Fn(FunctionRef) -> Vec<Bindings>,
        absent: Absent,
    ) -> Put {
        let mut put = Put::default();
        for summary in &mut self.summaries {
            let events = std::mem::take(&mut summary.events);
            let (pending, rest): (Vec<_>, Vec<_>) =
                events.into_iter().partition(|event| matches!(event.kind, EventKind::Pending(..)));
            summary.events = rest;
            for event in pending {
                let of = asked(&summaries.eval, &event.kind).map(handed).unwrap_or_default();
                let EventKind::Pending(callee, list, constructs) = event.kind else { continue };
                if of.is_empty() {
                    summaries.add(summary, event);
                    continue;
                }
                put.progress = true;
                for bindings in of {
                    let callee = summaries.eval.substitute(callee, bindings);
                    let may_be_absent = may_be_absent(&summaries.eval, callee);
                    put.may_be_absent |= may_be_absent;
                    // An element that does not hand the function has the component call none.
                    if summaries.eval.is_absent(callee) || (may_be_absent && absent == Absent::LeftOut) {
                        continue;
                    }
                    let given = summaries.eval.terms.list(list).to_vec();
                    let given: Vec<_> =
                        given.into_iter().map(|term| summaries.eval.substitute(term, bindings)).collect();
                    let way = Way::of(&event);
                    summaries.apply(self.outermost.module, callee, &given, constructs, &way, summary);
                }
            }
        }
        put
    }
}

/// The function whose parameter says what is called.
fn asked(eval: &Evaluator<'_>, kind: &EventKind) -> Option<FunctionRef> {
    let EventKind::Pending(callee, ..) = *kind else { return None };
    match eval.terms.root(callee) {
        Term::Parameter(function, _) => Some(function),
        _ => None,
    }
}

/// Whether a value is one of several, of which one is nothing.
fn may_be_absent(eval: &Evaluator<'_>, term: TermId) -> bool {
    match eval.terms.get(term) {
        Term::Union(list) => eval.terms.list(list).iter().any(|&part| eval.is_absent(part)),
        _ => false,
    }
}

/// The elements to which a component hands one of its props as what they run at an event; nothing where it does anything else with that.
pub(super) fn handlers_of(project: &Project, component: FunctionRef, prop: &str) -> Option<Vec<CallId>> {
    let facts = &project.module(component.module).facts;
    let is_props = |value| facts.value(value) == Value::Parameter(component.function, 0);
    let is_prop = |value: ValueId| {
        let value = match facts.value(value) {
            Value::Variable(variable) => facts.variables[variable as usize].init,
            _ => value,
        };
        value != NONE
            && matches!(facts.value(value), Value::Member(of, name) if facts.text(name) == prop && is_props(of))
    };
    let own = |function| project.outermost(FunctionRef { function, ..component }) == component;
    let mut found = Vec::new();
    for (call, described) in (0..).zip(&facts.calls).filter(|(_, described)| own(described.function)) {
        let arguments = facts.list(described.arguments);
        if is_prop(described.callee) || arguments.iter().any(|&value| is_prop(value)) {
            return None;
        }
        for &argument in arguments {
            let Value::Object(list) = facts.value(argument) else { continue };
            for property in facts.properties(list).iter().filter(|property| is_prop(property.value)) {
                match property.key {
                    PropertyKey::Named(name) if facts.text(name).starts_with("on") => found.push(call),
                    _ => return None,
                }
            }
        }
    }
    Some(found)
}
