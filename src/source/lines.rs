//! The line index of a text. It answers without the text: the few characters that are longer than a byte are kept beside it.

use super::Position;

/// Where the lines of one text start, and where its characters of more than one byte are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<u32>,
    wide: Vec<(u32, u8)>,
}

impl LineIndex {
    /// Indexes `text`. Lines end at `\n`; a leading byte order mark takes no column.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = Vec::with_capacity(bytes.len() / 32 + 1);
        starts.push(0);
        starts.extend(memchr::memchr_iter(b'\n', bytes).filter_map(|offset| u32::try_from(offset + 1).ok()));
        let mut index = Self { starts, wide: Vec::new() };
        if !text.is_ascii() {
            index.wide = wide(text);
        }
        index
    }

    /// The line and column of a byte offset; past the end, the last line.
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        let line = self.starts.partition_point(|&start| start <= offset).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        let from = self.wide.partition_point(|&(at, _)| at < start);
        let extra: u32 = self.wide[from..]
            .iter()
            .take_while(|&&(at, _)| at < offset)
            .map(|&(at, extra)| u32::from(extra).min(offset - at))
            .sum();
        Position { line: u32::try_from(line).unwrap_or(u32::MAX), column: (offset - start).saturating_sub(extra) + 1 }
    }

    /// The byte offset at which a line (from 1) starts, or `None` past the end.
    #[must_use]
    pub fn line_start(&self, line: u32) -> Option<u32> {
        self.starts.get(usize::try_from(line).ok()?.checked_sub(1)?).copied()
    }

    /// The number of lines.
    #[must_use]
    pub fn lines(&self) -> usize {
        self.starts.len()
    }
}

/// The characters of more than one byte, each with the bytes that it has beyond one. A leading byte order mark takes no column.
fn wide(text: &str) -> Vec<(u32, u8)> {
    const CHUNK: usize = 64;
    let mut wide = Vec::new();
    for (number, chunk) in text.as_bytes().chunks(CHUNK).enumerate() {
        if chunk.is_ascii() {
            continue;
        }
        for (inside, &byte) in chunk.iter().enumerate().filter(|(_, byte)| **byte >= 0xC0) {
            let offset = number * CHUNK + inside;
            let extra = if byte >= 0xF0 { 3 } else { u8::from(byte >= 0xE0) + 1 };
            let mark = offset == 0 && text.starts_with('\u{feff}');
            wide.extend(u32::try_from(offset).ok().map(|offset| (offset, if mark { 3 } else { extra })));
        }
    }
    wide
}
