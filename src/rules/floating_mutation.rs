//! `floating-mutation`

use super::{Group, Rule};
use crate::diagnostic::{Diagnostic, Identity, Label, Level, Status};
use crate::project::questions::floating::Floating;
use crate::project::{Project, Trail};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "floating-mutation",
    summary: "nothing waits for a promise that writes, so that the server may stop before it has",
    page: include_str!("../../rules/floating-mutation.md"),
    group: Group::Correctness,
    level: Level::Warning,
    status: Status::Preview,
    since: "0.1.0",
    fix: false,
    check,
};

fn check(project: &Project) -> Vec<Diagnostic> {
    project.floating().iter().map(|floating| finding(project, floating)).collect()
}

fn finding(project: &Project, floating: &Floating<'_>) -> Diagnostic {
    let site = floating.write.trail[floating.frame];
    let place = project.call_place(site);
    let name = project.callee_name(site);
    let says = floating.write.says();
    let mut trail = Trail::new(project, place);
    if let Some(handled) = floating.handled {
        trail.add(project.call_place(handled), "takes what goes wrong, and waits for nothing");
    }
    trail.calls(&floating.write.trail[floating.frame..], "calls", &says);
    let (before, _) = floating.write.trail.split_at(floating.frame);
    trail.calls(before, "leads to it", "leads to it");
    let named = if name.is_empty() { "a function that is called on the spot".to_owned() } else { format!("`{name}`") };
    let last = floating.frame + 1 == floating.write.trail.len();
    let what = if last { format!("which {says}") } else { format!("and it {says}") };
    Diagnostic {
        rule: RULE.id,
        level: Level::Warning,
        status: Status::Preview,
        app: project.app_root(site.0),
        message: format!("nothing waits for {named}, {what}"),
        identity: Identity::new([project.function_name(project.outermost(project.function_of(site))), name]),
        causes: Vec::new(),
        primary: Label::new(place, "gives a promise that nobody takes"),
        trail: trail.labels(),
        help: Some(help(project, floating).to_owned()),
        fixes: Vec::new(),
    }
}

fn help(project: &Project, floating: &Floating<'_>) -> &'static str {
    let (module, _) = floating.write.trail[floating.frame];
    let has_after = project.app_of(module).is_some_and(|app| app.version.at_least(15, 1));
    if has_after && !floating.pages { "await it, or hand it to `after`" } else { "await it" }
}
