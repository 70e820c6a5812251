//! Statements become steps.

use swc_common::Spanned;
use swc_ecma_ast::{BlockStmt, Decl, ForHead, Stmt, SwitchStmt, TryStmt, VarDecl, VarDeclKind, VarDeclOrExpr};

use super::builder::{Builder, Target, TargetKind};
use super::patterns::{Bind, Bound};
use super::span;
use crate::facts::{NONE, Name, Op, Use, Value, ValueId, VariableKind};
use crate::source::Span;

impl Builder {
    /// Walks statements in order.
    pub(super) fn statements(&mut self, statements: &[Stmt]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    pub(super) fn statement(&mut self, statement: &Stmt) {
        self.deeper(|builder| builder.statement_here(statement));
    }

    fn statement_here(&mut self, statement: &Stmt) {
        let place = span(statement.span());
        match statement {
            Stmt::Expr(expression) => {
                if self.blocks > 0 {
                    self.nested_directive(&expression.expr, place);
                }
                self.expression(&expression.expr, Use::DISCARDED);
            }
            Stmt::Decl(declaration) => self.declaration(declaration),
            Stmt::Return(returned) => {
                let value = returned.arg.as_ref().map_or(NONE, |value| self.expression(value, Use::RETURNED));
                self.step(Op::Return(value), place);
            }
            Stmt::If(branch) => {
                let test = self.expression(&branch.test, Use::TESTED);
                let head = self.open(place);
                self.nested(&branch.cons);
                let then = self.here();
                if let Some(alternative) = &branch.alt {
                    self.nested(alternative);
                }
                let end = self.here();
                self.close(head, Op::Branch { test, then, end });
            }
            Stmt::Throw(thrown) => {
                let value = self.expression(&thrown.arg, Use::PASSED);
                self.step(Op::Throw(value), place);
            }
            Stmt::Try(attempt) => self.try_statement(attempt, place),
            Stmt::Block(block) => self.block(block),
            Stmt::Switch(switch) => self.switch(switch, place),
            Stmt::Labeled(labelled) => {
                let label = Some(self.name(&labelled.label.sym));
                if is_loop(&labelled.body) {
                    self.loop_statement(&labelled.body, label);
                } else {
                    let head = self.open(place);
                    self.frame().targets.push(Target { label, kind: TargetKind::Block });
                    self.nested(&labelled.body);
                    self.frame().targets.pop();
                    let end = self.here();
                    self.close(head, Op::Block { end });
                }
            }
            Stmt::Break(leaving) => self.leave(leaving.label.as_ref().map(|label| &*label.sym), true, place),
            Stmt::Continue(leaving) => self.leave(leaving.label.as_ref().map(|label| &*label.sym), false, place),
            Stmt::While(_) | Stmt::DoWhile(_) | Stmt::For(_) | Stmt::ForIn(_) | Stmt::ForOf(_) => {
                self.loop_statement(statement, None);
            }
            Stmt::With(with) => {
                self.expression(&with.obj, Use::CHAINED);
                self.nested(&with.body);
            }
            Stmt::Empty(_) | Stmt::Debugger(_) => {}
        }
    }

    /// A statement below another one: directives in it are none.
    fn nested(&mut self, statement: &Stmt) {
        self.blocks += 1;
        self.statement(statement);
        self.blocks -= 1;
    }

    pub(super) fn block(&mut self, block: &BlockStmt) {
        self.blocks += 1;
        self.scopes.enter(false);
        self.statements(&block.stmts);
        self.scopes.leave();
        self.blocks -= 1;
    }

    fn leave(&mut self, label: Option<&str>, breaks: bool, place: Span) {
        let label = label.map(|label| self.name(label));
        let hit = |target: &Target| match label {
            Some(label) => target.label == Some(label),
            None if breaks => target.kind != TargetKind::Block,
            None => target.kind == TargetKind::Loop,
        };
        let Some(distance) = self.frame().targets.iter().rev().position(hit) else { return };
        let distance = u32::try_from(distance + 1).unwrap_or(u32::MAX);
        self.step(if breaks { Op::Break(distance) } else { Op::Continue(distance) }, place);
    }

    fn loop_statement(&mut self, statement: &Stmt, label: Option<Name>) {
        let place = span(statement.span());
        self.scopes.enter(false);
        if let Stmt::For(for_) = statement {
            match &for_.init {
                Some(VarDeclOrExpr::VarDecl(declaration)) => drop(self.variables(declaration)),
                Some(VarDeclOrExpr::Expr(expression)) => drop(self.expression(expression, Use::DISCARDED)),
                None => {}
            }
        }
        let iterated = match statement {
            Stmt::ForIn(for_) => Some((self.expression(&for_.right, Use::CHAINED), &for_.left, false)),
            Stmt::ForOf(for_) => Some((self.expression(&for_.right, Use::CHAINED), &for_.left, true)),
            _ => None,
        };
        let head = self.open(place);
        self.frame().targets.push(Target { label, kind: TargetKind::Loop });
        if let Some((iterated, left, elements)) = iterated {
            self.for_head(left, iterated, elements);
        }
        match statement {
            Stmt::While(while_) => {
                self.expression(&while_.test, Use::TESTED);
                self.nested(&while_.body);
            }
            Stmt::DoWhile(do_) => {
                self.nested(&do_.body);
                self.expression(&do_.test, Use::TESTED);
            }
            Stmt::For(for_) => {
                if let Some(test) = &for_.test {
                    self.expression(test, Use::TESTED);
                }
                self.nested(&for_.body);
                if let Some(update) = &for_.update {
                    self.expression(update, Use::DISCARDED);
                }
            }
            Stmt::ForIn(for_) => self.nested(&for_.body),
            Stmt::ForOf(for_) => self.nested(&for_.body),
            _ => {}
        }
        self.frame().targets.pop();
        let end = self.here();
        self.close(head, Op::Loop { at_least_once: matches!(statement, Stmt::DoWhile(_)), end });
        self.scopes.leave();
    }

    /// `for (const x of xs)`: `x` is an element of `xs`; `for (const k in o)` gives keys, of which nothing is known.
    fn for_head(&mut self, left: &ForHead, iterated: ValueId, elements: bool) {
        let place = self.facts.span(iterated);
        let from = if elements {
            let any = self.value(Value::Unknown, place);
            self.value(Value::Index(iterated, any), place)
        } else {
            self.value(Value::Unknown, place)
        };
        match left {
            ForHead::VarDecl(declaration) => {
                for declarator in &declaration.decls {
                    self.pattern(&declarator.name, from, Bind::Declare(kind(declaration.kind)));
                }
            }
            ForHead::UsingDecl(declaration) => {
                for declarator in &declaration.decls {
                    self.pattern(&declarator.name, from, Bind::Declare(VariableKind::Const));
                }
            }
            ForHead::Pat(pattern) => drop(self.pattern(pattern, from, Bind::Assign)),
        }
    }

    fn switch(&mut self, switch: &SwitchStmt, place: Span) {
        let value = self.expression(&switch.discriminant, Use::TESTED);
        self.scopes.enter(false);
        let head = self.open(place);
        self.frame().targets.push(Target { label: None, kind: TargetKind::Switch });
        self.blocks += 1;
        for case in &switch.cases {
            let test = case.test.as_ref().map_or(NONE, |test| self.expression(test, Use::TESTED));
            let at = self.here();
            self.step(Op::Block { end: 0 }, span(case.span));
            self.statements(&case.cons);
            let end = self.here();
            self.frame().steps[at as usize].op = Op::Case { test, end };
        }
        self.blocks -= 1;
        self.frame().targets.pop();
        let end = self.here();
        self.close(head, Op::Switch { value, end });
        self.scopes.leave();
    }

    fn try_statement(&mut self, attempt: &TryStmt, place: Span) {
        let head = self.open(place);
        self.block(&attempt.block);
        let body = self.here();
        let mut binding = NONE;
        if let Some(handler) = &attempt.handler {
            self.scopes.enter(false);
            if let Some(parameter) = &handler.param {
                let from = self.value(Value::Unknown, span(parameter.span()));
                let bound = self.pattern(parameter, from, Bind::Declare(VariableKind::Catch));
                binding = bound.first().map_or(NONE, |bound| bound.variable);
            }
            self.block(&handler.body);
            self.scopes.leave();
        }
        let catch = self.here();
        if let Some(finalizer) = &attempt.finalizer {
            self.block(finalizer);
        }
        let end = self.here();
        self.close(head, Op::Try { body, catch, end, binding, catches: attempt.handler.is_some() });
    }

    pub(super) fn declaration(&mut self, declaration: &Decl) {
        match declaration {
            Decl::Var(variables) => drop(self.variables(variables)),
            Decl::Using(using) => {
                for declarator in &using.decls {
                    let init = declarator.init.as_ref().map_or(NONE, |init| self.expression(init, Use::STORED));
                    self.pattern(&declarator.name, init, Bind::Declare(VariableKind::Const));
                }
            }
            Decl::Fn(function) => drop(self.function_declaration(function)),
            Decl::Class(class) => drop(self.class_declaration(class)),
            Decl::TsEnum(declared) => drop(self.ts_enum(declared)),
            Decl::TsModule(namespace) => drop(self.ts_namespace(namespace)),
            Decl::TsInterface(_) | Decl::TsTypeAlias(_) => drop(self.declared_type(declaration)),
        }
    }

    /// The names that a `const`, `let` or `var` declares.
    pub(super) fn variables(&mut self, declaration: &VarDecl) -> Vec<Bound> {
        let mut bound = Vec::new();
        if declaration.declare {
            return bound;
        }
        for declarator in &declaration.decls {
            if let swc_ecma_ast::Pat::Ident(ident) = &declarator.name {
                let name = self.name(&ident.id.sym);
                self.hint = Some((name, span(ident.id.span)));
            }
            let init = declarator.init.as_ref().map_or(NONE, |init| self.expression(init, Use::STORED));
            self.hint = None;
            bound.extend(self.pattern(&declarator.name, init, Bind::Declare(kind(declaration.kind))));
        }
        bound
    }
}

fn kind(kind: VarDeclKind) -> VariableKind {
    match kind {
        VarDeclKind::Const => VariableKind::Const,
        VarDeclKind::Let => VariableKind::Let,
        VarDeclKind::Var => VariableKind::Var,
    }
}

fn is_loop(statement: &Stmt) -> bool {
    matches!(statement, Stmt::While(_) | Stmt::DoWhile(_) | Stmt::For(_) | Stmt::ForIn(_) | Stmt::ForOf(_))
}
