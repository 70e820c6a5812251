//! The words of an SQL text: names, texts in quotes, signs. Comments and white space are gone.

/// One word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word<'a> {
    /// `users`, `SELECT`, `?`, `app_?`: letters, digits and holes.
    Bare(&'a str),
    /// `"users"`, `` `users` ``: a name that is no keyword, without its quotes.
    Quoted(&'a str),
    /// `'text'`, `$$text$$`
    Text,
    /// Any other character.
    Sign(u8),
}

impl<'a> Word<'a> {
    /// Whether it is this sign.
    pub(super) fn is_sign(&self, sign: u8) -> bool {
        *self == Self::Sign(sign)
    }

    /// Whether it is this keyword, in whatever case.
    pub(super) fn is(&self, keyword: &str) -> bool {
        matches!(self, Self::Bare(word) if word.eq_ignore_ascii_case(keyword))
    }

    /// Whether it is one of these keywords.
    pub(super) fn is_any(&self, keywords: &[&str]) -> bool {
        keywords.iter().any(|keyword| self.is(keyword))
    }

    /// The name that it may be.
    pub(super) fn name(&self) -> Option<&'a str> {
        match *self {
            Self::Bare(word) if !word.starts_with(|first: char| first.is_ascii_digit()) => Some(word),
            Self::Quoted(word) => Some(word),
            _ => None,
        }
    }
}

/// The words of a text.
pub(super) fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(&first) = text.as_bytes().get(at) {
        let rest = &text[at..];
        let length = match first {
            _ if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            _ if rest.starts_with("/*") => comment(rest),
            b'\'' => {
                words.push(Word::Text);
                text_length(rest)
            }
            b'"' | b'`' => {
                let length = quoted(rest, first);
                let end = if length > 1 && rest.as_bytes()[length - 1] == first { length - 1 } else { length };
                words.push(Word::Quoted(&rest[1..end.max(1)]));
                length
            }
            b'$' if dollar(rest).is_some() => {
                words.push(Word::Text);
                dollar(rest).unwrap_or(1)
            }
            _ if is_letter(first) => {
                let length = rest.bytes().position(|byte| !is_letter(byte)).unwrap_or(rest.len());
                words.push(Word::Bare(&rest[..length]));
                length
            }
            _ => {
                if !first.is_ascii_whitespace() {
                    words.push(Word::Sign(first));
                }
                1
            }
        };
        at += length;
    }
    words
}

/// Bytes past ASCII are letters, so that a word never ends inside of a character.
fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'?' | 0x80..)
}

/// PostgreSQL's comments nest.
fn comment(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (0, 0_usize);
    while at < bytes.len() {
        match bytes.get(at..at + 2) {
            Some(b"/*") => (at, depth) = (at + 2, depth + 1),
            Some(b"*/") => (at, depth) = (at + 2, depth - 1),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// The length of a text in single quotes. A quote is doubled, or escaped as MySQL does; `'\'` alone is PostgreSQL's backslash.
fn text_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if at == 1 && bytes.get(2) == Some(&b'\'') && bytes.get(3) != Some(&b'\'') => return 3,
            b'\\' => at += 2,
            b'\'' if bytes.get(at + 1) == Some(&b'\'') => at += 2,
            b'\'' => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

/// The length of a name in quotes; one that does not end goes to the end of the text.
fn quoted(text: &str, quote: u8) -> usize {
    text.bytes().skip(1).position(|byte| byte == quote).map_or(text.len(), |end| end + 2)
}

/// The length of PostgreSQL's `$$text$$` or `$tag$text$tag$`.
fn dollar(text: &str) -> Option<usize> {
    let tag = 1 + text[1..].bytes().position(|byte| !(byte.is_ascii_alphanumeric() || byte == b'_'))?;
    if text.as_bytes()[tag] != b'$' || text.as_bytes()[1].is_ascii_digit() {
        return None;
    }
    let tag = &text[..=tag];
    Some(text[tag.len()..].find(tag).map_or(text.len(), |end| end + 2 * tag.len()))
}
