//! `get-via-action`

use std::collections::BTreeMap;

use super::{Group, Rule};
use crate::diagnostic::{Diagnostic, Identity, Label, Level, Place, Status};
use crate::project::actions::ActionId;
use crate::project::client::fate::Fate;
use crate::project::client::starts::ClientCall;
use crate::project::effects::Happening;
use crate::project::program::modules::FunctionRef;
use crate::project::{CallerKind, Effect, Project};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "get-via-action",
    summary: "a server action that only reads is called from client code to load data",
    page: include_str!("../../rules/get-via-action.md"),
    group: Group::Boundary,
    level: Level::Warning,
    status: Status::Preview,
    since: "0.1.0",
    fix: false,
    check,
};

fn check(project: &Project) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for action in (0..).take(project.actions().all.len()) {
        let Some(read) = project.only_reads(action) else { continue };
        let mut groups: BTreeMap<FunctionRef, Vec<Load<'_>>> = BTreeMap::new();
        for load in project.client_calls(action).iter().filter_map(|call| loads(project, call)) {
            let component = project.outermost(project.function_of(load.call.site));
            groups.entry(component).or_default().push(load);
        }
        found.extend(groups.values().map(|loads| finding(project, action, read, loads)));
    }
    found
}

/// A call that loads data.
struct Load<'p> {
    call: &'p ClientCall,
    level: Level,
    /// Where what it gives is put into a state.
    shown: Option<Place>,
}

/// Whether a call loads data: when a component mounts, or in an event whose result is shown. What is looked up before something goes on, what
/// is searched while somebody types, and what is added to a list loads nothing that could have been there from the start.
fn loads<'p>(project: &Project, call: &'p ClientCall) -> Option<Load<'p>> {
    if call.delayed || (call.is_called && project.waits_for_arguments(call.site)) {
        return None;
    }
    let fate = if call.is_called { project.fate(call.site) } else { Fate::default() };
    let load = |level, shown| Some(Load { call, level, shown });
    match call.kind {
        CallerKind::ClientQuery | CallerKind::ClientRender => load(Level::Warning, None),
        _ if fate.acted_on => None,
        CallerKind::ClientEffect if fate.used || !call.is_called => load(Level::Warning, fate.shown),
        CallerKind::ClientEvent if fate.shown.is_some() && !fate.added && !fate.turns => load(Level::Note, fate.shown),
        _ => None,
    }
}

/// One finding for a component, or a hook, and an action, however often it loads with it.
fn finding(project: &Project, action: ActionId, read: &Happening, loads: &[Load<'_>]) -> Diagnostic {
    let first =
        loads.iter().max_by_key(|load| (load.level, std::cmp::Reverse(load.call.place))).expect("a group has a load");
    let component = project.function_name(project.outermost(project.function_of(first.call.site)));
    let described = project.actions().get(action);
    let name =
        if described.label.is_empty() { "an inline action".to_owned() } else { format!("`{}`", described.label) };
    let mut labels: Vec<Label> = Vec::new();
    let mut add = |place: Place, message: String| {
        if place != first.call.place && !labels.iter().any(|label| label.place == place) {
            labels.push(Label::new(place, message));
        }
    };
    if let Some((&start, calls)) = first.call.way.split_first() {
        add(start, starts(first.call.kind).to_owned());
        calls.iter().for_each(|&place| add(place, "calls".to_owned()));
    }
    if let Some(shown) = first.shown {
        add(shown, "what it gives is shown".to_owned());
    }
    loads.iter().for_each(|load| add(load.call.place, format!("calls {name} too")));
    add(project.module(described.module).place(described.declared), format!("{name} only reads"));
    let (last, before) = read.trail.split_last().expect("an effect stands at a call");
    before.iter().for_each(|&site| add(project.call_place(site), "calls".to_owned()));
    add(project.call_place(*last), reads(read));
    Diagnostic {
        rule: RULE.id,
        level: first.level,
        status: Status::Preview,
        app: project.app_root(first.call.site.0),
        message: format!("the server action {name} only reads, and {}", when(first.call.kind)),
        identity: Identity::new([component, described.name.as_deref().unwrap_or("")]),
        causes: Vec::new(),
        primary: Label::new(first.call.place, "sends a POST request, which waits for all actions before it"),
        trail: labels,
        help: Some("read it in the server component and pass it down, or give it a GET route handler".to_owned()),
        fixes: Vec::new(),
    }
}

fn when(kind: CallerKind) -> &'static str {
    match kind {
        CallerKind::ClientEffect => "is called in an effect to load data",
        CallerKind::ClientQuery => "a query loads its data with it",
        CallerKind::ClientRender => "is called while a client component renders",
        _ => "is called in an event to load what is shown then",
    }
}

fn starts(kind: CallerKind) -> &'static str {
    match kind {
        CallerKind::ClientEffect => "runs after the component is shown",
        CallerKind::ClientQuery => "fetches when the component is shown",
        CallerKind::ClientRender => "runs while the component renders",
        _ => "runs for an event",
    }
}

fn reads(read: &Happening) -> String {
    let what = match read.effect {
        Effect::DbRead => "reads",
        Effect::HttpRead => "requests",
        Effect::AuthRead => return "reads who is signed in".to_owned(),
        Effect::CookieRead => "reads the cookie",
        Effect::HeaderRead => "reads the header",
        _ => "reads",
    };
    match &read.target {
        Some(target) if !target.is_empty() => format!("{what} `{target}`"),
        _ => what.to_owned(),
    }
}
