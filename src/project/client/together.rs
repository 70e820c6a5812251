//! Calls of actions that client code starts together: under one `Promise.all`, for every element of a list, or first one and then the other,
//! before either is awaited.

use crate::facts::{CallId, FileFacts, FunctionId, NONE, Op, Use, Value, ValueId, VariableId};
use crate::project::Project;
use crate::project::actions::ActionId;
use crate::project::effects::summary::Site;
use crate::project::graph::{Callee, Edge, Via};
use crate::project::program::modules::{FunctionRef, ModuleId, Role};

/// How deep helpers of the project are looked through for the action that they call.
const DEEPEST: u32 = 4;
/// How deep a list of promises is taken apart.
const MOST_PARTS: u32 = 8;

/// Calls of actions that are started together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Together {
    /// The call that waits for all of them, or the last one that is started before the first is awaited.
    pub site: Site,
    /// What is waited for.
    pub waits: Waits,
    /// The starts, in order.
    pub starts: Vec<Start>,
}

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waits {
    /// `Promise.all`, `Promise.allSettled`
    ForAll,
    /// `Promise.any`, `Promise.race`
    ForFirst,
    /// Each by itself, later.
    Later,
}

/// The start of an action.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Start {
    /// The calls that lead to it, that of the action last.
    pub way: Vec<Site>,
    /// The action.
    pub action: ActionId,
    /// Whether it is started for every element of a list.
    pub each: bool,
}

/// One module that is looked at.
struct Look<'p> {
    project: &'p Project,
    module: ModuleId,
    facts: &'p FileFacts,
}

impl Look<'_> {
    fn edges_of(&self, call: CallId) -> impl Iterator<Item = &Edge> {
        let function = self.facts.calls[call as usize].function;
        let edges = self.project.graph.edges(FunctionRef { module: self.module, function }).iter();
        edges.filter(move |edge| edge.call == call)
    }

    /// The actions that a list of promises starts.
    fn list(&self, value: ValueId, left: u32, found: &mut Vec<Start>) {
        let Some(left) = left.checked_sub(1) else { return };
        match self.facts.value(value) {
            Value::Array(list) => {
                for &element in self.facts.list(list) {
                    match self.facts.value(element) {
                        Value::Spread(inner) => self.list(inner, left, found),
                        _ => self.promise(element, left, found),
                    }
                }
            }
            Value::Call(call) => self.mapped(call, left, found),
            Value::Variable(variable) => {
                self.list(self.facts.variables[variable as usize].init, left, found);
                self.pushed(variable, left, found);
            }
            Value::Cast(inner, _) => self.list(inner, left, found),
            Value::Conditional(parts) => {
                self.facts.list(parts).iter().skip(1).for_each(|&part| self.list(part, left, found));
            }
            Value::Logical(_, first, second) => {
                self.list(first, left, found);
                self.list(second, left, found);
            }
            _ => {}
        }
    }

    /// `ids.map((id) => action(id))`, and what is done with that list before it is awaited.
    fn mapped(&self, call: CallId, left: u32, found: &mut Vec<Start>) {
        let before = found.len();
        for edge in self.edges_of(call).filter(|edge| matches!(edge.via, Via::Argument(_))) {
            self.started(edge, (self.module, call), DEEPEST, found);
        }
        found[before..].iter_mut().for_each(|start| start.each = true);
        if found.len() == before
            && let Value::Member(object, _) = self.facts.value(self.facts.calls[call as usize].callee)
        {
            self.list(object, left, found);
        }
    }

    /// `promises.push(action(id))`
    fn pushed(&self, list: VariableId, left: u32, found: &mut Vec<Start>) {
        for (index, call) in (0..).zip(&self.facts.calls) {
            let Value::Member(object, name) = self.facts.value(call.callee) else { continue };
            if self.facts.value(object) != Value::Variable(list) || self.facts.text(name) != "push" {
                continue;
            }
            let before = found.len();
            self.facts.list(call.arguments).iter().for_each(|&value| self.promise(value, left, found));
            let declared = self.facts.variables[list as usize].function;
            if call.function != declared || self.is_in_loop(call.function, index) {
                found[before..].iter_mut().for_each(|start| start.each = true);
            }
        }
    }

    fn is_in_loop(&self, function: FunctionId, call: CallId) -> bool {
        let body = self.facts.body(function);
        let at = body.iter().position(|step| step.op == Op::Call(call));
        at.is_some_and(|at| body[..at].iter().any(|step| matches!(step.op, Op::Loop { end, .. } if end as usize > at)))
    }

    /// The action that a promise starts, which nobody has awaited yet.
    fn promise(&self, value: ValueId, left: u32, found: &mut Vec<Start>) {
        let Some(left) = left.checked_sub(1) else { return };
        match self.facts.value(value) {
            Value::Call(call) => {
                let before = found.len();
                for edge in self.edges_of(call).filter(|edge| edge.via == Via::Call) {
                    self.started(edge, (self.module, call), DEEPEST, found);
                }
                // `action().catch(..)`
                if found.len() == before
                    && let Value::Member(object, _) = self.facts.value(self.facts.calls[call as usize].callee)
                {
                    self.promise(object, left, found);
                }
            }
            Value::Variable(variable) => self.promise(self.facts.variables[variable as usize].init, left, found),
            Value::Cast(inner, _) => self.promise(inner, left, found),
            Value::Conditional(parts) => {
                let before = found.len();
                self.facts.list(parts).iter().skip(1).for_each(|&part| self.promise(part, left, found));
                found.truncate(before + 1);
            }
            Value::Logical(_, first, second) => {
                let before = found.len();
                self.promise(first, left, found);
                self.promise(second, left, found);
                found.truncate(before + 1);
            }
            _ => {}
        }
    }

    /// The action that an edge leads to, or the first one that the function behind it calls.
    fn started(&self, edge: &Edge, site: Site, left: u32, found: &mut Vec<Start>) {
        let mut way = vec![site];
        if let Some(action) = self.first_action(edge.to, left, &mut way) {
            found.push(Start { way, action, each: false });
        }
    }

    fn first_action(&self, to: Callee, left: u32, way: &mut Vec<Site>) -> Option<ActionId> {
        let function = match to {
            Callee::Action(action) => return Some(action),
            Callee::Function(function) => function,
        };
        let left = left.checked_sub(1)?;
        for edge in self.project.graph.edges(function).iter().filter(|edge| edge.via == Via::Call) {
            way.push((function.module, edge.call));
            if let Some(action) = self.first_action(edge.to, left, way) {
                return Some(action);
            }
            way.pop();
        }
        None
    }

    /// Actions that one function starts before it awaits any of them.
    fn started_first(&self, function: FunctionId) -> Option<Together> {
        let body = self.facts.body(function);
        let mut open: Vec<(VariableId, usize, usize)> = Vec::new();
        for (index, variable) in (0..).zip(&self.facts.variables) {
            let Value::Call(call) = self.facts.value(variable.init) else { continue };
            let awaited = self.facts.calls[call as usize].result.has(Use::AWAITED);
            let start = body.iter().position(|step| step.op == Op::Call(call));
            let wait = body.iter().position(
                |step| matches!(step.op, Op::Await(value) if self.facts.value(value) == Value::Variable(index)),
            );
            if let (false, Some(start), Some(wait)) = (awaited, start, wait) {
                open.push((index, start, wait));
            }
        }
        open.sort_by_key(|&(_, start, _)| start);
        let mut starts = Vec::new();
        let mut first_wait = usize::MAX;
        let mut last = None;
        for (variable, start, wait) in open {
            let before = starts.len();
            if start < first_wait {
                self.promise(self.facts.variables[variable as usize].init, MOST_PARTS, &mut starts);
            }
            if starts.len() > before {
                first_wait = first_wait.min(wait);
                last = starts.last().map(|start: &Start| start.way[0]);
            }
        }
        Some(Together { site: last?, waits: Waits::Later, starts })
    }
}

impl Project {
    /// The calls of actions that client code starts together, by module, then place.
    #[must_use]
    pub fn started_together(&self) -> Vec<Together> {
        let mut found = Vec::new();
        if self.actions.all.is_empty() {
            return found;
        }
        for (module, described) in self.modules() {
            if !self.is_client(module) || !matches!(described.role, Role::Source | Role::Config) {
                continue;
            }
            let look = Look { project: self, module, facts: &described.facts };
            for (index, call) in (0..).zip(&described.facts.calls) {
                if let Some(waits) = waits(&described.facts, call.callee)
                    && let Some(&list) = described.facts.list(call.arguments).first()
                {
                    let mut starts = Vec::new();
                    look.list(list, MOST_PARTS, &mut starts);
                    found.push(Together { site: (module, index), waits, starts });
                }
            }
            let functions = 0..u32::try_from(described.facts.functions.len()).unwrap_or(NONE);
            found.extend(functions.filter_map(|function| look.started_first(function)));
        }
        for together in &mut found {
            together.starts.retain(|start| self.runs_in_client(start));
        }
        found.retain(|together| together.starts.len() > 1 || together.starts.iter().any(|start| start.each));
        found
    }

    /// Whether the browser runs the call of the action: a helper that only the server calls may stand beside one that it does not.
    fn runs_in_client(&self, start: &Start) -> bool {
        let last = start.way.last();
        self.client_calls(start.action).iter().any(|call| Some(&call.site) == last)
    }
}

/// What a call waits for, if it is one of several promises.
fn waits(facts: &FileFacts, callee: ValueId) -> Option<Waits> {
    let Value::Member(object, name) = facts.value(callee) else { return None };
    let is_promise = matches!(facts.value(object), Value::Global(name) if facts.text(name) == "Promise");
    match facts.text(name) {
        "all" | "allSettled" if is_promise => Some(Waits::ForAll),
        "any" | "race" if is_promise => Some(Waits::ForFirst),
        _ => None,
    }
}
