//! Writes that nothing waits for: on the way from an entry to them a call gives a promise that nobody awaits, returns or puts off until the
//! response is sent. The function may be frozen, or gone, before such a write is done.

use std::collections::BTreeSet;

use crate::facts::{CallId, CallKind, FileFacts, Value, ValueId};
use crate::models::Effect;
use crate::project::Project;
use crate::project::effects::Happening;
use crate::project::effects::summary::{Certainty, Site};
use crate::project::entries::EntryKind;
use crate::project::order::frames::{Link, promise};

/// How many names and calls are gone through to where a receiver comes from.
const MOST_NAMES: usize = 8;

/// A write that nothing waits for.
pub struct Floating<'p> {
    /// The write.
    pub write: &'p Happening,
    /// Which call of its trail gives the promise.
    pub frame: usize,
    /// The callback that takes what goes wrong.
    pub handled: Option<Site>,
    /// Whether the entry belongs to the Pages Router.
    pub pages: bool,
}

impl Project {
    /// Every write that nothing waits for, once a call that lets go of it, by place.
    #[must_use]
    pub fn floating(&self) -> Vec<Floating<'_>> {
        let (mut found, mut seen): (Vec<Floating<'_>>, _) = (Vec::new(), BTreeSet::new());
        let entered = self.entered().iter().filter(|entered| entered.answers());
        let entered = entered.map(|entered| (&entered.doing, entered.kind == EntryKind::PagesApi));
        for (doing, pages) in self.effects.actions.iter().map(|doing| (doing, false)).chain(entered) {
            // What answers with a stream goes on after it has answered.
            if doing.does(Effect::Stream) {
                continue;
            }
            for write in doing.happenings.iter().filter(|write| counts(write.effect)) {
                if write.certainty != Certainty::Caught
                    && let Some((frame, handled)) = self.let_go(write)
                    && self.is_within(write, frame)
                    && !(write.effect == Effect::HttpWrite && tells(self.callee_name(write.trail[frame])))
                    && seen.insert(write.trail[frame])
                {
                    found.push(Floating { write, frame, handled, pages });
                }
            }
        }
        found.sort_by_key(|floating| floating.write.trail[floating.frame]);
        found
    }

    /// Whether a call of a trail runs within the request. What a timer or an event runs later has nothing that could wait for it; what is
    /// put off until the response is sent is waited for as far as its callback says.
    fn is_within(&self, write: &Happening, frame: usize) -> bool {
        (0..frame).all(|at| {
            let site = write.trail[at];
            match self.entered_by(&write.trail, at).map(|next| self.link(site, next)) {
                Some(Link::Later) => self.graph().notes(site).defers,
                // Whoever is awaited has run what it was handed.
                Some(Link::Unknown) => {
                    let facts = &self.module(site.0).facts;
                    let promise = promise(facts, outermost(facts, site.1));
                    promise.awaited || promise.returned
                }
                Some(Link::Renders) => false,
                _ => true,
            }
        })
    }

    /// The call of a trail whose promise nobody takes, and the callback that takes what goes wrong.
    fn let_go(&self, write: &Happening) -> Option<(usize, Option<Site>)> {
        let mut carried = false;
        for frame in (0..write.trail.len()).rev() {
            let (module, call) = write.trail[frame];
            let facts = &self.module(module).facts;
            let mut last = call;
            match self.entered_by(&write.trail, frame) {
                None => {
                    last = outermost(facts, call);
                    carried = is_promise(facts, write.effect, last);
                }
                Some(next) => match self.link((module, call), next) {
                    Link::Calls | Link::Runs => {
                        carried |= self.module(next.module).facts.function(next.function).is_async;
                    }
                    Link::Settles => carried = true,
                    Link::Renders | Link::Later | Link::Unknown => return None,
                },
            }
            if !carried || facts.calls[call as usize].function == 0 {
                continue;
            }
            let promise = promise(facts, last);
            if promise.awaited {
                carried = false;
            } else if !promise.returned {
                let is_catch = |call: &&CallId| {
                    matches!(facts.value(facts.calls[**call as usize].callee), Value::Member(_, name)
                        if facts.text(name) == "catch")
                };
                let handled = promise.chain.iter().rev().find(is_catch).map(|&call| (module, call));
                return (!promise.used).then_some((frame, handled));
            }
        }
        None
    }
}

/// Whether it hurts when something is not done. A key of a cache is written again.
fn counts(effect: Effect) -> bool {
    effect.writes() && !matches!(effect, Effect::CookieWrite | Effect::AuthSession)
}

/// Whether a name says that somebody is told, or something counted: nobody misses one of those.
fn tells(name: &str) -> bool {
    ["log", "track", "capture", "report"].iter().any(|word| name.to_ascii_lowercase().starts_with(word))
}

/// The last call of a chain of methods: `db.insert(users).values(row)`.
fn outermost(facts: &FileFacts, mut call: CallId) -> CallId {
    let function = facts.calls[call as usize].function;
    let rest = |from: CallId| (from + 1..).zip(facts.calls.iter().skip(from as usize + 1));
    let on = |of: CallId| {
        let mut next = rest(of).filter(|(_, next)| next.function == function);
        next.find(|(_, next)| match facts.value(next.callee) {
            Value::Member(object, name) => {
                let settles = matches!(facts.text(name), "then" | "catch" | "finally");
                !settles && facts.value(object) == Value::Call(of)
            }
            _ => false,
        })
    };
    for _ in 0..MOST_NAMES {
        let Some((next, _)) = on(call) else { break };
        call = next;
    }
    call
}

/// Whether a package's call that writes gives a promise. Files are written with callbacks as well, some databases write at once, and what
/// is put into a batch is written with it.
fn is_promise(facts: &FileFacts, effect: Effect, call: CallId) -> bool {
    let described = facts.calls[call as usize];
    if effect == Effect::FsWrite || described.kind == CallKind::New {
        return false;
    }
    match facts.value(described.callee) {
        Value::Member(object, name) => {
            !matches!(facts.text(name), "run" | "exec" | "prepare" | "get" | "all") && !is_batch(facts, object)
        }
        _ => true,
    }
}

/// Whether a receiver gathers what is done by one call later.
fn is_batch(facts: &FileFacts, mut value: ValueId) -> bool {
    let gathers = |name: &str| {
        let name = name.to_ascii_lowercase();
        ["batch", "bulk", "pipeline", "multi"].iter().any(|word| name.contains(word))
    };
    for _ in 0..MOST_NAMES {
        value = match facts.value(value) {
            Value::Variable(variable) => {
                let variable = facts.variables[variable as usize];
                if gathers(facts.text(variable.name)) {
                    return true;
                }
                variable.init
            }
            Value::Member(object, name) => {
                if gathers(facts.text(name)) {
                    return true;
                }
                object
            }
            Value::Call(call) => facts.calls[call as usize].callee,
            Value::Cast(inner, _) | Value::Await(inner) => inner,
            Value::Import(import) => return gathers(facts.text(facts.imports[import as usize].local)),
            _ => return false,
        };
    }
    false
}
