//! Calls that have no say in what follows them: nothing looks at what they give, and they throw nothing.

use crate::facts::{CallId, FileFacts, NONE, Op, Use, Value, ValueId};
use crate::project::Project;
use crate::project::effects::summary::Site;
use crate::project::graph::Callee;
use crate::project::program::modules::FunctionRef;

impl Project {
    /// Whether a call of a function of the project has no say: what it gives is dropped, or kept in a variable that nobody reads, and neither
    /// it nor anything that it runs throws.
    #[must_use]
    pub(in crate::project) fn is_idle(&self, site: Site) -> bool {
        let facts = &self.module(site.0).facts;
        if !is_ignored(facts, site.1) {
            return false;
        }
        let mut functions = Vec::new();
        for edge in self.edges_at(site) {
            match edge.to {
                Callee::Function(function) => functions.push(function),
                _ => return false,
            }
        }
        let throws = |function: &FunctionRef| {
            let body = self.module(function.module).facts.body(function.function);
            body.iter().any(|step| matches!(step.op, Op::Throw(_)))
        };
        !functions.is_empty() && !self.run(&functions).order.iter().any(throws)
    }
}

/// Whether nothing looks at what a call gives.
fn is_ignored(facts: &FileFacts, call: CallId) -> bool {
    let used = facts.calls[call as usize].result;
    if matches!(used, Use::DISCARDED | Use::AWAITED | Use::VOIDED) {
        return true;
    }
    let kept =
        facts.variables.iter().find(|variable| variable.init != NONE && result_of(facts, variable.init) == Some(call));
    !used.has(Use::TESTED) && !used.has(Use::PASSED) && kept.is_some_and(|variable| !variable.read)
}

/// The call whose result a value is, waited for or not.
fn result_of(facts: &FileFacts, mut value: ValueId) -> Option<CallId> {
    loop {
        match facts.value(value) {
            Value::Call(call) => return Some(call),
            Value::Await(inner) | Value::Cast(inner, _) => value = inner,
            _ => return None,
        }
    }
}
