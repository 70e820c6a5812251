//! Macro invocations.
//!
//! Macros of the language are lowered to what they do; `bail!` and `ensure!` are the same by every crate's convention. Any other is a call
//! whose arguments are what parses as expressions; where nothing does, its tokens are searched ([`super::markup`]).

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Expr, Item, Lit, Macro, MacroDelimiter, Pat, Token};

use super::context::Context;
use super::scope::{self, ScopeKind, Sort};
use super::{attributes, expression, items, markup, pattern};
use crate::facts::{Attribute, CallKind, NONE, Op, Operator, Use, Value, ValueId};
use crate::source::Span;

/// The value of an invocation.
pub(super) fn lower(cx: &mut Context, invocation: &Macro) -> ValueId {
    let Some(name) = invocation.path.segments.last().map(|segment| segment.ident.to_string()) else { return NONE };
    let span = span_of(cx, invocation);
    match name.as_str() {
        "macro_rules" => NONE,
        "format" | "format_args" => template(cx, invocation).unwrap_or_else(|| call(cx, invocation)),
        "vec" => match invocation.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated) {
            Ok(parsed) => {
                let values = expression::arguments(cx, parsed.iter());
                values.iter().for_each(|&value| cx.mark(value, Use::PASSED));
                let list = cx.list(&values);
                cx.push(Value::Array(list), span)
            }
            Err(_) => call(cx, invocation),
        },
        "dbg" => match invocation.parse_body::<Expr>() {
            Ok(inner) => expression::lower(cx, &inner),
            Err(_) => call(cx, invocation),
        },
        "matches" => match invocation.parse_body_with(matches_arguments) {
            Ok(question) => matches(cx, &question, span),
            Err(_) => call(cx, invocation),
        },
        "panic" | "unreachable" | "todo" | "unimplemented" => {
            let value = call(cx, invocation);
            cx.step(Op::Throw(value), span);
            NONE
        }
        "bail" => {
            let value = call(cx, invocation);
            cx.mark(value, Use::RETURNED);
            cx.step(Op::Return(value), span);
            NONE
        }
        "ensure" => guard(cx, invocation, Op::Return),
        "assert" | "debug_assert" | "assert_eq" | "assert_ne" | "debug_assert_eq" | "debug_assert_ne" => {
            guard(cx, invocation, Op::Throw)
        }
        _ => call(cx, invocation),
    }
}

fn span_of(cx: &Context, invocation: &Macro) -> Span {
    let start = invocation.path.segments.first().map_or(0, |segment| cx.span(segment.ident.span()).start);
    Span::new(start, cx.span(invocation.delimiter.span().close()).end)
}

/// `matches!(tested, pattern if guard)`
struct Question {
    tested: Expr,
    pattern: Pat,
    guard: Option<Expr>,
}

fn matches_arguments(input: ParseStream) -> syn::Result<Question> {
    let tested = input.parse()?;
    input.parse::<Token![,]>()?;
    let pattern = Pat::parse_multi_with_leading_vert(input)?;
    let guard = match input.parse::<Option<Token![if]>>()? {
        Some(_) => Some(input.parse()?),
        None => None,
    };
    input.parse::<Option<Token![,]>>()?;
    Ok(Question { tested, pattern, guard })
}

fn matches(cx: &mut Context, question: &Question, span: Span) -> ValueId {
    let value = expression::lower(cx, &question.tested);
    scope::open(cx, ScopeKind::Open);
    let mut test = expression::matched(cx, &question.pattern, value);
    if let Some(guard) = &question.guard {
        let branch = cx.branch(test, span);
        let guard = expression::lower(cx, guard);
        cx.turn(branch);
        cx.close_branch(branch);
        let tests: Vec<ValueId> = [test, guard].into_iter().filter(|&test| test != NONE).collect();
        test = pattern::logical(cx, Operator::And, &tests);
    }
    scope::close(cx);
    if test == NONE { cx.push(Value::Bool(true), span) } else { test }
}

/// The call that an invocation is, whatever its arguments look like.
fn call(cx: &mut Context, invocation: &Macro) -> ValueId {
    let (callee, name) = callee(cx, invocation);
    let braces = matches!(invocation.delimiter, MacroDelimiter::Brace(_));
    let values = match arguments(invocation).filter(|_| !braces) {
        Some(parsed) => lower_arguments(cx, &parsed),
        None => markup::lower(cx, &invocation.tokens),
    };
    let span = span_of(cx, invocation);
    cx.call(CallKind::Macro, callee, &values, &[], (span, name))
}

fn callee(cx: &mut Context, invocation: &Macro) -> (ValueId, Span) {
    let idents: Vec<_> = invocation.path.segments.iter().map(|segment| &segment.ident).collect();
    let name = idents.last().map(|ident| cx.span(ident.span())).unwrap_or_default();
    (scope::path(cx, &idents, if idents.len() == 1 { Sort::Macro } else { Sort::Value }), name)
}

/// The arguments as expressions between commas.
fn arguments(invocation: &Macro) -> Option<Vec<Expr>> {
    let parse = |input: ParseStream| {
        let mut parsed = Vec::new();
        while !input.is_empty() {
            parsed.push(input.parse::<Expr>()?);
            if !input.is_empty() && input.parse::<Token![,]>().is_err() {
                input.parse::<Token![;]>()?;
            }
        }
        Ok(parsed)
    };
    invocation.parse_body_with(parse).ok()
}

fn lower_arguments(cx: &mut Context, parsed: &[Expr]) -> Vec<ValueId> {
    let value = |argument: &Expr| match argument {
        // `name = value`
        Expr::Assign(named) => expression::lower(cx, &named.right),
        Expr::Lit(literal) => {
            let value = attributes::literal_value(cx, &literal.lit);
            if let Lit::Str(text) = &literal.lit {
                read_inline(cx, &text.value());
            }
            value
        }
        other => expression::lower(cx, other),
    };
    parsed.iter().map(value).collect()
}

/// Reads the local variables that a text names in braces: `"{id}"`.
pub(super) fn read_inline(cx: &mut Context, text: &str) {
    for part in text.split('{').skip(1) {
        let name = part.split(['}', ':']).next().unwrap_or_default();
        let name = cx.intern(name);
        if let Some(variable) = scope::local(cx, name) {
            scope::value_of(cx, scope::Binding::Local(variable));
        }
    }
}

/// `assert!(test, ..)`, `assert_eq!(a, b, ..)`: what happens where the test does not hold.
fn guard(cx: &mut Context, invocation: &Macro, leave: fn(ValueId) -> Op) -> ValueId {
    let Some(parsed) = arguments(invocation) else { return call(cx, invocation) };
    let name = invocation.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
    let operator = match name.as_str() {
        "assert_eq" | "debug_assert_eq" => Some(Operator::Equal),
        "assert_ne" | "debug_assert_ne" => Some(Operator::NotEqual),
        _ => None,
    };
    let span = span_of(cx, invocation);
    let (test, rest) = match (operator, &parsed[..]) {
        (Some(operator), [left, right, rest @ ..]) => {
            let (left, right) = (expression::lower(cx, left), expression::lower(cx, right));
            (cx.push(Value::Binary(operator, left, right), span), rest)
        }
        (None, [test, rest @ ..]) => (expression::lower(cx, test), rest),
        _ => return call(cx, invocation),
    };
    let branch = cx.branch(test, span);
    cx.turn(branch);
    let values = lower_arguments(cx, rest);
    let (callee, name) = callee(cx, invocation);
    let value = cx.call(CallKind::Macro, callee, &values, &[], (span, name));
    cx.step(leave(value), span);
    cx.close_branch(branch);
    NONE
}

/// `format!("a{b}{}", c)` as a template.
fn template(cx: &mut Context, invocation: &Macro) -> Option<ValueId> {
    let parsed = arguments(invocation)?;
    let (Expr::Lit(first), rest) = parsed.split_first()? else { return None };
    let Lit::Str(format) = &first.lit else { return None };
    let mut named = Vec::new();
    let mut positional = Vec::new();
    for argument in rest {
        let value = match argument {
            Expr::Assign(pair) => {
                let value = expression::lower(cx, &pair.right);
                if let Expr::Path(name) = &*pair.left {
                    named.push((name.path.get_ident()?.to_string(), value));
                }
                value
            }
            other => expression::lower(cx, other),
        };
        cx.mark(value, Use::PASSED);
        positional.push(value);
    }
    let literal_span = cx.span(format.span());
    let mut next = 0;
    let mut parts = Vec::new();
    for piece in pieces(&format.value()) {
        let value = match piece {
            Piece::Text(text) => {
                let text = cx.intern(&text);
                cx.push(Value::Str(text), literal_span)
            }
            Piece::Hole(name) if name.is_empty() => {
                next += 1;
                positional.get(next - 1).copied().unwrap_or(NONE)
            }
            Piece::Hole(name) => match name.parse::<usize>() {
                Ok(position) => positional.get(position).copied().unwrap_or(NONE),
                Err(_) => match named.iter().find(|(other, _)| *other == name) {
                    Some((_, value)) => *value,
                    None => inline(cx, &name, literal_span),
                },
            },
        };
        parts.push(value);
    }
    let list = cx.list(&parts);
    let span = span_of(cx, invocation);
    Some(cx.push(Value::Template(list), span))
}

/// The value of a name that is written inside a text.
fn inline(cx: &mut Context, name: &str, span: Span) -> ValueId {
    let name = cx.intern(name);
    match scope::find(cx, name, Sort::Value) {
        Some(binding) => {
            let value = scope::value_of(cx, binding);
            cx.push(value, span)
        }
        None => cx.push(Value::Global(name), span),
    }
}

enum Piece {
    Text(String),
    Hole(String),
}

/// The text and the holes of a format string.
fn pieces(format: &str) -> Vec<Piece> {
    let (mut pieces, mut text) = (Vec::new(), String::new());
    let mut rest = format;
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        let (brace, tail) = (&rest[at..=at], &rest[at + 1..]);
        if let Some(tail) = tail.strip_prefix(brace) {
            text.push_str(brace);
            rest = tail;
        } else if let (true, Some(end)) = (brace == "{", tail.find('}')) {
            if !text.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut text)));
            }
            let name = tail[..end].split(':').next().unwrap_or_default().trim();
            pieces.push(Piece::Hole(name.to_owned()));
            rest = &tail[end + 1..];
        } else {
            rest = tail;
        }
    }
    text.push_str(rest);
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    pieces
}

/// Items inside an item macro (`cfg_if! { if #[cfg(a)] { .. } else { .. } }`), each group with the attributes in front of it. A group
/// after `else` has the opposite of the last one: no attribute of its own.
pub(super) fn items(invocation: &Macro) -> Vec<(Vec<syn::Attribute>, Vec<Item>)> {
    let defines = invocation.path.is_ident("macro_rules");
    if defines || !matches!(invocation.delimiter, MacroDelimiter::Brace(_)) {
        return Vec::new();
    }
    if let Ok(items) = parse_items.parse2(invocation.tokens.clone()) {
        return vec![(Vec::new(), items)];
    }
    let tokens: Vec<TokenTree> = invocation.tokens.clone().into_iter().collect();
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else { continue };
        if group.delimiter() != Delimiter::Brace {
            continue;
        }
        if let Ok(items) = parse_items.parse2(group.stream()) {
            let front: TokenStream = tokens[at.saturating_sub(2)..at].iter().cloned().collect();
            found.push((syn::Attribute::parse_outer.parse2(front).unwrap_or_default(), items));
        }
    }
    found
}

fn parse_items(input: ParseStream) -> syn::Result<Vec<Item>> {
    let mut items = Vec::new();
    while !input.is_empty() {
        let item = input.parse::<Item>()?;
        if matches!(item, Item::Verbatim(_)) {
            return Err(input.error("not an item"));
        }
        items.push(item);
    }
    Ok(items)
}

/// Walks an item macro: the items that it holds, or what else can be found in it.
pub(super) fn item(cx: &mut Context, item: &syn::ItemMacro) {
    let groups = items(&item.mac);
    if groups.is_empty() {
        lower(cx, &item.mac);
        return;
    }
    let before = cx.cfg.len();
    let mut last: Option<Attribute> = None;
    for (front, items) in groups {
        let mut conditions = attributes::conditions(cx, &front);
        if let (true, Some(previous)) = (conditions.is_empty(), &last) {
            conditions.push(attributes::opposite(cx, previous));
        }
        last = conditions.last().cloned();
        cx.cfg.extend(conditions);
        items.iter().for_each(|item| items::lower(cx, item));
        cx.cfg.truncate(before);
    }
}
