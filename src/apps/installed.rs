//! Which version of the framework an app gets: what is installed, else what is locked, else what is asked for.

use rustc_hash::FxHashMap;

use super::{Packages, Version, ancestors};
use crate::manifest::lock::{LOCK_FILES, Question, installed};
use crate::manifest::{Catalog, Manifests, package_version};
use crate::source::Tree;

/// The package whose version is asked for.
const NEXT: &str = "next";

/// Answers for the apps of one tree; reads a lock file once.
pub(super) struct Versions<'a> {
    tree: &'a Tree,
    manifests: &'a Manifests,
    packages: &'a Packages,
    locks: FxHashMap<String, Option<String>>,
}

impl<'a> Versions<'a> {
    pub(super) fn new(tree: &'a Tree, manifests: &'a Manifests, packages: &'a Packages) -> Self {
        Self { tree, manifests, packages, locks: FxHashMap::default() }
    }

    /// The version for the app at `root`, and where it comes from.
    pub(super) fn of(&mut self, root: &str) -> (Version, &'static str) {
        if let Some(version) = self.in_node_modules(root) {
            return (version, "node_modules");
        }
        let holder = self.packages.above(root).find(|package| package.depends_on(NEXT).is_some());
        let folder = holder.map_or(root, |package| package.folder.as_str());
        let range =
            holder.and_then(|package| package.depends_on(NEXT)).map(|dependency| dependency.range.value.as_str());
        let range = range.and_then(|range| self.plain_range(folder, range));
        if let Some(version) = self.in_lock_file(folder, range.as_deref()) {
            return (version, "lock file");
        }
        match range.and_then(|range| Version::of_range(&range)) {
            Some(version) => (version, "package.json"),
            None => (Version::newest(), "assumed"),
        }
    }

    fn in_node_modules(&self, root: &str) -> Option<Version> {
        ancestors(root).find_map(|folder| {
            let text = self.tree.read_text(&join(folder, "node_modules/next/package.json")).ok()?;
            Version::exact(&package_version(&text)?)
        })
    }

    /// What the lock files at and above the importer say. The lock file of its workspace comes first, then the nearest; in one
    /// folder the package manager's own; but rather any that fits the range than one left over from another time.
    fn in_lock_file(&mut self, importer: &str, range: Option<&str>) -> Option<Version> {
        let package = self.packages.at(importer);
        let workspace = package.and_then(|package| package.workspace.as_deref());
        let mut stale = None;
        for folder in workspace.into_iter().chain(ancestors(importer)) {
            let manager = self.manifests.package(folder).and_then(|package| package.package_manager.as_ref());
            let manager = manager.and_then(|manager| manager.value.split('@').next());
            let mut locks = LOCK_FILES;
            locks.sort_by_key(|&(writer, _)| Some(writer) != manager);
            for (_, name) in locks {
                let question = Question {
                    package: NEXT,
                    importer: importer.strip_prefix(folder).unwrap_or(importer).trim_start_matches('/'),
                    importer_name: package.and_then(|package| package.name.as_deref()),
                    range,
                };
                let Some(text) = self.lock_file(join(folder, name)) else { continue };
                let Some(version) = installed(name, text, question).and_then(|text| Version::exact(&text)) else {
                    continue;
                };
                if range.is_none_or(|range| version.satisfies(range)) {
                    return Some(version);
                }
                stale = stale.or(Some(version));
            }
        }
        stale
    }

    /// The text of a lock file, walked or not: `.gitignore` may name one that is committed all the same.
    fn lock_file(&mut self, path: String) -> Option<&str> {
        let tree = self.tree;
        self.locks.entry(path).or_insert_with_key(|path| tree.read_text(path).ok()).as_deref()
    }

    /// A range as npm reads it: `catalog:`, `workspace:` and `npm:` resolved for a package in `folder`.
    fn plain_range(&self, folder: &str, range: &str) -> Option<String> {
        if let Some(catalog) = range.strip_prefix("catalog:") {
            let catalog = if catalog.trim().is_empty() { "default" } else { catalog.trim() };
            return ancestors(folder).find_map(|folder| self.in_catalog(folder, catalog));
        }
        if range.starts_with("workspace:") {
            let package = self.packages.named(NEXT)?;
            return self.manifests.package(&package.folder)?.version.as_ref().map(|version| version.value.clone());
        }
        if range.starts_with("npm:") {
            return range.rsplit_once('@').map(|(_, range)| range.to_owned());
        }
        Some(range.to_owned())
    }

    fn in_catalog(&self, folder: &str, name: &str) -> Option<String> {
        let files = self.manifests.workspaces.iter().filter(|workspace| workspace.folder == folder);
        let catalogs = files.flat_map(|workspace| &workspace.catalogs);
        let own = self.manifests.package(folder).into_iter().flat_map(|package| &package.catalogs);
        let mut named = catalogs.chain(own).filter(|catalog: &&Catalog| catalog.name == name);
        named.find_map(|catalog| catalog.range(NEXT)).map(|range| range.value.clone())
    }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
