//! Attributes, with their arguments as values.
//!
//! `name = value` and `name: value` are an object of one property, `name(..)` an object of one property that holds an array, a path or a
//! type is a global as written. Documentation is left out.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::{AttrStyle, Meta};

use super::context::Context;
use super::scope::{self, Sort};
use crate::facts::{Attribute, Property, PropertyKey, Value, ValueId};
use crate::source::Span;

/// The attributes of an item: its own, then the `#[cfg]` of what is around it.
pub(super) fn of_item(cx: &mut Context, attributes: &[syn::Attribute]) -> Vec<Attribute> {
    let mut lowered = own(cx, attributes);
    lowered.extend(cx.cfg.iter().cloned());
    lowered
}

/// The attributes as written.
pub(super) fn own(cx: &mut Context, attributes: &[syn::Attribute]) -> Vec<Attribute> {
    attributes.iter().filter(|attribute| !attribute.path().is_ident("doc")).map(|each| lower(cx, each)).collect()
}

/// The `#[cfg]` attributes among some.
pub(super) fn conditions(cx: &mut Context, attributes: &[syn::Attribute]) -> Vec<Attribute> {
    attributes.iter().filter(|each| is_condition(each)).map(|each| lower(cx, each)).collect()
}

pub(super) fn is_condition(attribute: &syn::Attribute) -> bool {
    attribute.path().is_ident("cfg") && matches!(attribute.style, AttrStyle::Outer)
}

fn lower(cx: &mut Context, attribute: &syn::Attribute) -> Attribute {
    let path: Vec<String> = attribute.path().segments.iter().map(|segment| segment.ident.to_string()).collect();
    use_of(cx, &path);
    let values = match &attribute.meta {
        Meta::Path(_) => Vec::new(),
        Meta::List(list) => arguments(cx, list.tokens.clone()),
        Meta::NameValue(pair) => match &pair.value {
            syn::Expr::Lit(literal) => vec![literal_value(cx, &literal.lit)],
            _ => Vec::new(),
        },
    };
    let arguments = cx.list(&values);
    let span = cx.join(attribute.pound_token.span, attribute.bracket_token.span.close());
    let path = cx.intern(&path.join("::"));
    Attribute { path, arguments, span }
}

/// The `#[cfg(not(..))]` that is the opposite of a `#[cfg(..)]`.
pub(super) fn opposite(cx: &mut Context, condition: &Attribute) -> Attribute {
    let array = cx.push(Value::Array(condition.arguments), condition.span);
    let object = one_property(cx, "not", array, condition.span, condition.span);
    let arguments = cx.list(&[object]);
    Attribute { path: condition.path, arguments, span: condition.span }
}

/// Marks what an attribute's or derive's path means as used.
fn use_of(cx: &mut Context, path: &[String]) {
    let Some(first) = path.first() else { return };
    let name = cx.intern(first);
    if let Some(binding) = scope::find(cx, name, Sort::Macro) {
        scope::value_of(cx, binding);
    }
}

pub(super) fn arguments(cx: &mut Context, tokens: TokenStream) -> Vec<ValueId> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    split(&tokens).into_iter().filter(|part| !part.is_empty()).map(|part| argument(cx, part)).collect()
}

/// The parts between commas, those inside `<..>` left alone.
fn split(tokens: &[TokenTree]) -> Vec<&[TokenTree]> {
    let (mut parts, mut start, mut angles) = (Vec::new(), 0, 0_u32);
    for (position, token) in tokens.iter().enumerate() {
        let TokenTree::Punct(punct) = token else { continue };
        match punct.as_char() {
            '<' => angles += 1,
            '>' => angles = angles.saturating_sub(1),
            ',' if angles == 0 => {
                parts.push(&tokens[start..position]);
                start = position + 1;
            }
            _ => {}
        }
    }
    parts.push(&tokens[start..]);
    parts
}

fn argument(cx: &mut Context, tokens: &[TokenTree]) -> ValueId {
    let span = span_of(cx, tokens);
    if let [TokenTree::Literal(literal)] = tokens {
        return literal_value(cx, &syn::Lit::new(literal.clone()));
    }
    if let Some((at, _)) = tokens.iter().enumerate().find(|&(at, _)| is_separator(tokens, at)) {
        let key = text(&tokens[..at]);
        let key_span = span_of(cx, &tokens[..at]);
        let value = argument(cx, &tokens[at + 1..]);
        return one_property(cx, &key, value, key_span, span);
    }
    match tokens {
        [path @ .., TokenTree::Group(group)] if !path.is_empty() && group.delimiter() == Delimiter::Parenthesis => {
            let key_span = span_of(cx, path);
            let array = array(cx, group);
            one_property(cx, &text(path), array, key_span, span)
        }
        [TokenTree::Group(group)] if group.delimiter() != Delimiter::Brace => array(cx, group),
        [TokenTree::Ident(ident)] if ident == "true" || ident == "false" => cx.push(Value::Bool(ident == "true"), span),
        [TokenTree::Ident(_), ..] | [TokenTree::Punct(_), _, ..] => {
            if let TokenTree::Ident(ident) = &tokens[0] {
                use_of(cx, &[ident.to_string()]);
            }
            let name = cx.intern(&text(tokens));
            cx.push(Value::Global(name), span)
        }
        _ => cx.push(Value::Unknown, span),
    }
}

/// Whether the token at `at` is the `=` or `:` between a key and a value.
fn is_separator(tokens: &[TokenTree], at: usize) -> bool {
    let punct = |index: usize| match tokens.get(index) {
        Some(TokenTree::Punct(punct)) => punct.as_char(),
        _ => ' ',
    };
    let before = at.checked_sub(1).map_or('=', punct);
    match punct(at) {
        '=' => !matches!(before, '=' | '!' | '<' | '>') && !matches!(punct(at + 1), '=' | '>'),
        ':' => before != ':' && before != '=' && punct(at + 1) != ':',
        _ => false,
    }
}

fn array(cx: &mut Context, group: &Group) -> ValueId {
    let values = arguments(cx, group.stream());
    let list = cx.list(&values);
    let span = cx.span(group.span());
    cx.push(Value::Array(list), span)
}

fn one_property(cx: &mut Context, key: &str, value: ValueId, key_span: Span, span: Span) -> ValueId {
    let key = PropertyKey::Named(cx.intern(key));
    let list = cx.properties(&[Property { key, value, span: key_span }]);
    cx.push(Value::Object(list), span)
}

fn span_of(cx: &Context, tokens: &[TokenTree]) -> Span {
    match tokens {
        [] => Span::default(),
        [first, .., last] => cx.join(first.span(), last.span()),
        [only] => cx.span(only.span()),
    }
}

/// Tokens as they are usually written.
fn text(tokens: &[TokenTree]) -> String {
    let mut text = String::new();
    let mut word = false;
    for token in tokens {
        let is_word = matches!(token, TokenTree::Ident(_) | TokenTree::Literal(_));
        if word && is_word || text.ends_with(',') {
            text.push(' ');
        }
        text.push_str(&token.to_string());
        word = is_word;
    }
    text
}

/// A literal as a value.
pub(super) fn literal_value(cx: &mut Context, literal: &syn::Lit) -> ValueId {
    let (value, span) = match literal {
        syn::Lit::Str(text) => (Value::Str(cx.intern(&text.value())), text.span()),
        syn::Lit::ByteStr(text) => (Value::Str(cx.intern(&String::from_utf8_lossy(&text.value()))), text.span()),
        syn::Lit::CStr(text) => (Value::Str(cx.intern(&text.value().to_string_lossy())), text.span()),
        syn::Lit::Char(text) => (Value::Str(cx.intern(text.value().encode_utf8(&mut [0; 4]))), text.span()),
        syn::Lit::Byte(byte) => (Value::Number(cx.intern(&byte.value().to_string())), byte.span()),
        syn::Lit::Int(number) => (Value::Number(cx.intern(number.base10_digits())), number.span()),
        syn::Lit::Float(number) => (Value::Number(cx.intern(number.base10_digits())), number.span()),
        syn::Lit::Bool(value) => (Value::Bool(value.value()), value.span()),
        other => (Value::Unknown, other.span()),
    };
    let span = cx.span(span);
    cx.push(value, span)
}
