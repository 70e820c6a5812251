//! `form-without-action`

use super::{Group, Rule};
use crate::diagnostic::{Diagnostic, Identity, Label, Level, Status};
use crate::project::client::submits::OwnSubmit;
use crate::project::{Project, Trail};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "form-without-action",
    summary: "a form prevents what the browser does and calls a server action by itself, and does nothing before its script runs",
    page: include_str!("../../rules/form-without-action.md"),
    group: Group::Experience,
    level: Level::Note,
    status: Status::Preview,
    since: "0.2.0",
    fix: false,
    check,
};

/// One finding a form, whichever actions its handler calls.
fn check(project: &Project) -> Vec<Diagnostic> {
    let mut submits = project.own_submits();
    submits.sort_by_key(|submit| (submit.handler, submit.call.place));
    submits.chunk_by(|one, other| one.handler == other.handler).map(|submits| finding(project, submits)).collect()
}

fn finding(project: &Project, submits: &[OwnSubmit<'_>]) -> Diagnostic {
    let first = &submits[0];
    let name = project.action_name(first.action);
    let mut trail = Trail::new(project, first.handler);
    trail.add(first.prevents, "keeps the browser from submitting the form");
    for submit in submits {
        submit.call.way.iter().for_each(|&place| trail.add(place, "calls"));
        trail.add(submit.call.place, format!("calls {}", project.action_name(submit.action)));
        trail.add(
            project.action_place(submit.action),
            format!("{} is a server action", project.action_name(submit.action)),
        );
    }
    let more = match submits.len() {
        1 => String::new(),
        many => format!(" and {} more", many - 1),
    };
    let old = project.app_of(first.call.site.0).is_some_and(|app| !app.version.at_least(15, 0));
    let hook = if old { "useFormState" } else { "useActionState" };
    let component = project.function_name(project.outermost(project.function_of(first.call.site)));
    Diagnostic {
        rule: RULE.id,
        level: Level::Note,
        status: RULE.status,
        app: project.app_root(first.call.site.0),
        message: format!(
            "the form calls {name}{more} from a handler of its own, and does nothing until the page's script runs"
        ),
        identity: Identity::new([component, &project.actions().get(first.action).label]),
        causes: Vec::new(),
        primary: Label::new(first.handler, "submits the form in place of the browser"),
        trail: trail.labels(),
        help: Some(format!("hand the form an action, `action={{..}}`, and keep what it gives with `{hook}`")),
        fixes: Vec::new(),
    }
}
