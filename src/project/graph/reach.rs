//! What runs because something is entered: from each kind of entry along the call graph, stopping at actions and at the client boundary.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use super::{Callee, Edge};
use crate::facts::{ExportKind, Imported, NONE, PropertyKey, Value, ValueId};
use crate::project::Project;
use crate::project::actions::ActionId;
use crate::project::entries::EntryKind;
use crate::project::layers::Boundary;
use crate::project::program::modules::{FunctionRef, ModuleId};
use crate::project::program::symbols::{Binding, Meaning};

/// How many values are looked through for the functions of an entry.
const MOST_VALUES: usize = 256;

/// The kinds of entry that a function can run for, as a set of bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Contexts(pub u8);

impl Contexts {
    /// While a server component renders.
    pub const RENDER: Self = Self(1);
    /// For a route handler or a metadata route.
    pub const HANDLER: Self = Self(2);
    /// For `pages/api`.
    pub const API: Self = Self(4);
    /// In the proxy or in instrumentation.
    pub const EDGE: Self = Self(8);
    /// In a script.
    pub const SCRIPT: Self = Self(16);
    /// For a server action.
    pub const ACTION: Self = Self(32);

    /// Whether it runs for any of `other`.
    #[must_use]
    pub const fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// A call on the way from an entry: the module that it stands in, and its edge.
pub type Hop = (ModuleId, Edge);

/// An action that an entry reaches.
pub struct Hit {
    /// The action.
    pub action: ActionId,
    /// The shortest way to it: each call, first one first. The last one is the call of the action.
    pub way: Vec<Hop>,
    /// The other calls of it that the entry reaches.
    pub more: Vec<Hop>,
}

impl Hit {
    /// Adds a hit to others, of which each action has one: a further way to an action is a further call of it.
    pub(in crate::project) fn add(self, hits: &mut Vec<Self>) {
        match hits.iter_mut().find(|known| known.action == self.action) {
            Some(known) => known.more.extend(self.way.last().copied().into_iter().chain(self.more)),
            None => hits.push(self),
        }
    }
}

impl Project {
    /// The functions that run for `value`: itself, or those that a wrapper call is handed, and the wrapper.
    #[must_use]
    pub fn functions_of(&self, module: ModuleId, value: ValueId) -> Vec<FunctionRef> {
        let (mut found, mut open, mut seen) = (Vec::new(), vec![(module, value)], Vec::new());
        while let Some((module, value)) = open.pop() {
            if value == NONE || seen.contains(&(module, value)) || seen.len() > MOST_VALUES {
                continue;
            }
            seen.push((module, value));
            let mut last = None;
            let meaning = self.follow().watch(module, value, &mut |binding| {
                if let Binding::Export(owner, export) = binding {
                    last = Some((owner, export));
                }
            });
            match meaning {
                Meaning::Function(function) => found.push(function),
                Meaning::Value(at) if (at.module, at.value) != (module, value) => open.push((at.module, at.value)),
                Meaning::Value(_) | Meaning::Unknown(_) | Meaning::External(..) | Meaning::Global(..) => {
                    let exported =
                        last.map(|(owner, export)| (owner, self.module(owner).facts.exports[export as usize].kind));
                    if let Some((owner, ExportKind::Value(exported))) = exported {
                        open.push((owner, exported));
                    }
                    self.parts(module, value, &mut open);
                }
                _ => {}
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The values that a value is made of.
    fn parts(&self, module: ModuleId, value: ValueId, open: &mut Vec<(ModuleId, ValueId)>) {
        let facts = &self.module(module).facts;
        let mut add = |value: ValueId| open.push((module, value));
        match facts.value(value) {
            Value::Call(call) => {
                let call = &facts.calls[call as usize];
                facts.list(call.arguments).iter().copied().for_each(&mut add);
                add(call.callee);
            }
            Value::Variable(variable) => add(facts.variables[variable as usize].init),
            Value::Member(object, _) | Value::Index(object, _) => add(object),
            Value::Await(inner) | Value::Cast(inner, _) | Value::Spread(inner) => add(inner),
            Value::Object(list) => {
                let kept = facts.properties(list).iter().filter(|property| property.key != PropertyKey::More);
                kept.for_each(|property| add(property.value));
            }
            Value::Array(list) | Value::Union(list) => facts.list(list).iter().copied().for_each(add),
            Value::Conditional(list) => facts.list(list).iter().skip(1).copied().for_each(add),
            Value::Logical(_, left, right) => {
                add(left);
                add(right);
            }
            _ => {}
        }
    }

    /// Every function that runs because `roots` run, and the edge by which each was found. Functions inside one run with it.
    #[must_use]
    pub fn run(&self, roots: &[FunctionRef]) -> Run {
        let mut run = Run { by: FxHashMap::default(), order: Vec::new(), hits: Vec::new() };
        let mut open: VecDeque<FunctionRef> = VecDeque::new();
        for &root in roots {
            if run.by.insert(root, None).is_none() {
                run.order.push(root);
                open.push_back(root);
            }
        }
        while let Some(function) = open.pop_front() {
            let mut enter = |next: FunctionRef, by: Option<Edge>| {
                if let std::collections::hash_map::Entry::Vacant(place) = run.by.entry(next) {
                    place.insert(Some((function, by)));
                    run.order.push(next);
                    open.push_back(next);
                }
            };
            for &child in self.children(function) {
                let child = FunctionRef { module: function.module, function: child };
                if self.actions.of(Binding::Function(child)).is_none() {
                    enter(child, None);
                }
            }
            for edge in self.graph.edges(function) {
                match edge.to {
                    Callee::Function(next) => {
                        if !self.crosses(function.module, next.module) {
                            enter(next, Some(*edge));
                        }
                    }
                    Callee::Action(action) => run.hits.push((action, function, *edge)),
                }
            }
        }
        run
    }

    /// Whether a call from one module to another goes from the server to a client component.
    fn crosses(&self, from: ModuleId, to: ModuleId) -> bool {
        from != to && self.boundary[to as usize] == Boundary::Client
    }

    /// The actions that `roots` reach, each once.
    #[must_use]
    pub fn hits(&self, roots: &[FunctionRef]) -> Vec<Hit> {
        if self.actions.all.is_empty() {
            return Vec::new();
        }
        let run = self.run(roots);
        let mut hits: Vec<Hit> = Vec::new();
        for &(action, function, edge) in &run.hits {
            let hop = (function.module, edge);
            match hits.iter_mut().find(|hit| hit.action == action) {
                Some(hit) => hit.more.push(hop),
                None => {
                    let mut way = run.way(function);
                    way.push(hop);
                    hits.push(Hit { action, way, more: Vec::new() });
                }
            }
        }
        hits
    }

    /// The functions that run when an entry of this kind is entered, each with the name of the export that enters it.
    #[must_use]
    pub fn entry_functions(&self, module: ModuleId, kind: EntryKind) -> Vec<(String, Vec<FunctionRef>)> {
        let names = self.symbols.names(&self.modules, module).into_iter();
        let entered = names.filter(|name| match kind {
            EntryKind::RouteHandler => crate::project::entries::next::METHODS.contains(&name.as_str()),
            EntryKind::PagesApi => name == "default",
            _ => true,
        });
        entered
            .filter_map(|name| {
                let (owner, export) = self.symbols.export(module, &name)?;
                let functions = self.exported_functions(owner, export);
                (!functions.is_empty()).then_some((name, functions))
            })
            .collect()
    }

    /// The functions that run for an export.
    pub(in crate::project) fn exported_functions(&self, owner: ModuleId, export: u32) -> Vec<FunctionRef> {
        let here = self.module(owner);
        match here.facts.exports[export as usize].kind {
            ExportKind::Value(value) => self.functions_of(owner, value),
            ExportKind::From(import) => {
                let Some(target) = here.target(import) else { return Vec::new() };
                let name = match here.facts.imports[import as usize].imported {
                    Imported::Named(name) => here.facts.text(name),
                    Imported::Default => "default",
                    _ => return Vec::new(),
                };
                match self.symbols.export(target, name) {
                    Some((next, index)) if (next, index) != (owner, export) => self.exported_functions(next, index),
                    _ => Vec::new(),
                }
            }
            _ => Vec::new(),
        }
    }
}

/// What runs for some roots.
pub struct Run {
    by: FxHashMap<FunctionRef, Option<(FunctionRef, Option<Edge>)>>,
    /// The functions, in the order in which they were found.
    pub order: Vec<FunctionRef>,
    /// The actions that are called: which, in which function, by which edge.
    pub hits: Vec<(ActionId, FunctionRef, Edge)>,
}

impl Run {
    /// The calls that lead from a root to a function, first one first; being inside a function is no call.
    #[must_use]
    pub fn way(&self, function: FunctionRef) -> Vec<Hop> {
        let (mut way, mut at) = (Vec::new(), function);
        while let Some(Some((from, edge))) = self.by.get(&at) {
            if let Some(edge) = edge {
                way.push((from.module, *edge));
            }
            at = *from;
        }
        way.reverse();
        way
    }
}
