//! What the walk writes into: the arenas of one file, the open functions, and the identifiers that still wait.

use super::scopes::{Binding, Pending, Position, Scopes};
use crate::facts::{
    Call, FileFacts, FileKind, Function, FunctionId, FunctionKind, ImportId, List, NONE, Name, NamesBuilder, Op,
    Property, Step, Type, TypeId, Value, ValueId, Variable, VariableId, VariableKind,
};
use crate::source::{LineIndex, Span};

/// A function whose body is being walked.
pub(super) struct Frame {
    pub(super) id: FunctionId,
    pub(super) steps: Vec<Step>,
    /// The loops, switches and labelled blocks around the current statement.
    pub(super) targets: Vec<Target>,
}

/// Something that `break` or `continue` can name.
pub(super) struct Target {
    pub(super) label: Option<Name>,
    pub(super) kind: TargetKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum TargetKind {
    Loop,
    Switch,
    Block,
}

pub(super) struct Builder {
    pub(super) facts: FileFacts,
    pub(super) names: NamesBuilder,
    pub(super) scopes: Scopes,
    pub(super) frames: Vec<Frame>,
    /// The buffers of closed frames, to be used again.
    spare: Vec<Frame>,
    /// Lists that are being written, innermost last.
    scratch: Vec<ValueId>,
    /// Objects that are being written, innermost last.
    pub(super) entries: Vec<Property>,
    /// The name that the next function or class expression is bound to.
    pub(super) hint: Option<(Name, Span)>,
    /// How many object and array literals are open around the current expression.
    pub(super) literals: u32,
    /// How deep the walk is, and the deepest it was.
    pub(super) depth: u32,
    pub(super) deepest: u32,
    /// The class whose members are being walked; [`NONE`] outside.
    pub(super) class: u32,
    /// How many nested blocks are open in the current function's body.
    pub(super) blocks: u32,
    /// Imports that stand before a misplaced directive: `(directive, imports before it)`, for "after erased statements only".
    pub(super) erased_before: Vec<(usize, Vec<ImportId>)>,
}

impl Builder {
    pub(super) fn new(kind: FileKind, text: &str) -> Self {
        let mut facts = FileFacts::empty(kind, LineIndex::new(text));
        facts.values.reserve(text.len() / 16);
        facts.spans.reserve(text.len() / 16);
        let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let module = &mut facts.functions[0];
        module.span = Span::new(0, length);
        module.body_span = module.span;
        let mut scopes = Scopes::default();
        scopes.enter(true);
        Self {
            facts,
            names: NamesBuilder::for_file(text.len()),
            scopes,
            frames: vec![Frame { id: 0, steps: Vec::new(), targets: Vec::new() }],
            spare: Vec::new(),
            scratch: Vec::new(),
            entries: Vec::new(),
            hint: None,
            literals: 0,
            depth: 0,
            deepest: 0,
            class: NONE,
            blocks: 0,
            erased_before: Vec::new(),
        }
    }

    /// Closes the module's own body, resolves what waits, and gives the facts.
    pub(super) fn finish(mut self) -> FileFacts {
        while !self.frames.is_empty() {
            self.close_frame();
        }
        self.scopes.leave();
        for pending in std::mem::take(&mut self.scopes.pending) {
            self.resolve(&pending);
        }
        self.collect_assignments();
        for (directive, imports) in std::mem::take(&mut self.erased_before) {
            let used = imports.iter().any(|&import| {
                let import = &self.facts.imports[import as usize];
                // Where JSX may be, the name `React` is never taken for unused.
                import.used || (self.facts.kind == FileKind::Tsx && self.names.text(import.local) == "React")
            });
            self.facts.directives[directive].after_erased_only &= !used;
        }
        self.finish_exports();
        self.facts.captures.sort_unstable();
        self.facts.captures.dedup();
        self.mark_read_parameters();
        self.facts.names = self.names.finish();
        self.facts
    }

    fn resolve(&mut self, pending: &Pending) {
        let binding = match pending.position {
            Position::Type => {
                let variables = &self.facts.variables;
                let is_type = |id: VariableId| {
                    matches!(variables[id as usize].kind, VariableKind::Class | VariableKind::TypeScript)
                };
                self.scopes.resolve_type(pending.name, pending.scope, is_type)
            }
            _ => self.scopes.resolve(pending.name, pending.scope),
        };
        let value = &mut self.facts.values[pending.value as usize];
        match binding {
            Some(Binding::Variable(id)) => {
                *value = Value::Variable(id);
                let variable = &mut self.facts.variables[id as usize];
                match pending.position {
                    Position::Read => variable.read = true,
                    Position::Write => variable.reassigned = true,
                    Position::Type | Position::Query => return,
                }
                let owner = variable.function;
                let mut function = pending.function;
                while owner != 0 && function != owner && function != NONE && function != 0 {
                    self.facts.captures.push((function, id));
                    function = self.facts.functions[function as usize].parent;
                }
            }
            Some(Binding::Import(id)) => {
                *value = Value::Import(id);
                if !matches!(pending.position, Position::Type | Position::Query) {
                    self.facts.imports[id as usize].used = true;
                }
            }
            Some(Binding::Alias(id)) => *value = Value::Alias(id),
            Some(Binding::TypeParameter) => {}
            None if self.names.text(pending.name) == "undefined" => *value = Value::Undefined,
            None => *value = Value::Global(pending.name),
        }
    }

    /// What is assigned to variables after their declaration; which variables is known only now.
    fn collect_assignments(&mut self) {
        let values = &self.facts.values;
        let assigned = self.facts.steps.iter().filter_map(|step| match step.op {
            Op::Assign(place, value) => match values.get(place as usize) {
                Some(&Value::Variable(variable)) => Some((variable, value)),
                _ => None,
            },
            _ => None,
        });
        self.facts.assignments.extend(assigned);
        let spans = &self.facts.spans;
        let start = |value: ValueId| spans.get(value as usize).map_or(0, |span| span.start);
        self.facts.assignments.sort_by_key(|&(variable, value)| (variable, start(value)));
    }

    /// A parameter is read where its variable is, or any variable of its pattern.
    fn mark_read_parameters(&mut self) {
        for variable in &self.facts.variables {
            if variable.kind != VariableKind::Parameter || !(variable.read || variable.reassigned) {
                continue;
            }
            if let Some((function, index)) = root_parameter(&self.facts, variable.init) {
                self.facts.functions[function as usize].parameters[index as usize].read = true;
            }
        }
    }

    pub(super) fn name(&mut self, text: &str) -> Name {
        self.names.intern(text)
    }

    /// The name of a literal's text; lone surrogates are replaced.
    pub(super) fn text(&mut self, text: &swc_atoms::Wtf8Atom) -> Name {
        match text.as_str() {
            Some(text) => self.names.literal(text),
            None => self.names.literal(&text.to_string_lossy()),
        }
    }

    pub(super) fn value(&mut self, value: Value, span: Span) -> ValueId {
        let id = u32::try_from(self.facts.values.len()).unwrap_or(NONE);
        self.facts.values.push(value);
        self.facts.spans.push(span);
        id
    }

    pub(super) fn list(&mut self, values: &[ValueId]) -> List {
        let start = u32::try_from(self.facts.lists.len()).unwrap_or(NONE);
        self.facts.lists.extend_from_slice(values);
        List { start, len: u32::try_from(values.len()).unwrap_or(0) }
    }

    /// Writes a list whose elements are walked one by one, each possibly with lists of its own.
    pub(super) fn list_of<T>(
        &mut self,
        elements: impl Iterator<Item = T>,
        mut walk: impl FnMut(&mut Self, T) -> ValueId,
    ) -> List {
        let base = self.scratch.len();
        for element in elements {
            let value = walk(self, element);
            self.scratch.push(value);
        }
        let start = u32::try_from(self.facts.lists.len()).unwrap_or(NONE);
        let len = u32::try_from(self.scratch.len() - base).unwrap_or(0);
        self.facts.lists.extend(self.scratch.drain(base..));
        List { start, len }
    }

    pub(super) fn type_(&mut self, value: Type) -> TypeId {
        let id = u32::try_from(self.facts.types.len()).unwrap_or(NONE);
        self.facts.types.push(value);
        id
    }

    pub(super) fn type_list(&mut self, types: &[TypeId]) -> List {
        let start = u32::try_from(self.facts.type_lists.len()).unwrap_or(NONE);
        self.facts.type_lists.extend_from_slice(types);
        List { start, len: u32::try_from(types.len()).unwrap_or(0) }
    }

    /// An identifier in some position, to be resolved when the file is read.
    pub(super) fn identifier(&mut self, name: Name, span: Span, position: Position) -> ValueId {
        let value = self.value(Value::Unknown, span);
        let scope = self.scopes.current();
        let function = self.function_id();
        self.scopes.pending.push(Pending { value, name, scope, function, position });
        value
    }

    /// Declares a variable; where its scope has one of that name, `var` and `function` give that one again.
    pub(super) fn declare(&mut self, name: Name, kind: VariableKind, span: Span, init: ValueId) -> VariableId {
        let hoisted = kind == VariableKind::Var;
        let again = matches!(kind, VariableKind::Var | VariableKind::Function | VariableKind::TypeScript);
        if again && let Some(Binding::Variable(id)) = self.scopes.declared_here(name, hoisted) {
            let variable = &mut self.facts.variables[id as usize];
            if variable.init == NONE {
                variable.init = init;
                variable.span = span;
            } else if init != NONE {
                variable.reassigned = true;
                self.facts.assignments.push((id, init));
            }
            return id;
        }
        let id = u32::try_from(self.facts.variables.len()).unwrap_or(NONE);
        let function = self.function_id();
        self.facts.variables.push(Variable {
            name,
            kind,
            function,
            span,
            init,
            annotation: NONE,
            reassigned: false,
            read: false,
        });
        self.scopes.declare(name, Binding::Variable(id), hoisted);
        id
    }

    /// The function whose body is being walked.
    pub(super) fn function_id(&self) -> FunctionId {
        self.frames.last().map_or(0, |frame| frame.id)
    }

    pub(super) fn frame(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("the module's frame is open while the file is walked")
    }

    /// Opens a function's body.
    pub(super) fn open_frame(&mut self, function: Function) -> FunctionId {
        let id = u32::try_from(self.facts.functions.len()).unwrap_or(NONE);
        self.facts.functions.push(function);
        let spare = self.spare.pop().unwrap_or(Frame { id, steps: Vec::new(), targets: Vec::new() });
        self.frames.push(Frame { id, ..spare });
        id
    }

    /// Closes the innermost function's body and stores its steps.
    pub(super) fn close_frame(&mut self) {
        let Some(mut frame) = self.frames.pop() else { return };
        let start = u32::try_from(self.facts.steps.len()).unwrap_or(NONE);
        let len = u32::try_from(frame.steps.len()).unwrap_or(0);
        self.facts.steps.append(&mut frame.steps);
        self.facts.functions[frame.id as usize].body = List { start, len };
        frame.targets.clear();
        self.spare.push(frame);
    }

    pub(super) fn step(&mut self, op: Op, span: Span) {
        self.frame().steps.push(Step { op, span });
    }

    /// The index that the next step gets, relative to its function's first.
    pub(super) fn here(&mut self) -> u32 {
        u32::try_from(self.frame().steps.len()).unwrap_or(u32::MAX)
    }

    /// Opens a compound step; [`Self::close`] says what it is.
    pub(super) fn open(&mut self, span: Span) -> u32 {
        let at = self.here();
        self.step(Op::Block { end: 0 }, span);
        at
    }

    /// Says what a compound step is, or takes it away where nothing followed it.
    pub(super) fn close(&mut self, at: u32, op: Op) {
        let empty = self.here() == at + 1;
        let steps = &mut self.frame().steps;
        if empty {
            steps.truncate(at as usize);
        } else {
            steps[at as usize].op = op;
        }
    }

    /// Records a call and the step at which it happens.
    pub(super) fn call(&mut self, call: Call) -> ValueId {
        let id = u32::try_from(self.facts.calls.len()).unwrap_or(NONE);
        self.facts.calls.push(call);
        self.step(Op::Call(id), call.span);
        self.value(Value::Call(id), call.span)
    }

    /// Notes an own use of `this`, `arguments` or `super`: of the innermost function, and of those around it as long as they are arrows,
    /// whose `this` is their surroundings'.
    pub(super) fn own_use(&mut self, pick: impl Fn(&mut Function) -> &mut Option<Span>, span: Span) {
        for frame in self.frames.iter().rev() {
            let function = &mut self.facts.functions[frame.id as usize];
            pick(function).get_or_insert(span);
            if function.kind != FunctionKind::Arrow {
                break;
            }
        }
    }

    /// Runs a step of the walk one level deeper, on a stack that grows.
    pub(super) fn deeper<T>(&mut self, walk: impl FnOnce(&mut Self) -> T) -> T {
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        let result = if self.depth.is_multiple_of(16) {
            stacker::maybe_grow(256 * 1024, 4 * 1024 * 1024, || walk(self))
        } else {
            walk(self)
        };
        self.depth -= 1;
        result
    }
}

/// The parameter that a pattern's part comes from.
fn root_parameter(facts: &FileFacts, mut value: ValueId) -> Option<(FunctionId, u32)> {
    loop {
        match facts.value(value) {
            Value::Parameter(function, index) => return Some((function, index)),
            Value::Member(inner, _) | Value::Index(inner, _) | Value::Rest(inner) | Value::Logical(_, inner, _) => {
                value = inner;
            }
            _ => return None,
        }
    }
}
