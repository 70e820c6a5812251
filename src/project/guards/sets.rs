//! Sets of facts: one more fact, two sets at once, two ways that meet, arguments in the place of parameters.

use super::holds::{AtomId, Fact, MOST_CHOICES, MOST_FACTS, SetId, Spot};
use super::learned::{NOT_TOLD, TOLD};
use super::verdicts::{Ask, GuardState};
use crate::project::effects::summary::{Exit, Outcome, Site, Summaries, Summary, Way};
use crate::project::program::modules::{FunctionRef, ModuleId};
use crate::project::values::terms::{Bindings, Term, TermId};

/// Why a set that is too large may prove anything.
pub(in crate::project) const TOO_MUCH: &str = "more than is kept";

impl Summaries<'_> {
    /// A fact, by its number.
    pub(in crate::project) fn atom(&mut self, fact: Fact) -> AtomId {
        let open = match fact {
            Fact::Is(term, ..) | Fact::Given(term, _) => self.eval.terms.is_open(term),
            Fact::After(..) | Fact::Came(..) => true,
            Fact::Passed(..) | Fact::Maybe(..) | Fact::Any(_) => false,
        };
        self.holds.add(fact, open)
    }

    /// A set of one fact.
    pub(in crate::project) fn only(&mut self, fact: Fact) -> SetId {
        self.with(SetId::EMPTY, fact)
    }

    /// A set and one more fact. What is known anyway is not kept, and neither is what adds nothing to a guard that is proven.
    pub(in crate::project) fn with(&mut self, set: SetId, fact: Fact) -> SetId {
        if set == SetId::DEAD {
            return set;
        }
        if let Fact::Is(term, truth, spot) = fact {
            match self.eval.terms.truth(term) {
                Some(known) if known == truth => return set,
                Some(_) => return SetId::DEAD,
                None => {}
            }
            let opposite =
                self.holds.set(set).iter().any(
                    |&atom| matches!(self.holds.fact(atom), Fact::Is(of, other, _) if of == term && other != truth),
                );
            if opposite && self.is_steady(term) {
                return SetId::DEAD;
            }
            let known = self.holds.set(set).iter().any(|&atom| {
                matches!(self.holds.fact(atom), Fact::Is(of, other, at) if of == term && other == truth && at != spot)
            });
            if known {
                return set;
            }
        }
        if matches!(fact, Fact::Is(term, ..) if self.is_count(term)) {
            return set;
        }
        let atom = self.atom(fact);
        if self.holds.set(set).contains(&atom) {
            return set;
        }
        let tells = self.tells(atom);
        if !tells && !self.holds.is_open_fact(atom) {
            return set;
        }
        if self.judge(set, Ask::Who).state == GuardState::Proven {
            let adds = [Ask::Signed, Ask::Validated, Ask::Limited].into_iter().any(|ask| {
                let (new, known) = (self.judge_fact(atom, ask), self.judge(set, ask));
                new.state == GuardState::Proven && known.state < GuardState::Proven
            });
            if !adds {
                return set;
            }
        }
        let mut atoms = self.holds.set(set).to_vec();
        if atoms.len() >= MOST_FACTS {
            let proves = Ask::ALL.into_iter().any(|ask| self.judge_fact(atom, ask).state == GuardState::Proven);
            let full = |&&of: &&AtomId| matches!(self.holds.fact(of), Fact::Maybe(TOO_MUCH, _));
            if !proves && atoms.iter().find(full).is_some() {
                return set;
            }
            // What hangs on a parameter may be a guard once that is known.
            if !proves && !tells {
                let site = self.holds.site_in(&[atom]).or_else(|| self.holds.site_in(&atoms));
                return site.map_or(set, |site| self.with(set, Fact::Maybe(TOO_MUCH, site)));
            }
            if atoms.len() > MOST_FACTS * 2 {
                return set;
            }
        }
        atoms.push(atom);
        self.holds.intern(atoms)
    }

    /// Whether a value is how many of something there are, or a comparison with that or with a number: it says nothing of anybody.
    fn is_count(&self, term: TermId) -> bool {
        match self.eval.terms.get(term) {
            Term::Member(_, name) => matches!(self.eval.terms.text(name), "length" | "size"),
            Term::Not(inner) => self.is_count(inner),
            Term::Compare(_, left, right) => {
                let number = |id| matches!(self.eval.terms.get(id), Term::Number(_));
                [left, right].into_iter().any(|id| number(id) || self.is_count(id))
            }
            _ => false,
        }
    }

    /// Whether a value is the same wherever it is asked for: what is called may give something else the next time.
    fn is_steady(&self, term: TermId) -> bool {
        match self.eval.terms.get(term) {
            Term::Parameter(..) | Term::Text(_) | Term::Bool(_) | Term::Number(_) | Term::Null | Term::Undefined => {
                true
            }
            Term::Member(inner, _) | Term::Not(inner) => self.is_steady(inner),
            Term::Compare(_, left, right) => self.is_steady(left) && self.is_steady(right),
            _ => false,
        }
    }

    /// What holds where both sets do.
    pub(in crate::project) fn both(&mut self, one: SetId, other: SetId) -> SetId {
        if one == other || other == SetId::EMPTY || one == SetId::DEAD {
            return one;
        }
        if one == SetId::EMPTY || other == SetId::DEAD {
            return other;
        }
        if let Some(&known) = self.unions.get(&(one, other)) {
            return known;
        }
        let mut set = one;
        for atom in self.holds.set(other).to_vec() {
            set = self.with(set, self.holds.fact(atom));
        }
        self.unions.insert((one, other), set);
        set
    }

    /// What holds where ways meet: what all sets share, and that one of the rests holds.
    pub(in crate::project) fn either(&mut self, sets: &[SetId]) -> SetId {
        let mut alive: Vec<SetId> = sets.iter().copied().filter(|&set| set != SetId::DEAD).collect();
        alive.sort_unstable();
        alive.dedup();
        let Some(&first) = alive.first() else {
            return if sets.is_empty() { SetId::EMPTY } else { SetId::DEAD };
        };
        if alive.len() == 1 || first == SetId::EMPTY {
            return first;
        }
        let mut common = self.holds.set(first).to_vec();
        for &set in &alive[1..] {
            common.retain(|atom| self.holds.set(set).contains(atom));
        }
        let shared = self.holds.intern(common.clone());
        let mut rests = Vec::with_capacity(alive.len());
        for &set in &alive {
            let rest: Vec<AtomId> = self.holds.set(set).iter().copied().filter(|atom| !common.contains(atom)).collect();
            if rest.is_empty() {
                return shared;
            }
            rests.push(rest);
        }
        if let [one, other] = rests.as_slice()
            && self.are_opposite(one, other)
        {
            return shared;
        }
        let mut choices: Vec<SetId> = Vec::with_capacity(rests.len());
        for rest in rests {
            if let [atom] = rest.as_slice()
                && let Fact::Any(inner) = self.holds.fact(*atom)
            {
                choices.extend_from_slice(self.holds.choice(inner));
                continue;
            }
            choices.push(self.holds.intern(rest));
        }
        self.any_of(shared, choices)
    }

    /// A set, and that one of several holds.
    fn any_of(&mut self, shared: SetId, mut choices: Vec<SetId>) -> SetId {
        choices.sort_unstable();
        choices.dedup();
        if let [only] = choices.as_slice() {
            return self.both(shared, *only);
        }
        if choices.len() > MOST_CHOICES || self.holds.is_deep(&choices) {
            // What is proven once need not be told twice.
            let mut first = None;
            let mut kept = Vec::new();
            for set in choices {
                let proven = self.judge(set, Ask::Who).state == GuardState::Proven;
                if !proven || first.is_none() {
                    kept.push(set);
                }
                if proven {
                    first = first.or(Some(set));
                }
            }
            choices = kept;
            if let [only] = choices.as_slice() {
                return self.both(shared, *only);
            }
        }
        if choices.len() > MOST_CHOICES || self.holds.is_deep(&choices) {
            let site = choices.iter().find_map(|&set| self.holds.site_in(self.holds.set(set)));
            return match site {
                Some(site) => self.with(shared, Fact::Maybe(TOO_MUCH, site)),
                None => shared,
            };
        }
        let choice = self.holds.choose(choices);
        self.with(shared, Fact::Any(choice))
    }

    /// Whether two rests are the two outcomes of one test, and say nothing else.
    fn are_opposite(&self, one: &[AtomId], other: &[AtomId]) -> bool {
        let ([one], [other]) = (one, other) else { return false };
        match (self.holds.fact(*one), self.holds.fact(*other)) {
            (Fact::Is(left, truth, _), Fact::Is(right, not, _)) => left == right && truth != not,
            (Fact::Maybe(TOLD, left), Fact::Maybe(NOT_TOLD, right))
            | (Fact::Maybe(NOT_TOLD, left), Fact::Maybe(TOLD, right)) => left == right,
            _ => false,
        }
    }

    /// A set with what is bound in the place of parameters.
    pub(in crate::project) fn put(&mut self, set: SetId, bindings: Bindings, module: ModuleId) -> SetId {
        if bindings == Bindings::NONE || !self.holds.is_open(set) {
            return set;
        }
        if let Some(&known) = self.put_sets.get(&(set, bindings)) {
            return known;
        }
        let mut result = SetId::EMPTY;
        for atom in self.holds.set(set).to_vec() {
            result = match self.holds.fact(atom) {
                Fact::Is(term, truth, spot) => {
                    let term = self.put_test(term, bindings);
                    self.with(result, Fact::Is(term, truth, spot))
                }
                Fact::Given(term, site) => {
                    let term = self.eval.substitute(term, bindings);
                    self.with(result, Fact::Given(term, site))
                }
                Fact::After(callee, list, dropped, site) => {
                    let callee = self.eval.substitute(callee, bindings);
                    let arguments = self.eval.terms.list(list).to_vec();
                    let arguments: Vec<TermId> =
                        arguments.into_iter().map(|of| self.eval.substitute(of, bindings)).collect();
                    let left = self.left_by(module, callee, &arguments, dropped, site);
                    self.both(result, left)
                }
                Fact::Any(choice) => {
                    let sets = self.holds.choice(choice).to_vec();
                    let sets: Vec<SetId> = sets.into_iter().map(|set| self.put(set, bindings, module)).collect();
                    let left = self.either(&sets);
                    self.both(result, left)
                }
                Fact::Came(callee, list, spot, truth, site) => {
                    let callee = self.eval.substitute(callee, bindings);
                    let arguments = self.eval.terms.list(list).to_vec();
                    let arguments: Vec<TermId> =
                        arguments.into_iter().map(|of| self.eval.substitute(of, bindings)).collect();
                    let left = self.came_from(module, (callee, &arguments), spot, truth, site);
                    self.both(result, left)
                }
                fact @ (Fact::Passed(..) | Fact::Maybe(..)) => self.with(result, fact),
            };
        }
        self.put_sets.insert((set, bindings), result);
        result
    }

    /// A tested value with what is bound in the place of parameters. A default is only meant where nothing is passed.
    fn put_test(&mut self, term: TermId, bindings: Bindings) -> TermId {
        match self.eval.terms.get(term) {
            Term::Not(inner) => {
                let inner = self.put_test(inner, bindings);
                self.eval.terms.add(Term::Not(inner))
            }
            Term::Compare(comparison, left, right) => {
                let (left, right) = (self.put_test(left, bindings), self.put_test(right, bindings));
                self.eval.terms.add(Term::Compare(comparison, left, right))
            }
            Term::Union(list) => {
                let alternatives = self.eval.terms.list(list).to_vec();
                if let [passed, _] = alternatives.as_slice()
                    && self.is_steady(*passed)
                    && self.eval.terms.has_parameter(*passed)
                {
                    let put = self.eval.substitute(*passed, bindings);
                    if self.eval.terms.truth(put).is_some() && !self.eval.terms.is_nothing(put) {
                        return put;
                    }
                }
                self.eval.substitute(term, bindings)
            }
            _ => self.eval.substitute(term, bindings),
        }
    }

    /// What the call of something leaves behind that a parameter said before.
    fn left_by(&mut self, module: ModuleId, callee: TermId, arguments: &[TermId], dropped: bool, site: Site) -> SetId {
        let mut aside = Summary::default();
        let outcome = self.apply(module, callee, arguments, false, &Way::at(site), &mut aside);
        if outcome.pending {
            let list = self.eval.terms.add_list(arguments);
            return self.only(Fact::After(callee, list, dropped, site));
        }
        self.left(&outcome)
    }

    /// The same, where what it gave makes a test come out so.
    fn came_from(
        &mut self,
        module: ModuleId,
        (callee, arguments): (TermId, &[TermId]),
        spot: Spot,
        truth: bool,
        site: Site,
    ) -> SetId {
        let mut aside = Summary::default();
        let outcome = self.apply(module, callee, arguments, false, &Way::at(site), &mut aside);
        if outcome.pending {
            let list = self.eval.terms.add_list(arguments);
            return self.only(Fact::Came(callee, list, spot, truth, site));
        }
        let Spot::Test(function, test) = spot else { return SetId::EMPTY };
        self.agreeing(function.module, (test, truth), site.1, &outcome.exits)
    }

    /// What holds where a call has returned, whatever it gave.
    pub(in crate::project) fn left(&mut self, outcome: &Outcome) -> SetId {
        if outcome.never_returns {
            return SetId::DEAD;
        }
        let sets: Vec<SetId> = outcome.exits.iter().map(|exit| exit.holds).collect();
        self.either(&sets)
    }

    /// Exits with what is bound in the place of parameters; those that nobody takes are left out.
    pub(in crate::project) fn put_exits(
        &mut self,
        function: FunctionRef,
        exits: &[Exit],
        bindings: Bindings,
    ) -> Vec<Exit> {
        let mut put = Vec::with_capacity(exits.len());
        for exit in exits {
            let holds = self.put(exit.holds, bindings, function.module);
            if holds != SetId::DEAD {
                put.push(Exit { term: self.eval.substitute(exit.term, bindings), holds });
            }
        }
        put
    }

    /// Adds an exit; of too many only what they share is kept, and where all hold the same nobody need tell them apart.
    pub(in crate::project) fn settle(&mut self, mut exits: Vec<Exit>) -> Vec<Exit> {
        const MOST: usize = 16;
        exits.retain(|exit| exit.holds != SetId::DEAD);
        exits.dedup();
        let Some(&first) = exits.first() else { return exits };
        let alike = exits.iter().all(|exit| exit.holds == first.holds);
        if !alike && exits.len() <= MOST {
            return exits;
        }
        let sets: Vec<SetId> = exits.iter().map(|exit| exit.holds).collect();
        let holds = self.either(&sets);
        if holds == SetId::EMPTY {
            return Vec::new();
        }
        vec![Exit { term: self.eval.terms.unknown("one of many results"), holds }]
    }
}
