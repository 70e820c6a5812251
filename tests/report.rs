//! Reports made by hand, in every format: what people see, and documents held against their schemas.

use std::sync::Arc;
use std::time::Duration;

use edgelint::analysis::{
    AppSummary, Caller, CallerKind, Certainty, Deed, Deeds, Effect, Endpoint, EndpointGuard, EndpointKind, Gap,
    GuardState, Report, Stats, Summary, Unseen,
};
use edgelint::diagnostic::{Diagnostic, Edit, Fix, Identity, Label, Level, Place, Status, fingerprint};
use edgelint::report::{self, Format};
use edgelint::source::{Span, Tree, memory};
use serde_json::Value;

#[path = "support/schema.rs"]
mod schema;
#[path = "report/secrets.rs"]
mod secrets;

const ROUTE: &str = "\
import { createInvoice } from '@/app/actions'

export async function POST(request: Request) {
\tconst event = await request.json()
\tawait createInvoice(event.data)
\treturn new Response('größe')
}
";
const ACTIONS: &str = "\
'use server'
import { insertInvoice } from '@/lib/db'

export async function createInvoice(data: Invoice) {
  await insertInvoice(data)
}
";
const DB: &str = "export const insertInvoice = (data: Invoice) =>\n  prisma.invoice.create({ data })\n";

struct Files(Tree);

impl Files {
    fn new(files: &[(&str, &str)]) -> Self {
        Self(memory::tree(files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()))))
    }

    /// The first occurrence of `words` in the file at `path`.
    fn place(&self, path: &str, words: &str) -> Place {
        let file = self.0.find(path).expect("the test names its own file");
        let start = self.0.read_text(path).expect("the file is in memory").find(words).expect("the words are there");
        let end = start + words.len();
        Place { file, span: Span::new(u32::try_from(start).expect("small"), u32::try_from(end).expect("small")) }
    }

    fn label(&self, path: &str, words: &str, message: &str) -> Label {
        Label::new(self.place(path, words), message)
    }

    fn report(self, diagnostics: Vec<Diagnostic>, endpoints: Vec<Endpoint>) -> Report {
        let summary = Summary { files: 1234, endpoints: endpoints.len(), apps: vec![app()], ..Summary::default() };
        Report::new(Arc::new(self.0), Vec::new(), diagnostics, endpoints, summary, Stats::default())
    }
}

fn app() -> AppSummary {
    AppSummary {
        root: String::new(),
        name: Some("billing".to_owned()),
        framework: "next",
        version: "16.4.6".to_owned(),
        version_source: "lock file",
        bundler: "turbopack",
    }
}

fn finding(level: Level, message: &str, primary: Label, trail: Vec<Label>) -> Diagnostic {
    Diagnostic {
        rule: "action-called-externally",
        level,
        status: Status::Stable,
        app: Some(String::new()),
        message: message.to_owned(),
        identity: Identity::default(),
        causes: Vec::new(),
        primary,
        trail,
        help: None,
        fixes: Vec::new(),
    }
}

fn invoice_files() -> Files {
    Files::new(&[("app/actions.ts", ACTIONS), ("app/api/hook/route.ts", ROUTE), ("lib/db.ts", DB)])
}

fn invoice(files: &Files) -> Diagnostic {
    let help = "move the body of `createInvoice` to a server-only function that both call";
    Diagnostic {
        help: Some(help.to_owned()),
        fixes: vec![Fix {
            title: "call `insertInvoice`".to_owned(),
            safe: false,
            edits: vec![Edit {
                place: files.place("app/api/hook/route.ts", "createInvoice(event"),
                text: "insertInvoice(event".to_owned(),
            }],
        }],
        ..finding(
            Level::Warning,
            "route handler `POST` calls the server action `createInvoice`",
            files.label("app/api/hook/route.ts", "createInvoice(event.data)", "called from a route handler"),
            vec![
                files.label("app/actions.ts", "createInvoice(data", "the action"),
                files.label("app/actions.ts", "insertInvoice(data)", "which calls this"),
                files.label("lib/db.ts", "prisma.invoice.create({ data })", "which writes `invoice`"),
            ],
        )
    }
}

fn deeds(files: &Files) -> Deeds {
    let through = files.place("app/actions.ts", "insertInvoice(data)");
    let deed = |effect, target: Option<&str>| Deed {
        effect,
        target: target.map(str::to_owned),
        certainty: Certainty::Always,
        conditional: false,
        trail: vec![through, files.place("lib/db.ts", "create")],
    };
    let effects = [
        (Effect::DbRead, Some("team")),
        (Effect::DbWrite, Some("invoice")),
        (Effect::DbWrite, None),
        (Effect::HttpWrite, Some("https://api.example.com/v1/{}?dry=1")),
        (Effect::EmailSend, None),
        (Effect::RevalidatePath, Some("/invoices")),
        (Effect::RevalidatePath, Some("/invoices")),
        (Effect::Log, None),
    ];
    Deeds {
        effects: effects.into_iter().map(|(effect, target)| deed(effect, target)).collect(),
        gaps: vec![Gap { class: Unseen::Dynamic, reason: "a computed member", trail: vec![through] }],
        truncated: false,
    }
}

fn invoice_report() -> Report {
    let files = invoice_files();
    let finding = invoice(&files);
    let action = Endpoint {
        app: Some(String::new()),
        kind: EndpointKind::ServerAction,
        name: Some("createInvoice".to_owned()),
        method: "POST".to_owned(),
        url: None,
        place: files.place("app/actions.ts", "createInvoice"),
        inline: false,
        live: false,
        does: deeds(&files),
        guard: EndpointGuard {
            state: GuardState::Proven,
            by: Some("requireUser".to_owned()),
            place: Some(files.place("app/actions.ts", "insertInvoice(data)")),
            validated: Some(true),
            ..EndpointGuard::default()
        },
        callers: vec![
            Caller { kind: CallerKind::Handler, place: files.place("app/api/hook/route.ts", "createInvoice(event") },
            Caller { kind: CallerKind::Handler, place: files.place("app/api/hook/route.ts", "request.json") },
            Caller { kind: CallerKind::ClientForm, place: files.place("lib/db.ts", "prisma") },
        ],
    };
    let handler = Endpoint {
        kind: EndpointKind::RouteHandler,
        name: Some("POST".to_owned()),
        url: Some("/api/hook".to_owned()),
        place: files.place("app/api/hook/route.ts", "POST"),
        live: true,
        guard: EndpointGuard { validated: Some(false), ..EndpointGuard::default() },
        does: Deeds { gaps: Vec::new(), ..deeds(&files) },
        callers: Vec::new(),
        ..action.clone()
    };
    let stray = Endpoint { app: None, name: None, inline: true, callers: Vec::new(), ..action.clone() };
    let stray = Endpoint { does: Deeds::default(), guard: EndpointGuard::default(), ..stray };
    files.report(vec![finding], vec![action, handler, stray])
}

fn written(report: &Report, format: Format, color: bool) -> String {
    let mut out = Vec::new();
    report::check(report, format, color, &mut out).expect("memory takes everything");
    String::from_utf8(out).expect("reports are UTF-8")
}

fn document(report: &Report) -> Value {
    serde_json::from_str(&written(report, Format::Json, false)).expect("the document is JSON")
}

fn inventory(report: &Report, format: Format) -> String {
    let mut out = Vec::new();
    report::endpoints(report, format, &mut out).expect("memory takes everything");
    String::from_utf8(out).expect("reports are UTF-8")
}

#[test]
fn a_trail_through_three_files() {
    let expected = "\
warning[action-called-externally]: route handler `POST` calls the server action `createInvoice`
  ┌─ app/api/hook/route.ts:5:8
  │
5 │     await createInvoice(event.data)
  │           ^^^^^^^^^^^^^^^^^^^^^^^^^ called from a route handler
  │
  ┌─ app/actions.ts:4:23
  │
4 │ export async function createInvoice(data: Invoice) {
  │                       ------------------ the action
5 │   await insertInvoice(data)
  │         ------------------- which calls this
  │
  ┌─ lib/db.ts:2:3
  │
2 │   prisma.invoice.create({ data })
  │   ------------------------------- which writes `invoice`
  │
  = help: move the body of `createInvoice` to a server-only function that both call
";
    assert_eq!(written(&invoice_report(), Format::Human, false), expected);
}

#[test]
fn labels_are_numbered_where_the_trail_goes_back() {
    let files = invoice_files();
    let back = finding(
        Level::Error,
        "goes back",
        files.label("app/actions.ts", "insertInvoice(data)", "from here"),
        vec![files.label("lib/db.ts", "data", "to here"), files.label("app/actions.ts", "'use server'", "and back")],
    );
    let text = written(&files.report(vec![back], Vec::new()), Format::Human, false);
    assert!(text.contains("(1) from here") && text.contains("(2) to here") && text.contains("(3) and back"), "{text}");
    assert!(!written(&invoice_report(), Format::Human, false).contains("(1)"));
}

#[test]
fn findings_stand_a_blank_line_apart_and_end_in_one_line_end() {
    let files = invoice_files();
    let twice = vec![invoice(&files), invoice(&files)];
    let text = written(&files.report(twice, Vec::new()), Format::Human, false);
    let once = written(&invoice_report(), Format::Human, false);
    assert_eq!(text, format!("{once}\n{once}"));
}

#[test]
fn colors_only_when_asked_for() {
    assert!(written(&invoice_report(), Format::Human, true).contains('\u{1b}'));
    assert!(!written(&invoice_report(), Format::Human, false).contains('\u{1b}'));
}

#[test]
fn a_line_of_megabytes_is_clipped_around_its_labels() {
    let filler = "var größe=1;".repeat(200_000);
    let text = format!("{filler}first();{filler}second();{filler}");
    let files = Files::new(&[("out.js", &text)]);
    let both = finding(
        Level::Error,
        "minified",
        files.label("out.js", "first()", "here"),
        vec![files.label("out.js", "second()", "then here")],
    );
    let report = files.report(vec![both], Vec::new());
    let text = written(&report, Format::Human, false);
    assert!(text.len() < 1_500, "{} bytes", text.len());
    assert!(text.contains("out.js:1:2400001"), "{text}");
    let lines: Vec<&str> = text.lines().collect();
    let at = |line: &str, words: &str| line.find(words).map(|byte| line[..byte].chars().count());
    assert_eq!(at(lines[3], "first()"), at(lines[4], "^^^^^^^"), "{text}");
    assert_eq!(at(lines[3], "second()"), at(lines[4], "--------"), "{text}");
    assert_eq!(lines[3].matches('…').count(), 3, "{text}");
}

#[test]
fn marks_and_line_ends_tabs_and_wide_characters() {
    let files = Files::new(&[("a.ts", "\u{feff}first()\r\n\tlet 名前 = broken\r\n")]);
    let one = finding(Level::Note, "n", files.label("a.ts", "first()", ""), Vec::new());
    let two = finding(Level::Note, "n", files.label("a.ts", "broken", "here"), Vec::new());
    let text = written(&files.report(vec![one, two], Vec::new()), Format::Human, false);
    assert!(text.contains("a.ts:1:1\n  │\n1 │ first()\n  │ ^^^^^^^\n"), "{text:?}");
    // A character of an Asian script takes two cells of a terminal, and one column.
    assert!(text.contains("a.ts:2:11\n  │\n2 │     let 名前 = broken\n  │                ^^^^^^ here\n"), "{text}");
    assert!(!text.contains('\u{feff}') && !text.contains('\r'), "{text:?}");
}

#[test]
fn spans_at_and_past_the_end_of_a_text() {
    let files = Files::new(&[("a.ts", "one\n"), ("empty.ts", "")]);
    let end = files.place("a.ts", "\n").span.end;
    let at = |path, start, end| {
        let file = files.0.find(path).expect("it is there");
        finding(Level::Error, "m", Label::new(Place { file, span: Span::new(start, end) }, "here"), Vec::new())
    };
    let found = vec![at("a.ts", end, end), at("a.ts", 0, 4), at("a.ts", 900, 905), at("empty.ts", 0, 0)];
    let text = written(&files.report(found, Vec::new()), Format::Human, false);
    assert_eq!(text.matches("error[").count(), 4, "{text}");
    assert!(text.contains("1 │ one\n  │ ^^^ here"), "{text}");
    assert!(text.contains("empty.ts:1:1\n  │\n1 │\n  │ ^ here"), "{text}");
}

#[test]
fn one_line_a_finding() {
    let expected = "app/api/hook/route.ts:5:8: warning[action-called-externally] route handler `POST` calls the server \
                    action `createInvoice` (help: move the body of `createInvoice` to a server-only function that both \
                    call)\n";
    assert_eq!(written(&invoice_report(), Format::Compact, false), expected);
}

#[test]
fn the_inventory_is_a_table_an_app() {
    let expected = "\
next 16.4.6 (lock file), turbopack

  kind           method  name or url    place                       live  guard                input    called by               does
  server-action  POST    createInvoice  app/actions.ts:4:23         no    proven: requireUser  checked  client-form, handler 2  DOES; 1 call unseen
  route-handler  POST    /api/hook      app/api/hook/route.ts:3:23  yes   none                 open     -                       DOES

outside any app

  kind           method  name or url  place                live  guard  input  called by  does
  server-action  POST    (inline)     app/actions.ts:4:23  no    none   -      -          -
";
    let does = "writes invoice, ?; sends to api.example.com; sends mail; reads team; revalidates /invoices";
    assert_eq!(inventory(&invoice_report(), Format::Human), expected.replace("DOES", does));
}

#[test]
fn documents_hold_to_their_schemas_and_schemas_to_the_documents() {
    schema::exact("check", &document(&invoice_report()));
    let endpoints: Value =
        serde_json::from_str(&inventory(&invoice_report(), Format::Json)).expect("the document is JSON");
    schema::exact("endpoints", &endpoints);
    let action = &endpoints["endpoints"][0];
    let revalidated = serde_json::json!([{ "kind": "cache.revalidate-path", "target": "/invoices" }]);
    assert_eq!(action["revalidates"], revalidated);
    let guard = serde_json::json!({ "state": "proven", "by": "requireUser", "path": "app/actions.ts", "line": 5 });
    assert_eq!((&action["guard"], &action["validated"]), (&guard, &Value::from(true)));
    let write = &action["effects"][1];
    assert_eq!((&write["kind"], &write["target"]), (&Value::from("db.write"), &Value::from("invoice")));
    assert_eq!(write["trail"][1], serde_json::json!({ "path": "lib/db.ts", "line": 2, "column": 18 }));
}

#[test]
fn a_fingerprint_depends_on_no_line() {
    let print = |report: &Report, index: usize| document(report)["diagnostics"][index]["fingerprint"].clone();
    let below = format!("// one more line\n{ROUTE}");
    let files = Files::new(&[("app/actions.ts", ACTIONS), ("app/api/hook/route.ts", &below), ("lib/db.ts", DB)]);
    let (first, second) = (invoice(&files), invoice(&files));
    let other = Diagnostic { message: "another".to_owned(), ..invoice(&files) };
    let mut report = files.report(vec![first, second, other], Vec::new());
    fingerprint::number(&mut report.diagnostics);
    // Stored by users: no version and no platform may come to another value.
    assert_eq!(print(&invoice_report(), 0), "27eeee2a724a60ee:1");
    assert_eq!(print(&report, 0), "27eeee2a724a60ee:1");
    assert_eq!(print(&report, 1), "27eeee2a724a60ee:2");
    assert!(!print(&report, 2).as_str().expect("a string").starts_with("27eeee2a724a60ee"));
}

#[test]
fn the_summary_takes_two_lines_and_says_what_is_not_understood() {
    let mut report = invoice_report();
    let mut out = Vec::new();
    report::check_summary(&report, Duration::from_millis(412), &mut out).expect("memory takes everything");
    let expected = "1 warning in 1,234 files, 3 endpoints, 0.41 s\nnext 16.4.6 (lock file), turbopack\n";
    assert_eq!(String::from_utf8_lossy(&out), expected);

    assert_eq!(report::unresolved(&report), None);
    (report.summary.unresolved_imports, report.summary.local_imports) = (380, 1000);
    let line = report::unresolved(&report).expect("much is unresolved");
    assert!(line.starts_with("38 % of imports unresolved (380 of 1,000): tsconfig missing?"), "{line}");
    (report.summary.unresolved_imports, report.summary.local_imports) = (50, 1000);
    assert_eq!(report::unresolved(&report), None);
}
