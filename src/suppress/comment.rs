//! One comment: what it says, and the lines that it is about.

use crate::facts::{FileFacts, FileKind, Suppression};
use crate::source::Span;

/// What a comment asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `edgelint-ignore`
    Line,
    /// `edgelint-ignore-file`
    File,
    /// `edgelint-public`
    Public,
    /// Any other word.
    Unknown,
}

/// A comment that starts with `edgelint-`.
#[derive(Debug)]
pub(super) struct Comment {
    pub(super) kind: Kind,
    /// The word that it starts with.
    pub(super) name: String,
    /// The rules that it names, and whether it held back a finding of each.
    pub(super) rules: Vec<(String, bool)>,
    pub(super) reason: Option<String>,
    pub(super) span: Span,
    /// Whether an endpoint was found at it.
    pub(super) used: bool,
    /// The lines that it is about, both included; none at the end of a file.
    lines: Option<(u32, u32)>,
    /// Where it stands behind calls of several lines: the lines on which their names stand.
    above: Vec<u32>,
}

impl Comment {
    pub(super) fn read(fact: &Suppression, facts: &FileFacts, text: &str) -> Self {
        let said = one_line(&fact.text);
        let end = said.find([' ', ':']).unwrap_or(said.len());
        let (name, rest) = said.split_at(end);
        let kind = match name {
            "edgelint-ignore" => Kind::Line,
            "edgelint-ignore-file" => Kind::File,
            "edgelint-public" => Kind::Public,
            _ => Kind::Unknown,
        };
        let (names, reason) = rest.split_once(':').unwrap_or((rest, ""));
        let names = names.split(',').map(str::trim).filter(|name| !name.is_empty());
        let reason = Some(reason.trim()).filter(|reason| !reason.is_empty()).map(str::to_owned);
        let (start, end) = (fact.span.start as usize, fact.span.end as usize);
        let line = |offset: usize| facts.lines.position(u32::try_from(offset).unwrap_or(u32::MAX)).line;
        let before = text.get(..start).unwrap_or_default();
        let before = before.rsplit('\n').next().unwrap_or_default().trim();
        let trails = !matches!(before, "" | "{" | "\u{feff}");
        let (lines, above) = if trails {
            let own = line(start);
            (Some((own, own)), calls_before(facts, fact.span.start, own))
        } else {
            let code = next_code(text, end, facts.kind);
            (code.map(|(first, last)| (line(first), line(last))), Vec::new())
        };
        Self {
            kind,
            name: name.to_owned(),
            rules: names.map(|name| (name.to_owned(), false)).collect(),
            reason,
            span: fact.span,
            used: false,
            lines,
            above,
        }
    }

    /// Whether it holds back what starts on a line, the rule aside.
    pub(super) fn holds(&self, line: u32) -> bool {
        self.reason.is_some()
            && match self.kind {
                Kind::File => true,
                Kind::Line => self.is_about(line),
                Kind::Public | Kind::Unknown => false,
            }
    }

    /// Whether it is about what starts on a line.
    pub(super) fn is_about(&self, line: u32) -> bool {
        self.lines.is_some_and(|(first, last)| (first..=last).contains(&line)) || self.above.contains(&line)
    }
}

/// The lines on which the names stand of the calls that end on a line, before a comment: a formatter breaks a call, and leaves the
/// comment behind it.
fn calls_before(facts: &FileFacts, comment: u32, own: u32) -> Vec<u32> {
    let line = |offset| facts.lines.position(offset).line;
    let ends_here = |span: Span| span.end <= comment && line(span.end) == own && line(span.start) < own;
    let calls = facts.calls.iter().filter(|call| ends_here(call.span));
    calls.map(|call| line(call.name_span.start)).collect()
}

/// A comment's text without the stars and line ends of a block.
fn one_line(text: &str) -> String {
    let lines = text.lines().map(|line| line.trim().trim_start_matches('*').trim());
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Where the first code behind an offset starts, and, where attributes stand above it, what they are written on.
fn next_code(text: &str, offset: usize, kind: FileKind) -> Option<(usize, usize)> {
    let mut at = offset;
    let mut first = None;
    loop {
        let rest = text.get(at..)?;
        let blank = rest.len() - rest.trim_start().len();
        let rest = &rest[blank..];
        at += blank;
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") || rest.starts_with("{/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with('}') && text[..at].trim_end().ends_with("*/") && kind != FileKind::Rust {
            // The end of a comment in JSX.
            1
        } else if rest.starts_with("#[") && kind == FileKind::Rust {
            first = first.or(Some(at));
            attribute(rest)
        } else if rest.is_empty() {
            return first.map(|first| (first, first));
        } else {
            return Some((first.unwrap_or(at), at));
        };
        at += skipped;
    }
}

/// The length of an attribute: to the bracket that closes it.
fn attribute(text: &str) -> usize {
    let mut open = 0_u32;
    for (at, letter) in text.char_indices() {
        match letter {
            '[' => open += 1,
            ']' if open == 1 => return at + 1,
            ']' => open -= 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::LineIndex;

    /// The lines that the comment in a Rust text is about.
    fn lines(text: &str) -> Vec<u32> {
        let facts = FileFacts::empty(FileKind::Rust, LineIndex::new(text));
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let start = text.find("// edgelint-").unwrap_or(0);
        let end = text[start..].find('\n').map_or(text.len(), |length| start + length);
        let said = text[start..end].trim_start_matches("// ").to_owned();
        let fact = Suppression { text: said, span: Span::new(offset(start), offset(end)) };
        let comment = Comment::read(&fact, &facts, text);
        (1..=9).filter(|&line| comment.is_about(line)).collect()
    }

    #[test]
    fn an_attribute_belongs_to_its_function() {
        let comment = "// edgelint-public: anyone may look";
        let function = "#[server(Look, \"/api\")]\n/// Looks.\n#[a[0]]\npub fn look() {}\nfn b() {}\n";
        assert_eq!(lines(&format!("{comment}\n\n{function}")), [3, 4, 5, 6]);
        assert_eq!(lines(&format!("fn a() {{}}\nfn b() {{}} {comment}\n#[c]\nfn c() {{}}\n")), [2]);
        assert_eq!(lines(&format!("fn a() {{}}\n{comment}\n")), Vec::<u32>::new());
        assert_eq!(lines(&format!("{comment}\n#[never closed\n")), [2]);
    }
}
