//! Actions that only server code calls: every mention of them is known, and each is a call that runs on the server.
//!
//! A function that is handed on, kept in a table, loaded while the program runs or exported by a package that others install may be
//! called by anybody, and so may one that nothing calls: of those nothing is said.

use rustc_hash::FxHashSet;

use crate::diagnostic::Place;
use crate::facts::{ExportKind, FileFacts, ImportKind, Imported, NONE, Type, TypeSource, Value, ValueId, VariableKind};
use crate::project::Project;
use crate::project::actions::{Action, ActionId};
use crate::project::endpoint::{Caller, CallerKind};
use crate::project::program::modules::{Module, ModuleId, Role};

impl Project {
    /// The exported actions that can be called from outside and that nothing but server code calls, each with its callers.
    #[must_use]
    pub fn server_only_actions(&self) -> Vec<(ActionId, Vec<Caller>)> {
        let mut found: Vec<(ActionId, Vec<Caller>)> = (0..)
            .zip(&self.actions.all)
            .filter(|(_, action)| action.live && action.name.is_some() && !self.is_published(action))
            .filter_map(|(id, _)| Some((id, self.server_callers(id)?)))
            .collect();
        let candidates: FxHashSet<ActionId> = found.iter().map(|&(id, _)| id).collect();
        if candidates.is_empty() {
            return found;
        }
        let mut elsewhere: FxHashSet<ActionId> = FxHashSet::default();
        for (id, module) in self.modules().filter(|(_, module)| !matches!(module.role, Role::Test | Role::Story)) {
            self.mentioned_otherwise(id, module, &candidates, &mut elsewhere);
        }
        found.retain(|(id, _)| !elsewhere.contains(id));
        found
    }

    /// The directive that makes actions of the exports of a module.
    #[must_use]
    pub fn server_directive(&self, module: ModuleId) -> Option<Place> {
        let here = self.module(module);
        let directives = here.facts.directives_of(0);
        let written = directives.into_iter().find(|directive| here.facts.text(directive.text) == "use server");
        Some(here.place(written?.span))
    }

    /// The callers of an action that count, where there are any and all of them run on the server.
    fn server_callers(&self, action: ActionId) -> Option<Vec<Caller>> {
        let counts = |caller: &&Caller| !matches!(caller.kind, CallerKind::Test | CallerKind::Story);
        let callers: Vec<Caller> = self.callers(action).iter().filter(counts).copied().collect();
        let server = |caller: &Caller| {
            matches!(
                caller.kind,
                CallerKind::ServerRender
                    | CallerKind::Action
                    | CallerKind::Handler
                    | CallerKind::Proxy
                    | CallerKind::Job
                    | CallerKind::Script
            )
        };
        (!callers.is_empty() && callers.iter().all(server)).then_some(callers)
    }

    /// Whether an action belongs to a package that others install.
    fn is_published(&self, action: &Action) -> bool {
        self.apps.packages.of(self.path(action.module)).is_some_and(|package| package.published)
    }

    /// Adds the actions that a module mentions in any other way than by a known call of its own.
    fn mentioned_otherwise(
        &self,
        id: ModuleId,
        module: &Module,
        candidates: &FxHashSet<ActionId>,
        elsewhere: &mut FxHashSet<ActionId>,
    ) {
        let facts = &module.facts;
        let known = known_places(facts);
        for (index, written) in facts.values.iter().enumerate() {
            let value = u32::try_from(index).unwrap_or(NONE);
            match *written {
                Value::Import(import) => {
                    let Some(target) = module.target(import) else { continue };
                    let described = &facts.imports[import as usize];
                    let whole = described.imported == Imported::Namespace && !known.objects.contains(&value);
                    if whole || described.kind == ImportKind::Dynamic {
                        self.all_of(target, candidates, elsewhere);
                        continue;
                    }
                }
                Value::Variable(variable) if facts.variables[variable as usize].kind == VariableKind::Parameter => {
                    continue;
                }
                Value::Variable(_) | Value::Member(..) => {}
                _ => continue,
            }
            if known.values.contains(&value) {
                continue;
            }
            let (_, action) = self.meaning(id, value);
            let Some(action) = action.filter(|action| candidates.contains(action)) else { continue };
            let called = facts.calls.iter().find(|call| call.callee == value);
            let place = called.map(|call| module.place(call.name_span));
            if !place.is_some_and(|place| self.is_caller(action, place)) {
                elsewhere.insert(action);
            }
        }
    }

    fn is_caller(&self, action: ActionId, place: Place) -> bool {
        self.callers(action).iter().any(|caller| caller.place == place)
    }

    /// Adds every action that a module exports, its own and those of others.
    fn all_of(&self, module: ModuleId, candidates: &FxHashSet<ActionId>, elsewhere: &mut FxHashSet<ActionId>) {
        for name in self.symbols.names(&self.modules, module) {
            let mut action = None;
            self.follow().export(module, &name, &mut |binding| action = action.or_else(|| self.actions.of(binding)));
            elsewhere.extend(action.filter(|action| candidates.contains(action)));
        }
    }
}

/// The values of a file at which a name is no use of what it stands for.
struct Known {
    /// What is exported, what an alias stands for, what a type names.
    values: FxHashSet<ValueId>,
    /// What has a member taken.
    objects: FxHashSet<ValueId>,
}

fn known_places(facts: &FileFacts) -> Known {
    let mut known = Known { values: FxHashSet::default(), objects: FxHashSet::default() };
    known.values.extend(facts.variables.iter().map(|variable| variable.init));
    known.values.extend(facts.exports.iter().filter_map(|export| match export.kind {
        ExportKind::Value(value) => Some(value),
        _ => None,
    }));
    known.values.extend(facts.types.iter().filter_map(|of| match of {
        Type::Named(value, _) | Type::Query(value) => Some(*value),
        _ => None,
    }));
    known.values.extend(facts.type_exports.iter().filter_map(|export| match export.source {
        TypeSource::Named(value) => Some(value),
        _ => None,
    }));
    known.objects.extend(facts.values.iter().filter_map(|value| match value {
        Value::Member(object, _) => Some(*object),
        _ => None,
    }));
    known
}
