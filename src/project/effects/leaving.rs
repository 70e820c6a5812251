//! What a call leaves behind for what follows it, once somebody has waited for it, and what holds where a function returns.

use super::flow::{Body, Here};
use super::summary::{Exit, Outcome, Site, Summaries, Waits};
use crate::facts::{CallId, FileFacts, NONE, Use, Value, ValueId};
use crate::project::guards::holds::{Fact, SetId};
use crate::project::guards::learned::results_in;
use crate::project::guards::verdicts::{Ask, GuardState};
use crate::project::values::terms::{Term, TermId};

/// How deep values are looked into.
const DEEPEST: u32 = 10;

impl Summaries<'_> {
    /// Notes what a call leaves behind: at once, or where it is waited for.
    pub(in crate::project) fn leave_behind(
        &mut self,
        here: &mut Here,
        call: CallId,
        (callee, arguments, used): (TermId, &[TermId], Use),
        outcome: Outcome,
        body: &mut Body,
    ) {
        let site = (here.function.module, call);
        if outcome.asks {
            body.asking.insert(call);
        }
        let dropped = matches!(used, Use::DISCARDED | Use::AWAITED | Use::VOIDED);
        let left = if outcome.pending {
            let list = self.eval.terms.add_list(arguments);
            body.pending.insert(call, (callee, list));
            self.only(Fact::After(callee, list, dropped, site))
        } else if outcome.unseen {
            // Who drops what an unknown call gives calls it for what it does: it may turn somebody away.
            let reason = "what a call that cannot be seen leaves behind";
            if dropped && used != Use::VOIDED { self.only(Fact::Maybe(reason, site)) } else { SetId::EMPTY }
        } else {
            self.left(&outcome)
        };
        if left == SetId::EMPTY && outcome.exits.is_empty() {
            return;
        }
        match outcome.waits {
            Waits::Yes => here.waiting.push((call, left)),
            Waits::No => here.holds = self.both(here.holds, left),
            Waits::Unknown if used == Use::DISCARDED || used == Use::VOIDED => {
                let maybe = self.no_surer(left, site);
                here.holds = self.both(here.holds, maybe);
            }
            Waits::Unknown => here.holds = self.both(here.holds, left),
        }
        if outcome.exits.len() > 1 {
            body.results.insert(call, outcome.exits);
        }
    }

    /// What a call leaves behind that nobody waits for, where it is not known whether one has to.
    fn no_surer(&mut self, left: SetId, site: Site) -> SetId {
        match self.judge(left, Ask::Who).state {
            GuardState::Proven => self.only(Fact::Maybe("a guard that nobody waits for", site)),
            _ => left,
        }
    }

    /// `await x`: what the calls behind it leave behind holds from here on.
    pub(in crate::project) fn awaited(&mut self, here: &mut Here, value: ValueId) {
        if here.waiting.is_empty() {
            return;
        }
        let mut calls = Vec::new();
        results_in(&self.eval.module(here.function.module).facts, value, DEEPEST, &mut calls);
        for (call, left) in std::mem::take(&mut here.waiting) {
            if calls.contains(&call) {
                here.holds = self.both(here.holds, left);
            } else {
                here.waiting.push((call, left));
            }
        }
    }

    /// `return x`: the ways on which it is taken, each with what is returned there.
    pub(in crate::project) fn exit(&mut self, here: &Here, value: ValueId, body: &mut Body) {
        if value == NONE {
            let term = self.eval.terms.add(Term::Undefined);
            body.exits.push(Exit { term, holds: here.holds });
            return;
        }
        let mut here = here.clone();
        let waiting = here.waiting.len();
        self.awaited(&mut here, value);
        body.summary.waits |= here.waiting.len() < waiting;
        let facts = &self.eval.module(here.function.module).facts;
        if let Value::Conditional(list) = facts.value(value)
            && let [test, then, otherwise] = *facts.list(list)
        {
            for (value, truth) in [(then, true), (otherwise, false)] {
                let learned = self.learned(&here, body, test, truth);
                let holds = self.both(here.holds, learned);
                let term = self.eval.value(here.function.module, value);
                body.exits.push(Exit { term, holds });
            }
            return;
        }
        let results = result_of(facts, value).and_then(|call| body.results.get(&call).cloned());
        for exit in results.into_iter().flatten() {
            let holds = self.both(here.holds, exit.holds);
            body.exits.push(Exit { holds, ..exit });
        }
        if result_of(facts, value).is_none_or(|call| !body.results.contains_key(&call)) {
            let term = self.eval.value(here.function.module, value);
            body.exits.push(Exit { term, holds: here.holds });
        }
    }
}

/// The call whose result a value is.
fn result_of(facts: &FileFacts, mut value: ValueId) -> Option<CallId> {
    for _ in 0..DEEPEST {
        match facts.value(value) {
            Value::Call(call) => return Some(call),
            Value::Await(inner) | Value::Cast(inner, _) => value = inner,
            Value::Variable(variable) => {
                let described = facts.variables[variable as usize];
                if described.reassigned || described.init == NONE {
                    return None;
                }
                value = described.init;
            }
            _ => return None,
        }
    }
    None
}
