//! Reports as data: the documents of `schema/check.schema.json` and `schema/endpoints.schema.json`, key by key.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde::Serialize;

use super::{Tally, clean};
use crate::analysis::{Caller, Deed, Effect, Endpoint, EndpointGuard, Report};
use crate::diagnostic::{Diagnostic, Edit, Fix, Label, Place};
use crate::source::Position as SourcePosition;

/// The version of the documents; a key taken away or a meaning changed makes it the next.
pub(super) const VERSION: u32 = 1;

/// Writes the document of `check`.
pub(super) fn check(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let tally = Tally::of(report);
    let apps = report.summary.apps.iter().map(|app| JsonApp {
        root: &app.root,
        framework: app.framework,
        version: &app.version,
        bundler: app.bundler,
    });
    let document = JsonCheck {
        version: VERSION,
        tool: JsonTool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        diagnostics: report.diagnostics.iter().map(|diagnostic| JsonDiagnostic::new(report, diagnostic)).collect(),
        summary: JsonSummary {
            files: report.summary.files,
            apps: apps.collect(),
            endpoints: report.summary.endpoints,
            errors: tally.errors,
            warnings: tally.warnings,
            notes: tally.notes,
            suppressed: report.summary.suppressed + report.known.len(),
            unresolved: JsonUnresolved {
                imports: report.summary.unresolved_imports,
                calls: report.summary.unresolved_calls,
            },
        },
    };
    write(&document, out)
}

/// Writes the document of `endpoints`.
pub(super) fn endpoints(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let endpoints = report.endpoints.iter().map(|endpoint| JsonEndpoint::new(report, endpoint)).collect();
    write(&JsonEndpoints { version: VERSION, endpoints }, out)
}

/// Writes any document: one line.
pub(super) fn write(document: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, document)?;
    writeln!(out)
}

#[derive(Serialize)]
struct JsonCheck<'a> {
    version: u32,
    tool: JsonTool,
    diagnostics: Vec<JsonDiagnostic<'a>>,
    summary: JsonSummary<'a>,
}

#[derive(Serialize)]
struct JsonTool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct JsonSummary<'a> {
    files: usize,
    apps: Vec<JsonApp<'a>>,
    endpoints: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
    suppressed: usize,
    unresolved: JsonUnresolved,
}

#[derive(Serialize)]
struct JsonApp<'a> {
    root: &'a str,
    framework: &'static str,
    version: &'a str,
    bundler: &'static str,
}

#[derive(Serialize)]
struct JsonUnresolved {
    imports: usize,
    calls: usize,
}

#[derive(Serialize)]
struct JsonDiagnostic<'a> {
    rule: &'static str,
    level: &'static str,
    status: &'static str,
    app: Option<&'a str>,
    message: String,
    path: &'a str,
    range: JsonRange,
    labels: Vec<JsonLabel<'a>>,
    help: Option<String>,
    url: Option<String>,
    fingerprint: String,
    fixes: Vec<JsonFix<'a>>,
}

impl<'a> JsonDiagnostic<'a> {
    fn new(report: &'a Report, diagnostic: &'a Diagnostic) -> Self {
        let label = |(index, label): (usize, &'a Label)| JsonLabel {
            path: report.path(label.place.file),
            range: JsonRange::new(report, label.place),
            message: clean::masked(&label.message),
            primary: index == 0,
        };
        let labels = std::iter::once(&diagnostic.primary).chain(&diagnostic.trail).enumerate().map(label);
        Self {
            rule: diagnostic.rule,
            level: diagnostic.level.as_str(),
            status: diagnostic.status.as_str(),
            app: diagnostic.app.as_deref(),
            message: clean::masked(&diagnostic.message),
            path: report.path(diagnostic.primary.place.file),
            range: JsonRange::new(report, diagnostic.primary.place),
            labels: labels.collect(),
            help: diagnostic.help.as_deref().map(clean::masked),
            // The pages have no public address; `edgelint explain` prints them.
            url: None,
            fingerprint: diagnostic.fingerprint(),
            fixes: diagnostic.fixes.iter().map(|fix| JsonFix::new(report, fix)).collect(),
        }
    }
}

#[derive(Serialize)]
struct JsonRange {
    start: JsonPosition,
    end: JsonPosition,
}

impl JsonRange {
    fn new(report: &Report, place: Place) -> Self {
        let (start, end) = report.range(place);
        Self { start: start.into(), end: end.into() }
    }
}

#[derive(Serialize)]
struct JsonPosition {
    line: u32,
    column: u32,
}

impl From<SourcePosition> for JsonPosition {
    fn from(position: SourcePosition) -> Self {
        Self { line: position.line, column: position.column }
    }
}

#[derive(Serialize)]
struct JsonLabel<'a> {
    path: &'a str,
    range: JsonRange,
    message: String,
    primary: bool,
}

#[derive(Serialize)]
struct JsonFix<'a> {
    title: &'a str,
    safe: bool,
    edits: Vec<JsonEdit<'a>>,
}

impl<'a> JsonFix<'a> {
    fn new(report: &'a Report, fix: &'a Fix) -> Self {
        let edit = |edit: &'a Edit| JsonEdit {
            path: report.path(edit.place.file),
            range: JsonRange::new(report, edit.place),
            text: &edit.text,
        };
        Self { title: &fix.title, safe: fix.safe, edits: fix.edits.iter().map(edit).collect() }
    }
}

#[derive(Serialize)]
struct JsonEdit<'a> {
    path: &'a str,
    range: JsonRange,
    text: &'a str,
}

#[derive(Serialize)]
struct JsonEndpoints<'a> {
    version: u32,
    endpoints: Vec<JsonEndpoint<'a>>,
}

#[derive(Serialize)]
struct JsonEndpoint<'a> {
    app: Option<&'a str>,
    kind: &'static str,
    name: Option<&'a str>,
    method: &'a str,
    url: Option<&'a str>,
    path: &'a str,
    line: u32,
    column: u32,
    inline: bool,
    live: bool,
    effects: Vec<JsonEffect<'a>>,
    guard: JsonGuard<'a>,
    validated: Option<bool>,
    revalidates: Vec<JsonRevalidated>,
    callers: Vec<JsonCaller<'a>>,
}

impl<'a> JsonEndpoint<'a> {
    fn new(report: &'a Report, endpoint: &'a Endpoint) -> Self {
        let (start, _) = report.range(endpoint.place);
        let caller = |caller: &Caller| JsonCaller {
            kind: caller.kind.as_str(),
            path: report.path(caller.place.file),
            line: report.range(caller.place).0.line,
        };
        Self {
            app: endpoint.app.as_deref(),
            kind: endpoint.kind.as_str(),
            name: endpoint.name.as_deref(),
            method: &endpoint.method,
            url: endpoint.url.as_deref(),
            path: report.path(endpoint.place.file),
            line: start.line,
            column: start.column,
            inline: endpoint.inline,
            live: endpoint.live,
            effects: endpoint.does.effects.iter().filter_map(|deed| JsonEffect::new(report, deed)).collect(),
            guard: JsonGuard::new(report, &endpoint.guard),
            validated: endpoint.guard.validated,
            revalidates: revalidates(&endpoint.does.effects),
            callers: endpoint.callers.iter().map(caller).collect(),
        }
    }
}

/// What guards an endpoint.
#[derive(Serialize)]
pub(super) struct JsonGuard<'a> {
    state: &'static str,
    by: Option<&'a str>,
    path: Option<&'a str>,
    line: Option<u32>,
}

impl<'a> JsonGuard<'a> {
    pub(super) fn new(report: &'a Report, guard: &'a EndpointGuard) -> Self {
        Self {
            state: guard.state.as_str(),
            by: guard.by.as_deref(),
            path: guard.place.map(|place| report.path(place.file)),
            line: guard.place.map(|place| report.range(place).0.line),
        }
    }
}

#[derive(Serialize)]
struct JsonCaller<'a> {
    kind: &'static str,
    path: &'a str,
    line: u32,
}

#[derive(Serialize)]
struct JsonEffect<'a> {
    kind: &'static str,
    target: Option<String>,
    path: &'a str,
    line: u32,
    trail: Vec<JsonStep<'a>>,
}

impl<'a> JsonEffect<'a> {
    /// An effect at the call that does it, the last of its trail.
    fn new(report: &'a Report, deed: &Deed) -> Option<Self> {
        let site = JsonStep::new(report, *deed.trail.last()?);
        let trail = deed.trail.iter().map(|&place| JsonStep::new(report, place)).collect();
        let target = deed.target.as_deref().map(clean::masked);
        Some(Self { kind: deed.effect.as_str(), target, path: site.path, line: site.line, trail })
    }
}

/// A call on a way.
#[derive(Serialize)]
pub(super) struct JsonStep<'a> {
    path: &'a str,
    line: u32,
    column: u32,
}

impl<'a> JsonStep<'a> {
    /// Where a place starts.
    pub(super) fn new(report: &'a Report, place: Place) -> Self {
        let SourcePosition { line, column } = report.range(place).0;
        Self { path: report.path(place.file), line, column }
    }
}

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct JsonRevalidated {
    kind: &'static str,
    target: Option<String>,
}

/// What is made fresh again, each once.
fn revalidates(effects: &[Deed]) -> Vec<JsonRevalidated> {
    let server = [Effect::RevalidatePath, Effect::RevalidateTag, Effect::UpdateTag, Effect::Refresh];
    let found = effects.iter().filter(|deed| server.contains(&deed.effect));
    let each: BTreeSet<JsonRevalidated> = found
        .map(|deed| JsonRevalidated { kind: deed.effect.as_str(), target: deed.target.as_deref().map(clean::masked) })
        .collect();
    each.into_iter().collect()
}
