//! `server-fetches-own-route`

use super::{Group, Rule};
use crate::diagnostic::{Diagnostic, Identity, Label, Level, Place, Status};
use crate::project::requests::{OwnFetch, Serving};
use crate::project::{Project, Trail};
use crate::source::Span;

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "server-fetches-own-route",
    summary: "the server sends a request to a route handler of its own app",
    page: include_str!("../../rules/server-fetches-own-route.md"),
    group: Group::Boundary,
    level: Level::Warning,
    status: Status::Preview,
    since: "0.1.0",
    fix: false,
    check,
};

fn check(project: &Project) -> Vec<Diagnostic> {
    project.own_fetches().iter().map(|fetch| finding(project, fetch)).collect()
}

fn finding(project: &Project, fetch: &OwnFetch<'_>) -> Diagnostic {
    let place = project.call_place(fetch.request.at());
    let route = project.routes(fetch.app).route(fetch.route);
    let mut trail = Trail::new(project, place);
    let who = match fetch.by {
        Serving::Render => "a server component".to_owned(),
        Serving::Handler => "a handler".to_owned(),
        Serving::Action(id) => {
            let action = project.actions().get(id);
            trail.add(project.module(action.module).place(action.declared), "the server action");
            match action.label.is_empty() {
                true => "a server action".to_owned(),
                false => format!("the server action `{}`", action.label),
            }
        }
    };
    trail.calls(fetch.trail, "calls", "sends the request");
    let method = fetch.request.method();
    let served = route.module.and_then(|module| project.export_place(module, &method));
    let served = served.unwrap_or(Place { file: route.file, span: Span::default() });
    trail.add(served, "answers it, in the same app");
    Diagnostic {
        rule: RULE.id,
        level: Level::Warning,
        status: RULE.status,
        app: Some(project.app(fetch.app).root.clone()),
        message: format!("{who} requests `{}` of its own app", route.url),
        identity: Identity::new([route.url.as_str(), method.as_str()]),
        causes: Vec::new(),
        primary: Label::new(place, "goes out to the network and back to the same server"),
        trail: trail.labels(),
        help: Some("call the function that the handler calls".to_owned()),
        fixes: Vec::new(),
    }
}
