//! A summary with what is bound in the place of its function's parameters, worked out once for each function and bindings.

use std::rc::Rc;

use super::summary::{EventKind, Exit, Summaries, Summary, Way};
use crate::facts::NONE;
use crate::models::Effect;
use crate::project::guards::holds::{Fact, SetId};
use crate::project::guards::sets::TOO_MUCH;
use crate::project::program::modules::FunctionRef;
use crate::project::values::terms::{Bindings, ListId, Term, TermId, Terms};

/// How deep calls of what is handed on are followed.
const DEEPEST: u32 = 20;

impl Summaries<'_> {
    /// What a function does when its parameters are bound.
    pub(in crate::project) fn instance(&mut self, function: FunctionRef, bindings: Bindings) -> Rc<Summary> {
        let base = self.summary(function);
        let open = self.is_open(&base);
        if bindings == Bindings::NONE || !(open || self.holds_open(&base)) {
            return base;
        }
        if let Some(known) = self.instances.get(&(function, bindings)) {
            return Rc::clone(known);
        }
        if self.deep >= DEEPEST {
            if !open {
                return base;
            }
            // What is not followed may ask who is calling.
            let holds = self.with(SetId::EMPTY, Fact::Maybe(TOO_MUCH, (function.module, NONE)));
            let exit = Exit { term: self.eval.terms.unknown("calls too deep within each other"), holds };
            return Rc::new(Summary { truncated: true, exits: vec![exit], ..Summary::default() });
        }
        self.deep += 1;
        let before = std::mem::replace(&mut self.lowest, usize::MAX);
        let summary = Rc::new(stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.bound(function, &base, bindings)));
        self.deep -= 1;
        if self.lowest == usize::MAX && self.done.contains_key(&function) {
            self.instances.insert((function, bindings), Rc::clone(&summary));
        }
        self.lowest = self.lowest.min(before);
        summary
    }

    fn is_open(&self, summary: &Summary) -> bool {
        let open = |term: Option<TermId>| term.is_some_and(|term| self.eval.terms.is_open(term));
        summary.events.iter().any(|event| {
            let own = match event.kind {
                EventKind::Effect(_, target, detail) => open(target) || open(detail),
                EventKind::Pending(..) => true,
                EventKind::Action(_) | EventKind::Unseen(..) => false,
            };
            own || event.condition.is_some_and(|(term, _)| self.eval.terms.is_open(term))
        })
    }

    /// Whether what holds in a function hangs on its parameters.
    fn holds_open(&self, summary: &Summary) -> bool {
        let exits =
            || summary.exits.iter().any(|exit| self.holds.is_open(exit.holds) || self.eval.terms.is_open(exit.term));
        summary.events.iter().any(|event| self.holds.is_open(event.holds)) || exits()
    }

    fn bound(&mut self, function: FunctionRef, base: &Summary, bindings: Bindings) -> Summary {
        let mut summary = Summary {
            never_returns: base.never_returns,
            truncated: base.truncated,
            waits: base.waits,
            ..Summary::default()
        };
        for event in &base.events {
            let mut condition = None;
            if let Some((term, wanted)) = event.condition {
                let term = self.eval.substitute(term, bindings);
                match self.eval.terms.truth(term) {
                    Some(truth) if truth != wanted => continue,
                    Some(_) => {}
                    None => condition = Some((term, wanted)),
                }
            }
            let holds = self.put(event.holds, bindings, function.module);
            let way = Way { condition, holds, ..Way::of(event) };
            match event.kind {
                EventKind::Effect(effect, target, detail) => {
                    let mut put = |term: Option<TermId>| term.map(|term| self.eval.substitute(term, bindings));
                    let (target, bound) = (put(target), put(detail));
                    let bound = match bound {
                        Some(object) if bound != detail && matches!(effect, Effect::DbRead | Effect::DbWrite) => {
                            self.columns_of(object)
                        }
                        _ => bound,
                    };
                    let kind = EventKind::Effect(effect, target, bound);
                    self.add(&mut summary, way.event(kind));
                }
                EventKind::Pending(callee, arguments, constructs) => {
                    let callee = self.eval.substitute(callee, bindings);
                    let arguments = self.eval.terms.list(arguments).to_vec();
                    let arguments: Vec<TermId> =
                        arguments.into_iter().map(|term| self.eval.substitute(term, bindings)).collect();
                    self.apply(function.module, callee, &arguments, constructs, &way, &mut summary);
                }
                EventKind::Action(_) | EventKind::Unseen(..) => self.add(&mut summary, way.event(event.kind)),
            }
        }
        let exits = self.put_exits(function, &base.exits, bindings);
        summary.exits = self.settle(exits);
        summary
    }
}

impl Terms {
    /// `global.prisma`, `(globalThis as any).db`: where something stands beside it, the file keeps that there for the next time.
    pub(in crate::project) fn is_kept(&self, id: TermId) -> bool {
        match self.get(id) {
            Term::As(inner, _, _) => self.is_kept(inner),
            Term::Member(object, _) => {
                let mut at = object;
                while let Term::As(inner, _, _) = self.get(at) {
                    at = inner;
                }
                matches!(self.get(at), Term::Global(name) if matches!(self.text(name), "global" | "globalThis"))
            }
            _ => false,
        }
    }

    /// Whether a parameter is in a term, functions left aside.
    pub(in crate::project) fn has_parameter(&self, id: TermId) -> bool {
        if !self.is_open(id) {
            return false;
        }
        let any = |list: ListId| self.list(list).iter().any(|&id| self.has_parameter(id));
        match self.get(id) {
            Term::Parameter(..) => true,
            Term::Member(inner, _)
            | Term::Element(inner)
            | Term::As(inner, _, _)
            | Term::Of(inner, _, _)
            | Term::Spread(inner)
            | Term::Not(inner)
            | Term::Action(_, inner) => self.has_parameter(inner),
            Term::Called(callee, list, _) | Term::Bound(callee, list) => self.has_parameter(callee) || any(list),
            Term::Compare(_, left, right) => self.has_parameter(left) || self.has_parameter(right),
            Term::Instance(_, _, list)
            | Term::Template(list)
            | Term::Object(list)
            | Term::Array(list)
            | Term::Union(list)
            | Term::Computed(list) => any(list),
            _ => false,
        }
    }
}
