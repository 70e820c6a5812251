//! `unintended-endpoint`

use std::collections::BTreeMap;

use super::{Group, Rule};
use crate::diagnostic::{Cause, Diagnostic, Identity, Label, Level, Status};
use crate::project::Project;
use crate::project::actions::ActionId;
use crate::project::program::modules::ModuleId;
use crate::project::{Caller, TakenIdentity, Trail};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "unintended-endpoint",
    summary: "a function that only server code calls is exported from a `'use server'` file, which makes it a public endpoint",
    page: include_str!("../../rules/unintended-endpoint.md"),
    group: Group::Boundary,
    level: Level::Warning,
    status: Status::Stable,
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
        let mut trail = called(project, &found);
        match harm(project, &found, &mut trail) {
            Some(label) => findings.push(one(project, &found, Level::Warning, label, trail)),
            None => quiet.entry(project.actions().get(action).module).or_default().push(found),
        }
    }
    findings.extend(quiet.into_iter().map(|(module, found)| noted(project, module, &found)));
    findings
}

/// What makes an endpoint dangerous, if anything does, as the primary's label; the way to it is added to the trail.
fn harm(project: &Project, found: &Found<'_>, trail: &mut Trail<'_>) -> Option<String> {
    if let Some(write) = project.open_write(found.action) {
        trail.happens(write);
        return Some(format!("{} for whoever posts to it", write.says()));
    }
    let identity = found.identity.as_ref()?;
    trail.add(identity.place, format!("takes `{}` from whoever posts to it", identity.name));
    trail.calls(&identity.happening.trail, "calls", &format!("{} for it", identity.happening.says()));
    Some(format!("takes an identity: `{}`", identity.name))
}

/// The trail of a finding about one function: who calls it.
fn called<'p>(project: &'p Project, found: &Found<'_>) -> Trail<'p> {
    let mut trail = Trail::new(project, project.action_place(found.action));
    for caller in found.callers.iter().take(MOST_CALLERS) {
        trail.add(caller.place, "server code calls it");
    }
    trail
}

/// The finding about one function.
fn one(project: &Project, found: &Found<'_>, level: Level, label: String, trail: Trail<'_>) -> Diagnostic {
    let (described, place) = (project.actions().get(found.action), project.action_place(found.action));
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
        trail: trail.labels(),
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
        let (only, label) = (&found[0], "can be posted to by anyone".to_owned());
        return one(project, only, Level::Note, label, called(project, only));
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
