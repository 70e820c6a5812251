//! What makes client code call an action: an effect, an event, a form, a query, the rendering itself. From the call it goes back, through
//! the functions around it, their callers, the hooks and components that they are handed to, to whatever starts them.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use crate::diagnostic::Place;
use crate::facts::{CallKind, NONE};
use crate::models::When;
use crate::project::Project;
use crate::project::actions::ActionId;
use crate::project::effects::summary::Site;
use crate::project::endpoint::CallerKind;
use crate::project::graph::{Callee, Edge, Via};
use crate::project::layers::{Boundary, Layer};
use crate::project::program::modules::{FunctionRef, ModuleId, Role};

/// How many functions are gone through from one call.
const MOST_FUNCTIONS: usize = 256;

/// One way in which client code comes to call an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientCall {
    /// What starts it.
    pub kind: CallerKind,
    /// The call of the action, or the call that it is handed to.
    pub site: Site,
    /// What to point at for it.
    pub place: Place,
    /// Whether it is called here, and not handed to something that calls it.
    pub is_called: bool,
    /// Whether a timer or a debounced function lies in between.
    pub delayed: bool,
    /// What starts it, then the calls that lead to the call of the action, without that one; empty where nothing is known to.
    pub way: Vec<Place>,
}

/// A function that was handed what is called, and the call that handed it.
type HandedAt = (FunctionRef, Site);

/// A way back from a call, as far as it is gone.
#[derive(Clone)]
struct Way {
    delayed: bool,
    /// The places on it, first one first.
    places: Vec<Place>,
    /// Functions that were handed what is called, each with the call that handed it.
    back: Vec<HandedAt>,
}

impl Way {
    fn after(&self, place: Place) -> Self {
        Self { places: [&[place], self.places.as_slice()].concat(), ..self.clone() }
    }
}

/// The edges that lead to each function, and by which functions they were handed.
type Edges<'p> = FxHashMap<FunctionRef, Vec<(ModuleId, Edge, &'p [HandedAt])>>;

/// The way back: the edges that lead to each function.
pub(in crate::project) struct Back<'p> {
    project: &'p Project,
    by: Edges<'p>,
}

/// What one search found.
#[derive(Default)]
struct Search {
    open: VecDeque<(FunctionRef, Way)>,
    found: Vec<(CallerKind, bool, Vec<Place>)>,
    /// How often something came of an edge.
    came: usize,
}

impl Search {
    fn find(&mut self, kind: CallerKind, way: Way) {
        self.came += 1;
        let Way { delayed, places, .. } = way;
        match self.found.iter_mut().find(|known| known.0 == kind) {
            Some(known) if known.1 && !delayed => *known = (kind, delayed, places),
            Some(_) => {}
            None => self.found.push((kind, delayed, places)),
        }
    }

    fn enter(&mut self, function: FunctionRef, way: Way) {
        self.came += 1;
        self.open.push_back((function, way));
    }
}

impl<'p> Back<'p> {
    /// Gathers the edges; those of tests and stories lead nowhere.
    pub(in crate::project) fn new(project: &'p Project) -> Self {
        let mut by = Edges::default();
        let mut add = |module: ModuleId, edge: Edge, back: &'p [HandedAt]| {
            if let Callee::Function(function) = edge.to
                && matches!(project.module(module).role, Role::Source | Role::Config)
            {
                by.entry(function).or_default().push((module, edge, back));
            }
        };
        for (module, _) in project.modules() {
            project.graph.module(module).iter().for_each(|&edge| add(module, edge, &[]));
        }
        project.graph.through().edges.iter().for_each(|taken| add(taken.module, taken.edge, &taken.back));
        Self { project, by }
    }

    /// Whether anything calls a function, or hands it on.
    pub(in crate::project) fn is_led_to(&self, function: FunctionRef) -> bool {
        self.by.contains_key(&function)
    }

    /// What starts the call at an edge, which functions were handed on the way in `back`: the kind, whether it is delayed, and the way.
    pub(in crate::project) fn starts(
        &self,
        module: ModuleId,
        edge: &Edge,
        back: &[HandedAt],
    ) -> Vec<(CallerKind, bool, Vec<Place>)> {
        let mut search = Search::default();
        let start = Way { delayed: false, places: Vec::new(), back: back.to_vec() };
        self.edge(module, edge, &start, &mut search);
        // The call itself is no part of the way to it.
        let own = self.project.module(module).place(edge.span);
        let mut seen = Vec::new();
        while let Some((function, mut way)) = search.open.pop_front() {
            way.delayed |= self.is_debounced_function(function);
            let key = (function, way.delayed, way.back.clone());
            if seen.contains(&key) || seen.len() > MOST_FUNCTIONS {
                continue;
            }
            seen.push(key);
            let before = search.came;
            self.enter(function, &way, &mut search);
            if search.came == before {
                search.find(self.unknown(function), way);
            }
        }
        for (_, _, places) in &mut search.found {
            places.retain(|&place| place != own);
        }
        search.found
    }

    /// Goes on from a function by all edges that lead to it. One that was handed what is called goes on from the call that handed it.
    fn enter(&self, function: FunctionRef, way: &Way, search: &mut Search) {
        if let Some(at) = way.back.iter().position(|&(of, _)| of == function) {
            let (_, (module, call)) = way.back[at];
            let described = self.project.module(module).facts.calls[call as usize];
            let (to, span) = (Callee::Function(function), described.name_span);
            let edge = Edge { from: described.function, to, call, via: Via::Call, span };
            let way = Way { back: way.back[at + 1..].to_vec(), ..way.clone() };
            return self.edge(module, &edge, &way, search);
        }
        for &(module, edge, back) in self.by.get(&function).into_iter().flatten() {
            if (module, edge.from) != (function.module, function.function) {
                let way = Way { back: [back, &way.back].concat(), ..way.clone() };
                self.edge(module, &edge, &way, search);
            }
        }
    }

    fn is_debounced_function(&self, function: FunctionRef) -> bool {
        let edges = self.by.get(&function).into_iter().flatten();
        edges.clone().any(|&(module, edge, _)| {
            edge.via != Via::Call && self.project.graph.when(module, edge.call) == Some(When::Debounced)
        })
    }

    /// What an edge says of when the function that it leads to runs.
    fn edge(&self, module: ModuleId, edge: &Edge, way: &Way, search: &mut Search) {
        let here = self.project.module(module);
        let call = here.facts.calls[edge.call as usize];
        let is_element = call.kind == CallKind::Jsx;
        if !self.project.is_client(module) {
            search.came += 1;
            if is_element && edge.via == Via::Call && self.project.enters_client(edge.to) {
                search.find(CallerKind::ClientRender, way.clone());
            }
            return;
        }
        let from = FunctionRef { module, function: edge.from };
        let name = match edge.via {
            Via::Call if is_element => return search.find(CallerKind::ClientRender, way.clone()),
            Via::Call if edge.from == 0 => {
                return search.find(CallerKind::ClientRender, way.after(here.place(edge.span)));
            }
            Via::Call => return search.enter(from, way.after(here.place(edge.span))),
            Via::Argument(_) => None,
            Via::Property(name) => Some(here.facts.text(name)),
        };
        let notes = self.project.graph.notes((module, edge.call));
        let started = way.after(here.place(call.name_span));
        match notes.when {
            Some(When::Now | When::Maybe) => search.enter(from, way.clone()),
            Some(When::Deferred) => search.enter(from, Way { delayed: true, ..way.clone() }),
            Some(When::Debounced | When::Before) => {}
            Some(When::Effect) => search.find(CallerKind::ClientEffect, started),
            Some(When::Query) => search.find(CallerKind::ClientQuery, started),
            Some(When::Form) => search.find(CallerKind::ClientForm, started),
            Some(When::Event) => search.find(CallerKind::ClientEvent, started),
            Some(When::Render) => search.find(CallerKind::ClientRender, started),
            None if notes.passes || self.project.graph.takes((module, edge.call), edge.to) => {}
            None => {
                let form = is_element && name.is_some_and(is_form_prop);
                let kind = if form { CallerKind::ClientForm } else { CallerKind::ClientEvent };
                search.find(kind, way.after(here.place(edge.span)));
            }
        }
    }

    /// What starts a function of which nobody says it: the rendering a component or a hook, an event everything else.
    fn unknown(&self, function: FunctionRef) -> CallerKind {
        let facts = &self.project.module(function.module).facts;
        let described = facts.function(function.function);
        let outermost = function.function == 0 || described.parent == 0 || described.parent == NONE;
        let name = facts.text(described.name);
        let rendered = name.strip_prefix("use").unwrap_or(name).chars().next().is_none_or(char::is_uppercase);
        if outermost && rendered { CallerKind::ClientRender } else { CallerKind::ClientEvent }
    }
}

/// Whether what an element or a component is handed under this name is an action of a form.
pub(in crate::project) fn is_form_prop(name: &str) -> bool {
    matches!(name, "action" | "formAction")
}

impl Project {
    /// Whether the browser runs a module.
    #[must_use]
    pub fn is_client(&self, module: ModuleId) -> bool {
        self.in_layer(module, Layer::Client) || self.in_layer(module, Layer::Pages)
    }

    /// Whether a function lies behind the boundary to the client, so that even a server component's element of it is rendered there.
    fn enters_client(&self, to: Callee) -> bool {
        matches!(to, Callee::Function(function) if self.boundary[function.module as usize] == Boundary::Client)
    }

    /// The calls of an action by client code, each with what starts it; by place, then kind.
    #[must_use]
    pub fn client_calls(&self, action: ActionId) -> &[ClientCall] {
        &self.client_calls[action as usize]
    }
}
