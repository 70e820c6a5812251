//! From a written table to a described one: what cannot be understood is said and left out, and the rest holds.
//!
//! Knows TOML's tables alone; JSON is brought into their form.

use std::borrow::Cow;

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, Error, ValueDeserializer};

use crate::diagnostic::nearest;
use crate::source::Span;

/// How many mistakes of one file are said.
const MOST: usize = 20;

/// A mistake in a file: where and what.
pub(super) type Mistake = (Span, String);

/// The table of a TOML text.
pub(super) fn toml(text: &str) -> Result<Spanned<DeValue<'_>>, Mistake> {
    let table = DeTable::parse(text).map_err(|error| mistake(&error))?;
    let span = table.span();
    Ok(Spanned::new(span, DeValue::Table(table.into_inner())))
}

/// The same for a value of a JSON text that starts at `offset` of its file.
pub(super) fn json<'a>(value: &ast::Value<'a>, offset: usize) -> Option<Spanned<DeValue<'a>>> {
    let range = value.range();
    let span = range.start + offset..range.end + offset;
    let converted = match value {
        ast::Value::StringLit(literal) => DeValue::String(literal.value.clone()),
        ast::Value::NumberLit(literal) => DeValue::parse(literal.value).ok()?.into_inner(),
        ast::Value::BooleanLit(literal) => DeValue::Boolean(literal.value),
        ast::Value::NullKeyword(_) => return None,
        ast::Value::Array(array) => {
            DeValue::Array(array.elements.iter().filter_map(|element| json(element, offset)).collect())
        }
        ast::Value::Object(object) => {
            let mut table = DeTable::new();
            for property in &object.properties {
                let Some(value) = json(&property.value, offset) else { continue };
                let range = property.name.range();
                let name = Cow::Owned(property.name.as_str().to_owned());
                table.insert(Spanned::new(range.start + offset..range.end + offset, name), value);
            }
            DeValue::Table(table)
        }
    };
    Some(Spanned::new(span, converted))
}

/// What a value says, as far as it can be understood. `at_top` knows the keys that stand outside of every table in it.
pub(super) fn decode<T: DeserializeOwned>(
    mut value: Spanned<DeValue<'_>>,
    at_top: impl Fn(&str) -> bool,
) -> (Option<T>, Vec<Mistake>) {
    let mut mistakes = Vec::new();
    let mut removed: Vec<Vec<Step>> = Vec::new();
    while mistakes.len() < MOST {
        match T::deserialize(ValueDeserializer::from(value.clone())) {
            Ok(decoded) => return (Some(decoded), mistakes),
            Err(error) => {
                let way = error.span().and_then(|place| smallest(&value, &place));
                if !way.as_deref().is_some_and(|way| is_gone(&error, way, &removed)) {
                    let (span, message) = mistake(&error);
                    let message = way.as_deref().and_then(|way| misplaced(way, &at_top)).unwrap_or(message);
                    mistakes.push((span, message));
                }
                let Some(way) = way.filter(|way| !way.is_empty()) else { break };
                remove(&mut value, &way);
                match way.last() {
                    // Those behind it move up.
                    Some(Step::Element(_)) => removed.clear(),
                    _ => removed.push(way),
                }
            }
        }
    }
    (None, mistakes)
}

/// What to say of a key of the top that stands in a table: below a `[table]` everything belongs to it.
fn misplaced(way: &[Step], at_top: &impl Fn(&str) -> bool) -> Option<String> {
    let (Step::Key(key), [Step::Key(table), ..]) = way.split_last()? else { return None };
    at_top(key).then(|| format!("`{key}` stands in the table `{table}`; move it above the first `[table]`"))
}

/// Whether an error only misses the key that was taken away before.
fn is_gone(error: &Error, table: &[Step], removed: &[Vec<Step>]) -> bool {
    let key = error.message().strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
    removed.iter().any(|way| match way.split_last() {
        Some((Step::Key(gone), parent)) => key == Some(gone) && parent == table,
        _ => false,
    })
}

/// A step to a value inside another.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    Element(usize),
}

/// The way to the smallest entry that holds a place.
fn smallest(value: &Spanned<DeValue<'_>>, place: &std::ops::Range<usize>) -> Option<Vec<Step>> {
    fn visit(
        value: &Spanned<DeValue<'_>>,
        place: &std::ops::Range<usize>,
        best: &mut Option<(usize, Vec<Step>)>,
        way: &mut Vec<Step>,
    ) {
        let mut try_span = |span: std::ops::Range<usize>, way: &Vec<Step>| {
            let holds = span.start <= place.start && place.end <= span.end;
            if holds && best.as_ref().is_none_or(|(length, _)| span.len() <= *length) {
                *best = Some((span.len(), way.clone()));
            }
        };
        try_span(value.span(), way);
        match value.get_ref() {
            DeValue::Table(table) => {
                for (key, inner) in table {
                    way.push(Step::Key(key.get_ref().to_string()));
                    let span = key.span();
                    if span.start <= place.start && place.end <= span.end {
                        *best = Some((0, way.clone()));
                    }
                    visit(inner, place, best, way);
                    way.pop();
                }
            }
            DeValue::Array(array) => {
                for (index, inner) in array.iter().enumerate() {
                    way.push(Step::Element(index));
                    visit(inner, place, best, way);
                    way.pop();
                }
            }
            _ => {}
        }
    }
    let mut best = None;
    visit(value, place, &mut best, &mut Vec::new());
    best.map(|(_, way)| way)
}

fn remove(value: &mut Spanned<DeValue<'_>>, way: &[Step]) {
    match (value.get_mut(), way) {
        (DeValue::Table(table), [Step::Key(key)]) => {
            table.remove(key.as_str());
        }
        (DeValue::Array(array), [Step::Element(gone)]) => {
            let elements = std::mem::replace(array, DeArray::new());
            let kept = elements.into_iter().enumerate().filter(|(index, _)| index != gone);
            *array = kept.map(|(_, element)| element).collect();
        }
        (DeValue::Table(table), [Step::Key(key), rest @ ..]) => {
            if let Some(inner) = table.get_mut(key.as_str()) {
                remove(inner, rest);
            }
        }
        (DeValue::Array(array), [Step::Element(index), rest @ ..]) => {
            if let Some(inner) = array.get_mut(*index) {
                remove(inner, rest);
            }
        }
        _ => {}
    }
}

/// An error of the reader in the words of the house.
fn mistake(error: &Error) -> Mistake {
    let said = error.message().trim_end_matches('.');
    let span = error.span().map(super::span).unwrap_or_default();
    for (start, what) in [("unknown field `", "key"), ("unknown variant `", "value")] {
        let Some((name, expected)) = said.strip_prefix(start).and_then(|rest| rest.split_once('`')) else { continue };
        let candidates: Vec<&str> = expected.split('`').skip(1).step_by(2).filter(|key| *key != "$schema").collect();
        let hint = match nearest::hint(name, candidates.iter().copied()) {
            hint if hint.is_empty() && !candidates.is_empty() => {
                format!("; it is one of `{}`", candidates.join("`, `"))
            }
            hint => hint,
        };
        return (span, format!("unknown {what} `{name}`{hint}"));
    }
    if let Some(name) = said.strip_prefix("missing field ") {
        return (span, format!("the key {name} is missing"));
    }
    let words = [
        ("expected u32", "expected a number from 0 on"),
        ("a map", "a table"),
        ("a sequence", "an array"),
        ("sequence", "array"),
    ];
    let mut said = words.iter().fold(said.to_owned(), |said, (word, own)| said.replace(word, own));
    if let Some(at) = said.find("expected struct ") {
        said.replace_range(at.., "expected a table");
    }
    let mut letters = said.chars();
    let first = letters.next().map(char::to_lowercase).into_iter().flatten();
    (span, first.chain(letters).collect())
}
