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
