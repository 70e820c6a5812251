//! Tables, and which of their columns hold what nobody but the server needs: passwords and their hashes, the secrets and tokens by which
//! somebody is let in.
//!
//! A column is one by its name and because it holds a text. A table that is about such a thing, an invitation or a key, has it to show it, so
//! that its own is none.

use rustc_hash::FxHashMap;

use super::Project;
use super::audience::words;
use super::evaluate::Evaluator;
use super::modules::{ModuleId, ValueRef};
use super::symbols::Meaning;
use super::terms::{Term, TermId};
use crate::diagnostic::Place;
use crate::facts::{CallKind, FileKind, Op, PropertyKey, Value, ValueId};
use crate::manifest::PrismaSchema;
use crate::models::{Place as At, What};

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    /// Its name, as the program writes it.
    pub(super) name: String,
    /// Where it is declared.
    pub(super) place: Place,
    /// Whether it holds a text.
    pub(super) text: bool,
}

/// The columns of every table, by each name that a program has for it; several where the tree has several tables of one name.
#[derive(Debug, Clone, Default)]
pub(super) struct Tables(FxHashMap<String, Vec<Vec<Column>>>);

/// What a column gives away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// A password, or what is made of one.
    Password,
    /// A secret, a key or a token.
    Token,
}

/// A column that nobody is to be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// Its name.
    pub name: String,
    /// Where it is declared.
    pub place: Place,
    /// What it gives away.
    pub(super) sort: Sort,
}

impl Tables {
    /// The tables of schemas, by accessor.
    pub(super) fn of(schemas: &[PrismaSchema]) -> Self {
        let mut tables = Self::default();
        for (file, model) in schemas.iter().flat_map(PrismaSchema::models) {
            let columns = model.fields.iter().map(|field| Column {
                name: field.name.value.clone(),
                place: Place { file, span: field.name.span },
                text: field.of.value == "String",
            });
            tables.add(model.accessor(), columns.collect());
        }
        tables
    }

    fn add(&mut self, name: String, columns: Vec<Column>) {
        self.0.entry(name).or_default().push(columns);
    }

    /// The columns of a table that nobody is to be given. Of several tables of one name all have them.
    pub(super) fn secrets(&self, entity: &str) -> Vec<Secret> {
        let Some((first, others)) = self.0.get(entity).and_then(|tables| tables.split_first()) else {
            return Vec::new();
        };
        let others: Vec<Vec<Secret>> = others.iter().map(|columns| secrets(entity, columns)).collect();
        let everywhere =
            |secret: &Secret| others.iter().all(|other| other.iter().any(|column| column.name == secret.name));
        secrets(entity, first).into_iter().filter(everywhere).collect()
    }
}

/// Whether a row stands for a person, or for something else that signs in.
fn is_somebody(entity: &[String], columns: &[Column]) -> bool {
    const PEOPLE: [&str; 12] = [
        "user", "account", "admin", "customer", "member", "employee", "author", "profile", "person", "student", "owner",
        "credential",
    ];
    let named = |word: &String| PEOPLE.iter().any(|people| word.trim_end_matches('s') == *people);
    let signs_in = |column: &Column| {
        words(&column.name).iter().any(|word| matches!(word.as_str(), "email" | "username" | "login"))
    };
    entity.iter().any(named) || columns.iter().any(signs_in)
}

/// Whether a table is about a secret: whoever asks for its rows wants it.
fn is_about_it(entity: &[String]) -> bool {
    const ABOUT: [&str; 20] = [
        "token", "key", "secret", "password", "otp", "verification", "invite", "invitation", "reset", "link", "share", "webhook",
        "hook", "postback", "cart", "notification", "subscription", "unsubscribe", "magic", "device",
    ];
    entity.iter().any(|word| ABOUT.iter().any(|about| word.trim_end_matches('s') == *about))
}

fn secrets(entity: &str, columns: &[Column]) -> Vec<Secret> {
    let entity = words(entity);
    let (somebody, about) = (is_somebody(&entity, columns), is_about_it(&entity));
    let found = columns.iter().filter(|column| column.text).filter_map(|column| {
        let sort = sort(&column.name, columns)?;
        let counts = match sort {
            Sort::Password => somebody,
            Sort::Token => !about,
        };
        counts.then(|| Secret { name: column.name.clone(), place: column.place, sort })
    });
    found.collect()
}

/// What a column gives away, by its name.
fn sort(name: &str, columns: &[Column]) -> Option<Sort> {
    let words = words(name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    let (&last, before) = words.split_last()?;
    // What is about a secret, and not the secret itself.
    const BESIDE: [&str; 26] = [
        "id", "at", "on", "url", "uri", "type", "name", "hint", "prefix", "suffix", "expiry", "expires", "expiration", "status", "count",
        "label", "preview", "masked", "partial", "public", "last", "provider", "version", "reason", "endpoint", "scope",
    ];
    if has(&BESIDE) && words != ["id", "token"] {
        return None;
    }
    if matches!(last, "salt") || has(&["password", "passwd", "passphrase", "pwd"]) {
        return Some(Sort::Password);
    }
    if words == ["hash"] || words == ["hashed"] {
        // The hash of a file stands beside no sign-in.
        let signs_in = |column: &Column| matches!(column.name.as_str(), "salt" | "email" | "username");
        return columns.iter().any(signs_in).then_some(Sort::Password);
    }
    let known = |word: &str| columns.iter().any(|column| self::words(&column.name) == [word, "id"]);
    let token = match last {
        "secret" => before != ["client"] || known("client"),
        // What names a place in a list, a device or a thing to be done once is no key to anything.
        "token" => {
            let harmless = [
                "page", "next", "sync", "cursor", "push", "device", "fcm", "expo", "idempotency", "share", "csrf", "invite", "design",
                "account", "cancel", "unsubscribe", "tracking", "continuation",
            ];
            if before.is_empty() { signs_in(columns) } else { !has(&harmless) }
        }
        "key" => has(&["api", "private", "secret", "signing", "encryption", "hashed", "access"]),
        "hash" => has(&["token", "key", "secret"]) && !has(&["cancel", "object", "request"]),
        "codes" | "code" => has(&["backup", "recovery"]),
        _ => false,
    };
    token.then_some(Sort::Token)
}

/// Whether a bare `token` stands beside what somebody signs in with.
fn signs_in(columns: &[Column]) -> bool {
    columns.iter().any(|column| words(&column.name).iter().any(|word| matches!(word.as_str(), "password" | "username")))
}

impl Project {
    /// The tables of the tree: those of the schemas, and those that the program declares.
    pub(super) fn tables(&self, eval: &mut Evaluator<'_>) -> Tables {
        let mut tables = self.relations.tables_of_schemas().clone();
        for (module, here) in self.modules().filter(|(_, module)| module.facts.kind != FileKind::Rust) {
            let packages = here.facts.imports.iter().any(|import| self.models.root(here.facts.text(import.source)).is_some());
            if !packages {
                continue;
            }
            for (value, written) in (0..).zip(&here.facts.values) {
                if let Value::Call(call) = *written
                    && here.facts.calls[call as usize].kind == CallKind::Plain
                {
                    self.declared(eval, module, value, &mut tables);
                }
            }
        }
        tables
    }

    /// Adds the table that a call declares, under its name in the database and under the variable's that holds it.
    fn declared(&self, eval: &mut Evaluator<'_>, module: ModuleId, value: ValueId, tables: &mut Tables) {
        let facts = &self.module(module).facts;
        let Value::Call(call) = facts.value(value) else { return };
        let call = facts.calls[call as usize];
        let callee = eval.value(module, call.callee);
        let models = eval.world.models;
        let states = eval.states_of(callee);
        let mut meanings = states.iter().flat_map(|&(node, _)| models.meanings(node));
        let Some(declares) = meanings.find_map(|meaning| match &meaning.what {
            What::Declares(declares) => Some(declares),
            _ => None,
        }) else {
            return;
        };
        let arguments = facts.list(call.arguments);
        let At::Argument(place, _) = declares.columns else { return };
        let Some(object) = arguments.get(place as usize).and_then(|&written| self.object_of(module, written)) else {
            return;
        };
        let columns = self.columns_in(eval, object, callee);
        let named = declares.captures.and_then(|index| arguments.get(index as usize)).and_then(|&name| {
            let name = eval.value(module, name);
            eval.text_with_holes(name)
        });
        let held = facts.variables.iter().find(|variable| variable.init == value);
        let held = held.map(|variable| facts.text(variable.name).to_owned());
        if held != named {
            held.into_iter().for_each(|name| tables.add(name, columns.clone()));
        }
        named.into_iter().for_each(|name| tables.add(name, columns.clone()));
    }

    /// The object that a value is, or that a function gives which stands in its place.
    fn object_of(&self, module: ModuleId, value: ValueId) -> Option<ValueRef> {
        let facts = &self.module(module).facts;
        match facts.value(value) {
            Value::Object(_) => Some(ValueRef { module, value }),
            Value::Function(function) => facts.body(function).iter().find_map(|step| match step.op {
                Op::Return(value) => self.object_of(module, value),
                _ => None,
            }),
            _ => match self.follow().value(module, value) {
                Meaning::Value(found) if matches!(self.module(found.module).facts.value(found.value), Value::Object(_)) => {
                    Some(found)
                }
                _ => None,
            },
        }
    }

    fn columns_in(&self, eval: &mut Evaluator<'_>, object: ValueRef, table: TermId) -> Vec<Column> {
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
                text: eval.is_text_column(made, table),
            }
        });
        columns.collect()
    }
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
}
