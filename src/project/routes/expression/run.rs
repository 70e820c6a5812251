//! Running an expression over a text.

use super::set::folded;
use super::{Expression, Operation};
use crate::project::routes::text::Unit;

/// How many steps a run may take.
const MOST_STEPS: u32 = 60_000;
/// A slot that nothing is noted in.
const UNSET: usize = usize::MAX;

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::project::routes) enum Outcome {
    /// It does not match, whatever the holes are.
    No,
    /// It matches, or may.
    Yes(Found),
    /// It would take too long to know.
    Unknown,
}

/// A match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::project::routes) struct Found {
    /// Where each group starts and ends; `None` for one that takes no part.
    pub(in crate::project::routes) groups: Vec<Option<(usize, usize)>>,
    /// Whether it holds only if a hole is something that it may be.
    pub(in crate::project::routes) perhaps: bool,
}

impl Expression {
    /// Runs from the start of a text.
    pub(in crate::project::routes) fn run(&self, text: &[Unit]) -> Outcome {
        let mut run = Run { expression: self, text, steps: 0 };
        let slots = vec![UNSET; self.slots];
        match run.from(0, State { operation: 0, place: 0, perhaps: false }, slots) {
            Ok(Some((perhaps, slots))) => {
                let pairs = slots.chunks_exact(2);
                let groups = pairs.map(|pair| (pair[0] != UNSET && pair[1] != UNSET).then_some((pair[0], pair[1])));
                Outcome::Yes(Found { groups: groups.collect(), perhaps })
            }
            Ok(None) => Outcome::No,
            Err(TooLong) => Outcome::Unknown,
        }
    }
}

struct TooLong;

/// Where a run stands.
#[derive(Clone, Copy)]
struct State {
    operation: usize,
    place: usize,
    perhaps: bool,
}

/// What is undone when a way leads nowhere.
enum Undo {
    Try(State),
    Restore(usize, usize),
}

struct Run<'r> {
    expression: &'r Expression,
    text: &'r [Unit],
    steps: u32,
}

type Matched = Option<(bool, Vec<usize>)>;

impl Run<'_> {
    /// Runs until a match of its own depth is found; look-aheads run one deeper.
    fn from(&mut self, depth: u32, start: State, mut slots: Vec<usize>) -> Result<Matched, TooLong> {
        let mut stack = vec![Undo::Try(start)];
        while let Some(undo) = stack.pop() {
            let mut state = match undo {
                Undo::Restore(slot, place) => {
                    slots[slot] = place;
                    continue;
                }
                Undo::Try(state) => state,
            };
            loop {
                self.steps += 1;
                if self.steps > MOST_STEPS || depth > 8 {
                    return Err(TooLong);
                }
                let next = match &self.expression.operations[state.operation] {
                    Operation::Match => return Ok(Some((state.perhaps, slots))),
                    Operation::Jump(to) => Some(State { operation: *to, ..state }),
                    Operation::Split(first, second) => {
                        stack.push(Undo::Try(State { operation: *second, ..state }));
                        Some(State { operation: *first, ..state })
                    }
                    Operation::Save(slot) => {
                        stack.push(Undo::Restore(*slot, slots[*slot]));
                        slots[*slot] = state.place;
                        Some(State { operation: state.operation + 1, ..state })
                    }
                    Operation::Progress(slot) => {
                        (slots[*slot] != state.place).then_some(State { operation: state.operation + 1, ..state })
                    }
                    Operation::Look { negated, end } => {
                        let inside = State { operation: state.operation + 1, ..state };
                        self.look(depth, inside, *negated, &mut slots, &mut stack)?.map(|perhaps| State {
                            operation: *end,
                            perhaps,
                            ..state
                        })
                    }
                    _ => self.eat(state, &mut stack),
                };
                match next {
                    Some(next) => state = next,
                    None => break,
                }
            }
        }
        Ok(None)
    }

    /// A look-ahead: whether the run goes on, and then whether only perhaps.
    fn look(
        &mut self,
        depth: u32,
        inside: State,
        negated: bool,
        slots: &mut [usize],
        stack: &mut Vec<Undo>,
    ) -> Result<Option<bool>, TooLong> {
        let fresh = State { perhaps: false, ..inside };
        match self.from(depth + 1, fresh, slots.to_vec())? {
            None => Ok(negated.then_some(inside.perhaps)),
            Some((perhaps, _)) if negated => Ok(perhaps.then_some(true)),
            Some((perhaps, found)) => {
                for (slot, place) in found.into_iter().enumerate() {
                    stack.push(Undo::Restore(slot, slots[slot]));
                    slots[slot] = place;
                }
                Ok(Some(inside.perhaps || perhaps))
            }
        }
    }

    /// Operations that look at the text.
    fn eat(&self, state: State, stack: &mut Vec<Undo>) -> Option<State> {
        let operation = &self.expression.operations[state.operation];
        let behind = State { operation: state.operation + 1, ..state };
        match operation {
            Operation::Start => (state.place == 0).then_some(behind),
            Operation::End => {
                let rest = &self.text[state.place..];
                let perhaps = state.perhaps || !rest.is_empty();
                rest.iter().all(|unit| unit.is_hole()).then_some(State { perhaps, ..behind })
            }
            Operation::Word(edge) => match (self.word(state.place.wrapping_sub(1)), self.word(state.place)) {
                (Some(before), Some(after)) => ((before != after) == *edge).then_some(behind),
                _ => Some(State { perhaps: true, ..behind }),
            },
            _ => match *self.text.get(state.place)? {
                Unit::Char(letter) => {
                    self.takes(operation, letter).then_some(State { place: state.place + 1, ..behind })
                }
                hole => {
                    // The hole may be over here, or go on with what is wanted.
                    stack.push(Undo::Try(State { place: state.place + 1, perhaps: true, ..state }));
                    let fits = match operation {
                        Operation::Char('/') => hole == Unit::Rest,
                        Operation::Set(set) => hole == Unit::Rest || set.has_other_than_slash(),
                        _ => true,
                    };
                    fits.then_some(State { perhaps: true, ..behind })
                }
            },
        }
    }

    fn takes(&self, operation: &Operation, letter: char) -> bool {
        match operation {
            Operation::Char(wanted) if self.expression.fold => folded(letter) == *wanted,
            Operation::Char(wanted) => letter == *wanted,
            Operation::Any => !matches!(letter, '\n' | '\r' | '\u{2028}' | '\u{2029}'),
            Operation::Set(set) => set.has(letter, self.expression.fold),
            _ => false,
        }
    }

    /// Whether a word's letter stands at a place; `None` where that is not known.
    fn word(&self, place: usize) -> Option<bool> {
        match self.text.get(place) {
            None => Some(false),
            Some(Unit::Char(letter)) => Some(letter.is_ascii_alphanumeric() || *letter == '_'),
            Some(_) => None,
        }
    }
}
