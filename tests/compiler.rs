//! What the compiler itself said of every file in `fixtures/oracle`, against what `project::compiler` says of it.

#[path = "support/repository.rs"]
#[expect(dead_code, reason = "the support is shared, and every runner uses another part of it")]
mod repository;

use std::collections::{BTreeMap, BTreeSet};

use edgelint::apps::{Bundler, Version};
use edgelint::extract::extract;
use edgelint::facts::{FileFacts, FileKind};
use edgelint::project::compiler::{ActionKind, Compiled, Layer, Settings, compile};
use edgelint::source::Span;
use serde_json::Value;

/// A line and a column, as the recordings count them: from 1 and from 0.
type Place = (u64, u64);

#[test]
fn webpack_16_4() {
    agrees("webpack-16.4.6");
}

#[test]
fn turbopack_16_4() {
    agrees("turbopack-16.4.6");
}

#[test]
fn webpack_16_1() {
    agrees("webpack-16.1.7");
}

#[test]
fn webpack_16_0() {
    agrees("webpack-16.0.11");
}

#[test]
fn webpack_15_5() {
    agrees("webpack-15.5.29");
}

#[test]
fn webpack_15_0() {
    agrees("webpack-15.0.8");
}

#[test]
fn webpack_14_2() {
    agrees("webpack-14.2.35");
}

#[test]
fn webpack_13_4() {
    agrees("webpack-13.4.19");
}

/// What is not followed: the recording, and the file. A miss that agrees after all fails the test.
const KNOWN: [(&str, &str); 7] = [
    // 15.0 takes `'use cache'` beside `'use server'` for a directive of its own kind.
    ("webpack-15.0.8", "cases/c34_both_directives.ts"),
    ("webpack-15.0.8", "odd/t41_cache_server_file.tsx"),
    // 13.4 registers a parenthesised default export under the name of the export.
    ("webpack-13.4.19", "odd/n27_paren_arrow.ts"),
    ("webpack-13.4.19", "odd/n28_as_arrow.ts"),
    // 13.4 keeps `import type N = require('n')`.
    ("webpack-13.4.19", "odd/t63_after_import_equals.ts"),
    // 14 and 13.4 do not read `export =` beside other exports.
    ("webpack-14.2.35", "cases/d9.ts"),
    ("webpack-13.4.19", "cases/d9.ts"),
];

/// Compares every answer of a recording, and fails with a table of all differences.
fn agrees(recording: &str) {
    let (bundler, version) = recording.split_once('-').expect("a recording is named after bundler and version");
    let settings = Settings {
        bundler: if bundler == "webpack" { Bundler::Webpack } else { Bundler::Turbopack },
        version: Version::exact(version).expect("a recording's version is exact"),
        use_cache: true,
    };
    let sources = sources();
    let text = repository::read(&format!("fixtures/oracle/{recording}.jsonl"));
    let (mut compared, mut table) = (0, String::new());
    for line in text.lines() {
        let answer: Value = serde_json::from_str(line).expect("a recording holds a JSON document a line");
        let file = answer["file"].as_str().expect("every answer names its file");
        let Some(source) = sources.get(file) else { continue };
        let kind = FileKind::of(file).expect("every case is a source file");
        let facts = extract(kind, source);
        let ours = ours(&facts, &settings, answer["layer"] == "client");
        let mut theirs = theirs(&answer);
        if answer["layer"] == "client" {
            // What a client module cannot import is another matter.
            theirs.errors.retain(|(word, _)| *word != "server-import");
        }
        compared += 1;
        let difference = differs(&ours, &theirs);
        if KNOWN.contains(&(recording, file)) {
            assert!(difference.is_some(), "{file} of {recording} is no longer missed");
        } else if let Some(reason) = difference {
            let layer = answer["layer"].as_str().unwrap_or_default();
            table.push_str(&format!("{file} {layer}: {reason}\n  ours   {ours:?}\n  theirs {theirs:?}\n"));
        }
    }
    assert!(compared > 100, "only {compared} answers of {recording} are there");
    let differences = table.lines().count() / 3;
    assert!(table.is_empty(), "{recording}: {differences} of {compared} answers differ\n{table}");
}

/// What is compared.
#[derive(Debug, Default)]
struct Answer {
    /// Name (`None` for an inline one), whether it is a cached function, and its place where that is known.
    actions: Vec<(Option<String>, bool, Option<Place>)>,
    /// What is rejected, and where, as far as that is known.
    errors: BTreeSet<(&'static str, Option<Place>)>,
}

fn sources() -> BTreeMap<String, String> {
    let cases = repository::files("fixtures/oracle/cases").into_iter();
    let mut sources: BTreeMap<String, String> =
        cases.map(|path| (path.trim_start_matches("fixtures/oracle/").to_owned(), repository::read(&path))).collect();
    for section in repository::read("fixtures/oracle/odd.txt").split("=== ").skip(1) {
        let (name, text) = section.split_once('\n').expect("a section has a name");
        sources.insert(format!("odd/{name}"), text.to_owned());
    }
    sources
}

fn ours(facts: &FileFacts, settings: &Settings, client: bool) -> Answer {
    let mut answer = Answer::default();
    // Turbopack's one answer holds what both of its graphs say.
    let layers: &[Layer] = match (settings.bundler, client) {
        (_, true) => &[Layer::Client],
        (Bundler::Webpack, false) => &[Layer::Server],
        (Bundler::Turbopack, false) if is_client(facts) => &[Layer::Server, Layer::Client],
        (Bundler::Turbopack, false) => &[Layer::Server],
    };
    for (index, &layer) in layers.iter().enumerate() {
        let Compiled { actions, rejections } = compile(facts, settings, layer);
        let seen = rejections.iter().filter(|rejection| !rejection.ignored && !rejection.unseen);
        answer.errors.extend(seen.map(|rejection| {
            let kind = rejection.kind.as_str();
            (kind, Some(settled(kind, place(facts, rejection.span))))
        }));
        if index == 0 {
            answer.actions.extend(actions.iter().map(|action| {
                let name = action.name.map(|name| facts.text(name).to_owned());
                (name, action.kind == ActionKind::Cache, Some(place(facts, action.span)))
            }));
        }
    }
    answer.actions.sort();
    answer
}

fn is_client(facts: &FileFacts) -> bool {
    let text = |directive: &edgelint::facts::Directive| facts.text(directive.text).to_owned();
    let opens = |directive: &&edgelint::facts::Directive| directive.kind == edgelint::facts::DirectiveKind::Prologue;
    facts.directives_of(0).filter(opens).map(text).any(|text| text == "use client")
}

fn place(facts: &FileFacts, span: Span) -> Place {
    let position = facts.lines.position(span.start);
    (u64::from(position.line), u64::from(position.column) - 1)
}

/// Of an import the line alone is compared: the compiler points at some statements, and at some names.
fn settled(kind: &str, place: Place) -> Place {
    if kind == "server-import" { (place.0, 0) } else { place }
}

fn theirs(answer: &Value) -> Answer {
    let place = |value: &Value| Some((value["line"].as_u64()?, value["col"].as_u64()?));
    let list = |key: &str| answer[key].as_array().cloned().unwrap_or_default();
    let mut actions: Vec<_> = list("actions")
        .iter()
        .map(|action| (action["name"].as_str().map(str::to_owned), action["cache"] == true, place(action)))
        .collect();
    actions.sort();
    let errors = list("errors")
        .iter()
        .filter_map(|error| {
            let kind = kind(error["message"].as_str().unwrap_or_default())?;
            Some((kind, place(error).map(|place| settled(kind, place))))
        })
        .collect();
    Answer { actions, errors }
}

/// Our word for what the compiler says; `None` for what is not about actions.
fn kind(message: &str) -> Option<&'static str> {
    const WORDS: [(&str, &str); 19] = [
        ("Did you mean", "misspelt"),
        ("directive cannot be wrapped", "parenthesised"),
        ("\"use client\" directive must be placed", "client-misplaced"),
        ("NEXT_RSC_ERR_CLIENT_DIRECTIVE", "client-misplaced"),
        ("directive must be at the top", "misplaced"),
        ("It's not possible to have both", "conflict"),
        ("Conflicting directives", "conflict"),
        ("ust be async functions", "not-async"),
        ("Only async functions are allowed", "not-a-function"),
        ("annotated class instance methods", "instance-method"),
        ("cannot use `this`", "this"),
        ("cannot use `arguments`", "arguments"),
        ("cannot use `super`", "super"),
        ("It is not allowed to define inline", "in-client-module"),
        ("To use \"use cache\"", "cache-disabled"),
        ("importing a ", "server-import"),
        ("You have a Server Component that imports", "server-import"),
        ("NEXT_RSC_ERR_REACT_API", "server-import"),
        ("NEXT_RSC_ERR_SERVER_IMPORT", "server-import"),
    ];
    let ours = !message.contains("This API is ");
    WORDS.iter().find(|(text, _)| ours && message.contains(text)).map(|&(_, word)| word)
}

/// What differs, if anything does: names and kinds, accepted or rejected, and every place that the recording has.
fn differs(ours: &Answer, theirs: &Answer) -> Option<&'static str> {
    let names = |answer: &Answer| -> Vec<(Option<String>, bool)> {
        answer.actions.iter().map(|(name, cache, _)| (name.clone(), *cache)).collect()
    };
    if names(ours) != names(theirs) {
        return Some("actions");
    }
    let lines = |answer: &Answer| -> BTreeSet<Place> { answer.actions.iter().filter_map(|action| action.2).collect() };
    let places = lines(ours);
    if !lines(theirs).iter().all(|place| places.contains(place)) {
        return Some("places of actions");
    }
    if ours.errors.is_empty() != theirs.errors.is_empty() {
        return Some("accepted");
    }
    // We say the first `this` of a function, the compiler says all of them.
    let repeated = |word: &str| matches!(word, "this" | "arguments" | "super");
    let first = |answer: &Answer| -> BTreeMap<&'static str, Option<Place>> {
        answer.errors.iter().rev().filter(|error| repeated(error.0)).copied().collect()
    };
    if first(ours) != first(theirs) || ours.errors.iter().any(|e| repeated(e.0) && !theirs.errors.contains(e)) {
        return Some("errors");
    }
    let unplaced = |(word, _): &(&'static str, Option<Place>)| ours.errors.iter().any(|(other, _)| other == word);
    let placed = |error: &(&'static str, Option<Place>)| match error.1 {
        Some(_) => ours.errors.contains(error),
        None => unplaced(error),
    };
    let counted = |answer: &Answer| answer.errors.iter().filter(|error| !repeated(error.0)).count();
    let all = theirs.errors.iter().filter(|error| !repeated(error.0)).all(placed);
    (!all || counted(ours) != counted(theirs)).then_some("errors")
}
