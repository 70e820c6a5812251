//! GitLab's Code Quality report: an array of issues, each recognised by its fingerprint.

use std::io::{self, Write};

use serde::Serialize;

use super::{finding, json};
use crate::analysis::Report;
use crate::diagnostic::Level;

/// Writes the array.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let findings = finding::all(report).zip(&report.diagnostics);
    let issues = findings.map(|(finding, diagnostic)| Issue {
        description: finding.line(),
        check_name: finding.diagnostic.rule,
        fingerprint: diagnostic.fingerprint(),
        severity: match finding.diagnostic.level {
            Level::Error => "critical",
            Level::Warning => "major",
            Level::Note => "info",
        },
        location: Location { path: finding.path, lines: Lines { begin: finding.start.line, end: finding.end.line } },
    });
    json::write(&issues.collect::<Vec<_>>(), out)
}

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}
