//! `mutation-in-get`

use super::{Group, Rule};
use crate::diagnostic::{Diagnostic, Identity, Label, Level, Status};
use crate::project::entries::EntryKind;
use crate::project::questions::getters::Getter;
use crate::project::{Project, Trail};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "mutation-in-get",
    summary: "a request that only asks changes something",
    page: include_str!("../../rules/mutation-in-get.md"),
    group: Group::Security,
    level: Level::Error,
    status: Status::Preview,
    since: "0.1.0",
    fix: false,
    check,
};

/// How many writes are shown of a handler.
const MOST_WRITES: usize = 3;

fn check(project: &Project) -> Vec<Diagnostic> {
    project.changing_getters().iter().filter_map(|getter| finding(project, getter)).collect()
}

fn finding(project: &Project, getter: &Getter<'_>) -> Option<Diagnostic> {
    let entered = getter.entered;
    let place = project.export_place(entered.module, &entered.name)?;
    let first = *getter.writes.first()?;
    let any_method = entered.kind == EntryKind::PagesApi;
    let mut trail = Trail::new(project, place);
    for &write in getter.writes.iter().take(MOST_WRITES) {
        trail.happens(write);
    }
    let method = if any_method { "GET" } else { &entered.name };
    let does = if getter.signs_out { "signs people out".to_owned() } else { first.says() };
    let label = if any_method { "answers every method" } else { "answers whoever follows a link" };
    let help = if getter.scheduled {
        "compare the scheduler's secret before anything is written"
    } else if any_method {
        "answer `POST` alone: look at `req.method` before anything is written"
    } else {
        "export it as `POST`, and send it from a form or an event"
    };
    Some(Diagnostic {
        rule: RULE.id,
        level: if getter.signs_out || any_method { Level::Warning } else { Level::Error },
        status: Status::Preview,
        app: project.app_root(entered.module),
        message: format!("`{method} {}` {does}, and a link, a prefetch or a crawler is enough to send it", getter.url),
        identity: Identity::new([getter.url.as_str(), method]),
        causes: Vec::new(),
        primary: Label::new(place, label),
        trail: trail.labels(),
        help: Some(help.to_owned()),
        fixes: Vec::new(),
    })
}
