//! What a call reads as rows: of which entity, with which columns, and with the rows on the other side of which relations; and what it gives that
//! reads nothing.

use super::rows::is_index;
use super::tables::Tables;
use crate::models::{Columns, INERT, Place, Rows, What};
use crate::project::values::evaluate::Evaluator;
use crate::project::values::terms::{NO_SUCH_NAME, Term, TermId};

/// How long a chain of calls is, and how deep relations of relations are followed.
const DEEPEST: u32 = 16;

/// Rows of an entity, and what is known of their columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::project) struct Read {
    /// The entity.
    pub(in crate::project) entity: String,
    /// The columns that alone are there.
    only: Option<Vec<String>>,
    /// The columns that are left out.
    without: Vec<String>,
    /// Whether the rows are new.
    pub(in crate::project) creates: bool,
    /// The columns that the call writes.
    writes: Vec<String>,
    /// The client that is asked.
    client: TermId,
}

impl Read {
    /// Whether a column is among what is read.
    pub(in crate::project) fn has(&self, column: &str) -> bool {
        let is = |name: &String| name == column;
        self.only.as_ref().is_none_or(|only| only.iter().any(is)) && !self.without.iter().any(is)
    }

    /// Whether its columns are chosen by name.
    pub(in crate::project) const fn is_chosen(&self) -> bool {
        self.only.is_some()
    }

    /// Whether the call has just put something into a column.
    pub(in crate::project) fn has_written(&self, column: &str) -> bool {
        self.creates || self.writes.iter().any(|name| name == column)
    }
}

/// What an object among the arguments says of columns.
enum Said {
    /// Nothing: it is not there.
    Nothing,
    /// These keys, with their values.
    Keys(Vec<(String, TermId)>),
    /// It cannot be known.
    Unknown,
}

impl Evaluator<'_> {
    /// Whether a call reads or writes rows by itself.
    pub(in crate::project) fn touches_rows(&mut self, callee: TermId) -> bool {
        let models = self.world.models;
        let states = self.states_of(callee);
        let mut meanings = states.iter().flat_map(|&(node, _)| models.meanings(node));
        meanings.any(|meaning| matches!(meaning.what, What::Rows(_) | What::Effect(_)))
    }

    /// The names under which the arguments of a call say what it gives of rows; nothing where it gives none.
    pub(in crate::project) fn rows_of(&mut self, callee: TermId) -> Option<Vec<String>> {
        let models = self.world.models;
        let states = self.states_of(callee);
        let mut meanings = states.iter().flat_map(|&(node, _)| models.meanings(node));
        meanings.find_map(|meaning| {
            let What::Rows(rows) = &meaning.what else { return None };
            let only = match &rows.only {
                Some(Columns::Keys(place)) => Some(place),
                _ => None,
            };
            let places = only.into_iter().chain(&rows.without).chain(&rows.with);
            Some(places.filter_map(last).map(str::to_owned).collect())
        })
    }

    /// The rows that a call gives, or a chain of calls that it ends, below a path of members. Where columns may be chosen that are not
    /// known, there are none.
    pub(in crate::project) fn read_by(
        &mut self,
        tables: &Tables,
        callee: TermId,
        arguments: &[TermId],
        path: &[String],
    ) -> Vec<Read> {
        if let Term::Union(list) = self.terms.get(callee) {
            // The same thing, however one gets hold of it.
            let alternatives = self.terms.list(list).to_vec();
            let mut read = alternatives.into_iter().map(|of| self.read_by(tables, of, arguments, path));
            return read.find(|read| !read.is_empty()).unwrap_or_default();
        }
        let models = self.world.models;
        let mut found = Vec::new();
        let (mut callee, mut arguments) = (callee, arguments.to_vec());
        for _ in 0..DEEPEST {
            let states = self.states_of(callee);
            let meanings =
                || states.iter().flat_map(|&(node, entity)| models.meanings(node).iter().map(move |of| (of, entity)));
            if meanings().any(|(meaning, _)| meaning.what == What::Narrows) {
                return Vec::new();
            }
            let rows = meanings().find_map(|(meaning, entity)| match &meaning.what {
                What::Rows(rows) => Some((rows.as_ref(), entity)),
                _ => None,
            });
            match rows {
                Some(rows) => self.rows(tables, rows, (callee, &arguments), path, &mut found),
                None if meanings().any(|(meaning, _)| matches!(meaning.what, What::Effect(_))) => break,
                None if states.iter().all(|&(node, _)| node == INERT) => break,
                None => {}
            }
            let Term::Member(object, _) = self.terms.get(callee) else { break };
            let Term::Called(inner, list, _) = self.terms.get(self.bare(object)) else { break };
            (callee, arguments) = (inner, self.terms.list(list).to_vec());
        }
        found
    }

    /// A term without what its type says.
    fn bare(&self, mut term: TermId) -> TermId {
        while let Term::As(inner, ..) | Term::Of(inner, ..) | Term::Element(inner) = self.terms.get(term) {
            term = inner;
        }
        term
    }

    fn rows(
        &mut self,
        tables: &Tables,
        (rows, entity): (&Rows, Option<TermId>),
        (callee, arguments): (TermId, &[TermId]),
        path: &[String],
        found: &mut Vec<Read>,
    ) {
        let entity = match rows.captures {
            Some(place) => self.entity_of(arguments.get(place as usize).copied()),
            None => entity,
        };
        let entity = entity.and_then(|entity| self.text_with_holes(entity)).filter(|entity| !entity.contains("{}"));
        let Some(entity) = entity else { return };
        let only = match &rows.only {
            None => Said::Nothing,
            Some(Columns::Keys(place)) => self.said_at(place, arguments),
            Some(Columns::Before | Columns::After) => match self.chosen_before(callee) {
                Said::Keys(keys) => return self.chosen_tables(keys, (rows, &entity), callee, path, found),
                said => said,
            },
        };
        let without = rows.without.as_ref().map_or(Said::Nothing, |place| self.said_at(place, arguments));
        let writes = match rows.writes.as_ref().map(|place| self.said_at(place, arguments)) {
            Some(Said::Keys(keys)) => keys.into_iter().map(|(key, _)| key).collect(),
            _ => Vec::new(),
        };
        let read = Read { entity, only: None, without: Vec::new(), creates: rows.creates, writes, client: callee };
        let places: Vec<&Place> = rows.with.iter().collect();
        let with = places.iter().map(|place| self.said_at(place, arguments)).collect();
        let names = Names {
            tables,
            only: rows.only.as_ref().and_then(|columns| match columns {
                Columns::Keys(place) => last(place),
                _ => None,
            }),
            without: rows.without.as_ref().and_then(last),
            with: places.into_iter().filter_map(last).collect(),
        };
        self.shaped_rows(read, (only, without, with), &names, path, DEEPEST, found);
    }

    /// Adds a row with what is chosen of it, and the rows on the other side of the relations that come along.
    fn shaped_rows(
        &mut self,
        mut read: Read,
        (only, without, with): (Said, Said, Vec<Said>),
        names: &Names<'_>,
        path: &[String],
        left: u32,
        found: &mut Vec<Read>,
    ) {
        let Some(left) = left.checked_sub(1) else { return };
        let below: Vec<&String> = path.iter().filter(|name| !is_index(name)).collect();
        for said in with {
            let Said::Keys(keys) = said else { continue };
            for (field, value) in keys {
                let Some(other) = names.tables.other_side(&read.entity, &field).map(str::to_owned) else { continue };
                let rest = match below.split_first() {
                    None => Vec::new(),
                    Some((first, rest)) if **first == field => {
                        rest.iter().map(|&name| name.clone()).collect::<Vec<_>>()
                    }
                    Some(_) => continue,
                };
                if self.terms.truth(value) == Some(false) {
                    continue;
                }
                let mut part = |name: Option<&str>| name.map_or(Said::Nothing, |name| self.said_under(value, name));
                let (only, without) = (part(names.only), part(names.without));
                let with = names.with.iter().map(|name| part(Some(name))).collect();
                let other = Read { entity: other, creates: false, writes: Vec::new(), ..read.clone() };
                self.shaped_rows(other, (only, without, with), names, &rest, left, found);
            }
        }
        if !below.is_empty() {
            return;
        }
        match only {
            Said::Unknown => return,
            Said::Nothing => {}
            Said::Keys(keys) => {
                let chosen = |value: TermId| self.terms.truth(value);
                let names = |wanted: Option<bool>| {
                    let some = keys.iter().filter(|&&(_, value)| chosen(value) == wanted);
                    some.map(|(key, _)| key.clone()).collect::<Vec<_>>()
                };
                let no = names(Some(false));
                // Columns that are only left out leave the others there.
                if no.len() == keys.len() && !no.is_empty() {
                    read.without.extend(no);
                } else {
                    read.only = Some(names(Some(true)));
                }
            }
        }
        match without {
            Said::Unknown => return,
            Said::Nothing => {}
            Said::Keys(keys) => {
                read.without.extend(
                    keys.into_iter().filter(|&(_, value)| self.terms.truth(value) != Some(false)).map(|(key, _)| key),
                );
            }
        }
        found.push(read);
    }

    /// Adds the tables that are chosen as a whole: `select({ user: users })`.
    fn chosen_tables(
        &mut self,
        keys: Vec<(String, TermId)>,
        (rows, entity): (&Rows, &str),
        client: TermId,
        path: &[String],
        found: &mut Vec<Read>,
    ) {
        let below: Vec<&String> = path.iter().filter(|name| !is_index(name)).collect();
        for (key, value) in keys {
            let meant = match below.as_slice() {
                [] => true,
                [only] => **only == key,
                _ => false,
            };
            let table = self.entity_of(Some(value)).and_then(|table| self.text_with_holes(table));
            if meant && table.as_deref() == Some(entity) && matches!(self.terms.get(value), Term::Called(..)) {
                let (without, writes) = (Vec::new(), Vec::new());
                let entity = entity.to_owned();
                found.push(Read { entity, only: None, without, creates: rows.creates, writes, client });
            }
        }
    }

    fn said_at(&mut self, place: &Place, arguments: &[TermId]) -> Said {
        let Place::Argument(index, below) = place else { return Said::Nothing };
        let Some(&argument) = arguments.get(*index as usize) else { return Said::Nothing };
        match below.as_slice() {
            [] => self.said_of(argument),
            [name] => self.said_under(argument, name),
            _ => Said::Unknown,
        }
    }

    /// What stands under a name of an object.
    fn said_under(&mut self, object: TermId, name: &str) -> Said {
        match self.terms.get(self.terms.only(object)) {
            Term::Object(_) => {
                let value = self.member(object, name);
                match self.terms.get(value) {
                    Term::Unknown(NO_SUCH_NAME) => Said::Nothing,
                    _ => self.said_of(value),
                }
            }
            Term::Bool(_) | Term::Null | Term::Undefined => Said::Nothing,
            _ => Said::Unknown,
        }
    }

    fn said_of(&mut self, value: TermId) -> Said {
        match self.terms.get(value) {
            Term::Null | Term::Undefined => Said::Nothing,
            Term::Object(list) => {
                let pairs = self.terms.list(list).chunks_exact(2);
                let keys = pairs.map(|pair| match self.terms.get(pair[0]) {
                    Term::Text(key) => Some((self.terms.text(key).to_owned(), pair[1])),
                    _ => None,
                });
                keys.collect::<Option<Vec<_>>>().map_or(Said::Unknown, Said::Keys)
            }
            _ => Said::Unknown,
        }
    }

    /// What is chosen where a chain starts: `select({ id: users.id }).from(users)`.
    fn chosen_before(&mut self, callee: TermId) -> Said {
        let models = self.world.models;
        let (mut at, mut first) = (callee, None);
        for _ in 0..DEEPEST {
            let Term::Member(object, _) = self.terms.get(at) else { break };
            let Term::Called(inner, list, _) = self.terms.get(self.bare(object)) else { break };
            // Of the calls below the last one that reads, the nearest is what the chain starts with.
            let states = self.states_of(at);
            let reads =
                states.iter().flat_map(|&(node, _)| models.meanings(node)).any(|of| matches!(of.what, What::Rows(_)));
            if reads {
                first = Some(list);
            }
            at = inner;
        }
        let chosen = first.and_then(|list| self.terms.list(list).first().copied());
        chosen.map_or(Said::Nothing, |chosen| self.said_of(chosen))
    }

    /// Whether the client that rows are read by leaves a column of an entity out of everything, or makes something else of it.
    pub(in crate::project) fn hides(&self, read: &Read, column: &str) -> bool {
        self.is_hidden_by(read.client, &read.entity, column, DEEPEST)
    }

    fn is_hidden_by(&self, client: TermId, entity: &str, column: &str, left: u32) -> bool {
        let Some(left) = left.checked_sub(1) else { return false };
        let by = |inner: TermId| self.is_hidden_by(inner, entity, column, left);
        match self.terms.get(client) {
            Term::Member(inner, _) | Term::As(inner, ..) | Term::Of(inner, ..) => by(inner),
            Term::Called(inner, list, _) => {
                let names = |&argument: &TermId| self.names_column(argument, entity, column, 5);
                self.terms.list(list).iter().any(names) || by(inner)
            }
            Term::Union(list) => self.terms.list(list).iter().any(|&of| by(of)),
            _ => false,
        }
    }

    fn names_column(&self, object: TermId, entity: &str, column: &str, left: u32) -> bool {
        let Some(left) = left.checked_sub(1) else { return false };
        let Term::Object(list) = self.terms.get(object) else { return false };
        let is =
            |key: TermId, name: &str| matches!(self.terms.get(key), Term::Text(key) if self.terms.text(key) == name);
        self.terms.list(list).chunks_exact(2).any(|pair| {
            // A function of the client's own may make anything of what it gives.
            let changes =
                |pair: &[TermId]| is(pair[0], column) || matches!(self.terms.get(pair[1]), Term::Function(..));
            let here = is(pair[0], entity)
                && matches!(self.terms.get(pair[1]), Term::Object(inner)
                    if self.terms.list(inner).chunks_exact(2).any(changes));
            here || self.names_column(pair[1], entity, column, left)
        })
    }
}

/// The tables, and the names under which a relation has what is chosen of it.
struct Names<'a> {
    tables: &'a Tables,
    only: Option<&'a str>,
    without: Option<&'a str>,
    with: Vec<&'a str>,
}

/// The last name of a place: `include` of `arg0.include`.
fn last(place: &Place) -> Option<&str> {
    match place {
        Place::Argument(_, below) => below.last().map(String::as_str),
        Place::Fixed(_) => None,
    }
}
