//! Types, where they name something.
//!
//! References, boxes of syntax and lifetimes are looked through; a type parameter stands for its bounds.

use syn::{
    AngleBracketedGenericArguments, GenericArgument, GenericParam, Generics, PathArguments, ReturnType, TypeParamBound,
    WherePredicate,
};

use super::context::Context;
use super::scope::{self, Binding, Sort};
use crate::facts::{List, NONE, Type, TypeId, Value};

/// Nested deeper than this, a type is not looked into.
const MAX_DEPTH: u32 = 64;

/// The primitive types: keywords in all but name.
const PRIMITIVES: [&str; 17] = [
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str", "u8", "u16", "u32", "u64", "u128",
    "usize",
];

pub(super) fn lower(cx: &mut Context, ty: &syn::Type) -> TypeId {
    if cx.depth > MAX_DEPTH + 200 {
        return cx.add_type(Type::Unknown);
    }
    cx.depth += 1;
    let lowered = shape(cx, ty);
    cx.depth -= 1;
    lowered
}

fn shape(cx: &mut Context, ty: &syn::Type) -> TypeId {
    match ty {
        syn::Type::Reference(ty) => lower(cx, &ty.elem),
        syn::Type::Ptr(ty) => lower(cx, &ty.elem),
        syn::Type::Paren(ty) => lower(cx, &ty.elem),
        syn::Type::Group(ty) => lower(cx, &ty.elem),
        syn::Type::Slice(ty) => array(cx, &ty.elem),
        syn::Type::Array(ty) => array(cx, &ty.elem),
        syn::Type::Never(_) => keyword(cx, "!"),
        syn::Type::Tuple(ty) if ty.elems.is_empty() => keyword(cx, "()"),
        syn::Type::Tuple(ty) => {
            let elements: Vec<TypeId> = ty.elems.iter().map(|element| lower(cx, element)).collect();
            let name = cx.intern("()");
            let span = cx.join(ty.paren_token.span.open(), ty.paren_token.span.close());
            let value = cx.push(Value::Global(name), span);
            let list = cx.type_list(&elements);
            cx.add_type(Type::Named(value, list))
        }
        syn::Type::FnPtr(ty) => result_of(cx, &ty.output),
        syn::Type::ImplTrait(ty) => bounds(cx, ty.bounds.iter()),
        syn::Type::TraitObject(ty) => bounds(cx, ty.bounds.iter()),
        syn::Type::Path(ty) => match &ty.qself {
            None => path(cx, &ty.path),
            Some(_) => cx.add_type(Type::Unknown),
        },
        _ => cx.add_type(Type::Unknown),
    }
}

fn array(cx: &mut Context, element: &syn::Type) -> TypeId {
    let element = lower(cx, element);
    cx.add_type(Type::Array(element))
}

fn keyword(cx: &mut Context, text: &str) -> TypeId {
    let name = cx.intern(text);
    cx.add_type(Type::Keyword(name))
}

fn result_of(cx: &mut Context, output: &ReturnType) -> TypeId {
    let result = match output {
        ReturnType::Default => keyword(cx, "()"),
        ReturnType::Type(_, ty) => lower(cx, ty),
    };
    cx.add_type(Type::Function(result))
}

/// The annotation of a result; [`NONE`] where nothing is written.
pub(super) fn returned(cx: &mut Context, output: &ReturnType) -> TypeId {
    match output {
        ReturnType::Default => NONE,
        ReturnType::Type(_, ty) => lower(cx, ty),
    }
}

/// A path that names a type.
pub(super) fn path(cx: &mut Context, path: &syn::Path) -> TypeId {
    if let Some(ident) = path.get_ident() {
        let text = ident.to_string();
        if PRIMITIVES.contains(&text.as_str()) {
            return keyword(cx, &text);
        }
        let name = cx.intern(&text);
        if let Some(Binding::Type(ty)) = scope::find(cx, name, Sort::Path) {
            return ty;
        }
    }
    if let Some(PathArguments::Parenthesized(arguments)) = path.segments.last().map(|segment| &segment.arguments) {
        return result_of(cx, &arguments.output);
    }
    let idents: Vec<_> = path.segments.iter().map(|segment| &segment.ident).collect();
    let value = scope::path(cx, &idents, Sort::Path);
    let list = arguments(cx, path);
    cx.add_type(Type::Named(value, list))
}

/// The type arguments of all segments of a path, in order.
pub(super) fn arguments(cx: &mut Context, path: &syn::Path) -> List {
    let mut types = Vec::new();
    for segment in &path.segments {
        if let PathArguments::AngleBracketed(arguments) = &segment.arguments {
            angle(cx, arguments, &mut types);
        }
    }
    cx.type_list(&types)
}

/// The types among generic arguments.
pub(super) fn angle(cx: &mut Context, arguments: &AngleBracketedGenericArguments, types: &mut Vec<TypeId>) {
    for argument in &arguments.args {
        match argument {
            GenericArgument::Type(ty) => types.push(lower(cx, ty)),
            GenericArgument::AssocType(assoc) => types.push(lower(cx, &assoc.ty)),
            GenericArgument::Const(syn::Expr::Lit(literal)) => {
                if let syn::Lit::Str(text) = &literal.lit {
                    let name = cx.intern(&text.value());
                    types.push(cx.add_type(Type::Literal(name)));
                }
            }
            _ => {}
        }
    }
}

fn bounds<'a>(cx: &mut Context, bounds: impl Iterator<Item = &'a TypeParamBound>) -> TypeId {
    let mut types = Vec::new();
    for bound in bounds {
        if let TypeParamBound::Trait(bound) = bound {
            types.push(path(cx, &bound.path));
        }
    }
    match types[..] {
        [] => cx.add_type(Type::Unknown),
        [only] => only,
        _ => {
            let list = cx.type_list(&types);
            cx.add_type(Type::Union(list))
        }
    }
}

/// Binds type parameters to what bounds them.
pub(super) fn bind_parameters(cx: &mut Context, generics: &Generics) {
    for parameter in &generics.params {
        let GenericParam::Type(parameter) = parameter else { continue };
        let predicates = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
        let more = predicates.filter_map(|predicate| match predicate {
            WherePredicate::Type(predicate) => match &predicate.bounded_ty {
                syn::Type::Path(ty) if ty.path.is_ident(&parameter.ident) => Some(&predicate.bounds),
                _ => None,
            },
            _ => None,
        });
        let all: Vec<&TypeParamBound> = parameter.bounds.iter().chain(more.flatten()).collect();
        let ty = bounds(cx, all.into_iter());
        let name = cx.intern(&parameter.ident.to_string());
        scope::bind(cx, name, Binding::Type(ty));
    }
}
