//! `unguarded-handler`

use std::collections::BTreeMap;

use super::unguarded_action::help;
use super::{Group, Rule};
use crate::diagnostic::{Cause, Diagnostic, Identity, Label, Level, Place, Status};
use crate::project::effects::Entered;
use crate::project::program::modules::ModuleId;
use crate::project::questions::doubts::Doubt;
use crate::project::questions::unguarded::Open;
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
    let found = files.values().filter_map(|handlers| finding(project, handlers));
    let doubtful = project.doubtful_handlers().into_iter().filter(|(entered, _)| project.knows_callers(entered.app));
    let notes = doubtful.filter_map(|(entered, doubt)| {
        let place = project.export_place(entered.module, &entered.name)?;
        let named = project.handler_name(entered);
        Some(note(project, &RULE, (&named, &entered.name, entered.module), place, &doubt))
    });
    found.chain(notes).collect()
}

/// What is not known: the call that may ask, and how to say whether it does.
pub(super) fn note(
    project: &Project,
    rule: &Rule,
    (entry, label, module): (&str, &str, ModuleId),
    place: Place,
    doubt: &Doubt<'_>,
) -> Diagnostic {
    let (name, says) = (&doubt.name, doubt.write.says());
    let mut trail = Trail::new(project, place);
    trail.add(doubt.place, format!("`{name}` may ask who is calling, and what it does cannot be seen"));
    trail.happens(doubt.write);
    let help = match &doubt.package {
        Some(package) => {
            format!(
                "where `{name}` turns callers away, declare it: a `[[model]]` of `{package}` with the effect `auth.require`"
            )
        }
        None => format!("ask in a function that can be seen, or declare what `{name}` is in a `[[model]]`"),
    };
    Diagnostic {
        rule: rule.id,
        level: Level::Note,
        status: Status::Preview,
        app: project.app_root(module),
        message: format!("{entry} {says}, and whether `{name}` asks first who is calling cannot be seen"),
        identity: Identity::new([label, name.as_str()]),
        causes: Vec::new(),
        primary: Label::new(place, says),
        trail: trail.labels(),
        help: Some(help),
        fixes: Vec::new(),
    }
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
