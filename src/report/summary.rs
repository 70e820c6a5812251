//! The figures of a run, in words: what was read, what was found, and how much was not understood.

use std::io::{self, Write};
use std::time::Duration;

use super::table::{self, Align};
use super::{Tally, clean};
use crate::analysis::{AppSummary, Report};
use crate::diagnostic::Status;
use crate::rules::{self, Rule};

/// How many apps the summary names before it only counts.
const NAMED_APPS: usize = 4;

/// `1 error, 3 warnings, 2 notes in 1,234 files, 57 endpoints, 0.41 s`, and the apps on a line of their own.
pub(super) fn check(report: &Report, elapsed: Duration, out: &mut dyn Write) -> io::Result<()> {
    let tally = Tally::of(report);
    let levels = [(tally.errors, "error"), (tally.warnings, "warning"), (tally.notes, "note")];
    let mut findings: Vec<String> =
        levels.iter().filter(|(count, _)| *count > 0).map(|(count, word)| counted(*count, word)).collect();
    if findings.is_empty() {
        findings.push(if report.summary.elsewhere > 0 { "nothing found here" } else { "nothing found" }.to_owned());
    }
    if report.summary.elsewhere > 0 {
        findings.push(format!("{} elsewhere", thousands(report.summary.elsewhere)));
    }
    if report.summary.suppressed > 0 {
        findings.push(format!("{} suppressed", thousands(report.summary.suppressed)));
    }
    if !report.known.is_empty() {
        findings.push(format!("{} in the baseline", thousands(report.known.len())));
    }
    writeln!(out, "{} in {}", findings.join(", "), read(report, report.summary.endpoints, elapsed))?;
    apps(report, out)
}

/// Where to read on about what was found; nothing where nothing was.
pub(super) fn explained(report: &Report) -> Option<String> {
    let first = report.diagnostics.first()?.rule;
    let one = report.diagnostics.iter().all(|diagnostic| diagnostic.rule == first);
    let rule = if one { first } else { "RULE" };
    Some(format!("`edgelint explain {rule}` says why it matters and how to repair it"))
}

/// How many rules did not run because they are in preview; nothing where all did.
pub(super) fn in_preview(report: &Report) -> Option<String> {
    let ran = |rule: &Rule| report.timings.rules.iter().any(|(id, _)| *id == rule.id);
    let left = rules::ALL.iter().filter(|rule| rule.status == Status::Preview && !ran(rule)).count();
    (left > 0).then(|| format!("{} in preview did not run: `--preview` adds them", counted(left, "rule")))
}

/// `57 endpoints in 1,234 files, 0.41 s`, and the apps on a line of their own.
pub(super) fn endpoints(report: &Report, elapsed: Duration, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", read(report, report.endpoints.len(), elapsed))?;
    apps(report, out)
}

/// `57 routes in 1,234 files, 0.41 s`, and the apps on a line of their own.
pub(super) fn routes(report: &Report, elapsed: Duration, out: &mut dyn Write) -> io::Result<()> {
    let (files, routes) = (counted(report.summary.files, "file"), counted(report.routes.routes.len(), "route"));
    writeln!(out, "{files}, {routes}, {:.2} s", elapsed.as_secs_f64())?;
    apps(report, out)
}

/// The line that must not be overlooked: much of the program was not seen.
pub(super) fn unresolved(report: &Report) -> Option<String> {
    let (missing, local) = (report.summary.unresolved_imports, report.summary.local_imports);
    if missing <= 10 || missing * 20 <= local {
        return None;
    }
    let percent = missing * 100 / local.max(missing);
    let of = format!("{} of {}", thousands(missing), thousands(local.max(missing)));
    Some(format!("{percent} % of imports unresolved ({of}): tsconfig missing? `--stats` lists them"))
}

/// How imports and calls resolved, and each import that did not.
pub(super) fn stats(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for (name, figures) in [("imports", &report.stats.imports), ("calls", &report.stats.calls)] {
        let total: usize = figures.iter().map(|(_, count)| count).sum();
        writeln!(out, "{name}: {}", thousands(total))?;
        let rows: Vec<[String; 3]> =
            figures.iter().map(|(outcome, count)| [outcome.clone(), thousands(*count), share(*count, total)]).collect();
        table::write("  ", [Align::Left, Align::Right, Align::Right], &rows, out)?;
    }
    if !report.stats.unresolved.is_empty() {
        writeln!(out, "unresolved imports: {}", thousands(report.stats.unresolved.len()))?;
        let rows: Vec<[String; 3]> = report
            .stats
            .unresolved
            .iter()
            .map(|(file, line, specifier, reason)| [format!("{file}:{line}"), specifier.clone(), reason.clone()])
            .collect();
        table::write("  ", [Align::Left; 3], &rows, out)?;
    }
    Ok(())
}

/// `apps/web: next 16.4.6 (lock file), turbopack`; without the root where it is the tree's own.
pub(super) fn app(app: &AppSummary) -> String {
    let AppSummary { root, framework, version, version_source, bundler, .. } = app;
    let colon = if root.is_empty() { "" } else { ": " };
    format!("{root}{colon}{framework} {version} ({version_source}), {bundler}")
}

fn read(report: &Report, endpoints: usize, elapsed: Duration) -> String {
    let files = counted(report.summary.files, "file");
    format!("{files}, {}, {:.2} s", counted(endpoints, "endpoint"), elapsed.as_secs_f64())
}

fn apps(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let apps = &report.summary.apps;
    if apps.is_empty() {
        return writeln!(out, "no app found in this tree");
    }
    let mut names: Vec<String> = apps.iter().take(NAMED_APPS).map(|one| clean::line(&app(one))).collect();
    if apps.len() > NAMED_APPS {
        names.push(format!("and {} more", thousands(apps.len() - NAMED_APPS)));
    }
    writeln!(out, "{}", names.join("; "))
}

fn counted(count: usize, word: &str) -> String {
    format!("{} {word}{}", thousands(count), if count == 1 { "" } else { "s" })
}

/// `1234567` as `1,234,567`.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn share(count: usize, total: usize) -> String {
    let per_mille = count * 1000 / total.max(1);
    format!("{}.{} %", per_mille / 10, per_mille % 10)
}
