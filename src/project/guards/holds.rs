//! What holds on every way to a place: tests whose outcome is known there, calls that have returned, and what a call is handed. Sets of such
//! facts are interned, so that they are compared, joined and put into other functions' terms by their numbers.
//!
//! A set holds as a whole. Where two ways meet, what they share is kept, and of the rest that one or the other holds.

use rustc_hash::FxHashMap;

use crate::facts::{NONE, ValueId};
use crate::models::Effect;
use crate::project::effects::summary::Site;
use crate::project::program::modules::FunctionRef;
use crate::project::values::terms::{ListId, TermId};

/// An interned set of facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SetId(u32);

impl SetId {
    /// Nothing is known to hold.
    pub const EMPTY: Self = Self(0);
    /// Nobody comes here: what holds contradicts itself.
    pub const DEAD: Self = Self(1);
}

/// An interned fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::project) struct AtomId(u32);

/// Interned alternatives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::project) struct ChoiceId(u32);

/// Where a fact comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::project) enum Spot {
    /// A call.
    Call(Site),
    /// A test in a function's body.
    Test(FunctionRef, ValueId),
}

/// One fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::project) enum Fact {
    /// A value counts as true, or as false.
    Is(TermId, bool, Spot),
    /// A call with an effect has returned.
    Passed(Effect, Site),
    /// A call that cannot be seen has returned, or runs what follows: it may be a guard.
    Maybe(&'static str, Site),
    /// A call of what a parameter says has returned: the callee, its arguments, and whether nothing looks at what it gives.
    After(TermId, ListId, bool, Site),
    /// The same, where what it gave makes a test of the function's come out so: the test, its outcome, the call.
    Came(TermId, ListId, Spot, bool, Site),
    /// The call at hand is given this.
    Given(TermId, Site),
    /// One of several sets holds.
    Any(ChoiceId),
}

/// How many facts a set keeps.
pub(in crate::project) const MOST_FACTS: usize = 16;
/// How many alternatives are kept.
pub(in crate::project) const MOST_CHOICES: usize = 8;
/// How deep alternatives are kept within alternatives.
const DEEPEST: u8 = 4;

/// What is known of a set, a fact or alternatives without looking at terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Shape {
    /// Whether a parameter is in it.
    open: bool,
    /// How many alternatives lie within each other.
    depth: u8,
}

/// The facts and sets of a project.
pub(in crate::project) struct Holds {
    facts: Vec<(Fact, Shape)>,
    fact_ids: FxHashMap<Fact, AtomId>,
    sets: Vec<(Box<[AtomId]>, Shape)>,
    set_ids: FxHashMap<Box<[AtomId]>, SetId>,
    choices: Vec<(Box<[SetId]>, Shape)>,
    choice_ids: FxHashMap<Box<[SetId]>, ChoiceId>,
}

impl Default for Holds {
    fn default() -> Self {
        let nothing = (Box::default(), Shape::default());
        Self {
            facts: Vec::new(),
            fact_ids: FxHashMap::default(),
            sets: vec![nothing.clone(), nothing],
            set_ids: std::iter::once((Box::default(), SetId::EMPTY)).collect(),
            choices: Vec::new(),
            choice_ids: FxHashMap::default(),
        }
    }
}

fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

impl Holds {
    /// A fact.
    pub(in crate::project) fn fact(&self, id: AtomId) -> Fact {
        self.facts[id.0 as usize].0
    }

    /// The facts of a set.
    pub(in crate::project) fn set(&self, id: SetId) -> &[AtomId] {
        &self.sets[id.0 as usize].0
    }

    /// The alternatives.
    pub(in crate::project) fn choice(&self, id: ChoiceId) -> &[SetId] {
        &self.choices[id.0 as usize].0
    }

    /// A call that one of some facts is about, for saying where more is known than is kept; no call of its module for a test.
    pub(in crate::project) fn site_in(&self, atoms: &[AtomId]) -> Option<Site> {
        atoms.iter().find_map(|&atom| match self.fact(atom) {
            Fact::Passed(_, site)
            | Fact::Maybe(_, site)
            | Fact::After(.., site)
            | Fact::Came(.., site)
            | Fact::Given(_, site)
            | Fact::Is(.., Spot::Call(site)) => Some(site),
            Fact::Is(.., Spot::Test(function, _)) => Some((function.module, NONE)),
            Fact::Any(choice) => self.choice(choice).iter().find_map(|&set| self.site_in(self.set(set))),
        })
    }

    /// Whether a parameter is in a set.
    pub(in crate::project) fn is_open(&self, id: SetId) -> bool {
        self.sets[id.0 as usize].1.open
    }

    /// Whether a parameter is in a fact.
    pub(in crate::project) fn is_open_fact(&self, id: AtomId) -> bool {
        self.facts[id.0 as usize].1.open
    }

    /// Whether alternatives may be put around these.
    pub(in crate::project) fn is_deep(&self, sets: &[SetId]) -> bool {
        sets.iter().any(|&set| self.sets[set.0 as usize].1.depth >= DEEPEST)
    }

    /// The id of a fact; `open` says whether a parameter is in one of its terms.
    pub(in crate::project) fn add(&mut self, fact: Fact, open: bool) -> AtomId {
        if let Some(&id) = self.fact_ids.get(&fact) {
            return id;
        }
        let shape = match fact {
            Fact::Any(choice) => {
                let inner = self.choices[choice.0 as usize].1;
                Shape { depth: inner.depth.saturating_add(1), ..inner }
            }
            _ => Shape { open, depth: 0 },
        };
        let id = AtomId(number(self.facts.len()));
        self.facts.push((fact, shape));
        self.fact_ids.insert(fact, id);
        id
    }

    /// The id of a set.
    pub(in crate::project) fn intern(&mut self, mut atoms: Vec<AtomId>) -> SetId {
        atoms.sort_unstable();
        atoms.dedup();
        if let Some(&id) = self.set_ids.get(atoms.as_slice()) {
            return id;
        }
        let shapes = atoms.iter().map(|atom| self.facts[atom.0 as usize].1);
        let shape = shapes.fold(Shape::default(), wider);
        let id = SetId(number(self.sets.len()));
        self.sets.push((atoms.as_slice().into(), shape));
        self.set_ids.insert(atoms.into_boxed_slice(), id);
        id
    }

    /// The id of alternatives.
    pub(in crate::project) fn choose(&mut self, mut sets: Vec<SetId>) -> ChoiceId {
        sets.sort_unstable();
        sets.dedup();
        if let Some(&id) = self.choice_ids.get(sets.as_slice()) {
            return id;
        }
        let shape = sets.iter().map(|set| self.sets[set.0 as usize].1).fold(Shape::default(), wider);
        let id = ChoiceId(number(self.choices.len()));
        self.choices.push((sets.as_slice().into(), shape));
        self.choice_ids.insert(sets.into_boxed_slice(), id);
        id
    }
}

fn wider(one: Shape, other: Shape) -> Shape {
    Shape { open: one.open || other.open, depth: one.depth.max(other.depth) }
}
