//! The packages of a tree: every `package.json`, its workspace, and which package a file belongs to.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use rustc_hash::FxHashMap;

use super::ancestors;
use crate::manifest::{Bin, Dependency, DependencyKind, Manifests, Script};
use crate::source::FileId;

/// Packages whose presence makes a package an app of its own that runs on a device or a desktop, not in a browser.
const NATIVE: [&str; 5] = ["react-native", "expo", "electron", "@tauri-apps/api", "@capacitor/core"];

/// One package of the tree.
#[derive(Debug, Clone)]
pub struct Package {
    /// The folder of its `package.json`, relative to the root; empty for the root itself.
    pub folder: String,
    /// Its `package.json`.
    pub manifest: FileId,
    /// Its name.
    pub name: Option<String>,
    /// What it depends on.
    pub dependencies: Vec<Dependency>,
    /// Its scripts.
    pub scripts: Vec<Script>,
    /// The commands that it installs.
    pub bins: Vec<Bin>,
    /// The folder of the workspace that it is a member of, or the root of.
    pub workspace: Option<String>,
    /// Whether it runs on a device or a desktop: it depends on React Native, Expo, Electron, Tauri or Capacitor.
    pub native: bool,
    /// Whether others can install it: it is not private, and says its version and what it is entered by.
    pub published: bool,
}

impl Package {
    /// What it depends on under this name, peers aside.
    #[must_use]
    pub fn depends_on(&self, name: &str) -> Option<&Dependency> {
        self.dependencies
            .iter()
            .find(|dependency| dependency.name.value == name && dependency.kind != DependencyKind::Peer)
    }
}

/// The packages of a tree, by folder.
#[derive(Debug, Default)]
pub struct Packages {
    /// Every package, sorted by folder.
    pub all: Vec<Package>,
    by_folder: FxHashMap<String, usize>,
}

impl Packages {
    /// The packages of these manifests.
    #[must_use]
    pub fn new(manifests: &Manifests) -> Self {
        let workspaces = workspaces(manifests);
        let mut all: Vec<Package> = manifests
            .packages
            .iter()
            .map(|manifest| Package {
                folder: manifest.folder.clone(),
                manifest: manifest.file,
                name: manifest.name.as_ref().map(|name| name.value.clone()),
                dependencies: manifest.dependencies.clone(),
                scripts: manifest.scripts.clone(),
                bins: manifest.bins.clone(),
                workspace: ancestors(&manifest.folder)
                    .find(|root| workspaces.get(root).is_some_and(|globs| globs.holds(root, &manifest.folder)))
                    .map(str::to_owned),
                published: !manifest.private
                    && manifest.version.is_some()
                    && (manifest.main.is_some() || manifest.module.is_some() || manifest.exports.is_some()),
                native: NATIVE.iter().any(|name| {
                    manifest.dependency(name).is_some_and(|dependency| dependency.kind != DependencyKind::Peer)
                }),
            })
            .collect();
        all.sort_by(|one, other| one.folder.cmp(&other.folder));
        let by_folder = all.iter().enumerate().map(|(index, package)| (package.folder.clone(), index)).collect();
        Self { all, by_folder }
    }

    /// The package whose `package.json` stands in exactly this folder.
    #[must_use]
    pub fn at(&self, folder: &str) -> Option<&Package> {
        self.by_folder.get(folder).map(|&index| &self.all[index])
    }

    /// The package that a file belongs to: the one of the nearest `package.json` above it.
    #[must_use]
    pub fn of(&self, path: &str) -> Option<&Package> {
        let (folder, _) = path.rsplit_once('/').unwrap_or_default();
        ancestors(folder).find_map(|folder| self.at(folder))
    }

    /// The packages of a folder and of those above it, innermost first.
    pub fn above<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a Package> {
        ancestors(folder).filter_map(|folder| self.at(folder))
    }

    /// The package that the members of a workspace import by this name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Package> {
        let named = || self.all.iter().filter(|package| package.name.as_deref() == Some(name));
        named().find(|package| package.workspace.is_some()).or_else(|| named().next())
    }
}

/// The folders that the globs of a workspace take in.
struct Globs {
    members: GlobSet,
    excluded: GlobSet,
}

impl Globs {
    fn new<'a>(written: impl Iterator<Item = &'a str>) -> Self {
        let (mut members, mut excluded) = (GlobSetBuilder::new(), GlobSetBuilder::new());
        for written in written {
            let (set, glob) = match written.strip_prefix('!') {
                Some(glob) => (&mut excluded, glob),
                None => (&mut members, written),
            };
            let glob = glob.trim_start_matches("./").trim_end_matches('/');
            if let Ok(glob) = GlobBuilder::new(glob).literal_separator(true).build() {
                set.add(glob);
            }
        }
        Self { members: members.build().unwrap_or_default(), excluded: excluded.build().unwrap_or_default() }
    }

    /// Whether the workspace at `root` takes in `folder`: its own always, another one by its path below the root.
    fn holds(&self, root: &str, folder: &str) -> bool {
        let inside = folder.strip_prefix(root).unwrap_or(folder).trim_start_matches('/');
        inside.is_empty() || (self.members.is_match(inside) && !self.excluded.is_match(inside))
    }
}

/// The workspaces of a tree, by the folder of their root.
fn workspaces(manifests: &Manifests) -> FxHashMap<&str, Globs> {
    let mut written: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
    for manifest in &manifests.packages {
        if !manifest.workspaces.is_empty() {
            let globs = written.entry(&manifest.folder).or_default();
            globs.extend(manifest.workspaces.iter().map(|glob| glob.value.as_str()));
        }
    }
    for workspace in &manifests.workspaces {
        if !workspace.packages.is_empty() {
            let globs = written.entry(&workspace.folder).or_default();
            globs.extend(workspace.packages.iter().map(|glob| glob.value.as_str()));
        }
    }
    written.into_iter().map(|(folder, globs)| (folder, Globs::new(globs.into_iter()))).collect()
}
