//! The facts under construction: the arenas, the flow of the functions in progress, and what becomes of a call's result.
//!
//! Knows values, steps and spans. Knows neither the syntax tree nor how names are found.

use std::collections::BTreeSet;

use proc_macro2::Span as TokenSpan;
use rustc_hash::FxHashMap;

use super::places::Places;
use super::scope::{Scope, ScopeId};
use crate::facts::{
    Attribute, Call, CallId, CallKind, FileFacts, Function, FunctionId, List, NONE, Name, NamesBuilder, Op, Property,
    Step, Type, TypeId, Use, Value, ValueId, Variable, VariableId,
};
use crate::source::Span;

/// What `break` and `continue` count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FrameKind {
    /// `loop`, `while`, `for`
    Loop,
    /// A `match` that is written as a switch.
    Switch,
    /// A labelled block, or a `match` that is written as a block.
    Block,
    /// `try {}`, which a `?` leaves.
    Try,
}

/// A construct that can be left from inside.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) kind: FrameKind,
    pub(super) label: Option<String>,
    /// What its breaks carry.
    pub(super) values: Vec<ValueId>,
}

/// The flow of a function in progress.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) function: FunctionId,
    pub(super) steps: Vec<Step>,
    pub(super) frames: Vec<Frame>,
    /// Which variables each parameter binds.
    pub(super) bound: Vec<(u32, VariableId)>,
}

/// Everything that is known while one file is walked.
pub(super) struct Context {
    pub(super) facts: FileFacts,
    pub(super) names: NamesBuilder,
    pub(super) scopes: Vec<Scope>,
    pub(super) scope: ScopeId,
    pub(super) bodies: Vec<Body>,
    /// The `#[cfg]` attributes of the modules and `impl` blocks around.
    pub(super) cfg: Vec<Attribute>,
    /// The variable or module scope of each declared item, by the first byte of its name.
    pub(super) declared: FxHashMap<u32, u32>,
    pub(super) captures: BTreeSet<(FunctionId, VariableId)>,
    /// How deep the walk is.
    pub(super) depth: u32,
    /// Bytes that were taken off the front of the text before it was tokenised.
    offset: u32,
    places: Places,
}

impl Context {
    pub(super) fn new(facts: FileFacts, offset: u32, text: &str) -> Self {
        Self {
            places: Places::new(text),
            facts,
            names: NamesBuilder::default(),
            scopes: vec![Scope::root()],
            scope: 0,
            bodies: vec![Body { function: 0, steps: Vec::new(), frames: Vec::new(), bound: Vec::new() }],
            cfg: Vec::new(),
            declared: FxHashMap::default(),
            captures: BTreeSet::new(),
            depth: 0,
            offset,
        }
    }

    /// The finished facts.
    pub(super) fn finish(mut self) -> FileFacts {
        while self.bodies.len() > 1 {
            self.close_body();
        }
        self.close_body();
        self.facts.names = self.names.finish();
        self.facts.captures = self.captures.into_iter().collect();
        self.facts.assignments.sort_by_key(|&(variable, _)| variable);
        self.facts
    }

    /// How many bytes are in front of the tokenised text.
    pub(super) fn front(&self) -> u32 {
        self.offset
    }

    pub(super) fn span(&self, span: TokenSpan) -> Span {
        Span::new(self.places.byte(span.start()) + self.offset, self.places.byte(span.end()) + self.offset)
    }

    /// Says that from here on the tokens are those of another text, as long and with the same lines.
    pub(super) fn retokenised(&mut self, text: &str) {
        self.places = Places::new(text);
    }

    pub(super) fn join(&self, start: TokenSpan, end: TokenSpan) -> Span {
        Span::new(self.span(start).start, self.span(end).end)
    }

    /// From the first byte of one value to the last of another; a value that is none has no say.
    pub(super) fn across(&self, left: ValueId, right: ValueId) -> Span {
        let (first, last) = (self.facts.span(left), self.facts.span(right));
        match (first == Span::default(), last == Span::default()) {
            (true, _) => last,
            (_, true) => first,
            _ => Span::new(first.start.min(last.start), first.end.max(last.end)),
        }
    }

    /// From a token in front of a value to the value's end.
    pub(super) fn prefixed(&self, token: TokenSpan, value: ValueId) -> Span {
        let token = self.span(token);
        Span::new(token.start, self.facts.span(value).end.max(token.end))
    }

    pub(super) fn intern(&mut self, text: &str) -> Name {
        self.names.intern(text)
    }

    pub(super) fn push(&mut self, value: Value, span: Span) -> ValueId {
        self.facts.values.push(value);
        self.facts.spans.push(span);
        last(self.facts.values.len())
    }

    /// The same value under a wider span, as for parentheses.
    pub(super) fn widen(&mut self, value: ValueId, span: Span) -> ValueId {
        if value == NONE { NONE } else { self.push(self.facts.value(value), span) }
    }

    pub(super) fn list(&mut self, values: &[ValueId]) -> List {
        let start = index(self.facts.lists.len());
        self.facts.lists.extend_from_slice(values);
        List { start, len: index(values.len()) }
    }

    pub(super) fn properties(&mut self, properties: &[Property]) -> List {
        let start = index(self.facts.properties.len());
        self.facts.properties.extend_from_slice(properties);
        List { start, len: index(properties.len()) }
    }

    pub(super) fn add_type(&mut self, ty: Type) -> TypeId {
        self.facts.types.push(ty);
        last(self.facts.types.len())
    }

    pub(super) fn type_list(&mut self, types: &[TypeId]) -> List {
        let start = index(self.facts.type_lists.len());
        self.facts.type_lists.extend_from_slice(types);
        List { start, len: index(types.len()) }
    }

    pub(super) fn variable(&mut self, variable: Variable) -> VariableId {
        self.facts.variables.push(variable);
        last(self.facts.variables.len())
    }

    pub(super) fn member(&mut self, object: ValueId, name: &str, end: Span) -> ValueId {
        let name = self.intern(name);
        let start = if object == NONE { end.start } else { self.facts.span(object).start };
        self.push(Value::Member(object, name), Span::new(start, end.end))
    }

    pub(super) fn body(&mut self) -> &mut Body {
        self.bodies.last_mut().expect("the module's own body is open until the walk ends")
    }

    pub(super) fn function(&self) -> FunctionId {
        self.bodies.last().map_or(0, |body| body.function)
    }

    pub(super) fn open_body(&mut self, function: Function) -> FunctionId {
        self.facts.functions.push(function);
        let function = last(self.facts.functions.len());
        self.bodies.push(Body { function, steps: Vec::new(), frames: Vec::new(), bound: Vec::new() });
        function
    }

    pub(super) fn close_body(&mut self) {
        let Some(body) = self.bodies.pop() else { return };
        let range = List { start: index(self.facts.steps.len()), len: index(body.steps.len()) };
        self.facts.steps.extend(body.steps);
        let function = &mut self.facts.functions[body.function as usize];
        function.body = range;
        for (position, variable) in body.bound {
            if self.facts.variables[variable as usize].read {
                function.parameters[position as usize].read = true;
            }
        }
    }

    pub(super) fn step(&mut self, op: Op, span: Span) -> usize {
        let steps = &mut self.body().steps;
        steps.push(Step { op, span });
        steps.len() - 1
    }

    /// How many steps the function in progress has.
    pub(super) fn here(&self) -> u32 {
        self.bodies.last().map_or(0, |body| index(body.steps.len()))
    }

    pub(super) fn call(
        &mut self,
        kind: CallKind,
        callee: ValueId,
        arguments: &[ValueId],
        types: &[TypeId],
        (span, name_span): (Span, Span),
    ) -> ValueId {
        for &argument in arguments {
            self.mark(argument, Use::PASSED);
        }
        let id = self.add_call(kind, callee, arguments, types, (span, name_span));
        self.step(Op::Call(id), span);
        self.push(Value::Call(id), span)
    }

    /// A call that is not a step: a question that is answered before the program runs.
    pub(super) fn add_call(
        &mut self,
        kind: CallKind,
        callee: ValueId,
        arguments: &[ValueId],
        types: &[TypeId],
        (span, name_span): (Span, Span),
    ) -> CallId {
        let (arguments, types, function) = (self.list(arguments), self.type_list(types), self.function());
        self.facts.calls.push(Call {
            callee,
            arguments,
            kind,
            result: Use::DISCARDED,
            function,
            span,
            name_span,
            types,
        });
        last(self.facts.calls.len())
    }

    /// Opens a branch; its ends are set by [`Self::turn`] and [`Self::close_branch`].
    pub(super) fn branch(&mut self, test: ValueId, span: Span) -> usize {
        self.mark(test, Use::TESTED);
        self.step(Op::Branch { test, then: 0, end: 0 }, span)
    }

    /// Ends the part where the test holds.
    pub(super) fn turn(&mut self, branch: usize) {
        let here = self.here();
        if let Op::Branch { then, .. } = &mut self.body().steps[branch].op {
            *then = here;
        }
    }

    /// Ends the part where the test does not hold. A branch that does nothing on either side is left out.
    pub(super) fn close_branch(&mut self, branch: usize) {
        let here = self.here();
        let steps = &mut self.body().steps;
        if steps.len() == branch + 1 {
            steps.pop();
        } else if let Op::Branch { end, .. } = &mut steps[branch].op {
            *end = here;
        }
    }

    /// Ends a loop, switch, case or block at the present step.
    pub(super) fn close(&mut self, head: usize) {
        let here = self.here();
        match &mut self.body().steps[head].op {
            Op::Loop { end, .. } | Op::Switch { end, .. } | Op::Case { end, .. } | Op::Block { end } => *end = here,
            _ => {}
        }
    }

    pub(super) fn open_frame(&mut self, kind: FrameKind, label: Option<String>) {
        self.body().frames.push(Frame { kind, label, values: Vec::new() });
    }

    pub(super) fn close_frame(&mut self) -> Vec<ValueId> {
        self.body().frames.pop().map(|frame| frame.values).unwrap_or_default()
    }

    /// How many frames out the first one is that fits.
    pub(super) fn distance(&self, fits: impl Fn(&Frame) -> bool) -> Option<u32> {
        let frames = &self.bodies.last()?.frames;
        frames.iter().rev().position(fits).map(|position| index(position) + 1)
    }

    /// One of several values; those that never come about are left out.
    pub(super) fn union(&mut self, values: &[ValueId], span: Span) -> ValueId {
        let values: Vec<ValueId> = values.iter().copied().filter(|&value| value != NONE).collect();
        match values[..] {
            [] => NONE,
            [only] => only,
            _ => {
                let list = self.list(&values);
                self.push(Value::Union(list), span)
            }
        }
    }

    /// Says what becomes of the call, or calls, that `value` stands for.
    pub(super) fn mark(&mut self, value: ValueId, what: Use) {
        let (mut value, mut others) = (value, Vec::new());
        loop {
            let inner = match self.facts.value(value) {
                Value::Call(call) => {
                    let result = &mut self.facts.calls[call as usize].result;
                    *result = result.and(what);
                    None
                }
                Value::Await(inner) | Value::Try(inner) | Value::Cast(inner, _) | Value::Rest(inner) => Some(inner),
                Value::Not(inner) | Value::Unary(_, inner) if what == Use::TESTED => Some(inner),
                Value::Not(inner) | Value::Unary(_, inner) => {
                    self.mark(inner, Use::PASSED);
                    None
                }
                Value::Logical(_, left, right) => {
                    others.push(right);
                    Some(left)
                }
                Value::Binary(_, left, right) if what == Use::TESTED => {
                    others.push(right);
                    Some(left)
                }
                Value::Union(list) => {
                    others.extend_from_slice(&self.facts.lists[list.range()]);
                    None
                }
                Value::Conditional(list) => {
                    others.extend_from_slice(&self.facts.lists[list.range()][1..]);
                    None
                }
                _ => None,
            };
            let Some(next) = inner.or_else(|| others.pop()) else { return };
            value = next;
        }
    }
}

fn last(len: usize) -> u32 {
    index(len - 1)
}

/// An index of an arena; files are far smaller than what would overflow it.
pub(super) fn index(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
