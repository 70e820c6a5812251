//! Next.js: which files of an app are entered, and under which URL.
//!
//! Follows `route-discovery` and `normalizeAppPath` of Next 16.4.6 (seen through the router's own code; NEXT.md §3.2 and §3.3).

pub mod metadata;

use super::{EntryFile, EntryKind};
use crate::project::program::modules::ModuleId;
use crate::source::{FileId, Tree};

/// The HTTP methods that a route file may export.
pub const METHODS: [&str; 7] = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH"];

/// The request header by which Next's own client names an action.
pub const ACTION_HEADER: &str = "next-action";

/// What a route file may export beside methods: the settings of its route.
pub const ROUTE_SETTINGS: [&str; 9] = [
    "config",
    "dynamic",
    "dynamicParams",
    "fetchCache",
    "generateStaticParams",
    "maxDuration",
    "preferredRegion",
    "revalidate",
    "runtime",
];

/// Those of them that a build refuses where cached components are on.
pub const UNCACHED_SETTINGS: [&str; 5] = ["dynamic", "dynamicParams", "fetchCache", "revalidate", "runtime"];

/// Those that a build refuses up to Next 14: the settings of a file of the Pages Router.
pub const OLD_SETTINGS: [&str; 1] = ["config"];

/// The types of what a handler of the Pages Router gets.
pub const PAGES_REQUEST: &str = "NextApiRequest";
/// The second one: what it answers through.
pub const PAGES_RESPONSE: &str = "NextApiResponse";
/// What a handler of the Pages Router calls on it, and a route handler's second parameter does not have.
pub const PAGES_ANSWERS: [&str; 7] = ["end", "json", "redirect", "send", "setHeader", "status", "writeHead"];

/// The setting that says for how many seconds a page, and the option that says for how many what it reads, is kept.
pub const REVALIDATE: &str = "revalidate";
/// Where the options of a request name its tags, and where helpers of packages that hand them on take them.
pub const TAGS: [&[&str]; 2] = [&["next", "tags"], &["tags"]];
/// The option of a request that says whether its answer is kept.
pub const KEPT: &str = "cache";
/// It is kept until somebody says otherwise.
pub const KEPT_FOR_GOOD: &str = "force-cache";
/// It is asked for each time.
pub const NEVER_KEPT: [&str; 3] = ["no-store", "no-cache", "reload"];
/// The option of a request under which the framework's own ones stand.
pub const OPTIONS: &str = "next";
/// The setting that says how what the requests of a page give is kept, whatever they say.
pub const KEEPS_REQUESTS: &str = "fetchCache";
/// The setting that says whether a page is made for each request.
pub const DYNAMIC: &str = "dynamic";
/// It is made for each request.
pub const MADE_EACH_TIME: &str = "force-dynamic";
/// It is made once, whatever it reads.
pub const MADE_ONCE: [&str; 2] = ["force-static", "error"];
/// The export of a page with parameters that names those for which it is made once.
pub const STATIC_PARAMETERS: &str = "generateStaticParams";
/// The property of what a page is handed that stands for the query of the request.
pub const QUERY: &str = "searchParams";

/// The framework's own package.
pub const PACKAGE: &str = "next";

/// What the framework's own further entries begin with.
pub const OWN_ENTRIES: &str = "next/";

/// The package that a proxy makes its answers with.
pub const SERVER: &str = "next/server";

/// The exports of which one is the proxy.
pub const PROXIES: [&str; 3] = ["default", "middleware", "proxy"];

/// Paths that the framework or its platform serves itself.
pub const RESERVED: [&str; 2] = ["/_next", "/_vercel"];

/// What a page or layout exports beside its component that the framework calls while it renders.
pub const RENDERED: [&str; 3] = ["generateMetadata", "generateStaticParams", "generateViewport"];

/// The package whose functions revalidate, and the one of them that gives a function whose results are kept.
pub const CACHE: &str = "next/cache";
/// See [`CACHE`].
pub const KEEPS: &str = "unstable_cache";

/// The first words of the directive by which the results of a function are kept.
pub const USE_CACHE: &str = "use cache";

/// The same directive where they are kept for one visitor alone.
pub const USE_CACHE_FOR_ONE: &str = "use cache: private";

/// The extensions of pages and routes where the configuration names none.
pub const PAGE_EXTENSIONS: [&str; 4] = ["tsx", "ts", "jsx", "js"];

/// Files of the App Router that are rendered around or instead of a page.
const VIEWS: [&str; 11] = [
    "page",
    "layout",
    "template",
    "default",
    "loading",
    "error",
    "global-error",
    "not-found",
    "global-not-found",
    "forbidden",
    "unauthorized",
];

/// Where an app's files are, as paths of the tree.
pub struct Folders<'a> {
    /// The folder of the app.
    pub root: &'a str,
    /// `app` or `src/app`.
    pub app: Option<&'a str>,
    /// `pages` or `src/pages`.
    pub pages: Option<&'a str>,
    /// Extensions without a dot, longest first.
    pub extensions: &'a [String],
}

/// A file of an app's folders that Next takes for something, source or not.
pub struct RouteFile<'a> {
    /// The file.
    pub file: FileId,
    /// Its path below the folder that it was found in.
    pub inside: &'a str,
    /// What it is.
    pub kind: EntryKind,
    /// The URL that it serves, as Next writes routes; empty where it serves none of its own, or that of a metadata route.
    pub url: String,
}

/// The files of an app's folders that Next takes for something, in path order, those of the App Router first.
#[must_use]
pub fn route_files<'a>(tree: &'a Tree, folders: &Folders<'a>) -> Vec<RouteFile<'a>> {
    type Read = fn(&str, &[String]) -> Option<(EntryKind, String)>;
    let mut found = Vec::new();
    for (folder, read) in [(folders.app, app_file as Read), (folders.pages, pages_file as Read)] {
        let Some(folder) = folder else { continue };
        for (file, path) in tree.below(folder) {
            let inside = &path[folder.len() + 1..];
            if let Some((kind, url)) = read(inside, folders.extensions) {
                found.push(RouteFile { file, inside, kind, url });
            }
        }
    }
    found
}

/// The files of an app that Next enters, in path order.
#[must_use]
pub fn entry_files(
    tree: &Tree,
    folders: &Folders<'_>,
    module_of: &dyn Fn(FileId) -> Option<ModuleId>,
) -> Vec<EntryFile> {
    let mut found = Vec::new();
    let mut add = |file: FileId, kind: EntryKind, url: String| {
        if let Some(module) = module_of(file) {
            found.push(EntryFile { module, kind, url });
        }
    };
    for RouteFile { file, kind, url, .. } in route_files(tree, folders) {
        add(file, kind, url);
    }
    let around =
        folders.app.or(folders.pages).and_then(|folder| folder.rsplit_once('/')).map_or("", |(above, _)| above);
    for folder in if around == folders.root { vec![folders.root] } else { vec![folders.root, around] } {
        for (name, kind) in [
            ("middleware", EntryKind::Proxy),
            ("proxy", EntryKind::Proxy),
            ("instrumentation", EntryKind::Instrumentation),
            ("instrumentation-client", EntryKind::ClientInstrumentation),
        ] {
            let file = folders.extensions.iter().find_map(|extension| {
                let file = format!("{name}.{extension}");
                tree.find(&if folder.is_empty() { file } else { format!("{folder}/{file}") })
            });
            if let Some(file) = file {
                add(file, kind, String::new());
            }
        }
    }
    found.sort_by_key(|entry| entry.module);
    found.dedup_by_key(|entry| entry.module);
    found
}

/// What a file of the `app` folder is, by its path below it.
fn app_file(path: &str, extensions: &[String]) -> Option<(EntryKind, String)> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    if path.split('/').any(|part| part.starts_with('_')) || path.ends_with(".d.ts") {
        return None;
    }
    match stem(name, extensions) {
        Some("route") => Some((EntryKind::RouteHandler, app_url(folder))),
        Some(stem) if VIEWS.contains(&stem) => {
            let url = if stem == "page" { app_url(folder) } else { String::new() };
            Some((EntryKind::View, url))
        }
        _ => metadata::file(name, folder.is_empty(), extensions).map(|_| (EntryKind::Metadata, String::new())),
    }
}

/// A path without its page extension; as it is where it has none.
#[must_use]
pub fn without_extension<'a>(path: &'a str, extensions: &[String]) -> &'a str {
    stem(path, extensions).unwrap_or(path)
}

/// A file's name without its page extension, the longest that fits.
fn stem<'a>(name: &'a str, extensions: &[String]) -> Option<&'a str> {
    extensions.iter().find_map(|extension| name.strip_suffix(extension.as_str())?.strip_suffix('.'))
}

/// The URL of a folder of the App Router: groups and slots are gone, the rest stays as it is written.
#[must_use]
pub fn app_url(folder: &str) -> String {
    let mut url = String::new();
    for segment in folder.split('/').filter(|segment| !segment.is_empty()) {
        if is_group(segment) || segment.starts_with('@') {
            continue;
        }
        url.push('/');
        url.push_str(&segment.replace("%5F", "_"));
    }
    if url.is_empty() { "/".to_owned() } else { url }
}

/// Whether a folder only groups routes: it is not part of their URL.
fn is_group(segment: &str) -> bool {
    segment.starts_with('(') && segment.ends_with(')')
}

/// What a file of the `pages` folder is, by its path below it.
fn pages_file(path: &str, extensions: &[String]) -> Option<(EntryKind, String)> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    if path.ends_with(".d.ts") {
        return None;
    }
    let stem = stem(name, extensions)?;
    if folder.is_empty() && matches!(stem, "_app" | "_document" | "_error") {
        return Some((EntryKind::PagesPage, String::new()));
    }
    let mut url = String::new();
    for part in folder.split('/').filter(|part| !part.is_empty()) {
        url.push('/');
        url.push_str(part);
    }
    if stem != "index" {
        url.push('/');
        url.push_str(stem);
    }
    let api = url == "/api" || url.starts_with("/api/");
    let url = if url.is_empty() { "/".to_owned() } else { url };
    Some((if api { EntryKind::PagesApi } else { EntryKind::PagesPage }, url))
}
