//! Paths that are revalidated and that no page serves, and the routes that may be meant.

use super::invalidation::{HOLE, pattern, scope};
use crate::diagnostic::nearest::edits;
use crate::models::Effect;
use crate::project::effects::Happening;
use crate::project::routes::{Route, RouteId, RouteTable, Scope, Text, Unit};
use crate::project::{AppId, Project};

/// How many letters may be others in a path that is near.
const NEAR: usize = 2;

/// A path that is revalidated and that no page serves.
#[derive(Debug, Clone)]
pub struct Missed<'p> {
    /// The app.
    pub app: AppId,
    /// The call, and what leads to it.
    pub path: &'p Happening,
    /// How it is meant.
    pub scope: Scope,
    /// How it is like the route that may be meant.
    pub likeness: Likeness,
    /// The URL of that route.
    pub nearest: Option<String>,
    /// The folder of its file as a type asks for it, groups included.
    pub folder: Option<String>,
}

/// How a path that is served by nothing is like the route that may be meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// It is the route's pattern, written where it needs a type.
    Pattern,
    /// With a type it is to be the folder of a file, and leaves out a group or a parameter of it.
    Folder,
    /// It lacks the slash in front.
    Slash,
    /// It lacks the parameter in front.
    Prefix,
    /// A letter or two are others.
    Near,
    /// It is another path.
    Far,
}

impl Project {
    /// The paths that are revalidated and that no page of any app that does so serves, each once, by app, file and path.
    #[must_use]
    pub fn missed_paths(&self) -> Vec<Missed<'_>> {
        let actions = (0..).zip(&self.actions().all).map(|(id, action)| (action.app, self.action_doing(id)));
        let entered = self.entered().iter().map(|entered| (entered.app, &entered.doing));
        let mut found: Vec<(Missed<'_>, bool)> = Vec::new();
        for (app, doing) in actions.chain(entered) {
            for path in doing.of(Effect::RevalidatePath) {
                let Some((missed, is_missed)) = self.missed(app, path) else { continue };
                // One of several paths may be the one that is meant.
                let mut others = doing.of(Effect::RevalidatePath).filter(|other| other.trail == path.trail);
                let is_missed =
                    is_missed && others.all(|other| self.missed(app, other).is_some_and(|(_, missed)| missed));
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
        found.sort_by_key(|missed| {
            let place = self.call_place(missed.path.site());
            (missed.app, place.file, missed.path.target.clone(), missed.scope, place)
        });
        found
    }

    /// A path with what may be meant by it, and whether no page serves it.
    fn missed<'p>(&'p self, app: AppId, path: &'p Happening) -> Option<(Missed<'p>, bool)> {
        let target = path.target.as_deref().filter(|target| *target != HOLE)?;
        let scope = scope(self, path)?;
        let (table, major) = (self.routes(app), self.app(app).version.major);
        let text = pattern(target);
        let covered = table.covered(&text, scope);
        // From Next 15 on what a proxy rewrites is kept under the path that it is rewritten to.
        let certain = covered.certain || (major >= 15 && covered.certain_behind_proxy);
        let was_meant = major < 14 && !table.covered(&text, Scope::Page).routes.is_empty();
        let is_missed = covered.routes.is_empty() && certain && !was_meant;
        let (likeness, folder, nearest) = like(table, target, scope, covered.nearest);
        Some((Missed { app, path, scope, likeness, nearest, folder }, is_missed))
    }
}

/// How a path is like the route that may be meant, the folder of that route, and its URL.
fn like(
    table: &RouteTable,
    target: &str,
    scope: Scope,
    nearest: Option<RouteId>,
) -> (Likeness, Option<String>, Option<String>) {
    let served = |text: &Text| table.covered(text, Scope::Path).routes.first().map(|&id| table.route(id));
    let text = pattern(target);
    let whole = |likeness, route: &Route| (likeness, folder(route), Some(route.url.clone()));
    if scope != Scope::Path
        && let Some(found) = table.folder_of(&text).or_else(|| served(&text).and_then(folder))
    {
        return (Likeness::Folder, Some(found), served(&text).map(|route| route.url.clone()));
    }
    if let Some(route) = (!target.starts_with('/')).then(|| served(&Text::known("/").then_all(&text))).flatten() {
        return whole(Likeness::Slash, route);
    }
    let behind_parameter = Text::known("/").then_hole(Unit::Segment).then_all(&text);
    if let Some(route) = served(&behind_parameter)
        && route.url.starts_with("/[")
        && !route.is_catch_all()
    {
        return whole(Likeness::Prefix, route);
    }
    let Some(route) = nearest.map(|id| table.route(id)) else { return (Likeness::Far, None, None) };
    let likeness = if target == route.url {
        Likeness::Pattern
    } else if target.len() > NEAR * 2 && edits(target, &route.url) <= NEAR {
        Likeness::Near
    } else {
        Likeness::Far
    };
    whole(likeness, route)
}

/// The folder of a route's file, groups included.
fn folder(route: &Route) -> Option<String> {
    let folder = route.page.as_deref()?.strip_suffix("/page")?;
    Some(if folder.is_empty() { "/".to_owned() } else { folder.to_owned() })
}
