//! From an app's files and its configuration to its route table.

use rustc_hash::FxHashMap;

use super::custom::{Around, Custom};
use super::escape::file_of;
use super::segment::{expression, is_dynamic, order, segments};
use super::{Methods, Route, RouteKind, RouteTable, Slashes};
use crate::project::config::{Rules, Setting};
use crate::project::entries::EntryKind;
use crate::project::entries::next::{self, METHODS, RouteFile, metadata};
use crate::project::program::modules::{ModuleId, Target};
use crate::project::values::evaluate::Evaluator;
use crate::project::{AppId, Project};

impl Project {
    /// Finds what every app serves.
    pub(in crate::project) fn find_routes(&mut self) {
        let mut eval = Evaluator::new(self.world());
        let routes = (0..self.apps.all.len()).map(|app| self.read_routes(app, &mut eval)).collect();
        let met = eval.states.lines();
        self.routes = routes;
        self.keep_met(met);
    }

    /// Reads the route table of an app.
    fn read_routes<'p>(&'p self, app: AppId, eval: &mut Evaluator<'p>) -> RouteTable {
        let extensions = self.page_extensions(app);
        let folders = self.folders(app, &extensions);
        let mut table = RouteTable::default();
        for file in next::route_files(&self.tree, &folders) {
            if let Some(layout) = layout(&file) {
                table.layouts.push(layout);
            }
            table.routes.extend(self.route(app, &file, &extensions));
        }
        table.routes.sort_by(|left, right| (&left.url, left.file).cmp(&(&right.url, right.file)));
        table.public = self.public(app);
        self.configure_routes(app, &mut table);
        table.index();
        table.gaps = self.gaps(app, &table, eval);
        table
    }

    fn route(&self, app: AppId, file: &RouteFile<'_>, extensions: &[String]) -> Option<Route> {
        let module = self.module_of(file.file);
        let only = |names: &[&'static str]| Methods { names: names.to_vec(), open: false };
        let (kind, url, methods) = match file.kind {
            EntryKind::View if file.url.is_empty() => return None,
            EntryKind::View => (RouteKind::Page, file.url.clone(), only(&["GET"])),
            EntryKind::RouteHandler => {
                let methods = module.map_or_else(|| only(&[]), |module| self.handler_methods(module));
                (RouteKind::Handler, file.url.clone(), methods)
            }
            EntryKind::PagesPage if file.url.is_empty() => return None,
            EntryKind::PagesPage => (RouteKind::PagesPage, file.url.clone(), only(&["GET"])),
            EntryKind::PagesApi => (RouteKind::PagesApi, file.url.clone(), Methods { names: Vec::new(), open: true }),
            EntryKind::Metadata => {
                let exports = module.map_or_else(Vec::new, |module| self.symbols.names(&self.modules, module));
                let several = metadata::SEVERAL.iter().any(|name| exports.iter().any(|export| export == name));
                let rest = !self.app(app).version.at_least(15, 0);
                let url = metadata::url(file.inside, extensions, several, rest)?;
                (RouteKind::Metadata, url, only(&["GET"]))
            }
            _ => return None,
        };
        let app_router = matches!(file.kind, EntryKind::View | EntryKind::RouteHandler | EntryKind::Metadata);
        Some(Route {
            kind,
            segments: segments(&url),
            expression: expression(&url).map(|(expression, _)| expression),
            url,
            file: file.file,
            module,
            methods,
            page: app_router.then(|| format!("/{}", next::without_extension(file.inside, extensions))),
            in_slot: app_router && file.inside.split('/').any(|segment| segment.starts_with('@')),
        })
    }

    /// The methods that a route file exports, re-exports and `export *` followed.
    fn handler_methods(&self, module: ModuleId) -> Methods {
        let exports = self.symbols.names(&self.modules, module);
        let names = METHODS.into_iter().filter(|method| exports.iter().any(|name| name == method)).collect();
        Methods { names, open: self.exports_more(module) }
    }

    /// Whether a module may export names that are not known: through an `export *` that leads out of the tree, or past a syntax error.
    #[must_use]
    pub fn exports_more(&self, module: ModuleId) -> bool {
        let (mut open, mut seen) = (vec![module], Vec::new());
        while let Some(module) = open.pop() {
            if seen.contains(&module) {
                continue;
            }
            seen.push(module);
            let here = self.module(module);
            if !here.facts.errors.is_empty() {
                return true;
            }
            for &star in self.symbols.stars(module) {
                match here.targets.get(star as usize) {
                    Some(&Target::Module(target)) => open.push(target),
                    _ => return true,
                }
            }
        }
        false
    }

    /// The files of `public/` as they are asked for, sorted.
    fn public(&self, app: AppId) -> Vec<String> {
        let root = &self.app(app).root;
        let folder = if root.is_empty() { "public".to_owned() } else { format!("{root}/public") };
        let mut files: Vec<String> = self.tree.below(&folder).map(|(_, path)| file_of(&path[folder.len()..])).collect();
        files.sort_unstable();
        files
    }

    fn configure_routes(&self, app: AppId, table: &mut RouteTable) {
        let config = self.config(app);
        table.base_path = config.base_path.clone();
        table.slashes = match (&config.keeps_slashes, &config.trailing_slash) {
            (Setting::Known(true), _) => Slashes::AsTheyAre,
            (_, Setting::Known(true)) => Slashes::With,
            _ => Slashes::Without,
        };
        table.locales = config.locales.known().cloned().unwrap_or_default();
        table.default_locale = config.default_locale.known().filter(|_| !table.locales.is_empty()).cloned();
        let around = |redirects, sensitive| Around {
            redirects,
            base: table.base(),
            locales: &table.locales,
            default_locale: table.default_locale.as_deref(),
            trailing_slash: table.slashes == Slashes::With,
            sensitive,
        };
        let read = |rules: &Rules, redirects: bool, sensitive: bool| -> Vec<Custom> {
            rules.all.iter().flat_map(|rule| Custom::of(rule, around(redirects, sensitive))).collect()
        };
        let (rewrites, sensitive) = (&config.rewrites, config.sensitive == Setting::Known(true));
        let redirects = read(&config.redirects, true, sensitive);
        // Rewrites that come first match in either case, whatever is configured.
        let before = read(&rewrites.before, false, false);
        let (after, fallback) = (read(&rewrites.after, false, sensitive), read(&rewrites.fallback, false, sensitive));
        (table.redirects, table.before, table.after, table.fallback) = (redirects, before, after, fallback);
    }
}

/// The folder of a layout.
fn layout(file: &RouteFile<'_>) -> Option<String> {
    let (folder, name) = file.inside.rsplit_once('/').unwrap_or(("", file.inside));
    (file.kind == EntryKind::View && name.starts_with("layout.")).then(|| format!("/{folder}"))
}

impl RouteTable {
    /// Says which route of each URL is tried, and in which order.
    fn index(&mut self) {
        let mut first: FxHashMap<&str, usize> = FxHashMap::default();
        let tried = |id: usize| {
            let route = &self.routes[id];
            // The App Router's own page comes before what lies in a slot, and both before the Pages Router.
            (matches!(route.kind, RouteKind::PagesPage | RouteKind::PagesApi), route.in_slot, id)
        };
        for (id, route) in self.routes.iter().enumerate() {
            let known = first.entry(&route.url).or_insert(id);
            if tried(id) < tried(*known) {
                *known = id;
            }
        }
        let mut urls: Vec<(&str, usize)> = first.into_iter().collect();
        urls.sort_by(|(left, _), (right, _)| order(left, right).then_with(|| left.cmp(right)));
        let (dynamic, fixed): (Vec<_>, Vec<_>) = urls.into_iter().partition(|(url, _)| is_dynamic(url));
        let tried = fixed.iter().chain(&dynamic).enumerate().map(|(at, (url, _))| (*url, at));
        let tried: FxHashMap<&str, usize> = tried.collect();
        let order =
            self.routes.iter().map(|route| tried.get(route.url.as_str()).copied().unwrap_or_default()).collect();
        let fixed = fixed.into_iter().map(|(url, id)| (url.to_owned(), id)).collect();
        let dynamic = dynamic.into_iter().map(|(_, id)| id).collect();
        (self.fixed, self.dynamic, self.order) = (fixed, dynamic, order);
    }
}
