//! What a model says that a package's value is: an argument of the call that gave it, what a function returned that it was handed, a value
//! of its type argument.

use super::annotations::Said;
use super::evaluate::Evaluator;
use super::terms::{ListId, Term, TermId};
use crate::facts::List;
use crate::models::{Place, Source};
use crate::project::program::modules::ModuleId;

/// Why a value is not known that something else may take the place of.
pub(super) const CHANGES: &str = "a value that changes";

/// What is known of a value's making.
#[derive(Default)]
struct Made {
    arguments: Option<ListId>,
    types: Option<(ModuleId, List)>,
}

impl Evaluator<'_> {
    /// A value, or what a model says that it is.
    pub(in crate::project) fn sourced(&mut self, term: TermId) -> TermId {
        let outside = matches!(self.terms.root(term), Term::Package(..) | Term::Global(_) | Term::Typed(_));
        if !outside {
            return term;
        }
        let models = self.world.models;
        for &(node, _) in self.states_of(term).iter() {
            let Some(sources) = models.sources(node) else { continue };
            let made = self.made(term);
            if let Some(found) = self.first_of(&sources.from, &made) {
                self.states.met(sources.line);
                if sources.changes {
                    let other = self.terms.unknown(CHANGES);
                    return self.terms.union(&[found, other]);
                }
                return found;
            }
        }
        term
    }

    /// The arguments of the last call on the way to a value, and the type arguments there.
    fn made(&self, term: TermId) -> Made {
        let (mut made, mut at) = (Made::default(), term);
        loop {
            at = match self.terms.get(at) {
                Term::Member(inner, _) | Term::Element(inner) | Term::As(inner, _, _) => inner,
                Term::Of(inner, module, types) => {
                    made.types = made.types.or(Some((module, types)));
                    inner
                }
                Term::Called(inner, list, _) => {
                    made.arguments = made.arguments.or(Some(list));
                    inner
                }
                _ => return made,
            };
        }
    }

    /// The first source that says what a value is; where none does for sure, the first that says anything.
    fn first_of(&mut self, sources: &[Source], made: &Made) -> Option<TermId> {
        let mut best = None;
        for source in sources {
            let Some(found) = self.source(source, made) else { continue };
            if self.is_own(found) {
                return Some(found);
            }
            // A member that somebody outside may have is none.
            let whole = !matches!(source, Source::Argument(Place::Argument(_, below)) if !below.is_empty());
            let says = match self.terms.get(found) {
                Term::Null | Term::Undefined | Term::Unknown(_) => false,
                Term::As(..) | Term::Of(..) | Term::Typed(_) => true,
                _ => whole || self.is_modelled(found),
            };
            best = best.or(says.then_some(found));
        }
        best
    }

    fn source(&mut self, source: &Source, made: &Made) -> Option<TermId> {
        match source {
            Source::Argument(place) => self.argument(place, made),
            Source::Result(place) => {
                let argument = self.argument(place, made)?;
                match self.terms.get(argument) {
                    Term::Function(..) | Term::Action(..) | Term::Bound(..) => Some(self.call(argument, &[], false)),
                    _ if self.is_own(argument) => Some(argument),
                    // It may be a function, which only the caller knows.
                    _ => None,
                }
            }
            Source::Arguments => {
                let arguments = self.terms.list(made.arguments?).to_vec();
                Some(self.terms.union(&arguments))
            }
            Source::Type(index) => {
                let (module, types) = made.types?;
                let ty = *self.module(module).facts.type_lists[types.range()].get(*index as usize)?;
                match self.said(module, ty)? {
                    Said::Term(term) => Some(term),
                    Said::Shape(home, ty) => {
                        let unknown = self.terms.unknown("a value that only its type describes");
                        Some(self.shaped(unknown, home, ty))
                    }
                }
            }
        }
    }

    fn argument(&mut self, place: &Place, made: &Made) -> Option<TermId> {
        let Place::Argument(index, below) = place else { return None };
        let mut at = *self.terms.list(made.arguments?).get(*index as usize)?;
        for name in below {
            at = self.member(at, name);
        }
        Some(at)
    }
}
