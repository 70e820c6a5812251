//! The route table of an app: what it serves under which URL, in which order that is tried, and how much of it is known.
//!
//! [`RouteTable::resolve`] says where one request ends, as the framework's own server would say it. [`RouteTable::ask`] answers for a URL of
//! which parts are unknown, and says whether it is certain that nothing serves it: below a rewrite to elsewhere, a proxy that rewrites, a
//! catch-all or a configuration that is computed it never is.

mod ask;
mod build;
mod custom;
mod destination;
mod escape;
mod expression;
mod gaps;
mod listing;
mod platform;
mod proxy;
mod request;
mod revalidate;
mod segment;
mod source;
mod text;

pub use ask::{Answer, Answers};
pub use gaps::{Gap, GapKind};
pub use listing::{ListedGap, ListedRoute, Listing};
pub use request::{Outcome, Request, Served};
pub use revalidate::{Covered, Scope};
pub use segment::{Segment, interception};
pub use text::{Text, Unit};

use custom::Custom;
use expression::Expression;
use rustc_hash::FxHashMap;

use super::config::Setting;
use super::program::modules::ModuleId;
use crate::source::FileId;

/// A route, by its index in [`RouteTable::routes`].
pub type RouteId = usize;

/// What serves a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RouteKind {
    /// `page.tsx`
    Page,
    /// `route.ts`
    Handler,
    /// An icon, a sitemap, a file that makes one.
    Metadata,
    /// A page of the Pages Router.
    PagesPage,
    /// A file below `pages/api`.
    PagesApi,
}

impl RouteKind {
    /// The word in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Handler => "route-handler",
            Self::Metadata => "metadata",
            Self::PagesPage => "pages-page",
            Self::PagesApi => "pages-api",
        }
    }
}

/// The methods that a route answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Methods {
    /// Those that are written out, in the order of [`super::entries::next::METHODS`].
    pub names: Vec<&'static str>,
    /// Whether there may be others.
    pub open: bool,
}

impl Methods {
    /// Whether a method is answered; `None` where that cannot be known. `HEAD` comes with `GET`, `OPTIONS` in any case.
    #[must_use]
    pub fn answers(&self, method: &str) -> Option<bool> {
        let named =
            self.names.contains(&method) || method == "OPTIONS" || (method == "HEAD" && self.names.contains(&"GET"));
        if named { Some(true) } else { (!self.open).then_some(false) }
    }
}

/// One file that serves a URL.
#[derive(Debug, Clone)]
pub struct Route {
    /// What it is.
    pub kind: RouteKind,
    /// The URL as the framework writes routes, without a base path: `/users/[id]`.
    pub url: String,
    /// Its segments.
    pub segments: Vec<Segment>,
    /// The file.
    pub file: FileId,
    /// Its module, where it is a source file.
    pub module: Option<ModuleId>,
    /// What it answers.
    pub methods: Methods,
    /// Of the App Router: the path of its file without the extension, groups and slots included, `/(shop)/products/page`.
    pub page: Option<String>,
    /// Whether it lies in a slot, so that another file may be the page of its URL.
    pub in_slot: bool,
    expression: Option<Expression>,
}

impl Route {
    /// Whether it has parameters.
    #[must_use]
    pub fn is_dynamic(&self) -> bool {
        self.segments.iter().any(|segment| segment.parameter().is_some())
    }

    /// Whether what it serves below its URL is decided at run time.
    #[must_use]
    pub fn is_catch_all(&self) -> bool {
        self.segments.iter().any(|segment| matches!(segment, Segment::Some(_) | Segment::Any(_)))
    }
}

/// What an app serves.
#[derive(Debug, Default)]
pub struct RouteTable {
    routes: Vec<Route>,
    /// Of each URL without parameters, the route that is tried first.
    fixed: FxHashMap<String, RouteId>,
    /// The routes with parameters, in the order in which they are tried; one a URL.
    dynamic: Vec<RouteId>,
    /// By route, when its URL is tried: those without parameters first.
    order: Vec<usize>,
    /// Paths of `public/`, as they are asked for.
    public: Vec<String>,
    base_path: Setting<String>,
    slashes: Slashes,
    locales: Vec<String>,
    default_locale: Option<String>,
    redirects: Vec<Custom>,
    before: Vec<Custom>,
    after: Vec<Custom>,
    fallback: Vec<Custom>,
    gaps: Vec<Gap>,
    /// The folders of the App Router that have a layout: `/(shop)`, `/` for the outermost.
    layouts: Vec<String>,
}

/// What becomes of a slash at the end of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Slashes {
    /// It is redirected away.
    #[default]
    Without,
    /// A path without one is redirected to the one with it.
    With,
    /// Nothing.
    AsTheyAre,
}

impl RouteTable {
    /// The routes, in the order in which they are listed: by URL, then by file.
    #[must_use]
    pub fn routes(&self) -> &[Route] {
        &self.routes
    }

    /// A route.
    #[must_use]
    pub fn route(&self, id: RouteId) -> &Route {
        &self.routes[id]
    }

    /// The route of a file.
    #[must_use]
    pub fn of_file(&self, file: FileId) -> Option<RouteId> {
        self.routes.iter().position(|route| route.file == file)
    }

    /// The path in front of every URL; unknown where it is computed.
    #[must_use]
    pub const fn base_path(&self) -> &Setting<String> {
        &self.base_path
    }

    /// Where it is not known what is served, and why.
    #[must_use]
    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    /// The base path where it is written out, nothing otherwise.
    fn base(&self) -> &str {
        self.base_path.known().map_or("", |base| base.trim_end_matches('/'))
    }
}
