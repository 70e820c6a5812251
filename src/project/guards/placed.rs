//! What an entry's own URL and method settle: a wrapper that lets anybody in at `/api/links` lets nobody in at `/api/teams`.

use super::holds::{Fact, SetId};
use crate::project::effects::summary::Summaries;
use crate::project::values::terms::{Comparison, Term, TermId};

/// Where an entry answers.
#[derive(Debug, Clone, Default)]
pub(in crate::project) struct At {
    /// The URL, as the framework writes routes.
    pub(in crate::project) url: String,
    /// The method; empty where any is answered.
    pub(in crate::project) method: String,
}

/// A part of the request that an entry knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Path,
    Method,
}

impl Summaries<'_> {
    /// Whether a test looks at the path or the method of the request.
    pub(in crate::project) fn is_placed(&self, term: TermId) -> bool {
        let terms = &self.eval.terms;
        match terms.get(term) {
            Term::Not(inner) => self.is_placed(inner),
            Term::Compare(_, left, right) => self.part(left).or(self.part(right)).is_some(),
            Term::Called(callee, list, false) => match terms.get(callee) {
                Term::Member(of, _) => {
                    self.part(of).is_some() || terms.list(list).iter().any(|&argument| self.part(argument).is_some())
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// A set, where an entry answers at a place: what cannot be there is gone.
    pub(in crate::project) fn placed(&mut self, set: SetId, at: &At) -> SetId {
        let mut result = SetId::EMPTY;
        if set == SetId::DEAD {
            return set;
        }
        for atom in self.holds.set(set).to_vec() {
            let fact = self.holds.fact(atom);
            match fact {
                Fact::Is(term, truth, _) => match self.truth_at(term, at) {
                    Some(known) if known != truth => return SetId::DEAD,
                    Some(_) => {}
                    None => result = self.with(result, fact),
                },
                Fact::Any(choice) => {
                    let sets = self.holds.choice(choice).to_vec();
                    let sets: Vec<SetId> = sets.into_iter().map(|set| self.placed(set, at)).collect();
                    let left = self.either(&sets);
                    result = self.both(result, left);
                }
                _ => result = self.with(result, fact),
            }
        }
        result
    }

    /// `request.nextUrl.pathname`, `new URL(request.url).pathname`, `request.method`
    fn part(&self, term: TermId) -> Option<Part> {
        let terms = &self.eval.terms;
        let Term::Member(object, name) = terms.get(term) else { return None };
        // A package that wraps the handler passes the request on.
        let is_request = |id: TermId| matches!(terms.get(id), Term::Typed(_) | Term::Unknown(_));
        match terms.text(name) {
            "method" if is_request(object) => Some(Part::Method),
            "pathname" => {
                let of_url = |id: TermId| matches!(terms.get(id), Term::Member(of, _) if is_request(of));
                let of = match terms.get(object) {
                    Term::Called(_, list, true) => terms.list(list).first().copied()?,
                    _ => object,
                };
                let first = match terms.get(of) {
                    Term::Union(list) => terms.list(list).first().copied()?,
                    _ => of,
                };
                of_url(first).then_some(Part::Path)
            }
            _ => None,
        }
    }

    fn truth_at(&self, term: TermId, at: &At) -> Option<bool> {
        let terms = &self.eval.terms;
        match terms.get(term) {
            Term::Not(inner) => self.truth_at(inner, at).map(|truth| !truth),
            Term::Compare(comparison @ (Comparison::Equal | Comparison::NotEqual), left, right) => {
                let (part, text) = match (self.part(left), self.part(right)) {
                    (Some(part), None) => (part, self.written(right)?),
                    (None, Some(part)) => (part, self.written(left)?),
                    _ => return None,
                };
                Some(is(part, text, at)? == (comparison == Comparison::Equal))
            }
            Term::Called(callee, list, false) => {
                let Term::Member(of, name) = terms.get(callee) else { return None };
                let argument = *terms.list(list).first()?;
                match (terms.text(name), terms.get(of)) {
                    ("includes", Term::Array(all)) => {
                        let part = self.part(argument)?;
                        let each = terms.list(all).iter().map(|&one| is(part, self.written(one)?, at));
                        let each: Option<Vec<bool>> = each.collect();
                        each.map(|each| each.contains(&true))
                    }
                    ("startsWith", _) if self.part(of)? == Part::Path => starts(&at.url, self.written(argument)?),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn written(&self, term: TermId) -> Option<&str> {
        match self.eval.terms.get(term) {
            Term::Text(text) => Some(self.eval.terms.text(text)),
            _ => None,
        }
    }
}

fn is(part: Part, text: &str, at: &At) -> Option<bool> {
    match part {
        Part::Method if at.method.is_empty() => None,
        Part::Method => Some(at.method == text),
        Part::Path if at.url.is_empty() => None,
        Part::Path => {
            let (own, asked): (Vec<&str>, Vec<&str>) = (at.url.split('/').collect(), text.split('/').collect());
            let open = own.iter().any(|segment| segment.starts_with('['));
            let fits = |(own, asked): (&&str, &&str)| own.starts_with('[') || own == asked;
            let catches = own.iter().any(|segment| segment.contains("..."));
            let may = catches || (own.len() == asked.len() && own.iter().zip(&asked).all(fits));
            if open && may { None } else { Some(may) }
        }
    }
}

fn starts(url: &str, start: &str) -> Option<bool> {
    let fixed = url.split('[').next().unwrap_or_default();
    if fixed.starts_with(start) {
        return Some(true);
    }
    let open = fixed.len() < url.len() && start.starts_with(fixed);
    (!open && !url.is_empty()).then_some(false)
}
