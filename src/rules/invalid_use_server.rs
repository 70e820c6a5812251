//! `invalid-use-server`

use super::{Group, Rule};
use crate::diagnostic::{Diagnostic, Identity, Label, Level, Status};
use crate::project::Project;
use crate::project::compiler::{Rejection, RejectionKind};
use crate::project::program::modules::ModuleId;
use crate::source::Span;

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "invalid-use-server",
    summary: "a `'use server'` directive that the compiler rejects or ignores, or an export that its file may not have",
    page: include_str!("../../rules/invalid-use-server.md"),
    group: Group::Correctness,
    level: Level::Error,
    status: Status::Stable,
    since: "0.1.0",
    fix: false,
    check,
};

fn check(project: &Project) -> Vec<Diagnostic> {
    let modules = project.modules().map(|(module, _)| module);
    modules.flat_map(|module| findings(project, module)).collect()
}

fn findings(project: &Project, module: ModuleId) -> impl Iterator<Item = Diagnostic> {
    let rejections = project.rejections(module).into_iter().filter(|(rejection, _)| is_ours(rejection));
    rejections.map(move |(rejection, trail)| Diagnostic {
        rule: RULE.id,
        level: Level::Error,
        status: Status::Stable,
        app: project.app_root(module),
        identity: Identity::new([
            rejection.kind.as_str(),
            project.path(module),
            exported(project, module, rejection.span),
        ]),
        causes: Vec::new(),
        primary: Label::new(project.module(module).place(rejection.span), label(rejection.kind)),
        message: rejection.message,
        trail,
        help: Some(rejection.help),
        fixes: Vec::new(),
    })
}

/// Whether a rejection is about `'use server'`. What a configuration or an import forbids is another matter.
fn is_ours(rejection: &Rejection) -> bool {
    let other = matches!(
        rejection.kind,
        RejectionKind::CacheDisabled | RejectionKind::ClientMisplaced | RejectionKind::ServerImport
    );
    !rejection.cache && !other
}

/// The name that is exported at a span; empty for what is inside a function.
fn exported(project: &Project, module: ModuleId, at: Span) -> &str {
    let facts = &project.module(module).facts;
    let export = facts.exports.iter().find(|export| export.span.contains(at) || at.contains(export.span));
    export.map_or("", |export| facts.text(export.name))
}

/// What is there to see.
fn label(kind: RejectionKind) -> &'static str {
    match kind {
        RejectionKind::Misplaced => "not the first statement",
        RejectionKind::Misspelt => "not a directive",
        RejectionKind::Parenthesised => "in parentheses",
        RejectionKind::BackTicked => "in backticks",
        RejectionKind::Nested => "in a nested block",
        RejectionKind::NoAction => "ignored here",
        RejectionKind::Conflict => "the second directive",
        RejectionKind::NotAsync => "not `async`",
        RejectionKind::NotAFunction => "not an async function of this file",
        RejectionKind::InstanceMethod => "an instance method",
        RejectionKind::This | RejectionKind::Arguments | RejectionKind::Super => "not there when a client calls",
        RejectionKind::InClientModule => "in a client module",
        RejectionKind::CacheDisabled | RejectionKind::ClientMisplaced | RejectionKind::ServerImport => "",
    }
}
