//! Code that is entered from outside the app's own React components: handlers, the proxy, scripts, other packages.

use super::Project;
use super::actions::ActionId;
use super::entries::EntryKind;
use super::graph::Edge;
use super::modules::{FunctionRef, ModuleId, Role};
use super::AppId;
use crate::facts::NONE;

/// What sort of outsider it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OutsideKind {
    /// A route handler; the name is its method.
    RouteHandler,
    /// A pages API.
    PagesApi,
    /// The proxy or middleware.
    Proxy,
    /// Instrumentation.
    Instrumentation,
    /// A metadata route: a sitemap, an icon.
    Metadata,
    /// A script, a worker, a job: a module that runs by itself.
    Script,
    /// A package of the tree that is no part of the web app.
    Package,
}

/// An action that is reached from outside.
pub struct Outside {
    /// What sort of outsider.
    pub kind: OutsideKind,
    /// The module that is entered.
    pub module: ModuleId,
    /// The export that is entered; empty for a module's own code.
    pub name: String,
    /// The action.
    pub action: ActionId,
    /// The way to it, the call of the action last.
    pub way: Vec<(ModuleId, Edge)>,
}

impl Project {
    /// Every action that an outsider reaches, by entered module, then entered export, then action.
    #[must_use]
    pub fn outside(&self) -> Vec<Outside> {
        let mut found = Vec::new();
        for (app, _) in self.apps() {
            self.outside_of_entries(app, &mut found);
        }
        for module in 0..u32::try_from(self.modules.len()).unwrap_or(NONE) {
            if self.is_script(module) {
                self.outside_of_script(module, &mut found);
            } else if self.is_native(module) && self.module(module).role == Role::Source {
                self.outside_of_package(module, &mut found);
            }
        }
        found.sort_by(|left, right| {
            let key = |outside: &Outside| (outside.module, outside.kind, outside.action);
            key(left).cmp(&key(right)).then_with(|| left.name.cmp(&right.name))
        });
        found
    }

    fn outside_of_entries(&self, app: AppId, found: &mut Vec<Outside>) {
        for entry in self.entries(app) {
            let kind = match entry.kind {
                EntryKind::RouteHandler => OutsideKind::RouteHandler,
                EntryKind::PagesApi => OutsideKind::PagesApi,
                EntryKind::Proxy => OutsideKind::Proxy,
                EntryKind::Instrumentation => OutsideKind::Instrumentation,
                EntryKind::Metadata => OutsideKind::Metadata,
                EntryKind::View | EntryKind::PagesPage | EntryKind::ClientInstrumentation => continue,
            };
            for (name, functions) in self.entry_functions(entry.module, entry.kind) {
                for hit in self.hits(&functions) {
                    let module = entry.module;
                    found.push(Outside { kind, module, name: name.clone(), action: hit.action, way: hit.way });
                }
            }
        }
    }

    fn outside_of_script(&self, module: ModuleId, found: &mut Vec<Outside>) {
        let kind = OutsideKind::Script;
        for hit in self.hits_of_top_level(module) {
            found.push(Outside { kind, module, name: String::new(), action: hit.action, way: hit.way });
        }
    }

    /// What the code of a module reaches that runs when the module is loaded: its own steps, and what those call.
    fn hits_of_top_level(&self, module: ModuleId) -> Vec<super::reach::Hit> {
        let root = FunctionRef { module, function: 0 };
        let called: Vec<(FunctionRef, Edge)> = self
            .graph
            .edges(root)
            .iter()
            .filter_map(|edge| match edge.to {
                super::graph::Callee::Function(function) => Some((function, *edge)),
                super::graph::Callee::Action(_) => None,
            })
            .collect();
        let mut hits: Vec<super::reach::Hit> = Vec::new();
        for edge in self.graph.edges(root) {
            if let super::graph::Callee::Action(action) = edge.to
                && !hits.iter().any(|hit| hit.action == action)
            {
                hits.push(super::reach::Hit { action, way: vec![(module, *edge)] });
            }
        }
        for (function, edge) in called {
            for mut hit in self.hits(&[function]) {
                if !hits.iter().any(|known| known.action == hit.action) {
                    hit.way.insert(0, (module, edge));
                    hits.push(hit);
                }
            }
        }
        hits
    }

    fn outside_of_package(&self, module: ModuleId, found: &mut Vec<Outside>) {
        let mut seen = Vec::new();
        for edge in self.graph.module(module) {
            let super::graph::Callee::Action(action) = edge.to else { continue };
            if !seen.contains(&action) {
                seen.push(action);
                let way = vec![(module, *edge)];
                found.push(Outside { kind: OutsideKind::Package, module, name: String::new(), action, way });
            }
        }
    }

    /// Whether a module runs by itself: no app entry reaches it, and its top level calls something (RULES.md, `action-called-externally`).
    #[must_use]
    pub fn is_script(&self, module: ModuleId) -> bool {
        let here = self.module(module);
        here.role == Role::Source && !self.is_reached(module) && !self.is_native(module)
    }

    /// Whether a module belongs to a package of the tree that is no part of a web app and that no web app reaches.
    #[must_use]
    pub fn is_native(&self, module: ModuleId) -> bool {
        let here = self.module(module);
        here.app.is_none() && !self.is_reached(module) && self.apps.packages.of(self.tree.path(here.file)).is_some_and(|package| package.native)
    }
}
