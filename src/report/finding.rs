//! A finding as the formats of other programs want it: a place, one line of text, and the way as lines.
//!
//! Knows no format.

use super::clean;
use crate::analysis::Report;
use crate::diagnostic::{Diagnostic, Label};
use crate::source::Position;

/// What a line-oriented format says of one finding.
pub(super) struct Finding<'a> {
    /// The finding.
    pub(super) diagnostic: &'a Diagnostic,
    /// The path of its primary label, as it is.
    pub(super) path: &'a str,
    /// Where the primary label starts.
    pub(super) start: Position,
    /// Where the primary label ends, exclusive.
    pub(super) end: Position,
    /// The message, on one line.
    pub(super) message: String,
}

/// The findings of a report, in its order.
pub(super) fn all(report: &Report) -> impl Iterator<Item = Finding<'_>> {
    report.diagnostics.iter().map(|diagnostic| {
        let place = diagnostic.primary.place;
        let (start, end) = report.range(place);
        let message = clean::line(&diagnostic.message);
        Finding { diagnostic, path: report.path(place.file), start, end, message }
    })
}

impl Finding<'_> {
    /// The message and the help on one line.
    pub(super) fn line(&self) -> String {
        match &self.diagnostic.help {
            Some(help) => format!("{} (help: {})", self.message, clean::line(help)),
            None => self.message.clone(),
        }
    }

    /// The labels in order, `path:line:column: message` each, and the help.
    pub(super) fn details(&self, report: &Report) -> Vec<String> {
        // Where it is the formats say themselves.
        let bare = usize::from(self.diagnostic.primary.message.is_empty());
        let labels = labels(self.diagnostic).skip(bare).map(|label| {
            let start = report.range(label.place).0;
            let (path, message) = (clean::line(report.path(label.place.file)), clean::line(&label.message));
            let place = format!("{path}:{}:{}", start.line, start.column);
            if message.is_empty() { place } else { format!("{place}: {message}") }
        });
        let help = self.diagnostic.help.iter().map(|help| format!("help: {}", clean::line(help)));
        labels.chain(help).collect()
    }
}

/// The labels of a finding in the order of the way: the cause first.
pub(super) fn labels(diagnostic: &Diagnostic) -> impl Iterator<Item = &Label> {
    std::iter::once(&diagnostic.primary).chain(&diagnostic.trail)
}
