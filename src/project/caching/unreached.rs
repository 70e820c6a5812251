//! Refreshes that never happen: everything on the way to them ends at a redirect, a `return` or a `throw` before.

use crate::diagnostic::Place;
use crate::facts::{CallId, CallKind, FileKind, NONE, Op, Step};
use crate::models::{Effect, What};
use crate::project::Project;
use crate::project::effects::summary::{Site, Summaries, Summary, Way};
use crate::project::effects::{Happening, doing};
use crate::project::layers::Layer;
use crate::project::order::body::Walk;
use crate::project::order::frames::promise;
use crate::project::program::modules::{FunctionRef, ModuleId, Role};
use crate::project::values::terms::{Term, TermId};

/// Refreshes that nothing reaches, all behind one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreached {
    /// The function in which they stand.
    pub function: FunctionRef,
    /// Where everything ends.
    pub end: Place,
    /// How.
    pub by: Ending,
    /// What would be refreshed, in order; each trail starts at a call that nothing reaches.
    pub refreshes: Vec<Happening>,
}

/// How everything ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// A call redirects, or ends the request: what does, with the calls that lead there.
    Leaves(Box<Happening>),
    /// A call never returns.
    NeverReturns(Site),
    /// `return`
    Returns,
    /// `throw`
    Throws,
}

/// Looks at every function that the server runs.
pub(in crate::project) fn collect(project: &Project, summaries: &mut Summaries<'_>) -> Vec<Unreached> {
    let mut found = Vec::new();
    for (module, described) in project.modules() {
        let skipped = described.role != Role::Source || described.facts.kind == FileKind::Rust;
        if skipped || !is_served(project, module) {
            continue;
        }
        for function in 1..u32::try_from(described.facts.functions.len()).unwrap_or(NONE) {
            in_function(project, summaries, FunctionRef { module, function }, &mut found);
        }
    }
    found
}

/// Whether the server runs a module for a request that may refresh something.
fn is_served(project: &Project, module: ModuleId) -> bool {
    [Layer::Server, Layer::Action, Layer::Handler].iter().any(|&layer| project.in_layer(module, layer))
}

fn in_function(project: &Project, summaries: &mut Summaries<'_>, function: FunctionRef, found: &mut Vec<Unreached>) {
    let here = project.module(function.module);
    let steps = here.facts.body(function.function);
    if !steps.iter().any(|step| matches!(step.op, Op::Call(_))) {
        return;
    }
    let unreached = Walk::unreached(steps, &mut |call| never_returns(summaries, function.module, call));
    for part in unreached {
        let behind = &steps[part.from as usize..part.to as usize];
        let refreshes: Vec<Happening> =
            calls(behind).flat_map(|call| refreshes(summaries, (function.module, call))).collect();
        if refreshes.is_empty() {
            continue;
        }
        let cause = &steps[part.cause as usize];
        let (end, by) = match cause.op {
            Op::Call(call) => (project.call_place((function.module, call)), ending(summaries, (function.module, call))),
            Op::Throw(_) => (here.place(first_word(cause, "throw")), Ending::Throws),
            _ => (here.place(first_word(cause, "return")), Ending::Returns),
        };
        found.push(Unreached { function, end, by, refreshes });
    }
}

/// The word that a statement starts with; all of it where it is shorter, as the body of an arrow may be.
fn first_word(step: &Step, word: &str) -> crate::source::Span {
    let length = u32::try_from(word.len()).unwrap_or(0);
    crate::source::Span { start: step.span.start, end: step.span.end.min(step.span.start + length) }
}

fn calls(steps: &[Step]) -> impl Iterator<Item = CallId> + '_ {
    steps.iter().filter_map(|step| match step.op {
        Op::Call(call) => Some(call),
        _ => None,
    })
}

/// Whether a call never returns: one of a package, by its model, or one of a function of the project all of whose ways throw.
fn never_returns(summaries: &mut Summaries<'_>, module: ModuleId, call: CallId) -> bool {
    let facts = &summaries.eval.world.modules[module as usize].facts;
    if facts.calls[call as usize].kind == CallKind::Jsx {
        return false;
    }
    let callee = summaries.eval.callee(module, call).0;
    callee_never_returns(summaries, callee, &|| {
        let promise = promise(facts, call);
        promise.awaited && promise.chain.is_empty()
    })
}

/// The same of a callee. What is thrown in a promise ends nothing where that is not awaited.
fn callee_never_returns(summaries: &mut Summaries<'_>, callee: TermId, awaited: &dyn Fn() -> bool) -> bool {
    match summaries.eval.terms.get(callee) {
        Term::Function(function, _) => {
            let is_async = summaries.eval.module(function.module).facts.function(function.function).is_async;
            summaries.summary(function).never_returns && (!is_async || awaited())
        }
        Term::Action(_, inner) | Term::As(inner, _, _) | Term::Of(inner, _, _) => {
            callee_never_returns(summaries, inner, awaited)
        }
        Term::Union(_) => false,
        _ => {
            let models = summaries.eval.world.models;
            let states = summaries.eval.states_of(callee);
            states.iter().flat_map(|&(node, _)| models.meanings(node)).any(|meaning| match &meaning.what {
                What::Effect(did) => did.never_returns,
                _ => false,
            })
        }
    }
}

/// What one call does.
fn does(summaries: &mut Summaries<'_>, site: Site) -> Vec<Happening> {
    let (callee, arguments) = summaries.eval.callee(site.0, site.1);
    let mut summary = Summary::default();
    summaries.apply(site.0, callee, &arguments, false, &Way::at(site), &mut summary);
    doing(summaries, &summary).happenings
}

fn refreshes(summaries: &mut Summaries<'_>, site: Site) -> Vec<Happening> {
    let mut found = does(summaries, site);
    found.retain(|happening| {
        matches!(happening.effect, Effect::RevalidatePath | Effect::RevalidateTag | Effect::UpdateTag | Effect::Refresh)
    });
    found.truncate(1);
    found
}

fn ending(summaries: &mut Summaries<'_>, site: Site) -> Ending {
    let ends = |happening: &Happening| matches!(happening.effect, Effect::Redirect | Effect::NotFound);
    match does(summaries, site).into_iter().rev().find(ends) {
        Some(happening) => Ending::Leaves(Box::new(happening)),
        None => Ending::NeverReturns(site),
    }
}

impl Project {
    /// The refreshes that nothing reaches, by function.
    #[must_use]
    pub fn unreached(&self) -> &[Unreached] {
        &self.unreached
    }
}
