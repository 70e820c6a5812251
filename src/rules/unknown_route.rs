//! `unknown-route`

use std::collections::BTreeMap;

use super::{Group, Rule};
use crate::diagnostic::{Cause, Diagnostic, Identity, Label, Level, Place, Status};
use crate::project::requests::{Leads, Request};
use crate::project::{AppId, Project, Trail};
use crate::source::Span;

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "unknown-route",
    summary: "the app's own code requests a path that no route serves",
    page: include_str!("../../rules/unknown-route.md"),
    group: Group::Routing,
    level: Level::Error,
    status: Status::Preview,
    since: "0.1.0",
    fix: false,
    check,
};

/// A request that nothing serves, and whether anything has it sent.
type Sent<'p> = (&'p Request, bool);

fn check(project: &Project) -> Vec<Diagnostic> {
    let mut missing: BTreeMap<(AppId, String), Vec<Sent<'_>>> = BTreeMap::new();
    for (id, request) in project.requests().iter().enumerate() {
        if let Leads::Missing(app) = request.leads
            && project.is_program(request)
        {
            let is_sent = !project.senders(id).is_empty();
            missing.entry((app, request.path())).or_default().push((request, is_sent));
        }
    }
    missing.iter().map(|((app, path), sent)| finding(project, *app, path, sent)).collect()
}

/// One finding for a path, at the first request that is sent.
fn finding(project: &Project, app: AppId, path: &str, sent: &[Sent<'_>]) -> Diagnostic {
    let (request, is_sent) = *sent.iter().find(|(_, is_sent)| *is_sent).unwrap_or(&sent[0]);
    let place = project.call_place(request.at());
    let mut trail = Trail::new(project, place);
    trail.sends(request);
    for (other, _) in sent.iter().filter(|(other, _)| other != &request) {
        trail.add(project.call_place(other.at()), "requests it too");
        trail.sends(other);
    }
    let table = project.routes(app);
    let nearest = request.sent.addresses.first().and_then(|address| table.nearest(&address.path));
    let help = match nearest.map(|route| table.route(route)) {
        Some(route) => {
            trail.add(
                Place { file: route.file, span: Span::default() },
                format!("serves `{}`, the nearest route", route.url),
            );
            format!("request a route that exists, such as `{}`", route.url)
        }
        None => format!("add a route for `{path}`"),
    };
    let asked = asked(request, path);
    let message = match is_sent {
        true => format!("no route serves {asked}"),
        false => format!("no route serves {asked}, which code requests that nothing reaches"),
    };
    let point = Label::new(place, format!("requests {asked}"));
    Diagnostic {
        rule: RULE.id,
        level: if is_sent { Level::Error } else { Level::Note },
        status: RULE.status,
        app: Some(project.app(app).root.clone()),
        message,
        identity: Identity::new([path, &request.method()]),
        causes: vec![Cause { place, point: point.clone() }],
        primary: point,
        trail: trail.labels(),
        help: Some(help),
        fixes: Vec::new(),
    }
}

fn asked(request: &Request, path: &str) -> String {
    match request.sent.methods.as_slice() {
        [method] => format!("`{method} {path}`"),
        _ => format!("`{path}`"),
    }
}
