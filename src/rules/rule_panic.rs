//! `rule-panic`

use super::{Group, Rule};
use crate::diagnostic::{Diagnostic, Identity, Label, Level, Status};
use crate::project::Project;

/// The rule. The driver reports it: no rule can look at another.
pub(super) static RULE: Rule = Rule {
    id: "rule-panic",
    summary: "a rule of edgelint failed, and the others went on",
    page: include_str!("../../rules/rule-panic.md"),
    group: Group::Engine,
    level: Level::Error,
    status: Status::Stable,
    since: "0.1.0",
    fix: false,
    check: |_| Vec::new(),
};

/// The rule that a finding says has panicked, if it says so.
pub(crate) fn panicking(finding: &Diagnostic) -> Option<&str> {
    finding.identity.parts.first().filter(|_| finding.rule == RULE.id).map(String::as_str)
}

/// The finding that a rule panicked with this payload.
pub(crate) fn panicked(project: &Project, rule: &Rule, payload: &(dyn std::any::Any + Send)) -> Vec<Diagnostic> {
    let said = payload.downcast_ref::<String>().map(String::as_str).or_else(|| payload.downcast_ref::<&str>().copied());
    let said = said.and_then(|said| said.lines().next()).unwrap_or("no message");
    let found = project.first_place().map(|place| Diagnostic {
        rule: RULE.id,
        level: Level::Error,
        status: Status::Stable,
        app: None,
        message: format!("the rule `{}` failed: {said}", rule.id),
        identity: Identity::new([rule.id]),
        causes: Vec::new(),
        primary: Label::new(place, "analysing this project"),
        trail: Vec::new(),
        help: Some(format!(
            "please report it; until it is repaired, run the other rules with `--select`, without `{}`",
            rule.id
        )),
        fixes: Vec::new(),
    });
    found.into_iter().collect()
}
