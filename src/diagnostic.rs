//! What there is to say, as plain data: a diagnostic, its trail through the files, and its fixes.
//!
//! Knows places, not texts; who prints decides how it looks.

pub(crate) mod clean;
pub mod fingerprint;
pub mod nearest;

pub use fingerprint::Identity;

use crate::source::{FileId, Span};

/// How much a finding weighs. A configured level caps, never raises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Advice; fails no run unless asked to.
    Note,
    /// Very likely a mistake.
    Warning,
    /// Breaks at run time, lets someone in, or is proven to show people what is no longer true.
    Error,
}

impl Level {
    /// The word in reports: `note`, `warning` or `error`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// How far a rule or a finding is trusted (RULES: stable needs judged findings).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Shown by default.
    Stable,
    /// Shown with `--preview` or `--select`.
    Preview,
}

impl Status {
    /// The word in reports: `stable` or `preview`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stable => "stable",
            Self::Preview => "preview",
        }
    }
}

/// A span of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// The bytes in it.
    pub span: Span,
}

/// A place with what is to be said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What happens there: lower case, no full stop.
    pub message: String,
}

impl Label {
    /// A label saying `message` at `place`.
    #[must_use]
    pub fn new(place: Place, message: impl Into<String>) -> Self {
        Self { place, message: message.into() }
    }
}

/// What a finding is about, where rules of different strength may see the same: the strongest one reports it, and what the others
/// say of it becomes a label there (`rules.rs`, "One cause, one finding").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// Where it lies. Causes at one place are the same.
    pub place: Place,
    /// What this finding says of it, for the finding of a stronger rule.
    pub point: Label,
}

/// Replaces a span of a file with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; an empty span inserts.
    pub place: Place,
    /// The new text.
    pub text: String,
}

/// A set of edits that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What the edits do, as one action.
    pub title: String,
    /// Whether the edits are proven to keep the meaning; only such are written by `--fix`.
    pub safe: bool,
    /// The edits, not overlapping.
    pub edits: Vec<Edit>,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The id of the rule that found it.
    pub rule: &'static str,
    /// How much it weighs.
    pub level: Level,
    /// How far it is trusted.
    pub status: Status,
    /// The root of the app it belongs to (`""` is the tree's root), or `None` outside any app.
    pub app: Option<String>,
    /// One line: what is wrong, lower case, no full stop, the user's names in backticks.
    pub message: String,
    /// What it is recognised by in another run.
    pub identity: Identity,
    /// What it is about, where a rule of another strength may have a finding about the same; empty where no other rule can.
    pub causes: Vec<Cause>,
    /// Where the cause is.
    pub primary: Label,
    /// The way from the cause to its effect, in order.
    pub trail: Vec<Label>,
    /// One action that repairs it.
    pub help: Option<String>,
    /// Edits that repair it.
    pub fixes: Vec<Fix>,
}

impl Diagnostic {
    /// What reports are sorted by: path, then position, then rule.
    #[must_use]
    pub fn rank(&self) -> (Place, &str, &str) {
        (self.primary.place, self.rule, &self.message)
    }
}
