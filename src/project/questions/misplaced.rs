//! Calls of the framework that throw where they are reached from: each is made for some kinds of entry, and a helper takes it into others.
//! Which ones throw where hangs on the framework's version (NEXT.md §4).

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;

use crate::apps::Version;
use crate::diagnostic::Place;
use crate::facts::{FileKind, Imported, NONE, Value};
use crate::models::Effect;
use crate::project::actions::Action;
use crate::project::client::starts::Back;
use crate::project::effects::summary::{Site, Summaries};
use crate::project::effects::{Entered, Happening, of_export};
use crate::project::endpoint::CallerKind;
use crate::project::entries::{EntryKind, next};
use crate::project::graph::{Callee, Edge, Via};
use crate::project::layers::{Boundary, Layer};
use crate::project::order::body::{catches, step_of};
use crate::project::order::frames::Link;
use crate::project::program::modules::{FunctionRef, ModuleId, Role};
use crate::project::{AppId, Project};

/// Where something is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reached {
    /// From a route handler.
    Handler,
    /// From an API of the Pages Router.
    PagesApi,
    /// While a page renders.
    Rendering,
    /// Inside a function whose results are kept.
    Kept,
    /// For an event in the browser.
    Event,
}

/// A call that throws where it is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misplaced {
    /// The app.
    pub app: AppId,
    /// What it does.
    pub effect: Effect,
    /// Where it is reached.
    pub reached: Reached,
    /// What is entered, and a word for it: `GET`, `the page`. None in the browser.
    pub entered: Option<(Place, String)>,
    /// The function whose results are kept.
    pub kept: Option<Place>,
    /// What starts it in the browser, and the calls that lead on.
    pub way: Vec<Place>,
    /// The calls that lead to it, itself last.
    pub trail: Vec<Site>,
    /// How many other entries reach it in the same way.
    pub more: usize,
}

/// What pages and layouts export beside their component, entered.
pub(in crate::project) fn beside(project: &Project, summaries: &mut Summaries<'_>) -> Vec<Entered> {
    let mut found = Vec::new();
    for (app, _) in project.apps() {
        for entry in project.entries(app).iter().filter(|entry| entry.kind == EntryKind::View) {
            let (module, kind) = (entry.module, entry.kind);
            for name in next::RENDERED.into_iter().filter(|name| project.symbols.export(module, name).is_some()) {
                let doing = of_export(project, summaries, (module, kind), name, project.url(app, &entry.url));
                found.push(Entered { app, module, kind, name: name.to_owned(), doing });
            }
        }
    }
    found
}

impl Project {
    /// Every call that throws where it is reached, once for each way of being reached, by place.
    #[must_use]
    pub fn misplaced(&self) -> Vec<Misplaced> {
        let keeping = self.keeping();
        let mut found: Vec<Misplaced> = Vec::new();
        for entered in self.entered().iter().chain(&self.beside) {
            for happening in &entered.doing.happenings {
                let Some(misplaced) = self.misplaced_in(entered, happening, &keeping) else { continue };
                let same = |known: &&mut Misplaced| {
                    known.trail.last() == misplaced.trail.last() && known.reached == misplaced.reached
                };
                match found.iter_mut().find(same) {
                    Some(known) => known.more += 1,
                    None => found.push(misplaced),
                }
            }
        }
        for (id, action) in (0..).zip(&self.actions.all) {
            for happening in &self.action_doing(id).happenings {
                let Some(misplaced) = self.kept_in_action(action, happening, &keeping) else { continue };
                let known =
                    |known: &Misplaced| known.trail.last() == misplaced.trail.last() && known.reached == Reached::Kept;
                if !found.iter().any(known) {
                    found.push(misplaced);
                }
            }
        }
        found.extend(self.left_in_events());
        found.sort_by_key(|misplaced| (misplaced.trail.last().copied(), misplaced.reached));
        found
    }

    /// An action may do all of it, but not within a function whose results are kept.
    fn kept_in_action(
        &self,
        action: &Action,
        happening: &Happening,
        keeping: &FxHashSet<FunctionRef>,
    ) -> Option<Misplaced> {
        let here = self.module(action.module);
        let app = here.app?;
        let kept = self.kept_on(&happening.trail, keeping)?;
        let throws = throws(happening.effect, Reached::Kept, &self.app(app).version);
        let open = happening.conditional && self.hangs_on_helper(&happening.trail);
        let counts = throws && !open && self.is_own(happening) && self.is_direct(&happening.trail);
        counts.then(|| Misplaced {
            app,
            effect: happening.effect,
            reached: Reached::Kept,
            entered: Some((here.place(action.declared), format!("`{}`", action.label))),
            kept: Some(kept),
            way: Vec::new(),
            trail: happening.trail.clone(),
            more: 0,
        })
    }

    /// Whether every call on a trail runs as part of the one before, or as part of what renders.
    fn is_direct(&self, trail: &[Site]) -> bool {
        (0..trail.len()).all(|at| {
            let link = self.entered_by(trail, at).map(|next| self.link(trail[at], next));
            matches!(link, None | Some(Link::Calls | Link::Runs | Link::Settles | Link::Renders))
        })
    }

    fn misplaced_in(
        &self,
        entered: &Entered,
        happening: &Happening,
        keeping: &FxHashSet<FunctionRef>,
    ) -> Option<Misplaced> {
        let trail = &happening.trail;
        let open = happening.conditional && self.hangs_on_helper(trail);
        if open || self.boundary[entered.module as usize] == Boundary::Client || !self.is_own(happening) {
            return None;
        }
        let kept = self.kept_on(trail, keeping);
        let reached = match entered.kind {
            _ if kept.is_some() => Reached::Kept,
            EntryKind::RouteHandler => Reached::Handler,
            EntryKind::PagesApi => Reached::PagesApi,
            EntryKind::View => Reached::Rendering,
            _ => return None,
        };
        let tolerated =
            reached == Reached::Rendering && happening.effect == Effect::CookieWrite && self.is_tried(trail);
        if tolerated || !self.is_direct(trail) || !throws(happening.effect, reached, &self.app(entered.app).version) {
            return None;
        }
        let name = match entered.kind {
            EntryKind::View if entered.name == "default" => "the component".to_owned(),
            _ => format!("`{}`", entered.name),
        };
        Some(Misplaced {
            app: entered.app,
            effect: happening.effect,
            reached,
            entered: self.export_place(entered.module, &entered.name).map(|place| (place, name)),
            kept,
            way: Vec::new(),
            trail: trail.clone(),
            more: 0,
        })
    }

    /// Whether an effect is one of the framework's own call: cookies are set on responses, too, and by other packages.
    fn is_own(&self, happening: &Happening) -> bool {
        let (module, call) = happening.site();
        let here = self.module(module);
        let callee = here.facts.value(here.facts.calls[call as usize].callee);
        match happening.effect {
            Effect::CookieWrite => matches!(callee, Value::Member(object, name)
                if matches!(here.facts.text(name), "set" | "delete")
                    && !matches!(here.facts.value(object), Value::Member(..))),
            _ => {
                matches!(callee, Value::Import(import) if here.package(import) == next::CACHE)
                    || matches!(callee, Value::Member(object, _)
                    if matches!(here.facts.value(object), Value::Import(import) if here.package(import) == next::CACHE))
            }
        }
    }

    /// Whether a call of a trail stands in a `try` that catches.
    fn is_tried(&self, trail: &[Site]) -> bool {
        trail.iter().any(|&(module, call)| {
            let facts = &self.module(module).facts;
            let function = facts.calls[call as usize].function;
            step_of(facts, function, call).is_some_and(|step| !catches(facts.body(function), step).is_empty())
        })
    }

    /// The function on a trail whose results are kept.
    fn kept_on(&self, trail: &[Site], keeping: &FxHashSet<FunctionRef>) -> Option<Place> {
        let mut around = trail.iter().map(|&site| self.function_of(site));
        let function = around.find(|&function| self.keeps(function, keeping))?;
        let here = self.module(function.module);
        Some(here.place(here.facts.function(function.function).name_span))
    }

    /// Whether the results of a function, or of one around it, are kept.
    fn keeps(&self, function: FunctionRef, keeping: &FxHashSet<FunctionRef>) -> bool {
        let facts = &self.module(function.module).facts;
        let says =
            |of: u32| facts.directives_of(of).any(|directive| facts.text(directive.text).starts_with(next::USE_CACHE));
        let mut at = function.function;
        loop {
            let described = facts.function(at);
            let of_module = described.parent == 0 && described.is_async && says(0);
            if at == 0 {
                return false;
            }
            if says(at) || of_module || keeping.contains(&FunctionRef { function: at, ..function }) {
                return true;
            }
            if described.parent == NONE {
                return false;
            }
            at = described.parent;
        }
    }

    /// The functions that are handed to what keeps their results.
    fn keeping(&self) -> FxHashSet<FunctionRef> {
        let mut keeping = FxHashSet::default();
        for (module, here) in self.modules().filter(|(_, here)| here.facts.kind != FileKind::Rust) {
            let imports = (0..).zip(&here.facts.imports);
            let kept: Vec<u32> = imports
                .filter(|(id, import)| {
                    matches!(import.imported, Imported::Named(name) if here.facts.text(name) == next::KEEPS)
                        && here.package(*id) == next::CACHE
                })
                .map(|(id, _)| id)
                .collect();
            if kept.is_empty() {
                continue;
            }
            let edges = self.graph().module(module).iter().filter(|edge| edge.via == Via::Argument(0));
            for edge in edges {
                let callee = here.facts.value(here.facts.calls[edge.call as usize].callee);
                if let (Value::Import(import), Callee::Function(function)) = (callee, edge.to)
                    && kept.contains(&import)
                {
                    keeping.insert(function);
                }
            }
        }
        keeping
    }

    /// The redirects that events in the browser throw, where nothing catches them.
    fn left_in_events(&self) -> Vec<Misplaced> {
        let mut calls: Vec<(Site, Effect, AppId)> = Vec::new();
        for (site, effect) in self.graph().leaving() {
            let here = self.module(site.0);
            let Some(app) = here.app.filter(|_| here.role == Role::Source && self.is_only_client(site.0)) else {
                continue;
            };
            if throws(effect, Reached::Event, &self.app(app).version) {
                calls.push((site, effect, app));
            }
        }
        if calls.is_empty() {
            return Vec::new();
        }
        let back = Back::new(self);
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        for (site, effect, app) in calls {
            let call = self.module(site.0).facts.calls[site.1 as usize];
            let to = Callee::Function(self.function_of(site));
            let edge = Edge { from: call.function, to, call: site.1, via: Via::Call, span: call.name_span };
            let starts = back.starts(site.0, &edge, &[]);
            let in_event = starts.into_iter().find(|(kind, _, _)| *kind == CallerKind::ClientEvent);
            let Some((_, _, way)) = in_event.filter(|_| call.function != 0 && !self.is_in_transition(site)) else {
                continue;
            };
            if seen.insert(site) && !way.is_empty() {
                found.push(Misplaced {
                    app,
                    effect,
                    reached: Reached::Event,
                    entered: None,
                    kept: None,
                    way,
                    trail: vec![site],
                    more: 0,
                });
            }
        }
        found
    }

    fn is_only_client(&self, module: ModuleId) -> bool {
        let server = [Layer::Server, Layer::Action, Layer::Handler, Layer::Api, Layer::Edge];
        self.in_layer(module, Layer::Client) && !server.into_iter().any(|layer| self.in_layer(module, layer))
    }

    /// Whether a function around a call is handed to something that runs it at once, as a transition does: what is thrown there gets out to
    /// whatever is around the component.
    fn is_in_transition(&self, site: Site) -> bool {
        let facts = &self.module(site.0).facts;
        let mut at = facts.calls[site.1 as usize].function;
        while at != 0 && at != NONE {
            let to = Callee::Function(FunctionRef { module: site.0, function: at });
            let handed = self.graph().module(site.0).iter().filter(|edge| edge.to == to && edge.via != Via::Call);
            let now = handed
                .into_iter()
                .any(|edge| self.link((site.0, edge.call), FunctionRef { module: site.0, function: at }) == Link::Runs);
            if now {
                return true;
            }
            at = facts.function(at).parent;
        }
        false
    }
}

/// Whether a call throws where it is reached.
fn throws(effect: Effect, reached: Reached, version: &Version) -> bool {
    let revalidates = matches!(effect, Effect::RevalidatePath | Effect::RevalidateTag);
    match (reached, effect) {
        (Reached::Handler, Effect::UpdateTag | Effect::Refresh) => true,
        (Reached::PagesApi, _) => revalidates || matches!(effect, Effect::UpdateTag | Effect::Refresh),
        (Reached::Rendering, Effect::UpdateTag | Effect::CookieWrite) => true,
        (Reached::Rendering, Effect::Refresh) => version.at_least(16, 0),
        (Reached::Rendering, _) => revalidates && version.at_least(15, 0),
        (Reached::Kept, Effect::UpdateTag | Effect::Refresh | Effect::CookieWrite) => true,
        (Reached::Kept, _) => revalidates && version.at_least(15, 0),
        (Reached::Event, Effect::NotFound) => true,
        (Reached::Event, Effect::Redirect) => !version.at_least(15, 0),
        _ => false,
    }
}
