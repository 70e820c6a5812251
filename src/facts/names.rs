//! The names of one file: each text once, addressed by a small id.

use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

/// A text of one file, by its index in [`Names`]. The same text of an identifier has the same name; long literals have one each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(pub u32);

impl Name {
    /// The empty text.
    pub const EMPTY: Self = Self(0);
}

/// The distinct texts of one file, in one buffer.
#[derive(Debug, Clone)]
pub struct Names {
    text: String,
    ends: Vec<u32>,
}

impl Default for Names {
    fn default() -> Self {
        Self { text: String::new(), ends: vec![0] }
    }
}

impl Names {
    /// The text of a name.
    #[must_use]
    pub fn text(&self, name: Name) -> &str {
        let index = name.0 as usize;
        let Some(&end) = self.ends.get(index) else { return "" };
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.text[start as usize..end as usize]
    }

    /// Finds a text that was interned, by looking at each.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<Name> {
        (0..self.ends.len())
            .filter_map(|index| u32::try_from(index).ok().map(Name))
            .find(|&name| self.text(name) == text)
    }

    /// Every text, in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).filter_map(|number| u32::try_from(number).ok()).map(|number| self.text(Name(number)))
    }

    /// How many distinct texts there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no text but the empty one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.len() <= 1
    }
}

/// Builds [`Names`] while a file is walked.
#[derive(Debug, Default)]
pub struct NamesBuilder {
    names: Names,
    seen: HashTable<Name>,
}

impl NamesBuilder {
    /// A builder for a file of so many bytes.
    #[must_use]
    pub fn for_file(bytes: usize) -> Self {
        let mut names = Names::default();
        names.text.reserve(bytes / 4);
        names.ends.reserve(bytes / 48);
        Self { names, seen: HashTable::with_capacity(bytes / 64) }
    }

    /// The name of a text, the same for the same text.
    pub fn intern(&mut self, text: &str) -> Name {
        if text.is_empty() {
            return Name::EMPTY;
        }
        let hash = FxBuildHasher.hash_one(text);
        if let Some(&name) = self.seen.find(hash, |&name| self.names.text(name) == text) {
            return name;
        }
        let name = self.push(text);
        let names = &self.names;
        self.seen.insert_unique(hash, name, |&name| FxBuildHasher.hash_one(names.text(name)));
        name
    }

    fn push(&mut self, text: &str) -> Name {
        let name = Name(u32::try_from(self.names.ends.len()).unwrap_or(u32::MAX));
        self.names.text.push_str(text);
        self.names.ends.push(u32::try_from(self.names.text.len()).unwrap_or(u32::MAX));
        name
    }

    /// A name of its own for a text that nobody looks up: long literals are not hashed.
    pub fn literal(&mut self, text: &str) -> Name {
        const SHORT: usize = 24;
        if text.len() <= SHORT { self.intern(text) } else { self.push(text) }
    }

    /// The text of a name.
    #[must_use]
    pub fn text(&self, name: Name) -> &str {
        self.names.text(name)
    }

    /// The finished names.
    #[must_use]
    pub fn finish(self) -> Names {
        self.names
    }
}
