//! What a test says where it holds, and where it does not: of its own parts, and of the calls whose results it looks at. Of those calls
//! only the exits remain whose result agrees: after `if (result.error) return` the call has come through where it gives no error.

use super::holds::{Fact, SetId, Spot};
use crate::facts::{CallId, FileFacts, NONE, Operator, Value, ValueId, VariableKind};
use crate::project::effects::flow::{Body, Here};
use crate::project::effects::summary::{Exit, Summaries};
use crate::project::program::modules::ModuleId;
use crate::project::values::terms::{Comparison, Term, TermId};

/// What is known where a test holds of what a function gives that asks who is calling, and that does not tell its ways apart: it may have noted
/// in a variable that nobody is.
pub(in crate::project) const TOLD: &str = "a test that holds of what a function gives which asks who is calling";
/// The same, where the test does not hold.
pub(in crate::project) const NOT_TOLD: &str =
    "a test that does not hold of what a function gives which asks who is calling";

/// How deep values are looked into.
const DEEPEST: u32 = 10;

impl Summaries<'_> {
    /// What holds where a test has an outcome.
    pub(in crate::project) fn learned(&mut self, here: &Here, body: &Body, test: ValueId, truth: bool) -> SetId {
        if self.is_client(here.function.module) {
            return SetId::EMPTY;
        }
        self.learned_within(here, body, test, truth, DEEPEST)
    }

    fn learned_within(&mut self, here: &Here, body: &Body, test: ValueId, truth: bool, left: u32) -> SetId {
        let Some(left) = left.checked_sub(1) else { return SetId::EMPTY };
        let facts = &self.eval.module(here.function.module).facts;
        match facts.value(test) {
            Value::Not(inner) => self.learned_within(here, body, inner, !truth, left),
            Value::Cast(inner, _) => self.learned_within(here, body, inner, truth, left),
            Value::Logical(operator @ (Operator::And | Operator::Or), first, second) => {
                // Where `a && b` holds both do; where it does not, `a` does not, or `a` does and `b` does not.
                let all = operator == Operator::And;
                let one = self.learned_within(here, body, first, truth, left);
                let other = self.learned_within(here, body, second, truth, left);
                if truth == all {
                    return self.both(one, other);
                }
                let first_held = self.learned_within(here, body, first, !truth, left);
                let second_only = self.both(first_held, other);
                self.either(&[one, second_only])
            }
            Value::Logical(Operator::Nullish, first, second) => {
                // Where `a ?? b` holds `a` does, or there is no `a` and `b` does.
                let one = self.learned_within(here, body, first, truth, left);
                let null = self.eval.terms.add(Term::Null);
                let term = self.eval.value(here.function.module, first);
                let absent = self.eval.terms.add(Term::Compare(Comparison::Equal, term, null));
                let absent = self.only(Fact::Is(absent, true, Spot::Test(here.function, first)));
                let other = self.learned_within(here, body, second, truth, left);
                let other = self.both(absent, other);
                self.either(&[one, other])
            }
            Value::Variable(variable) => {
                let described = facts.variables[variable as usize];
                let init = described.init;
                let follows = !described.reassigned
                    && init != NONE
                    && matches!(facts.value(init), Value::Not(_) | Value::Logical(..));
                if follows {
                    return self.learned_within(here, body, init, truth, left);
                }
                self.of_value(here, body, test, truth)
            }
            _ => self.of_value(here, body, test, truth),
        }
    }

    /// What it says that one value counts as true, or as false.
    fn of_value(&mut self, here: &Here, body: &Body, test: ValueId, truth: bool) -> SetId {
        let module = here.function.module;
        let mut calls = Vec::new();
        results_in(&self.eval.module(module).facts, test, DEEPEST, &mut calls);
        if calls.iter().any(|&call| here.waiting.iter().any(|&(of, _)| of == call)) {
            // A promise counts as true, whatever comes of it.
            return SetId::EMPTY;
        }
        let term = self.eval.value(module, test);
        let mut set = self.only(Fact::Is(term, truth, Spot::Test(here.function, test)));
        for call in calls {
            if let Some(&(callee, list)) = body.pending.get(&call) {
                let spot = Spot::Test(here.function, test);
                set = self.with(set, Fact::Came(callee, list, spot, truth, (module, call)));
            }
            let exits = body.results.get(&call).map_or(&[][..], Vec::as_slice);
            let left = self.agreeing(module, (test, truth), call, exits);
            set = self.both(set, left);
            if body.asking.contains(&call) && !self.tells_apart(module, test, call, exits) {
                let told = if truth { TOLD } else { NOT_TOLD };
                set = self.with(set, Fact::Maybe(told, (module, call)));
            }
        }
        set
    }

    /// What holds on those exits of a call whose result makes a test come out so.
    pub(in crate::project) fn agreeing(
        &mut self,
        module: ModuleId,
        (test, truth): (ValueId, bool),
        call: CallId,
        exits: &[Exit],
    ) -> SetId {
        let mut agreeing = Vec::new();
        for exit in exits {
            let given = self.with_result(module, test, (call, exit.term), DEEPEST);
            if self.eval.terms.truth(given).is_none_or(|known| known == truth) {
                agreeing.push(exit.holds);
            }
        }
        if agreeing.is_empty() { SetId::EMPTY } else { self.either(&agreeing) }
    }

    /// Whether a test is known to come out one way on some exit of a call.
    fn tells_apart(&mut self, module: ModuleId, test: ValueId, call: CallId, exits: &[Exit]) -> bool {
        exits.iter().any(|exit| {
            let given = self.with_result(module, test, (call, exit.term), DEEPEST);
            self.eval.terms.truth(given).is_some()
        })
    }

    /// A value, where a call that it looks at has given this.
    fn with_result(&mut self, module: ModuleId, value: ValueId, put: (CallId, TermId), left: u32) -> TermId {
        let Some(left) = left.checked_sub(1) else { return self.eval.value(module, value) };
        let facts = &self.eval.module(module).facts;
        let mut calls = Vec::new();
        results_in(facts, value, left, &mut calls);
        if !calls.contains(&put.0) {
            return self.eval.value(module, value);
        }
        match facts.value(value) {
            Value::Call(call) if call == put.0 => put.1,
            Value::Call(call) => {
                let written = facts.calls[call as usize];
                let callee = self.with_result(module, written.callee, put, left);
                let arguments: Vec<TermId> =
                    facts.list(written.arguments).iter().map(|&of| self.with_result(module, of, put, left)).collect();
                self.eval.call(callee, &arguments, false)
            }
            Value::Variable(variable) => self.with_result(module, first_value(facts, variable), put, left),
            Value::Member(object, name) => {
                let object = self.with_result(module, object, put, left);
                self.eval.member(object, facts.text(name))
            }
            Value::Index(object, key) => {
                let object = self.with_result(module, object, put, left);
                let key = self.eval.value(module, key);
                self.eval.index(object, key)
            }
            Value::Await(inner) | Value::Cast(inner, _) | Value::Try(inner) => {
                self.with_result(module, inner, put, left)
            }
            Value::Not(inner) => {
                let inner = self.with_result(module, inner, put, left);
                self.eval.terms.add(Term::Not(inner))
            }
            Value::Binary(operator, one, other) => {
                let one = self.with_result(module, one, put, left);
                let other = self.with_result(module, other, put, left);
                let comparison = match operator {
                    Operator::Equal => Comparison::Equal,
                    Operator::NotEqual => Comparison::NotEqual,
                    Operator::In => Comparison::In,
                    Operator::InstanceOf => return self.is_instance(one, other),
                    _ => return self.eval.computed(&[one, other]),
                };
                self.eval.terms.add(Term::Compare(comparison, one, other))
            }
            Value::Logical(operator, one, other) => {
                let one = self.with_result(module, one, put, left);
                let other = self.with_result(module, other, put, left);
                match (operator, self.eval.terms.truth(one)) {
                    (Operator::And, Some(false)) | (Operator::Or, Some(true)) => one,
                    (Operator::And, Some(true)) | (Operator::Or, Some(false)) => other,
                    (Operator::Nullish, Some(true)) => one,
                    (Operator::Nullish, _) if self.eval.terms.is_nothing(one) => other,
                    _ => self.eval.terms.unknown("one of two values"),
                }
            }
            _ => self.eval.value(module, value),
        }
    }
}

impl Summaries<'_> {
    /// `x instanceof C`, where that is known: of what a response's own constructor made it is one, and what is written out, a request or an
    /// instance of a class is none.
    fn is_instance(&mut self, value: TermId, class: TermId) -> TermId {
        let is = match (self.eval.terms.get(value), self.eval.terms.get(class)) {
            (Term::Instance(module, of, _), Term::Class(home, class)) if (module, of) == (home, class) => Some(true),
            (Term::Called(callee, ..), _) if self.makes(callee, class) => Some(true),
            (Term::Object(_) | Term::Array(_) | Term::Text(_) | Term::Null | Term::Undefined, _) => Some(false),
            (Term::Typed(_), Term::Global(_)) => Some(false),
            (Term::Member(..) | Term::As(..) | Term::Parameter(..), _)
                if matches!(self.eval.terms.root(value), Term::Typed(_) | Term::Parameter(..)) =>
            {
                Some(false)
            }
            _ => None,
        };
        match is {
            Some(is) => self.eval.terms.add(Term::Bool(is)),
            None => self.eval.computed(&[value, class]),
        }
    }

    /// Whether a callee makes what a class is: `new Response()`, `Response.json()`, and a package's `NextResponse.json()` of `Response`.
    fn makes(&self, callee: TermId, class: TermId) -> bool {
        let terms = &self.eval.terms;
        let of = match terms.get(callee) {
            Term::Member(of, _) => of,
            _ => callee,
        };
        match (terms.get(of), terms.get(class)) {
            (Term::Package(_, Some(name)), Term::Global(class)) => terms.text(name).ends_with(terms.text(class)),
            _ => of == class,
        }
    }
}

/// What a variable holds where it is put there once.
fn first_value(facts: &FileFacts, variable: u32) -> ValueId {
    let described = facts.variables[variable as usize];
    if described.init != NONE {
        return described.init;
    }
    let first = facts.assignments.partition_point(|&(of, _)| of < variable);
    match facts.assignments[first..] {
        [(of, value), (next, _), ..] if of == variable && next != variable => value,
        [(of, value)] if of == variable => value,
        _ => NONE,
    }
}

/// The calls whose results a value looks at. Of a call whose failure is caught on the spot nothing is known.
pub(in crate::project) fn results_in(facts: &FileFacts, value: ValueId, left: u32, found: &mut Vec<CallId>) {
    let Some(left) = left.checked_sub(1).filter(|_| value != NONE) else { return };
    match facts.value(value) {
        Value::Call(call) => {
            found.push(call);
            let written = facts.calls[call as usize];
            if let Value::Member(object, name) = facts.value(written.callee) {
                if matches!(facts.text(name), "catch" | "allSettled" | "race" | "any") {
                    return;
                }
                results_in(facts, object, left, found);
            }
            facts.list(written.arguments).iter().for_each(|&argument| results_in(facts, argument, left, found));
        }
        Value::Variable(variable) => {
            let described = facts.variables[variable as usize];
            if described.kind != VariableKind::Parameter && (!described.reassigned || described.init == NONE) {
                results_in(facts, first_value(facts, variable), left, found);
            }
        }
        Value::Member(inner, _)
        | Value::Index(inner, _)
        | Value::Rest(inner)
        | Value::Await(inner)
        | Value::Try(inner)
        | Value::Not(inner)
        | Value::Spread(inner)
        | Value::Cast(inner, _)
        | Value::Unary(_, inner) => results_in(facts, inner, left, found),
        Value::Binary(_, one, other) | Value::Logical(_, one, other) => {
            results_in(facts, one, left, found);
            results_in(facts, other, left, found);
        }
        Value::Array(list) => facts.list(list).iter().for_each(|&of| results_in(facts, of, left, found)),
        _ => {}
    }
}
