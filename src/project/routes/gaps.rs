//! Where it is not known what an app serves, and why: below it nothing is called missing.

use super::custom::Custom;
use super::source::{Match, Shape, Source};
use super::text::Unit;
use super::{RouteId, RouteTable};
use crate::diagnostic::Place;
use crate::project::config::Setting;
use crate::project::entries::next;
use crate::project::values::evaluate::Evaluator;
use crate::project::{AppId, Project};
use crate::source::Span;

/// Why it is not known what is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GapKind {
    /// The configuration, or a part of it that routes depend on, is computed.
    Configuration,
    /// A rewrite leads to another origin, or nobody knows where.
    Rewrite,
    /// A redirect leads to another origin, or nobody knows where.
    Redirect,
    /// A wrapper of the configuration adds routes.
    Wrapper,
    /// The proxy may rewrite, or answers itself.
    Proxy,
    /// The app has a server of its own.
    Server,
    /// The platform that it is deployed to leads requests elsewhere, or has functions of its own.
    Platform,
    /// A catch-all decides at run time.
    CatchAll,
}

impl GapKind {
    /// The word in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Rewrite => "rewrite",
            Self::Redirect => "redirect",
            Self::Wrapper => "wrapper",
            Self::Proxy => "proxy",
            Self::Server => "server",
            Self::Platform => "platform",
            Self::CatchAll => "catch-all",
        }
    }
}

/// A part of an app's URLs of which it is not known what serves them.
#[derive(Debug, Clone)]
pub struct Gap {
    /// Why.
    pub kind: GapKind,
    /// Which: a pattern with the base path in front; `None` for every URL.
    pub pattern: Option<String>,
    /// Where the reason is written.
    pub place: Option<Place>,
    /// The catch-all that decides.
    pub route: Option<RouteId>,
    /// `None` matches everything.
    source: Option<Source>,
}

impl Gap {
    /// A gap that is every URL.
    pub(super) const fn everything(kind: GapKind, place: Option<Place>) -> Self {
        Self { kind, pattern: None, place, route: None, source: None }
    }

    /// A gap that is the URLs of a pattern; every URL where the pattern is not understood.
    pub(super) fn of(kind: GapKind, pattern: String, place: Option<Place>) -> Self {
        let shape = Shape { open_end: true, sensitive: false, not_below: None };
        match Source::new(&pattern, shape) {
            Some(source) => Self { kind, pattern: Some(pattern), place, route: None, source: Some(source) },
            None => Self::everything(kind, place),
        }
    }

    /// Whether a path may lie in it.
    #[must_use]
    pub fn may_hold(&self, path: &[Unit]) -> bool {
        self.source.as_ref().is_none_or(|source| !matches!(source.matches(path), Match::No))
    }
}

impl Project {
    /// Where it is not known what an app serves, by kind, then by pattern.
    pub(super) fn gaps<'p>(&'p self, app: AppId, table: &RouteTable, eval: &mut Evaluator<'p>) -> Vec<Gap> {
        let mut gaps: Vec<Gap> = self.computed(app).into_iter().collect();
        for (kind, customs) in [
            (GapKind::Redirect, &table.redirects),
            (GapKind::Rewrite, &table.before),
            (GapKind::Rewrite, &table.after),
            (GapKind::Rewrite, &table.fallback),
        ] {
            gaps.extend(customs.iter().filter_map(|custom| leaving(kind, custom)));
        }
        let base = table.base();
        for (path, place) in &self.config(app).wrapped {
            gaps.push(Gap::of(GapKind::Wrapper, format!("{base}{}/:path*", path.trim_end_matches('/')), Some(*place)));
        }
        gaps.extend(self.proxy_gaps(app, table, eval));
        gaps.extend(self.server_gap(app));
        gaps.extend(self.platform_gaps(app, base));
        for (id, route) in table.routes().iter().enumerate().filter(|(_, route)| route.is_catch_all()) {
            let place = Some(Place { file: route.file, span: Span::default() });
            let pattern = Some(format!("{base}{}", route.url));
            gaps.push(Gap { kind: GapKind::CatchAll, pattern, place, route: Some(id), source: None });
        }
        gaps.sort_by(|left, right| {
            (left.kind, &left.pattern, left.place).cmp(&(right.kind, &right.pattern, right.place))
        });
        gaps.dedup_by(|left, right| (left.kind, &left.pattern) == (right.kind, &right.pattern));
        gaps
    }

    /// The parts of the configuration that routes depend on and that are computed.
    fn computed(&self, app: AppId) -> Option<Gap> {
        let config = self.config(app);
        let rewrites = &config.rewrites;
        let open = config.base_path == Setting::Unknown
            || config.page_extensions == Setting::Unknown
            || config.locales == Setting::Unknown
            || [&config.redirects, &rewrites.before, &rewrites.after, &rewrites.fallback]
                .iter()
                .any(|rules| rules.open);
        open.then(|| Gap::everything(GapKind::Configuration, config.place))
    }
}

/// What a rule leaves open: paths that it leads elsewhere.
fn leaving(kind: GapKind, custom: &Custom) -> Option<Gap> {
    if !custom.is_readable() {
        return Some(Gap::everything(kind, Some(custom.place)));
    }
    // Where a whole host is redirected away, no request of the app's own is ever sent to it.
    let moved = kind == GapKind::Redirect && custom.is_by_host();
    (custom.leaves() && !moved).then(|| Gap::of(kind, custom.text.clone(), Some(custom.place)))
}

/// Whether a path is the framework's own, or the platform's: no file of the app serves it.
pub(super) fn is_reserved(path: &str) -> bool {
    let below = |prefix: &&str| path.strip_prefix(*prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    next::RESERVED.iter().any(below)
}
