//! What an action or a handler makes fresh again on the server: paths, tags, and the page that it is called from.

use super::making::Keeping;
use crate::models::Effect;
use crate::project::effects::summary::{Certainty, Site};
use crate::project::effects::{Doing, Entered, Happening};
use crate::project::routes::{Scope, Text, Unit};
use crate::project::{AppId, Project};

/// What stands for an unknown part of a target.
pub(in crate::project) const HOLE: &str = "{}";

/// Everything that an entry makes fresh again, as far as it is known.
#[derive(Debug, Clone, Default)]
pub struct Invalidation<'p> {
    /// The calls that revalidate a path.
    pub paths: Vec<&'p Happening>,
    /// The calls that let a tag expire.
    pub tags: Vec<&'p Happening>,
    /// Whether a path or a tag is among them of which nothing is known.
    pub open: bool,
}

impl<'p> Invalidation<'p> {
    /// What an entry makes fresh again, what it does only where something was caught left out.
    #[must_use]
    pub fn of(doing: &'p Doing) -> Self {
        let done = || doing.happenings.iter().filter(|happening| happening.certainty != Certainty::Caught);
        let of = |effects: &[Effect]| -> Vec<&'p Happening> {
            done().filter(|happening| effects.contains(&happening.effect)).collect()
        };
        let paths = of(&[Effect::RevalidatePath]);
        let tags = of(&[Effect::RevalidateTag, Effect::UpdateTag]);
        let unknown = |happening: &&&Happening| happening.target.as_deref().is_none_or(|target| target == HOLE);
        let open = paths.iter().chain(&tags).find(unknown).is_some();
        Self { paths, tags, open }
    }

    /// Whether nothing at all is made fresh again.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.paths.is_empty() && self.tags.is_empty()
    }

    /// Whether a tag among some may be one that is let expire.
    #[must_use]
    pub fn covers_tags(&self, tags: &[Option<String>]) -> bool {
        let may_be = |tag: &Option<String>| {
            let of = |happening: &&Happening| match (&happening.target, tag) {
                (Some(target), Some(tag)) => may_be_same(target, tag),
                _ => true,
            };
            self.tags.iter().any(of)
        };
        tags.iter().any(may_be)
    }
}

/// How a path is meant, by the second argument of the call; `None` where there is one that is not known.
pub(in crate::project) fn scope(project: &Project, path: &Happening) -> Option<Scope> {
    match path.detail.as_deref() {
        Some("page") => Some(Scope::Page),
        Some("layout") => Some(Scope::Layout),
        None if project.arguments_of(path.site()) < 2 => Some(Scope::Path),
        _ => None,
    }
}

/// A target as a text with holes.
#[must_use]
pub fn pattern(target: &str) -> Text {
    let mut parts = target.split(HOLE);
    let first = Text::known(parts.next().unwrap_or_default());
    parts.fold(first, |text, part| text.then_hole(Unit::Rest).then(part))
}

/// Whether two texts with holes may be the same.
#[must_use]
pub fn may_be_same(one: &str, other: &str) -> bool {
    if !one.contains(HOLE) && !other.contains(HOLE) {
        return one == other;
    }
    let known = |text: &str| text.find(HOLE).unwrap_or(text.len());
    let start = known(one).min(known(other));
    if one.as_bytes()[..start] != other.as_bytes()[..start] {
        return false;
    }
    meet(pattern(one).units(), pattern(other).units())
}

/// Whether some text fits both patterns: cell by cell, what is left of the one against what is left of the other.
fn meet(one: &[Unit], other: &[Unit]) -> bool {
    let mut row: Vec<bool> = Vec::with_capacity(other.len() + 1);
    row.push(true);
    for unit in other {
        row.push(row.last().copied().unwrap_or_default() && unit.is_hole());
    }
    for first in one {
        let mut next = vec![row[0] && first.is_hole()];
        for (at, second) in other.iter().enumerate() {
            let skips = first.is_hole() || second.is_hole();
            next.push(if skips { row[at + 1] || next[at] } else { row[at] && first == second });
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

impl Project {
    /// How many arguments are written at a call.
    fn arguments_of(&self, (module, call): Site) -> u32 {
        self.module(module).facts.calls[call as usize].arguments.len
    }

    /// Whether a path that is revalidated covers the page of a view, or may.
    #[must_use]
    pub fn covers_page(&self, app: AppId, invalidation: &Invalidation<'_>, page: &Entered) -> bool {
        let table = self.routes(app);
        let Some(route) = table.of_file(self.module(page.module).file) else { return true };
        invalidation.paths.iter().any(|path| {
            let Some(target) = path.target.as_deref() else { return true };
            match scope(self, path) {
                None => true,
                Some(scope) => {
                    let text = pattern(target);
                    let covers = |scope| table.covered(&text, scope).routes.contains(&route);
                    covers(scope) || (self.app(app).version.major < 14 && covers(Scope::Page))
                }
            }
        })
    }

    /// Whether what is kept of a page's reads is made fresh again, or may be.
    #[must_use]
    pub fn covers_keeping(
        &self,
        app: AppId,
        invalidation: &Invalidation<'_>,
        (page, keeping): (&Entered, &Keeping),
    ) -> bool {
        invalidation.open || invalidation.covers_tags(&keeping.tags) || self.covers_page(app, invalidation, page)
    }
}
