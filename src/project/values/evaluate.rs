//! From the values of one file to terms: names and imports are followed across files, calls of the project's own functions are worked out.
//!
//! Nothing is guessed: what cannot be followed is [`Term::Unknown`], with the reason. The answer depends on the program alone, since
//! everything is evaluated in one order.

use rustc_hash::FxHashMap;

use super::annotations::Said;
use super::progress::{Key, Progress};
use super::sites::{Sites, class_around};
use super::terms::{Bindings, Comparison, ITSELF, ListId, Term, TermId, Terms, TextId};
use crate::facts::{List, NONE, Operator, PropertyKey, TypeId, Value, ValueId, VariableId};
use crate::models::Models;
use crate::project::actions::Actions;
use crate::project::data::relations::Relations;
use crate::project::program::exports::Symbols;
use crate::project::program::modules::{FunctionRef, Module, ModuleId};
use crate::project::program::symbols::Binding;

/// How deep calls within calls are worked out.
const DEEPEST: u32 = 48;

/// What the evaluation reads.
#[derive(Clone, Copy)]
pub struct World<'p> {
    /// The modules.
    pub modules: &'p [Module],
    /// Their exports.
    pub symbols: &'p Symbols,
    /// What packages mean.
    pub models: &'p Models,
    /// The actions.
    pub actions: &'p Actions,
    /// The relations between models.
    pub relations: &'p Relations,
}

/// Works out terms, each once.
pub struct Evaluator<'p> {
    /// What it reads.
    pub world: World<'p>,
    /// The terms.
    pub terms: Terms,
    /// What types say, by module and type; while a type is worked out it says nothing.
    pub(in crate::project) said: FxHashMap<(ModuleId, TypeId), Option<Said>>,
    /// The same of the types that modules export, by name.
    pub(in crate::project) exported_types: FxHashMap<(ModuleId, TextId), Option<Said>>,
    pub(in crate::project) values: Vec<Box<[Option<TermId>]>>,
    pub(in crate::project) variables: FxHashMap<(ModuleId, VariableId), Option<TermId>>,
    pub(in crate::project) exports: FxHashMap<(ModuleId, u32), Option<TermId>>,
    pub(in crate::project) returned: FxHashMap<FunctionRef, Option<TermId>>,
    pub(in crate::project) substituted: FxHashMap<(TermId, Bindings), TermId>,
    pub(in crate::project) states: super::matching::States,
    pub(in crate::project) sites: Vec<Option<std::rc::Rc<Sites>>>,
    pub(in crate::project) progress: Progress,
    pub(in crate::project) depth: u32,
}

impl<'p> Evaluator<'p> {
    /// An evaluator that has worked out nothing yet.
    #[must_use]
    pub fn new(world: World<'p>) -> Self {
        Self {
            world,
            terms: Terms::default(),
            values: world.modules.iter().map(|_| Box::default()).collect(),
            said: FxHashMap::default(),
            exported_types: FxHashMap::default(),
            variables: FxHashMap::default(),
            exports: FxHashMap::default(),
            returned: FxHashMap::default(),
            substituted: FxHashMap::default(),
            states: super::matching::States::default(),
            sites: world.modules.iter().map(|_| None).collect(),
            progress: Progress::default(),
            depth: 0,
        }
    }

    pub(in crate::project) fn module(&self, id: ModuleId) -> &'p Module {
        &self.world.modules[id as usize]
    }

    /// The term of a value.
    pub fn value(&mut self, module: ModuleId, value: ValueId) -> TermId {
        let facts = &self.module(module).facts;
        let Some(&written) = facts.values.get(value as usize) else { return self.terms.unknown("nothing is written") };
        let memo = &mut self.values[module as usize];
        if memo.is_empty() {
            *memo = vec![None; facts.values.len()].into_boxed_slice();
        }
        let circular = self.terms.unknown(ITSELF);
        let key = Key::Value(module, value);
        if let Some(known) = self.values[module as usize][value as usize] {
            if known == circular {
                self.is_open(key);
            }
            return known;
        }
        self.values[module as usize][value as usize] = Some(circular);
        let mark = self.begin(key);
        let term = stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.written(module, value, written));
        self.values[module as usize][value as usize] = Some(term);
        self.end(&mark);
        term
    }

    fn written(&mut self, module: ModuleId, value: ValueId, written: Value) -> TermId {
        let facts = &self.module(module).facts;
        match written {
            Value::Unknown => self.terms.unknown("a value that is not followed"),
            Value::Null => self.terms.add(Term::Null),
            Value::Undefined => self.terms.add(Term::Undefined),
            Value::Bool(value) => self.terms.add(Term::Bool(value)),
            Value::Number(text) => {
                let text = self.terms.add_text(facts.text(text));
                self.terms.add(Term::Number(text))
            }
            Value::Str(text) => self.terms.add_literal(facts.text(text)),
            Value::Regex(_) => self.terms.add(Term::Computed(ListId::EMPTY)),
            Value::Template(list) => {
                let parts = facts.list(list).iter().map(|&part| self.named_part(module, part)).collect::<Vec<_>>();
                self.template(&parts)
            }
            Value::Import(import) => self.import(module, import),
            Value::Global(name) => {
                let text = self.terms.add_text(facts.text(name));
                self.terms.add(Term::Global(text))
            }
            Value::Variable(variable) => self.variable(module, variable),
            Value::Parameter(function, index) => self.parameter(module, function, index),
            Value::Member(object, name) if facts.value(object) == Value::Super => {
                let parent = self.parent(module, object);
                let instance = self.call(parent, &[], true);
                self.member(instance, facts.text(name))
            }
            Value::Member(object, name) => {
                let of = self.value(module, object);
                let member = self.member(of, facts.text(name));
                self.with_puts(module, object, name, member)
            }
            Value::Index(object, key) => {
                let object = self.value(module, object);
                let key = self.value(module, key);
                self.index(object, key)
            }
            Value::Rest(inner) | Value::Await(inner) | Value::Try(inner) => self.value(module, inner),
            Value::Call(call) => self.call_value(module, call),
            Value::Function(function) => self.function_value(FunctionRef { module, function }),
            Value::Class(class) => self.terms.add(Term::Class(module, class)),
            Value::Object(list) => self.object(module, list),
            Value::Array(list) => {
                let list = self.list(module, list);
                let list = self.terms.add_list(&list);
                self.terms.add(Term::Array(list))
            }
            Value::Spread(inner) => {
                let inner = self.value(module, inner);
                self.terms.add(Term::Spread(inner))
            }
            Value::Binary(operator, left, right) => self.binary(module, operator, left, right),
            Value::Logical(operator, left, right) => self.logical(module, operator, left, right),
            Value::Not(inner) => {
                let inner = self.value(module, inner);
                self.terms.add(Term::Not(inner))
            }
            Value::Conditional(list) => {
                let parts = self.list(module, list);
                match parts.as_slice() {
                    [test, then, otherwise] => match self.terms.truth(*test) {
                        Some(true) => *then,
                        Some(false) => *otherwise,
                        None => self.terms.union(&[*then, *otherwise]),
                    },
                    _ => self.terms.unknown("a value that is not followed"),
                }
            }
            Value::Union(list) => {
                let list = self.list(module, list);
                self.terms.union(&list)
            }
            Value::Cast(inner, annotation) => {
                let term = self.value(module, inner);
                self.or_annotated(module, term, annotation)
            }
            Value::This => self.this(module, value),
            Value::Super => self.parent(module, value),
            Value::Alias(_) => self.terms.unknown("a type"),
            Value::Unary(_, inner) => {
                let inner = self.value(module, inner);
                self.computed(&[inner])
            }
        }
    }

    /// The terms of a list of values.
    pub(in crate::project) fn list(&mut self, module: ModuleId, list: List) -> Vec<TermId> {
        let facts = &self.module(module).facts;
        facts.list(list).iter().map(|&value| self.value(module, value)).collect()
    }

    /// A part of a text. Of one that is not known the name is kept where it says that it is one part of a path: `${userId}`.
    fn named_part(&mut self, module: ModuleId, part: ValueId) -> TermId {
        let term = self.value(module, part);
        let facts = &self.module(module).facts;
        let Value::Variable(variable) = facts.value(part) else { return term };
        let name = facts.text(facts.variables[variable as usize].name);
        let is_unknown = |term: TermId| matches!(self.terms.get(term), Term::Unknown(_) | Term::Element(_));
        let unknown = match self.terms.get(term) {
            Term::Union(list) if !self.terms.is_open(term) => {
                self.terms.list(list).iter().copied().find(|&term| is_unknown(term))
            }
            _ => Some(term).filter(|&term| is_unknown(term)),
        };
        match unknown.filter(|_| crate::project::requests::is_part(name)) {
            Some(unknown) => {
                let name = self.terms.add_text(name);
                self.terms.add(Term::Member(unknown, name))
            }
            None => term,
        }
    }

    pub(in crate::project) fn computed(&mut self, of: &[TermId]) -> TermId {
        let list = self.terms.add_list(of);
        self.terms.add(Term::Computed(list))
    }

    /// A string of parts; those that are known are put together.
    pub(in crate::project) fn template(&mut self, parts: &[TermId]) -> TermId {
        let mut joined: Vec<TermId> = Vec::with_capacity(parts.len());
        for &part in parts {
            let nested = match self.terms.get(part) {
                Term::Template(list) => self.terms.list(list).to_vec(),
                _ => vec![part],
            };
            for part in nested {
                let texts = match (joined.last().map(|&last| self.terms.get(last)), self.terms.get(part)) {
                    (Some(Term::Text(before)), Term::Text(text) | Term::Number(text)) => {
                        Some([self.terms.text(before), self.terms.text(text)].concat())
                    }
                    _ => None,
                };
                match texts {
                    Some(text) => {
                        joined.pop();
                        joined.push(self.terms.add_literal(&text));
                    }
                    None => joined.push(part),
                }
            }
        }
        match joined.as_slice() {
            [only] if matches!(self.terms.get(*only), Term::Text(_)) => *only,
            [] => self.terms.add_literal(""),
            many => {
                let list = self.terms.add_list(many);
                self.terms.add(Term::Template(list))
            }
        }
    }

    fn object(&mut self, module: ModuleId, list: List) -> TermId {
        let facts = &self.module(module).facts;
        let mut entries = Vec::with_capacity(list.len as usize * 2);
        for property in facts.properties(list) {
            let (key, value) = match property.key {
                PropertyKey::Named(name) => (self.terms.add_literal(facts.text(name)), property.value),
                PropertyKey::Computed(key) => match self.value(module, key) {
                    key if matches!(self.terms.get(key), Term::Text(_)) => (key, property.value),
                    _ => (self.terms.unknown("a computed key"), property.value),
                },
                PropertyKey::Spread => (self.terms.add(Term::Null), property.value),
                PropertyKey::More => (self.terms.unknown("more keys"), NONE),
            };
            let value = self.value(module, value);
            entries.extend([key, value]);
        }
        let list = self.terms.add_list(&entries);
        self.terms.add(Term::Object(list))
    }

    fn binary(&mut self, module: ModuleId, operator: Operator, left: ValueId, right: ValueId) -> TermId {
        let written = (left, right);
        let (left, right) = (self.value(module, left), self.value(module, right));
        match operator {
            Operator::Equal => self.terms.add(Term::Compare(Comparison::Equal, left, right)),
            Operator::NotEqual => self.terms.add(Term::Compare(Comparison::NotEqual, left, right)),
            Operator::In => self.terms.add(Term::Compare(Comparison::In, left, right)),
            Operator::Add => {
                let text = |terms: &Terms, id| matches!(terms.get(id), Term::Text(_) | Term::Template(_));
                if text(&self.terms, left) || text(&self.terms, right) {
                    let (left, right) = (self.named_part(module, written.0), self.named_part(module, written.1));
                    self.template(&[left, right])
                } else {
                    self.computed(&[left, right])
                }
            }
            _ => self.computed(&[left, right]),
        }
    }

    fn logical(&mut self, module: ModuleId, operator: Operator, left: ValueId, right: ValueId) -> TermId {
        let (left, right) = (self.value(module, left), self.value(module, right));
        match (operator, self.terms.truth(left)) {
            (Operator::And, Some(false)) | (Operator::Or | Operator::Nullish, Some(true)) => left,
            // It may be whatever counts as false, which only matters where the right side never does.
            (Operator::And, None) if self.terms.truth(right) == Some(true) => {
                let no = self.terms.add(Term::Bool(false));
                self.terms.union(&[right, no])
            }
            (Operator::And, _) | (Operator::Or | Operator::Nullish, Some(false)) => right,
            _ => self.terms.union(&[left, right]),
        }
    }

    /// A term, known to be a server action where its binding stands for one.
    pub(in crate::project) fn acting(&mut self, binding: Binding, term: TermId) -> TermId {
        match self.world.actions.of(binding) {
            Some(_) if matches!(self.terms.get(term), Term::Action(..)) => term,
            Some(action) => self.terms.add(Term::Action(action, term)),
            None => term,
        }
    }

    fn function_value(&mut self, function: FunctionRef) -> TermId {
        let term = self.terms.add(Term::Function(function, Bindings::NONE));
        self.acting(Binding::Function(function), term)
    }

    fn this(&mut self, module: ModuleId, this: ValueId) -> TermId {
        match class_around(&self.module(module).facts, this) {
            Some(class) => self.terms.add(Term::Instance(module, class, ListId::EMPTY)),
            None => self.terms.unknown("`this` outside a class"),
        }
    }

    /// What `super` stands for: the base class.
    fn parent(&mut self, module: ModuleId, value: ValueId) -> TermId {
        let facts = &self.module(module).facts;
        match class_around(facts, value).map(|class| facts.classes[class as usize].extends) {
            Some(extends) if extends != NONE => self.value(module, extends),
            _ => self.terms.unknown("`super` outside a class"),
        }
    }

    /// Whether one may go a step deeper.
    pub(in crate::project) fn deeper<T>(&mut self, step: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= DEEPEST {
            return None;
        }
        self.depth += 1;
        let result = stacker::maybe_grow(64 * 1024, 1024 * 1024, || step(self));
        self.depth -= 1;
        Some(result)
    }
}
