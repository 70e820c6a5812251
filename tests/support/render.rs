//! Reports as the text that pages show.

use std::fmt::Write as _;

use edgelint::analysis::Report;
use edgelint::report::{self, Format};

/// The report as the terminal shows it, without colour.
pub(crate) fn terminal(report: &Report) -> String {
    let mut text = Vec::new();
    report::check(report, Format::Human, false, &mut text).expect("memory can be written to");
    String::from_utf8(text).expect("a report is text")
}

/// The route tables, as `edgelint routes` prints them.
pub(crate) fn routes(report: &Report) -> String {
    let mut text = Vec::new();
    report::routes(report, Format::Human, &mut text).expect("memory can be written to");
    String::from_utf8(text).expect("a list is text")
}

/// What guards each endpoint, one a line: `name state kind by path:line input`.
pub(crate) fn guards(report: &Report) -> String {
    let mut text = String::new();
    for endpoint in &report.endpoints {
        let guard = &endpoint.guard;
        let place = guard.place.map(|place| format!("{}:{}", report.path(place.file), report.range(place).0.line));
        let input = match guard.validated {
            Some(true) => "checked",
            Some(false) => "open",
            None => "-",
        };
        let what = guard.kind.map_or(if guard.reason.is_empty() { "-" } else { guard.reason }, |kind| kind.as_str());
        let _ = writeln!(
            text,
            "{} {}: {what}, {}, {}, {input}",
            endpoint.name.as_deref().unwrap_or("(inline)"),
            guard.state.as_str(),
            guard.by.as_deref().unwrap_or("-"),
            place.as_deref().unwrap_or("-"),
        );
    }
    text
}

/// The inventory, one endpoint a line: `kind name method url path:line live|dead`, then the kinds of its callers.
pub(crate) fn inventory(report: &Report) -> String {
    let mut text = String::new();
    for endpoint in &report.endpoints {
        let mut callers: Vec<&str> = endpoint.callers.iter().map(|caller| caller.kind.as_str()).collect();
        callers.sort_unstable();
        callers.dedup();
        let _ = writeln!(
            text,
            "{} {} {} {} {}:{} {}{}{}",
            endpoint.kind.as_str(),
            endpoint.name.as_deref().unwrap_or("-"),
            endpoint.method,
            endpoint.url.as_deref().unwrap_or("-"),
            report.path(endpoint.place.file),
            report.range(endpoint.place).0.line,
            if endpoint.live { "live" } else { "dead" },
            if callers.is_empty() { "" } else { " " },
            callers.join(" "),
        );
    }
    text
}
