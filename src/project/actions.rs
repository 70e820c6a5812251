//! The server actions of a project, and how a name is known to be one.

use rustc_hash::FxHashMap;

use super::AppId;
use super::compiler::{ActionKind, Compiled};
use super::layers::{Boundary, Layer, Layers};
use super::program::modules::{FunctionRef, Module, ModuleId};
use super::program::symbols::{Binding, Follow, Meaning};
use crate::apps::Bundler;
use crate::diagnostic::Place;
use crate::facts::{ExportKind, FunctionId, Imported, NONE, Name, Value, ValueId, VariableId};
use crate::source::Span;

/// An index into the project's actions.
pub type ActionId = u32;

/// One function that the compiler registers as a server action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// Its module.
    pub module: ModuleId,
    /// The app whose compiler registers it.
    pub app: AppId,
    /// As exported, `default` for a default export; `None` for an inline one.
    pub name: Option<String>,
    /// The function's own name, for people: the exported name, or that of an inline function; empty without.
    pub label: String,
    /// Whether it is a `'use cache'` function.
    pub kind: ActionKind,
    /// Where the compiler puts it: the first time that its name occurs in the file, which can be a call.
    pub span: Span,
    /// Where it is declared, for people.
    pub declared: Span,
    /// The function, where it is a literal one.
    pub function: Option<FunctionRef>,
    /// Whether the app's graph makes it callable.
    pub live: bool,
}

/// Every action, and the bindings that stand for one.
#[derive(Default)]
pub struct Actions {
    /// By module, then position.
    pub all: Vec<Action>,
    by_export: FxHashMap<(ModuleId, u32), ActionId>,
    by_variable: FxHashMap<(ModuleId, VariableId), ActionId>,
    by_function: FxHashMap<FunctionRef, ActionId>,
}

impl Actions {
    /// Lists what the compiler registers in each module of an app.
    #[must_use]
    pub fn collect(modules: &[Module], compiled: &[Option<Compiled>], boundary: &[Boundary]) -> Self {
        let mut actions = Self::default();
        for (index, compiled) in compiled.iter().enumerate() {
            let (Some(compiled), module) = (compiled, &modules[index]) else { continue };
            let Some(app) = module.app else { continue };
            // A cached function is callable from the client only where its file is a `'use server'` file (NEXT.md §2).
            let server = boundary[index] == Boundary::Server;
            for found in compiled.actions.iter().filter(|found| server || found.kind != ActionKind::Cache) {
                let id = u32::try_from(actions.all.len()).unwrap_or(NONE);
                let home = u32::try_from(index).unwrap_or(NONE);
                actions.push(id, home, app, module, found);
            }
        }
        actions
    }

    fn push(
        &mut self,
        id: ActionId,
        home: ModuleId,
        app: AppId,
        module: &Module,
        found: &super::compiler::CompiledAction,
    ) {
        let facts = &module.facts;
        let cached = found.function.filter(|_| found.kind == ActionKind::Cache);
        let exported = found.name.or_else(|| exported_as(module, cached?));
        let name = exported.map(|name| facts.text(name).to_owned());
        let function = found.function.map(|function| FunctionRef { module: home, function });
        let own =
            found.function.map(|function| facts.text(facts.function(function).name).to_owned()).unwrap_or_default();
        let label = match &name {
            Some(name) if name != "default" || own.is_empty() => name.clone(),
            _ => own,
        };
        if let Some(name) = exported {
            let export = facts.exports.iter().position(|export| export.name == name && export.kind != ExportKind::Type);
            if let Some(export) = export {
                self.by_export.insert((home, u32::try_from(export).unwrap_or(NONE)), id);
            }
            if let Value::Variable(variable) = facts.value(found.value) {
                self.by_variable.entry((home, variable)).or_insert(id);
            }
        }
        if let Some(function) = function {
            self.by_function.entry(function).or_insert(id);
        }
        self.all.push(Action {
            module: home,
            app,
            name,
            label,
            kind: found.kind,
            span: found.span,
            declared: found.declared,
            function,
            live: false,
        });
    }

    /// An action.
    #[must_use]
    pub fn get(&self, id: ActionId) -> &Action {
        &self.all[id as usize]
    }

    /// The action that a binding stands for.
    #[must_use]
    pub fn of(&self, binding: Binding) -> Option<ActionId> {
        match binding {
            Binding::Export(module, export) => self.by_export.get(&(module, export)).copied(),
            Binding::Variable(module, variable) => self.by_variable.get(&(module, variable)).copied(),
            Binding::Function(function) => self.by_function.get(&function).copied(),
        }
    }

    /// What a value is, and the action that it stands for, if any: the first one on the way of its names.
    #[must_use]
    pub fn follow(&self, follow: Follow<'_>, module: ModuleId, value: ValueId) -> (Meaning, Option<ActionId>) {
        let mut action = None;
        let meaning = follow.watch(module, value, &mut |binding| {
            action = action.or_else(|| self.of(binding));
        });
        (meaning, action)
    }

    /// Says which actions of one app its graph makes callable (DESIGN.md, "Contracts", `live`).
    pub fn mark_live(
        &mut self,
        follow: Follow<'_>,
        app: AppId,
        layers: &Layers,
        bundler: Bundler,
        entries: &[ModuleId],
    ) {
        // What an action file imports for itself is compiled behind it; webpack does not look there for more actions.
        let webpack = bundler == Bundler::Webpack;
        let behind: &[Layer] = if webpack { &[Layer::Server] } else { &[Layer::Server, Layer::Action] };
        let mut server = imported_by(follow.modules, layers, behind);
        for &entry in entries {
            server[entry as usize] |= layers.has(entry, Layer::Server);
        }
        let kept = webpack.then(|| imported_by(follow.modules, layers, &[Layer::Client]));
        let client = self.used_by_client(follow, layers);
        for (id, action) in self.all.iter_mut().enumerate() {
            if action.app != app && !layers.any(action.module) {
                continue;
            }
            let reached = layers.has(action.module, Layer::Action);
            action.live |= server[action.module as usize]
                || match &kept {
                    Some(kept) => reached && kept[action.module as usize],
                    None => reached && (action.name.is_none() || client[id]),
                };
        }
    }

    /// Which actions the client modules of an app use, by any name that leads to one.
    fn used_by_client(&self, follow: Follow<'_>, layers: &Layers) -> Vec<bool> {
        let mut used = vec![false; self.all.len()];
        for (index, module) in follow.modules.iter().enumerate() {
            let id = u32::try_from(index).unwrap_or(NONE);
            if !layers.has(id, Layer::Client) {
                continue;
            }
            let namespaces = module.facts.imports.iter().enumerate().any(|(import, described)| {
                described.imported == Imported::Namespace
                    && module.target(u32::try_from(import).unwrap_or(NONE)).is_some()
            });
            for (value, written) in module.facts.values.iter().enumerate() {
                let wanted =
                    matches!(written, Value::Import(_)) || (namespaces && matches!(written, Value::Member(..)));
                if !wanted {
                    continue;
                }
                let value = u32::try_from(value).unwrap_or(NONE);
                if let (_, Some(action)) = self.follow(follow, id, value) {
                    used[action as usize] = true;
                }
            }
        }
        used
    }
}

/// The name under which a function is exported: the compiler gives a cached function a name of its own.
fn exported_as(module: &Module, function: FunctionId) -> Option<Name> {
    let facts = &module.facts;
    let is_function = |value: ValueId| match facts.value(value) {
        Value::Variable(variable) => facts.value(facts.variables[variable as usize].init) == Value::Function(function),
        value => value == Value::Function(function),
    };
    let export =
        facts.exports.iter().find(|export| matches!(export.kind, ExportKind::Value(value) if is_function(value)));
    export.map(|export| export.name)
}

/// Which modules with actions, or that lead to some, the modules of some layers import: of such a module every export is registered, whatever
/// is used.
fn imported_by(modules: &[Module], layers: &Layers, importers: &[Layer]) -> Vec<bool> {
    let mut imported = vec![false; modules.len()];
    for (index, module) in modules.iter().enumerate() {
        let id = u32::try_from(index).unwrap_or(NONE);
        if !importers.iter().any(|&layer| layers.has(id, layer)) {
            continue;
        }
        for import in 0..u32::try_from(module.targets.len()).unwrap_or(0) {
            if let Some(target) = module.target(import).filter(|_| module.runs(import)) {
                let inside = layers.has(target, Layer::Server) || layers.has(target, Layer::Action);
                imported[target as usize] |= inside;
            }
        }
    }
    imported
}

impl super::Project {
    /// Where an action is declared.
    #[must_use]
    pub fn action_place(&self, id: ActionId) -> Place {
        let action = self.actions.get(id);
        self.module(action.module).place(action.declared)
    }

    /// The server actions that can be posted to.
    pub(super) fn live_actions(&self) -> impl Iterator<Item = (ActionId, &Action)> {
        (0..).zip(&self.actions.all).filter(|(_, action)| action.live && action.kind == ActionKind::Action)
    }

    /// An action's name for a message: in backticks, or that it has none.
    #[must_use]
    pub fn action_name(&self, id: ActionId) -> String {
        match self.actions.get(id).label.as_str() {
            "" => "an inline action".to_owned(),
            label => format!("`{label}`"),
        }
    }

    /// How many actions a module exports.
    #[must_use]
    pub fn exported_actions(&self, module: ModuleId) -> usize {
        self.actions.all.iter().filter(|action| action.module == module && action.name.is_some()).count()
    }
}
