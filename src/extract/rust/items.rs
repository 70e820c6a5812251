//! Items: what a module declares, imports and exports.
//!
//! Items are declared before any of them is walked, because they are seen in their whole block. An inline module is a scope of this file; its
//! variables and exports carry its path. Whatever is visible outside its own module, `pub(crate)` too, counts as exported.

use proc_macro2::Ident;
use syn::{ImplItem, Item, TraitItem, Type as SynType, Visibility};

use super::context::Context;
use super::function::{self, Place};
use super::scope::{self, Binding, ScopeKind, Sort};
use super::{attributes, expression, imports, macros, types};
use crate::facts::{
    Class, ClassId, ClassMember, Export, ExportForm, ExportKind, FunctionKind, MemberKind, NONE, Name, Type, TypeId,
    Value, ValueId, Variable, VariableId, VariableKind,
};
use crate::source::Span;

/// Declares items in the present scope.
pub(super) fn declare(cx: &mut Context, items: &[&Item]) {
    let mut uses = Vec::new();
    declare_names(cx, items, &mut uses);
    imports::connect(cx, uses);
    alias_types(cx, items);
}

fn declare_names(cx: &mut Context, items: &[&Item], uses: &mut Vec<imports::Pending>) {
    for item in items {
        match item {
            Item::Fn(item) => variable(cx, &item.sig.ident, VariableKind::Function),
            Item::Struct(item) => variable(cx, &item.ident, VariableKind::Class),
            Item::Enum(item) => variable(cx, &item.ident, VariableKind::Class),
            Item::Union(item) => variable(cx, &item.ident, VariableKind::Class),
            Item::Trait(item) => variable(cx, &item.ident, VariableKind::Class),
            Item::Const(item) if item.ident != "_" => variable(cx, &item.ident, VariableKind::Const),
            Item::Static(item) => variable(cx, &item.ident, VariableKind::Const),
            Item::Use(item) => imports::declare(cx, item, uses),
            Item::ExternCrate(item) => imports::extern_crate(cx, item),
            Item::Mod(item) => match &item.content {
                None => imports::module(cx, item),
                Some((_, content)) => {
                    let outer = cx.scope;
                    let inner = scope::open(cx, ScopeKind::Module);
                    let prefix = format!("{}{}::", cx.scopes[inner as usize].prefix, item.ident);
                    cx.scopes[inner as usize].prefix = prefix;
                    declare_names(cx, &content.iter().collect::<Vec<_>>(), uses);
                    cx.scope = outer;
                    let at = cx.span(item.ident.span()).start;
                    cx.declared.insert(at, inner);
                    let name = cx.intern(&item.ident.to_string());
                    scope::bind(cx, name, Binding::Module(inner));
                }
            },
            Item::Type(item) => {
                // The type that it names is put here when all names are declared.
                let (ty, name) = (cx.add_type(Type::Unknown), cx.intern(&item.ident.to_string()));
                let at = cx.span(item.ident.span()).start;
                cx.declared.insert(at, ty);
                scope::bind(cx, name, Binding::Type(ty));
            }
            Item::Macro(item) => {
                for (_, items) in macros::items(&item.mac) {
                    declare_names(cx, &items.iter().collect::<Vec<_>>(), uses);
                }
            }
            _ => {}
        }
    }
}

fn variable(cx: &mut Context, ident: &Ident, kind: VariableKind) {
    let text = ident.to_string();
    let qualified = format!("{}{text}", cx.scopes[cx.scope as usize].prefix);
    let (name, plain, span) = (cx.intern(&qualified), cx.intern(&text), cx.span(ident.span()));
    let function = cx.function();
    let variable = cx.variable(Variable {
        name,
        kind,
        function,
        span,
        init: NONE,
        annotation: NONE,
        reassigned: false,
        read: false,
    });
    cx.declared.insert(span.start, variable);
    scope::bind(cx, plain, Binding::Item(variable));
}

/// Aliases stand for the type that they name.
fn alias_types(cx: &mut Context, items: &[&Item]) {
    for item in items {
        match item {
            Item::Type(item) => {
                scope::open(cx, ScopeKind::Open);
                types::bind_parameters(cx, &item.generics);
                let ty = types::lower(cx, &item.ty);
                scope::close(cx);
                let at = cx.span(item.ident.span()).start;
                if let (Some(&alias), Some(&named)) = (cx.declared.get(&at), cx.facts.types.get(ty as usize)) {
                    cx.facts.types[alias as usize] = named;
                }
            }
            Item::Mod(item) => {
                if let Some((_, content)) = &item.content {
                    inside(cx, item, |cx| alias_types(cx, &content.iter().collect::<Vec<_>>()));
                }
            }
            _ => {}
        }
    }
}

fn inside(cx: &mut Context, item: &syn::ItemMod, run: impl FnOnce(&mut Context)) {
    let at = cx.span(item.ident.span()).start;
    let Some(&scope) = cx.declared.get(&at) else { return };
    let outer = std::mem::replace(&mut cx.scope, scope);
    run(cx);
    cx.scope = outer;
}

/// Walks one declared item.
pub(super) fn lower(cx: &mut Context, item: &Item) {
    match item {
        Item::Fn(item) => {
            let attributes = attributes::of_item(cx, &item.attrs);
            let is_public = is_visible(&item.vis);
            let place = Place { kind: FunctionKind::Declaration, class: NONE, is_public, attributes };
            let function = function::with_block(cx, &item.sig, &item.block, place);
            let name = cx.span(item.sig.ident.span());
            let value = cx.push(Value::Function(function), name);
            let end = cx.facts.functions[function as usize].span.end;
            define(cx, &item.sig.ident, value, NONE, &item.vis, end);
        }
        Item::Struct(item) => {
            let members = fields(cx, &item.fields, &item.generics);
            let end = item.semi_token.map_or_else(|| fields_end(cx, &item.fields), |token| cx.span(token.span).end);
            let head = Span::new(cx.span(item.struct_token.span).start, end);
            data(cx, (&item.ident, &item.vis, &item.attrs), head, members);
        }
        Item::Union(item) => {
            let members = named_fields(cx, &item.fields);
            let head = cx.join(item.union_token.span, item.fields.brace_token.span.close());
            data(cx, (&item.ident, &item.vis, &item.attrs), head, members);
        }
        Item::Enum(item) => {
            let members = item.variants.iter().map(|variant| variant_member(cx, variant)).collect();
            let head = cx.join(item.enum_token.span, item.brace_token.span.close());
            data(cx, (&item.ident, &item.vis, &item.attrs), head, members);
        }
        Item::Const(item) => {
            let annotation = types::lower(cx, &item.ty);
            let value = expression::named(cx, &item.expr, &item.ident);
            let end = cx.span(item.semi_token.span).end;
            define(cx, &item.ident, value, annotation, &item.vis, end);
        }
        Item::Static(item) => {
            let annotation = types::lower(cx, &item.ty);
            let value = expression::named(cx, &item.expr, &item.ident);
            let end = cx.span(item.semi_token.span).end;
            define(cx, &item.ident, value, annotation, &item.vis, end);
        }
        Item::Impl(item) => implementation(cx, item),
        Item::Trait(item) => trait_item(cx, item),
        Item::Type(item) => {
            let (span, end) = (cx.span(item.ident.span()), cx.span(item.semi_token.span).end);
            export(cx, &item.ident, ExportKind::Type, &item.vis, (span, end));
        }
        Item::Use(item) => imports::export(cx, item),
        Item::Mod(item) => {
            if let Some((_, content)) = &item.content {
                under(cx, &item.attrs, |cx| {
                    inside(cx, item, |cx| content.iter().for_each(|item| lower(cx, item)));
                });
            }
        }
        Item::Macro(item) => macros::item(cx, item),
        _ => {}
    }
}

/// Runs `inside` with the `#[cfg]` attributes of the item around it.
fn under(cx: &mut Context, around: &[syn::Attribute], inside: impl FnOnce(&mut Context)) {
    let before = cx.cfg.len();
    let conditions = attributes::conditions(cx, around);
    cx.cfg.extend(conditions);
    inside(cx);
    cx.cfg.truncate(before);
}

pub(super) fn is_visible(visibility: &Visibility) -> bool {
    !matches!(visibility, Visibility::Inherited)
}

/// Says what a declared item holds, and exports it.
fn define(cx: &mut Context, ident: &Ident, value: ValueId, annotation: TypeId, visibility: &Visibility, end: u32) {
    let span = cx.span(ident.span());
    let Some(&variable) = cx.declared.get(&span.start) else { return };
    cx.mark(value, crate::facts::Use::STORED);
    hold(cx, variable, value, annotation);
    let value = cx.push(Value::Variable(variable), span);
    export(cx, ident, ExportKind::Value(value), visibility, (span, end));
}

fn hold(cx: &mut Context, variable: VariableId, value: ValueId, annotation: TypeId) {
    let variable = &mut cx.facts.variables[variable as usize];
    variable.init = value;
    variable.annotation = annotation;
}

fn export(cx: &mut Context, ident: &Ident, kind: ExportKind, visibility: &Visibility, (span, end): (Span, u32)) {
    if !is_visible(visibility) || cx.bodies.len() > 1 {
        return;
    }
    let start = match visibility {
        Visibility::Public(token) => cx.span(token.span).start,
        Visibility::Restricted(restricted) => cx.span(restricted.pub_token.span).start,
        Visibility::Inherited => span.start,
    };
    let qualified = format!("{}{ident}", cx.scopes[cx.scope as usize].prefix);
    let (name, local) = (cx.intern(&qualified), cx.intern(&qualified));
    let statement = Span::new(start, end);
    cx.facts.exports.push(Export { name, kind, form: ExportForm::Rust, span, statement, local });
}

type Head<'a> = (&'a Ident, &'a Visibility, &'a Vec<syn::Attribute>);

fn data(cx: &mut Context, (ident, visibility, attrs): Head, span: Span, members: Vec<ClassMember>) {
    let attributes = attributes::of_item(cx, attrs);
    let qualified = format!("{}{ident}", cx.scopes[cx.scope as usize].prefix);
    let (name, function) = (cx.intern(&qualified), cx.function());
    let class = add_class(cx, Class { name, span, extends: NONE, members, attributes, function });
    let name = cx.span(ident.span());
    let value = cx.push(Value::Class(class), name);
    define(cx, ident, value, NONE, visibility, span.end);
}

fn add_class(cx: &mut Context, class: Class) -> ClassId {
    cx.facts.classes.push(class);
    super::context::index(cx.facts.classes.len() - 1)
}

fn fields_end(cx: &Context, fields: &syn::Fields) -> u32 {
    match fields {
        syn::Fields::Named(fields) => cx.span(fields.brace_token.span.close()).end,
        syn::Fields::Unnamed(fields) => cx.span(fields.paren_token.span.close()).end,
        syn::Fields::Unit => 0,
    }
}

fn fields(cx: &mut Context, fields: &syn::Fields, generics: &syn::Generics) -> Vec<ClassMember> {
    scope::open(cx, ScopeKind::Open);
    types::bind_parameters(cx, generics);
    let members = match fields {
        syn::Fields::Named(fields) => named_fields(cx, fields),
        syn::Fields::Unnamed(fields) => {
            let paren = cx.span(fields.paren_token.span.open());
            let member = |(at, field): (usize, &syn::Field)| {
                let annotation = types::lower(cx, &field.ty);
                let name = cx.intern(&at.to_string());
                let span = match cx.facts.types.get(annotation as usize) {
                    Some(&Type::Named(value, _)) => cx.facts.span(value),
                    _ => paren,
                };
                ClassMember { name, kind: MemberKind::Field, is_static: false, value: NONE, annotation, span }
            };
            fields.unnamed.iter().enumerate().map(member).collect()
        }
        syn::Fields::Unit => Vec::new(),
    };
    scope::close(cx);
    members
}

fn named_fields(cx: &mut Context, fields: &syn::FieldsNamed) -> Vec<ClassMember> {
    let mut members = Vec::new();
    for field in &fields.named {
        let Some(ident) = &field.ident else { continue };
        let annotation = types::lower(cx, &field.ty);
        let (name, span) = (cx.intern(&ident.to_string()), cx.span(ident.span()));
        members.push(ClassMember { name, kind: MemberKind::Field, is_static: false, value: NONE, annotation, span });
    }
    members
}

/// A variant is a static field, annotated with what it carries where that is one thing.
fn variant_member(cx: &mut Context, variant: &syn::Variant) -> ClassMember {
    let annotation = match &variant.fields {
        syn::Fields::Unnamed(fields) if fields.unnamed.len() == 1 => types::lower(cx, &fields.unnamed[0].ty),
        _ => NONE,
    };
    let (name, span) = (cx.intern(&variant.ident.to_string()), cx.span(variant.ident.span()));
    ClassMember { name, kind: MemberKind::Field, is_static: true, value: NONE, annotation, span }
}

fn implementation(cx: &mut Context, item: &syn::ItemImpl) {
    under(cx, &item.attrs, |cx| {
        scope::open(cx, ScopeKind::Open);
        types::bind_parameters(cx, &item.generics);
        let extends = item.trait_.as_ref().map_or(NONE, |(path, _)| {
            let idents: Vec<&Ident> = path.segments.iter().map(|segment| &segment.ident).collect();
            scope::path(cx, &idents, Sort::Path)
        });
        let own = types::lower(cx, &item.self_ty);
        let (self_name, name) = (cx.intern("Self"), class_name(cx, &item.self_ty, own));
        scope::bind(cx, self_name, Binding::Type(own));
        let attributes = attributes::of_item(cx, &item.attrs);
        let (span, function) = (cx.join(item.impl_token.span, item.brace_token.span.close()), cx.function());
        let class = add_class(cx, Class { name, span, extends, members: Vec::new(), attributes, function });
        for member in &item.items {
            match member {
                ImplItem::Fn(method) => {
                    let is_public = is_visible(&method.vis) || item.trait_.is_some();
                    add_method(cx, class, &method.sig, Some(&method.block), &method.attrs, is_public);
                }
                ImplItem::Const(constant) => {
                    let annotation = types::lower(cx, &constant.ty);
                    let value = expression::named(cx, &constant.expr, &constant.ident);
                    add_field(cx, class, &constant.ident, value, annotation);
                }
                ImplItem::Macro(invocation) => {
                    macros::lower(cx, &invocation.mac);
                }
                _ => {}
            }
        }
        scope::close(cx);
    });
}

/// What an `impl` is for: the declared type's name, or what is written.
fn class_name(cx: &mut Context, written: &SynType, own: TypeId) -> Name {
    match cx.facts.types.get(own as usize).copied() {
        Some(Type::Named(value, _)) => match cx.facts.value(value) {
            Value::Variable(variable) => cx.facts.variables[variable as usize].name,
            Value::Global(name) => name,
            _ => match written {
                SynType::Path(ty) => {
                    let segments: Vec<String> = ty.path.segments.iter().map(|part| part.ident.to_string()).collect();
                    cx.intern(&segments.join("::"))
                }
                _ => Name::EMPTY,
            },
        },
        Some(Type::Keyword(name)) => name,
        _ => Name::EMPTY,
    }
}

fn trait_item(cx: &mut Context, item: &syn::ItemTrait) {
    let attributes = attributes::of_item(cx, &item.attrs);
    let qualified = format!("{}{}", cx.scopes[cx.scope as usize].prefix, item.ident);
    let (name, function) = (cx.intern(&qualified), cx.function());
    let span = cx.join(item.trait_token.span, item.brace_token.span.close());
    let class = add_class(cx, Class { name, span, extends: NONE, members: Vec::new(), attributes, function });
    let ident_span = cx.span(item.ident.span());
    let value = cx.push(Value::Class(class), ident_span);
    define(cx, &item.ident, value, NONE, &item.vis, span.end);
    under(cx, &item.attrs, |cx| {
        scope::open(cx, ScopeKind::Open);
        types::bind_parameters(cx, &item.generics);
        let own = scope::path(cx, &[&item.ident], Sort::Path);
        let (list, self_name) = (cx.type_list(&[]), cx.intern("Self"));
        let own = cx.add_type(Type::Named(own, list));
        scope::bind(cx, self_name, Binding::Type(own));
        for member in &item.items {
            match member {
                TraitItem::Fn(method) => {
                    add_method(cx, class, &method.sig, method.default.as_ref(), &method.attrs, true);
                }
                TraitItem::Const(constant) => {
                    let annotation = types::lower(cx, &constant.ty);
                    let value = constant.default.as_ref().map_or(NONE, |(_, value)| expression::lower(cx, value));
                    add_field(cx, class, &constant.ident, value, annotation);
                }
                _ => {}
            }
        }
        scope::close(cx);
    });
}

fn add_method(
    cx: &mut Context,
    class: ClassId,
    signature: &syn::Signature,
    block: Option<&syn::Block>,
    attrs: &[syn::Attribute],
    is_public: bool,
) {
    let (name, span) = (cx.intern(&signature.ident.to_string()), cx.span(signature.ident.span()));
    let value = block.map_or(NONE, |block| {
        let attributes = attributes::of_item(cx, attrs);
        let place = Place { kind: FunctionKind::Method, class, is_public, attributes };
        let function = function::with_block(cx, signature, block, place);
        cx.push(Value::Function(function), span)
    });
    let (is_static, annotation) = (signature.receiver().is_none(), NONE);
    let member = ClassMember { name, kind: MemberKind::Method, is_static, value, annotation, span };
    cx.facts.classes[class as usize].members.push(member);
}

fn add_field(cx: &mut Context, class: ClassId, ident: &Ident, value: ValueId, annotation: TypeId) {
    cx.mark(value, crate::facts::Use::STORED);
    let (name, span) = (cx.intern(&ident.to_string()), cx.span(ident.span()));
    let member = ClassMember { name, kind: MemberKind::Field, is_static: true, value, annotation, span };
    cx.facts.classes[class as usize].members.push(member);
}
