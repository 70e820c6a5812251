//! How a body is built: which parts of it are around a step, and which steps nothing reaches. Knows one function's steps and nothing of
//! what they mean; whoever asks says which calls never return.

use crate::facts::{CallId, FileFacts, FunctionId, NONE, Op, Step, VariableId};

/// Which part of a head's steps something stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::project) enum Side {
    /// Where a test holds.
    Then,
    /// Where it does not.
    Otherwise,
    /// The body of a loop.
    Again,
    /// A case of a `switch`, or a labelled block.
    Case,
    /// The body of a `try`.
    Tried,
    /// Its `catch`.
    Caught,
    /// Its `finally`.
    Finally,
}

/// A part around a step: the step that opens it, and which part it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::project) struct Part {
    pub(in crate::project) head: u32,
    pub(in crate::project) side: Side,
}

/// The `catch` of a `try`: its steps, what it binds, and where the whole statement ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::project) struct Catch {
    pub(in crate::project) head: u32,
    pub(in crate::project) from: u32,
    pub(in crate::project) to: u32,
    pub(in crate::project) end: u32,
    pub(in crate::project) binding: VariableId,
}

/// Where the steps of a part start that follow its head.
fn start(op: Op, head: u32, side: Side) -> u32 {
    match (op, side) {
        (Op::Branch { then, .. }, Side::Otherwise) => then,
        (Op::Try { body, .. }, Side::Caught) => body,
        (Op::Try { catch, .. }, Side::Finally) => catch,
        _ => head + 1,
    }
}

/// One past the last step that belongs to a step.
pub(in crate::project) fn end(steps: &[Step], at: u32) -> u32 {
    match steps[at as usize].op {
        Op::Branch { end, .. }
        | Op::Loop { end, .. }
        | Op::Switch { end, .. }
        | Op::Case { end, .. }
        | Op::Try { end, .. }
        | Op::Block { end } => end,
        _ => at + 1,
    }
}

/// The parts around a step, outer ones first.
pub(in crate::project) fn parts(steps: &[Step], target: u32) -> Vec<Part> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < target {
        let next = end(steps, at);
        if target >= next {
            at = next;
            continue;
        }
        let side = match steps[at as usize].op {
            Op::Branch { then, .. } if target < then => Side::Then,
            Op::Branch { .. } => Side::Otherwise,
            Op::Loop { .. } => Side::Again,
            Op::Try { body, .. } if target < body => Side::Tried,
            Op::Try { catch, .. } if target < catch => Side::Caught,
            Op::Try { .. } => Side::Finally,
            _ => Side::Case,
        };
        found.push(Part { head: at, side });
        at = start(steps[at as usize].op, at, side);
    }
    found
}

/// The step of a call in the body of its function.
pub(in crate::project) fn step_of(facts: &FileFacts, function: FunctionId, call: CallId) -> Option<u32> {
    let found = facts.body(function).iter().position(|step| step.op == Op::Call(call))?;
    u32::try_from(found).ok()
}

/// The `catch` parts that catch what a step throws, innermost first.
pub(in crate::project) fn catches(steps: &[Step], step: u32) -> Vec<Catch> {
    let around = parts(steps, step).into_iter().rev().filter(|part| part.side == Side::Tried);
    around
        .filter_map(|part| match steps[part.head as usize].op {
            Op::Try { body, catch, end, binding, catches: true } => {
                Some(Catch { head: part.head, from: body, to: catch, end, binding })
            }
            _ => None,
        })
        .collect()
}

/// How a part of a body ends: by the step that ends it, where one does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    /// What follows runs next.
    Falls,
    /// A loop, a switch or a block is left, or a loop goes on.
    Breaks,
    /// The function returns.
    Returns(u32),
    /// Something is thrown.
    Throws(u32),
}

/// Steps that nothing reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::project) struct Unreached {
    /// The step that everything ends at before them.
    pub(in crate::project) cause: u32,
    /// The first of them.
    pub(in crate::project) from: u32,
    /// One past the last.
    pub(in crate::project) to: u32,
}

/// Goes through a body once.
pub(in crate::project) struct Walk<'a> {
    steps: &'a [Step],
    never_returns: &'a mut dyn FnMut(CallId) -> bool,
    unreached: Vec<Unreached>,
}

impl<'a> Walk<'a> {
    /// The steps of a body that nothing reaches.
    pub(in crate::project) fn unreached(
        steps: &'a [Step],
        never_returns: &'a mut dyn FnMut(CallId) -> bool,
    ) -> Vec<Unreached> {
        let mut walk = Self { steps, never_returns, unreached: Vec::new() };
        walk.part(0, u32::try_from(steps.len()).unwrap_or(NONE));
        walk.unreached
    }

    fn part(&mut self, mut at: u32, to: u32) -> Exit {
        while at < to {
            let next = end(self.steps, at);
            let exit = self.step(at);
            if exit != Exit::Falls {
                if let (Exit::Returns(cause) | Exit::Throws(cause), true) = (exit, next < to) {
                    self.unreached.push(Unreached { cause, from: next, to });
                }
                return exit;
            }
            at = next;
        }
        Exit::Falls
    }

    fn step(&mut self, at: u32) -> Exit {
        match self.steps[at as usize].op {
            Op::Call(call) if (self.never_returns)(call) => Exit::Throws(at),
            Op::Return(_) => Exit::Returns(at),
            Op::Throw(_) => Exit::Throws(at),
            Op::Break(_) | Op::Continue(_) => Exit::Breaks,
            Op::Branch { then, end, .. } => {
                let (left, right) = (self.part(at + 1, then), self.part(then, end));
                match (left, right) {
                    (Exit::Falls, _) | (_, Exit::Falls) => Exit::Falls,
                    (Exit::Breaks, _) | (_, Exit::Breaks) => Exit::Breaks,
                    (Exit::Throws(_), Exit::Returns(_)) => right,
                    _ => left,
                }
            }
            Op::Loop { end, .. } => {
                self.part(at + 1, end);
                Exit::Falls
            }
            Op::Switch { end, .. } => self.switch(at + 1, end),
            Op::Case { end, .. } | Op::Block { end } => match self.part(at + 1, end) {
                Exit::Breaks => Exit::Falls,
                exit => exit,
            },
            Op::Try { body, catch, end, catches, .. } => {
                let tried = self.part(at + 1, body);
                let caught = if catches { self.part(body, catch) } else { tried };
                match (self.part(catch, end), tried) {
                    (Exit::Falls, Exit::Falls) => Exit::Falls,
                    (Exit::Falls, _) if caught == Exit::Falls => Exit::Falls,
                    (Exit::Falls, Exit::Throws(_)) => caught,
                    (Exit::Falls, tried) => tried,
                    (last, _) => last,
                }
            }
            Op::Call(_) | Op::Assign(..) | Op::Await(_) | Op::Yield(_) => Exit::Falls,
        }
    }

    /// A switch ends a body where it has a default and its last case, into which the others may fall, and all that do not fall end it.
    fn switch(&mut self, mut at: u32, to: u32) -> Exit {
        let (mut default, mut exit) = (false, None);
        while at < to {
            let next = end(self.steps, at);
            if let Op::Case { test, .. } = self.steps[at as usize].op {
                default |= test == NONE;
                let case = self.part(at + 1, next);
                if case != Exit::Falls || next >= to {
                    let ends = matches!(case, Exit::Returns(_) | Exit::Throws(_));
                    exit = if ends && exit != Some(Exit::Falls) { Some(case) } else { Some(Exit::Falls) };
                }
            }
            at = next;
        }
        exit.filter(|_| default).unwrap_or(Exit::Falls)
    }
}

/// How one step of a body leads to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::project) enum Leads {
    /// It comes after it.
    On,
    /// It runs where the first one, or something beside it, has failed.
    Failing,
}

/// Whether a way leads from one step to a later one of the same body, such that one of them is met on every way through the part that
/// holds both. What tests have in common is not known, so that of two steps that both hang on one it cannot be said.
pub(in crate::project) fn leads(steps: &[Step], first: u32, then: u32) -> Option<Leads> {
    let (before, after) = (parts(steps, first), parts(steps, then));
    let common = before.iter().zip(&after).take_while(|(one, other)| one == other).count();
    let (own, other) = (&before[common..], &after[common..]);
    let plain = |parts: &[Part]| parts.iter().all(|part| part.side == Side::Tried);
    if let (Some(one), Some(two)) = (own.first(), other.first())
        && one.head == two.head
    {
        return match (one.side, two.side) {
            (Side::Tried, Side::Caught) if plain(&own[1..]) => Some(Leads::Failing),
            (Side::Tried | Side::Caught, Side::Finally) if plain(&own[1..]) => Some(Leads::On),
            _ => None,
        };
    }
    if then <= first || !(plain(own) || plain(other)) {
        return None;
    }
    let mut returns = |_| false;
    let mut walk = Walk { steps, never_returns: &mut returns, unreached: Vec::new() };
    let mut at = first + 1;
    for part in own.iter().rev() {
        if walk.part(at, side_end(steps, *part)) != Exit::Falls {
            return None;
        }
        at = end(steps, part.head);
    }
    let head = other.first().map_or(then, |part| part.head);
    (walk.part(at, head) == Exit::Falls).then_some(Leads::On)
}

/// Whether no run of a body meets both of two steps: they stand on the two sides of one test, or whatever follows the one ends the body, or
/// the `switch` that holds both, before it comes to the other. Where a loop is around both, another round may.
pub(in crate::project) fn excludes(steps: &[Step], one: u32, other: u32) -> bool {
    let (first, then) = (one.min(other), one.max(other));
    let (before, after) = (parts(steps, first), parts(steps, then));
    let common = before.iter().zip(&after).take_while(|(one, other)| one == other).count();
    let (own, rest) = (&before[common..], &after[common..]);
    if before.iter().any(|part| part.side == Side::Again) {
        return false;
    }
    if let (Some(one), Some(two)) = (own.first(), rest.first())
        && one.head == two.head
    {
        return (one.side, two.side) == (Side::Then, Side::Otherwise);
    }
    let is_case = |part: &Part| matches!(steps[part.head as usize].op, Op::Case { .. });
    let of_one_switch = own.first().is_some_and(is_case) && rest.first().is_some_and(is_case);
    let mut returns = |_| false;
    let mut walk = Walk { steps, never_returns: &mut returns, unreached: Vec::new() };
    let mut at = first + 1;
    for (index, part) in own.iter().enumerate().rev() {
        match walk.part(at, side_end(steps, *part)) {
            Exit::Falls => at = end(steps, part.head),
            Exit::Returns(_) => return true,
            Exit::Throws(_) => return own[..=index].iter().all(|part| part.side != Side::Tried),
            Exit::Breaks => return of_one_switch,
        }
    }
    matches!(walk.part(at, rest.first().map_or(then, |part| part.head)), Exit::Returns(_) | Exit::Throws(_))
}

/// Whether whatever follows a step ends the body by throwing.
pub(in crate::project) fn fails(steps: &[Step], step: u32) -> bool {
    let mut returns = |_| false;
    let mut walk = Walk { steps, never_returns: &mut returns, unreached: Vec::new() };
    let mut at = step + 1;
    for part in parts(steps, step).iter().rev() {
        match walk.part(at, side_end(steps, *part)) {
            Exit::Falls => at = end(steps, part.head),
            exit => return matches!(exit, Exit::Throws(_)),
        }
    }
    matches!(walk.part(at, u32::try_from(steps.len()).unwrap_or(NONE)), Exit::Throws(_))
}

/// One past the last step of a part.
fn side_end(steps: &[Step], part: Part) -> u32 {
    match (steps[part.head as usize].op, part.side) {
        (Op::Branch { then, .. }, Side::Then) => then,
        (Op::Try { body, .. }, Side::Tried) => body,
        (Op::Try { catch, .. }, Side::Caught) => catch,
        _ => end(steps, part.head),
    }
}
