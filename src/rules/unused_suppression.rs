//! `unused-suppression`

use super::{Group, Rule, plain};
use crate::diagnostic::{Diagnostic, Identity, Label, Level, Place, Status};

/// The rule. The driver reports it, once every other rule has spoken.
pub(super) static RULE: Rule = Rule {
    id: "unused-suppression",
    summary: "an `edgelint-` comment suppresses nothing, or cannot be understood",
    page: include_str!("../../rules/unused-suppression.md"),
    group: Group::Engine,
    level: Level::Warning,
    status: Status::Stable,
    since: "0.1.0",
    fix: false,
    check: |_| Vec::new(),
};

/// The finding that a comment does not do what it was written for.
pub(crate) fn unsuppressed(place: Place, message: String, label: &str, help: &str) -> Diagnostic {
    Diagnostic {
        rule: RULE.id,
        level: Level::Warning,
        status: Status::Stable,
        app: None,
        message: plain(&message),
        primary: Label::new(place, label),
        trail: Vec::new(),
        help: Some(plain(help)),
        fixes: Vec::new(),
        identity: Identity::new([message.as_str()]),
        causes: Vec::new(),
    }
}
