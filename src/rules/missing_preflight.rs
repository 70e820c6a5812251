//! `missing-preflight`

use super::{Group, Rule};
use crate::diagnostic::{Diagnostic, Identity, Label, Level, Status};
use crate::project::questions::preflight::NoPreflight;
use crate::project::{Project, Trail};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "missing-preflight",
    summary: "a route handler sends CORS headers, and the browser's question beforehand is not answered",
    page: include_str!("../../rules/missing-preflight.md"),
    group: Group::Routing,
    level: Level::Warning,
    status: Status::Preview,
    since: "0.1.0",
    fix: false,
    check,
};

fn check(project: &Project) -> Vec<Diagnostic> {
    project.without_preflight().iter().map(|file| finding(project, file)).collect()
}

fn finding(project: &Project, file: &NoPreflight) -> Diagnostic {
    let (method, place) = file.method;
    let mut trail = Trail::new(project, place);
    trail.add(file.headers, "lets other origins in");
    if let Some(because) = file.because {
        trail.add(because, "is no part of a simple request");
    }
    Diagnostic {
        rule: RULE.id,
        level: Level::Warning,
        status: RULE.status,
        app: project.app_root(file.module),
        message: format!("`{method}` of `{}` is open to other origins, and no `OPTIONS` is exported", file.url),
        identity: Identity::new([file.url.as_str(), method]),
        causes: Vec::new(),
        primary: Label::new(place, "browsers ask with `OPTIONS` before they send it"),
        trail: trail.labels(),
        help: Some("export an `OPTIONS` that answers with the same headers".to_owned()),
        fixes: Vec::new(),
    }
}
