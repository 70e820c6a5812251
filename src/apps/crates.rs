//! The crates of a tree: every `Cargo.toml` with a package, its targets and the crates beside it that it depends on.

use globset::GlobBuilder;
use rustc_hash::FxHashMap;

use super::ancestors;
use crate::manifest::{CargoManifest, CrateDependency, Feature, Manifests, TargetKind, Text};
use crate::source::{FileId, Tree};

/// One crate of the tree.
#[derive(Debug, Clone)]
pub struct Crate {
    /// The folder of its `Cargo.toml`, relative to the root; empty for the root itself.
    pub folder: String,
    /// Its `Cargo.toml`.
    pub manifest: FileId,
    /// Its name.
    pub name: String,
    /// The folder of the workspace that it is a member of, or the root of.
    pub workspace: Option<String>,
    /// What it depends on, in source order.
    pub dependencies: Vec<CrateLink>,
    /// Its targets, written or inferred, whose file is in the tree; sorted by kind, then path.
    pub targets: Vec<CrateTarget>,
    /// Its features.
    pub features: Vec<Feature>,
}

/// A dependency of a crate, inheritance from the workspace resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrateLink {
    /// The name it is used by in code: `-` written `_`, renames applied.
    pub name: String,
    /// The crate's own name.
    pub package: String,
    /// The version requirement.
    pub version: Option<String>,
    /// The folder of a path dependency inside the tree.
    pub folder: Option<String>,
    /// `dependencies`, `dev-dependencies` or `build-dependencies`.
    pub table: &'static str,
    /// `optional = true`
    pub optional: bool,
    /// The features that it is asked for, those of the workspace first.
    pub features: Vec<String>,
    /// Where the dependency is written in the crate's own manifest.
    pub written: Text,
}

/// A target of a crate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CrateTarget {
    /// What it is.
    pub kind: TargetKind,
    /// Its root file, relative to the tree's root.
    pub path: String,
    /// The name it is known by; a library's as code writes it.
    pub name: String,
}

/// The crates of a tree, by folder.
#[derive(Debug, Default)]
pub struct Crates {
    /// Every crate, sorted by folder.
    pub all: Vec<Crate>,
    by_folder: FxHashMap<String, usize>,
}

impl Crates {
    /// The crates of these manifests.
    #[must_use]
    pub fn new(tree: &Tree, manifests: &Manifests) -> Self {
        let mut all: Vec<Crate> =
            manifests.crates.iter().filter_map(|manifest| read(tree, &manifests.crates, manifest)).collect();
        all.sort_by(|one, other| one.folder.cmp(&other.folder));
        let by_folder = all.iter().enumerate().map(|(index, one)| (one.folder.clone(), index)).collect();
        Self { all, by_folder }
    }

    /// The crate whose `Cargo.toml` stands in exactly this folder.
    #[must_use]
    pub fn at(&self, folder: &str) -> Option<&Crate> {
        self.by_folder.get(folder).map(|&index| &self.all[index])
    }

    /// The crate that a file belongs to: the one of the nearest `Cargo.toml` above it.
    #[must_use]
    pub fn of(&self, path: &str) -> Option<&Crate> {
        let (folder, _) = path.rsplit_once('/').unwrap_or_default();
        ancestors(folder).find_map(|folder| self.at(folder))
    }
}

fn read(tree: &Tree, all: &[CargoManifest], manifest: &CargoManifest) -> Option<Crate> {
    let package = manifest.package.as_ref()?;
    let name = package.name.as_ref()?.value.clone();
    let root = match &package.workspace {
        Some(written) => {
            let folder = below(&manifest.folder, &written.value)?;
            all.iter().find(|root| root.folder == folder && root.workspace.is_some())
        }
        None => workspace_of(all, manifest),
    };
    Some(Crate {
        folder: manifest.folder.clone(),
        manifest: manifest.file,
        workspace: root.map(|root| root.folder.clone()),
        dependencies: manifest.dependencies.iter().map(|dependency| link(manifest, root, dependency)).collect(),
        targets: targets(tree, manifest, &name),
        features: manifest.features.clone(),
        name,
    })
}

/// The nearest workspace above a crate that takes it in: by a glob, or because one of its crates depends on it by path.
fn workspace_of<'a>(all: &'a [CargoManifest], manifest: &CargoManifest) -> Option<&'a CargoManifest> {
    let roots = ancestors(&manifest.folder)
        .filter_map(|folder| all.iter().find(|root| root.folder == folder && root.workspace.is_some()));
    roots.into_iter().find(|root| {
        let inside = manifest.folder.strip_prefix(&root.folder).unwrap_or(&manifest.folder).trim_start_matches('/');
        let matches = |glob: &Text, whole: bool| {
            let glob = glob.value.trim_start_matches("./").trim_end_matches('/');
            let inside_it = !whole && inside.strip_prefix(glob).is_some_and(|rest| rest.starts_with('/'));
            inside_it
                || GlobBuilder::new(glob)
                    .literal_separator(true)
                    .build()
                    .is_ok_and(|glob| glob.compile_matcher().is_match(inside))
        };
        let Some(workspace) = &root.workspace else { return false };
        let by_path = || {
            root.dependencies.iter().chain(&workspace.dependencies).any(|dependency| {
                let path = dependency.path.as_ref().and_then(|path| below(&root.folder, &path.value));
                path.is_some_and(|path| path == manifest.folder)
            })
        };
        inside.is_empty()
            || (!workspace.exclude.iter().any(|glob| matches(glob, false))
                && (workspace.members.iter().any(|glob| matches(glob, true)) || by_path()))
    })
}

fn link(manifest: &CargoManifest, root: Option<&CargoManifest>, dependency: &CrateDependency) -> CrateLink {
    let workspace = root.and_then(|root| root.workspace.as_ref());
    let inherited = workspace
        .filter(|_| dependency.inherited)
        .and_then(|workspace| workspace.dependencies.iter().find(|other| other.name.value == dependency.name.value));
    let from_root = inherited.zip(root);
    let path = dependency.path.as_ref().and_then(|path| below(&manifest.folder, &path.value)).or_else(|| {
        let (inherited, root) = from_root?;
        below(&root.folder, &inherited.path.as_ref()?.value)
    });
    let either = |field: fn(&CrateDependency) -> &Option<Text>| {
        field(dependency).as_ref().or_else(|| field(inherited?).as_ref()).map(|text| text.value.clone())
    };
    let features = inherited.into_iter().flat_map(|inherited| &inherited.features).chain(&dependency.features);
    CrateLink {
        name: dependency.name.value.replace('-', "_"),
        package: either(|dependency| &dependency.package).unwrap_or_else(|| dependency.name.value.clone()),
        version: either(|dependency| &dependency.version),
        folder: path,
        table: dependency.table,
        optional: dependency.optional,
        features: features.map(|feature| feature.value.clone()).collect(),
        written: dependency.name.clone(),
    }
}

/// The targets written in the manifest, and those that Cargo infers from where files stand.
fn targets(tree: &Tree, manifest: &CargoManifest, package: &str) -> Vec<CrateTarget> {
    let mut targets = Vec::new();
    let mut add = |kind, path: Option<String>, name: &str| {
        if let Some(path) = path.filter(|path| tree.find(path).is_some())
            && !targets.iter().any(|target: &CrateTarget| target.path == path && target.kind == kind)
        {
            targets.push(CrateTarget { kind, path, name: name.to_owned() });
        }
    };
    let at = |path: &str| below(&manifest.folder, path);
    for target in &manifest.targets {
        let library = target.kind == TargetKind::Library;
        let name = target.name.as_ref().map_or(package, |name| &name.value);
        let name = if library { name.replace('-', "_") } else { name.to_owned() };
        match (&target.path, usual_folder(target.kind)) {
            (Some(path), _) => add(target.kind, at(&path.value), &name),
            (None, Some(folder)) => {
                add(target.kind, at(&format!("{folder}/{name}.rs")), &name);
                add(target.kind, at(&format!("{folder}/{name}/main.rs")), &name);
            }
            (None, None) => {}
        }
    }
    if !manifest.targets.iter().any(|target| target.kind == TargetKind::Library && target.path.is_some()) {
        let written = manifest.targets.iter().find(|target| target.kind == TargetKind::Library);
        let name = written.and_then(|target| target.name.as_ref()).map_or(package, |name| &name.value);
        add(TargetKind::Library, at("src/lib.rs"), &name.replace('-', "_"));
    }
    add(TargetKind::Binary, at("src/main.rs"), package);
    let build = manifest.package.as_ref().and_then(|package| package.build.as_ref());
    add(TargetKind::Build, at(build.map_or("build.rs", |build| &build.value)), "build");
    for kind in [TargetKind::Binary, TargetKind::Example, TargetKind::Test, TargetKind::Bench] {
        let Some(folder) = usual_folder(kind).and_then(&at) else { continue };
        for (_, path) in tree.below(&folder) {
            let inside = &path[folder.len() + 1..];
            let name = match inside.split_once('/') {
                None => inside.strip_suffix(".rs"),
                Some((name, "main.rs")) => Some(name),
                Some(_) => None,
            };
            if let Some(name) = name {
                add(kind, Some(path.to_owned()), name);
            }
        }
    }
    targets.sort_unstable();
    targets
}

/// The folder in which Cargo looks for targets of a kind.
const fn usual_folder(kind: TargetKind) -> Option<&'static str> {
    match kind {
        TargetKind::Binary => Some("src/bin"),
        TargetKind::Example => Some("examples"),
        TargetKind::Test => Some("tests"),
        TargetKind::Bench => Some("benches"),
        TargetKind::Library | TargetKind::Build => None,
    }
}

/// `path`, written in `folder`, relative to the root; `None` where it leads out of it.
fn below(folder: &str, path: &str) -> Option<String> {
    if path.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
