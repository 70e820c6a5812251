//! The XML of Checkstyle, which most CI servers read.

use std::io::{self, Write};

use super::xml::{DECLARATION, escaped};
use super::{clean, finding};
use crate::analysis::Report;
use crate::diagnostic::Level;

/// Writes a document: an element a file, in it an element a finding.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{DECLARATION}\n<checkstyle version=\"4.3\">")?;
    let findings: Vec<_> = finding::all(report).collect();
    for of_file in findings.chunk_by(|left, right| left.path == right.path) {
        writeln!(out, "  <file name=\"{}\">", escaped(&clean::line(of_file[0].path)))?;
        for finding in of_file {
            let severity = match finding.diagnostic.level {
                Level::Error => "error",
                Level::Warning => "warning",
                Level::Note => "info",
            };
            let (line, column, rule) = (finding.start.line, finding.start.column, finding.diagnostic.rule);
            let message = escaped(&finding.line());
            writeln!(
                out,
                "    <error line=\"{line}\" column=\"{column}\" severity=\"{severity}\" message=\"{message}\" source=\"edgelint.{rule}\"/>"
            )?;
        }
        writeln!(out, "  </file>")?;
    }
    writeln!(out, "</checkstyle>")
}
