//! What makes client code call an action: an effect, an event, a form, a query, the rendering itself. From the call it goes back, through
//! the functions around it, their callers, the hooks and components that they are handed to, to whatever starts them.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use super::Project;
use super::actions::ActionId;
use super::endpoint::CallerKind;
use super::graph::{Callee, Edge, Via};
use super::layers::{Boundary, Layer};
use super::modules::{FunctionRef, ModuleId, Role};
use super::summary::Site;
use crate::diagnostic::Place;
use crate::facts::{CallKind, NONE};
use crate::models::When;

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

/// A function that is entered on the way back.
struct Open {
    function: FunctionRef,
    delayed: bool,
    way: Vec<Place>,
}

/// The way back: the edges that lead to each function.
pub(super) struct Back<'p> {
    project: &'p Project,
    by: FxHashMap<FunctionRef, Vec<(ModuleId, Edge)>>,
}

/// What one search found.
#[derive(Default)]
struct Search {
    open: VecDeque<Open>,
    found: Vec<(CallerKind, bool, Vec<Place>)>,
    /// How often something came of an edge.
    came: usize,
}

impl Search {
    fn find(&mut self, kind: CallerKind, delayed: bool, way: Vec<Place>) {
        self.came += 1;
        match self.found.iter_mut().find(|known| known.0 == kind) {
            Some(known) if known.1 && !delayed => *known = (kind, delayed, way),
            Some(_) => {}
            None => self.found.push((kind, delayed, way)),
        }
    }

    fn enter(&mut self, function: FunctionRef, delayed: bool, way: Vec<Place>) {
        self.came += 1;
        self.open.push_back(Open { function, delayed, way });
    }
}

impl<'p> Back<'p> {
    /// Gathers the edges; those of tests and stories lead nowhere.
    pub(super) fn new(project: &'p Project) -> Self {
        let mut by: FxHashMap<FunctionRef, Vec<(ModuleId, Edge)>> = FxHashMap::default();
        let mut add = |module: ModuleId, edge: Edge| {
            if let Callee::Function(function) = edge.to
                && matches!(project.module(module).role, Role::Source | Role::Config)
            {
                by.entry(function).or_default().push((module, edge));
            }
        };
        for (module, _) in project.modules() {
            project.graph.module(module).iter().for_each(|&edge| add(module, edge));
        }
        project.graph.through().edges.iter().for_each(|&(module, edge)| add(module, edge));
        Self { project, by }
    }

    /// What starts the call at an edge.
    pub(super) fn starts(&self, module: ModuleId, edge: &Edge) -> Vec<(CallerKind, bool, Vec<Place>)> {
        let mut search = Search::default();
        self.edge(module, edge, (false, &[]), &mut search);
        // The call itself is no part of the way to it.
        let own = self.project.module(module).place(edge.span);
        let mut seen: Vec<(FunctionRef, bool)> = Vec::new();
        while let Some(Open { function, delayed, way }) = search.open.pop_front() {
            let edges = self.by.get(&function).map_or(&[][..], Vec::as_slice);
            let when = |&(module, edge): &(ModuleId, Edge)| self.project.graph.when(module, edge.call);
            let debounced = edges.iter().any(|of| of.1.via != Via::Call && when(of) == Some(When::Debounced));
            let delayed = delayed || debounced;
            if seen.contains(&(function, delayed)) || seen.len() > MOST_FUNCTIONS {
                continue;
            }
            seen.push((function, delayed));
            let before = search.came;
            for (from, edge) in edges {
                if edge.from != function.function || *from != function.module {
                    self.edge(*from, edge, (delayed, &way), &mut search);
                }
            }
            if search.came == before {
                search.find(self.unknown(function), delayed, way);
            }
        }
        for (_, _, way) in &mut search.found {
            way.retain(|&place| place != own);
        }
        search.found
    }

    /// What an edge says of when the function that it leads to runs.
    fn edge(&self, module: ModuleId, edge: &Edge, (delayed, way): (bool, &[Place]), search: &mut Search) {
        let here = self.project.module(module);
        let call = here.facts.calls[edge.call as usize];
        if !self.project.is_client(module) {
            search.came += 1;
            if call.kind == CallKind::Jsx && edge.via == Via::Call && self.project.enters_client(edge.to) {
                search.find(CallerKind::ClientRender, delayed, way.to_vec());
            }
            return;
        }
        let from = FunctionRef { module, function: edge.from };
        let after = |place: Place| [&[place], way].concat();
        match edge.via {
            Via::Call if call.kind == CallKind::Jsx => search.find(CallerKind::ClientRender, delayed, way.to_vec()),
            Via::Call if edge.from == 0 => search.find(CallerKind::ClientRender, delayed, after(here.place(edge.span))),
            Via::Call => search.enter(from, delayed, after(here.place(edge.span))),
            Via::Argument(_) | Via::Property(_) => {
                let notes = self.project.graph.notes((module, edge.call));
                let started = after(here.place(call.name_span));
                match notes.when {
                    Some(When::Now | When::Maybe) => search.enter(from, delayed, way.to_vec()),
                    Some(When::Deferred) => search.enter(from, true, way.to_vec()),
                    Some(When::Debounced | When::Before) => {}
                    Some(When::Effect) => search.find(CallerKind::ClientEffect, delayed, started),
                    Some(When::Query) => search.find(CallerKind::ClientQuery, delayed, started),
                    Some(When::Form) => search.find(CallerKind::ClientForm, delayed, started),
                    Some(When::Event) => search.find(CallerKind::ClientEvent, delayed, started),
                    Some(When::Render) => search.find(CallerKind::ClientRender, delayed, started),
                    None if notes.passes || self.project.graph.takes((module, edge.call), edge.to) => {}
                    None => {
                        let form = matches!(edge.via, Via::Property(name)
                            if call.kind == CallKind::Jsx && is_form_prop(here.facts.text(name)));
                        let kind = if form { CallerKind::ClientForm } else { CallerKind::ClientEvent };
                        search.find(kind, delayed, after(here.place(edge.span)));
                    }
                }
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
pub(super) fn is_form_prop(name: &str) -> bool {
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
