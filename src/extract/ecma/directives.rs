//! Strings that are directives, and strings that their writer took for one.
//!
//! The prologue is the run of string statements at the start of a module or a function body; parentheses keep it open (seen in the
//! compiler of Next 16.4.6). Which directive means what is not this module's business.

use swc_ecma_ast::{Expr, Lit, ModuleItem, Stmt};

use super::builder::Builder;
use super::erasure::{Left, left_of};
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
                && let Some((text, form)) = string(&statement.expr)
            {
                if !open && !imports.is_empty() {
                    self.erased_before.push((self.facts.directives.len(), imports.clone()));
                }
                self.directive(&text, kind(form, open), 0, erased_only, span(statement.span));
                open &= form != Form::Template;
                erased_only &= form != Form::Template;
                continue;
            }
            open = false;
            match left_of(item) {
                Left::Itself => erased_only = false,
                Left::Nothing(count) => next_import += count,
                Left::NothingUnlessUsed(count) => {
                    imports.extend(next_import..next_import + count);
                    next_import += count;
                }
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
                && let Some((text, form)) = string(&expression.expr)
            {
                self.directive(&text, kind(form, open), function, false, span(expression.span));
                open &= form != Form::Template;
            } else {
                open = false;
            }
        }
    }

    /// A string statement below a block.
    pub(super) fn nested_directive(&mut self, expression: &Expr, place: Span) {
        if let Some((text, Form::Plain)) = string(expression) {
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

/// How a string statement is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Plain,
    Parenthesised,
    Template,
}

fn kind(form: Form, open: bool) -> DirectiveKind {
    match (form, open) {
        (Form::Template, _) => DirectiveKind::BackTicked,
        (Form::Parenthesised, true) => DirectiveKind::Parenthesised,
        (Form::Plain, true) => DirectiveKind::Prologue,
        (_, false) => DirectiveKind::Misplaced,
    }
}

/// The cooked text of a string statement, and how it is written. Two pairs of parentheses make it an expression like any other.
fn string(expression: &Expr) -> Option<(String, Form)> {
    match expression {
        Expr::Lit(Lit::Str(text)) => Some((text.value.to_string_lossy().into(), Form::Plain)),
        Expr::Tpl(template) => match (template.quasis.as_slice(), template.exprs.as_slice()) {
            ([only], []) => Some((only.cooked.as_ref()?.to_string_lossy().into(), Form::Template)),
            _ => None,
        },
        Expr::Paren(inner) => match &*inner.expr {
            Expr::Lit(Lit::Str(text)) => Some((text.value.to_string_lossy().into(), Form::Parenthesised)),
            _ => None,
        },
        _ => None,
    }
}
