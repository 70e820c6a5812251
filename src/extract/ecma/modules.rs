//! The module's own statements: imports and exports of every form.

use swc_common::Spanned;
use swc_ecma_ast::{
    Decl, DefaultDecl, ExportDecl, ExportDefaultDecl, ExportDefaultExpr, ExportSpecifier, Expr, ImportDecl,
    ImportSpecifier, Module, ModuleDecl, ModuleExportName, ModuleItem, NamedExport, Str, TsImportEqualsDecl,
    TsModuleRef, VarDecl,
};

use super::builder::Builder;
use super::patterns::Bound;
use super::scopes::{Binding, Position};
use super::span;
use crate::facts::{
    Alias, Export, ExportForm, ExportKind, FunctionKind, Import, ImportId, ImportKind, Imported, NONE, Name, Op,
    TypeExport, TypeSource, Use, Value, ValueId, VariableKind,
};
use crate::source::Span;

impl Builder {
    /// Walks the whole module.
    pub(super) fn module(&mut self, module: &Module) {
        self.module_directives(&module.body);
        for item in &module.body {
            self.note_erased(item);
            match item {
                ModuleItem::Stmt(statement) => self.statement(statement),
                ModuleItem::ModuleDecl(declaration) => self.module_declaration(declaration),
            }
        }
    }

    fn module_declaration(&mut self, declaration: &ModuleDecl) {
        match declaration {
            ModuleDecl::Import(import) => self.import(import),
            ModuleDecl::ExportDecl(export) => self.export_declaration(export),
            ModuleDecl::ExportNamed(named) => self.named_export(named),
            ModuleDecl::ExportDefaultDecl(export) => self.default_declaration(export),
            ModuleDecl::ExportDefaultExpr(export) => self.default_expression(export),
            ModuleDecl::ExportAll(star) => {
                let place = span(star.span);
                if star.type_only {
                    let id = self.import_binding(&star.src, Imported::Namespace, Name::EMPTY, place, true);
                    self.facts.type_exports.push(TypeExport { name: Name::EMPTY, source: TypeSource::From(id) });
                    return;
                }
                let import = self.re_export(&star.src, Imported::Namespace, place);
                self.export(Name::EMPTY, ExportKind::Star(import), ExportForm::ReExport, place, place, Name::EMPTY);
            }
            ModuleDecl::TsImportEquals(import) => self.import_equals(import),
            ModuleDecl::TsExportAssignment(export) => {
                let value = self.expression(&export.expr, Use::STORED);
                let place = span(export.span);
                let name = self.name("default");
                self.export(name, ExportKind::Value(value), ExportForm::CommonJs, place, place, Name::EMPTY);
            }
            ModuleDecl::TsNamespaceExport(_) => {}
        }
    }

    fn import(&mut self, import: &ImportDecl) {
        if import.specifiers.is_empty() {
            let place = span(import.span);
            let id = self.import_binding(&import.src, Imported::SideEffect, Name::EMPTY, place, import.type_only);
            self.facts.imports[id as usize].used = true;
            return;
        }
        for specifier in &import.specifiers {
            let (imported, local, place, type_only) = match specifier {
                ImportSpecifier::Named(named) => {
                    let local = self.name(&named.local.sym);
                    let imported = named.imported.as_ref().map_or(local, |name| self.export_name(name));
                    (self.imported(imported), local, span(named.local.span), named.is_type_only)
                }
                ImportSpecifier::Default(default) => {
                    (Imported::Default, self.name(&default.local.sym), span(default.local.span), false)
                }
                ImportSpecifier::Namespace(all) => {
                    (Imported::Namespace, self.name(&all.local.sym), span(all.local.span), false)
                }
            };
            let id = self.import_binding(&import.src, imported, local, place, import.type_only || type_only);
            if let ImportSpecifier::Named(named) = specifier
                && let Some(original) = &named.imported
            {
                self.facts.renamed.push((id, span(original.span())));
            }
            self.scopes.declare(local, Binding::Import(id), true);
        }
    }

    fn imported(&self, name: Name) -> Imported {
        if self.names.text(name) == "default" { Imported::Default } else { Imported::Named(name) }
    }

    fn import_binding(
        &mut self,
        source: &Str,
        imported: Imported,
        local: Name,
        place: Span,
        type_only: bool,
    ) -> ImportId {
        let id = u32::try_from(self.facts.imports.len()).unwrap_or(NONE);
        let import = Import {
            source: self.text(&source.value),
            imported,
            local,
            kind: ImportKind::Static,
            type_only,
            used: false,
            span: place,
            source_span: span(source.span),
            function: 0,
        };
        self.facts.imports.push(import);
        id
    }

    fn re_export(&mut self, source: &Str, imported: Imported, place: Span) -> ImportId {
        let id = self.import_binding(source, imported, Name::EMPTY, place, false);
        let import = &mut self.facts.imports[id as usize];
        import.kind = ImportKind::ReExport;
        import.used = true;
        id
    }

    fn import_equals(&mut self, import: &TsImportEqualsDecl) {
        let name = self.name(&import.id.sym);
        let place = span(import.id.span);
        match &import.module_ref {
            TsModuleRef::TsExternalModuleRef(external) => {
                let id = self.import_binding(&external.expr, Imported::Namespace, name, place, import.is_type_only);
                self.facts.imports[id as usize].kind = ImportKind::Require;
                self.scopes.declare(name, Binding::Import(id), true);
            }
            TsModuleRef::TsEntityName(entity) => {
                let value = self.entity(entity, Position::Read);
                self.declare(name, VariableKind::Const, place, value);
            }
        }
        if import.is_export && !import.is_type_only {
            let value = self.identifier(name, place, Position::Read);
            let statement = span(import.span);
            self.export(name, ExportKind::Value(value), ExportForm::ImportAlias, place, statement, name);
        }
    }

    pub(super) fn export(
        &mut self,
        name: Name,
        kind: ExportKind,
        form: ExportForm,
        span: Span,
        statement: Span,
        local: Name,
    ) {
        self.facts.exports.push(Export { name, kind, form, span, statement, local });
    }

    fn export_declaration(&mut self, export: &ExportDecl) {
        let statement = span(export.span);
        match &export.decl {
            Decl::Fn(function) => {
                let variable = self.function_declaration(function);
                let form = if function.declare {
                    ExportForm::Declare
                } else if function.function.body.is_none() {
                    ExportForm::Overload
                } else {
                    ExportForm::Function
                };
                let name = self.name(&function.ident.sym);
                let place = span(function.ident.span);
                let value = self.value(Value::Variable(variable), place);
                self.export(name, ExportKind::Value(value), form, place, statement, name);
            }
            Decl::Class(class) => {
                let (name, place) = (self.name(&class.ident.sym), span(class.ident.span));
                match self.class_declaration(class) {
                    Some(variable) => {
                        let value = self.value(Value::Variable(variable), place);
                        self.export(name, ExportKind::Value(value), ExportForm::Class, place, statement, name);
                    }
                    None => self.export(name, ExportKind::Type, ExportForm::Class, place, statement, name),
                }
            }
            Decl::Var(declaration) => {
                let bound = self.variables(declaration);
                for bound in &bound {
                    self.export_bound(bound, declaration, statement);
                }
                if declaration.declare {
                    for declarator in &declaration.decls {
                        let place = span(declarator.span);
                        self.export(Name::EMPTY, ExportKind::Type, ExportForm::Declare, place, statement, Name::EMPTY);
                    }
                }
            }
            Decl::Using(_) => self.declaration(&export.decl),
            Decl::TsInterface(_) | Decl::TsTypeAlias(_) => {
                let Some(alias) = self.declared_type(&export.decl) else { return };
                let Alias { name, span: place, .. } = self.facts.aliases[alias as usize];
                self.facts.type_exports.push(TypeExport { name, source: TypeSource::Alias(alias) });
                self.export(name, ExportKind::Type, ExportForm::Type, place, statement, name);
            }
            Decl::TsEnum(declared) => {
                let (name, place) = (self.name(&declared.id.sym), span(declared.id.span));
                let variable = self.ts_enum(declared);
                self.export_typescript(variable, ExportForm::Enum, name, place, statement);
            }
            Decl::TsModule(namespace) => {
                let (name, place) = match &namespace.id {
                    swc_ecma_ast::TsModuleName::Ident(ident) => (self.name(&ident.sym), span(ident.span)),
                    swc_ecma_ast::TsModuleName::Str(text) => (Name::EMPTY, span(text.span)),
                };
                let variable = self.ts_namespace(namespace);
                self.export_typescript(variable, ExportForm::Namespace, name, place, statement);
            }
        }
    }

    fn export_typescript(&mut self, variable: Option<u32>, form: ExportForm, name: Name, place: Span, statement: Span) {
        match variable {
            Some(variable) => {
                let value = self.value(Value::Variable(variable), place);
                self.export(name, ExportKind::Value(value), form, place, statement, name);
            }
            None => self.export(name, ExportKind::Type, form, place, statement, name),
        }
    }

    fn export_bound(&mut self, bound: &Bound, declaration: &VarDecl, statement: Span) {
        let plain =
            declaration.decls.iter().find(|one| one.name.is_ident() && span(one.name.span()).start == bound.span.start);
        let form = match plain {
            Some(one) if one.init.as_ref().is_some_and(|init| init.is_lit()) => ExportForm::Literal,
            Some(_) => ExportForm::Variable,
            None if bound.key_default => ExportForm::PatternKeyDefault,
            None => ExportForm::Pattern,
        };
        let value = self.value(Value::Variable(bound.variable), bound.span);
        self.export(bound.name, ExportKind::Value(value), form, bound.span, statement, bound.name);
    }

    fn export_name(&mut self, name: &ModuleExportName) -> Name {
        match name {
            ModuleExportName::Ident(ident) => self.name(&ident.sym),
            ModuleExportName::Str(text) => self.text(&text.value),
        }
    }

    fn named_export(&mut self, named: &NamedExport) {
        let statement = span(named.span);
        for specifier in &named.specifiers {
            match (specifier, &named.src) {
                (ExportSpecifier::Named(one), source) => {
                    let original = self.export_name(&one.orig);
                    let name = one.exported.as_ref().map_or(original, |name| self.export_name(name));
                    let place = span(one.span);
                    let type_only = named.type_only || one.is_type_only;
                    match source {
                        Some(source) if type_only => {
                            let imported = self.imported(original);
                            let id = self.import_binding(source, imported, Name::EMPTY, place, true);
                            self.facts.type_exports.push(TypeExport { name, source: TypeSource::From(id) });
                            self.export(name, ExportKind::Type, ExportForm::Type, place, statement, original);
                        }
                        Some(source) => {
                            let imported = self.imported(original);
                            let import = self.re_export(source, imported, place);
                            let form = ExportForm::ReExport;
                            self.export(name, ExportKind::From(import), form, place, statement, original);
                        }
                        None if type_only => {
                            let value = self.identifier(original, place, Position::Type);
                            self.facts.type_exports.push(TypeExport { name, source: TypeSource::Named(value) });
                            self.export(name, ExportKind::Type, ExportForm::Type, place, statement, original);
                        }
                        None => {
                            let value = self.identifier(original, span(one.orig.span()), Position::Read);
                            let form = ExportForm::List;
                            self.export(name, ExportKind::Value(value), form, place, statement, original);
                        }
                    }
                }
                (ExportSpecifier::Namespace(all), Some(source)) => {
                    let name = self.export_name(&all.name);
                    if named.type_only {
                        self.import_binding(source, Imported::Namespace, Name::EMPTY, statement, true);
                        let place = span(all.span);
                        self.export(name, ExportKind::Type, ExportForm::Type, place, statement, Name::EMPTY);
                        continue;
                    }
                    let import = self.re_export(source, Imported::Namespace, statement);
                    let form = ExportForm::ReExport;
                    self.export(name, ExportKind::From(import), form, span(all.span), statement, Name::EMPTY);
                }
                (ExportSpecifier::Default(default), Some(source)) => {
                    let name = self.name(&default.exported.sym);
                    let import = self.re_export(source, Imported::Default, statement);
                    let place = span(default.exported.span);
                    self.export(name, ExportKind::From(import), ExportForm::ReExport, place, statement, Name::EMPTY);
                }
                (_, None) => {}
            }
        }
    }

    fn default_declaration(&mut self, export: &ExportDefaultDecl) {
        let statement = span(export.span);
        let default = self.name("default");
        match &export.decl {
            DefaultDecl::Fn(function) => {
                let own = function.ident.as_ref().map(|ident| (self.name(&ident.sym), span(ident.span)));
                let place = span(function.function.span);
                let (form, value) = if function.function.body.is_some() {
                    let id = self.method(&function.function, FunctionKind::Declaration, own, place, false);
                    (ExportForm::DefaultFunction, self.value(Value::Function(id), place))
                } else {
                    (ExportForm::Overload, NONE)
                };
                let value = match own {
                    Some((name, name_span)) => {
                        let variable = self.declare(name, VariableKind::Function, name_span, value);
                        self.value(Value::Variable(variable), name_span)
                    }
                    None => value,
                };
                let (local, place) = own.unwrap_or((Name::EMPTY, place));
                self.export(default, ExportKind::Value(value), form, place, statement, local);
            }
            DefaultDecl::Class(class) => {
                let own = class.ident.as_ref().map(|ident| (self.name(&ident.sym), span(ident.span)));
                let place = span(class.class.span);
                let name = own.map_or(Name::EMPTY, |(name, _)| name);
                let id = self.class(&class.class, name);
                let value = self.value(Value::Class(id), place);
                if let Some((name, name_span)) = own {
                    self.declare(name, VariableKind::Class, name_span, value);
                }
                let form = ExportForm::DefaultClass;
                self.export(default, ExportKind::Value(value), form, place, statement, name);
            }
            DefaultDecl::TsInterfaceDecl(interface) => {
                let place = span(interface.span);
                let alias = self.interface(interface);
                self.facts.type_exports.push(TypeExport { name: default, source: TypeSource::Alias(alias) });
                self.export(default, ExportKind::Type, ExportForm::Type, place, statement, Name::EMPTY);
            }
        }
    }

    fn default_expression(&mut self, export: &ExportDefaultExpr) {
        let default = self.name("default");
        self.hint = Some((default, span(export.expr.span())));
        let value = self.expression(&export.expr, Use::STORED);
        self.hint = None;
        let statement = span(export.span);
        let (place, local) = match &*export.expr {
            Expr::Ident(ident) => (span(ident.span), self.name(&ident.sym)),
            other => (span(other.span()), Name::EMPTY),
        };
        self.export(default, ExportKind::Value(value), ExportForm::DefaultExpression, place, statement, local);
    }

    /// What can be said of exports only when the file is read: where an exported name is declared, and what CommonJS exports.
    pub(super) fn finish_exports(&mut self) {
        for export in &mut self.facts.exports {
            let goes_through_name = matches!(export.form, ExportForm::List | ExportForm::DefaultExpression);
            let ExportKind::Value(value) = export.kind else { continue };
            if export.form == ExportForm::List
                && let Some(alias) = self.scopes.alias_of_module(export.local)
            {
                let source = TypeSource::Alias(alias);
                self.facts.type_exports.push(TypeExport { name: export.name, source });
            }
            if !goes_through_name || export.local == Name::EMPTY {
                continue;
            }
            match self.facts.values[value as usize] {
                Value::Variable(id) => export.span = self.facts.variables[id as usize].span,
                Value::Import(id) => export.span = self.facts.imports[id as usize].span,
                _ => {}
            }
        }
        let assigned: Vec<(ValueId, ValueId, Span)> = self
            .facts
            .body(0)
            .iter()
            .filter_map(|step| if let Op::Assign(to, value) = step.op { Some((to, value, step.span)) } else { None })
            .collect();
        for (target, value, place) in assigned {
            self.common_js(target, value, place);
        }
    }
}
