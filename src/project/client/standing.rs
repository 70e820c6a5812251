//! On which pages code stands: from a function up through whoever calls or renders it, to the views that an app enters.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use crate::facts::NONE;
use crate::project::entries::EntryKind;
use crate::project::graph::reach::Hop;
use crate::project::graph::{Callee, Edge};
use crate::project::program::modules::{FunctionRef, ModuleId};
use crate::project::{AppId, Project};

/// How many functions are looked at for one.
const MOST_FUNCTIONS: usize = 4096;

/// Who calls, renders or is handed each function, and which functions are views.
#[derive(Default)]
pub(in crate::project) struct Upward {
    /// By callee, sorted: the function in which the edge stands, and the edge.
    edges: Vec<(FunctionRef, FunctionRef, Edge)>,
    views: FxHashMap<FunctionRef, Vec<(AppId, ModuleId)>>,
}

impl Upward {
    /// The functions from which a function is called, rendered or handed on, and by which edges.
    pub(in crate::project) fn callers(&self, function: FunctionRef) -> impl Iterator<Item = (FunctionRef, Edge)> + '_ {
        let start = self.edges.partition_point(|&(callee, ..)| callee < function);
        let own = self.edges[start..].iter().take_while(move |&&(callee, ..)| callee == function);
        own.map(|&(_, caller, edge)| (caller, edge))
    }
}

/// A view that renders a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The app.
    pub app: AppId,
    /// The file of the view: a page, a layout.
    pub view: ModuleId,
    /// The calls and elements from the view to the function, first one first.
    pub way: Vec<Hop>,
}

impl Project {
    pub(in crate::project) fn upward(&self) -> Upward {
        let mut edges = Vec::new();
        for module in 0..u32::try_from(self.modules.len()).unwrap_or(NONE) {
            for edge in self.graph.module(module) {
                if let Callee::Function(function) = edge.to {
                    edges.push((function, FunctionRef { module, function: edge.from }, *edge));
                }
            }
        }
        edges.sort_by_key(|&(callee, caller, edge)| (callee, caller, edge.call));
        let mut views: FxHashMap<FunctionRef, Vec<(AppId, ModuleId)>> = FxHashMap::default();
        for (app, _) in self.apps() {
            for entry in self.entries(app).iter().filter(|entry| entry.kind == EntryKind::View) {
                let entered = self.entry_functions(entry.module, entry.kind).into_iter();
                for (_, functions) in entered.filter(|(name, _)| name == "default") {
                    for function in functions {
                        views.entry(function).or_default().push((app, entry.module));
                    }
                }
            }
        }
        Upward { edges, views }
    }

    /// The views that render a function, each once, with the shortest way, by app and file.
    #[must_use]
    pub fn standing(&self, function: FunctionRef) -> Vec<Standing> {
        let up = self.upward.get_or_init(|| self.upward());
        let mut by: FxHashMap<FunctionRef, Option<(FunctionRef, Option<Edge>)>> = FxHashMap::default();
        let mut open = VecDeque::from([function]);
        by.insert(function, None);
        let mut found: Vec<Standing> = Vec::new();
        while let Some(at) = open.pop_front() {
            for &(app, view) in up.views.get(&at).into_iter().flatten() {
                if !found.iter().any(|known| (known.app, known.view) == (app, view)) {
                    found.push(Standing { app, view, way: way(&by, at) });
                }
            }
            if by.len() > MOST_FUNCTIONS {
                break;
            }
            let mut enter = |next: FunctionRef, edge: Option<Edge>| {
                if let std::collections::hash_map::Entry::Vacant(place) = by.entry(next) {
                    place.insert(Some((at, edge)));
                    open.push_back(next);
                }
            };
            let parent = self.module(at.module).facts.function(at.function).parent;
            if parent != NONE && parent != 0 {
                enter(FunctionRef { module: at.module, function: parent }, None);
            }
            for (caller, edge) in up.callers(at) {
                if caller.function != 0 {
                    enter(caller, Some(edge));
                }
            }
        }
        found.sort_by_key(|standing| (standing.app, standing.view));
        found
    }
}

/// The hops from a function down to where the search started.
fn way(by: &FxHashMap<FunctionRef, Option<(FunctionRef, Option<Edge>)>>, from: FunctionRef) -> Vec<Hop> {
    let (mut way, mut at) = (Vec::new(), from);
    while let Some(&Some((below, edge))) = by.get(&at) {
        way.extend(edge.map(|edge| (at.module, edge)));
        at = below;
    }
    way
}
