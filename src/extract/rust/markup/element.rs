//! Elements of markup, in angle brackets or as a name with a body.

use proc_macro2::{Delimiter, Group, TokenTree};

use super::{Found, braces, is_punct, local, path_end, search, value_at};
use crate::extract::rust::context::Context;
use crate::extract::rust::pattern::{self, Role};
use crate::extract::rust::scope::{self, ScopeKind, Sort};
use crate::facts::{CallKind, NONE, Property, PropertyKey, Use, Value, ValueId};
use crate::source::Span;

/// `<Name prop=value on:click=f>` and what else starts with `<`. Children follow as they stand.
pub(super) fn element(cx: &mut Context, tokens: &[TokenTree], at: usize, found: &mut Found) -> usize {
    let Some(TokenTree::Ident(_)) = tokens.get(at + 1) else { return skip_tag(tokens, at) };
    let start = at + 1;
    let mut end = path_end(tokens, start);
    while (is_punct(tokens, end, '-') || is_punct(tokens, end, '.'))
        && matches!(tokens.get(end + 1), Some(TokenTree::Ident(_)))
    {
        end += 2;
    }
    let mut next = end;
    if is_punct(tokens, next, '<') {
        next = skip_generics(tokens, next);
    }
    let mut properties = Vec::new();
    while next < tokens.len() && !is_punct(tokens, next, '>') {
        next = attribute(cx, tokens, next, &mut properties).max(next + 1);
    }
    let span = cx.join(tokens[at].span(), tokens[next.min(tokens.len() - 1)].span());
    found.values.push(component(cx, &tokens[start..end], &properties, &[], span));
    next + 1
}

/// Past `</a>`, `<>` or `<!-- .. -->`.
fn skip_tag(tokens: &[TokenTree], at: usize) -> usize {
    let closes = (at + 1..tokens.len()).find(|&end| is_punct(tokens, end, '>'));
    match tokens.get(at + 1) {
        Some(TokenTree::Punct(punct)) if matches!(punct.as_char(), '/' | '>' | '!') => {
            closes.map_or(at + 1, |end| end + 1)
        }
        _ => at + 1,
    }
}

fn skip_generics(tokens: &[TokenTree], at: usize) -> usize {
    let mut depth = 0_u32;
    for end in at..tokens.len() {
        if is_punct(tokens, end, '<') {
            depth += 1;
        } else if is_punct(tokens, end, '>') {
            depth -= 1;
            if depth == 0 {
                return end + 1;
            }
        }
    }
    at + 1
}

/// One attribute of an element: `name=value`, `name`, `{..}`.
fn attribute(cx: &mut Context, tokens: &[TokenTree], at: usize, properties: &mut Vec<Property>) -> usize {
    let (name, end) = match &tokens[at] {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
            let value = braces(cx, group);
            let span = cx.span(group.span());
            properties.push(Property { key: PropertyKey::Spread, value, span });
            return at + 1;
        }
        TokenTree::Ident(_) => attribute_name(tokens, at),
        _ => return at + 1,
    };
    let span = cx.join(tokens[at].span(), tokens[end - 1].span());
    let (value, next) = if is_punct(tokens, end, '=') {
        value_at(cx, tokens, end + 1, true)
    } else {
        // `let:item` and `let(item)` name what the children get; a bare name stands for the variable of that name, or is set.
        let bound = name.strip_prefix("let:").map(|_| end - 1);
        let value = match (bound, local(cx, &tokens[at])) {
            (Some(name), _) => {
                if let TokenTree::Ident(ident) = &tokens[name] {
                    pattern::declare(cx, ident, NONE, NONE, Role::LOCAL, false);
                }
                NONE
            }
            (None, Some(value)) => value,
            (None, None) => cx.push(Value::Bool(true), span),
        };
        (value, end)
    };
    let key = PropertyKey::Named(cx.intern(&name));
    properties.push(Property { key, value, span });
    next
}

/// `on:click`, `aria-label`, `class`
fn attribute_name(tokens: &[TokenTree], at: usize) -> (String, usize) {
    let mut name = tokens[at].to_string();
    let mut end = at + 1;
    while let (Some(TokenTree::Punct(punct)), Some(TokenTree::Ident(_) | TokenTree::Literal(_) | TokenTree::Punct(_))) =
        (tokens.get(end), tokens.get(end + 1))
    {
        if !matches!(punct.as_char(), ':' | '-' | '.') {
            break;
        }
        name.push(punct.as_char());
        end += 1;
        if let Some(TokenTree::Ident(_) | TokenTree::Literal(_)) = tokens.get(end) {
            name.push_str(&tokens[end].to_string());
            end += 1;
        }
    }
    (name, end)
}

/// `Name { prop: value, child {} }`
pub(super) fn braced_element(
    cx: &mut Context,
    tokens: &[TokenTree],
    (start, end): (usize, usize),
    group: &Group,
    found: &mut Found,
) {
    scope::open(cx, ScopeKind::Open);
    let inner = search(cx, &group.stream().into_iter().collect::<Vec<_>>());
    scope::close(cx);
    let span = cx.join(tokens[start].span(), group.span_close());
    found.values.push(component(cx, &tokens[start..end], &inner.properties, &inner.values, span));
}

fn component(
    cx: &mut Context,
    name: &[TokenTree],
    properties: &[Property],
    children: &[ValueId],
    span: Span,
) -> ValueId {
    let idents: Vec<_> = name
        .iter()
        .filter_map(|token| match token {
            TokenTree::Ident(ident) => Some(ident),
            _ => None,
        })
        .collect();
    let name_span = cx.join(name[0].span(), name[name.len() - 1].span());
    let lower = idents.len() > 1 && !is_punct(name, 1, ':') || idents[0].to_string().starts_with(char::is_lowercase);
    let callee = if lower && !is_punct(name, 1, ':') {
        let text: String = name.iter().map(ToString::to_string).collect();
        let text = cx.intern(&text);
        cx.push(Value::Str(text), name_span)
    } else {
        scope::path(cx, &idents, Sort::Value)
    };
    let list = cx.properties(properties);
    let object = cx.push(Value::Object(list), span);
    for property in properties {
        cx.mark(property.value, Use::PASSED);
    }
    let mut arguments = vec![object];
    arguments.extend_from_slice(children);
    cx.call(CallKind::Jsx, callee, &arguments, &[], (span, name_span))
}
