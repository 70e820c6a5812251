//! `unintended-endpoint`

use std::collections::BTreeMap;

use super::{Group, Rule};
use crate::diagnostic::{Cause, Diagnostic, Identity, Label, Level, Status, trail};
use crate::project::Project;
use crate::project::actions::ActionId;
use crate::project::modules::ModuleId;
use crate::project::{Caller, TakenIdentity};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "unintended-endpoint",
    summary: "a function that only server code calls is exported from a `'use server'` file, which makes it a public endpoint",
    page: include_str!("../../rules/unintended-endpoint.md"),
    group: Group::Boundary,
    level: Level::Warning,
    status: Status::Preview,
    since: "0.1.0",
    fix: false,
    check,
};

/// How many calls of a function are shown.
const MOST_CALLERS: usize = 3;

/// A function that only server code calls.
struct Found<'p> {
    action: ActionId,
    callers: Vec<Caller>,
    identity: Option<TakenIdentity<'p>>,
}

fn check(project: &Project) -> Vec<Diagnostic> {
    let actions = project.server_only_actions();
    let ids: Vec<ActionId> = actions.iter().map(|&(action, _)| action).collect();
    let (mut findings, mut quiet) = (Vec::new(), BTreeMap::<ModuleId, Vec<Found<'_>>>::new());
    for ((action, callers), identity) in actions.into_iter().zip(project.taken_identities(&ids)) {
        let found = Found { action, callers, identity };
        match harm(project, &found) {
            Some((label, labels)) => findings.push(one(project, &found, Level::Warning, label, labels)),
            None => quiet.entry(project.actions().get(action).module).or_default().push(found),
        }
    }
    findings.extend(quiet.into_iter().map(|(module, found)| noted(project, module, &found)));
    findings
}

/// What makes an endpoint dangerous, if anything does, as the primary's label, and the way to it.
fn harm(project: &Project, found: &Found<'_>) -> Option<(String, Vec<Label>)> {
    if let Some(write) = project.open_write(found.action) {
        let says = write.says();
        return Some((format!("{says} for whoever posts to it"), project.steps(&write.trail, says)));
    }
    let identity = found.identity.as_ref()?;
    let mut labels = vec![Label::new(identity.place, format!("takes `{}` from whoever posts to it", identity.name))];
    labels.extend(project.steps(&identity.happening.trail, format!("{} for it", identity.happening.says())));
    Some((format!("takes an identity: `{}`", identity.name), labels))
}

/// The finding about one function.
fn one(project: &Project, found: &Found<'_>, level: Level, label: String, labels: Vec<Label>) -> Diagnostic {
    let (described, place) = (project.actions().get(found.action), project.action_place(found.action));
    let callers = found.callers.iter().take(MOST_CALLERS);
    let callers = callers.map(|caller| Label::new(caller.place, "server code calls it"));
    let trail = trail(place, callers.chain(labels).collect());
    let point = trail.last().filter(|_| level == Level::Warning).cloned();
    Diagnostic {
        rule: RULE.id,
        level,
        status: RULE.status,
        app: project.app_root(described.module),
        message: format!("{} is a public endpoint, and only server code calls it", project.action_name(found.action)),
        identity: Identity::new([&described.label]),
        causes: vec![Cause { place, point: point.unwrap_or_else(|| Label::new(place, label.clone())) }],
        primary: Label::new(place, label),
        trail,
        help: Some("move it to a file of its own that starts with `import 'server-only'`".to_owned()),
        fixes: Vec::new(),
    }
}

/// The note about the functions of a file of which nothing worse is known: one at the directive, or at the function where it is the only
/// one among those that clients call.
fn noted(project: &Project, module: ModuleId, found: &[Found<'_>]) -> Diagnostic {
    let others = project.exported_actions(module) - found.len();
    let directive = project.server_directive(module).filter(|_| found.len() > 1 || others == 0);
    let Some(directive) = directive else {
        return one(project, &found[0], Level::Note, "can be posted to by anyone".to_owned(), Vec::new());
    };
    let label = |found: &Found<'_>| {
        let place = project.action_place(found.action);
        Label::new(place, format!("only server code calls {}", project.action_name(found.action)))
    };
    let cause = |found: &Found<'_>| Cause { place: project.action_place(found.action), point: label(found) };
    let help = match others {
        0 => "put `import 'server-only'` in the place of the directive",
        _ => "move them to a file of their own that starts with `import 'server-only'`",
    };
    Diagnostic {
        rule: RULE.id,
        level: Level::Note,
        status: RULE.status,
        app: project.app_root(module),
        message: "this directive makes public endpoints of functions that only server code calls".to_owned(),
        identity: Identity::new(["directive", project.path(module)]),
        causes: found.iter().map(cause).collect(),
        primary: Label::new(directive, "makes every export an endpoint that anyone can post to"),
        trail: found.iter().map(label).collect(),
        help: Some(help.to_owned()),
        fixes: Vec::new(),
    }
}
