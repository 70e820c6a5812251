//! The order of things in one function: which calls happen on every way through it, on some, or only where something was caught.

use super::modules::FunctionRef;
use super::summary::{Certainty, Summaries, Summary, Way};
use super::terms::TermId;
use crate::facts::{NONE, Op, ValueId};

/// How a part of a body ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    /// What follows it runs next.
    Falls,
    /// A loop, a switch or a block is left, or a loop goes on.
    Breaks,
    /// The function returns.
    Returns,
    /// Something is thrown.
    Throws,
}

impl Exit {
    fn falls(self) -> bool {
        self == Self::Falls
    }
}

/// What holds where one is.
#[derive(Debug, Clone, Copy)]
struct Here {
    function: FunctionRef,
    certainty: Certainty,
    condition: Option<(TermId, bool)>,
}

impl Summaries<'_> {
    /// Goes through a function's own body.
    pub(super) fn walk(&mut self, function: FunctionRef) -> Summary {
        // It never returns until a `return` is met that something reaches.
        let mut summary = Summary { never_returns: true, ..Summary::default() };
        let length = self.eval.module(function.module).facts.function(function.function).body.len;
        let mut here = Here { function, certainty: Certainty::Always, condition: None };
        let exit = self.steps(&mut here, 0, length, &mut summary);
        summary.never_returns &= exit == Exit::Throws;
        summary
    }

    /// The steps from `at` up to `end`, counted from the function's first step.
    fn steps(&mut self, here: &mut Here, mut at: u32, end: u32, summary: &mut Summary) -> Exit {
        while at < end {
            let function = here.function;
            let step = self.eval.module(function.module).facts.body(function.function)[at as usize];
            let mut next = at + 1;
            let exit = match step.op {
                Op::Call(call) => {
                    let (callee, arguments) = self.eval.callee(function.module, call);
                    let kind = self.eval.module(function.module).facts.calls[call as usize].kind;
                    let mut way = Way::at((function.module, call));
                    way.certainty = here.certainty;
                    way.condition = here.condition;
                    let constructs = kind == crate::facts::CallKind::New;
                    match self.apply(function.module, callee, &arguments, constructs, &way, summary) {
                        true => Exit::Throws,
                        false => Exit::Falls,
                    }
                }
                Op::Branch { test, then, end } => {
                    next = end;
                    self.branch(here, test, (at + 1, then, end), summary)
                }
                Op::Loop { at_least_once, end } => {
                    next = end;
                    let from = summary.events.len();
                    self.steps(&mut here.clone(), at + 1, end, summary);
                    if !at_least_once {
                        summary.weaken(from, Certainty::Sometimes);
                    }
                    Exit::Falls
                }
                Op::Switch { end, .. } => {
                    next = end;
                    self.switch(here, at + 1, end, summary)
                }
                Op::Case { end, .. } | Op::Block { end } => {
                    next = end;
                    match self.steps(here, at + 1, end, summary) {
                        Exit::Breaks => Exit::Falls,
                        exit => exit,
                    }
                }
                Op::Try { body, catch, end, catches, .. } => {
                    next = end;
                    self.try_(here, (at + 1, body, catch, end), catches, summary)
                }
                Op::Break(_) | Op::Continue(_) => Exit::Breaks,
                Op::Return(_) => {
                    summary.never_returns = false;
                    Exit::Returns
                }
                Op::Throw(_) => Exit::Throws,
                Op::Assign(..) | Op::Await(_) | Op::Yield(_) => Exit::Falls,
            };
            if !exit.falls() {
                return exit;
            }
            at = next;
        }
        Exit::Falls
    }

    /// `if`: a part is as certain as what is around it where the other one leaves.
    fn branch(
        &mut self,
        here: &mut Here,
        test: ValueId,
        (then, otherwise, end): (u32, u32, u32),
        summary: &mut Summary,
    ) -> Exit {
        let test = if test == NONE { None } else { Some(self.eval.value(here.function.module, test)) };
        match test.and_then(|test| self.eval.terms.truth(test)) {
            Some(true) => return self.steps(here, then, otherwise, summary),
            Some(false) => return self.steps(here, otherwise, end, summary),
            None => {}
        }
        let open = test.filter(|&test| self.eval.terms.is_open(test));
        let on = |here: &Here, truth| Here { condition: open.map(|test| (test, truth)).or(here.condition), ..*here };
        let first = summary.events.len();
        let exit = self.steps(&mut on(here, true), then, otherwise, summary);
        let second = summary.events.len();
        let other = self.steps(&mut on(here, false), otherwise, end, summary);
        if other.falls() || !exit.falls() {
            for event in &mut summary.events[first..second] {
                event.certainty = event.certainty.max(Certainty::Sometimes);
            }
        }
        if exit.falls() || !other.falls() {
            summary.weaken(second, Certainty::Sometimes);
        }
        match (exit, other) {
            (Exit::Falls, _) | (_, Exit::Falls) => Exit::Falls,
            (Exit::Throws, other) => other,
            (exit, Exit::Throws) => exit,
            (Exit::Returns, Exit::Returns) => Exit::Returns,
            _ => Exit::Breaks,
        }
    }

    fn switch(&mut self, here: &Here, mut at: u32, end: u32, summary: &mut Summary) -> Exit {
        let from = summary.events.len();
        let (mut default, mut exit) = (false, None);
        while at < end {
            let function = here.function;
            let Op::Case { test, end: next } =
                self.eval.module(function.module).facts.body(function.function)[at as usize].op
            else {
                at += 1;
                continue;
            };
            default |= test == NONE;
            let case = self.steps(&mut here.clone(), at + 1, next, summary);
            // A case that falls through ends as the next one does.
            if !case.falls() || next >= end {
                exit = match (exit, case) {
                    (None, case) => Some(case),
                    (Some(known), case) if known == case => Some(case),
                    _ => Some(Exit::Falls),
                };
            }
            at = next;
        }
        summary.weaken(from, Certainty::Sometimes);
        match exit {
            Some(exit @ (Exit::Returns | Exit::Throws)) if default => exit,
            _ => Exit::Falls,
        }
    }

    fn try_(
        &mut self,
        here: &mut Here,
        (start, body, catch, end): (u32, u32, u32, u32),
        catches: bool,
        summary: &mut Summary,
    ) -> Exit {
        let tried = self.steps(&mut here.clone(), start, body, summary);
        let from = summary.events.len();
        let caught = self.steps(&mut here.clone(), body, catch, summary);
        summary.weaken(from, Certainty::Caught);
        let last = self.steps(&mut here.clone(), catch, end, summary);
        if !last.falls() {
            return last;
        }
        match tried {
            Exit::Falls => Exit::Falls,
            Exit::Throws if catches => caught,
            // What follows runs only where something was caught.
            exit if catches && caught.falls() => {
                here.certainty = here.certainty.max(Certainty::Caught);
                let _ = exit;
                Exit::Falls
            }
            exit => exit,
        }
    }
}
