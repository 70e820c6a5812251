//! Strings that are directives, and strings that their writer took for one.
//!
//! The prologue is the run of string statements at the start of a module or a function body; parentheses keep it open (seen in the
//! compiler of Next 16.4.6). Which directive means what is not this module's business.

use swc_ecma_ast::{Decl, Expr, Lit, ModuleDecl, ModuleItem, Stmt};

use super::builder::Builder;
use super::span;
use crate::facts::{Directive, DirectiveKind, FunctionId, ImportId};
use crate::source::Span;

/// Longer strings are text, not directives.
const LONGEST: usize = 40;

impl Builder {
    /// The directives of the module, before anything of it is walked.
    pub(super) fn module_directives(&mut self, items: &[ModuleItem]) {
        let mut open = true;
        let mut erased_only = self.facts.kind.is_typed();
        let mut imports: Vec<ImportId> = Vec::new();
        let mut next_import = 0;
        for item in items {
            if let ModuleItem::Stmt(Stmt::Expr(statement)) = item
                && let Some((text, parenthesised)) = string(&statement.expr)
            {
                let kind = match (open, parenthesised) {
                    (true, true) => DirectiveKind::Parenthesised,
                    (true, false) => DirectiveKind::Prologue,
                    (false, _) => DirectiveKind::Misplaced,
                };
                if !open && !imports.is_empty() {
                    self.erased_before.push((self.facts.directives.len(), imports.clone()));
                }
                self.directive(&text, kind, 0, erased_only, span(statement.span));
                continue;
            }
            open = false;
            match item {
                ModuleItem::ModuleDecl(ModuleDecl::Import(import)) => {
                    let count = u32::try_from(import.specifiers.len().max(1)).unwrap_or(1);
                    erased_only &= import.type_only || !import.specifiers.is_empty();
                    if !import.type_only {
                        imports.extend(next_import..next_import + count);
                    }
                    next_import += count;
                }
                ModuleItem::Stmt(Stmt::Decl(Decl::TsInterface(_) | Decl::TsTypeAlias(_))) => {}
                ModuleItem::Stmt(Stmt::Empty(_)) => {}
                _ => erased_only = false,
            }
            // Past the first statement that stays, imports no longer decide anything, and their numbers cannot be counted ahead.
            if !erased_only {
                imports.clear();
            }
        }
    }

    /// The directives of a function's body.
    pub(super) fn body_directives(&mut self, statements: &[Stmt], function: FunctionId) {
        let mut open = true;
        for statement in statements {
            if let Stmt::Expr(expression) = statement
                && let Some((text, parenthesised)) = string(&expression.expr)
            {
                let kind = match (open, parenthesised) {
                    (true, true) => DirectiveKind::Parenthesised,
                    (true, false) => DirectiveKind::Prologue,
                    (false, _) => DirectiveKind::Misplaced,
                };
                self.directive(&text, kind, function, false, span(expression.span));
            } else {
                open = false;
            }
        }
    }

    /// A string statement below a block.
    pub(super) fn nested_directive(&mut self, expression: &Expr, place: Span) {
        if let Some((text, _)) = string(expression) {
            let function = self.function_id();
            self.directive(&text, DirectiveKind::Nested, function, false, place);
        }
    }

    fn directive(
        &mut self,
        text: &str,
        kind: DirectiveKind,
        function: FunctionId,
        after_erased_only: bool,
        span: Span,
    ) {
        if text.len() <= LONGEST {
            let text = self.name(text);
            self.facts.directives.push(Directive { text, kind, function, after_erased_only, span });
        }
    }
}

/// The cooked text of a string statement, and whether it is in parentheses.
fn string(expression: &Expr) -> Option<(String, bool)> {
    match expression {
        Expr::Lit(Lit::Str(text)) => Some((text.value.to_string_lossy().into(), false)),
        Expr::Paren(inner) => string(&inner.expr).map(|(text, _)| (text, true)),
        _ => None,
    }
}
