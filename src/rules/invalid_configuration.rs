//! `invalid-configuration`

use super::{Group, Rule, plain};
use crate::diagnostic::{Diagnostic, Identity, Label, Level, Place, Status};
use crate::source::{FileId, Span};

/// The rule. The configuration reports it: no rule can look at its own settings.
pub(super) static RULE: Rule = Rule {
    id: "invalid-configuration",
    summary: "the configuration says something that cannot be meant",
    page: include_str!("../../rules/invalid-configuration.md"),
    group: Group::Engine,
    level: Level::Error,
    status: Status::Stable,
    since: "0.1.0",
    fix: false,
    check: |_| Vec::new(),
};

/// The finding that a configuration is wrong at a place of its file: an error is not followed, a warning has no effect.
pub(crate) fn misconfigured(file: FileId, span: Span, level: Level, message: String) -> Diagnostic {
    let label = if level == Level::Error { "this is not followed" } else { "this has no effect" };
    Diagnostic {
        rule: RULE.id,
        level,
        status: Status::Stable,
        app: None,
        message: plain(&message),
        primary: Label::new(Place { file, span }, label),
        trail: Vec::new(),
        help: None,
        fixes: Vec::new(),
        identity: Identity::new([message.as_str()]),
        causes: Vec::new(),
    }
}
