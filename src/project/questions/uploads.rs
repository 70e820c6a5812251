//! Files that are sent to actions: where an action takes one, and whether it is limited to what a request may carry.

use super::form_data::{is_parameter, names_only};
use crate::diagnostic::Place;
use crate::facts::{FileFacts, NONE, Operator, Type, TypeId, Value, ValueId};
use crate::project::actions::ActionId;
use crate::project::config::Setting;
use crate::project::program::modules::FunctionRef;
use crate::project::{AppId, Project};
use crate::source::Span;

/// What a request to an action may carry where nothing is configured.
const DEFAULT_LIMIT: f64 = 1024.0 * 1024.0;

/// How many actions are gone through that one hands a file on to.
const MOST_ACTIONS: usize = 3;

/// How many values are gone through from one to where it comes from.
const MOST_VALUES: u32 = 12;

impl Project {
    /// Where an action takes files, in the order of its file; nothing where it takes none that may be larger than a request.
    #[must_use]
    pub fn large_files(&self, action: ActionId) -> Vec<Place> {
        let described = self.actions.get(action);
        if !described.live || self.has_own_limit(described.app) {
            return Vec::new();
        }
        let functions = self.action_functions(described);
        let mut places: Vec<Place> = functions.iter().flat_map(|&function| self.files_in(function)).collect();
        places.sort_unstable();
        places.dedup();
        if !places.is_empty() && self.limits_any_size(functions) {
            return Vec::new();
        }
        places
    }

    /// Whether functions, what they call, or an action that they hand the file on to, compare a size with what a request may carry.
    fn limits_any_size(&self, mut functions: Vec<FunctionRef>) -> bool {
        for _ in 0..MOST_ACTIONS {
            let run = self.run(&functions);
            if run.order.iter().any(|&function| self.limits_size(function)) {
                return true;
            }
            let actions = run.hits.iter().map(|hit| self.actions.get(hit.0));
            functions = actions.flat_map(|action| self.action_functions(action)).collect();
        }
        false
    }

    /// Whether an app's configuration sets the limit, to something larger or to something that cannot be read.
    fn has_own_limit(&self, app: AppId) -> bool {
        match &self.config(app).body_size_limit {
            Setting::Absent => false,
            Setting::Known(limit) => bytes(limit).is_none_or(|bytes| bytes > DEFAULT_LIMIT),
            Setting::Unknown => true,
        }
    }

    /// Where a function, or one inside it, takes files.
    fn files_in(&self, function: FunctionRef) -> Vec<Place> {
        let here = self.module(function.module);
        let (facts, whole) = (&here.facts, here.facts.function(function.function).span);
        let inside = |span: Span| whole.contains(span);
        let mut spans: Vec<Span> = Vec::new();
        let parameters = &facts.function(function.function).parameters;
        spans.extend(parameters.iter().filter(|of| is_file(facts, of.annotation)).map(|of| of.span));
        let form = self.takes_form_data(function);
        for (id, &value) in (0..).zip(&facts.values) {
            let span = facts.span(id);
            let file = match value {
                Value::Cast(inner, annotation) => is_file(facts, annotation) && is_field(facts, inner),
                Value::Binary(Operator::InstanceOf, of, class) => {
                    matches!(facts.value(class), Value::Global(name) if is_file_class(facts.text(name)))
                        && (is_field(facts, of)
                            || form.is_some_and(|form| comes(facts, of, function, form, MOST_VALUES)))
                }
                _ => false,
            };
            if file && inside(span) {
                spans.push(span);
            }
        }
        let typed = facts.variables.iter().filter(|of| inside(of.span) && is_file(facts, of.annotation));
        spans.extend(typed.filter(|of| is_field(facts, of.init)).map(|of| of.span));
        if let Some(form) = form {
            let read = facts.calls.iter().filter(|call| inside(call.span) && reads_file(facts, call.callee));
            let of_form = read.filter(|call| match facts.value(call.callee) {
                Value::Member(object, _) => comes(facts, object, function, form, MOST_VALUES),
                _ => false,
            });
            spans.extend(of_form.map(|call| call.name_span));
        }
        spans.into_iter().map(|span| here.place(span)).collect()
    }

    /// Whether a function compares the size of something with no more than what a request may carry.
    fn limits_size(&self, function: FunctionRef) -> bool {
        let facts = &self.module(function.module).facts;
        let whole = facts.function(function.function).span;
        let is_size =
            |value: ValueId| matches!(facts.value(value), Value::Member(_, name) if facts.text(name) == "size");
        let small = |value: ValueId| {
            number(facts, value, MOST_VALUES).is_some_and(|limit| limit > 0.0 && limit <= DEFAULT_LIMIT)
        };
        (0..).zip(&facts.values).any(|(id, &value)| match value {
            Value::Binary(Operator::Compare, left, right) => {
                whole.contains(facts.span(id)) && (is_size(left) && small(right) || is_size(right) && small(left))
            }
            _ => false,
        })
    }
}

fn is_file_class(name: &str) -> bool {
    matches!(name, "File" | "Blob")
}

/// Whether a type is a file, or several of them.
fn is_file(facts: &FileFacts, annotation: TypeId) -> bool {
    match facts.types.get(annotation as usize) {
        Some(&Type::Array(inner)) => is_file(facts, inner),
        _ => names_only(facts, annotation, "File") || names_only(facts, annotation, "Blob"),
    }
}

/// Whether a value is a field of a form: `formData.get('image')`.
fn is_field(facts: &FileFacts, value: ValueId) -> bool {
    match facts.value(value) {
        Value::Variable(variable) => {
            let init = facts.variables[variable as usize].init;
            init != NONE && !matches!(facts.value(init), Value::Variable(_)) && is_field(facts, init)
        }
        Value::Cast(inner, _) => is_field(facts, inner),
        Value::Call(call) => {
            let call = facts.calls[call as usize];
            let named = matches!(facts.value(call.callee), Value::Member(_, name) if matches!(facts.text(name), "get" | "getAll"));
            let arguments = facts.list(call.arguments);
            named && arguments.len() == 1 && facts.literal(arguments[0]).is_some()
        }
        _ => false,
    }
}

/// Whether a method reads the bytes of a file.
fn reads_file(facts: &FileFacts, callee: ValueId) -> bool {
    matches!(facts.value(callee), Value::Member(_, name) if matches!(facts.text(name), "arrayBuffer" | "bytes" | "stream"))
}

/// Whether a value is made of a parameter.
fn comes(facts: &FileFacts, value: ValueId, function: FunctionRef, position: u32, left: u32) -> bool {
    let Some(left) = left.checked_sub(1) else { return false };
    if value == NONE {
        return false;
    }
    let further = |value: ValueId| comes(facts, value, function, position, left);
    is_parameter(facts, value, function, position)
        || match facts.value(value) {
            Value::Variable(variable) => further(facts.variables[variable as usize].init),
            Value::Member(inner, _) | Value::Index(inner, _) | Value::Await(inner) | Value::Cast(inner, _) => {
                further(inner)
            }
            Value::Call(call) => {
                let call = facts.calls[call as usize];
                let object = match facts.value(call.callee) {
                    Value::Member(object, _) => further(object),
                    _ => false,
                };
                object || facts.list(call.arguments).iter().any(|&argument| further(argument))
            }
            _ => false,
        }
}

/// A number that is written out, or a product of such ones: `5 * 1024 * 1024`.
fn number(facts: &FileFacts, value: ValueId, left: u32) -> Option<f64> {
    let left = left.checked_sub(1)?;
    match facts.value(value) {
        Value::Number(text) => facts.text(text).parse().ok(),
        Value::Variable(variable) => {
            let variable = facts.variables[variable as usize];
            if variable.reassigned { None } else { number(facts, variable.init, left) }
        }
        Value::Binary(Operator::Other, first, second) => {
            Some(number(facts, first, left)? * number(facts, second, left)?)
        }
        Value::Cast(inner, _) => number(facts, inner, left),
        _ => None,
    }
}

/// The bytes that a limit of the configuration says: `1mb`, `500kb`.
fn bytes(limit: &str) -> Option<f64> {
    let limit = limit.trim().to_ascii_lowercase();
    let end = limit.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(limit.len());
    let unit = match limit[end..].trim() {
        "" | "b" => 1.0,
        "kb" => 1024.0,
        "mb" => 1024.0 * 1024.0,
        "gb" => 1024.0 * 1024.0 * 1024.0,
        _ => return None,
    };
    limit[..end].parse::<f64>().ok().map(|number| number * unit)
}
