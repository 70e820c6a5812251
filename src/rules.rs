//! The rules: one file each, one line each in [`ALL`]. A rule asks the project and says what it found.
//!
//! Knows no file system, no parser and no library name.

mod action_called_externally;
mod incomplete_analysis;
mod invalid_configuration;
mod invalid_route_export;
mod invalid_use_server;
mod parse_error;
mod rule_panic;
mod unused_suppression;

use crate::diagnostic::{Diagnostic, Level, Status};
use crate::project::Project;

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// The right tool for the job.
    Boundary,
    /// What is really there.
    Routing,
    /// What fails at run time.
    Correctness,
    /// What the engine says of itself.
    Engine,
}

impl Group {
    /// The word in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Boundary => "boundary",
            Self::Routing => "routing",
            Self::Correctness => "correctness",
            Self::Engine => "engine",
        }
    }
}

/// One rule: what it is called, how it is trusted, and the function that finds.
pub struct Rule {
    /// Its id, final: `action-called-externally`.
    pub id: &'static str,
    /// One line: what it reports.
    pub summary: &'static str,
    /// Its page: why, reported, not reported, fixing it, limits.
    pub page: &'static str,
    /// What it is about.
    pub group: Group,
    /// The highest level that its findings have.
    pub level: Level,
    /// How far it is trusted.
    pub status: Status,
    /// The version of edgelint that brought it.
    pub since: &'static str,
    /// Whether `--fix` can repair some of its findings.
    pub fix: bool,
    /// Finds. Order does not matter: the driver sorts.
    pub check: fn(&Project) -> Vec<Diagnostic>,
}

/// Every rule, by id.
pub static ALL: &[&Rule] = &[
    &action_called_externally::RULE,
    &incomplete_analysis::RULE,
    &invalid_configuration::RULE,
    &invalid_route_export::RULE,
    &invalid_use_server::RULE,
    &parse_error::RULE,
    &rule_panic::RULE,
    &unused_suppression::RULE,
];

/// The rule of an id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.id == id).copied()
}

/// The finding that a rule panicked, and the rule that such a finding is about.
pub(crate) use rule_panic::{panicked, panicking};

/// The finding that the configuration is wrong.
pub(crate) use invalid_configuration::misconfigured;

/// The finding that a comment suppresses nothing.
pub(crate) use unused_suppression::unsuppressed;

/// The longest message that quotes what somebody wrote.
const LONGEST: usize = 300;

/// A message that quotes what somebody wrote, as the house writes one: a line of pairs of backticks, and not a long one.
fn plain(message: &str) -> String {
    let mut line: String =
        message.chars().take(LONGEST).map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    if line.len() < message.len() {
        line.push_str(" ..");
        line.push_str(if line.matches('`').count() % 2 == 1 { "`" } else { "" });
    }
    if line.matches('`').count() % 2 == 1 { line.replace('`', "'") } else { line }
}
