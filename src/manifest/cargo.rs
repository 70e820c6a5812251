//! `Cargo.toml`.

use std::borrow::Cow;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{ManifestError, Text, span};
use crate::source::FileId;

/// What one `Cargo.toml` says.
#[derive(Debug, Clone)]
pub struct CargoManifest {
    /// The file.
    pub file: FileId,
    /// The folder it stands in, relative to the root; empty for the root itself.
    pub folder: String,
    /// `[package]`
    pub package: Option<CargoPackage>,
    /// `[lib]`, `[[bin]]`, `[[example]]`, `[[test]]`, `[[bench]]`: what is written, not what Cargo infers.
    pub targets: Vec<Target>,
    /// Every dependency table, those of `[target.'cfg(..)']` too.
    pub dependencies: Vec<CrateDependency>,
    /// `[features]`
    pub features: Vec<Feature>,
    /// `[workspace]`
    pub workspace: Option<CargoWorkspace>,
    /// Whether `[package.metadata.edgelint]` is there: the configuration of this tool.
    pub has_configuration: bool,
    /// What could not be read; the first of it, for one slip makes many.
    pub errors: Vec<ManifestError>,
}

/// `[package]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CargoPackage {
    /// `name`
    pub name: Option<Text>,
    /// `version`, where it is not inherited.
    pub version: Option<Text>,
    /// `edition`, where it is not inherited.
    pub edition: Option<Text>,
    /// `build`
    pub build: Option<Text>,
    /// `workspace = "../.."`
    pub workspace: Option<Text>,
}

/// `[workspace]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CargoWorkspace {
    /// The globs of the members' folders.
    pub members: Vec<Text>,
    /// The globs of the folders taken away.
    pub exclude: Vec<Text>,
    /// `[workspace.dependencies]`: what members inherit by `workspace = true`.
    pub dependencies: Vec<CrateDependency>,
}

/// A dependency of a crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrateDependency {
    /// `dependencies`, `dev-dependencies` or `build-dependencies`.
    pub table: &'static str,
    /// The key: the name it is used by, as written.
    pub name: Text,
    /// `package = ".."`: the crate's own name, where the key renames it.
    pub package: Option<Text>,
    /// The version requirement.
    pub version: Option<Text>,
    /// `path = ".."`, relative to the manifest's folder, as written.
    pub path: Option<Text>,
    /// `workspace = true`
    pub inherited: bool,
    /// `optional = true`
    pub optional: bool,
    /// `features`
    pub features: Vec<Text>,
}

/// A feature and what it turns on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feature {
    /// Its name.
    pub name: Text,
    /// What it turns on, as written.
    pub turns_on: Vec<Text>,
}

/// A target that is written in the manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// What it is.
    pub kind: TargetKind,
    /// `name`
    pub name: Option<Text>,
    /// `path`, relative to the manifest's folder, as written.
    pub path: Option<Text>,
}

/// What a target is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TargetKind {
    /// `[lib]`
    Library,
    /// `[[bin]]`
    Binary,
    /// `[[example]]`
    Example,
    /// `[[test]]`
    Test,
    /// `[[bench]]`
    Bench,
    /// `build.rs`
    Build,
}

type Table<'i> = DeTable<'i>;

/// Reads a `Cargo.toml` that stands in `folder`.
pub(super) fn read(file: FileId, folder: &str, text: &str) -> CargoManifest {
    // A byte order mark becomes three line ends, so that places stay.
    let text = text.strip_prefix('\u{feff}').map_or(Cow::Borrowed(text), |rest| Cow::Owned(format!("\n\n\n{rest}")));
    let (root, errors) = DeTable::parse_recoverable(&text);
    let root = root.get_ref();
    CargoManifest {
        file,
        folder: folder.to_owned(),
        package: table(root, "package").or_else(|| table(root, "project")).map(package),
        targets: targets(root),
        dependencies: all_dependencies(root),
        features: table(root, "features").map(features).unwrap_or_default(),
        workspace: table(root, "workspace").map(workspace),
        has_configuration: table(root, "package")
            .and_then(|package| table(package, "metadata"))
            .is_some_and(|metadata| metadata.contains_key("edgelint")),
        errors: errors
            .first()
            .map(|error| ManifestError {
                message: error.message().lines().next().unwrap_or_default().trim_end_matches('.').to_owned(),
                span: error.span().map(span).unwrap_or_default(),
            })
            .into_iter()
            .collect(),
    }
}

fn package(table: &Table) -> CargoPackage {
    CargoPackage {
        name: string(table, "name"),
        version: string(table, "version"),
        edition: string(table, "edition"),
        build: string(table, "build"),
        workspace: string(table, "workspace"),
    }
}

fn workspace(table: &Table) -> CargoWorkspace {
    CargoWorkspace {
        members: strings(table, "members"),
        exclude: strings(table, "exclude"),
        dependencies: dependencies(table, "dependencies"),
    }
}

fn targets(root: &Table) -> Vec<Target> {
    let target = |kind, table: &Table| Target { kind, name: string(table, "name"), path: string(table, "path") };
    let mut targets: Vec<Target> = table(root, "lib").map(|lib| target(TargetKind::Library, lib)).into_iter().collect();
    for (key, kind) in [
        ("bin", TargetKind::Binary),
        ("example", TargetKind::Example),
        ("test", TargetKind::Test),
        ("bench", TargetKind::Bench),
    ] {
        let written = value(root, key).and_then(DeValue::as_array).into_iter().flatten();
        targets.extend(written.filter_map(|entry| Some(target(kind, entry.get_ref().as_table()?))));
    }
    targets
}

fn all_dependencies(root: &Table) -> Vec<CrateDependency> {
    let of = |table: &Table| {
        ["dependencies", "dev-dependencies", "build-dependencies"]
            .into_iter()
            .flat_map(|key| dependencies(table, key))
            .collect()
    };
    let mut all: Vec<CrateDependency> = of(root);
    for platform in table(root, "target").into_iter().flat_map(|platforms| platforms.values()) {
        all.extend(platform.get_ref().as_table().map(of).into_iter().flatten());
    }
    all.sort_by_key(|dependency| dependency.name.span);
    all
}

fn dependencies(root: &Table, key: &'static str) -> Vec<CrateDependency> {
    let mut all: Vec<CrateDependency> = Vec::new();
    for (name, written) in table(root, key).into_iter().flatten() {
        let name = Text { value: name.get_ref().to_string(), span: span(name.span()) };
        let detail = written.get_ref().as_table();
        let flag = |key| detail.and_then(|detail| value(detail, key)).and_then(DeValue::as_bool).unwrap_or(false);
        let text = |key| detail.and_then(|detail| string(detail, key));
        all.push(CrateDependency {
            table: key,
            name,
            package: text("package"),
            version: spanned_text(written).or_else(|| text("version")),
            path: text("path"),
            inherited: flag("workspace"),
            optional: flag("optional"),
            features: detail.map(|detail| strings(detail, "features")).unwrap_or_default(),
        });
    }
    all.sort_by_key(|dependency| dependency.name.span);
    all
}

fn features(table: &Table) -> Vec<Feature> {
    let feature = |(name, list): (&Spanned<Cow<'_, str>>, &Spanned<DeValue<'_>>)| Feature {
        name: Text { value: name.get_ref().to_string(), span: span(name.span()) },
        turns_on: list.get_ref().as_array().into_iter().flatten().filter_map(spanned_text).collect(),
    };
    table.iter().map(feature).collect()
}

fn value<'a, 'i>(table: &'a Table<'i>, key: &str) -> Option<&'a DeValue<'i>> {
    table.get(key).map(Spanned::get_ref)
}

fn table<'a, 'i>(root: &'a Table<'i>, key: &str) -> Option<&'a Table<'i>> {
    value(root, key).and_then(DeValue::as_table)
}

fn string(table: &Table, key: &str) -> Option<Text> {
    table.get(key).and_then(spanned_text)
}

fn strings(table: &Table, key: &str) -> Vec<Text> {
    value(table, key).and_then(DeValue::as_array).into_iter().flatten().filter_map(spanned_text).collect()
}

fn spanned_text(value: &Spanned<DeValue>) -> Option<Text> {
    Some(Text { value: value.get_ref().as_str()?.to_owned(), span: span(value.span()) })
}
