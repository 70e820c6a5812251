//! Which apps a tree holds: their roots, versions, bundlers and folders; and the packages and crates around them.
//!
//! Knows the framework's conventions about folders and manifests. What a configuration file says is read later, from its facts.

mod crates;
mod installed;
mod packages;
mod scripts;
mod version;

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

pub use crates::{Crate, CrateLink, CrateTarget, Crates};
pub use packages::{Package, Packages};
pub use version::Version;

use crate::manifest::{DependencyKind, Manifests};
use crate::source::{FileId, Tree};

/// The names of the configuration file, in the order in which they are looked for.
const CONFIGS: [&str; 5] =
    ["next.config.js", "next.config.mjs", "next.config.ts", "next.config.mts", "next.config.cjs"];

/// Which compiler pipeline an app is built with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bundler {
    /// The default below Next 16.
    Webpack,
    /// The default from Next 16 on.
    Turbopack,
}

impl Bundler {
    /// The word in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Webpack => "webpack",
            Self::Turbopack => "turbopack",
        }
    }
}

/// What an app is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Framework {
    /// Next.js
    Next,
}

impl Framework {
    /// The word in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Next => "next",
        }
    }
}

/// One app of the tree.
#[derive(Debug, Clone)]
pub struct App {
    /// Its folder, relative to the tree's root; empty for the root itself.
    pub root: String,
    /// The name of the package in that folder.
    pub name: Option<String>,
    /// What it is written for.
    pub framework: Framework,
    /// The framework's version, whose semantics it follows.
    pub version: Version,
    /// Where the version comes from: `node_modules`, `lock file`, `package.json`, `configuration` or `assumed`.
    pub version_source: &'static str,
    /// How it is compiled.
    pub bundler: Bundler,
    /// The folder of its App Router, `app` or `src/app`, relative to the tree's root.
    pub app_dir: Option<String>,
    /// The folder of its Pages Router, beside the App Router's where it has both.
    pub pages_dir: Option<String>,
    /// Its `next.config.*`.
    pub config: Option<FileId>,
    /// Its `package.json`, or the nearest one above it.
    pub manifest: Option<FileId>,
}

/// What a tree holds.
#[derive(Debug, Default)]
pub struct Apps {
    /// The apps, sorted by root.
    pub all: Vec<App>,
    /// The packages.
    pub packages: Packages,
    /// The crates.
    pub crates: Crates,
    by_root: FxHashMap<String, usize>,
}

impl Apps {
    /// The app that a file belongs to: the one of the nearest root above it, by its index in [`Apps::all`].
    #[must_use]
    pub fn of(&self, path: &str) -> Option<usize> {
        let (folder, _) = path.rsplit_once('/').unwrap_or_default();
        ancestors(folder).find_map(|folder| self.by_root.get(folder).copied())
    }
}

/// What is said of an app from outside, and holds over what its manifests say.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// The framework's version.
    pub version: Option<Version>,
    /// How it is compiled.
    pub bundler: Option<Bundler>,
}

/// Finds the apps of a tree; `overrides` is asked by an app's root.
///
/// An app is a folder with routes whose package depends on the framework, runs its command or stands beside its configuration; one
/// with both the dependency and the configuration; or one that needs the framework to run and has the App Router's folder.
#[must_use]
pub fn discover(tree: &Tree, manifests: &Manifests, overrides: impl Fn(&str) -> Overrides) -> Apps {
    let packages = Packages::new(manifests);
    let mut versions = installed::Versions::new(tree, manifests, &packages);
    let mut all = Vec::new();
    for (root, config) in candidates(tree, &packages) {
        let routers = Routers::of(tree, &root);
        let package = packages.at(&root);
        if !is_app(package, config.is_some(), &routers) {
            continue;
        }
        let overrides = overrides(&root);
        let (version, version_source) = match overrides.version {
            Some(version) => (version, "configuration"),
            None => versions.of(&root),
        };
        let nearest = packages.above(&root).next();
        let scripts = nearest.map_or(&[][..], |package| &package.scripts);
        all.push(App {
            name: package.and_then(|package| package.name.clone()),
            framework: Framework::Next,
            bundler: overrides.bundler.unwrap_or_else(|| scripts::bundler(&version, scripts)),
            version,
            version_source,
            app_dir: routers.app,
            pages_dir: routers.pages,
            config,
            manifest: nearest.map(|package| package.manifest),
            root,
        });
    }
    let by_root = all.iter().enumerate().map(|(index, app)| (app.root.clone(), index)).collect();
    Apps { all, packages, crates: Crates::new(tree, manifests), by_root }
}

/// The folders that may be an app's root, each with its configuration: those that hold one, and every package.
fn candidates(tree: &Tree, packages: &Packages) -> BTreeMap<String, Option<FileId>> {
    let mut found: BTreeMap<String, Option<FileId>> =
        packages.all.iter().map(|package| (package.folder.clone(), None)).collect();
    for path in &tree.paths {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let rank = |name: &str| CONFIGS.iter().position(|config| *config == name);
        let Some(own) = rank(name) else { continue };
        let known = found.entry(folder.to_owned()).or_default();
        let first = known.is_none_or(|known| {
            let known = tree.path(known);
            rank(known.rsplit('/').next().unwrap_or(known)).is_some_and(|known| own < known)
        });
        if first {
            *known = tree.find(path);
        }
    }
    found
}

fn is_app(package: Option<&Package>, configured: bool, routers: &Routers) -> bool {
    let dependency = package.and_then(|package| package.depends_on("next"));
    let runs_next = package.is_some_and(|package| scripts::runs_next(&package.scripts));
    if configured {
        return dependency.is_some() || runs_next || routers.app_routes || routers.pages_routes;
    }
    // A library may have the framework among its development tools, and a folder `pages` for reasons of its own.
    let deployed = dependency.is_some_and(|dependency| dependency.kind == DependencyKind::Normal);
    (routers.app_routes && (dependency.is_some() || runs_next))
        || (routers.pages_routes && (deployed || runs_next))
        || (routers.app.is_some() && deployed)
}

/// The route folders below a root, and whether there is a route in them.
struct Routers {
    app: Option<String>,
    pages: Option<String>,
    app_routes: bool,
    pages_routes: bool,
}

impl Routers {
    /// `app` before `src/app`, `pages` before `src/pages`, and both in the same parent.
    fn of(tree: &Tree, root: &str) -> Self {
        let slash = if root.is_empty() { "" } else { "/" };
        let find = |name: &str, parents: &[&str]| {
            let folders = parents.iter().map(|parent| format!("{root}{slash}{parent}{name}"));
            folders.into_iter().find(|folder| tree.below(folder).next().is_some())
        };
        let app = find("app", &["", "src/"]);
        let pages = match &app {
            Some(app) if app.ends_with("src/app") => find("pages", &["src/"]),
            Some(_) => find("pages", &[""]),
            None => find("pages", &["", "src/"]),
        };
        let app_routes = app.as_ref().is_some_and(|folder| {
            tree.below(folder).any(|(_, path)| {
                let name = path.rsplit('/').next().unwrap_or(path);
                (name.starts_with("page.") || name.starts_with("route.")) && is_source(name)
            })
        });
        let pages_routes = pages.as_ref().is_some_and(|folder| tree.below(folder).any(|(_, path)| is_source(path)));
        Self { app, pages, app_routes, pages_routes }
    }
}

fn is_source(path: &str) -> bool {
    let extension = path.rsplit('.').next().unwrap_or_default();
    matches!(extension, "tsx" | "ts" | "jsx" | "js" | "mdx" | "md")
}

/// A folder and those above it, innermost first, the root (`""`) last.
pub(crate) fn ancestors(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |&folder| match folder {
        "" => None,
        folder => Some(folder.rsplit_once('/').map_or("", |(parent, _)| parent)),
    })
}
