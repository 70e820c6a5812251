//! Form data among what functions take, and the files in it.

use crate::facts::{FileFacts, NONE, Type, TypeId, Value, ValueId};
use crate::project::Project;
use crate::project::program::modules::FunctionRef;

/// The class of what a form submits.
const FORM_DATA: &str = "FormData";

impl Project {
    /// The position of the one parameter of a function that is form data: by its annotation, else by what is read of it.
    #[must_use]
    pub fn takes_form_data(&self, function: FunctionRef) -> Option<u32> {
        let facts = &self.module(function.module).facts;
        let parameters = &facts.function(function.function).parameters;
        let mut found = (0..).zip(parameters).filter(|&(position, parameter)| {
            let typed = parameter.annotation != NONE;
            let named = names_only(facts, parameter.annotation, FORM_DATA);
            !parameter.rest && (named || (!typed && is_read_as_form(facts, function, position)))
        });
        let (position, _) = found.next()?;
        found.next().is_none().then_some(position)
    }
}

/// Whether a type is one global class, or that or nothing.
pub(in crate::project) fn names_only(facts: &FileFacts, annotation: TypeId, class: &str) -> bool {
    let Some(ty) = facts.types.get(annotation as usize) else { return false };
    match *ty {
        Type::Named(value, _) => matches!(facts.value(value), Value::Global(name) if facts.text(name) == class),
        Type::Union(list) => {
            let parts = &facts.type_lists[list.range()];
            let nothing = |part: &TypeId| match facts.types.get(*part as usize) {
                Some(Type::Keyword(name)) => matches!(facts.text(*name), "null" | "undefined"),
                _ => false,
            };
            parts.iter().any(|&part| names_only(facts, part, class))
                && parts.iter().all(|&part| nothing(&part) || names_only(facts, part, class))
        }
        _ => false,
    }
}

/// Whether fields are read of a parameter by their names: `data.get('title')`, `Object.fromEntries(data)`.
fn is_read_as_form(facts: &FileFacts, function: FunctionRef, position: u32) -> bool {
    facts.calls.iter().any(|call| {
        let arguments = facts.list(call.arguments);
        let Value::Member(object, name) = facts.value(call.callee) else { return false };
        match facts.text(name) {
            "get" | "getAll" => {
                arguments.len() == 1
                    && facts.literal(arguments[0]).is_some()
                    && is_parameter(facts, object, function, position)
            }
            "fromEntries" => arguments.first().is_some_and(|&of| is_parameter(facts, of, function, position)),
            _ => false,
        }
    })
}

/// Whether a value is what a parameter was passed.
pub(in crate::project) fn is_parameter(
    facts: &FileFacts,
    value: ValueId,
    function: FunctionRef,
    position: u32,
) -> bool {
    match facts.value(value) {
        Value::Variable(variable) => {
            let variable = facts.variables[variable as usize];
            !variable.reassigned
                && variable.init != NONE
                && facts.value(variable.init) == Value::Parameter(function.function, position)
        }
        Value::Cast(inner, _) => is_parameter(facts, inner, function, position),
        value => value == Value::Parameter(function.function, position),
    }
}
