//! What is answered for something else than the path names: `/shipping-options?cart_id=1` says what there is for one cart.

use super::{About, Part, Remote, Verb};
use crate::project::data::graphql::singular;
use crate::project::requests::Unpacked;
use crate::project::values::evaluate::Evaluator;
use crate::project::values::terms::Term;

impl Evaluator<'_> {
    /// The sorts of things whose keys the query of a request carries, as their name is in the singular.
    pub(super) fn keyed_by(&self, request: &Unpacked) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        let mut add = |key: &str| {
            let thing = ["_id", "Id"].iter().find_map(|end| key.strip_suffix(end));
            found.extend(thing.filter(|thing| !thing.is_empty()).map(plain));
        };
        if let Some(Term::Object(list)) = request.query.map(|query| self.terms.get(query)) {
            for pair in self.terms.list(list).chunks_exact(2) {
                if let Term::Text(key) = self.terms.get(pair[0]) {
                    add(self.terms.text(key));
                }
            }
        }
        for address in &request.sent.addresses {
            let query = address.path.cut('?').1.map(|query| query.to_string()).unwrap_or_default();
            query.split('&').filter_map(|part| part.split_once('=')).for_each(|(key, _)| add(key));
        }
        found
    }
}

impl Remote {
    /// Whether what it reads is answered for an item below which another request changes something.
    pub(in crate::project) fn hangs_on(&self, write: &Self) -> bool {
        let (About::Path(_, Verb::Reads), Some(written)) = (&self.about, write.written_at(self)) else { return false };
        // What changes a column of the item itself is mostly another one than what is read hangs on.
        written.windows(3).any(|parts| match parts {
            [Part::Word(word), Part::Key, Part::Word(_)] => self.of.contains(&singular(&plain(word))),
            _ => false,
        })
    }

    /// Whether it writes to the same collection, or to an item of it.
    pub(in crate::project) fn writes_beside(&self, other: &Self) -> bool {
        let collection = |path: &[Part]| path.strip_suffix(&[Part::Key]).unwrap_or(path).to_vec();
        let (one, other) = (self.written_at(other), other.written_at(self));
        one.zip(other).is_some_and(|(one, other)| collection(one) == collection(other))
    }

    /// The path that it writes to, on an origin of another request.
    fn written_at(&self, other: &Self) -> Option<&[Part]> {
        match &self.about {
            About::Path(path, verb) if *verb != Verb::Reads => {
                self.origins.iter().any(|origin| other.origins.contains(origin)).then_some(path)
            }
            _ => None,
        }
    }
}

/// A name without what stands between its words.
fn plain(name: &str) -> String {
    crate::project::data::plain(name).filter(|letter| *letter != '-').collect()
}
