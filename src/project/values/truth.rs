//! Whether values count as true and whether two are equal, where that is known: the language's own words alone.

use super::terms::{Comparison, Term, TermId, Terms};

impl Terms {
    /// Whether a value counts as true, where that is known.
    #[must_use]
    pub fn truth(&self, id: TermId) -> Option<bool> {
        match self.get(id) {
            Term::Bool(value) => Some(value),
            Term::Null | Term::Undefined => Some(false),
            Term::Text(text) => Some(!self.text(text).is_empty()),
            Term::Number(text) => Some(!matches!(self.text(text), "0" | "NaN")),
            Term::Function(..)
            | Term::Class(..)
            | Term::Instance(..)
            | Term::Namespace(_)
            | Term::Action(..)
            | Term::Bound(..)
            | Term::Object(_)
            | Term::Array(_) => Some(true),
            Term::Not(inner) => self.truth(inner).map(|truth| !truth),
            Term::Compare(Comparison::In, name, object) => self.has(object, name),
            Term::Compare(comparison, left, right) => {
                let equal = self.equal(left, right)?;
                Some(equal == (comparison == Comparison::Equal))
            }
            _ => None,
        }
    }

    /// Whether an object has a key, where all its keys are written out.
    fn has(&self, object: TermId, name: TermId) -> Option<bool> {
        let (Term::Object(list), Term::Text(_)) = (self.get(object), self.get(name)) else { return None };
        let mut keys = self.list(list).chunks_exact(2).map(|pair| pair[0]);
        if keys.clone().any(|key| key == name) {
            return Some(true);
        }
        keys.all(|key| matches!(self.get(key), Term::Text(_))).then_some(false)
    }

    fn equal(&self, left: TermId, right: TermId) -> Option<bool> {
        let literal = |id: TermId| {
            matches!(self.get(id), Term::Text(_) | Term::Number(_) | Term::Bool(_) | Term::Null | Term::Undefined)
        };
        let nothing = |id: TermId| matches!(self.get(id), Term::Null | Term::Undefined);
        if nothing(left) && nothing(right) {
            return Some(true);
        }
        if literal(left) && literal(right) {
            return Some(left == right);
        }
        let (there, other) = if nothing(left) { (right, left) } else { (left, right) };
        (nothing(other) && self.truth(there) == Some(true)).then_some(false)
    }
}
