//! `parse-error`

use super::{Group, Rule};
use crate::diagnostic::{Diagnostic, Identity, Label, Level, Status};
use crate::project::Project;

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "parse-error",
    summary: "a file has a syntax error, so that what it says is known in part or not at all",
    page: include_str!("../../rules/parse-error.md"),
    group: Group::Engine,
    level: Level::Note,
    status: Status::Stable,
    since: "0.1.0",
    fix: false,
    check,
};

/// One note a file, at its first error: the others mostly follow from it.
fn check(project: &Project) -> Vec<Diagnostic> {
    let found = project.modules().filter_map(|(id, module)| {
        let first = module.facts.errors.first()?;
        let rest = if first.recovered { "the rest of the file was read" } else { "nothing of this file was read" };
        Some(Diagnostic {
            rule: RULE.id,
            level: Level::Note,
            status: Status::Stable,
            app: project.app_root(id),
            message: format!("syntax error: {}", first.message),
            identity: Identity::new([project.path(id)]),
            causes: Vec::new(),
            primary: Label::new(module.place(first.span), rest),
            trail: Vec::new(),
            help: None,
            fixes: Vec::new(),
        })
    });
    found.collect()
}
