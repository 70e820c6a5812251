//! Structs, enums, traits and `impl` blocks as classes.
//!
//! Each `impl` block is a class of its own that has the name of the type that it is for; inside it `Self` stands for that type.

use proc_macro2::Ident;
use syn::{ImplItem, TraitItem, Type as SynType, Visibility};

use super::context::Context;
use super::function::{self, Place};
use super::items::{define, is_visible, under};
use super::scope::{self, Binding, ScopeKind, Sort};
use super::{attributes, expression, macros, types};
use crate::facts::{
    Class, ClassId, ClassMember, FunctionKind, MemberKind, NONE, Name, Type, TypeId, Use, Value, ValueId,
};
use crate::source::Span;

type Head<'a> = (&'a Ident, &'a Visibility, &'a Vec<syn::Attribute>);

pub(super) fn data(cx: &mut Context, (ident, visibility, attrs): Head, span: Span, members: Vec<ClassMember>) {
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

pub(super) fn fields_end(cx: &Context, fields: &syn::Fields) -> u32 {
    match fields {
        syn::Fields::Named(fields) => cx.span(fields.brace_token.span.close()).end,
        syn::Fields::Unnamed(fields) => cx.span(fields.paren_token.span.close()).end,
        syn::Fields::Unit => 0,
    }
}

pub(super) fn fields(cx: &mut Context, fields: &syn::Fields, generics: &syn::Generics) -> Vec<ClassMember> {
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

pub(super) fn named_fields(cx: &mut Context, fields: &syn::FieldsNamed) -> Vec<ClassMember> {
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
pub(super) fn variant_member(cx: &mut Context, variant: &syn::Variant) -> ClassMember {
    let annotation = match &variant.fields {
        syn::Fields::Unnamed(fields) if fields.unnamed.len() == 1 => types::lower(cx, &fields.unnamed[0].ty),
        _ => NONE,
    };
    let (name, span) = (cx.intern(&variant.ident.to_string()), cx.span(variant.ident.span()));
    ClassMember { name, kind: MemberKind::Field, is_static: true, value: NONE, annotation, span }
}

pub(super) fn implementation(cx: &mut Context, item: &syn::ItemImpl) {
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

pub(super) fn trait_item(cx: &mut Context, item: &syn::ItemTrait) {
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
    cx.mark(value, Use::STORED);
    let (name, span) = (cx.intern(&ident.to_string()), cx.span(ident.span()));
    let member = ClassMember { name, kind: MemberKind::Field, is_static: true, value, annotation, span };
    cx.facts.classes[class as usize].members.push(member);
}
