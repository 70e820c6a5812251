//! Members and elements of terms.

use super::annotations::Said;
use super::evaluate::Evaluator;
use super::shapes::is_index;
use super::terms::{ListId, NO_SUCH_NAME, OF_NOTHING, Term, TermId};
use crate::facts::{ClassId, FunctionKind, MemberKind, NONE, Op, Value};
use crate::project::program::modules::{FunctionRef, ModuleId};

impl Evaluator<'_> {
    /// A member of a value. What an asynchronous function gives is known as what it is once it is there; until then one waits for it.
    pub fn member(&mut self, object: TermId, name: &str) -> TermId {
        let member = self.own_member(object, name);
        let waits = matches!(name, "then" | "catch" | "finally");
        if !waits || !self.terms.is_unknown(member) || self.terms.is_unknown(object) {
            return member;
        }
        let name = self.terms.add_text(name);
        self.terms.add(Term::Member(object, name))
    }

    fn own_member(&mut self, object: TermId, name: &str) -> TermId {
        let kept = |this: &mut Self| {
            let name = this.terms.add_text(name);
            let member = this.terms.add(Term::Member(object, name));
            this.sourced(member)
        };
        match self.terms.get(object) {
            Term::Namespace(module) => match self.world.symbols.export(module, name) {
                None if name == "then" => kept(self),
                _ => self.export(module, name),
            },
            Term::Object(list) => match self.property(list, name) {
                given if is_of_promise(name) && self.terms.is_unknown(given) => kept(self),
                value => value,
            },
            Term::Array(list) if is_index(name) => self.element(list, name),
            Term::Class(module, class) => self.class_member(module, class, name, None),
            Term::Instance(module, class, arguments) => self.class_member(module, class, name, Some(arguments)),
            Term::Union(list) => {
                let mut members = Vec::new();
                for of in self.terms.list(list).to_vec() {
                    if self.terms.is_nothing(of) {
                        continue;
                    }
                    members.push(self.member(of, name));
                }
                self.terms.union(&members)
            }
            Term::Action(_, inner) if !is_call_of_function(name) => self.member(inner, name),
            Term::Function(..) if !is_call_of_function(name) => self.attached(object, name),
            Term::As(inner, home, ty) => {
                let said = self.member_type(home, ty, name);
                if let Some(Said::Term(term)) = said {
                    return term;
                }
                let member = self.member(inner, name);
                self.typed_as(member, said)
            }
            Term::Null | Term::Undefined if !is_of_promise(name) => self.terms.unknown(OF_NOTHING),
            Term::Bool(_) if !is_of_promise(name) => self.terms.unknown(NO_SUCH_NAME),
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

    /// The value under a key of an object: the last one written, or what is spread or computed after it and may hide it.
    fn property(&mut self, object: ListId, name: &str) -> TermId {
        let mut found = Vec::new();
        self.lookup(object, name, &mut found);
        if found.is_empty() { self.terms.unknown(NO_SUCH_NAME) } else { self.terms.union(&found) }
    }

    /// Collects what an object may have under a key, last one first. Whether that is all: nothing before the object can show.
    fn lookup(&mut self, object: ListId, name: &str, found: &mut Vec<TermId>) -> bool {
        let entries = self.terms.list(object).to_vec();
        for pair in entries.chunks_exact(2).rev() {
            match self.terms.get(pair[0]) {
                Term::Text(key) if self.terms.text(key) == name => {
                    found.push(self.got(pair[1]));
                    return true;
                }
                Term::Text(_) => {}
                Term::Null => {
                    if self.lookup_spread(pair[1], name, found) {
                        return true;
                    }
                }
                _ => found.push(self.terms.unknown("a member behind a computed key")),
            }
        }
        false
    }

    fn lookup_spread(&mut self, spread: TermId, name: &str, found: &mut Vec<TermId>) -> bool {
        match self.terms.get(spread) {
            Term::Object(inner) => self.lookup(inner, name, found),
            Term::Union(list) => {
                let mut all = true;
                for of in self.terms.list(list).to_vec() {
                    all &= self.lookup_spread(of, name, found);
                }
                all
            }
            Term::Null | Term::Undefined | Term::Bool(_) | Term::Text(_) | Term::Number(_) | Term::Array(_) => false,
            Term::Unknown(_) => {
                found.push(self.terms.unknown("a member behind a spread"));
                false
            }
            _ => {
                let member = self.member(spread, name);
                if !matches!(self.terms.get(member), Term::Unknown(NO_SUCH_NAME)) {
                    found.push(member);
                }
                false
            }
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
            Op::Assign(place, value) => match facts.value(place) {
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
    pub(in crate::project) fn index(&mut self, object: TermId, key: TermId) -> TermId {
        match (self.terms.get(object), self.terms.get(key)) {
            (_, Term::Text(text) | Term::Number(text)) => {
                let text = self.terms.text(text).to_owned();
                self.member(object, &text)
            }
            (Term::Array(list), _) => {
                let elements = self.terms.list(list).to_vec();
                let elements: Vec<TermId> = elements.into_iter().map(|element| self.spread(element)).collect();
                self.terms.union(&elements)
            }
            (Term::Object(list), _) => {
                let entries = self.terms.list(list).to_vec();
                let values = entries.chunks_exact(2).map(|pair| match self.terms.get(pair[0]) {
                    Term::Null => self.index(pair[1], key),
                    _ => pair[1],
                });
                let values: Vec<TermId> = values.collect();
                self.terms.union(&values)
            }
            (Term::Union(list), _) => {
                let alternatives = self.terms.list(list).to_vec();
                let elements: Vec<TermId> = alternatives.into_iter().map(|of| self.index(of, key)).collect();
                self.terms.union(&elements)
            }
            (Term::As(inner, home, ty), _) => {
                let said = self.element_type(home, ty);
                let element = self.index(inner, key);
                self.typed_as(element, said)
            }
            (Term::Unknown(_), _) => object,
            _ => self.terms.add(Term::Element(object)),
        }
    }

    /// An element of a list; where others are spread there, one of those.
    fn spread(&mut self, element: TermId) -> TermId {
        match self.terms.get(element) {
            Term::Spread(inner) => {
                let key = self.terms.unknown("a computed key");
                self.index(inner, key)
            }
            _ => element,
        }
    }

    /// The element of a list at a place; behind something that is spread into it any of them.
    fn element(&mut self, list: ListId, place: &str) -> TermId {
        let elements = self.terms.list(list);
        let place = place.parse::<usize>().unwrap_or(usize::MAX);
        let spread = elements.iter().position(|&element| matches!(self.terms.get(element), Term::Spread(_)));
        match (elements.get(place), spread) {
            (_, Some(spread)) if spread <= place => {
                let rest = self.terms.list(list)[spread..].to_vec();
                let rest: Vec<TermId> = rest.into_iter().map(|element| self.spread(element)).collect();
                self.terms.union(&rest)
            }
            (Some(&element), _) => element,
            (None, _) => self.terms.add(Term::Undefined),
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
        let term = match member.copied() {
            None => match self.field(home, id, name, NONE) {
                Some(put) => put,
                None => return self.inherited(home, id, name, arguments),
            },
            Some(member) if member.kind == MemberKind::Field => {
                let field = self.field(home, id, name, member.value);
                let field = field.unwrap_or_else(|| self.terms.unknown("a field without a value"));
                self.or_annotated(home, field, member.annotation)
            }
            Some(member) => {
                let value = self.value(home, member.value);
                if member.kind == MemberKind::Getter { self.call(value, &[], false) } else { value }
            }
        };
        let Some(list) = arguments.filter(|&list| list != ListId::EMPTY) else { return term };
        let Some(constructor) = self.constructor(home, id) else { return term };
        let arguments = self.terms.list(list).to_vec();
        let bindings = self.bindings(constructor, &arguments);
        self.substitute(term, bindings)
    }

    /// A member of the class that a class extends.
    fn inherited(&mut self, home: ModuleId, id: ClassId, name: &str, arguments: Option<ListId>) -> TermId {
        let extends = self.module(home).facts.classes[id as usize].extends;
        if extends == NONE {
            return self.terms.unknown("a name that the class does not have");
        }
        let parent = self.value(home, extends);
        let passed = arguments.map(|list| self.passed_to_base(home, id, list));
        match (self.terms.get(parent), passed) {
            (Term::Class(home, class), passed) => {
                let list = passed.map(|passed| self.terms.add_list(&passed));
                self.class_member(home, class, name, list)
            }
            (_, None) => self.member(parent, name),
            (_, Some(passed)) => {
                let instance = self.call(parent, &passed, true);
                self.member(instance, name)
            }
        }
    }

    /// What the constructor of the base class is passed when a class is made with these arguments.
    fn passed_to_base(&mut self, home: ModuleId, id: ClassId, arguments: ListId) -> Vec<TermId> {
        let arguments = self.terms.list(arguments).to_vec();
        let Some(constructor) = self.constructor(home, id) else { return arguments };
        let Some(written) = self.sites(home).super_arguments(constructor.function) else { return Vec::new() };
        let passed = self.list(home, written);
        if arguments.is_empty() {
            return passed;
        }
        let bindings = self.bindings(constructor, &arguments);
        passed.into_iter().map(|term| self.substitute(term, bindings)).collect()
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
}

/// Whether a name is a method of what an asynchronous function gives, of which terms say only what it is once it is there.
fn is_of_promise(name: &str) -> bool {
    matches!(name, "then" | "catch" | "finally")
}

fn is_call_of_function(name: &str) -> bool {
    matches!(name, "bind" | "call" | "apply")
}
