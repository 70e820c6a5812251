//! Classes, enums and namespaces: the declarations that hold members.

use swc_ecma_ast::{
    CallExpr, Callee, Class as Written, ClassDecl, ClassExpr, ClassMember as WrittenMember, Decl, Expr, Key,
    MethodKind, ModuleDecl, ModuleItem, ParamOrTsParamProp, PropName, TsEnumDecl, TsEnumMemberId, TsModuleDecl,
    TsModuleName, TsNamespaceBody, TsTypeAnn,
};

use super::builder::Builder;
use super::erasure::is_instantiated;
use super::functions::{Body, Incoming, Shape};
use super::span;
use crate::facts::{
    Attribute, Class, ClassId, ClassMember, FunctionKind, List, MemberKind, NONE, Name, Property, PropertyKey, Use,
    Value, ValueId, VariableId, VariableKind,
};
use crate::source::Span;

/// A field as written, private or not.
struct Field<'a> {
    name: (Name, Span),
    value: Option<&'a Expr>,
    annotation: Option<&'a TsTypeAnn>,
    is_static: bool,
    span: Span,
}

impl Builder {
    pub(super) fn class_declaration(&mut self, declared: &ClassDecl) -> Option<VariableId> {
        if declared.declare {
            return None;
        }
        let name = self.name(&declared.ident.sym);
        let place = span(declared.class.span);
        let variable = self.declare(name, VariableKind::Class, span(declared.ident.span), NONE);
        let id = self.class(&declared.class, name);
        let value = self.value(Value::Class(id), place);
        self.facts.variables[variable as usize].init = value;
        Some(variable)
    }

    pub(super) fn class_expression(&mut self, class: &ClassExpr, place: Span) -> ValueId {
        let hint = self.hint.take();
        self.scopes.enter(false);
        let own = class.ident.as_ref().map(|ident| (self.name(&ident.sym), span(ident.span)));
        let name = own.or(hint).map_or(Name::EMPTY, |(name, _)| name);
        let id = self.class(&class.class, name);
        let value = self.value(Value::Class(id), place);
        if let Some((name, name_span)) = own {
            self.declare(name, VariableKind::Class, name_span, value);
        }
        self.scopes.leave();
        value
    }

    pub(super) fn class(&mut self, written: &Written, name: Name) -> ClassId {
        let extends = written.super_class.as_ref().map_or(NONE, |class| self.expression(class, Use::CHAINED));
        let attributes = written.decorators.iter().map(|decorator| self.decorator(decorator)).collect();
        let id = u32::try_from(self.facts.classes.len()).unwrap_or(NONE);
        let function = self.function_id();
        self.facts.classes.push(Class {
            name,
            span: span(written.span),
            extends,
            members: Vec::new(),
            attributes,
            function,
        });
        let outer = std::mem::replace(&mut self.class, id);
        self.scopes.enter(false);
        self.type_parameters(written.type_params.as_deref());
        for member in &written.body {
            self.class_member(member, id);
        }
        self.scopes.leave();
        self.class = outer;
        id
    }

    fn decorator(&mut self, decorator: &swc_ecma_ast::Decorator) -> Attribute {
        let value = self.expression(&decorator.expr, Use::DISCARDED);
        let (callee, arguments) = match self.facts.value(value) {
            Value::Call(call) => {
                let call = &self.facts.calls[call as usize];
                (call.callee, call.arguments)
            }
            _ => (value, List::default()),
        };
        let written = match &*decorator.expr {
            Expr::Call(CallExpr { callee: Callee::Expr(callee), .. }) => callee,
            other => other,
        };
        let path = match (self.facts.value(callee), written) {
            (Value::Member(_, name), _) => name,
            (_, Expr::Ident(ident)) => self.name(&ident.sym),
            _ => Name::EMPTY,
        };
        Attribute { path, arguments, span: span(decorator.span) }
    }

    fn class_member(&mut self, member: &WrittenMember, class: ClassId) {
        match member {
            WrittenMember::Constructor(constructor) => {
                if constructor.body.is_none() {
                    return;
                }
                self.constructor(constructor, class);
            }
            WrittenMember::Method(method) => {
                if method.function.body.is_some() {
                    let name = self.member_name(&method.key);
                    let member = (name, method.kind, method.is_static, span(method.span));
                    self.class_method(class, member, &method.function);
                }
            }
            WrittenMember::PrivateMethod(method) => {
                let name = (self.name(&format!("#{}", method.key.name)), span(method.key.span));
                let member = (name, method.kind, method.is_static, span(method.span));
                self.class_method(class, member, &method.function);
            }
            WrittenMember::ClassProp(field) => {
                if field.declare || field.is_abstract {
                    return;
                }
                let name = self.member_name(&field.key);
                let (value, annotation) = (field.value.as_deref(), field.type_ann.as_deref());
                let (is_static, span) = (field.is_static, span(field.span));
                self.field(class, &Field { name, value, annotation, is_static, span });
            }
            WrittenMember::PrivateProp(field) => {
                let name = (self.name(&format!("#{}", field.key.name)), span(field.key.span));
                let (value, annotation) = (field.value.as_deref(), field.type_ann.as_deref());
                let (is_static, span) = (field.is_static, span(field.span));
                self.field(class, &Field { name, value, annotation, is_static, span });
            }
            WrittenMember::AutoAccessor(field) => {
                let name = match &field.key {
                    Key::Private(key) => (self.name(&format!("#{}", key.name)), span(key.span)),
                    Key::Public(key) => self.member_name(key),
                };
                let (value, annotation) = (field.value.as_deref(), field.type_ann.as_deref());
                let (is_static, span) = (field.is_static, span(field.span));
                self.field(class, &Field { name, value, annotation, is_static, span });
            }
            WrittenMember::StaticBlock(block) => {
                let place = span(block.span);
                self.function(Shape {
                    kind: FunctionKind::Initializer,
                    name: None,
                    span: place,
                    is_static: true,
                    is_async: false,
                    is_generator: false,
                    parameters: Vec::new(),
                    body: Body::Statements(&block.body.stmts, place),
                    returns: None,
                    type_parameters: None,
                });
            }
            WrittenMember::TsIndexSignature(_) | WrittenMember::Empty(_) => {}
        }
    }

    fn constructor(&mut self, constructor: &swc_ecma_ast::Constructor, class: ClassId) {
        let name = self.name("constructor");
        let place = span(constructor.span);
        let key = Span::new(place.start, place.start + 11);
        let body = constructor.body.as_ref();
        let id = self.function(Shape {
            kind: FunctionKind::Constructor,
            name: Some((name, key)),
            span: place,
            is_static: false,
            is_async: false,
            is_generator: false,
            parameters: constructor
                .params
                .iter()
                .map(|parameter| match parameter {
                    ParamOrTsParamProp::Param(parameter) => Incoming::Pattern(&parameter.pat),
                    ParamOrTsParamProp::TsParamProp(field) => Incoming::Field(&field.param),
                })
                .collect(),
            body: body.map_or(Body::Missing, |body| Body::Statements(&body.stmts, span(body.span))),
            returns: None,
            type_parameters: None,
        });
        let value = self.value(Value::Function(id), place);
        let kind = MemberKind::Constructor;
        self.push_member(class, ClassMember { name, kind, is_static: false, value, annotation: NONE, span: key });
        for (index, parameter) in constructor.params.iter().enumerate() {
            if !matches!(parameter, ParamOrTsParamProp::TsParamProp(_)) {
                continue;
            }
            let described = &self.facts.functions[id as usize].parameters[index];
            let (name, annotation, span) = (described.name, described.annotation, described.span);
            let value = self.value(Value::Parameter(id, u32::try_from(index).unwrap_or(u32::MAX)), span);
            let kind = MemberKind::Field;
            self.push_member(class, ClassMember { name, kind, is_static: false, value, annotation, span });
        }
    }

    fn push_member(&mut self, class: ClassId, member: ClassMember) {
        self.facts.classes[class as usize].members.push(member);
    }

    fn member_name(&mut self, key: &PropName) -> (Name, Span) {
        match self.key(key) {
            (Some(name), place) => (name, place),
            (None, place) => {
                if let PropName::Computed(computed) = key {
                    self.expression(&computed.expr, Use::CHAINED);
                }
                (Name::EMPTY, place)
            }
        }
    }

    fn class_method(
        &mut self,
        class: ClassId,
        (name, kind, is_static, place): ((Name, Span), MethodKind, bool, Span),
        written: &swc_ecma_ast::Function,
    ) {
        let (function_kind, kind) = match kind {
            MethodKind::Method => (FunctionKind::Method, MemberKind::Method),
            MethodKind::Getter => (FunctionKind::Getter, MemberKind::Getter),
            MethodKind::Setter => (FunctionKind::Setter, MemberKind::Setter),
        };
        let id = self.method(written, function_kind, Some(name), place, is_static);
        let attributes = written.decorators.iter().map(|decorator| self.decorator(decorator)).collect();
        self.facts.functions[id as usize].attributes = attributes;
        let value = self.value(Value::Function(id), place);
        let (name, span) = name;
        self.push_member(class, ClassMember { name, kind, is_static, value, annotation: NONE, span });
    }

    /// A field; its first value is computed in a function of its own, since its `this` is the instance.
    fn field(&mut self, class: ClassId, field: &Field<'_>) {
        let annotation = self.annotation(field.annotation);
        let (name, name_span) = field.name;
        let value = field.value.map_or(NONE, |written| {
            let id = self.open_frame(crate::facts::Function {
                name,
                name_span,
                span: field.span,
                body_span: field.span,
                kind: FunctionKind::Initializer,
                parent: self.function_id(),
                class,
                is_static: field.is_static,
                ..crate::facts::Function::module()
            });
            self.scopes.enter(true);
            self.hint = Some(field.name);
            let value = self.expression(written, Use::STORED);
            self.hint = None;
            self.scopes.leave();
            debug_assert_eq!(self.function_id(), id, "frames close in the order in which they open");
            self.close_frame();
            value
        });
        let kind = MemberKind::Field;
        self.push_member(
            class,
            ClassMember { name, kind, is_static: field.is_static, value, annotation, span: name_span },
        );
    }

    /// `enum E { A = 'a' }` is an object of its members.
    pub(super) fn ts_enum(&mut self, declared: &TsEnumDecl) -> Option<VariableId> {
        if declared.declare {
            return None;
        }
        let place = span(declared.span);
        let base = self.entries.len();
        for member in &declared.members {
            let name = match &member.id {
                TsEnumMemberId::Ident(ident) => self.name(&ident.sym),
                TsEnumMemberId::Str(text) => self.text(&text.value),
            };
            let value = member.init.as_ref().map_or(NONE, |init| self.expression(init, Use::PASSED));
            self.entries.push(Property { key: PropertyKey::Named(name), value, span: span(member.span) });
        }
        let list = self.close_properties(base);
        let value = self.value(Value::Object(list), place);
        let name = self.name(&declared.id.sym);
        Some(self.declare(name, VariableKind::TypeScript, span(declared.id.span), value))
    }

    /// `namespace N { .. }` is an object of what it exports.
    pub(super) fn ts_namespace(&mut self, namespace: &TsModuleDecl) -> Option<VariableId> {
        let TsModuleName::Ident(ident) = &namespace.id else { return None };
        if !is_instantiated(namespace) {
            return None;
        }
        let name = self.name(&ident.sym);
        let place = span(ident.span);
        // The name is there while the body is walked, which may use it.
        self.declare(name, VariableKind::TypeScript, place, NONE);
        let mut body = namespace.body.as_ref();
        let mut nested = 0;
        while let Some(TsNamespaceBody::TsNamespaceDecl(inner)) = body {
            body = Some(&*inner.body);
            nested += 1;
        }
        let base = self.entries.len();
        self.scopes.enter(false);
        if let Some(TsNamespaceBody::TsModuleBlock(block)) = body {
            self.blocks += 1;
            for item in &block.body {
                match item {
                    ModuleItem::Stmt(statement) => self.statement(statement),
                    ModuleItem::ModuleDecl(ModuleDecl::ExportDecl(export)) => self.namespace_export(&export.decl),
                    ModuleItem::ModuleDecl(_) => {}
                }
            }
            self.blocks -= 1;
        }
        self.scopes.leave();
        let list = self.close_properties(base);
        // `namespace A.B {}`: what `A` holds is not kept.
        let value = if nested == 0 { self.value(Value::Object(list), place) } else { NONE };
        Some(self.declare(name, VariableKind::TypeScript, place, value))
    }

    fn namespace_export(&mut self, declared: &Decl) {
        let bound: Vec<(VariableId, Span)> = match declared {
            Decl::Fn(function) => vec![(self.function_declaration(function), span(function.ident.span))],
            Decl::Class(class) => {
                let variable = self.class_declaration(class);
                variable.map(|variable| (variable, span(class.ident.span))).into_iter().collect()
            }
            Decl::Var(variables) => {
                self.variables(variables).into_iter().map(|bound| (bound.variable, bound.span)).collect()
            }
            Decl::TsEnum(declared) => {
                let variable = self.ts_enum(declared);
                variable.map(|variable| (variable, span(declared.id.span))).into_iter().collect()
            }
            _ => {
                self.declaration(declared);
                return;
            }
        };
        for (variable, place) in bound {
            let value = self.value(Value::Variable(variable), place);
            let key = PropertyKey::Named(self.facts.variables[variable as usize].name);
            self.entries.push(Property { key, value, span: place });
        }
    }
}
