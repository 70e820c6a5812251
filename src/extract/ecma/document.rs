//! A file with a GraphQL document is a module that gives its text. A schema says nothing that is sent, and is left out.

use crate::facts::{FileFacts, FileKind};
use crate::source::LineIndex;

/// What an operation starts with.
const OPERATIONS: [&str; 3] = ["query", "mutation", "subscription"];

pub(super) fn extract(text: &str) -> FileFacts {
    let is_sent = text.lines().any(|line| OPERATIONS.iter().any(|operation| line.starts_with(operation)));
    if !is_sent {
        return FileFacts::empty(FileKind::Document, LineIndex::new(text));
    }
    // What is escaped here is escaped so in a string of the language too.
    let mut facts = super::extract(FileKind::JavaScript, &format!("export default {text:?}"));
    facts.kind = FileKind::Document;
    facts.lines = LineIndex::new(text);
    facts.errors.clear();
    facts
}
