//! This repository on disk: the only part of the tests' support that reads and writes files.
#![expect(clippy::disallowed_methods, reason = "the tests read the repository's own files and bless them")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The folder of `Cargo.toml`.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The text of a file of the repository.
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Writes a file of the repository.
pub(crate) fn write(path: &str, text: &str) {
    fs::write(root().join(path), text).unwrap_or_else(|error| panic!("{path}: {error}"));
}

/// Whether what is expected is to be rewritten: `BLESS=1`.
pub(crate) fn blessing() -> bool {
    std::env::var_os("BLESS").is_some_and(|value| !value.is_empty() && value != "0")
}

/// Every file below a folder of the repository, by path relative to the repository, sorted; none where there is no such folder.
pub(crate) fn files(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    collect(&root().join(folder), folder, &mut found);
    found.sort();
    found
}

/// The folders directly below a folder of the repository, by name, sorted.
pub(crate) fn folders(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(folder)).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    names
}

/// The files below a folder of the repository, by path relative to that folder.
pub(crate) fn tree(folder: &str) -> BTreeMap<String, String> {
    files(folder).into_iter().map(|path| (path[folder.len() + 1..].to_owned(), read(&path))).collect()
}

fn collect(folder: &PathBuf, name: &str, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let Ok(file) = entry.file_name().into_string() else { continue };
        let path = if name.is_empty() { file } else { format!("{name}/{file}") };
        if entry.path().is_dir() {
            collect(&entry.path(), &path, found);
        } else {
            found.push(path);
        }
    }
}
