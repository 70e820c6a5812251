//! What a line is part of, and what is known of that.

use crate::diagnostic::Place;
use crate::facts::{CallKind, NONE};
use crate::project::asked::{Root, RunBy};
use crate::project::client::Settling;
use crate::project::entries::EntryKind;
use crate::project::graph::{Resolved, Via};
use crate::project::layers::LAYERS;
use crate::project::modules::{FunctionRef, ModuleId, Role};
use crate::project::resolution::Leads;
use crate::project::summary::Site;
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
    /// Where it is handed on while its module is loaded, for a function that no entry is known to run.
    pub loaded: Option<Place>,
}

/// A call on the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What to point at.
    pub place: Place,
    /// How it resolved: `function`, `action`, `modelled`, `inert`, `foreign`, `dynamic` and the like.
    pub resolved: &'static str,
    /// Why it cannot be seen, where it cannot.
    pub reason: Option<&'static str>,
    /// What it leads to in the project, by name, and where that is.
    pub leads: Vec<(String, Place)>,
    /// What it does, all the way down.
    pub does: Deeds,
    /// What happens afterwards, where it calls an action from a client.
    pub then: Option<Then>,
}

/// What a client does about its page after it called an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Then {
    /// `refreshes`, `shows`, `navigates`, `unknown`, `nothing`
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

/// The function and its module.
pub(super) fn part(project: &Project, function: FunctionRef) -> Part {
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
        let name = "the top level of its module".to_owned();
        return Part { name, declared: None, layers, loaded: None };
    }
    let hop = project.loaded_with(function);
    Part {
        name: name(project, function),
        declared: Some(here.place(facts.function(function.function).name_span)),
        layers,
        loaded: hop.map(|(module, edge)| project.module(module).place(edge.span)),
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

/// The calls that start on a line, elements of HTML left out.
pub(super) fn calls(project: &Project, module: ModuleId, line: Span) -> Vec<Said> {
    let here = project.module(module);
    let calls = (0..).zip(&here.facts.calls).filter(|(_, call)| {
        line.contains(call.name_span) && !matches!(call.kind, CallKind::DynamicImport | CallKind::Require)
    });
    let mut resolution = project.resolution();
    let mut said: Vec<Said> = Vec::new();
    for (id, call) in calls {
        let (resolved, leads) = resolution.call(module, id);
        let Some((resolved, reason)) = words(resolved) else { continue };
        let leads = leads.into_iter().map(|leads| lead(project, leads)).collect();
        let mut doing = project.function_doing(FunctionRef { module, function: call.function });
        let here_first = |trail: &[Site]| trail.first() == Some(&(module, id));
        doing.happenings.retain(|happening| here_first(&happening.trail));
        doing.blind.retain(|blind| here_first(&blind.trail));
        let then = then(project, module, id);
        let place = here.place(call.name_span);
        said.push(Said { place, resolved, reason, leads, does: project.deeds(&doing), then });
    }
    said.sort_by_key(|said| said.place);
    said
}

/// How a call resolved in a word, and why it cannot be seen; nothing for an element of HTML.
const fn words(resolved: Resolved) -> Option<(&'static str, Option<&'static str>)> {
    Some(match resolved {
        Resolved::Function => ("function", None),
        Resolved::Action => ("action", None),
        Resolved::Class => ("class", None),
        Resolved::Modelled => ("modelled", None),
        Resolved::Inert => ("inert", None),
        Resolved::Parameter => ("parameter", None),
        Resolved::Foreign(reason) => ("foreign", Some(reason)),
        Resolved::Dynamic(reason) => ("dynamic", Some(reason)),
        Resolved::Intrinsic => return None,
    })
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
        Settling::Navigates(trail) => ("navigates", trail.as_slice()),
        Settling::Unknown(trail) => ("unknown", trail.as_slice()),
        Settling::Nothing => ("nothing", &[][..]),
    };
    Then { kind, trail: trail.iter().map(|&site| project.call_place(site)).collect() }
}

/// The endpoints that a line is part of: those that stand on it, and those whose function it is in.
pub(super) fn endpoints(project: &Project, all: &[Endpoint], line: Place, run_by: &[RunBy]) -> Vec<Endpoint> {
    let own: Vec<Place> =
        run_by.iter().filter(|of| of.way.is_empty()).filter_map(|of| root_place(project, &of.root)).collect();
    let is_own = |endpoint: &&Endpoint| {
        let on_line = endpoint.place.file == line.file && line.span.contains(endpoint.place.span);
        on_line || own.contains(&endpoint.place)
    };
    all.iter().filter(is_own).cloned().collect()
}

/// What happens after each call of an action among these endpoints by a client.
pub(super) fn afterwards(project: &Project, endpoints: &[Endpoint]) -> Vec<(Place, Then)> {
    let mut found = Vec::new();
    for (id, action) in (0..).zip(&project.actions().all) {
        let place = project.module(action.module).place(action.span);
        if endpoints.iter().any(|endpoint| endpoint.place == place && endpoint.name == action.name) {
            found.extend(
                project
                    .call_sites(id)
                    .map(|site| (project.module(site.module).place(site.edge.span), settles(project, &site.settling))),
            );
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
