//! What may be printed of a text that comes from the analysed tree: no control character reaches a terminal, and no
//! string that looks like a secret is shown.
//!
//! Knows characters, not languages.

use std::ops::Range;

/// Words that keys begin with, as their issuers document them.
const KEY_PREFIXES: &[&str] = &[
    "sk_live_",
    "sk_test_",
    "rk_live_",
    "whsec_",
    "ghp_",
    "gho_",
    "ghs_",
    "github_pat_",
    "xoxb-",
    "xoxp-",
    "AKIA",
    "AIza",
    "eyJ",
];

/// How many characters of a secret stay, so that its owner recognises it.
const SHOWN: usize = 4;

/// The character that stands for `ch`: itself, or a visible one for what would steer a terminal or reorder a line.
pub(crate) fn visible(ch: char) -> char {
    match ch {
        '\t' => ch,
        '\u{7f}' => '\u{2421}',
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(ch)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\u{80}'..='\u{9f}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => char::REPLACEMENT_CHARACTER,
        _ => ch,
    }
}

/// One line of text for people: visible characters only, secrets masked.
pub(crate) fn line(text: &str) -> String {
    masked(text).chars().map(|ch| if ch == '\t' { ' ' } else { visible(ch) }).collect()
}

/// `text` with secrets masked; for documents, which have their own way to write control characters.
pub(crate) fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut end = 0;
    for secret in secrets(text) {
        out.push_str(&text[end..secret.start]);
        out.extend(std::iter::repeat_n('*', secret.len()));
        end = secret.end;
    }
    out.push_str(&text[end..]);
    out
}

/// The bytes of `text` that are not to be shown, in order. They are ASCII: a byte each is a character each.
pub(crate) fn secrets(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for word in text.split(|ch: char| !(ch.is_ascii_alphanumeric() || "_-+/=".contains(ch))) {
        if is_secret(word) {
            found.push(start + SHOWN..start + word.len());
        }
        start += word.len();
        start += text[start..].chars().next().map_or(0, char::len_utf8);
    }
    found
}

/// Whether a word is a key: one with a known beginning, a long hexadecimal one, or a long one without a pattern.
fn is_secret(word: &str) -> bool {
    if word.len() < 20 {
        return false;
    }
    if KEY_PREFIXES.iter().any(|prefix| word.starts_with(prefix)) {
        return word.bytes().any(|byte| byte.is_ascii_digit());
    }
    if word.len() < 32 {
        return false;
    }
    let class = |byte: u8| match byte {
        b'0'..=b'9' => 1,
        b'A'..=b'Z' => 2,
        b'a'..=b'z' => 3,
        _ => 0,
    };
    let has = |wanted| word.bytes().any(|byte| class(byte) == wanted);
    let hexadecimal = word.bytes().all(|byte| byte.is_ascii_hexdigit()) && has(1) && (has(2) || has(3));
    let changes = word.as_bytes().windows(2).filter(|pair| class(pair[0]) != class(pair[1])).count();
    // Names in camel case change their class too, but at every word, and hold few digits.
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    hexadecimal || (digits >= 3 && has(2) && has(3) && !word.contains('/') && changes * 2 >= word.len())
}
