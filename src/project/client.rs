//! What client code does besides calling an action: whether what is shown is settled by it.

pub(super) mod calling;
pub(super) mod development;
pub mod fate;
pub(super) mod flags;
pub(super) mod handing;
pub(super) mod keys;
pub(super) mod mirrors;
pub(super) mod outcomes;
pub mod pending;
pub mod queries;
pub(super) mod region;
pub(super) mod returned;
pub mod runners;
pub mod sent;
pub mod settling;
pub mod standing;
pub mod starts;
pub mod submits;
pub mod together;

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::Project;
use super::actions::ActionId;
use super::effects::Doing;
use super::effects::summary::{Site, Summaries};
use super::graph::handed::{Handed, Taken};
use super::graph::reach::Hop;
use super::graph::{Callee, Edge, Graph, Via};
use super::layers::Layer;
use super::program::modules::{FunctionRef, ModuleId};
use crate::diagnostic::Place;
use crate::facts::{CallId, CallKind, FileFacts, NONE, Value, ValueId};
use crate::source::Span;
use handing::{Handing, around, each};
use queries::Query;
use runners::Runners;
use sent::Sent;
use settling::{Part, Refetched, Settled, Settling, own_hook};

/// How many calls of helpers are looked at that lead to one call of an action.
const MOST_HELPED: usize = 32;

/// How many names are gone through from a callee to the hook that gave it.
const MOST_NAMES: usize = 4;

/// A place where an action is called, or handed to whoever calls it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallSite {
    /// The action.
    pub action: ActionId,
    /// The module that calls it.
    pub module: ModuleId,
    /// The edge.
    pub edge: Edge,
    /// Where it is called in the end: here, or in a hook of the project that it is handed to.
    pub place: Place,
    /// What it does about what its page shows.
    pub settling: Settling,
    /// What it does about what the queries on its page show, besides fetching some again.
    pub queries: Settling,
    /// What it does about what its page shows, besides showing something itself.
    pub besides: Settling,
    /// The queries that it has fetched again.
    pub refetched: Vec<Refetched>,
    /// Where it does so for some of those who render or call what is around it: the calls from one of them down to it, outermost first.
    pub by: Vec<Hop>,
}

impl CallSite {
    /// Whether nothing is done about anything that is shown.
    fn does_nothing(&self) -> bool {
        self.settling == Settling::Nothing && self.queries == Settling::Nothing && self.refetched.is_empty()
    }

    /// Whether the same is done as at another one.
    fn does_as(&self, other: &Self) -> bool {
        (&self.settling, &self.queries, &self.besides, &self.refetched)
            == (&other.settling, &other.queries, &other.besides, &other.refetched)
    }

    /// The function in which it stands.
    #[must_use]
    pub fn function(&self) -> FunctionRef {
        FunctionRef { module: self.module, function: self.edge.from }
    }
}

/// The functions in which actions are called, and what the functions around them do.
#[derive(Debug, Default)]
pub struct Client {
    /// By outermost function.
    around: BTreeMap<FunctionRef, Doing>,
    /// By action, then place.
    sites: Vec<CallSite>,
    /// The queries that are shown.
    pub(super) queries: Vec<Query>,
    /// What runs actions that it is handed.
    pub(super) runners: Runners,
    /// What cannot be sent, and is.
    pub(super) sent: Vec<Sent>,
}

impl Client {
    /// Looks at every component, hook and form that calls an action.
    pub(super) fn collect(project: &Project, graph: &Graph, handed: &Handed, summaries: &mut Summaries<'_>) -> Self {
        let runners = Runners::collect(project, graph, &mut summaries.eval);
        let sent = sent::collect(project, graph, &runners, &mut summaries.eval);
        let queries = Query::all(project, graph, handed, &mut summaries.eval);
        let mut client = Self { runners, sent, queries, ..Self::default() };
        let mut handings: BTreeMap<FunctionRef, Vec<Handing>> = BTreeMap::new();
        for called in Called::all(project, graph) {
            let outermost = project.outermost(FunctionRef { module: called.module, function: called.edge.from });
            let hooks = called.hooks(project, graph);
            for of in hooks.iter().map(|&(hook, _)| hook).chain([outermost]) {
                client.around.entry(of).or_insert_with(|| around(project, handed, summaries, of));
            }
            let settles = called.settling(project, graph, &hooks, &client.around);
            let all = called.site(project, settles(&client.around[&outermost]), Vec::new());
            let mut sites = Vec::new();
            // Who does nothing for all of them together does nothing for any.
            if !all.does_nothing() {
                let each = handings.entry(outermost).or_insert_with(|| each(project, handed, summaries, outermost));
                sites.extend(each.iter().map(|of| called.site(project, settles(&of.doing), of.hops(project))));
                sites.dedup();
            }
            if sites.iter().all(|site| site.does_as(&all)) {
                sites = vec![all];
            }
            client.sites.extend(sites);
        }
        client
    }
}

/// A hook that is handed an action, the call that does, and where the hook calls it.
type Within = (FunctionRef, Site, Place);

/// A call of an action, before it is known what is done besides.
#[derive(PartialEq, Eq)]
struct Called {
    action: ActionId,
    module: ModuleId,
    edge: Edge,
    /// The hooks of the project that are handed the action, innermost first: the call that does, and where the hook calls it.
    within: Vec<Within>,
    /// Where a helper calls the action, where this is a call of that helper.
    helped: Option<Place>,
}

/// By function of the project: its calls in the browser.
struct Callers(FxHashMap<FunctionRef, Vec<(ModuleId, Edge)>>);

impl Callers {
    fn of(project: &Project, graph: &Graph) -> Self {
        let mut all: FxHashMap<FunctionRef, Vec<(ModuleId, Edge)>> = FxHashMap::default();
        let modules = 0..u32::try_from(project.modules.len()).unwrap_or(NONE);
        for module in modules.filter(|&module| project.in_layer(module, Layer::Client)) {
            for edge in graph.module(module).iter().filter(|edge| edge.via == Via::Call && edge.from != 0) {
                let is_element = project.module(module).facts.calls[edge.call as usize].kind == CallKind::Jsx;
                if let (Callee::Function(function), false) = (edge.to, is_element) {
                    all.entry(function).or_default().push((module, *edge));
                }
            }
        }
        Self(all)
    }
}

impl Called {
    /// Every call of an action that is a request from the browser, by action, then place.
    fn all(project: &Project, graph: &Graph) -> Vec<Self> {
        let mut calls: Vec<Self> = Vec::new();
        for module in 0..u32::try_from(project.modules.len()).unwrap_or(NONE) {
            calls.extend(graph.module(module).iter().filter_map(|edge| match edge.to {
                Callee::Action(action) if edge.from != 0 && project.is_request(graph, module, edge) => {
                    Some(Self { action, module, edge: *edge, within: Vec::new(), helped: None })
                }
                _ => None,
            }));
        }
        let taken = graph.through().edges.iter();
        calls.extend(taken.filter_map(|taken| Self::handed(project, taken)));
        let callers = Callers::of(project, graph);
        let helped: Vec<Self> = calls.iter().flat_map(|called| called.by_helpers(project, &callers)).collect();
        calls.extend(helped);
        calls.sort_by(|one, other| one.order().cmp(&other.order()));
        calls.dedup();
        calls
    }

    /// The calls of the helper in which it stands, and of those in which they stand: `await save(note)`, where `save` calls the action.
    fn by_helpers(&self, project: &Project, callers: &Callers) -> Vec<Self> {
        let place = project.module(self.module).place(self.edge.span);
        let (mut found, mut open) = (Vec::new(), vec![(self.module, self.edge)]);
        while let Some((module, edge)) = open.pop() {
            let helper = FunctionRef { module, function: edge.from };
            if !project.is_in_helper(module, &edge) || found.len() > MOST_HELPED {
                continue;
            }
            for &(module, edge) in callers.0.get(&helper).into_iter().flatten() {
                let edge = Edge { to: Callee::Action(self.action), ..edge };
                let helped = Self { action: self.action, module, edge, within: Vec::new(), helped: Some(place) };
                if !found.contains(&helped) {
                    found.push(helped);
                    open.push((module, edge));
                }
            }
        }
        found
    }

    /// A call of what was handed on. Where a hook was handed it, that stands where the hook is called.
    fn handed(project: &Project, taken: &Taken) -> Option<Self> {
        let Callee::Action(action) = taken.edge.to else { return None };
        let (mut module, mut edge, mut within) = (taken.module, taken.edge, Vec::new());
        for &(hook, site) in &taken.back {
            let facts = &project.module(site.0).facts;
            let call = facts.calls[site.1 as usize];
            if call.kind == CallKind::Jsx {
                break;
            }
            within.push((hook, site, project.module(module).place(edge.span)));
            module = site.0;
            edge = Edge { from: call.function, to: edge.to, call: site.1, via: Via::Argument(0), span: call.name_span };
        }
        Some(Self { action, module, edge, within, helped: None })
    }

    /// The hooks of the project that the action is handed to, or that gave what is called: one that hands the action to another one may settle it for
    /// everyone who calls what it gives.
    fn hooks(&self, project: &Project, graph: &Graph) -> Vec<(FunctionRef, Site)> {
        let within = self.within.iter().map(|&(of, site, _)| (of, site));
        within.chain(own_hook(project, graph, self.module, &self.edge)).collect()
    }

    /// What is done besides, of all that what is around it does.
    fn settling<'a>(
        &self,
        project: &'a Project,
        graph: &'a Graph,
        hooks: &'a [(FunctionRef, Site)],
        around: &'a BTreeMap<FunctionRef, Doing>,
    ) -> impl Fn(&Doing) -> Settled + use<'a> {
        let (module, edge) = (self.module, self.edge);
        let part = Part::of(project, graph, (module, &edge), hooks.iter().map(|&(hook, _)| hook).collect());
        // What whoever calls a helper does after it is looked at by itself.
        let is_helper = project.is_in_helper(module, &edge);
        move |doing| {
            let mut settled = part.settles(doing);
            for &(hook, site) in hooks {
                settled = settled.or(Part::hook(project, graph, hook, site).settles(&around[&hook]));
            }
            if is_helper {
                let unknown = || Settling::Unknown(vec![(module, edge.call)]);
                settled = settled.or(Settled {
                    views: unknown(),
                    queries: unknown(),
                    besides: unknown(),
                    refetched: Vec::new(),
                });
            }
            settled
        }
    }

    fn site(&self, project: &Project, settled: Settled, by: Vec<Hop>) -> CallSite {
        let &Self { action, module, edge, ref within, helped } = self;
        let own = || project.module(module).place(edge.span);
        let place = helped.or(within.first().map(|&(.., place)| place)).unwrap_or_else(own);
        let Settled { views: settling, queries, besides, refetched } = settled;
        CallSite { action, module, edge, place, settling, queries, besides, refetched, by }
    }

    fn order(&self) -> (ActionId, ModuleId, Span, CallId, &[Within], Option<Place>) {
        (self.action, self.module, self.edge.span, self.edge.call, &self.within, self.helped)
    }
}

/// The call of a hook that gave a callee: `const { execute } = useAction(save)`, `hook.execute()`.
pub(in crate::project) fn hook_behind(facts: &FileFacts, mut callee: ValueId) -> Option<CallId> {
    for _ in 0..MOST_NAMES {
        callee = match facts.value(callee) {
            Value::Variable(variable) => facts.variables[variable as usize].init,
            Value::Member(object, _) | Value::Index(object, _) => object,
            Value::Call(call) => return Some(call),
            _ => return None,
        };
    }
    None
}

impl Project {
    /// Whether an edge to an action is a request from the browser: a call in client code, a form's or an element's own prop, or a hook that is
    /// handed it. A component of the project that is handed one calls it itself.
    fn is_request(&self, graph: &Graph, module: ModuleId, edge: &Edge) -> bool {
        let call = &self.module(module).facts.calls[edge.call as usize];
        let client = self.in_layer(module, Layer::Client) || self.in_layer(module, Layer::Pages);
        match edge.via {
            Via::Call => client,
            Via::Property(name) if call.kind == CallKind::Jsx => {
                let own = graph.module(module).iter().any(|other| {
                    other.call == edge.call && other.via == Via::Call && matches!(other.to, Callee::Function(_))
                });
                let form = matches!(self.module(module).facts.text(name), "action" | "formAction");
                !own && (form || client)
            }
            Via::Argument(_) | Via::Property(_) => {
                let own = graph.module(module).iter().any(|other| other.call == edge.call && other.via == Via::Call);
                client && !own
            }
        }
    }

    /// Whether an edge is a call in a helper: in a function of its own that is neither a component nor a hook.
    fn is_in_helper(&self, module: ModuleId, edge: &Edge) -> bool {
        let own = FunctionRef { module, function: edge.from };
        edge.via == Via::Call && own == self.outermost(own) && !self.is_component(own)
    }

    /// Whether a function is a component or a hook, by its name.
    fn is_component(&self, function: FunctionRef) -> bool {
        let name = self.function_name(function);
        name.is_empty() || name.starts_with("use") || name.starts_with(|first: char| first.is_ascii_uppercase())
    }

    /// Where an action is called, or handed to whoever calls it, by place.
    pub fn call_sites(&self, action: ActionId) -> impl Iterator<Item = &CallSite> {
        let sites = &self.client.sites;
        let start = sites.partition_point(|site| site.action < action);
        sites[start..].iter().take_while(move |site| site.action == action)
    }

    /// What all functions do that stand inside the outermost function around another: what a component does besides.
    #[must_use]
    pub fn around(&self, function: FunctionRef) -> Option<&Doing> {
        self.client.around.get(&self.outermost(function))
    }

    /// A function and all functions inside it, outer ones first.
    pub(super) fn inside(&self, function: FunctionRef) -> Vec<FunctionRef> {
        let (mut found, mut at) = (vec![function], 0);
        while let Some(&next) = found.get(at) {
            found.extend(self.children(next).map(|&child| FunctionRef { function: child, ..next }));
            at += 1;
        }
        found
    }
}
