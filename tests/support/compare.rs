//! A report held against marks, and what is said where they differ.

use edgelint::analysis::Report;
use edgelint::diagnostic::{Diagnostic, Place};

use super::marks::{Kind, Mark};

/// Every difference, one a line, reports first, then marks in order. `origin` says where a mark is written.
pub(crate) fn differences(report: &Report, marks: &[Mark], origin: &dyn Fn(&Mark) -> String) -> Vec<String> {
    let mut failures = Vec::new();
    let mut met = vec![false; marks.len()];
    for found in &report.diagnostics {
        let place = at(report, found.primary.place);
        let here =
            |mark: &Mark| mark.rule == found.rule && (mark.path.as_str(), mark.line) == (place.0.as_str(), place.1);
        let agrees = |mark: &Mark| match &mark.kind {
            Kind::Report(level) => here(mark) && level.as_deref().is_none_or(|level| level == found.level.as_str()),
            _ => false,
        };
        if let Some(index) = (0..marks.len()).find(|&index| !met[index] && agrees(&marks[index])) {
            met[index] = true;
        } else if let Some(mark) = marks.iter().find(|mark| mark.kind == Kind::KnownMiss && here(mark)) {
            failures.push(format!("found: {} is no longer a known miss: mark it `~`", describe(found, &place)));
            failures.push(format!("    the mark: {}", origin(mark)));
        } else {
            failures.push(format!("unexpected: {}: {}", describe(found, &place), found.message));
        }
    }
    for (mark, met) in marks.iter().zip(met) {
        if let Some(reason) = unmet(report, mark, met) {
            failures.push(format!("{reason} ({})", origin(mark)));
        }
    }
    failures
}

fn unmet(report: &Report, mark: &Mark, met: bool) -> Option<String> {
    let place = format!("{}:{}", mark.path, mark.line);
    match &mark.kind {
        Kind::Report(_) if met => None,
        Kind::Report(None) => Some(format!("missing: {} at {place}", mark.rule)),
        Kind::Report(Some(level)) => Some(format!("missing: {} ({level}) at {place}", mark.rule)),
        Kind::KnownMiss | Kind::Effect => None,
        Kind::Label(number) => {
            let Some(found) = report.diagnostics.iter().filter(|found| found.rule == mark.rule).nth(number - 1) else {
                return Some(format!("missing label: {} at {place}: there is no report {number}", mark.rule));
            };
            let labels: Vec<_> = found.trail.iter().map(|label| at(report, label.place)).collect();
            if labels.iter().any(|label| (label.0.as_str(), label.1) == (mark.path.as_str(), mark.line)) {
                return None;
            }
            let labels: Vec<String> = labels.iter().map(|(path, line)| format!("{path}:{line}")).collect();
            let has = if labels.is_empty() { "no label".to_owned() } else { labels.join(", ") };
            Some(format!("missing label: {} at {place}: report {number} has {has}", mark.rule))
        }
    }
}

fn describe(found: &Diagnostic, (path, line): &(String, u32)) -> String {
    format!("{} ({}) at {path}:{line}", found.rule, found.level.as_str())
}

fn at(report: &Report, place: Place) -> (String, u32) {
    (report.path(place.file).to_owned(), report.range(place).0.line)
}
