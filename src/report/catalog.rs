//! The rules themselves, for people and as data.

use std::io::{self, Write};

use serde::Serialize;

use super::table::{self, Align};
use super::{json, page};
use crate::rules::{self, Rule};

/// Writes a table of all rules.
pub(super) fn human(out: &mut dyn Write) -> io::Result<()> {
    let header = ["rule", "group", "level", "status", "fixable", "summary"].map(str::to_owned);
    let row = |rule: &&Rule| {
        let fixable = if rule.fix { "yes" } else { "no" };
        [rule.id, rule.group.as_str(), rule.level.as_str(), rule.status.as_str(), fixable, rule.summary]
            .map(str::to_owned)
    };
    let rows: Vec<[String; 6]> = std::iter::once(header).chain(rules::ALL.iter().map(row)).collect();
    table::write("", [Align::Left; 6], &rows, out)
}

/// Writes the document of `rules`.
pub(super) fn json(out: &mut dyn Write) -> io::Result<()> {
    let rules = rules::ALL.iter().map(|rule| JsonRule::new(rule));
    json::write(&JsonRules { version: json::VERSION, rules: rules.collect() }, out)
}

/// Writes the document of one rule and its page.
pub(super) fn one(rule: &Rule, out: &mut dyn Write) -> io::Result<()> {
    json::write(&JsonPage { version: json::VERSION, rule: JsonRule::new(rule), page: page::markdown(rule.page) }, out)
}

#[derive(Serialize)]
struct JsonRules {
    version: u32,
    rules: Vec<JsonRule>,
}

#[derive(Serialize)]
struct JsonRule {
    id: &'static str,
    group: &'static str,
    level: &'static str,
    status: &'static str,
    since: &'static str,
    fixable: bool,
    summary: &'static str,
}

impl JsonRule {
    const fn new(rule: &Rule) -> Self {
        Self {
            id: rule.id,
            group: rule.group.as_str(),
            level: rule.level.as_str(),
            status: rule.status.as_str(),
            since: rule.since,
            fixable: rule.fix,
            summary: rule.summary,
        }
    }
}

#[derive(Serialize)]
struct JsonPage {
    version: u32,
    rule: JsonRule,
    page: String,
}
