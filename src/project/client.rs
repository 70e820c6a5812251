//! What client code does besides calling an action: whether what is shown is settled by it.

use std::collections::BTreeMap;

use super::Project;
use super::actions::ActionId;
use super::effects::{Doing, doing};
use super::graph::{Callee, Edge, Graph, Via};
use super::handed::Handed;
use super::layers::Layer;
use super::modules::{FunctionRef, ModuleId};
use super::runners::Runners;
use super::sent::{self, Sent};
use super::summary::{EventKind, Site, Summaries, Summary, Way};
use super::terms::{Bindings, Term};
use crate::facts::{CallId, CallKind, FileFacts, FunctionId, NONE, Op, Value, ValueId};
use crate::models::Effect;

/// How often what a component is handed is put in the place of its parameters.
const MOST_ROUNDS: usize = 3;

/// How many names are gone through from a callee to the hook that gave it.
const MOST_NAMES: usize = 4;

/// What a call site does about what its page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settling {
    /// It fetches again what is shown; the calls that do.
    Refreshes(Vec<Site>),
    /// It puts something that is no literal into a state, so that what is shown changes.
    Shows(Vec<Site>),
    /// It goes to another page.
    Navigates(Vec<Site>),
    /// It calls something that cannot be seen, and may settle it.
    Unknown(Vec<Site>),
    /// Nothing.
    Nothing,
}

/// A place where an action is called, or handed to whoever calls it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallSite {
    /// The action.
    pub action: ActionId,
    /// The module that calls it.
    pub module: ModuleId,
    /// The edge.
    pub edge: Edge,
    /// What it does about what its page shows.
    pub settling: Settling,
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
    /// What runs actions that it is handed.
    pub(super) runners: Runners,
    /// What cannot be sent, and is.
    pub(super) sent: Vec<Sent>,
}

impl Client {
    /// Looks at every component, hook and form that calls an action.
    pub(super) fn collect(project: &Project, graph: &Graph, handed: &Handed, summaries: &mut Summaries<'_>) -> Self {
        let mut edges: Vec<(ActionId, ModuleId, Edge)> = Vec::new();
        for module in 0..u32::try_from(project.modules.len()).unwrap_or(NONE) {
            edges.extend(graph.module(module).iter().filter_map(|edge| match edge.to {
                Callee::Action(action) if edge.from != 0 && project.is_request(graph, module, edge) => {
                    Some((action, module, *edge))
                }
                _ => None,
            }));
        }
        edges.extend(graph.through().edges.iter().filter_map(|taken| match taken.edge.to {
            Callee::Action(action) => Some((action, taken.module, taken.edge)),
            Callee::Function(_) => None,
        }));
        edges.sort_by_key(|&(action, module, edge)| (action, module, edge.span, edge.call));
        edges.dedup();
        let runners = Runners::collect(project, graph, &mut summaries.eval);
        let sent = sent::collect(project, graph, &runners, &mut summaries.eval);
        let mut client = Self { runners, sent, ..Self::default() };
        for (action, module, edge) in edges {
            let outermost = project.outermost(FunctionRef { module, function: edge.from });
            client.around.entry(outermost).or_insert_with(|| around(project, handed, summaries, outermost));
            let mut settling = settling(project, graph, &client.around[&outermost], module, &edge, outermost);
            // A hook of the project that hands the action to another one may settle it for everyone who calls what it gives.
            if settling == Settling::Nothing
                && let Some(hook) = own_hook(project, graph, module, &edge)
            {
                client.around.entry(hook).or_insert_with(|| around(project, handed, summaries, hook));
                settling = settled(&client.around[&hook], false, &|_| true);
            }
            client.sites.push(CallSite { action, module, edge, settling });
        }
        client
    }
}

/// What all functions do that stand inside an outermost one. What a component is handed is taken from its elements.
fn around(project: &Project, handed: &Handed, summaries: &mut Summaries<'_>, outermost: FunctionRef) -> Doing {
    let mut summary = Summary::default();
    for inside in project.inside(outermost) {
        let own = summaries.summary(inside);
        own.events.iter().cloned().for_each(|event| summaries.add(&mut summary, event));
        summary.truncated |= own.truncated;
    }
    for _ in 0..MOST_ROUNDS {
        let (pending, rest): (Vec<_>, Vec<_>) =
            summary.events.into_iter().partition(|event| matches!(event.kind, EventKind::Pending(..)));
        summary.events = rest;
        let mut progress = false;
        for event in pending {
            let EventKind::Pending(callee, list, constructs) = event.kind else { continue };
            let of: Vec<Bindings> = match summaries.eval.terms.root(callee) {
                Term::Parameter(function, _) => handed.elements(function).collect(),
                _ => Vec::new(),
            };
            if of.is_empty() {
                summaries.add(&mut summary, event);
                continue;
            }
            progress = true;
            for bindings in of {
                let callee = summaries.eval.substitute(callee, bindings);
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

fn settling(
    project: &Project,
    graph: &Graph,
    around: &Doing,
    module: ModuleId,
    edge: &Edge,
    outermost: FunctionRef,
) -> Settling {
    let region = region(project, graph, module, edge, outermost.function);
    let anew = region.iter().any(|&function| loads_anew(project, FunctionRef { module, function }));
    settled(around, anew, &|trail: &[Site]| {
        let (at, call) = trail[0];
        at == module && region.contains(&project.module(module).facts.calls[call as usize].function)
    })
}

/// What functions do about what is shown: a refresh anywhere in them, else what stands `inside` the part that counts.
fn settled(around: &Doing, loads_anew: bool, inside: &dyn Fn(&[Site]) -> bool) -> Settling {
    if let Some(refresh) = around.of(Effect::ClientRefresh).next() {
        return Settling::Refreshes(refresh.trail.clone());
    }
    if loads_anew {
        return Settling::Refreshes(Vec::new());
    }
    let own = |effect: Effect| around.of(effect).find(|happening| inside(&happening.trail));
    if let Some(shows) = own(Effect::ClientState) {
        return Settling::Shows(shows.trail.clone());
    }
    if let Some(navigates) = own(Effect::ClientNavigate) {
        return Settling::Navigates(navigates.trail.clone());
    }
    let blind = around.blind.iter().find(|blind| inside(&blind.trail));
    match blind {
        Some(blind) => Settling::Unknown(blind.trail.clone()),
        None if around.truncated => Settling::Unknown(Vec::new()),
        None => Settling::Nothing,
    }
}

/// Whether a function has the browser load a page: `location.href = url`, `window.location = url`.
fn loads_anew(project: &Project, function: FunctionRef) -> bool {
    let facts = &project.module(function.module).facts;
    let is_window = |value| matches!(facts.value(value), Value::Global(name) if matches!(facts.text(name), "window" | "globalThis"));
    let is_location = |value| match facts.value(value) {
        Value::Global(name) => facts.text(name) == "location",
        Value::Member(object, name) => facts.text(name) == "location" && is_window(object),
        _ => false,
    };
    facts.body(function.function).iter().any(|step| match step.op {
        Op::Assign(place, _) => match facts.value(place) {
            Value::Member(object, name) if facts.text(name) == "href" => is_location(object),
            _ => is_location(place),
        },
        _ => false,
    })
}

/// The functions that belong to one call of an action: the handler in which it stands, and what is handed to the same hook.
fn region(project: &Project, graph: &Graph, module: ModuleId, edge: &Edge, outermost: FunctionId) -> Vec<FunctionId> {
    let facts = &project.module(module).facts;
    let mut handler = edge.from;
    while handler != outermost && facts.function(handler).parent != outermost {
        let parent = facts.function(handler).parent;
        if parent == NONE || parent == 0 {
            break;
        }
        handler = parent;
    }
    // What a hook gives is called where the hook was handed what runs after it.
    let hook = hook_behind(facts, facts.calls[edge.call as usize].callee);
    let after = hook.into_iter().flat_map(|hook| handed_to(graph, module, hook));
    let handed: Vec<FunctionId> = if handler == outermost {
        // A hook gives something to call later, so that any function of the component may be what goes on from there.
        let inside = project.children(FunctionRef { module, function: outermost });
        inside.copied().chain(handed_to(graph, module, edge.call)).collect()
    } else {
        let to = Callee::Function(FunctionRef { module, function: handler });
        let calls = graph.module(module).iter().filter(|other| other.to == to && other.from == outermost);
        calls.flat_map(|other| handed_to(graph, module, other.call)).chain([handler]).collect()
    };
    let handed = handed.into_iter().chain(after);
    let inside = handed.flat_map(|function| project.inside(FunctionRef { module, function }));
    inside.map(|function| function.function).collect()
}

/// The project's own hook that gave the callee of an edge's call.
fn own_hook(project: &Project, graph: &Graph, module: ModuleId, edge: &Edge) -> Option<FunctionRef> {
    let facts = &project.module(module).facts;
    let hook = hook_behind(facts, facts.calls[edge.call as usize].callee)?;
    graph.module(module).iter().find_map(|other| match other.to {
        Callee::Function(function) if other.call == hook && other.via == Via::Call => Some(function),
        _ => None,
    })
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

/// The functions of a module that one of its calls is handed.
fn handed_to(graph: &Graph, module: ModuleId, call: u32) -> impl Iterator<Item = FunctionId> + '_ {
    graph.module(module).iter().filter(move |edge| edge.call == call).filter_map(move |edge| match edge.to {
        Callee::Function(function) if function.module == module => Some(function.function),
        _ => None,
    })
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
