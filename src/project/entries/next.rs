//! Next.js: which files of an app are entered, and under which URL.
//!
//! Follows `route-discovery` and `normalizeAppPath` of Next 16.4.6 (seen through the router's own code; NEXT.md §3.2 and §3.3).

use super::{EntryFile, EntryKind};
use crate::project::modules::ModuleId;
use crate::source::{FileId, Tree};

/// The HTTP methods that a route file may export.
pub const METHODS: [&str; 7] = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH"];

/// The request header by which Next's own client names an action.
pub const ACTION_HEADER: &str = "next-action";

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
    if let Some(app) = folders.app {
        for (file, path) in tree.below(app) {
            let inside = &path[app.len() + 1..];
            if let Some((kind, url)) = app_file(inside, folders.extensions) {
                add(file, kind, url);
            }
        }
    }
    if let Some(pages) = folders.pages {
        for (file, path) in tree.below(pages) {
            let inside = &path[pages.len() + 1..];
            if let Some((kind, url)) = pages_file(inside, folders.extensions) {
                add(file, kind, url);
            }
        }
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
    if path.split('/').any(|part| part.starts_with('_')) {
        return None;
    }
    let stem = stem(name, extensions)?;
    if stem == "route" {
        return Some((EntryKind::RouteHandler, app_url(folder)));
    }
    if VIEWS.contains(&stem) {
        let url = if stem == "page" { app_url(folder) } else { String::new() };
        return Some((EntryKind::View, url));
    }
    is_metadata(stem, folder.is_empty()).then(|| (EntryKind::Metadata, String::new()))
}

/// Files that are metadata routes by their name: NEXT.md §3.2.
fn is_metadata(stem: &str, at_root: bool) -> bool {
    let numbered = |name: &str| {
        stem.strip_prefix(name)
            .is_some_and(|rest| rest.is_empty() || (rest.len() == 1 && rest.as_bytes()[0].is_ascii_digit()))
    };
    (at_root && matches!(stem, "robots" | "manifest"))
        || stem == "sitemap"
        || ["icon", "apple-icon", "opengraph-image", "twitter-image"].into_iter().any(numbered)
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
        let group = segment.starts_with('(') && segment.ends_with(')');
        if group || segment.starts_with('@') {
            continue;
        }
        url.push('/');
        url.push_str(&segment.replace("%5F", "_"));
    }
    if url.is_empty() { "/".to_owned() } else { url }
}

/// What a file of the `pages` folder is, by its path below it.
fn pages_file(path: &str, extensions: &[String]) -> Option<(EntryKind, String)> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
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
