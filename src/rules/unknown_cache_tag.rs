//! `unknown-cache-tag`

use super::{Group, Rule};
use crate::diagnostic::{Diagnostic, Identity, Label, Level, Status};
use crate::project::caching::tags::{Carried, Lasting, Uncarried};
use crate::project::{Project, Trail};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "unknown-cache-tag",
    summary: "a tag is let expire that nothing carries, or carried and never let expire",
    page: include_str!("../../rules/unknown-cache-tag.md"),
    group: Group::Cache,
    level: Level::Warning,
    status: Status::Preview,
    since: "0.2.0",
    fix: false,
    check,
};

fn check(project: &Project) -> Vec<Diagnostic> {
    let misfits = project.tag_misfits();
    let groups = misfits.uncarried.chunk_by(|one, other| group(one) == group(other));
    groups
        .map(|group| uncarried(project, group))
        .chain(misfits.unexpired.iter().map(|of| unexpired(project, of)))
        .collect()
}

/// What is one finding: a tag that a file lets expire, wherever in it.
fn group<'u>(found: &'u Uncarried<'_>) -> (usize, u32, Option<&'u str>) {
    (found.app, found.expires.site().0, found.expires.target.as_deref())
}

fn uncarried(project: &Project, all: &[Uncarried<'_>]) -> Diagnostic {
    let found = &all[0];
    let tag = found.expires.target.as_deref().unwrap_or_default();
    let place = project.call_place(found.expires.site());
    let mut trail = Trail::new(project, place);
    trail.calls(&found.expires.trail, "leads to it", "lets it expire");
    all[1..].iter().for_each(|other| trail.add(project.call_place(other.expires.site()), "lets it expire too"));
    let help = match &found.nearest {
        Some(near) => {
            trail.add(project.call_place(near.site), format!("carries `{}`", near.tag));
            format!("let `{}` expire", near.tag)
        }
        None if tag.starts_with('/') => format!("call `revalidatePath('{tag}')`, which takes a path"),
        None => "revalidate the path of what shows the change, or give what is read there this tag".to_owned(),
    };
    Diagnostic {
        rule: RULE.id,
        level: Level::Warning,
        status: RULE.status,
        app: Some(project.app(found.app).root.clone()),
        message: format!("the tag `{tag}` is let expire, and nothing that is read carries it"),
        identity: Identity::new(["uncarried", tag]),
        causes: Vec::new(),
        primary: Label::new(place, "refreshes nothing that is kept"),
        trail: trail.labels(),
        help: Some(help),
        fixes: Vec::new(),
    }
}

fn unexpired(project: &Project, found: &Carried) -> Diagnostic {
    let tag = &found.tag;
    let (kept, keeps, help) = match found.lasting {
        Lasting::ForATime => ("for a time", "keeps it for a time", "take the tag away"),
        _ => ("for good", "keeps it without a time", "set a time with `revalidate`"),
    };
    Diagnostic {
        rule: RULE.id,
        level: Level::Warning,
        status: RULE.status,
        app: project.app_root(found.site.0),
        message: format!("what carries the tag `{tag}` is kept {kept}, and nothing lets the tag expire"),
        identity: Identity::new(["unexpired", tag]),
        causes: Vec::new(),
        primary: Label::new(project.call_place(found.site), keeps),
        trail: Vec::new(),
        help: Some(format!("let `{tag}` expire where the data changes, or {help}")),
        fixes: Vec::new(),
    }
}
