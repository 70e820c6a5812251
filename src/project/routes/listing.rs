//! The table as it is listed: routes in the order in which the server tries them, and what is not known.

use super::{Gap, GapKind, Route, RouteKind, RouteTable, Segment, Text};
use crate::diagnostic::Place;
use crate::project::Project;
use crate::source::FileId;

/// A value of a parameter that nobody has written a rule for.
const SOME: &str = "\u{2026}";

/// One route of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedRoute {
    /// The root of its app; empty for the tree's root.
    pub app: String,
    /// What it is.
    pub kind: RouteKind,
    /// The methods that it is known to answer.
    pub methods: Vec<&'static str>,
    /// Whether it may answer others.
    pub more_methods: bool,
    /// Its URL, with the base path where that is written out.
    pub url: String,
    /// The file that serves it.
    pub file: FileId,
    /// Why it is not known what is served there and below, where it is not.
    pub incomplete: Option<GapKind>,
}

/// One gap of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedGap {
    /// The root of its app; empty for the tree's root.
    pub app: String,
    /// Why.
    pub kind: GapKind,
    /// Which URLs: a pattern; `None` for all.
    pub pattern: Option<String>,
    /// Where the reason is written.
    pub place: Option<Place>,
}

/// The tables of all apps.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    /// The routes, by app, those without parameters first.
    pub routes: Vec<ListedRoute>,
    /// Where it is not known what is served, by app.
    pub gaps: Vec<ListedGap>,
}

impl Project {
    /// The route tables, listed.
    #[must_use]
    pub fn listing(&self) -> Listing {
        let mut listing = Listing::default();
        for (id, app) in self.apps() {
            let table = self.routes(id);
            for route in table.in_order() {
                listing.routes.push(ListedRoute {
                    app: app.root.clone(),
                    kind: route.kind,
                    methods: route.methods.names.clone(),
                    more_methods: route.methods.open,
                    url: self.url(id, &route.url),
                    file: route.file,
                    incomplete: table.incomplete(route),
                });
            }
            listing.gaps.extend(table.gaps.iter().map(|gap| ListedGap {
                app: app.root.clone(),
                kind: gap.kind,
                pattern: gap.pattern.clone(),
                place: gap.place,
            }));
        }
        listing
    }
}

impl RouteTable {
    /// The routes as they are tried, files of one URL beside each other.
    fn in_order(&self) -> Vec<&Route> {
        let mut routes: Vec<(usize, &Route)> = self.order.iter().copied().zip(&self.routes).collect();
        routes.sort_by_key(|(order, route)| (*order, route.in_slot, route.file));
        routes.into_iter().map(|(_, route)| route).collect()
    }

    /// Why it is not known what is served at a route's URL, whatever its parameters are.
    fn incomplete(&self, route: &Route) -> Option<GapKind> {
        let mut url = Text::known(self.base());
        for segment in &route.segments {
            url.push_str("/");
            match segment {
                Segment::Static(text) => url.push_str(text),
                Segment::One { before, behind, .. } => url.push_str(&format!("{before}{SOME}{behind}")),
                Segment::Some(_) | Segment::Any(_) => url.push_str(SOME),
            }
        }
        if url.units().is_empty() {
            url.push_str("/");
        }
        let holds = |gap: &&Gap| gap.kind != GapKind::CatchAll && gap.may_hold(url.units());
        let gap = self.gaps.iter().find(holds).map(|gap| gap.kind);
        gap.or_else(|| route.is_catch_all().then_some(GapKind::CatchAll))
    }
}
