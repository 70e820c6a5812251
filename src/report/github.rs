//! Workflow commands of GitHub Actions: each finding an annotation at its line.

use std::io::{self, Write};

use super::{clean, finding};
use crate::analysis::Report;
use crate::diagnostic::Level;

/// Writes `::error file=..,line=..,endLine=..,col=..,endColumn=..,title=..::message` for every finding.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for finding in finding::all(report) {
        let command = match finding.diagnostic.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "notice",
        };
        let path = property(&clean::line(finding.path));
        write!(out, "::{command} file={path},line={},endLine={}", finding.start.line, finding.end.line)?;
        // An annotation of several lines has no columns: GitHub refuses it with them.
        if finding.start.line == finding.end.line {
            write!(out, ",col={},endColumn={}", finding.start.column, finding.end.column)?;
        }
        let title = property(&format!("edgelint: {}", finding.diagnostic.rule));
        let mut text = vec![finding.message.clone()];
        text.extend(finding.details(report));
        writeln!(out, ",title={title}::{}", data(&text.join("\n")))?;
    }
    Ok(())
}

/// The text behind `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
