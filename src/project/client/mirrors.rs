//! States of components that stand for what a query gave: what was fetched is put into them, or they are shown in its place or along with it.

use super::fate::{hook_of, start_of};
use super::flags::turns;
use super::settling::is_written_out;
use crate::facts::{Call, CallId, CallKind, FileFacts, FunctionId, NONE, Operator, Value, ValueId};
use crate::project::Project;
use crate::project::effects::summary::Site;
use crate::project::graph::Graph;
use crate::project::program::modules::{FunctionRef, ModuleId};

/// A state of a component.
struct State<'a> {
    facts: &'a FileFacts,
    /// The call of the hook.
    hook: CallId,
}

impl Project {
    /// Whether a state may stand for what a query gave: it starts with something, something is put there whole elsewhere than in some functions, or
    /// it is shown in the place of something else.
    pub(in crate::project) fn mirrors(
        &self,
        module: ModuleId,
        setter: ValueId,
        is_own: impl Fn(FunctionId) -> bool,
    ) -> bool {
        let facts = &self.module(module).facts;
        let Some(hook) = hook_of(facts, setter) else { return true };
        let state = State { facts, hook };
        let first = start_of(facts, hook);
        first.is_some_and(|first| !is_written_out(facts, first))
            || facts.calls.iter().any(|described| !is_own(described.function) && state.is_filled_by(described))
            || facts.values.iter().any(|&value| state.is_shown_instead(value))
            || (0..).zip(&facts.calls).any(|(call, described)| {
                let makes = self.graph.notes((module, call)).gives_result;
                state.is_worked_with(described, makes)
            })
    }
}

impl Project {
    /// The calls in a function that turn a switch which stands in for what is worked out of data, `wasSent || requests.some((one) => ..)`, or
    /// one that is on from the start and hides what data would show: `isOpen && news.length > 0`.
    pub(in crate::project) fn turned_for_data(
        &self,
        graph: &Graph,
        function: FunctionRef,
    ) -> impl Iterator<Item = Site> {
        let module = function.module;
        let facts = &self.module(module).facts;
        let own = (0..).zip(&facts.calls).filter(move |(_, described)| described.function == function.function);
        let turned = own.filter(move |&(call, described)| {
            let is_instead = |state: &State<'_>, value: Value| match value {
                Value::Logical(Operator::Or | Operator::Nullish, one, other) => {
                    (state.is(one) && is_worked_out(facts, other)) || (state.is(other) && is_worked_out(facts, one))
                }
                Value::Logical(Operator::And, one, other) if state.is_on_first() => {
                    (state.is(one) && is_condition(facts, other)) || (state.is(other) && is_condition(facts, one))
                }
                _ => false,
            };
            let state = hook_of(facts, described.callee).map(|hook| State { facts, hook });
            graph.notes((module, call)).sets_state
                && turns(facts, described)
                && state.is_some_and(|state| facts.values.iter().any(|&value| is_instead(&state, value)))
        });
        turned.map(move |(call, _)| (module, call)).collect::<Vec<_>>().into_iter()
    }
}

/// Whether a value is looked at for being so or not.
fn is_condition(facts: &FileFacts, value: ValueId) -> bool {
    matches!(facts.value(value), Value::Binary(..) | Value::Not(_) | Value::Variable(_))
}

/// Whether a value is what a method of something gives.
fn is_worked_out(facts: &FileFacts, value: ValueId) -> bool {
    match facts.value(value) {
        Value::Call(call) => matches!(facts.value(facts.calls[call as usize].callee), Value::Member(..)),
        Value::Variable(variable) => {
            let init = facts.variables[variable as usize].init;
            init != NONE && matches!(facts.value(init), Value::Call(_)) && is_worked_out(facts, init)
        }
        Value::Not(inner) | Value::Cast(inner, _) => is_worked_out(facts, inner),
        _ => false,
    }
}

impl State<'_> {
    fn is(&self, value: ValueId) -> bool {
        match self.facts.value(value) {
            Value::Cast(inner, _) | Value::Spread(inner) => self.is(inner),
            _ => hook_of(self.facts, value) == Some(self.hook),
        }
    }

    /// Whether it starts as `true`.
    fn is_on_first(&self) -> bool {
        start_of(self.facts, self.hook).is_some_and(|first| matches!(self.facts.value(first), Value::Bool(true)))
    }

    /// Whether a call puts something into it whole.
    fn is_filled_by(&self, described: &Call) -> bool {
        let argument = self.facts.list(described.arguments).first();
        hook_of(self.facts, described.callee) == Some(self.hook)
            && argument.is_some_and(|&argument| {
                !matches!(self.facts.value(argument), Value::Function(_)) && !is_written_out(self.facts, argument)
            })
    }

    /// Whether it is shown where something else would be, or beside that in one list: `local ?? data`, `[...data, ...added]`.
    fn is_shown_instead(&self, value: Value) -> bool {
        let beside = |one: ValueId, other: ValueId| self.is(one) && self.may_be_data(other);
        match value {
            Value::Logical(Operator::Or | Operator::Nullish, one, other) => beside(one, other) || beside(other, one),
            Value::Conditional(list) => {
                let list = self.facts.list(list);
                matches!(list, &[_, one, other] if beside(one, other) || beside(other, one))
            }
            Value::Array(list) => {
                let list = self.facts.list(list);
                let spread = |&&of: &&ValueId| matches!(self.facts.value(of), Value::Spread(_));
                list.iter().any(|&of| self.is(of)) && list.iter().filter(spread).any(|&of| !self.is(of))
            }
            _ => false,
        }
    }

    /// Whether something is made of it where its component renders.
    fn is_worked_with(&self, described: &Call, makes: bool) -> bool {
        let mut handed = self.facts.list(described.arguments).iter().copied();
        let depends = |of: ValueId| match self.facts.value(of) {
            Value::Array(list) => self.facts.list(list).iter().any(|&of| self.is(of)),
            _ => self.is(of),
        };
        let renders = described.function == self.facts.calls[self.hook as usize].function;
        renders
            && (described.kind != CallKind::Jsx || makes)
            && handed.any(|of| if makes { depends(of) } else { self.is(of) })
    }

    fn may_be_data(&self, value: ValueId) -> bool {
        match self.facts.value(value) {
            Value::Call(call) => self.facts.calls[call as usize].kind != CallKind::Jsx,
            _ => !is_written_out(self.facts, value),
        }
    }
}
