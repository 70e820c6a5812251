//! Where source text comes from, and how a byte becomes a line and a column.
//!
//! Knows files by their path relative to the root, always with `/`. Knows nothing about languages.
//! Only [`disk`] touches the file system.

use std::io;

pub mod disk;
mod join;
mod lines;
pub mod memory;
pub mod walk;

pub use join::{is_below, join, parent};
pub use lines::LineIndex;

/// One walked file, by its index in [`Tree::paths`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A half-open range of bytes in one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The range `start..end`.
    #[must_use]
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// Whether `other` lies inside this range.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// A place for people: counted from 1, the column in characters (Unicode scalar values).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// The bytes behind a tree: a disk, a map in memory, or a disk with an editor's buffers over it.
pub trait Files: Send + Sync {
    /// The bytes of the file at `path`, relative to the root, with `/`.
    ///
    /// # Errors
    /// Whatever the file system says: missing, unreadable, not a regular file, too large.
    fn read(&self, path: &str) -> io::Result<Vec<u8>>;
}

/// The walked set of paths and the bytes behind them. For resolution, this set *is* the file system.
pub struct Tree {
    /// Every walked file, relative to the root, sorted, with `/`.
    pub paths: Vec<String>,
    /// What the walk could not read: the path and the reason, sorted.
    pub problems: Vec<(String, String)>,
    files: Box<dyn Files>,
}

impl Tree {
    /// A tree of `paths` (any order, duplicates allowed) over `files`.
    #[must_use]
    pub fn new(mut paths: Vec<String>, files: Box<dyn Files>) -> Self {
        paths.sort_unstable();
        paths.dedup();
        Self { paths, problems: Vec::new(), files }
    }

    /// The path of a walked file.
    #[must_use]
    pub fn path(&self, file: FileId) -> &str {
        &self.paths[file.0 as usize]
    }

    /// The walked file at `path`, if the walk found it.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<FileId> {
        let index = self.paths.binary_search_by(|other| other.as_str().cmp(path)).ok()?;
        Some(FileId(u32::try_from(index).ok()?))
    }

    /// Every walked file below `folder` (`""` is the root), in path order.
    pub fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (FileId, &'a str)> {
        let start = self.paths.partition_point(|path| path.as_str() < folder);
        let inside =
            move |path: &str| folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        self.paths[start..]
            .iter()
            .enumerate()
            .take_while(move |(_, path)| folder.is_empty() || path.starts_with(folder))
            .filter(move |(_, path)| inside(path))
            .filter_map(move |(offset, path)| Some((FileId(u32::try_from(start + offset).ok()?), path.as_str())))
    }

    /// The bytes of a file at `path`, walked or not.
    ///
    /// # Errors
    /// Whatever the file system says.
    pub fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.files.read(path)
    }

    /// The text of a file at `path`: invalid UTF-8 is replaced, a byte order mark stays.
    ///
    /// # Errors
    /// Whatever the file system says.
    pub fn read_text(&self, path: &str) -> io::Result<String> {
        let bytes = self.read(path)?;
        Ok(String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
    }
}
