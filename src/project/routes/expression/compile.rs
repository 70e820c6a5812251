//! From the tree of an expression to its operations.

use super::set::folded;
use super::{Expression, Node, Operation};

/// The most operations that an expression may have.
const LONGEST: usize = 6000;

/// The expression of a tree; `None` where it is too large.
pub(super) fn compile(node: &Node, fold: bool) -> Option<Expression> {
    let groups = node.groups().len();
    let mut compiler = Compiler { operations: Vec::new(), next_group: 0, next_slot: groups * 2, fold };
    compiler.node(node)?;
    compiler.push(Operation::Match)?;
    Some(Expression { slots: compiler.next_slot, operations: compiler.operations, fold })
}

struct Compiler {
    operations: Vec<Operation>,
    next_group: usize,
    next_slot: usize,
    fold: bool,
}

impl Compiler {
    fn push(&mut self, operation: Operation) -> Option<usize> {
        let at = self.operations.len();
        if at >= LONGEST {
            return None;
        }
        self.operations.push(operation);
        Some(at)
    }

    fn node(&mut self, node: &Node) -> Option<()> {
        match node {
            Node::Char(letter) => {
                let letter = if self.fold { folded(*letter) } else { *letter };
                self.push(Operation::Char(letter))?;
            }
            Node::Any => drop(self.push(Operation::Any)?),
            Node::Set(set) => drop(self.push(Operation::Set(set.clone()))?),
            Node::Start => drop(self.push(Operation::Start)?),
            Node::End => drop(self.push(Operation::End)?),
            Node::Word(edge) => drop(self.push(Operation::Word(*edge))?),
            Node::All(nodes) => nodes.iter().try_for_each(|node| self.node(node))?,
            Node::Either(nodes) => self.either(nodes)?,
            Node::Group(_, node) => {
                let slot = self.next_group * 2;
                self.next_group += 1;
                self.push(Operation::Save(slot))?;
                self.node(node)?;
                self.push(Operation::Save(slot + 1))?;
            }
            Node::Look { negated, node } => {
                let look = self.push(Operation::Look { negated: *negated, end: 0 })?;
                self.node(node)?;
                let end = self.push(Operation::Match)? + 1;
                self.operations[look] = Operation::Look { negated: *negated, end };
            }
            Node::Repeat { node, least, most, lazy } => self.repeat(node, *least, *most, *lazy)?,
        }
        Some(())
    }

    fn either(&mut self, nodes: &[Node]) -> Option<()> {
        let mut jumps = Vec::new();
        for (index, node) in nodes.iter().enumerate() {
            if index + 1 == nodes.len() {
                self.node(node)?;
                break;
            }
            let split = self.push(Operation::Jump(0))?;
            self.node(node)?;
            jumps.push(self.push(Operation::Jump(0))?);
            self.operations[split] = Operation::Split(split + 1, self.operations.len());
        }
        let end = self.operations.len();
        for jump in jumps {
            self.operations[jump] = Operation::Jump(end);
        }
        Some(())
    }

    fn repeat(&mut self, node: &Node, least: u32, most: Option<u32>, lazy: bool) -> Option<()> {
        // A group that is written once is one group, however often it is repeated.
        let group = self.next_group;
        let once = |compiler: &mut Self| {
            compiler.next_group = group;
            compiler.node(node)
        };
        for _ in 0..least {
            once(self)?;
        }
        let split = |inside: usize, outside: usize| match lazy {
            false => Operation::Split(inside, outside),
            true => Operation::Split(outside, inside),
        };
        match most {
            Some(most) => {
                let mut heads = Vec::new();
                for _ in least..most {
                    heads.push(self.push(Operation::Jump(0))?);
                    once(self)?;
                }
                let end = self.operations.len();
                for head in heads {
                    self.operations[head] = split(head + 1, end);
                }
            }
            None => {
                let head = self.push(Operation::Jump(0))?;
                let slot = self.next_slot;
                self.next_slot += 1;
                self.push(Operation::Save(slot))?;
                once(self)?;
                self.push(Operation::Progress(slot))?;
                self.push(Operation::Jump(head))?;
                self.operations[head] = split(head + 1, self.operations.len());
            }
        }
        self.next_group = group + node.groups().len();
        Some(())
    }
}
