//! Macro bodies that are no list of expressions: markup (`<a href=x>`, `div { id: x }`), JSON, arms of a `select`.
//!
//! The tokens are searched for what is Rust: blocks in braces, closures, calls, paths. Elements and components become calls of the kind that
//! JSX has, with an object of their props. Everything is walked in the present scope, so that names mean what they mean around the macro.

mod element;
mod select;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};
use syn::{Block, Expr, Lit, Pat, Stmt, Token};

use super::context::{Context, FrameKind};
use super::expression::MAX_DEPTH;
use super::pattern::{self, Role};
use super::scope::{self, ScopeKind, Sort};
use super::{attributes, control, expression, macros};
use crate::facts::{NONE, Op, Property, PropertyKey, Use, Value, ValueId};

/// An expression among other tokens is looked for in so many of them.
const WINDOW: usize = 128;

/// Words that never start a value or a name of an element.
const KEYWORDS: [&str; 20] = [
    "as", "break", "const", "continue", "else", "enum", "fn", "impl", "in", "let", "mod", "mut", "pub", "ref",
    "static", "struct", "trait", "type", "use", "where",
];

/// Words that start an expression with a body.
const HEADS: [&str; 7] = ["async", "for", "if", "loop", "match", "move", "while"];

/// The values that are found in `tokens`, in order.
pub(super) fn lower(cx: &mut Context, tokens: &TokenStream) -> Vec<ValueId> {
    if let Ok(arms) = select::arms.parse2(tokens.clone()) {
        return select::select(cx, &arms);
    }
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    walk(cx, &tokens)
}

/// What a walk of some tokens finds.
#[derive(Default)]
struct Found {
    values: Vec<ValueId>,
    properties: Vec<Property>,
}

fn walk(cx: &mut Context, tokens: &[TokenTree]) -> Vec<ValueId> {
    let found = search(cx, tokens);
    let mut values = found.values;
    values.extend(found.properties.iter().map(|property| property.value));
    values
}

fn search(cx: &mut Context, tokens: &[TokenTree]) -> Found {
    let mut found = Found::default();
    if cx.depth > MAX_DEPTH {
        return found;
    }
    cx.depth += 1;
    let mut at = 0;
    while at < tokens.len() {
        at = step(cx, tokens, at, &mut found).max(at + 1);
    }
    cx.depth -= 1;
    found
}

/// Takes what starts at `at`, and says where the next thing starts.
fn step(cx: &mut Context, tokens: &[TokenTree], at: usize, found: &mut Found) -> usize {
    match &tokens[at] {
        TokenTree::Group(group) => {
            found.values.push(self::group(cx, group));
            at + 1
        }
        TokenTree::Literal(literal) => {
            if is_punct(tokens, at + 1, ':') && !is_punct(tokens, at + 2, ':') {
                return property(cx, tokens, (at, at + 1), found);
            }
            if let Lit::Str(text) = Lit::new(literal.clone()) {
                let value = attributes::literal_value(cx, &Lit::Str(text.clone()));
                macros::read_inline(cx, &text.value());
                found.values.push(value);
            }
            at + 1
        }
        TokenTree::Punct(punct) => match punct.as_char() {
            '<' => element::element(cx, tokens, at, found),
            '#' => at + 1 + usize::from(matches!(tokens.get(at + 1), Some(TokenTree::Group(_)))),
            '|' => prefix(cx, tokens, at, false, found).unwrap_or(at + 1),
            _ => at + 1,
        },
        TokenTree::Ident(ident) => {
            let text = ident.to_string();
            let end = path_end(tokens, at);
            if text == "for" {
                loop_head(cx, tokens, at, found)
            } else if HEADS.contains(&text.as_str()) {
                let markup = if text == "if" { if_head(cx, tokens, at, found) } else { None };
                markup.or_else(|| prefix(cx, tokens, at, false, found)).unwrap_or(at + 1)
            } else if KEYWORDS.contains(&text.as_str()) {
                at + 1
            } else if is_punct(tokens, end, ':') && !is_punct(tokens, end + 1, ':') {
                property(cx, tokens, (at, end), found)
            } else if let Some(TokenTree::Group(group)) = tokens.get(end)
                && group.delimiter() == Delimiter::Brace
            {
                element::braced_element(cx, tokens, (at, end), group, found);
                end + 1
            } else {
                word(cx, tokens, at, end, found)
            }
        }
    }
}

/// A name: a call or path where it goes on like one, a read where it is a local variable, text else.
fn word(cx: &mut Context, tokens: &[TokenTree], at: usize, end: usize, found: &mut Found) -> usize {
    let goes_on = match tokens.get(end) {
        Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Parenthesis,
        Some(TokenTree::Punct(punct)) => matches!(punct.as_char(), '.' | '!' | '?'),
        _ => false,
    };
    if (goes_on || end > at + 1)
        && let Some(next) = prefix(cx, tokens, at, false, found)
    {
        return next;
    }
    if let Some(value) = local(cx, &tokens[at]) {
        found.values.push(value);
    }
    end
}

fn local(cx: &mut Context, token: &TokenTree) -> Option<ValueId> {
    let TokenTree::Ident(ident) = token else { return None };
    let name = cx.intern(&ident.to_string());
    scope::local(cx, name)?;
    Some(scope::path(cx, &[ident], Sort::Value))
}

fn is_punct(tokens: &[TokenTree], at: usize, wanted: char) -> bool {
    matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == wanted)
}

/// Where the path `a::b` that starts at `at` ends.
fn path_end(tokens: &[TokenTree], at: usize) -> usize {
    let mut end = at + 1;
    while is_punct(tokens, end, ':')
        && is_punct(tokens, end + 1, ':')
        && matches!(tokens.get(end + 2), Some(TokenTree::Ident(_)))
    {
        end += 3;
    }
    end
}

/// The longest expression that starts at `at`. In markup, `>` ends it.
fn prefix(cx: &mut Context, tokens: &[TokenTree], at: usize, markup: bool, found: &mut Found) -> Option<usize> {
    let window = &tokens[at..extent(tokens, at, markup)];
    let parse = |input: ParseStream| {
        let expression = if markup { input.parse()? } else { Expr::parse_without_eager_brace(input)? };
        Ok((expression, input.parse::<TokenStream>()?))
    };
    let (expression, rest): (Expr, TokenStream) = parse.parse2(window.iter().cloned().collect()).ok()?;
    let taken = window.len().saturating_sub(rest.into_iter().count());
    found.values.push(expression::lower(cx, &expression));
    Some(at + taken)
}

/// How far an expression that starts at `at` may reach.
fn extent(tokens: &[TokenTree], at: usize, markup: bool) -> usize {
    let (mut bars, mut angles) = (0_u32, 0_u32);
    for end in at..tokens.len().min(at + WINDOW) {
        let TokenTree::Punct(punct) = &tokens[end] else { continue };
        let arrow = end > at && (is_punct(tokens, end - 1, '-') || is_punct(tokens, end - 1, '='));
        match punct.as_char() {
            '|' => bars += 1,
            ',' if bars % 2 == 0 && angles == 0 => return end,
            ';' => return end,
            '=' if is_punct(tokens, end + 1, '>') => return end,
            '<' if is_punct(tokens, end.wrapping_sub(1), ':') || angles > 0 => angles += 1,
            '>' if angles > 0 && !arrow => angles -= 1,
            '>' if markup && !arrow => return end - usize::from(end > at && is_punct(tokens, end - 1, '/')),
            _ => {}
        }
    }
    tokens.len().min(at + WINDOW)
}

fn group(cx: &mut Context, group: &Group) -> ValueId {
    if group.delimiter() == Delimiter::Brace {
        return braces(cx, group);
    }
    let parse = |input: ParseStream| syn::punctuated::Punctuated::<Expr, Token![,]>::parse_terminated(input);
    let values = match parse.parse2(group.stream()) {
        Ok(parsed) => expression::arguments(cx, parsed.iter()),
        Err(_) => walk(cx, &group.stream().into_iter().collect::<Vec<_>>()),
    };
    let span = cx.span(group.span());
    match values[..] {
        [only] if group.delimiter() == Delimiter::Parenthesis => only,
        _ => {
            values.iter().for_each(|&value| cx.mark(value, Use::PASSED));
            let list = cx.list(&values);
            cx.push(Value::Array(list), span)
        }
    }
}

/// A group in braces: a block of Rust, an object, or more tokens to search.
fn braces(cx: &mut Context, group: &Group) -> ValueId {
    block(cx, group, |_| true)
}

/// What an `if` or `for` of markup holds. `Row { id: x }` is an element there, though it parses as a struct.
fn children(cx: &mut Context, group: &Group) -> ValueId {
    let is_markup =
        |statement: &Stmt| matches!(statement, Stmt::Expr(Expr::Struct(_) | Expr::If(_) | Expr::ForLoop(_), None));
    block(cx, group, |statements| !statements.iter().any(is_markup))
}

fn block(cx: &mut Context, group: &Group, is_rust: impl FnOnce(&[Stmt]) -> bool) -> ValueId {
    scope::open(cx, ScopeKind::Open);
    let parsed = Block::parse_within.parse2(group.stream()).ok().filter(|statements| is_rust(statements));
    let value = match parsed {
        Some(statements) => control::statements(cx, &statements),
        None => {
            let found = search(cx, &group.stream().into_iter().collect::<Vec<_>>());
            let span = cx.span(group.span());
            if found.properties.is_empty() {
                cx.union(&found.values, span)
            } else {
                found.properties.iter().for_each(|property| cx.mark(property.value, Use::PASSED));
                let list = cx.properties(&found.properties);
                cx.push(Value::Object(list), span)
            }
        }
    };
    scope::close(cx);
    value
}

/// `name: value`, the name lying between `start` and `end`.
fn property(cx: &mut Context, tokens: &[TokenTree], (start, end): (usize, usize), found: &mut Found) -> usize {
    let name = match &tokens[end - 1] {
        TokenTree::Literal(literal) => match Lit::new(literal.clone()) {
            Lit::Str(text) => text.value(),
            _ => literal.to_string(),
        },
        token => token.to_string(),
    };
    let span = cx.join(tokens[start].span(), tokens[end - 1].span());
    let (value, next) = value_at(cx, tokens, end + 1, false);
    let key = PropertyKey::Named(cx.intern(&name));
    found.properties.push(Property { key, value, span });
    next
}

/// The value that starts at `at`, and where it ends.
fn value_at(cx: &mut Context, tokens: &[TokenTree], at: usize, markup: bool) -> (ValueId, usize) {
    match tokens.get(at) {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => (braces(cx, group), at + 1),
        Some(TokenTree::Group(group)) if !is_punct(tokens, at + 1, '.') => (self::group(cx, group), at + 1),
        Some(_) => {
            let mut inner = Found::default();
            match prefix(cx, tokens, at, markup, &mut inner) {
                Some(next) => (inner.values.first().copied().unwrap_or(NONE), next),
                None => {
                    let span = cx.span(tokens[at].span());
                    (cx.push(Value::Unknown, span), at + 1)
                }
            }
        }
        None => (NONE, at),
    }
}

/// `if test { .. } else { .. }` around markup.
fn if_head(cx: &mut Context, tokens: &[TokenTree], at: usize, found: &mut Found) -> Option<usize> {
    let head = |input: ParseStream| Ok((Expr::parse_without_eager_brace(input)?, input.parse::<TokenStream>()?));
    let window = &tokens[at + 1..tokens.len().min(at + WINDOW)];
    let parsed: syn::Result<(Expr, TokenStream)> = head.parse2(window.iter().cloned().collect());
    let (test, rest) = parsed.ok()?;
    let body = at + 1 + window.len().saturating_sub(rest.into_iter().count());
    let Some(TokenTree::Group(group)) = tokens.get(body) else { return None };
    scope::open(cx, ScopeKind::Open);
    let test = expression::lower(cx, &test);
    let span = cx.span(tokens[at].span());
    let branch = cx.branch(test, span);
    found.values.push(children(cx, group));
    scope::close(cx);
    cx.turn(branch);
    let mut end = body + 1;
    if matches!(tokens.get(end), Some(TokenTree::Ident(ident)) if ident == "else") {
        end = match tokens.get(end + 1) {
            Some(TokenTree::Group(group)) => {
                found.values.push(children(cx, group));
                end + 2
            }
            Some(_) => step(cx, tokens, end + 1, found),
            None => end + 1,
        };
    }
    cx.close_branch(branch);
    Some(end)
}

/// `for pattern in iterated { .. }` around markup.
fn loop_head(cx: &mut Context, tokens: &[TokenTree], at: usize, found: &mut Found) -> usize {
    let head = |input: ParseStream| {
        let pattern = Pat::parse_multi(input)?;
        input.parse::<Token![in]>()?;
        let iterated = Expr::parse_without_eager_brace(input)?;
        Ok((pattern, iterated, input.parse::<TokenStream>()?))
    };
    let window = &tokens[at + 1..tokens.len().min(at + WINDOW)];
    let parsed: syn::Result<(Pat, Expr, TokenStream)> = head.parse2(window.iter().cloned().collect());
    let Ok((pattern, iterated, rest)) = parsed else { return at + 1 };
    let body = at + 1 + window.len().saturating_sub(rest.into_iter().count());
    let Some(TokenTree::Group(group)) = tokens.get(body) else { return at + 1 };
    let iterated = expression::lower(cx, &iterated);
    let span = cx.span(tokens[at].span());
    let head = cx.step(Op::Loop { at_least_once: false, end: 0 }, span);
    cx.open_frame(FrameKind::Loop, None);
    scope::open(cx, ScopeKind::Open);
    let element = cx.push(Value::Index(iterated, NONE), span);
    pattern::bind(cx, &pattern, element, NONE, Role::LOCAL);
    found.values.push(children(cx, group));
    scope::close(cx);
    cx.close_frame();
    cx.close(head);
    body + 1
}
