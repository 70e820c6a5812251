//! Which rows of tables a value carries: followed from where it is sent through names, objects, lists and calls to the calls that read them.
//!
//! Values are followed, not terms, since the places between are what a report shows; terms say which function is called. A row
//! whose columns are picked, and a value that cannot be followed, carry nothing.

use rustc_hash::FxHashSet;

use super::read::Read;
use super::tables::Tables;
use crate::diagnostic::Place;
use crate::facts::{FileFacts, NONE, Op, Operator, PropertyKey, Value, ValueId, VariableId};
use crate::project::effects::summary::Site;
use crate::project::program::modules::{FunctionRef, ModuleId};
use crate::project::values::evaluate::Evaluator;
use crate::project::values::terms::{Bindings, TermId};
use crate::source::Span;

/// How deep values and calls are followed.
pub(in crate::project) const DEEPEST: u32 = 96;
/// How many functions are entered from one endpoint.
const MOST_FRAMES: usize = 200;
/// How many values are looked at for one endpoint.
const MOST_VALUES: u32 = 8_000;

/// What is looked for in a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::project) enum Sought {
    /// Rows.
    Data,
    /// A response that is made of data.
    Response,
}

/// What a parameter is passed.
#[derive(Debug, Clone, Copy)]
pub(in crate::project) enum Passed {
    /// A value of the frame that calls.
    Value(ValueId, usize),
    /// An element of one.
    Element(ValueId, usize),
    /// Something that is not followed.
    Unknown,
}

/// A function that was entered.
pub(in crate::project) struct Frame {
    pub(in crate::project) function: FunctionRef,
    pub(in crate::project) bindings: Bindings,
    pub(in crate::project) passed: Vec<Passed>,
    pub(in crate::project) caller: Option<usize>,
}

/// A row that a value carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::project) struct Carried {
    /// The call that reads it.
    pub(in crate::project) read: Site,
    /// What is read.
    pub(in crate::project) rows: Read,
    /// The functions that give it on the way, outermost first, each with where it does.
    pub(in crate::project) given: Vec<(FunctionRef, Place)>,
    /// The calls that lead there.
    pub(in crate::project) way: Vec<Site>,
    /// Where it is handed to a response.
    pub(in crate::project) sent: Option<Place>,
    /// The names that are taken out on the way.
    pub(in crate::project) dropped: Vec<String>,
}

/// Follows values from one endpoint.
pub(in crate::project) struct Rows<'a, 'p> {
    pub(in crate::project) eval: &'a mut Evaluator<'p>,
    /// The tables of the tree.
    pub(in crate::project) tables: &'a Tables,
    pub(in crate::project) frames: Vec<Frame>,
    visiting: FxHashSet<(usize, ValueId, usize)>,
    left: u32,
    /// The functions that are being looked at, outermost first, each with what it gives.
    pub(in crate::project) entered: Vec<(usize, Place)>,
    pub(in crate::project) way: Vec<Site>,
    pub(in crate::project) sent: Option<Place>,
    pub(in crate::project) dropped: Vec<String>,
    /// What was found.
    pub(in crate::project) found: Vec<Carried>,
}

/// Below a value: the names of members, with an empty one for any element.
pub(in crate::project) type Path = Vec<String>;

impl<'a, 'p> Rows<'a, 'p> {
    /// Nothing is followed yet.
    pub(in crate::project) fn new(eval: &'a mut Evaluator<'p>, tables: &'a Tables) -> Self {
        Self {
            eval,
            tables,
            frames: Vec::new(),
            visiting: FxHashSet::default(),
            left: MOST_VALUES,
            entered: Vec::new(),
            way: Vec::new(),
            sent: None,
            dropped: Vec::new(),
            found: Vec::new(),
        }
    }

    /// Follows what a function gives that somebody outside calls.
    pub(in crate::project) fn entry(&mut self, function: FunctionRef, bindings: Bindings, sought: Sought) {
        self.frames.push(Frame { function, bindings, passed: Vec::new(), caller: None });
        self.returned(self.frames.len() - 1, &Path::new(), sought, DEEPEST);
    }

    pub(in crate::project) fn facts(&self, frame: usize) -> (&'p FileFacts, ModuleId) {
        let module = self.frames[frame].function.module;
        (&self.eval.module(module).facts, module)
    }

    /// A term of a frame, with what its parameters are.
    pub(in crate::project) fn term(&mut self, frame: usize, value: ValueId) -> TermId {
        let Frame { function, bindings, .. } = self.frames[frame];
        let term = self.eval.value(function.module, value);
        self.eval.substitute(term, bindings)
    }

    pub(in crate::project) fn returned(&mut self, frame: usize, path: &Path, sought: Sought, left: u32) {
        let (facts, module) = self.facts(frame);
        for step in facts.body(self.frames[frame].function.function) {
            if let Op::Return(value) = step.op {
                self.entered.push((frame, self.eval.module(module).place(shown(facts, value))));
                self.value(frame, value, path, sought, left);
                self.entered.pop();
            }
        }
    }

    /// A frame of a function that is called with these values of another frame.
    pub(in crate::project) fn enter(
        &mut self,
        frame: usize,
        (function, bound): (FunctionRef, Bindings),
        arguments: &[ValueId],
    ) -> Option<usize> {
        let passed: Vec<Passed> = arguments.iter().map(|&value| Passed::Value(value, frame)).collect();
        let terms: Vec<TermId> = arguments.iter().map(|&value| self.term(frame, value)).collect();
        self.enter_with(frame, (function, bound), passed, &terms)
    }

    pub(in crate::project) fn enter_with(
        &mut self,
        frame: usize,
        (function, bound): (FunctionRef, Bindings),
        passed: Vec<Passed>,
        terms: &[TermId],
    ) -> Option<usize> {
        let again = self.entered.iter().filter(|&&(entered, _)| self.frames[entered].function == function).count();
        if self.frames.len() >= MOST_FRAMES || again > 1 {
            return None;
        }
        let bindings = self.eval.bindings_over(function, terms, bound);
        self.frames.push(Frame { function, bindings, passed, caller: Some(frame) });
        Some(self.frames.len() - 1)
    }

    pub(in crate::project) fn value(&mut self, frame: usize, value: ValueId, path: &Path, sought: Sought, left: u32) {
        let Some(left) = left.checked_sub(1).filter(|_| value != NONE && self.left > 0) else { return };
        self.left -= 1;
        let key = (frame, value, path.len());
        if !self.visiting.insert(key) {
            return;
        }
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.followed(frame, value, path, sought, left));
        self.visiting.remove(&key);
    }

    fn followed(&mut self, frame: usize, value: ValueId, path: &Path, sought: Sought, left: u32) {
        let (facts, _) = self.facts(frame);
        match facts.value(value) {
            Value::Await(inner) | Value::Cast(inner, _) | Value::Try(inner) => {
                self.value(frame, inner, path, sought, left);
            }
            Value::Variable(variable) => self.variable(frame, variable, path, sought, left),
            Value::Rest(inner) => {
                let before = self.dropped.len();
                // A part of a list is a list, and a part of an object lacks what was taken out by name.
                if path.iter().all(String::is_empty) {
                    self.dropped.extend(taken_out(facts, inner));
                }
                self.value(frame, inner, path, sought, left);
                self.dropped.truncate(before);
            }
            Value::Logical(operator, one, other) => {
                if operator != Operator::And {
                    self.value(frame, one, path, sought, left);
                }
                self.value(frame, other, path, sought, left);
            }
            Value::Conditional(list) => {
                facts.list(list).iter().skip(1).for_each(|&part| self.value(frame, part, path, sought, left));
            }
            Value::Union(list) => {
                facts.list(list).iter().for_each(|&part| self.value(frame, part, path, sought, left));
            }
            Value::Member(object, name) => {
                self.value(frame, object, &below(facts.text(name), path), sought, left);
            }
            Value::Index(object, key) => {
                let name = match facts.value(key) {
                    Value::Number(name) | Value::Str(name) => facts.text(name),
                    _ => "",
                };
                self.value(frame, object, &below(name, path), sought, left);
            }
            Value::Object(list) => self.object(frame, facts.properties(list), path, sought, left),
            Value::Array(list) => self.array(frame, facts.list(list), path, sought, left),
            Value::Parameter(function, index) => self.parameter(frame, (function, index), path, sought, left),
            Value::Call(call) => self.call(frame, call, path, sought, left),
            _ => {}
        }
    }

    fn variable(&mut self, frame: usize, variable: VariableId, path: &Path, sought: Sought, left: u32) {
        let (facts, _) = self.facts(frame);
        let first = facts.assignments.partition_point(|&(of, _)| of < variable);
        let later = facts.assignments[first..].iter().take_while(|&&(of, _)| of == variable).map(|&(_, value)| value);
        let init = facts.variables[variable as usize].init;
        for value in std::iter::once(init).chain(later) {
            self.value(frame, value, path, sought, left);
        }
    }

    fn parameter(&mut self, frame: usize, (function, index): (u32, u32), path: &Path, sought: Sought, left: u32) {
        let own = FunctionRef { module: self.frames[frame].function.module, function };
        let mut at = Some(frame);
        while let Some(frame) = at {
            let here = &self.frames[frame];
            if here.function == own {
                match here.passed.get(index as usize) {
                    Some(&Passed::Value(value, caller)) => self.value(caller, value, path, sought, left),
                    Some(&Passed::Element(value, caller)) => {
                        self.value(caller, value, &below("", path), sought, left);
                    }
                    _ => {}
                }
                return;
            }
            at = here.caller;
        }
    }

    /// The properties of an object; what is written later under a key hides what is spread before.
    fn object(&mut self, frame: usize, properties: &[crate::facts::Property], path: &Path, sought: Sought, left: u32) {
        if sought == Sought::Response {
            return;
        }
        let (facts, module) = self.facts(frame);
        let (before, given) = (self.dropped.len(), self.entered.last().copied());
        let mut written = Vec::new();
        for property in properties.iter().rev() {
            if let Some((entered, place)) = self.entered.last_mut()
                && *entered == frame
            {
                let span = if property.key == PropertyKey::Spread { facts.span(property.value) } else { property.span };
                *place = self.eval.module(module).place(span);
            }
            match (property.key, path.split_first()) {
                (PropertyKey::Named(name), None) => {
                    self.value(frame, property.value, path, sought, left);
                    written.push(facts.text(name).to_owned());
                }
                (PropertyKey::Named(name), Some((wanted, rest))) if facts.text(name) == wanted => {
                    self.value(frame, property.value, &rest.to_vec(), sought, left);
                    break;
                }
                (PropertyKey::Spread, _) => {
                    self.dropped.extend(written.iter().cloned());
                    self.value(frame, property.value, path, sought, left);
                    self.dropped.truncate(before);
                }
                _ => {}
            }
        }
        if let (Some(last), Some(given)) = (self.entered.last_mut(), given) {
            *last = given;
        }
    }

    fn array(&mut self, frame: usize, elements: &[ValueId], path: &Path, sought: Sought, left: u32) {
        let (facts, _) = self.facts(frame);
        let (at, rest) = match path.split_first() {
            Some((at, rest)) if is_index(at) => (at.parse::<usize>().ok(), rest.to_vec()),
            Some(_) => return,
            None => (None, Path::new()),
        };
        let spread = elements.iter().any(|&element| matches!(facts.value(element), Value::Spread(_)));
        let only = at.filter(|_| !spread);
        for (index, &element) in elements.iter().enumerate() {
            match facts.value(element) {
                Value::Spread(inner) => self.value(frame, inner, path, sought, left),
                _ if only.is_none_or(|only| only == index) => self.value(frame, element, &rest, sought, left),
                _ => {}
            }
        }
    }
}

/// What to point at of a value: of a call its name.
fn shown(facts: &FileFacts, value: ValueId) -> Span {
    match facts.value(value) {
        Value::Await(inner) | Value::Cast(inner, _) => shown(facts, inner),
        Value::Call(call) => facts.calls[call as usize].name_span,
        _ => facts.span(value),
    }
}

/// A path that starts a member higher.
pub(in crate::project) fn below(name: &str, path: &Path) -> Path {
    [&[name.to_owned()], path.as_slice()].concat()
}

/// Whether a name is that of an element, the empty one being any.
pub(in crate::project) fn is_index(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_digit())
}

/// The names that a pattern takes out of a value beside what is left over.
pub(in crate::project) fn taken_out(facts: &FileFacts, from: ValueId) -> impl Iterator<Item = String> + '_ {
    facts.values.iter().filter_map(move |value| match *value {
        Value::Member(object, name) if object == from => Some(facts.text(name).to_owned()),
        _ => None,
    })
}
