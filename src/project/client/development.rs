//! What is only there while an app is developed: code behind a test of the mode that the bundler builds for.

use crate::facts::{FileFacts, Op, Operator, Value, ValueId};
use crate::project::Project;
use crate::project::effects::summary::Site;
use crate::project::order::body::step_of;

impl Project {
    /// Whether a call only happens, or an element is only rendered, where the app is not built for production.
    pub(in crate::project) fn is_for_development(&self, (module, call): Site) -> bool {
        let facts = &self.module(module).facts;
        let function = facts.calls[call as usize].function;
        let Some(at) = step_of(facts, function, call) else { return false };
        (0..).zip(facts.body(function)).any(|(head, step)| match step.op {
            Op::Branch { test, then, end } if head < at => {
                (at < then && is_mode(facts, test, true)) || (then <= at && at < end && is_mode(facts, test, false))
            }
            _ => false,
        })
    }
}

/// Whether a test that holds, or does not, says that the app is not built for production.
fn is_mode(facts: &FileFacts, test: ValueId, holds: bool) -> bool {
    let Value::Binary(operator @ (Operator::Equal | Operator::NotEqual), one, other) = facts.value(test) else {
        return false;
    };
    let equal = holds == (operator == Operator::Equal);
    let asks = |value: ValueId| matches!(facts.value(value), Value::Member(_, name) if facts.text(name) == "NODE_ENV");
    let says =
        [(one, other), (other, one)].into_iter().find_map(|(mode, text)| facts.literal(text).filter(|_| asks(mode)));
    says.is_some_and(|mode| if equal { mode == "development" } else { mode == "production" })
}
