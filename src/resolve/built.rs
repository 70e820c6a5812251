//! From a file that a build would write to the source that it would be written from.

use std::sync::Arc;

use super::configs::Configs;
use super::memo::Memo;
use super::paths::{EXTENSIONS, Paths, stem};
use crate::source::{FileId, Tree, is_below, join};

/// The names of the folders that builds write to.
const OUTPUTS: [&str; 10] = ["dist", "build", "lib", "out", "output", "esm", "cjs", "es", "umd", "types"];

/// Those that hold nothing else, even where some of it is in the tree.
const SURE: [&str; 3] = ["dist", "build", "out"];

/// Folders of an output that stand for a format, not for a folder of the source.
const FORMATS: [&str; 9] = ["esm", "cjs", "es", "umd", "module", "commonjs", "types", "node", "src"];

/// Parts of a file's name that stand for a format.
const SUFFIXES: [&str; 7] = [".d", ".esm", ".cjs", ".umd", ".es", ".min", ".module"];

/// Files that configure a bundler.
const BUNDLERS: [&str; 8] = [
    "tsup.config",
    "tsdown.config",
    "build.config",
    "vite.config",
    "rollup.config",
    "rolldown.config",
    "esbuild",
    "build",
];

/// What a bundler is told to build: its name, where it has one, and the file.
type Entries = Arc<Vec<(Option<String>, FileId)>>;

/// The built packages of a tree.
#[derive(Default)]
pub(super) struct Built {
    entries: Memo<Entries>,
}

impl Built {
    /// The source of `built`, a path below the folder of its package that is not in the tree. By the package's `rootDir` and
    /// `outDir`, then by what its bundler is told to build, then by a file of the same name in `src` or beside it.
    pub(super) fn source(
        &self,
        tree: &Tree,
        paths: &Paths,
        configs: &Configs,
        package: &str,
        built: &str,
    ) -> Option<FileId> {
        let other = EXTENSIONS.iter().find_map(|extension| built.strip_suffix(extension));
        if let Some(id) = other.and_then(|stem| sibling(paths, stem)) {
            return Some(id);
        }
        if let Some(config) = configs.of_folder(package)
            && let Some(output) = config.out_dir.as_deref()
            && is_below(built, output)
        {
            let tail = bare_stem(&built[output.len()..]);
            let root = config.root_dir.clone().or_else(|| join(package, "src"));
            if let Some(id) = root.and_then(|root| sibling(paths, &join(&root, &tail)?)) {
                return Some(id);
            }
        }
        let inside = bare_stem(inside_output(paths, package, built)?);
        let tail = inside.split_once('/').map_or("index", |(_, tail)| tail);
        let tail = FORMATS.iter().find_map(|format| tail.strip_prefix(format)?.strip_prefix('/')).unwrap_or(tail);
        let entries = self.entries.get_or(package, || Arc::new(read_entries(tree, paths, package)));
        entry(tree, &entries, tail)
            .or_else(|| sibling(paths, &join(package, &format!("src/{tail}"))?))
            .or_else(|| sibling(paths, &join(package, tail)?))
            .or_else(|| if tail == "index" && entries.len() == 1 { Some(entries[0].1) } else { None })
    }
}

/// The part of `built` inside its package, if a build would write it.
pub(super) fn inside_output<'p>(paths: &Paths, package: &str, built: &'p str) -> Option<&'p str> {
    let inside = built.get(package.len()..)?.trim_start_matches('/');
    let first = inside.split('/').next()?;
    let folder = first.split('.').next()?;
    let written = OUTPUTS.contains(&folder) && (SURE.contains(&folder) || !paths.is_folder(&join(package, folder)?));
    written.then_some(inside)
}

/// A module's path without its extension and without what stands for a format before it.
fn bare_stem(path: &str) -> String {
    let mut stem = EXTENSIONS.iter().find_map(|extension| path.strip_suffix(extension)).unwrap_or(path);
    while let Some(shorter) = SUFFIXES.iter().find_map(|suffix| stem.strip_suffix(suffix)) {
        stem = shorter;
    }
    stem.to_owned()
}

/// The module at a path without its extension, or the index of that folder.
fn sibling(paths: &Paths, stem: &str) -> Option<FileId> {
    paths.module(stem).or_else(|| paths.index(stem))
}

/// The entry that a bundler writes to `tail`: by its name, else by the name of its file, which must be the only one.
fn entry(tree: &Tree, entries: &[(Option<String>, FileId)], tail: &str) -> Option<FileId> {
    if let Some((_, id)) = entries.iter().find(|(name, _)| name.as_deref() == Some(tail)) {
        return Some(*id);
    }
    let ends_so = |id: FileId| stem(tree.path(id)).strip_suffix(tail).is_some_and(|rest| rest.ends_with('/'));
    let mut matching = entries.iter().map(|&(_, id)| id).filter(|&id| ends_so(id));
    let first = matching.next()?;
    matching.all(|other| other == first).then_some(first)
}

/// The files that the configuration of a bundler, the scripts or the `source` of a package name.
fn read_entries(tree: &Tree, paths: &Paths, package: &str) -> Vec<(Option<String>, FileId)> {
    let mut entries = Vec::new();
    let mut add = |name: Option<&str>, text: &str| {
        let Some(path) = join(package, text).filter(|_| text.contains('.') || text.contains('/')) else { return };
        if let Some(id) = paths.file(&path).or_else(|| paths.module(&path))
            && crate::facts::FileKind::of(tree.path(id)).is_some()
        {
            entries.push((name.map(str::to_owned), id));
        }
    };
    let manifest = join(package, "package.json").and_then(|path| tree.read(&path).ok());
    if let Some(manifest) = manifest.and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok()) {
        if let Some(source) = manifest["source"].as_str() {
            add(Some("index"), source);
        }
        let scripts = manifest["scripts"].as_object().into_iter().flat_map(|scripts| scripts.values());
        for word in scripts.filter_map(|script| script.as_str()).flat_map(str::split_whitespace) {
            add(None, word);
        }
    }
    for name in BUNDLERS {
        let config = join(package, name).and_then(|path| paths.module(&path));
        let Some(text) = config.and_then(|id| tree.read_text(tree.path(id)).ok()) else { continue };
        for (name, string) in strings(&text) {
            add(name, string);
        }
    }
    entries
}

/// The quoted strings of a program text, each with the key that it is the value of.
fn strings(text: &str) -> Vec<(Option<&str>, &str)> {
    let mut found = Vec::new();
    for line in text.lines() {
        let mut at = 0;
        while let Some(start) = line[at..].find(['"', '\'', '`']).map(|start| at + start) {
            let quote = &line[start..=start];
            let Some(end) = line[start + 1..].find(quote).map(|length| start + 1 + length) else { break };
            let key = line[..start].trim_end().strip_suffix(':').map(|key| {
                let key = key.trim_end().trim_end_matches(['"', '\'', '`']);
                key.rsplit([' ', '{', ',', '"', '\'', '`', '(', '[']).next().unwrap_or(key)
            });
            found.push((key, &line[start + 1..end]));
            at = end + 1;
        }
    }
    found
}
