//! `caller-supplied-identity`

use super::{Group, Rule};
use crate::diagnostic::{Cause, Diagnostic, Identity, Label, Level, Status};
use crate::project::actions::ActionId;
use crate::project::{Project, TakenIdentity, Trail};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "caller-supplied-identity",
    summary: "a server action reads or writes for the user that whoever posts to it names",
    page: include_str!("../../rules/caller-supplied-identity.md"),
    group: Group::Security,
    level: Level::Error,
    status: Status::Preview,
    since: "0.1.0",
    fix: false,
    check,
};

fn check(project: &Project) -> Vec<Diagnostic> {
    let knows = |action: ActionId| project.knows_callers(project.actions().get(action).app);
    let supplied = project.supplied_identities();
    supplied
        .iter()
        .filter(|(action, _)| knows(*action))
        .map(|(action, taken)| finding(project, *action, taken))
        .collect()
}

fn finding(project: &Project, action: ActionId, taken: &TakenIdentity<'_>) -> Diagnostic {
    let (described, name) = (project.actions().get(action), project.action_name(action));
    let does = taken.happening.says();
    let label = format!("takes `{}` from whoever posts to it", taken.name);
    let mut trail = Trail::new(project, taken.place);
    trail.add(project.action_place(action), "is a server action");
    trail.calls(&taken.happening.trail, "calls", &format!("{does} for it"));
    let point = Label::new(taken.place, label.clone());
    Diagnostic {
        rule: RULE.id,
        level: Level::Error,
        status: RULE.status,
        app: project.app_root(described.module),
        message: format!("the server action {name} {does} for the `{}` that its caller names", taken.name),
        identity: Identity::new([described.label.as_str(), taken.name.as_str()]),
        causes: vec![Cause { place: project.action_place(action), point }],
        primary: Label::new(taken.place, label),
        trail: trail.labels(),
        help: Some("take the identity from the session, not from an argument".to_owned()),
        fixes: Vec::new(),
    }
}
