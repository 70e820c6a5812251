//! Functions and object literals: what a value is made of.

use swc_common::Spanned;
use swc_ecma_ast::{
    ArrowExpr, ArrowFunctionBody, Expr, ExprOrSpread, FnDecl, FnExpr, Function as Written, ObjectLit, Param, Pat, Prop,
    PropName, PropOrSpread, Stmt, TsParamPropParam,
};

use super::builder::Builder;
use super::patterns::Bind;
use super::scopes::Position;
use super::span;
use crate::facts::{
    Function, FunctionId, FunctionKind, List, NONE, Name, Op, Parameter, Property, PropertyKey, Use, Value, ValueId,
    VariableId, VariableKind,
};
use crate::source::Span;

/// How deep literals are kept, and how many entries of one.
const DEEPEST_LITERAL: u32 = 6;
const MOST_ENTRIES: usize = 256;

/// A function as it is written, whatever its syntax.
pub(super) struct Shape<'a> {
    pub(super) kind: FunctionKind,
    pub(super) name: Option<(Name, Span)>,
    pub(super) span: Span,
    pub(super) is_static: bool,
    pub(super) is_async: bool,
    pub(super) is_generator: bool,
    pub(super) parameters: Vec<Incoming<'a>>,
    pub(super) body: Body<'a>,
    pub(super) returns: Option<&'a swc_ecma_ast::TsTypeAnn>,
    pub(super) type_parameters: Option<&'a swc_ecma_ast::TsTypeParamDecl>,
}

/// One parameter as written.
pub(super) enum Incoming<'a> {
    Pattern(&'a Pat),
    /// `constructor(private x: X)`
    Field(&'a TsParamPropParam),
}

/// A body as written.
pub(super) enum Body<'a> {
    Statements(&'a [Stmt], Span),
    Expression(&'a Expr),
    Missing,
}

impl Builder {
    pub(super) fn function_expression(&mut self, function: &FnExpr, place: Span) -> ValueId {
        let hint = self.hint.take();
        let own = function.ident.as_ref().map(|ident| (self.name(&ident.sym), span(ident.span)));
        self.scopes.enter(false);
        let id = self.method(&function.function, FunctionKind::Expression, own.or(hint), place, false);
        if let Some((name, name_span)) = own {
            let value = self.value(Value::Function(id), place);
            self.declare(name, VariableKind::Function, name_span, value);
        }
        self.scopes.leave();
        self.value(Value::Function(id), place)
    }

    pub(super) fn arrow(&mut self, arrow: &ArrowExpr, place: Span) -> ValueId {
        let name = self.hint.take();
        let body = match &*arrow.body {
            ArrowFunctionBody::FunctionBody(body) => Body::Statements(&body.stmts, span(body.span)),
            ArrowFunctionBody::Expr(expression) => Body::Expression(expression),
        };
        let id = self.function(Shape {
            kind: FunctionKind::Arrow,
            name,
            span: place,
            is_static: false,
            is_async: arrow.is_async,
            is_generator: arrow.is_generator,
            parameters: arrow.params.iter().map(Incoming::Pattern).collect(),
            body,
            returns: arrow.return_type.as_deref(),
            type_parameters: arrow.type_params.as_deref(),
        });
        self.value(Value::Function(id), place)
    }

    /// `function f() {}`; without a body it is an overload or a declaration, and nothing but its name is kept.
    pub(super) fn function_declaration(&mut self, declared: &FnDecl) -> VariableId {
        let name = self.name(&declared.ident.sym);
        let name_span = span(declared.ident.span);
        if declared.declare || declared.function.body.is_none() {
            return self.declare(name, VariableKind::Function, name_span, NONE);
        }
        let place = span(declared.function.span);
        let variable = self.declare(name, VariableKind::Function, name_span, NONE);
        let id = self.method(&declared.function, FunctionKind::Declaration, Some((name, name_span)), place, false);
        let value = self.value(Value::Function(id), place);
        let variable_facts = &mut self.facts.variables[variable as usize];
        variable_facts.init = value;
        variable_facts.span = name_span;
        variable
    }

    /// A function or method of the `function` syntax.
    pub(super) fn method(
        &mut self,
        written: &Written,
        kind: FunctionKind,
        name: Option<(Name, Span)>,
        place: Span,
        is_static: bool,
    ) -> FunctionId {
        self.function(Shape {
            kind,
            name,
            span: place,
            is_static,
            is_async: written.is_async,
            is_generator: written.is_generator,
            parameters: written.params.iter().map(|Param { pat, .. }| Incoming::Pattern(pat)).collect(),
            body: match &written.body {
                Some(body) => Body::Statements(&body.stmts, span(body.span)),
                None => Body::Missing,
            },
            returns: written.return_type.as_deref(),
            type_parameters: written.type_params.as_deref(),
        })
    }

    pub(super) fn function(&mut self, shape: Shape<'_>) -> FunctionId {
        let (literals, blocks) = (std::mem::take(&mut self.literals), std::mem::take(&mut self.blocks));
        let class = if in_class(shape.kind) { self.class } else { NONE };
        let parent = self.function_id();
        let (name, name_span) = shape.name.unwrap_or((Name::EMPTY, shape.span));
        let id = self.open_frame(Function {
            name,
            name_span,
            span: shape.span,
            kind: shape.kind,
            parent,
            class,
            is_static: shape.is_static,
            is_async: shape.is_async,
            is_generator: shape.is_generator,
            ..Function::module()
        });
        self.scopes.enter(true);
        self.type_parameters(shape.type_parameters);
        let returns = self.annotation(shape.returns);
        self.facts.functions[id as usize].returns = returns;
        for (index, incoming) in shape.parameters.iter().enumerate() {
            self.parameter(id, u32::try_from(index).unwrap_or(u32::MAX), incoming);
        }
        match shape.body {
            Body::Statements(statements, place) => {
                self.facts.functions[id as usize].body_span = place;
                self.body_directives(statements, id);
                self.statements(statements);
            }
            Body::Expression(expression) => {
                let place = span(expression.span());
                self.facts.functions[id as usize].body_span = place;
                let value = self.expression(expression, Use::RETURNED);
                self.step(Op::Return(value), place);
            }
            Body::Missing => {}
        }
        self.scopes.leave();
        self.close_frame();
        (self.literals, self.blocks) = (literals, blocks);
        id
    }

    fn parameter(&mut self, function: FunctionId, index: u32, incoming: &Incoming<'_>) {
        let place = match incoming {
            Incoming::Pattern(pattern) => span(pattern.span()),
            Incoming::Field(TsParamPropParam::Ident(ident)) => span(ident.id.span),
            Incoming::Field(TsParamPropParam::Assign(assign)) => span(assign.span),
        };
        let mut described = Parameter {
            name: Name::EMPTY,
            span: place,
            annotation: NONE,
            default: NONE,
            rest: false,
            read: false,
            attributes: Vec::new(),
        };
        let value = self.value(Value::Parameter(function, index), place);
        let owned;
        let pattern = match incoming {
            Incoming::Pattern(pattern) => *pattern,
            Incoming::Field(field) => {
                owned = match field {
                    TsParamPropParam::Ident(ident) => Pat::Ident(ident.clone()),
                    TsParamPropParam::Assign(assign) => Pat::Assign(assign.clone()),
                };
                &owned
            }
        };
        let annotated = self.describe(pattern, &mut described);
        self.facts.functions[function as usize].parameters.push(described);
        let bound = self.pattern(pattern, value, Bind::Declare(VariableKind::Parameter));
        if let (Some(annotation), [only]) = (annotated, bound.as_slice())
            && self.facts.variables[only.variable as usize].annotation == NONE
        {
            self.facts.variables[only.variable as usize].annotation = annotation;
        }
        if let (Pat::Assign(_), Some(bound)) = (pattern, bound.first())
            && let Some(default) = self.default_of(self.facts.variables[bound.variable as usize].init)
        {
            self.facts.functions[function as usize].parameters[index as usize].default = default;
        }
    }

    /// The default of the parameter that a part of its pattern comes from; the parts may have defaults of their own.
    fn default_of(&self, mut part: ValueId) -> Option<ValueId> {
        loop {
            part = match self.facts.value(part) {
                Value::Logical(_, inner, default) => match self.facts.value(inner) {
                    Value::Parameter(..) => return Some(default),
                    _ => inner,
                },
                Value::Member(inner, _) | Value::Index(inner, _) | Value::Rest(inner) => inner,
                _ => return None,
            }
        }
    }

    /// Fills in what a parameter's pattern says of it; gives the annotation of a plain name.
    fn describe(&mut self, pattern: &Pat, described: &mut Parameter) -> Option<u32> {
        match pattern {
            Pat::Ident(ident) => {
                described.name = self.name(&ident.id.sym);
                described.annotation = self.annotation(ident.type_ann.as_deref());
                Some(described.annotation)
            }
            Pat::Object(object) => {
                described.annotation = self.annotation(object.type_ann.as_deref());
                None
            }
            Pat::Array(array) => {
                described.annotation = self.annotation(array.type_ann.as_deref());
                None
            }
            Pat::Rest(rest) => {
                described.rest = true;
                self.describe(&rest.arg, described);
                described.annotation = self.annotation(rest.type_ann.as_deref());
                None
            }
            Pat::Assign(assign) => self.describe(&assign.left, described),
            Pat::Expr(_) | Pat::Invalid(_) => None,
        }
    }

    pub(super) fn object(&mut self, object: &ObjectLit, place: Span) -> ValueId {
        self.literals += 1;
        let base = self.entries.len();
        for property in &object.props {
            let kept = self.property(property);
            match self.entries.len() - base {
                len if len < MOST_ENTRIES => self.entries.push(kept),
                MOST_ENTRIES => self.entries.push(Property { key: PropertyKey::More, value: NONE, span: place }),
                _ => {}
            }
        }
        self.literals -= 1;
        if self.literals >= DEEPEST_LITERAL {
            self.entries.truncate(base);
            return self.value(Value::Unknown, place);
        }
        let list = self.close_properties(base);
        self.value(Value::Object(list), place)
    }

    /// Moves the entries written since `base` to their arena.
    pub(super) fn close_properties(&mut self, base: usize) -> List {
        let start = u32::try_from(self.facts.properties.len()).unwrap_or(NONE);
        let len = u32::try_from(self.entries.len() - base).unwrap_or(0);
        self.facts.properties.extend(self.entries.drain(base..));
        List { start, len }
    }

    fn property(&mut self, property: &PropOrSpread) -> Property {
        let property = match property {
            PropOrSpread::Spread(spread) => {
                let value = self.expression(&spread.expr, Use::PASSED);
                return Property { key: PropertyKey::Spread, value, span: span(spread.dot3_token) };
            }
            PropOrSpread::Prop(property) => property,
        };
        match &**property {
            Prop::Shorthand(ident) => {
                let name = self.name(&ident.sym);
                let place = span(ident.span);
                let value = self.identifier(name, place, Position::Read);
                Property { key: PropertyKey::Named(name), value, span: place }
            }
            Prop::KeyValue(pair) => {
                let (key, place) = self.property_key(&pair.key);
                if let PropertyKey::Named(name) = key {
                    self.hint = Some((name, place));
                }
                let value = self.expression(&pair.value, Use::PASSED);
                self.hint = None;
                Property { key, value, span: place }
            }
            Prop::Assign(assign) => {
                let name = self.name(&assign.key.sym);
                let value = self.expression(&assign.value, Use::PASSED);
                Property { key: PropertyKey::Named(name), value, span: span(assign.span) }
            }
            Prop::Getter(getter) => {
                self.object_method(&getter.key, &getter.function, FunctionKind::Getter, span(getter.span))
            }
            Prop::Setter(setter) => {
                self.object_method(&setter.key, &setter.function, FunctionKind::Setter, span(setter.span))
            }
            Prop::Method(method) => {
                let place = span(method.function.span);
                self.object_method(&method.key, &method.function, FunctionKind::ObjectMethod, place)
            }
        }
    }

    fn object_method(&mut self, key: &PropName, written: &Written, kind: FunctionKind, place: Span) -> Property {
        let (key, key_span) = self.property_key(key);
        let name = if let PropertyKey::Named(name) = key { Some((name, key_span)) } else { None };
        let id = self.method(written, kind, name, place, false);
        let value = match kind {
            FunctionKind::Setter => self.value(Value::Unknown, place),
            _ => self.value(Value::Function(id), place),
        };
        Property { key, value, span: key_span }
    }

    fn property_key(&mut self, key: &PropName) -> (PropertyKey, Span) {
        match (self.key(key), key) {
            ((Some(name), place), _) => (PropertyKey::Named(name), place),
            ((None, place), PropName::Computed(computed)) => {
                (PropertyKey::Computed(self.expression(&computed.expr, Use::CHAINED)), place)
            }
            ((None, place), _) => (PropertyKey::More, place),
        }
    }

    /// The name of a property's key, unless it is computed.
    pub(super) fn key(&mut self, key: &PropName) -> (Option<Name>, Span) {
        match key {
            PropName::Ident(ident) => (Some(self.name(&ident.sym)), span(ident.span)),
            PropName::Str(text) => (Some(self.text(&text.value)), span(text.span)),
            PropName::Num(number) => (Some(self.name(&number.value.to_string())), span(number.span)),
            PropName::BigInt(number) => (Some(self.name(&number.value.to_string())), span(number.span)),
            PropName::Computed(computed) => match &*computed.expr {
                Expr::Lit(swc_ecma_ast::Lit::Str(text)) => (Some(self.text(&text.value)), span(text.span)),
                _ => (None, span(computed.span)),
            },
        }
    }

    pub(super) fn array(&mut self, elements: &[Option<&ExprOrSpread>], place: Span) -> ValueId {
        self.literals += 1;
        let mut values = Vec::with_capacity(elements.len().min(MOST_ENTRIES));
        for element in elements {
            let value = match element {
                None => self.value(Value::Undefined, place),
                Some(element) => {
                    let value = self.expression(&element.expr, Use::PASSED);
                    if element.spread.is_some() { self.value(Value::Spread(value), place) } else { value }
                }
            };
            match values.len() {
                len if len < MOST_ENTRIES => values.push(value),
                MOST_ENTRIES => {
                    let rest = self.value(Value::Unknown, place);
                    values.push(self.value(Value::Spread(rest), place));
                }
                _ => {}
            }
        }
        self.literals -= 1;
        if self.literals >= DEEPEST_LITERAL {
            return self.value(Value::Unknown, place);
        }
        let list = self.list(&values);
        self.value(Value::Array(list), place)
    }
}

fn in_class(kind: FunctionKind) -> bool {
    matches!(
        kind,
        FunctionKind::Method
            | FunctionKind::Getter
            | FunctionKind::Setter
            | FunctionKind::Constructor
            | FunctionKind::Initializer
    )
}
