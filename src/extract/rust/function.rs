//! Functions: items, methods, closures and `async` blocks, each with its parameters and its own flow.

use proc_macro2::{Ident, Span as TokenSpan};
use syn::{Block, Expr, FnArg, Pat, PatType, Safety, Signature};

use super::context::Context;
use super::pattern::{self, Role};
use super::scope::{self, ScopeKind};
use super::{attributes, control, expression, types};
use crate::facts::{
    Attribute, ClassId, Function, FunctionId, FunctionKind, NONE, Name, Op, Parameter, Use, Value, ValueId,
    VariableKind,
};
use crate::source::Span;

/// Where a function stands, and what is written on it.
pub(super) struct Place {
    pub(super) kind: FunctionKind,
    pub(super) class: ClassId,
    pub(super) is_public: bool,
    pub(super) attributes: Vec<Attribute>,
}

/// A function item or a method, its body given by `inside`.
pub(super) fn item(
    cx: &mut Context,
    signature: &Signature,
    place: Place,
    braces: Span,
    inside: impl FnOnce(&mut Context) -> ValueId,
) -> FunctionId {
    let name = cx.intern(&signature.ident.to_string());
    let name_span = cx.span(signature.ident.span());
    let start = cx.span(first_token(signature)).start;
    let function = cx.open_body(Function {
        name,
        name_span,
        span: Span::new(start, braces.end),
        body_span: braces,
        kind: place.kind,
        parent: cx.function(),
        class: place.class,
        is_static: place.class != NONE && signature.receiver().is_none(),
        is_async: signature.asyncness.is_some(),
        is_public: place.is_public,
        attributes: place.attributes,
        ..Function::module()
    });
    scope::open(cx, ScopeKind::Item);
    types::bind_parameters(cx, &signature.generics);
    parameters(cx, function, signature);
    let returns = types::returned(cx, &signature.output);
    cx.facts.functions[function as usize].returns = returns;
    let value = inside(cx);
    give_back(cx, value);
    scope::close(cx);
    cx.close_body();
    function
}

/// A function item with a block of statements.
pub(super) fn with_block(cx: &mut Context, signature: &Signature, block: &Block, place: Place) -> FunctionId {
    let braces = braces(cx, block);
    item(cx, signature, place, braces, |cx| control::statements(cx, &block.stmts))
}

fn braces(cx: &Context, block: &Block) -> Span {
    cx.join(block.brace_token.span.open(), block.brace_token.span.close())
}

fn first_token(signature: &Signature) -> TokenSpan {
    if let Some(token) = &signature.constness {
        return token.span;
    }
    if let Some(token) = &signature.asyncness {
        return token.span;
    }
    match (&signature.safety, &signature.abi) {
        (Safety::Unsafe(token), _) => token.span,
        (Safety::Safe(token), _) => token.span,
        (Safety::Default, Some(abi)) => abi.extern_token.span,
        (Safety::Default, None) => signature.fn_token.span,
    }
}

/// The last expression of a body is what it returns.
fn give_back(cx: &mut Context, value: ValueId) {
    if value != NONE && cx.facts.value(value) != Value::Undefined {
        cx.mark(value, Use::RETURNED);
        cx.step(Op::Return(value), cx.facts.span(value));
    }
}

fn parameters(cx: &mut Context, function: FunctionId, signature: &Signature) {
    let close = cx.span(signature.paren_token.span.close()).start;
    for pair in signature.inputs.pairs() {
        let end = pair.punct().map_or(close, |comma| cx.span(comma.span).start);
        if let FnArg::Typed(typed) = pair.value() {
            typed_parameter(cx, function, typed, end);
        }
    }
}

fn typed_parameter(cx: &mut Context, function: FunctionId, typed: &PatType, end: u32) {
    let annotation = types::lower(cx, &typed.ty);
    let attributes = attributes::own(cx, &typed.attrs);
    parameter(cx, function, &typed.pat, (annotation, attributes), end);
}

fn parameter(
    cx: &mut Context,
    function: FunctionId,
    pattern: &Pat,
    (annotation, attributes): (u32, Vec<Attribute>),
    end: u32,
) {
    let start = cx.span(pattern::first_token(pattern).unwrap_or_else(TokenSpan::call_site)).start;
    let span = Span::new(start, end.max(start));
    let name = match pattern {
        Pat::Ident(pattern) => cx.intern(&pattern.ident.to_string()),
        _ => Name::EMPTY,
    };
    let parameters = &mut cx.facts.functions[function as usize].parameters;
    let position = super::context::index(parameters.len());
    parameters.push(Parameter { name, span, annotation, default: NONE, rest: false, read: false, attributes });
    let value = cx.push(Value::Parameter(function, position), span);
    let role = Role { kind: VariableKind::Parameter, parameter: Some(position) };
    pattern::bind(cx, pattern, value, annotation, role);
}

/// `|a, b| body`
pub(super) fn closure(cx: &mut Context, closure: &syn::ExprClosure, name: Option<&Ident>) -> ValueId {
    let first = match (&closure.asyncness, &closure.capture) {
        (Some(token), _) => token.span,
        (None, Some(token)) => token.span,
        (None, None) => closure.inputs_begin.span,
    };
    let span = cx.join(first, closure.inputs_end.span);
    let function = open_arrow(cx, name, span, closure.asyncness.is_some());
    let close = cx.span(closure.inputs_end.span).start;
    for pair in closure.inputs.pairs() {
        let end = pair.punct().map_or(close, |comma| cx.span(comma.span).start);
        match pair.value() {
            Pat::Type(typed) => typed_parameter(cx, function, typed, end),
            pattern => parameter(cx, function, pattern, (NONE, Vec::new()), end),
        }
    }
    let returns = types::returned(cx, &closure.output);
    cx.facts.functions[function as usize].returns = returns;
    let (value, body) = match &*closure.body {
        Expr::Block(body) if body.label.is_none() => {
            let braces = braces(cx, &body.block);
            (control::statements(cx, &body.block.stmts), braces)
        }
        body => {
            let value = expression::lower(cx, body);
            (value, cx.facts.span(value))
        }
    };
    close_arrow(cx, function, value, if body == Span::default() { Span::new(span.end, span.end) } else { body })
}

/// `async { .. }`
pub(super) fn async_block(cx: &mut Context, block: &syn::ExprAsync, name: Option<&Ident>) -> ValueId {
    let braces = braces(cx, &block.block);
    let span = Span::new(cx.span(block.async_token.span).start, braces.end);
    let function = open_arrow(cx, name, span, true);
    let value = control::statements(cx, &block.block.stmts);
    close_arrow(cx, function, value, braces)
}

fn open_arrow(cx: &mut Context, name: Option<&Ident>, span: Span, is_async: bool) -> FunctionId {
    let name_span = name.map_or(span, |name| cx.span(name.span()));
    let name = name.map_or(Name::EMPTY, |name| cx.intern(&name.to_string()));
    let parent = cx.function();
    let function = cx.open_body(Function {
        name,
        name_span,
        span,
        kind: FunctionKind::Arrow,
        parent,
        is_async,
        ..Function::module()
    });
    scope::open(cx, ScopeKind::Open);
    function
}

fn close_arrow(cx: &mut Context, function: FunctionId, value: ValueId, body: Span) -> ValueId {
    give_back(cx, value);
    scope::close(cx);
    cx.close_body();
    let facts = &mut cx.facts.functions[function as usize];
    facts.body_span = body;
    facts.span.end = facts.span.end.max(body.end);
    if facts.name == Name::EMPTY {
        facts.name_span = facts.span;
    }
    let span = facts.span;
    cx.push(Value::Function(function), span)
}
