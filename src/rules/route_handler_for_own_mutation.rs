//! `route-handler-for-own-mutation`

use super::{Group, Rule};
use crate::diagnostic::{Diagnostic, Identity, Label, Level, Status};
use crate::project::requests::OwnMutation;
use crate::project::{Project, Trail};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "route-handler-for-own-mutation",
    summary: "a route handler changes something for the app's own components alone",
    page: include_str!("../../rules/route-handler-for-own-mutation.md"),
    group: Group::Boundary,
    level: Level::Note,
    status: Status::Preview,
    since: "0.1.0",
    fix: false,
    check,
};

fn check(project: &Project) -> Vec<Diagnostic> {
    project.own_mutations().iter().filter_map(|mutation| finding(project, mutation)).collect()
}

/// One finding for a route file.
fn finding(project: &Project, mutation: &OwnMutation<'_>) -> Option<Diagnostic> {
    let &(first, _) = mutation.methods.first()?;
    let place = project.export_place(mutation.module, first)?;
    let mut trail = Trail::new(project, place);
    for &(method, write) in &mutation.methods {
        if let Some(place) = project.export_place(mutation.module, method) {
            trail.add(place, format!("`{method}` as well"));
        }
        trail.happens(write);
    }
    for request in &mutation.requests {
        trail.add(project.call_place(request.at()), format!("requests `{}`", request.method()));
        trail.sends(request);
    }
    let methods: Vec<String> = mutation.methods.iter().map(|(method, _)| format!("`{method}`")).collect();
    let url = project.route_url(mutation.app, mutation.route);
    Some(Diagnostic {
        rule: RULE.id,
        level: Level::Note,
        status: RULE.status,
        app: Some(project.app(mutation.app).root.clone()),
        message: format!("only components of this app use {} of `{url}`", methods.join(", ")),
        identity: Identity::new([url.as_str()]),
        causes: Vec::new(),
        primary: Label::new(place, "changes something for the app's own components"),
        trail: trail.labels(),
        help: Some("a server action would save the request, the parsing and the loading state".to_owned()),
        fixes: Vec::new(),
    })
}
