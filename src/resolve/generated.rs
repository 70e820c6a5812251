//! What is not in the tree because a tool writes it: Prisma clients, and folders that git ignores.
//!
//! Asked only about paths that lead to no file.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::paths::{EXTENSIONS, Paths};
use crate::source::{Tree, is_below, join, parent};

/// What the tools of a tree write.
pub(super) struct Generated {
    clients: Vec<String>,
    outputs: Vec<String>,
    ignores: Vec<(String, GlobSet)>,
}

impl Generated {
    pub(super) fn read(tree: &Tree) -> Self {
        let mut generated = Self { clients: Vec::new(), outputs: Vec::new(), ignores: Vec::new() };
        for path in &tree.paths {
            if path.ends_with(".prisma") {
                generated.schema(parent(path), &tree.read_text(path).unwrap_or_default());
            } else if path == ".gitignore" || path.ends_with("/.gitignore") {
                let set = ignored(&tree.read_text(path).unwrap_or_default());
                generated.ignores.push((parent(path).to_owned(), set));
            }
        }
        generated
    }

    /// Whether `path` is, or lies in, a folder that a Prisma client is generated to.
    pub(super) fn is_prisma_client(&self, path: &str) -> bool {
        self.clients.iter().any(|client| is_below(path, client))
    }

    /// Whether a tool writes `path`: a generator of a schema, one whose folder starts with a dot, or one whose output git ignores.
    pub(super) fn is_generated(&self, paths: &Paths, path: &str) -> bool {
        let mut folders = path.match_indices('/').map(|(end, _)| &path[..end]).chain([path]);
        folders.any(|folder| {
            let name = folder.rsplit('/').next().unwrap_or(folder);
            name.starts_with('.') && !paths.is_folder(folder)
        }) || self.outputs.iter().any(|output| is_below(path, output))
            || self.is_ignored(path)
    }

    fn is_ignored(&self, path: &str) -> bool {
        let modules: Vec<String> = EXTENSIONS.iter().map(|extension| format!("{path}{extension}")).collect();
        self.ignores.iter().any(|(folder, set)| {
            if !is_below(path, folder) {
                return false;
            }
            let start = if folder.is_empty() { 0 } else { folder.len() + 1 };
            let inside = path.get(start..).unwrap_or_default();
            let mut above = inside.match_indices('/').map(|(end, _)| &inside[..end]).chain([inside]);
            above.any(|part| set.is_match(part)) || modules.iter().any(|module| set.is_match(&module[start..]))
        })
    }

    /// Reads the `generator` blocks of a schema of `folder`.
    fn schema(&mut self, folder: &str, text: &str) {
        let mut block: Option<(bool, Option<String>)> = None;
        for line in text.lines().map(str::trim) {
            if line.starts_with("generator ") && line.ends_with('{') {
                block = Some((false, None));
            } else if line.starts_with('}') {
                let Some((client, Some(output))) = block.take() else { continue };
                let outputs = if client { &mut self.clients } else { &mut self.outputs };
                outputs.extend(join(folder, &output));
            } else if let Some((client, output)) = &mut block
                && let Some((key, value)) = line.split_once('=')
                && let Some(value) = value.split('"').nth(1).filter(|_| value.trim_start().starts_with('"'))
            {
                match key.trim() {
                    "provider" => *client = matches!(value, "prisma-client-js" | "prisma-client"),
                    "output" => *output = Some(value.to_owned()),
                    _ => {}
                }
            }
        }
    }
}

/// The patterns of a `.gitignore`, for paths relative to its folder; what it takes back is not read.
fn ignored(text: &str) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with(['#', '!']) {
            continue;
        }
        let pattern = line.trim_end_matches('/');
        let glob = match pattern.strip_prefix('/') {
            Some(anchored) => anchored.to_owned(),
            None if pattern.contains('/') => pattern.to_owned(),
            None => format!("**/{pattern}"),
        };
        if let Ok(glob) = GlobBuilder::new(&glob).literal_separator(true).build() {
            set.add(glob);
        }
    }
    set.build().unwrap_or_default()
}
