//! Findings for agents and editors that read lines: one each.

use std::io::{self, Write};

use super::clean;
use crate::analysis::Report;

/// Writes `path:line:column: level[rule] message (help: ...)` for every finding.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for diagnostic in &report.diagnostics {
        let place = diagnostic.primary.place;
        let (start, _) = report.range(place);
        let path = clean::line(report.path(place.file));
        let message = clean::line(&diagnostic.message);
        let (level, rule) = (diagnostic.level.as_str(), diagnostic.rule);
        write!(out, "{path}:{}:{}: {level}[{rule}] {message}", start.line, start.column)?;
        match &diagnostic.help {
            Some(help) => writeln!(out, " (help: {})", clean::line(help))?,
            None => writeln!(out)?,
        }
    }
    Ok(())
}
