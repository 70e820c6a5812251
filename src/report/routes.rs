//! Route tables: a table an app for people, and the document of `schema/routes.schema.json`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::inventory::app_heading;
use super::json::{VERSION, write};
use super::table::{self, Align};
use crate::analysis::{ListedGap, ListedRoute, Report};
use crate::diagnostic::clean;

/// Writes the routes of every app, and below them where it is not known what is served.
pub(super) fn human(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut by_app: BTreeMap<&str, Vec<&ListedRoute>> = BTreeMap::new();
    for route in &report.routes.routes {
        by_app.entry(&route.app).or_default().push(route);
    }
    for (index, (root, routes)) in by_app.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{}\n", app_heading(report, root))?;
        let header = ["kind", "methods", "url", "file", "complete"].map(str::to_owned);
        let rows: Vec<[String; 5]> =
            std::iter::once(header).chain(routes.iter().map(|route| row(report, route))).collect();
        table::write("  ", [Align::Left; 5], &rows, out)?;
        let gaps: Vec<[String; 3]> =
            report.routes.gaps.iter().filter(|gap| gap.app == *root).map(|gap| gap_row(report, gap)).collect();
        if !gaps.is_empty() {
            writeln!(out, "\n  not known:")?;
            table::write("  ", [Align::Left; 3], &gaps, out)?;
        }
    }
    Ok(())
}

fn row(report: &Report, route: &ListedRoute) -> [String; 5] {
    let mut methods = route.methods.join(", ");
    match (methods.is_empty(), route.more_methods) {
        (true, true) => methods.push('*'),
        (true, false) => methods.push('-'),
        (false, true) => methods.push_str(", .."),
        (false, false) => {}
    }
    [
        route.kind.as_str().to_owned(),
        methods,
        route.url.clone(),
        report.path(route.file).to_owned(),
        route.incomplete.map_or_else(|| "yes".to_owned(), |kind| format!("no: {}", kind.as_str())),
    ]
}

fn gap_row(report: &Report, gap: &ListedGap) -> [String; 3] {
    let place = gap
        .place
        .map_or_else(String::new, |place| format!("{}:{}", report.path(place.file), report.range(place).0.line));
    [gap.kind.as_str().to_owned(), gap.pattern.clone().unwrap_or_else(|| "everything".to_owned()), place]
}

/// Writes the document of `routes`.
pub(super) fn json(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let routes = report.routes.routes.iter().map(|route| JsonRoute {
        app: &route.app,
        kind: route.kind.as_str(),
        methods: &route.methods,
        more_methods: route.more_methods,
        url: clean::masked(&route.url),
        path: report.path(route.file),
        complete: route.incomplete.is_none(),
        reason: route.incomplete.map(|kind| kind.as_str()),
    });
    let gaps = report.routes.gaps.iter().map(|gap| JsonGap {
        app: &gap.app,
        kind: gap.kind.as_str(),
        pattern: gap.pattern.as_deref().map(clean::masked),
        path: gap.place.map(|place| report.path(place.file)),
        line: gap.place.map(|place| report.range(place).0.line),
    });
    write(&JsonRoutes { version: VERSION, routes: routes.collect(), gaps: gaps.collect() }, out)
}

#[derive(Serialize)]
struct JsonRoutes<'a> {
    version: u32,
    routes: Vec<JsonRoute<'a>>,
    gaps: Vec<JsonGap<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonRoute<'a> {
    app: &'a str,
    kind: &'static str,
    methods: &'a [&'static str],
    more_methods: bool,
    url: String,
    path: &'a str,
    complete: bool,
    reason: Option<&'static str>,
}

#[derive(Serialize)]
struct JsonGap<'a> {
    app: &'a str,
    kind: &'static str,
    pattern: Option<String>,
    path: Option<&'a str>,
    line: Option<u32>,
}
