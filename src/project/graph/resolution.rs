//! What every call resolves to, call by call: for a judge of the call graph, and for saying why.

use super::{Resolved, resolved};
use crate::facts::{CallId, ClassId};
use crate::project::Project;
use crate::project::actions::ActionId;
use crate::project::program::modules::{FunctionRef, ModuleId};
use crate::project::values::evaluate::Evaluator;
use crate::project::values::terms::{Term, TermId};

/// What a call leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leads {
    /// A function of the project.
    Function(FunctionRef),
    /// A server action.
    Action(ActionId),
    /// A class of the project, whether it writes a constructor or not.
    Class(ModuleId, ClassId),
}

/// Resolves calls, one by one.
pub struct Resolution<'p>(Evaluator<'p>);

impl Project {
    /// Resolves calls again, each as the call graph does.
    #[must_use]
    pub fn resolution(&self) -> Resolution<'_> {
        Resolution(Evaluator::new(self.world()))
    }
}

impl Resolution<'_> {
    /// How a call resolves, and everything in the project that it may lead to.
    pub fn call(&mut self, module: ModuleId, call: CallId) -> (Resolved, Vec<Leads>) {
        let described = self.0.module(module).facts.calls[call as usize];
        let callee = self.0.value(module, described.callee);
        let mut leads = Vec::new();
        self.collect(callee, &mut leads);
        (resolved(&mut self.0, module, &described, callee, &mut |_| {}), leads)
    }

    fn collect(&self, callee: TermId, leads: &mut Vec<Leads>) {
        let terms = &self.0.terms;
        match terms.get(callee) {
            Term::Function(function, _) => leads.push(Leads::Function(function)),
            Term::Action(action, _) => leads.push(Leads::Action(action)),
            Term::Class(module, class) => leads.push(Leads::Class(module, class)),
            Term::Bound(inner, _) => self.collect(inner, leads),
            Term::Member(object, name) if matches!(terms.text(name), "call" | "apply") => self.collect(object, leads),
            Term::Union(list) => terms.list(list).iter().for_each(|&of| self.collect(of, leads)),
            _ => {}
        }
    }
}
