//! Binary operators and assignments.

use syn::{BinOp, Expr};

use super::context::Context;
use super::expression::{lower, qualified};
use super::scope;
use crate::facts::{NONE, Op, Operator, Use, Value, ValueId};

/// A chain of binary operators, read from its start.
pub(super) fn binary(cx: &mut Context, expression: &Expr) -> ValueId {
    let (mut spine, mut base) = (Vec::new(), expression);
    while let Expr::Binary(operation) = base {
        spine.push(operation);
        base = &operation.left;
    }
    if let Some(innermost) = spine.last()
        && is_assignment(&innermost.op)
    {
        return compound(cx, innermost);
    }
    let mut left = lower(cx, base);
    for operation in spine.into_iter().rev() {
        left = combine(cx, operation, left);
    }
    left
}

fn combine(cx: &mut Context, operation: &syn::ExprBinary, left: ValueId) -> ValueId {
    let operator = operator_of(&operation.op);
    let right = match operator {
        Operator::And | Operator::Or => {
            let branch = cx.branch(left, cx.facts.span(left));
            if operator == Operator::Or {
                cx.turn(branch);
            }
            let right = lower(cx, &operation.right);
            if operator == Operator::And {
                cx.turn(branch);
            }
            cx.close_branch(branch);
            right
        }
        _ => lower(cx, &operation.right),
    };
    let span = cx.across(left, right);
    if matches!(operator, Operator::And | Operator::Or) {
        // The pattern of a `let` that always holds says nothing.
        return match (left, right) {
            (NONE, other) | (other, NONE) => other,
            _ => cx.push(Value::Logical(operator, left, right), span),
        };
    }
    cx.mark(left, Use::PASSED);
    cx.mark(right, Use::PASSED);
    cx.push(Value::Binary(operator, left, right), span)
}

fn operator_of(operator: &BinOp) -> Operator {
    match operator {
        BinOp::And(_) => Operator::And,
        BinOp::Or(_) => Operator::Or,
        BinOp::Add(_) | BinOp::AddAssign(_) => Operator::Add,
        BinOp::Eq(_) => Operator::Equal,
        BinOp::Ne(_) => Operator::NotEqual,
        BinOp::Lt(_) | BinOp::Le(_) | BinOp::Gt(_) | BinOp::Ge(_) => Operator::Compare,
        _ => Operator::Other,
    }
}

fn is_assignment(operator: &BinOp) -> bool {
    matches!(
        operator,
        BinOp::AddAssign(_)
            | BinOp::SubAssign(_)
            | BinOp::MulAssign(_)
            | BinOp::DivAssign(_)
            | BinOp::RemAssign(_)
            | BinOp::BitXorAssign(_)
            | BinOp::BitAndAssign(_)
            | BinOp::BitOrAssign(_)
            | BinOp::ShlAssign(_)
            | BinOp::ShrAssign(_)
    )
}

/// `place += value`
fn compound(cx: &mut Context, operation: &syn::ExprBinary) -> ValueId {
    let before = lower(cx, &operation.left);
    let right = lower(cx, &operation.right);
    let span = cx.across(before, right);
    let value = cx.push(Value::Binary(operator_of(&operation.op), before, right), span);
    cx.mark(right, Use::PASSED);
    assign(cx, before, value);
    NONE
}

/// Puts `value` into the place that `target` writes; a tuple takes it apart.
pub(super) fn store(cx: &mut Context, target: &Expr, value: ValueId) {
    match target {
        Expr::Infer(_) => cx.mark(value, Use::VOIDED),
        Expr::Tuple(tuple) => {
            for (at, element) in tuple.elems.iter().enumerate() {
                let span = cx.facts.span(value);
                let part = cx.member(value, &at.to_string(), span);
                store(cx, element, part);
            }
        }
        Expr::Path(place) => {
            let read = place.path.get_ident().and_then(|ident| {
                let name = cx.intern(&ident.to_string());
                scope::local(cx, name).map(|variable| (variable, cx.facts.variables[variable as usize].read))
            });
            let place = qualified(cx, place);
            if let Some((variable, read)) = read {
                cx.facts.variables[variable as usize].read = read;
            }
            assign(cx, place, value);
        }
        other => {
            let place = lower(cx, other);
            assign(cx, place, value);
        }
    }
}

fn assign(cx: &mut Context, place: ValueId, value: ValueId) {
    cx.mark(value, Use::STORED);
    if let Value::Variable(variable) = cx.facts.value(place) {
        cx.facts.variables[variable as usize].reassigned = true;
        cx.facts.assignments.push((variable, value));
    }
    let span = cx.across(place, value);
    cx.step(Op::Assign(place, value), span);
}
