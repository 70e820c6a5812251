//! What a line is part of, and what is known of that.

use std::collections::BTreeMap;

use crate::diagnostic::Place;
use crate::facts::{CallKind, NONE};
use crate::project::actions::{Action, ActionId};
use crate::project::asked::{Root, RunBy};
use crate::project::client::settling::Settling;
use crate::project::effects::Doing;
use crate::project::effects::summary::Site;
use crate::project::entries::EntryKind;
use crate::project::graph::resolution::Leads;
use crate::project::graph::{Callee, Edge, Resolved, Via};
use crate::project::layers::LAYERS;
use crate::project::program::modules::{FunctionRef, ModuleId, Role};
use crate::project::{Deeds, Endpoint, Project};
use crate::source::Span;

/// The function that a line belongs to, and what its module is there for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it is, for people: ``the function `save` ``.
    pub name: String,
    /// Where it is declared; `None` for a module's own code.
    pub declared: Option<Place>,
    /// What reads its module: the layers of the apps' graphs; `test`, `story`, `script` for what no app reads.
    pub layers: Vec<&'static str>,
    /// The call that it is handed to, or called by, while its module is loaded.
    pub handed: Option<Place>,
}

/// A call on the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What to point at.
    pub place: Place,
    /// How it resolved: `function`, `action`, `modelled`, `inert`, `element`, `foreign`, `dynamic` and the like.
    pub resolved: &'static str,
    /// Why it cannot be seen, where it cannot.
    pub reason: Option<&'static str>,
    /// What it leads to in the project, by name, and where that is.
    pub leads: Vec<(String, Place)>,
    /// What it is handed of the project's functions and actions, by name, and where that is.
    pub hands: Vec<(String, Place)>,
    /// What it does, all the way down.
    pub does: Deeds,
    /// What happens afterwards, where it calls an action from a client.
    pub then: Option<Then>,
}

/// What a client does about its page after it called an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Then {
    /// `refreshes`, `shows`, `signs`, `navigates`, `unknown`, `nothing`
    pub kind: &'static str,
    /// The calls that do it, in order.
    pub trail: Vec<Place>,
}

/// An entry that runs the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// What it is, for people.
    pub name: String,
    /// Where it is; the start of its file where that is all.
    pub place: Place,
    /// The calls that lead to the function of the line, and what each does: calls, renders, hands on.
    pub trail: Vec<(Place, &'static str)>,
}

/// A thing that an endpoint writes, and the views that read it while they render on the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shows {
    /// The entity.
    pub entity: String,
    /// The views, and the call by which each reads it.
    pub views: Vec<(String, Place)>,
}

/// The function and its module.
pub(super) fn part(project: &Project, function: FunctionRef, line: Span) -> Part {
    let here = project.module(function.module);
    let facts = &here.facts;
    let mut layers: Vec<&'static str> = LAYERS
        .into_iter()
        .filter(|&layer| project.in_layer(function.module, layer))
        .map(|layer| layer.as_str())
        .collect();
    if layers.is_empty() {
        layers.extend(match here.role {
            Role::Test => Some("test"),
            Role::Story => Some("story"),
            Role::Seed => Some("seed"),
            Role::Config => Some("configuration"),
            Role::Source => project.is_script(function.module).then_some("script"),
        });
    }
    if function.function == 0 {
        let name = match project.variable_at(function.module, line) {
            Some(variable) => format!("the value of `{variable}`"),
            None => "the top level of its module".to_owned(),
        };
        return Part { name, declared: None, layers, handed: None };
    }
    let hop = project.loaded_with(function);
    Part {
        name: name(project, function),
        declared: Some(here.place(facts.function(function.function).name_span)),
        layers,
        handed: hop.map(|(module, edge)| project.call_place((module, edge.call))),
    }
}

/// ``the function `save` ``, ``a function inside `save` ``.
fn name(project: &Project, function: FunctionRef) -> String {
    let facts = &project.module(function.module).facts;
    let mut at = function.function;
    loop {
        let described = facts.function(at);
        let name = facts.text(described.name);
        if !name.is_empty() {
            let words = if at == function.function { "the function" } else { "a function inside" };
            return format!("{words} `{name}`");
        }
        if described.parent == NONE || described.parent == 0 {
            return "a function without a name".to_owned();
        }
        at = described.parent;
    }
}

/// The calls whose name, or something that they are handed, stands on a line; elements of HTML are left out unless handed something.
pub(super) fn calls(project: &Project, module: ModuleId, line: Span) -> Vec<Said> {
    let here = project.module(module);
    let edges = project.graph().module(module);
    let handed = |id: u32| edges.iter().filter(move |edge| edge.call == id && edge.via != Via::Call);
    let calls = (0..).zip(&here.facts.calls).filter(|&(id, call)| {
        let loads = matches!(call.kind, CallKind::DynamicImport | CallKind::Require);
        !loads && (line.contains(call.name_span) || handed(id).any(|edge| line.contains(edge.span)))
    });
    let mut resolution = project.resolution();
    let mut doing: BTreeMap<u32, Doing> = BTreeMap::new();
    let mut said: Vec<Said> = Vec::new();
    for (id, call) in calls {
        let (resolved, leads) = resolution.call(module, id);
        let hands: Vec<(String, Place)> = handed(id)
            .filter(|edge| !is_written_there(project, module, edge))
            .filter_map(|edge| callee(project, edge.to))
            .collect();
        if resolved == Resolved::Intrinsic && hands.is_empty() {
            continue;
        }
        let function = FunctionRef { module, function: call.function };
        let all = doing.entry(call.function).or_insert_with(|| project.function_doing(function));
        let mut own = all.clone();
        own.truncated = false;
        let here_first = |trail: &[Site]| trail.first() == Some(&(module, id));
        own.happenings.retain(|happening| here_first(&happening.trail));
        own.blind.retain(|blind| here_first(&blind.trail));
        let (resolved, reason) = words(resolved);
        said.push(Said {
            place: here.place(call.name_span),
            resolved,
            reason,
            leads: leads.into_iter().map(|leads| lead(project, leads)).collect(),
            hands,
            does: project.deeds(&own),
            then: then(project, module, id),
        });
    }
    said.sort_by_key(|said| said.place);
    said
}

/// Whether what a call is handed is a function that is written right there.
fn is_written_there(project: &Project, module: ModuleId, edge: &Edge) -> bool {
    let Callee::Function(function) = edge.to else { return false };
    function.module == module && edge.span.contains(project.module(module).facts.function(function.function).span)
}

/// A function with a name, or an action, and where it is.
fn callee(project: &Project, to: Callee) -> Option<(String, Place)> {
    match to {
        Callee::Action(action) => Some(lead(project, Leads::Action(action))),
        Callee::Function(function) => {
            let facts = &project.module(function.module).facts;
            let named = !facts.text(facts.function(function.function).name).is_empty();
            named.then(|| lead(project, Leads::Function(function)))
        }
    }
}

/// How a call resolved in a word, and why it cannot be seen.
const fn words(resolved: Resolved) -> (&'static str, Option<&'static str>) {
    match resolved {
        Resolved::Function => ("function", None),
        Resolved::Action => ("action", None),
        Resolved::Class => ("class", None),
        Resolved::Modelled => ("modelled", None),
        Resolved::Inert => ("inert", None),
        Resolved::Parameter => ("parameter", None),
        Resolved::Foreign(reason) => ("foreign", Some(reason)),
        Resolved::Dynamic(reason) => ("dynamic", Some(reason)),
        Resolved::Intrinsic => ("element", None),
    }
}

fn lead(project: &Project, leads: Leads) -> (String, Place) {
    match leads {
        Leads::Function(function) => {
            let here = project.module(function.module);
            (name(project, function), here.place(here.facts.function(function.function).name_span))
        }
        Leads::Action(action) => {
            let action = project.actions().get(action);
            (action_name(&action.label), project.module(action.module).place(action.declared))
        }
        Leads::Class(module, class) => {
            let here = project.module(module);
            let class = &here.facts.classes[class as usize];
            (format!("the class `{}`", here.facts.text(class.name)), here.place(class.span))
        }
    }
}

fn action_name(label: &str) -> String {
    if label.is_empty() { "an inline server action".to_owned() } else { format!("the server action `{label}`") }
}

/// What a client does after a call of an action.
fn then(project: &Project, module: ModuleId, call: u32) -> Option<Then> {
    let actions = (0..).zip(&project.actions().all);
    let mut sites = actions.flat_map(|(id, _)| project.call_sites(id));
    let site = sites.find(|site| site.module == module && site.edge.call == call)?;
    Some(settles(project, &site.settling))
}

fn settles(project: &Project, settling: &Settling) -> Then {
    let (kind, trail) = match settling {
        Settling::Refreshes(trail) => ("refreshes", trail.as_slice()),
        Settling::Shows(trail) => ("shows", trail.as_slice()),
        Settling::Signs(trail) => ("signs", trail.as_slice()),
        Settling::Navigates(trail, _) => ("navigates", trail.as_slice()),
        Settling::Unknown(trail) => ("unknown", trail.as_slice()),
        Settling::Nothing => ("nothing", &[][..]),
    };
    Then { kind, trail: trail.iter().map(|&site| project.call_place(site)).collect() }
}

/// The endpoints that a line is part of: those that stand on it, and those in whose function or value it is.
pub(super) fn endpoints(project: &Project, all: &[Endpoint], line: Place, run_by: &[RunBy]) -> Vec<Endpoint> {
    let own: Vec<Place> =
        run_by.iter().filter(|of| of.way.is_empty()).filter_map(|of| root_place(project, &of.root)).collect();
    let is_own = |endpoint: &&Endpoint| {
        let inside = |outer: Place, inner: Place| outer.file == inner.file && outer.span.contains(inner.span);
        let module = project.module_of(endpoint.place.file);
        let value =
            module.zip(endpoint.name.as_deref()).and_then(|(module, name)| project.exported_value(module, name));
        inside(line, endpoint.place) || value.is_some_and(|value| inside(value, line)) || own.contains(&endpoint.place)
    };
    all.iter().filter(is_own).cloned().collect()
}

/// The actions among these endpoints.
fn actions<'p>(project: &'p Project, endpoints: &'p [Endpoint]) -> impl Iterator<Item = (ActionId, &'p Action)> {
    (0..).zip(&project.actions().all).filter(|(_, action)| {
        let place = project.module(action.module).place(action.span);
        endpoints.iter().any(|endpoint| endpoint.place == place && endpoint.name == action.name)
    })
}

/// What happens after each call of an action among these endpoints by a client.
pub(super) fn afterwards(project: &Project, endpoints: &[Endpoint]) -> Vec<(Place, Then)> {
    let sites = actions(project, endpoints).flat_map(|(id, _)| project.call_sites(id));
    sites.map(|site| (site.place, settles(project, &site.settling))).collect()
}

/// The views that show what the actions among these endpoints write.
pub(super) fn shows(project: &Project, endpoints: &[Endpoint]) -> Vec<Shows> {
    let mut found: Vec<Shows> = Vec::new();
    for (id, action) in actions(project, endpoints) {
        for write in project.action_doing(id).data_writes().filter(|write| write.is_known()) {
            let entity = write.about();
            if found.iter().any(|known| known.entity == entity) {
                continue;
            }
            let readers = project.readers(project.views(action.app), write);
            let views = readers.map(|reader| {
                let (url, below) = project.view_url(reader.view);
                let words = if below { "the layout or template of" } else { "the page" };
                (format!("{words} `{url}`"), project.call_place(reader.read.site()))
            });
            found.push(Shows { entity, views: views.collect() });
        }
    }
    found
}

/// An entry and the calls from it.
pub(super) fn reach(project: &Project, run_by: &RunBy) -> Reach {
    let trail = run_by.way.iter().map(|&(module, edge)| {
        let here = project.module(module);
        let does = match edge.via {
            Via::Call if here.facts.calls[edge.call as usize].kind == CallKind::Jsx => "renders",
            Via::Call => "calls",
            Via::Argument(_) | Via::Property(_) => "hands on",
        };
        (here.place(edge.span), does)
    });
    let module = match &run_by.root {
        Root::Action(action) => project.actions().get(*action).module,
        Root::Entry { module, .. } | Root::Script(module) => *module,
    };
    let start = project.module(module).place(Span::default());
    Reach {
        name: root_name(project, &run_by.root),
        place: root_place(project, &run_by.root).unwrap_or(start),
        trail: trail.collect(),
    }
}

/// Where a root is, as the inventory has it.
fn root_place(project: &Project, root: &Root) -> Option<Place> {
    match root {
        Root::Action(action) => {
            let action = project.actions().get(*action);
            Some(project.module(action.module).place(action.span))
        }
        Root::Entry { module, name, .. } => project.export_place(*module, name),
        Root::Script(_) => None,
    }
}

fn root_name(project: &Project, root: &Root) -> String {
    match root {
        Root::Action(action) => action_name(&project.actions().get(*action).label),
        Root::Script(_) => "a script".to_owned(),
        Root::Entry { module, kind, name, url, .. } => {
            let of = |words: &str| match url.as_str() {
                "" => format!("{words} `{}`", project.path(*module)),
                url => format!("{words} `{url}`"),
            };
            match kind {
                EntryKind::RouteHandler => format!("the route handler `{name} {url}`"),
                EntryKind::PagesApi => of("the API route"),
                EntryKind::View if name == "default" => of("the view"),
                EntryKind::View => format!("`{name}` of {}", of("the view")),
                EntryKind::PagesPage if name == "default" => of("the page"),
                EntryKind::PagesPage => format!("`{name}` of {}", of("the page")),
                EntryKind::Metadata => of("the metadata route"),
                EntryKind::Proxy => "the proxy".to_owned(),
                EntryKind::Instrumentation => "instrumentation".to_owned(),
                EntryKind::ClientInstrumentation => "instrumentation in the browser".to_owned(),
            }
        }
    }
}
