//! The endpoints for people: a table an app.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::table::{self, Align};
use super::{clean, deeds, summary};
use crate::analysis::{CallerKind, Endpoint, GuardState, Report};

/// Writes the endpoints of every app, apps by root, what belongs to none at the end.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut by_app: BTreeMap<(bool, &str), Vec<&Endpoint>> = BTreeMap::new();
    for endpoint in &report.endpoints {
        let app = endpoint.app.as_deref();
        by_app.entry((app.is_none(), app.unwrap_or_default())).or_default().push(endpoint);
    }
    for (index, ((outside, root), endpoints)) in by_app.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{}\n", heading(report, *outside, root))?;
        let header = ["kind", "method", "name or url", "place", "live", "guard", "input", "called by", "does"]
            .map(str::to_owned);
        let rows: Vec<[String; 9]> =
            std::iter::once(header).chain(endpoints.iter().map(|endpoint| row(report, endpoint))).collect();
        table::write("  ", [Align::Left; 9], &rows, out)?;
    }
    Ok(())
}

fn heading(report: &Report, outside: bool, root: &str) -> String {
    if outside { "outside any app".to_owned() } else { app_heading(report, root) }
}

/// What a table of an app stands below.
pub(super) fn app_heading(report: &Report, root: &str) -> String {
    match report.summary.apps.iter().find(|app| app.root == root) {
        Some(app) => clean::line(&summary::app(app)),
        None => clean::line(if root.is_empty() { "." } else { root }),
    }
}

fn row(report: &Report, endpoint: &Endpoint) -> [String; 9] {
    let (start, _) = report.range(endpoint.place);
    let name = endpoint.url.as_deref().or(endpoint.name.as_deref());
    [
        endpoint.kind.as_str().to_owned(),
        endpoint.method.clone(),
        name.unwrap_or(if endpoint.inline { "(inline)" } else { "(unnamed)" }).to_owned(),
        format!("{}:{}:{}", report.path(endpoint.place.file), start.line, start.column),
        if endpoint.live { "yes" } else { "no" }.to_owned(),
        guard(endpoint),
        match endpoint.guard.validated {
            Some(true) => "checked",
            Some(false) => "open",
            None => "-",
        }
        .to_owned(),
        callers(endpoint),
        deeds::short(&endpoint.does),
    ]
}

/// Whether something guards it, and which function does.
fn guard(endpoint: &Endpoint) -> String {
    match (endpoint.guard.state, &endpoint.guard.by) {
        (GuardState::Proven, Some(by)) => format!("proven: {by}"),
        (state, _) => state.as_str().to_owned(),
    }
}

/// The kinds of callers in the order of their declaration, each with its number where it is not one: `client-form 2, action`.
fn callers(endpoint: &Endpoint) -> String {
    let mut kinds = BTreeMap::new();
    for caller in &endpoint.callers {
        *kinds.entry(caller.kind).or_insert(0_usize) += 1;
    }
    if kinds.is_empty() {
        return "-".to_owned();
    }
    let word = |(kind, count): (CallerKind, usize)| match count {
        1 => kind.as_str().to_owned(),
        _ => format!("{} {count}", kind.as_str()),
    };
    kinds.into_iter().map(word).collect::<Vec<_>>().join(", ")
}
