//! `webhook-as-action`

use std::collections::BTreeMap;

use super::{Group, Rule};
use crate::diagnostic::{Cause, Diagnostic, Identity, Label, Level, Status};
use crate::project::actions::ActionId;
use crate::project::effects::Happening;
use crate::project::program::modules::ModuleId;
use crate::project::questions::webhooks::SignedCall;
use crate::project::{Effect, Project, Trail, leaving};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "webhook-as-action",
    summary: "a webhook, or the work that one verifies first, is a server action that anyone can post to unsigned",
    page: include_str!("../../rules/webhook-as-action.md"),
    group: Group::Boundary,
    level: Level::Error,
    status: Status::Preview,
    since: "0.1.0",
    fix: false,
    check,
};

fn check(project: &Project) -> Vec<Diagnostic> {
    let verifying: BTreeMap<ActionId, &Happening> = project.verifying_actions().into_iter().collect();
    let mut behind: BTreeMap<(ModuleId, bool), Vec<SignedCall<'_>>> = BTreeMap::new();
    for call in project.signed_calls() {
        let described = project.actions().get(call.outside.hit.action);
        if !verifying.contains_key(&call.outside.hit.action) {
            behind.entry((described.module, described.live)).or_default().push(call);
        }
    }
    let verifying = verifying.iter().map(|(&action, check)| verifies(project, action, check));
    verifying.chain(behind.values().map(|calls| are_behind(project, calls))).collect()
}

/// An action that verifies: its provider cannot call it.
fn verifies(project: &Project, action: ActionId, check: &Happening) -> Diagnostic {
    let name = project.action_name(action);
    let mut trail = Trail::new(project, project.action_place(action));
    trail.happens(check);
    for caller in project.callers(action) {
        trail.add(caller.place, "is called here");
    }
    let sender = check.target.as_deref().filter(|_| check.effect == Effect::VerifyWebhook);
    let path = sender.map_or_else(|| "webhook".to_owned(), |sender| format!("webhooks/{sender}"));
    let message = format!("the server action {name} verifies a webhook, which its sender cannot call");
    let label = "has an address that only this app's own pages know";
    let help = format!("read the raw body and verify it in a route handler, such as `app/api/{path}/route.ts`");
    finding(project, &[action], message, label, trail, help)
}

/// The actions of a file that do what handlers verified: whoever skips the handler skips the check.
fn are_behind(project: &Project, calls: &[SignedCall<'_>]) -> Diagnostic {
    let mut actions: Vec<ActionId> = calls.iter().map(|call| call.outside.hit.action).collect();
    actions.sort_unstable();
    actions.dedup();
    let live = project.actions().get(actions[0]).live;
    let label = if live { "is a server action" } else { "is a server action, which no page makes callable yet" };
    let mut trail = Trail::new(project, project.action_place(actions[0]));
    for &action in &actions {
        trail.add(project.action_place(action), label);
    }
    for call in calls {
        let (outside, name) = (&call.outside, project.action_name(call.outside.hit.action));
        let entered = project.export_place(outside.module, &outside.name);
        trail.extend(entered.map(|place| Label::new(place, format!("answers `{}`", answers(call)))));
        trail.happens(call.check);
        trail.calls(&call.way, "calls", &format!("calls {name} after that"));
    }
    for write in actions.iter().filter_map(|&action| project.telling_write(action)) {
        trail.happens(write);
    }
    let name = |action: ActionId| project.action_name(action);
    let (names, it) = match actions.as_slice() {
        [only] => (name(*only), "it"),
        [first, second] => (format!("{} and {}", name(*first), name(*second)), "them"),
        many => (format!("{} and {} more", name(many[0]), many.len() - 1), "them"),
    };
    let who = if live { "anyone can call" } else { "a page that uses the file would let anyone call" };
    let from = |call: &SignedCall<'_>| leaving(call.outside.module, &call.outside.hit.way).0;
    let verify = if calls.iter().all(|call| from(call) == from(&calls[0])) {
        format!("the webhook `{}` verifies its sender before it calls", answers(&calls[0]))
    } else {
        "webhooks verify their senders before they call".to_owned()
    };
    let message = format!("{verify} {names}, and {who} {it} unsigned");
    let help = format!("move {it} out of the `'use server'` file, to one that starts with `import 'server-only'`");
    finding(project, &actions, message, label, trail, help)
}

/// `POST /api/webhooks/stripe`
fn answers(call: &SignedCall<'_>) -> String {
    let outside = &call.outside;
    if outside.name == "default" { outside.url.clone() } else { format!("{} {}", outside.name, outside.url) }
}

fn finding(
    project: &Project,
    actions: &[ActionId],
    message: String,
    label: &str,
    trail: Trail<'_>,
    help: String,
) -> Diagnostic {
    let described = project.actions().get(actions[0]);
    let place = project.action_place(actions[0]);
    let cause = |&action: &ActionId| {
        let place = project.action_place(action);
        Cause { place, point: Label::new(place, label) }
    };
    Diagnostic {
        rule: RULE.id,
        level: if described.live { Level::Error } else { Level::Warning },
        status: RULE.status,
        app: project.app_root(described.module),
        message,
        identity: Identity::new([&described.label]),
        causes: actions.iter().map(cause).collect(),
        primary: Label::new(place, label),
        trail: trail.labels(),
        help: Some(help),
        fixes: Vec::new(),
    }
}
