//! Members and elements of terms.

use super::annotations::Said;
use super::evaluate::Evaluator;
use super::modules::{FunctionRef, ModuleId};
use super::terms::{ListId, NO_SUCH_NAME, Term, TermId};
use crate::facts::{ClassId, FunctionKind, MemberKind, NONE, Op, Value};

impl Evaluator<'_> {
    /// A member of a value.
    pub fn member(&mut self, object: TermId, name: &str) -> TermId {
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
            Term::Object(list) => {
                let key = self.terms.add_text(name);
                match self.terms.property(list, key) {
                    Ok(value) => self.got(value),
                    Err(reason) => self.behind_spreads(list, name, reason),
                }
            }
            Term::Array(list) if name.bytes().all(|byte| byte.is_ascii_digit()) => self.element(list, name),
            Term::Class(module, class) => self.class_member(module, class, name, None),
            Term::Instance(module, class, arguments) => self.class_member(module, class, name, Some(arguments)),
            Term::Union(list) => {
                let alternatives = self.terms.list(list).to_vec();
                let members: Vec<TermId> = alternatives.into_iter().map(|of| self.member(of, name)).collect();
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
            Term::Null | Term::Undefined => self.terms.unknown("a member of nothing"),
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
    pub(super) fn index(&mut self, object: TermId, key: TermId) -> TermId {
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
            let put = facts.body(constructor.function).iter().any(|step| matches!(step.op, Op::Assign(..)));
            if !put {
                let index = u32::try_from(index).unwrap_or(NONE);
                return self.terms.add(Term::Parameter(constructor, index));
            }
        }
        let put = facts.body(constructor.function).iter().find_map(|step| match step.op {
            Op::Assign(place, value) => match facts.value(place) {
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
}

fn is_call_of_function(name: &str) -> bool {
    matches!(name, "bind" | "call" | "apply")
}
