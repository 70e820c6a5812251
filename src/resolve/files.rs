//! The file system that `oxc_resolver` sees: the walked tree at `/`, and nothing of the disk.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use oxc_resolver::{FileMetadata, FileSystem, ResolveError};

use super::paths::{EXTENSIONS, Paths};
use crate::source::{Tree, join, memory};

/// Below this folder lie the effective configurations, by their number, as if nothing extended anything.
const CONFIGS: &str = ".effective-tsconfig/";

/// A tree as `oxc_resolver` sees it.
#[derive(Clone)]
pub(super) struct Files {
    pub(super) tree: Arc<Tree>,
    pub(super) paths: Arc<Paths>,
    /// The texts of the effective configurations.
    pub(super) configs: Arc<Vec<String>>,
    /// Whether every module that could have been built is there, so that one learns which one an import means.
    pub(super) built: bool,
}

impl Files {
    /// Where the effective configuration of that number is.
    pub(super) fn config(number: usize) -> PathBuf {
        PathBuf::from(format!("/{CONFIGS}{number}.json"))
    }

    fn config_text(&self, path: &str) -> Option<&String> {
        let number: usize = path.strip_prefix(CONFIGS)?.strip_suffix(".json")?.parse().ok()?;
        self.configs.get(number)
    }

    fn could_be_built(path: &str) -> bool {
        !path.ends_with("/package.json")
            && path != "package.json"
            && (EXTENSIONS.iter().any(|extension| path.ends_with(extension)) || path.ends_with(".css"))
    }
}

impl FileSystem for Files {
    fn new() -> Self {
        let tree = Arc::new(memory::tree([]));
        let paths = Arc::new(Paths::new(&tree));
        Self { tree, paths, configs: Arc::default(), built: false }
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let path = tree_path(path).ok_or(io::ErrorKind::NotFound)?;
        if let Some(text) = self.config_text(&path) {
            return Ok(text.clone().into_bytes());
        }
        self.paths.file(&path).ok_or(io::ErrorKind::NotFound)?;
        self.tree.read(&path)
    }

    fn read_to_string(&self, path: &Path) -> io::Result<String> {
        String::from_utf8(self.read(path)?).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    }

    fn metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        let path = tree_path(path).ok_or(io::ErrorKind::NotFound)?;
        if self.paths.is_folder(&path) {
            return Ok(FileMetadata::new(false, true, false));
        }
        let built = self.built && Self::could_be_built(&path);
        if built || self.paths.file(&path).is_some() || self.config_text(&path).is_some() {
            return Ok(FileMetadata::new(true, false, false));
        }
        Err(io::ErrorKind::NotFound.into())
    }

    fn symlink_metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        self.metadata(path)
    }

    fn read_link(&self, path: &Path) -> Result<PathBuf, ResolveError> {
        Err(ResolveError::PathNotSupported(path.to_path_buf()))
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        Ok(path.to_path_buf())
    }
}

/// A path of this file system, relative to the root of the tree.
pub(super) fn tree_path(path: &Path) -> Option<String> {
    let text = path.to_str()?;
    if cfg!(windows) { join("", &text.replace('\\', "/")) } else { join("", text) }
}
