//! The pinned reports held against what their formats document: fields, elements and values that a reader understands, and none
//! besides. SARIF has a published schema, and is held against that one where it is pinned.

use std::collections::BTreeSet;

use roxmltree::{Document, Node};
use serde_json::{Value, json};

#[path = "support/repository.rs"]
#[expect(dead_code, reason = "the support is shared, and this runner uses a part of it")]
mod repository;

fn pinned(name: &str) -> String {
    repository::read(&format!("tests/snapshots/reporters/{name}"))
}

/// An object of these required and these optional fields, and no others.
fn object(required: Value, optional: Value) -> Value {
    let mut properties = required.as_object().cloned().unwrap_or_default();
    let names: Vec<String> = properties.keys().cloned().collect();
    properties.extend(optional.as_object().cloned().unwrap_or_default());
    json!({ "type": "object", "properties": properties, "required": names, "additionalProperties": false })
}

fn list(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

/// Holds a document against a description, and a document with each of its fields misspelt against it in vain.
fn holds(name: &str, description: &Value) {
    let validator = jsonschema::draft202012::new(description).expect("the description is a schema");
    let text = pinned(name);
    let document: Value = serde_json::from_str(&text).expect("the report is JSON");
    let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{name}: {errors:#?}");
    let fields: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix('"')?.split_once("\": "))
        .map(|(field, _)| field)
        .collect();
    for field in fields {
        let wrong = text.replace(&format!("\"{field}\": "), &format!("\"{field}s\": "));
        let wrong = serde_json::from_str(&wrong).expect("it is JSON still");
        assert!(!validator.is_valid(&wrong), "{name}: `{field}s` is taken for a field");
    }
}

#[test]
fn gitlab_reads_every_field() {
    let line = json!({ "type": "integer", "minimum": 1 });
    let lines = object(json!({ "begin": line }), json!({ "end": line }));
    // A path that starts with `./` or `/` is not found in the repository.
    let path = json!({ "type": "string", "pattern": "^[^./]" });
    let issue = object(
        json!({
            "description": { "type": "string", "minLength": 1 },
            "check_name": { "type": "string" },
            "fingerprint": { "type": "string", "minLength": 1 },
            "severity": { "enum": ["info", "minor", "major", "critical", "blocker"] },
            "location": object(json!({ "path": path, "lines": lines }), json!({})),
        }),
        json!({}),
    );
    holds("gitlab.json", &list(issue));
    let issues: Vec<Value> = serde_json::from_str(&pinned("gitlab.json")).expect("it was read above");
    let fingerprints: BTreeSet<&str> = issues.iter().filter_map(|issue| issue["fingerprint"].as_str()).collect();
    assert_eq!(fingerprints.len(), issues.len(), "of issues with one fingerprint, the first alone is shown");
}

#[test]
fn reviewdog_reads_every_field() {
    let number = json!({ "type": "integer", "minimum": 1 });
    let position = object(json!({ "line": number }), json!({ "column": number }));
    let range = object(json!({ "start": position }), json!({ "end": position }));
    let text = json!({ "type": "string" });
    let location = object(json!({ "path": text }), json!({ "range": range }));
    let source = object(json!({ "name": text }), json!({ "url": text }));
    let severity = json!({ "enum": ["ERROR", "WARNING", "INFO"] });
    let diagnostic = object(
        json!({ "message": text, "location": location }),
        json!({
            "severity": severity,
            "source": source,
            "code": object(json!({ "value": text }), json!({ "url": text })),
            "suggestions": list(object(json!({ "range": range, "text": text }), json!({}))),
            "related_locations": list(object(json!({ "location": location }), json!({ "message": text }))),
        }),
    );
    holds("rdjson.json", &object(json!({ "diagnostics": list(diagnostic) }), json!({ "source": source })));
}

/// An element: its name, the attributes that it must and that it may have, and the elements in it.
type Element = (&'static str, &'static [&'static str], &'static [&'static str], &'static [&'static str]);

const JUNIT: &[Element] = &[
    ("testsuites", &["tests", "failures"], &["name", "errors", "skipped", "time"], &["testsuite"]),
    ("testsuite", &["name", "tests", "failures"], &["errors", "skipped", "time", "timestamp"], &["testcase"]),
    ("testcase", &["name", "classname"], &["file", "line", "time"], &["failure", "error", "skipped", "system-out"]),
    ("failure", &["message"], &["type"], &[]),
    ("system-out", &[], &[], &[]),
];

const CHECKSTYLE: &[Element] = &[
    ("checkstyle", &["version"], &[], &["file"]),
    ("file", &["name"], &[], &["error"]),
    ("error", &["line", "severity", "message"], &["column", "source"], &[]),
];

fn check(node: Node, elements: &[Element]) {
    let name = node.tag_name().name();
    let described = elements.iter().find(|element| element.0 == name);
    let (_, required, optional, inside) = described.unwrap_or_else(|| panic!("no reader knows `{name}`"));
    let attributes: Vec<&str> = node.attributes().map(|attribute| attribute.name()).collect();
    assert!(required.iter().all(|wanted| attributes.contains(wanted)), "{name}: {attributes:?}");
    assert!(attributes.iter().all(|own| required.contains(own) || optional.contains(own)), "{name}: {attributes:?}");
    for child in node.children().filter(Node::is_element) {
        assert!(inside.contains(&child.tag_name().name()), "{name} holds {}", child.tag_name().name());
        check(child, elements);
    }
}

#[test]
fn readers_of_xml_know_every_element() {
    for (name, elements) in [("junit.xml", JUNIT), ("checkstyle.xml", CHECKSTYLE)] {
        let text = pinned(name);
        let document = Document::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(document.root_element().tag_name().name(), elements[0].0);
        check(document.root_element(), elements);
        let count = |name| document.descendants().filter(|node| node.has_tag_name(name)).count();
        assert!(count("failure") + count("error") > 1, "{text}");
        for node in document.descendants() {
            let known =
                node.attribute("severity").is_none_or(|word| ["ignore", "info", "warning", "error"].contains(&word));
            assert!(known, "{node:?}");
            for number in ["line", "column", "tests", "failures", "errors", "skipped"] {
                assert!(node.attribute(number).is_none_or(|text| text.parse::<u32>().is_ok()), "{number}: {node:?}");
            }
        }
    }
}

#[test]
fn github_reads_every_property() {
    let text = pinned("github.txt");
    assert!(text.lines().count() > 2, "{text}");
    for line in text.lines() {
        let command = line.strip_prefix("::").unwrap_or_else(|| panic!("{line}"));
        let (head, data) = command.split_once("::").unwrap_or_else(|| panic!("{line}"));
        let (name, properties) = head.split_once(' ').unwrap_or_else(|| panic!("{line}"));
        assert!(["error", "warning", "notice"].contains(&name) && !data.is_empty(), "{line}");
        let properties: Vec<(&str, &str)> = properties.split(',').filter_map(|part| part.split_once('=')).collect();
        let names: Vec<&str> = properties.iter().map(|(name, _)| *name).collect();
        let known = ["file", "line", "endLine", "col", "endColumn", "title"];
        assert!(names.iter().all(|name| known.contains(name)) && names.starts_with(&known[..3]), "{line}");
        let of = |wanted| properties.iter().find(|(name, _)| *name == wanted).map(|(_, value)| *value);
        assert!(of("col").is_none() || of("line") == of("endLine"), "columns belong to one line: {line}");
        assert!(properties.iter().all(|(_, value)| !value.contains(':')), "{line}");
    }
}
