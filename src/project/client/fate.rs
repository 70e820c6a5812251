//! What becomes of what a call gives: whether anything looks at it, and whether a component's state is set with it, so that it is shown.
//!
//! Values are followed through names, callbacks of promises and functions that return them; whatever is made of a value is a part of it.

use rustc_hash::FxHashMap;

use super::outcomes::is_outcome;
use crate::diagnostic::Place;
use crate::facts::{CallId, CallKind, FileFacts, FunctionId, NONE, Op, Operator, Use, Value, ValueId, VariableId};
use crate::models::When;
use crate::project::Project;
use crate::project::effects::summary::Site;
use crate::project::graph::{Callee, Via};
use crate::project::program::modules::{FunctionRef, ModuleId};

/// How many calls are looked at that give on what another one gives.
const MOST_CALLS: usize = 16;
/// How deep values are looked into; a name may be declared by itself.
const DEEPEST: u32 = 32;
/// How often callbacks of callbacks are followed.
const MOST_ROUNDS: usize = 4;

/// What becomes of what a call gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fate {
    /// Whether anything looks at it.
    pub used: bool,
    /// Where a state is first set with it, or with a part of it.
    pub shown: Option<Place>,
    /// Whether it is only ever added to what is there already.
    pub added: bool,
    /// Whether something is changed with it, or people are taken elsewhere.
    pub acted_on: bool,
    /// Whether it takes the place of what it was asked for with: the next page after the last row of this one.
    pub turns: bool,
}

/// What comes, in one module, from some of its calls.
pub(in crate::project) struct Source<'p> {
    project: &'p Project,
    module: ModuleId,
    pub(in crate::project) facts: &'p FileFacts,
    is_source: &'p dyn Fn(CallId) -> bool,
    /// First parameters of callbacks that are handed what comes from there.
    callbacks: Vec<FunctionId>,
    known: FxHashMap<VariableId, bool>,
    /// Where only what is made of a value counts, and not whatever is handed one: how many functions are gone into still.
    within: Option<u32>,
    /// Parameters that are what comes from there.
    given: Option<(FunctionId, u32)>,
}

impl<'p> Source<'p> {
    pub(in crate::project) fn new(
        project: &'p Project,
        module: ModuleId,
        is_source: &'p dyn Fn(CallId) -> bool,
    ) -> Self {
        let facts = &project.module(module).facts;
        Self {
            project,
            module,
            facts,
            is_source,
            callbacks: Vec::new(),
            known: FxHashMap::default(),
            within: None,
            given: None,
        }
    }

    /// The same, where only what is made of a value counts; a parameter may be what comes from there.
    pub(in crate::project) fn made_of(self, left: u32, given: Option<(FunctionId, u32)>) -> Self {
        Self { within: Some(left), given, ..self }
    }

    /// Follows what is handed to callbacks: `f().then(callback)`.
    pub(in crate::project) fn follow_callbacks(&mut self) {
        for _ in 0..MOST_ROUNDS {
            let before = self.callbacks.len();
            let edges = self.project.graph.module(self.module).iter();
            for edge in edges.filter(|edge| edge.via == Via::Argument(0)) {
                let Callee::Function(to) = edge.to else { continue };
                let runs = self.project.graph.notes((self.module, edge.call)).when == Some(When::Now);
                if runs && to.module == self.module && !self.callbacks.contains(&to.function) {
                    let object = self.object(edge.call);
                    if object.is_some_and(|object| self.gives(object)) {
                        self.callbacks.push(to.function);
                    }
                }
            }
            if self.callbacks.len() == before {
                return;
            }
            self.known.clear();
        }
    }

    /// The object that the method of a call belongs to.
    fn object(&self, call: CallId) -> Option<ValueId> {
        match self.facts.value(self.facts.calls[call as usize].callee) {
            Value::Member(object, _) => Some(object),
            _ => None,
        }
    }

    /// Whether a value comes from there, or is made of one that does. What is only compared is not.
    pub(in crate::project) fn gives(&mut self, value: ValueId) -> bool {
        if value == NONE {
            return false;
        }
        match self.facts.value(value) {
            Value::Call(call) => {
                let described = self.facts.calls[call as usize];
                (self.is_source)(call)
                    || (described.kind != CallKind::Jsx
                        && (self.gives_argument(call)
                            || self.object(call).is_some_and(|object| self.gives(object))
                            || self.lets_through(call)))
            }
            Value::Variable(variable) => self.variable(variable),
            Value::Parameter(function, index) => {
                self.given == Some((function, index)) || (index == 0 && self.callbacks.contains(&function))
            }
            Value::Await(inner)
            | Value::Cast(inner, _)
            | Value::Rest(inner)
            | Value::Spread(inner)
            | Value::Member(inner, _)
            | Value::Index(inner, _) => self.gives(inner),
            Value::Logical(_, left, right) | Value::Binary(Operator::Add, left, right) => {
                self.gives(left) || self.gives(right)
            }
            Value::Conditional(list) => self.facts.list(list).iter().skip(1).any(|&value| self.gives(value)),
            Value::Array(list) | Value::Template(list) | Value::Union(list) => {
                self.facts.list(list).iter().any(|&value| self.gives(value))
            }
            Value::Object(list) => self.facts.properties(list).iter().any(|property| self.gives(property.value)),
            Value::Function(function) => self.returns(function).any(|value| self.gives(value)),
            _ => false,
        }
    }

    /// Whether what a call gives may be made of an argument that comes from there.
    fn gives_argument(&mut self, call: CallId) -> bool {
        let arguments = self.facts.list(self.facts.calls[call as usize].arguments);
        let Some(left) = self.within else { return arguments.iter().any(|&argument| self.gives(argument)) };
        if self.project.graph.notes((self.module, call)).asks {
            return false;
        }
        let function = self.facts.calls[call as usize].function;
        let edges = self.project.graph.edges(FunctionRef { module: self.module, function }).iter();
        let callees: Vec<FunctionRef> = edges
            .filter(|edge| edge.call == call && edge.via == Via::Call)
            .filter_map(|edge| match edge.to {
                Callee::Function(callee) => Some(callee),
                Callee::Action(_) => None,
            })
            .collect();
        (0..).zip(arguments).any(|(index, &argument)| {
            self.gives(argument)
                && (callees.is_empty() || callees.iter().any(|&callee| self.project.gives_back((callee, index), left)))
        })
    }

    /// Whether which elements of a list are left hangs on what comes from there: `list.filter((one) => known.has(one))`.
    fn lets_through(&mut self, call: CallId) -> bool {
        let described = self.facts.calls[call as usize];
        let filters =
            matches!(self.facts.value(described.callee), Value::Member(_, name) if self.facts.text(name) == "filter");
        let first = self.facts.list(described.arguments).first().map(|&first| self.facts.value(first));
        match first {
            Some(Value::Function(function)) if filters && self.within.is_some() => {
                self.returns(function).any(|value| self.hangs_on(value, DEEPEST))
            }
            _ => false,
        }
    }

    fn hangs_on(&mut self, value: ValueId, left: u32) -> bool {
        let Some(left) = left.checked_sub(1).filter(|_| value != NONE) else { return false };
        match self.facts.value(value) {
            Value::Not(inner) | Value::Unary(_, inner) => self.hangs_on(inner, left),
            Value::Binary(_, one, other) | Value::Logical(_, one, other) => {
                self.hangs_on(one, left) || self.hangs_on(other, left)
            }
            _ => self.gives(value),
        }
    }

    pub(in crate::project) fn returns(&self, function: FunctionId) -> impl Iterator<Item = ValueId> + use<'p> {
        self.facts.body(function).iter().filter_map(|step| match step.op {
            Op::Return(value) => Some(value),
            _ => None,
        })
    }

    fn variable(&mut self, variable: VariableId) -> bool {
        if let Some(&known) = self.known.get(&variable) {
            return known;
        }
        self.known.insert(variable, false);
        let assigned = self.facts.assignments.iter().filter(|&&(of, _)| of == variable).map(|&(_, value)| value);
        let first = self.facts.variables[variable as usize].init;
        let gives = std::iter::once(first).chain(assigned).any(|value| self.gives(value));
        self.known.insert(variable, gives);
        gives
    }

    /// Whether what is put into a state is added to what was there: `[...before, ...more]`, `before.concat(more)`.
    fn adds(&mut self, value: ValueId, left: u32) -> bool {
        let Some(left) = left.checked_sub(1) else { return false };
        match self.facts.value(value) {
            Value::Array(list) => {
                let elements = self.facts.list(list);
                elements
                    .iter()
                    .any(|&element| matches!(self.facts.value(element), Value::Spread(_)) && !self.gives(element))
            }
            Value::Call(call) => {
                let method = self.facts.calls[call as usize].callee;
                matches!(self.facts.value(method), Value::Member(_, name) if self.facts.text(name) == "concat")
            }
            Value::Object(list) => self.facts.properties(list).iter().any(|property| self.adds(property.value, left)),
            Value::Function(function) => self.returns(function).any(|value| self.adds(value, left)),
            Value::Conditional(list) => self.facts.list(list).iter().skip(1).any(|&value| self.adds(value, left)),
            Value::Logical(_, a, b) => self.adds(a, left) || self.adds(b, left),
            Value::Variable(variable) => {
                let first = self.facts.variables[variable as usize].init;
                self.adds(first, left)
            }
            _ => false,
        }
    }
}

/// Whether a setter's state starts as `true` or `false`: a flag shows no data.
pub(in crate::project) fn sets_flag(facts: &FileFacts, setter: ValueId) -> bool {
    let first = hook_of(facts, setter).and_then(|hook| start_of(facts, hook));
    first.is_some_and(|first| matches!(facts.value(first), Value::Bool(_)))
}

/// What a state starts with: what its hook is handed first.
pub(in crate::project) fn start_of(facts: &FileFacts, hook: CallId) -> Option<ValueId> {
    facts.list(facts.calls[hook as usize].arguments).first().copied()
}

/// The call of which a name is an element, as a state and its setter are: `const [items, setItems] = useState()`.
pub(in crate::project) fn hook_of(facts: &FileFacts, name: ValueId) -> Option<CallId> {
    let Value::Variable(name) = facts.value(name) else { return None };
    let Value::Index(hook, _) = facts.value(facts.variables[name as usize].init) else { return None };
    match facts.value(hook) {
        Value::Call(hook) => Some(hook),
        _ => None,
    }
}

impl Project {
    /// What becomes of what a call gives.
    #[must_use]
    pub fn fate(&self, site: Site) -> Fate {
        let (mut fate, mut open, mut seen) = (Fate { added: true, ..Fate::default() }, vec![site], Vec::new());
        while let Some(site) = open.pop() {
            if seen.contains(&site) || seen.len() >= MOST_CALLS {
                continue;
            }
            seen.push(site);
            self.fate_here(site, &mut fate, &mut open);
        }
        Fate { added: fate.added && fate.shown.is_some(), ..fate }
    }

    fn fate_here(&self, (module, call): Site, fate: &mut Fate, open: &mut Vec<Site>) {
        let is_source = |of: CallId| of == call;
        let mut source = Source::new(self, module, &is_source);
        source.follow_callbacks();
        let facts = source.facts;
        let described = facts.calls[call as usize];
        let looked = [Use::STORED, Use::TESTED, Use::PASSED].into_iter().any(|bit| described.result.has(bit));
        let read = |&function: &FunctionId| facts.function(function).parameters.first().is_some_and(|of| of.read);
        // A hook that runs an action keeps what it gives.
        let hook = super::hook_behind(facts, described.callee);
        let kept = hook.is_some_and(|hook| self.graph.when(module, hook) == Some(When::Event));
        fate.used |= looked || kept || source.callbacks.iter().any(read);
        for (index, setter) in (0..).zip(&facts.calls) {
            let notes = self.graph.notes((module, index));
            fate.acted_on |= notes.acts && facts.list(setter.arguments).iter().any(|&value| source.gives(value));
            if !notes.sets_state {
                continue;
            }
            let handed_setter = source.object(index).is_some_and(|object| source.gives(object));
            let data = facts.list(setter.arguments).iter().copied().find(|&value| source.gives(value));
            let data = data.filter(|&value| !is_outcome(facts, value) && !sets_flag(facts, setter.callee));
            if handed_setter || data.is_some() {
                fate.used = true;
                fate.shown.get_or_insert_with(|| self.module(module).place(setter.name_span));
                fate.added &= data.is_some_and(|value| source.adds(value, 4));
                fate.turns |=
                    hook_of(facts, setter.callee).is_some_and(|hook| self.is_asked_with((module, call), hook));
            }
        }
        let around = described.function;
        if around != 0 && source.returns(around).any(|value| source.gives(value)) {
            open.extend(self.calls_of(FunctionRef { module, function: around }));
        } else if described.result.has(Use::CHAINED) {
            // A member of it is read: `(await load()).items`.
            fate.used |= !facts.calls.iter().any(|next| {
                matches!(facts.value(next.callee), Value::Member(object, _)
                if facts.value(object) == Value::Call(call))
            });
        }
    }

    /// Whether an argument of a call comes from another call of its module.
    fn is_asked_with(&self, (module, call): Site, from: CallId) -> bool {
        let is_source = |of: CallId| of == from;
        let mut source = Source::new(self, module, &is_source);
        let arguments = source.facts.list(source.facts.calls[call as usize].arguments);
        arguments.iter().any(|&argument| source.gives(argument))
    }

    /// The calls of a function.
    fn calls_of(&self, function: FunctionRef) -> Vec<Site> {
        let own = self.modules().flat_map(|(module, _)| self.graph.module(module).iter().map(move |of| (module, of)));
        let through = self.graph.through().edges.iter().map(|taken| (taken.module, &taken.edge));
        let calls =
            own.chain(through).filter(|(_, edge)| edge.to == Callee::Function(function) && edge.via == Via::Call);
        calls.map(|(module, edge)| (module, edge.call)).collect()
    }

    /// Whether an argument of a call follows what is typed only after a while: it comes from something debounced, or from a hook of the
    /// project that waits for a timer.
    #[must_use]
    pub fn waits_for_arguments(&self, (module, call): Site) -> bool {
        let waits = |of: CallId| self.is_debounced((module, of));
        let mut source = Source::new(self, module, &waits);
        let arguments = source.facts.list(source.facts.calls[call as usize].arguments);
        arguments.iter().any(|&argument| source.gives(argument))
    }

    fn is_debounced(&self, (module, call): Site) -> bool {
        if self.graph.notes((module, call)).when == Some(When::Debounced) || self.is_set_by_timer(module, call) {
            return true;
        }
        let function = self.module(module).facts.calls[call as usize].function;
        let edges = self.graph.edges(FunctionRef { module, function }).iter();
        let called = edges.filter(|edge| edge.call == call && edge.via == Via::Call);
        let mut hooks = called.filter_map(|edge| match edge.to {
            Callee::Function(function) => Some(function),
            Callee::Action(_) => None,
        });
        hooks.any(|hook| self.waits(hook))
    }

    /// Whether a call gives a state that is set when a timer has run out.
    fn is_set_by_timer(&self, module: ModuleId, hook: CallId) -> bool {
        let facts = &self.module(module).facts;
        let timers =
            self.graph.module(module).iter().filter(|edge| {
                edge.via != Via::Call && self.graph.notes((module, edge.call)).when == Some(When::Deferred)
            });
        let timed: Vec<FunctionId> = timers
            .filter_map(|edge| match edge.to {
                Callee::Function(function) if function.module == module => Some(function.function),
                _ => None,
            })
            .collect();
        (0..).zip(&facts.calls).any(|(index, call)| {
            timed.contains(&call.function)
                && self.graph.notes((module, index)).sets_state
                && hook_of(facts, call.callee) == Some(hook)
        })
    }

    /// Whether a function starts a timer, itself or in a function inside it.
    fn waits(&self, hook: FunctionRef) -> bool {
        let inside = self.inside(hook);
        let calls = (0..).zip(&self.module(hook.module).facts.calls);
        let mut own = calls.filter(|(_, call)| inside.iter().any(|of| of.function == call.function));
        own.any(|(id, _)| matches!(self.graph.notes((hook.module, id)).when, Some(When::Deferred | When::Debounced)))
    }
}
