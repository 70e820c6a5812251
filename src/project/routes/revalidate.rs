//! Which pages an invalidated path covers.
//!
//! A page is cached under the path that was asked for, under the path of its file, and under each folder of it as a layout (Next 16.4.6,
//! `implicit-tags`): the last two have groups and slots in them, and a literal path means one page alone.

use super::expression::{Expression, Node, Outcome};
use super::segment::is_dynamic;
use super::text::{Text, Unit};
use super::{Gap, GapKind, Route, RouteId, RouteKind, RouteTable};
use crate::project::entries::next;

/// How an invalidated path is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// As the path of one request.
    Path,
    /// As the file of a page: `'page'`.
    Page,
    /// As a folder, and everything in it: `'layout'`.
    Layout,
}

/// What an invalidated path covers.
#[derive(Debug)]
pub struct Covered {
    /// The routes, by URL.
    pub routes: Vec<RouteId>,
    /// Whether it is certain that there are no others.
    pub certain: bool,
    /// Whether it would be, if a proxy did not rewrite.
    pub certain_behind_proxy: bool,
    /// Of a path that covers nothing, the route that may be meant.
    pub nearest: Option<RouteId>,
}

impl Covered {
    /// Whether it is certain that nothing is covered.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.routes.is_empty() && self.certain
    }
}

impl RouteTable {
    /// What an invalidated path covers. The path is written without the base path.
    #[must_use]
    pub fn covered(&self, path: &Text, scope: Scope) -> Covered {
        let path = without_slash(path);
        let (routes, certain, certain_behind_proxy) = match scope {
            Scope::Path => self.covered_by_path(&path),
            Scope::Page | Scope::Layout => (self.covered_by_file(&path, scope), true, true),
        };
        let nearest = if routes.is_empty() { self.meant(&path) } else { None };
        Covered { routes, certain, certain_behind_proxy, nearest }
    }

    fn covered_by_path(&self, path: &Text) -> (Vec<RouteId>, bool, bool) {
        if path.as_known().is_some_and(|path| is_dynamic(&path)) {
            // A pattern is nobody's path.
            return (Vec::new(), true, true);
        }
        let mut asked = Text::known(self.base());
        asked.extend(path.units());
        let answer = self.ask(&asked);
        let is_served = |id: RouteId| self.route(id).kind != RouteKind::PagesApi && has_parts(self.route(id), path);
        let mut routes: Vec<RouteId> = answer.routes.iter().copied().filter(|&id| is_served(id)).collect();
        routes.sort_unstable();
        let holds = |gap: &Gap| !matches!(gap.kind, GapKind::Proxy | GapKind::CatchAll) && gap.may_hold(asked.units());
        let behind_proxy = !answer.elsewhere && !self.gaps.iter().any(holds);
        (routes, answer.gap.is_none() && !answer.elsewhere, behind_proxy)
    }

    /// The folder, as it is on disk, whose pages have a URL that begins as a path does: groups and slots are left out of it.
    #[must_use]
    pub fn folder_of(&self, path: &Text) -> Option<String> {
        let path = without_slash(path);
        let pages = self.routes.iter().filter_map(|route| route.page.as_deref());
        let mut all = pages.flat_map(|page| folders(page).collect::<Vec<_>>());
        let fits = |folder: &&str| may_be(&next::app_url(folder), &path);
        all.find(|folder| fits(folder)).map(str::to_owned)
    }

    fn covered_by_file(&self, path: &Text, scope: Scope) -> Vec<RouteId> {
        let covers = |page: &str| match scope {
            Scope::Layout => folders(page).any(|folder| may_be(folder, path)),
            _ => page
                .strip_suffix("/page")
                .is_some_and(|folder| may_be(if folder.is_empty() { "/" } else { folder }, path)),
        };
        let routes = self.routes.iter().enumerate();
        routes.filter(|(_, route)| route.page.as_deref().is_some_and(covers)).map(|(id, _)| id).collect()
    }

    /// The route that a path without effect means: the one whose file or URL is written like it, else the nearest.
    fn meant(&self, path: &Text) -> Option<RouteId> {
        let known = path.as_known();
        let same = self.routes.iter().position(|route| known.as_ref() == Some(&route.url));
        same.or_else(|| {
            let mut asked = Text::known(self.base());
            asked.extend(path.units());
            self.ask(&asked).routes.first().copied().or_else(|| self.nearest(&asked))
        })
    }

    /// The folders of the App Router that have a layout of their own.
    #[must_use]
    pub fn layouts(&self) -> &[String] {
        &self.layouts
    }
}

/// Whether a route has a segment for each part of a path: what ends it behind a slash is there, and `/posts/${id}` is no `/posts`. What is all
/// of a path may be nothing.
fn has_parts(route: &Route, path: &Text) -> bool {
    let ends_open = matches!(path.units(), [_, .., Unit::Char('/'), hole] if hole.is_hole());
    let parts = path.split('/').skip(1).filter(|part| !part.is_empty()).count();
    !ends_open || route.is_catch_all() || parts <= route.segments.len()
}

/// The folders of a page's file, `/` first.
fn folders(page: &str) -> impl Iterator<Item = &str> {
    let ends = page.match_indices('/').map(|(at, _)| at).skip(1);
    std::iter::once("/").chain(ends.map(|end| &page[..end]))
}

fn may_be(text: &str, path: &Text) -> bool {
    let node = Node::All(vec![Node::Start, Node::text(text), Node::End]);
    Expression::new(&node, false).is_none_or(|expression| expression.run(path.units()) != Outcome::No)
}

fn without_slash(path: &Text) -> Text {
    let units = path.units();
    match units {
        [rest @ .., Unit::Char('/')] if !rest.is_empty() => Text::from(rest),
        _ => path.clone(),
    }
}
