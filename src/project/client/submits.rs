//! Forms of HTML whose own handler submits them to an action, where an action handed to the form would do the same.

use super::pending::enclosing;
use super::starts::ClientCall;
use crate::diagnostic::Place;
use crate::facts::{CallId, CallKind, FileFacts, FunctionId, Operator, Use, Value, ValueId};
use crate::project::Project;
use crate::project::actions::ActionId;
use crate::project::effects::summary::Site;
use crate::project::graph::{Callee, Via};
use crate::project::program::modules::{FunctionRef, ModuleId};

/// How deep components of the project are looked into.
const MOST_COMPONENTS: u32 = 4;

/// A form whose own handler submits it to an action.
#[derive(Debug, Clone)]
pub struct OwnSubmit<'p> {
    /// The action.
    pub action: ActionId,
    /// The call of the action.
    pub call: &'p ClientCall,
    /// The handler, where the form is handed it.
    pub handler: Place,
    /// What keeps the browser from submitting the form itself.
    pub prevents: Place,
}

impl Project {
    /// The forms of HTML whose handler prevents the default, calls an action and waits for nothing else, by action, then place. A form that is
    /// there only when the page's script has shown it, and one that shows what it will have done, need the script anyway.
    #[must_use]
    pub fn own_submits(&self) -> Vec<OwnSubmit<'_>> {
        let mut found = Vec::new();
        for (action, call) in self.called_by_events() {
            let Some((module, edge)) = call.way.first().and_then(|&start| self.handed_at(start)) else { continue };
            let here = self.module(module);
            let (facts, form) = (&here.facts, here.facts.calls[edge.call as usize]);
            let is_form = facts.literal(form.callee) == Some("form");
            let is_submit = matches!(edge.via, Via::Property(name) if facts.text(name) == "onSubmit");
            let Callee::Function(handler) = edge.to else { continue };
            if !is_form || !is_submit || facts.property(facts.list(form.arguments)[0], "action").is_some() {
                continue;
            }
            let Some(prevents) = self.prevents_default(handler) else { continue };
            let functions = self.on_the_way(call, handler);
            let whole = self.only_reads(action).is_none()
                && !self.does_more(&functions)
                && !self.shows_ahead(&functions, call.site)
                && self.is_there_at_once(module, edge.call);
            if whole {
                found.push(OwnSubmit { action, call, handler: here.place(edge.span), prevents });
            }
        }
        found
    }

    /// The functions that run for a call: those inside the handler, and those around the call in another component or hook.
    fn on_the_way(&self, call: &ClientCall, handler: FunctionRef) -> Vec<FunctionRef> {
        let at = self.function_of(call.site);
        let outermost = self.outermost(at);
        let facts = &self.module(at.module).facts;
        let around = enclosing(facts, at.function, outermost.function).into_iter();
        let mut functions = self.inside(handler);
        functions.extend(around.map(|function| FunctionRef { function, ..at }).filter(|of| *of != outermost));
        functions
    }

    /// Whether functions wait for something that is no action.
    fn does_more(&self, functions: &[FunctionRef]) -> bool {
        functions.iter().any(|&of| {
            let calls = (0..).zip(&self.module(of.module).facts.calls);
            calls.filter(|(_, call)| call.function == of.function && call.result.has(Use::AWAITED)).any(|(id, _)| {
                let mut edges = self.graph.edges(of).iter().filter(|edge| edge.call == id && edge.via == Via::Call);
                let through = self
                    .graph
                    .through()
                    .edges
                    .iter()
                    .filter(|taken| (taken.module, taken.edge.call) == (of.module, id));
                let mut all = edges.by_ref().map(|edge| edge.to).chain(through.map(|taken| taken.edge.to));
                // A function on the way is waited for as well.
                !all.any(|to| match to {
                    Callee::Action(_) => true,
                    Callee::Function(function) => functions.contains(&function),
                })
            })
        })
    }

    /// Whether a state is set before a call, to something that is no literal.
    fn shows_ahead(&self, functions: &[FunctionRef], (module, call): Site) -> bool {
        let start = self.module(module).facts.calls[call as usize].span.start;
        functions.iter().any(|&of| {
            let facts = &self.module(of.module).facts;
            (0..).zip(&facts.calls).any(|(id, other)| {
                other.function == of.function
                    && (of.module != module || other.span.start < start)
                    && self.graph.notes((of.module, id)).sets_state
                    && facts.list(other.arguments).iter().any(|&value| !is_literal(facts, value))
            })
        })
    }

    /// Whether an element is there before the page's script runs: no state hides it at first, and everything around it in its component is HTML, or
    /// a component of the project that is.
    fn is_there_at_once(&self, module: ModuleId, element: CallId) -> bool {
        let facts = &self.module(module).facts;
        let form = facts.calls[element as usize];
        let around = |call: &&(CallId, &crate::facts::Call)| {
            call.1.kind == CallKind::Jsx && call.0 != element && call.1.span.contains(form.span)
        };
        let calls: Vec<(CallId, &crate::facts::Call)> = (0..).zip(&facts.calls).collect();
        let plain = calls.iter().filter(around).all(|&(id, _)| self.is_plain(module, id, MOST_COMPONENTS));
        let inside = |value: ValueId| facts.span(value).contains(form.span);
        let hidden = facts.values.iter().any(|&value| match value {
            Value::Conditional(list) => match *facts.list(list) {
                [test, then, otherwise] => {
                    let wanted = inside(then).then_some(true).or(inside(otherwise).then_some(false));
                    wanted.is_some_and(|wanted| is_state(facts, test) && at_first(facts, test) != Some(wanted))
                }
                _ => false,
            },
            Value::Logical(operator, test, shown) if inside(shown) => {
                is_state(facts, test) && at_first(facts, test) != Some(operator == Operator::And)
            }
            _ => false,
        });
        plain && !hidden
    }

    /// Whether an element is one of HTML, or of a component of the project that renders nothing else.
    fn is_plain(&self, module: ModuleId, element: CallId, left: u32) -> bool {
        let Some(left) = left.checked_sub(1) else { return false };
        let facts = &self.module(module).facts;
        if matches!(facts.value(facts.calls[element as usize].callee), Value::Str(_)) {
            return true;
        }
        let function = facts.calls[element as usize].function;
        let mut edges = self.graph.edges(FunctionRef { module, function }).iter();
        let component = edges.find_map(|edge| match edge.to {
            Callee::Function(function) if edge.call == element && edge.via == Via::Call => Some(function),
            _ => None,
        });
        component.is_some_and(|component| {
            let calls = (0..).zip(&self.module(component.module).facts.calls);
            let mut inner = calls.filter(|(_, call)| call.kind == CallKind::Jsx && call.function == component.function);
            inner.all(|(id, _)| self.is_plain(component.module, id, left))
        })
    }

    /// The call in a function, or in one inside it, that keeps the browser from doing what it does by itself.
    fn prevents_default(&self, handler: FunctionRef) -> Option<Place> {
        let here = self.module(handler.module);
        let inside: Vec<FunctionId> = self.inside(handler).into_iter().map(|of| of.function).collect();
        let prevents = here.facts.calls.iter().find(|call| {
            inside.contains(&call.function)
                && matches!(here.facts.value(call.callee), Value::Member(_, name) if here.facts.text(name) == "preventDefault")
        })?;
        Some(here.place(prevents.name_span))
    }
}

/// Whether a value is written out: `true`, `''`, `[]`.
fn is_literal(facts: &FileFacts, value: ValueId) -> bool {
    match facts.value(value) {
        Value::Bool(_) | Value::Str(_) | Value::Number(_) | Value::Null | Value::Undefined => true,
        Value::Array(list) => facts.list(list).iter().all(|&element| is_literal(facts, element)),
        Value::Object(list) => facts.properties(list).iter().all(|property| is_literal(facts, property.value)),
        _ => false,
    }
}

/// Whether a test holds while every state is what it starts as; `None` where that is not written out.
fn at_first(facts: &FileFacts, test: ValueId) -> Option<bool> {
    match facts.value(test) {
        Value::Not(inner) => at_first(facts, inner).map(|holds| !holds),
        Value::Binary(operator @ (Operator::Equal | Operator::NotEqual), left, right) => {
            let (left, right) = (start(facts, left)?, start(facts, right)?);
            Some((same(facts, left, right)) == (operator == Operator::Equal))
        }
        _ => match start(facts, test)? {
            Value::Bool(holds) => Some(holds),
            Value::Str(text) => Some(!facts.text(text).is_empty()),
            Value::Null | Value::Undefined => Some(false),
            _ => None,
        },
    }
}

/// What a state starts as, or a literal.
fn start(facts: &FileFacts, value: ValueId) -> Option<Value> {
    let literal = |value: ValueId| match facts.value(value) {
        known @ (Value::Bool(_) | Value::Str(_) | Value::Number(_) | Value::Null | Value::Undefined) => Some(known),
        _ => None,
    };
    let Value::Variable(variable) = facts.value(value) else { return literal(value) };
    let Value::Index(hook, key) = facts.value(facts.variables[variable as usize].init) else { return None };
    let (Value::Call(hook), Value::Number(key)) = (facts.value(hook), facts.value(key)) else { return None };
    let first = facts.list(facts.calls[hook as usize].arguments).first();
    first.filter(|_| facts.text(key) == "0").and_then(|&first| literal(first))
}

fn same(facts: &FileFacts, left: Value, right: Value) -> bool {
    match (left, right) {
        (Value::Str(left), Value::Str(right)) | (Value::Number(left), Value::Number(right)) => {
            facts.text(left) == facts.text(right)
        }
        _ => left == right,
    }
}

/// Whether a value is what a hook keeps, or is worked out from it: `isOpen`, `!isOpen`, `step === 2`.
fn is_state(facts: &FileFacts, value: ValueId) -> bool {
    match facts.value(value) {
        Value::Variable(variable) => {
            let init = facts.variables[variable as usize].init;
            let hook = |of: ValueId| matches!(facts.value(of), Value::Call(_));
            matches!(facts.value(init), Value::Index(of, _) | Value::Member(of, _) if hook(of))
        }
        Value::Not(inner) | Value::Cast(inner, _) | Value::Member(inner, _) => is_state(facts, inner),
        Value::Binary(_, left, right) | Value::Logical(_, left, right) => {
            is_state(facts, left) || is_state(facts, right)
        }
        _ => false,
    }
}
