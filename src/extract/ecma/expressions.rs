//! Expressions become values; the calls, assignments and branches in them become steps, in evaluation order.

use swc_common::Spanned;
use swc_ecma_ast::{
    AssignExpr, AssignOp, AssignTarget, AssignTargetPat, BinExpr, BinaryOp, CondExpr, Expr, ExprOrSpread, Lit,
    MemberExpr, MemberProp, Pat, SimpleAssignTarget, SuperProp, Tpl, UnaryExpr, UnaryOp,
};

use super::builder::Builder;
use super::patterns::Bind;
use super::scopes::Position;
use super::span;
use crate::facts::{NONE, Name, Op, Operator, Use, Value, ValueId};
use crate::source::Span;

impl Builder {
    /// The value of an expression, whose result is put to `result`.
    pub(super) fn expression(&mut self, expression: &Expr, result: Use) -> ValueId {
        self.deeper(|builder| builder.expression_here(expression, result))
    }

    fn expression_here(&mut self, expression: &Expr, result: Use) -> ValueId {
        let place = span(expression.span());
        if !takes_name(expression) {
            self.hint = None;
        }
        match expression {
            Expr::Ident(ident) => {
                let name = self.name(&ident.sym);
                if &*ident.sym == "arguments" {
                    self.own_use(|function| &mut function.arguments, place);
                }
                self.identifier(name, place, Position::Read)
            }
            Expr::This(_) => {
                self.own_use(|function| &mut function.this, place);
                self.value(Value::This, place)
            }
            Expr::Lit(literal) => self.literal(literal),
            Expr::Tpl(template) => self.template(template, place),
            Expr::TaggedTpl(tagged) => self.tagged(tagged, result, place),
            Expr::Member(member) => self.member(member),
            Expr::SuperProp(property) => {
                self.own_use(|function| &mut function.super_, span(property.obj.span));
                let object = self.value(Value::Super, span(property.obj.span));
                match &property.prop {
                    SuperProp::Ident(name) => {
                        let name = self.name(&name.sym);
                        self.value(Value::Member(object, name), place)
                    }
                    SuperProp::Computed(key) => {
                        let key = self.expression(&key.expr, Use::CHAINED);
                        self.value(Value::Index(object, key), place)
                    }
                }
            }
            Expr::Call(call) => self.call_expression(call, result),
            Expr::New(new) => self.new_expression(new, result),
            Expr::OptChain(chain) => self.optional_chain(chain, result),
            Expr::Await(awaited) => {
                let value = self.expression(&awaited.arg, result.and(Use::AWAITED));
                self.step(Op::Await(value), place);
                self.value(Value::Await(value), place)
            }
            Expr::Yield(yielded) => {
                let used = if yielded.delegate { result.and(Use::AWAITED) } else { Use::PASSED };
                let value = yielded.arg.as_ref().map_or(NONE, |argument| self.expression(argument, used));
                self.step(Op::Yield(value), place);
                if yielded.delegate {
                    self.value(Value::Await(value), place)
                } else {
                    self.value(Value::Unknown, place)
                }
            }
            Expr::Paren(inner) => self.expression(&inner.expr, result),
            Expr::Seq(sequence) => self.sequence(&sequence.exprs, result, place),
            Expr::Unary(unary) => self.unary(unary, result, place),
            Expr::Update(update) => {
                let read = self.expression(&update.arg, Use::CHAINED);
                let target = self.updated(&update.arg).unwrap_or(read);
                let value = self.value(Value::Unknown, place);
                self.assign(target, value, place);
                value
            }
            Expr::Bin(binary) => self.binary(binary, result),
            Expr::Cond(conditional) => self.conditional(conditional, result, place),
            Expr::Assign(assign) => self.assignment(assign, result, place),
            Expr::Object(object) => self.object(object, place),
            Expr::Array(array) => {
                let elements: Vec<Option<&ExprOrSpread>> = array.elems.iter().map(Option::as_ref).collect();
                self.array(&elements, place)
            }
            Expr::Fn(function) => self.function_expression(function, place),
            Expr::Arrow(arrow) => self.arrow(arrow, place),
            Expr::Class(class) => self.class_expression(class, place),
            Expr::JSXElement(element) => self.jsx_element(element, result),
            Expr::JSXFragment(fragment) => self.jsx_fragment(fragment, result),
            Expr::TsAs(cast) => {
                let value = self.expression(&cast.expr, result);
                let annotation = self.ts_type(&cast.type_ann);
                self.value(Value::Cast(value, annotation), place)
            }
            Expr::TsSatisfies(cast) => {
                let value = self.expression(&cast.expr, result);
                let annotation = self.ts_type(&cast.type_ann);
                self.value(Value::Cast(value, annotation), place)
            }
            Expr::TsTypeAssertion(cast) => {
                let value = self.expression(&cast.expr, result);
                let annotation = self.ts_type(&cast.type_ann);
                self.value(Value::Cast(value, annotation), place)
            }
            Expr::TsConstAssertion(cast) => self.uncast(&cast.expr, result, place),
            Expr::TsNonNull(cast) => self.uncast(&cast.expr, result, place),
            Expr::TsInstantiation(cast) => self.uncast(&cast.expr, result, place),
            Expr::MetaProp(_)
            | Expr::JSXMember(_)
            | Expr::JSXNamespacedName(_)
            | Expr::JSXEmpty(_)
            | Expr::PrivateName(_)
            | Expr::Invalid(_) => self.value(Value::Unknown, place),
        }
    }

    fn uncast(&mut self, inner: &Expr, result: Use, place: Span) -> ValueId {
        let value = self.expression(inner, result);
        self.value(Value::Cast(value, NONE), place)
    }

    fn literal(&mut self, literal: &Lit) -> ValueId {
        let place = span(literal.span());
        let value = match literal {
            Lit::Str(text) => Value::Str(self.text(&text.value)),
            Lit::Bool(flag) => Value::Bool(flag.value),
            Lit::Null(_) => Value::Null,
            Lit::Num(number) => Value::Number(self.number(number)),
            Lit::BigInt(number) => Value::Number(self.name(&number.value.to_string())),
            Lit::Regex(regex) => Value::Regex(self.name(&regex.exp)),
            Lit::JSXText(_) => Value::Unknown,
        };
        self.value(value, place)
    }

    /// A number as JavaScript prints it: plain digits are as they are written.
    pub(super) fn number(&mut self, number: &swc_ecma_ast::Number) -> Name {
        match &number.raw {
            Some(raw) if raw.bytes().all(|byte| byte.is_ascii_digit()) && (raw.len() == 1 || !raw.starts_with('0')) => {
                self.name(raw)
            }
            _ => self.name(&number.value.to_string()),
        }
    }

    /// `` `a${b}` ``: its strings, empty ones left out, and its values.
    pub(super) fn template(&mut self, template: &Tpl, place: Span) -> ValueId {
        let mut parts = Vec::with_capacity(template.quasis.len() + template.exprs.len());
        for (index, quasi) in template.quasis.iter().enumerate() {
            let text =
                quasi.cooked.as_ref().map_or_else(|| quasi.raw.to_string(), |text| text.to_string_lossy().into());
            if !text.is_empty() {
                let name = self.name(&text);
                parts.push(self.value(Value::Str(name), span(quasi.span)));
            }
            if let Some(hole) = template.exprs.get(index) {
                parts.push(self.expression(hole, Use::PASSED));
            }
        }
        match parts.as_slice() {
            [] => self.value(Value::Str(Name::EMPTY), place),
            [only] if template.exprs.is_empty() => {
                let value = self.facts.value(*only);
                self.value(value, place)
            }
            _ => {
                let list = self.list(&parts);
                self.value(Value::Template(list), place)
            }
        }
    }

    pub(super) fn member(&mut self, member: &MemberExpr) -> ValueId {
        let object = self.expression(&member.obj, Use::CHAINED);
        let place = span(member.span);
        match &member.prop {
            MemberProp::Ident(ident) => {
                let name = self.name(&ident.sym);
                self.value(Value::Member(object, name), place)
            }
            MemberProp::PrivateName(private) => {
                let name = self.name(&format!("#{}", private.name));
                self.value(Value::Member(object, name), place)
            }
            MemberProp::Computed(computed) => {
                let key = self.expression(&computed.expr, Use::CHAINED);
                match self.facts.value(key) {
                    Value::Str(name) => self.value(Value::Member(object, name), place),
                    _ => self.value(Value::Index(object, key), place),
                }
            }
        }
    }

    fn sequence(&mut self, expressions: &[Box<Expr>], result: Use, place: Span) -> ValueId {
        let Some((last, before)) = expressions.split_last() else { return self.value(Value::Unknown, place) };
        for expression in before {
            self.expression(expression, Use::DISCARDED);
        }
        self.expression(last, result)
    }

    fn unary(&mut self, unary: &UnaryExpr, result: Use, place: Span) -> ValueId {
        let inner = match unary.op {
            UnaryOp::Void => Use::VOIDED,
            _ if result.has(Use::TESTED) => Use::TESTED,
            _ => Use::CHAINED,
        };
        let value = self.expression(&unary.arg, inner);
        let kept = match unary.op {
            UnaryOp::Bang => Value::Not(value),
            UnaryOp::Void => Value::Undefined,
            UnaryOp::TypeOf => Value::Unary(Operator::TypeOf, value),
            UnaryOp::Delete => Value::Unary(Operator::Delete, value),
            UnaryOp::Minus | UnaryOp::Plus | UnaryOp::Tilde => Value::Unary(Operator::Other, value),
        };
        self.value(kept, place)
    }

    /// Chains of one operator lean to the left and may be thousands long, so they are walked in a loop.
    fn binary(&mut self, binary: &BinExpr, result: Use) -> ValueId {
        let mut chain = vec![binary];
        while let Expr::Bin(left) = &*chain[chain.len() - 1].left {
            chain.push(left);
        }
        let first = chain[chain.len() - 1];
        let mut left = self.expression(&first.left, operand_use(first.op, result));
        for link in chain.into_iter().rev() {
            let place = span(link.span);
            let operator = operator(link.op);
            left = if matches!(operator, Operator::And | Operator::Or | Operator::Nullish) {
                self.logical(operator, left, &link.right, result, place)
            } else {
                let right = self.expression(&link.right, operand_use(link.op, result));
                self.value(Value::Binary(operator, left, right), place)
            };
        }
        left
    }

    fn logical(&mut self, operator: Operator, left: ValueId, right: &Expr, result: Use, place: Span) -> ValueId {
        let test = if operator == Operator::Nullish {
            let null = self.value(Value::Null, place);
            self.value(Value::Binary(Operator::Equal, left, null), place)
        } else {
            left
        };
        let head = self.open(place);
        let value = self.expression(right, result);
        let end = self.here();
        let then = if operator == Operator::Or { head + 1 } else { end };
        self.close(head, Op::Branch { test, then, end });
        self.value(Value::Logical(operator, left, value), place)
    }

    fn conditional(&mut self, conditional: &CondExpr, result: Use, place: Span) -> ValueId {
        let test = self.expression(&conditional.test, Use::TESTED);
        let head = self.open(place);
        let consequent = self.expression(&conditional.cons, result);
        let then = self.here();
        let alternative = self.expression(&conditional.alt, result);
        let end = self.here();
        self.close(head, Op::Branch { test, then, end });
        let list = self.list(&[test, consequent, alternative]);
        self.value(Value::Conditional(list), place)
    }

    fn assignment(&mut self, assign: &AssignExpr, result: Use, place: Span) -> ValueId {
        let used = result.and(Use::STORED);
        match &assign.left {
            AssignTarget::Pat(pattern) => {
                let value = self.expression(&assign.right, used);
                let pattern = match pattern {
                    AssignTargetPat::Array(array) => Pat::Array(array.clone()),
                    AssignTargetPat::Object(object) => Pat::Object(object.clone()),
                    AssignTargetPat::Invalid(_) => return value,
                };
                self.pattern(&pattern, value, Bind::Assign);
                value
            }
            AssignTarget::Simple(simple) => {
                let target = self.target(simple);
                let logical = matches!(assign.op, AssignOp::AndAssign | AssignOp::OrAssign | AssignOp::NullishAssign);
                if assign.op == AssignOp::Assign {
                    self.hint_from(target);
                    let value = self.expression(&assign.right, used);
                    self.hint = None;
                    self.assign(target, value, place);
                    return value;
                }
                if logical {
                    let operator = match assign.op {
                        AssignOp::AndAssign => Operator::And,
                        AssignOp::OrAssign => Operator::Or,
                        _ => Operator::Nullish,
                    };
                    let value = self.logical(operator, target, &assign.right, used, place);
                    self.assign(target, value, place);
                    return value;
                }
                let right = self.expression(&assign.right, Use::CHAINED);
                let add = assign.op == AssignOp::AddAssign;
                let operator = if add { Operator::Add } else { Operator::Other };
                let value = self.value(Value::Binary(operator, target, right), place);
                self.assign(target, value, place);
                value
            }
        }
    }

    fn target(&mut self, target: &SimpleAssignTarget) -> ValueId {
        match target {
            SimpleAssignTarget::Ident(ident) => {
                let name = self.name(&ident.id.sym);
                self.identifier(name, span(ident.id.span), Position::Write)
            }
            SimpleAssignTarget::Member(member) => self.member(member),
            SimpleAssignTarget::Paren(inner) => self.expression(&inner.expr, Use::CHAINED),
            SimpleAssignTarget::TsAs(inner) => self.expression(&inner.expr, Use::CHAINED),
            SimpleAssignTarget::TsNonNull(inner) => self.expression(&inner.expr, Use::CHAINED),
            SimpleAssignTarget::TsSatisfies(inner) => self.expression(&inner.expr, Use::CHAINED),
            SimpleAssignTarget::TsTypeAssertion(inner) => self.expression(&inner.expr, Use::CHAINED),
            SimpleAssignTarget::TsInstantiation(inner) => self.expression(&inner.expr, Use::CHAINED),
            SimpleAssignTarget::OptChain(chain) => self.optional_chain(chain, Use::CHAINED),
            SimpleAssignTarget::SuperProp(property) => self.value(Value::Super, span(property.span)),
            SimpleAssignTarget::Invalid(invalid) => self.value(Value::Unknown, span(invalid.span)),
        }
    }

    /// `exports.name = () => {}` names the function.
    fn hint_from(&mut self, target: ValueId) {
        if let Value::Member(_, name) = self.facts.value(target) {
            self.hint = Some((name, self.last_name(target, self.facts.span(target))));
        }
    }

    /// `x++` assigns `x` as well as reading it.
    fn updated(&mut self, written: &Expr) -> Option<ValueId> {
        let Expr::Ident(ident) = written else { return None };
        let name = self.name(&ident.sym);
        Some(self.identifier(name, span(ident.span), Position::Write))
    }
}

/// Whether the name that an expression is bound to is its function's or class's name.
fn takes_name(expression: &Expr) -> bool {
    matches!(
        expression,
        Expr::Fn(_)
            | Expr::Arrow(_)
            | Expr::Class(_)
            | Expr::Paren(_)
            | Expr::TsAs(_)
            | Expr::TsSatisfies(_)
            | Expr::TsConstAssertion(_)
            | Expr::TsNonNull(_)
    )
}

fn operand_use(operator: BinaryOp, result: Use) -> Use {
    match operator {
        BinaryOp::LogicalAnd | BinaryOp::LogicalOr | BinaryOp::NullishCoalescing => result.and(Use::TESTED),
        _ if result.has(Use::TESTED) => Use::TESTED,
        _ => Use::CHAINED,
    }
}

fn operator(operator: BinaryOp) -> Operator {
    match operator {
        BinaryOp::EqEq | BinaryOp::EqEqEq => Operator::Equal,
        BinaryOp::NotEq | BinaryOp::NotEqEq => Operator::NotEqual,
        BinaryOp::Add => Operator::Add,
        BinaryOp::In => Operator::In,
        BinaryOp::InstanceOf => Operator::InstanceOf,
        BinaryOp::LogicalAnd => Operator::And,
        BinaryOp::LogicalOr => Operator::Or,
        BinaryOp::NullishCoalescing => Operator::Nullish,
        BinaryOp::Lt | BinaryOp::LtEq | BinaryOp::Gt | BinaryOp::GtEq => Operator::Compare,
        _ => Operator::Other,
    }
}
