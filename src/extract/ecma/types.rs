//! Types, where they name something. No type is checked or inferred.

use swc_ecma_ast::{
    Decl, Expr, TsEntityName, TsExprWithTypeArgs, TsFnOrConstructorType, TsInterfaceDecl, TsKeywordTypeKind, TsLit,
    TsType, TsTypeAliasDecl, TsTypeAnn, TsTypeElement, TsTypeOperatorOp, TsTypeParamDecl, TsTypeParamInstantiation,
    TsTypeQueryExpr, TsUnionOrIntersectionType,
};

use super::builder::Builder;
use super::scopes::{Binding, Position};
use super::span;
use crate::facts::{Alias, AliasId, List, NONE, Name, Type, TypeId, TypeMember, Value, ValueId};

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
                Type::Named(self.entity(&reference.type_name, Position::Type), arguments)
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
            TsType::TsTypeOperator(inner) if inner.op == TsTypeOperatorOp::ReadOnly => {
                return self.ts_type(&inner.type_ann);
            }
            TsType::TsTupleType(tuple) => {
                let types: Vec<TypeId> = tuple.elem_types.iter().map(|element| self.ts_type(&element.ty)).collect();
                Type::Tuple(self.type_list(&types))
            }
            TsType::TsTypeLit(literal) => self.members(&literal.members),
            TsType::TsTypeQuery(query) => match &query.expr_name {
                TsTypeQueryExpr::TsEntityName(entity) => Type::Query(self.entity(entity, Position::Query)),
                TsTypeQueryExpr::Import(_) => Type::Unknown,
            },
            TsType::TsIndexedAccessType(indexed) => {
                let of = self.ts_type(&indexed.obj_type);
                Type::Index(of, self.ts_type(&indexed.index_type))
            }
            TsType::TsFnOrConstructorType(TsFnOrConstructorType::TsFnType(function)) => {
                Type::Function(self.ts_type(&function.type_ann.type_ann))
            }
            TsType::TsLitType(literal) => match &literal.lit {
                TsLit::Str(text) => Type::Literal(self.text(&text.value)),
                TsLit::Number(number) => Type::Literal(self.number(number)),
                _ => Type::Unknown,
            },
            _ => Type::Unknown,
        };
        self.type_(kept)
    }

    /// An object type; members whose type names nothing are left out, which are most.
    fn members(&mut self, written: &[TsTypeElement]) -> Type {
        let mut members: Vec<TypeMember> = Vec::new();
        for member in written {
            let (key, ty, is_method) = match member {
                TsTypeElement::TsPropertySignature(property) if !property.computed => {
                    (&property.key, property.type_ann.as_deref(), false)
                }
                TsTypeElement::TsGetterSignature(getter) if !getter.computed => {
                    (&getter.key, getter.type_ann.as_deref(), false)
                }
                TsTypeElement::TsMethodSignature(method) if !method.computed => {
                    (&method.key, method.type_ann.as_deref(), true)
                }
                _ => continue,
            };
            let Some(ty) = ty.map(|ty| &*ty.type_ann).filter(|ty| names_something(ty)) else { continue };
            let Some(name) = self.signature_name(key) else { continue };
            let mut ty = self.ts_type(ty);
            if is_method {
                ty = self.type_(Type::Function(ty));
            }
            members.push(TypeMember { name, ty });
        }
        let start = u32::try_from(self.facts.type_members.len()).unwrap_or(NONE);
        let len = u32::try_from(members.len()).unwrap_or(0);
        self.facts.type_members.extend(members);
        Type::Object(List { start, len })
    }

    fn signature_name(&mut self, key: &Expr) -> Option<Name> {
        match key {
            Expr::Ident(ident) => Some(self.name(&ident.sym)),
            Expr::Lit(swc_ecma_ast::Lit::Str(text)) => Some(self.text(&text.value)),
            _ => None,
        }
    }

    /// The type that a declaration declares, if it does.
    pub(super) fn declared_type(&mut self, declaration: &Decl) -> Option<AliasId> {
        match declaration {
            Decl::TsInterface(interface) => Some(self.interface(interface)),
            Decl::TsTypeAlias(alias) => Some(self.type_alias(alias)),
            _ => None,
        }
    }

    /// `type A = ..`
    fn type_alias(&mut self, written: &TsTypeAliasDecl) -> AliasId {
        let alias = self.declare_alias(&written.id);
        self.scopes.enter(false);
        self.type_parameters(written.type_params.as_deref());
        let ty = self.ts_type(&written.type_ann);
        self.scopes.leave();
        self.facts.aliases[alias as usize].ty = ty;
        alias
    }

    /// `interface A extends B {}`
    pub(super) fn interface(&mut self, written: &TsInterfaceDecl) -> AliasId {
        let alias = self.declare_alias(&written.id);
        self.scopes.enter(false);
        self.type_parameters(written.type_params.as_deref());
        let own = self.members(&written.body.body);
        let mut all = vec![self.type_(own)];
        for extended in &written.extends {
            all.extend(self.extended(extended));
        }
        let ty = match all.as_slice() {
            [only] => *only,
            _ => {
                let list = self.type_list(&all);
                self.type_(Type::Union(list))
            }
        };
        self.scopes.leave();
        self.facts.aliases[alias as usize].ty = ty;
        alias
    }

    fn declare_alias(&mut self, ident: &swc_ecma_ast::Ident) -> AliasId {
        let name = self.name(&ident.sym);
        let alias = u32::try_from(self.facts.aliases.len()).unwrap_or(NONE);
        self.facts.aliases.push(Alias { name, ty: NONE, span: span(ident.span) });
        self.scopes.declare(name, Binding::Alias(alias), false);
        alias
    }

    fn extended(&mut self, extended: &TsExprWithTypeArgs) -> Option<TypeId> {
        let path = self.extended_path(&extended.expr)?;
        let arguments = self.type_arguments(extended.type_args.as_deref());
        Some(self.type_(Type::Named(path, arguments)))
    }

    fn extended_path(&mut self, written: &Expr) -> Option<ValueId> {
        match written {
            Expr::Ident(ident) => {
                let name = self.name(&ident.sym);
                Some(self.identifier(name, span(ident.span), Position::Type))
            }
            Expr::Member(member) => {
                let left = self.extended_path(&member.obj)?;
                let name = self.name(&member.prop.as_ident()?.sym);
                Some(self.value(Value::Member(left, name), span(member.span)))
            }
            _ => None,
        }
    }

    /// `<T>`: a name of which nothing is known, whatever else has it.
    pub(super) fn type_parameters(&mut self, parameters: Option<&TsTypeParamDecl>) {
        for parameter in parameters.into_iter().flat_map(|declared| &declared.params) {
            let name = self.name(&parameter.name.sym);
            self.scopes.declare(name, Binding::TypeParameter, false);
        }
    }

    /// `A.B` as a value: an identifier, and members of it.
    pub(super) fn entity(&mut self, entity: &TsEntityName, position: Position) -> ValueId {
        match entity {
            TsEntityName::Ident(ident) => {
                let name = self.name(&ident.sym);
                self.identifier(name, span(ident.span), position)
            }
            TsEntityName::TsQualifiedName(qualified) => {
                let left = self.entity(&qualified.left, position);
                let name = self.name(&qualified.right.sym);
                self.value(Value::Member(left, name), span(qualified.span))
            }
        }
    }
}

/// Whether a type can say what a value is: keywords and literals do not, nor functions and arrays of such.
fn names_something(written: &TsType) -> bool {
    match written {
        TsType::TsTypeRef(_)
        | TsType::TsTypeQuery(_)
        | TsType::TsTypeLit(_)
        | TsType::TsIndexedAccessType(_)
        | TsType::TsTupleType(_) => true,
        TsType::TsArrayType(array) => names_something(&array.elem_type),
        TsType::TsParenthesizedType(inner) => names_something(&inner.type_ann),
        TsType::TsOptionalType(inner) => names_something(&inner.type_ann),
        TsType::TsTypeOperator(inner) => names_something(&inner.type_ann),
        TsType::TsFnOrConstructorType(TsFnOrConstructorType::TsFnType(function)) => {
            names_something(&function.type_ann.type_ann)
        }
        TsType::TsUnionOrIntersectionType(TsUnionOrIntersectionType::TsUnionType(union)) => {
            union.types.iter().any(|member| names_something(member))
        }
        TsType::TsUnionOrIntersectionType(TsUnionOrIntersectionType::TsIntersectionType(all)) => {
            all.types.iter().any(|member| names_something(member))
        }
        _ => false,
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
