//! What is known once values are: all of it is worked out with one evaluator, which is dropped then.

use super::Project;
use super::client::Client;
use super::effects::{Effects, Entered};
use super::evaluate::Evaluator;
use super::graph::Graph;
use super::misplaced;
use super::requests::Gathered;
use super::summary::Summaries;
use super::unreached::{self, Unreached};
use crate::models::LineId;

/// What is known.
pub(super) struct Evaluated {
    /// The call graph.
    pub(super) graph: Graph,
    /// What everything that is entered does.
    pub(super) effects: Effects,
    /// What pages and layouts do by what they export beside their component.
    pub(super) beside: Vec<Entered>,
    /// What client code does around actions.
    pub(super) client: Client,
    /// Requests, as they are written.
    pub(super) gathered: Vec<Gathered>,
    /// The refreshes that nothing reaches.
    pub(super) unreached: Vec<Unreached>,
    /// The lines of models that were met.
    pub(super) met: Vec<LineId>,
}

impl Project {
    /// What values say.
    pub(super) fn evaluated(&self) -> Evaluated {
        let mut eval = Evaluator::new(self.world());
        let (graph, handed) = Graph::build(&mut eval, &|module| self.is_client(module));
        let gathered = Gathered::all(&mut eval, &graph);
        let mut summaries = Summaries::new(eval, &self.boundary, &self.layers);
        let effects = Effects::collect(self, &mut summaries);
        let beside = misplaced::beside(self, &mut summaries);
        let client = Client::collect(self, &graph, &handed, &mut summaries);
        let unreached = unreached::collect(self, &mut summaries);
        Evaluated { graph, effects, beside, client, gathered, unreached, met: summaries.eval.states.lines() }
    }
}
