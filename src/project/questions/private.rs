//! What actions give to whoever posts to them that belongs to somebody: rows of an entity whose rows say whose they are, and nobody is asked for.

use super::audience::{is_for_anyone, is_private};
use super::identity::is_identity;
use super::unguarded::Open;
use crate::models::{Did, Effect, What};
use crate::project::Project;
use crate::project::actions::ActionId;
use crate::project::effects::Happening;
use crate::project::effects::summary::Certainty;
use crate::project::guards::GuardState;
use crate::project::values::evaluate::Evaluator;
use crate::project::values::terms::{ListId, Term, TermId};

/// How deep a result is looked into.
const DEEPEST: u32 = 16;

/// Methods of a list of rows, and members of an answer, that give rows again.
const ROWS: [&str; 9] = ["map", "filter", "slice", "sort", "reverse", "flat", "flatMap", "at", "find"];
/// Members of what a query gives in which its rows stand.
const BELOW: [&str; 2] = ["rows", "data"];

impl Project {
    /// The actions that return what belongs to somebody to whoever posts to them, with the read that says it best.
    #[must_use]
    pub fn open_reads(&self) -> Vec<(ActionId, Open<'_>)> {
        let mut eval = Evaluator::new(self.world());
        let mut found = Vec::new();
        for (id, action) in self.actions_for_somebody() {
            let Some(function) = action.function else { continue };
            let doing = self.action_doing(id);
            if doing.does(Effect::AuthSession) || doing.does(Effect::CompareSecret) {
                continue;
            }
            let open: Vec<&Happening> = doing.of(Effect::DbRead).filter(|read| self.is_open_read(read)).collect();
            if open.is_empty() {
                continue;
            }
            let returned = eval.returned(function);
            let mut given = Vec::new();
            rows_in(&mut eval, returned, DEEPEST, &mut given);
            let read = open.into_iter().find(|read| given.iter().any(|of| Some(of.as_str()) == read.target.as_deref()));
            if let Some(write) = read {
                let mut near = self.near(doing, write);
                near.extend(self.asking_pages(id));
                found.push((id, Open { write, near }));
            }
        }
        found
    }

    fn is_open_read(&self, read: &Happening) -> bool {
        let who = &read.guarding.who;
        let somebodys = |entity: &str| is_private(entity) && !is_for_anyone(entity);
        who.state == GuardState::Unguarded
            && !who.partly
            && read.guarding.limited.state != GuardState::Proven
            && read.certainty != Certainty::Caught
            && read.target.as_deref().is_some_and(somebodys)
            && !read.trail.iter().any(|&site| self.calls_action(site))
    }
}

/// The entities whose rows a value holds, where these say whose they are. What is counted, compared or picked of them is none.
fn rows_in(eval: &mut Evaluator<'_>, term: TermId, left: u32, found: &mut Vec<String>) {
    let Some(left) = left.checked_sub(1) else { return };
    match eval.terms.get(term) {
        Term::Called(callee, list, _) => {
            if let Some(entity) = owned_rows(eval, callee, list) {
                found.push(entity);
            } else if let Term::Member(of, name) = eval.terms.get(callee) {
                let name = eval.terms.text(name);
                let goes_on = ROWS.contains(&name) || !eval.states_of(of).is_empty();
                if goes_on {
                    rows_in(eval, of, left, found);
                }
            }
        }
        Term::Member(inner, name) if BELOW.contains(&eval.terms.text(name)) => rows_in(eval, inner, left, found),
        Term::Element(inner) | Term::As(inner, _, _) | Term::Of(inner, _, _) | Term::Spread(inner) => {
            rows_in(eval, inner, left, found);
        }
        Term::Object(list) => {
            let values: Vec<TermId> = eval.terms.list(list).chunks_exact(2).map(|pair| pair[1]).collect();
            values.into_iter().for_each(|value| rows_in(eval, value, left, found));
        }
        Term::Array(list) | Term::Union(list) => {
            let values = eval.terms.list(list).to_vec();
            values.into_iter().for_each(|value| rows_in(eval, value, left, found));
        }
        _ => {}
    }
}

/// The entity of which a call reads rows, where a schema or the table's own definition says whose they are.
fn owned_rows(eval: &mut Evaluator<'_>, callee: TermId, arguments: ListId) -> Option<String> {
    let models = eval.world.models;
    let reads = |did: &Did| did.kind == Ok(Effect::DbRead) && did.columns.is_some();
    let states = eval.states_of(callee);
    let (captures, entity) = states.iter().find_map(|&(node, entity)| {
        models.meanings(node).iter().find_map(|meaning| match &meaning.what {
            What::Effect(did) if reads(did) => Some((did.captures, entity)),
            _ => None,
        })
    })?;
    let table = captures.and_then(|index| eval.terms.list(arguments).get(index as usize).copied());
    let entity = match table {
        Some(table) => eval.entity_of(Some(table)),
        None => entity,
    };
    let entity = eval.text_with_holes(entity?)?;
    let defined = table.is_some_and(|table| names_somebody(eval, table));
    (defined || eval.world.relations.is_owned(&entity)).then_some(entity)
}

/// `pgTable('orders', { userId: .. })`
fn names_somebody(eval: &Evaluator<'_>, table: TermId) -> bool {
    let Term::Called(_, list, _) = eval.terms.get(table) else { return false };
    eval.terms.list(list).iter().any(|&argument| match eval.terms.get(argument) {
        Term::Object(entries) => eval
            .terms
            .list(entries)
            .chunks_exact(2)
            .any(|pair| matches!(eval.terms.get(pair[0]), Term::Text(key) if is_identity(eval.terms.text(key)))),
        _ => false,
    })
}
