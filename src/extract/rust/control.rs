//! Blocks, branches, loops, and what leaves them.

use syn::{Block, Expr, Pat, Stmt};

use super::context::{Context, FrameKind};
use super::scope::ScopeKind;
use super::{attributes, expression, items, macros, matching, pattern, scope};
use crate::facts::{CallKind, NONE, Op, Operator, TypeId, Use, Value, ValueId};
use crate::source::Span;

pub(super) fn lower(cx: &mut Context, expression: &Expr) -> ValueId {
    match expression {
        Expr::If(conditional) => if_else(cx, conditional),
        Expr::Match(choice) => matching::match_arms(cx, choice),
        Expr::Loop(endless) => {
            let span = cx.span(endless.loop_token.span);
            let (head, label) = (Op::Loop { at_least_once: true, end: 0 }, label_of(endless.label.as_ref()));
            let (values, _) = framed(cx, head, FrameKind::Loop, label, span, |cx| block(cx, &endless.body));
            cx.union(&values, span)
        }
        Expr::While(repeated) => {
            let span = cx.span(repeated.while_token.span);
            let (head, label) = (Op::Loop { at_least_once: true, end: 0 }, label_of(repeated.label.as_ref()));
            framed(cx, head, FrameKind::Loop, label, span, |cx| {
                scope::open(cx, ScopeKind::Open);
                let test = expression::lower(cx, &repeated.cond);
                let branch = cx.branch(test, cx.facts.span(test));
                cx.turn(branch);
                cx.step(Op::Break(1), span);
                cx.close_branch(branch);
                block(cx, &repeated.body);
                scope::close(cx);
                NONE
            });
            NONE
        }
        Expr::ForLoop(repeated) => for_loop(cx, repeated),
        Expr::Block(expression) => match &expression.label {
            None => block(cx, &expression.block),
            Some(label) => labelled(cx, FrameKind::Block, label_of(Some(label)), &expression.block),
        },
        Expr::TryBlock(expression) => labelled(cx, FrameKind::Try, None, &expression.block),
        Expr::Unsafe(expression) => block(cx, &expression.block),
        Expr::Const(expression) => block(cx, &expression.block),
        Expr::Break(leave) => {
            let value = leave.expr.as_ref().map_or(NONE, |value| expression::lower(cx, value));
            cx.mark(value, Use::STORED);
            let span = cx.span(leave.break_token.span);
            jump(cx, leave.label.as_ref(), value, span, Op::Break);
            NONE
        }
        Expr::Continue(leave) => {
            let span = cx.span(leave.continue_token.span);
            jump(cx, leave.label.as_ref(), NONE, span, Op::Continue);
            NONE
        }
        Expr::Return(leave) => {
            let value = leave.expr.as_ref().map_or(NONE, |value| expression::lower(cx, value));
            cx.mark(value, Use::RETURNED);
            let span = cx.span(leave.return_token.span);
            let end = cx.facts.span(value).end.max(span.end);
            cx.step(Op::Return(value), Span::new(span.start, end));
            NONE
        }
        Expr::Let(test) => {
            let value = expression::lower(cx, &test.expr);
            expression::matched(cx, &test.pat, value)
        }
        _ => NONE,
    }
}

/// A block in a scope of its own, and the value of its last expression.
pub(super) fn block(cx: &mut Context, block: &Block) -> ValueId {
    scope::open(cx, ScopeKind::Open);
    let value = statements(cx, &block.stmts);
    scope::close(cx);
    value
}

/// Statements in the present scope, and the value of the last one.
pub(super) fn statements(cx: &mut Context, statements: &[Stmt]) -> ValueId {
    let declared: Vec<&syn::Item> = statements
        .iter()
        .filter_map(|statement| match statement {
            Stmt::Item(item) => Some(item),
            _ => None,
        })
        .collect();
    if !declared.is_empty() {
        items::declare(cx, &declared);
    }
    let mut value = NONE;
    for statement in statements {
        value = NONE;
        match statement {
            Stmt::Item(item) => items::lower(cx, item),
            Stmt::Local(local) => conditional(cx, &local.attrs, |cx| {
                declaration(cx, local);
                NONE
            }),
            Stmt::Macro(invocation) => {
                value = conditional_value(cx, &invocation.attrs, |cx| macros::lower(cx, &invocation.mac));
                if invocation.semi_token.is_some() {
                    value = NONE;
                }
            }
            Stmt::Expr(expression, end) => {
                value = conditional_value(cx, outer(expression), |cx| expression::lower(cx, expression));
                if end.is_some() {
                    value = NONE;
                }
            }
        }
    }
    value
}

fn conditional(cx: &mut Context, attributes: &[syn::Attribute], inside: impl FnOnce(&mut Context) -> ValueId) {
    conditional_value(cx, attributes, inside);
}

/// What `#[cfg(..)]` guards happens where a call of the macro `cfg!` holds.
pub(super) fn conditional_value(
    cx: &mut Context,
    attributes: &[syn::Attribute],
    inside: impl FnOnce(&mut Context) -> ValueId,
) -> ValueId {
    if !attributes.iter().any(attributes::is_condition) {
        return inside(cx);
    }
    let mut tests = Vec::new();
    for condition in attributes::conditions(cx, attributes) {
        let callee = cx.push(Value::Global(condition.path), condition.span);
        let arguments = cx.facts.list(condition.arguments).to_vec();
        let call = cx.add_call(CallKind::Macro, callee, &arguments, &[], (condition.span, condition.span));
        tests.push(cx.push(Value::Call(call), condition.span));
    }
    let test = pattern::logical(cx, Operator::And, &tests);
    let branch = cx.branch(test, cx.facts.span(test));
    let value = inside(cx);
    cx.turn(branch);
    cx.close_branch(branch);
    value
}

/// The attributes in front of an expression statement.
fn outer(expression: &Expr) -> &[syn::Attribute] {
    match expression {
        Expr::Assign(expression) => &expression.attrs,
        Expr::Await(expression) => &expression.attrs,
        Expr::Block(expression) => &expression.attrs,
        Expr::Call(expression) => &expression.attrs,
        Expr::ForLoop(expression) => &expression.attrs,
        Expr::If(expression) => &expression.attrs,
        Expr::Macro(expression) => &expression.attrs,
        Expr::Match(expression) => &expression.attrs,
        Expr::MethodCall(expression) => &expression.attrs,
        Expr::Return(expression) => &expression.attrs,
        Expr::Try(expression) => &expression.attrs,
        Expr::Unsafe(expression) => &expression.attrs,
        _ => &[],
    }
}

fn declaration(cx: &mut Context, local: &syn::Local) {
    let (pattern, annotation): (&Pat, TypeId) = match &local.pat {
        Pat::Type(typed) => (&typed.pat, super::types::lower(cx, &typed.ty)),
        other => (other, NONE),
    };
    let Some(init) = &local.init else {
        pattern::bind(cx, pattern, NONE, annotation, pattern::Role::LOCAL);
        return;
    };
    let value = match pattern {
        Pat::Ident(name) => expression::named(cx, &init.expr, &name.ident),
        _ => expression::lower(cx, &init.expr),
    };
    cx.mark(value, if matches!(pattern, Pat::Wild(_)) { Use::VOIDED } else { Use::STORED });
    if let Some((token, diverge)) = &init.diverge {
        let test = pattern::test(cx, pattern, value);
        let span = cx.span(token.span);
        let branch = cx.branch(test, span);
        cx.turn(branch);
        expression::lower(cx, diverge);
        cx.close_branch(branch);
    }
    pattern::bind(cx, pattern, value, annotation, pattern::Role::LOCAL);
}

fn if_else(cx: &mut Context, conditional: &syn::ExprIf) -> ValueId {
    let token = cx.span(conditional.if_token.span);
    scope::open(cx, ScopeKind::Open);
    let test = expression::lower(cx, &conditional.cond);
    let branch = cx.branch(test, token);
    let then = block(cx, &conditional.then_branch);
    scope::close(cx);
    cx.turn(branch);
    let other = conditional.else_branch.as_ref().map_or(NONE, |(_, other)| expression::lower(cx, other));
    cx.close_branch(branch);
    if then == NONE || other == NONE {
        return cx.union(&[then, other], token);
    }
    let list = cx.list(&[test, then, other]);
    let end = cx.span(conditional.then_branch.brace_token.span.close()).end.max(cx.facts.span(other).end);
    cx.push(Value::Conditional(list), Span::new(token.start, end))
}

/// Runs `inside` as the body of `head`; what its breaks carry, and what `inside` gives.
pub(super) fn framed<T>(
    cx: &mut Context,
    head: Op,
    kind: FrameKind,
    label: Option<String>,
    span: Span,
    inside: impl FnOnce(&mut Context) -> T,
) -> (Vec<ValueId>, T) {
    let head = cx.step(head, span);
    cx.open_frame(kind, label);
    let given = inside(cx);
    let values = cx.close_frame();
    cx.close(head);
    (values, given)
}

fn labelled(cx: &mut Context, kind: FrameKind, label: Option<String>, inner: &Block) -> ValueId {
    let span = cx.join(inner.brace_token.span.open(), inner.brace_token.span.close());
    let (mut values, last) = framed(cx, Op::Block { end: 0 }, kind, label, span, |cx| block(cx, inner));
    values.push(last);
    cx.union(&values, span)
}

fn label_of(label: Option<&syn::Label>) -> Option<String> {
    label.map(|label| label.name.ident.to_string())
}

fn jump(cx: &mut Context, label: Option<&syn::Lifetime>, value: ValueId, span: Span, op: fn(u32) -> Op) {
    let label = label.map(|label| label.ident.to_string());
    let distance = match &label {
        Some(label) => cx.distance(|frame| frame.label.as_ref() == Some(label)),
        None => cx.distance(|frame| frame.kind == FrameKind::Loop),
    };
    let Some(distance) = distance else { return };
    cx.step(op(distance), span);
    if value != NONE {
        let frames = &mut cx.body().frames;
        let at = frames.len() - distance as usize;
        frames[at].values.push(value);
    }
}

fn for_loop(cx: &mut Context, repeated: &syn::ExprForLoop) -> ValueId {
    let iterated = expression::lower(cx, &repeated.expr);
    cx.mark(iterated, Use::CHAINED);
    let span = cx.span(repeated.for_token.span);
    let (head, label) = (Op::Loop { at_least_once: false, end: 0 }, label_of(repeated.label.as_ref()));
    framed(cx, head, FrameKind::Loop, label, span, |cx| {
        scope::open(cx, ScopeKind::Open);
        let element = cx.push(Value::Index(iterated, NONE), cx.facts.span(iterated));
        pattern::bind(cx, &repeated.pat, element, NONE, pattern::Role::LOCAL);
        block(cx, &repeated.body);
        scope::close(cx);
    });
    NONE
}
