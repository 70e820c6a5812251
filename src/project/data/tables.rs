//! The tables of a tree with their columns and relations: those of the schemas of its database clients, and those that the program declares.

use rustc_hash::FxHashMap;

use super::credentials::{Secret, secrets};
use crate::diagnostic::Place;
use crate::facts::{CallKind, FileFacts, FileKind, Op, PropertyKey, Value, ValueId};
use crate::manifest::PrismaSchema;
use crate::models::{Declares, Place as At, Relates, What};
use crate::project::Project;
use crate::project::program::modules::{ModuleId, ValueRef};
use crate::project::program::symbols::{Binding, Meaning};
use crate::project::values::evaluate::Evaluator;
use crate::project::values::terms::{Term, TermId};

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::project) struct Column {
    /// Its name, as the program writes it.
    pub(in crate::project) name: String,
    /// Where it is declared.
    pub(in crate::project) place: Place,
    /// Whether it holds a text.
    pub(in crate::project) text: bool,
    /// Whether a row may do without it, as far as a schema says so.
    pub(in crate::project) optional: bool,
}

/// The tables by each name that a program has for them, and what leads from one to others.
#[derive(Debug, Clone, Default)]
pub(in crate::project) struct Tables {
    /// The columns; several where the tree has several tables of one name.
    columns: FxHashMap<String, Vec<Vec<Column>>>,
    /// By name and field: the name of the table on the other side.
    other: FxHashMap<(String, String), String>,
    /// The names of the variables that hold tables, by the names in the database.
    held: FxHashMap<String, Vec<String>>,
}

impl Tables {
    /// The tables of schemas, by accessor.
    pub(in crate::project) fn of(schemas: &[PrismaSchema]) -> Self {
        let mut tables = Self::default();
        for (file, model) in schemas.iter().flat_map(PrismaSchema::models) {
            let columns = model.fields.iter().map(|field| Column {
                name: field.name.value.clone(),
                place: Place { file, span: field.name.span },
                text: field.of.value == "String",
                optional: field.optional,
            });
            tables.add(model.accessor(), columns.collect());
        }
        tables
    }

    fn add(&mut self, name: String, columns: Vec<Column>) {
        self.columns.entry(name).or_default().push(columns);
    }

    /// Adds relations: from a table, by a field, to another table.
    pub(in crate::project) fn relate(&mut self, relations: impl Iterator<Item = ((String, String), String)>) {
        self.other.extend(relations);
    }

    /// The table on the other side of a relation.
    pub(in crate::project) fn other_side(&self, entity: &str, field: &str) -> Option<&str> {
        self.other.get(&(entity.to_owned(), field.to_owned())).map(String::as_str)
    }

    /// Whether rows of a table may do without a column.
    pub(in crate::project) fn is_optional(&self, entity: &str, name: &str) -> bool {
        let mut columns = self.columns.get(entity).into_iter().flatten().flatten();
        columns.any(|column| column.name == name && column.optional)
    }

    /// The columns of a table that nobody is to be given. Of several tables of one name all have them.
    pub(in crate::project) fn secrets(&self, entity: &str) -> Vec<Secret> {
        let Some((first, others)) = self.columns.get(entity).and_then(|tables| tables.split_first()) else {
            return Vec::new();
        };
        let others: Vec<Vec<Secret>> = others.iter().map(|columns| secrets(entity, columns)).collect();
        let everywhere =
            |secret: &Secret| others.iter().all(|other| other.iter().any(|column| column.name == secret.name));
        secrets(entity, first).into_iter().filter(everywhere).collect()
    }
}

impl Project {
    /// The tables of the tree.
    pub(in crate::project) fn tables(&self, eval: &mut Evaluator<'_>) -> Tables {
        let mut tables = self.relations.tables_of_schemas();
        let mut relations = Vec::new();
        for (module, here) in self.modules().filter(|(_, module)| module.facts.kind != FileKind::Rust) {
            let facts = &here.facts;
            if !facts.imports.iter().any(|import| self.models.root(facts.text(import.source)).is_some()) {
                continue;
            }
            for (value, written) in (0..).zip(&facts.values) {
                let Value::Call(call) = *written else { continue };
                let call = facts.calls[call as usize];
                if call.kind != CallKind::Plain || call.arguments.len < 2 {
                    continue;
                }
                let callee = eval.value(module, call.callee);
                let models = eval.world.models;
                for &(node, _) in eval.states_of(callee).iter() {
                    for meaning in models.meanings(node) {
                        match &meaning.what {
                            What::Declares(declares) => self.declared(eval, (module, value), declares, &mut tables),
                            What::Relates(relates) => relations.push(((module, value), relates)),
                            _ => {}
                        }
                    }
                }
            }
        }
        for (at, relates) in relations {
            self.related(eval, at, relates, &mut tables);
        }
        tables
    }

    /// The callee of a call, and what it is handed.
    fn handed(&self, eval: &mut Evaluator<'_>, (module, value): (ModuleId, ValueId)) -> Option<(TermId, &[ValueId])> {
        let facts = &self.module(module).facts;
        let Value::Call(call) = facts.value(value) else { return None };
        let call = facts.calls[call as usize];
        Some((eval.value(module, call.callee), facts.list(call.arguments)))
    }

    /// Adds the table that a call declares, under its name in the database and under the variable's that holds it.
    fn declared(&self, eval: &mut Evaluator<'_>, at: (ModuleId, ValueId), declares: &Declares, tables: &mut Tables) {
        let Some((callee, arguments)) = self.handed(eval, at) else { return };
        let facts = &self.module(at.0).facts;
        let At::Argument(place, _) = declares.columns else { return };
        let object = arguments.get(place as usize).and_then(|&written| self.object_of(at.0, written));
        let Some(object) = object else { return };
        let columns = self.columns_in(eval, object, callee, declares);
        let named = declares.captures.and_then(|index| arguments.get(index as usize)).and_then(|&name| {
            let name = eval.value(at.0, name);
            eval.text_with_holes(name)
        });
        let Some(named) = named else { return };
        let held = facts.variables.iter().find(|variable| variable.init == at.1);
        let held = held.map(|variable| facts.text(variable.name).to_owned()).filter(|held| *held != named);
        if let Some(held) = held {
            tables.add(held.clone(), columns.clone());
            tables.held.entry(named.clone()).or_default().push(held);
        }
        tables.add(named, columns);
    }

    /// Adds what a call says of the relations of a table.
    fn related(&self, eval: &mut Evaluator<'_>, at: (ModuleId, ValueId), relates: &Relates, tables: &mut Tables) {
        let Some((_, arguments)) = self.handed(eval, at) else { return };
        let At::Argument(place, _) = relates.fields else { return };
        let mut table = |module: ModuleId, written: Option<&ValueId>| {
            let term = eval.value(module, *written?);
            let entity = eval.entity_of(Some(term))?;
            eval.text_with_holes(entity)
        };
        let Some(one) = table(at.0, relates.captures.and_then(|index| arguments.get(index as usize))) else { return };
        let fields = arguments.get(place as usize).and_then(|&written| self.object_of(at.0, written));
        let Some(fields) = fields else { return };
        let facts = &self.module(fields.module).facts;
        let Value::Object(list) = facts.value(fields.value) else { return };
        for property in facts.properties(list) {
            let (PropertyKey::Named(name), Value::Call(call)) = (property.key, facts.value(property.value)) else {
                continue;
            };
            let other = table(fields.module, facts.list(facts.calls[call as usize].arguments).first());
            let Some(other) = other else { continue };
            let names = tables.held.get(&one).into_iter().flatten().chain([&one]);
            let field = facts.text(name).to_owned();
            let pairs: Vec<_> = names.map(|name| ((name.clone(), field.clone()), other.clone())).collect();
            tables.relate(pairs.into_iter());
        }
    }

    /// The object that a value is, that a function gives which stands in its place, or that something is made of.
    fn object_of(&self, module: ModuleId, value: ValueId) -> Option<ValueRef> {
        let facts = &self.module(module).facts;
        match facts.value(value) {
            Value::Object(_) => Some(ValueRef { module, value }),
            Value::Cast(inner, _) => self.object_of(module, inner),
            Value::Function(function) => facts.body(function).iter().find_map(|step| match step.op {
                Op::Return(value) => self.object_of(module, value),
                _ => None,
            }),
            Value::Call(call) => {
                let call = facts.calls[call as usize];
                // Whoever writes down what is made of it may leave columns out of that.
                let made = call.kind == CallKind::New && !says_json(facts);
                made.then(|| facts.list(call.arguments).first())
                    .flatten()
                    .and_then(|&first| self.object_of(module, first))
            }
            _ => {
                let mut held = None;
                let meaning = self.follow().watch(module, value, &mut |binding| {
                    if let Binding::Variable(module, variable) = binding {
                        held = Some((module, variable));
                    }
                });
                if let Some((home, variable)) = held {
                    let init = self.module(home).facts.variables[variable as usize].init;
                    return if (home, init) == (module, value) { None } else { self.object_of(home, init) };
                }
                match meaning {
                    Meaning::Value(found) if (found.module, found.value) != (module, value) => {
                        self.object_of(found.module, found.value)
                    }
                    _ => None,
                }
            }
        }
    }

    fn columns_in(
        &self,
        eval: &mut Evaluator<'_>,
        object: ValueRef,
        table: TermId,
        declares: &Declares,
    ) -> Vec<Column> {
        let here = self.module(object.module);
        let Value::Object(list) = here.facts.value(object.value) else { return Vec::new() };
        let named = here.facts.properties(list).iter().filter_map(|property| match property.key {
            PropertyKey::Named(name) => Some((name, property)),
            _ => None,
        });
        let columns = named.map(|(name, property)| {
            let made = eval.value(object.module, property.value);
            Column {
                name: here.facts.text(name).to_owned(),
                place: here.place(property.span),
                text: eval.is_text_column(made, table) || eval.is_text_field(made, declares),
                optional: false,
            }
        });
        columns.collect()
    }
}

/// Whether a file says what something is as JSON.
fn says_json(facts: &FileFacts) -> bool {
    let keys = facts.properties.iter().any(|property| match property.key {
        PropertyKey::Named(name) => facts.text(name) == "toJSON",
        _ => false,
    });
    keys || facts.values.iter().any(|value| match *value {
        Value::Member(_, name) | Value::Str(name) => facts.text(name) == "toJSON",
        _ => false,
    })
}

impl Evaluator<'_> {
    /// Whether a column holds a text, by the call that its chain starts with. A builder that a function is handed has what the package of the
    /// table exports.
    fn is_text_column(&mut self, column: TermId, table: TermId) -> bool {
        let mut at = column;
        let mut callee = None;
        loop {
            at = match self.terms.get(at) {
                Term::Called(inner, _, _) => {
                    callee = Some(inner);
                    inner
                }
                Term::Member(inner, _) | Term::As(inner, _, _) | Term::Of(inner, _, _) => inner,
                _ => break,
            };
        }
        let Some(callee) = callee else { return false };
        let models = self.world.models;
        let mut nodes: Vec<u32> = self.states_of(callee).iter().map(|&(node, _)| node).collect();
        if let (Term::Member(_, name), Term::Parameter(..)) = (self.terms.get(callee), self.terms.root(callee))
            && let Term::Package(specifier, _) = self.terms.root(table)
            && let Some(root) = models.root(self.terms.text(specifier))
        {
            models.member(root, self.terms.text(name), &mut |node, _| nodes.push(node));
        }
        nodes.iter().any(|&node| models.meanings(node).iter().any(|meaning| meaning.what == What::Text))
    }

    /// Whether a field that is a type, or an object that says one, holds a text and is read without being asked for.
    fn is_text_field(&mut self, field: TermId, declares: &Declares) -> bool {
        let Some(kind) = &declares.kind else { return false };
        let is_text = |this: &Self, term: TermId| matches!(this.terms.get(term), Term::Global(name) if this.terms.text(name) == "String");
        if !matches!(self.terms.get(field), Term::Object(_)) {
            return is_text(self, field);
        }
        let of = self.member(field, kind);
        let read = declares.read.as_ref().map(|key| self.member(field, key));
        is_text(self, of) && !read.is_some_and(|read| self.terms.get(read) == Term::Bool(false))
    }
}
