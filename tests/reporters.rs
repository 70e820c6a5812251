//! One report in every format that other programs read, pinned; and each held against what its format demands.

use std::process::Command;
use std::sync::Arc;

use edgelint::analysis::{Report, Stats, Summary, Suppressed};
use edgelint::diagnostic::{Diagnostic, Edit, Fix, Label, Level, Place, Status, fingerprint::Identity};
use edgelint::report::{self, Format, PageFormat};
use edgelint::rules;
use edgelint::source::{Span, Tree, memory};
use serde_json::{Value, json};

#[path = "support/repository.rs"]
#[expect(dead_code, reason = "the support is shared, and this runner uses a part of it")]
mod repository;

const ROUTE: &str = "\
import { createInvoice } from '@/app/actions'

export async function POST(request: Request) {
  const größe = '名前'; await createInvoice(await request.json(), größe)
}
";
const ACTIONS: &str = "'use server'\n\nexport async function createInvoice(data: Invoice) {\n  await insert(data)\n}\n";
/// A path that every format has to write in its own way.
const ODD: &str = "app/(shop)/[id]/50%, <größe> & \"more\":a.ts";

const SARIF: Format = Format::Sarif { suppressed: false };

const FORMATS: [(Format, &str); 9] = [
    (Format::Human, "human.txt"),
    (Format::Compact, "compact.txt"),
    (Format::Json, "json.json"),
    (SARIF, "sarif.json"),
    (Format::Github, "github.txt"),
    (Format::Gitlab, "gitlab.json"),
    (Format::Junit, "junit.xml"),
    (Format::Checkstyle, "checkstyle.xml"),
    (Format::Rdjson, "rdjson.json"),
];

fn place(tree: &Tree, path: &str, words: &str) -> Place {
    let file = tree.find(path).expect("the test names its own file");
    let start = tree.read_text(path).expect("the file is in memory").find(words).expect("the words are there");
    let end = start + words.len();
    Place { file, span: Span::new(u32::try_from(start).expect("small"), u32::try_from(end).expect("small")) }
}

/// A finding with a way and two fixes, one of several lines at an odd path, and a note with nothing.
fn findings(tree: &Tree) -> Vec<Diagnostic> {
    let label = |path, words, message: &str| Label::new(place(tree, path, words), message);
    let route = "app/api/hook/route.ts";
    let edit = |path, words, text: &str| Edit { place: place(tree, path, words), text: text.to_owned() };
    let fix = |title: &str, edits| Fix { title: title.to_owned(), safe: false, edits };
    let way = Diagnostic {
        rule: "action-called-externally",
        level: Level::Warning,
        status: Status::Stable,
        app: Some(String::new()),
        message: "route handler `POST` calls the server action `createInvoice`".to_owned(),
        primary: label(route, "createInvoice(await request.json(), größe)", "called from a route handler"),
        trail: vec![
            label("app/actions.ts", "createInvoice(data", "the action"),
            label("app/actions.ts", "insert(data)", ""),
        ],
        help: Some("move the body of `createInvoice` to a server-only function that both call".to_owned()),
        fixes: vec![
            fix("call `insert`", vec![edit(route, "createInvoice(await", "insert(await")]),
            fix("both", vec![edit(route, "POST", "GET"), edit("app/actions.ts", "insert", "add")]),
        ],
        identity: Identity::default(),
        causes: Vec::new(),
    };
    let odd = Diagnostic {
        level: Level::Error,
        message: "100 % of <b> & \"c\" 'd', e: f".to_owned(),
        primary: label(ODD, "two\nthree", "over\nlines"),
        trail: Vec::new(),
        help: None,
        fixes: Vec::new(),
        ..way.clone()
    };
    let note = Diagnostic {
        level: Level::Note,
        status: Status::Preview,
        app: None,
        message: "a note".to_owned(),
        primary: label(ODD, "one", ""),
        ..odd.clone()
    };
    vec![note, odd, way]
}

fn report(findings: fn(&Tree) -> Vec<Diagnostic>) -> Report {
    let files = [("app/actions.ts", ACTIONS), ("app/api/hook/route.ts", ROUTE), (ODD, "one\ntwo\nthree\n")];
    let tree = memory::tree(files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())));
    let diagnostics = findings(&tree);
    Report::new(Arc::new(tree), Vec::new(), diagnostics, Vec::new(), Summary::default(), Stats::default())
}

/// The same findings: the first is in the baseline, and a comment holds back the last.
fn partly_suppressed() -> Report {
    let mut report = report(findings);
    report.known.push(report.diagnostics.remove(0));
    let comment = place(report.tree(), "app/api/hook/route.ts", "größe = '名前'");
    let diagnostic = report.diagnostics.pop().expect("there are three");
    report.suppressed.push(Suppressed { diagnostic, reason: "until \"March\"".to_owned(), comment });
    report
}

fn written(report: &Report, format: Format) -> String {
    let mut out = Vec::new();
    report::check(report, format, false, &mut out).expect("memory takes everything");
    String::from_utf8(out).expect("reports are UTF-8")
}

fn document(report: &Report, format: Format) -> Value {
    serde_json::from_str(&written(report, format)).expect("the document is JSON")
}

/// A SARIF log without what changes with every rule and every page.
fn settled(mut log: Value) -> Value {
    let run = &mut log["runs"][0];
    for result in run["results"].as_array_mut().expect("a list") {
        result.as_object_mut().expect("an object").shift_remove("ruleIndex");
    }
    let rules = run["tool"]["driver"]["rules"].as_array_mut().expect("a list");
    rules.retain(|rule| rule["id"] == "action-called-externally");
    for rule in rules {
        rule["help"] = json!("…");
    }
    log
}

#[test]
fn every_format_says_the_same_as_before() {
    let report = report(findings);
    let mut different = Vec::new();
    for (format, name) in FORMATS {
        let path = format!("tests/snapshots/reporters/{name}");
        let text = match format {
            Format::Sarif { .. } => settled(document(&report, format)),
            Format::Json | Format::Gitlab | Format::Rdjson => document(&report, format),
            _ => Value::Null,
        };
        let text = if text.is_null() { written(&report, format) } else { format!("{text:#}\n") };
        if repository::blessing() {
            repository::write(&path, &text);
        } else if repository::read(&path) != text {
            different.push(format!("{path}; BLESS=1 accepts:\n{text}"));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn xml_is_well_formed_and_says_what_was_meant() {
    let (full, empty) = (report(findings), report(|_| Vec::new()));
    for (format, root) in [(Format::Junit, "testsuites"), (Format::Checkstyle, "checkstyle")] {
        for report in [&full, &empty] {
            let text = written(report, format);
            let document = roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{error}:\n{text}"));
            assert_eq!(document.root_element().tag_name().name(), root);
        }
    }
    let junit = written(&full, Format::Junit);
    let document = roxmltree::Document::parse(&junit).expect("it was read above");
    let all = |name| document.descendants().filter(move |node| node.has_tag_name(name)).collect::<Vec<_>>();
    let sum = |attribute| {
        let counts = all("testsuite").into_iter().filter_map(|suite| suite.attribute(attribute)?.parse::<usize>().ok());
        counts.sum::<usize>().to_string()
    };
    let root = document.root_element();
    assert_eq!(root.attribute("tests"), Some(sum("tests").as_str()));
    assert_eq!(root.attribute("failures"), Some(sum("failures").as_str()));
    assert_eq!((all("testcase").len(), all("failure").len()), (3, 2));
    assert_eq!(all("failure")[0].attribute("message"), Some("100 % of <b> & \"c\" 'd', e: f"));
    assert!(written(&empty, Format::Junit).contains("tests=\"1\" failures=\"0\""));
    let checkstyle = written(&full, Format::Checkstyle);
    let document = roxmltree::Document::parse(&checkstyle).expect("it was read above");
    let names: Vec<_> = document.descendants().filter_map(|node| node.attribute("name")).collect();
    assert_eq!(names, [ODD, "app/api/hook/route.ts"]);
}

#[test]
fn no_control_character_breaks_xml_or_a_line() {
    let report = report(|tree| {
        let mut note = findings(tree).remove(0);
        note.message = "\u{0}\u{1b}[31m\u{ffff}\r\n::error::x".to_owned();
        vec![note]
    });
    for format in [Format::Junit, Format::Checkstyle] {
        let text = written(&report, format);
        assert!(roxmltree::Document::parse(&text).is_ok(), "{text:?}");
    }
    let github = written(&report, Format::Github);
    assert_eq!(github.lines().count(), 1, "{github}");
}

/// The crate of the SARIF types carries the schema that they are made from.
#[test]
fn sarif_holds_to_the_published_schema() {
    // What other platforms need is not on this machine.
    let version = Command::new("rustc").arg("-vV").output().expect("rustc built this test");
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc says its host");
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--locked", "--filter-platform", host])
        .current_dir(repository::root())
        .output()
        .expect("cargo runs the tests");
    assert!(metadata.status.success(), "{}", String::from_utf8_lossy(&metadata.stderr));
    let metadata: Value = serde_json::from_slice(&metadata.stdout).expect("cargo writes JSON");
    let packages = metadata["packages"].as_array().expect("a list");
    let manifest = packages.iter().find(|package| package["name"] == "serde-sarif").expect("it is a dependency");
    let manifest = manifest["manifest_path"].as_str().expect("a path");
    let schema = repository::read(&manifest.replace("Cargo.toml", "src/schema.json"));
    // A bracket without its other half is no pattern to a strict reader.
    let schema = schema.replace("{2}]?$", "{2}?$");
    let schema = serde_json::from_str(&schema).expect("the schema is JSON");
    let validator = jsonschema::draft7::new(&schema).expect("the schema is one");
    let everything = Format::Sarif { suppressed: true };
    let partly = (partly_suppressed(), everything);
    for (report, format) in [(report(findings), SARIF), (report(|_| Vec::new()), SARIF), partly] {
        let log = document(&report, format);
        let errors: Vec<String> = validator.iter_errors(&log).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        let mut broken = log;
        broken["runs"][0]["tool"]["driver"]["rules"][0]["defaultConfiguration"]["level"] = json!("loud");
        assert!(!validator.is_valid(&broken));
    }
}

#[test]
fn sarif_rules_bring_their_pages_and_results_point_to_them() {
    let log = document(&report(findings), SARIF);
    let run = &log["runs"][0];
    let described = run["tool"]["driver"]["rules"].as_array().expect("a list");
    assert_eq!(described.len(), rules::ALL.len());
    for (rule, described) in rules::ALL.iter().zip(described) {
        let help = described["help"]["markdown"].as_str().expect("a text");
        assert_eq!(
            (&described["id"], &described["defaultConfiguration"]["level"]),
            (&json!(rule.id), &json!(rule.level.as_str()))
        );
        assert!(help.starts_with(char::is_uppercase) && help.contains("## Fixing it"), "{help}");
        assert!(!help.contains("//~") && !help.contains("## Not reported"), "{help}");
        assert_eq!(help.matches("```").count() % 2, 0, "{help}");
    }
    for result in run["results"].as_array().expect("a list") {
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("a number")).expect("small");
        assert_eq!(described[index]["id"], result["ruleId"]);
    }
}

#[test]
fn sarif_lists_what_is_held_back_where_it_is_asked_to() {
    let report = partly_suppressed();
    let results = |suppressed| {
        let mut log = document(&report, Format::Sarif { suppressed });
        log["runs"][0]["results"].as_array_mut().map(std::mem::take).expect("a list")
    };
    let alone = results(false);
    assert_eq!(alone.len(), 1);
    assert!(alone[0].get("suppressions").is_none(), "{alone:#?}");
    let all = results(true);
    let levels: Vec<&Value> = all.iter().map(|result| &result["level"]).collect();
    assert_eq!(levels, ["note", "error", "warning"], "in the order of the places");
    let accepted = |kind: &str, reason: &str| json!({ "kind": kind, "status": "accepted", "justification": reason });
    assert_eq!(all[0]["suppressions"], json!([accepted("external", "in the baseline")]));
    assert_eq!(all[1]["suppressions"], json!([]));
    let mut held = all[2]["suppressions"][0].clone();
    let comment = held.as_object_mut().and_then(|held| held.shift_remove("location")).expect("it says where");
    assert_eq!(held, accepted("inSource", "until \"March\""));
    assert_eq!(comment["physicalLocation"]["region"]["startLine"], json!(4));
    for format in FORMATS.iter().map(|(format, _)| *format).filter(|format| *format != SARIF) {
        let text = written(&report, format);
        assert!(!text.contains("a note") && !text.contains("createInvoice"), "{text}");
    }
}

#[test]
fn fingerprints_are_the_same_in_every_format() {
    let report = report(findings);
    let json = document(&report, Format::Json);
    let (sarif, gitlab) = (document(&report, SARIF), document(&report, Format::Gitlab));
    for index in 0..3 {
        let expected = &json["diagnostics"][index]["fingerprint"];
        assert!(expected.is_string());
        assert_eq!(&sarif["runs"][0]["results"][index]["partialFingerprints"]["edgelint/v1"], expected);
        assert_eq!(&gitlab[index]["fingerprint"], expected);
    }
}

#[test]
fn reviewdog_counts_bytes_and_gets_whole_fixes_alone() {
    let found = &document(&report(findings), Format::Rdjson)["diagnostics"][2];
    let line = ROUTE.lines().nth(3).expect("the call");
    let start = line.find("createInvoice").expect("the call") + 1;
    assert_eq!(found["location"]["range"]["start"], json!({ "line": 4, "column": start }));
    assert_eq!(found["location"]["range"]["end"], json!({ "line": 4, "column": line.len() + 1 }));
    assert_eq!(found["suggestions"].as_array().map(Vec::len), Some(1));
    assert_eq!(found["suggestions"][0]["text"], "insert(await");
}

fn page(id: &str, format: PageFormat, color: bool) -> String {
    let mut out = Vec::new();
    let rule = rules::find(id).expect("there is such a rule");
    report::page(rule, format, color, &mut out).expect("memory takes everything");
    String::from_utf8(out).expect("pages are UTF-8")
}

#[test]
fn no_page_shows_its_marks() {
    for rule in rules::ALL {
        let text = page(rule.id, PageFormat::Text, false);
        let markdown = page(rule.id, PageFormat::Markdown, false);
        assert!(rule.page.contains("//~") || rule.id == "rule-panic");
        for text in [&text, &markdown] {
            assert!(!text.contains("//~") && !text.contains("{/*~") && !text.contains("\n\n\n"), "{text}");
        }
        let titles =
            |text: &str| text.lines().filter(|line| line.starts_with('#')).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(titles(&markdown), titles(rule.page));
        assert!(!text.contains("```") && !text.contains("## ") && !text.contains('\u{1b}'), "{text}");
        assert!(!markdown.contains("```text\n```"), "{markdown}");
        let json: Value = serde_json::from_str(&page(rule.id, PageFormat::Json, false)).expect("JSON");
        assert_eq!((&json["rule"]["id"], &json["page"]), (&json!(rule.id), &json!(markdown)));
        let colored = page(rule.id, PageFormat::Text, true);
        assert!(
            colored.lines().all(|line| line.matches("\u{1b}[0m").count() * 2 == line.matches('\u{1b}').count()),
            "{colored}"
        );
    }
}

#[test]
fn a_page_in_brief() {
    let page = |id| page(id, PageFormat::Brief, false);
    for rule in rules::ALL {
        let text = page(rule.id);
        for section in ["Why", "Reported", "Not reported", "Fixing it", "Limits"] {
            assert!(text.contains(&format!("\n\n{section}\n─")), "{section}: {text}");
        }
        assert!(text.ends_with(&format!("\n\n`edgelint explain {} --full` shows every example.\n", rule.id)), "{text}");
        assert!(!text.contains("\n\n\n") && text.matches("\n── ").count() <= 3, "{text}");
    }
    let text = page("parse-error");
    assert!(text.contains("\n── ") && text.contains("note[parse-error]: ") && text.contains("\n  • "), "{text}");
}

#[test]
fn a_page_on_a_terminal() {
    let text = page("rule-panic", PageFormat::Text, false);
    let start = "\
rule-panic
error, engine, stable, since 0.1.0

A rule of edgelint failed, and the others went on.

Why
───

A rule that fails has found nothing and has proven nothing. To end the whole run would hide what the
";
    assert!(text.starts_with(start), "{text}");
    assert!(text.contains("\n  app/a.ts:\n\n    export * from './b'\n    export { x as y } from './a'\n"), "{text}");
    let colored = page("rule-panic", PageFormat::Text, true);
    assert!(colored.contains("is a \u{1b}[36mparse-error\u{1b}[0m, and"), "{colored}");
}
