//! `manual-pending-state`

use std::collections::BTreeMap;

use super::{Group, Rule};
use crate::diagnostic::{Diagnostic, Identity, Label, Level, Status};
use crate::project::client::pending::{Meanwhile, Waiting};
use crate::project::effects::summary::Site;
use crate::project::{Project, Trail};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "manual-pending-state",
    summary: "a flag of the component's own is set around one call of a server action",
    page: include_str!("../../rules/manual-pending-state.md"),
    group: Group::Experience,
    level: Level::Note,
    status: Status::Preview,
    since: "0.2.0",
    fix: false,
    check,
};

/// One finding a flag.
fn check(project: &Project) -> Vec<Diagnostic> {
    let mut flags: BTreeMap<Site, Vec<(Waiting<'_>, Site, Site)>> = BTreeMap::new();
    for waiting in project.waiting() {
        if let Meanwhile::Flag { hook, on, off } = waiting.meanwhile {
            flags.entry(hook).or_default().push((waiting, on, off));
        }
    }
    flags.iter().map(|(&hook, around)| finding(project, hook, around)).collect()
}

fn finding(project: &Project, hook: Site, around: &[(Waiting<'_>, Site, Site)]) -> Diagnostic {
    let primary = project.call_place(hook);
    let mut trail = Trail::new(project, primary);
    for (waiting, on, off) in around {
        let name = project.action_name(waiting.action);
        trail.add(project.call_place(*on), "is set");
        trail.add(waiting.call.place, format!("waits for {name}"));
        trail.add(project.call_place(*off), "is taken back");
        trail.add(project.action_place(waiting.action), format!("{name} is a server action"));
    }
    let (action, component) = (around[0].0.action, project.outermost(project.function_of(hook)));
    Diagnostic {
        rule: RULE.id,
        level: Level::Note,
        status: RULE.status,
        app: project.app_root(hook.0),
        message: format!("a flag is kept by hand while {} runs", project.action_name(action)),
        identity: Identity::new([project.function_name(component), &project.actions().get(action).label]),
        causes: Vec::new(),
        primary: Label::new(primary, "keeps the flag"),
        trail: trail.labels(),
        help: Some("take `isPending` of `useTransition`, or `pending` of `useFormStatus` in a form".to_owned()),
        fixes: Vec::new(),
    }
}
