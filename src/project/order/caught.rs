//! What a `catch` does with what the framework throws to redirect: whether it may throw it on, or keeps it.
//!
//! What is thrown is an `Error`, of no class of a library or of the project. Everything that a test says beyond that is unknown, and
//! then both ways count: only where no way can throw it on is it kept.

use std::cell::Cell;

use super::body::{Catch, end};
use crate::diagnostic::Place;
use crate::facts::{CallId, CallKind, FileFacts, FunctionId, NONE, Op, Operator, Step, Value, ValueId, VariableId};
use crate::models::Effect;
use crate::project::Project;
use crate::project::effects::{Doing, Happening};
use crate::project::graph::{Callee, Via};
use crate::project::program::modules::{FunctionRef, ModuleId};
use crate::source::Span;

/// How many names are gone through to what was caught.
const MOST_NAMES: u32 = 6;
/// How deep functions are looked into that are handed what was caught.
const DEEPEST: u32 = 3;

/// What becomes of what is thrown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::project) enum Outcome {
    /// No way throws it on.
    Kept,
    /// It, or the same again, is thrown on.
    Passed,
    /// It is handed to somebody who may throw it on.
    Unknown,
}

/// A `catch`, or the callback that stands for one.
pub(in crate::project) struct Caught<'p> {
    pub(in crate::project) project: &'p Project,
    pub(in crate::project) doing: &'p Doing,
    pub(in crate::project) module: ModuleId,
    /// The function in which it stands, or the callback.
    pub(in crate::project) function: FunctionId,
    /// Whether nothing of the project calls that function, so that what it returns is the answer.
    pub(in crate::project) is_outermost: bool,
}

/// What was caught: a variable, or the first parameter of a callback.
#[derive(Clone, Copy)]
enum Binding {
    Variable(VariableId),
    Parameter,
}

/// One look through a `catch`.
struct Look<'c, 'p> {
    caught: &'c Caught<'p>,
    binding: Binding,
    happening: &'c Happening,
    passes: Cell<bool>,
    unknown: Cell<bool>,
}

impl<'p> Caught<'p> {
    fn facts(&self) -> &'p FileFacts {
        &self.project.module(self.module).facts
    }

    fn steps(&self) -> &'p [Step] {
        self.facts().body(self.function)
    }

    /// What a `catch` does.
    pub(in crate::project) fn statement(&self, catch: Catch, happening: &Happening) -> Outcome {
        let look = self.look(Binding::Variable(catch.binding), happening);
        let falls = look.part(catch.from, catch.to);
        // What follows may end the request in the same way.
        let rest = u32::try_from(self.steps().len()).unwrap_or(NONE);
        if falls && (catch.end..rest).any(|at| look.ends_alike(at)) {
            look.passes.set(true);
        }
        look.keeps()
    }

    /// Whether a `catch` ends the request itself on some way.
    pub(in crate::project) fn ends(&self, catch: Catch) -> bool {
        let calls = self.calls(catch.from, catch.to);
        calls.into_iter().any(|call| {
            let site = (self.module, call);
            let mut ends = self.doing.happenings.iter().filter(|other| other.trail.contains(&site));
            ends.any(|other| matches!(other.effect, Effect::Redirect | Effect::NotFound))
        })
    }

    /// Whether steps do more than log.
    pub(in crate::project) fn tells(&self, from: u32, to: u32) -> bool {
        self.calls(from, to).into_iter().any(|call| !logs(self.facts(), self.facts().calls[call as usize].callee))
    }

    fn calls(&self, from: u32, to: u32) -> Vec<CallId> {
        let steps = &self.steps()[from as usize..to as usize];
        let call = |step: &Step| match step.op {
            Op::Call(call) => Some(call),
            _ => None,
        };
        steps.iter().filter_map(call).collect()
    }

    /// What the callback of a promise does with what is thrown.
    pub(in crate::project) fn callback(&self, happening: &Happening) -> Outcome {
        let look = self.look(Binding::Parameter, happening);
        look.part(0, u32::try_from(self.steps().len()).unwrap_or(NONE));
        look.keeps()
    }

    /// The place of a `catch`: what it binds, else its first step, else the word `try`.
    pub(in crate::project) fn place(&self, catch: Catch) -> Place {
        let facts = self.facts();
        let span = match facts.variables.get(catch.binding as usize) {
            Some(variable) => variable.span,
            None if catch.from < catch.to => self.steps()[catch.from as usize].span,
            None => {
                let start = self.steps()[catch.head as usize].span.start;
                Span { start, end: start + 3 }
            }
        };
        self.project.module(self.module).place(span)
    }

    fn look<'c>(&'c self, binding: Binding, happening: &'c Happening) -> Look<'c, 'p> {
        Look { caught: self, binding, happening, passes: Cell::new(false), unknown: Cell::new(false) }
    }
}

impl Look<'_, '_> {
    fn keeps(&self) -> Outcome {
        match (self.passes.get(), self.unknown.get()) {
            (true, _) => Outcome::Passed,
            (_, true) => Outcome::Unknown,
            _ => Outcome::Kept,
        }
    }

    /// Goes through the steps of a part; whether its end is reached.
    fn part(&self, mut at: u32, to: u32) -> bool {
        let steps = self.caught.steps();
        while at < to {
            let next = end(steps, at);
            let falls = match steps[at as usize].op {
                Op::Branch { test, then, end } => match self.truth(test) {
                    Some(true) => self.part(at + 1, then),
                    Some(false) => self.part(then, end),
                    None => {
                        let (left, right) = (self.part(at + 1, then), self.part(then, end));
                        left || right
                    }
                },
                Op::Call(call) => self.call(call, at),
                Op::Throw(value) => {
                    if self.carries(value, 0) {
                        self.passes.set(true);
                    }
                    false
                }
                Op::Return(value) => {
                    if self.carries(value, 0) && !self.caught.is_outermost {
                        self.unknown.set(true);
                    }
                    false
                }
                Op::Assign(_, value) => {
                    if self.carries(value, 0) {
                        self.unknown.set(true);
                    }
                    true
                }
                Op::Loop { .. } | Op::Switch { .. } | Op::Case { .. } | Op::Block { .. } | Op::Try { .. } => {
                    self.part(at + 1, next);
                    true
                }
                Op::Break(_) | Op::Continue(_) | Op::Await(_) | Op::Yield(_) => true,
            };
            if !falls {
                return false;
            }
            at = next;
        }
        true
    }

    /// What a call in a `catch` does with it; whether what follows is reached.
    fn call(&self, call: CallId, step: u32) -> bool {
        if self.ends_alike(step) {
            self.passes.set(true);
            return false;
        }
        match self.throws_on(call) {
            Outcome::Passed => self.passes.set(true),
            Outcome::Unknown => self.unknown.set(true),
            Outcome::Kept => {}
        }
        true
    }

    /// Whether a call may throw on what was caught.
    fn throws_on(&self, call: CallId) -> Outcome {
        let project = self.caught.project;
        let site = (self.caught.module, call);
        if project.graph().notes(site).rethrows {
            return Outcome::Passed;
        }
        let mut own = false;
        for edge in project.edges_at(site).filter(|edge| edge.via == Via::Call) {
            own = true;
            if let Callee::Function(function) = edge.to
                && rethrows(project, function, 0)
            {
                return Outcome::Passed;
            }
        }
        let facts = self.caught.facts();
        let described = facts.calls[call as usize];
        let handed = facts.list(described.arguments).iter().any(|&argument| self.is_caught(argument, 0));
        if own || !handed || described.kind == CallKind::New || reports(facts, described.callee) {
            return Outcome::Kept;
        }
        Outcome::Unknown
    }

    /// Whether a step ends the request as what is thrown would have.
    fn ends_alike(&self, step: u32) -> bool {
        let Op::Call(call) = self.caught.steps()[step as usize].op else { return false };
        let site = (self.caught.module, call);
        let ends = self.caught.doing.happenings.iter().filter(|other| other.trail.contains(&site));
        ends.filter(|other| matches!(other.effect, Effect::Redirect | Effect::NotFound)).any(|other| {
            let known = |target: &Option<String>| target.as_ref().is_some_and(|target| !target.contains("{}"));
            other.effect == self.happening.effect
                && (other.target == self.happening.target
                    || !known(&other.target)
                    || !known(&self.happening.target)
                    || other.effect == Effect::NotFound)
        })
    }

    /// What a test says of an error that the framework throws.
    fn truth(&self, test: ValueId) -> Option<bool> {
        let facts = self.caught.facts();
        match facts.value(test) {
            Value::Not(inner) => self.truth(inner).map(|truth| !truth),
            Value::Binary(Operator::InstanceOf, left, right) if self.is_caught(left, 0) => match facts.value(right) {
                Value::Global(name) if facts.text(name) == "Error" => Some(true),
                Value::Global(_) | Value::Import(_) | Value::Class(_) | Value::Member(..) => Some(false),
                _ => None,
            },
            Value::Variable(_) | Value::Cast(..) if self.is_caught(test, 0) => Some(true),
            _ => None,
        }
    }

    /// Whether a value is what was caught.
    fn is_caught(&self, value: ValueId, names: u32) -> bool {
        let facts = self.caught.facts();
        if names > MOST_NAMES {
            return false;
        }
        match facts.value(value) {
            Value::Variable(variable) => {
                matches!(self.binding, Binding::Variable(caught) if caught == variable)
                    || self.is_caught(facts.variables[variable as usize].init, names + 1)
            }
            Value::Parameter(function, 0) => {
                matches!(self.binding, Binding::Parameter) && function == self.caught.function
            }
            Value::Cast(inner, _) | Value::Await(inner) => self.is_caught(inner, names + 1),
            _ => false,
        }
    }

    /// Whether a value holds what was caught, so that whoever gets it may throw it on.
    fn carries(&self, value: ValueId, depth: u32) -> bool {
        let facts = self.caught.facts();
        if depth > MOST_NAMES {
            return false;
        }
        let any = |values: &[ValueId]| values.iter().any(|&value| self.carries(value, depth + 1));
        match facts.value(value) {
            Value::Array(list) | Value::Union(list) => any(facts.list(list)),
            Value::Conditional(list) => any(facts.list(list).get(1..).unwrap_or_default()),
            Value::Object(list) => {
                facts.properties(list).iter().any(|property| self.carries(property.value, depth + 1))
            }
            Value::Logical(_, left, right) => any(&[left, right]),
            Value::Spread(inner) | Value::Cast(inner, _) | Value::Await(inner) => self.carries(inner, depth + 1),
            Value::Call(call) => {
                let call_of = facts.calls[call as usize];
                let to_promise = matches!(facts.value(call_of.callee), Value::Member(object, name)
                    if facts.text(name) == "reject" && matches!(facts.value(object), Value::Global(_)));
                to_promise && any(facts.list(call_of.arguments)) || self.throws_on(call) != Outcome::Kept
            }
            _ => self.is_caught(value, 0),
        }
    }
}

/// Whether a function may throw what it is handed, or lets the framework throw on what it threw.
fn rethrows(project: &Project, function: FunctionRef, depth: u32) -> bool {
    let facts = &project.module(function.module).facts;
    if depth > DEEPEST {
        return false;
    }
    facts.body(function.function).iter().any(|step| match step.op {
        Op::Throw(value) => is_passed(facts, value, 0),
        Op::Call(call) => {
            let site = (function.module, call);
            project.graph().notes(site).rethrows
                || project.edges_at(site).filter(|edge| edge.via == Via::Call).any(|edge| match edge.to {
                    Callee::Function(next) => next != function && rethrows(project, next, depth + 1),
                    Callee::Action(_) => false,
                })
        }
        _ => false,
    })
}

/// Whether a value is a parameter, or what a call or a choice makes of one.
fn is_passed(facts: &FileFacts, value: ValueId, names: u32) -> bool {
    if names > MOST_NAMES {
        return false;
    }
    match facts.value(value) {
        Value::Parameter(..) => true,
        Value::Variable(variable) => is_passed(facts, facts.variables[variable as usize].init, names + 1),
        Value::Cast(inner, _) | Value::Await(inner) | Value::Member(inner, _) => is_passed(facts, inner, names + 1),
        Value::Conditional(list) | Value::Union(list) => {
            facts.list(list).iter().any(|&value| is_passed(facts, value, names + 1))
        }
        Value::Logical(_, left, right) => is_passed(facts, left, names + 1) || is_passed(facts, right, names + 1),
        _ => false,
    }
}

/// Whether a callee is a method of the console.
fn logs(facts: &FileFacts, callee: ValueId) -> bool {
    matches!(facts.value(callee), Value::Member(object, _)
        if matches!(facts.value(object), Value::Global(name) if facts.text(name) == "console"))
}

/// Whether a callee only tells somebody, and throws nothing: a global, or a method by which everybody logs.
fn reports(facts: &FileFacts, callee: ValueId) -> bool {
    let mut at = callee;
    loop {
        match facts.value(at) {
            Value::Global(_) => return true,
            Value::Member(object, name) => {
                let tells = ["error", "warn", "info", "log", "debug", "trace", "fatal"];
                if tells.contains(&facts.text(name)) || facts.text(name).starts_with("capture") {
                    return true;
                }
                at = object;
            }
            Value::Import(import) => {
                return facts.text(facts.imports[import as usize].local).starts_with("capture");
            }
            _ => return false,
        }
    }
}
