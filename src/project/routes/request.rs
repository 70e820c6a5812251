//! Where one request ends, step by step as the framework's server goes (NEXT.md §3.3).

use super::custom::{Custom, Done};
use super::destination::Led;
use super::escape::{decoded, file_of, path_of};
use super::segment::matched;
use super::text::{Text, Unit};
use super::{RouteId, RouteKind, RouteTable, Segment, Slashes};

/// Paths below it keep the slash that they have.
const WELL_KNOWN: &str = "/.well-known";

/// A request, as far as routes look at it.
#[derive(Debug, Clone, Default)]
pub struct Request<'a> {
    /// The path, as it is sent.
    pub path: String,
    /// The parameters of its query.
    pub query: Vec<(String, String)>,
    /// Its headers, names in lower case.
    pub headers: &'a [(String, String)],
    /// Its cookies.
    pub cookies: &'a [(String, String)],
    /// The host that it is sent to.
    pub host: Option<&'a str>,
}

/// Where a request ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A route serves it.
    Served(Served),
    /// A file of `public/`.
    Public,
    /// It is sent elsewhere: the path, or `None` for another origin.
    Redirected(Option<String>),
    /// Another origin serves it.
    Outside,
    /// A parameter cannot be decoded.
    Undecodable,
    /// The server fails: a destination wants a value that its source does not give.
    Failed,
    /// Nothing serves it.
    Nothing,
    /// It depends on what is computed.
    Unknown,
}

/// A route that serves a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// Which.
    pub route: RouteId,
    /// Its parameters, decoded: several parts for a catch-all.
    pub parameters: Vec<(String, Vec<String>)>,
    /// Whether the route was found only once the path was decoded; the server then answers 404 all the same where it is a route of the
    /// App Router.
    pub decoded: bool,
}

/// A request on its way.
struct Way<'t, 'r> {
    table: &'t RouteTable,
    request: Request<'r>,
    /// Whether the path came with a locale.
    localized: bool,
    rewritten: bool,
}

impl RouteTable {
    /// Where a request ends.
    #[must_use]
    pub fn resolve(&self, request: Request<'_>) -> Outcome {
        let request = Request { path: path_of(&request.path), ..request };
        let mut way = Way { table: self, request, localized: false, rewritten: false };
        way.go().unwrap_or_else(|outcome| outcome)
    }

    /// The path below the base path; `None` for one that is not below it.
    pub(super) fn below_base<'p>(&self, path: &'p str) -> Option<&'p str> {
        let rest = path.strip_prefix(self.base())?;
        match rest {
            "" => Some("/"),
            rest => rest.starts_with('/').then_some(rest),
        }
    }

    /// Whether a path is that of a file of `public/`: as it is, its escapes read, or escaped once more.
    pub(super) fn is_public(&self, path: &str) -> bool {
        let has = |path: &str| self.public.binary_search_by(|other| other.as_str().cmp(path)).is_ok();
        has(path) || decoded(path).is_some_and(|path| has(&path)) || has(&file_of(path))
    }

    /// A path without its locale, and the locale.
    fn without_locale<'p>(&self, path: &'p str, locales: &[String]) -> (&'p str, Option<String>) {
        let rest = path.strip_prefix('/').unwrap_or(path);
        let first = rest.split('/').next().unwrap_or(rest);
        match locales.iter().find(|locale| locale.eq_ignore_ascii_case(first)) {
            Some(locale) if !first.is_empty() => {
                let rest = &rest[first.len()..];
                (if rest.is_empty() { "/" } else { rest }, Some(locale.clone()))
            }
            _ => (path, None),
        }
    }
}

impl Way<'_, '_> {
    fn go(&mut self) -> Result<Outcome, Outcome> {
        let path = &self.request.path;
        if path.contains('\\') || path.contains("//") {
            return Ok(Outcome::Redirected(Some(once(&path.replace('\\', "/")))));
        }
        self.slash()?;
        self.localize();
        for redirect in &self.table.redirects {
            self.redirect(redirect)?;
        }
        for rewrite in &self.table.before {
            self.rewrite(rewrite)?;
        }
        self.fixed()?;
        for rewrite in &self.table.after {
            if self.rewrite(rewrite)? {
                self.check()?;
            }
        }
        self.check()?;
        for rewrite in &self.table.fallback {
            if self.rewrite(rewrite)? {
                self.check()?;
            }
        }
        Ok(Outcome::Nothing)
    }

    /// Redirects that a slash at the end, or its absence, makes.
    fn slash(&self) -> Result<(), Outcome> {
        let (path, base) = (self.without_default(), self.table.base());
        let is_base = |path: &str| !base.is_empty() && path == base;
        let to = |path: String| Err(Outcome::Redirected(Some(path)));
        match self.table.slashes {
            Slashes::AsTheyAre => Ok(()),
            Slashes::Without => match path.strip_suffix('/') {
                Some(bare) if !bare.is_empty() => to(bare.to_owned()),
                _ => Ok(()),
            },
            Slashes::With if is_base(&path) => to(format!("{path}/")),
            Slashes::With => {
                let (bare, ends) = path.strip_suffix('/').map_or((path.as_str(), false), |bare| (bare, true));
                let name = bare.rsplit('/').next().unwrap_or(bare);
                let is_word = |text: &str| {
                    !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
                };
                let is_file = name.rsplit_once('.').is_some_and(|(stem, end)| !stem.is_empty() && is_word(end));
                let known = path.get(..WELL_KNOWN.len()).is_some_and(|head| head.eq_ignore_ascii_case(WELL_KNOWN));
                match ends {
                    true if is_file && !known => to(bare.to_owned()),
                    false if !known && !name.is_empty() && !name.contains('.') => to(format!("{bare}/")),
                    _ => Ok(()),
                }
            }
        }
    }

    /// The path without the default locale.
    fn without_default(&self) -> String {
        let (table, path) = (self.table, &self.request.path);
        if table.default_locale.is_none() {
            return path.clone();
        }
        let below = table.below_base(path);
        let (bare, _) = table.without_locale(below.unwrap_or(path), table.default_locale.as_slice());
        let mut cut = match below {
            Some(_) if bare == "/" && !table.base().is_empty() => table.base().to_owned(),
            Some(_) => format!("{}{bare}", table.base()),
            None => bare.to_owned(),
        };
        if table.slashes == Slashes::With && path.ends_with('/') && !cut.ends_with('/') {
            cut.push('/');
        }
        cut
    }

    /// Puts the default locale in front of a path that has none.
    fn localize(&mut self) {
        let Some(default) = &self.table.default_locale else { return };
        let below = self.table.below_base(&self.request.path);
        let base = if below.is_some() { self.table.base() } else { "" };
        let path = below.unwrap_or(&self.request.path);
        let (_, locale) = self.table.without_locale(path, &self.table.locales);
        self.localized = locale.is_some();
        if !self.localized && !path.starts_with("/_next/") {
            // A slash at the end stays where paths have one.
            let bare = path == "/" && (self.table.slashes != Slashes::With || !self.request.path.ends_with('/'));
            let path = if bare { "" } else { path };
            self.request.path = format!("{base}/{default}{path}");
        }
    }

    fn apply(&self, custom: &Custom, rewrites: bool) -> Result<Option<Led>, Outcome> {
        let path = Text::known(&self.request.path);
        match custom.apply(path.units(), Some(&self.request), rewrites) {
            Done::No => Ok(None),
            Done::Leads { perhaps: true, .. } | Done::Leads { to: Led::Unknown, .. } => Err(Outcome::Unknown),
            Done::Leads { to, .. } => Ok(Some(to)),
        }
    }

    fn redirect(&self, redirect: &Custom) -> Result<(), Outcome> {
        match self.apply(redirect, false)? {
            None => Ok(()),
            Some(Led::Inside(path, _)) => Err(Outcome::Redirected(path.as_known().map(|path| once(&path)))),
            Some(Led::Outside) => Err(Outcome::Redirected(None)),
            Some(_) => Err(Outcome::Failed),
        }
    }

    /// Whether the path was rewritten.
    fn rewrite(&mut self, rewrite: &Custom) -> Result<bool, Outcome> {
        match self.apply(rewrite, true)? {
            None => Ok(false),
            Some(Led::Inside(path, query)) => {
                self.request.path = path.as_known().ok_or(Outcome::Unknown)?;
                self.rewritten = true;
                for (key, value) in query {
                    self.request.query.push((key, value.as_known().ok_or(Outcome::Unknown)?));
                }
                Ok(true)
            }
            Some(Led::Outside) => Err(Outcome::Outside),
            Some(_) => Err(Outcome::Failed),
        }
    }

    /// Files, then routes without parameters, then those with them.
    fn check(&self) -> Result<(), Outcome> {
        self.fixed()?;
        let Some(path) = self.table.below_base(&self.request.path) else { return Ok(()) };
        let (path, _) = self.table.without_locale(path, &self.table.locales);
        let text = Text::known(path);
        for &id in &self.table.dynamic {
            let route = self.table.route(id);
            let Some(expression) = &route.expression else { continue };
            let Some(found) = matched(expression, &route.segments, text.units()) else { continue };
            if self.localized && (is_app(route.kind) || self.asks_api(path)) {
                continue;
            }
            let mut parameters = Vec::new();
            for (segment, (start, end)) in found {
                let value: String = text.units()[start..end].iter().filter_map(letter).collect();
                let parts = match segment {
                    Segment::Some(_) | Segment::Any(_) => value.split('/').map(decoded).collect(),
                    _ => decoded(&value).map(|value| vec![value]),
                };
                let name = segment.parameter().unwrap_or_default().to_owned();
                parameters.push((name, parts.ok_or(Outcome::Undecodable)?));
            }
            return Err(Outcome::Served(Served { route: id, parameters, decoded: false }));
        }
        Ok(())
    }

    /// Whether a path that came with a locale asks for an API route, which has none.
    fn asks_api(&self, path: &str) -> bool {
        self.localized && !self.rewritten && (path == "/api" || path.starts_with("/api/"))
    }

    /// Files of `public/`, then routes without parameters.
    fn fixed(&self) -> Result<(), Outcome> {
        let table = self.table;
        let Some(path) = table.below_base(&self.request.path) else { return Ok(()) };
        let path = if path.len() > 1 { path.strip_suffix('/').unwrap_or(path) } else { path };
        let (public, _) = table.without_locale(path, table.default_locale.as_slice());
        if table.is_public(public) {
            return Err(Outcome::Public);
        }
        let (path, locale) = table.without_locale(path, &table.locales);
        if self.asks_api(path) {
            return Ok(());
        }
        let served = |route: RouteId, decoded: bool| {
            let foreign = locale.is_some() && locale != table.default_locale && is_app(table.route(route).kind);
            (!foreign).then(|| Outcome::Served(Served { route, parameters: Vec::new(), decoded }))
        };
        let exact = table.fixed.get(path).and_then(|&route| served(route, false));
        let found = exact.or_else(|| table.fixed.get(&decoded(path)?).and_then(|&route| served(route, true)));
        found.map_or(Ok(()), Err)
    }
}

const fn is_app(kind: RouteKind) -> bool {
    matches!(kind, RouteKind::Page | RouteKind::Handler | RouteKind::Metadata)
}

const fn letter(unit: &Unit) -> Option<char> {
    match unit {
        Unit::Char(letter) => Some(*letter),
        _ => None,
    }
}

/// A path with each slash once.
fn once(path: &str) -> String {
    let mut once = String::with_capacity(path.len());
    for letter in path.chars() {
        if letter != '/' || !once.ends_with('/') {
            once.push(letter);
        }
    }
    once
}
