//! What holds of every Rust file, and of Cargo.toml.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::none;
use crate::support::repository;

const FILE_LINES: usize = 400;
const RULE_LINES: usize = 150;

#[test]
fn files_are_small() {
    let mut breaches = Vec::new();
    for path in rust_files() {
        let rule = path.starts_with("src/rules/") && path.matches('/').count() == 2;
        let limit = if rule { RULE_LINES } else { FILE_LINES };
        let lines = repository::read(&path).lines().count();
        if lines > limit {
            breaches.push(format!("{path}: {lines} lines, more than {limit}: find its second idea and give it a name"));
        }
    }
    none(&breaches);
}

#[test]
fn every_module_says_what_it_knows() {
    let missing = rust_files().into_iter().filter(|path| !repository::read(path).starts_with("//! "));
    none(&missing.map(|path| format!("{path}: starts without `//!`")).collect::<Vec<_>>());
}

#[test]
fn modules_stand_beside_their_folder() {
    let found = rust_files().into_iter().filter(|path| path.ends_with("/mod.rs"));
    none(&found.map(|path| format!("{path}: `foo.rs` beside `foo/`, never `mod.rs`")).collect::<Vec<_>>());
}

#[test]
fn no_loose_ends() {
    let words = [concat!("TO", "DO"), concat!("FIX", "ME")];
    let mut breaches = Vec::new();
    for path in rust_files() {
        let text = repository::read(&path);
        for (number, line) in (1..).zip(text.lines()) {
            if let Some(word) = words.iter().find(|word| line.contains(*word)) {
                breaches.push(format!("{path}:{number}: {word}"));
            }
        }
        loose_tokens(tokens(&path, &text), &mut |line, name| breaches.push(format!("{path}:{line}: `{name}`")));
    }
    none(&breaches);
}

#[test]
fn every_dependency_says_why() {
    let manifest = repository::read("Cargo.toml");
    let (mut dependencies, mut above, mut breaches) = (false, "", Vec::new());
    for (number, line) in (1..).zip(manifest.lines()) {
        if line.starts_with('[') {
            dependencies = line.contains("dependencies");
        } else if dependencies
            && line.contains('=')
            && !line.starts_with(['#', ' ', '}', ']'])
            && !above.starts_with("# ")
        {
            breaches.push(format!("Cargo.toml:{number}: no comment above says why it is there"));
        }
        above = line;
    }
    none(&breaches);
}

/// Every Rust file of the package and its tests.
pub(crate) fn rust_files() -> Vec<String> {
    let mut files = repository::files("src");
    files.extend(repository::files("tests"));
    files.extend(repository::files("benches"));
    files.retain(|path| path.rsplit_once('.').is_some_and(|(_, extension)| extension == "rs"));
    files
}

/// The tokens of a file.
pub(crate) fn tokens(path: &str, text: &str) -> TokenStream {
    syn::parse_str::<TokenStream>(text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Attributes that switch a test off or turn it round, and calls that panic without a reason.
fn loose_tokens(tokens: TokenStream, found: &mut impl FnMut(usize, &str)) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (index, token) in tokens.iter().enumerate() {
        let before = index.checked_sub(1).map(|index| tokens[index].to_string());
        match token {
            TokenTree::Group(group) => {
                if group.delimiter() == Delimiter::Bracket && before.as_deref() == Some("#") {
                    let first = group.stream().into_iter().next().map(|name| name.to_string());
                    if let Some(name @ ("ignore" | "should_panic")) = first.as_deref() {
                        found(group.span_open().start().line, name);
                    }
                }
                loose_tokens(group.stream(), found);
            }
            TokenTree::Ident(name) if before.as_deref() == Some(".") && name == "unwrap" => {
                found(name.span().start().line, "unwrap");
            }
            TokenTree::Ident(name) if name == "todo" || name == "unimplemented" => {
                let called = tokens.get(index + 1).is_some_and(|next| next.to_string() == "!");
                if called {
                    found(name.span().start().line, &name.to_string());
                }
            }
            _ => {}
        }
    }
}
