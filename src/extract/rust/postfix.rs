//! Chains of calls, fields, `.await` and `?`.
//!
//! `?` is a branch on the operand; where it fails the function is left with no value.

use syn::{Expr, Member};

use super::context::{Context, FrameKind};
use super::expression::{arguments, lower, type_arguments};
use super::types;
use crate::facts::{CallKind, NONE, Op, Use, Value, ValueId};
use crate::source::Span;

/// A chain of calls, fields, `.await` and `?`, read from its start: builder chains are longer than a stack should be deep.
pub(super) fn postfix(cx: &mut Context, expression: &Expr) -> ValueId {
    let (mut links, mut base) = (Vec::new(), expression);
    loop {
        let inner = match base {
            Expr::Await(link) => &link.base,
            Expr::Call(link) => &link.func,
            Expr::Field(link) => &link.base,
            Expr::Index(link) => &link.expr,
            Expr::MethodCall(link) => &link.receiver,
            Expr::Try(link) => &link.expr,
            _ => break,
        };
        links.push(base);
        base = inner;
    }
    let mut value = lower(cx, base);
    for link in links.into_iter().rev() {
        value = self::link(cx, link, value);
    }
    value
}

fn link(cx: &mut Context, link: &Expr, value: ValueId) -> ValueId {
    let start = cx.facts.span(value).start;
    match link {
        Expr::Await(link) => {
            let end = cx.span(link.await_token.span).end;
            awaited(cx, value, Span::new(start, end))
        }
        Expr::Try(link) => {
            let span = cx.span(link.question_token.span);
            attempt(cx, value, Span::new(start, span.end))
        }
        Expr::Field(link) => {
            cx.mark(value, Use::CHAINED);
            let (name, span) = match &link.member {
                Member::Named(ident) => (ident.to_string(), ident.span()),
                Member::Unnamed(index) => (index.index.to_string(), index.span),
            };
            let span = cx.span(span);
            cx.member(value, &name, span)
        }
        Expr::Index(link) => {
            cx.mark(value, Use::CHAINED);
            let key = lower(cx, &link.index);
            cx.mark(key, Use::PASSED);
            let end = cx.span(link.bracket_token.span.close()).end;
            cx.push(Value::Index(value, key), Span::new(start, end))
        }
        Expr::MethodCall(link) => {
            cx.mark(value, Use::CHAINED);
            let name = cx.span(link.method.span());
            let callee = cx.member(value, &link.method.to_string(), name);
            let mut types = Vec::new();
            if let Some(turbofish) = &link.turbofish {
                types::angle(cx, turbofish, &mut types);
            }
            let arguments = arguments(cx, link.args.iter());
            let end = cx.span(link.paren_token.span.close()).end;
            cx.call(CallKind::Plain, callee, &arguments, &types, (Span::new(start, end), name))
        }
        Expr::Call(link) => {
            cx.mark(value, Use::CHAINED);
            let (types, name) = match &*link.func {
                Expr::Path(callee) => {
                    let name = callee.path.segments.last().map(|segment| cx.span(segment.ident.span()));
                    (type_arguments(cx, &callee.path), name)
                }
                _ => (Vec::new(), None),
            };
            let name = name.unwrap_or_else(|| cx.facts.span(value));
            let arguments = arguments(cx, link.args.iter());
            let end = cx.span(link.paren_token.span.close()).end;
            cx.call(CallKind::Plain, value, &arguments, &types, (Span::new(start, end), name))
        }
        _ => value,
    }
}

/// `value.await`; an `async` block that is awaited where it stands is a function that is called there.
pub(super) fn awaited(cx: &mut Context, value: ValueId, span: Span) -> ValueId {
    let value = match cx.facts.value(value) {
        Value::Function(_) => cx.call(CallKind::Plain, value, &[], &[], (span, span)),
        _ => value,
    };
    cx.mark(value, Use::AWAITED);
    cx.step(Op::Await(value), span);
    cx.push(Value::Await(value), span)
}

/// `value?`: where it fails, the function is left, or the `try` block around.
fn attempt(cx: &mut Context, value: ValueId, span: Span) -> ValueId {
    let branch = cx.branch(value, span);
    cx.turn(branch);
    match cx.distance(|frame| frame.kind == FrameKind::Try) {
        Some(distance) => cx.step(Op::Break(distance), span),
        None => cx.step(Op::Return(NONE), span),
    };
    cx.close_branch(branch);
    cx.push(Value::Try(value), span)
}
