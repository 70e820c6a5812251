//! Source text to facts. One walk a file; cannot fail; knows no library, no configuration and no other file.

use crate::facts::{FileFacts, FileKind, ParseError};
use crate::source::{LineIndex, Span};

mod comments;
mod ecma;
mod nesting;
mod rust;

/// How deeply brackets may nest. Past it a file is not parsed: no hand writes such code, and a parser could exhaust its stack.
const DEEPEST: u32 = 1000;

/// What `text` says, read as `kind`. Broken source yields what can be had, and errors.
#[must_use]
pub fn extract(kind: FileKind, text: &str) -> FileFacts {
    if let Some(offset) = nesting::deeper_than(text, DEEPEST) {
        let mut facts = FileFacts::empty(kind, LineIndex::new(text));
        let message = format!("brackets nest deeper than {DEEPEST} levels, so the file is not read");
        facts.errors.push(ParseError { message, span: Span::new(offset, offset + 1), recovered: false });
        return facts;
    }
    match kind {
        FileKind::Rust => rust::extract(text),
        _ => ecma::extract(kind, text),
    }
}
