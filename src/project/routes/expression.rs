//! Regular expressions of JavaScript, as far as routes are written with them, over texts of which parts may be unknown.
//!
//! A hole of a text may be any text, so an expression that matches in spite of one says "it may". Work is bounded: a match that would
//! take too long is no answer, and what is not understood (look-behind, back references) is no expression.

mod compile;
mod parse;
mod run;
mod set;

pub(super) use parse::{Node, parse};
pub(super) use run::{Found, Outcome};
pub(super) use set::Set;

/// An expression, ready to run.
#[derive(Debug, Clone)]
pub(super) struct Expression {
    operations: Vec<Operation>,
    /// How many slots a run needs: two a group, then one a loop.
    slots: usize,
    /// Whether letters match in either case.
    fold: bool,
}

/// One step of a run.
#[derive(Debug, Clone)]
enum Operation {
    Char(char),
    /// Any character but a line's end.
    Any,
    Set(Set),
    /// Try the first, then the second.
    Split(usize, usize),
    Jump(usize),
    /// Note the place in a slot.
    Save(usize),
    /// Go on only where the place is another than the slot says: a loop that eats nothing ends.
    Progress(usize),
    Start,
    End,
    /// A word's edge, or its absence.
    Word(bool),
    /// What follows must match, or must not, up to `end`, and is not eaten.
    Look {
        negated: bool,
        end: usize,
    },
    Match,
}

impl Expression {
    /// The expression of a tree; `None` where it would be too large.
    pub(super) fn new(node: &Node, fold: bool) -> Option<Self> {
        compile::compile(node, fold)
    }
}
