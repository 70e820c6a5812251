//! `fail-open-secret`

use super::{Group, Rule};
use crate::diagnostic::{Diagnostic, Identity, Label, Level, Status};
use crate::project::{OpenSecret, Opening, Project, Trail};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "fail-open-secret",
    summary: "a request is tested against a secret of the environment, and everyone passes where that is not set",
    page: include_str!("../../rules/fail-open-secret.md"),
    group: Group::Security,
    level: Level::Error,
    status: Status::Preview,
    since: "0.1.0",
    fix: false,
    check,
};

fn check(project: &Project) -> Vec<Diagnostic> {
    let open = project.open_secrets().into_iter();
    open.filter(|open| !open.entries.is_empty()).map(|open| finding(project, &open)).collect()
}

fn finding(project: &Project, open: &OpenSecret) -> Diagnostic {
    let variable = &open.variable;
    let (what, label) = match (open.opening, &open.passes) {
        (Opening::Written, Some(passes)) => (
            format!("whoever sends `{passes}` passes where `{variable}` is not set"),
            "is a text that anyone can write where the secret is not set".to_owned(),
        ),
        (Opening::Skipped, _) => (
            format!("the test is left out where `{variable}` is not set, and everyone passes"),
            "is only asked where the secret is set".to_owned(),
        ),
        _ => (
            format!("a request without it passes where `{variable}` is not set: both are `undefined`"),
            "is equal where neither is there".to_owned(),
        ),
    };
    let mut trail = Trail::new(project, open.place);
    for (_, module, name, way) in &open.entries {
        trail.extend(project.export_place(*module, name).map(|place| Label::new(place, "is to be protected by it")));
        trail.calls(way, "calls", "calls");
    }
    Diagnostic {
        rule: RULE.id,
        level: Level::Error,
        status: RULE.status,
        app: project.app_root(open.function.module),
        message: what,
        identity: Identity::new([project.path(open.function.module), variable]),
        causes: Vec::new(),
        primary: Label::new(open.place, label),
        trail: trail.labels(),
        help: Some(format!("turn the request away where `{variable}` is not set, before the test")),
        fixes: Vec::new(),
    }
}
