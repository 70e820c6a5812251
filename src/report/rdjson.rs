//! The diagnostic format of reviewdog. Its columns count bytes.

use std::io::{self, Write};

use serde::Serialize;

use super::{clean, finding, json};
use crate::analysis::Report;
use crate::diagnostic::{Diagnostic, Level, Place};

/// Writes the document.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let diagnostics = finding::all(report).map(|finding| {
        let diagnostic = finding.diagnostic;
        let related = diagnostic.trail.iter().map(|label| Related {
            message: clean::line(&label.message),
            location: Location::new(report, label.place),
        });
        JsonDiagnostic {
            message: finding.line(),
            location: Location::new(report, diagnostic.primary.place),
            severity: match diagnostic.level {
                Level::Error => "ERROR",
                Level::Warning => "WARNING",
                Level::Note => "INFO",
            },
            code: Code { value: diagnostic.rule },
            suggestions: suggestions(report, diagnostic),
            related_locations: related.collect(),
        }
    });
    json::write(&Document { source: Source { name: "edgelint" }, diagnostics: diagnostics.collect() }, out)
}

/// The fixes that a suggestion can hold: a single edit in the file of the finding. Half of a fix would be none.
fn suggestions<'a>(report: &Report, diagnostic: &'a Diagnostic) -> Vec<Suggestion<'a>> {
    let single = diagnostic.fixes.iter().filter_map(|fix| match fix.edits.as_slice() {
        [edit] if edit.place.file == diagnostic.primary.place.file => Some(edit),
        _ => None,
    });
    single.map(|edit| Suggestion { range: Range::new(report, edit.place), text: &edit.text }).collect()
}

#[derive(Serialize)]
struct Document<'a> {
    source: Source,
    diagnostics: Vec<JsonDiagnostic<'a>>,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
}

#[derive(Serialize)]
struct JsonDiagnostic<'a> {
    message: String,
    location: Location<'a>,
    severity: &'static str,
    code: Code,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Related<'a>>,
}

#[derive(Serialize)]
struct Code {
    value: &'static str,
}

#[derive(Serialize)]
struct Related<'a> {
    message: String,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Suggestion<'a> {
    range: Range,
    text: &'a str,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    range: Range,
}

impl<'a> Location<'a> {
    fn new(report: &'a Report, place: Place) -> Self {
        Self { path: report.path(place.file), range: Range::new(report, place) }
    }
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

impl Range {
    fn new(report: &Report, place: Place) -> Self {
        let (start, end) = report.byte_range(place);
        let position = |(line, column)| Position { line, column };
        Self { start: position(start), end: position(end) }
    }
}

#[derive(Serialize)]
struct Position {
    line: u32,
    column: u32,
}
