//! Globs of files and of endpoints, as the configuration writes them.
//!
//! Brackets are letters: the framework's folders have them (`app/[id]`), and no one means a class of characters.

use globset::{Error, GlobBuilder, GlobSet, GlobSetBuilder};

use super::file::Text;
use crate::source::Span;

/// A glob and where it is written.
#[derive(Debug, Clone)]
pub(super) struct Glob {
    pub(super) text: String,
    pub(super) span: Span,
    set: GlobSet,
}

impl Glob {
    /// A glob of files, read as `.gitignore` reads a line: without `/` it is a name at any depth, and a folder is all that lies in it.
    pub(super) fn of_files(written: &Text) -> Result<Self, String> {
        let text = written.get_ref().trim();
        if text.starts_with('!') {
            return Err(format!("`{text}` is no glob: `!` is not understood; name the files in `include`"));
        }
        let anchored = text.trim_start_matches("./").trim_start_matches('/').trim_end_matches('/');
        if anchored.is_empty() {
            return Err("an empty glob names no file".to_owned());
        }
        let named = if anchored.contains('/') || text.starts_with('/') || text.starts_with("./") {
            anchored.to_owned()
        } else {
            format!("**/{anchored}")
        };
        Self::new(written, &[named.clone(), format!("{named}/**")])
    }

    /// A glob of endpoints: a URL from `/` on, or a file with or without `#name`.
    pub(super) fn of_endpoints(written: &Text) -> Result<Self, String> {
        let text = written.get_ref().trim();
        if text.is_empty() || text.contains(char::is_whitespace) {
            return Err(format!(
                "`{text}` is no endpoint: write a URL such as `/api/health`, or `app/actions.ts#save`"
            ));
        }
        let path = text.trim_start_matches("./");
        match path.starts_with('/') || path.contains('#') {
            true => Self::new(written, &[path.to_owned()]),
            false => Self::new(written, &[path.to_owned(), format!("{path}#*")]),
        }
    }

    fn new(written: &Text, patterns: &[String]) -> Result<Self, String> {
        let mut set = GlobSetBuilder::new();
        for pattern in patterns {
            let literal = pattern.replace('[', "\\[").replace(']', "\\]");
            let glob = GlobBuilder::new(&literal).literal_separator(true).backslash_escape(true).build();
            set.add(glob.map_err(|error| no_glob(written, &error))?);
        }
        let set = set.build().map_err(|error| no_glob(written, &error))?;
        Ok(Self { text: written.get_ref().clone(), span: super::span(written.span()), set })
    }

    pub(super) fn matches(&self, path: &str) -> bool {
        self.set.is_match(path)
    }
}

/// What is said of a text that is no glob. The library's advice is about brackets, which are letters here.
fn no_glob(written: &Text, error: &Error) -> String {
    let reason = error.kind().to_string();
    format!("`{}` is no glob: {}", written.get_ref(), reason.split(" (").next().unwrap_or_default())
}
