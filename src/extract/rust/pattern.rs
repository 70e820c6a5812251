//! Patterns: the variables that they bind, and the test that they make.
//!
//! Success is truth: `Some(x)` and `Ok(x)` hold where the value does and bind its success ([`Value::Try`]), `None` is equal to null, `Err(e)`
//! is the opposite of the value.

use proc_macro2::{Ident, Span as TokenSpan};
use syn::{Member, Pat};

use super::context::Context;
use super::scope::{self, Binding, Sort};
use super::{attributes, expression};
use crate::facts::{NONE, Operator, TypeId, Value, ValueId, Variable, VariableKind};
use crate::source::Span;

/// What the names of one pattern become.
#[derive(Debug, Clone, Copy)]
pub(super) struct Role {
    pub(super) kind: VariableKind,
    /// The parameter that the pattern belongs to.
    pub(super) parameter: Option<u32>,
}

impl Role {
    pub(super) const LOCAL: Self = Self { kind: VariableKind::Const, parameter: None };
}

/// Declares one name.
pub(super) fn declare(cx: &mut Context, ident: &Ident, value: ValueId, annotation: TypeId, role: Role, mutable: bool) {
    let name = cx.intern(&ident.to_string());
    let kind = if mutable && role.kind == VariableKind::Const { VariableKind::Let } else { role.kind };
    let (span, function) = (cx.span(ident.span()), cx.function());
    let variable =
        cx.variable(Variable { name, kind, function, span, init: value, annotation, reassigned: false, read: false });
    if let Some(parameter) = role.parameter {
        cx.body().bound.push((parameter, variable));
    }
    scope::bind(cx, name, Binding::Local(variable));
}

/// Declares what a pattern binds of `value`.
pub(super) fn bind(cx: &mut Context, pattern: &Pat, value: ValueId, annotation: TypeId, role: Role) {
    if cx.depth > expression::MAX_DEPTH {
        return;
    }
    cx.depth += 1;
    match pattern {
        Pat::Ident(pattern) => {
            if is_binding(pattern) {
                declare(cx, &pattern.ident, value, annotation, role, pattern.mutability.is_some());
            }
            if let Some((_, inner)) = &pattern.subpat {
                bind(cx, inner, value, NONE, role);
            }
        }
        Pat::Type(pattern) => {
            let annotation = super::types::lower(cx, &pattern.ty);
            bind(cx, &pattern.pat, value, annotation, role);
        }
        Pat::Reference(pattern) => bind(cx, &pattern.pat, value, annotation, role),
        Pat::Paren(pattern) => bind(cx, &pattern.pat, value, annotation, role),
        Pat::Guard(pattern) => bind(cx, &pattern.pat, value, annotation, role),
        Pat::Or(pattern) => {
            if let Some(first) = pattern.cases.first() {
                bind(cx, first, value, annotation, role);
            }
        }
        _ => {
            for (inner, part) in parts(pattern) {
                if binds(inner) {
                    let value = project(cx, value, &part, inner);
                    bind(cx, inner, value, NONE, role);
                }
            }
        }
    }
    cx.depth -= 1;
}

/// Which part of a value an inner pattern looks at.
enum Part {
    Success,
    Failure,
    Field(String),
    Element(usize),
    Rest,
}

fn parts(pattern: &Pat) -> Vec<(&Pat, Part)> {
    match pattern {
        Pat::Tuple(pattern) => pattern.elems.iter().enumerate().map(positional).collect(),
        Pat::TupleStruct(pattern) => {
            let last = pattern.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
            let part = |(at, inner)| match last.as_str() {
                "Some" | "Ok" => (inner, Part::Success),
                "Err" => (inner, Part::Failure),
                _ => positional((at, inner)),
            };
            pattern.elems.iter().enumerate().map(part).collect()
        }
        Pat::Struct(pattern) => {
            let name = |member: &Member| match member {
                Member::Named(ident) => ident.to_string(),
                Member::Unnamed(index) => index.index.to_string(),
            };
            pattern.fields.iter().map(|field| (&*field.pat, Part::Field(name(&field.member)))).collect()
        }
        Pat::Slice(pattern) => pattern.elems.iter().enumerate().map(element).collect(),
        _ => Vec::new(),
    }
}

fn positional((at, inner): (usize, &Pat)) -> (&Pat, Part) {
    (inner, Part::Field(at.to_string()))
}

fn element((at, inner): (usize, &Pat)) -> (&Pat, Part) {
    match inner {
        Pat::Ident(ident) if ident.subpat.is_some() => (inner, Part::Rest),
        _ => (inner, Part::Element(at)),
    }
}

fn project(cx: &mut Context, value: ValueId, part: &Part, inner: &Pat) -> ValueId {
    let span = first_token(inner).map_or_else(|| cx.facts.span(value), |token| cx.span(token));
    let projected = match part {
        Part::Success => Value::Try(value),
        Part::Failure => Value::Unary(Operator::Other, value),
        Part::Field(name) => Value::Member(value, cx.intern(name)),
        Part::Element(at) => {
            let number = cx.intern(&at.to_string());
            let number = cx.push(Value::Number(number), span);
            Value::Index(value, number)
        }
        Part::Rest => Value::Rest(value),
    };
    cx.push(projected, span)
}

/// Whether an identifier is a name and not a constant or a variant, which are written with a capital.
fn is_binding(pattern: &syn::PatIdent) -> bool {
    let capital = pattern.ident.to_string().starts_with(char::is_uppercase);
    !capital || pattern.subpat.is_some() || pattern.mutability.is_some() || pattern.by_ref.is_some()
}

/// Whether a pattern binds anything.
fn binds(pattern: &Pat) -> bool {
    match pattern {
        Pat::Ident(pattern) => is_binding(pattern),
        Pat::Type(pattern) => binds(&pattern.pat),
        Pat::Reference(pattern) => binds(&pattern.pat),
        Pat::Paren(pattern) => binds(&pattern.pat),
        Pat::Guard(pattern) => binds(&pattern.pat),
        Pat::Or(pattern) => pattern.cases.first().is_some_and(binds),
        _ => parts(pattern).iter().any(|(inner, _)| binds(inner)),
    }
}

/// The test that a pattern makes of `value`; [`NONE`] where it always holds.
pub(super) fn test(cx: &mut Context, pattern: &Pat, value: ValueId) -> ValueId {
    if cx.depth > expression::MAX_DEPTH {
        return cx.push(Value::Unknown, Span::default());
    }
    cx.depth += 1;
    let test = shape(cx, pattern, value);
    cx.depth -= 1;
    test
}

fn shape(cx: &mut Context, pattern: &Pat, value: ValueId) -> ValueId {
    match pattern {
        Pat::Ident(pattern) => {
            let inner = match &pattern.subpat {
                Some((_, inner)) => return test(cx, inner, value),
                None if is_binding(pattern) => return NONE,
                None => scope::path(cx, &[&pattern.ident], Sort::Value),
            };
            compare(cx, Operator::Equal, value, inner)
        }
        Pat::Lit(pattern) => {
            let literal = attributes::literal_value(cx, &pattern.lit);
            compare(cx, Operator::Equal, value, literal)
        }
        Pat::Path(pattern) => {
            let variant = expression::path(cx, &pattern.path);
            compare(cx, Operator::Equal, value, variant)
        }
        Pat::Range(_) => compare(cx, Operator::Compare, value, NONE),
        Pat::Reference(pattern) => test(cx, &pattern.pat, value),
        Pat::Paren(pattern) => test(cx, &pattern.pat, value),
        Pat::Type(pattern) => test(cx, &pattern.pat, value),
        Pat::Guard(pattern) => test(cx, &pattern.pat, value),
        Pat::Or(pattern) => {
            let cases: Vec<ValueId> = pattern.cases.iter().map(|case| test(cx, case, value)).collect();
            if cases.contains(&NONE) { NONE } else { logical(cx, Operator::Or, &cases) }
        }
        Pat::TupleStruct(tuple) => {
            let last = tuple.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
            let own = match last.as_str() {
                "Some" | "Ok" => value,
                "Err" => {
                    let span = cx.facts.span(value);
                    cx.push(Value::Not(value), span)
                }
                _ => instance(cx, &tuple.path, value),
            };
            inner_tests(cx, pattern, value, own)
        }
        Pat::Struct(fields) => {
            let own = instance(cx, &fields.path, value);
            inner_tests(cx, pattern, value, own)
        }
        Pat::Tuple(_) => inner_tests(cx, pattern, value, NONE),
        Pat::Slice(_) | Pat::Const(_) | Pat::Macro(_) | Pat::Verbatim(_) => compare(cx, Operator::Other, value, NONE),
        _ => NONE,
    }
}

/// A constructor of one segment is a struct, and always holds; of more, a variant.
fn instance(cx: &mut Context, path: &syn::Path, value: ValueId) -> ValueId {
    let constructor = expression::path(cx, path);
    if path.segments.len() == 1 && !matches!(cx.facts.value(constructor), Value::Global(_)) {
        return NONE;
    }
    compare(cx, Operator::InstanceOf, value, constructor)
}

fn inner_tests(cx: &mut Context, pattern: &Pat, value: ValueId, own: ValueId) -> ValueId {
    let mut tests = vec![own];
    for (inner, part) in parts(pattern) {
        if refutable(inner) {
            let value = project(cx, value, &part, inner);
            tests.push(test(cx, inner, value));
        }
    }
    tests.retain(|&test| test != NONE);
    logical(cx, Operator::And, &tests)
}

fn refutable(pattern: &Pat) -> bool {
    match pattern {
        Pat::Wild(_) | Pat::Rest(_) => false,
        Pat::Ident(pattern) => !is_binding(pattern) || pattern.subpat.is_some(),
        Pat::Reference(pattern) => refutable(&pattern.pat),
        Pat::Paren(pattern) => refutable(&pattern.pat),
        Pat::Tuple(pattern) => pattern.elems.iter().any(refutable),
        _ => true,
    }
}

fn compare(cx: &mut Context, operator: Operator, left: ValueId, right: ValueId) -> ValueId {
    let span = cx.facts.span(if right == NONE { left } else { right });
    cx.push(Value::Binary(operator, left, right), span)
}

/// All of, or one of, several tests.
pub(super) fn logical(cx: &mut Context, operator: Operator, tests: &[ValueId]) -> ValueId {
    let mut tests = tests.iter().copied();
    let Some(first) = tests.next() else { return NONE };
    tests.fold(first, |left, right| {
        let span = cx.across(left, right);
        cx.push(Value::Logical(operator, left, right), span)
    })
}

/// The first token of a pattern, where it has one that is easily had.
pub(super) fn first_token(pattern: &Pat) -> Option<TokenSpan> {
    match pattern {
        Pat::Ident(pattern) => match (&pattern.by_ref, &pattern.mutability) {
            (Some(token), _) => Some(token.span),
            (None, Some(token)) => Some(token.span),
            (None, None) => Some(pattern.ident.span()),
        },
        Pat::TupleStruct(pattern) => pattern.path.segments.first().map(|segment| segment.ident.span()),
        Pat::Struct(pattern) => pattern.path.segments.first().map(|segment| segment.ident.span()),
        Pat::Path(pattern) => pattern.path.segments.first().map(|segment| segment.ident.span()),
        Pat::Tuple(pattern) => Some(pattern.paren_token.span.open()),
        Pat::Paren(pattern) => Some(pattern.paren_token.span.open()),
        Pat::Slice(pattern) => Some(pattern.bracket_token.span.open()),
        Pat::Reference(pattern) => Some(pattern.and_token.span),
        Pat::Wild(pattern) => Some(pattern.underscore_token.span),
        Pat::Type(pattern) => first_token(&pattern.pat),
        _ => None,
    }
}
