//! `no-pending-state`

use std::collections::BTreeMap;

use super::{Group, Rule};
use crate::diagnostic::{Diagnostic, Identity, Label, Level, Status};
use crate::project::client::pending::{Meanwhile, Waiting};
use crate::project::program::modules::FunctionRef;
use crate::project::{Project, Trail};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "no-pending-state",
    summary: "an event waits for a server action, and nothing shows that it does",
    page: include_str!("../../rules/no-pending-state.md"),
    group: Group::Experience,
    level: Level::Note,
    status: Status::Preview,
    since: "0.2.0",
    fix: false,
    check,
};

/// One finding a component, at the first action that it waits for.
fn check(project: &Project) -> Vec<Diagnostic> {
    let mut groups: BTreeMap<FunctionRef, Vec<Waiting<'_>>> = BTreeMap::new();
    for waiting in project.waiting().into_iter().filter(|waiting| waiting.meanwhile == Meanwhile::Nothing) {
        groups.entry(project.outermost(project.function_of(waiting.call.site))).or_default().push(waiting);
    }
    for waiting in groups.values_mut() {
        waiting.sort_by_key(|waiting| waiting.call.place);
    }
    groups.iter().map(|(&component, waiting)| finding(project, component, waiting)).collect()
}

fn finding(project: &Project, component: FunctionRef, waiting: &[Waiting<'_>]) -> Diagnostic {
    let (first, action) = (waiting[0].call, waiting[0].action);
    let name = project.action_name(action);
    let mut trail = Trail::new(project, first.place);
    for waiting in waiting {
        if let Some((&start, calls)) = waiting.call.way.split_first() {
            trail.add(start, "runs for an event");
            calls.iter().for_each(|&place| trail.add(place, "calls"));
        }
        let name = project.action_name(waiting.action);
        trail.add(waiting.call.place, format!("waits for {name} too"));
        trail.add(project.action_place(waiting.action), format!("{name} is a server action"));
    }
    Diagnostic {
        rule: RULE.id,
        level: Level::Note,
        status: RULE.status,
        app: project.app_root(first.site.0),
        message: format!("an event waits for {name}, and nothing shows that it does"),
        identity: Identity::new([project.function_name(component), &project.actions().get(action).label]),
        causes: Vec::new(),
        primary: Label::new(first.place, "sends a request, and may be sent again meanwhile"),
        trail: trail.labels(),
        help: Some("call it in the `startTransition` of `useTransition`, and show `isPending`".to_owned()),
        fixes: Vec::new(),
    }
}
