//! What nobody sees beside something else: where a component of the server renders the one or the other by a test, who is shown the one is
//! not shown the other.

use super::takers::{Said, Taker};
use crate::facts::{CallId, CallKind, Operator, Value, ValueId, VariableId};
use crate::project::Project;
use crate::project::effects::summary::Site;
use crate::project::graph::reach::Hop;
use crate::project::layers::Boundary;
use crate::project::program::modules::ModuleId;

/// How many values are gone through from an element to what it is a part of.
const DEEPEST: u32 = 32;

/// A name that is tested, and whether that holds where something is rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::project) struct Branch {
    module: ModuleId,
    tested: VariableId,
    holds: bool,
}

impl Project {
    /// What holds of the tests of the components on a way that the server alone renders: what those tested stays as it was until they are
    /// rendered again.
    pub(in crate::project) fn branches_on(&self, way: &[Hop]) -> Vec<Branch> {
        let on_server = way.iter().filter(|(module, _)| self.boundary[*module as usize] != Boundary::Client);
        on_server.flat_map(|&(module, edge)| self.branches_around((module, edge.call))).collect()
    }

    /// Whether a call renders something where one of some tests has come out the other way.
    pub(in crate::project) fn is_apart(&self, site: Site, from: &[Branch]) -> bool {
        let here = from.iter().any(|branch| branch.module == site.0);
        here && self
            .branches_around(site)
            .iter()
            .any(|branch| from.contains(&Branch { holds: !branch.holds, ..*branch }))
    }

    /// The tests that decide whether an element is rendered, as far as they are of names.
    fn branches_around(&self, (module, call): Site) -> Vec<Branch> {
        let (facts, takers) = (&self.module(module).facts, self.takers(module));
        let only = |call: CallId| {
            let mut values = takers.said(Said::Call(call));
            values.next().filter(|_| values.next().is_none())
        };
        let (mut found, mut at) = (Vec::new(), only(call));
        for _ in 0..DEEPEST {
            let Some(value) = at else { break };
            let mut taking = takers.takers(value);
            let (Some(taker), None) = (taking.next(), taking.next()) else { break };
            at = match taker {
                Taker::Part(of) => {
                    let tested = match facts.value(of) {
                        Value::Logical(Operator::And, test, other) if other == value => Some((test, true)),
                        Value::Logical(Operator::Or, test, other) if other == value => Some((test, false)),
                        Value::Conditional(list) => match *facts.list(list) {
                            [test, then, otherwise] if test != value && then != otherwise => {
                                Some((test, then == value))
                            }
                            _ => None,
                        },
                        _ => None,
                    };
                    found.extend(tested.and_then(|(test, holds)| self.branch(module, test, holds)));
                    Some(of)
                }
                Taker::Argument(call, _) if facts.calls[call as usize].kind == CallKind::Jsx => only(call),
                _ => None,
            };
        }
        found
    }

    /// A test of a name that nobody assigns anew.
    fn branch(&self, module: ModuleId, test: ValueId, holds: bool) -> Option<Branch> {
        let facts = &self.module(module).facts;
        match facts.value(test) {
            Value::Not(inner) => self.branch(module, inner, !holds),
            Value::Variable(tested) if !facts.variables[tested as usize].reassigned => {
                Some(Branch { module, tested, holds })
            }
            _ => None,
        }
    }
}
