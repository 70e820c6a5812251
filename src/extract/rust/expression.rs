//! Expressions to values, with the steps that happen on the way.
//!
//! A value of [`NONE`] never comes about, or is of no interest: what `return` gives, or a block without a last expression. References and
//! dereferences are looked through. `?` is a branch on the operand; where it fails the function is left with no value.

use proc_macro2::Ident;
use syn::{BinOp, Expr, Member, UnOp};

use super::context::{Context, FrameKind};
use super::scope::{self, Sort};
use super::{attributes, control, function, macros, pattern, types};
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
            postfix(cx, expression)
        }
        Expr::Binary(_) => binary(cx, expression),
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
            store(cx, &assign.left, value);
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
            let span = ends.first().map_or_else(Span::default, |&end| cx.facts.span(end));
            cx.push(Value::Unknown, span)
        }
        Expr::RawAddr(address) => lower(cx, &address.expr),
        Expr::Reference(reference) => {
            let value = lower(cx, &reference.expr);
            let span = cx.from_token(reference.and_token.span, value);
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
                    let span = cx.from_token(token.span, value);
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
            let span = cx.from_token(token, value);
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
fn qualified(cx: &mut Context, expression: &syn::ExprPath) -> ValueId {
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

fn type_arguments(cx: &mut Context, path: &syn::Path) -> Vec<TypeId> {
    let list = types::arguments(cx, path);
    cx.facts.type_lists[list.range()].to_vec()
}

/// A chain of calls, fields, `.await` and `?`, read from its start: builder chains are longer than a stack should be deep.
fn postfix(cx: &mut Context, expression: &Expr) -> ValueId {
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

pub(super) fn arguments<'a>(cx: &mut Context, arguments: impl Iterator<Item = &'a Expr>) -> Vec<ValueId> {
    arguments.map(|argument| lower(cx, argument)).collect()
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

/// A chain of binary operators, read from its start.
fn binary(cx: &mut Context, expression: &Expr) -> ValueId {
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
fn store(cx: &mut Context, target: &Expr, value: ValueId) {
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
