//! Questions about one line: which function it belongs to, which entries run that function and by which calls, what it does.

pub(super) mod deeds;
pub(super) mod places;
pub mod survey;

use std::collections::VecDeque;
use std::collections::hash_map::Entry as Slot;

use rustc_hash::FxHashMap;

use super::actions::ActionId;
use super::effects::summary::Summaries;
use super::effects::{Doing, doing};
use super::entries::EntryKind;
use super::graph::Edge;
use super::graph::reach::Hop;
use super::program::modules::{FunctionRef, ModuleId};
use super::program::symbols::Binding;
use super::values::evaluate::Evaluator;
use super::{AppId, Project};
use crate::diagnostic::Place;
use crate::facts::{ExportKind, NONE, Value};
use crate::source::Span;

/// How many functions are looked at for one.
const MOST_FUNCTIONS: usize = 8192;

/// Something that is entered from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Root {
    /// A server action.
    Action(ActionId),
    /// An export of a file that a framework enters.
    Entry {
        /// The app.
        app: AppId,
        /// The file.
        module: ModuleId,
        /// What the framework makes of it.
        kind: EntryKind,
        /// The export.
        name: String,
        /// What it serves, as the framework writes routes; empty where it serves no URL of its own.
        url: String,
    },
    /// A module that runs by itself.
    Script(ModuleId),
}

/// A root that runs a function, and the calls that lead from the one to the other, first one first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunBy {
    /// The root.
    pub root: Root,
    /// The calls; none where the root is the function, or around it.
    pub way: Vec<Hop>,
}

/// How a function is reached on the search upward: from which function below it, and by which edge to that.
type Below = FxHashMap<FunctionRef, Option<(FunctionRef, Option<Edge>)>>;

impl Project {
    /// The function that a line of a module belongs to: a named one that starts there, else the innermost one around it.
    #[must_use]
    pub fn function_at(&self, module: ModuleId, line: Span) -> FunctionRef {
        let functions = || (0..).zip(&self.module(module).facts.functions).skip(1);
        let starts = |span: Span| line.start <= span.start && span.start < line.end;
        let declared = functions().find(|(_, function)| {
            !self.module(module).facts.text(function.name).is_empty() && starts(function.name_span)
        });
        let around = functions().filter(|(_, function)| function.span.contains(line));
        let inner = around.min_by_key(|(_, function)| function.span.end - function.span.start);
        let found = declared.or(inner).map_or(0, |(id, _)| id);
        FunctionRef { module, function: found }
    }

    /// The variable of a module's own code whose first value a line is part of, by name.
    #[must_use]
    pub fn variable_at(&self, module: ModuleId, line: Span) -> Option<&str> {
        let facts = &self.module(module).facts;
        let own = facts.variables.iter().filter(|variable| variable.function == 0 && variable.init != NONE);
        let around = own.filter(|variable| facts.span(variable.init).contains(line));
        let inner = around.min_by_key(|variable| facts.span(variable.init).end - facts.span(variable.init).start);
        inner.map(|variable| facts.text(variable.name))
    }

    /// Where the value stands that a module exports under a name.
    #[must_use]
    pub fn exported_value(&self, module: ModuleId, name: &str) -> Option<Place> {
        let (owner, export) = self.symbols.export(module, name)?;
        let here = self.module(owner);
        let ExportKind::Value(value) = here.facts.exports[export as usize].kind else { return None };
        let value = match here.facts.value(value) {
            Value::Variable(variable) => here.facts.variables[variable as usize].init,
            _ => value,
        };
        (value != NONE).then(|| here.place(here.facts.span(value)))
    }

    /// What a function does when its callers say nothing about what they pass.
    #[must_use]
    pub fn function_doing(&self, function: FunctionRef) -> Doing {
        let mut summaries = Summaries::new(Evaluator::new(self.world()), &self.boundary, &self.layers);
        let summary = summaries.summary(function);
        doing(&mut summaries, &summary)
    }

    /// What runs a function from outside, each with the shortest way: actions, then entries by app, then scripts.
    #[must_use]
    pub fn run_by(&self, function: FunctionRef) -> Vec<RunBy> {
        let roots = self.roots();
        let up = self.upward.get_or_init(|| self.upward());
        let mut below: Below = FxHashMap::default();
        let mut open = VecDeque::from([function]);
        below.insert(function, None);
        let mut found: Vec<RunBy> = Vec::new();
        while let Some(at) = open.pop_front() {
            for root in roots.get(&at).into_iter().flatten() {
                if !found.iter().any(|known| known.root == *root) {
                    found.push(RunBy { root: root.clone(), way: way(&below, at) });
                }
            }
            if below.len() > MOST_FUNCTIONS {
                break;
            }
            let mut enter = |next: FunctionRef, edge: Option<Edge>| {
                if let Slot::Vacant(place) = below.entry(next) {
                    place.insert(Some((at, edge)));
                    open.push_back(next);
                }
            };
            let parent = self.module(at.module).facts.function(at.function).parent;
            let is_action = self.actions.of(Binding::Function(at)).is_some();
            if parent != NONE && parent != 0 && !is_action {
                enter(FunctionRef { module: at.module, function: parent }, None);
            }
            for (caller, edge) in up.callers(at) {
                if caller.function != 0 || self.is_script(caller.module) {
                    enter(caller, Some(edge));
                }
            }
        }
        found.sort_by(|left, right| rank(&left.root).cmp(&rank(&right.root)));
        found
    }

    /// Where a function is handed on, or called, while its module is loaded.
    #[must_use]
    pub fn loaded_with(&self, function: FunctionRef) -> Option<Hop> {
        let up = self.upward.get_or_init(|| self.upward());
        let mut at = function;
        loop {
            let first = up.callers(at).find(|(caller, _)| caller.function == 0);
            if let Some((caller, edge)) = first {
                return Some((caller.module, edge));
            }
            let parent = self.module(at.module).facts.function(at.function).parent;
            if parent == NONE || parent == 0 {
                return None;
            }
            at.function = parent;
        }
    }

    /// The functions that run when something is entered from outside.
    fn roots(&self) -> FxHashMap<FunctionRef, Vec<Root>> {
        let mut roots: FxHashMap<FunctionRef, Vec<Root>> = FxHashMap::default();
        let mut add = |function: FunctionRef, root: Root| roots.entry(function).or_default().push(root);
        for (id, action) in (0..).zip(&self.actions.all) {
            for function in self.action_functions(action) {
                add(function, Root::Action(id));
            }
        }
        for (app, _) in self.apps() {
            for entry in self.entries(app) {
                let url = if entry.url.is_empty() { String::new() } else { self.url(app, &entry.url) };
                for (name, functions) in self.entry_functions(entry.module, entry.kind) {
                    for function in functions {
                        let (name, url) = (name.clone(), url.clone());
                        add(function, Root::Entry { app, module: entry.module, kind: entry.kind, name, url });
                    }
                }
            }
        }
        for (module, _) in self.modules().filter(|&(module, _)| self.is_script(module)) {
            add(FunctionRef { module, function: 0 }, Root::Script(module));
        }
        roots
    }
}

fn rank(root: &Root) -> (u8, usize, u32, &str) {
    match root {
        Root::Action(id) => (0, 0, *id, ""),
        Root::Entry { app, module, name, .. } => (1, *app, *module, name),
        Root::Script(module) => (2, 0, *module, ""),
    }
}

/// The calls from a function down to where the search started.
fn way(below: &Below, from: FunctionRef) -> Vec<Hop> {
    let (mut way, mut at) = (Vec::new(), from);
    while let Some(&Some((next, edge))) = below.get(&at) {
        way.extend(edge.map(|edge| (at.module, edge)));
        at = next;
    }
    way
}
