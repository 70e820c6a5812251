//! Tests of a request against a secret of the environment that let everyone pass where the secret is not set.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diagnostic::Place;
use crate::facts::{FileFacts, NONE, Op, Operator, PropertyKey, Step, Use, Value, ValueId};
use crate::project::effects::summary::Site;
use crate::project::entries::EntryKind;
use crate::project::graph::{Callee, Edge, Via};
use crate::project::program::modules::{FunctionRef, ModuleId};
use crate::project::values::evaluate::Evaluator;
use crate::project::values::terms::{Term, TermId};
use crate::project::{AppId, Project};

/// How many entries are named that one test is to protect.
const MOST_ENTRIES: usize = 3;
/// How many variables a tested value is followed through.
const DEEPEST: u32 = 8;
/// What the names of secrets contain.
const SECRETS: [&str; 5] = ["SECRET", "TOKEN", "KEY", "PASSWORD", "PASS"];

/// Why a test lets everyone pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Opening {
    /// The secret is part of a text, which reads `undefined` without it.
    Written,
    /// What the request lacks is `undefined` too, and equal to it.
    Missing,
    /// Nothing is tested without it.
    Skipped,
}

/// A test that fails open.
#[derive(Debug, Clone)]
pub struct OpenSecret {
    /// The variable of the environment.
    pub variable: String,
    /// What an unset variable makes of the test: the text that passes, where there is one.
    pub passes: Option<String>,
    /// Why.
    pub opening: Opening,
    /// The function in which it stands.
    pub function: FunctionRef,
    /// The comparison.
    pub place: Place,
    /// The entries that it is to protect: the app, the module, the export, and the calls that lead from there to the test.
    pub entries: Vec<(AppId, ModuleId, String, Vec<Site>)>,
}

impl Project {
    /// The tests of requests that fail open, by module, then place. Only what a route handler, a pages API or a proxy runs is looked at.
    #[must_use]
    pub fn open_secrets(&self) -> Vec<OpenSecret> {
        let mut entries = Vec::new();
        for (app, _) in self.apps() {
            for entry in self.entries(app) {
                if matches!(entry.kind, EntryKind::RouteHandler | EntryKind::PagesApi | EntryKind::Proxy) {
                    let named = self.entry_functions(entry.module, entry.kind).into_iter();
                    entries.extend(named.map(|(name, functions)| (app, entry.module, name, functions)));
                }
            }
        }
        let roots: Vec<FunctionRef> = entries.iter().flat_map(|(.., functions)| functions.iter().copied()).collect();
        let mut functions = self.run(&roots).order;
        functions.sort_unstable();
        let start = self.run(&self.run_at_start()).order.into_iter().collect();
        let mut looked = Look { eval: Evaluator::new(self.world()), start, tested: None };
        let mut found: Vec<OpenSecret> =
            functions.into_iter().flat_map(|function| self.open_tests(&mut looked, function)).collect();
        for (app, module, name, functions) in entries {
            if found.iter().all(|open| open.entries.len() >= MOST_ENTRIES) {
                break;
            }
            let run = self.run(&functions);
            for open in found.iter_mut().filter(|open| open.entries.len() < MOST_ENTRIES) {
                let tests = if open.opening == Opening::Skipped { &[] } else { looked.tests_of(self, &open.variable) };
                let tested = tests.iter().flatten().any(|test| run.order.contains(test));
                if run.order.contains(&open.function) && !tested {
                    let way = run.way(open.function).iter().map(|(module, edge)| (*module, edge.call)).collect();
                    open.entries.push((app, module, name.clone(), way));
                }
            }
        }
        found
    }

    /// What apps run when they start.
    fn run_at_start(&self) -> Vec<FunctionRef> {
        let entries = self.apps().flat_map(|(app, _)| self.entries(app));
        let started = entries.filter(|entry| entry.kind == EntryKind::Instrumentation);
        let functions = started.flat_map(|entry| self.entry_functions(entry.module, entry.kind));
        functions.flat_map(|(_, functions)| functions).collect()
    }

    /// The tests of one function.
    fn open_tests(&self, look: &mut Look<'_>, function: FunctionRef) -> Vec<OpenSecret> {
        let here = self.module(function.module);
        let body = here.facts.body(function.function);
        let mut found: Vec<OpenSecret> = Vec::new();
        for (at, step) in body.iter().enumerate() {
            let (tested, leaves) = match step.op {
                Op::Branch { test, then, end } => {
                    (test, [leaves(body, at + 1, then as usize), leaves(body, then as usize, end as usize)])
                }
                Op::Return(value) if value != NONE => (value, [true, true]),
                _ => continue,
            };
            for value in comparisons(&here.facts, tested) {
                let Some(compared) = look.compared(self, function.module, value) else { continue };
                let within = look.asked_around(self, function, at, compared.secret) || compared.asked_beside;
                let opening = match compared.opening {
                    _ if within && compared.differs && leaves[0] => Some(Opening::Skipped),
                    _ if within || self.starts_with_test(look, function, &compared.variable) => None,
                    opening => opening.filter(|_| leaves[0] || leaves[1] || !compared.differs),
                };
                let place = here.place(here.facts.span(value));
                if let Some(opening) = opening.filter(|_| !found.iter().any(|open| open.place == place)) {
                    let Compared { variable, passes, .. } = compared;
                    let passes = passes.filter(|_| opening == Opening::Written);
                    found.push(OpenSecret { variable, passes, opening, function, place, entries: Vec::new() });
                }
            }
        }
        found
    }

    /// Whether a variable is looked at when the app starts, or in the function of a test itself.
    fn starts_with_test(&self, look: &mut Look<'_>, function: FunctionRef, variable: &str) -> bool {
        let tests = look.tests_of(self, variable).to_vec();
        let at_start = |test: FunctionRef| {
            let top = FunctionRef { module: test.module, function: 0 };
            let called = |edge: &Edge| edge.via == Via::Call && edge.to == Callee::Function(test);
            test == top || test == function || look.start.contains(&test) || self.graph.edges(top).iter().any(called)
        };
        tests.into_iter().any(|test| test.is_none_or(at_start))
    }
}

/// Whether steps leave their function.
fn leaves(body: &[Step], from: usize, to: usize) -> bool {
    body.get(from..to).is_some_and(|steps| steps.iter().any(|step| matches!(step.op, Op::Return(_) | Op::Throw(_))))
}

/// The comparisons that decide a tested value.
fn comparisons(facts: &FileFacts, tested: ValueId) -> Vec<ValueId> {
    let (mut open, mut found) = (vec![(tested, DEEPEST)], Vec::new());
    while let Some((value, left)) = open.pop() {
        let Some(left) = left.checked_sub(1) else { continue };
        match facts.value(value) {
            Value::Binary(Operator::Equal | Operator::NotEqual, ..) => found.push(value),
            Value::Not(inner) | Value::Cast(inner, _) => open.push((inner, left)),
            Value::Logical(Operator::And | Operator::Or, one, other) => open.extend([(other, left), (one, left)]),
            Value::Variable(variable) => open.push((facts.variables[variable as usize].init, left)),
            _ => {}
        }
    }
    found
}

/// A comparison of something of the request with a secret.
struct Compared {
    variable: String,
    secret: TermId,
    /// Whether it asks if they differ.
    differs: bool,
    passes: Option<String>,
    opening: Option<Opening>,
    /// Whether the same test asks for the secret first: `secret && ..`.
    asked_beside: bool,
}

/// The functions that look at variables of the environment before they go on; `None` for a schema.
type Tests = FxHashMap<String, Vec<Option<FunctionRef>>>;

struct Look<'p> {
    eval: Evaluator<'p>,
    /// What runs when an app starts.
    start: FxHashSet<FunctionRef>,
    /// Where the project looks at which variables before it goes on, once they are asked for.
    tested: Option<Tests>,
}

impl Look<'_> {
    fn compared(&mut self, project: &Project, module: ModuleId, value: ValueId) -> Option<Compared> {
        let facts = &project.module(module).facts;
        let Value::Binary(operator, left, right) = facts.value(value) else { return None };
        let sides = [left, right].map(|side| self.eval.value(module, side));
        let (index, (secret, passes)) =
            sides.iter().enumerate().find_map(|(index, &side)| Some((index, self.secret(side)?)))?;
        let other = sides[1 - index];
        self.is_sent(other).then_some(())?;
        let variable = self.eval.environment(secret)?;
        let opening = match passes {
            Some(_) => Some(Opening::Written),
            None => self.may_lack(other).then_some(Opening::Missing),
        };
        let asked_beside = facts.values.iter().any(|around| match *around {
            Value::Logical(Operator::And, one, other) if other == value => self.eval.value(module, one) == secret,
            _ => false,
        });
        Some(Compared { variable, secret, differs: operator == Operator::NotEqual, passes, opening, asked_beside })
    }

    /// The secret that a side of a comparison is, and the text that it makes where it is not set.
    fn secret(&mut self, side: TermId) -> Option<(TermId, Option<String>)> {
        match self.eval.terms.get(side) {
            Term::Template(list) => {
                let parts = self.eval.terms.list(list).to_vec();
                let secret = parts.iter().copied().find(|&part| self.is_secret(part))?;
                let text = |&part: &TermId| match self.eval.terms.get(part) {
                    Term::Text(text) => Some(self.eval.terms.text(text).to_owned()),
                    _ if part == secret => Some("undefined".to_owned()),
                    _ => None,
                };
                let text: Option<Vec<String>> = parts.iter().map(text).collect();
                Some((secret, Some(text?.concat())))
            }
            _ => self.is_secret(side).then_some((side, None)),
        }
    }

    fn is_secret(&mut self, term: TermId) -> bool {
        let name = self.eval.environment(term);
        name.is_some_and(|name| !name.contains("PUBLIC") && SECRETS.iter().any(|word| name.contains(word)))
    }

    /// Whether a value comes with the request, as far as its function knows.
    fn is_sent(&self, term: TermId) -> bool {
        let mut at = term;
        loop {
            match self.eval.terms.get(at) {
                Term::Member(inner, _) | Term::Element(inner) | Term::Called(inner, ..) => at = inner,
                Term::As(inner, ..) | Term::Of(inner, ..) => at = inner,
                Term::Parameter(..) | Term::Typed(_) | Term::Package(..) => return at != term,
                _ => return false,
            }
        }
    }

    /// Whether a value of the request is `undefined` where it was not sent: a member is, what a call gives is not known to be.
    fn may_lack(&self, term: TermId) -> bool {
        match self.eval.terms.get(term) {
            Term::Member(..) | Term::Element(_) => true,
            Term::As(inner, ..) | Term::Of(inner, ..) => self.may_lack(inner),
            _ => false,
        }
    }

    /// Whether a step stands where the secret counted as true, and whoever has none goes on.
    fn asked_around(&mut self, project: &Project, function: FunctionRef, at: usize, secret: TermId) -> bool {
        let body = project.module(function.module).facts.body(function.function);
        body[..at].iter().enumerate().any(|(index, step)| match step.op {
            Op::Branch { test, then, end } => {
                index < at
                    && at < then as usize
                    && !leaves(body, then as usize, end as usize)
                    && self.eval.value(function.module, test) == secret
            }
            _ => false,
        })
    }

    /// Where the project looks at a variable before it goes on: the functions that ask whether it is not there or hand it to a call that gives
    /// nothing; `None` for a schema that names it.
    fn tests_of(&mut self, project: &Project, variable: &str) -> &[Option<FunctionRef>] {
        if self.tested.is_none() {
            let mut tested = FxHashMap::default();
            for (module, described) in project.modules() {
                self.tested_in(module, &described.facts, &mut tested);
            }
            self.tested = Some(tested);
        }
        let found = self.tested.as_ref().and_then(|tested| tested.get(variable));
        found.map_or(&[], Vec::as_slice)
    }

    fn tested_in(&mut self, module: ModuleId, facts: &FileFacts, tested: &mut Tests) {
        let functions = 0..u32::try_from(facts.functions.len()).unwrap_or(NONE);
        let steps = functions.flat_map(|id| facts.body(id).iter().map(move |step| (id, step)));
        let tests = steps.filter_map(|(id, step)| match step.op {
            Op::Branch { test, .. } => Some((id, asked_for(facts, test))),
            _ => None,
        });
        let dropped = facts.calls.iter().filter(|call| call.result == Use::DISCARDED);
        let handed = dropped.map(|call| (call.function, facts.list(call.arguments).to_vec()));
        for (function, looked_at) in tests.chain(handed) {
            for value in looked_at.into_iter().filter(|&value| may_be_environment(facts, value)) {
                let term = self.eval.value(module, value);
                if let Some(variable) = self.eval.environment(term) {
                    tested.entry(variable).or_default().push(Some(FunctionRef { module, function }));
                }
            }
        }
        for property in &facts.properties {
            if let (PropertyKey::Named(name), Value::Call(_)) = (property.key, facts.value(property.value))
                && SECRETS.iter().any(|word| facts.text(name).contains(word))
            {
                tested.entry(facts.text(name).to_owned()).or_default().push(None);
            }
        }
    }
}

/// What a test asks for the absence of: `!x`, `x === undefined`.
fn asked_for(facts: &FileFacts, test: ValueId) -> Vec<ValueId> {
    let nothing = |side: ValueId| matches!(facts.value(side), Value::Undefined | Value::Null);
    let (mut open, mut found) = (vec![(test, DEEPEST)], Vec::new());
    while let Some((value, left)) = open.pop() {
        let Some(left) = left.checked_sub(1) else { continue };
        match facts.value(value) {
            Value::Not(inner) => found.push(inner),
            Value::Binary(Operator::Equal | Operator::NotEqual, one, other) => {
                found.extend([(one, other), (other, one)].iter().filter(|(_, side)| nothing(*side)).map(|of| of.0));
            }
            Value::Logical(Operator::And | Operator::Or, one, other) => open.extend([(other, left), (one, left)]),
            _ => {}
        }
    }
    found
}

/// Whether a value can be one of the environment: a name or a member, no literal and no call.
fn may_be_environment(facts: &FileFacts, value: ValueId) -> bool {
    match facts.values.get(value as usize) {
        Some(Value::Variable(_) | Value::Import(_) | Value::Member(..) | Value::Index(..)) => true,
        Some(&Value::Cast(inner, _)) => may_be_environment(facts, inner),
        _ => false,
    }
}
