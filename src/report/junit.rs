//! JUnit's XML: a suite a file, a case a finding. Errors and warnings fail, notes pass and say their text.

use std::io::{self, Write};

use super::finding::{self, Finding};
use super::xml::{DECLARATION, escaped};
use super::{Tally, clean};
use crate::analysis::Report;
use crate::diagnostic::Level;

/// Writes a document. Without a finding it holds one case that passed: readers take a report without cases for a broken one.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let findings: Vec<Finding> = finding::all(report).collect();
    let tally = Tally::of(report);
    let (tests, failures) = (findings.len().max(1), tally.errors + tally.warnings);
    writeln!(
        out,
        "{DECLARATION}\n<testsuites name=\"edgelint\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">"
    )?;
    if findings.is_empty() {
        open("edgelint", 1, 0, out)?;
        writeln!(out, "    <testcase name=\"check\" classname=\"edgelint\"/>\n  </testsuite>")?;
    }
    for of_file in findings.chunk_by(|left, right| left.path == right.path) {
        let path = escaped(&clean::line(of_file[0].path));
        open(&path, of_file.len(), of_file.iter().filter(|finding| fails(finding)).count(), out)?;
        for finding in of_file {
            let (line, column, rule) = (finding.start.line, finding.start.column, finding.diagnostic.rule);
            writeln!(
                out,
                "    <testcase name=\"{rule} ({line}:{column})\" classname=\"{path}\" file=\"{path}\" line=\"{line}\">"
            )?;
            let message = escaped(&finding.message);
            let details: Vec<String> = finding.details(report).iter().map(|line| escaped(line)).collect();
            let details = details.join("\n");
            if fails(finding) {
                let level = finding.diagnostic.level.as_str();
                writeln!(out, "      <failure type=\"{level}\" message=\"{message}\">{details}</failure>")?;
            } else {
                writeln!(out, "      <system-out>note: {message}\n{details}</system-out>")?;
            }
            writeln!(out, "    </testcase>")?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

fn open(name: &str, tests: usize, failures: usize, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"0\">")
}

fn fails(finding: &Finding) -> bool {
    finding.diagnostic.level > Level::Note
}
