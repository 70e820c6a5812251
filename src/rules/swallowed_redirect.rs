//! `swallowed-redirect`

use super::{Group, Rule};
use crate::diagnostic::{Diagnostic, Identity, Label, Level, Status};
use crate::project::questions::swallow::{KeptInBrowser, Swallowed};
use crate::project::{Effect, Project, Trail};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "swallowed-redirect",
    summary: "a redirect is thrown inside a `try` whose `catch` keeps it, so that nobody is redirected",
    page: include_str!("../../rules/swallowed-redirect.md"),
    group: Group::Correctness,
    level: Level::Error,
    status: Status::Preview,
    since: "0.1.0",
    fix: false,
    check,
};

fn check(project: &Project) -> Vec<Diagnostic> {
    let on_server = project.swallowed();
    let in_browser = project.kept_in_browser();
    let found = on_server.iter().map(|swallowed| swallows(project, swallowed));
    found.chain(in_browser.iter().map(|kept| keeps(project, kept))).collect()
}

/// A redirect that the server throws and catches itself.
fn swallows(project: &Project, swallowed: &Swallowed<'_>) -> Diagnostic {
    let Swallowed { happening, frame, catch } = *swallowed;
    let thrown = happening.site();
    // What a wrapper catches is repaired where it is thrown: the wrapper calls what it is handed.
    let at = happening.trail[frame..].iter().copied().find(|&site| project.names_callee(site)).unwrap_or(thrown);
    let handed = at != happening.trail[frame];
    let name = project.callee_name(at);
    let does = what(happening.effect);
    let message = if at == thrown {
        format!("`{name}` {does} by throwing, and a `catch` around it keeps what it throws")
    } else {
        format!("`{name}` may call what {does} by throwing, and a `catch` around it keeps that")
    };
    let mut trail = Trail::new(project, project.call_place(at));
    let leads = if handed { &happening.trail[..] } else { &happening.trail[frame..] };
    trail.calls(leads, "calls", &format!("{does} by throwing"));
    trail.add(catch, "keeps what is thrown");
    Diagnostic {
        rule: RULE.id,
        level: Level::Error,
        status: Status::Preview,
        app: project.app_root(at.0),
        message,
        identity: Identity::new([project.function_name(project.outermost(project.function_of(at))), name]),
        causes: Vec::new(),
        primary: Label::new(
            project.call_place(at),
            format!("{} by throwing", if at == thrown { does } else { "ends the request" }),
        ),
        trail: trail.labels(),
        help: Some(
            "move it out of the `try`, or throw on what the framework threw, first of all in the `catch`".to_owned(),
        ),
        fixes: Vec::new(),
    }
}

/// A redirect of an action, which rejects the promise that the browser awaits.
fn keeps(project: &Project, kept: &KeptInBrowser<'_>) -> Diagnostic {
    let name = project.action_name(kept.action);
    let place = project.call_place(kept.call);
    let mut trail = Trail::new(project, place);
    trail.add(kept.catch, "runs although nothing went wrong");
    trail.add(project.action_place(kept.action), format!("{name} is a server action"));
    let does = what(kept.happening.effect);
    trail.calls(&kept.happening.trail, "calls", &format!("{does} by throwing"));
    Diagnostic {
        rule: RULE.id,
        level: Level::Note,
        status: Status::Preview,
        app: project.app_root(kept.call.0),
        message: format!("{name} {does}, and the `catch` around its call takes that for an error"),
        identity: Identity::new([project.function_name(project.outermost(project.function_of(kept.call))), &name]),
        causes: Vec::new(),
        primary: Label::new(place, "rejects when the action redirects"),
        trail: trail.labels(),
        help: Some("throw on what the framework threw, first of all in the `catch`".to_owned()),
        fixes: Vec::new(),
    }
}

fn what(effect: Effect) -> &'static str {
    match effect {
        Effect::NotFound => "ends the request",
        _ => "redirects",
    }
}
