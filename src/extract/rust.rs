//! Rust, parsed by syn. One walk a file; knows no crate but the language's own prelude and macros.
//!
//! What differs from TypeScript's facts:
//!
//! - A `use` is an import of its path without the last segment, `mod x;` an import of kind [`ImportKind::Mod`](crate::facts::ImportKind);
//!   sources that start with `self` or `super` are relative to the file's own module, also inside an inline module, whose variables,
//!   classes and exports carry its path (`tests::helper`).
//! - Success is truth. `x?` is a branch on `x` that returns nothing where it fails; `Some` and `Ok` in a pattern test the value itself.
//! - References are looked through. A path that leads out of the file is one [`Global`](crate::facts::Value::Global) (`sqlx::query`),
//!   unless its first segment is imported.
//! - A statement under `#[cfg(..)]` happens where the macro call `cfg!(..)` holds; items and functions keep the attribute, and those of the
//!   modules around them.

use proc_macro2::{Span as TokenSpan, TokenStream};
use syn::Item;
use syn::parse::Parser;

use crate::facts::{FileFacts, FileKind, ParseError};
use crate::source::{LineIndex, Span};
use context::Context;

mod attributes;
mod classes;
mod context;
mod control;
mod expression;
mod function;
mod imports;
mod items;
mod macros;
mod markup;
mod matching;
mod operators;
mod pattern;
mod places;
mod postfix;
mod recover;
mod scan;
mod scope;
mod types;

pub(super) fn extract(text: &str) -> FileFacts {
    let mut facts = FileFacts::empty(FileKind::Rust, LineIndex::new(text));
    let scan = scan::scan(text);
    facts.suppressions = scan.suppressions;
    if let Some(at) = scan.too_deep {
        let message = "nested too deeply to be read".to_owned();
        facts.errors.push(ParseError { message, span: Span::new(at, at + 1), recovered: false });
        return facts;
    }
    let offset = front(text);
    let cx = Context::new(facts, context::index(offset), &text[offset..]);
    let facts = lower(cx, &text[offset..], context::index(text.len()));
    proc_macro2::extra::invalidate_current_thread_spans();
    facts
}

/// Bytes before the first token that the tokeniser does not know: a byte order mark, a `#!` line.
fn front(text: &str) -> usize {
    let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let rest = &text[mark..];
    match rest.strip_prefix("#!") {
        Some(line) if !line.trim_start().starts_with('[') => mark + rest.find('\n').unwrap_or(rest.len()),
        _ => mark,
    }
}

fn lower(mut cx: Context, text: &str, end: u32) -> FileFacts {
    let items = read(&mut cx, text);
    items::declare(&mut cx, &items.iter().collect::<Vec<_>>());
    for item in &items {
        items::lower(&mut cx, item);
    }
    let whole = Span::new(0, end);
    (cx.facts.functions[0].span, cx.facts.functions[0].body_span) = (whole, whole);
    cx.finish()
}

/// The items of a file; of a broken one, those that can be had, and an error.
fn read(cx: &mut Context, text: &str) -> Vec<Item> {
    let tokens = match text.parse::<TokenStream>() {
        Ok(tokens) => tokens,
        Err(_) => {
            let (readable, at) = recover::tokenisable(text);
            let message = "a bracket, string or comment has no end".to_owned();
            let at = cx.front() + context::index(at);
            cx.facts.errors.push(ParseError { message, span: Span::new(at, at + 1), recovered: true });
            cx.retokenised(&readable);
            let tokens = readable.parse::<TokenStream>().unwrap_or_default();
            return recover::items.parse2(tokens).unwrap_or_default();
        }
    };
    match syn::parse2::<syn::File>(tokens.clone()) {
        Ok(file) => file.items,
        Err(error) => {
            let problem = problem(cx, &error.to_string(), error.span());
            cx.facts.errors.push(problem);
            recover::items.parse2(tokens).unwrap_or_default()
        }
    }
}

fn problem(cx: &Context, message: &str, span: TokenSpan) -> ParseError {
    let line = message.lines().next().unwrap_or_default().trim_end_matches('.');
    let mut chars = line.chars();
    let message = chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default();
    ParseError { message, span: cx.span(span), recovered: true }
}
