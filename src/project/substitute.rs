//! What is done with terms: members, elements and calls of them, and arguments in the place of parameters.

use super::evaluate::Evaluator;
use super::modules::{FunctionRef, ModuleId};
use super::terms::{Bindings, ListId, NO_SUCH_NAME, Term, TermId};
use crate::facts::{ClassId, FunctionKind, MemberKind, NONE, Value};
use crate::models::What;

impl Evaluator<'_> {
    /// A member of a value.
    pub fn member(&mut self, object: TermId, name: &str) -> TermId {
        let kept = |this: &mut Self| {
            let name = this.terms.add_text(name);
            this.terms.add(Term::Member(object, name))
        };
        match self.terms.get(object) {
            Term::Namespace(module) => match self.world.symbols.export(module, name) {
                None if name == "then" => kept(self),
                _ => self.export(module, name),
            },
            Term::Object(list) => {
                let key = self.terms.add_text(name);
                match self.terms.property(list, key) {
                    Ok(value) => self.got(value),
                    Err(NO_SUCH_NAME) if is_of_promise(name) => kept(self),
                    Err(reason) => self.behind_spreads(list, name, reason),
                }
            }
            Term::Class(module, class) => self.class_member(module, class, name, None),
            Term::Instance(module, class, arguments) => self.class_member(module, class, name, Some(arguments)),
            Term::Union(list) => {
                let alternatives = self.terms.list(list).to_vec();
                let members: Vec<TermId> = alternatives.into_iter().map(|of| self.member(of, name)).collect();
                self.terms.union(&members)
            }
            Term::Action(_, inner) if !is_call_of_function(name) => self.member(inner, name),
            Term::Function(..) if !is_call_of_function(name) => self.attached(object, name),
            Term::Null | Term::Undefined if !is_of_promise(name) => self.terms.unknown("a member of nothing"),
            _ => kept(self),
        }
    }

    /// A property as it is read: of a getter what it gives.
    fn got(&mut self, value: TermId) -> TermId {
        let getter = |function: FunctionRef| {
            self.module(function.module).facts.function(function.function).kind == FunctionKind::Getter
        };
        match self.terms.get(value) {
            Term::Function(function, _) if getter(function) => self.call(value, &[], false),
            _ => value,
        }
    }

    /// A name that an object may have by a spread of something that is not known: of parameters and packages the member is kept.
    fn behind_spreads(&mut self, list: ListId, name: &str, reason: &'static str) -> TermId {
        if reason == NO_SUCH_NAME {
            return self.terms.unknown(reason);
        }
        let entries = self.terms.list(list).to_vec();
        let last = entries.chunks_exact(2).rev().find(|pair| !matches!(self.terms.get(pair[0]), Term::Text(_)));
        match last.map(|pair| (self.terms.get(pair[0]), pair[1])) {
            Some((Term::Null, spread)) if !matches!(self.terms.get(spread), Term::Object(_)) => {
                self.member(spread, name)
            }
            _ => self.terms.unknown(reason),
        }
    }

    /// What is put on a function at the top level of its module: `Card.Header = Header`.
    fn attached(&mut self, function: TermId, name: &str) -> TermId {
        let Term::Function(of, _) = self.terms.get(function) else { return function };
        let facts = &self.module(of.module).facts;
        let own = |value| match facts.value(value) {
            Value::Variable(variable) => {
                facts.value(facts.variables[variable as usize].init) == Value::Function(of.function)
            }
            _ => false,
        };
        let put = facts.body(0).iter().find_map(|step| match step.op {
            crate::facts::Op::Assign(place, value) => match facts.value(place) {
                Value::Member(object, key) if facts.text(key) == name && own(object) => Some(value),
                _ => None,
            },
            _ => None,
        });
        match put {
            Some(value) => self.value(of.module, value),
            None => self.terms.unknown("a member of a function"),
        }
    }

    /// `object[key]`
    pub(super) fn index(&mut self, object: TermId, key: TermId) -> TermId {
        match (self.terms.get(object), self.terms.get(key)) {
            (_, Term::Text(text)) => {
                let text = self.terms.text(text).to_owned();
                self.member(object, &text)
            }
            (Term::Array(list), Term::Number(number)) => {
                let index = self.terms.text(number).parse::<usize>().ok();
                let elements = self.terms.list(list);
                let spread = elements.iter().any(|&element| matches!(self.terms.get(element), Term::Spread(_)));
                match index.and_then(|index| elements.get(index)).filter(|_| !spread) {
                    Some(&element) => element,
                    None => self.terms.unknown("a computed member"),
                }
            }
            (Term::Array(list), _) => {
                let elements = self.terms.list(list).to_vec();
                self.terms.union(&elements)
            }
            (Term::Object(list), _) => {
                let values: Vec<TermId> = self.terms.list(list).chunks_exact(2).map(|pair| pair[1]).collect();
                self.terms.union(&values)
            }
            (Term::Unknown(_), _) => object,
            _ => self.terms.add(Term::Element(object)),
        }
    }

    /// A member of a class, or of an instance made with `arguments`.
    fn class_member(&mut self, home: ModuleId, id: ClassId, name: &str, arguments: Option<ListId>) -> TermId {
        let found = self.deeper(|this| this.find_member(home, id, name, arguments));
        found.unwrap_or_else(|| self.terms.unknown("classes that are too deep"))
    }

    fn find_member(&mut self, home: ModuleId, id: ClassId, name: &str, arguments: Option<ListId>) -> TermId {
        let facts = &self.module(home).facts;
        let class = &facts.classes[id as usize];
        let fits = |member: &&crate::facts::ClassMember| {
            member.is_static == arguments.is_none() && facts.text(member.name) == name
        };
        let member = class.members.iter().filter(fits).max_by_key(|member| member.value != NONE);
        let Some(member) = member.copied() else {
            if class.extends == NONE {
                return self.terms.unknown("a name that the class does not have");
            }
            let parent = self.value(home, class.extends);
            return match (self.terms.get(parent), arguments) {
                (Term::Class(home, class), _) => self.class_member(home, class, name, arguments),
                (_, None) => self.member(parent, name),
                (_, Some(list)) => {
                    let arguments = self.terms.list(list).to_vec();
                    let instance = self.call(parent, &arguments, true);
                    self.member(instance, name)
                }
            };
        };
        let term = match (member.kind, member.value) {
            (MemberKind::Getter, value) if value != NONE => {
                let getter = self.value(home, value);
                self.call(getter, &[], false)
            }
            (_, NONE) => {
                let assigned = self.assigned_field(home, id, name);
                self.or_annotated(home, assigned, member.annotation)
            }
            (_, value) => {
                let value = self.value(home, value);
                self.or_annotated(home, value, member.annotation)
            }
        };
        let Some(list) = arguments.filter(|&list| list != ListId::EMPTY) else { return term };
        let Some(constructor) = self.constructor(home, id) else { return term };
        let arguments = self.terms.list(list).to_vec();
        let bindings = self.bindings(constructor, &arguments);
        self.substitute(term, bindings)
    }

    /// What the constructor puts into a field, or takes as one.
    fn assigned_field(&mut self, home: ModuleId, class: ClassId, name: &str) -> TermId {
        let unknown = self.terms.unknown("a field without a first value");
        let Some(constructor) = self.constructor(home, class) else { return unknown };
        let facts = &self.module(home).facts;
        let described = facts.function(constructor.function);
        if let Some(index) = described.parameters.iter().position(|parameter| facts.text(parameter.name) == name) {
            let put =
                facts.body(constructor.function).iter().any(|step| matches!(step.op, crate::facts::Op::Assign(..)));
            if !put {
                let index = u32::try_from(index).unwrap_or(NONE);
                return self.terms.add(Term::Parameter(constructor, index));
            }
        }
        let put = facts.body(constructor.function).iter().find_map(|step| match step.op {
            crate::facts::Op::Assign(place, value) => match facts.value(place) {
                Value::Member(object, key) if facts.text(key) == name && facts.value(object) == Value::This => {
                    Some(value)
                }
                _ => None,
            },
            _ => None,
        });
        put.map_or(unknown, |value| self.value(home, value))
    }

    /// The constructor that a class writes itself.
    #[must_use]
    pub fn constructor(&self, home: ModuleId, class: ClassId) -> Option<FunctionRef> {
        let facts = &self.module(home).facts;
        let members = facts.classes[class as usize].members.iter();
        let found = members.filter(|member| member.kind == MemberKind::Constructor).find_map(|member| {
            match facts.value(member.value) {
                Value::Function(function) => Some(function),
                _ => None,
            }
        });
        found.map(|function| FunctionRef { module: home, function })
    }

    /// What a call gives.
    pub fn call(&mut self, callee: TermId, arguments: &[TermId], constructs: bool) -> TermId {
        let given = self.deeper(|this| this.given(callee, arguments, constructs));
        given.unwrap_or_else(|| self.terms.unknown("calls that are too deep"))
    }

    fn given(&mut self, callee: TermId, arguments: &[TermId], constructs: bool) -> TermId {
        match self.terms.get(callee) {
            Term::Function(function, bound) if !constructs => {
                let returned = self.returned(function);
                let bindings = self.bindings_over(function, arguments, bound);
                self.substitute(returned, bindings)
            }
            Term::Function(..) => self.terms.unknown("an instance of a function"),
            Term::Action(_, inner) => self.call(inner, arguments, constructs),
            Term::Class(module, class) => {
                let list = self.terms.add_list(arguments);
                self.terms.add(Term::Instance(module, class, list))
            }
            Term::Bound(inner, list) => {
                let all = [self.terms.list(list), arguments].concat();
                self.call(inner, &all, constructs)
            }
            Term::Union(list) => {
                let alternatives = self.terms.list(list).to_vec();
                let given: Vec<TermId> =
                    alternatives.into_iter().map(|of| self.call(of, arguments, constructs)).collect();
                self.terms.union(&given)
            }
            Term::Unknown(_) => self.terms.unknown("what a call gives that is not followed"),
            Term::Member(object, name) => match self.called_member(object, name, arguments) {
                Some(given) => given,
                None => self.given_outside(callee, arguments, constructs),
            },
            Term::Package(..)
            | Term::Global(_)
            | Term::Typed(_)
            | Term::Parameter(..)
            | Term::Called(..)
            | Term::Element(_) => self.given_outside(callee, arguments, constructs),
            _ => self.terms.unknown("a call of something that is no function"),
        }
    }

    /// `f.bind(..)`, `f.call(..)`, `import('x').then(f)`.
    fn called_member(&mut self, object: TermId, name: super::terms::TextId, arguments: &[TermId]) -> Option<TermId> {
        let own = matches!(self.terms.get(object), Term::Function(..) | Term::Action(..) | Term::Bound(..));
        match self.terms.text(name) {
            "bind" if own => {
                let list = self.terms.add_list(arguments.get(1..).unwrap_or_default());
                Some(self.terms.add(Term::Bound(object, list)))
            }
            "call" if own => Some(self.call(object, arguments.get(1..).unwrap_or_default(), false)),
            "apply" if own => Some(self.call(object, &[], false)),
            "then" if matches!(self.terms.get(object), Term::Namespace(_)) => {
                Some(self.call(*arguments.first()?, &[object], false))
            }
            _ => None,
        }
    }

    /// What a call outside of the project gives: an argument where a model says so, else the path is kept.
    fn given_outside(&mut self, callee: TermId, arguments: &[TermId], constructs: bool) -> TermId {
        let models = self.world.models;
        for (node, _) in self.states_of(callee).to_vec() {
            for meaning in models.meanings(node) {
                let What::Passes(argument) = meaning.what else { continue };
                if let Some(&given) = arguments.get(argument as usize) {
                    self.states.met(meaning.line);
                    return self.loaded(given);
                }
            }
        }
        let list = self.terms.add_list(arguments);
        self.terms.add(Term::Called(callee, list, constructs))
    }

    /// What is handed to a call that passes it on: a loader (`() => import('./x')`) stands for the default export of what it loads.
    fn loaded(&mut self, given: TermId) -> TermId {
        let Term::Function(function, _) = self.terms.get(given) else { return given };
        let facts = &self.module(function.module).facts;
        let described = facts.function(function.function);
        if described.kind != FunctionKind::Arrow || !described.parameters.is_empty() {
            return given;
        }
        let result = self.call(given, &[], false);
        match self.terms.get(result) {
            Term::Namespace(module) => self.export(module, "default"),
            Term::Function(inner, _) if inner.module != function.module && self.loads(function) => result,
            _ => given,
        }
    }

    /// Whether a function's own body loads a module.
    fn loads(&self, function: FunctionRef) -> bool {
        let facts = &self.module(function.module).facts;
        facts
            .imports
            .iter()
            .any(|import| import.kind == crate::facts::ImportKind::Dynamic && import.function == function.function)
    }

    /// What the parameters of a function are when it is called like this.
    pub(super) fn bindings(&mut self, function: FunctionRef, arguments: &[TermId]) -> Bindings {
        self.bindings_over(function, arguments, Bindings::NONE)
    }

    /// The same, over what is bound of the functions around it.
    pub(super) fn bindings_over(&mut self, function: FunctionRef, arguments: &[TermId], outer: Bindings) -> Bindings {
        let parameters = &self.module(function.module).facts.function(function.function).parameters;
        let spread = arguments.iter().position(|&argument| matches!(self.terms.get(argument), Term::Spread(_)));
        let mut bound = Vec::with_capacity(parameters.len());
        for (index, parameter) in parameters.iter().enumerate() {
            let given = match spread {
                Some(first) if index >= first => self.terms.unknown("a spread argument"),
                _ if parameter.rest => {
                    let list = self.terms.add_list(arguments.get(index..).unwrap_or_default());
                    self.terms.add(Term::Array(list))
                }
                _ => arguments.get(index).copied().unwrap_or_else(|| self.terms.add(Term::Undefined)),
            };
            bound.push(((function, u32::try_from(index).unwrap_or(NONE)), given));
        }
        bound.extend_from_slice(self.terms.bound(outer));
        self.terms.bind(bound)
    }

    /// A term with what is bound in the place of its parameters.
    pub fn substitute(&mut self, term: TermId, bindings: Bindings) -> TermId {
        if bindings == Bindings::NONE || !self.terms.is_open(term) {
            return term;
        }
        if let Some(&known) = self.substituted.get(&(term, bindings)) {
            return known;
        }
        let result = self.deeper(|this| this.replaced(term, bindings));
        let result = result.unwrap_or_else(|| self.terms.unknown("calls that are too deep"));
        self.substituted.insert((term, bindings), result);
        result
    }

    fn replaced(&mut self, term: TermId, bindings: Bindings) -> TermId {
        match self.terms.get(term) {
            Term::Parameter(function, index) => self.terms.lookup(bindings, (function, index)).unwrap_or(term),
            Term::Member(object, name) => {
                let object = self.substitute(object, bindings);
                let name = self.terms.text(name).to_owned();
                self.member(object, &name)
            }
            Term::Element(inner) => {
                let inner = self.substitute(inner, bindings);
                let key = self.terms.unknown("a computed key");
                self.index(inner, key)
            }
            Term::Called(callee, list, constructs) => {
                let callee = self.substitute(callee, bindings);
                let arguments = self.replaced_list(list, bindings);
                self.call(callee, &arguments, constructs)
            }
            Term::Function(function, inner) => {
                let inner = self.captured(function, inner, bindings);
                self.terms.add(Term::Function(function, inner))
            }
            Term::Instance(module, class, list) => {
                let list = self.replaced_list(list, bindings);
                let list = self.terms.add_list(&list);
                self.terms.add(Term::Instance(module, class, list))
            }
            Term::Action(action, inner) => {
                let inner = self.substitute(inner, bindings);
                self.terms.add(Term::Action(action, inner))
            }
            Term::Bound(inner, list) => {
                let inner = self.substitute(inner, bindings);
                let list = self.replaced_list(list, bindings);
                let list = self.terms.add_list(&list);
                self.terms.add(Term::Bound(inner, list))
            }
            Term::Template(list) => {
                let list = self.replaced_list(list, bindings);
                self.template(&list)
            }
            Term::Object(list) => {
                let list = self.replaced_list(list, bindings);
                let list = self.terms.add_list(&list);
                self.terms.add(Term::Object(list))
            }
            Term::Array(list) => {
                let list = self.replaced_list(list, bindings);
                let list = self.terms.add_list(&list);
                self.terms.add(Term::Array(list))
            }
            Term::Union(list) => {
                let list = self.replaced_list(list, bindings);
                self.terms.union(&list)
            }
            Term::Computed(list) => {
                let list = self.replaced_list(list, bindings);
                self.computed(&list)
            }
            Term::Spread(inner) => {
                let inner = self.substitute(inner, bindings);
                self.terms.add(Term::Spread(inner))
            }
            Term::Not(inner) => {
                let inner = self.substitute(inner, bindings);
                self.terms.add(Term::Not(inner))
            }
            Term::Compare(comparison, left, right) => {
                let (left, right) = (self.substitute(left, bindings), self.substitute(right, bindings));
                self.terms.add(Term::Compare(comparison, left, right))
            }
            _ => term,
        }
    }

    fn replaced_list(&mut self, list: ListId, bindings: Bindings) -> Vec<TermId> {
        let list = self.terms.list(list).to_vec();
        list.into_iter().map(|term| self.substitute(term, bindings)).collect()
    }

    /// What the parameters around a function are, once `bindings` hold: only those that its body can name.
    fn captured(&mut self, function: FunctionRef, inner: Bindings, bindings: Bindings) -> Bindings {
        let mut bound = Vec::new();
        for (parameter, term) in self.terms.bound(inner).to_vec() {
            bound.push((parameter, self.substitute(term, bindings)));
        }
        for &(parameter, term) in self.terms.bound(bindings) {
            if self.sees(function, parameter.0) {
                bound.push((parameter, term));
            }
        }
        self.terms.bind(bound)
    }

    /// Whether a function's body can name the parameters of another: of one around it, or of the constructor of a class around it.
    fn sees(&self, function: FunctionRef, other: FunctionRef) -> bool {
        if function.module != other.module || function == other {
            return false;
        }
        let facts = &self.module(function.module).facts;
        let around = facts.function(other.function);
        if around.kind == FunctionKind::Constructor {
            return facts.classes[around.class as usize].span.contains(facts.function(function.function).span);
        }
        let mut at = facts.function(function.function).parent;
        while at != NONE && at != 0 {
            if at == other.function {
                return true;
            }
            at = facts.function(at).parent;
        }
        false
    }
}

/// Whether a name is a method of what an asynchronous function gives, of which terms say only what it is once it is there.
fn is_of_promise(name: &str) -> bool {
    matches!(name, "then" | "catch" | "finally")
}

fn is_call_of_function(name: &str) -> bool {
    matches!(name, "bind" | "call" | "apply")
}
