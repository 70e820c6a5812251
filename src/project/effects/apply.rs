//! What one call does: of a function of the project what its summary says, of a package's what a model says, and of the rest that it
//! cannot be seen.

use super::summary::{Certainty, EventKind, Exit, Outcome, Summaries, Summary, Waits, Way};
use crate::models::{Effect, Place, What, When};
use crate::project::guards::holds::{Fact, SetId};
use crate::project::program::modules::ModuleId;
use crate::project::values::matching::Class;
use crate::project::values::terms::{ListId, Term, TermId};

/// How deep functions are looked for in what a call is handed.
pub(in crate::project) const DEEPEST_HANDED: u32 = 3;

/// Of a function that somebody outside calls, so many parameters are looked at.
const MOST_PARAMETERS: u32 = 6;

impl Summaries<'_> {
    /// Adds what the call of `callee` does, made from `module`, and says what comes of it.
    pub(in crate::project) fn apply(
        &mut self,
        module: ModuleId,
        callee: TermId,
        arguments: &[TermId],
        constructs: bool,
        way: &Way,
        into: &mut Summary,
    ) -> Outcome {
        match self.eval.terms.get(callee) {
            Term::Function(function, bound) => {
                if self.crosses(module, function.module) {
                    return Outcome { waits: Waits::No, ..Outcome::default() };
                }
                let bindings = self.eval.bindings_over(function, arguments, bound);
                let summary = self.instance(function, bindings);
                self.take(&summary, way, into);
                Outcome {
                    never_returns: summary.never_returns,
                    exits: summary.exits.clone(),
                    waits: if summary.waits { Waits::Yes } else { Waits::No },
                    asks: summary.asks(),
                    ..Outcome::default()
                }
            }
            Term::Action(action, _) if self.is_client(module) => {
                self.add(into, way.event(EventKind::Action(action)));
                Outcome::default()
            }
            Term::Action(_, inner) | Term::As(inner, _, _) | Term::Of(inner, _, _) => {
                self.apply(module, inner, arguments, constructs, way, into)
            }
            Term::Bound(inner, list) => {
                let all = [self.eval.terms.list(list), arguments].concat();
                self.apply(module, inner, &all, constructs, way, into)
            }
            Term::Class(home, class) => {
                if let Some(constructor) = self.eval.constructor(home, class) {
                    let bindings = self.eval.bindings(constructor, arguments);
                    let summary = self.instance(constructor, bindings);
                    self.take(&summary, way, into);
                }
                Outcome::default()
            }
            Term::Union(list) => self.one_of(module, list, (callee, arguments, constructs), way, into),
            Term::Member(object, name) if self.is_own_function(object) => {
                let arguments = match self.eval.terms.text(name) {
                    "call" => arguments.get(1..).unwrap_or_default().to_vec(),
                    "apply" => self.eval.spread_arguments(arguments),
                    "bind" => return Outcome::default(),
                    _ => return self.outside(module, callee, arguments, constructs, way, into),
                };
                self.apply(module, object, &arguments, constructs, way, into)
            }
            Term::Text(_) => Outcome::default(),
            _ => self.outside(module, callee, arguments, constructs, way, into),
        }
    }

    /// A call of one of several values: each may be meant, and one that cannot be known is seen to be so.
    fn one_of(
        &mut self,
        module: ModuleId,
        alternatives: ListId,
        (callee, arguments, constructs): (TermId, &[TermId], bool),
        way: &Way,
        into: &mut Summary,
    ) -> Outcome {
        let mut callable = self.eval.terms.list(alternatives).to_vec();
        callable.retain(|&alternative| self.eval.terms.may_be_called(alternative));
        if let [only] = callable.as_slice() {
            return self.apply(module, *only, arguments, constructs, way, into);
        }
        let (unknown, known): (Vec<TermId>, Vec<TermId>) =
            callable.into_iter().partition(|&alternative| self.eval.terms.is_unknown(alternative));
        let sometimes = way.no_surer_than(Certainty::Sometimes);
        let mut outcomes = Vec::new();
        for alternative in unknown {
            outcomes.push(self.apply(module, alternative, arguments, constructs, &sometimes, into));
        }
        if known.iter().any(|&alternative| self.is_own_function(alternative)) {
            for alternative in known {
                outcomes.push(self.apply(module, alternative, arguments, constructs, &sometimes, into));
            }
            self.one_outcome(outcomes)
        } else {
            self.outside(module, callee, arguments, constructs, way, into)
        }
    }

    /// What comes of a call of one of several.
    fn one_outcome(&mut self, outcomes: Vec<Outcome>) -> Outcome {
        let mut one = Outcome { waits: Waits::No, ..Outcome::default() };
        let nothing = self.eval.terms.unknown("one of many results");
        for outcome in outcomes.into_iter().filter(|outcome| !outcome.never_returns) {
            if outcome.waits == Waits::Yes || (outcome.waits == Waits::Unknown && one.waits == Waits::No) {
                one.waits = outcome.waits;
            }
            one.unseen |= outcome.unseen;
            one.pending |= outcome.pending;
            if outcome.exits.is_empty() {
                one.exits.push(Exit { term: nothing, holds: SetId::EMPTY });
            }
            one.exits.extend(outcome.exits);
        }
        one.exits = self.settle(one.exits);
        one
    }

    /// Whether a value is a function or a class of the project.
    fn is_own_function(&self, term: TermId) -> bool {
        matches!(self.eval.terms.get(term), Term::Function(..) | Term::Action(..) | Term::Bound(..) | Term::Class(..))
    }

    /// A call of something that is no function of the project.
    fn outside(
        &mut self,
        module: ModuleId,
        callee: TermId,
        arguments: &[TermId],
        constructs: bool,
        way: &Way,
        into: &mut Summary,
    ) -> Outcome {
        if let Term::Called(wrapper, list, _) = self.eval.terms.get(callee)
            && let Some(outcome) = self.wrapped(module, wrapper, list, way, into)
        {
            return outcome;
        }
        let models = self.eval.world.models;
        let states = self.eval.states_of(callee);
        let (mut never_returns, mut named, mut holds) = (false, false, SetId::EMPTY);
        let mut inside = way.clone();
        let nothing = self.eval.terms.unknown("what a package gives");
        for &(node, entity) in states.iter() {
            for meaning in models.meanings(node) {
                if matches!(meaning.what, What::Fetches(..) | What::Query(..)) {
                    continue;
                }
                self.eval.states.met(meaning.line);
                if meaning.what.describes() {
                    continue;
                }
                named = true;
                match &meaning.what {
                    What::Effect(did) if self.hangs_on_caller(did, arguments) => {
                        let list = self.eval.terms.add_list(arguments);
                        self.add(into, way.event(EventKind::Pending(callee, list, constructs)));
                        return Outcome::default();
                    }
                    What::Effect(did) => {
                        self.effect(did, (callee, entity), arguments, way, into);
                        never_returns |= did.never_returns;
                        if let Ok(effect) = did.kind {
                            let passed = Fact::Passed(effect, way.site());
                            holds = self.with(holds, passed);
                            if effect == Effect::AuthRequire {
                                // What it is handed runs for somebody.
                                inside.holds = self.with(inside.holds, passed);
                            }
                        }
                    }
                    What::Callback(when, place) => {
                        self.callback(module, node, (*when, place.as_ref()), arguments, &inside, into);
                    }
                    _ => {}
                }
            }
        }
        if named {
            // The model says which functions it runs.
            let exits = if holds == SetId::EMPTY { Vec::new() } else { vec![Exit { term: nothing, holds }] };
            return Outcome { never_returns, exits, ..Outcome::default() };
        }
        let mut outcome = Outcome { never_returns, ..Outcome::default() };
        let mut handed = way.clone();
        if states.is_empty() {
            match self.eval.class(callee) {
                Class::Pending => {
                    let list = self.eval.terms.add_list(arguments);
                    self.add(into, way.event(EventKind::Pending(callee, list, constructs)));
                    return Outcome { pending: true, ..outcome };
                }
                Class::Unseen(..) if self.searches(callee, arguments) => {}
                Class::Unseen(unseen, reason) => {
                    self.add(into, way.event(EventKind::Unseen(unseen, reason)));
                    outcome.unseen = true;
                    // Who is handed a function may ask first whether to run it.
                    handed.holds = self.with(handed.holds, Fact::Maybe(reason, way.site()));
                }
                Class::Inert => {}
            }
        }
        self.handed_on(module, callee, arguments, &handed, into);
        outcome
    }

    /// Whether a call looks for an element of a list: a database is not handed a function to find something by.
    fn searches(&self, callee: TermId, arguments: &[TermId]) -> bool {
        let finds =
            matches!(self.eval.terms.get(callee), Term::Member(_, name) if self.eval.terms.text(name) == "find");
        finds && matches!(arguments, [only] if matches!(self.eval.terms.get(*only), Term::Function(..)))
    }

    /// Whoever is handed a function may run it, and so may what a call gives that was handed one.
    fn handed_on(&mut self, module: ModuleId, callee: TermId, arguments: &[TermId], way: &Way, into: &mut Summary) {
        let mut way = way.no_surer_than(Certainty::Sometimes);
        let mut functions = Vec::new();
        for &argument in arguments {
            self.functions_in(argument, DEEPEST_HANDED, &mut functions);
        }
        for function in functions {
            self.run(module, function, &|_| None, &way, into);
        }
        let Term::Called(_, list, _) = self.eval.terms.get(callee) else { return };
        let mut functions = Vec::new();
        for handed in self.eval.terms.list(list).to_vec() {
            self.functions_in(handed, DEEPEST_HANDED, &mut functions);
        }
        way.holds = self.with(way.holds, Fact::Maybe("what a package makes of a function", way.site()));
        for function in functions {
            self.run(module, function, &|_| None, &way, into);
        }
    }

    /// Runs a function that the call of a state is handed as an argument: models say what some of its parameters are.
    pub(in crate::project) fn run_handed(
        &mut self,
        module: ModuleId,
        (node, argument): (u32, u32),
        function: TermId,
        way: &Way,
        into: &mut Summary,
    ) -> Outcome {
        let models = self.eval.world.models;
        let typed: Vec<Option<TermId>> = (0..MOST_PARAMETERS)
            .map(|parameter| {
                let (node, line) = models.handed(node, argument, parameter)?;
                Some(self.eval.typed(node, line))
            })
            .collect();
        self.run(module, function, &|index| typed.get(index as usize).copied().flatten(), way, into)
    }

    /// Runs a function whose arguments come from outside; `typed` says what is known of one.
    pub(in crate::project) fn run(
        &mut self,
        module: ModuleId,
        function: TermId,
        typed: &dyn Fn(u32) -> Option<TermId>,
        way: &Way,
        into: &mut Summary,
    ) -> Outcome {
        let unknown = self.eval.terms.unknown("what a caller outside passes");
        let arguments: Vec<TermId> = (0..MOST_PARAMETERS).map(|index| typed(index).unwrap_or(unknown)).collect();
        self.apply(module, function, &arguments, false, way, into)
    }

    /// The functions in a value that is handed to somebody: itself, within objects and arrays, or handed to a call that gave it and has not run
    /// them itself.
    pub(in crate::project) fn functions_in(&mut self, value: TermId, left: u32, found: &mut Vec<TermId>) {
        let Some(left) = left.checked_sub(1) else { return };
        let parts = match self.eval.terms.get(value) {
            Term::Function(..) | Term::Action(..) | Term::Bound(..) if !found.contains(&value) => {
                found.push(value);
                return;
            }
            Term::Object(list) => self.eval.terms.list(list).chunks_exact(2).map(|pair| pair[1]).collect(),
            Term::Array(list) | Term::Union(list) => self.eval.terms.list(list).to_vec(),
            Term::Called(callee, list, _) => {
                let parts = self.eval.terms.list(list).to_vec();
                if self.runs_at_once(callee) { Vec::new() } else { parts }
            }
            Term::Spread(inner) => vec![inner],
            _ => return,
        };
        for part in parts {
            self.functions_in(part, left, found);
        }
    }

    /// Whether a call runs what it is handed before it gives anything: `items.map(..)`, `new Promise(..)`.
    fn runs_at_once(&mut self, callee: TermId) -> bool {
        let models = self.eval.world.models;
        let states = self.eval.states_of(callee);
        let mut meanings = states.iter().flat_map(|&(node, _)| models.meanings(node));
        meanings.any(|meaning| matches!(meaning.what, What::Callback(When::Now, _)))
    }

    fn callback(
        &mut self,
        module: ModuleId,
        node: u32,
        (when, place): (When, Option<&Place>),
        arguments: &[TermId],
        way: &Way,
        into: &mut Summary,
    ) {
        let way = match when {
            When::Now | When::Render => way.clone(),
            When::Maybe | When::Deferred => way.no_surer_than(Certainty::Sometimes),
            // What runs before is run by what is wrapped, and the browser runs the others when their time comes.
            When::Before | When::Debounced | When::Effect | When::Query | When::Form | When::Event => return,
        };
        let mut handed = Vec::new();
        match place {
            Some(place @ Place::Argument(index, _)) => {
                handed.extend(self.eval.at(place, arguments).map(|term| (*index, term)))
            }
            _ => handed.extend((0..).zip(arguments.iter().copied())),
        }
        for (argument, value) in handed {
            let mut functions = Vec::new();
            self.functions_in(value, DEEPEST_HANDED, &mut functions);
            self.passed_in(value, &mut functions);
            for function in functions {
                self.run_handed(module, (node, argument), function, &way, into);
            }
        }
    }

    /// What a parameter says of a value that is run: the call sites know which function it is.
    fn passed_in(&self, value: TermId, found: &mut Vec<TermId>) {
        let is_passed = |mut term: TermId| loop {
            match self.eval.terms.get(term) {
                Term::Parameter(..) => break true,
                Term::Member(inner, _) | Term::As(inner, _, _) => term = inner,
                _ => break false,
            }
        };
        match self.eval.terms.get(value) {
            Term::Union(list) => found.extend(self.eval.terms.list(list).iter().filter(|&&term| is_passed(term))),
            _ => found.extend(is_passed(value).then_some(value)),
        }
    }
}
