//! What builds said of route files (`fixtures/exports`), against `invalid-route-export`.

use std::collections::BTreeMap;

use edgelint::analysis::{Analysis, Bundler, Options};
use edgelint::diagnostic::Level;
use edgelint::source::memory;
use serde_json::Value;

use crate::repository;

#[test]
fn next_16_4() {
    agrees("16.4.6");
}

#[test]
fn next_15_5() {
    agrees("15.5.29");
}

#[test]
fn next_14_2() {
    agrees("14.2.35");
}

#[test]
fn next_13_5() {
    agrees("13.5.11");
}

/// What a build takes and that fails all the same when it is asked for: it answers everything with 405, or its second parameter has no
/// `status`. The types of some are not checked, and those of others say nothing.
const FAILS_LATER: [&str; 9] = [
    "app/default-alone/route.ts",
    "app/helper-alone/route.ts",
    "app/js-default-alone/route.js",
    "app/js-lower-alone/route.js",
    "app/js-pages/route.js",
    "app/lower-alone/route.ts",
    "app/pages-response-type/route.ts",
    "app/pages-untyped/route.ts",
    "app/segment-alone/route.ts",
];

fn agrees(version: &str) {
    let cases = sections("cases.txt");
    let found = errors(version, cases.iter().map(|(path, text)| (path.as_str(), text.as_str())), None);
    let mut trees: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for (path, text) in sections("conflicts.txt") {
        let (tree, path) = path.split_once('/').expect("a file lies in a tree");
        trees.entry(tree.to_owned()).or_default().push((path.to_owned(), text));
    }
    let (mut compared, mut table) = (0, String::new());
    for line in repository::read(&format!("fixtures/exports/{version}.jsonl")).lines() {
        let answer: Value = serde_json::from_str(line).expect("an answer is JSON");
        compared += 1;
        let agrees = match (answer["case"].as_str(), answer["conflict"].as_str()) {
            (Some(case), _) => {
                let rejected = answer["rejected"].as_array().is_some_and(|messages| !messages.is_empty());
                let ours = found.contains_key(case);
                ours == rejected || (ours && FAILS_LATER.contains(&case))
            }
            (None, Some(tree)) => {
                let bundler = if answer["bundler"] == "webpack" { Bundler::Webpack } else { Bundler::Turbopack };
                let files = trees[tree].iter().map(|(path, text)| (path.as_str(), text.as_str()));
                answer["failed"] == !errors(version, files, Some(bundler)).is_empty()
            }
            _ => panic!("an answer is about a case or a conflict: {line}"),
        };
        if !agrees {
            table.push_str(&format!("{line}\n"));
        }
    }
    assert!(compared > 40, "only {compared} answers of {version} are there");
    assert!(table.is_empty(), "{version}: {} of {compared} answers differ\n{table}", table.lines().count());
}

fn sections(file: &str) -> Vec<(String, String)> {
    let text = repository::read(&format!("fixtures/exports/{file}"));
    let sections = text.split("=== ").skip(1).map(|section| section.split_once('\n').expect("a section has a name"));
    sections.map(|(path, text)| (path.to_owned(), text.to_owned())).collect()
}

/// The errors of an app, by path.
fn errors<'f>(
    version: &str,
    files: impl Iterator<Item = (&'f str, &'f str)>,
    bundler: Option<Bundler>,
) -> BTreeMap<String, String> {
    let manifest = format!(r#"{{ "dependencies": {{ "next": "{version}" }} }}"#);
    let settings = r#"{ "compilerOptions": { "strict": true } }"#;
    let layout = "export default function Layout({ children }) { return children }";
    let around = [("package.json", manifest.as_str()), ("tsconfig.json", settings), ("app/layout.tsx", layout)];
    let mut all: BTreeMap<String, Vec<u8>> =
        around.into_iter().map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).collect();
    all.extend(files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())));
    let options = Options { select: vec!["invalid-route-export".to_owned()], bundler, ..Options::default() };
    let report = Analysis::new(memory::tree(all)).run(&options, &|_| {});
    let errors = report.diagnostics.iter().filter(|found| found.level == Level::Error);
    errors.map(|found| (report.path(found.primary.place.file).to_owned(), found.message.clone())).collect()
}
