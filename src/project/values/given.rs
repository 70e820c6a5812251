//! What calls give, as terms: of a function of the project what it returns, of a package's what a model says, else the path is kept.

use super::evaluate::Evaluator;
use super::terms::{Term, TermId, TextId};
use crate::facts::{FunctionKind, ImportKind};
use crate::models::What;
use crate::project::program::modules::FunctionRef;

impl Evaluator<'_> {
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
                let mut alternatives = self.terms.list(list).to_vec();
                alternatives.retain(|&of| self.terms.may_be_called(of));
                let given: Vec<TermId> =
                    alternatives.into_iter().map(|of| self.call(of, arguments, constructs)).collect();
                self.terms.union(&given)
            }
            Term::As(inner, home, ty) => {
                let said = self.result_type(home, ty);
                let given = self.call(inner, arguments, constructs);
                self.typed_as(given, said)
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
            | Term::Of(..)
            | Term::Element(_) => self.given_outside(callee, arguments, constructs),
            _ => self.terms.unknown("a call of something that is no function"),
        }
    }

    /// `f.bind(..)`, `f.call(..)`, `import('x').then(f)`.
    fn called_member(&mut self, object: TermId, name: TextId, arguments: &[TermId]) -> Option<TermId> {
        let own = matches!(self.terms.get(object), Term::Function(..) | Term::Action(..) | Term::Bound(..));
        match self.terms.text(name) {
            "bind" if own => {
                let list = self.terms.add_list(arguments.get(1..).unwrap_or_default());
                Some(self.terms.add(Term::Bound(object, list)))
            }
            "call" if own => Some(self.call(object, arguments.get(1..).unwrap_or_default(), false)),
            "apply" if own => {
                let spread = self.spread_arguments(arguments);
                Some(self.call(object, &spread, false))
            }
            "then" if matches!(self.terms.get(object), Term::Namespace(_)) => {
                Some(self.call(*arguments.first()?, &[object], false))
            }
            _ => None,
        }
    }

    /// What `f.apply(this, list)` passes.
    pub(in crate::project) fn spread_arguments(&mut self, arguments: &[TermId]) -> Vec<TermId> {
        let list = arguments.get(1).copied().filter(|&list| !self.terms.is_nothing(list));
        list.map(|list| self.terms.add(Term::Spread(list))).into_iter().collect()
    }

    /// What a call outside of the project gives: an argument where a model says so, else the path is kept.
    fn given_outside(&mut self, callee: TermId, arguments: &[TermId], constructs: bool) -> TermId {
        let models = self.world.models;
        for (node, _) in self.states_of(callee).to_vec() {
            for meaning in models.meanings(node) {
                let What::Passes(passed) = meaning.what else { continue };
                if let Some(&given) = arguments.get(passed.argument as usize) {
                    self.states.met(meaning.line);
                    return self.loaded(given);
                }
            }
        }
        let list = self.terms.add_list(arguments);
        let called = self.terms.add(Term::Called(callee, list, constructs));
        self.sourced(called)
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
        facts.imports.iter().any(|import| import.kind == ImportKind::Dynamic && import.function == function.function)
    }
}
