//! What a database stores of what it is sent, as it came: arguments of actions and bodies of requests that nothing checks on the way.
//!
//! The types of an action's parameters are gone by the time it runs, so that whoever posts to it chooses what they hold. An object that is
//! stored as it came lets them choose the columns too. Of handlers that alone counts, and not where a secret says who sends the request.

use crate::diagnostic::Place;
use crate::facts::{CallId, FileFacts, Op, Type, Value, ValueId};
use crate::models::{Effect, What};
use crate::project::Project;
use crate::project::actions::{Action, ActionId};
use crate::project::effects::summary::Certainty;
use crate::project::effects::{Doing, Entered, Happening};
use crate::project::guards::{GuardKind, GuardState};
use crate::project::program::modules::FunctionRef;
use crate::project::values::evaluate::Evaluator;
use crate::project::values::terms::{Term, TermId};

/// How deep values are looked into.
const DEEPEST: u32 = 12;

/// What stores what it is sent.
#[derive(Debug, Clone, Copy)]
pub enum Storing<'p> {
    /// An action, its arguments.
    Action(ActionId),
    /// A handler, the body of the request.
    Handler(&'p Entered),
}

/// What a write stores of what was sent.
#[derive(Debug)]
pub struct Unvalidated<'p> {
    /// Who was sent it.
    pub storing: Storing<'p>,
    /// The write.
    pub write: &'p Happening,
    /// The parameter that it comes from; of a handler the call that stores it.
    pub place: Place,
    /// What is stored, as it is reached from the parameter: `data`, `input.title`.
    pub names: Vec<String>,
    /// Whether that is a row, whose columns whoever sends it chooses, and not the values of columns that are written out.
    pub whole: bool,
}

/// What is looked for in values.
#[derive(Debug, Clone, Copy)]
enum From {
    /// What a function is passed, and which of its parameters is form data.
    Arguments(FunctionRef, Option<u32>),
    /// What the body of the request says.
    Body,
}

/// A look for what was sent, in one of the functions on the way.
struct Look<'a> {
    from: From,
    sent: &'a Sent,
    /// Whether it is the function that was sent it. Others may have been handed it, and know it by its last name.
    first: bool,
}

/// What was sent: which parameter, and the members below it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Sent {
    parameter: u32,
    below: Vec<String>,
}

impl Project {
    /// What actions and handlers store of what they are sent without a check: of each the write that says it best.
    #[must_use]
    pub fn unvalidated(&self) -> Vec<Unvalidated<'_>> {
        let mut eval = Evaluator::new(self.world());
        let mut found = Vec::new();
        for (id, _) in self.live_actions() {
            let stored = self.unchecked(self.action_doing(id));
            let stored = stored.filter_map(|write| self.stored_as_sent(&mut eval, id, write)).collect();
            found.extend(telling(stored));
        }
        for entered in self.entered().iter().filter(|entered| entered.answers()) {
            let stored = self.unchecked(&entered.doing).filter(|write| !is_told(write));
            let stored = stored.filter_map(|write| self.stored_body(&mut eval, entered, write)).collect();
            found.extend(telling(stored));
        }
        found
    }

    /// The writes that no check comes before.
    fn unchecked<'p>(&'p self, doing: &'p Doing) -> impl Iterator<Item = &'p Happening> {
        doing.of(Effect::DbWrite).filter(|write| {
            write.certainty != Certainty::Caught
                && write.guarding.validated.state == GuardState::Unguarded
                && !write.trail.iter().any(|&site| self.calls_action(site))
        })
    }

    fn stored_body<'p>(
        &'p self,
        eval: &mut Evaluator<'_>,
        entered: &'p Entered,
        write: &'p Happening,
    ) -> Option<Unvalidated<'p>> {
        let rows = self.scoping(eval, &write.trail).map(|term| eval.stored(term))?;
        let sent = rows.into_iter().find_map(|row| eval.sent_row(row, From::Body, DEEPEST))?;
        if self.is_looked_at(eval, write, From::Body, (&sent, true)) {
            return None;
        }
        let place = self.call_place(write.site());
        Some(Unvalidated { storing: Storing::Handler(entered), write, place, names: Vec::new(), whole: true })
    }

    fn stored_as_sent<'p>(
        &'p self,
        eval: &mut Evaluator<'_>,
        id: ActionId,
        write: &'p Happening,
    ) -> Option<Unvalidated<'p>> {
        let action: &Action = self.actions().get(id);
        let entered = self.entered_function(action, &write.trail)?;
        let rows = self.scoping(eval, &write.trail).map(|term| eval.stored(term))?;
        let from = self.passed_to(entered);
        let (sent, whole) = match rows.iter().find_map(|&row| eval.sent_row(row, from, DEEPEST)) {
            Some(sent) => (vec![sent], true),
            None => {
                let mut parts = Vec::new();
                rows.iter().for_each(|&row| eval.sent_parts(row, from, DEEPEST, &mut parts));
                parts.retain(|part| !self.is_switch(entered, part));
                (parts, false)
            }
        };
        let sent: Vec<Sent> =
            sent.into_iter().filter(|of| !self.is_looked_at(eval, write, from, (of, whole))).collect();
        let facts = &self.module(entered.module).facts;
        let said = |sent: &Sent| {
            let parameter = facts.function(entered.function).parameters.get(sent.parameter as usize)?;
            let own = Some(facts.text(parameter.name)).filter(|name| !name.is_empty());
            let parts = own.into_iter().chain(sent.below.iter().map(String::as_str));
            Some(parts.collect::<Vec<_>>().join("."))
        };
        let place = self.parameter_place(entered, sent.first()?.parameter)?;
        let mut names: Vec<String> = sent.iter().filter_map(said).filter(|name| !name.is_empty()).collect();
        names.dedup();
        Some(Unvalidated { storing: Storing::Action(id), write, place, names, whole })
    }

    fn passed_to(&self, function: FunctionRef) -> From {
        From::Arguments(function, self.takes_form_data(function))
    }

    /// Whether a parameter is written as one of two values, and no column holds a third.
    fn is_switch(&self, entered: FunctionRef, sent: &Sent) -> bool {
        let facts = &self.module(entered.module).facts;
        let parameter = facts.function(entered.function).parameters.get(sent.parameter as usize);
        let annotation = parameter.and_then(|parameter| facts.types.get(parameter.annotation as usize));
        matches!(annotation, Some(Type::Keyword(name)) if sent.below.is_empty() && facts.text(*name) == "boolean")
    }

    /// Whether something on the way to a write looks at what was sent: a call that is handed it before, as a function that checks it or a search
    /// for the row of which it is the id, or a test, unless a whole row is meant, whose other columns that says nothing of.
    fn is_looked_at(
        &self,
        eval: &mut Evaluator<'_>,
        write: &Happening,
        from: From,
        (sent, whole): (&Sent, bool),
    ) -> bool {
        let mut functions: Vec<FunctionRef> = match from {
            From::Arguments(entered, _) => vec![entered],
            From::Body => Vec::new(),
        };
        functions.extend(write.trail.iter().map(|&site| self.function_of(site)).filter(|of| of.function != 0));
        functions.dedup();
        functions.iter().enumerate().any(|(index, &function)| {
            let module = function.module;
            let body = self.module(module).facts.body(function.function);
            let on_way = |call: CallId| write.trail.contains(&(module, call));
            let before = body.iter().take_while(|step| !matches!(step.op, Op::Call(call) if on_way(call)));
            let look = Look { from: if index == 0 { from } else { self.passed_to(function) }, sent, first: index == 0 };
            before.into_iter().any(|step| match step.op {
                Op::Branch { test: value, .. } | Op::Switch { value, .. } if !whole => {
                    let mut operands = Vec::new();
                    operands_of(&self.module(module).facts, value, DEEPEST, &mut operands);
                    operands.into_iter().any(|operand| {
                        let term = eval.value(module, operand);
                        eval.is_about(term, &look, false, DEEPEST)
                    })
                }
                Op::Call(call) => {
                    let (callee, arguments) = eval.callee(module, call);
                    let idle =
                        eval.has_effect(callee, Effect::Log) || matches!(eval.terms.root(callee), Term::Global(_));
                    !idle && arguments.into_iter().any(|term| eval.is_about(term, &look, true, DEEPEST))
                }
                _ => false,
            })
        })
    }
}

/// The write that says best what is stored: rows before values, the nearest before others.
fn telling(stored: Vec<Unvalidated<'_>>) -> Option<Unvalidated<'_>> {
    stored.into_iter().min_by_key(|of| (!of.whole, of.write.trail.len()))
}

/// The values that a test puts together.
fn operands_of(facts: &FileFacts, value: ValueId, left: u32, found: &mut Vec<ValueId>) {
    let Some(left) = left.checked_sub(1) else { return };
    match facts.value(value) {
        Value::Binary(_, one, other) | Value::Logical(_, one, other) => {
            operands_of(facts, one, left, found);
            operands_of(facts, other, left, found);
        }
        Value::Not(inner) | Value::Unary(_, inner) | Value::Await(inner) | Value::Cast(inner, _) => {
            operands_of(facts, inner, left, found);
        }
        _ => found.push(value),
    }
}

/// Whether a secret or a signature says who sends what is written.
fn is_told(write: &Happening) -> bool {
    let who = &write.guarding.who;
    who.state != GuardState::Unguarded
        && matches!(who.kind, Some(GuardKind::Secret | GuardKind::Webhook | GuardKind::Told))
}

impl Evaluator<'_> {
    /// The rows that a chain of calls stores.
    fn stored(&mut self, chain: TermId) -> Vec<TermId> {
        let models = self.world.models;
        let mut rows = Vec::new();
        let mut at = match self.terms.get(chain) {
            Term::Array(list) => self.terms.list(list).first().copied(),
            _ => None,
        };
        while let Some(here) = at {
            at = match self.terms.get(here) {
                Term::Called(callee, list, _) => {
                    let arguments = self.terms.list(list).to_vec();
                    let states = self.states_of(callee);
                    for meaning in states.iter().flat_map(|&(node, _)| models.meanings(node)) {
                        let What::Stores(places) = &meaning.what else { continue };
                        self.states.met(meaning.line);
                        rows.extend(places.iter().filter_map(|place| self.at(place, &arguments)));
                    }
                    Some(callee)
                }
                Term::Member(inner, _) | Term::As(inner, ..) | Term::Of(inner, ..) => Some(inner),
                _ => None,
            };
        }
        rows
    }

    /// What of a row was sent as it is: all of it, or what is spread into it.
    fn sent_row(&mut self, row: TermId, from: From, left: u32) -> Option<Sent> {
        let left = left.checked_sub(1)?;
        if let Some(sent) = self.sent(row, from) {
            return Some(sent);
        }
        let within: Vec<TermId> = match self.terms.get(row) {
            Term::Object(list) => {
                let spread = |pair: &&[TermId]| matches!(self.terms.get(pair[0]), Term::Null);
                self.terms.list(list).chunks_exact(2).filter(spread).map(|pair| pair[1]).collect()
            }
            Term::Array(list) => self.terms.list(list).to_vec(),
            Term::Spread(inner) => vec![inner],
            _ => return None,
        };
        within.into_iter().find_map(|part| self.sent_row(part, from, left))
    }

    /// The values of a row that were sent, with those of objects within.
    fn sent_parts(&mut self, row: TermId, from: From, left: u32, found: &mut Vec<Sent>) {
        let Some(left) = left.checked_sub(1) else { return };
        let within: Vec<TermId> = match self.terms.get(row) {
            Term::Object(list) => self.terms.list(list).chunks_exact(2).map(|pair| pair[1]).collect(),
            Term::Array(list) => self.terms.list(list).to_vec(),
            _ => return,
        };
        for part in within {
            match self.sent(part, from) {
                Some(sent) if !found.contains(&sent) => found.push(sent),
                Some(_) => {}
                None => self.sent_parts(part, from, left, found),
            }
        }
    }

    /// What a value is of what was sent: a parameter, the body, a part of one, or the same made an object of a form or of a text.
    fn sent(&mut self, term: TermId, from: From) -> Option<Sent> {
        match (self.terms.get(term), from) {
            (Term::Parameter(of, parameter), From::Arguments(function, _)) => {
                (of == function).then(|| Sent { parameter, below: Vec::new() })
            }
            // The annotation says more of a form than that it is a parameter.
            (Term::Typed(node), From::Arguments(_, Some(parameter))) => {
                let form = self.world.models.annotated(None, "FormData");
                form.is_some_and(|(of, _)| of == node).then(|| Sent { parameter, below: Vec::new() })
            }
            (Term::As(inner, ..) | Term::Of(inner, ..) | Term::Element(inner), _) => self.sent(inner, from),
            (Term::Member(..) | Term::Called(..), From::Body) if self.is_body(term) => {
                Some(Sent { parameter: 0, below: Vec::new() })
            }
            (Term::Member(inner, name), _) => {
                let mut sent = self.sent(inner, from)?;
                sent.below.push(self.terms.text(name).to_owned());
                Some(sent)
            }
            (Term::Called(callee, list, false), _) => {
                let first = self.terms.list(list).first().copied();
                match self.global_member(callee) {
                    Some(("Object", "fromEntries")) => return self.sent(self.entries_of(first?), from),
                    Some(("JSON", "parse")) => return self.sent(first?, from),
                    _ => {}
                }
                let Term::Member(object, method) = self.terms.get(callee) else { return None };
                let Term::Text(field) = self.terms.get(first.filter(|_| self.terms.text(method) == "get")?) else {
                    return None;
                };
                let mut sent = self.sent(object, from)?;
                sent.below.push(self.terms.text(field).to_owned());
                Some(sent)
            }
            _ => None,
        }
    }

    /// Whether a value is the body of a request: what a call gives that reads it, or where it stands parsed.
    fn is_body(&mut self, term: TermId) -> bool {
        match self.terms.get(term) {
            Term::Called(callee, ..) => self.has_effect(callee, Effect::BodyRead),
            Term::Member(request, name) if self.terms.text(name) == "body" => {
                matches!(self.terms.get(request), Term::Typed(_))
            }
            _ => false,
        }
    }

    /// What entries are taken of: `data.entries()`, or `data` itself.
    fn entries_of(&self, term: TermId) -> TermId {
        let Term::Called(callee, _, false) = self.terms.get(term) else { return term };
        match self.terms.get(callee) {
            Term::Member(object, name) if self.terms.text(name) == "entries" => object,
            _ => term,
        }
    }

    /// Whether a value is made of what was sent: of that or a part of it, or `around`, of that or what it is a part of.
    fn is_about(&mut self, term: TermId, look: &Look<'_>, around: bool, left: u32) -> bool {
        let Some(left) = left.checked_sub(1) else { return false };
        if let Some(found) = self.sent(term, look.from) {
            let Sent { parameter, below } = look.sent;
            return match (look.first, below.last()) {
                (true, _) if around => *parameter == found.parameter && below.starts_with(&found.below),
                (true, _) => *parameter == found.parameter && found.below.starts_with(below),
                (false, Some(last)) => found.below.contains(last),
                (false, None) => found.below.is_empty(),
            };
        }
        let parts: Vec<TermId> = match self.terms.get(term) {
            Term::Member(inner, _) | Term::Element(inner) | Term::As(inner, ..) | Term::Of(inner, ..) => vec![inner],
            Term::Not(inner) | Term::Spread(inner) => vec![inner],
            Term::Called(callee, list, _) => [&[callee], self.terms.list(list)].concat(),
            Term::Compare(_, one, other) => vec![one, other],
            Term::Object(list)
            | Term::Array(list)
            | Term::Union(list)
            | Term::Computed(list)
            | Term::Template(list) => self.terms.list(list).to_vec(),
            _ => return false,
        };
        parts.into_iter().any(|part| self.is_about(part, look, around, left))
    }
}
