//! How an action that is handed on by its name is handed on in a function of one's own, which calls it without what is passed:
//! `onClick={remove}` as `onClick={() => remove()}`.

use super::runners::Run;
use crate::diagnostic::{Edit, Place};
use crate::facts::{NONE, Value, ValueId};
use crate::project::Project;
use crate::project::layers::Layer;
use crate::project::program::modules::{FunctionRef, ModuleId};
use crate::source::Span;

impl Project {
    /// The edits that hand on a function which calls the action with what is bound alone. A server component has no function that it could
    /// hand over; what is no name or a member is left alone.
    #[must_use]
    pub fn calls_itself(&self, run: &Run) -> Option<Vec<Edit>> {
        let module = run.site.0;
        if !self.is_client(module) || self.in_layer(module, Layer::Server) {
            return None;
        }
        let facts = &self.module(module).facts;
        let span = facts.span(run.value);
        let edit = |start: u32, end: u32, text: String| Edit { place: self.value_span(module, start, end), text };
        let short = run.property.as_ref().filter(|(_, place)| place.span == span);
        let opens = short.map_or_else(|| "() => ".to_owned(), |(name, _)| format!("{name}: () => "));
        match facts.value(run.value) {
            Value::Variable(_) | Value::Import(_) | Value::Member(..) => {
                Some(vec![edit(span.start, span.start, opens), edit(span.end, span.end, "()".to_owned())])
            }
            Value::Call(call) => {
                let call = facts.calls[call as usize];
                let Value::Member(function, name) = facts.value(call.callee) else { return None };
                if facts.text(name) != "bind" {
                    return None;
                }
                let (after, arguments) = (facts.span(function).end, facts.list(call.arguments));
                let rest = match arguments {
                    [_, first, ..] => edit(after, facts.span(*first).start, "(".to_owned()),
                    _ => edit(after, span.end, "()".to_owned()),
                };
                Some(vec![edit(span.start, span.start, opens), rest])
            }
            _ => None,
        }
    }

    fn value_span(&self, module: ModuleId, start: u32, end: u32) -> Place {
        self.module(module).place(Span::new(start, end))
    }

    /// The place of a value.
    #[must_use]
    pub fn value_place(&self, module: ModuleId, value: ValueId) -> Place {
        let here = self.module(module);
        here.place(here.facts.span(value))
    }

    /// The place of a parameter, where the function has one at this position.
    #[must_use]
    pub fn parameter_place(&self, function: FunctionRef, position: u32) -> Option<Place> {
        let here = self.module(function.module);
        let parameter = here.facts.function(function.function).parameters.get(position as usize)?;
        Some(here.place(parameter.span))
    }

    /// Whether a function reads what it is passed at a position.
    #[must_use]
    pub fn reads_argument(&self, function: FunctionRef, position: u32) -> bool {
        let described = self.module(function.module).facts.function(function.function);
        let parameters = &described.parameters;
        let rest = parameters.iter().position(|parameter| parameter.rest);
        let at = rest.map_or(position as usize, |rest| rest.min(position as usize));
        described.arguments.is_some() || parameters.get(at).is_some_and(|parameter| parameter.read)
    }

    /// Whether a function reads a member of what it is passed at a position: of this name, where one is given.
    #[must_use]
    pub fn reads_member(&self, function: FunctionRef, position: u32, name: Option<&str>) -> bool {
        let facts = &self.module(function.module).facts;
        let passed = Value::Parameter(function.function, position);
        facts.values.iter().any(|&value| match value {
            Value::Member(object, member) => {
                name.is_none_or(|name| facts.text(member) == name) && self.stands_for(function, object, passed)
            }
            _ => false,
        })
    }

    fn stands_for(&self, function: FunctionRef, value: ValueId, passed: Value) -> bool {
        let facts = &self.module(function.module).facts;
        match facts.value(value) {
            Value::Variable(variable) => {
                let init = facts.variables[variable as usize].init;
                init != NONE && facts.value(init) == passed
            }
            value => value == passed,
        }
    }
}
