//! What object, list and function types say of the parts of values: members, elements, results.

use super::annotations::Said;
use super::evaluate::Evaluator;
use super::terms::{Term, TermId};
use crate::facts::{Type, TypeId};
use crate::project::program::modules::ModuleId;

impl Evaluator<'_> {
    /// A value that has a type: what is known of it, and the type for what is not.
    pub(in crate::project) fn shaped(&mut self, term: TermId, home: ModuleId, ty: TypeId) -> TermId {
        let inner = match self.terms.get(term) {
            Term::Null | Term::Undefined => self.terms.unknown("a value that only its type describes"),
            Term::As(_, of, other) if (of, other) == (home, ty) => return term,
            _ => term,
        };
        self.terms.add(Term::As(inner, home, ty))
    }

    /// What a type says of a member.
    pub(in crate::project) fn member_type(&mut self, module: ModuleId, ty: TypeId, name: &str) -> Option<Said> {
        let facts = &self.module(module).facts;
        match *facts.types.get(ty as usize)? {
            Type::Object(list) => {
                let members = facts.type_members[list.range()].iter();
                let found = members.copied().find(|member| facts.text(member.name) == name)?;
                self.said(module, found.ty)
            }
            Type::Array(element) if is_index(name) => self.said(module, element),
            Type::Tuple(list) => {
                let index: usize = name.parse().ok()?;
                self.said(module, *facts.type_lists[list.range()].get(index)?)
            }
            Type::Union(list) => {
                let parts = facts.type_lists[list.range()].iter();
                parts.filter_map(|&part| self.member_of_said(module, part, name)).next()
            }
            Type::Named(_, arguments) => match facts.type_lists[arguments.range()] {
                [_, value] => self.said(module, value),
                [element] if is_index(name) => self.said(module, element),
                _ => None,
            },
            _ => None,
        }
    }

    fn member_of_said(&mut self, module: ModuleId, ty: TypeId, name: &str) -> Option<Said> {
        match self.said(module, ty)? {
            Said::Term(term) => {
                let member = self.member(term, name);
                self.telling(member)
            }
            Said::Shape(home, ty) => self.member_type(home, ty, name),
        }
    }

    /// What a type says of its elements.
    pub(in crate::project) fn element_type(&mut self, module: ModuleId, ty: TypeId) -> Option<Said> {
        let facts = &self.module(module).facts;
        match *facts.types.get(ty as usize)? {
            Type::Array(element) => self.said(module, element),
            Type::Named(_, arguments) => match facts.type_lists[arguments.range()] {
                [element] | [_, element] => self.said(module, element),
                _ => None,
            },
            _ => None,
        }
    }

    /// What a function type says of what its call gives.
    pub(in crate::project) fn result_type(&mut self, module: ModuleId, ty: TypeId) -> Option<Said> {
        match *self.module(module).facts.types.get(ty as usize)? {
            Type::Function(result) => self.said(module, result),
            _ => None,
        }
    }

    /// A term of which a type says something, where it does.
    pub(in crate::project) fn typed_as(&mut self, term: TermId, said: Option<Said>) -> TermId {
        match said {
            None => term,
            Some(Said::Term(said)) => {
                if self.is_own(term) {
                    term
                } else {
                    said
                }
            }
            Some(Said::Shape(home, ty)) => {
                if self.is_own(term) {
                    term
                } else {
                    self.shaped(term, home, ty)
                }
            }
        }
    }
}

/// Whether a name is an element's place: `0`, `12`.
pub(in crate::project) fn is_index(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit())
}
