//! `cache-api-out-of-context`

use super::{Group, Rule};
use crate::diagnostic::{Cause, Diagnostic, Identity, Label, Level, Status};
use crate::project::questions::misplaced::{Misplaced, Reached};
use crate::project::{Effect, Project, Trail};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "cache-api-out-of-context",
    summary: "a function of the framework is reached from a place where it throws",
    page: include_str!("../../rules/cache-api-out-of-context.md"),
    group: Group::Cache,
    level: Level::Error,
    status: Status::Preview,
    since: "0.1.0",
    fix: false,
    check,
};

fn check(project: &Project) -> Vec<Diagnostic> {
    project.misplaced().iter().map(|misplaced| finding(project, misplaced)).collect()
}

fn finding(project: &Project, misplaced: &Misplaced) -> Diagnostic {
    let site = *misplaced.trail.last().expect("a call throws");
    let place = project.call_place(site);
    let mut trail = Trail::new(project, place);
    if let Some((entered, name)) = &misplaced.entered {
        let does = match misplaced.reached {
            Reached::Handler => format!("{name} answers a request"),
            Reached::PagesApi => "answers a request, in the Pages Router".to_owned(),
            Reached::Rendering => format!("{name} renders"),
            Reached::Kept | Reached::Event => format!("{name} is entered"),
        };
        trail.add(*entered, does);
    }
    if let Some((&start, calls)) = misplaced.way.split_first() {
        trail.add(start, "runs for an event");
        calls.iter().for_each(|&place| trail.add(place, "calls"));
    }
    trail.calls(&misplaced.trail, "calls", "throws");
    if let Some(kept) = misplaced.kept {
        trail.add(kept, "its results are kept");
    }
    let name = project.callee_name(site);
    let what = if misplaced.effect == Effect::CookieWrite {
        "a cookie is written".to_owned()
    } else {
        format!("`{name}` is called")
    };
    let more = match misplaced.more {
        0 => String::new(),
        1 => ", and from one more entry".to_owned(),
        many => format!(", and from {many} more entries"),
    };
    Diagnostic {
        rule: RULE.id,
        level: Level::Error,
        status: Status::Preview,
        app: project.app_root(site.0),
        message: format!("{what} {}{more}", reached(misplaced)),
        identity: Identity::new([
            project.function_name(project.outermost(project.function_of(site))),
            name,
            reached(misplaced).as_str(),
        ]),
        causes: vec![Cause { place, point: Label::new(place, "throws here") }],
        primary: Label::new(place, "throws"),
        trail: trail.labels(),
        help: Some(help(misplaced).to_owned()),
        fixes: Vec::new(),
    }
}

fn reached(misplaced: &Misplaced) -> String {
    match (misplaced.reached, &misplaced.entered) {
        (Reached::Handler, Some((_, name))) => format!("for the route handler {name}, where it throws"),
        (Reached::Handler, None) => "for a route handler, where it throws".to_owned(),
        (Reached::PagesApi, _) => "for an API of the Pages Router, where it throws".to_owned(),
        (Reached::Rendering, _) => "while a page renders, where it throws".to_owned(),
        (Reached::Kept, _) => "inside a function whose results are kept, where it throws".to_owned(),
        (Reached::Event, _) => "for an event in the browser, where nothing takes what it throws".to_owned(),
    }
}

fn help(misplaced: &Misplaced) -> &'static str {
    match (misplaced.reached, misplaced.effect) {
        (Reached::Handler, Effect::UpdateTag) => "call `revalidateTag` with a profile there",
        (Reached::Handler, _) => "call `revalidatePath` there, or leave the refresh to whoever sent the request",
        (Reached::PagesApi, _) => "call `res.revalidate` there, or make it a route handler",
        (Reached::Rendering, _) => "move it to a server action or a route handler, which runs for the change itself",
        (Reached::Kept, _) => "move it to the caller of the function whose results are kept",
        (Reached::Event, Effect::NotFound) => "show what is to be seen instead, by a state of the component",
        (Reached::Event, _) => "navigate with the `push` of `useRouter`",
    }
}
