//! `incomplete-analysis`

use super::{Group, Rule};
use crate::diagnostic::{Diagnostic, Level, Status};
use crate::project::Project;

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "incomplete-analysis",
    summary: "",
    page: include_str!("../../rules/incomplete-analysis.md"),
    group: Group::Engine,
    level: Level::Note,
    status: Status::Stable,
    since: "0.1.0",
    fix: false,
    check,
};

fn check(_project: &Project) -> Vec<Diagnostic> {
    Vec::new()
}
