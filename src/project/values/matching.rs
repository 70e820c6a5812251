//! Where a term stands in the models: each is stepped through them once.

use rustc_hash::FxHashMap;

use super::evaluate::Evaluator;
use super::terms::{SENT, Term, TermId};
use crate::models::{Effect, INERT, LineId, NodeId, What};
use crate::project::data::sql::HOLE;
use crate::project::effects::summary::Unseen;

/// A state of the models, and the entity that was captured on the way.
pub(in crate::project) type State = (NodeId, Option<TermId>);

/// The states of terms, and the lines of models that were met.
#[derive(Default)]
pub(in crate::project) struct States {
    of: FxHashMap<TermId, std::rc::Rc<[State]>>,
    met: Vec<LineId>,
}

impl States {
    /// Notes that a line was met.
    pub(in crate::project) fn met(&mut self, line: LineId) {
        self.met.push(line);
    }

    /// The lines that were met, sorted.
    pub(in crate::project) fn lines(mut self) -> Vec<LineId> {
        self.met.sort_unstable();
        self.met.dedup();
        self.met
    }
}

impl Evaluator<'_> {
    /// The states of a term; none for what no model knows.
    pub fn states_of(&mut self, term: TermId) -> std::rc::Rc<[State]> {
        if let Some(known) = self.states.of.get(&term) {
            return std::rc::Rc::clone(known);
        }
        let mut found = stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.stepped(term));
        found.sort_unstable();
        found.dedup();
        let found: std::rc::Rc<[State]> = found.into();
        self.states.of.insert(term, std::rc::Rc::clone(&found));
        found
    }

    fn stepped(&mut self, term: TermId) -> Vec<State> {
        let models = self.world.models;
        let mut found = Vec::new();
        match self.terms.get(term) {
            Term::Package(specifier, name) => {
                let specifier = self.terms.text(specifier);
                let Some(root) = models.root(specifier) else { return found };
                let whole = !models.is_partial(specifier);
                match name.map(|name| self.terms.text(name)) {
                    None if whole => found.push((root, None)),
                    None => {}
                    Some(name) => {
                        models.member(root, name, &mut |node, _| found.push((node, None)));
                        if name == "default" && whole {
                            found.push((root, None));
                        } else if found.is_empty() && whole {
                            found.push((INERT, None));
                        }
                    }
                }
            }
            Term::Global(name) => {
                models.global(self.terms.text(name), &mut |node| found.push((node, None)));
            }
            Term::Typed(node) => found.push((node, None)),
            Term::Element(inner) | Term::As(inner, _, _) | Term::Of(inner, _, _) => {
                found.extend_from_slice(&self.states_of(inner))
            }
            Term::Union(list) => {
                for alternative in self.terms.list(list).to_vec() {
                    found.extend_from_slice(&self.states_of(alternative));
                }
            }
            Term::Member(object, name) => return self.stepped_member(object, name),
            Term::Called(callee, list, constructs) => {
                let arguments = self.terms.list(list).to_vec();
                let before = self.states_of(callee);
                for &(node, entity) in before.iter() {
                    let mut next = Vec::new();
                    models.call(node, constructs, &mut |to, captures| next.push((to, captures)));
                    let captured = self.captured_by_call(next.iter().filter_map(|&(_, argument)| argument), &arguments);
                    for (to, captures) in next {
                        found.push((to, if captures.is_some() { captured } else { entity }));
                    }
                }
                if found.is_empty() && !before.is_empty() {
                    found.push((INERT, None));
                }
            }
            _ => {}
        }
        self.meet(&found);
        found
    }

    fn stepped_member(&mut self, object: TermId, name: super::terms::TextId) -> Vec<State> {
        let models = self.world.models;
        let before = self.states_of(object);
        let mut found = Vec::new();
        let captured = self.terms.add(Term::Text(name));
        let text = self.terms.text(name);
        // Whoever waits for a query waits for a promise, whatever its other members give.
        let waits = matches!(text, "then" | "catch" | "finally");
        for &(node, entity) in before.iter().filter(|_| !waits) {
            models.member(node, text, &mut |to, captures| {
                found.push((to, if captures { Some(captured) } else { entity }));
            });
        }
        if found.is_empty() {
            models.prototype(text, &mut |node| found.push((node, None)));
        }
        // What somebody has put on the global object may do anything.
        let kept = |global: super::terms::TextId| matches!(self.terms.text(global), "globalThis" | "global");
        let is_global = matches!(self.terms.get(object), Term::Global(name) if kept(name));
        if found.is_empty() && !before.is_empty() && !is_global {
            found.push((INERT, None));
        }
        self.meet(&found);
        found
    }

    fn meet(&mut self, found: &[State]) {
        for &(node, _) in found {
            if let Some(line) = self.world.models.line_of(node) {
                self.states.met(line);
            }
        }
    }

    /// The entity that the call of something names: of several patterns that fit, the first whose argument is known.
    fn captured_by_call(&mut self, places: impl Iterator<Item = u32>, arguments: &[TermId]) -> Option<TermId> {
        let named = places.filter_map(|place| self.entity_of(arguments.get(place as usize).copied()));
        let named: Vec<TermId> = named.collect();
        let known = named.iter().find(|&&entity| !self.terms.is_open(entity));
        known.or(named.first()).copied()
    }

    /// The entity that an argument names: a text, or a value that captured one itself.
    pub fn entity_of(&mut self, argument: Option<TermId>) -> Option<TermId> {
        let argument = self.terms.only(argument?);
        match self.terms.get(argument) {
            Term::As(inner, _, _) | Term::Of(inner, _, _) => self.entity_of(Some(inner)),
            Term::Text(_) | Term::Template(_) | Term::Parameter(..) => Some(argument),
            _ => {
                let captured = self.states_of(argument).iter().find_map(|&(_, entity)| entity);
                let captured = captured.or_else(|| self.setting(argument));
                captured.or_else(|| self.terms.is_open(argument).then_some(argument))
            }
        }
    }

    /// `process.env.ROOMS` names one thing wherever it is written, though nobody here knows what.
    fn setting(&mut self, term: TermId) -> Option<TermId> {
        let name = self.environment(term)?;
        Some(self.terms.add_literal(&format!("process.env.{name}")))
    }

    /// Whether a model says that the call of something has an effect.
    pub(in crate::project) fn has_effect(&mut self, callee: TermId, effect: Effect) -> bool {
        let models = self.world.models;
        let states = self.states_of(callee);
        let mut meanings = states.iter().flat_map(|&(node, _)| models.meanings(node));
        meanings.any(|meaning| matches!(&meaning.what, What::Effect(did) if did.kind == Ok(effect)))
    }

    /// A member of what the language itself has under a name: `JSON.parse` as `JSON` and `parse`.
    pub(in crate::project) fn global_member(&self, term: TermId) -> Option<(&str, &str)> {
        let Term::Member(object, name) = self.terms.get(term) else { return None };
        let Term::Global(global) = self.terms.get(object) else { return None };
        Some((self.terms.text(global), self.terms.text(name)))
    }

    /// The name of the variable of the environment that a term is.
    pub(in crate::project) fn environment(&self, term: TermId) -> Option<String> {
        let Term::Member(environment, name) = self.terms.get(term) else { return None };
        let Term::Member(process, environment) = self.terms.get(environment) else { return None };
        let Term::Global(process) = self.terms.get(process) else { return None };
        let is_environment = self.terms.text(process) == "process" && self.terms.text(environment) == "env";
        is_environment.then(|| self.terms.text(name).to_owned())
    }

    /// A text, with `{}` for what is not known of it; nothing of what is no text.
    pub fn text_with_holes(&self, term: TermId) -> Option<String> {
        match self.terms.get(self.terms.only(term)) {
            Term::Text(text) | Term::Number(text) => Some(self.terms.text(text).to_owned()),
            Term::Template(list) => {
                let parts = self.terms.list(list).iter();
                Some(parts.map(|&part| self.text_with_holes(part).unwrap_or_else(|| "{}".to_owned())).collect())
            }
            _ => None,
        }
    }

    /// The text of a statement: a table that is put into it is its name, a piece of a statement its text, and the rest a hole.
    pub(in crate::project) fn statement_text(&mut self, term: TermId) -> Option<String> {
        match self.terms.get(self.terms.only(term)) {
            Term::Text(text) => Some(self.terms.text(text).to_owned()),
            Term::Template(list) => {
                let mut text = String::new();
                for part in self.terms.list(list).to_vec() {
                    let entity = self.states_of(part).iter().find_map(|&(_, entity)| entity);
                    let table = entity.and_then(|entity| self.text_with_holes(entity));
                    let piece = match self.terms.get(part) {
                        Term::Called(_, arguments, false) => self.terms.list(arguments).first().copied(),
                        _ => Some(part),
                    };
                    let put = table.or_else(|| self.statement_text(piece?));
                    text.push_str(put.as_deref().unwrap_or(HOLE));
                }
                Some(text)
            }
            _ => None,
        }
    }

    pub(in crate::project) fn typed(&mut self, node: NodeId, line: LineId) -> TermId {
        self.states.met(line);
        self.terms.add(Term::Typed(node))
    }

    /// What is known of a callee that is no function of the project and that no model knows.
    pub(in crate::project) fn class(&mut self, callee: TermId) -> Class {
        if let Some(line) = self.method(callee) {
            self.states.met(line);
            return Class::Inert;
        }
        match self.terms.root(callee) {
            Term::Union(list) if self.terms.list(list).iter().all(|&of| self.is_data(of)) => Class::Inert,
            Term::Parameter(..) => Class::Pending,
            Term::Package(..) => Class::Unseen(Unseen::Foreign, "a package that no model describes"),
            Term::Global(_) => Class::Unseen(Unseen::Foreign, "a name that no file declares"),
            Term::Unknown(SENT) if matches!(self.terms.get(callee), Term::Member(..)) => Class::Inert,
            Term::Unknown(reason) => Class::Unseen(Unseen::Dynamic, reason),
            Term::Namespace(_) => Class::Unseen(Unseen::Dynamic, "a module is called"),
            Term::Instance(..) => Class::Unseen(Unseen::Dynamic, "a member that its class does not have"),
            Term::Function(..) | Term::Action(..) | Term::Bound(..) | Term::Union(_) => {
                Class::Unseen(Unseen::Dynamic, "a member of a function")
            }
            _ => Class::Inert,
        }
    }

    /// The line of models by which a callee is a prototype's own method, whatever it may be called on.
    fn method(&self, callee: TermId) -> Option<LineId> {
        match self.terms.get(callee) {
            Term::Member(of, name) => {
                let known = self.world.models.method(self.terms.text(name));
                let of = self.terms.root(of);
                known.filter(|_| {
                    matches!(
                        of,
                        Term::Unknown(_) | Term::Parameter(..) | Term::Union(_) | Term::Function(..) | Term::Bound(..)
                    )
                })
            }
            Term::Union(list) => {
                let parts = self.terms.list(list).iter().filter(|&&part| !self.is_data(part));
                let lines: Option<Vec<LineId>> = parts.map(|&part| self.method(part)).collect();
                lines?.first().copied()
            }
            _ => None,
        }
    }

    /// Whether a value is written out and no function, so that its members only compute: a list, whatever it is replaced with.
    fn is_data(&self, term: TermId) -> bool {
        match self.terms.root(term) {
            Term::Union(list) => self.terms.list(list).iter().all(|&of| self.is_data(of)),
            Term::Array(_)
            | Term::Object(_)
            | Term::Text(_)
            | Term::Template(_)
            | Term::Number(_)
            | Term::Bool(_)
            | Term::Computed(_)
            | Term::Null
            | Term::Undefined => true,
            _ => false,
        }
    }
}

/// What is known of a callee that no model names.
pub(in crate::project) enum Class {
    /// A parameter says what is called.
    Pending,
    /// It cannot be seen.
    Unseen(Unseen, &'static str),
    /// It only computes: a method of a string, an array, an object.
    Inert,
}
