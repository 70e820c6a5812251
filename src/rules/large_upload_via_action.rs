//! `large-upload-via-action`

use super::{Group, Rule};
use crate::diagnostic::{Diagnostic, Identity, Label, Level, Status};
use crate::project::actions::ActionId;
use crate::project::{Project, Trail};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "large-upload-via-action",
    summary: "a server action takes a file, and a request of more than 1 MB is refused",
    page: include_str!("../../rules/large-upload-via-action.md"),
    group: Group::Boundary,
    level: Level::Note,
    status: Status::Preview,
    since: "0.2.0",
    fix: false,
    check,
};

fn check(project: &Project) -> Vec<Diagnostic> {
    (0..).take(project.actions().all.len()).filter_map(|action| finding(project, action)).collect()
}

/// One finding an action, at the first file that it takes.
fn finding(project: &Project, action: ActionId) -> Option<Diagnostic> {
    let files = project.large_files(action);
    let (&primary, others) = files.split_first()?;
    let (described, name) = (project.actions().get(action), project.action_name(action));
    let mut trail = Trail::new(project, primary);
    others.iter().for_each(|&place| trail.add(place, "is a file too, or its bytes"));
    trail.add(project.action_place(action), format!("{name} is a server action"));
    let app = project.app(described.app);
    let setting =
        if app.version.at_least(13, 5) { "serverActions.bodySizeLimit" } else { "serverActionsBodySizeLimit" };
    if let Some(place) = project.config(described.app).place {
        trail.add(place, format!("leaves `experimental.{setting}` at 1 MB"));
    }
    Some(Diagnostic {
        rule: RULE.id,
        level: Level::Note,
        status: RULE.status,
        app: project.app_root(described.module),
        message: format!("{name} takes a file, and what is sent to a server action may have 1 MB"),
        identity: Identity::new([described.label.as_str()]),
        causes: Vec::new(),
        primary: Label::new(primary, "a larger file is refused before the action runs"),
        trail: trail.labels(),
        help: Some(format!(
            "send large files to a route handler or to the storage itself, or raise `experimental.{setting}`"
        )),
        fixes: Vec::new(),
    })
}
