//! Code that is entered from outside the app's own React components: handlers, the proxy, scripts, other packages.

use super::Callee;
use super::reach::{Hit, Hop};
use crate::diagnostic::Place;
use crate::facts::{CallKind, NONE, PropertyKey, Value, ValueId};
use crate::project::AppId;
use crate::project::Project;
use crate::project::entries::{EntryKind, next};
use crate::project::program::modules::{FunctionRef, ModuleId, Role};

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

impl OutsideKind {
    /// The word for it, final: fingerprints are made of it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RouteHandler => "route-handler",
            Self::PagesApi => "pages-api",
            Self::Proxy => "proxy",
            Self::Instrumentation => "instrumentation",
            Self::Metadata => "metadata",
            Self::Script => "script",
            Self::Package => "package",
        }
    }
}

/// An action that is reached from outside.
pub struct Outside {
    /// What sort of outsider.
    pub kind: OutsideKind,
    /// The module that is entered.
    pub module: ModuleId,
    /// The export that is entered; empty for a module's own code.
    pub name: String,
    /// What the entry serves, as the framework writes routes; empty where it serves no URL.
    pub url: String,
    /// The action, and the calls that lead to it.
    pub hit: Hit,
}

impl Project {
    /// Every action that an outsider reaches, by entered module, then action, then entered export.
    #[must_use]
    pub fn outside(&self) -> Vec<Outside> {
        let mut found = Vec::new();
        for (app, _) in self.apps() {
            self.outside_of_entries(app, &mut found);
        }
        for (module, described) in self.modules() {
            let (kind, hits) = if self.is_script(module) {
                (OutsideKind::Script, self.hits_of_top_level(module))
            } else if described.role == Role::Source && self.is_native(module) {
                (OutsideKind::Package, self.hits_of_module(module))
            } else {
                continue;
            };
            let outside = |hit| Outside { kind, module, name: String::new(), url: String::new(), hit };
            found.extend(hits.into_iter().map(outside));
        }
        found.sort_by(|left, right| {
            let key = |outside: &Outside| (outside.module, outside.kind, outside.hit.action);
            key(left).cmp(&key(right)).then_with(|| left.name.cmp(&right.name))
        });
        found
    }

    /// What tells an outsider from others of its kind, however its exports change: its URL, whatever its file is called; nothing
    /// where an app has one; else its path.
    #[must_use]
    pub fn outside_name<'a>(&'a self, outside: &'a Outside) -> &'a str {
        match outside.kind {
            OutsideKind::RouteHandler | OutsideKind::PagesApi => &outside.url,
            OutsideKind::Proxy | OutsideKind::Instrumentation => "",
            OutsideKind::Metadata | OutsideKind::Script | OutsideKind::Package => self.path(outside.module),
        }
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
                    let url = self.url(app, &entry.url);
                    found.push(Outside { kind, module: entry.module, name: name.clone(), url, hit });
                }
            }
        }
    }

    /// What runs when a module is loaded: its own steps, and what those call. A module that no app entry reaches and whose top level
    /// reaches an action runs by itself: nothing else could make it (RULES.md, `action-called-externally`).
    fn hits_of_top_level(&self, module: ModuleId) -> Vec<Hit> {
        let root = FunctionRef { module, function: 0 };
        let mut hits: Vec<Hit> = Vec::new();
        for edge in self.graph.edges(root) {
            let hop = (module, *edge);
            match edge.to {
                Callee::Action(action) => Hit { action, way: vec![hop], more: Vec::new() }.add(&mut hits),
                Callee::Function(function) => {
                    for mut hit in self.hits(&[function]) {
                        hit.way.insert(0, hop);
                        hit.add(&mut hits);
                    }
                }
            }
        }
        hits
    }

    /// The actions that any code of a module calls itself.
    fn hits_of_module(&self, module: ModuleId) -> Vec<Hit> {
        let mut hits: Vec<Hit> = Vec::new();
        for edge in self.graph.module(module) {
            if let Callee::Action(action) = edge.to {
                Hit { action, way: vec![(module, *edge)], more: Vec::new() }.add(&mut hits);
            }
        }
        hits
    }

    /// Whether a module runs by itself: no app entry reaches it, and it is no test, story or configuration.
    #[must_use]
    pub fn is_script(&self, module: ModuleId) -> bool {
        self.module(module).role == Role::Source && !self.is_reached(module) && !self.is_native(module)
    }

    /// Whether a module belongs to a package of the tree that is no part of a web app and that no web app reaches.
    #[must_use]
    pub fn is_native(&self, module: ModuleId) -> bool {
        let here = self.module(module);
        here.app.is_none()
            && !self.is_reached(module)
            && self.apps.packages.of(self.tree.path(here.file)).is_some_and(|package| package.native)
    }

    /// The places that send the header by which a request names an action: a key of an object that a call is handed, or the first argument
    /// of `set`, `append`, `insert` or `header`. Reading it is something else.
    #[must_use]
    pub fn action_headers(&self) -> Vec<(ModuleId, Place)> {
        let mut found = Vec::new();
        for (id, module) in self.modules() {
            let named = || module.facts.names.iter().any(is_action_header);
            if matches!(module.role, Role::Test | Role::Story) || !named() {
                continue;
            }
            for call in &module.facts.calls {
                let arguments = module.facts.list(call.arguments);
                for &argument in arguments {
                    self.header_keys(id, argument, &mut found);
                }
                let sets = match module.facts.value(call.callee) {
                    Value::Member(_, name) => {
                        matches!(module.facts.text(name), "set" | "append" | "insert" | "header")
                            && arguments.len() == 2
                    }
                    _ => false,
                };
                if sets
                    && module.facts.literal(arguments[0]).is_some_and(is_action_header)
                    && call.kind != CallKind::Jsx
                {
                    found.push((id, module.place(module.facts.span(arguments[0]))));
                }
            }
        }
        found.sort_unstable_by_key(|&(_, place)| place);
        found.dedup();
        found
    }

    fn header_keys(&self, id: ModuleId, value: ValueId, found: &mut Vec<(ModuleId, Place)>) {
        let module = self.module(id);
        let Value::Object(list) = module.facts.value(value) else { return };
        for property in module.facts.properties(list) {
            match property.key {
                PropertyKey::Named(name) if is_action_header(module.facts.text(name)) => {
                    found.push((id, module.place(property.span)));
                }
                _ if property.value != NONE => self.header_keys(id, property.value, found),
                _ => {}
            }
        }
    }
}

fn is_action_header(name: &str) -> bool {
    name.eq_ignore_ascii_case(next::ACTION_HEADER)
}

/// The calls of a way that stand in the module that is entered, from the first on: the last of them leaves it.
#[must_use]
pub fn leaving(module: ModuleId, way: &[Hop]) -> Hop {
    let own = way.iter().take_while(|(at, _)| *at == module).last();
    *own.unwrap_or(&way[0])
}
