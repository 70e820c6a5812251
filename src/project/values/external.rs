//! What models say of single values, asked before and after the program is linked.

use super::evaluate::{Evaluator, World};
use super::terms::{Term, TermId};
use crate::facts::ValueId;
use crate::models::{LineId, Passed, What};
use crate::project::Project;
use crate::project::program::modules::ModuleId;

impl Project {
    /// What evaluation reads.
    pub(in crate::project) fn world(&self) -> World<'_> {
        World {
            modules: &self.modules,
            symbols: &self.symbols,
            models: &self.models,
            actions: &self.actions,
            relations: &self.relations,
        }
    }

    /// Keeps which lines of models were met.
    pub(in crate::project) fn keep_met(&mut self, lines: Vec<LineId>) {
        self.met.extend(lines);
        self.met.sort_unstable();
        self.met.dedup();
    }
}

impl Evaluator<'_> {
    /// What the call of `callee` gives back, as a model says.
    pub(in crate::project) fn passed(&mut self, module: ModuleId, callee: ValueId) -> Option<Passed> {
        let models = self.world.models;
        let term = self.value(module, callee);
        let states = self.states_of(term);
        let meanings = states.iter().flat_map(|&(node, _)| models.meanings(node));
        let (passed, line) = meanings.into_iter().find_map(|meaning| match meaning.what {
            What::Passes(passed) => Some((passed, meaning.line)),
            _ => None,
        })?;
        self.states.met(line);
        Some(passed)
    }

    /// The package that a value comes from, as its import is written, whatever members and calls lie between.
    pub(in crate::project) fn package_of(&self, term: TermId) -> Option<&str> {
        match self.terms.root(term) {
            Term::Package(specifier, _) => Some(self.terms.text(specifier)),
            _ => None,
        }
    }

    /// Whether a value, or what the call that gives it calls, is a proxy that leaves requests on their path, as a model says.
    pub(in crate::project) fn keeps_path(&mut self, term: TermId) -> bool {
        let models = self.world.models;
        let callee = match self.terms.get(self.terms.only(term)) {
            Term::As(inner, _, _) | Term::Of(inner, _, _) => return self.keeps_path(inner),
            Term::Called(callee, _, _) => Some(callee),
            _ => None,
        };
        let line = std::iter::once(term).chain(callee).find_map(|term| {
            let states = self.states_of(term);
            states.iter().find_map(|&(node, _)| models.keeps_path(node))
        });
        line.into_iter().for_each(|line| self.states.met(line));
        line.is_some()
    }
}
