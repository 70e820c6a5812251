//! `revalidate-tag-single-argument`

use super::{Group, Rule};
use crate::diagnostic::{Diagnostic, Identity, Label, Level, Status};
use crate::project::caching::expiry::{RunsFor, Unprofiled};
use crate::project::effects::summary::Site;
use crate::project::{Project, Trail};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "revalidate-tag-single-argument",
    summary: "`revalidateTag` is called without the profile that Next 16 asks for",
    page: include_str!("../../rules/revalidate-tag-single-argument.md"),
    group: Group::Cache,
    level: Level::Warning,
    status: Status::Preview,
    since: "0.2.0",
    fix: true,
    check,
};

fn check(project: &Project) -> Vec<Diagnostic> {
    let all = project.unprofiled();
    all.iter().map(|found| finding(project, found, &all)).collect()
}

fn finding(project: &Project, found: &Unprofiled<'_>, all: &[Unprofiled<'_>]) -> Diagnostic {
    let site = found.expires.site();
    let place = project.call_place(site);
    let tag = found.expires.target.as_deref().filter(|tag| *tag != "{}");
    let about = tag.map_or_else(String::new, |tag| format!(" for `{tag}`"));
    let (help, fix) = match found.runs_for {
        RunsFor::Actions => (
            "call `updateTag`, by which whoever calls the action sees the change",
            project.with_import("call `updateTag`".to_owned(), &beside(found, all), "updateTag"),
        ),
        RunsFor::Handlers => (
            "pass `'max'`, by which the next visitor has it made anew",
            project.with_argument("pass `'max'`".to_owned(), site, "'max'"),
        ),
        RunsFor::Both => ("pass `'max'`, and call `updateTag` in the action itself", None),
    };
    let mut trail = Trail::new(project, place);
    trail.calls(&found.expires.trail, "leads to it", "is called");
    Diagnostic {
        rule: RULE.id,
        level: Level::Warning,
        status: RULE.status,
        app: Some(project.app(found.app).root.clone()),
        message: format!("`revalidateTag` is called{about} without the profile that Next 16 asks for"),
        identity: Identity::new([tag.unwrap_or_default()]),
        causes: Vec::new(),
        primary: Label::new(place, "names no profile"),
        trail: trail.labels(),
        help: Some(help.to_owned()),
        fixes: fix.into_iter().collect(),
    }
}

/// The calls of a file that are mended together, since they share an import.
fn beside(found: &Unprofiled<'_>, all: &[Unprofiled<'_>]) -> Vec<Site> {
    let of = |other: &&Unprofiled<'_>| {
        other.runs_for == RunsFor::Actions && other.expires.site().0 == found.expires.site().0
    };
    all.iter().filter(of).map(|other| other.expires.site()).collect()
}
