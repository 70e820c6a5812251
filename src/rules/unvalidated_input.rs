//! `unvalidated-input`

use super::{Group, Rule};
use crate::diagnostic::{Cause, Diagnostic, Identity, Label, Level, Status};
use crate::project::questions::unvalidated::{Storing, Unvalidated};
use crate::project::{Project, Trail};

/// How many parts are named.
const MOST_NAMED: usize = 4;

/// What to do about a row that is stored as it came.
const HELP_WHOLE: &str = "parse it with a schema that names the columns a caller may set, and store what that gives";

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "unvalidated-input",
    summary: "a server action or a handler stores what it is sent, and nothing checks it",
    page: include_str!("../../rules/unvalidated-input.md"),
    group: Group::Security,
    level: Level::Warning,
    status: Status::Preview,
    since: "0.2.0",
    fix: false,
    check,
};

fn check(project: &Project) -> Vec<Diagnostic> {
    project.unvalidated().iter().filter_map(|stored| finding(project, stored)).collect()
}

fn finding(project: &Project, stored: &Unvalidated<'_>) -> Option<Diagnostic> {
    let (module, place, name, key) = match stored.storing {
        Storing::Action(id) => {
            let action = project.actions().get(id);
            let name = format!("the server action {}", project.action_name(id));
            (action.module, project.action_place(id), name, action.label.as_str())
        }
        Storing::Handler(entered) => {
            let name = project.handler_name(entered);
            (entered.module, project.export_place(entered.module, &entered.name)?, name, entered.name.as_str())
        }
    };
    let does = stored.write.says();
    let (level, message, label, help) = match (stored.whole, stored.storing) {
        (true, Storing::Action(_)) => (
            Level::Warning,
            format!(
                "{name} {does} with all that its caller puts into {}, whichever columns that names",
                named(&stored.names)
            ),
            "holds whatever is posted: types are not checked when an action runs",
            HELP_WHOLE,
        ),
        (true, Storing::Handler(_)) => (
            Level::Warning,
            format!("{name} {does} with all that the body of the request holds, whichever columns that names"),
            "stores whatever was sent",
            HELP_WHOLE,
        ),
        (false, _) => (
            Level::Note,
            format!("{name} {does} with {} as its caller sent it", named(&stored.names)),
            "holds whatever is posted: types are not checked when an action runs",
            "parse it with a schema first",
        ),
    };
    let mut trail = Trail::new(project, stored.place);
    let kind = if matches!(stored.storing, Storing::Action(_)) { "is a server action" } else { "handles the request" };
    trail.add(place, kind);
    trail.calls(&stored.write.trail, "hands it on", &does);
    let point = Label::new(stored.place, "is stored unchecked");
    Some(Diagnostic {
        rule: RULE.id,
        level,
        status: RULE.status,
        app: project.app_root(module),
        message,
        identity: Identity::new([key]),
        causes: vec![Cause { place, point }],
        primary: Label::new(stored.place, label),
        trail: trail.labels(),
        help: Some(help.to_owned()),
        fixes: Vec::new(),
    })
}

/// What was sent, in backticks: `` `a`, `b` and 2 more ``.
fn named(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().take(MOST_NAMED).map(|name| format!("`{name}`")).collect();
    match (quoted.as_slice(), names.len().saturating_sub(MOST_NAMED)) {
        ([], _) => "an argument".to_owned(),
        ([one], _) => one.clone(),
        ([before @ .., last], 0) => format!("{} and {last}", before.join(", ")),
        (all, more) => format!("{} and {more} more", all.join(", ")),
    }
}
