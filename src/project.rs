//! The linked program and the questions that a rule may ask of it.
//!
//! Linking happens once, in this order: imports, exports and names; configurations; entries; what the compiler makes of each module;
//! layers; actions; values and the call graph; what everything that is entered does; who runs for what; who calls whom. Knows no parser and
//! no rule; frameworks' names live in [`entries`] and in [`crate::apps`], libraries' in models.
//!
//! The modules in reading order, each folder beside the module that opens it:
//!
//! | what | modules |
//! |---|---|
//! | files as a program | [`program`]: [`modules`](program::modules), [`exports`](program::exports), [`symbols`](program::symbols), `targets`; `link` |
//! | what a framework makes of it | [`config`], [`entries`], [`layers`], [`compiler`], `rejections`, [`actions`], [`routes`], `handlers` |
//! | values | `values`: `terms`, and how they come about: `evaluate`, `names`, `results`, `given`, `members`, `annotations`, `shapes`, `sites`, `substitute`, `truth`, `progress`; in the models: `matching`, `sources`, `external` |
//! | what functions do | [`effects`]: [`summary`](effects::summary), `instances`, `flow`, `leaving`, `apply`, `wrapped`, `decided`, `columns`, `notes` |
//! | what holds before they do it | [`guards`]: `holds`, `sets`, `learned`, `origins`, `maybe`, `nobody`, `verdicts`, `placed` |
//! | who calls whom | [`graph`]: [`resolution`](graph::resolution), `handed`, [`reach`](graph::reach), `outside`, `callers`; [`endpoint`](Endpoint), `inventory` |
//! | what client code does | [`client`]: [`starts`](client::starts), `calling`, [`runners`](client::runners), [`standing`](client::standing), `development`; what its calls become: [`settling`](client::settling), `handing`, `region`, `mirrors`, `flags`, [`fate`](client::fate), `returned`, `outcomes`, [`pending`](client::pending), [`sent`](client::sent), [`submits`](client::submits), [`together`](client::together); its queries: [`queries`](client::queries), `keys` |
//! | requests | [`requests`] |
//! | what is read and written | [`data`]: [`sql`](data::sql), [`graphql`](data::graphql), [`remote`](data::remote), `relations`, `references`, `tables`, `fixed`, `credentials`; rows and who sees them: `read`, `rows`, `yields`, `shows`, `taken`, `passing`, `takers`, `apart` |
//! | the order inside bodies, and along trails | `order`: `body`, `frames`, `caught`, `trail` |
//! | caching | [`caching`]: `about`, `keeping`, `likewise`, [`making`](caching::making), [`tags`](caching::tags), [`invalidation`](caching::invalidation); what is left as it was: [`stale`](caching::stale), `views`, `queried`, [`outdated`](caching::outdated), `router`, [`missed`](caching::missed), [`unreached`](caching::unreached), [`expiry`](caching::expiry), [`broad`](caching::broad), [`mending`](caching::mending) |
//! | questions of single rules | [`questions`] |
//! | what reports show of it | [`asked`]: `places`, `deeds`, [`survey`](asked::survey) |

pub mod actions;
pub mod asked;
pub mod caching;
pub mod client;
pub mod compiler;
pub mod config;
pub mod data;
pub mod effects;
mod endpoint;
pub mod entries;
pub mod graph;
pub mod guards;
mod handlers;
mod inventory;
pub mod layers;
mod link;
mod order;
pub mod program;
pub mod questions;
mod rejections;
pub mod requests;
pub mod routes;
mod values;

use std::sync::{Arc, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};

use actions::Actions;
pub use asked::deeds::{Deed, Deeds, Gap};
use client::Client;
use client::standing::Upward;
use client::starts::ClientCall;
use compiler::Compiled;
use config::Config;
pub use data::relations::Relations;
use effects::Effects;
pub use endpoint::{Caller, CallerKind, Endpoint, EndpointGuard, EndpointKind};
use entries::EntryFile;
use graph::Graph;
pub use graph::outside::{Outside, OutsideKind, leaving};
use graph::reach::Contexts;
pub use handlers::{HandlerFile, Misfit, MisfitKind, SharedUrl};
use layers::{Boundary, Layer, Layers};
pub use link::{Inputs, link};
pub use order::trail::Trail;
use program::exports::Symbols;
use program::modules::{FunctionRef, Module, ModuleId};
use program::symbols::Follow;
pub use program::targets::ImportCount;
pub use questions::identity::TakenIdentity;
pub use questions::secrets::{OpenSecret, Opening};
use requests::Requests;
use routes::RouteTable;

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
    unreached: Vec<caching::unreached::Unreached>,
    upward: OnceLock<Upward>,
    answers: OnceLock<Vec<client::queries::Answer>>,
    around: OnceLock<data::Around>,
    /// The tags that anything lets expire by name.
    expired: OnceLock<FxHashSet<String>>,
    shows: data::shows::Shows,
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
    pub fn meaning(&self, module: ModuleId, value: ValueId) -> (program::symbols::Meaning, Option<actions::ActionId>) {
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
