//! Source text to facts. One walk a file; cannot fail; knows no library, no configuration and no other file.

use crate::facts::{FileFacts, FileKind};

mod ecma;
mod rust;

/// What `text` says, read as `kind`. Broken source yields what can be had, and errors.
#[must_use]
pub fn extract(kind: FileKind, text: &str) -> FileFacts {
    match kind {
        FileKind::Rust => rust::extract(text),
        _ => ecma::extract(kind, text),
    }
}
