//! A function that a package's wrapper was given: what the wrapper and the middleware below it do first, and what holds once they have let
//! it run.

use super::apply::DEEPEST_HANDED;
use super::summary::{EventKind, Outcome, Summaries, Summary, Way};
use crate::models::{Effect, What, When};
use crate::project::guards::holds::{Fact, SetId};
use crate::project::program::modules::{FunctionRef, ModuleId};
use crate::project::values::terms::{ListId, Term, TermId};

impl Summaries<'_> {
    /// A function that a model's wrapper was given, called: everything that runs before it, then itself.
    pub(in crate::project) fn wrapped(
        &mut self,
        module: ModuleId,
        wrapper: TermId,
        list: ListId,
        way: &Way,
        into: &mut Summary,
    ) -> Option<Outcome> {
        let models = self.eval.world.models;
        let states = self.eval.states_of(wrapper);
        let meanings = states.iter().flat_map(|&(node, _)| models.meanings(node).iter().map(move |of| (node, of)));
        let wraps = meanings.into_iter().find_map(|(node, meaning)| match meaning.what {
            What::Wraps(argument) => Some((node, argument, meaning.line)),
            _ => None,
        });
        let (node, argument, line) = wraps?;
        self.eval.states.met(line);
        let mut way = way.clone();
        for &(node, entity) in states.iter() {
            for meaning in models.meanings(node) {
                // A wrapper's own effect happens whenever the function that it gives is called.
                if let What::Effect(did) = &meaning.what {
                    let arguments = self.eval.terms.list(list).to_vec();
                    self.effect(did, (wrapper, entity), &arguments, &way, into);
                    if let Ok(effect) = did.kind {
                        way.holds = self.with(way.holds, Fact::Passed(effect, way.site()));
                    }
                }
            }
        }
        let mut before = Vec::new();
        let mut at = wrapper;
        loop {
            match self.eval.terms.get(at) {
                Term::Member(inner, _) | Term::Element(inner) | Term::As(inner, _, _) | Term::Of(inner, _, _) => {
                    at = inner
                }
                Term::Called(inner, list, _) => {
                    if self.effects_of(inner).contains(&Effect::Validate) {
                        way.holds = self.with(way.holds, Fact::Passed(Effect::Validate, way.site()));
                    }
                    let states = self.eval.states_of(inner);
                    let runs_before = states
                        .iter()
                        .flat_map(|&(node, _)| models.meanings(node).iter().map(move |of| (node, of)))
                        .find(|(_, meaning)| matches!(meaning.what, What::Callback(When::Before, _)));
                    if let Some((node, meaning)) = runs_before {
                        self.eval.states.met(meaning.line);
                        let handed = self.eval.terms.list(list).iter().copied().enumerate().rev();
                        before.extend(
                            handed.map(|(argument, handed)| {
                                ((node, u32::try_from(argument).unwrap_or(u32::MAX)), handed)
                            }),
                        );
                    }
                    at = inner;
                }
                _ => break,
            }
        }
        for (place, middleware) in before.into_iter().rev() {
            let mut functions = Vec::new();
            self.functions_in(middleware, DEEPEST_HANDED, &mut functions);
            if functions.is_empty() && self.eval.terms.may_be_called(middleware) {
                way.holds = self.with(way.holds, Fact::Maybe("a middleware that cannot be seen", way.site()));
            }
            for function in functions {
                let outcome = self.run_handed(module, place, function, &way, into);
                let left = self.left_for_next(function, &outcome);
                way.holds = self.both(way.holds, left);
            }
        }
        match self.eval.terms.list(list).get(argument as usize) {
            Some(&function) => Some(self.run_handed(module, (node, argument), function, &way, into)),
            None => Some(Outcome::default()),
        }
    }

    /// What holds where a middleware goes on with what it stands before: where it calls `next`, or where it returns.
    fn left_for_next(&mut self, middleware: TermId, outcome: &Outcome) -> SetId {
        let Term::Function(function, bound) = self.eval.terms.get(middleware) else { return self.left(outcome) };
        let base = self.summary(function);
        let mut sets = Vec::new();
        for event in &base.events {
            let EventKind::Pending(callee, _, _) = event.kind else { continue };
            if self.is_next(function, callee) {
                sets.push(self.put(event.holds, bound, function.module));
            }
        }
        if sets.is_empty() { self.left(outcome) } else { self.either(&sets) }
    }

    fn is_next(&self, function: FunctionRef, callee: TermId) -> bool {
        let own = |term: TermId| matches!(self.eval.terms.get(term), Term::Parameter(of, _) if of == function);
        match self.eval.terms.get(callee) {
            Term::Member(object, name) => self.eval.terms.text(name) == "next" && own(object),
            Term::Parameter(of, index) if of == function => {
                let facts = &self.eval.module(function.module).facts;
                let parameter = facts.function(function.function).parameters.get(index as usize);
                parameter.is_some_and(|parameter| facts.text(parameter.name) == "next")
            }
            _ => false,
        }
    }
}
