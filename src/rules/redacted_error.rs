//! `redacted-error`

use super::{Group, Rule};
use crate::diagnostic::{Diagnostic, Identity, Label, Level, Status};
use crate::project::questions::redacted::Redacted;
use crate::project::{Project, Trail};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "redacted-error",
    summary: "a server action throws a message for people, and the browser shows what production puts in its place",
    page: include_str!("../../rules/redacted-error.md"),
    group: Group::Correctness,
    level: Level::Warning,
    status: Status::Stable,
    since: "0.1.0",
    fix: false,
    check,
};

/// How many messages of an action are shown.
const MOST_MESSAGES: usize = 3;

fn check(project: &Project) -> Vec<Diagnostic> {
    project.redacted().iter().map(|redacted| finding(project, redacted)).collect()
}

fn finding(project: &Project, redacted: &Redacted) -> Diagnostic {
    let name = project.action_name(redacted.action);
    let place = project.call_place(redacted.shown);
    let mut trail = Trail::new(project, place);
    trail.add(project.call_place(redacted.call), format!("calls {name}"));
    trail.add(project.action_place(redacted.action), format!("{name} is a server action"));
    for &(action, call) in &redacted.more {
        trail.add(
            project.call_place(call),
            format!("calls {}, whose message is shown too", project.action_name(action)),
        );
    }
    for thrown in redacted.thrown.iter().take(MOST_MESSAGES) {
        trail.calls(&thrown.way, "calls", "calls");
        trail.add(thrown.place, "throws a message that stays on the server");
    }
    Diagnostic {
        rule: RULE.id,
        level: Level::Warning,
        status: Status::Stable,
        app: project.app_root(redacted.shown.0),
        message: format!("the message that {name} throws is shown here, and production replaces it"),
        identity: Identity::new([project.function_name(project.outermost(project.function_of(redacted.shown))), &name]),
        causes: Vec::new(),
        primary: Label::new(place, "shows a message that says nothing in production"),
        trail: trail.labels(),
        help: Some("return the message from the action instead of throwing it".to_owned()),
        fixes: Vec::new(),
    }
}
