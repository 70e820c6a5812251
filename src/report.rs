//! Reports in the formats that people and programs read. Everything is written to a writer that the caller brings.
//!
//! Knows what a run said and the rules' metadata. Knows no disk, no arguments and no terminal: whether there are
//! colors is the caller's decision.

use std::io::{self, Write};
use std::time::Duration;

use crate::analysis::Report;
use crate::analysis::why::Why;
use crate::diagnostic::{Level, clean};
use crate::rules::Rule;

mod catalog;
mod checkstyle;
mod compact;
mod deeds;
mod excerpt;
mod finding;
mod github;
mod gitlab;
mod human;
mod inventory;
mod json;
mod junit;
mod page;
mod rdjson;
mod routes;
mod sarif;
mod summary;
mod table;
mod timings;
mod why;
mod xml;

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Excerpts with labels, for people.
    Human,
    /// One line a finding, for agents.
    Compact,
    /// One document.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif {
        /// Whether it lists what comments and the baseline hold back, marked as such.
        suppressed: bool,
    },
    /// Workflow commands of GitHub Actions.
    Github,
    /// GitLab's Code Quality report.
    Gitlab,
    /// JUnit's XML.
    Junit,
    /// Checkstyle's XML.
    Checkstyle,
    /// reviewdog's diagnostic format.
    Rdjson,
}

/// How a rule's page is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageFormat {
    /// For a terminal: an example a section, the others by their titles.
    Brief,
    /// For a terminal, with every example.
    Text,
    /// As it is, without what makes it a test.
    Markdown,
    /// One document: what is known of the rule, and the page as Markdown.
    Json,
}

/// Writes the findings of a report.
///
/// # Errors
/// Whatever the writer says.
pub fn check(report: &Report, format: Format, color: bool, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Human => human::write(report, color, out),
        Format::Compact => compact::write(report, out),
        Format::Json => json::check(report, out),
        Format::Sarif { suppressed } => sarif::write(report, suppressed, out),
        Format::Github => github::write(report, out),
        Format::Gitlab => gitlab::write(report, out),
        Format::Junit => junit::write(report, out),
        Format::Checkstyle => checkstyle::write(report, out),
        Format::Rdjson => rdjson::write(report, out),
    }
}

/// Writes the endpoints of a report: the document, or a table in any other format.
///
/// # Errors
/// Whatever the writer says.
pub fn endpoints(report: &Report, format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Json => json::endpoints(report, out),
        _ => inventory::write(report, out),
    }
}

/// Writes what there is to say about a line: the document, or words in any other format.
///
/// # Errors
/// Whatever the writer says.
pub fn why(report: &Report, why: &Why, format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Json => why::document(report, why, out),
        _ => why::write(report, why, out),
    }
}

/// Writes the routes of a report: the document, or a table in any other format.
///
/// # Errors
/// Whatever the writer says.
pub fn routes(report: &Report, format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Json => routes::json(report, out),
        _ => routes::human(report, out),
    }
}

/// Writes what is known of every rule: a document, or a table in any other format.
///
/// # Errors
/// Whatever the writer says.
pub fn rules(format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Json => catalog::json(out),
        _ => catalog::human(out),
    }
}

/// Writes the page of a rule.
///
/// # Errors
/// Whatever the writer says.
pub fn page(rule: &Rule, format: PageFormat, color: bool, out: &mut dyn Write) -> io::Result<()> {
    match format {
        PageFormat::Brief => page::write_text(rule, &page::brief(rule), color, out),
        PageFormat::Text => page::write_text(rule, &page::markdown(rule.page), color, out),
        PageFormat::Markdown => page::write_markdown(rule, out),
        PageFormat::Json => catalog::one(rule, out),
    }
}

/// Writes how long each phase and each rule took.
///
/// # Errors
/// Whatever the writer says.
pub fn timings(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    timings::write(report, out)
}

/// Writes how imports and calls resolved.
///
/// # Errors
/// Whatever the writer says.
pub fn stats(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    summary::stats(report, out)
}

/// Writes what a check read and found, in two lines.
///
/// # Errors
/// Whatever the writer says.
pub fn check_summary(report: &Report, elapsed: Duration, out: &mut dyn Write) -> io::Result<()> {
    summary::check(report, elapsed, out)
}

/// Writes what was read and how many endpoints there are, in two lines.
///
/// # Errors
/// Whatever the writer says.
pub fn read_summary(report: &Report, elapsed: Duration, out: &mut dyn Write) -> io::Result<()> {
    summary::endpoints(report, elapsed, out)
}

/// Writes what a list of routes read and lists, in two lines.
///
/// # Errors
/// Whatever the writer says.
pub fn routes_summary(report: &Report, elapsed: Duration, out: &mut dyn Write) -> io::Result<()> {
    summary::routes(report, elapsed, out)
}

/// A text from the analysed tree as one line for people: visible characters only, secrets masked.
#[must_use]
pub fn one_line(text: &str) -> String {
    clean::line(text)
}

/// Where to read on about the findings of a report; nothing where there are none.
#[must_use]
pub fn explained(report: &Report) -> Option<String> {
    summary::explained(report)
}

/// How many rules did not run because they are in preview; nothing where all did.
#[must_use]
pub fn in_preview(report: &Report) -> Option<String> {
    summary::in_preview(report)
}

/// What must be said loudly where so many imports are unresolved that silence means little.
#[must_use]
pub fn unresolved(report: &Report) -> Option<String> {
    summary::unresolved(report)
}

/// How many findings there are of each level.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Findings of level error.
    pub errors: usize,
    /// Findings of level warning.
    pub warnings: usize,
    /// Findings of level note.
    pub notes: usize,
}

impl Tally {
    /// The tally of the findings that a report shows.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        let mut tally = Self::default();
        for diagnostic in &report.diagnostics {
            match diagnostic.level {
                Level::Error => tally.errors += 1,
                Level::Warning => tally.warnings += 1,
                Level::Note => tally.notes += 1,
            }
        }
        tally
    }
}
