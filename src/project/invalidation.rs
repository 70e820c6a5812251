//! What an action or a handler makes fresh again on the server: paths, tags, and the page that it is called from.

use super::effects::{Doing, Entered, Happening};
use super::making::Keeping;
use super::routes::{Scope, Text, Unit};
use super::summary::Certainty;
use super::{AppId, Project};
use crate::models::Effect;

/// What stands for an unknown part of a target.
const HOLE: &str = "{}";

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
fn scope(project: &Project, path: &Happening) -> Option<Scope> {
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
    let units = |text: &str| pattern(text).units().to_vec();
    meet(&units(one), &units(other))
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

/// A path that is revalidated and that no page serves.
#[derive(Debug, Clone)]
pub struct Missed<'p> {
    /// The app.
    pub app: AppId,
    /// The call, and what leads to it.
    pub path: &'p Happening,
    /// How it is meant.
    pub scope: Scope,
    /// The URL of the route that may be meant, and the path of its file as a type asks for it.
    pub nearest: Option<(String, Option<String>)>,
}

impl Project {
    /// How many arguments are written at a call.
    fn arguments_of(&self, (module, call): super::summary::Site) -> u32 {
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
        invalidation.open
            || invalidation.covers_tags(&keeping.tags)
            || self.covers_page(app, invalidation, page)
    }

    /// The paths that are revalidated and that no page of any app that does so serves, each once, by place.
    #[must_use]
    pub fn missed_paths(&self) -> Vec<Missed<'_>> {
        let actions = (0..).zip(&self.actions().all).map(|(id, action)| (action.app, self.action_doing(id)));
        let entered = self.entered().iter().map(|entered| (entered.app, &entered.doing));
        let mut found: Vec<(Missed<'_>, bool)> = Vec::new();
        for (app, doing) in actions.chain(entered) {
            for path in doing.of(Effect::RevalidatePath) {
                let Some((missed, is_missed)) = self.missed(app, path) else { continue };
                let same = |(known, _): &&mut (Missed<'_>, bool)| {
                    (known.path.site(), &known.path.target, known.scope) == (path.site(), &path.target, missed.scope)
                };
                match found.iter_mut().find(same) {
                    Some((_, all)) => *all &= is_missed,
                    None => found.push((missed, is_missed)),
                }
            }
        }
        let mut found: Vec<Missed<'_>> = found.into_iter().filter(|(_, all)| *all).map(|(missed, _)| missed).collect();
        found.sort_by_key(|missed| (self.call_place(missed.path.site()), missed.path.target.clone()));
        found
    }

    fn missed<'p>(&'p self, app: AppId, path: &'p Happening) -> Option<(Missed<'p>, bool)> {
        let target = path.target.as_deref().filter(|target| *target != HOLE)?;
        let scope = scope(self, path)?;
        let table = self.routes(app);
        let text = pattern(target);
        let covered = table.covered(&text, scope);
        let patterns_count = self.app(app).version.major < 14;
        let is_missed = covered.is_nothing() && !(patterns_count && !table.covered(&text, Scope::Page).routes.is_empty());
        let nearest = covered.nearest.map(|id| {
            let route = table.route(id);
            let file = route.page.as_deref().and_then(|page| page.strip_suffix("/page"));
            (route.url.clone(), file.map(|file| if file.is_empty() { "/".to_owned() } else { file.to_owned() }))
        });
        Some((Missed { app, path, scope, nearest }, is_missed))
    }
}

/// How a path that is served by nothing is like the route that may be meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// It is the route's own pattern, written where that has no effect.
    Pattern,
    /// It lacks the slash in front.
    Slash,
    /// A letter or two are others, or a parameter in front is left out.
    Near,
    /// It is another path.
    Far,
}

/// How many letters may be others in a path that is near.
const NEAR: usize = 2;

impl Missed<'_> {
    /// How the path is like the nearest route.
    #[must_use]
    pub fn likeness(&self) -> Likeness {
        let path = self.path.target.as_deref().unwrap_or_default();
        let Some((url, file)) = &self.nearest else { return Likeness::Far };
        if !path.starts_with('/') && format!("/{path}") == *url {
            return Likeness::Slash;
        }
        let is_pattern = path == url || file.as_deref() == Some(path);
        let behind = url.strip_prefix("/[").and_then(|rest| Some(&rest[rest.find(']')? + 1..]));
        if is_pattern && (path.contains('[') || self.scope != Scope::Path) {
            Likeness::Pattern
        } else if behind == Some(path) || (path.len() > NEAR * 2 && crate::diagnostic::nearest::edits(path, url) <= NEAR) {
            Likeness::Near
        } else {
            Likeness::Far
        }
    }
}
