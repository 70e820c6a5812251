//! Which files of a folder belong to the project.
//!
//! Knows `.gitignore` and the folders that tools write; knows nothing about what the files say. Links to folders are never
//! entered, so that a loop cannot be walked.

#![expect(clippy::disallowed_methods, reason = "the walk asks what sort of file an entry is")]

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::{DirEntry, Error, ParallelVisitor, ParallelVisitorBuilder, WalkBuilder, WalkState};

/// Folders that hold a tool's own data, wherever they stand.
const TOOL_FOLDERS: [&str; 11] = [
    ".git",
    ".hg",
    ".jj",
    ".next",
    ".pnpm-store",
    ".svn",
    ".turbo",
    ".vercel",
    ".yarn",
    "bower_components",
    "node_modules",
];

/// The reason why a folder is not entered whose `.gitignore` could not be read without waiting.
const BLOCKING: &str = "its `.gitignore` is not a regular file";

/// The reason why a file is not read whose name no path of the tree can spell.
pub const NAME: &str = "its name is not valid UTF-8";

/// What a walk found, both lists sorted by path; paths are relative to the root, with `/`.
#[derive(Debug, Default)]
pub struct Walked {
    /// Every regular file, and every link to one.
    pub paths: Vec<String>,
    /// What could not be read: the path and the reason.
    pub problems: Vec<(String, String)>,
}

/// Walks `root`: dot folders too, as its own `.gitignore` files say, with or without `.git`.
#[must_use]
pub fn walk(root: &Path) -> Walked {
    let found = Arc::new(Mutex::new(Walked::default()));
    let (base, refused) = (root.to_path_buf(), Arc::clone(&found));
    let enters = move |entry: &DirEntry| {
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        if !is_folder || entry.depth() == 0 {
            return true;
        }
        if is_output(&base, entry) {
            return false;
        }
        let blocks = has_blocking_gitignore(entry.path());
        if blocks {
            let path = relative(&base, entry.path()).unwrap_or_else(|path| path);
            refused.lock().unwrap_or_else(PoisonError::into_inner).problems.push((path, BLOCKING.to_owned()));
        }
        !blocks
    };
    if root.is_dir() && has_blocking_gitignore(root) {
        let problem = (String::new(), BLOCKING.to_owned());
        return Walked { paths: Vec::new(), problems: vec![problem] };
    }
    let walk = WalkBuilder::new(root)
        .hidden(false)
        .parents(false)
        .ignore(false)
        .git_ignore(true)
        .git_global(false)
        .git_exclude(false)
        .require_git(false)
        .follow_links(false)
        .filter_entry(enters)
        .build_parallel();
    walk.visit(&mut Collector { root, found: &found });
    let mut walked = std::mem::take(&mut *found.lock().unwrap_or_else(PoisonError::into_inner));
    walked.paths.sort_unstable();
    walked.problems.sort_unstable();
    walked
}

/// Whether reading a folder's `.gitignore` could wait for ever: it is a pipe, a socket or a device.
fn has_blocking_gitignore(folder: &Path) -> bool {
    folder.join(".gitignore").metadata().is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir())
}

/// Whether a folder is one that a tool or a known build has written.
fn is_output(root: &Path, entry: &DirEntry) -> bool {
    let Some(name) = entry.file_name().to_str() else { return false };
    if TOOL_FOLDERS.contains(&name) {
        return true;
    }
    let path = entry.path();
    match name {
        "target" => path.with_file_name("Cargo.toml").is_file() || path.join("CACHEDIR.TAG").is_file(),
        "dist" => !in_source(root, path) && path.with_file_name("package.json").is_file(),
        "build" | "out" => !in_source(root, path) && (path.join("BUILD_ID").is_file() || path.join("_next").is_dir()),
        _ => false,
    }
}

/// Whether a folder lies where routes and sources are written: there, `dist`, `build` and `out` are names like any other.
fn in_source(root: &Path, path: &Path) -> bool {
    let inside = path.parent().and_then(|parent| parent.strip_prefix(root).ok());
    inside.is_some_and(|inside| inside.iter().any(|part| part == "app" || part == "src"))
}

/// Gathers what every thread of the walk sees.
struct Collector<'a> {
    root: &'a Path,
    found: &'a Mutex<Walked>,
}

impl<'a> ParallelVisitorBuilder<'a> for Collector<'a> {
    fn build(&mut self) -> Box<dyn ParallelVisitor + 'a> {
        Box::new(Visitor { root: self.root, found: self.found, own: Walked::default() })
    }
}

/// What one thread of the walk sees; handed over when the thread is done.
struct Visitor<'a> {
    root: &'a Path,
    found: &'a Mutex<Walked>,
    own: Walked,
}

impl ParallelVisitor for Visitor<'_> {
    fn visit(&mut self, entry: Result<DirEntry, Error>) -> WalkState {
        match entry {
            Ok(entry) if is_kept(&entry) => match relative(self.root, entry.path()) {
                Ok(path) => self.own.paths.push(path),
                Err(path) => self.own.problems.push((path, NAME.to_owned())),
            },
            Ok(_) => {}
            Err(error) => {
                let mut path = PathBuf::new();
                let reason = reason(&error, &mut path);
                let path = relative(self.root, &path).unwrap_or_else(|path| path);
                self.own.problems.push((path, reason));
            }
        }
        WalkState::Continue
    }
}

impl Drop for Visitor<'_> {
    fn drop(&mut self) {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.paths.append(&mut self.own.paths);
        found.problems.append(&mut self.own.problems);
    }
}

/// Regular files, and links whose target is one; no folders, pipes, sockets or devices.
fn is_kept(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_file() || (kind.is_symlink() && entry.path().is_file()))
}

/// A path relative to the root, with `/`; the nearest text to it where a name is not valid UTF-8.
fn relative(root: &Path, path: &Path) -> Result<String, String> {
    let path = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = path.iter().map(std::ffi::OsStr::to_string_lossy).collect();
    if path.to_str().is_some() { Ok(parts.join("/")) } else { Err(parts.join("/")) }
}

/// The innermost cause of an error, and the path it is about.
fn reason(error: &Error, path: &mut PathBuf) -> String {
    match error {
        Error::WithPath { path: about, err } => {
            path.clone_from(about);
            reason(err, path)
        }
        Error::WithDepth { err, .. } | Error::WithLineNumber { err, .. } => reason(err, path),
        Error::Partial(errors) => errors.first().map_or_else(String::new, |error| reason(error, path)),
        Error::Io(error) => error.to_string(),
        other => other.to_string(),
    }
}
