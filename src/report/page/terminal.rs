//! Markdown on a terminal: headings, paragraphs, lists, programs.
//!
//! Knows the Markdown that the pages are written in, and no page.

use std::io::{self, Write};

use super::{fence, is_name};

/// How many columns text takes.
const WIDTH: usize = 100;

const BOLD: &str = "\x1b[1m";
const CODE: &str = "\x1b[36m";
const DIM: &str = "\x1b[2m";
const RESET: &str = "\x1b[0m";

/// Writes a page, `facts` below its title.
pub(super) fn write(markdown: &str, facts: &str, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let page = Page { color };
    let mut lines = markdown.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix("# ") {
            writeln!(out, "{}\n{}", page.styled(BOLD, title), page.styled(DIM, facts))?;
        } else if let Some(title) = line.strip_prefix("## ") {
            let rule = "─".repeat(title.chars().count());
            writeln!(out, "{}\n{}", page.styled(BOLD, title), page.styled(DIM, &rule))?;
        } else if let Some(title) = line.strip_prefix("### ") {
            let text = page.wrapped(title, "── ", "   ");
            writeln!(out, "{}", if color { page.styled(BOLD, &text) } else { text })?;
        } else if fence(line).is_some() {
            for code in lines.by_ref().take_while(|line| fence(line).is_none()) {
                let indent = if code.is_empty() { "" } else { "    " };
                writeln!(out, "{indent}{code}")?;
            }
        } else if let Some((mark, first)) = item(line) {
            let mut text = first.to_owned();
            while let Some(next) =
                lines.next_if(|next| !next.is_empty() && item(next).is_none() && fence(next).is_none())
            {
                text.push(' ');
                text.push_str(next.trim());
            }
            let indent = " ".repeat(mark.chars().count() + 3);
            writeln!(out, "{}", page.wrapped(&text, &format!("  {mark} "), &indent))?;
        } else if is_name(line) {
            writeln!(out, "  {}", page.styled(CODE, &line.replace('`', "")))?;
        } else if line.is_empty() || line.starts_with('|') {
            writeln!(out, "{line}")?;
        } else {
            let mut text = line.to_owned();
            while let Some(next) = lines.next_if(|next| continues(next)) {
                text.push(' ');
                text.push_str(next.trim());
            }
            writeln!(out, "{}", page.wrapped(&text, "", ""))?;
        }
    }
    Ok(())
}

/// The mark and the text of a line that starts an item of a list.
fn item(line: &str) -> Option<(String, &str)> {
    let trimmed = line.trim_start();
    if let Some(text) = trimmed.strip_prefix("- ") {
        return Some(("•".to_owned(), text));
    }
    let (number, text) = trimmed.split_once(". ")?;
    (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then(|| (format!("{number}."), text))
}

/// Whether a line goes on with the paragraph above it.
fn continues(line: &str) -> bool {
    !line.is_empty() && !line.starts_with(['#', '|']) && fence(line).is_none() && item(line).is_none()
}

struct Page {
    color: bool,
}

/// A piece of a line that is not broken.
#[derive(Default)]
struct Word {
    text: String,
    width: usize,
}

impl Page {
    fn styled(&self, style: &str, text: &str) -> String {
        if self.color { format!("{style}{text}{RESET}") } else { text.to_owned() }
    }

    /// `text` in lines, the first behind `first`, the others behind `indent`.
    fn wrapped(&self, text: &str, first: &str, indent: &str) -> String {
        let mut out = first.to_owned();
        let mut column = first.chars().count();
        let mut start = true;
        for word in self.words(text) {
            if !start && column + 1 + word.width > WIDTH {
                out.push('\n');
                out.push_str(indent);
                column = indent.chars().count();
            } else if !start {
                out.push(' ');
                column += 1;
            }
            out.push_str(&word.text);
            column += word.width;
            start = false;
        }
        out
    }

    /// The words of a text. With colors, code and strong words are styled and lose their signs; a span that holds spaces is
    /// styled word by word, so that no style runs over the end of a line.
    fn words(&self, text: &str) -> Vec<Word> {
        let mut words = Vec::new();
        let mut word = Word::default();
        let (mut code, mut strong) = (false, false);
        let text = linked(text);
        let mut rest = text.as_str();
        while let Some(ch) = rest.chars().next() {
            rest = &rest[ch.len_utf8()..];
            let style = if code { CODE } else { BOLD };
            if ch == ' ' {
                self.close(&mut word, code || strong);
                words.push(std::mem::take(&mut word));
                self.open(&mut word, code || strong, style);
            } else if ch == '`' {
                code = !code;
                self.toggle(&mut word, code, CODE);
                if !self.color {
                    word.text.push(ch);
                    word.width += 1;
                }
            } else if ch == '*' && rest.starts_with('*') && !code {
                rest = &rest[1..];
                strong = !strong;
                self.toggle(&mut word, strong, BOLD);
            } else {
                word.text.push(ch);
                word.width += 1;
            }
        }
        words.push(word);
        words.retain(|word| word.width > 0);
        words
    }

    fn toggle(&self, word: &mut Word, on: bool, style: &str) {
        if on { self.open(word, true, style) } else { self.close(word, true) }
    }

    fn open(&self, word: &mut Word, styled: bool, style: &str) {
        if self.color && styled {
            word.text.push_str(style);
        }
    }

    fn close(&self, word: &mut Word, styled: bool) {
        if self.color && styled {
            word.text.push_str(RESET);
        }
    }
}

/// `[text](address)` as `text (address)`, or as its text alone where the address is no one's but the repository's.
fn linked(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((middle, after)) = rest.find("](").map(|at| rest.split_at(at)) {
        let (Some(open), Some(close)) = (middle.rfind('['), after.find(')')) else { break };
        out.push_str(&middle[..open]);
        out.push_str(&middle[open + 1..]);
        let address = &after[2..close];
        if address.starts_with("http") {
            out.push_str(&format!(" ({address})"));
        }
        rest = &after[close + 1..];
    }
    out.push_str(rest);
    out
}
