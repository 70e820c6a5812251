//! Blocks, branches, loops, and what leaves them.
//!
//! A `match` whose arms are plain constants or variants is a switch, whose arms end in a break because they never fall through. One on
//! `Some`, `Ok` and the like is a chain of branches; with guards, or with many arms, a block of branches that each end in a break to it.
//! Its last arm needs no test: a `match` is exhaustive.

use syn::{Arm, Block, Expr, Pat, Stmt};

use super::context::{Context, FrameKind};
use super::scope::ScopeKind;
use super::{attributes, expression, items, macros, pattern, scope};
use crate::facts::{CallKind, NONE, Op, Operator, TypeId, Use, Value, ValueId};
use crate::source::Span;

/// A `match` of more arms than this is not written as nested branches.
const MAX_CHAIN: usize = 8;

pub(super) fn lower(cx: &mut Context, expression: &Expr) -> ValueId {
    match expression {
        Expr::If(conditional) => if_else(cx, conditional),
        Expr::Match(choice) => match_arms(cx, choice),
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
fn conditional_value(
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
fn framed<T>(
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

fn match_arms(cx: &mut Context, choice: &syn::ExprMatch) -> ValueId {
    let value = expression::lower(cx, &choice.expr);
    cx.mark(value, Use::TESTED);
    let span = Span::new(cx.span(choice.match_token.span).start, cx.span(choice.brace_token.span.close()).end);
    let guarded = choice.arms.iter().any(|arm| matches!(arm.pat, Pat::Guard(_)));
    let mut values = Vec::new();
    if !guarded && choice.arms.iter().all(|arm| is_plain(&arm.pat)) {
        switch(cx, &choice.arms, value, span, &mut values);
    } else if !guarded && choice.arms.len() <= MAX_CHAIN {
        chain(cx, &choice.arms, value, &mut values);
    } else {
        guarded_block(cx, &choice.arms, value, span, &mut values);
    }
    cx.union(&values, span)
}

/// Whether a pattern is one that a `switch` compares with: a constant or a variant, or several.
fn is_plain(pattern: &Pat) -> bool {
    match pattern {
        Pat::Lit(_) | Pat::Path(_) | Pat::Wild(_) | Pat::Range(_) => true,
        Pat::Ident(pattern) => pattern.subpat.is_none() && pattern.ident != "None",
        Pat::Or(pattern) => pattern.cases.iter().all(is_plain),
        Pat::TupleStruct(pattern) => pattern.path.segments.len() > 1 && pattern.elems.iter().all(is_irrefutable),
        Pat::Struct(pattern) => {
            pattern.path.segments.len() > 1 && pattern.fields.iter().all(|field| is_irrefutable(&field.pat))
        }
        _ => false,
    }
}

fn is_irrefutable(pattern: &Pat) -> bool {
    match pattern {
        Pat::Wild(_) | Pat::Rest(_) => true,
        Pat::Ident(pattern) => pattern.subpat.is_none() && !pattern.ident.to_string().starts_with(char::is_uppercase),
        _ => false,
    }
}

fn switch(cx: &mut Context, arms: &[Arm], value: ValueId, span: Span, values: &mut Vec<ValueId>) {
    framed(cx, Op::Switch { value, end: 0 }, FrameKind::Switch, None, span, |cx| {
        for (at, arm) in arms.iter().enumerate() {
            let arrow = cx.join(arm.fat_arrow_token.spans[0], arm.fat_arrow_token.spans[1]);
            let mut tests = Vec::new();
            compared(cx, &arm.pat, &mut tests);
            // The last arm is what is left: it falls in from its own case too.
            if at + 1 == arms.len() && !tests.contains(&NONE) {
                tests.push(NONE);
            }
            let count = tests.len();
            for (position, test) in tests.into_iter().enumerate() {
                let head = cx.step(Op::Case { test, end: 0 }, if test == NONE { arrow } else { cx.facts.span(test) });
                if position + 1 == count {
                    values.push(arm_body(cx, arm, value));
                    if !leaves(&arm.body) {
                        cx.step(Op::Break(1), arrow);
                    }
                }
                cx.close(head);
            }
        }
    });
}

/// The constants and variants that a plain pattern compares with; [`NONE`] for anything.
fn compared(cx: &mut Context, pattern: &Pat, tests: &mut Vec<ValueId>) {
    let test = match pattern {
        Pat::Lit(pattern) => attributes::literal_value(cx, &pattern.lit),
        Pat::Path(pattern) => expression::path(cx, &pattern.path),
        Pat::TupleStruct(pattern) => expression::path(cx, &pattern.path),
        Pat::Struct(pattern) => expression::path(cx, &pattern.path),
        Pat::Ident(pattern) if pattern.ident.to_string().starts_with(char::is_uppercase) => {
            scope::path(cx, &[&pattern.ident], scope::Sort::Value)
        }
        Pat::Range(_) => cx.push(Value::Unknown, Span::default()),
        Pat::Or(pattern) => return pattern.cases.iter().for_each(|case| compared(cx, case, tests)),
        _ => NONE,
    };
    tests.push(test);
}

fn arm_body(cx: &mut Context, arm: &Arm, value: ValueId) -> ValueId {
    scope::open(cx, ScopeKind::Open);
    pattern::bind(cx, &arm.pat, value, NONE, pattern::Role::LOCAL);
    let given = conditional_value(cx, &arm.attrs, |cx| expression::lower(cx, &arm.body));
    scope::close(cx);
    given
}

/// Whether nothing comes after an expression.
pub(super) fn leaves(expression: &Expr) -> bool {
    matches!(expression, Expr::Return(_) | Expr::Break(_) | Expr::Continue(_))
}

fn chain(cx: &mut Context, arms: &[Arm], value: ValueId, values: &mut Vec<ValueId>) {
    let mut open = Vec::new();
    for (at, arm) in arms.iter().enumerate() {
        let test = if at + 1 == arms.len() { NONE } else { pattern::test(cx, &arm.pat, value) };
        if test == NONE {
            values.push(arm_body(cx, arm, value));
            break;
        }
        let span = cx.join(arm.fat_arrow_token.spans[0], arm.fat_arrow_token.spans[1]);
        let branch = cx.branch(test, span);
        values.push(arm_body(cx, arm, value));
        cx.turn(branch);
        open.push(branch);
    }
    for branch in open.into_iter().rev() {
        cx.close_branch(branch);
    }
}

fn guarded_block(cx: &mut Context, arms: &[Arm], value: ValueId, span: Span, values: &mut Vec<ValueId>) {
    framed(cx, Op::Block { end: 0 }, FrameKind::Block, None, span, |cx| {
        for (at, arm) in arms.iter().enumerate() {
            let arrow = cx.join(arm.fat_arrow_token.spans[0], arm.fat_arrow_token.spans[1]);
            let last = at + 1 == arms.len();
            let test = if last { NONE } else { pattern::test(cx, &arm.pat, value) };
            let outer = (test != NONE).then(|| cx.branch(test, arrow));
            scope::open(cx, ScopeKind::Open);
            pattern::bind(cx, &arm.pat, value, NONE, pattern::Role::LOCAL);
            let inner = match &arm.pat {
                Pat::Guard(guard) if !last => {
                    let test = expression::lower(cx, &guard.guard);
                    Some(cx.branch(test, arrow))
                }
                _ => None,
            };
            values.push(conditional_value(cx, &arm.attrs, |cx| expression::lower(cx, &arm.body)));
            if !last && !leaves(&arm.body) {
                cx.step(Op::Break(1), arrow);
            }
            scope::close(cx);
            for branch in [inner, outer].into_iter().flatten() {
                cx.turn(branch);
                cx.close_branch(branch);
            }
        }
    });
}
