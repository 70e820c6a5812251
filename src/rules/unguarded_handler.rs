//! `unguarded-handler`

use std::collections::BTreeMap;

use super::unguarded_action::help;
use super::{Group, Rule};
use crate::diagnostic::{Cause, Diagnostic, Identity, Label, Level, Place, Status};
use crate::project::effects::Entered;
use crate::project::modules::ModuleId;
use crate::project::unguarded::Open;
use crate::project::{AppId, Project, Trail};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "unguarded-handler",
    summary: "a route handler writes, and nothing asks first who is calling",
    page: include_str!("../../rules/unguarded-handler.md"),
    group: Group::Security,
    level: Level::Warning,
    status: Status::Preview,
    since: "0.1.0",
    fix: false,
    check,
};

fn check(project: &Project) -> Vec<Diagnostic> {
    let mut files: BTreeMap<(AppId, ModuleId), Vec<(&Entered, Open<'_>)>> = BTreeMap::new();
    for (entered, open) in project.open_handlers() {
        if project.knows_callers(entered.app) {
            files.entry((entered.app, entered.module)).or_default().push((entered, open));
        }
    }
    files.values().filter_map(|handlers| finding(project, handlers)).collect()
}

/// One finding a file: its methods miss the same guard.
fn finding(project: &Project, handlers: &[(&Entered, Open<'_>)]) -> Option<Diagnostic> {
    let (first, open) = handlers.first()?;
    let says = |open: &Open<'_>| format!("{} for whoever sends a request", open.write.says());
    let place = |entered: &Entered| project.export_place(entered.module, &entered.name);
    let primary = place(first)?;
    let mut trail = Trail::new(project, primary);
    trail.happens(open.write);
    trail.extend(open.near.iter().map(|&(near, place)| Label::new(place, near.as_str())));
    for (entered, open) in &handlers[1..] {
        trail.extend(place(entered).map(|place| Label::new(place, says(open))));
        trail.happens(open.write);
    }
    let cause = |place: Place, open: &Open<'_>| Cause { place, point: Label::new(place, says(open)) };
    let causes = handlers.iter().filter_map(|(entered, open)| Some(cause(place(entered)?, open)));
    let methods: Vec<&str> = handlers.iter().map(|(entered, _)| entered.name.as_str()).collect();
    let url = project.url_of(first);
    let message = match methods.as_slice() {
        ["default"] => format!("`{url}` {}, and nothing asks who is calling", open.write.says()),
        [only] => format!("`{only} {url}` {}, and nothing asks who is calling", open.write.says()),
        many => format!("`{}` of `{url}` write, and nothing asks who is calling", many.join(", ")),
    };
    Some(Diagnostic {
        rule: RULE.id,
        level: Level::Warning,
        status: RULE.status,
        app: project.app_root(first.module),
        message,
        identity: Identity::new([first.name.as_str()]),
        causes: causes.collect(),
        primary: Label::new(primary, says(open)),
        trail: trail.labels(),
        help: Some(help(project, first.app)),
        fixes: Vec::new(),
    })
}
