//! The words of a `.prisma` file, each with its place. Comments are gone; line ends stay, for they end a field.

use crate::manifest::{Text, span};

/// What a word is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// `model`, `User`, `authorId`, `5`
    Name,
    /// `"users"`
    Str,
    /// `{`, `@`, `?`; any other sign
    Sign(char),
    /// The end of a line.
    Line,
}

/// One word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// What it is.
    pub(super) kind: Kind,
    /// Its text, that of a string with its escapes resolved.
    pub(super) text: Text,
}

/// The words of a text.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let (kind, value, length) = match first {
            '\n' => (Kind::Line, String::new(), 1),
            '"' => string(rest),
            _ if rest.starts_with("//") => {
                at += rest.find('\n').unwrap_or(rest.len());
                continue;
            }
            _ if rest.starts_with("/*") => {
                at += rest.find("*/").map_or(rest.len(), |end| end + 2);
                continue;
            }
            _ if first.is_whitespace() || first == '\u{feff}' => {
                at += first.len_utf8();
                continue;
            }
            _ if is_letter(first) => {
                let length = rest.find(|letter: char| !is_letter(letter)).unwrap_or(rest.len());
                (Kind::Name, rest[..length].to_owned(), length)
            }
            _ => (Kind::Sign(first), first.to_string(), first.len_utf8()),
        };
        words.push(Word { kind, text: Text { value, span: span(at..at + length) } });
        at += length;
    }
    words
}

fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '-')
}

/// A string at the start of a text: its value, and how long it is. It ends with its line at the latest.
fn string(text: &str) -> (Kind, String, usize) {
    let mut value = String::new();
    let mut letters = text.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return (Kind::Str, value, at + 1),
            '\n' => return (Kind::Str, value, at),
            '\\' => match letters.next() {
                Some((_, 'n')) => value.push('\n'),
                Some((_, 't')) => value.push('\t'),
                Some((_, other)) => value.push(other),
                None => {}
            },
            other => value.push(other),
        }
    }
    (Kind::Str, value, text.len())
}
