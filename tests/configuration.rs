//! The configuration's published schema, and what no page can show of the configuration: texts that are no text, and flags over files.

#![expect(clippy::disallowed_methods, reason = "the test of the program writes a folder")]

#[path = "support/lib.rs"]
#[expect(dead_code, reason = "the support is shared, and every runner uses another part of it")]
mod support;

use edgelint::analysis::{Analysis, Options, Report};
use edgelint::config;
use edgelint::source::memory;
use serde_json::{Value, json};
use support::repository;

const SCHEMA: &str = "schema/edgelint.schema.json";

#[test]
fn the_schema_is_fresh() {
    let mut fresh = serde_json::to_string_pretty(&config::schema()).expect("a schema is JSON");
    fresh.push('\n');
    if repository::blessing() {
        repository::write(SCHEMA, &fresh);
    } else {
        let committed = repository::read(SCHEMA);
        assert!(committed == fresh, "{SCHEMA} is old: BLESS=1 cargo test --test configuration writes it");
    }
}

#[test]
fn the_schema_allows_what_is_read_and_nothing_else() {
    let validator = jsonschema::draft202012::new(&config::schema()).expect("the schema is one");
    let whole = json!({
        "$schema": "edgelint.schema.json",
        "select": ["parse-error"],
        "preview": true,
        "baseline": "./known.txt",
        "rules": { "boundary": "off", "parse-error": "note" },
        "include": ["app/**"],
        "exclude": ["*.test.ts"],
        "overrides": [{ "files": ["known.txt"], "rules": { "engine": "warning" } }],
        "public": ["/api/health"],
        "protected": ["/api/**"],
        "bundler": "webpack",
        "next": "15.2",
        "model": [{
            "package": "p",
            "callback": [{ "call": ["f"], "when": "effect" }],
            "passes": [{ "call": ["g()"], "argument": 0 }],
        }],
    });
    let errors: Vec<String> = validator.iter_errors(&whole).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let keys = config::schema()["properties"].as_object().map(|keys| keys.keys().cloned().collect::<Vec<_>>());
    assert_eq!(keys.map(|keys| keys.len()), whole.as_object().map(serde_json::Map::len), "every key is tried here");
    assert!(findings(&whole.to_string()).is_empty());
    for wrong in [
        json!({ "exclud": [] }),
        json!({ "rules": { "none": "off" } }),
        json!({ "rules": { "boundary": "of" } }),
        json!({ "select": ["none"] }),
        json!({ "overrides": [{ "files": ["app/**"], "rules": {}, "exclude": [] }] }),
        json!({ "overrides": [{ "files": ["app/**"] }] }),
        json!({ "bundler": "vite" }),
        json!({ "model": [{ "package": "p", "callback": [{ "call": ["f"] }] }] }),
    ] {
        assert!(!validator.is_valid(&wrong), "the schema allows {wrong}");
        assert_eq!(findings(&wrong.to_string()).len(), 1, "{wrong}");
    }
}

#[test]
fn no_text_stops_a_run() {
    let texts: [(&[u8], &str); 12] = [
        (b"", ""),
        (b"\xEF\xBB\xBFpreview = true\r\n", ""),
        (b"\xEF\xBB\xBFpreviw = true\r\n", "edgelint.toml:1:1: unknown key `previw`; did you mean `preview`?"),
        (b"\xFF\xFE\x00", "edgelint.toml:1:4: key with no value"),
        (b"= = =", "edgelint.toml:1:3: extra `=`, expected nothing"),
        (b"a.b.c = 1", "edgelint.toml:1:1: unknown key `a`; it is one of "),
        (b"rules = [[[[[[[[[[[[]]]]]]]]]]]]", "edgelint.toml:1:9: invalid type: array, expected a table"),
        (b"include = 'app'", "edgelint.toml:1:11: invalid type: string \"app\", expected an array"),
        (b"overrides = ['app']", "edgelint.toml:1:14: invalid type: string \"app\", expected a table"),
        (b"[[overrides]]\nfiles = ['app']", "edgelint.toml:1:1: the key `rules` is missing"),
        (b"exclude = ['app/{a']", "edgelint.toml:1:12: `app/{a` is no glob: unclosed alternate group; missing '}'"),
        (b"preview = true\npreview = false", "edgelint.toml:2:1: duplicate key"),
    ];
    for (text, expected) in texts {
        let files = [("edgelint.toml", text), ("a.ts", b"export const = 1")];
        let report = run(&files, &Options::default());
        let all = said(&report);
        let own: Vec<&String> = all.iter().filter(|line| line.starts_with("edgelint.toml")).collect();
        let shown = String::from_utf8_lossy(text).into_owned();
        match expected {
            "" => assert_eq!(own.len(), 0, "{shown}: {own:?}"),
            start => assert!(own.len() == 1 && own[0].starts_with(start), "{shown}: {own:?}"),
        }
        assert!(all.iter().any(|line| line.starts_with("a.ts:1:")), "the run goes on: {shown}");
    }
}

#[test]
fn flags_hold_over_files() {
    let broken: (&str, &[u8]) = ("a.ts", b"export const = 1");
    let with = |configuration: &'static str, options: &Options| {
        said(&run(&[("edgelint.toml", configuration.as_bytes()), broken], options)).len()
    };
    let select = |id: &str| Options { select: vec![id.to_owned()], ..Options::default() };
    assert_eq!(with("select = ['rule-panic']", &Options::default()), 0);
    assert_eq!(with("select = ['rule-panic']", &select("parse-error")), 1);
    assert_eq!(with("rules = { engine = 'off' }", &Options::default()), 0);
    assert_eq!(with("rules = { engine = 'off' }", &select("parse-error")), 1);
    assert_eq!(with("select = ['parse-error']", &select("rule-panic")), 0);
    assert_eq!(
        with("select = ['parse-errors']", &select("rule-panic")),
        1,
        "the mistake is shown whatever is selected"
    );
    let elsewhere = Options { paths: vec!["b".to_owned()], ..Options::default() };
    assert_eq!(with("exclude = ['nowhere/**']", &elsewhere), 0);
    assert_eq!(with("exclud = []", &elsewhere), 1);
}

#[test]
fn own_models_say_when_a_callback_runs() {
    let page = b"'use client'\nimport { usePolled } from '@acme/data'\nimport { prices } from './actions'\n\
        export default function Page() {\n  usePolled(() => prices())\n  return null\n}\n";
    let kinds = |configuration: &'static str| {
        let files: [(&str, &[u8]); 4] = [
            ("edgelint.toml", configuration.as_bytes()),
            ("package.json", br#"{ "dependencies": { "next": "16.4.6" } }"#),
            ("app/actions.ts", b"'use server'\nexport async function prices() {}\n"),
            ("app/page.tsx", page),
        ];
        let endpoints = run(&files, &Options::default()).endpoints;
        let callers = endpoints.iter().flat_map(|endpoint| &endpoint.callers);
        callers.map(|caller| caller.kind.as_str()).collect::<Vec<_>>()
    };
    let model = "model = [{ package = '@acme/data', callback = [{ call = ['usePolled'], when = 'query' }] }]";
    assert_eq!(kinds(model), ["client-query"]);
    assert_ne!(kinds(""), ["client-query"]);
}

#[test]
fn what_is_suppressed_is_kept() {
    let route = "import { a, b } from './actions'\n// edgelint-public: a clock calls it\nexport async function GET() {\n\
        // edgelint-ignore action-called-externally: it moves in March\n  await b()\n\
        await a() // edgelint-ignore action-called-externally: so does this\n  return Response.json(1)\n}\n";
    let files: [(&str, &[u8]); 4] = [
        ("edgelint.toml", b"public = ['app/api/actions.ts#a']"),
        ("package.json", br#"{ "dependencies": { "next": "16.4.6" } }"#),
        ("app/api/actions.ts", b"'use server'\nexport async function a() {}\nexport async function b() {}\n"),
        ("app/api/route.ts", route.as_bytes()),
    ];
    let report = run(&files, &Options::default());
    assert_eq!(said(&report), [""; 0]);
    let kept = |report: &Report| -> Vec<(u32, String)> {
        let line = |held: &edgelint::analysis::Suppressed| report.range(held.diagnostic.primary.place).0.line;
        report.suppressed.iter().map(|held| (line(held), held.reason.clone())).collect()
    };
    assert_eq!(kept(&report), [(5, "it moves in March".to_owned()), (6, "so does this".to_owned())]);
    assert_eq!(report.summary.suppressed, 2);
    let open = report.open.iter().map(|open| (report.path(open.place.file), open.reason.as_deref()));
    let open: Vec<_> = open.collect();
    assert_eq!(open, [("app/api/actions.ts", None), ("app/api/route.ts", Some("a clock calls it"))]);
    let elsewhere = Options { paths: vec!["app/api/actions.ts".to_owned()], ..Options::default() };
    assert_eq!(run(&files, &elsewhere).summary.suppressed, 0);
}

#[test]
fn names_that_cannot_be_printed_are_made_so() {
    let long = "x".repeat(100_000);
    let comments =
        format!("// edgelint-ignore `a, b\u{7}, {long}: reason\n// edgelint-{long}\n/* edgelint-ignore *\n*/\n");
    let configuration = format!("\"a\\nb\" = 1\n\"c`\" = 1\n{long} = 1\nexclude = [\"{{{long}\", \"\\u0000\"]\n");
    let files: [(&str, &[u8]); 2] = [("edgelint.toml", configuration.as_bytes()), ("a.ts", comments.as_bytes())];
    let report = run(&files, &Options::default());
    assert_eq!(report.diagnostics.len(), 10, "{:#?}", said(&report));
    let breaches = support::wording::breaches(&report);
    assert!(breaches.is_empty(), "{breaches:#?}");
    assert!(said(&report).iter().all(|line| line.len() < 400));
}

#[test]
fn a_broken_file_fails_the_run_and_does_not_stop_it() {
    let folder = tempfile::tempdir().expect("the test can write");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).unwrap_or_else(|error| panic!("{name}: {error}"));
    };
    let check = |flags: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_edgelint"));
        let run = command.current_dir(folder.path()).args(["check", "--format", "compact"]).args(flags).output();
        let run = run.expect("the program was built for this test");
        (run.status.code(), String::from_utf8_lossy(&run.stdout).into_owned())
    };
    write("a.ts", "export const = 1\n");
    write("edgelint.toml", "[rules]\nengine = \"off\"\npreview = tru\n");
    let (code, said) = check(&["--quiet"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("edgelint.toml:3:11"), "{said}");
    assert!(said.contains("a.ts:1:"), "{said}");
    assert_eq!(check(&["--select", "rule-panic"]).0, Some(1), "whatever is selected");
    write("edgelint.toml", "[rules]\nengine = \"off\"\n");
    assert_eq!(check(&["--fail-on", "note"]), (Some(0), String::new()));
}

/// What is said of a `package.json` that holds this configuration.
fn findings(configuration: &str) -> Vec<String> {
    let configuration: Value = serde_json::from_str(configuration).expect("the tests write JSON");
    let manifest = json!({ "name": "a", "edgelint": configuration }).to_string();
    let files: [(&str, &[u8]); 3] = [
        ("package.json", manifest.as_bytes()),
        ("known.txt", b"# edgelint baseline 1\n"),
        ("app/x.test.ts", b"export {}"),
    ];
    let mut said = said(&run(&files, &Options::default()));
    // There are no endpoints here.
    said.retain(|line| !line.contains("matches no endpoint"));
    said
}

fn run(files: &[(&str, &[u8])], options: &Options) -> Report {
    let tree = memory::tree(files.iter().map(|(path, text)| ((*path).to_owned(), text.to_vec())));
    Analysis::new(tree).run(options, &|_| ())
}

fn said(report: &Report) -> Vec<String> {
    let line = |found: &edgelint::diagnostic::Diagnostic| {
        let place = found.primary.place;
        let start = report.range(place).0;
        format!("{}:{}:{}: {}", report.path(place.file), start.line, start.column, found.message)
    };
    report.diagnostics.iter().map(line).collect()
}
