//! Linking: from facts to a project, once.

use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::AppId;
use super::actions::Actions;
use super::caching::unreached::{self, Unreached};
use super::client::Client;
use super::compiler::{self, ModuleDirective, Settings};
use super::config::{Config, Setting};
use super::data::relations::Relations;
use super::effects::summary::Summaries;
use super::effects::{Effects, Entered};
use super::entries::{self, EntryKind};
use super::graph::Graph;
use super::graph::reach::Contexts;
use super::layers::{Boundary, Layers};
use super::program::exports::Symbols;
use super::program::modules::{FunctionRef, Module, ModuleId, role};
use super::program::symbols::Follow;
use super::program::targets::{ImportCount, targets};
use super::questions::misplaced;
use super::requests::{Gathered, Requests};
use super::values::evaluate::Evaluator;
use super::{Layer, Project};
use crate::apps::Apps;
use crate::facts::{FileFacts, FunctionId, NONE};
use crate::models::{LineId, Models};
use crate::resolve::Resolver;
use crate::source::{FileId, Tree};

/// What a project is linked from.
pub struct Inputs {
    /// The walked tree.
    pub tree: Arc<Tree>,
    /// Its apps.
    pub apps: Apps,
    /// What the calls of packages mean.
    pub models: Models,
    /// The relations between the models of databases.
    pub relations: Relations,
    /// The facts of every source file, in path order.
    pub facts: Vec<(FileId, FileFacts)>,
    /// Source files that could not be read, and why.
    pub problems: Vec<(FileId, String)>,
}

/// What is known once values are: the call graph, what everything that is entered does, what client code does around actions, what nothing
/// reaches, and the lines of models that were met.
struct Evaluated {
    graph: Graph,
    effects: Effects,
    beside: Vec<Entered>,
    client: Client,
    gathered: Vec<Gathered>,
    unreached: Vec<Unreached>,
    met: Vec<LineId>,
    tables: Vec<(String, String)>,
}

/// Links a project.
#[must_use]
pub fn link(inputs: Inputs, resolver: &Resolver) -> Project {
    let Inputs { tree, apps, models, relations, facts, problems } = inputs;
    let by_file: FxHashMap<FileId, ModuleId> =
        facts.iter().enumerate().map(|(index, &(file, _))| (file, u32::try_from(index).unwrap_or(NONE))).collect();
    let resolved: Vec<(Module, Vec<ImportCount>)> = facts
        .into_par_iter()
        .enumerate()
        .map(|(index, (file, facts))| {
            let id = u32::try_from(index).unwrap_or(NONE);
            let (targets, renamed, counts) = targets(id, file, &facts, resolver, &by_file);
            let path = tree.path(file);
            (Module { file, facts, app: apps.of(path), role: role(path), targets, renamed }, counts)
        })
        .collect();
    let (modules, imports): (Vec<Module>, Vec<Vec<ImportCount>>) = resolved.into_iter().unzip();
    let symbols = Symbols::new(&modules);
    let mut project = Project {
        boundary: vec![Boundary::None; modules.len()],
        compiled: Vec::new(),
        configs: Vec::new(),
        entries: Vec::new(),
        layers: Vec::new(),
        actions: Actions::default(),
        graph: Graph::empty(),
        effects: Effects::default(),
        beside: Vec::new(),
        client: Client::default(),
        unreached: Vec::new(),
        upward: OnceLock::new(),
        answers: OnceLock::new(),
        around: OnceLock::new(),
        expired: OnceLock::new(),
        shows: super::data::shows::Shows::new(modules.len()),
        met: Vec::new(),
        children: children(&modules),
        offsets: offsets(&modules),
        contexts: Vec::new(),
        callers: Vec::new(),
        client_calls: Vec::new(),
        routes: Vec::new(),
        requests: Requests::default(),
        imports: imports.into_iter().flatten().collect(),
        problems,
        tree,
        apps,
        models,
        relations,
        modules,
        by_file,
        symbols,
    };
    project.configure();
    project.find_entries();
    project.layer();
    project.compile();
    project.find_actions();
    project.relate_documents();
    let Evaluated { graph, effects, beside, client, gathered, unreached, met, tables } = project.evaluated();
    (project.graph, project.effects, project.client) = (graph, effects, client);
    (project.beside, project.unreached) = (beside, unreached);
    project.relations.name_tables(tables);
    project.keep_met(met);
    project.contexts = project.collect_contexts();
    (project.callers, project.client_calls) = project.collect_callers();
    project.find_routes();
    project.requests = project.lead(gathered);
    project
}

/// The functions inside each function, by parent.
fn children(modules: &[Module]) -> Vec<Vec<(FunctionId, FunctionId)>> {
    let of = |module: &Module| {
        let functions = (0..).zip(&module.facts.functions).skip(1);
        let mut pairs: Vec<(FunctionId, FunctionId)> = functions.map(|(id, function)| (function.parent, id)).collect();
        pairs.sort_unstable();
        pairs
    };
    modules.iter().map(of).collect()
}

/// Where each module's functions start when all functions are counted through.
fn offsets(modules: &[Module]) -> Vec<u32> {
    let mut next = 0;
    let mut offset = |module: &Module| {
        let here = next;
        next += u32::try_from(module.facts.functions.len()).unwrap_or(0);
        here
    };
    modules.iter().map(&mut offset).collect()
}

impl Project {
    fn configure(&mut self) {
        let mut eval = Evaluator::new(self.world());
        let read = |app: AppId| {
            let module = self.app(app).config.and_then(|file| self.module_of(file));
            module.map_or_else(Config::default, |module| self.read_config(module, &mut eval))
        };
        let configs = (0..self.apps.all.len()).map(read).collect();
        let met = eval.states.lines();
        self.configs = configs;
        self.keep_met(met);
    }

    fn find_entries(&mut self) {
        let find = |app: AppId| {
            let extensions = self.page_extensions(app);
            entries::next::entry_files(&self.tree, &self.folders(app, &extensions), &|file| self.module_of(file))
        };
        self.entries = (0..self.apps.all.len()).map(find).collect();
    }

    /// The extensions of an app's pages and routes, longest first.
    pub(super) fn page_extensions(&self, app: AppId) -> Vec<String> {
        let mut extensions: Vec<String> = match &self.config(app).page_extensions {
            Setting::Known(extensions) => extensions.clone(),
            _ => entries::next::PAGE_EXTENSIONS.map(str::to_owned).to_vec(),
        };
        extensions.sort_by_key(|extension| std::cmp::Reverse(extension.len()));
        extensions
    }

    /// The folders of an app.
    pub(super) fn folders<'a>(&'a self, app: AppId, extensions: &'a [String]) -> entries::next::Folders<'a> {
        let described = self.app(app);
        entries::next::Folders {
            root: &described.root,
            app: described.app_dir.as_deref(),
            pages: described.pages_dir.as_deref(),
            extensions,
        }
    }

    /// How an app's compiler is set.
    #[must_use]
    pub fn settings(&self, app: AppId) -> Settings {
        let described = self.app(app);
        // Where it cannot be read, the directive is allowed: to reject it on a guess would hide what the file registers.
        let use_cache = self.config(app).use_cache != Setting::Known(false);
        Settings { bundler: described.bundler, version: described.version.clone(), use_cache }
    }

    /// The boundary of every module, and the layers of every app; a module outside every app's folder belongs to the first app that reaches
    /// it, whose compiler reads it too.
    fn layer(&mut self) {
        let settings: Vec<Settings> = (0..self.apps.all.len()).map(|app| self.settings(app)).collect();
        let boundary = |module: &Module| match module.app {
            Some(app) => match compiler::directive(&module.facts, &settings[app]) {
                ModuleDirective::Server => Boundary::Server,
                ModuleDirective::Client => Boundary::Client,
                ModuleDirective::Cache | ModuleDirective::None => Boundary::None,
            },
            None => outside_boundary(&module.facts),
        };
        self.boundary = self.modules.par_iter().map(boundary).collect();
        self.layers = self.entries.iter().map(|entries| Layers::walk(&self.modules, &self.boundary, entries)).collect();
        for (id, module) in (0..).zip(&mut self.modules) {
            if module.app.is_none() {
                module.app = (0..self.layers.len()).find(|&app| self.layers[app].any(id));
            }
        }
    }

    fn compile(&mut self) {
        let settings: Vec<Settings> = (0..self.apps.all.len()).map(|app| self.settings(app)).collect();
        let apart: Vec<bool> = self.apart();
        let compiled = |(index, module): (usize, &Module)| {
            let app = module.app.filter(|_| !apart[index] && module.facts.kind != crate::facts::FileKind::Rust)?;
            Some(compiler::compile(&module.facts, &settings[app], compiler::Layer::Server))
        };
        self.compiled = self.modules.par_iter().enumerate().map(compiled).collect();
    }

    /// The modules that no action compiler sees: the Pages Router's own files, the proxy and instrumentation (NEXT.md §3.1).
    fn apart(&self) -> Vec<bool> {
        let mut apart = vec![false; self.modules.len()];
        for entry in self.entries.iter().flatten() {
            apart[entry.module as usize] |= matches!(
                entry.kind,
                EntryKind::PagesPage
                    | EntryKind::PagesApi
                    | EntryKind::Proxy
                    | EntryKind::Instrumentation
                    | EntryKind::ClientInstrumentation
            );
        }
        apart
    }

    fn find_actions(&mut self) {
        let mut actions = Actions::collect(&self.modules, &self.compiled, &self.boundary);
        let follow = Follow { modules: &self.modules, symbols: &self.symbols };
        for app in 0..self.apps.all.len() {
            let entries: Vec<ModuleId> = self.entries[app].iter().map(|entry| entry.module).collect();
            let bundler = self.app(app).bundler;
            actions.mark_live(follow, app, &self.layers[app], bundler, &entries);
        }
        self.actions = actions;
    }

    /// What values say.
    fn evaluated(&self) -> Evaluated {
        let mut eval = Evaluator::new(self.world());
        let (graph, handed) = Graph::build(&mut eval, &|module| self.is_client(module));
        let gathered = Gathered::all(&mut eval, &graph);
        let mut summaries = Summaries::new(eval, &self.boundary, &self.layers);
        let effects = Effects::collect(self, &mut summaries);
        let beside = misplaced::beside(self, &mut summaries);
        let client = Client::collect(self, &graph, &handed, &mut summaries);
        let unreached = unreached::collect(self, &mut summaries);
        let tables = summaries.eval.exported_tables();
        let met = summaries.eval.states.lines();
        Evaluated { graph, effects, beside, client, gathered, unreached, met, tables }
    }

    /// What every function runs for.
    fn collect_contexts(&self) -> Vec<Contexts> {
        let total = self.modules.iter().map(|module| module.facts.functions.len()).sum();
        let mut contexts = vec![Contexts::default(); total];
        let mut mark = |roots: &[FunctionRef], context: Contexts| {
            for function in self.run(roots).order {
                let at = self.offsets[function.module as usize] + function.function;
                contexts[at as usize].0 |= context.0;
            }
        };
        let mut roots: [Vec<FunctionRef>; 4] = Default::default();
        for entry in self.entries.iter().flatten() {
            let slot = match entry.kind {
                EntryKind::View if self.in_layer(entry.module, Layer::Server) => 0,
                EntryKind::RouteHandler | EntryKind::Metadata => 1,
                EntryKind::PagesApi => 2,
                EntryKind::Proxy | EntryKind::Instrumentation => 3,
                EntryKind::View | EntryKind::PagesPage | EntryKind::ClientInstrumentation => continue,
            };
            let entered = self.entry_functions(entry.module, entry.kind);
            roots[slot].extend(entered.into_iter().flat_map(|(_, functions)| functions));
        }
        for (roots, context) in roots.iter().zip([Contexts::RENDER, Contexts::HANDLER, Contexts::API, Contexts::EDGE]) {
            mark(roots, context);
        }
        let scripts: Vec<FunctionRef> = (0..u32::try_from(self.modules.len()).unwrap_or(NONE))
            .filter(|&module| self.is_script(module))
            .map(|module| FunctionRef { module, function: 0 })
            .collect();
        mark(&self.called_at_top_level(&scripts), Contexts::SCRIPT);
        let actions: Vec<FunctionRef> =
            self.actions.all.iter().flat_map(|action| self.action_functions(action)).collect();
        mark(&actions, Contexts::ACTION);
        contexts
    }

    /// The functions that an action runs: its own, or those that its wrapper is handed.
    pub(super) fn action_functions(&self, action: &super::actions::Action) -> Vec<FunctionRef> {
        if let Some(function) = action.function {
            return vec![function];
        }
        let exported = action.name.as_ref().and_then(|name| self.symbols.export(action.module, name));
        exported.map_or_else(Vec::new, |(owner, export)| self.exported_functions(owner, export))
    }

    /// The functions that modules call when they are loaded.
    fn called_at_top_level(&self, roots: &[FunctionRef]) -> Vec<FunctionRef> {
        let edges = roots.iter().flat_map(|&root| self.graph.edges(root));
        let mut called: Vec<FunctionRef> = edges
            .filter_map(|edge| match edge.to {
                super::graph::Callee::Function(function) => Some(function),
                super::graph::Callee::Action(_) => None,
            })
            .collect();
        called.sort_unstable();
        called.dedup();
        called
    }
}

/// The boundary of a module outside every app's folder: a package of the workspace, compiled by the app that imports it.
fn outside_boundary(facts: &FileFacts) -> Boundary {
    let prologue = |text: &str| {
        facts.directives_of(0).any(|directive| {
            directive.kind == crate::facts::DirectiveKind::Prologue && facts.text(directive.text) == text
        })
    };
    if prologue("use client") {
        Boundary::Client
    } else if prologue("use server") {
        Boundary::Server
    } else {
        Boundary::None
    }
}
