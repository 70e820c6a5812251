//! Who takes each value of one module: the values that it is a part of, the calls that it is handed to, the names that hold it.

use crate::facts::{CallId, FileFacts, FunctionId, NONE, Op, Operator, Value, ValueId, VariableId};

/// Something that takes a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::project) enum Taker {
    /// A value that it is a part of: a member of it, an object that holds it.
    Part(ValueId),
    /// A call that it is handed to, at this position.
    Argument(CallId, usize),
    /// A call of it.
    Callee(CallId),
    /// A name that holds it.
    Name(VariableId),
    /// Something that it is put into, and that is no name.
    Place,
    /// The function that gives it back.
    Returned(FunctionId),
    /// A branch that looks at it.
    Tested,
}

/// What values stand for, wherever they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::project) enum Said {
    /// What a call gives.
    Call(CallId),
    /// A name.
    Variable(VariableId),
    /// What a function is passed at a position.
    Parameter(FunctionId, u32),
    /// A function.
    Function(FunctionId),
}

/// The takers of one module's values.
#[derive(Debug)]
pub(in crate::project) struct Takers {
    /// By value, sorted.
    takers: Vec<(ValueId, Taker)>,
    /// By what is said, sorted.
    said: Vec<(Said, ValueId)>,
}

impl Takers {
    /// Those of a module.
    pub(in crate::project) fn of(facts: &FileFacts) -> Self {
        let mut found = Self { takers: Vec::new(), said: Vec::new() };
        for (id, &value) in (0..).zip(&facts.values) {
            found.parts(facts, id, value);
        }
        for (id, call) in (0..).zip(&facts.calls) {
            found.takers.push((call.callee, Taker::Callee(id)));
            let arguments = facts.list(call.arguments).iter().enumerate();
            found.takers.extend(arguments.map(|(index, &argument)| (argument, Taker::Argument(id, index))));
        }
        for (id, variable) in (0..).zip(&facts.variables) {
            found.takers.push((variable.init, Taker::Name(id)));
        }
        found.takers.extend(facts.assignments.iter().map(|&(variable, value)| (value, Taker::Name(variable))));
        // What something else stands in for where it is missing is no test: `user.bio ?? ''`.
        let is_fixed =
            |value| matches!(facts.value(value), Value::Str(_) | Value::Number(_) | Value::Null | Value::Undefined);
        let replaced = facts.values.iter().filter_map(|value| match *value {
            Value::Logical(Operator::Nullish | Operator::Or, one, other) if is_fixed(other) => Some(one),
            _ => None,
        });
        let replaced: Vec<ValueId> = replaced.collect();
        for function in 0..u32::try_from(facts.functions.len()).unwrap_or(NONE) {
            for step in facts.body(function) {
                match step.op {
                    Op::Return(value) | Op::Yield(value) => found.takers.push((value, Taker::Returned(function))),
                    Op::Branch { test: value, .. } | Op::Switch { value, .. } if !replaced.contains(&value) => {
                        found.takers.push((value, Taker::Tested));
                    }
                    Op::Assign(place, value) if !matches!(facts.value(place), Value::Variable(_)) => {
                        found.takers.push((value, Taker::Place));
                    }
                    _ => {}
                }
            }
        }
        found.takers.retain(|&(value, _)| value != NONE);
        found.takers.sort_unstable();
        found.takers.dedup();
        found.said.sort_unstable();
        found
    }

    fn parts(&mut self, facts: &FileFacts, id: ValueId, value: Value) {
        let mut part = |of: ValueId| self.takers.push((of, Taker::Part(id)));
        match value {
            Value::Member(inner, _)
            | Value::Rest(inner)
            | Value::Await(inner)
            | Value::Try(inner)
            | Value::Spread(inner)
            | Value::Not(inner)
            | Value::Cast(inner, _)
            | Value::Unary(_, inner) => part(inner),
            Value::Index(one, other) | Value::Binary(_, one, other) | Value::Logical(_, one, other) => {
                part(one);
                part(other);
            }
            Value::Template(list) | Value::Array(list) | Value::Conditional(list) | Value::Union(list) => {
                facts.list(list).iter().for_each(|&of| part(of));
            }
            Value::Object(list) => facts.properties(list).iter().for_each(|property| part(property.value)),
            Value::Call(call) => self.said.push((Said::Call(call), id)),
            Value::Variable(variable) => self.said.push((Said::Variable(variable), id)),
            Value::Parameter(function, index) => self.said.push((Said::Parameter(function, index), id)),
            Value::Function(function) => self.said.push((Said::Function(function), id)),
            _ => {}
        }
    }

    /// The takers of a value.
    pub(in crate::project) fn takers(&self, value: ValueId) -> impl Iterator<Item = Taker> + '_ {
        let start = self.takers.partition_point(|&(of, _)| of < value);
        self.takers[start..].iter().take_while(move |&&(of, _)| of == value).map(|&(_, taker)| taker)
    }

    /// The values that stand for something.
    pub(in crate::project) fn said(&self, said: Said) -> impl Iterator<Item = ValueId> + '_ {
        let start = self.said.partition_point(|&(of, _)| of < said);
        self.said[start..].iter().take_while(move |&&(of, _)| of == said).map(|&(_, value)| value)
    }

    /// The call whose callee a value is.
    pub(in crate::project) fn called(&self, value: ValueId) -> Option<CallId> {
        self.takers(value).find_map(|taker| match taker {
            Taker::Callee(call) => Some(call),
            _ => None,
        })
    }
}
