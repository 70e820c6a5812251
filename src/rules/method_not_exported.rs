//! `method-not-exported`

use std::collections::BTreeMap;

use super::{Group, Rule};
use crate::diagnostic::{Cause, Diagnostic, Identity, Label, Level, Place, Status};
use crate::project::requests::{Leads, Request};
use crate::project::routes::RouteId;
use crate::project::{AppId, Project, Trail};
use crate::source::Span;

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "method-not-exported",
    summary: "the app's own code requests a route with a method that it does not answer",
    page: include_str!("../../rules/method-not-exported.md"),
    group: Group::Routing,
    level: Level::Error,
    status: Status::Preview,
    since: "0.1.0",
    fix: false,
    check,
};

/// A request that its route does not answer, and whether anything has it sent.
type Sent<'p> = (&'p Request, bool);

fn check(project: &Project) -> Vec<Diagnostic> {
    let mut unanswered: BTreeMap<(AppId, RouteId, String), Vec<Sent<'_>>> = BTreeMap::new();
    for (id, request) in project.requests().iter().enumerate() {
        if let Leads::Unanswered(app, route) = request.leads
            && project.is_program(request)
        {
            let is_sent = !project.senders(id).is_empty();
            unanswered.entry((app, route, request.method())).or_default().push((request, is_sent));
        }
    }
    unanswered.iter().map(|((app, route, method), sent)| finding(project, *app, *route, method, sent)).collect()
}

/// One finding for a method of a route, at the first request that is sent.
fn finding(project: &Project, app: AppId, id: RouteId, method: &str, sent: &[Sent<'_>]) -> Diagnostic {
    let (request, is_sent) = *sent.iter().find(|(_, is_sent)| *is_sent).unwrap_or(&sent[0]);
    let place = project.call_place(request.at());
    let route = project.routes(app).route(id);
    let mut trail = Trail::new(project, place);
    trail.sends(request);
    for (other, _) in sent.iter().filter(|(other, _)| other != &request) {
        trail.add(project.call_place(other.at()), "requests it too");
        trail.sends(other);
    }
    let answers = match route.methods.names.as_slice() {
        [] => "no method".to_owned(),
        names => names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
    };
    let served = route.module.and_then(|module| project.handler_place(module));
    let served = served.unwrap_or(Place { file: route.file, span: Span::default() });
    trail.add(served, format!("answers {answers}"));
    let tail = if is_sent { "" } else { ", in code that nothing reaches" };
    let point = Label::new(place, format!("is answered with 405, as `{}` answers {answers}", route.url));
    Diagnostic {
        rule: RULE.id,
        level: if is_sent { Level::Error } else { Level::Note },
        status: RULE.status,
        app: Some(project.app(app).root.clone()),
        message: format!("`{}` does not answer `{method}`, which is requested{tail}", route.url),
        identity: Identity::new([route.url.as_str(), method]),
        causes: vec![Cause { place, point: point.clone() }],
        primary: point,
        trail: trail.labels(),
        help: Some(format!("export `{}` from the route", request.sent.methods[0])),
        fixes: Vec::new(),
    }
}
