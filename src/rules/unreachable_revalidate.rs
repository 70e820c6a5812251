//! `unreachable-revalidate`

use super::{Group, Rule};
use crate::diagnostic::{Cause, Diagnostic, Identity, Label, Level, Status};
use crate::project::caching::unreached::{Ending, Unreached};
use crate::project::{Effect, Project, Trail};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "unreachable-revalidate",
    summary: "a revalidation comes after a redirect, a `return` or a `throw` that always ends the function before it",
    page: include_str!("../../rules/unreachable-revalidate.md"),
    group: Group::Cache,
    level: Level::Error,
    status: Status::Preview,
    since: "0.1.0",
    fix: false,
    check,
};

fn check(project: &Project) -> Vec<Diagnostic> {
    project.unreached().iter().map(|unreached| finding(project, unreached)).collect()
}

fn finding(project: &Project, unreached: &Unreached) -> Diagnostic {
    let first = unreached.refreshes.first().expect("something is not reached");
    let call = first.trail[0];
    let place = project.call_place(call);
    let mut trail = Trail::new(project, place);
    let (by, label) = ends(project, &unreached.by);
    trail.add(unreached.end, label);
    if let Ending::Leaves(happening) = &unreached.by {
        let does =
            if happening.effect == Effect::NotFound { "ends the request by throwing" } else { "redirects by throwing" };
        trail.calls(&happening.trail, "calls", does);
    }
    if first.trail.len() > 1 {
        trail.calls(&first.trail[1..], "calls", "would refresh what is shown");
    }
    for more in &unreached.refreshes[1..] {
        trail.add(project.call_place(more.trail[0]), "is not reached either");
    }
    let cause = |place| Cause { place, point: Label::new(place, "is not reached") };
    Diagnostic {
        rule: RULE.id,
        level: Level::Error,
        status: Status::Preview,
        app: project.app_root(call.0),
        message: format!("`{}` is never reached: {by} comes first", project.callee_name(call)),
        identity: Identity::new([
            project.function_name(project.outermost(unreached.function)),
            project.callee_name(call),
            first.target.as_deref().unwrap_or(""),
        ]),
        causes: unreached.refreshes.iter().map(|refresh| cause(project.call_place(refresh.trail[0]))).collect(),
        primary: Label::new(place, "is not reached"),
        trail: trail.labels(),
        help: Some(format!("move it before {by}")),
        fixes: Vec::new(),
    }
}

/// What ends the function, in words, and as a label.
fn ends(project: &Project, by: &Ending) -> (String, &'static str) {
    match by {
        Ending::Leaves(happening) => (format!("`{}`", project.callee_name(happening.trail[0])), "never returns"),
        Ending::NeverReturns(site) => (format!("`{}`", project.callee_name(*site)), "always throws"),
        Ending::Returns => ("the `return`".to_owned(), "returns"),
        Ending::Throws => ("the `throw`".to_owned(), "throws"),
    }
}
