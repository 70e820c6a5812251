//! Webhooks: which actions a handler calls after it verified who sent the request, which verify it themselves, and which handlers take a
//! webhook's events without verifying them.

use crate::diagnostic::Place;
use crate::facts::{Op, Operator, Value};
use crate::models::Effect;
use crate::project::Project;
use crate::project::actions::ActionId;
use crate::project::effects::summary::{Certainty, Site};
use crate::project::effects::{Doing, Entered, Happening};
use crate::project::entries::EntryKind;
use crate::project::graph::outside::{Outside, OutsideKind};
use crate::project::graph::reach::Hop;
use crate::project::guards::verdicts::LOOKED_FOR;
use crate::project::guards::{Guard, GuardState};
use crate::project::program::modules::FunctionRef;

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

/// Whether the header of a request is read in which its signature stands, or the secret that its sender was told: `x-hub-signature-256`,
/// `x-hmac-sha256`, `x-plain-webhook-secret`.
fn is_signature(happening: &Happening) -> bool {
    let names = |target: &str| {
        let name = target.to_ascii_lowercase();
        let told = name.contains("secret") || name.contains("token") || name.contains("key");
        name.contains("signature") || name.contains("hmac") || (name.contains("webhook") && told)
    };
    happening.effect == Effect::HeaderRead && happening.target.as_deref().is_some_and(names)
}

/// Why a handler is taken for the receiver of a webhook.
#[derive(Debug, Clone)]
pub enum Sign<'p> {
    /// Its URL says so: that it is a webhook, or whose, where nothing of the tree sends a request there.
    Url,
    /// It reads the header of a signature.
    Header(&'p Happening),
    /// It asks what happened in the words of a provider: the word, and where.
    Event(String, Place),
}

/// A handler that takes events of a provider, and writes before anything says that the provider sent them.
#[derive(Debug, Clone)]
pub struct UnverifiedWebhook<'p> {
    /// The handler.
    pub entered: &'p Entered,
    /// The URL that it serves, base path included.
    pub url: String,
    /// Why it is taken for one.
    pub sign: Sign<'p>,
    /// The first write that anyone can have done.
    pub write: &'p Happening,
}

/// Segments of a URL that say that a webhook is received there.
const SEGMENTS: [&str; 4] = ["webhook", "webhooks", "hook", "hooks"];
/// Segments below those that say that webhooks are set up or looked at there.
const ASIDE: [&str; 8] = ["config", "configs", "register", "settings", "test", "events", "logs", "subscriptions"];
/// Entities that are the settings of webhooks which the app itself sends, in the singular.
const SETTINGS: [&str; 6] =
    ["webhook", "webhookendpoint", "webhookconfig", "webhooksetting", "webhooksubscription", "hook"];
/// What the names of calls contain that verify something.
const VERIFYING: [&str; 3] = ["verif", "signature", "constructevent"];
/// How the words end by which providers say what happened, which has happened.
const HAPPENED: [&str; 4] = ["ed", "paid", "sent", "new"];

impl Project {
    /// The handlers that take a webhook's events unverified, app by app, in path order.
    #[must_use]
    pub fn unverified_webhooks(&self) -> Vec<UnverifiedWebhook<'_>> {
        self.entered().iter().filter_map(|entered| self.unverified_webhook(entered)).collect()
    }

    fn unverified_webhook<'p>(&'p self, entered: &'p Entered) -> Option<UnverifiedWebhook<'p>> {
        let receives = match entered.kind {
            // A body that is read as a stream is no call, and a signature is nobody else's.
            EntryKind::RouteHandler => {
                let signed = || entered.doing.happenings.iter().any(is_signature);
                entered.name == "POST" && (entered.doing.does(Effect::BodyRead) || signed())
            }
            EntryKind::PagesApi => true,
            _ => false,
        };
        // Everyone can send a header: that it is there verifies nothing.
        let is_open = |guard: &Guard| guard.state == GuardState::Unguarded || guard.reason == LOOKED_FOR;
        let open = |write: &&Happening| is_open(&write.guarding.who) && is_open(&write.guarding.signed);
        let write = entered.doing.guarded_writes().find(open).filter(|_| receives)?;
        let verifies = |happening: &Happening| {
            matches!(happening.effect, Effect::VerifyWebhook | Effect::CompareSecret)
                && !self.comes_before(&write.trail, &happening.trail)
                && (happening.effect == Effect::VerifyWebhook
                    || !happening.trail.iter().any(|&site| self.is_idle(site)))
        };
        if entered.doing.happenings.iter().any(verifies) || self.may_verify(&write.trail) {
            return None;
        }
        let settings = |target: &str| {
            let plain: String = target.chars().filter(char::is_ascii_alphanumeric).collect();
            SETTINGS.contains(&plain.to_ascii_lowercase().trim_end_matches('s'))
        };
        if entered.doing.guarded_writes().any(|write| write.target.as_deref().is_some_and(settings)) {
            return None;
        }
        let url = self.url_of(entered);
        let sign = self.webhook_sign(entered, &url)?;
        Some(UnverifiedWebhook { entered, url, sign, write })
    }

    /// Whether something is called on a way, before it goes on, whose name says that it verifies. One that is seen to have no say is none.
    fn may_verify(&self, way: &[Site]) -> bool {
        way.iter().any(|&site| {
            let function = self.function_of(site).function;
            let calls = (0..).zip(&self.module(site.0).facts.calls);
            calls.take_while(|&(id, _)| id <= site.1).any(|(id, call)| {
                let name = self.module(site.0).facts.callee_name(call).to_ascii_lowercase();
                call.function == function
                    && VERIFYING.iter().any(|word| name.contains(word))
                    && !self.is_idle((site.0, id))
            })
        })
    }

    fn webhook_sign<'p>(&'p self, entered: &'p Entered, url: &str) -> Option<Sign<'p>> {
        if let Some(header) = entered.doing.happenings.iter().find(|happening| is_signature(happening)) {
            return Some(Sign::Header(header));
        }
        if let Some((word, place)) = self.provider_event(entered) {
            return Some(Sign::Event(word, place));
        }
        let path = url.to_ascii_lowercase();
        let segments: Vec<&str> = path.split('/').collect();
        let said = match segments.as_slice() {
            [.., last] if SEGMENTS.contains(last) => true,
            [.., above, last] if SEGMENTS.contains(above) => !ASIDE.contains(last) && !last.starts_with('['),
            [.., last] => self.models.senders().any(|name| name == *last) && !self.asks_itself(entered),
            [] => false,
        };
        said.then_some(Sign::Url)
    }

    /// Whether a request of the tree leads to a handler.
    fn asks_itself(&self, entered: &Entered) -> bool {
        self.requests().iter().filter(|request| self.is_program(request)).any(|request| {
            request.route().is_some_and(|(app, route)| {
                app == entered.app && self.routes(app).routes()[route].module == Some(entered.module)
            })
        })
    }

    /// The first word of a provider that the functions of an entry compare something with: `checkout.session.completed`.
    fn provider_event(&self, entered: &Entered) -> Option<(String, Place)> {
        let functions = self.entry_functions(entered.module, entered.kind).into_iter();
        let own = functions.filter(|(name, _)| *name == entered.name).flat_map(|(_, functions)| functions);
        let inside = |function: FunctionRef| {
            let inner = self.children(function).map(move |&child| FunctionRef { function: child, ..function });
            std::iter::once(function).chain(inner)
        };
        own.flat_map(inside).find_map(|function| {
            let here = self.module(function.module);
            let compared = here.facts.body(function.function).iter().flat_map(|step| match step.op {
                Op::Case { test, .. } => vec![test],
                Op::Branch { test, .. } => match here.facts.value(test) {
                    Value::Binary(Operator::Equal | Operator::NotEqual, one, other) => vec![one, other],
                    _ => Vec::new(),
                },
                _ => Vec::new(),
            });
            let mut words = compared.filter_map(|value| Some((here.facts.literal(value)?, value)));
            let (word, value) = words.find(|(word, _)| is_event(word))?;
            Some((word.to_owned(), here.place(here.facts.span(value))))
        })
    }
}

/// Whether a text is how providers name what happened: `payment_intent.succeeded`, `user.created`.
fn is_event(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let plain = |part: &&str| part.len() > 2 && part.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_');
    let happened = |last: &&str| HAPPENED.iter().any(|end| last.ends_with(end));
    parts.len() > 1 && parts.iter().all(plain) && parts.last().is_some_and(happened)
}
