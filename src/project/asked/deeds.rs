//! What an entry or a function does, by places: what reports show of it.

use crate::diagnostic::Place;
use crate::models::Effect;
use crate::project::Project;
use crate::project::effects::Doing;
use crate::project::effects::summary::{Certainty, Site, Unseen};

/// One effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// What happens.
    pub effect: Effect,
    /// What it is about, with `{}` for what is not known of it; `None` where nothing is known.
    pub target: Option<String>,
    /// On which ways.
    pub certainty: Certainty,
    /// Whether a condition decides that no call site settles.
    pub conditional: bool,
    /// The calls that lead to it, the one that does it last.
    pub trail: Vec<Place>,
}

/// One call that cannot be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Which sort.
    pub class: Unseen,
    /// Why.
    pub reason: &'static str,
    /// The calls that lead to it, itself last.
    pub trail: Vec<Place>,
}

/// What is known of what an entry or a function does.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Deeds {
    /// Its effects, in order.
    pub effects: Vec<Deed>,
    /// The calls that cannot be seen, in order.
    pub gaps: Vec<Gap>,
    /// Whether there is more than is kept.
    pub truncated: bool,
}

impl Project {
    /// What is done, with places for calls.
    #[must_use]
    pub fn deeds(&self, doing: &Doing) -> Deeds {
        let places = |trail: &[Site]| trail.iter().map(|&site| self.call_place(site)).collect();
        let effects = doing.happenings.iter().map(|happening| Deed {
            effect: happening.effect,
            target: happening.target.clone(),
            certainty: happening.certainty,
            conditional: happening.conditional,
            trail: places(&happening.trail),
        });
        let gaps = doing.blind.iter().map(|blind| Gap {
            class: blind.unseen,
            reason: blind.reason,
            trail: places(&blind.trail),
        });
        Deeds { effects: effects.collect(), gaps: gaps.collect(), truncated: doing.truncated }
    }
}
