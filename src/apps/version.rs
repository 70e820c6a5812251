//! Versions and version ranges, as far as "which release would be installed" goes.
//!
//! Knows the newest release of each major version that edgelint's semantics were observed on.

/// The newest known releases, newest first; observed when the semantics were written down.
const NEWEST: [(u32, u32, u32); 5] = [(16, 4, 6), (15, 5, 29), (14, 2, 35), (13, 5, 11), (12, 3, 7)];

/// A version of the framework.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Version {
    /// `16` of `16.4.6`
    pub major: u32,
    /// `4` of `16.4.6`
    pub minor: u32,
    /// `6` of `16.4.6`
    pub patch: u32,
    /// As reports print it, a pre-release tag included.
    pub text: String,
}

impl Version {
    /// The newest release that edgelint knows.
    #[must_use]
    pub fn newest() -> Self {
        Self::plain(NEWEST[0])
    }

    /// An exact version: `16.4.6`, `v15.4.0-canary.47`.
    #[must_use]
    pub fn exact(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches(['v', '=']);
        let partial = Partial::parse(text)?;
        Some(Self { major: partial.major, minor: partial.minor?, patch: partial.patch?, text: text.to_owned() })
    }

    /// The release that a range stands for today: the newest known one inside it, else the lowest that it allows. `None` for
    /// what says no version: a dist-tag, an address, `*`.
    #[must_use]
    pub fn of_range(range: &str) -> Option<Self> {
        let range = range.trim();
        if let Some(exact) = Self::exact(range) {
            return Some(exact);
        }
        let alternatives: Vec<Bounds> = range.split("||").filter_map(Bounds::parse).collect();
        let newest = NEWEST.iter().find(|&&release| alternatives.iter().any(|bounds| bounds.contains(release)));
        if let Some(&release) = newest {
            return Some(Self::plain(release));
        }
        alternatives.iter().map(|bounds| bounds.low).max().map(Self::plain)
    }

    /// Whether a range allows this version; a range that says nothing about versions allows all.
    #[must_use]
    pub fn satisfies(&self, range: &str) -> bool {
        if let Some(exact) = Self::exact(range) {
            return exact == *self;
        }
        let release = (self.major, self.minor, self.patch);
        let mut alternatives = range.split("||").filter_map(Bounds::parse).peekable();
        alternatives.peek().is_none() || alternatives.any(|bounds| bounds.contains(release))
    }

    /// Whether this version is `major.minor` or later.
    #[must_use]
    pub const fn at_least(&self, major: u32, minor: u32) -> bool {
        self.major > major || (self.major == major && self.minor >= minor)
    }

    fn plain((major, minor, patch): (u32, u32, u32)) -> Self {
        Self { major, minor, patch, text: format!("{major}.{minor}.{patch}") }
    }
}

/// A version of which the last parts may be missing or `x`.
#[derive(Clone, Copy)]
struct Partial {
    major: u32,
    minor: Option<u32>,
    patch: Option<u32>,
}

impl Partial {
    fn parse(text: &str) -> Option<Self> {
        let release = text.split(['-', '+']).next().unwrap_or(text);
        let mut parts = release.split('.');
        let major = parts.next()?.parse().ok()?;
        let mut optional = || match parts.next() {
            None | Some("x" | "X" | "*") => Some(None),
            Some(part) => part.parse().ok().map(Some),
        };
        let (minor, patch) = (optional()?, optional()?);
        parts.next().is_none().then_some(Self { major, minor, patch })
    }

    const fn low(self) -> (u32, u32, u32) {
        (self.major, or_zero(self.minor), or_zero(self.patch))
    }

    /// The first version past everything that is written `major.minor.patch` as far as its parts go.
    const fn past(self) -> (u32, u32, u32) {
        match (self.minor, self.patch) {
            (None, _) => (self.major.saturating_add(1), 0, 0),
            (Some(minor), None) => (self.major, minor.saturating_add(1), 0),
            (Some(minor), Some(patch)) => (self.major, minor, patch.saturating_add(1)),
        }
    }
}

const fn or_zero(part: Option<u32>) -> u32 {
    match part {
        Some(part) => part,
        None => 0,
    }
}

/// The versions from `low` up to, and without, `high`.
struct Bounds {
    low: (u32, u32, u32),
    high: (u32, u32, u32),
}

impl Bounds {
    const fn contains(&self, release: (u32, u32, u32)) -> bool {
        at_least(release, self.low) && !at_least(release, self.high)
    }

    /// One alternative of a range: comparators that all hold, or `a - b`.
    fn parse(alternative: &str) -> Option<Self> {
        let mut bounds = Self { low: (0, 0, 0), high: (u32::MAX, 0, 0) };
        let alternative = alternative.trim();
        if let Some((from, to)) = alternative.split_once(" - ") {
            bounds.low = Partial::parse(from.trim())?.low();
            bounds.high = Partial::parse(to.trim())?.past();
            return Some(bounds);
        }
        let mut operator = String::new();
        let mut any = false;
        for word in alternative.split_whitespace() {
            let version = word.trim_start_matches(['^', '~', '>', '<', '=', 'v']);
            operator.push_str(word[..word.len() - version.len()].trim_end_matches('v'));
            if version.is_empty() {
                continue;
            }
            bounds.narrow(&operator, Partial::parse(version)?);
            operator.clear();
            any = true;
        }
        any.then_some(bounds)
    }

    fn narrow(&mut self, operator: &str, version: Partial) {
        let (low, high) = match operator {
            "^" if version.major == 0 => (version.low(), (0, or_zero(version.minor).saturating_add(1), 0)),
            "^" => (version.low(), (version.major.saturating_add(1), 0, 0)),
            "~" => (version.low(), Partial { patch: None, ..version }.past()),
            ">=" => (version.low(), self.high),
            ">" => (version.past(), self.high),
            "<=" => (self.low, version.past()),
            "<" => (self.low, version.low()),
            _ => (version.low(), version.past()),
        };
        self.low = self.low.max(low);
        self.high = self.high.min(high);
    }
}

const fn at_least(one: (u32, u32, u32), other: (u32, u32, u32)) -> bool {
    one.0 > other.0 || (one.0 == other.0 && (one.1 > other.1 || (one.1 == other.1 && one.2 >= other.2)))
}
