//! Where a repository keeps its hooks, and where it starts.
//!
//! Only `git` knows it for certain: a setting of the user's own moves the hooks of every repository.
#![expect(clippy::disallowed_methods, reason = "the command line looks for the folder of the hooks")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What is known of the repository around a folder.
pub(super) struct Git {
    /// Its top.
    pub(super) top: PathBuf,
    /// The folder in which `git` looks for hooks.
    hooks: PathBuf,
    /// The folder of all that `git` itself keeps.
    own: PathBuf,
}

/// Where a hook belongs.
pub(super) enum Hook {
    /// In this file, which `git` runs.
    Here(PathBuf),
    /// In this file; `git` has yet to be told of its folder.
    Untold(PathBuf),
    /// Nowhere in the repository: this folder is for others too.
    Elsewhere(PathBuf),
}

impl Git {
    /// Asks `git`; nothing where it is not there or finds no repository.
    pub(super) fn around(folder: &Path) -> Option<Self> {
        let ask = |folder: &Path, what: &[&str]| {
            let mut git = Command::new("git");
            let said = git.arg("rev-parse").args(what).current_dir(folder).stdin(Stdio::null()).output().ok()?;
            let text = String::from_utf8(said.stdout).ok().filter(|_| said.status.success())?;
            Some(settled(&folder.join(text.trim_end_matches(['\r', '\n']))))
        };
        let top = ask(folder, &["--show-toplevel"])?;
        // Relative paths are meant from the top.
        let (hooks, own) = (ask(&top, &["--git-path", "hooks"])?, ask(&top, &["--git-common-dir"])?);
        Some(Self { top, hooks, own })
    }

    /// The file of the hook that runs before a commit: in the folder that the project keeps for hooks, else where `git` looks.
    pub(super) fn pre_commit(&self) -> Hook {
        let husky = self.top.join(".husky");
        if husky.is_dir() {
            // The tool tells `git` of it when the packages are installed.
            return Hook::Here(husky.join("pre-commit"));
        }
        let kept = self.top.join(".githooks");
        if kept.is_dir() {
            let file = kept.join("pre-commit");
            return if self.hooks == kept { Hook::Here(file) } else { Hook::Untold(file) };
        }
        if self.hooks.starts_with(&self.top) || self.hooks.starts_with(&self.own) {
            Hook::Here(self.hooks.join("pre-commit"))
        } else {
            Hook::Elsewhere(self.hooks.clone())
        }
    }
}

/// A path without links, as far as it is there.
fn settled(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| match (path.parent(), path.file_name()) {
        (Some(folder), Some(name)) => settled(folder).join(name),
        _ => path.to_path_buf(),
    })
}
