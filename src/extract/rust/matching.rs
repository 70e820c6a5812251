//! `match`, and the part of a pattern that decides between its arms.
//!
//! A `match` whose arms are plain constants or variants is a switch, whose arms end in a break because they never fall through. One on
//! `Some`, `Ok` and the like is a chain of branches; with guards, or with many arms, a block of branches that each end in a break to it.
//! Its last arm needs no test: a `match` is exhaustive.

use syn::{Arm, Expr, Pat};

use super::context::{Context, FrameKind};
use super::control::{conditional_value, framed};
use super::scope::ScopeKind;
use super::{attributes, expression, pattern, scope};
use crate::facts::{NONE, Op, Use, Value, ValueId};
use crate::source::Span;

/// A `match` of more arms than this is not written as nested branches.
const MAX_CHAIN: usize = 8;

pub(super) fn match_arms(cx: &mut Context, choice: &syn::ExprMatch) -> ValueId {
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
