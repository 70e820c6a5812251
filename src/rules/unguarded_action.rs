//! `unguarded-action`

use std::collections::BTreeMap;

use super::unguarded_handler::note;
use super::{Group, Rule};
use crate::diagnostic::{Cause, Diagnostic, Identity, Label, Level, Status};
use crate::project::actions::ActionId;
use crate::project::program::modules::ModuleId;
use crate::project::questions::unguarded::Open;
use crate::project::{AppId, Effect, Project, Trail};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "unguarded-action",
    summary: "a server action writes, or returns what belongs to somebody, and nothing asks first who is calling",
    page: include_str!("../../rules/unguarded-action.md"),
    group: Group::Security,
    level: Level::Error,
    status: Status::Preview,
    since: "0.1.0",
    fix: false,
    check,
};

fn check(project: &Project) -> Vec<Diagnostic> {
    let writes = project.open_actions();
    let mut reads = project.open_reads();
    reads.retain(|(action, _)| writes.iter().all(|(written, _)| written != action));
    let mut files: BTreeMap<(AppId, ModuleId, Level), Vec<(ActionId, Open<'_>)>> = BTreeMap::new();
    for (level, actions) in [(Level::Error, writes), (Level::Warning, reads)] {
        for (action, open) in actions {
            let described = project.actions().get(action);
            files.entry((described.app, described.module, level)).or_default().push((action, open));
        }
    }
    let mut found = Vec::new();
    let mut nameless: BTreeMap<AppId, Vec<ActionId>> = BTreeMap::new();
    for ((app, _, level), actions) in &files {
        if project.knows_callers(*app) {
            found.push(finding(project, *app, *level, actions));
        } else if *level == Level::Error {
            nameless.entry(*app).or_default().extend(actions.iter().map(|(action, _)| *action));
        }
    }
    for (action, doubt) in project.doubtful_actions() {
        let described = project.actions().get(action);
        if project.knows_callers(described.app) {
            let entry = format!("the server action {}", project.action_name(action));
            let place = project.action_place(action);
            found.push(note(project, &RULE, (&entry, &described.label, described.module), place, &doubt));
        }
    }
    found.extend(nameless.iter().filter_map(|(app, actions)| unknowing(project, *app, actions)));
    found
}

/// What an action does for anyone, and what more of that sort is called.
fn deed(open: &Open<'_>) -> (String, &'static str) {
    match (open.write.effect, &open.write.target) {
        (Effect::DbRead, Some(entity)) => (format!("returns rows of `{entity}`"), "read"),
        _ => (open.write.says(), "write"),
    }
}

/// One finding a file: the same guard is missing in each of its actions.
fn finding(project: &Project, app: AppId, level: Level, actions: &[(ActionId, Open<'_>)]) -> Diagnostic {
    let (first, open) = &actions[0];
    let (described, place) = (project.actions().get(*first), project.action_place(*first));
    let says = |open: &Open<'_>| format!("{} for whoever posts to it", deed(open).0);
    let mut trail = Trail::new(project, place);
    trail.happens(open.write);
    trail.extend(open.near.iter().map(|&(near, place)| Label::new(place, near.as_str())));
    for (action, open) in &actions[1..] {
        trail.add(project.action_place(*action), says(open));
        trail.happens(open.write);
        trail.extend(open.near.iter().map(|&(near, place)| Label::new(place, near.as_str())));
    }
    let cause = |(action, open): &(ActionId, Open<'_>)| {
        let place = project.action_place(*action);
        Cause { place, point: Label::new(place, says(open)) }
    };
    let (does, more) = deed(open);
    let does = format!("the server action {} {does}", project.action_name(*first));
    let message = match actions.len() {
        1 => format!("{does}, and nothing asks who is calling"),
        2 => format!("{does} and one more {more}, and nothing asks who is calling"),
        count => format!("{does} and {} more {more}, and nothing asks who is calling", count - 1),
    };
    Diagnostic {
        rule: RULE.id,
        level,
        status: RULE.status,
        app: project.app_root(described.module),
        message,
        identity: Identity::new([&described.label]),
        causes: actions.iter().map(cause).collect(),
        primary: Label::new(place, says(open)),
        trail: trail.labels(),
        help: Some(help(project, app)),
        fixes: Vec::new(),
    }
}

/// A whole app that knows nobody: one note, at its manifest.
fn unknowing(project: &Project, app: AppId, actions: &[ActionId]) -> Option<Diagnostic> {
    let place = project.app_place(app)?;
    let first = *actions.first()?;
    let mut trail = Trail::new(project, place);
    for &action in actions.iter().take(3) {
        trail.add(project.action_place(action), "writes for whoever posts to it");
    }
    let name = project.action_name(first);
    let of = match actions.len() {
        1 => format!("{name} writes"),
        count => format!("{name} and {} more actions write", count - 1),
    };
    Some(Diagnostic {
        rule: RULE.id,
        level: Level::Note,
        status: RULE.status,
        app: Some(project.app(app).root.clone()),
        message: format!("nothing in this app knows who is calling, and {of} for anyone"),
        identity: Identity::new(["app"]),
        causes: Vec::new(),
        primary: Label::new(place, "the app"),
        trail: trail.labels(),
        help: Some("add a sign-in, and ask for the user in each action that writes".to_owned()),
        fixes: Vec::new(),
    })
}

/// What to do, with the functions that the app's other endpoints ask.
pub(super) fn help(project: &Project, app: AppId) -> String {
    let guards = project.usual_guards(app);
    let names: Vec<String> = guards.iter().map(|(name, _)| format!("`{name}`")).collect();
    match names.as_slice() {
        [] => "ask who is signed in, and return or throw where nobody is, before the first write".to_owned(),
        names => format!("call {} first, or whatever else turns away who is not signed in", names.join(" or ")),
    }
}
