//! The linked program and the questions that a rule may ask of it.
//!
//! Linking happens once, in this order: imports, exports and names; configurations; entries; what the compiler makes of each module;
//! layers; actions; values and the call graph; what everything that is entered does; who runs for what; who calls whom. Knows no parser and
//! no rule; frameworks' names live in [`entries`] and in [`crate::apps`], libraries' in models.
//!
//! The modules in reading order:
//!
//! | what | modules |
//! |---|---|
//! | files as a program | [`modules`], [`exports`], [`symbols`], `targets`, [`link`] |
//! | what a framework makes of it | [`config`], [`entries`], [`layers`], [`compiler`], `rejections`, [`actions`], [`routes`], `handlers` |
//! | values: terms, and how they come about | `terms`, `evaluate`, `names`, `results`, `given`, `members`, `annotations`, `shapes`, `sites`, `substitute`, `truth`, `progress` |
//! | values in the models | `matching`, `sources`, `external` |
//! | what functions do | [`summary`], `instances`, `flow`, `leaving`, `apply`, `wrapped`, `decided`, `columns`, `relations`, `references`, [`remote`], [`effects`], [`data`], `shows`, `taken`, `passing`, `takers` |
//! | what holds before they do it | `holds`, `sets`, `learned`, `origins`, `maybe`, `nobody`, `verdicts`, `placed`, [`guards`] |
//! | who calls whom | [`graph`], [`resolution`], `handed`, [`reach`], `outside`, `callers`, [`starts`], [`endpoint`](Endpoint), `inventory`, `notes` |
//! | what client code does | [`client`], [`settling`], `region`, [`queries`], `keys`, [`fate`], `returned`, [`together`], [`standing`], `development`, [`runners`], `calling`, [`sent`], [`pending`], [`submits`], `outcomes` |
//! | requests | [`requests`] |
//! | the order inside bodies, and along trails | `body`, [`frames`], `caught` |
//! | caching | `about`, [`mending`], `keeping`, [`making`], [`invalidation`], [`missed`], [`tags`], [`expiry`], [`broad`] |
//! | questions of single rules | [`stale`], `audience`, [`doubts`], `exposed`, [`floating`], `form_data`, [`getters`], `identity`, `idle`, `mentions`, [`misplaced`], `noted`, `order`, [`outdated`], [`payloads`], [`preflight`], [`private`], `reads`, [`redacted`], [`reread`], `secrets`, [`swallow`], [`unguarded`], [`unreached`], [`unvalidated`], `uploads`, [`webhooks`] |
//! | rows that are sent, and what is in them | `tables`, `credentials`, `rows`, `yields`, `read`, [`records`] |
//! | what reports show of it | `places`, `trail`, `deeds`, [`asked`], [`survey`] |

mod about;
pub mod actions;
mod annotations;
mod apply;
pub mod asked;
mod audience;
mod body;
pub mod broad;
mod callers;
mod calling;
mod caught;
pub mod client;
mod columns;
pub mod compiler;
pub mod config;
mod credentials;
pub mod data;
mod decided;
mod deeds;
mod development;
pub mod doubts;
pub mod effects;
mod endpoint;
pub mod entries;
mod evaluate;
pub mod expiry;
pub mod exports;
mod exposed;
mod external;
pub mod fate;
pub mod floating;
mod flow;
mod form_data;
pub mod frames;
pub mod getters;
mod given;
pub mod graph;
pub mod guards;
mod handed;
mod handlers;
mod holds;
mod identity;
mod idle;
mod instances;
pub mod invalidation;
mod inventory;
mod keeping;
mod keys;
pub mod layers;
mod learned;
mod leaving;
mod link;
pub mod making;
mod matching;
mod maybe;
mod members;
pub mod mending;
mod mentions;
pub mod misplaced;
pub mod missed;
pub mod modules;
mod names;
mod nobody;
mod noted;
mod notes;
mod order;
mod origins;
mod outcomes;
pub mod outdated;
mod outside;
mod passing;
pub mod payloads;
pub mod pending;
mod placed;
mod places;
pub mod preflight;
pub mod private;
mod progress;
pub mod queries;
pub mod reach;
mod read;
mod reads;
pub mod records;
pub mod redacted;
mod references;
mod region;
mod rejections;
mod relations;
pub mod remote;
pub mod requests;
pub mod reread;
pub mod resolution;
mod results;
mod returned;
pub mod routes;
mod rows;
pub mod runners;
mod secrets;
pub mod sent;
mod sets;
pub mod settling;
mod shapes;
mod shows;
mod sites;
mod sources;
pub mod stale;
pub mod standing;
pub mod starts;
pub mod submits;
mod substitute;
pub mod summary;
pub mod survey;
pub mod swallow;
pub mod symbols;
mod tables;
pub mod tags;
mod taken;
mod takers;
mod targets;
mod terms;
pub mod together;
mod trail;
mod truth;
pub mod unguarded;
pub mod unreached;
pub mod unvalidated;
mod uploads;
mod verdicts;
pub mod webhooks;
mod wrapped;
mod yields;

use std::sync::{Arc, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};

use actions::Actions;
use client::Client;
use compiler::Compiled;
use config::Config;
pub use deeds::{Deed, Deeds, Gap};
use effects::Effects;
pub use endpoint::{Caller, CallerKind, Endpoint, EndpointGuard, EndpointKind};
use entries::EntryFile;
use exports::Symbols;
use graph::Graph;
pub use handlers::{HandlerFile, Misfit, MisfitKind, SharedUrl};
pub use identity::TakenIdentity;
use layers::{Boundary, Layer, Layers};
pub use link::{Inputs, link};
use modules::{FunctionRef, Module, ModuleId};
pub use outside::{Outside, OutsideKind, leaving};
use reach::Contexts;
pub use relations::Relations;
use requests::Requests;
use routes::RouteTable;
pub use secrets::{OpenSecret, Opening};
use standing::Upward;
use starts::ClientCall;
use symbols::Follow;
pub use targets::ImportCount;
pub use trail::Trail;

use crate::apps::{App, Apps};
use crate::facts::{FunctionId, ValueId};
pub use crate::models::Effect;
use crate::models::{LineId, Models};
use crate::source::{FileId, LineIndex, Tree};

/// An app, by its index among the tree's.
pub type AppId = usize;

/// The linked program.
pub struct Project {
    tree: Arc<Tree>,
    apps: Apps,
    models: Models,
    relations: Relations,
    modules: Vec<Module>,
    by_file: FxHashMap<FileId, ModuleId>,
    symbols: Symbols,
    /// What each module's directive makes of it.
    boundary: Vec<Boundary>,
    /// What the server compiler makes of each module that it compiles.
    compiled: Vec<Option<Compiled>>,
    configs: Vec<Config>,
    entries: Vec<Vec<EntryFile>>,
    layers: Vec<Layers>,
    actions: Actions,
    graph: Graph,
    effects: Effects,
    /// What pages and layouts do by what they export beside their component.
    beside: Vec<effects::Entered>,
    client: Client,
    unreached: Vec<unreached::Unreached>,
    upward: OnceLock<Upward>,
    answers: OnceLock<Vec<queries::Answer>>,
    around: OnceLock<data::Around>,
    /// The tags that anything lets expire by name.
    expired: OnceLock<FxHashSet<String>>,
    shows: shows::Shows,
    met: Vec<LineId>,
    children: Vec<Vec<(FunctionId, FunctionId)>>,
    offsets: Vec<u32>,
    contexts: Vec<Contexts>,
    callers: Vec<Vec<Caller>>,
    client_calls: Vec<Vec<ClientCall>>,
    routes: Vec<RouteTable>,
    requests: Requests,
    imports: Vec<ImportCount>,
    problems: Vec<(FileId, String)>,
}

impl Project {
    /// The modules, in path order.
    pub fn modules(&self) -> impl Iterator<Item = (ModuleId, &Module)> {
        (0..).zip(&self.modules)
    }

    /// A module.
    #[must_use]
    pub fn module(&self, id: ModuleId) -> &Module {
        &self.modules[id as usize]
    }

    /// The module of a file, if it is a source file.
    #[must_use]
    pub fn module_of(&self, file: FileId) -> Option<ModuleId> {
        self.by_file.get(&file).copied()
    }

    /// The path of a module's file.
    #[must_use]
    pub fn path(&self, id: ModuleId) -> &str {
        self.tree.path(self.module(id).file)
    }

    /// The apps of the tree.
    pub fn apps(&self) -> impl Iterator<Item = (AppId, &App)> {
        self.apps.all.iter().enumerate()
    }

    /// An app.
    #[must_use]
    pub fn app(&self, id: AppId) -> &App {
        &self.apps.all[id]
    }

    /// The app in whose folder a module lies.
    #[must_use]
    pub fn app_of(&self, id: ModuleId) -> Option<&App> {
        self.module(id).app.map(|app| self.app(app))
    }

    /// What an app's configuration says.
    #[must_use]
    pub fn config(&self, app: AppId) -> &Config {
        &self.configs[app]
    }

    /// The files of an app that its framework enters.
    #[must_use]
    pub fn entries(&self, app: AppId) -> &[EntryFile] {
        &self.entries[app]
    }

    /// The layers of an app.
    #[must_use]
    pub fn layers(&self, app: AppId) -> &Layers {
        &self.layers[app]
    }

    /// Whether any app has a module in a layer.
    #[must_use]
    pub fn in_layer(&self, module: ModuleId, layer: Layer) -> bool {
        self.layers.iter().any(|layers| layers.has(module, layer))
    }

    /// Whether any app's entry reaches a module.
    #[must_use]
    pub fn is_reached(&self, module: ModuleId) -> bool {
        self.layers.iter().any(|layers| layers.any(module))
    }

    /// What the compiler makes of a module on the server, where an app compiles it.
    #[must_use]
    pub fn compiled(&self, module: ModuleId) -> Option<&Compiled> {
        self.compiled[module as usize].as_ref()
    }

    /// The actions.
    #[must_use]
    pub fn actions(&self) -> &Actions {
        &self.actions
    }

    /// The call graph.
    #[must_use]
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Follows names.
    #[must_use]
    pub fn follow(&self) -> Follow<'_> {
        Follow { modules: &self.modules, symbols: &self.symbols }
    }

    /// What a value is, and the action that it stands for, if any.
    #[must_use]
    pub fn meaning(&self, module: ModuleId, value: ValueId) -> (symbols::Meaning, Option<actions::ActionId>) {
        self.actions.follow(self.follow(), module, value)
    }

    /// The functions written directly inside a function.
    fn children(&self, function: FunctionRef) -> impl Iterator<Item = &FunctionId> {
        let children = &self.children[function.module as usize];
        let start = children.partition_point(|&(parent, _)| parent < function.function);
        children[start..].iter().take_while(move |&&(parent, _)| parent == function.function).map(|(_, child)| child)
    }

    /// What a function runs for.
    #[must_use]
    pub fn contexts(&self, function: FunctionRef) -> Contexts {
        self.contexts[(self.offsets[function.module as usize] + function.function) as usize]
    }

    /// The callers of an action.
    #[must_use]
    pub fn callers(&self, action: actions::ActionId) -> &[Caller] {
        &self.callers[action as usize]
    }

    /// What an app serves.
    #[must_use]
    pub fn routes(&self, app: AppId) -> &RouteTable {
        &self.routes[app]
    }

    /// Every import, and how it resolved, by module.
    #[must_use]
    pub fn imports(&self) -> &[ImportCount] {
        &self.imports
    }

    /// Source files that could not be read, and why, in path order.
    #[must_use]
    pub fn problems(&self) -> &[(FileId, String)] {
        &self.problems
    }

    /// The line indices by file, taken away: the project is done with them.
    #[must_use]
    pub fn take_lines(&mut self) -> Vec<Option<LineIndex>> {
        let mut lines: Vec<Option<LineIndex>> = vec![None; self.tree.paths.len()];
        for module in &mut self.modules {
            lines[module.file.0 as usize] = Some(std::mem::take(&mut module.facts.lines));
        }
        lines
    }
}
