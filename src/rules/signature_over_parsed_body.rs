//! `signature-over-parsed-body`

use super::{Group, Rule};
use crate::diagnostic::{Diagnostic, Identity, Label, Level, Status};
use crate::project::questions::payloads::ParsedPayload;
use crate::project::{Project, Trail};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "signature-over-parsed-body",
    summary: "a signature is verified over a body that was parsed first, so that the bytes are not those that were signed",
    page: include_str!("../../rules/signature-over-parsed-body.md"),
    group: Group::Security,
    level: Level::Error,
    status: Status::Preview,
    since: "0.1.0",
    fix: false,
    check,
};

fn check(project: &Project) -> Vec<Diagnostic> {
    project.parsed_payloads().iter().map(|payload| finding(project, payload)).collect()
}

fn finding(project: &Project, payload: &ParsedPayload<'_>) -> Diagnostic {
    let place = project.call_place(payload.check.site());
    let mut trail = Trail::new(project, place);
    trail.extend(
        project
            .export_place(payload.entered.module, &payload.entered.name)
            .map(|place| Label::new(place, "receives what was signed")),
    );
    if let Some(read) = payload.read {
        trail.calls(&read.trail, "calls", "parses the body");
    }
    trail.calls(&payload.check.trail, "calls", "verifies");
    let what = if payload.again { "a text that is made again out of the parsed body" } else { "the parsed body" };
    Diagnostic {
        rule: RULE.id,
        level: Level::Error,
        status: RULE.status,
        app: project.app_root(payload.entered.module),
        message: format!("the signature is verified over {what}, and not over the bytes that were signed"),
        identity: Identity::new([project.path(payload.check.site().0), "parsed"]),
        causes: Vec::new(),
        primary: Label::new(place, "verifies what is not what was sent"),
        trail: trail.labels(),
        help: Some("read the body with `text()`, verify that, and parse it afterwards".to_owned()),
        fixes: Vec::new(),
    }
}
