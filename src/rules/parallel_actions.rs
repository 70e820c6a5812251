//! `parallel-actions`

use super::{Group, Rule};
use crate::diagnostic::{Diagnostic, Identity, Label, Level, Place, Status};
use crate::project::Project;
use crate::project::actions::ActionId;
use crate::project::client::together::{Together, Waits};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "parallel-actions",
    summary: "server actions are started together in client code, where they run one after another",
    page: include_str!("../../rules/parallel-actions.md"),
    group: Group::Boundary,
    level: Level::Warning,
    status: Status::Preview,
    since: "0.1.0",
    fix: false,
    check,
};

fn check(project: &Project) -> Vec<Diagnostic> {
    project.started_together().iter().map(|together| finding(project, together)).collect()
}

fn finding(project: &Project, together: &Together) -> Diagnostic {
    let primary = project.call_place(together.site);
    let mut labels: Vec<Label> = Vec::new();
    let mut add = |place: Place, message: String| {
        if place != primary && !labels.iter().any(|label| label.place == place) {
            labels.push(Label::new(place, message));
        }
    };
    for start in &together.starts {
        let (last, before) = start.way.split_last().expect("an action is started by a call");
        let each = if start.each { " for each element" } else { "" };
        let mut way = before.iter();
        if let Some(&first) = way.next() {
            add(
                project.call_place(first),
                if start.each { "runs for each element".to_owned() } else { "calls".to_owned() },
            );
        }
        way.for_each(|&site| add(project.call_place(site), "calls".to_owned()));
        add(project.call_place(*last), format!("calls {}{each}", name(project, start.action)));
    }
    let actions = distinct(together);
    for &action in &actions {
        let described = project.actions().get(action);
        let place = project.module(described.module).place(described.declared);
        add(place, format!("{} is a server action", name(project, action)));
    }
    let label = match together.waits {
        Waits::ForAll => "waits for all of them",
        Waits::ForFirst => "waits for the first of them",
        Waits::Later => "is started before the others are awaited",
    };
    Diagnostic {
        rule: RULE.id,
        level: Level::Warning,
        status: Status::Preview,
        app: project.app_root(together.site.0),
        message: message(project, together, &actions),
        identity: Identity::new([
            project.function_name(project.outermost(project.function_of(together.site))),
            &actions.iter().map(|&action| name(project, action)).collect::<Vec<_>>().join(" "),
        ]),
        causes: Vec::new(),
        primary: Label::new(primary, label),
        trail: labels,
        help: Some("call one action, which does all of it together on the server".to_owned()),
        fixes: Vec::new(),
    }
}

fn message(project: &Project, together: &Together, actions: &[ActionId]) -> String {
    let names: Vec<String> = actions.iter().map(|&action| name(project, action)).collect();
    match names.as_slice() {
        [only] if together.starts.iter().any(|start| start.each) => {
            format!("{only} is called for every element at once, and the calls run one after another")
        }
        [only] => format!("calls of {only} are started together, and run one after another"),
        [first, second] => format!("{first} and {second} are started together, and run one after another"),
        many => {
            format!("{} and {} more actions are started together, and run one after another", many[0], many.len() - 1)
        }
    }
}

fn name(project: &Project, action: ActionId) -> String {
    let label = &project.actions().get(action).label;
    if label.is_empty() { "an inline action".to_owned() } else { format!("`{label}`") }
}

/// The actions, each once, in the order of their first start.
fn distinct(together: &Together) -> Vec<ActionId> {
    let mut actions = Vec::new();
    for start in &together.starts {
        if !actions.contains(&start.action) {
            actions.push(start.action);
        }
    }
    actions
}
