//! The disk: the root of a path, and the tree below it.

use std::io;
use std::path::{Path, PathBuf};

use super::{Files, Tree};

struct Disk(PathBuf);

impl Files for Disk {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        std::fs::read(self.0.join(path))
    }
}

/// The root of the tree that `path` belongs to.
///
/// # Errors
/// Whatever the file system says.
pub fn find_root(path: &Path) -> io::Result<PathBuf> {
    let path = std::fs::canonicalize(path)?;
    let manifest = |folder: &&Path| folder.join("package.json").is_file();
    let folder = if path.is_dir() { path.as_path() } else { path.parent().unwrap_or(&path) };
    Ok(folder.ancestors().find(manifest).unwrap_or(folder).to_path_buf())
}

/// The tree below `root`.
///
/// # Errors
/// Where `root` cannot be listed.
pub fn open(root: &Path) -> io::Result<Tree> {
    let mut paths = Vec::new();
    let mut folders = vec![(root.to_path_buf(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push((entry.path(), format!("{path}/")));
            } else if kind.is_file() {
                paths.push(path);
            }
        }
    }
    Ok(Tree::new(paths, Box::new(Disk(root.to_path_buf()))))
}
