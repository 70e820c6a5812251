//! The module graph of an app in its layers: what is compiled for the server, for the browser, for route handlers and for the rest.
//!
//! A module can be in several layers at once; what a directive means depends on the layer that reaches it (NEXT.md §3.1, "Layer is a
//! property of the import graph, not of the file").

use super::entries::{EntryFile, EntryKind};
use super::program::modules::{Module, ModuleId};
use crate::facts::{ImportId, NONE};

/// What a module's own directive makes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Boundary {
    /// No directive that changes its layer.
    None,
    /// `'use client'`
    Client,
    /// `'use server'`
    Server,
}

/// A layer of the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// Server components, and whatever they import.
    Server,
    /// Client components, and whatever they import.
    Client,
    /// Server actions that a client module imports, and whatever they import.
    Action,
    /// Route handlers and metadata routes, and whatever they import.
    Handler,
    /// Pages of the Pages Router, and whatever they import.
    Pages,
    /// `pages/api`, and whatever it imports.
    Api,
    /// The proxy and instrumentation, and whatever they import.
    Edge,
}

impl Layer {
    /// The word in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Client => "client",
            Self::Action => "action",
            Self::Handler => "handler",
            Self::Pages => "pages",
            Self::Api => "api",
            Self::Edge => "edge",
        }
    }
}

/// Every layer, in the order in which they are walked.
pub const LAYERS: [Layer; 7] =
    [Layer::Server, Layer::Client, Layer::Action, Layer::Handler, Layer::Pages, Layer::Api, Layer::Edge];

/// How a module came to be in a layer: the module that imports it there, and by which import. [`NONE`] for an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    /// The importing module.
    pub from: ModuleId,
    /// The layer of the importing module.
    pub layer: Layer,
    /// The import.
    pub import: ImportId,
}

/// The layers of one app.
pub struct Layers {
    /// By layer, then by module.
    reached: [Vec<Option<Reached>>; 7],
}

impl Layers {
    /// Walks the graph from an app's entries. `boundary` says what each module's directive makes of it.
    #[must_use]
    pub fn walk(modules: &[Module], boundary: &[Boundary], entries: &[EntryFile]) -> Self {
        let mut layers = Self { reached: std::array::from_fn(|_| vec![None; modules.len()]) };
        let mut open: Vec<(ModuleId, Layer)> = Vec::new();
        for entry in entries {
            let layer = match entry.kind {
                EntryKind::View if boundary[entry.module as usize] == Boundary::Client => Layer::Client,
                EntryKind::View => Layer::Server,
                EntryKind::RouteHandler | EntryKind::Metadata => Layer::Handler,
                EntryKind::PagesPage => Layer::Pages,
                EntryKind::PagesApi => Layer::Api,
                EntryKind::Proxy | EntryKind::Instrumentation => Layer::Edge,
                EntryKind::ClientInstrumentation => Layer::Client,
            };
            let reached = Reached { from: NONE, layer, import: NONE };
            if layers.enter(entry.module, layer, reached) {
                open.push((entry.module, layer));
            }
        }
        while let Some((from, layer)) = open.pop() {
            let module = &modules[from as usize];
            for import in 0..u32::try_from(module.targets.len()).unwrap_or(0) {
                let Some(target) = module.target(import) else { continue };
                if !module.runs(import) {
                    continue;
                }
                let next = next_layer(layer, boundary[target as usize]);
                if layers.enter(target, next, Reached { from, layer, import }) {
                    open.push((target, next));
                }
            }
        }
        layers
    }

    fn enter(&mut self, module: ModuleId, layer: Layer, reached: Reached) -> bool {
        let place = &mut self.reached[layer as usize][module as usize];
        let new = place.is_none();
        place.get_or_insert(reached);
        new
    }

    /// How a module came to be in a layer, if it did.
    #[must_use]
    pub fn reached(&self, module: ModuleId, layer: Layer) -> Option<Reached> {
        self.reached[layer as usize][module as usize]
    }

    /// Whether a module is in a layer.
    #[must_use]
    pub fn has(&self, module: ModuleId, layer: Layer) -> bool {
        self.reached(module, layer).is_some()
    }

    /// Whether any entry of the app reaches a module.
    #[must_use]
    pub fn any(&self, module: ModuleId) -> bool {
        LAYERS.into_iter().any(|layer| self.has(module, layer))
    }

    /// The way from an entry to a module: the imports, first one first.
    #[must_use]
    pub fn way(&self, module: ModuleId, layer: Layer) -> Vec<Reached> {
        let (mut way, mut at) = (Vec::new(), (module, layer));
        while let Some(reached) = self.reached(at.0, at.1) {
            if reached.from == NONE || way.len() > self.reached[0].len() {
                break;
            }
            way.push(reached);
            at = (reached.from, reached.layer);
        }
        way.reverse();
        way
    }
}

fn next_layer(layer: Layer, boundary: Boundary) -> Layer {
    match (layer, boundary) {
        (Layer::Server | Layer::Action, Boundary::Client) => Layer::Client,
        (Layer::Client, Boundary::Server) => Layer::Action,
        _ => layer,
    }
}
