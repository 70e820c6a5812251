//! Patterns: each name of `{ a, b: [c = 1], ...rest }` becomes a variable whose first value says where it comes from.

use swc_ecma_ast::{ObjectPatProp, Pat, PropName};

use super::builder::Builder;
use super::scopes::Position;
use super::span;
use crate::facts::{NONE, Name, Op, Operator, TypeId, Use, Value, ValueId, VariableId, VariableKind};
use crate::source::Span;

/// What is done with each name of a pattern.
#[derive(Clone, Copy)]
pub(super) enum Bind {
    /// It is declared.
    Declare(VariableKind),
    /// It is assigned.
    Assign,
}

/// A name that a pattern bound.
pub(super) struct Bound {
    pub(super) name: Name,
    pub(super) span: Span,
    pub(super) variable: VariableId,
    /// Whether it stands below a key with a default, `key: name = default`, which the Next.js compiler overlooks.
    pub(super) key_default: bool,
}

impl Builder {
    /// Binds every name of `pattern` to its part of `from`.
    pub(super) fn pattern(&mut self, pattern: &Pat, from: ValueId, bind: Bind) -> Vec<Bound> {
        let mut bound = Vec::new();
        self.deeper(|builder| builder.pattern_into(pattern, from, bind, false, &mut bound));
        bound
    }

    fn pattern_into(&mut self, pattern: &Pat, from: ValueId, bind: Bind, keyed: bool, bound: &mut Vec<Bound>) {
        match pattern {
            Pat::Ident(ident) => {
                let name = self.name(&ident.id.sym);
                let annotation = self.annotation(ident.type_ann.as_deref());
                self.bind_name(name, span(ident.id.span), from, annotation, bind, false, bound);
            }
            Pat::Assign(assign) => {
                let with_default = self.defaulted(from, &assign.right);
                if keyed && let Pat::Ident(ident) = &*assign.left {
                    let name = self.name(&ident.id.sym);
                    self.bind_name(name, span(ident.id.span), with_default, NONE, bind, true, bound);
                } else {
                    let first = bound.len();
                    self.pattern_into(&assign.left, with_default, bind, false, bound);
                    bound[first..].iter_mut().for_each(|bound| bound.key_default |= keyed);
                }
            }
            Pat::Array(array) => {
                for (index, element) in array.elems.iter().enumerate() {
                    let Some(element) = element else { continue };
                    let place = span(array.span);
                    if let Pat::Rest(rest) = element {
                        let value = self.value(Value::Rest(from), place);
                        self.pattern_into(&rest.arg, value, bind, false, bound);
                    } else {
                        let name = self.name(&index.to_string());
                        let key = self.value(Value::Number(name), place);
                        let value = self.value(Value::Index(from, key), place);
                        self.pattern_into(element, value, bind, false, bound);
                    }
                }
            }
            Pat::Object(object) => {
                for property in &object.props {
                    self.property_pattern(property, from, bind, bound);
                }
            }
            Pat::Rest(rest) => self.pattern_into(&rest.arg, from, bind, false, bound),
            Pat::Expr(expression) => {
                let target = self.expression(expression, Use::CHAINED);
                self.step(Op::Assign(target, from), self.facts.span(target));
            }
            Pat::Invalid(_) => {}
        }
    }

    fn property_pattern(&mut self, property: &ObjectPatProp, from: ValueId, bind: Bind, bound: &mut Vec<Bound>) {
        match property {
            ObjectPatProp::KeyValue(pair) => {
                let value = self.part(from, &pair.key);
                self.pattern_into(&pair.value, value, bind, true, bound);
            }
            ObjectPatProp::Assign(short) => {
                let place = span(short.key.id.span);
                let name = self.name(&short.key.id.sym);
                let mut value = self.value(Value::Member(from, name), place);
                if let Some(default) = &short.value {
                    value = self.defaulted(value, default);
                }
                self.bind_name(name, place, value, NONE, bind, false, bound);
            }
            ObjectPatProp::Rest(rest) => {
                let value = self.value(Value::Rest(from), span(rest.span));
                self.pattern_into(&rest.arg, value, bind, false, bound);
            }
        }
    }

    /// `from.key` or `from[key]`.
    pub(super) fn part(&mut self, from: ValueId, key: &PropName) -> ValueId {
        match self.key(key) {
            (Some(name), place) => self.value(Value::Member(from, name), place),
            (None, place) => {
                let PropName::Computed(computed) = key else { return self.value(Value::Unknown, place) };
                let key = self.expression(&computed.expr, Use::CHAINED);
                self.value(Value::Index(from, key), place)
            }
        }
    }

    fn defaulted(&mut self, value: ValueId, default: &swc_ecma_ast::Expr) -> ValueId {
        let place = self.facts.span(value);
        let (head, null) = (self.open(place), self.value(Value::Undefined, place));
        let default = self.expression(default, Use::STORED);
        let test = self.value(Value::Binary(Operator::Equal, value, null), place);
        let end = self.here();
        self.close(head, Op::Branch { test, then: end, end });
        self.value(Value::Logical(Operator::Nullish, value, default), place)
    }

    #[expect(clippy::too_many_arguments, reason = "one place binds all forms of a name, each with what is known of it")]
    fn bind_name(
        &mut self,
        name: Name,
        place: Span,
        from: ValueId,
        annotation: TypeId,
        bind: Bind,
        key_default: bool,
        bound: &mut Vec<Bound>,
    ) {
        match bind {
            Bind::Declare(kind) => {
                let variable = self.declare(name, kind, place, from);
                if annotation != NONE {
                    self.facts.variables[variable as usize].annotation = annotation;
                }
                bound.push(Bound { name, span: place, variable, key_default });
            }
            Bind::Assign => {
                let target = self.identifier(name, place, Position::Write);
                self.assign(target, from, place);
            }
        }
    }

    /// The step of an assignment.
    pub(super) fn assign(&mut self, target: ValueId, value: ValueId, place: Span) {
        self.step(Op::Assign(target, value), place);
    }
}
