//! The keys under which the browser keeps what its queries fetched, as texts: a URL, or the parts of a list behind each other.

use crate::facts::{CallId, FunctionId, NONE, Op, Operator, Value, ValueId};
use crate::models::{Place, What};
use crate::project::caching::invalidation::{HOLE, may_be_same};
use crate::project::program::modules::{FunctionRef, ModuleId};
use crate::project::values::evaluate::Evaluator;
use crate::project::values::terms::{Bindings, Term, TermId};

/// The models' word for what is kept of who is signed in.
pub(in crate::project) const SESSION: &str = "session";
/// What stands between the parts of a key.
pub(super) const BETWEEN: &str = ", ";
/// How many milliseconds at most lie between two fetches of what is fetched again by itself.
const LONGEST_POLL: f64 = 60_000.0;
/// How deep keys, and what functions ask of keys, are looked through.
const DEEPEST: u32 = 8;

/// Whether what is fetched again under one key may be kept under another: a list of fewer parts means all that start with them.
pub(in crate::project) fn may_be_kept_under(again: &str, key: &str) -> bool {
    again.split(BETWEEN).zip(key.split(BETWEEN)).all(|(one, other)| may_be_same(one, other))
}

/// A function that is asked of each key whether it is meant.
#[derive(Clone, Copy)]
struct Asked {
    module: ModuleId,
    function: FunctionId,
    bindings: Bindings,
}

impl<'p> Evaluator<'p> {
    /// The keys that a value may be, or that a function lets through, with `{}` for what is not known of one; `None` for one of which nothing is.
    pub(in crate::project) fn keys(&mut self, term: TermId) -> Vec<Option<String>> {
        let mut found = Vec::new();
        self.each_key(term, DEEPEST, &mut found);
        found.sort();
        found.dedup();
        found
    }

    fn each_key(&mut self, term: TermId, left: u32, found: &mut Vec<Option<String>>) {
        let term = self.terms.only(term);
        let Some(left) = left.checked_sub(1) else { return found.push(None) };
        match self.terms.get(term) {
            _ if self.is_absent(term) => {}
            Term::Union(list) => {
                self.terms.list(list).to_vec().into_iter().for_each(|part| self.each_key(part, left, found));
            }
            Term::As(inner, _, _) | Term::Of(inner, _, _) => self.each_key(inner, left, found),
            Term::Array(list) => {
                let parts = self.terms.list(list).to_vec();
                let known = parts.iter().take_while(|&&part| !matches!(self.terms.get(part), Term::Spread(_)));
                let texts: Vec<String> =
                    known.map(|&part| self.text_with_holes(part).unwrap_or_else(|| HOLE.to_owned())).collect();
                found.push((!texts.is_empty()).then(|| texts.join(BETWEEN)));
            }
            Term::Function(function, bindings) => {
                if self.module(function.module).facts.function(function.function).parameters.is_empty() {
                    let given = self.call(term, &[], false);
                    return self.each_key(given, left, found);
                }
                let FunctionRef { module, function } = function;
                let lets_through = self.lets_through(Asked { module, function, bindings }, left);
                found.extend(lets_through.unwrap_or_else(|| vec![None]));
            }
            _ => found.push(self.text_with_holes(term).filter(|text| text != HOLE)),
        }
    }

    /// The keys of which a function says yes; nothing where it asks what cannot be read.
    fn lets_through(&mut self, asked: Asked, left: u32) -> Option<Vec<Option<String>>> {
        let facts = &self.module(asked.module).facts;
        let returned = facts.body(asked.function).iter().filter_map(|step| match step.op {
            Op::Return(value) if value != NONE => Some(value),
            _ => None,
        });
        let returned: Vec<ValueId> = returned.collect();
        let mut all = Vec::new();
        for value in returned {
            all.extend(self.asks(asked, value, left)?);
        }
        Some(all)
    }

    fn asks(&mut self, asked: Asked, value: ValueId, left: u32) -> Option<Vec<Option<String>>> {
        let left = left.checked_sub(1)?;
        let facts = &self.module(asked.module).facts;
        match facts.value(value) {
            Value::Bool(is_meant) => Some(if is_meant { vec![None] } else { Vec::new() }),
            Value::Logical(Operator::And, one, other) => {
                self.asks(asked, one, left).or_else(|| self.asks(asked, other, left))
            }
            Value::Logical(_, one, other) => {
                let (one, other) = (self.asks(asked, one, left)?, self.asks(asked, other, left)?);
                Some([one, other].concat())
            }
            Value::Conditional(list) => {
                let &[_, one, other] = facts.list(list) else { return None };
                let (one, other) = (self.asks(asked, one, left)?, self.asks(asked, other, left)?);
                Some([one, other].concat())
            }
            Value::Cast(inner, _) => self.asks(asked, inner, left),
            Value::Binary(Operator::Equal, one, other) => {
                let sides = [one, other].map(|side| (facts.value(side), side));
                if sides.iter().any(|(side, _)| matches!(side, Value::Unary(..))) {
                    return None;
                }
                sides.into_iter().find_map(|(_, side)| {
                    let text = self.in_place(asked, side);
                    self.text_with_holes(text).map(|text| vec![Some(text)])
                })
            }
            Value::Call(call) => self.asks_by_call(asked, call, left),
            _ => None,
        }
    }

    /// `key.startsWith(prefix)`, `keys.includes(key)`, `prefixes.some((prefix) => key.startsWith(prefix))`
    fn asks_by_call(&mut self, asked: Asked, call: CallId, left: u32) -> Option<Vec<Option<String>>> {
        let facts = &self.module(asked.module).facts;
        let described = facts.calls[call as usize];
        let Value::Member(object, name) = facts.value(described.callee) else { return None };
        let (&argument, name) = (facts.list(described.arguments).first()?, facts.text(name));
        if name == "some" {
            let Value::Function(function) = facts.value(argument) else { return None };
            let list = self.in_place(asked, object);
            return match self.terms.get(self.terms.only(list)) {
                // A text has no such method: this is not the way that is gone.
                Term::Text(_) | Term::Template(_) => Some(Vec::new()),
                Term::Array(list) => {
                    let mut all = Vec::new();
                    for element in self.terms.list(list).to_vec() {
                        let inner = FunctionRef { module: asked.module, function };
                        let bindings = self.bindings_over(inner, &[element], asked.bindings);
                        all.extend(self.lets_through(Asked { function, bindings, ..asked }, left)?);
                    }
                    Some(all)
                }
                _ => None,
            };
        }
        let (before, behind) = match name {
            "startsWith" => ("", HOLE),
            "endsWith" => (HOLE, ""),
            "includes" => (HOLE, HOLE),
            _ => return None,
        };
        let (object, argument) = (self.in_place(asked, object), self.in_place(asked, argument));
        if let Term::Array(list) = self.terms.get(self.terms.only(object)) {
            return self.terms.list(list).iter().map(|&key| self.text_with_holes(key).map(Some)).collect();
        }
        if matches!(self.terms.get(self.terms.only(argument)), Term::Array(_)) {
            // No text starts with a list: this is not the way that is gone.
            return Some(Vec::new());
        }
        let text = self.text_with_holes(argument)?;
        Some(vec![Some(format!("{before}{text}{behind}"))])
    }

    /// A value inside a function, with what is bound in the place of its parameters.
    fn in_place(&mut self, asked: Asked, value: ValueId) -> TermId {
        let term = self.value(asked.module, value);
        self.substitute(term, asked.bindings)
    }

    /// The key of the query whose hook gave a callee: `const { mutate } = useSWR(key)`.
    pub(in crate::project) fn own_key(&mut self, callee: TermId) -> Option<TermId> {
        let mut at = callee;
        loop {
            at = match self.terms.get(at) {
                Term::Member(inner, _) | Term::Element(inner) | Term::As(inner, _, _) | Term::Of(inner, _, _) => inner,
                Term::Called(hook, list, _) => {
                    let arguments = self.terms.list(list).to_vec();
                    return self.query_key(hook, &arguments);
                }
                _ => return None,
            };
        }
    }

    /// The key under which a hook shows what was fetched, where it is one.
    pub(in crate::project) fn query_key(&mut self, hook: TermId, arguments: &[TermId]) -> Option<TermId> {
        let (key, _) = self.query(hook)?;
        self.argument_at(key, arguments)
    }

    /// Whether the hook of a query fetches it again by itself, every now and then.
    pub(in crate::project) fn polls(&mut self, hook: TermId, arguments: &[TermId]) -> bool {
        let Some((_, places)) = self.query(hook) else { return false };
        places.iter().any(|place| {
            let Place::Argument(index, _) = place else { return false };
            let options = arguments.get(*index as usize).map(|&options| self.terms.get(self.terms.only(options)));
            matches!(options, Some(Term::Object(_)))
                && self
                    .argument_at(place, arguments)
                    .is_some_and(|term| !self.is_absent(term) && !self.waits_long(term))
        })
    }

    /// The function whose parameter says how often the hook of a query fetches it again, where one does.
    pub(in crate::project) fn poll_handed_to(&mut self, hook: TermId, arguments: &[TermId]) -> Option<FunctionRef> {
        let (_, places) = self.query(hook)?;
        places.iter().find_map(|place| {
            let Place::Argument(index, _) = place else { return None };
            let options = *arguments.get(*index as usize)?;
            let asked = if matches!(self.terms.get(self.terms.only(options)), Term::Object(_)) {
                self.argument_at(place, arguments)?
            } else {
                options
            };
            self.parameter_in(asked)
        })
    }

    fn parameter_in(&self, term: TermId) -> Option<FunctionRef> {
        match self.terms.root(term) {
            Term::Parameter(function, _) => Some(function),
            Term::Union(list) => self.terms.list(list).iter().find_map(|&part| self.parameter_in(part)),
            _ => None,
        }
    }

    /// Whether a time in milliseconds is, on some way at least, none or more than anybody waits for what they just did.
    fn waits_long(&self, time: TermId) -> bool {
        match self.terms.get(self.terms.only(time)) {
            Term::Number(text) => {
                let time: Option<f64> = self.terms.text(text).replace('_', "").parse().ok();
                time.is_some_and(|time| time <= 0.0 || time > LONGEST_POLL)
            }
            Term::Union(list) => self.terms.list(list).iter().any(|&part| self.waits_long(part)),
            _ => false,
        }
    }

    /// Where the key of a query's hook stands, and where it says how often that is fetched.
    fn query(&mut self, hook: TermId) -> Option<(&'p Place, &'p [Place])> {
        let models = self.world.models;
        let states = self.states_of(hook);
        let mut meanings = states.iter().flat_map(|&(node, _)| models.meanings(node));
        let (key, polls, line) = meanings.find_map(|meaning| match &meaning.what {
            What::Query(key, polls) => Some((key, polls.as_slice(), meaning.line)),
            _ => None,
        })?;
        self.states.met(line);
        Some((key, polls))
    }

    fn argument_at(&mut self, place: &Place, arguments: &[TermId]) -> Option<TermId> {
        let Place::Argument(index, below) = place else { return None };
        let first = *arguments.get(*index as usize)?;
        Some(below.iter().fold(first, |at, name| self.member(at, name)))
    }
}
