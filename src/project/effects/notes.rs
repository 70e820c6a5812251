//! What models say of calls beside what they do: when what a call is handed runs, whether it gives that back, whether it changes something.

use super::summary::Site;
use crate::facts::{CallKind, ValueId};
use crate::models::{Decided, Did, Effect, Place, Source, What, When};
use crate::project::program::modules::ModuleId;
use crate::project::values::evaluate::Evaluator;
use crate::project::values::terms::TermId;

/// What models say of one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::project) struct Notes {
    /// When what it is handed runs.
    pub(in crate::project) when: Option<When>,
    /// Whether it gives back what it is handed.
    pub(in crate::project) passes: bool,
    /// Whether what it gives may be something that it is handed: `Promise.all(list)`.
    pub(in crate::project) gives_argument: bool,
    /// Whether what it gives is what a function gives that it is handed: `useMemo(() => ..)`.
    pub(in crate::project) gives_result: bool,
    /// Whether the first element of what it gives is, at first, what it is handed: `useState(value)`.
    pub(in crate::project) keeps_first: bool,
    /// Whether it only writes to a log.
    pub(in crate::project) logs: bool,
    /// Whether it sets the state of a component: itself, or by a setter that it is handed.
    pub(in crate::project) sets_state: bool,
    /// Whether it changes something, or takes people elsewhere.
    pub(in crate::project) acts: bool,
    /// Whether it asks somebody for what it gives: a database, another server. Nothing of that is made of what it is handed.
    pub(in crate::project) asks: bool,
    /// Whether it shows that something is going on.
    pub(in crate::project) shows_pending: bool,
    /// Whether it throws on what the framework threw.
    pub(in crate::project) rethrows: bool,
    /// Whether it puts work off until the response is sent, and keeps the server for it.
    pub(in crate::project) defers: bool,
    /// Whether it ends the request by throwing, and how.
    pub(in crate::project) leaves: Option<Effect>,
}

/// What models say of a call, beside what it does.
pub(in crate::project) fn noted(eval: &mut Evaluator<'_>, site: Site, callee: TermId) -> Notes {
    let models = eval.world.models;
    let states = eval.states_of(callee);
    let mut notes = gives(eval, site, callee);
    for meaning in states.iter().flat_map(|&(node, _)| models.meanings(node)) {
        match &meaning.what {
            What::Callback(when, _) if notes.when.is_none() => {
                eval.states.met(meaning.line);
                notes.when = Some(*when);
            }
            What::Passes(_) => notes.passes = true,
            What::Parts => {
                eval.states.met(meaning.line);
                notes.gives_argument = true;
            }
            What::Effect(did) => {
                notes.sets_state |= sets(did);
                notes.acts |= acts(eval, site, did);
                notes.asks |= did.kind.map_or_else(Decided::asks, |effect| {
                    effect.writes() || matches!(effect, Effect::DbRead | Effect::HttpRead | Effect::KvRead)
                });
                notes.shows_pending |= did.kind == Ok(Effect::ClientPending);
                notes.rethrows |= did.kind == Ok(Effect::Rethrow);
                notes.logs |= did.kind == Ok(Effect::Log);
                notes.defers |= did.kind == Ok(Effect::Defer);
                notes.leaves = notes.leaves.or(did.kind.ok().filter(|_| did.never_returns));
            }
            _ => {}
        }
    }
    if notes.when.is_some() {
        let facts = &eval.module(site.0).facts;
        let arguments = facts.list(facts.calls[site.1 as usize].arguments);
        notes.sets_state |= arguments.iter().any(|&argument| sets_state(eval, site.0, argument));
    }
    notes
}

/// What models say of what a call gives.
pub(in crate::project) fn gives(eval: &mut Evaluator<'_>, site: Site, callee: TermId) -> Notes {
    let constructs = eval.module(site.0).facts.calls[site.1 as usize].kind == CallKind::New;
    let mut notes = Notes { gives_argument: eval.copies(callee), ..Notes::default() };
    for source in eval.sources_of_call(callee, constructs) {
        match source {
            Source::Argument(_) | Source::Arguments => notes.gives_argument = true,
            Source::Result(_) => notes.gives_result = true,
            Source::Type(_) => {}
        }
    }
    notes.keeps_first = eval.keeps_first(callee);
    notes
}

/// Whether a call changes something, or takes people elsewhere. A request is known by its method.
fn acts(eval: &mut Evaluator<'_>, site: Site, did: &Did) -> bool {
    match (did.kind, &did.method) {
        (Ok(effect), _) => effect.writes() || effect == Effect::ClientNavigate,
        (Err(Decided::Http), Some(Place::Argument(index, below))) => {
            let facts = &eval.module(site.0).facts;
            let arguments = facts.list(facts.calls[site.1 as usize].arguments);
            let Some(&argument) = arguments.get(*index as usize) else { return false };
            let options = eval.value(site.0, argument);
            let method = below.iter().fold(options, |at, name| eval.member(at, name));
            eval.text_with_holes(method).is_some_and(|method| !matches!(method.as_str(), "GET" | "HEAD"))
        }
        _ => false,
    }
}

/// Whether an effect is that something is put into the state of a component.
fn sets(did: &Did) -> bool {
    matches!(did.kind, Ok(Effect::ClientState | Effect::ClientOptimistic))
}

/// Whether a value sets the state of a component when it is called.
fn sets_state(eval: &mut Evaluator<'_>, module: ModuleId, value: ValueId) -> bool {
    let models = eval.world.models;
    let term = eval.value(module, value);
    let states = eval.states_of(term);
    let mut meanings = states.iter().flat_map(|&(node, _)| models.meanings(node));
    meanings.any(|meaning| matches!(&meaning.what, What::Effect(did) if sets(did)))
}
