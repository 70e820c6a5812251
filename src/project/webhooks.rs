//! Webhooks and actions: which actions a handler calls after it verified who sent the request, and which verify it themselves.

use super::Project;
use super::actions::ActionId;
use super::effects::{Doing, Happening};
use super::outside::{Outside, OutsideKind};
use super::reach::Hop;
use super::summary::{Certainty, Site};
use crate::models::Effect;

/// A call of an action by a handler that verified the request first.
pub struct SignedCall<'p> {
    /// The handler, and its ways to the action.
    pub outside: Outside,
    /// What verifies.
    pub check: &'p Happening,
    /// The calls that lead from the handler to the action, the action's own last.
    pub way: Vec<Site>,
}

impl Project {
    /// The calls of actions by handlers that verified the request first, by entered module, then action, then entered export. A request
    /// that only reads is no webhook, whatever it is signed with.
    #[must_use]
    pub fn signed_calls(&self) -> Vec<SignedCall<'_>> {
        let handlers = self
            .outside()
            .into_iter()
            .filter(|outside| matches!(outside.kind, OutsideKind::RouteHandler | OutsideKind::PagesApi))
            .filter(|outside| !matches!(outside.name.as_str(), "GET" | "HEAD"));
        handlers.filter_map(|outside| self.signed_call(outside)).collect()
    }

    fn signed_call(&self, outside: Outside) -> Option<SignedCall<'_>> {
        let entered = self.entered().iter().find(|of| of.module == outside.module && of.name == outside.name)?;
        let doing = &entered.doing;
        let site = |&(module, edge): &Hop| (module, edge.call);
        let calls: Vec<Site> = outside.hit.way.last().into_iter().chain(&outside.hit.more).map(site).collect();
        let followed = trails(doing).find_map(|trail| {
            let end = trail.iter().position(|site| calls.contains(site))?;
            Some(trail[..=end].to_vec())
        });
        // What is too far away to be kept among all that a handler does is reached all the same.
        let way = followed.unwrap_or_else(|| outside.hit.way.iter().map(site).collect());
        let before = |happening: &&Happening| {
            is_check(doing, happening)
                && self.comes_before(&happening.trail, &way)
                && !happening.trail.starts_with(&way)
        };
        // A provider's own check says most; else the last step of a comparison is the one that compares.
        let checks = || doing.happenings.iter().filter(before);
        let check = checks().find(|check| check.effect == Effect::VerifyWebhook).or_else(|| checks().last())?;
        Some(SignedCall { outside, check, way })
    }

    /// The actions that verify a webhook themselves, or read the header that carries its signature, each with what does so.
    #[must_use]
    pub fn verifying_actions(&self) -> Vec<(ActionId, &Happening)> {
        let verifying = |id: ActionId| {
            let own = |happening: &&Happening| !happening.trail.iter().any(|&site| self.calls_action(site));
            let happenings = || self.action_doing(id).happenings.iter().filter(own);
            let check = happenings().find(|happening| happening.effect == Effect::VerifyWebhook);
            check.or_else(|| happenings().find(|happening| is_signature(happening))).map(|happening| (id, happening))
        };
        (0..).zip(&self.actions.all).filter_map(|(id, _)| verifying(id)).collect()
    }
}

fn trails(doing: &Doing) -> impl Iterator<Item = &[Site]> {
    let happenings = doing.happenings.iter().map(|happening| happening.trail.as_slice());
    happenings.chain(doing.blind.iter().map(|blind| blind.trail.as_slice()))
}

/// Whether something verifies who sent the request: a provider's own check, or a secret's where the header of a signature is read.
fn is_check(doing: &Doing, happening: &Happening) -> bool {
    let verifies = match happening.effect {
        Effect::VerifyWebhook => true,
        Effect::CompareSecret => doing.happenings.iter().any(is_signature),
        _ => false,
    };
    verifies && happening.certainty != Certainty::Caught
}

/// Whether the header of a request is read in which its signature stands: `x-signature`, `x-hub-signature-256`, `x-hmac-sha256`.
fn is_signature(happening: &Happening) -> bool {
    let names = |target: &str| {
        let name = target.to_ascii_lowercase();
        name.contains("signature") || name.contains("hmac")
    };
    happening.effect == Effect::HeaderRead && happening.target.as_deref().is_some_and(names)
}
