//! SARIF 2.1.0, for code scanning: the way of a finding is a code flow, and a rule brings its page.
//!
//! The only module that names the crate. Knows no address of the tree: every path hangs below `%SRCROOT%`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use serde_json::{Value, json};
use serde_sarif::sarif::{
    ArtifactChange, ArtifactContent, ArtifactLocation, CodeFlow, Fix as SarifFix, Invocation, Location, Message,
    MultiformatMessageString, PhysicalLocation, PropertyBag, Region, Replacement, ReportingConfiguration,
    ReportingDescriptor, Result as SarifResult, ResultLevel, Run, Sarif, Suppression, ThreadFlow, ThreadFlowLocation,
    Tool, ToolComponent,
};

use super::{clean, finding, page};
use crate::analysis::Report;
use crate::diagnostic::{Diagnostic, Fix, Label, Level, Place, Status};
use crate::rules::{self, Rule};
use crate::source::FileId;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
const ROOT: &str = "%SRCROOT%";
/// The name and the version of the way the fingerprint is made.
const FINGERPRINT: &str = "edgelint/v1";

/// Writes the log of one run, with what is held back where it is asked for.
pub(super) fn write(report: &Report, suppressed: bool, out: &mut dyn Write) -> io::Result<()> {
    let results: Vec<SarifResult> = match suppressed {
        true => with_suppressed(report),
        false => report.diagnostics.iter().map(|diagnostic| result(report, diagnostic)).collect(),
    };
    let driver = ToolComponent::builder()
        .name(env!("CARGO_PKG_NAME"))
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .rules(rules::ALL.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>())
        .build();
    let root = ArtifactLocation::builder().description(message("the root of the analysed tree")).build();
    let run = Run::builder()
        .tool(Tool::builder().driver(driver).build())
        .invocations(vec![Invocation::builder().execution_successful(true).build()])
        .original_uri_base_ids(BTreeMap::from([(ROOT.to_owned(), root)]))
        .column_kind(Value::from("unicodeCodePoints"))
        .results(results)
        .build();
    let log = Sarif::builder().schema(SCHEMA).version(Value::from("2.1.0")).runs(vec![run]).build();
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

fn descriptor(rule: &Rule) -> ReportingDescriptor {
    let help = page::help(rule.page);
    let text = |text: &str| MultiformatMessageString::builder().text(text).build();
    let precision = if rule.status == Status::Stable { "high" } else { "medium" };
    let mut properties = BTreeMap::from([("precision".to_owned(), json!(precision))]);
    if let Some(severity) = security_severity(rule.group.as_str(), rule.level) {
        properties.insert("security-severity".to_owned(), json!(severity));
    }
    ReportingDescriptor::builder()
        .id(rule.id)
        .short_description(text(rule.summary))
        .help(MultiformatMessageString::builder().text(&help).markdown(&help).build())
        .default_configuration(ReportingConfiguration::builder().level(Value::from(rule.level.as_str())).build())
        .properties(
            PropertyBag::builder().tags(vec![rule.group.as_str().to_owned()]).additional_properties(properties).build(),
        )
        .build()
}

/// The score that code scanning sorts security findings by, in the middle of the band of its word: high, medium, low.
fn security_severity(group: &str, level: Level) -> Option<&'static str> {
    let score = match level {
        Level::Error => "8.0",
        Level::Warning => "5.5",
        Level::Note => "2.0",
    };
    (group == "security").then_some(score)
}

fn result(report: &Report, diagnostic: &Diagnostic) -> SarifResult {
    let mut text = clean::masked(&diagnostic.message);
    if let Some(help) = &diagnostic.help {
        let _ = write!(text, "\nhelp: {}", clean::masked(help));
    }
    let mut found = SarifResult::builder()
        .rule_id(diagnostic.rule)
        .level(match diagnostic.level {
            Level::Error => ResultLevel::Error,
            Level::Warning => ResultLevel::Warning,
            Level::Note => ResultLevel::Note,
        })
        .message(message(&text))
        .locations(vec![location(report, &diagnostic.primary, None)])
        .partial_fingerprints(BTreeMap::from([(FINGERPRINT.to_owned(), diagnostic.fingerprint())]))
        .build();
    found.rule_index = rules::ALL.iter().position(|rule| rule.id == diagnostic.rule).and_then(|at| at.try_into().ok());
    if !diagnostic.trail.is_empty() {
        let trail = (1..).zip(&diagnostic.trail);
        found.related_locations = Some(trail.map(|(id, label)| location(report, label, Some(id))).collect());
        found.code_flows = Some(vec![code_flow(report, diagnostic)]);
    }
    if !diagnostic.fixes.is_empty() {
        found.fixes = Some(diagnostic.fixes.iter().map(|fix| sarif_fix(report, fix)).collect());
    }
    found
}

/// What counts and what is held back, in one order. Each result says which it is: in one log, all have to say so or none.
fn with_suppressed(report: &Report) -> Vec<SarifResult> {
    let shown = report.diagnostics.iter().map(|diagnostic| (diagnostic, Vec::new()));
    let known = report.known.iter().map(|diagnostic| (diagnostic, vec![suppression("external", "in the baseline")]));
    let held = report.suppressed.iter().map(|held| {
        let comment = Label::new(held.comment, "");
        let mut suppression = suppression("inSource", &clean::masked(&held.reason));
        suppression.location = Some(location(report, &comment, None));
        (&held.diagnostic, vec![suppression])
    });
    let mut all: Vec<(&Diagnostic, Vec<Suppression>)> = shown.chain(known).chain(held).collect();
    all.sort_by(|(left, _), (right, _)| left.rank().cmp(&right.rank()));
    let results = all.into_iter().map(|(diagnostic, suppressions)| {
        let mut result = result(report, diagnostic);
        result.suppressions = Some(suppressions);
        result
    });
    results.collect()
}

fn suppression(kind: &str, reason: &str) -> Suppression {
    Suppression::builder().kind(Value::from(kind)).status(Value::from("accepted")).justification(reason).build()
}

/// The primary label and the trail, as one thread.
fn code_flow(report: &Report, diagnostic: &Diagnostic) -> CodeFlow {
    let steps = finding::labels(diagnostic)
        .map(|label| ThreadFlowLocation::builder().location(location(report, label, None)).build())
        .collect::<Vec<_>>();
    CodeFlow::builder().thread_flows(vec![ThreadFlow::builder().locations(steps).build()]).build()
}

fn location(report: &Report, label: &Label, id: Option<i64>) -> Location {
    let physical = PhysicalLocation::builder()
        .artifact_location(artifact(report, label.place.file))
        .region(region(report, label.place))
        .build();
    let mut location = Location::builder().physical_location(physical).build();
    location.id = id;
    if !label.message.is_empty() {
        location.message = Some(message(&clean::masked(&label.message)));
    }
    location
}

/// Lines and columns from 1, in characters, the end exclusive.
fn region(report: &Report, place: Place) -> Region {
    let (start, end) = report.range(place);
    Region::builder()
        .start_line(start.line)
        .start_column(start.column)
        .end_line(end.line)
        .end_column(end.column)
        .build()
}

fn artifact(report: &Report, file: FileId) -> ArtifactLocation {
    ArtifactLocation::builder().uri(encoded(report.path(file))).uri_base_id(ROOT).build()
}

fn sarif_fix(report: &Report, fix: &Fix) -> SarifFix {
    let changes = fix.edits.iter().map(|edit| {
        let text = ArtifactContent::builder().text(edit.text.as_str()).build();
        let replacement =
            Replacement::builder().deleted_region(region(report, edit.place)).inserted_content(text).build();
        ArtifactChange::builder()
            .artifact_location(artifact(report, edit.place.file))
            .replacements(vec![replacement])
            .build()
    });
    SarifFix::builder()
        .description(message(&clean::masked(&fix.title)))
        .artifact_changes(changes.collect::<Vec<_>>())
        .build()
}

fn message(text: &str) -> Message {
    Message::builder().text(text).build()
}

/// A relative path as a relative URI: every byte that is not plainly allowed in a segment is written as `%XX`.
fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/@!$&'()*+,;=".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Level, encoded, security_severity};

    #[test]
    fn only_security_has_a_score() {
        assert_eq!(security_severity("boundary", Level::Error), None);
        assert_eq!(security_severity("security", Level::Error), Some("8.0"));
        assert_eq!(security_severity("security", Level::Note), Some("2.0"));
    }

    #[test]
    fn paths_are_uris() {
        assert_eq!(encoded("app/(shop)/[id]/@modal/my page.tsx"), "app/(shop)/%5Bid%5D/@modal/my%20page.tsx");
        assert_eq!(encoded("c:/größe%.ts"), "c%3A/gr%C3%B6%C3%9Fe%25.ts");
    }
}
