//! Requests that only ask, and change something all the same: a handler of `GET` or `HEAD` that writes, and one of `pages/api` that writes
//! whatever the method is.
//!
//! Much of what a `GET` writes is right, and that is most of this module: schedulers that know a secret, links that somebody was told, the
//! return from a sign-in elsewhere, counters, and rows that are made or brought up to date when they are first asked for.

use std::collections::BTreeMap;

use super::noted::collects;
use crate::facts::{PropertyKey, Value};
use crate::models::Effect;
use crate::project::Project;
use crate::project::effects::summary::{Certainty, Site};
use crate::project::effects::{Entered, Happening};
use crate::project::entries::EntryKind;
use crate::project::guards::{GuardKind, GuardState};
use crate::project::order::frames::Link;

/// What so many handlers do in passing is no purpose of one of them: they renew a session, or note when a key was used.
const MOST_SHARING: usize = 3;

/// A handler that changes something when it is only asked.
pub struct Getter<'p> {
    /// What is entered.
    pub entered: &'p Entered,
    /// What it serves.
    pub url: String,
    /// What it writes, in order.
    pub writes: Vec<&'p Happening>,
    /// Whether it only ends the caller's session.
    pub signs_out: bool,
    /// Whether a scheduler is meant to call it.
    pub scheduled: bool,
}

impl Project {
    /// Every handler that changes something when it is only asked, by app, then module, then method.
    #[must_use]
    pub fn changing_getters(&self) -> Vec<Getter<'_>> {
        let asked: Vec<&Entered> = self.entered().iter().filter(|entered| self.is_asked(entered)).collect();
        let mut shared: BTreeMap<Site, usize> = BTreeMap::new();
        for entered in &asked {
            let mut sites: Vec<Site> = entered.doing.happenings.iter().map(Happening::site).collect();
            sites.sort_unstable();
            sites.dedup();
            sites.into_iter().for_each(|site| *shared.entry(site).or_default() += 1);
        }
        asked.into_iter().filter_map(|entered| self.getter(entered, &shared)).collect()
    }

    /// Whether an entry answers requests that only ask.
    fn is_asked(&self, entered: &Entered) -> bool {
        match entered.kind {
            EntryKind::RouteHandler => matches!(entered.name.as_str(), "GET" | "HEAD"),
            EntryKind::PagesApi => true,
            _ => false,
        }
    }

    /// Whether a file on the way to a write reads the method of a request.
    fn looks_at_method(&self, entered: &Entered, write: &Happening) -> bool {
        let own = std::iter::once(entered.module).chain(write.trail.iter().map(|&(module, _)| module));
        own.into_iter().any(|module| {
            let facts = &self.module(module).facts;
            facts.values.iter().any(|value| match value {
                Value::Member(object, name) if facts.text(*name) == "method" => {
                    matches!(facts.value(*object), Value::Parameter(..) | Value::Variable(_))
                }
                _ => false,
            })
        })
    }

    fn getter<'p>(&'p self, entered: &'p Entered, shared: &BTreeMap<Site, usize>) -> Option<Getter<'p>> {
        let entry = self.entries(entered.app).iter().find(|entry| entry.module == entered.module)?;
        let url = self.url(entered.app, &entry.url);
        let words = words(&url);
        let says = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
        if says(&[
            "callback",
            "oauth",
            "oauth2",
            "saml",
            "sso",
            "webhook",
            "webhooks",
            "postback",
            "auth",
            "authorize",
            "signin",
        ]) || url.contains("[...")
        {
            return None;
        }
        let signs_out = says(&["logout", "signout"]) || url.contains("log-out") || url.contains("sign-out");
        if signs_out {
            let ends = |happening: &&Happening| {
                matches!(happening.effect, Effect::AuthSession | Effect::CookieWrite | Effect::DbWrite)
                    && happening.certainty != Certainty::Caught
            };
            let writes: Vec<&Happening> = entered.doing.happenings.iter().filter(ends).take(1).collect();
            return (!writes.is_empty()).then_some(Getter { entered, url, writes, signs_out, scheduled: false });
        }
        // What an event source listens to can only be asked for.
        if entered.doing.does(Effect::Stream)
            || collects(entered)
            || self.returns_from_elsewhere(entered)
            || self.is_told(entered, &words)
            || counts_views(&words)
        {
            return None;
        }
        let writes: Vec<&Happening> = entered
            .doing
            .happenings
            .iter()
            .filter(|write| matches!(write.effect, Effect::DbWrite | Effect::EmailSend))
            .filter(|write| shared.get(&write.site()).is_none_or(|&sharing| sharing <= MOST_SHARING))
            .filter(|write| {
                self.is_meant(entered, write)
                    && !self.looks_at_method(entered, write)
                    && !self.is_in_passing(write)
                    && !self.is_lazy(write, entered)
            })
            .collect();
        let scheduled = says(&["cron", "crons", "job", "jobs", "schedule", "scheduled", "tick"]);
        (!writes.is_empty()).then_some(Getter { entered, url, writes, signs_out, scheduled })
    }

    /// Whether a write is proven to be reached, and nobody who knows a secret is asked for first.
    fn is_meant(&self, entered: &Entered, write: &Happening) -> bool {
        let guarding = &write.guarding;
        let may_be_told = match (guarding.who.state, guarding.who.kind) {
            (GuardState::Unguarded, _) | (GuardState::Proven, Some(GuardKind::Identity | GuardKind::Credential)) => {
                false
            }
            // What a cookie holds comes along with every link.
            (GuardState::Proven, Some(GuardKind::Told)) => !self.is_told_by_cookie(entered),
            (GuardState::Proven, _) => true,
            (GuardState::Unknown, _) => self.may_ask(entered),
        };
        let links = (0..write.trail.len()).all(|at| {
            let link = self.entered_by(&write.trail, at).map(|next| self.link(write.trail[at], next));
            !matches!(link, Some(Link::Unknown | Link::Renders))
        });
        let signed = match guarding.signed.state {
            GuardState::Unguarded => false,
            // Who is signed in is no scheduler.
            GuardState::Unknown => guarding.who.state != GuardState::Proven && self.may_ask(entered),
            GuardState::Proven => true,
        };
        links && !may_be_told && !signed && write.certainty != Certainty::Caught
    }

    /// Whether what cannot be seen may have asked who is there: it is handed the request, or finds it by itself.
    fn may_ask(&self, entered: &Entered) -> bool {
        let Some((owner, export)) = self.symbols.export(entered.module, &entered.name) else { return true };
        let functions = self.exported_functions(owner, export);
        let reads_request = functions.iter().any(|function| {
            let of = self.module(function.module).facts.function(function.function);
            of.parameters.first().is_some_and(|request| request.read)
        });
        let effects = [Effect::HeaderRead, Effect::CookieRead, Effect::AuthRead, Effect::AuthRequire];
        let asks = |name: &str| {
            let name = name.to_ascii_lowercase();
            [
                "auth",
                "guard",
                "secret",
                "verif",
                "session",
                "permission",
                "admin",
                "protect",
                "cron",
                "sign",
                "header",
                "user",
            ]
            .iter()
            .any(|word| name.contains(word))
        };
        let unseen = entered
            .doing
            .blind
            .iter()
            .any(|blind| blind.trail.last().is_some_and(|&site| asks(self.callee_name(site))));
        let wrapped = functions.len() != 1;
        reads_request || wrapped || unseen || effects.into_iter().any(|effect| entered.doing.does(effect))
    }

    /// Whether a token that somebody was told comes with a cookie, and not with the link.
    fn is_told_by_cookie(&self, entered: &Entered) -> bool {
        let names = self.names_in(entered);
        let in_link = ["searchParams", "query", "params"].iter().any(|name| names.contains(name));
        entered.doing.does(Effect::CookieRead) && !in_link
    }

    /// Whether somebody comes back with what another service gave them: a code and the state that it was asked with, the number of a payment.
    fn returns_from_elsewhere(&self, entered: &Entered) -> bool {
        let names = self.names_in(entered);
        let has = |name: &str| names.contains(&name);
        let paid = ["session_id", "payment_intent", "paymentId", "PayerID", "trxref"];
        let redirects = has("redirect");
        (has("code") && (has("state") || has("code_verifier") || has("codeVerifier")))
            || (redirects && paid.into_iter().any(has))
    }

    /// Whether it is the link of a mail: somebody was told a token to confirm, accept or leave something with.
    fn is_told(&self, entered: &Entered, words: &[String]) -> bool {
        let told = [
            "verify",
            "verification",
            "confirm",
            "confirmation",
            "unsubscribe",
            "magic",
            "invite",
            "invites",
            "invitation",
            "accept",
            "activate",
            "activation",
            "reset",
            "approve",
            "optout",
            "subscribe",
            "link",
            "email",
            "login",
        ];
        let names = self.names_in(entered);
        let token = names.iter().any(|name| {
            let name = name.to_ascii_lowercase();
            name.ends_with("token") || name.ends_with("code") || name.ends_with("hash") || name.ends_with("signature")
        });
        token && words.iter().any(|word| told.contains(&word.as_str()))
    }

    /// The names that the file of a handler reads or writes down: members, keys, variables and what is asked for by a literal.
    fn names_in(&self, entered: &Entered) -> Vec<&str> {
        let facts = &self.module(entered.module).facts;
        let members = facts.values.iter().filter_map(|value| match value {
            Value::Member(_, name) | Value::Str(name) => Some(facts.text(*name)),
            _ => None,
        });
        let keys = facts.properties.iter().filter_map(|property| match property.key {
            PropertyKey::Named(name) => Some(facts.text(name)),
            _ => None,
        });
        members.chain(keys).chain(facts.variables.iter().map(|variable| facts.text(variable.name))).collect()
    }
}

/// The words of a URL.
fn words(url: &str) -> Vec<String> {
    url.split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect()
}

/// Whether a URL is asked for to be counted: the picture in a mail, the link that leads on.
fn counts_views(words: &[String]) -> bool {
    let counted =
        ["track", "tracking", "pixel", "click", "clicks", "open", "collect", "beacon", "view", "views", "hit", "hits"];
    words.iter().any(|word| counted.contains(&word.as_str()))
}
