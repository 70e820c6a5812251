//! A rule's page for its readers. The page is a test too: the marks that its programs carry are taken out, and so are the
//! blocks of expected output that say nothing.
//!
//! Knows the marks as they are written, not what they assert.

use std::io::{self, Write};

use crate::rules::Rule;

mod terminal;

/// Writes the page as Markdown.
pub(super) fn write_markdown(rule: &Rule, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(markdown(rule.page).as_bytes())
}

/// Writes Markdown about a rule for a terminal.
pub(super) fn write_text(rule: &Rule, markdown: &str, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let fixable = if rule.fix { "fixable, " } else { "" };
    let (level, group, status) = (rule.level.as_str(), rule.group.as_str(), rule.status.as_str());
    let facts = format!("{level}, {group}, {status}, {fixable}since {}", rule.since);
    terminal::write(markdown, &facts, color, out)
}

/// The page without its marks.
pub(super) fn markdown(page: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut source = page.lines();
    while let Some(line) = source.next() {
        let Some(language) = fence(line) else {
            lines.push(line.to_owned());
            continue;
        };
        let sign = sign(language);
        let body = source.by_ref().take_while(|line| fence(line).is_none());
        let body: Vec<String> = body.filter_map(|line| without_marks(line, sign)).collect();
        if body.is_empty() {
            drop_name(&mut lines);
            continue;
        }
        lines.push(line.to_owned());
        lines.extend(body);
        lines.push("```".to_owned());
    }
    // What was left out leaves no gap.
    lines.dedup_by(|next, before| next.is_empty() && before.is_empty());
    let mut text = lines.join("\n");
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// What a reader of a finding needs of the page: the prose of its sections, and the first example.
pub(super) fn help(page: &str) -> String {
    let page = markdown(page);
    let mut out = String::new();
    let (mut section, mut examples, mut shown, mut inside) = ("", 0, true, false);
    for line in page.lines().skip(1) {
        let fenced = inside;
        inside ^= fence(line).is_some();
        if !fenced && let Some(title) = line.strip_prefix("## ") {
            (section, shown) = (title, true);
        } else if !fenced && line.starts_with("### ") {
            shown = section == "Reported" && examples == 0;
            examples += usize::from(section == "Reported");
        }
        if shown && section != "Not reported" {
            out.push_str(line);
            out.push('\n');
        }
    }
    out.trim().to_owned()
}

/// The page with the first example of each section but of what is not reported. The others are named by their titles.
pub(super) fn brief(rule: &Rule) -> String {
    let mut out = String::new();
    let (mut section, mut examples, mut shown, mut inside) = ("", 0, true, false);
    let page = markdown(rule.page);
    for line in page.lines() {
        let fenced = inside;
        inside ^= fence(line).is_some();
        if !fenced && line.starts_with("## ") {
            (section, examples, shown) = (line, 0, true);
            out.push_str(if out.ends_with("\n\n") { "" } else { "\n" });
        } else if !fenced && let Some(title) = line.strip_prefix("### ") {
            shown = examples == 0 && section != "## Not reported";
            examples += 1;
            if !shown {
                out.push_str(&format!("- {title}\n"));
            }
        }
        if shown {
            out.push_str(line);
            out.push('\n');
        }
    }
    format!("{}\n\n`edgelint explain {} --full` shows every example.\n", out.trim_end(), rule.id)
}

/// The word behind the backticks that open or close a fence.
fn fence(line: &str) -> Option<&str> {
    line.strip_prefix("```").map(|rest| rest.trim_start_matches('`').trim())
}

/// A line that only names the block below it: `` `path`: ``
fn is_name(line: &str) -> bool {
    line.starts_with('`') && line.ends_with(':')
}

/// Takes the name of a block that is left out away with it.
fn drop_name(lines: &mut Vec<String>) {
    let last = lines.iter().rposition(|line| !line.is_empty());
    if let Some(last) = last.filter(|&last| is_name(&lines[last])) {
        lines.truncate(last);
    }
}

/// The sign that starts a comment.
fn sign(language: &str) -> &'static str {
    match language {
        "toml" | "yaml" | "yml" | "py" | "python" | "sh" => "#",
        "sql" => "--",
        _ => "//",
    }
}

/// A line of a program without its marks, or `None` where it held nothing else.
fn without_marks(line: &str, sign: &str) -> Option<String> {
    let mut rest = line;
    let mut code = String::new();
    while let Some(start) = rest.find("{/*").filter(|start| is_mark(&rest[start + 3..])) {
        let Some(length) = rest[start..].find("*/}") else { break };
        code.push_str(&rest[..start]);
        rest = &rest[start + length + 3..];
    }
    let starts = rest.match_indices(sign).map(|(at, _)| at);
    let mut marks =
        starts.filter(|&at| is_mark(&rest[at + sign.len()..]) && (at == 0 || rest[..at].ends_with([' ', '\t'])));
    let mark = marks.next();
    code.push_str(mark.map_or(rest, |at| &rest[..at]));
    if mark.is_none() && rest.len() == line.len() {
        return Some(code);
    }
    code.truncate(code.trim_end().len());
    (!code.is_empty()).then_some(code)
}

fn is_mark(comment: &str) -> bool {
    comment.starts_with('~') || comment.starts_with("= ")
}
