//! `action-state-signature`

use std::cmp::Ordering;

use super::{Group, Rule};
use crate::diagnostic::{Diagnostic, Identity, Label, Level, Place, Status};
use crate::project::client::runners::{Passed, Run};
use crate::project::{Project, Trail};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "action-state-signature",
    summary: "a server action keeps the state of a form, and does not take the state before first",
    page: include_str!("../../rules/action-state-signature.md"),
    group: Group::Correctness,
    level: Level::Error,
    status: Status::Preview,
    since: "0.2.0",
    fix: false,
    check,
};

fn check(project: &Project) -> Vec<Diagnostic> {
    let kept = project.runs().iter().filter(|run| run.passed == Passed::State);
    kept.filter_map(|run| finding(project, run)).collect()
}

/// What is wrong: of the call, of the parameter that shows it, and what to do.
type Wrong = (String, &'static str, String);

/// The state comes after what is bound, and the form data after the state. Where the action takes form data shows what it expects; a wrapper of a
/// package says it.
fn wrong(project: &Project, run: &Run) -> Option<(Wrong, Option<Place>)> {
    let (name, label) = (project.action_name(run.action), &project.actions().get(run.action).label);
    let called = if label.is_empty() { "action" } else { label };
    if project.takes_input_first(run.action) && run.bound == 0 {
        let message = format!("{name} takes its input where it is passed the state before");
        let help = "build it as an action that takes a state, or run it with the hook of its package".to_owned();
        return Some(((message, "", help), None));
    }
    let taker = project.taker(run.action)?;
    let (state, form) = (taker.bound + run.bound, project.takes_form_data(taker.function)?);
    let wrong = match form.cmp(&(state + 1)) {
        Ordering::Equal => return None,
        Ordering::Less if form == state => (
            format!("{name} takes the form data where it is passed the state before"),
            "is the state before, and not the form data",
            format!("take the state first: `{}`", signature(called, state, "state, formData")),
        ),
        Ordering::Less => (
            format!("{name} is bound to so many arguments that the form data is none of those it takes"),
            "is bound, or the state before, and not the form data",
            "bind what comes before the state alone".to_owned(),
        ),
        Ordering::Greater => (
            format!(
                "{name} takes {} before the state, and is not bound to {}",
                count(form - 1 - state),
                it(form - 1 - state)
            ),
            "is never passed",
            format!("bind what comes before the state: `{called}.bind(null, ..)`"),
        ),
    };
    Some((wrong, project.parameter_place(taker.function, form)))
}

fn finding(project: &Project, run: &Run) -> Option<Diagnostic> {
    let ((message, says, help), parameter) = wrong(project, run)?;
    let name = project.action_name(run.action);
    let primary = project.value_place(run.site.0, run.value);
    let mut trail = Trail::new(project, primary);
    trail.add(project.call_place(run.site), "passes the state before, then the form data");
    trail.add(project.action_place(run.action), format!("{name} is a server action"));
    trail.extend(parameter.map(|place| Label::new(place, says)));
    Some(Diagnostic {
        rule: RULE.id,
        level: Level::Error,
        status: RULE.status,
        app: project.app_root(run.site.0),
        message,
        identity: Identity::new([
            project.function_name(project.outermost(project.function_of(run.site))),
            &project.actions().get(run.action).label,
        ]),
        causes: Vec::new(),
        primary: Label::new(primary, "keeps the state of a form"),
        trail: trail.labels(),
        help: Some(help),
        fixes: Vec::new(),
    })
}

/// `save(.., state, formData)`
fn signature(name: &str, bound: u32, rest: &str) -> String {
    let before = if bound == 0 { "" } else { ".., " };
    format!("{name}({before}{rest})")
}

fn count(missing: u32) -> String {
    if missing == 1 { "an argument".to_owned() } else { format!("{missing} arguments") }
}

const fn it(missing: u32) -> &'static str {
    if missing == 1 { "it" } else { "them" }
}
