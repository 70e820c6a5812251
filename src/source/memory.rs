//! A tree held in memory: tests, pages and editors without a disk.

use std::collections::BTreeMap;
use std::io;

use super::{Files, Tree};

struct Memory(BTreeMap<String, Vec<u8>>);

impl Files for Memory {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.0.get(path).cloned().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }
}

/// A tree of these files, by path relative to its root.
#[must_use]
pub fn tree(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Tree {
    let files: BTreeMap<String, Vec<u8>> = files.into_iter().collect();
    Tree::new(files.keys().cloned().collect(), Box::new(Memory(files)))
}
