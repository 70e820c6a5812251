//! One look at the bytes before the parser sees them: how deep they nest, and the comments that are meant for us.
//!
//! Knows strings, characters, lifetimes and comments of Rust, and nothing else of its grammar.

use crate::facts::Suppression;
use crate::source::Span;

/// Brackets nested deeper than this are not parsed.
const MAX_BRACKETS: usize = 200;
/// Nor is a row of so many prefix operators or open angles.
const MAX_RUN: u32 = 200;
/// Nor an expression of so many operators and links.
const MAX_LINKS: u32 = 4_000;

/// What the look finds.
pub(super) struct Scan {
    pub(super) suppressions: Vec<Suppression>,
    /// Where the text nests too deeply to be parsed.
    pub(super) too_deep: Option<u32>,
}

/// How far the expression around the present byte goes.
#[derive(Default, Clone, Copy)]
struct Level {
    links: u32,
    run: u32,
    angles: u32,
}

/// Looks at `text` once.
pub(super) fn scan(text: &str) -> Scan {
    let bytes = text.as_bytes();
    let mut found = Scan { suppressions: Vec::new(), too_deep: None };
    let mut levels = vec![Level::default()];
    let mut at = 0;
    while at < bytes.len() {
        let next = skip(text, at, &mut found.suppressions);
        if next > at {
            at = next;
            continue;
        }
        count(bytes[at], at, bytes, &mut levels);
        let level = levels[levels.len() - 1];
        let deep = levels.len() > MAX_BRACKETS || level.run > MAX_RUN || level.angles > MAX_RUN;
        if found.too_deep.is_none() && (deep || level.links > MAX_LINKS) {
            found.too_deep = u32::try_from(at).ok();
        }
        at += 1;
    }
    found
}

fn count(byte: u8, at: usize, bytes: &[u8], levels: &mut Vec<Level>) {
    match byte {
        b'(' | b'[' | b'{' => levels.push(Level::default()),
        b')' | b']' | b'}' => {
            if levels.len() > 1 {
                levels.pop();
            }
            // A block may end a statement: what follows starts anew, but for an `else`.
            let level = levels.last_mut().expect("the outermost level is never popped");
            level.run = 0;
            if byte == b'}' {
                level.angles = 0;
            }
        }
        _ => {
            let level = levels.last_mut().expect("the outermost level is never popped");
            match byte {
                b';' | b',' => *level = Level { angles: level.angles * u32::from(byte == b','), ..Level::default() },
                b'<' => level.angles += 1,
                b'>' if at > 0 && !matches!(bytes[at - 1], b'-' | b'=') => {
                    level.angles = level.angles.saturating_sub(1)
                }
                b'&' | b'*' | b'!' | b'-' | b'|' => level.run += 1,
                _ if byte.is_ascii_whitespace() => {}
                _ => level.run = 0,
            }
            level.links += u32::from(byte.is_ascii_punctuation() && byte != b'_');
        }
    }
}

/// Past the comment, string or character that starts at `at`; `at` itself where none does.
fn skip(text: &str, at: usize, suppressions: &mut Vec<Suppression>) -> usize {
    let bytes = text.as_bytes();
    let rest = &bytes[at..];
    match rest {
        [b'/', b'/', ..] => {
            let end = at + rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
            note(text, at, end, &text[at + 2..end], suppressions);
            end
        }
        [b'/', b'*', ..] => {
            let end = block_comment(bytes, at);
            note(text, at, end, text[at + 2..end].trim_end_matches("*/"), suppressions);
            end
        }
        [b'"', ..] => quoted(bytes, at + 1),
        [b'r', ..] | [b'b' | b'c', b'r', ..] if !is_word(bytes, at) => raw(bytes, at),
        [b'\'', ..] => character(text, at),
        _ => at,
    }
}

fn note(text: &str, start: usize, end: usize, comment: &str, suppressions: &mut Vec<Suppression>) {
    let comment = comment.trim();
    if comment.starts_with("edgelint-")
        && let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(text[..end].trim_end().len()))
    {
        suppressions.push(Suppression { text: comment.to_owned(), span: Span::new(start, end) });
    }
}

fn block_comment(bytes: &[u8], start: usize) -> usize {
    let (mut depth, mut at) = (0_u32, start);
    while at < bytes.len() {
        match &bytes[at..] {
            [b'/', b'*', ..] => {
                depth += 1;
                at += 2;
            }
            [b'*', b'/', ..] => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    bytes.len()
}

fn quoted(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// Whether the byte before `at` belongs to a word, so that what starts here is no prefix.
fn is_word(bytes: &[u8], at: usize) -> bool {
    at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_' || bytes[at - 1] >= 0x80)
}

/// `r"..", r#".."#, br".."`; `r#name` is none.
fn raw(bytes: &[u8], start: usize) -> usize {
    let open = start + 1 + usize::from(bytes[start] != b'r');
    let hashes = bytes[open..].iter().take_while(|&&byte| byte == b'#').count();
    if bytes.get(open + hashes) != Some(&b'"') {
        return start;
    }
    let mut at = open + hashes + 1;
    while at < bytes.len() {
        if bytes[at] == b'"' && bytes[at + 1..].iter().take(hashes).filter(|&&byte| byte == b'#').count() == hashes {
            return at + 1 + hashes;
        }
        at += 1;
    }
    bytes.len()
}

/// `'a'` and `'\n'` are characters, `'a` is a lifetime.
fn character(text: &str, at: usize) -> usize {
    let mut chars = text[at + 1..].char_indices();
    match chars.next() {
        Some((_, '\\')) => {
            let rest = &text.as_bytes()[at + 3..];
            at + 3 + rest.iter().position(|&byte| byte == b'\'' || byte == b'\n').map_or(rest.len(), |end| end + 1)
        }
        Some(_) => match chars.next() {
            Some((end, '\'')) => at + 1 + end + 1,
            _ => at + 1,
        },
        None => at + 1,
    }
}
