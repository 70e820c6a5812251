//! `action-called-externally`

use super::{Group, Rule};
use crate::diagnostic::{Diagnostic, Level, Status};
use crate::project::Project;

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "action-called-externally",
    summary: "",
    page: include_str!("../../rules/action-called-externally.md"),
    group: Group::Boundary,
    level: Level::Warning,
    status: Status::Stable,
    since: "0.1.0",
    fix: false,
    check,
};

fn check(_project: &Project) -> Vec<Diagnostic> {
    Vec::new()
}
