//! Comments that speak to edgelint: `edgelint-ignore`, `edgelint-ignore-file`, `edgelint-public`; which findings they hold for, and
//! which of them are for nothing.
//!
//! A comment holds for the line that it ends, or else for the next line of code, and a finding stands on the line on which its
//! primary place starts. Knows comments as facts and the text around them; knows no syntax tree and no configuration.

mod comment;

use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostic, Place, nearest};
use crate::facts::FileFacts;
use crate::rules::{self, Rule, unsuppressed};
use crate::source::FileId;
use comment::{Comment, Kind};

/// How a comment is written.
const FORM: &str = "write `edgelint-ignore <rule>: <reason>`";
/// How the comment of an endpoint is written.
const PUBLIC_FORM: &str = "write `edgelint-public: <reason>`";

/// A finding that a comment holds back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppressed {
    /// The finding.
    pub diagnostic: Diagnostic,
    /// Why, as the comment says.
    pub reason: String,
    /// The comment.
    pub comment: Place,
}

/// The comments of a tree.
#[derive(Debug, Default)]
pub struct Comments {
    by_file: FxHashMap<FileId, Vec<Comment>>,
    /// The files that have any, in path order.
    files: Vec<FileId>,
}

impl Comments {
    /// The comments of files, in path order. `text` gives the text of one that has any.
    #[must_use]
    pub fn read<'a>(
        files: impl Iterator<Item = (FileId, &'a FileFacts)>,
        text: impl Fn(FileId) -> Option<String>,
    ) -> Self {
        let mut comments = Self::default();
        for (file, facts) in files.filter(|(_, facts)| !facts.suppressions.is_empty()) {
            let Some(text) = text(file) else { continue };
            let read = facts.suppressions.iter().map(|fact| Comment::read(fact, facts, &text));
            comments.by_file.insert(file, read.collect());
            comments.files.push(file);
        }
        comments
    }

    /// The reason for which a finding is held back whose primary place starts on a line, and the comment that gives it. The
    /// comment counts as used.
    pub fn reason(&mut self, finding: &Diagnostic, line: u32) -> Option<(String, Place)> {
        let file = finding.primary.place.file;
        let mut found = None;
        for comment in self.by_file.get_mut(&file)?.iter_mut().filter(|comment| comment.holds(line)) {
            for (_, used) in comment.rules.iter_mut().filter(|(name, _)| name == finding.rule) {
                *used = true;
                found = found.or_else(|| Some((comment.reason.clone()?, Place { file, span: comment.span })));
            }
        }
        found
    }

    /// The reason for which an endpoint that starts on this line is open on purpose. The comment counts as used.
    pub fn open(&mut self, file: FileId, line: u32) -> Option<String> {
        let comments = self.by_file.get_mut(&file)?;
        let mut above = comments.iter_mut().filter(|comment| comment.kind == Kind::Public && comment.is_about(line));
        let comment = above.next()?;
        comment.used = true;
        comment.reason.clone()
    }

    /// What is wrong with the comments, and which of them hold back nothing although their rule `ran`.
    #[must_use]
    pub fn problems(&self, ran: impl Fn(&Rule, FileId) -> bool) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for file in &self.files {
            for comment in self.by_file.get(file).into_iter().flatten() {
                let place = Place { file: *file, span: comment.span };
                problems(comment, place, &|rule| ran(rule, *file), &mut found);
            }
        }
        found
    }
}

fn problems(comment: &Comment, place: Place, ran: &dyn Fn(&Rule) -> bool, found: &mut Vec<Diagnostic>) {
    let name = comment.name.as_str();
    let mut say = |message, label, help| found.push(unsuppressed(place, message, label, help));
    match comment.kind {
        Kind::Unknown => {
            say(format!("`{name}` means nothing to edgelint{}", meant(name)), "this has no effect", FORM);
        }
        Kind::Public if comment.reason.is_none() => {
            say(format!("`{name}` gives no reason, so it does not hold"), "the reason is missing", PUBLIC_FORM);
        }
        Kind::Public if !comment.used => {
            let message = format!("`{name}` stands at no endpoint");
            say(message, "no endpoint starts on the next line of code", "put it above the exported function");
        }
        Kind::Public => {}
        Kind::Line | Kind::File if comment.rules.is_empty() => {
            say(format!("`{name}` names no rule, so it does not hold"), "the rule is missing", FORM);
        }
        Kind::Line | Kind::File if comment.reason.is_none() => {
            let rules: Vec<&str> = comment.rules.iter().map(|(rule, _)| rule.as_str()).collect();
            let form = format!("write `{name} {}: <reason>`", rules.join(", "));
            say(format!("`{name}` gives no reason, so it does not hold"), "the reason is missing", &form);
        }
        Kind::Line | Kind::File => {
            for (rule, used) in &comment.rules {
                match rules::find(rule) {
                    None => {
                        let hint = nearest::hint(rule, rules::ALL.iter().map(|rule| rule.id));
                        say(
                            format!("unknown rule `{rule}`{hint}"),
                            "this has no effect",
                            "`edgelint rules` lists them",
                        );
                    }
                    Some(known) if !used && ran(known) => {
                        let message = format!("`{rule}` reports nothing here that could be suppressed");
                        let file = comment.kind == Kind::File;
                        let label = if file { "nothing in this file" } else { "nothing on the line it is for" };
                        say(message, label, "remove the comment");
                    }
                    Some(_) => {}
                }
            }
        }
    }
}

/// `; did you mean `edgelint-ignore`?`, or nothing.
fn meant(name: &str) -> String {
    let word = name.strip_prefix("edgelint-").unwrap_or(name);
    match nearest::nearest(word, ["ignore", "ignore-file", "public"]) {
        Some(word) => format!("; did you mean `edgelint-{word}`?"),
        // Other tools tell the next line from this one.
        None if word.starts_with("ignore") => "; did you mean `edgelint-ignore`?".to_owned(),
        None => String::new(),
    }
}
