//! What an expression of a configuration may be: every value that it can have, as far as they are written out.

use crate::diagnostic::Place;
use crate::facts::{CallKind, ExportKind, NONE, Op, Operator, PropertyKey, Value, ValueId, VariableId};
use crate::project::Project;
use crate::project::program::modules::{FunctionRef, ModuleId};
use crate::project::program::symbols::{Binding, Meaning};
use crate::project::values::evaluate::Evaluator;

/// How many values are looked at for one configuration.
const MOST: u32 = 20_000;
/// How deep names, wrappers, spreads and conditions are followed.
const DEEPEST: u32 = 24;
/// How many values one expression may have.
const MOST_VALUES: usize = 24;

/// A value of the project, and the variables that it was found through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::project) struct At {
    pub(in crate::project) module: ModuleId,
    pub(in crate::project) value: ValueId,
    pub(in crate::project) through: Vec<(ModuleId, VariableId)>,
}

/// What an expression may be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::project) struct Possible {
    /// The values that are written out.
    pub(in crate::project) values: Vec<At>,
    /// Whether it may be nothing at all.
    pub(in crate::project) absent: bool,
    /// Whether it may be something that cannot be read.
    pub(in crate::project) open: bool,
}

impl Possible {
    pub(in crate::project) fn unknown() -> Self {
        Self { open: true, ..Self::default() }
    }

    /// Whether it is one known value and nothing else.
    pub(in crate::project) fn is_one(&self) -> bool {
        self.values.len() == 1 && !self.absent && !self.open
    }

    fn add(&mut self, other: Self) {
        for at in other.values {
            match self.values.iter_mut().find(|known| (known.module, known.value) == (at.module, at.value)) {
                Some(known) => known.through.extend(at.through),
                None => self.values.push(at),
            }
        }
        self.absent |= other.absent;
        self.open |= other.open;
        if self.values.len() > MOST_VALUES {
            self.values.truncate(MOST_VALUES);
            self.open = true;
        }
    }
}

/// Reads the values of a configuration.
pub(in crate::project) struct Reader<'e, 'p> {
    pub(in crate::project) project: &'p Project,
    eval: &'e mut Evaluator<'p>,
    left: u32,
    wrapped: Vec<(String, Place)>,
}

impl<'e, 'p> Reader<'e, 'p> {
    pub(in crate::project) fn new(project: &'p Project, eval: &'e mut Evaluator<'p>) -> Self {
        Self { project, eval, left: MOST, wrapped: Vec::new() }
    }

    /// The paths that wrappers lead elsewhere, sorted.
    pub(in crate::project) fn into_wrapped(mut self) -> Vec<(String, Place)> {
        self.wrapped.sort();
        self.wrapped.dedup();
        self.wrapped
    }

    pub(in crate::project) fn value(&self, at: &At) -> Value {
        self.project.module(at.module).facts.value(at.value)
    }

    pub(in crate::project) fn place(&self, at: &At) -> Place {
        let module = self.project.module(at.module);
        module.place(module.facts.span(at.value))
    }

    /// What an expression may be.
    pub(in crate::project) fn possible(&mut self, module: ModuleId, value: ValueId) -> Possible {
        self.step(module, value, Vec::new(), DEEPEST)
    }

    fn step(
        &mut self,
        module: ModuleId,
        value: ValueId,
        mut through: Vec<(ModuleId, VariableId)>,
        left: u32,
    ) -> Possible {
        self.left = self.left.saturating_sub(1);
        let Some(left) = left.checked_sub(1).filter(|_| self.left > 0) else { return Possible::unknown() };
        let facts = &self.project.module(module).facts;
        let either = |reader: &mut Self, values: &[ValueId]| {
            let mut all = Possible::default();
            values.iter().for_each(|&value| all.add(reader.step(module, value, through.clone(), left)));
            all
        };
        match facts.value(value) {
            Value::Conditional(list) => return either(self, &facts.list(list)[1..]),
            Value::Union(list) => return either(self, facts.list(list)),
            Value::Logical(Operator::And, _, then) => {
                let mut all = either(self, &[then]);
                all.absent = true;
                return all;
            }
            Value::Logical(_, one, other) => return either(self, &[one, other]),
            Value::Await(inner) => return self.step(module, inner, through, left),
            _ => {}
        }
        let mut last = None;
        let meaning = self.project.follow().watch(module, value, &mut |binding| {
            last = Some(binding);
            if let Binding::Variable(module, variable) = binding {
                through.push((module, variable));
            }
        });
        match meaning {
            Meaning::Value(at) => {
                let facts = &self.project.module(at.module).facts;
                match facts.value(at.value) {
                    Value::Call(_) => self.call(at.module, at.value, through, left),
                    Value::Conditional(_) | Value::Union(_) | Value::Logical(..) | Value::Await(_)
                        if (at.module, at.value) != (module, value) =>
                    {
                        self.step(at.module, at.value, through, left)
                    }
                    _ => Possible {
                        values: vec![At { module: at.module, value: at.value, through }],
                        ..Possible::default()
                    },
                }
            }
            Meaning::Function(function) => self.returned(function, left),
            Meaning::Unknown(_) => match last {
                Some(Binding::Variable(module, variable)) => self.variable(module, variable, through, left),
                Some(Binding::Export(owner, export)) => {
                    match self.project.module(owner).facts.exports[export as usize].kind {
                        ExportKind::Value(value) => self.step(owner, value, through, left),
                        _ => Possible::unknown(),
                    }
                }
                _ => Possible::unknown(),
            },
            _ => Possible::unknown(),
        }
    }

    /// A variable that is assigned again, or holds one of several values.
    fn variable(
        &mut self,
        module: ModuleId,
        id: VariableId,
        through: Vec<(ModuleId, VariableId)>,
        left: u32,
    ) -> Possible {
        let facts = &self.project.module(module).facts;
        let variable = &facts.variables[id as usize];
        if matches!(facts.value(variable.init), Value::Parameter(..) | Value::Unknown) && variable.init != NONE {
            return Possible::unknown();
        }
        let again = facts.assignments.iter().filter(|(other, _)| *other == id).map(|(_, value)| *value);
        let steps = facts.steps.iter().filter_map(|step| match step.op {
            Op::Assign(place, value) if facts.value(place) == Value::Variable(id) => Some(value),
            _ => None,
        });
        let assigned: Vec<ValueId> = again.chain(steps).collect();
        let open = variable.reassigned && assigned.is_empty();
        let mut all = Possible { absent: variable.init == NONE, open, ..Possible::default() };
        for value in (variable.init != NONE).then_some(variable.init).into_iter().chain(assigned) {
            all.add(self.step(module, value, through.clone(), left));
        }
        all
    }

    /// What a wrapper gives back, or a function of the project returns.
    fn call(&mut self, module: ModuleId, value: ValueId, through: Vec<(ModuleId, VariableId)>, left: u32) -> Possible {
        let facts = &self.project.module(module).facts;
        let Value::Call(id) = facts.value(value) else { return Possible::unknown() };
        let call = &facts.calls[id as usize];
        if let Some(passed) = self.eval.passed(module, call.callee) {
            let argument = facts.list(call.arguments).get(passed.argument as usize).copied();
            if passed.routes {
                self.added_routes(module, value, argument.unwrap_or(NONE));
            }
            return argument.map_or_else(Possible::unknown, |argument| self.step(module, argument, through, left));
        }
        match self.project.follow().value(module, call.callee) {
            Meaning::Function(function) if call.kind == CallKind::Plain => self.returned(function, left),
            // Methods of arrays are read where an array is wanted.
            _ if matches!(facts.value(call.callee), Value::Member(..)) => {
                Possible { values: vec![At { module, value, through }], ..Possible::default() }
            }
            _ => Possible::unknown(),
        }
    }

    /// What a function may return.
    fn returned(&mut self, function: FunctionRef, left: u32) -> Possible {
        let facts = &self.project.module(function.module).facts;
        let mut all = Possible::default();
        for step in facts.body(function.function) {
            match step.op {
                Op::Return(NONE) => all.absent = true,
                Op::Return(value) => all.add(self.step(function.module, value, Vec::new(), left)),
                _ => {}
            }
        }
        all.absent |= all.values.is_empty() && !all.open;
        all
    }

    /// What stands under a key of any of several objects, spreads followed.
    pub(in crate::project) fn key(&mut self, objects: &Possible, key: &str) -> Possible {
        let mut all = Possible { values: Vec::new(), absent: objects.absent, open: objects.open };
        for at in &objects.values {
            all.add(self.key_of(at, key, DEEPEST));
        }
        all
    }

    fn key_of(&mut self, at: &At, key: &str, left: u32) -> Possible {
        let facts = &self.project.module(at.module).facts;
        let list = match facts.value(at.value) {
            Value::Object(list) => list,
            Value::Undefined | Value::Null | Value::Bool(_) => return Possible { absent: true, ..Possible::default() },
            _ => return Possible::unknown(),
        };
        let Some(left) = left.checked_sub(1) else { return Possible::unknown() };
        let mut all = Possible::default();
        for property in facts.properties(list).iter().rev() {
            match property.key {
                PropertyKey::Named(name) if facts.text(name) == key => {
                    all.add(self.step(at.module, property.value, Vec::new(), left));
                    return all;
                }
                PropertyKey::Named(_) => {}
                PropertyKey::Spread => {
                    let spread = self.step(at.module, property.value, Vec::new(), left);
                    let mut inner = Possible { values: Vec::new(), absent: spread.absent, open: spread.open };
                    spread.values.iter().for_each(|at| inner.add(self.key_of(at, key, left)));
                    let settled = !inner.absent;
                    all.add(Possible { absent: false, ..inner });
                    if settled {
                        return all;
                    }
                }
                PropertyKey::Computed(_) | PropertyKey::More => all.open = true,
            }
        }
        all.absent = true;
        all
    }

    /// A text that is written out, its parts too.
    pub(in crate::project) fn text(&mut self, at: &At) -> Option<String> {
        let facts = &self.project.module(at.module).facts;
        let joined = |reader: &mut Self, parts: &[ValueId]| -> Option<String> {
            parts.iter().map(|&part| reader.only_text(at.module, part)).collect()
        };
        match facts.value(at.value) {
            Value::Str(name) | Value::Number(name) => Some(facts.text(name).to_owned()),
            Value::Template(list) => joined(self, facts.list(list)),
            Value::Binary(Operator::Add, left, right) => joined(self, &[left, right]),
            _ => None,
        }
    }

    fn only_text(&mut self, module: ModuleId, value: ValueId) -> Option<String> {
        let possible = self.possible(module, value);
        if !possible.is_one() {
            return None;
        }
        possible.values.first().and_then(|at| self.text(at))
    }

    pub(in crate::project) fn flag(&mut self, at: &At) -> Option<bool> {
        match self.value(at) {
            Value::Bool(flag) => Some(flag),
            Value::Undefined | Value::Null => Some(false),
            _ => None,
        }
    }

    pub(in crate::project) fn texts(&mut self, at: &At) -> Option<Vec<String>> {
        let facts = &self.project.module(at.module).facts;
        let Value::Array(list) = facts.value(at.value) else { return None };
        facts.list(list).iter().map(|&element| self.only_text(at.module, element)).collect()
    }

    /// The paths that the options of a wrapper name.
    fn added_routes(&mut self, module: ModuleId, value: ValueId, passed: ValueId) {
        let facts = &self.project.module(module).facts;
        let place = module_place(self.project, module, value);
        let mut open = vec![value];
        while let Some(value) = open.pop() {
            self.left = self.left.saturating_sub(1);
            if self.left == 0 {
                return;
            }
            match facts.value(value) {
                Value::Call(call) => {
                    let call = &facts.calls[call as usize];
                    open.extend(facts.list(call.arguments).iter().copied().filter(|&argument| argument != passed));
                    open.push(call.callee);
                }
                Value::Object(list) => open.extend(facts.properties(list).iter().map(|property| property.value)),
                Value::Variable(variable) => open.push(facts.variables[variable as usize].init),
                Value::Conditional(list) | Value::Union(list) => open.extend(facts.list(list)),
                Value::Logical(_, one, other) => open.extend([one, other]),
                Value::Str(name) if facts.text(name).starts_with('/') => {
                    self.wrapped.push((facts.text(name).to_owned(), place));
                }
                _ => {}
            }
        }
    }
}

fn module_place(project: &Project, module: ModuleId, value: ValueId) -> Place {
    let module = project.module(module);
    module.place(module.facts.span(value))
}
