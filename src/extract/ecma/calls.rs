//! Calls of every form: plain, `new`, tagged, optional, `require` and `import()`.

use swc_ecma_ast::{CallExpr, Callee, Expr, ExprOrSpread, Lit, NewExpr, OptChainBase, OptChainExpr, TaggedTpl};

use super::builder::Builder;
use super::span;
use crate::facts::{Call, CallKind, Import, ImportKind, Imported, List, NONE, Name, Op, Operator, Use, Value, ValueId};
use crate::source::Span;

/// What a call passes on: its kind, arguments and type arguments.
struct Written<'a> {
    kind: CallKind,
    arguments: &'a [ExprOrSpread],
    types: Option<&'a swc_ecma_ast::TsTypeParamInstantiation>,
    span: Span,
}

impl Builder {
    pub(super) fn tagged(&mut self, tagged: &TaggedTpl, result: Use, place: Span) -> ValueId {
        let callee = self.expression(&tagged.tag, Use::CHAINED);
        let template = self.template(&tagged.tpl, span(tagged.tpl.span));
        let arguments = self.list(&[template]);
        let types = self.type_arguments(tagged.type_params.as_deref());
        let (function, name_span) = (self.function_id(), self.last_name(callee, place));
        self.call(Call { callee, arguments, kind: CallKind::Tagged, result, function, span: place, name_span, types })
    }

    pub(super) fn call_expression(&mut self, call: &CallExpr, result: Use) -> ValueId {
        let place = span(call.span);
        let callee = match &call.callee {
            Callee::Expr(callee) => {
                if let Some(value) = self.require(callee, call, place) {
                    return value;
                }
                self.expression(callee, Use::CHAINED)
            }
            Callee::Super(callee) => {
                self.own_use(|function| &mut function.super_, span(callee.span));
                self.value(Value::Super, span(callee.span))
            }
            Callee::Import(callee) => return self.dynamic_import(call, span(callee.span), result),
        };
        let written =
            Written { kind: CallKind::Plain, arguments: &call.args, types: call.type_args.as_deref(), span: place };
        self.written(callee, &written, result)
    }

    pub(super) fn new_expression(&mut self, new: &NewExpr, result: Use) -> ValueId {
        let callee = self.expression(&new.callee, Use::CHAINED);
        let arguments = new.args.as_deref().unwrap_or_default();
        let types = new.type_args.as_deref();
        self.written(callee, &Written { kind: CallKind::New, arguments, types, span: span(new.span) }, result)
    }

    fn written(&mut self, callee: ValueId, written: &Written<'_>, result: Use) -> ValueId {
        let outer = std::mem::take(&mut self.literals);
        let arguments = self.list_of(written.arguments.iter(), Self::argument);
        self.literals = outer;
        let types = self.type_arguments(written.types);
        let (function, name_span) = (self.function_id(), self.last_name(callee, written.span));
        let kind = written.kind;
        self.call(Call { callee, arguments, kind, result, function, span: written.span, name_span, types })
    }

    pub(super) fn argument(&mut self, argument: &ExprOrSpread) -> ValueId {
        let value = self.expression(&argument.expr, Use::PASSED);
        match argument.spread {
            Some(dots) => self.value(Value::Spread(value), Span::new(span(dots).start, self.facts.span(value).end)),
            None => value,
        }
    }

    /// The span of a callee's last name: what a label points at.
    pub(super) fn last_name(&self, callee: ValueId, whole: Span) -> Span {
        let place = self.facts.span(callee);
        match self.facts.value(callee) {
            Value::Member(_, name) => {
                let length = u32::try_from(self.names.text(name).len()).unwrap_or(0);
                Span::new(place.end.saturating_sub(length).max(place.start), place.end)
            }
            Value::Unknown | Value::Super => place,
            _ => Span::new(whole.start, place.end.max(whole.start)),
        }
    }

    /// `require('x')` of a name that the file does not declare itself.
    fn require(&mut self, callee: &Expr, call: &CallExpr, place: Span) -> Option<ValueId> {
        let Expr::Ident(ident) = callee else { return None };
        let [ExprOrSpread { spread: None, expr }] = call.args.as_slice() else { return None };
        let Expr::Lit(Lit::Str(text)) = &**expr else { return None };
        if &*ident.sym != "require" {
            return None;
        }
        let source = self.text(&text.value);
        Some(self.inline_import(source, span(text.span), place, ImportKind::Require))
    }

    fn dynamic_import(&mut self, call: &CallExpr, place: Span, result: Use) -> ValueId {
        let whole = span(call.span);
        let argument = call.args.first().map_or(NONE, |argument| self.argument(argument));
        let callee = match self.facts.value(argument) {
            Value::Str(source) => self.inline_import(source, self.facts.span(argument), whole, ImportKind::Dynamic),
            _ => self.value(Value::Unknown, place),
        };
        let arguments = self.list(&[argument]);
        let (function, types) = (self.function_id(), List::default());
        let kind = CallKind::DynamicImport;
        self.call(Call { callee, arguments, kind, result, function, span: whole, name_span: whole, types })
    }

    fn inline_import(&mut self, source: Name, source_span: Span, place: Span, kind: ImportKind) -> ValueId {
        let id = u32::try_from(self.facts.imports.len()).unwrap_or(NONE);
        let function = self.function_id();
        self.facts.imports.push(Import {
            source,
            imported: Imported::Namespace,
            local: Name::EMPTY,
            kind,
            type_only: false,
            used: true,
            span: place,
            source_span,
            function,
        });
        self.value(Value::Import(id), place)
    }

    pub(super) fn optional_chain(&mut self, chain: &OptChainExpr, result: Use) -> ValueId {
        match &*chain.base {
            OptChainBase::Member(member) => {
                let value = self.member(member);
                if chain.optional && value != NONE {
                    self.facts.optional.push(value);
                }
                value
            }
            OptChainBase::Call(call) => {
                let place = span(chain.span);
                let callee = self.expression(&call.callee, Use::CHAINED);
                let tested = if chain.optional { callee } else { self.first_optional(&call.callee, callee) };
                let head = self.open(place);
                let written = Written {
                    kind: CallKind::Optional,
                    arguments: &call.args,
                    types: call.type_args.as_deref(),
                    span: place,
                };
                let value = self.written(callee, &written, result);
                let null = self.value(Value::Null, place);
                let test = self.value(Value::Binary(Operator::NotEqual, tested, null), place);
                let end = self.here();
                self.close(head, Op::Branch { test, then: end, end });
                value
            }
        }
    }

    /// The object of the outermost `?.` in the callee of an optional call.
    fn first_optional(&self, written: &Expr, value: ValueId) -> ValueId {
        match (written, self.facts.value(value)) {
            (Expr::OptChain(chain), Value::Member(object, _) | Value::Index(object, _)) => match &*chain.base {
                OptChainBase::Member(_) if chain.optional => object,
                OptChainBase::Member(member) => self.first_optional(&member.obj, object),
                OptChainBase::Call(_) => object,
            },
            _ => value,
        }
    }
}
