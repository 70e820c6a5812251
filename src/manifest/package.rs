//! `package.json`.

use jsonc_parser::ast::{Object, Value};

use super::json::{elements, entries, get, object, place, string, strings, with_object};
use super::workspace::{Catalog, json_catalogs};
use super::{ManifestError, Text};
use crate::source::{FileId, Span};

/// What one `package.json` says.
#[derive(Debug, Clone)]
pub struct PackageManifest {
    /// The file.
    pub file: FileId,
    /// The folder it stands in, relative to the root; empty for the root itself.
    pub folder: String,
    /// `"name"`
    pub name: Option<Text>,
    /// `"version"`
    pub version: Option<Text>,
    /// `"private": true`
    pub private: bool,
    /// `"type"`: `module` or `commonjs`
    pub module_type: Option<Text>,
    /// `"packageManager"`: `pnpm@9.1.0`
    pub package_manager: Option<Text>,
    /// The globs of `"workspaces"`, an array or `{ "packages": [..] }`.
    pub workspaces: Vec<Text>,
    /// `"catalog"` and `"catalogs"`, beside `"workspaces"` or inside.
    pub catalogs: Vec<Catalog>,
    /// The entries of all four dependency tables, in source order within each kind.
    pub dependencies: Vec<Dependency>,
    /// `"scripts"`, in source order.
    pub scripts: Vec<Script>,
    /// `"bin"`, a table or the one command named as the package.
    pub bins: Vec<Bin>,
    /// `"main"`
    pub main: Option<Text>,
    /// `"module"`
    pub module: Option<Text>,
    /// `"types"` or `"typings"`
    pub types: Option<Text>,
    /// `"source"`: what the built files are built from.
    pub source: Option<Text>,
    /// The entries of `"tsup"`: what its built files are built from.
    pub entries: Vec<Text>,
    /// Where `"exports"` is written.
    pub exports: Option<Span>,
    /// Where `"imports"` is written.
    pub imports: Option<Span>,
    /// Where `"edgelint"` is written: the configuration of this tool.
    pub configuration: Option<Span>,
    /// What could not be read.
    pub errors: Vec<ManifestError>,
}

/// A dependency of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// The table it stands in.
    pub kind: DependencyKind,
    /// The name it is imported by.
    pub name: Text,
    /// The version range, or `workspace:*`, `catalog:`, a dist-tag, an address.
    pub range: Text,
}

/// The table a dependency stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DependencyKind {
    /// `"dependencies"`
    Normal,
    /// `"devDependencies"`
    Development,
    /// `"optionalDependencies"`
    Optional,
    /// `"peerDependencies"`
    Peer,
}

/// A script of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// The name it is run by.
    pub name: Text,
    /// The command.
    pub command: Text,
}

/// A command that a package installs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bin {
    /// The command's name.
    pub name: String,
    /// The file it runs, relative to the package's folder, as written.
    pub target: Text,
}

impl PackageManifest {
    /// The dependency `name`: of several tables the first in the order of [`DependencyKind`].
    #[must_use]
    pub fn dependency(&self, name: &str) -> Option<&Dependency> {
        self.dependencies.iter().find(|dependency| dependency.name.value == name)
    }

    /// The command of a script.
    #[must_use]
    pub fn script(&self, name: &str) -> Option<&Script> {
        self.scripts.iter().rev().find(|script| script.name.value == name)
    }
}

/// Reads a `package.json` that stands in `folder`.
pub(super) fn read(file: FileId, folder: &str, text: &str) -> PackageManifest {
    let (mut manifest, errors) = with_object(text, |root| take(file, folder, root));
    manifest.errors = errors;
    manifest
}

fn take(file: FileId, folder: &str, root: &Object) -> PackageManifest {
    let (workspaces, catalogs) = workspaces(root);
    PackageManifest {
        file,
        folder: folder.to_owned(),
        name: string(root, "name"),
        version: string(root, "version"),
        private: matches!(get(root, "private"), Some(Value::BooleanLit(literal)) if literal.value),
        module_type: string(root, "type"),
        package_manager: string(root, "packageManager"),
        workspaces,
        catalogs,
        dependencies: dependencies(root),
        scripts: object(root, "scripts").map(scripts).unwrap_or_default(),
        bins: bins(root),
        main: string(root, "main"),
        module: string(root, "module"),
        types: string(root, "types").or_else(|| string(root, "typings")),
        source: string(root, "source"),
        entries: object(root, "tsup").map(tsup_entries).unwrap_or_default(),
        exports: get(root, "exports").map(place),
        imports: get(root, "imports").map(place),
        configuration: get(root, "edgelint").map(place),
        errors: Vec::new(),
    }
}

fn workspaces(root: &Object) -> (Vec<Text>, Vec<Catalog>) {
    let mut catalogs = json_catalogs(root);
    let globs = match get(root, "workspaces") {
        Some(Value::Array(globs)) => elements(globs),
        Some(Value::Object(table)) => {
            catalogs.extend(json_catalogs(table));
            strings(table, "packages")
        }
        _ => Vec::new(),
    };
    (globs, catalogs)
}

fn dependencies(root: &Object) -> Vec<Dependency> {
    let mut all = Vec::new();
    for (table, kind) in [
        ("dependencies", DependencyKind::Normal),
        ("devDependencies", DependencyKind::Development),
        ("optionalDependencies", DependencyKind::Optional),
        ("peerDependencies", DependencyKind::Peer),
    ] {
        let Some(table) = object(root, table) else { continue };
        all.extend(entries(table).map(|(name, range)| Dependency { kind, name, range }));
    }
    all
}

fn scripts(table: &Object) -> Vec<Script> {
    entries(table).map(|(name, command)| Script { name, command }).collect()
}

fn bins(root: &Object) -> Vec<Bin> {
    if let Some(table) = object(root, "bin") {
        return entries(table).map(|(name, target)| Bin { name: name.value, target }).collect();
    }
    let Some(target) = string(root, "bin") else { return Vec::new() };
    let package = string(root, "name").unwrap_or_default().value;
    let name = package.rsplit('/').next().unwrap_or_default().to_owned();
    vec![Bin { name, target }]
}

fn tsup_entries(tsup: &Object) -> Vec<Text> {
    let mut entries = strings(tsup, "entry");
    entries.extend(string(tsup, "entry"));
    entries.extend(strings(tsup, "entryPoints"));
    entries
}
