//! The order of things in one function: which calls happen on every way through it, on some, or only where something was caught, and what
//! holds on every way to them.

use rustc_hash::{FxHashMap, FxHashSet};

use super::summary::{Certainty, Exit, Summaries, Summary, Way};
use crate::facts::{CallId, CallKind, NONE, Op, ValueId};
use crate::project::guards::holds::{Fact, SetId, Spot};
use crate::project::program::modules::FunctionRef;
use crate::project::values::terms::{Comparison, ListId, Term, TermId};

/// How a part of a body ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// What follows it runs next.
    Falls,
    /// A loop, a switch or a block is left, or a loop goes on.
    Breaks,
    /// The function returns.
    Returns,
    /// Something is thrown.
    Throws,
}

impl End {
    fn falls(self) -> bool {
        self == Self::Falls
    }
}

/// What holds where one is.
#[derive(Debug, Clone)]
pub(in crate::project) struct Here {
    pub(in crate::project) function: FunctionRef,
    certainty: Certainty,
    condition: Option<(TermId, bool)>,
    pub(in crate::project) holds: SetId,
    /// Calls of asynchronous functions that nobody has waited for yet, and what they leave behind.
    pub(in crate::project) waiting: Vec<(CallId, SetId)>,
}

/// What is found on the way through a body.
pub(in crate::project) struct Body {
    pub(in crate::project) summary: Summary,
    pub(in crate::project) exits: Vec<Exit>,
    /// What holds at a `break`, and out of how many loops, switches and blocks it leads.
    breaks: Vec<(u32, SetId)>,
    /// The exits of calls that leave different things behind.
    pub(in crate::project) results: FxHashMap<CallId, Vec<Exit>>,
    /// Calls of functions that ask who is calling on their way.
    pub(in crate::project) asking: FxHashSet<CallId>,
    /// Calls of what a parameter says, that have been waited for.
    pub(in crate::project) pending: FxHashMap<CallId, (TermId, ListId)>,
}

impl Summaries<'_> {
    /// Goes through a function's own body.
    pub(in crate::project) fn walk(&mut self, function: FunctionRef) -> Summary {
        // It never returns until a `return` is met that something reaches.
        let mut body = Body {
            summary: Summary { never_returns: true, ..Summary::default() },
            exits: Vec::new(),
            breaks: Vec::new(),
            results: FxHashMap::default(),
            asking: FxHashSet::default(),
            pending: FxHashMap::default(),
        };
        let described = self.eval.module(function.module).facts.function(function.function);
        let (length, is_async) = (described.body.len, described.is_async);
        let mut here =
            Here { function, certainty: Certainty::Always, condition: None, holds: SetId::EMPTY, waiting: Vec::new() };
        let end = self.steps(&mut here, 0, length, &mut body);
        body.summary.never_returns &= end == End::Throws;
        if end.falls() {
            let term = self.eval.terms.add(Term::Undefined);
            body.exits.push(Exit { term, holds: here.holds });
        }
        body.summary.waits |= is_async;
        body.summary.exits = self.settle(body.exits);
        body.summary
    }

    /// The steps from `at` up to `end`, counted from the function's first step.
    fn steps(&mut self, here: &mut Here, mut at: u32, end: u32, body: &mut Body) -> End {
        while at < end {
            let function = here.function;
            let step = self.eval.module(function.module).facts.body(function.function)[at as usize];
            let mut next = at + 1;
            let ended = match step.op {
                Op::Call(call) => self.call(here, call, body),
                Op::Branch { test, then, end } => {
                    next = end;
                    self.branch(here, test, (at + 1, then, end), body)
                }
                Op::Loop { at_least_once, end } => {
                    next = end;
                    let (from, breaks) = (body.summary.events.len(), body.breaks.len());
                    self.steps(&mut here.clone(), at + 1, end, body);
                    leave(&mut body.breaks, breaks);
                    if !at_least_once {
                        body.summary.weaken(from, Certainty::Sometimes);
                    }
                    End::Falls
                }
                Op::Switch { value, end } => {
                    next = end;
                    self.switch(here, value, (at + 1, end), body)
                }
                Op::Case { end, .. } | Op::Block { end } => {
                    next = end;
                    let breaks = body.breaks.len();
                    let ended = self.steps(here, at + 1, end, body);
                    let mut sets = leave(&mut body.breaks, breaks);
                    sets.extend(ended.falls().then_some(here.holds));
                    here.holds = if sets.is_empty() { here.holds } else { self.either(&sets) };
                    match ended {
                        End::Breaks => End::Falls,
                        end => end,
                    }
                }
                Op::Try { body: tried, catch, end, catches, .. } => {
                    next = end;
                    self.try_(here, (at + 1, tried, catch, end), catches, body)
                }
                Op::Break(out) => {
                    body.breaks.push((out, here.holds));
                    End::Breaks
                }
                Op::Continue(_) => End::Breaks,
                Op::Return(value) => {
                    body.summary.never_returns = false;
                    self.exit(here, value, body);
                    End::Returns
                }
                Op::Throw(_) => End::Throws,
                Op::Await(value) => {
                    self.awaited(here, value);
                    End::Falls
                }
                Op::Assign(..) | Op::Yield(_) => End::Falls,
            };
            if !ended.falls() {
                return ended;
            }
            at = next;
        }
        End::Falls
    }

    /// A call: what it does, and what it leaves behind.
    fn call(&mut self, here: &mut Here, call: CallId, body: &mut Body) -> End {
        let module = here.function.module;
        self.read_for(here, body, call);
        let (callee, arguments) = self.eval.callee(module, call);
        let facts = &self.eval.module(module).facts;
        let (kind, used) = (facts.calls[call as usize].kind, facts.calls[call as usize].result);
        let mut way = Way::at((module, call));
        way.certainty = here.certainty;
        way.condition = here.condition;
        way.holds = here.holds;
        let from = body.summary.events.len();
        let outcome = self.apply(module, callee, &arguments, kind == CallKind::New, &way, &mut body.summary);
        self.give_chain((module, call), from, &mut body.summary);
        if outcome.never_returns {
            return End::Throws;
        }
        if kind != CallKind::Jsx {
            self.leave_behind(here, call, (callee, &arguments, used), outcome, body);
        }
        End::Falls
    }

    /// `if`: a part is as certain as what is around it where the other one leaves.
    fn branch(
        &mut self,
        here: &mut Here,
        test: ValueId,
        (then, otherwise, end): (u32, u32, u32),
        body: &mut Body,
    ) -> End {
        let term = if test == NONE { None } else { Some(self.eval.value(here.function.module, test)) };
        match term.and_then(|term| self.eval.terms.truth(term)) {
            Some(true) => return self.steps(here, then, otherwise, body),
            Some(false) => return self.steps(here, otherwise, end, body),
            None => {}
        }
        self.read_value(here, body, test);
        let open = term.filter(|&term| self.eval.terms.is_open(term));
        let first = body.summary.events.len();
        let mut one = self.on(here, body, (test, open), true);
        let exit = self.steps(&mut one, then, otherwise, body);
        let second = body.summary.events.len();
        let mut other = self.on(here, body, (test, open), false);
        let other_exit = self.steps(&mut other, otherwise, end, body);
        let summary = &mut body.summary;
        if other_exit.falls() || !exit.falls() {
            for event in &mut summary.events[first..second] {
                event.certainty = event.certainty.max(Certainty::Sometimes);
            }
        }
        if exit.falls() || !other_exit.falls() {
            summary.weaken(second, Certainty::Sometimes);
        }
        let falling = [(exit, one.holds), (other_exit, other.holds)].into_iter();
        let falling: Vec<SetId> = falling.filter(|(exit, _)| exit.falls()).map(|(_, holds)| holds).collect();
        if !falling.is_empty() {
            here.holds = self.either(&falling);
        }
        match (exit, other_exit) {
            (End::Falls, _) | (_, End::Falls) => End::Falls,
            (End::Throws, other) => other,
            (exit, End::Throws) => exit,
            (End::Returns, End::Returns) => End::Returns,
            _ => End::Breaks,
        }
    }

    /// What holds in the part where a test has an outcome.
    fn on(&mut self, here: &Here, body: &Body, (test, open): (ValueId, Option<TermId>), truth: bool) -> Here {
        let mut on = Here { condition: open.map(|test| (test, truth)).or(here.condition), ..here.clone() };
        if test != NONE {
            let learned = self.learned(here, body, test, truth);
            on.holds = self.both(here.holds, learned);
        }
        on
    }

    fn switch(&mut self, here: &mut Here, value: ValueId, (mut at, end): (u32, u32), body: &mut Body) -> End {
        let (from, breaks) = (body.summary.events.len(), body.breaks.len());
        let (mut default, mut exit) = (false, None);
        let module = here.function.module;
        let mut through: Option<SetId> = None;
        while at < end {
            let function = here.function;
            let Op::Case { test, end: next } = self.eval.module(module).facts.body(function.function)[at as usize].op
            else {
                at += 1;
                continue;
            };
            default |= test == NONE;
            let mut inside = here.clone();
            if test != NONE && value != NONE {
                let (value, with) = (self.eval.value(module, value), self.eval.value(module, test));
                let equal = self.eval.terms.add(Term::Compare(Comparison::Equal, value, with));
                let learned = self.only(Fact::Is(equal, true, Spot::Test(function, test)));
                inside.holds = self.both(here.holds, learned);
            }
            if let Some(before) = through {
                inside.holds = self.either(&[before, inside.holds]);
            }
            let case = self.steps(&mut inside, at + 1, next, body);
            through = case.falls().then_some(inside.holds);
            // A case that falls through ends as the next one does.
            if !case.falls() || next >= end {
                exit = match (exit, case) {
                    (None, case) => Some(case),
                    (Some(known), case) if known == case => Some(case),
                    _ => Some(End::Falls),
                };
            }
            at = next;
        }
        body.summary.weaken(from, Certainty::Sometimes);
        let mut sets = leave(&mut body.breaks, breaks);
        sets.extend(through);
        sets.extend((!default).then_some(here.holds));
        if !sets.is_empty() {
            here.holds = self.either(&sets);
        }
        match exit {
            Some(exit @ (End::Returns | End::Throws)) if default => exit,
            _ => End::Falls,
        }
    }

    fn try_(
        &mut self,
        here: &mut Here,
        (start, tried, catch, end): (u32, u32, u32, u32),
        catches: bool,
        body: &mut Body,
    ) -> End {
        let mut inside = here.clone();
        let ended = self.steps(&mut inside, start, tried, body);
        let from = body.summary.events.len();
        let mut caught = here.clone();
        let caught_end = self.steps(&mut caught, tried, catch, body);
        body.summary.weaken(from, Certainty::Caught);
        let mut last = here.clone();
        let last_end = self.steps(&mut last, catch, end, body);
        if !last_end.falls() {
            return last_end;
        }
        let mut sets = Vec::new();
        sets.extend(ended.falls().then_some(inside.holds));
        sets.extend((catches && caught_end.falls()).then_some(caught.holds));
        if !sets.is_empty() {
            let left = self.either(&sets);
            here.holds = self.both(left, last.holds);
        }
        match ended {
            End::Falls => End::Falls,
            End::Throws if catches => caught_end,
            // What follows runs only where something was caught.
            _ if catches && caught_end.falls() => {
                here.certainty = here.certainty.max(Certainty::Caught);
                End::Falls
            }
            exit => exit,
        }
    }
}

/// What holds at the breaks that lead out of a loop, a switch or a block; those that lead further have one fewer to go.
fn leave(breaks: &mut Vec<(u32, SetId)>, from: usize) -> Vec<SetId> {
    let mut sets = Vec::new();
    for (out, holds) in breaks.split_off(from) {
        if out <= 1 {
            sets.push(holds);
        } else {
            breaks.push((out - 1, holds));
        }
    }
    sets
}
