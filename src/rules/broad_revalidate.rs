//! `broad-revalidate`

use super::{Group, Rule};
use crate::diagnostic::{Diagnostic, Identity, Label, Level, Status};
use crate::project::caching::broad::Broad;
use crate::project::{Project, Trail};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "broad-revalidate",
    summary: "every page is made fresh again for one thing that few pages show",
    page: include_str!("../../rules/broad-revalidate.md"),
    group: Group::Cache,
    level: Level::Note,
    status: Status::Preview,
    since: "0.2.0",
    fix: false,
    check,
};

fn check(project: &Project) -> Vec<Diagnostic> {
    project.broad_revalidations().iter().map(|broad| finding(project, broad)).collect()
}

fn finding(project: &Project, broad: &Broad<'_>) -> Diagnostic {
    let entity = broad.write.target.as_deref().unwrap_or_default();
    let place = project.call_place(broad.path.site());
    let name = match broad.entry {
        Ok(action) => project.action_name(action),
        Err(entered) => format!("`{}`", entered.name),
    };
    let pages: Vec<String> = broad.pages.iter().map(|page| format!("`{page}`")).collect();
    let mut trail = Trail::new(project, place);
    trail.happens(broad.write);
    trail.calls(&broad.path.trail, "leads to it", "revalidates everything");
    Diagnostic {
        rule: RULE.id,
        level: Level::Note,
        status: RULE.status,
        app: Some(project.app(broad.app).root.clone()),
        message: format!(
            "{name} makes every page fresh again for `{entity}`, which only {} shows",
            pages.join(" and ")
        ),
        identity: Identity::new([name.as_str(), entity]),
        causes: Vec::new(),
        primary: Label::new(place, "means every page"),
        trail: trail.labels(),
        help: Some(format!("revalidate {}", pages.join(" and "))),
        fixes: Vec::new(),
    }
}
