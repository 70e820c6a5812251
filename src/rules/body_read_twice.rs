//! `body-read-twice`

use super::{Group, Rule};
use crate::diagnostic::{Diagnostic, Identity, Label, Level, Status};
use crate::project::questions::reread::Reread;
use crate::project::{Project, Trail};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "body-read-twice",
    summary: "the body of a request is read a second time, when nothing is left of it",
    page: include_str!("../../rules/body-read-twice.md"),
    group: Group::Correctness,
    level: Level::Error,
    status: Status::Preview,
    since: "0.1.0",
    fix: false,
    check,
};

fn check(project: &Project) -> Vec<Diagnostic> {
    project.reread().iter().map(|reread| finding(project, reread)).collect()
}

fn finding(project: &Project, reread: &Reread<'_>) -> Diagnostic {
    let (module, export) = reread.entered;
    let place = project.call_place(reread.second.site());
    let mut trail = Trail::new(project, place);
    if let Some(entered) = project.export_place(module, export) {
        trail.add(entered, format!("`{export}` is handed the request"));
    }
    trail.calls(&reread.first.trail, "calls", "reads the body first");
    trail.calls(&reread.second.trail, "calls after that", "reads it again");
    let (first, second) = (project.callee_name(reread.first.site()), project.callee_name(reread.second.site()));
    Diagnostic {
        rule: RULE.id,
        level: Level::Error,
        status: Status::Preview,
        app: project.app_root(module),
        message: format!("`{second}` reads the body of the request, which `{first}` has read already"),
        identity: Identity::new([
            project.function_name(project.outermost(project.function_of(reread.second.site()))),
            first,
            second,
        ]),
        causes: Vec::new(),
        primary: Label::new(place, "throws, since nothing is left of the body"),
        trail: trail.labels(),
        help: Some("read it once and hand on what was read, or read a `request.clone()` first".to_owned()),
        fixes: Vec::new(),
    }
}
