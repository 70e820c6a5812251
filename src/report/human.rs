//! Findings for people: an excerpt of every file that a trail passes through, with its labels.
//!
//! The only module that names the renderer.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::ops::Range;

use codespan_reporting::diagnostic::{Diagnostic as Rendered, Label as RenderedLabel, Severity};
use codespan_reporting::files::{self, Files, Location};
use codespan_reporting::term::{self, Config, termcolor::Buffer};

use super::clean;
use super::excerpt::{Excerpt, Source, excerpt};
use crate::analysis::Report;
use crate::diagnostic::{Diagnostic, Label, Level};
use crate::source::{FileId, Position};

/// Writes every finding, a blank line between two.
pub(super) fn write(report: &Report, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let mut sources = BTreeMap::new();
    for (index, diagnostic) in report.diagnostics.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        let labels = labels(diagnostic);
        // Findings are sorted by path: what the last one showed is likely to be shown again, what it did not is dropped.
        sources.retain(|file, _| labels.iter().any(|label| label.place.file == *file));
        for label in &labels {
            let file = label.place.file;
            sources.entry(file).or_insert_with(|| Source::new(report.text(file)));
        }
        out.write_all(&render(report, diagnostic, &labels, &sources, color)?)?;
    }
    Ok(())
}

/// The labels in the order of the trail.
fn labels(diagnostic: &Diagnostic) -> Vec<&Label> {
    std::iter::once(&diagnostic.primary).chain(&diagnostic.trail).collect()
}

/// One finding, ending in one line end.
fn render(
    report: &Report,
    diagnostic: &Diagnostic,
    labels: &[&Label],
    sources: &BTreeMap<FileId, Source>,
    color: bool,
) -> io::Result<Vec<u8>> {
    let excerpts = Excerpts::new(report, labels, sources);
    let numbered = numbered(labels);
    let rendered_labels = labels.iter().enumerate().map(|(index, label)| {
        let message = clean::line(&label.message);
        let message = if numbered { format!("({}) {message}", index + 1) } else { message };
        let (file, range) = excerpts.mark(index);
        let style = if index == 0 { RenderedLabel::primary } else { RenderedLabel::secondary };
        style(file, range).with_message(message)
    });
    let rendered = Rendered::new(severity(diagnostic.level))
        .with_code(diagnostic.rule)
        .with_message(clean::line(&diagnostic.message))
        .with_labels(rendered_labels.collect())
        .with_notes(diagnostic.help.iter().map(|help| format!("help: {}", clean::line(help))).collect());
    let mut buffer = if color { Buffer::ansi() } else { Buffer::no_color() };
    match term::emit_to_write_style(&mut buffer, &Config::default(), &excerpts, &rendered) {
        Ok(()) => Ok(trimmed(buffer.as_slice())),
        Err(files::Error::Io(error)) => Err(error),
        Err(error) => Err(io::Error::other(error)),
    }
}

const fn severity(level: Level) -> Severity {
    match level {
        Level::Error => Severity::Error,
        Level::Warning => Severity::Warning,
        Level::Note => Severity::Note,
    }
}

/// Whether the labels need numbers: where the files and lines, read downwards, do not follow the trail.
fn numbered(labels: &[&Label]) -> bool {
    let mut files: Vec<FileId> = Vec::new();
    let mut last = None;
    for label in labels {
        let file = label.place.file;
        let rank = files.iter().position(|other| *other == file).unwrap_or_else(|| {
            files.push(file);
            files.len() - 1
        });
        let here = Some((rank, label.place.span.start));
        if here < last {
            return true;
        }
        last = here;
    }
    false
}

/// The lines without white space at their ends and without empty lines at the end.
fn trimmed(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for line in text.trim_ascii_end().split(|byte| *byte == b'\n') {
        out.extend_from_slice(line.trim_ascii_end());
        out.push(b'\n');
    }
    out
}

/// The excerpts of one finding, as files that keep the line numbers of the real ones.
struct Excerpts<'a> {
    files: Vec<FileExcerpt<'a>>,
    /// For each label, the file and the mark in it.
    marks: Vec<(usize, usize)>,
}

struct FileExcerpt<'a> {
    file: FileId,
    name: String,
    labels: Vec<&'a Label>,
    positions: Vec<Position>,
    excerpt: Excerpt,
}

impl<'a> Excerpts<'a> {
    fn new(report: &Report, labels: &[&'a Label], sources: &BTreeMap<FileId, Source>) -> Self {
        let mut excerpts = Self { files: Vec::new(), marks: Vec::new() };
        for label in labels {
            let file = label.place.file;
            let index = excerpts.files.iter().position(|other| other.file == file).unwrap_or_else(|| {
                let excerpt = Excerpt { text: String::new(), lines: Vec::new(), marks: Vec::new() };
                let name = clean::line(report.path(file));
                excerpts.files.push(FileExcerpt { file, name, labels: Vec::new(), positions: Vec::new(), excerpt });
                excerpts.files.len() - 1
            });
            let of_file = &mut excerpts.files[index];
            excerpts.marks.push((index, of_file.labels.len()));
            of_file.labels.push(label);
            of_file.positions.push(report.range(label.place).0);
        }
        for of_file in &mut excerpts.files {
            let spans: Vec<_> = of_file.labels.iter().map(|label| label.place.span).collect();
            if let Some(source) = sources.get(&of_file.file) {
                of_file.excerpt = excerpt(source, &spans);
            }
        }
        excerpts
    }

    fn mark(&self, label: usize) -> (usize, Range<usize>) {
        let (file, mark) = self.marks[label];
        (file, self.files[file].excerpt.marks[mark].clone())
    }

    fn file(&self, id: usize) -> Result<&FileExcerpt<'a>, files::Error> {
        self.files.get(id).ok_or(files::Error::FileMissing)
    }
}

impl<'a> Files<'a> for Excerpts<'_> {
    type FileId = usize;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: usize) -> Result<&'a str, files::Error> {
        Ok(&self.file(id)?.name)
    }

    fn source(&'a self, id: usize) -> Result<&'a str, files::Error> {
        Ok(&self.file(id)?.excerpt.text)
    }

    fn line_index(&'a self, id: usize, byte_index: usize) -> Result<usize, files::Error> {
        let lines = &self.file(id)?.excerpt.lines;
        let index = lines.partition_point(|line| line.range.start <= byte_index).saturating_sub(1);
        let line = lines.get(index).ok_or(files::Error::LineTooLarge { given: index, max: lines.len() })?;
        Ok(line.number as usize - 1)
    }

    fn line_range(&'a self, id: usize, line_index: usize) -> Result<Range<usize>, files::Error> {
        let lines = &self.file(id)?.excerpt.lines;
        let line = lines.iter().find(|line| line.number as usize == line_index + 1);
        Ok(line.ok_or(files::Error::LineTooLarge { given: line_index, max: lines.len() })?.range.clone())
    }

    /// Asked of the starts of labels alone: where they really are, not where the clipped line shows them.
    fn location(&'a self, id: usize, byte_index: usize) -> Result<Location, files::Error> {
        let file = self.file(id)?;
        let mark = file.excerpt.marks.iter().position(|mark| mark.start == byte_index);
        let position = mark.and_then(|mark| file.positions.get(mark));
        let position =
            position.ok_or(files::Error::IndexTooLarge { given: byte_index, max: file.excerpt.text.len() })?;
        Ok(Location { line_number: position.line as usize, column_number: position.column as usize })
    }
}
