//! The disk: the one place of the library that touches the file system.
//!
//! Knows which folder is a project's root, how to read a file without ever waiting for it, and how to write one without ever losing it. Knows nothing about languages.

#![expect(clippy::disallowed_methods, reason = "this is the one module of the library that touches the disk")]

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};

use super::walk::walk;
use super::{Files, Tree};

/// Larger files are refused: no source text and no lock file comes near it.
pub const MAX_FILE_BYTES: u64 = 32 << 20;

/// The folder below which everything is analysed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// The folder, without links in its path.
    pub folder: PathBuf,
    /// What makes it the root.
    pub mark: Mark,
    /// The outermost folder of the same repository that its own configuration cuts it off from: one with a configuration, or a
    /// workspace.
    pub around: Option<PathBuf>,
}

/// What makes a folder a root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// `edgelint.toml`
    Configuration,
    /// The manifest of a workspace.
    Workspace,
    /// `.git`
    Git,
    /// `package.json` or `Cargo.toml`
    Package,
    /// Nothing: it was given.
    None,
}

/// The root when `start` (a file or a folder) is given: the nearest ancestor with `edgelint.toml`, else the outermost workspace
/// manifest inside the git top, else the git top, else the nearest `package.json` or `Cargo.toml`, else the folder given.
///
/// # Errors
/// Where `start` does not exist or cannot be reached.
pub fn find_root(start: &Path) -> io::Result<Root> {
    let start = fs::canonicalize(start)?;
    let folder = if start.is_dir() { start.as_path() } else { start.parent().unwrap_or(&start) };
    let is_configured = |folder: &&Path| folder.join("edgelint.toml").is_file();
    let inside_git: Vec<&Path> = match folder.ancestors().position(|folder| folder.join(".git").exists()) {
        Some(top) => folder.ancestors().take(top + 1).collect(),
        None => Vec::new(),
    };
    if let Some(configured) = folder.ancestors().find(is_configured) {
        let mut outer =
            inside_git.iter().rev().take_while(|outer| configured.starts_with(outer) && **outer != configured);
        let around = outer.find(|outer| is_configured(outer) || has_workspace_manifest(outer));
        let around = around.map(|outer| outer.to_path_buf());
        return Ok(Root { folder: configured.to_path_buf(), mark: Mark::Configuration, around });
    }
    let root = |folder: &Path, mark| Ok(Root { folder: folder.to_path_buf(), mark, around: None });
    if let Some(workspace) = inside_git.iter().rev().find(|folder| has_workspace_manifest(folder)) {
        return root(workspace, Mark::Workspace);
    }
    if let Some(top) = inside_git.last() {
        return root(top, Mark::Git);
    }
    let is_package = |folder: &&Path| folder.join("package.json").is_file() || folder.join("Cargo.toml").is_file();
    match folder.ancestors().find(is_package) {
        Some(package) => root(package, Mark::Package),
        None => root(folder, Mark::None),
    }
}

/// Whether a folder's own manifests make it the root of a workspace.
fn has_workspace_manifest(folder: &Path) -> bool {
    let read = |name: &str| read_file(&folder.join(name)).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    folder.join("pnpm-workspace.yaml").is_file()
        || folder.join("lerna.json").is_file()
        || read("package.json").is_some_and(|text| {
            let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
            let manifest: Option<serde_json::Value> = serde_json::from_str(text).ok();
            manifest.is_some_and(|manifest| manifest.get("workspaces").is_some())
        })
        || read("Cargo.toml").is_some_and(|text| {
            text.lines()
                .map(str::trim_start)
                .any(|line| line.starts_with("[workspace]") || line.starts_with("[workspace."))
        })
}

/// The tree of the files below `root`, walked now and read when asked for.
///
/// # Errors
/// Where `root` is not a folder that can be listed.
pub fn open(root: &Path) -> io::Result<Tree> {
    let root = fs::canonicalize(root).map_err(|error| about(root, &error))?;
    fs::read_dir(&root).map_err(|error| about(&root, &error))?;
    let walked = walk(&root);
    let mut tree = Tree::new(walked.paths, Box::new(Disk { root }));
    tree.problems = walked.problems;
    Ok(tree)
}

/// The files below one folder.
struct Disk {
    root: PathBuf,
}

impl Files for Disk {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        let path = Path::new(path);
        if !path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir)) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "the path leads out of the root"));
        }
        read_file(&self.root.join(path))
    }
}

/// Reads a regular file. Whatever could keep the reader waiting (a pipe, a socket, a device) is refused before it is opened.
fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    if metadata.len() > MAX_FILE_BYTES {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0) + 1);
    fs::File::open(path)?.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE_BYTES { Err(too_large()) } else { Ok(bytes) }
}

/// The text of a regular file at `path`, for the command line's own files.
///
/// # Errors
/// Where there is none, it cannot be read, it is too large or not UTF-8.
pub fn read_text(path: &Path) -> io::Result<String> {
    String::from_utf8(read_file(path)?).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "not UTF-8 text"))
}

/// Writes the file at `path`, new or not, as a whole: whoever reads it sees the old bytes or the new ones, and a failure leaves
/// the old ones. A link is followed; the file keeps its mode.
///
/// # Errors
/// Where its folder is missing, it may not be written, or it is not a regular file.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let (path, permissions) = match fs::canonicalize(path) {
        Ok(existing) => {
            let metadata = fs::metadata(&existing)?;
            if !metadata.is_file() {
                return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
            }
            if metadata.permissions().readonly() {
                return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the file is read-only"));
            }
            (existing, Some(metadata.permissions()))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => (path.to_path_buf(), None),
        Err(error) => return Err(error),
    };
    let beside = beside(&path)?;
    let written = fill(&beside, bytes, permissions).and_then(|()| fs::rename(&beside, &path));
    if written.is_err() && beside.exists() {
        // What went wrong first is what is said.
        let _ = fs::remove_file(&beside);
    }
    written
}

/// Writes a file that is not there yet, as a whole.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] where anything is at `path`, else whatever the file system says.
pub fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = fs::File::create_new(path)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if written.is_err() {
        let _ = fs::remove_file(path);
    }
    written
}

/// A name for the unfinished file, in the same folder, so that renaming it is one step.
fn beside(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "no name of a file"))?;
    Ok(path.with_file_name(format!(".{}.{}.tmp", name.to_string_lossy(), std::process::id())))
}

fn fill(path: &Path, bytes: &[u8], permissions: Option<fs::Permissions>) -> io::Result<()> {
    let mut file = fs::File::create_new(path)?;
    file.write_all(bytes)?;
    if let Some(permissions) = permissions {
        file.set_permissions(permissions)?;
    }
    file.sync_all()
}

fn too_large() -> io::Error {
    let message = format!("larger than {} MiB, the most that is read of one file", MAX_FILE_BYTES >> 20);
    io::Error::new(io::ErrorKind::FileTooLarge, message)
}

/// The same error, saying which path it is about.
fn about(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
