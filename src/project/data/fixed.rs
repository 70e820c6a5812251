//! What the calls of database clients say of columns in words that are written out: which rows a read asks for, and what a write puts into the
//! row that it makes.

use crate::models::What;
use crate::project::effects::summary::Site;
use crate::project::values::evaluate::Evaluator;
use crate::project::values::terms::{Term, TermId};

/// What one call says of columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::project) struct Fixed {
    /// Whether it asks for rows without saying which.
    any: bool,
    /// The columns that hold something that is written out, and what.
    columns: Vec<(String, String)>,
}

impl Fixed {
    /// Whether it asks for rows without saying which: `findFirst({ orderBy })`.
    pub(in crate::project) const fn asks_for_any(&self) -> bool {
        self.any
    }

    /// Whether a row of which the one call is true is none of which the other one is: `published: false`, and `published: true`.
    pub(in crate::project) fn excludes(&self, other: &Self) -> bool {
        self.columns.iter().any(|(column, value)| other.columns.iter().any(|(of, is)| of == column && is != value))
    }
}

impl Evaluator<'_> {
    /// What a call says of columns, where it says anything.
    pub(in crate::project) fn fixed(&mut self, (module, call): Site, callee: TermId) -> Option<Fixed> {
        let models = self.world.models;
        let states = self.states_of(callee);
        let meanings: Vec<&What> =
            states.iter().flat_map(|&(node, _)| models.meanings(node)).map(|meaning| &meaning.what).collect();
        let (_, arguments) = self.callee(module, call);
        let mut fixed = Fixed { any: false, columns: Vec::new() };
        for what in meanings {
            match what {
                What::Effect(did) if did.kind.is_ok_and(|effect| !effect.writes()) => {
                    let Some(place) = &did.filter else { continue };
                    let filter = self.at(place, &arguments);
                    fixed.any = filter.is_none_or(|filter| self.is_absent(filter));
                    fixed.columns = filter.map(|filter| self.written_out(filter)).unwrap_or_default();
                }
                What::Stores(places) => {
                    let rows: Vec<TermId> = places.iter().filter_map(|place| self.at(place, &arguments)).collect();
                    let mut rows = rows.into_iter().filter(|&row| !self.is_absent(row));
                    if let (Some(row), None) = (rows.next(), rows.next()) {
                        fixed.columns = self.written_out(row);
                    }
                }
                _ => {}
            }
        }
        (fixed.any || !fixed.columns.is_empty()).then_some(fixed)
    }

    /// The keys of an object that hold something that is written out. What is spread behind them may say otherwise.
    fn written_out(&self, object: TermId) -> Vec<(String, String)> {
        let Term::Object(list) = self.terms.get(object) else { return Vec::new() };
        let mut found = Vec::new();
        for pair in self.terms.list(list).chunks_exact(2) {
            let Term::Text(key) = self.terms.get(pair[0]) else {
                found.clear();
                continue;
            };
            let value = match self.terms.get(pair[1]) {
                Term::Bool(value) => value.to_string(),
                Term::Number(text) => self.terms.text(text).to_owned(),
                Term::Text(text) => format!("'{}'", self.terms.text(text)),
                _ => continue,
            };
            found.push((self.terms.text(key).to_owned(), value));
        }
        found
    }
}
