//! Arguments in the place of parameters.

use super::annotations::Said;
use super::evaluate::Evaluator;
use super::progress::Key;
use super::terms::{Bindings, ListId, Term, TermId};
use crate::facts::{FunctionKind, NONE};
use crate::project::program::modules::FunctionRef;

impl Evaluator<'_> {
    /// What the parameters of a function are when it is called like this.
    pub(in crate::project) fn bindings(&mut self, function: FunctionRef, arguments: &[TermId]) -> Bindings {
        self.bindings_over(function, arguments, Bindings::NONE)
    }

    /// The same, over what is bound of the functions around it.
    pub(in crate::project) fn bindings_over(
        &mut self,
        function: FunctionRef,
        arguments: &[TermId],
        outer: Bindings,
    ) -> Bindings {
        let parameters = &self.module(function.module).facts.function(function.function).parameters;
        let arguments = &self.flattened(arguments);
        let spread = arguments.iter().position(|&argument| matches!(self.terms.get(argument), Term::Spread(_)));
        let mut bound = Vec::with_capacity(parameters.len());
        for (index, parameter) in parameters.iter().enumerate() {
            let given = match spread {
                Some(first) if index > first || (index == first && !parameter.rest) => {
                    self.terms.unknown("a spread argument")
                }
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

    /// Arguments with the elements of lists that are spread there, where the list is known.
    fn flattened(&self, arguments: &[TermId]) -> Vec<TermId> {
        let mut flat = Vec::with_capacity(arguments.len());
        for &argument in arguments {
            match self.terms.get(argument) {
                Term::Spread(inner) => match self.terms.get(inner) {
                    Term::Array(list) => flat.extend(self.flattened(self.terms.list(list))),
                    _ => flat.push(argument),
                },
                _ => flat.push(argument),
            }
        }
        flat
    }

    /// A term with what is bound in the place of its parameters.
    pub fn substitute(&mut self, term: TermId, bindings: Bindings) -> TermId {
        if bindings == Bindings::NONE || !self.terms.is_open(term) {
            return term;
        }
        if let Some(&known) = self.substituted.get(&(term, bindings)) {
            return known;
        }
        // Terms end, so this does too; the calls in them are counted.
        let mark = self.begin(Key::Substituted(term, bindings));
        let result = stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.replaced(term, bindings));
        self.substituted.insert((term, bindings), result);
        self.end(&mark);
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
            Term::As(inner, home, ty) => {
                let inner = self.substitute(inner, bindings);
                self.typed_as(inner, Some(Said::Shape(home, ty)))
            }
            Term::Of(inner, module, types) => {
                let inner = self.substitute(inner, bindings);
                self.generic(inner, module, types)
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
