//! The tokeniser counts lines and characters; facts count bytes.

use proc_macro2::LineColumn;

use super::context::index;

/// Bytes of the places that the tokeniser counts in characters. It keeps lines too, and its own way to bytes is far slower.
pub(super) struct Places {
    /// Where each line starts, and the first of its characters in `wide`.
    lines: Vec<(u32, usize)>,
    /// The characters of more than a byte: the column of each, and how many bytes more than characters its line has up to its end.
    wide: Vec<(u32, u32)>,
}

impl Places {
    /// The places of a text.
    pub(super) fn new(text: &str) -> Self {
        let (mut lines, mut wide, mut start) = (Vec::new(), Vec::new(), 0);
        for line in text.split_inclusive('\n') {
            lines.push((start, wide.len()));
            if !line.is_ascii() {
                let mut more = 0;
                for (column, character) in line.chars().enumerate().filter(|(_, character)| !character.is_ascii()) {
                    more += index(character.len_utf8() - 1);
                    wide.push((index(column), more));
                }
            }
            start += index(line.len());
        }
        lines.push((start, wide.len()));
        Self { lines, wide }
    }

    /// The byte of a place.
    pub(super) fn byte(&self, place: LineColumn) -> u32 {
        let (line, column) = (place.line.saturating_sub(1), index(place.column));
        let Some(&(start, first)) = self.lines.get(line) else { return 0 };
        let last = self.lines.get(line + 1).map_or(first, |&(_, next)| next);
        let before = self.wide[first..last].partition_point(|&(wide, _)| wide < column);
        start + column + before.checked_sub(1).map_or(0, |at| self.wide[first + at].1)
    }
}
