//! The packages of the tree, and which of them a name means where.
//!
//! Knows a package by its folder and by what its `package.json` says of names, versions and `exports`; no other field.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::memo::Memo;
use super::{Resolution, Workspace, specifier};
use crate::source::{Tree, join, parent};

/// The fields that name another package.
const DEPENDENCIES: [&str; 4] = ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"];

/// One package of the tree.
pub(super) struct Package {
    /// Its folder.
    pub(super) folder: String,
    /// What the specifiers that name it resolved to.
    pub(super) known: Memo<Resolution>,
    manifest: OnceLock<Manifest>,
}

impl Package {
    /// What its `package.json` says.
    pub(super) fn manifest(&self, tree: &Tree) -> &Manifest {
        self.manifest.get_or_init(|| Manifest::read(tree, &self.folder))
    }
}

/// What a `package.json` says of packages.
#[derive(Default)]
pub(super) struct Manifest {
    /// Its `name`.
    pub(super) name: String,
    /// Whether it has `exports`.
    pub(super) exports: bool,
    version: Option<u64>,
    dependencies: FxHashMap<String, String>,
}

impl Manifest {
    fn read(tree: &Tree, folder: &str) -> Self {
        let bytes = join(folder, "package.json").and_then(|path| tree.read(&path).ok()).unwrap_or_default();
        let Ok(value) = serde_json::from_slice::<Value>(&bytes) else { return Self::default() };
        let mut dependencies = FxHashMap::default();
        for field in DEPENDENCIES {
            for (name, range) in value[field].as_object().into_iter().flatten() {
                if let Some(range) = range.as_str() {
                    dependencies.entry(name.clone()).or_insert_with(|| range.to_owned());
                }
            }
        }
        Self {
            name: value["name"].as_str().unwrap_or_default().to_owned(),
            exports: !value["exports"].is_null(),
            version: value["version"].as_str().and_then(major),
            dependencies,
        }
    }
}

/// The packages of a tree.
pub(super) struct Packages {
    list: Vec<Package>,
    by_folder: FxHashMap<String, usize>,
    /// In the order of their folders.
    by_name: FxHashMap<String, Vec<usize>>,
}

impl Packages {
    /// The packages at every `package.json` of `tree`, named as `workspaces` says.
    pub(super) fn new(tree: &Tree, workspaces: &[Workspace]) -> Self {
        let mut packages = Self { list: Vec::new(), by_folder: FxHashMap::default(), by_name: FxHashMap::default() };
        for path in tree.paths.iter().filter(|path| path.ends_with("package.json")) {
            let folder = parent(path);
            if path.len() == "package.json".len() || path.as_bytes()[folder.len()] == b'/' {
                packages.by_folder.insert(folder.to_owned(), packages.list.len());
                let (known, manifest) = (Memo::default(), OnceLock::new());
                packages.list.push(Package { folder: folder.to_owned(), known, manifest });
            }
        }
        let mut sorted: Vec<&Workspace> = workspaces.iter().collect();
        sorted.sort_unstable_by_key(|workspace| &workspace.folder);
        for workspace in sorted {
            if let Some(&number) = packages.by_folder.get(&workspace.folder) {
                packages.by_name.entry(workspace.name.clone()).or_default().push(number);
            }
        }
        packages
    }

    /// The package whose folder this is.
    pub(super) fn at(&self, folder: &str) -> Option<&Package> {
        self.by_folder.get(folder).map(|&number| &self.list[number])
    }

    /// The nearest package at or above `folder`.
    pub(super) fn nearest(&self, mut folder: &str) -> Option<&Package> {
        loop {
            if let Some(package) = self.at(folder) {
                return Some(package);
            }
            if folder.is_empty() {
                return None;
            }
            folder = parent(folder);
        }
    }

    /// The package of that name; of several, the one that shares most of its path with `folder`.
    pub(super) fn named(&self, folder: &str, name: &str) -> Option<&Package> {
        let shared = |number: &&usize| {
            let pairs = folder.split('/').zip(self.list[**number].folder.split('/'));
            std::cmp::Reverse(pairs.take_while(|(left, right)| left == right).count())
        };
        Some(&self.list[*self.by_name.get(name)?.iter().min_by_key(shared)?])
    }

    /// The package of the tree that `name` means in a file of `folder`: the one that the dependency there links to, else the one
    /// of that name, unless what is asked for is another version of it.
    pub(super) fn linked(&self, tree: &Tree, folder: &str, name: &str) -> Option<&Package> {
        let home = self.nearest(folder);
        let range = home.and_then(|home| home.manifest(tree).dependencies.get(name));
        let Some((range, home)) = range.zip(home) else { return self.named(folder, name) };
        if let Some((protocol, rest)) = range.split_once(':') {
            return match protocol {
                "link" | "file" | "portal" => {
                    let linked = join(&home.folder, rest).and_then(|folder| self.at(&folder));
                    linked.or_else(|| self.named(folder, name))
                }
                "workspace" => {
                    let (other, version) = specifier::versioned(rest);
                    self.named(folder, if version.is_empty() { name } else { other })
                }
                "catalog" => self.named(folder, name),
                _ => None,
            };
        }
        let package = self.named(folder, name)?;
        let differs = major(range).zip(package.manifest(tree).version).is_some_and(|(asked, own)| asked != own);
        if differs { None } else { Some(package) }
    }
}

/// The first number of a version or of a range, after its operator.
fn major(version: &str) -> Option<u64> {
    let digits = version.trim_start_matches(['^', '~', '>', '<', '=', 'v', ' ']);
    digits.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}
