//! What client code does besides calling an action: whether what is shown is settled by it.

pub(super) mod calling;
pub(super) mod development;
pub mod fate;
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

use super::Project;
use super::actions::ActionId;
use super::effects::summary::{EventKind, Site, Summaries, Summary, Way};
use super::effects::{Doing, doing};
use super::graph::handed::{Handed, Taken};
use super::graph::{Callee, Edge, Graph, Via};
use super::layers::Layer;
use super::program::modules::{FunctionRef, ModuleId};
use super::values::terms::{Bindings, Term};
use crate::diagnostic::Place;
use crate::facts::{CallId, CallKind, FileFacts, NONE, Value, ValueId};
use crate::source::Span;
use queries::Query;
use runners::Runners;
use sent::Sent;
use settling::{Part, Refetched, Settled, Settling, own_hook};

/// How often what a component or a hook is handed is put in the place of its parameters.
const MOST_ROUNDS: usize = 6;

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
}

impl CallSite {
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
        let mut calls: Vec<Called> = Vec::new();
        for module in 0..u32::try_from(project.modules.len()).unwrap_or(NONE) {
            calls.extend(graph.module(module).iter().filter_map(|edge| match edge.to {
                Callee::Action(action) if edge.from != 0 && project.is_request(graph, module, edge) => {
                    Some(Called { action, module, edge: *edge, within: Vec::new() })
                }
                _ => None,
            }));
        }
        let taken = graph.through().edges.iter();
        calls.extend(taken.filter_map(|taken| Called::handed(project, taken)));
        calls.sort_by(|one, other| one.order().cmp(&other.order()));
        calls.dedup();
        let runners = Runners::collect(project, graph, &mut summaries.eval);
        let sent = sent::collect(project, graph, &runners, &mut summaries.eval);
        let queries = Query::all(project, graph, &mut summaries.eval);
        let mut client = Self { runners, sent, queries, ..Self::default() };
        for Called { action, module, edge, within } in calls {
            let outermost = project.outermost(FunctionRef { module, function: edge.from });
            client.around.entry(outermost).or_insert_with(|| around(project, handed, summaries, outermost));
            // A hook of the project that hands the action to another one may settle it for everyone who calls what it gives.
            let hooks = within.iter().map(|&(of, site, _)| (of, site)).chain(own_hook(project, graph, module, &edge));
            let hooks: Vec<(FunctionRef, Site)> = hooks.collect();
            let part = Part::of(project, graph, (module, &edge), hooks.iter().map(|&(hook, _)| hook).collect());
            let mut settled = part.settles(&client.around[&outermost]);
            for (hook, site) in hooks {
                client.around.entry(hook).or_insert_with(|| around(project, handed, summaries, hook));
                settled = settled.or(Part::hook(project, graph, hook, site).settles(&client.around[&hook]));
            }
            let place = within.first().map_or(project.module(module).place(edge.span), |&(.., place)| place);
            // What whoever calls a helper does after it is not looked at.
            if edge.via == Via::Call && edge.from == outermost.function && !project.is_component(outermost) {
                let unknown = || Settling::Unknown(vec![(module, edge.call)]);
                settled = settled.or(Settled {
                    views: unknown(),
                    queries: unknown(),
                    besides: unknown(),
                    refetched: Vec::new(),
                });
            }
            let Settled { views: settling, queries, besides, refetched } = settled;
            client.sites.push(CallSite { action, module, edge, place, settling, queries, besides, refetched });
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
}

impl Called {
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
        Some(Self { action, module, edge, within })
    }

    fn order(&self) -> (ActionId, ModuleId, Span, CallId, &[Within]) {
        (self.action, self.module, self.edge.span, self.edge.call, &self.within)
    }
}

/// What all functions do that stand inside an outermost one. What a component is handed is taken from its elements.
fn around(project: &Project, handed: &Handed, summaries: &mut Summaries<'_>, outermost: FunctionRef) -> Doing {
    let mut all = Doing::default();
    for inside in project.inside(outermost) {
        let own = (*summaries.summary(inside)).clone();
        let Doing { happenings, actions, blind, truncated } = handed_out(handed, summaries, own, outermost);
        all.happenings.extend(happenings);
        all.actions.extend(actions);
        all.blind.extend(blind);
        all.truncated |= truncated;
    }
    all
}

/// What one function does, with what it is handed in the place of its parameters.
fn handed_out(handed: &Handed, summaries: &mut Summaries<'_>, mut summary: Summary, outermost: FunctionRef) -> Doing {
    for _ in 0..MOST_ROUNDS {
        let (pending, rest): (Vec<_>, Vec<_>) =
            summary.events.into_iter().partition(|event| matches!(event.kind, EventKind::Pending(..)));
        summary.events = rest;
        let mut progress = false;
        for event in pending {
            let EventKind::Pending(callee, list, constructs) = event.kind else { continue };
            let of: Vec<Bindings> = match summaries.eval.terms.root(callee) {
                Term::Parameter(function, _) => handed.handed_to(function).collect(),
                _ => Vec::new(),
            };
            if of.is_empty() {
                summaries.add(&mut summary, event);
                continue;
            }
            progress = true;
            for bindings in of {
                let callee = summaries.eval.substitute(callee, bindings);
                // An element that does not hand the function has the component call none.
                if summaries.eval.is_absent(callee) {
                    continue;
                }
                let given = summaries.eval.terms.list(list).to_vec();
                let given: Vec<_> = given.into_iter().map(|term| summaries.eval.substitute(term, bindings)).collect();
                let way = Way::of(&event);
                summaries.apply(outermost.module, callee, &given, constructs, &way, &mut summary);
            }
        }
        if !progress {
            break;
        }
    }
    doing(summaries, &summary)
}

/// The call of a hook that gave a callee: `const { execute } = useAction(save)`, `hook.execute()`.
pub(super) fn hook_behind(facts: &FileFacts, mut callee: ValueId) -> Option<CallId> {
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
