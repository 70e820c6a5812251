//! The few lines of a file that a finding shows, each clipped to what a terminal holds.
//!
//! Knows texts and spans. A minified file is one line of megabytes, so only a window around each span is ever copied.

use std::collections::BTreeMap;
use std::ops::Range;

use super::clean;
use crate::source::{LineIndex, Span};

/// The longest line that is shown whole, in characters.
const LINE: usize = 160;
/// The most of one span that is shown in a longer line.
const SPAN: usize = 80;
/// What is shown on either side of each of several spans in a longer line.
const CONTEXT: usize = 24;

/// A text with its line index.
pub(super) struct Source {
    text: String,
    lines: LineIndex,
}

impl Source {
    pub(super) fn new(text: String) -> Self {
        let lines = LineIndex::new(&text);
        Self { text, lines }
    }

    /// The bytes of a line (from 1), without its end and without a byte order mark.
    fn line(&self, number: u32) -> Range<usize> {
        let start_of = |number| self.lines.line_start(number).and_then(|start| usize::try_from(start).ok());
        let start = start_of(number).unwrap_or(self.text.len());
        let end = start_of(number + 1).unwrap_or(self.text.len());
        let line = &self.text[start..end];
        let mark = if start == 0 && line.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        start + mark..start + line.trim_end_matches(['\n', '\r']).len().max(mark)
    }
}

/// Lines of one file, in order, in a text of their own.
pub(super) struct Excerpt {
    /// The lines, each followed by `\n`.
    pub(super) text: String,
    /// The lines in it.
    pub(super) lines: Vec<Line>,
    /// The spans asked for, in the order asked, in bytes of `text`.
    pub(super) marks: Vec<Range<usize>>,
}

/// One line of an excerpt.
pub(super) struct Line {
    /// Its number in the file, from 1.
    pub(super) number: u32,
    /// Its bytes in the excerpt's text, without `\n`.
    pub(super) range: Range<usize>,
}

/// The lines at which `spans` start. A span over several lines is marked up to the end of its first. A single line
/// between two of them is shown too.
pub(super) fn excerpt(source: &Source, spans: &[Span]) -> Excerpt {
    let mut by_line: BTreeMap<u32, Vec<(usize, Range<usize>)>> = BTreeMap::new();
    for (index, span) in spans.iter().enumerate() {
        let (number, range) = first_line(source, *span);
        by_line.entry(number).or_default().push((index, range));
    }
    let numbers: Vec<u32> = by_line.keys().copied().collect();
    for pair in numbers.windows(2) {
        if pair[1] - pair[0] == 2 {
            by_line.entry(pair[0] + 1).or_default();
        }
    }
    let mut excerpt = Excerpt { text: String::new(), lines: Vec::new(), marks: vec![0..0; spans.len()] };
    for (number, marks) in by_line {
        let start = excerpt.text.len();
        copy(source, number, &marks, &mut excerpt);
        excerpt.lines.push(Line { number, range: start..excerpt.text.len() });
        excerpt.text.push('\n');
    }
    excerpt
}

/// The line that a span starts on, and what the span covers of it, in bytes of the file.
fn first_line(source: &Source, span: Span) -> (u32, Range<usize>) {
    let offset = |at: u32| {
        let at = usize::try_from(at).unwrap_or(usize::MAX).min(source.text.len());
        source.text.floor_char_boundary(at)
    };
    let number = source.lines.position(span.start).line;
    let line = source.line(number);
    let start = offset(span.start).clamp(line.start, line.end);
    (number, start..offset(span.end).clamp(start, line.end))
}

/// Copies the windows of one line into the excerpt and notes where its marks lie now.
fn copy(source: &Source, number: u32, marks: &[(usize, Range<usize>)], excerpt: &mut Excerpt) {
    let line = source.line(number);
    let text = &source.text[line.clone()];
    let spans: Vec<Range<usize>> =
        marks.iter().map(|(_, range)| range.start - line.start..range.end - line.start).collect();
    let windows = windows(text, &spans);
    let whole = windows.first().is_some_and(|window| *window == (0..text.len()));
    // For each character shown: where it is in the line, and where in the excerpt.
    let mut places: Vec<(usize, usize)> = Vec::new();
    let mut end = 0;
    for window in windows {
        if window.start > end {
            excerpt.text.push('…');
        }
        let hidden = hidden(text, &window);
        for (offset, ch) in text[window.clone()].char_indices() {
            let offset = window.start + offset;
            places.push((offset, excerpt.text.len()));
            let masked = hidden.iter().any(|range| range.contains(&offset));
            excerpt.text.push(if masked { '*' } else { clean::visible(ch) });
        }
        end = window.end;
        places.push((end, excerpt.text.len()));
    }
    if end < text.len() {
        excerpt.text.push('…');
    }
    let shown = |offset: usize| {
        let index = places.partition_point(|&(at, _)| at < offset).min(places.len().saturating_sub(1));
        places.get(index).map_or(0, |&(_, shown)| shown)
    };
    for ((index, _), span) in marks.iter().zip(&spans) {
        let end = if whole { span.end } else { forward(text, span.start, SPAN).min(span.end) };
        excerpt.marks[*index] = shown(span.start)..shown(end);
    }
}

/// The parts of a line to show: all of it where it is short, else what surrounds each span.
fn windows(line: &str, spans: &[Range<usize>]) -> Vec<Range<usize>> {
    if line.len() <= LINE * 4 && line.chars().count() <= LINE {
        return std::iter::once(0..line.len()).collect();
    }
    if spans.is_empty() {
        return std::iter::once(0..forward(line, 0, LINE)).collect();
    }
    let mut spans = spans.to_vec();
    spans.sort_unstable_by_key(|span| (span.start, span.end));
    let mut windows: Vec<Range<usize>> = Vec::new();
    for span in &spans {
        let end = forward(line, span.start, SPAN).min(span.end);
        let shown = line[span.start..end].chars().count();
        let context = if spans.len() == 1 { LINE.saturating_sub(shown) / 2 } else { CONTEXT };
        let window = back(line, span.start, context)..forward(line, end, context);
        match windows.last_mut() {
            // An ellipsis would take the place of what lies between.
            Some(last) if window.start <= forward(line, last.end, 1) => last.end = last.end.max(window.end),
            _ => windows.push(window),
        }
    }
    windows
}

/// The bytes of a line not to be shown, looked for in the window and a little around it.
fn hidden(line: &str, window: &Range<usize>) -> Vec<Range<usize>> {
    let start = back(line, window.start, LINE);
    let end = forward(line, window.end, LINE);
    clean::secrets(&line[start..end]).into_iter().map(|range| range.start + start..range.end + start).collect()
}

/// The offset so many characters after `from`, or the end.
fn forward(text: &str, from: usize, characters: usize) -> usize {
    text[from..].char_indices().nth(characters).map_or(text.len(), |(offset, _)| from + offset)
}

/// The offset so many characters before `from`, or the start.
fn back(text: &str, from: usize, characters: usize) -> usize {
    if characters == 0 {
        return from;
    }
    text[..from].char_indices().rev().nth(characters - 1).map_or(0, |(offset, _)| offset)
}
