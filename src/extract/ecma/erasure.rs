//! What is gone when types are stripped. Unused imports are gone too, which only the finished file can say.

use swc_ecma_ast::{
    Decl, DefaultDecl, ExportSpecifier, Ident, ModuleDecl, ModuleItem, NamedExport, Stmt, TsModuleDecl, TsModuleRef,
    TsNamespaceBody,
};

use super::builder::Builder;
use super::span;
use crate::facts::{Erased, ErasedKind, Name};

/// What stripping types leaves of one statement of a module.
pub(super) enum Left {
    /// It stays.
    Itself,
    /// Nothing; the statement's facts hold so many imports.
    Nothing(u32),
    /// Nothing, provided that none of so many imports is used.
    NothingUnlessUsed(u32),
}

/// What stripping types leaves of a statement.
pub(super) fn left_of(item: &ModuleItem) -> Left {
    match item {
        ModuleItem::Stmt(Stmt::Empty(_)) => Left::Nothing(0),
        ModuleItem::Stmt(Stmt::Decl(declaration)) => nothing_if(is_erased(declaration), 0),
        ModuleItem::Stmt(_) => Left::Itself,
        ModuleItem::ModuleDecl(declaration) => match declaration {
            ModuleDecl::Import(import) => {
                let count = u32::try_from(import.specifiers.len().max(1)).unwrap_or(1);
                match (import.type_only, import.specifiers.is_empty()) {
                    (true, _) => Left::Nothing(count),
                    (false, false) => Left::NothingUnlessUsed(count),
                    (false, true) => Left::Itself,
                }
            }
            ModuleDecl::TsImportEquals(import) => match (&import.module_ref, import.is_type_only) {
                (TsModuleRef::TsExternalModuleRef(_), true) => Left::Nothing(1),
                (TsModuleRef::TsExternalModuleRef(_), false) if !import.is_export => Left::NothingUnlessUsed(1),
                (TsModuleRef::TsEntityName(_), true) => Left::Nothing(0),
                _ => Left::Itself,
            },
            ModuleDecl::ExportDecl(export) => nothing_if(is_erased(&export.decl), 0),
            ModuleDecl::ExportNamed(named) => named_export(named),
            ModuleDecl::ExportAll(star) => nothing_if(star.type_only, 1),
            ModuleDecl::ExportDefaultDecl(export) => {
                nothing_if(matches!(export.decl, DefaultDecl::TsInterfaceDecl(_)), 0)
            }
            _ => Left::Itself,
        },
    }
}

fn nothing_if(erased: bool, imports: u32) -> Left {
    if erased { Left::Nothing(imports) } else { Left::Itself }
}

fn named_export(named: &NamedExport) -> Left {
    let types = named.type_only
        || named.specifiers.iter().all(|one| matches!(one, ExportSpecifier::Named(one) if one.is_type_only));
    let imports = if named.src.is_some() { named.specifiers.len() } else { 0 };
    nothing_if(types && (named.src.is_none() || imports > 0), u32::try_from(imports).unwrap_or(0))
}

fn is_erased(declaration: &Decl) -> bool {
    match declaration {
        Decl::TsInterface(_) | Decl::TsTypeAlias(_) => true,
        Decl::Fn(function) => function.declare || function.function.body.is_none(),
        Decl::Class(class) => class.declare,
        Decl::Var(variables) => variables.declare,
        Decl::TsEnum(declared) => declared.declare,
        Decl::TsModule(namespace) => !is_instantiated(namespace),
        Decl::Using(_) => false,
    }
}

/// Whether a namespace is a value: it declares one, however deep.
pub(super) fn is_instantiated(namespace: &TsModuleDecl) -> bool {
    if namespace.declare || namespace.global {
        return false;
    }
    let mut body = namespace.body.as_ref();
    while let Some(TsNamespaceBody::TsNamespaceDecl(inner)) = body {
        body = Some(&*inner.body);
    }
    match body {
        Some(TsNamespaceBody::TsModuleBlock(block)) => {
            block.body.iter().any(|item| matches!(left_of(item), Left::Itself))
        }
        _ => false,
    }
}

impl Builder {
    /// Keeps the name that a statement of the top level declares for the type checker alone.
    pub(super) fn note_erased(&mut self, item: &ModuleItem) {
        let function = |is_async: bool| if is_async { ErasedKind::AsyncFunction } else { ErasedKind::Function };
        let declaration = match item {
            ModuleItem::Stmt(Stmt::Decl(declaration)) => declaration,
            ModuleItem::ModuleDecl(ModuleDecl::ExportDecl(export)) => &export.decl,
            ModuleItem::ModuleDecl(ModuleDecl::ExportDefaultDecl(export)) => {
                if let DefaultDecl::Fn(declared) = &export.decl
                    && declared.function.body.is_none()
                {
                    let name = declared.ident.as_ref().map_or(Name::EMPTY, |ident| self.name(&ident.sym));
                    let place = declared.ident.as_ref().map_or(declared.function.span, |ident| ident.span);
                    let kind = function(declared.function.is_async);
                    self.facts.erased.push(Erased { name, kind, span: span(place) });
                }
                return;
            }
            _ => return,
        };
        let (ident, kind): (&Ident, ErasedKind) = match declaration {
            Decl::TsInterface(interface) => (&interface.id, ErasedKind::Type),
            Decl::TsTypeAlias(alias) => (&alias.id, ErasedKind::Type),
            Decl::Fn(declared) if is_erased(declaration) => (&declared.ident, function(declared.function.is_async)),
            _ => return,
        };
        let name = self.name(&ident.sym);
        self.facts.erased.push(Erased { name, kind, span: span(ident.span) });
    }
}
