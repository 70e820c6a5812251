//! The effect of a package's call: what it is about, and which one it is where its arguments decide, as a request's method and a
//! statement's text do.

use super::COMPUTED_METHOD;
use super::columns::whole_chain;
use super::summary::{Event, EventKind, Site, Summaries, Summary, Unseen, Way};
use crate::models::{Decided, Did, Effect, Place};
use crate::project::data::sql::{self, Sql};
use crate::project::guards::holds::{Fact, SetId};
use crate::project::guards::origins::Origin;
use crate::project::requests;
use crate::project::values::evaluate::Evaluator;
use crate::project::values::terms::{NO_SUCH_NAME, OF_NOTHING, Term, TermId};

impl Evaluator<'_> {
    /// The value at a place among arguments.
    pub(in crate::project) fn at(&mut self, place: &Place, arguments: &[TermId]) -> Option<TermId> {
        match place {
            Place::Fixed(text) => Some(self.terms.add_literal(text)),
            Place::Argument(index, below) => {
                let mut at = *arguments.get(*index as usize)?;
                for name in below {
                    at = self.member(at, name);
                }
                Some(at)
            }
        }
    }
}

impl Summaries<'_> {
    /// Adds the effect of a call.
    pub(in crate::project) fn effect(
        &mut self,
        did: &Did,
        (callee, entity): (TermId, Option<TermId>),
        arguments: &[TermId],
        way: &Way,
        into: &mut Summary,
    ) {
        let captured = match did.captures {
            Some(index) => self.eval.entity_of(arguments.get(index as usize).copied()),
            None => entity,
        };
        let target = did.target.as_ref().and_then(|place| self.eval.at(place, arguments)).or(captured);
        let target = match did.kind {
            Ok(Effect::ClientRefetch) => target.or_else(|| self.eval.own_key(callee)),
            _ => target,
        };
        let detail = match &did.target {
            _ if did.columns.is_some() => {
                let called = (callee, captured, arguments, way.site());
                did.columns.as_ref().and_then(|columns| self.columns(columns, called))
            }
            _ if is_request(did) => requests::packed(&mut self.eval, did, callee, arguments),
            Some(Place::Argument(index, below)) if below.is_empty() => arguments.get(*index as usize + 1).copied(),
            _ => None,
        };
        let given = &self.given(did, (callee, target), arguments, way);
        let way = given.as_ref().unwrap_or(way);
        match did.kind {
            Ok(Effect::ClientState) if arguments.first().is_none_or(|&argument| self.is_plain(argument)) => {}
            Ok(effect) => {
                // What only goes on from something that is read reads nothing else of it.
                if did.leads.is_none() {
                    self.add(into, way.event(EventKind::Effect(effect, target, detail)));
                }
                self.related(did, (effect, captured), arguments, way, into);
            }
            Err(Decided::Http) => {
                let method = did.method.as_ref().and_then(|place| self.eval.at(place, arguments));
                match self.request(method) {
                    Some(effect) => self.add(into, way.event(EventKind::Effect(effect, target, detail))),
                    None => {
                        self.add(into, way.event(EventKind::Unseen(Unseen::Dynamic, COMPUTED_METHOD)));
                    }
                }
            }
            Err(Decided::Sql) => {
                let statement = did.statement.as_ref().and_then(|place| self.eval.at(place, arguments));
                self.statement(statement, way, into);
            }
            Err(Decided::Piece) => {
                let piece = did.statement.as_ref().and_then(|place| self.eval.at(place, arguments));
                self.piece(piece, way, into);
            }
        }
    }

    /// Whether a value is written out, or turns a switch: what a form is reset to, no data.
    fn is_plain(&self, value: TermId) -> bool {
        match self.eval.terms.get(value) {
            Term::Bool(_) | Term::Text(_) | Term::Number(_) | Term::Null | Term::Undefined | Term::Not(_) => true,
            Term::Array(list) | Term::Object(list) => {
                self.eval.terms.list(list).iter().all(|&part| self.is_plain(part))
            }
            _ => false,
        }
    }

    /// Whether what a call does is decided by something that the caller of its function passes.
    pub(in crate::project) fn hangs_on_caller(&mut self, did: &Did, arguments: &[TermId]) -> bool {
        let Some(method) = did.method.as_ref().filter(|_| did.kind == Err(Decided::Http)) else { return false };
        let method = self.eval.at(method, arguments);
        method.is_some_and(|method| self.eval.terms.is_open(method) && self.request(Some(method)).is_none())
    }

    /// What a request of this method does; nothing is known of a computed one.
    fn request(&self, method: Option<TermId>) -> Option<Effect> {
        let Some(method) = method else { return Some(Effect::HttpRead) };
        match self.eval.terms.get(method) {
            Term::Text(text) => match self.eval.terms.text(text).to_ascii_uppercase().as_str() {
                "GET" | "HEAD" | "OPTIONS" => Some(Effect::HttpRead),
                _ => Some(Effect::HttpWrite),
            },
            Term::Undefined | Term::Null => Some(Effect::HttpRead),
            Term::Unknown(NO_SUCH_NAME | OF_NOTHING) => Some(Effect::HttpRead),
            // Of several methods the one that does most counts.
            Term::Union(list) => {
                let found = self.eval.terms.list(list).iter().map(|&of| self.request(Some(of)));
                found.collect::<Option<Vec<Effect>>>()?.into_iter().max_by_key(|effect| effect.writes())
            }
            _ => None,
        }
    }

    /// What a statement does to which tables. A piece of one that another statement takes in does nothing by itself.
    fn statement(&mut self, statement: Option<TermId>, way: &Way, into: &mut Summary) {
        let text = statement.and_then(|term| self.eval.statement_text(term));
        match text.map_or(Sql::Unknown, |text| sql::read(&text)) {
            Sql::Fragment => {}
            Sql::Unknown => {
                self.add(into, way.event(EventKind::Unseen(Unseen::Dynamic, "a statement that is computed")));
            }
            Sql::Statement(found) => {
                for (tables, effect) in [(found.writes, Effect::DbWrite), (found.reads, Effect::DbRead)] {
                    for table in tables {
                        let known = table != sql::UNKNOWN;
                        let target = known.then(|| self.eval.terms.add_literal(&table));
                        self.add(into, way.event(EventKind::Effect(effect, target, None)));
                    }
                }
            }
        }
    }

    /// What the subselects of a piece of a statement read. A statement does nothing before somebody runs it.
    fn piece(&mut self, piece: Option<TermId>, way: &Way, into: &mut Summary) {
        let text = piece.and_then(|term| self.eval.statement_text(term)).unwrap_or_default();
        for table in sql::subselects(&text) {
            let target = self.eval.terms.add_literal(&table);
            self.add(into, way.event(EventKind::Effect(Effect::DbRead, Some(target), None)));
        }
    }

    /// The way to a write or to rows that are read, with what its call is handed.
    fn given(
        &mut self,
        did: &Did,
        (callee, target): (TermId, Option<TermId>),
        arguments: &[TermId],
        way: &Way,
    ) -> Option<Way> {
        let guarded = match did.kind {
            Ok(effect) => effect.writes() || effect == Effect::DbRead,
            Err(_) => true,
        };
        if !guarded || self.is_client(way.site().0) {
            return None;
        }
        if self.scopes_at_most(did, target, arguments, way.site()) {
            return None;
        }
        let parts = [&[callee], arguments].concat();
        let holds = self.handed(&parts, way.holds, way.site());
        Some(Way { holds, ..way.clone() })
    }

    /// What holds where something is handed to a call, and that it is.
    fn handed(&mut self, parts: &[TermId], holds: SetId, site: Site) -> SetId {
        let list = self.eval.terms.add_list(parts);
        let term = self.eval.terms.add(Term::Array(list));
        let credential = |origin| matches!(origin, Origin::Identity | Origin::Carried);
        if credential(self.origin(term)) || self.eval.terms.has_parameter(term) {
            return self.with(holds, Fact::Given(term, site));
        }
        holds
    }

    /// Of a write or a read that a chain goes on from, what the rest of the chain is handed: `db.delete(posts).where(eq(posts.userId, user.id))`.
    pub(in crate::project) fn give_chain(&mut self, site: Site, from: usize, into: &mut Summary) {
        let guarded = |kind: EventKind| match kind {
            EventKind::Effect(effect, _, _) => effect.writes() || effect == Effect::DbRead,
            EventKind::Pending(..) => true,
            _ => false,
        };
        let own = |event: &Event| event.trail == [site] && guarded(event.kind);
        if !into.events[from..].iter().any(own) {
            return;
        }
        let facts = &self.eval.module(site.0).facts;
        let last = whole_chain(facts, site.1);
        if last == site.1 {
            return;
        }
        let (callee, arguments) = self.eval.callee(site.0, last);
        let parts = [&[callee], arguments.as_slice()].concat();
        for index in from..into.events.len() {
            if own(&into.events[index]) {
                into.events[index].holds = self.handed(&parts, into.events[index].holds, site);
            }
        }
    }
}

/// Whether a call sends a request.
fn is_request(did: &Did) -> bool {
    matches!(did.kind, Ok(Effect::HttpRead | Effect::HttpWrite) | Err(Decided::Http))
}
