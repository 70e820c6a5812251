//! What models say of single calls, asked before the program is linked.

use super::Project;
use super::evaluate::{Evaluator, World};
use super::modules::ModuleId;
use crate::facts::ValueId;
use crate::models::What;

impl Project {
    /// What evaluation reads.
    pub(super) fn world(&self) -> World<'_> {
        World { modules: &self.modules, symbols: &self.symbols, models: &self.models, actions: &self.actions }
    }

    /// Which argument the call of `callee` gives back, as a model says.
    #[must_use]
    pub fn passed(&self, module: ModuleId, callee: ValueId) -> Option<u32> {
        let mut eval = Evaluator::new(self.world());
        let term = eval.value(module, callee);
        let states = eval.states_of(term);
        let meanings = states.iter().flat_map(|&(node, _)| self.models.meanings(node));
        meanings.into_iter().find_map(|meaning| match meaning.what {
            What::Passes(argument) => Some(argument),
            _ => None,
        })
    }
}
