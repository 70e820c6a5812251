//! The rules: one file each, one line each in [`ALL`]. A rule asks the project and says what it found.
//!
//! Knows no file system, no parser and no library name.
//!
//! # One cause, one finding
//!
//! Some rules see the same cause: a webhook's work that a `'use server'` file exports is a webhook built as an action, an action that a
//! route handler calls, and an endpoint that nobody meant. The user wants to read of it once. So each rule reports all it
//! sees, and names what each finding is about ([`crate::diagnostic::Cause`]: a place, and what the finding says of it). [`CHAINS`]
//! says which rule is the stronger one, and the driver leaves a cause to the strongest rule that has a finding about it among those
//! to be shown; what the others say becomes labels of that finding. A rule asks for none of this: it does not know which others run.

mod action_called_externally;
mod action_state_signature;
mod body_read_twice;
mod broad_revalidate;
mod cache_api_out_of_context;
mod caller_supplied_identity;
mod event_passed_to_action;
mod fail_open_secret;
mod floating_mutation;
mod form_without_action;
mod get_via_action;
mod incomplete_analysis;
mod invalid_configuration;
mod invalid_route_export;
mod invalid_use_server;
mod large_upload_via_action;
mod manual_pending_state;
mod method_not_exported;
mod missing_preflight;
mod mutation_in_get;
mod mutation_without_revalidate;
mod no_pending_state;
mod parallel_actions;
mod parse_error;
mod redacted_error;
mod revalidate_tag_single_argument;
mod route_handler_for_own_mutation;
mod rule_panic;
mod server_fetches_own_route;
mod signature_over_parsed_body;
mod stale_reader;
mod swallowed_redirect;
mod unguarded_action;
mod unguarded_handler;
mod unintended_endpoint;
mod unknown_cache_tag;
mod unknown_revalidate_path;
mod unknown_route;
mod unreachable_revalidate;
mod unserializable_argument;
mod unused_suppression;
mod unvalidated_input;
mod unverified_webhook;
mod webhook_as_action;
mod whole_record_returned;

use crate::diagnostic::{Diagnostic, Level, Status};
use crate::project::Project;

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// The right tool for the job.
    Boundary,
    /// What the user sees afterwards.
    Cache,
    /// Who gets in.
    Security,
    /// What is really there.
    Routing,
    /// What fails at run time.
    Correctness,
    /// What people feel.
    Experience,
    /// What the engine says of itself.
    Engine,
}

impl Group {
    /// The word in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Boundary => "boundary",
            Self::Cache => "cache",
            Self::Security => "security",
            Self::Routing => "routing",
            Self::Correctness => "correctness",
            Self::Experience => "experience",
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
    &action_state_signature::RULE,
    &body_read_twice::RULE,
    &broad_revalidate::RULE,
    &cache_api_out_of_context::RULE,
    &caller_supplied_identity::RULE,
    &event_passed_to_action::RULE,
    &fail_open_secret::RULE,
    &floating_mutation::RULE,
    &form_without_action::RULE,
    &get_via_action::RULE,
    &incomplete_analysis::RULE,
    &invalid_configuration::RULE,
    &invalid_route_export::RULE,
    &invalid_use_server::RULE,
    &large_upload_via_action::RULE,
    &manual_pending_state::RULE,
    &method_not_exported::RULE,
    &missing_preflight::RULE,
    &mutation_in_get::RULE,
    &mutation_without_revalidate::RULE,
    &no_pending_state::RULE,
    &parallel_actions::RULE,
    &parse_error::RULE,
    &redacted_error::RULE,
    &revalidate_tag_single_argument::RULE,
    &route_handler_for_own_mutation::RULE,
    &rule_panic::RULE,
    &server_fetches_own_route::RULE,
    &signature_over_parsed_body::RULE,
    &stale_reader::RULE,
    &swallowed_redirect::RULE,
    &unguarded_action::RULE,
    &unguarded_handler::RULE,
    &unintended_endpoint::RULE,
    &unknown_cache_tag::RULE,
    &unknown_revalidate_path::RULE,
    &unknown_route::RULE,
    &unreachable_revalidate::RULE,
    &unserializable_argument::RULE,
    &unused_suppression::RULE,
    &unvalidated_input::RULE,
    &unverified_webhook::RULE,
    &webhook_as_action::RULE,
    &whole_record_returned::RULE,
];

/// Rules that may see the same cause, the strongest of each chain first. A rule is in one chain at most.
pub static CHAINS: &[&[&str]] = &[
    &["webhook-as-action", "action-called-externally", "unintended-endpoint"],
    &["mutation-without-revalidate", "stale-reader"],
    &["unknown-route", "method-not-exported"],
    &["cache-api-out-of-context", "unreachable-revalidate"],
    &["unguarded-action", "caller-supplied-identity", "unvalidated-input"],
    &["unverified-webhook", "unguarded-handler"],
];

/// The rules that a rule yields to, the strongest first.
#[must_use]
pub fn stronger_than(id: &str) -> &'static [&'static str] {
    let place = |chain: &&'static [&'static str]| Some(&chain[..chain.iter().position(|of| *of == id)?]);
    CHAINS.iter().find_map(place).unwrap_or_default()
}

/// The rule of an id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.id == id).copied()
}

/// The finding that a rule panicked, and the rule that such a finding is about.
pub(crate) use rule_panic::{panicked, panicking};

/// The findings that a part of the tree could not be walked.
pub(crate) use incomplete_analysis::unwalked;

/// What no option and no baseline hides: a rule that failed, and a configuration that is not followed.
pub(crate) fn is_loud(finding: &Diagnostic) -> bool {
    finding.level == Level::Error && [rule_panic::RULE.id, invalid_configuration::RULE.id].contains(&finding.rule)
}

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
