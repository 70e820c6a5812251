//! What holds of every report, whatever it is about: rule 5 of the house (say what, where, what to do), order and places.

use edgelint::analysis::Report;
use edgelint::diagnostic::{Diagnostic, Label};

/// Every breach, one a line.
pub(crate) fn breaches(report: &Report) -> Vec<String> {
    let mut breaches = Vec::new();
    for found in &report.diagnostics {
        let texts = [("message", Some(&found.message)), ("help", found.help.as_ref())];
        let texts = texts.into_iter().filter_map(|(part, text)| Some((part, text?)));
        let labels = labels(found).map(|label| ("label", &label.message));
        for (part, text) in texts.chain(labels) {
            if let Some(reason) = breach(text).filter(|_| part != "label" || !text.is_empty()) {
                breaches.push(format!("wording: the {part} of {} {reason}: {text:?}", found.rule));
            }
        }
        for label in labels_outside(report, found) {
            breaches.push(format!("place: {} points outside of {}", found.rule, report.path(label.place.file)));
        }
    }
    let keys = report.diagnostics.iter().map(|found| {
        let place = found.primary.place;
        (report.path(place.file), place.span.start, found.rule)
    });
    if !keys.is_sorted() {
        breaches.push("order: the findings are not sorted by path, position and rule".to_owned());
    }
    breaches
}

fn labels(found: &Diagnostic) -> impl Iterator<Item = &Label> {
    std::iter::once(&found.primary).chain(&found.trail)
}

fn labels_outside<'a>(report: &'a Report, found: &'a Diagnostic) -> impl Iterator<Item = &'a Label> {
    labels(found).filter(|label| {
        let span = label.place.span;
        span.start > span.end || span.end as usize > report.text(label.place.file).len()
    })
}

/// What is wrong with a text for people: it is one line, starts lower case or with a name, and ends without a full stop.
fn breach(text: &str) -> Option<&'static str> {
    let Some(first) = text.chars().next() else { return Some("is empty") };
    if text.contains('\n') {
        Some("is more than one line")
    } else if first.is_uppercase() || first.is_whitespace() {
        Some("does not start with a lower-case word or a name in backticks")
    } else if text.ends_with('.') {
        Some("ends in a full stop")
    } else if text.matches('`').count() % 2 == 1 {
        Some("has an odd backtick")
    } else {
        None
    }
}
