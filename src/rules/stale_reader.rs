//! `stale-reader`

use super::{Group, Rule};
use crate::diagnostic::{Cause, Diagnostic, Identity, Label, Level, Status};
use crate::project::Project;
use crate::project::actions::ActionId;
use crate::project::caching::outdated::Outdated;

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "stale-reader",
    summary: "an action refreshes some of what shows the data that it changes, and leaves out a page that is kept",
    page: include_str!("../../rules/stale-reader.md"),
    group: Group::Cache,
    level: Level::Warning,
    status: Status::Preview,
    since: "0.2.0",
    fix: false,
    check,
};

fn check(project: &Project) -> Vec<Diagnostic> {
    let actions = 0..u32::try_from(project.actions().all.len()).unwrap_or(0);
    actions.filter_map(|id| of_action(project, id)).collect()
}

/// One finding an action: what is kept longest, and how many more pages there are.
fn of_action(project: &Project, id: ActionId) -> Option<Diagnostic> {
    let mut left = project.left_outdated(id);
    left.retain(|kept| kept.refreshed.is_some());
    let first = left.first()?;
    let mut pages: Vec<_> = left.iter().map(|kept| project.view_url(kept.page)).collect();
    pages.sort();
    pages.dedup();
    Some(finding(project, id, first, pages.len() - 1))
}

fn finding(project: &Project, id: ActionId, kept: &Outdated<'_>, more: usize) -> Diagnostic {
    let action = project.actions().get(id);
    let entity = kept.write.about();
    let (name, place) = (project.action_name(id), project.action_place(id));
    let (url, below) = project.view_url(kept.page);
    let kind = if below { "layout" } else { "page" };
    let more = if more == 0 { String::new() } else { format!(", and {more} more") };
    let mut trail = project.outdated_trail(id, kept, place);
    if let Some(refreshed) = kept.refreshed {
        let about = refreshed.target.as_deref().unwrap_or_default();
        let label =
            Label::new(project.call_place(refreshed.site()), format!("refreshes `{about}`, another one that shows it"));
        trail.push(label);
    }
    let point = Label::new(project.call_place(project.own_call(kept.write)), format!("leaves `{url}` as it was"));
    Diagnostic {
        rule: RULE.id,
        level: Level::Warning,
        status: RULE.status,
        app: project.app_root(action.module),
        message: format!("{name} refreshes some of what shows `{entity}`, and leaves out the {kind} `{url}`{more}"),
        identity: Identity::new([action.name.as_deref().unwrap_or(""), &entity, &url]),
        causes: vec![Cause { place: point.place, point }],
        primary: Label::new(place, format!("{name} leaves `{url}` as it was")),
        trail,
        help: Some(format!("{} too", project.refreshing(kept.page, Some(&kept.keeping)))),
        fixes: Vec::new(),
    }
}
