//! Comments for edgelint: where one starts with `edgelint-`.

use crate::facts::Suppression;
use crate::source::Span;

/// What every comment for us starts with.
pub(super) const NEEDLE: &str = "edgelint-";

/// The suppression that a comment holds: `text` is the comment's inside, `start` the offset of the whole comment, `end` its end.
pub(super) fn suppression(text: &str, start: u32, end: u32) -> Option<Suppression> {
    let text = text.trim_start_matches(['*', '!', '/']).trim();
    text.starts_with(NEEDLE).then(|| Suppression { text: text.to_owned(), span: Span::new(start, end) })
}

/// The suppressions of a text that no parser reads to its end: the comments that a line starts with, and ends with.
pub(super) fn at_line_starts(text: &str) -> Vec<Suppression> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let around = |letter: char| letter.is_whitespace() || matches!(letter, '{' | '}' | '\u{feff}');
        let rest = line.trim_start_matches(around);
        let comment = rest.trim_end_matches(around);
        let block = || comment.strip_prefix("/*").and_then(|rest| rest.strip_suffix("*/"));
        if let Some(inside) = comment.strip_prefix("//").or_else(block) {
            let offset = start + line.len() - rest.len();
            let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            found.extend(suppression(inside, place(offset), place(offset + comment.len())));
        }
        start += line.len();
    }
    found
}
