//! Items: what a module declares, imports and exports.
//!
//! Items are declared before any of them is walked, because they are seen in their whole block. An inline module is a scope of this file; its
//! variables and exports carry its path. Whatever is visible outside its own module, `pub(crate)` too, counts as exported.

use proc_macro2::Ident;
use syn::{Item, Visibility};

use super::context::Context;
use super::function::{self, Place};
use super::scope::{self, Binding, ScopeKind};
use super::{attributes, classes, expression, imports, macros, types};
use crate::facts::{
    Export, ExportForm, ExportKind, FunctionKind, NONE, Type, TypeId, Value, ValueId, Variable, VariableId,
    VariableKind,
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
            let members = classes::fields(cx, &item.fields, &item.generics);
            let end =
                item.semi_token.map_or_else(|| classes::fields_end(cx, &item.fields), |token| cx.span(token.span).end);
            let head = Span::new(cx.span(item.struct_token.span).start, end);
            classes::data(cx, (&item.ident, &item.vis, &item.attrs), head, members);
        }
        Item::Union(item) => {
            let members = classes::named_fields(cx, &item.fields);
            let head = cx.join(item.union_token.span, item.fields.brace_token.span.close());
            classes::data(cx, (&item.ident, &item.vis, &item.attrs), head, members);
        }
        Item::Enum(item) => {
            let members = item.variants.iter().map(|variant| classes::variant_member(cx, variant)).collect();
            let head = cx.join(item.enum_token.span, item.brace_token.span.close());
            classes::data(cx, (&item.ident, &item.vis, &item.attrs), head, members);
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
        Item::Impl(item) => classes::implementation(cx, item),
        Item::Trait(item) => classes::trait_item(cx, item),
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
pub(super) fn under(cx: &mut Context, around: &[syn::Attribute], inside: impl FnOnce(&mut Context)) {
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
pub(super) fn define(
    cx: &mut Context,
    ident: &Ident,
    value: ValueId,
    annotation: TypeId,
    visibility: &Visibility,
    end: u32,
) {
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
