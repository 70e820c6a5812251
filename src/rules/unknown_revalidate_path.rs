//! `unknown-revalidate-path`

use super::{Group, Rule};
use crate::diagnostic::{Diagnostic, Identity, Label, Level, Status};
use crate::project::caching::missed::{Likeness, Missed};
use crate::project::routes::Scope;
use crate::project::{Project, Trail};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "unknown-revalidate-path",
    summary: "a path is revalidated that no page of the app serves",
    page: include_str!("../../rules/unknown-revalidate-path.md"),
    group: Group::Cache,
    level: Level::Error,
    status: Status::Preview,
    since: "0.2.0",
    fix: false,
    check,
};

fn check(project: &Project) -> Vec<Diagnostic> {
    let all = project.missed_paths();
    all.chunk_by(|one, other| group(one) == group(other)).map(|group| finding(project, group)).collect()
}

/// What is one finding: a path that a file revalidates, wherever in it.
fn group<'m>(missed: &'m Missed<'_>) -> (usize, u32, Option<&'m str>, Scope) {
    (missed.app, missed.path.site().0, missed.path.target.as_deref(), missed.scope)
}

fn finding(project: &Project, all: &[Missed<'_>]) -> Diagnostic {
    let missed = &all[0];
    let path = missed.path.target.as_deref().unwrap_or_default();
    let site = missed.path.site();
    let place = project.call_place(site);
    let (why, level) = match (missed.likeness, missed.scope) {
        (Likeness::Pattern, _) => ("is a pattern, which without a type is no page's path", Level::Error),
        (Likeness::Folder, _) => ("is not the folder of the file, with its groups and parameters", Level::Error),
        (Likeness::Slash, _) => ("does not begin with a slash, so that no page has it", Level::Error),
        (Likeness::Prefix, _) => ("lacks the parameter in front of the page's path", Level::Error),
        (Likeness::Near, _) => ("is served by no page", Level::Error),
        (Likeness::Far, Scope::Path) => ("is served by no page", Level::Warning),
        (Likeness::Far, Scope::Page) => ("is the file of no page", Level::Warning),
        (Likeness::Far, Scope::Layout) => ("is the folder of no page", Level::Warning),
    };
    let mut trail = Trail::new(project, place);
    trail.calls(&missed.path.trail, "leads to it", "revalidates it");
    all[1..].iter().for_each(|other| trail.add(project.call_place(other.path.site()), "revalidates it too"));
    Diagnostic {
        rule: RULE.id,
        level,
        status: RULE.status,
        app: Some(project.app(missed.app).root.clone()),
        message: format!("`{path}` is revalidated, and {why}"),
        identity: Identity::new([path]),
        causes: Vec::new(),
        primary: Label::new(place, label(missed)),
        trail: trail.labels(),
        help: Some(help(missed)),
        fixes: Vec::new(),
    }
}

/// What is nearest.
fn label(missed: &Missed<'_>) -> String {
    match (&missed.nearest, &missed.folder) {
        (Some(url), _) => format!("the nearest route is `{url}`"),
        (None, Some(folder)) => format!("the nearest folder is `{folder}`"),
        (None, None) => "no route is like it".to_owned(),
    }
}

/// The call that is meant.
fn help(missed: &Missed<'_>) -> String {
    let path = missed.path.target.as_deref().unwrap_or_default();
    match (missed.likeness, &missed.folder, &missed.nearest) {
        (Likeness::Folder, Some(folder), _) => {
            let kind = if missed.scope == Scope::Layout { "layout" } else { "page" };
            format!("call `revalidatePath('{folder}', '{kind}')`")
        }
        (Likeness::Pattern | Likeness::Prefix, Some(folder), _) => format!("call `revalidatePath('{folder}', 'page')`"),
        (Likeness::Slash, ..) => format!("write `/{path}`"),
        (Likeness::Near, _, Some(url)) => format!("call `revalidatePath('{url}')`"),
        _ => "revalidate the path of a page that shows what changed".to_owned(),
    }
}
