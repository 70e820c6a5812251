//! A text of which parts may be unknown: what a program asks for, as far as it is written out.

/// One piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// A known character.
    Char(char),
    /// Any text without a slash, the empty one too.
    Segment,
    /// Any text.
    Rest,
}

impl Unit {
    /// Whether it stands for text that is not known.
    #[must_use]
    pub const fn is_hole(self) -> bool {
        !matches!(self, Self::Char(_))
    }
}

/// A text of which parts may be unknown.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Text(Vec<Unit>);

impl Text {
    /// A text that is known.
    #[must_use]
    pub fn known(text: &str) -> Self {
        Self(text.chars().map(Unit::Char).collect())
    }

    /// The same with `text` behind it.
    #[must_use]
    pub fn then(mut self, text: &str) -> Self {
        self.push_str(text);
        self
    }

    /// The same with an unknown piece behind it.
    #[must_use]
    pub fn then_hole(mut self, hole: Unit) -> Self {
        self.push(hole);
        self
    }

    /// The same with another text behind it.
    #[must_use]
    pub fn then_all(mut self, other: &Self) -> Self {
        self.extend(&other.0);
        self
    }

    /// Adds a known text.
    pub fn push_str(&mut self, text: &str) {
        self.0.extend(text.chars().map(Unit::Char));
    }

    /// Adds a piece. Holes beside each other are one.
    pub fn push(&mut self, unit: Unit) {
        match (self.0.last_mut(), unit) {
            (Some(last), hole) if last.is_hole() && hole.is_hole() => {
                if hole == Unit::Rest {
                    *last = hole;
                }
            }
            _ => self.0.push(unit),
        }
    }

    /// Adds the pieces of another text.
    pub fn extend(&mut self, units: &[Unit]) {
        units.iter().for_each(|&unit| self.push(unit));
    }

    /// Its pieces.
    #[must_use]
    pub fn units(&self) -> &[Unit] {
        &self.0
    }

    /// The text, where all of it is known.
    #[must_use]
    pub fn as_known(&self) -> Option<String> {
        self.0.iter().map(|unit| if let Unit::Char(letter) = unit { Some(*letter) } else { None }).collect()
    }

    /// The known text that it starts with.
    #[must_use]
    pub fn head(&self) -> String {
        self.0.iter().map_while(|unit| if let Unit::Char(letter) = unit { Some(*letter) } else { None }).collect()
    }

    /// Its pieces, cut at every known `letter`.
    pub fn split(&self, letter: char) -> impl Iterator<Item = &[Unit]> {
        self.0.split(move |&unit| unit == Unit::Char(letter))
    }

    /// What stands before the first known `letter`, and what behind it.
    #[must_use]
    pub fn cut(&self, letter: char) -> (Self, Option<Self>) {
        match self.0.iter().position(|&unit| unit == Unit::Char(letter)) {
            Some(at) => (Self(self.0[..at].to_vec()), Some(Self(self.0[at + 1..].to_vec()))),
            None => (self.clone(), None),
        }
    }
}

impl From<&[Unit]> for Text {
    fn from(units: &[Unit]) -> Self {
        let mut text = Self::default();
        text.extend(units);
        text
    }
}

impl std::fmt::Display for Text {
    /// Unknown pieces are written `{}`, those that may span segments `{..}`.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|unit| match unit {
            Unit::Char(letter) => write!(formatter, "{letter}"),
            Unit::Segment => formatter.write_str("{}"),
            Unit::Rest => formatter.write_str("{..}"),
        })
    }
}
