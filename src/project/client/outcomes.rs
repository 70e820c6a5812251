//! What says how a call went, and is nothing of what it gave: `result.error`, `result.validationErrors.title`.

use crate::facts::{FileFacts, NONE, Value, ValueId};

/// How deep values are looked into; a name may be declared by itself.
const DEEPEST: u32 = 32;

/// Words for what is still going on.
const WAITING: [&str; 16] = [
    "pending",
    "executing",
    "loading",
    "submitting",
    "running",
    "mutating",
    "transitioning",
    "saving",
    "resolving",
    "deleting",
    "removing",
    "updating",
    "toggling",
    "sending",
    "archiving",
    "processing",
];

/// Words for where somebody looks.
const LOOKING: [&str; 4] = ["selected", "focused", "hovered", "highlighted"];

/// Whether a value is how a call went and not what it gave: `result.error`.
pub(in crate::project) fn is_outcome(facts: &FileFacts, value: ValueId) -> bool {
    is_outcome_within(facts, value, DEEPEST)
}

fn is_outcome_within(facts: &FileFacts, value: ValueId, left: u32) -> bool {
    let Some(left) = left.checked_sub(1).filter(|_| value != NONE) else { return false };
    match facts.value(value) {
        Value::Member(object, name) => {
            matches!(facts.text(name), "message" | "success" | "ok")
                || is_fault(facts.text(name))
                || is_part_of_fault(facts, object, left)
        }
        Value::Cast(inner, _) | Value::Await(inner) => is_outcome_within(facts, inner, left),
        Value::Logical(_, one, _) => is_outcome_within(facts, one, left),
        Value::Variable(variable) => is_outcome_within(facts, facts.variables[variable as usize].init, left),
        _ => false,
    }
}

/// Whether a name says that something is still going on: `isPending`, `isExecuting`, `loading`.
pub(in crate::project) fn is_of_waiting(name: &str) -> bool {
    let words = name.to_ascii_lowercase();
    WAITING
        .iter()
        .any(|word| words.starts_with(word) || words.strip_prefix("is").is_some_and(|rest| rest.starts_with(word)))
}

/// Whether a name says where somebody looks, and nothing of what is there: `selectedIndex`.
pub(in crate::project) fn is_of_looking(name: &str) -> bool {
    let words = name.to_ascii_lowercase();
    LOOKING.iter().any(|word| words.starts_with(word))
}

/// Whether a name is one of what went wrong: `error`, `validationErrors`.
fn is_fault(name: &str) -> bool {
    let name = name.strip_suffix('s').unwrap_or(name);
    name == "error" || name.ends_with("Error")
}

/// Whether a value lies in what went wrong: `result.validationErrors.title`.
fn is_part_of_fault(facts: &FileFacts, value: ValueId, left: u32) -> bool {
    let Some(left) = left.checked_sub(1).filter(|_| value != NONE) else { return false };
    match facts.value(value) {
        Value::Member(object, name) => is_fault(facts.text(name)) || is_part_of_fault(facts, object, left),
        Value::Cast(inner, _) | Value::Await(inner) => is_part_of_fault(facts, inner, left),
        Value::Variable(variable) => is_part_of_fault(facts, facts.variables[variable as usize].init, left),
        _ => false,
    }
}
