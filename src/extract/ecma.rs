//! TypeScript and JavaScript, parsed by swc and walked once. Scopes are resolved in that walk: an identifier waits as a pending value
//! until its file is read, since a declaration may follow its use.

mod builder;
mod calls;
mod classes;
mod commonjs;
mod directives;
mod document;
mod erasure;
mod expressions;
mod functions;
mod jsx;
mod mdx;
mod modules;
mod patterns;
mod scopes;
mod statements;
mod types;

use swc_common::comments::SingleThreadedComments;
use swc_common::input::StringInput;
use swc_common::{BytePos, Spanned};
use swc_ecma_ast::{EsVersion, Module};
use swc_ecma_parser::error::Error;
use swc_ecma_parser::{EsSyntax, Parser, Syntax, TsSyntax, lexer::Lexer};

use super::comments;
use crate::facts::{FileFacts, FileKind, ParseError};
use crate::source::{LineIndex, Span};
use builder::Builder;

/// swc counts bytes from 1; 0 is its dummy position.
const FIRST: u32 = 1;

/// Trees deeper than this are dropped on a stack of their own.
const DEEP: u32 = 1000;

pub(super) fn extract(kind: FileKind, text: &str) -> FileFacts {
    match kind {
        FileKind::Mdx => return mdx::extract(text),
        FileKind::Document => return document::extract(text),
        _ => {}
    }
    let parsed = std::panic::catch_unwind(|| parse(kind, text));
    let Ok(parsed) = parsed else {
        let mut facts = FileFacts::empty(kind, LineIndex::new(text));
        let message = "the parser failed on this file, so it is not read".to_owned();
        facts.errors.push(ParseError { message, span: Span::default(), recovered: false });
        return facts;
    };
    let mut builder = Builder::new(kind, text);
    let deepest = match &parsed.module {
        Some(module) => {
            builder.module(module);
            builder.deepest
        }
        None => 0,
    };
    let mut facts = builder.finish();
    facts.errors = parsed.errors;
    facts.suppressions = parsed.suppressions;
    if deepest > DEEP {
        stacker::grow(deepest as usize * 4096, move || drop(parsed.module));
    }
    facts
}

struct Parsed {
    module: Option<Module>,
    errors: Vec<ParseError>,
    suppressions: Vec<crate::facts::Suppression>,
}

fn parse(kind: FileKind, text: &str) -> Parsed {
    let wants_comments = text.contains(comments::NEEDLE);
    let collected = SingleThreadedComments::default();
    let mut best = attempt(kind, text, false, wants_comments.then_some(&collected));
    // A `.ts` file with JSX in it, or a `.js` file with types: read it as what it is.
    if best.module.is_none()
        && let Some(other) = other_kind(kind)
    {
        let retry = attempt(other, text, true, wants_comments.then_some(&collected));
        if retry.module.is_some() && retry.errors.is_empty() {
            best.module = retry.module;
            best.errors.iter_mut().for_each(|error| error.recovered = true);
        }
    }
    best.suppressions = match best.module {
        Some(_) => suppressions(collected),
        // The parser hands out comments at the end of a text, and it has not come there.
        None if wants_comments => comments::at_line_starts(text),
        None => Vec::new(),
    };
    best
}

fn other_kind(kind: FileKind) -> Option<FileKind> {
    match kind {
        FileKind::TypeScript | FileKind::JavaScript => Some(FileKind::Tsx),
        _ => None,
    }
}

fn attempt(kind: FileKind, text: &str, retry: bool, comments: Option<&SingleThreadedComments>) -> Parsed {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let skipped = u32::try_from(text.len() - body.len()).unwrap_or(0);
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX - FIRST - skipped);
    let start = BytePos(FIRST + skipped);
    let input = StringInput::new(body, start, BytePos(start.0 + length));
    let syntax = match kind {
        FileKind::TypeScript => Syntax::Typescript(TsSyntax { decorators: true, ..TsSyntax::default() }),
        FileKind::Tsx => Syntax::Typescript(TsSyntax { tsx: true, decorators: true, ..TsSyntax::default() }),
        _ => Syntax::Es(EsSyntax {
            jsx: true,
            decorators: true,
            decorators_before_export: true,
            export_default_from: true,
            import_attributes: true,
            allow_return_outside_function: true,
            allow_super_outside_method: true,
            auto_accessors: true,
            explicit_resource_management: true,
            ..EsSyntax::default()
        }),
    };
    let comments = comments.map(|comments| comments as &dyn swc_common::comments::Comments);
    let lexer = Lexer::new(syntax, EsVersion::EsNext, input, comments);
    let mut parser = Parser::new_from(lexer);
    let result = parser.parse_module();
    let mut errors: Vec<ParseError> = parser.take_errors().iter().map(|error| parse_error(error, true)).collect();
    let module = match result {
        Ok(module) => Some(module),
        Err(error) => {
            errors.insert(0, parse_error(&error, false));
            None
        }
    };
    if retry {
        errors.retain(|error| !error.recovered);
    }
    Parsed { module, errors, suppressions: Vec::new() }
}

fn parse_error(error: &Error, recovered: bool) -> ParseError {
    let message = error.kind().msg();
    let line = message.lines().next().unwrap_or_default().trim().trim_end_matches('.');
    let mut letters = line.chars();
    let message = letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default();
    ParseError { message, span: span(error.span()), recovered }
}

fn suppressions(comments: SingleThreadedComments) -> Vec<crate::facts::Suppression> {
    let (leading, trailing) = comments.take_all();
    let mut found: Vec<_> = leading
        .borrow()
        .values()
        .chain(trailing.borrow().values())
        .flatten()
        .filter_map(|comment| {
            let place = span(comment.span);
            comments::suppression(&comment.text, place.start, place.end)
        })
        .collect();
    found.sort_by_key(|suppression| suppression.span);
    found.dedup_by_key(|suppression| suppression.span);
    found
}

/// A span of swc as offsets into the file.
fn span(span: swc_common::Span) -> Span {
    Span::new(span.lo.0.saturating_sub(FIRST), span.hi.0.saturating_sub(FIRST))
}
