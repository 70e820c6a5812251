//! `action-called-externally`

use std::collections::BTreeMap;

use super::{Group, Rule};
use crate::diagnostic::{Cause, Diagnostic, Identity, Label, Level, Place, Status};
use crate::project::actions::ActionId;
use crate::project::graph::reach::Hop;
use crate::project::program::modules::ModuleId;
use crate::project::{Outside, OutsideKind, Project, Trail, leaving};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "action-called-externally",
    summary: "a server action serves as an API for something other than the app's own React components",
    page: include_str!("../../rules/action-called-externally.md"),
    group: Group::Boundary,
    level: Level::Warning,
    status: Status::Stable,
    since: "0.1.0",
    fix: false,
    check,
};

fn check(project: &Project) -> Vec<Diagnostic> {
    let mut groups: BTreeMap<(ModuleId, ActionId), Vec<Outside>> = BTreeMap::new();
    for outside in project.outside() {
        // A route file that re-exports another one's handler has the same cause, and the same fix.
        let (module, _) = leaving(outside.module, &outside.hit.way);
        groups.entry((module, outside.hit.action)).or_default().push(outside);
    }
    let called = groups.iter().map(|(&(module, action), outsides)| finding(project, module, action, outsides));
    called.chain(project.action_headers().into_iter().map(|(module, place)| header(project, module, place))).collect()
}

/// One finding for a file from which an action is reached, by however many exports it is entered.
fn finding(project: &Project, module: ModuleId, action: ActionId, outsides: &[Outside]) -> Diagnostic {
    let first = &outsides[0];
    let described = project.actions().get(action);
    let name = project.action_name(action);
    let at = |(module, edge): Hop| project.module(module).place(edge.span);
    let primary = at(leaving(module, &first.hit.way));
    let direct = first.hit.way.last().is_some_and(|&hop| at(hop) == primary);
    let verb = if direct { "calls" } else { "leads to" };
    let who = who(project, first);
    let mut trail = Trail::new(project, primary);
    for outside in outsides {
        trail.extend(declaration(project, outside).map(|place| Label::new(place, entered(outside))));
        for &hop in outside.hit.way.iter().chain(&outside.hit.more) {
            let does = if is_last(outside, hop) { format!("calls the action {name}") } else { "calls".to_owned() };
            trail.add(at(hop), does);
        }
    }
    let place = project.action_place(action);
    let open = if described.live { "it can be posted to by anyone" } else { "no page makes it callable yet" };
    trail.add(place, format!("{name} is a server action: {open}"));
    if let Some(write) = project.telling_write(action) {
        trail.happens(write);
    }
    Diagnostic {
        rule: RULE.id,
        level: Level::Warning,
        status: Status::Stable,
        app: project.app_root(module).or_else(|| project.app_root(described.module)),
        message: format!("{who} {verb} the server action {name}"),
        identity: Identity::new([
            first.kind.as_str(),
            project.outside_name(first),
            described.name.as_deref().unwrap_or(""),
        ]),
        causes: vec![Cause { place, point: Label::new(primary, format!("{who} calls it too")) }],
        primary: Label::new(primary, if direct { "is called here".to_owned() } else { format!("leads to {name}") }),
        trail: trail.labels(),
        help: Some(help(first.kind).to_owned()),
        fixes: Vec::new(),
    }
}

fn is_last(outside: &Outside, hop: Hop) -> bool {
    outside.hit.way.last() == Some(&hop) || outside.hit.more.contains(&hop)
}

fn who(project: &Project, outside: &Outside) -> String {
    match outside.kind {
        OutsideKind::RouteHandler => format!("the route handler `{} {}`", outside.name, outside.url),
        OutsideKind::PagesApi => format!("the API route `{}`", outside.url),
        OutsideKind::Proxy => "the proxy".to_owned(),
        OutsideKind::Instrumentation => "instrumentation".to_owned(),
        OutsideKind::Metadata => format!("the metadata file `{}`", project.path(outside.module)),
        OutsideKind::Script => format!("the script `{}`", project.path(outside.module)),
        OutsideKind::Package => format!("`{}`, which is no part of the web app,", project.path(outside.module)),
    }
}

/// Where the export that is entered is declared; scripts and packages have none.
fn declaration(project: &Project, outside: &Outside) -> Option<Place> {
    (!outside.name.is_empty()).then(|| project.export_place(outside.module, &outside.name))?
}

fn entered(outside: &Outside) -> String {
    match outside.kind {
        OutsideKind::RouteHandler => format!("answers `{} {}`", outside.name, outside.url),
        OutsideKind::PagesApi => format!("answers `{}`", outside.url),
        _ => "runs without a React component".to_owned(),
    }
}

fn help(kind: OutsideKind) -> &'static str {
    match kind {
        OutsideKind::Script => {
            "move the work to a function outside of the `'use server'` file, and call that from both"
        }
        OutsideKind::Package => {
            "give the other package a route handler, and let it and the action call one server-only function"
        }
        _ => "move the work to a server-only function that the action calls too",
    }
}

fn header(project: &Project, module: ModuleId, place: Place) -> Diagnostic {
    Diagnostic {
        rule: RULE.id,
        level: Level::Warning,
        status: Status::Stable,
        app: project.app_root(module),
        message: "a request names a server action by its id, which changes with the build".to_owned(),
        identity: Identity::new(["header", project.path(module)]),
        causes: Vec::new(),
        primary: Label::new(place, "sends the header of Next.js's own client"),
        trail: Vec::new(),
        help: Some("give this caller a route handler".to_owned()),
        fixes: Vec::new(),
    }
}
