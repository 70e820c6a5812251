//! What a call reads or writes besides the entity that it is named after: the other side of a relation, the tables of a selection.
//!
//! Which field of which model leads to which other one stands in the schema of the tree's database clients.

use rustc_hash::{FxHashMap, FxHashSet};

use super::references::References;
use super::tables::Tables;
use crate::facts::{ExportKind, NONE, Value};
use crate::manifest::PrismaSchema;
use crate::models::{Columns, Did, Effect, Place};
use crate::project::effects::summary::{EventKind, Summaries, Summary, Way};
use crate::project::questions::identity::is_identity;
use crate::project::values::evaluate::Evaluator;
use crate::project::values::terms::{Term, TermId};

/// How deep relations of relations are followed.
const DEEPEST: u32 = 5;

/// The relations between the models of all schemas of a tree.
#[derive(Debug, Default)]
pub struct Relations {
    /// By accessor and field: the accessor of the model on the other side.
    other: FxHashMap<(String, String), String>,
    /// The accessors and fields that lead to one row.
    single: FxHashSet<(String, String)>,
    /// The other sides of which one row has several.
    several: FxHashSet<String>,
    /// By name in the database: the accessor.
    tables: FxHashMap<String, String>,
    /// The tables with their columns.
    columns: Tables,
    /// By the name of an exported table, by which queries for its relations name it: its name in the database.
    exported: FxHashMap<String, String>,
    /// The accessors of models whose rows say whose they are.
    owned: FxHashSet<String>,
}

impl Relations {
    /// What schemas say.
    #[must_use]
    pub fn of(schemas: &[PrismaSchema]) -> Self {
        let mut relations = Self { columns: Tables::of(schemas), ..Self::default() };
        for schema in schemas {
            let models = || schema.files.iter().flat_map(|file| &file.models);
            for model in models() {
                if let Some(mapped) = &model.mapped {
                    relations.tables.insert(mapped.value.clone(), model.accessor());
                }
                if model.fields.iter().any(|field| is_identity(&field.name.value)) {
                    relations.owned.insert(model.accessor());
                }
                for field in &model.fields {
                    if let Some(other) = models().find(|other| other.name.value == field.of.value) {
                        relations.other.insert((model.accessor(), field.name.value.clone()), other.accessor());
                        if field.list {
                            relations.several.insert(other.accessor());
                        } else {
                            relations.single.insert((model.accessor(), field.name.value.clone()));
                        }
                    }
                }
            }
        }
        relations
    }

    /// The tables of the schemas, by accessor.
    pub(in crate::project) fn tables_of_schemas(&self) -> Tables {
        let mut tables = self.columns.clone();
        tables
            .relate(self.other.iter().map(|((entity, field), other)| ((entity.clone(), field.clone()), other.clone())));
        tables
    }

    /// Adds what the declarations of documents say.
    pub(in crate::project) fn refer(&mut self, references: References) {
        self.other.extend(references.other);
        self.several.extend(references.several);
        for (collection, entity) in references.collections {
            self.tables.entry(collection).or_insert(entity);
        }
    }

    /// Adds tables that modules export, by the name of the export. A name that stands for several of them stands for none.
    pub(in crate::project) fn name_tables(&mut self, tables: Vec<(String, String)>) {
        let mut apart: FxHashSet<String> = FxHashSet::default();
        for (name, table) in tables {
            if *self.exported.entry(name.clone()).or_insert_with(|| table.clone()) != table {
                apart.insert(name);
            }
        }
        self.exported.retain(|name, _| !apart.contains(name));
    }

    /// What an entity is compared by: the accessor of a table, where the schema gives it another name, the table that is exported under a name;
    /// the name itself otherwise.
    #[must_use]
    pub fn canonical<'a>(&'a self, entity: &'a str) -> &'a str {
        let entity = self.exported.get(entity).map_or(entity, String::as_str);
        self.tables.get(entity).map_or(entity, String::as_str)
    }

    /// Whether a schema says that rows of an entity may do without a column.
    pub(in crate::project) fn is_optional(&self, entity: &str, column: &str) -> bool {
        self.columns.is_optional(self.canonical(entity), column)
    }

    /// The entity on the other side of a relation.
    pub(in crate::project) fn other_side(&self, entity: &str, field: &str) -> Option<&str> {
        self.other.get(&(entity.to_owned(), field.to_owned())).map(String::as_str)
    }

    /// Whether an entity leads to another one, and never to more than one row of that.
    pub(in crate::project) fn leads_to_one(&self, entity: &str, other: &str) -> bool {
        let mut fields = self.other.iter().filter(|((of, _), to)| of == entity && *to == other).peekable();
        fields.peek().is_some() && fields.all(|(key, _)| self.single.contains(key))
    }

    /// Whether other rows lead to those of an entity, and each to one alone: none of them leads to a row that is new.
    pub(in crate::project) fn is_one_of_others(&self, entity: &str) -> bool {
        let entity = self.canonical(entity);
        let is_it = |other: &String| self.canonical(other) == entity;
        self.other.values().any(is_it) && !self.several.iter().any(is_it)
    }

    /// What an entity is compared by that is exported as a table of this name.
    pub(in crate::project) fn exported(&self, name: &str) -> Option<&str> {
        self.exported.get(name).map(|table| self.canonical(table))
    }

    /// Whether a schema says whose the rows of an entity are.
    pub(in crate::project) fn is_owned(&self, entity: &str) -> bool {
        self.owned.contains(self.canonical(entity))
    }
}

impl Evaluator<'_> {
    /// The tables that modules export: the name of each export, and what it says that the table is called.
    pub(in crate::project) fn exported_tables(&mut self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for (module, described) in (0..).zip(self.world.modules) {
            let facts = &described.facts;
            for export in &facts.exports {
                let ExportKind::Value(value) = export.kind else { continue };
                let Value::Variable(variable) = facts.value(value) else { continue };
                let described = &facts.variables[variable as usize];
                if described.reassigned
                    || described.init == NONE
                    || !matches!(facts.value(described.init), Value::Call(_))
                {
                    continue;
                }
                let term = self.value(module, described.init);
                let entity = self.states_of(term).iter().find_map(|&(_, entity)| entity);
                let table =
                    entity.and_then(|entity| self.text_with_holes(entity)).filter(|table| !table.contains("{}"));
                found.extend(table.map(|table| (facts.text(export.name).to_owned(), table)));
            }
        }
        found
    }
}

/// An entity, and the columns of it that alone are read.
type Other = (String, Option<Vec<String>>);

impl Summaries<'_> {
    /// Adds what a call does to other entities than its own.
    pub(in crate::project) fn related(
        &mut self,
        did: &Did,
        (effect, entity): (Effect, Option<TermId>),
        arguments: &[TermId],
        way: &Way,
        into: &mut Summary,
    ) {
        let mut found: Vec<Other> = Vec::new();
        if let Some(selection) = did.joined.as_ref().and_then(|place| self.eval.at(place, arguments)) {
            let (mut names, text) = (Vec::new(), self.eval.text_with_holes(selection));
            text.iter().for_each(|text| joined(text, &mut names));
            found.extend(names.into_iter().map(|name| (name, None)));
        }
        for place in &did.names {
            let Place::Argument(index, below) = place else { continue };
            let from = arguments.get(*index as usize);
            from.into_iter().for_each(|&from| self.named(from, below, &mut found));
        }
        if let Some(entity) = entity.and_then(|entity| self.eval.text_with_holes(entity)) {
            let path = did.leads.as_ref().and_then(|place| self.eval.at(place, arguments));
            path.into_iter().for_each(|path| self.led_to(&entity, path, DEEPEST, &mut found));
            let ends: Vec<&str> = did.relations.iter().filter_map(last).collect();
            for place in &did.relations {
                let object = self.eval.at(place, arguments);
                object
                    .into_iter()
                    .for_each(|object| self.other_sides(did, (&entity, &ends), object, DEEPEST, &mut found));
            }
        }
        for (other, columns) in found {
            let target = self.eval.terms.add_literal(&other);
            let columns = columns.map(|columns| {
                let columns: Vec<TermId> = columns.iter().map(|column| self.eval.terms.add_literal(column)).collect();
                let list = self.eval.terms.add_list(&columns);
                self.eval.terms.add(Term::Array(list))
            });
            self.add(into, way.event(EventKind::Effect(effect, Some(target), columns)));
        }
    }

    /// The texts at a place below a value; a list stands for each of its elements.
    fn named(&mut self, value: TermId, below: &[String], found: &mut Vec<Other>) {
        match (self.eval.terms.get(value), below.split_first()) {
            (Term::Array(list), _) => {
                let elements = self.eval.terms.list(list).to_vec();
                elements.into_iter().for_each(|element| self.named(element, below, found));
            }
            (_, Some((name, rest))) => {
                let member = self.eval.member(value, name);
                self.named(member, rest, found);
            }
            (Term::Text(text), None) => found.push((self.eval.terms.text(text).to_owned(), None)),
            _ => {}
        }
    }

    /// The entities to which paths lead: `'author'`, `'author tags'`, `['author', { path: 'tags', populate: { path: 'owner' } }]`.
    fn led_to(&mut self, entity: &str, paths: TermId, left: u32, found: &mut Vec<Other>) {
        let Some(left) = left.checked_sub(1) else { return };
        match self.eval.terms.get(self.eval.terms.only(paths)) {
            Term::Text(text) => {
                let fields = self.eval.terms.text(text).split_whitespace();
                found.extend(fields.filter_map(|field| Some((self.beyond(entity, field)?, None))));
            }
            Term::Array(list) => {
                let elements = self.eval.terms.list(list).to_vec();
                elements.into_iter().for_each(|element| self.led_to(entity, element, left, found));
            }
            Term::Object(_) => {
                let values: Vec<TermId> = self.pairs(paths).map(|(_, value)| value).collect();
                // It may say itself what is there.
                let said = values.iter().find_map(|&value| match self.eval.terms.get(value) {
                    Term::Text(field) => self.beyond(entity, self.eval.terms.text(field)),
                    Term::Object(_) | Term::Array(_) => None,
                    _ => {
                        let captured = self.eval.states_of(value).iter().find_map(|&(_, entity)| entity);
                        captured.and_then(|entity| self.eval.text_with_holes(entity))
                    }
                });
                let Some(other) = said else { return };
                for value in values {
                    if matches!(self.eval.terms.get(value), Term::Object(_) | Term::Array(_)) {
                        self.led_to(&other, value, left, found);
                    }
                }
                found.push((other, None));
            }
            _ => {}
        }
    }

    /// The entity to which a field of another one leads.
    fn beyond(&self, entity: &str, field: &str) -> Option<String> {
        let key = (entity.to_owned(), field.to_owned());
        self.eval.world.relations.other.get(&key).cloned()
    }

    /// The entities on the other side of the relations that an object names, and of those below them.
    fn other_sides(
        &self,
        did: &Did,
        (entity, ends): (&str, &[&str]),
        object: TermId,
        left: u32,
        found: &mut Vec<Other>,
    ) {
        let Some(left) = left.checked_sub(1) else { return };
        for (field, value) in self.pairs(object) {
            let key = (entity.to_owned(), field.to_owned());
            let Some(other) = self.eval.world.relations.other.get(&key) else { continue };
            let writes =
                did.verbs.is_empty() || self.pairs(value).any(|(verb, _)| did.verbs.iter().any(|of| of == verb));
            if writes && self.eval.terms.get(value) != Term::Bool(false) {
                let chosen = match &did.columns {
                    Some(Columns::Keys(place)) if did.verbs.is_empty() => last(place),
                    _ => None,
                };
                let columns = self.pairs(value).find(|(key, _)| Some(*key) == chosen);
                let columns =
                    columns.map(|(_, below)| self.pairs(below).map(|(column, _)| column.to_owned()).collect());
                match found.iter_mut().find(|(known, _)| known == other) {
                    Some((_, known)) => {
                        *known = known.take().zip(columns).map(|(one, other): (Vec<_>, Vec<_>)| [one, other].concat())
                    }
                    None => found.push((other.clone(), columns)),
                }
            }
            for (_, below) in self.pairs(value).filter(|(key, _)| ends.contains(key)) {
                self.other_sides(did, (other, ends), below, left, found);
            }
        }
    }

    /// The keys of an object that are written out, with their values.
    fn pairs(&self, object: TermId) -> impl Iterator<Item = (&str, TermId)> {
        let list = match self.eval.terms.get(self.eval.terms.only(object)) {
            Term::Object(list) => self.eval.terms.list(list),
            _ => &[],
        };
        list.chunks_exact(2).filter_map(|pair| match self.eval.terms.get(pair[0]) {
            Term::Text(key) => Some((self.eval.terms.text(key), pair[1])),
            _ => None,
        })
    }
}

/// The last name of a place: `include` of `arg0.include`.
fn last(place: &Place) -> Option<&str> {
    match place {
        Place::Argument(_, below) => below.last().map(String::as_str),
        Place::Fixed(_) => None,
    }
}

/// The tables that a selection names with their own columns behind them: `title, author:users!written_by(name, team(name))`.
fn joined(selection: &str, found: &mut Vec<String>) {
    for (open, _) in selection.match_indices('(') {
        let before = selection[..open].trim_end();
        let start = before.rfind([',', '(', ')']).map_or(0, |at| at + 1);
        let name = before[start..].trim().trim_start_matches('.');
        let name = name.rsplit(':').next().unwrap_or(name).split('!').next().unwrap_or(name).trim();
        let is_name = !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
        // `count()` names no column.
        let is_empty = selection[open + 1..].trim_start().starts_with(')');
        if is_name && !is_empty && !found.iter().any(|known| known == name) {
            found.push(name.to_owned());
        }
    }
}
