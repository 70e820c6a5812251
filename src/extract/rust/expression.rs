//! Expressions to values, with the steps that happen on the way.
//!
//! A value of [`NONE`] never comes about, or is of no interest: what `return` gives, or a block without a last expression. References and
//! dereferences are looked through.

use proc_macro2::Ident;
use syn::{Expr, Member, UnOp};

use super::context::Context;
use super::scope::{self, Sort};
use super::{attributes, control, function, macros, operators, pattern, postfix, types};
use crate::facts::{CallKind, NONE, Op, Operator, Property, PropertyKey, TypeId, Use, Value, ValueId};
use crate::source::Span;

/// Nested deeper than this, nothing is known of an expression.
pub(super) const MAX_DEPTH: u32 = 600;

/// The value of an expression.
pub(super) fn lower(cx: &mut Context, expression: &Expr) -> ValueId {
    if cx.depth > MAX_DEPTH {
        return cx.push(Value::Unknown, Span::default());
    }
    cx.depth += 1;
    let value = match expression {
        Expr::Await(_) | Expr::Call(_) | Expr::Field(_) | Expr::Index(_) | Expr::MethodCall(_) | Expr::Try(_) => {
            postfix::postfix(cx, expression)
        }
        Expr::Binary(_) => operators::binary(cx, expression),
        Expr::Path(path_expression) => qualified(cx, path_expression),
        Expr::Lit(literal) => attributes::literal_value(cx, &literal.lit),
        Expr::Macro(invocation) => macros::lower(cx, &invocation.mac),
        Expr::Closure(closure) => function::closure(cx, closure, None),
        Expr::Async(block) => function::async_block(cx, block, None),
        Expr::If(_)
        | Expr::Match(_)
        | Expr::Loop(_)
        | Expr::While(_)
        | Expr::ForLoop(_)
        | Expr::Block(_)
        | Expr::Unsafe(_)
        | Expr::Const(_)
        | Expr::TryBlock(_)
        | Expr::Break(_)
        | Expr::Continue(_)
        | Expr::Return(_)
        | Expr::Let(_) => control::lower(cx, expression),
        other => simple(cx, other),
    };
    cx.depth -= 1;
    value
}

/// A value that is bound to a name: a closure takes the name.
pub(super) fn named(cx: &mut Context, expression: &Expr, name: &Ident) -> ValueId {
    match expression {
        Expr::Closure(closure) => function::closure(cx, closure, Some(name)),
        Expr::Async(block) => function::async_block(cx, block, Some(name)),
        other => lower(cx, other),
    }
}

fn simple(cx: &mut Context, expression: &Expr) -> ValueId {
    match expression {
        Expr::Array(array) => {
            let span = cx.join(array.bracket_token.span.open(), array.bracket_token.span.close());
            elements(cx, array.elems.iter(), span)
        }
        Expr::Tuple(tuple) => {
            let span = cx.join(tuple.paren_token.span.open(), tuple.paren_token.span.close());
            if tuple.elems.is_empty() {
                return cx.push(Value::Undefined, span);
            }
            elements(cx, tuple.elems.iter(), span)
        }
        Expr::Assign(assign) => {
            let value = lower(cx, &assign.right);
            operators::store(cx, &assign.left, value);
            NONE
        }
        Expr::Cast(cast) => {
            let value = lower(cx, &cast.expr);
            let ty = types::lower(cx, &cast.ty);
            let span = cx.facts.span(value);
            cx.push(Value::Cast(value, ty), span)
        }
        Expr::Group(group) => lower(cx, &group.expr),
        Expr::Paren(paren) => {
            let value = lower(cx, &paren.expr);
            let span = cx.join(paren.paren_token.span.open(), paren.paren_token.span.close());
            cx.widen(value, span)
        }
        Expr::Range(range) => {
            let ends: Vec<ValueId> =
                [&range.start, &range.end].into_iter().flatten().map(|end| lower(cx, end)).collect();
            ends.iter().for_each(|&end| cx.mark(end, Use::PASSED));
            let span = ends.first().map_or_else(Span::default, |&end| cx.facts.span(end));
            cx.push(Value::Unknown, span)
        }
        Expr::RawAddr(address) => lower(cx, &address.expr),
        Expr::Reference(reference) => {
            let value = lower(cx, &reference.expr);
            let span = cx.prefixed(reference.and_token.span, value);
            cx.widen(value, span)
        }
        Expr::Repeat(repeat) => {
            let value = lower(cx, &repeat.expr);
            cx.mark(value, Use::PASSED);
            let span = cx.join(repeat.bracket_token.span.open(), repeat.bracket_token.span.close());
            cx.push(Value::Unknown, span)
        }
        Expr::Struct(literal) => structure(cx, literal),
        Expr::Unary(unary) => {
            let value = lower(cx, &unary.expr);
            let (operator, token) = match unary.op {
                UnOp::Deref(token) => {
                    let span = cx.prefixed(token.span, value);
                    return cx.widen(value, span);
                }
                UnOp::Not(token) => (Value::Not(value), token.span),
                UnOp::Neg(token) => match cx.facts.value(value) {
                    Value::Number(number) => {
                        let number = format!("-{}", cx.names.text(number));
                        (Value::Number(cx.intern(&number)), token.span)
                    }
                    _ => (Value::Unary(Operator::Other, value), token.span),
                },
                _ => return value,
            };
            let span = cx.prefixed(token, value);
            cx.push(operator, span)
        }
        Expr::Yield(step) => {
            let value = step.expr.as_ref().map_or(NONE, |value| lower(cx, value));
            let span = cx.span(step.yield_token.span);
            cx.step(Op::Yield(value), span);
            cx.push(Value::Unknown, span)
        }
        _ => NONE,
    }
}

fn elements<'a>(cx: &mut Context, elements: impl Iterator<Item = &'a Expr>, span: Span) -> ValueId {
    let values: Vec<ValueId> = elements.map(|element| lower(cx, element)).collect();
    for &value in &values {
        cx.mark(value, Use::PASSED);
    }
    let list = cx.list(&values);
    cx.push(Value::Array(list), span)
}

fn structure(cx: &mut Context, literal: &syn::ExprStruct) -> ValueId {
    let callee = path(cx, &literal.path);
    let mut properties = Vec::new();
    for field in &literal.fields {
        let (name, span) = match &field.member {
            Member::Named(ident) => (ident.to_string(), ident.span()),
            Member::Unnamed(index) => (index.index.to_string(), index.span),
        };
        let value = match &field.member {
            Member::Named(ident) => named(cx, &field.expr, ident),
            Member::Unnamed(_) => lower(cx, &field.expr),
        };
        cx.mark(value, Use::PASSED);
        let (key, span) = (PropertyKey::Named(cx.intern(&name)), cx.span(span));
        properties.push(Property { key, value, span });
    }
    if let Some(rest) = &literal.rest {
        let value = lower(cx, rest);
        cx.mark(value, Use::PASSED);
        properties.push(Property { key: PropertyKey::Spread, value, span: cx.facts.span(value) });
    }
    let braces = cx.join(literal.brace_token.span.open(), literal.brace_token.span.close());
    let list = cx.properties(&properties);
    let object = cx.push(Value::Object(list), braces);
    let types = type_arguments(cx, &literal.path);
    let name = literal.path.segments.last().map_or(braces, |segment| cx.span(segment.ident.span()));
    let span = Span::new(cx.facts.span(callee).start, braces.end);
    cx.call(CallKind::New, callee, &[object], &types, (span, name))
}

/// The value of a path.
pub(super) fn path(cx: &mut Context, path: &syn::Path) -> ValueId {
    let idents: Vec<&Ident> = path.segments.iter().map(|segment| &segment.ident).collect();
    scope::path(cx, &idents, Sort::Value)
}

/// `path`, or `<T as Trait>::path`, which is a member of `T`.
pub(super) fn qualified(cx: &mut Context, expression: &syn::ExprPath) -> ValueId {
    let Some(qself) = &expression.qself else { return path(cx, &expression.path) };
    let ty = types::lower(cx, &qself.ty);
    let mut value = match cx.facts.types.get(ty as usize) {
        Some(&crate::facts::Type::Named(value, _)) => value,
        _ => cx.push(Value::Unknown, Span::default()),
    };
    for segment in expression.path.segments.iter().skip(qself.position) {
        let span = cx.span(segment.ident.span());
        value = cx.member(value, &segment.ident.to_string(), span);
    }
    value
}

pub(super) fn type_arguments(cx: &mut Context, path: &syn::Path) -> Vec<TypeId> {
    let list = types::arguments(cx, path);
    cx.facts.type_lists[list.range()].to_vec()
}

pub(super) fn arguments<'a>(cx: &mut Context, arguments: impl Iterator<Item = &'a Expr>) -> Vec<ValueId> {
    arguments.map(|argument| lower(cx, argument)).collect()
}

/// The branch that a `let` pattern makes on `value`: what it tests, its names being bound.
pub(super) fn matched(cx: &mut Context, pattern: &syn::Pat, value: ValueId) -> ValueId {
    let test = pattern::test(cx, pattern, value);
    cx.mark(value, Use::STORED);
    if test != NONE {
        cx.mark(value, Use::TESTED);
    }
    pattern::bind(cx, pattern, value, NONE, pattern::Role::LOCAL);
    test
}
