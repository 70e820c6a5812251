//! `invalid-use-server`

use super::{Group, Rule};
use crate::diagnostic::{Diagnostic, Level, Status};
use crate::project::Project;

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "invalid-use-server",
    summary: "",
    page: include_str!("../../rules/invalid-use-server.md"),
    group: Group::Correctness,
    level: Level::Error,
    status: Status::Stable,
    since: "0.1.0",
    fix: false,
    check,
};

fn check(_project: &Project) -> Vec<Diagnostic> {
    Vec::new()
}
