//! States that are switched, and show nothing of what was fetched: whether a dialog is open, whether something was sent.

use super::fate::{hook_of, start_of};
use crate::facts::{Call, FileFacts, NONE, Op, Operator, PropertyKey, Value, ValueId};

/// How deep values are looked into; a name may be declared by itself.
const DEEPEST: u32 = 8;

/// Whether a call of a state's setter turns a switch: the state is one from the start, or it keeps all that it is but for members that are.
pub(in crate::project) fn turns(facts: &FileFacts, setter: &Call) -> bool {
    let Some(hook) = hook_of(facts, setter.callee) else { return false };
    let Some(first) = start_of(facts, hook) else { return false };
    if is_truth(facts, first, DEEPEST) {
        return true;
    }
    let is_state = |value: ValueId| match facts.value(value) {
        Value::Parameter(_, 0) => true,
        Value::Variable(variable) => {
            let init = facts.variables[variable as usize].init;
            (init != NONE && matches!(facts.value(init), Value::Parameter(_, 0))) || hook_of(facts, value) == Some(hook)
        }
        _ => false,
    };
    let turns = |value: ValueId| {
        let Value::Object(list) = facts.value(plain(facts, value)) else { return false };
        let mut keeps = false;
        let turned = facts.properties(list).iter().all(|property| match property.key {
            PropertyKey::Spread => {
                keeps |= is_state(plain(facts, property.value));
                keeps
            }
            PropertyKey::Named(name) => {
                let start = facts.property(plain(facts, first), facts.text(name));
                start.is_some_and(|start| is_truth(facts, start, DEEPEST))
            }
            _ => false,
        });
        keeps && turned
    };
    facts.list(setter.arguments).first().is_some_and(|&given| match facts.value(plain(facts, given)) {
        Value::Function(function) => {
            let mut given = facts.body(function).iter().filter_map(|step| match step.op {
                Op::Return(value) if value != NONE => Some(value),
                _ => None,
            });
            given.clone().next().is_some() && given.all(turns)
        }
        _ => turns(given),
    })
}

/// A value without what its type is said to be.
fn plain(facts: &FileFacts, mut value: ValueId) -> ValueId {
    while value != NONE
        && let Value::Cast(inner, _) | Value::Spread(inner) = facts.value(value)
    {
        value = inner;
    }
    value
}

/// Whether a value is `true` or `false`, whatever it hangs on.
fn is_truth(facts: &FileFacts, value: ValueId, left: u32) -> bool {
    let Some(left) = left.checked_sub(1).filter(|_| value != NONE) else { return false };
    match facts.value(value) {
        Value::Bool(_) | Value::Not(_) => true,
        Value::Binary(operator, ..) => matches!(operator, Operator::Equal | Operator::NotEqual),
        Value::Conditional(list) => facts.list(list).iter().skip(1).all(|&part| is_truth(facts, part, left)),
        Value::Logical(_, one, other) => is_truth(facts, one, left) && is_truth(facts, other, left),
        Value::Cast(inner, _) => is_truth(facts, inner, left),
        _ => false,
    }
}
