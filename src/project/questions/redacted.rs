//! Messages that nobody reads: an action throws one for people, and the browser shows the message of the error that it gets, which the
//! framework has replaced by then.

use crate::diagnostic::Place;
use crate::facts::{CallId, CallKind, FileFacts, FunctionId, Op, Value, ValueId, VariableId};
use crate::project::Project;
use crate::project::actions::ActionId;
use crate::project::effects::summary::Site;
use crate::project::graph::{Callee, Via};
use crate::project::order::body::{catches, step_of};
use crate::project::order::frames::promise;
use crate::project::program::modules::{FunctionRef, ModuleId};

/// How deep the functions are looked into that an action calls.
const DEEPEST: usize = 2;
/// How many functions of an action are looked at.
const MOST_FUNCTIONS: usize = 64;
/// How many names and parts are gone through from a value that is shown.
const MOST_PARTS: u32 = 8;

/// A message that an action throws.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thrown {
    /// Where.
    pub place: Place,
    /// The calls that lead there from the action.
    pub way: Vec<Site>,
}

/// A call of an action whose error is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redacted {
    /// The action.
    pub action: ActionId,
    /// Its call, or the call that it is handed to.
    pub call: Site,
    /// Further calls of actions whose messages are shown by the same call.
    pub more: Vec<(ActionId, Site)>,
    /// The call that shows the message.
    pub shown: Site,
    /// The messages, in the order of the calls that lead to them.
    pub thrown: Vec<Thrown>,
}

/// What an error is called where it is caught.
#[derive(Clone, Copy)]
enum Caught {
    Variable(VariableId),
    Parameter(FunctionId),
}

impl Project {
    /// Every call of an action whose own message would be shown, by action, then call.
    #[must_use]
    pub fn redacted(&self) -> Vec<Redacted> {
        let mut found: Vec<Redacted> = Vec::new();
        for (action, described) in (0..).zip(&self.actions.all) {
            // What a wrapper makes of an error is its own business.
            let Some(function) = described.function else { continue };
            let calls = self.client_calls(action);
            if calls.is_empty() {
                continue;
            }
            let mut thrown = self.thrown_by(function);
            if returns_errors(&self.module(function.module).facts, function.function) {
                // Who returns what people are to read throws what nobody expects.
                thrown.retain(|thrown| thrown.way.is_empty());
            }
            for call in calls.iter().filter(|_| !thrown.is_empty()) {
                let shown = if call.is_called { self.shown_after(call.site) } else { self.shown_by_hook(call.site) };
                let Some(shown) = shown else { continue };
                match found.iter_mut().find(|known| known.shown == shown) {
                    Some(known) if known.call == call.site || known.more.contains(&(action, call.site)) => {}
                    Some(known) => known.more.push((action, call.site)),
                    None => {
                        let (thrown, more) = (thrown.clone(), Vec::new());
                        found.push(Redacted { action, call: call.site, more, shown, thrown });
                    }
                }
            }
        }
        found
    }

    /// The messages for people that get out of a function.
    fn thrown_by(&self, function: FunctionRef) -> Vec<Thrown> {
        let (mut found, mut seen) = (Vec::new(), vec![function]);
        let mut open: Vec<(FunctionRef, Vec<Site>)> = vec![(function, Vec::new())];
        let mut at = 0;
        while let Some((function, way)) = open.get(at).cloned() {
            at += 1;
            let here = self.module(function.module);
            let steps = here.facts.body(function.function);
            for (index, step) in (0..).zip(steps) {
                if !catches(steps, index).is_empty() {
                    continue;
                }
                match step.op {
                    Op::Throw(value) if is_for_people(&here.facts, value) => {
                        found.push(Thrown { place: here.place(here.facts.span(value)), way: way.clone() });
                    }
                    Op::Call(call) if way.len() < DEEPEST && seen.len() < MOST_FUNCTIONS => {
                        let site = (function.module, call);
                        for next in self.edges_at(site).filter(|edge| edge.via == Via::Call) {
                            let Callee::Function(next) = next.to else { continue };
                            let is_async = self.module(next.module).facts.function(next.function).is_async;
                            let promise = promise(&here.facts, call);
                            let gets_out =
                                !is_async || (promise.chain.is_empty() && (promise.awaited || promise.returned));
                            if gets_out && !seen.contains(&next) {
                                seen.push(next);
                                open.push((next, [way.as_slice(), &[site]].concat()));
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
        found
    }

    /// The call that shows the message of what a call of an action rejects with.
    fn shown_after(&self, (module, call): Site) -> Option<Site> {
        let facts = &self.module(module).facts;
        let promise = promise(facts, call);
        for &chained in &promise.chain {
            let described = facts.calls[chained as usize];
            let is_catch =
                matches!(facts.value(described.callee), Value::Member(_, name) if facts.text(name) == "catch");
            if let (true, Some(&handler)) = (is_catch, facts.list(described.arguments).first()) {
                return self.shown_in(module, handler);
            }
        }
        let function = facts.calls[call as usize].function;
        let step = step_of(facts, function, call).filter(|_| promise.awaited)?;
        let catch = *catches(facts.body(function), step).first()?;
        let steps = &facts.body(function)[catch.from as usize..catch.to as usize];
        shows(facts, steps.iter().map(|step| step.op), Caught::Variable(catch.binding)).map(|call| (module, call))
    }

    /// The call that shows the message in what a hook runs when the action has failed.
    fn shown_by_hook(&self, (module, call): Site) -> Option<Site> {
        let facts = &self.module(module).facts;
        let options = facts.list(facts.calls[call as usize].arguments).iter();
        let handler = options.rev().find_map(|&options| facts.property(options, "onError"))?;
        self.shown_in(module, handler)
    }

    fn shown_in(&self, module: ModuleId, handler: ValueId) -> Option<Site> {
        let facts = &self.module(module).facts;
        let Value::Function(function) = facts.value(handler) else { return None };
        let steps = facts.body(function).iter().map(|step| step.op);
        shows(facts, steps, Caught::Parameter(function)).map(|call| (module, call))
    }
}

/// Whether a function returns what went wrong: an object with an error in it.
fn returns_errors(facts: &FileFacts, function: FunctionId) -> bool {
    facts.body(function).iter().any(|step| match step.op {
        Op::Return(value) => facts.property(value, "error").is_some_and(|error| facts.value(error) != Value::Null),
        _ => false,
    })
}

/// Whether a value is a new error with words of its own.
fn is_for_people(facts: &FileFacts, value: ValueId) -> bool {
    let Value::Call(call) = facts.value(value) else { return false };
    let described = facts.calls[call as usize];
    let named = match facts.value(described.callee) {
        Value::Global(name) => facts.text(name).ends_with("Error"),
        Value::Import(import) => facts.text(facts.imports[import as usize].local).ends_with("Error"),
        Value::Variable(variable) => facts.text(facts.variables[variable as usize].name).ends_with("Error"),
        Value::Class(class) => facts.text(facts.classes[class as usize].name).ends_with("Error"),
        _ => false,
    };
    let Some(&message) = facts.list(described.arguments).first() else { return false };
    // A setting that is missing is no news for people.
    let is_setting =
        |word: &str| word.contains('_') && word.chars().all(|letter| letter == '_' || !letter.is_lowercase());
    let words =
        |text: &str| text.contains(' ') && text.chars().any(char::is_alphabetic) && !text.split(' ').any(is_setting);
    let says = match facts.value(message) {
        Value::Str(text) => words(facts.text(text)),
        Value::Template(list) => facts.list(list).iter().any(|&part| facts.literal(part).is_some_and(words)),
        _ => false,
    };
    described.kind == CallKind::New && named && says
}

/// The call among steps that is handed the message of what was caught, and does not only log it.
fn shows(facts: &FileFacts, steps: impl Iterator<Item = Op>, caught: Caught) -> Option<CallId> {
    let mut calls = steps.filter_map(|op| match op {
        Op::Call(call) => Some(call),
        _ => None,
    });
    calls.find(|&call| {
        let described = facts.calls[call as usize];
        let logs = matches!(facts.value(described.callee), Value::Member(object, _)
            if matches!(facts.value(object), Value::Global(name) if facts.text(name) == "console"));
        let arguments = facts.list(described.arguments);
        !logs && described.kind != CallKind::New && arguments.iter().any(|&argument| says(facts, argument, caught, 0))
    })
}

/// Whether a value is the message of what was caught, or holds it.
fn says(facts: &FileFacts, value: ValueId, caught: Caught, depth: u32) -> bool {
    if depth > MOST_PARTS {
        return false;
    }
    let says = |value: ValueId| says(facts, value, caught, depth + 1);
    match facts.value(value) {
        Value::Member(object, name) => facts.text(name) == "message" && is_caught(facts, object, caught, 0),
        Value::Variable(variable) => {
            let variable = facts.variables[variable as usize];
            !variable.reassigned && says(variable.init)
        }
        Value::Cast(inner, _) => says(inner),
        Value::Conditional(list) => facts.list(list).iter().skip(1).any(|&value| says(value)),
        Value::Logical(_, left, right) => says(left) || says(right),
        Value::Template(list) | Value::Array(list) | Value::Union(list) => {
            facts.list(list).iter().any(|&value| says(value))
        }
        Value::Object(list) => facts.properties(list).iter().any(|property| says(property.value)),
        _ => false,
    }
}

fn is_caught(facts: &FileFacts, value: ValueId, caught: Caught, depth: u32) -> bool {
    if depth > MOST_PARTS {
        return false;
    }
    match (facts.value(value), caught) {
        (Value::Variable(variable), Caught::Variable(of)) if variable == of => true,
        (Value::Variable(variable), _) => is_caught(facts, facts.variables[variable as usize].init, caught, depth + 1),
        (Value::Parameter(function, 0), Caught::Parameter(of)) => function == of,
        (Value::Cast(inner, _), _) => is_caught(facts, inner, caught, depth + 1),
        _ => false,
    }
}
