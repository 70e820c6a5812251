//! Every call of a tree with its own effects, whatever reaches it: for tests of models, and for saying why.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::{FileKind, NONE};
use crate::models::Effect;
use crate::project::Project;
use crate::project::effects::summary::{Site, Summaries};
use crate::project::effects::{Doing, Happening};
use crate::project::program::modules::FunctionRef;
use crate::project::values::evaluate::Evaluator;

/// What calls do, and which lines of models say so.
pub struct Survey {
    /// The effects of each call, and what they are about.
    pub effects: BTreeMap<Site, BTreeSet<(Effect, Option<String>)>>,
    /// The lines of models, as `package: path`, each with whether a call meets it.
    pub lines: Vec<(String, bool)>,
}

impl Project {
    /// Looks at every function of the tree.
    #[must_use]
    pub fn survey(&self) -> Survey {
        let mut summaries = Summaries::new(Evaluator::new(self.world()), &self.boundary, &self.layers);
        let mut effects: BTreeMap<Site, BTreeSet<(Effect, Option<String>)>> = BTreeMap::new();
        let mut note = |doing: &Doing| {
            for happening in &doing.happenings {
                let Happening { effect, target, .. } = happening;
                effects.entry(happening.site()).or_default().insert((*effect, target.clone()));
            }
        };
        for (module, described) in self.modules().filter(|(_, module)| module.facts.kind != FileKind::Rust) {
            for function in 0..u32::try_from(described.facts.functions.len()).unwrap_or(NONE) {
                let summary = summaries.summary(FunctionRef { module, function });
                note(&crate::project::effects::doing(&mut summaries, &summary));
            }
        }
        self.effects.actions.iter().for_each(&mut note);
        self.effects.entered.iter().for_each(|entered| note(&entered.doing));
        let met = summaries.eval.states.lines();
        let lines = (0..).zip(self.models.lines()).map(|(id, line): (u32, _)| {
            (line.clone(), met.binary_search(&id).is_ok() || self.met.binary_search(&id).is_ok())
        });
        Survey { lines: lines.collect(), effects }
    }
}
