//! Sets of characters: `[a-z\d]`, `\w`, `[^/]`.

/// A set of characters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::project::routes) struct Set {
    /// The ranges in it, ends included.
    pub(super) ranges: Vec<(char, char)>,
    /// Sets of which the complement is in it: `\D`, `\W`, `\S`.
    pub(super) others: Vec<Vec<(char, char)>>,
    /// Whether it is everything but that.
    pub(super) negated: bool,
}

impl Set {
    /// Everything but one character.
    pub(in crate::project::routes) fn all_but(letter: char) -> Self {
        Self { ranges: vec![(letter, letter)], others: Vec::new(), negated: true }
    }

    /// The set of an escape: `d`, `D`, `w`, `W`, `s`, `S`.
    pub(super) fn escape(letter: char) -> Option<Self> {
        let ranges = match letter.to_ascii_lowercase() {
            'd' => vec![('0', '9')],
            'w' => vec![('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
            's' => vec![
                ('\t', '\r'),
                (' ', ' '),
                ('\u{a0}', '\u{a0}'),
                ('\u{1680}', '\u{1680}'),
                ('\u{2000}', '\u{200a}'),
                ('\u{2028}', '\u{2029}'),
                ('\u{202f}', '\u{202f}'),
                ('\u{205f}', '\u{205f}'),
                ('\u{3000}', '\u{3000}'),
                ('\u{feff}', '\u{feff}'),
            ],
            _ => return None,
        };
        Some(Self { ranges, others: Vec::new(), negated: letter.is_ascii_uppercase() })
    }

    /// Puts what another set holds into this one.
    pub(super) fn add(&mut self, other: Self) {
        if other.negated {
            self.others.push(other.ranges);
        } else {
            self.ranges.extend(other.ranges);
        }
    }

    /// Whether a character is in it; in either case where `fold`.
    pub(super) fn has(&self, letter: char, fold: bool) -> bool {
        let within = |ranges: &[(char, char)], letter: char| {
            ranges.iter().any(|&(first, last)| (first..=last).contains(&letter))
        };
        let inside =
            |letter: char| within(&self.ranges, letter) || self.others.iter().any(|ranges| !within(ranges, letter));
        let variants = [letter, folded(letter), lower(letter)];
        let found = if fold { variants.into_iter().any(inside) } else { inside(letter) };
        found != self.negated
    }

    /// Whether it may hold a character that is no slash.
    pub(super) fn has_other_than_slash(&self) -> bool {
        self.negated || !self.others.is_empty() || self.ranges.iter().any(|&range| range != ('/', '/'))
    }
}

/// A character as it is compared where case does not count.
pub(super) fn folded(letter: char) -> char {
    let mut upper = letter.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(upper), None) if letter.is_ascii() || !upper.is_ascii() => upper,
        _ => letter,
    }
}

fn lower(letter: char) -> char {
    let mut lower = letter.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(lower), None) => lower,
        _ => letter,
    }
}
