//! Types, where they name something. No type is checked or inferred.

use swc_ecma_ast::{
    TsEntityName, TsFnOrConstructorType, TsKeywordTypeKind, TsLit, TsType, TsTypeAnn, TsTypeParamInstantiation,
    TsUnionOrIntersectionType,
};

use super::builder::Builder;
use super::scopes::Position;
use super::span;
use crate::facts::{List, NONE, Type, TypeId, Value, ValueId};

impl Builder {
    /// The type of an annotation; [`NONE`] without one.
    pub(super) fn annotation(&mut self, annotation: Option<&TsTypeAnn>) -> TypeId {
        annotation.map_or(NONE, |annotation| self.ts_type(&annotation.type_ann))
    }

    /// Type arguments.
    pub(super) fn type_arguments(&mut self, arguments: Option<&TsTypeParamInstantiation>) -> List {
        let Some(arguments) = arguments else { return List::default() };
        let types: Vec<TypeId> = arguments.params.iter().map(|argument| self.ts_type(argument)).collect();
        self.type_list(&types)
    }

    pub(super) fn ts_type(&mut self, written: &TsType) -> TypeId {
        self.deeper(|builder| builder.ts_type_here(written))
    }

    fn ts_type_here(&mut self, written: &TsType) -> TypeId {
        let kept = match written {
            TsType::TsKeywordType(keyword) => Type::Keyword(self.name(keyword_text(keyword.kind))),
            TsType::TsTypeRef(reference) => {
                let arguments = self.type_arguments(reference.type_params.as_deref());
                Type::Named(self.entity(&reference.type_name), arguments)
            }
            TsType::TsArrayType(array) => Type::Array(self.ts_type(&array.elem_type)),
            TsType::TsUnionOrIntersectionType(TsUnionOrIntersectionType::TsUnionType(union)) => {
                let types: Vec<TypeId> = union.types.iter().map(|member| self.ts_type(member)).collect();
                Type::Union(self.type_list(&types))
            }
            TsType::TsUnionOrIntersectionType(TsUnionOrIntersectionType::TsIntersectionType(all)) => {
                let types: Vec<TypeId> = all.types.iter().map(|member| self.ts_type(member)).collect();
                Type::Union(self.type_list(&types))
            }
            TsType::TsParenthesizedType(inner) => return self.ts_type(&inner.type_ann),
            TsType::TsOptionalType(inner) => return self.ts_type(&inner.type_ann),
            TsType::TsTypeOperator(inner) => return self.ts_type(&inner.type_ann),
            TsType::TsFnOrConstructorType(TsFnOrConstructorType::TsFnType(function)) => {
                Type::Function(self.ts_type(&function.type_ann.type_ann))
            }
            TsType::TsLitType(literal) => match &literal.lit {
                TsLit::Str(text) => Type::Literal(self.text(&text.value)),
                _ => Type::Unknown,
            },
            _ => Type::Unknown,
        };
        self.type_(kept)
    }

    /// `A.B` as a value: an identifier in a type, and members of it.
    pub(super) fn entity(&mut self, entity: &TsEntityName) -> ValueId {
        match entity {
            TsEntityName::Ident(ident) => {
                let name = self.name(&ident.sym);
                self.identifier(name, span(ident.span), Position::Type)
            }
            TsEntityName::TsQualifiedName(qualified) => {
                let left = self.entity(&qualified.left);
                let name = self.name(&qualified.right.sym);
                self.value(Value::Member(left, name), span(qualified.span))
            }
        }
    }
}

fn keyword_text(kind: TsKeywordTypeKind) -> &'static str {
    match kind {
        TsKeywordTypeKind::TsAnyKeyword => "any",
        TsKeywordTypeKind::TsUnknownKeyword => "unknown",
        TsKeywordTypeKind::TsNumberKeyword => "number",
        TsKeywordTypeKind::TsObjectKeyword => "object",
        TsKeywordTypeKind::TsBooleanKeyword => "boolean",
        TsKeywordTypeKind::TsBigIntKeyword => "bigint",
        TsKeywordTypeKind::TsStringKeyword => "string",
        TsKeywordTypeKind::TsSymbolKeyword => "symbol",
        TsKeywordTypeKind::TsVoidKeyword => "void",
        TsKeywordTypeKind::TsUndefinedKeyword => "undefined",
        TsKeywordTypeKind::TsNullKeyword => "null",
        TsKeywordTypeKind::TsNeverKeyword => "never",
        TsKeywordTypeKind::TsIntrinsicKeyword => "intrinsic",
    }
}
