//! The steps of a trail: how one call leads to the next, and whether what is thrown below it comes out of it.

use super::body::{Side, parts, step_of};
use crate::facts::{CallId, CallKind, FileFacts, Use, Value, ValueId};
use crate::models::When;
use crate::project::Project;
use crate::project::effects::summary::Site;
use crate::project::graph::{Callee, Via};
use crate::project::program::modules::FunctionRef;

/// How many calls are chained onto one: `f().then(..).catch(..)`.
const LONGEST_CHAIN: usize = 8;

/// How a call leads to the function in which the next one stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// It calls it.
    Calls,
    /// It is handed it, and runs it as its own part.
    Runs,
    /// It is handed it, and a promise that it gives runs it.
    Settles,
    /// It is an element: the function runs when the element is rendered.
    Renders,
    /// It is handed it, and runs it when all is done.
    Later,
    /// It is handed it, and nobody says whether it runs it.
    Unknown,
}

impl Project {
    /// How a call leads to a function.
    #[must_use]
    pub fn link(&self, site: Site, next: FunctionRef) -> Link {
        let facts = &self.module(site.0).facts;
        let call = facts.calls[site.1 as usize];
        let leads = |to: Callee| match to {
            Callee::Function(function) => function == next,
            Callee::Action(action) => self.action_functions(self.actions().get(action)).contains(&next),
        };
        let mut handed = false;
        for edge in self.edges_at(site).filter(|edge| leads(edge.to)) {
            if edge.via == Via::Call {
                return if call.kind == CallKind::Jsx { Link::Renders } else { Link::Calls };
            }
            handed = true;
        }
        if call.kind == CallKind::Jsx {
            return Link::Unknown;
        }
        if !handed || call.function == 0 {
            return Link::Calls;
        }
        match self.graph().when(site.0, site.1) {
            Some(When::Now | When::Maybe) if is_chained(facts, call.callee) => Link::Settles,
            Some(When::Now | When::Maybe | When::Before | When::Render) => Link::Runs,
            Some(When::Deferred) => Link::Later,
            _ => Link::Unknown,
        }
    }

    /// Whether a test in a helper on a trail, and not in what is entered itself, decides that its last call is reached: a flag, perhaps,
    /// that no call site settles.
    #[must_use]
    pub(in crate::project) fn hangs_on_helper(&self, trail: &[Site]) -> bool {
        let own = trail.iter().filter(|&&site| self.function_of(site).function != 0);
        own.skip(1).any(|&(module, call)| {
            let facts = &self.module(module).facts;
            let function = facts.calls[call as usize].function;
            let around = step_of(facts, function, call).map(|step| parts(facts.body(function), step));
            around.into_iter().flatten().any(|part| matches!(part.side, Side::Then | Side::Otherwise | Side::Case))
        })
    }

    /// Whether the source names what a call calls: a function or an action, and no parameter that stands for one.
    #[must_use]
    pub fn names_callee(&self, site: Site) -> bool {
        self.edges_at(site).any(|edge| edge.via == Via::Call)
    }

    /// The last name of what a call calls; `import` and the like without one.
    #[must_use]
    pub fn callee_name(&self, (module, call): Site) -> &str {
        let facts = &self.module(module).facts;
        let mut at = facts.calls[call as usize].callee;
        loop {
            return match facts.value(at) {
                Value::Member(_, name) | Value::Global(name) | Value::Str(name) => facts.text(name),
                Value::Variable(variable) => facts.text(facts.variables[variable as usize].name),
                Value::Import(import) => facts.text(facts.imports[import as usize].local),
                Value::Function(function) => facts.text(facts.function(function).name),
                Value::Cast(inner, _) | Value::Await(inner) => {
                    at = inner;
                    continue;
                }
                _ => "a function",
            };
        }
    }

    /// The function that a trail enters by one of its calls.
    #[must_use]
    pub fn entered_by(&self, trail: &[Site], at: usize) -> Option<FunctionRef> {
        trail.get(at + 1).map(|&next| self.function_of(next))
    }
}

/// Whether a callee is a promise's own method.
fn is_chained(facts: &FileFacts, callee: ValueId) -> bool {
    matches!(facts.value(callee), Value::Member(_, name) if matches!(facts.text(name), "then" | "catch" | "finally"))
}

/// What becomes of the promise of a call: the calls that are chained onto it, and what becomes of the last one's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::project) struct Promise {
    /// `.then(..)`, `.catch(..)`, `.finally(..)`, in order.
    pub(in crate::project) chain: Vec<CallId>,
    /// Whether it is awaited where it is made.
    pub(in crate::project) awaited: bool,
    /// Whether the function returns it.
    pub(in crate::project) returned: bool,
    /// Whether anything looks at it.
    pub(in crate::project) used: bool,
}

/// Follows the promise that a call gives within its function: through methods of promises, and through `Promise.all` and its kin.
pub(in crate::project) fn promise(facts: &FileFacts, mut call: CallId) -> Promise {
    let mut found = Promise { chain: Vec::new(), awaited: false, returned: false, used: false };
    for _ in 0..LONGEST_CHAIN {
        let result = facts.calls[call as usize].result;
        found.used |= result != Use::DISCARDED && result != Use::VOIDED;
        if result.has(Use::AWAITED) {
            found.awaited = true;
            return found;
        }
        found.returned = result.has(Use::RETURNED);
        let Some(next) = after(facts, call) else { return found };
        if is_chained(facts, facts.calls[next as usize].callee) {
            found.chain.push(next);
        }
        found.used = false;
        call = next;
    }
    found
}

/// The call that takes a call's promise and gives one that settles with it.
fn after(facts: &FileFacts, call: CallId) -> Option<CallId> {
    let function = facts.calls[call as usize].function;
    let takes = |next: &crate::facts::Call| match facts.value(next.callee) {
        Value::Member(object, _) if is_chained(facts, next.callee) => holds(facts, object, call),
        Value::Member(object, name) if is_promise(facts, object) => {
            matches!(facts.text(name), "all" | "allSettled" | "race" | "any")
                && facts.list(next.arguments).iter().any(|&argument| holds(facts, argument, call))
        }
        _ => false,
    };
    let rest = (call + 1..).zip(facts.calls.iter().skip(call as usize + 1));
    rest.filter(|(_, next)| next.function == function).find(|(_, next)| takes(next)).map(|(id, _)| id)
}

fn is_promise(facts: &FileFacts, value: ValueId) -> bool {
    matches!(facts.value(value), Value::Global(name) if facts.text(name) == "Promise")
}

/// Whether a value is what a call gives, or a list of which that is an element.
fn holds(facts: &FileFacts, value: ValueId, call: CallId) -> bool {
    match facts.value(value) {
        Value::Call(found) => found == call,
        Value::Cast(inner, _) | Value::Spread(inner) => holds(facts, inner, call),
        Value::Array(list) | Value::Conditional(list) => facts.list(list).iter().any(|&of| holds(facts, of, call)),
        _ => false,
    }
}
