//! The walked set of paths, asked as a file system is asked: which file does a path without its extension mean.
//!
//! Knows names only, never contents.

use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::source::{FileId, Tree, parent};

/// Tried in this order after a path that names no file.
pub(super) const EXTENSIONS: [&str; 9] = [".tsx", ".ts", ".jsx", ".js", ".mjs", ".cjs", ".mts", ".cts", ".json"];

/// What an extension of the output may stand for in the source.
pub(super) const ALIASES: [(&str, &[&str]); 4] = [
    (".js", &[".js", ".ts", ".tsx", ".jsx"]),
    (".jsx", &[".jsx", ".tsx"]),
    (".mjs", &[".mjs", ".mts"]),
    (".cjs", &[".cjs", ".cts"]),
];

/// Declaration files, which only types come from.
const DECLARATIONS: [&str; 3] = [".d.ts", ".d.mts", ".d.cts"];

#[derive(Clone, Copy)]
enum Entry {
    File(FileId),
    Folder,
}

/// The files and folders of a tree.
pub(super) struct Paths {
    entries: FxHashMap<Box<str>, Entry>,
    folded: OnceLock<FxHashSet<String>>,
}

impl Paths {
    pub(super) fn new(tree: &Tree) -> Self {
        let mut entries: FxHashMap<Box<str>, Entry> = FxHashMap::default();
        entries.reserve(tree.paths.len() * 2);
        entries.insert("".into(), Entry::Folder);
        for (index, path) in tree.paths.iter().enumerate() {
            let Ok(id) = u32::try_from(index) else { break };
            entries.insert(path.as_str().into(), Entry::File(FileId(id)));
            let mut folder = parent(path);
            while !entries.contains_key(folder) {
                entries.insert(folder.into(), Entry::Folder);
                folder = parent(folder);
            }
        }
        Self { entries, folded: OnceLock::new() }
    }

    /// The file at exactly this path.
    pub(super) fn file(&self, path: &str) -> Option<FileId> {
        match self.entries.get(path)? {
            Entry::File(id) => Some(*id),
            Entry::Folder => None,
        }
    }

    pub(super) fn is_folder(&self, path: &str) -> bool {
        matches!(self.entries.get(path), Some(Entry::Folder))
    }

    /// The file that `path` means: itself, the source of its extension, or with an extension added.
    pub(super) fn module(&self, path: &str) -> Option<FileId> {
        if let Some(id) = self.file(path) {
            return Some(id);
        }
        for (written, extensions) in ALIASES {
            if let Some(stem) = path.strip_suffix(written)
                && let Some(id) = self.with_extension(stem, extensions)
            {
                return Some(id);
            }
        }
        self.with_extension(path, &EXTENSIONS)
    }

    /// The index file of a folder.
    pub(super) fn index(&self, folder: &str) -> Option<FileId> {
        if !self.is_folder(folder) {
            return None;
        }
        let stem = if folder.is_empty() { "index".to_owned() } else { format!("{folder}/index") };
        self.with_extension(&stem, &EXTENSIONS)
    }

    /// The declaration file that `path` means.
    pub(super) fn declaration(&self, path: &str) -> Option<FileId> {
        let stem = ALIASES.iter().find_map(|(written, _)| path.strip_suffix(written)).unwrap_or(path);
        self.with_extension(stem, &DECLARATIONS)
            .or_else(|| self.with_extension(&format!("{stem}/index"), &DECLARATIONS))
    }

    /// Whether something is at `path`, its extension aside, when upper and lower case are one.
    pub(super) fn differs_in_case(&self, tree: &Tree, path: &str) -> bool {
        let folded = self.folded.get_or_init(|| {
            let mut folded = FxHashSet::default();
            for path in tree.paths.iter().map(|path| path.to_lowercase()) {
                let mut folder = parent(&path);
                while !folder.is_empty() && folded.insert(folder.to_owned()) {
                    folder = parent(folder);
                }
                folded.insert(stem(&path).to_owned());
                folded.insert(path);
            }
            folded
        });
        folded.contains(&path.to_lowercase())
    }

    fn with_extension(&self, stem: &str, extensions: &[&str]) -> Option<FileId> {
        let mut path = String::with_capacity(stem.len() + 6);
        path.push_str(stem);
        extensions.iter().find_map(|extension| {
            path.truncate(stem.len());
            path.push_str(extension);
            self.file(&path)
        })
    }
}

/// A path without the extension of its last segment.
pub(super) fn stem(path: &str) -> &str {
    let name = path.rfind('/').map_or(0, |at| at + 1);
    match path[name..].find('.') {
        Some(0) | None => path,
        Some(at) => &path[..name + at],
    }
}
