//! TypeScript as text: where a bracket closes, where a statement ends. Knows strings, templates and comments, and no more of the language: the
//! places are to be found by something that shares nothing with the analyser.

/// The index after the string, template or comment that starts at `at`; `at` itself where none does.
fn quoted(text: &[u8], at: usize) -> usize {
    let end = |from: usize, stop: &[u8]| {
        let found = text[from..].windows(stop.len()).position(|window| window == stop);
        found.map_or(text.len(), |found| from + found + stop.len())
    };
    match (text[at], text.get(at + 1)) {
        (b'/', Some(b'/')) => end(at, b"\n"),
        (b'/', Some(b'*')) => end(at + 2, b"*/"),
        (quote @ (b'"' | b'\'' | b'`'), _) => {
            let mut index = at + 1;
            while index < text.len() && text[index] != quote {
                index += if text[index] == b'\\' { 2 } else { 1 };
            }
            (index + 1).min(text.len())
        }
        _ => at,
    }
}

/// The index after the bracket that closes the one at `open`.
pub(crate) fn closed(text: &[u8], open: usize) -> Option<usize> {
    let (mut at, mut depth) = (open, 0_usize);
    while at < text.len() {
        let after = quoted(text, at);
        if after > at {
            at = after;
            continue;
        }
        match text[at] {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// The index of the first byte from `at` on that is no white space.
pub(crate) fn solid(text: &[u8], at: usize) -> usize {
    (at..text.len()).find(|&index| !text[index].is_ascii_whitespace()).unwrap_or(text.len())
}

/// The index after the statement that starts at `at`: a block, or up to its semicolon or the end of its line.
pub(crate) fn statement(text: &[u8], at: usize) -> Option<usize> {
    if text.get(at) == Some(&b'{') {
        return closed(text, at);
    }
    let mut index = at;
    while index < text.len() {
        let after = quoted(text, index);
        if after > index {
            index = after;
            continue;
        }
        match text[index] {
            b'(' | b'[' | b'{' => {
                index = closed(text, index)?;
                continue;
            }
            b';' => return Some(index + 1),
            b')' | b']' | b'}' => return Some(index),
            b'\n' if !goes_on(text, index) => return Some(index),
            _ => index += 1,
        }
    }
    Some(text.len())
}

/// Whether a statement goes on after the end of a line.
fn goes_on(text: &[u8], line_end: usize) -> bool {
    let next = solid(text, line_end);
    let before = text[..line_end].iter().rev().find(|byte| !byte.is_ascii_whitespace());
    matches!(text.get(next), Some(b'.' | b'?' | b':' | b'|' | b'&' | b'+'))
        || matches!(before, Some(b'=' | b',' | b'('))
}

/// The arguments of the call whose parenthesis opens at `open`, as ranges.
pub(crate) fn arguments(text: &[u8], open: usize) -> Option<Vec<(usize, usize)>> {
    let end = closed(text, open)? - 1;
    let (mut found, mut start, mut at) = (Vec::new(), open + 1, open + 1);
    while at < end {
        let after = quoted(text, at);
        if after > at {
            at = after;
            continue;
        }
        match text[at] {
            b'(' | b'[' | b'{' => at = closed(text, at)?,
            b',' => {
                found.push((start, at));
                at += 1;
                start = at;
            }
            _ => at += 1,
        }
    }
    if solid(text, start) < end {
        found.push((start, end));
    }
    Some(found)
}

/// Whether a word of the language stands at `at`, and not within another.
pub(crate) fn is_word(text: &[u8], at: usize, word: &str) -> bool {
    let part = |index: Option<&u8>| {
        index.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'.'))
    };
    text[at..].starts_with(word.as_bytes())
        && !part(at.checked_sub(1).and_then(|at| text.get(at)))
        && !part(text.get(at + word.len()))
}
