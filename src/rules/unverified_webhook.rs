//! `unverified-webhook`

use super::{Group, Rule};
use crate::diagnostic::{Cause, Diagnostic, Identity, Label, Level, Status};
use crate::project::entries::EntryKind;
use crate::project::questions::webhooks::{Sign, UnverifiedWebhook};
use crate::project::{Effect, Project, Trail};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "unverified-webhook",
    summary: "a handler takes events of a provider, and writes before anything says that the provider sent them",
    page: include_str!("../../rules/unverified-webhook.md"),
    group: Group::Security,
    level: Level::Error,
    status: Status::Preview,
    since: "0.1.0",
    fix: false,
    check,
};

fn check(project: &Project) -> Vec<Diagnostic> {
    project.unverified_webhooks().iter().filter_map(|webhook| finding(project, webhook)).collect()
}

fn finding(project: &Project, webhook: &UnverifiedWebhook<'_>) -> Option<Diagnostic> {
    let entered = webhook.entered;
    let place = project.export_place(entered.module, &entered.name)?;
    let mut trail = Trail::new(project, place);
    match &webhook.sign {
        Sign::Url => {}
        Sign::Header(header) => trail.happens(header),
        Sign::Event(word, place) => trail.add(*place, format!("asks for the provider's `{word}`")),
    }
    if let Some(body) = entered.doing.of(Effect::BodyRead).next() {
        trail.calls(&body.trail, "calls", "reads what was sent");
    }
    trail.happens(webhook.write);
    let shown = match entered.kind {
        EntryKind::RouteHandler => format!("{} {}", entered.name, webhook.url),
        _ => webhook.url.clone(),
    };
    let label = "nothing on the way to the write verifies who sent it";
    Some(Diagnostic {
        rule: RULE.id,
        level: Level::Error,
        status: RULE.status,
        app: project.app_root(entered.module),
        message: format!("the webhook `{shown}` {} for whoever sends it an event", webhook.write.says()),
        identity: Identity::new([&shown]),
        causes: vec![Cause { place, point: Label::new(place, label) }],
        primary: Label::new(place, label),
        trail: trail.labels(),
        help: Some("verify the provider's signature over the raw body before anything else".to_owned()),
        fixes: Vec::new(),
    })
}
