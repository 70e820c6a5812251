//! `event-passed-to-action`

use super::{Group, Rule};
use crate::diagnostic::{Diagnostic, Fix, Identity, Label, Level, Status};
use crate::project::client::runners::{Passed, Run};
use crate::project::{Project, Trail};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "event-passed-to-action",
    summary: "a server action is handed on as an event handler or as a query's function, and is called with what no request carries",
    page: include_str!("../../rules/event-passed-to-action.md"),
    group: Group::Correctness,
    level: Level::Error,
    status: Status::Preview,
    since: "0.2.0",
    fix: true,
    check,
};

fn check(project: &Project) -> Vec<Diagnostic> {
    let passed = project.runs().iter().filter(|run| run.passed != Passed::State);
    passed.filter_map(|run| finding(project, run)).collect()
}

/// What the action makes of what it is passed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    Reads,
    Ignores,
    Unknown,
}

fn reading(project: &Project, run: &Run) -> Reading {
    let Some(taker) = project.taker(run.action) else { return Reading::Unknown };
    let position = taker.bound + run.bound;
    // Some of a query's context is data: its key.
    let data = run.passed == Passed::Context && project.reads_member(taker.function, position, None);
    match project.reads_argument(taker.function, position) {
        true if data => Reading::Unknown,
        true => Reading::Reads,
        false => Reading::Ignores,
    }
}

/// Up to Next 14 the call throws, whatever the action does. From 15 on the action gets something that it can only hand back.
fn finding(project: &Project, run: &Run) -> Option<Diagnostic> {
    let (module, reading) = (run.site.0, reading(project, run));
    let throws = !project.app_of(module)?.version.at_least(15, 0);
    if !throws && reading != Reading::Reads {
        return None;
    }
    let name = project.action_name(run.action);
    let what = if run.passed == Passed::Context { "the context of the query" } else { "the event" };
    let message = if throws {
        format!("{name} is called with {what}, which no request can carry: the call throws")
    } else {
        format!("{name} reads {what} that it is called with, and on the server nothing can be read of it")
    };
    let primary = project.value_place(module, run.value);
    let described = project.actions().get(run.action);
    let edits = project.calls_itself(run).filter(|_| reading == Reading::Ignores);
    let fix = |edits| Fix { title: "call it without arguments".to_owned(), safe: true, edits };
    Some(Diagnostic {
        rule: RULE.id,
        level: Level::Error,
        status: RULE.status,
        app: project.app_root(module),
        message,
        identity: Identity::new([
            project.function_name(project.outermost(project.function_of(run.site))),
            &described.label,
            run.property.as_ref().map_or("", |(name, _)| name),
        ]),
        causes: Vec::new(),
        primary: Label::new(primary, format!("calls it with {what}")),
        trail: trail(project, run, reading, what),
        help: Some(help(project, run, reading)),
        fixes: edits.map(fix).into_iter().collect(),
    })
}

fn trail(project: &Project, run: &Run, reading: Reading, what: &str) -> Vec<Label> {
    let mut trail = Trail::new(project, project.value_place(run.site.0, run.value));
    trail.calls(&run.way, "hands it on", "calls what it is handed with the event");
    trail.add(project.action_place(run.action), format!("{} is a server action", project.action_name(run.action)));
    if let Some(taker) = project.taker(run.action).filter(|_| reading != Reading::Ignores)
        && let Some(place) = project.parameter_place(taker.function, taker.bound + run.bound)
    {
        trail.add(place, format!("is {what}, and is read"));
    }
    trail.labels()
}

/// What to write instead. A server component has no function of its own that it could hand over.
fn help(project: &Project, run: &Run, reading: Reading) -> String {
    let label = &project.actions().get(run.action).label;
    let name = if label.is_empty() { "action" } else { label };
    let arguments = if reading == Reading::Ignores && run.bound == 0 { "" } else { ".." };
    match &run.property {
        _ if !project.is_client(run.site.0) => {
            format!("let a form submit it: `<form action={{{name}}}>` around the button")
        }
        Some((property, _)) if run.passed == Passed::Context => {
            format!("hand over a function that calls it: `{property}: () => {name}({arguments})`")
        }
        Some((property, _)) => {
            format!("hand over a function that calls it: `{property}={{() => {name}({arguments})}}`")
        }
        None => format!("hand over a function that calls it: `() => {name}({arguments})`"),
    }
}
