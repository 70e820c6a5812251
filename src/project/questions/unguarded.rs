//! What the network can have done without anybody asking who is calling: the open writes of actions and of route handlers, and what stands
//! near them that looks like a guard and is none.
//!
//! Some work is done for nobody in particular: signing in and up, confirming an address, writing to the people who run the site. It is left out,
//! by what it does where that is seen, and by its name where it is not.

use std::collections::BTreeMap;

use super::audience::{is_for_anyone, is_left_by_anyone, is_private, words};
use crate::diagnostic::Place;
use crate::facts::{Op, Step, Use};
use crate::models::Effect;
use crate::project::actions::{Action, ActionId};
use crate::project::effects::summary::{Certainty, Site};
use crate::project::effects::{Doing, Entered, Happening};
use crate::project::entries::EntryKind;
use crate::project::entries::next;
use crate::project::graph::Callee;
use crate::project::guards::{GuardKind, GuardState};
use crate::project::program::modules::FunctionRef;
use crate::project::routes::{Text, Unit};
use crate::project::{AppId, Project, TakenIdentity};

/// How many guards are named.
const MOST_NAMED: usize = 2;

/// What looks like a guard of an effect and is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoGuard {
    /// Who is signed in is read, and nothing depends on it.
    Ignored,
    /// Nobody waits for it.
    NotAwaited,
    /// What it throws is caught, and the function goes on.
    Swallowed,
    /// It comes after the effect.
    Later,
    /// A page that the caller stands on asks, which an action does not pass through.
    Page,
    /// The proxy asks, which an action is not held by.
    Proxy,
    /// The proxy asks, and its matcher leaves this path out.
    Unmatched,
}

impl NoGuard {
    /// What it is, for a label.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ignored => "asks who is signed in, and nothing depends on it",
            Self::NotAwaited => "asks who is signed in, and nobody waits for the answer",
            Self::Swallowed => "asks who is signed in, and the function goes on where that throws",
            Self::Later => "asks only after the write",
            Self::Page => "the page asks, but an action can be posted to without it",
            Self::Proxy => "the proxy guards no action: it can be posted to any URL of the app",
            Self::Unmatched => "the proxy asks, but its matcher leaves this path out",
        }
    }
}

/// Writes of an entry that nobody is asked for.
pub struct Open<'p> {
    /// The write.
    pub write: &'p Happening,
    /// What looks like a guard, and where.
    pub near: Vec<(NoGuard, Place)>,
}

impl Project {
    /// The actions that write for whoever posts to them, with the write that says it best.
    #[must_use]
    pub fn open_actions(&self) -> Vec<(ActionId, Open<'_>)> {
        let mut found = Vec::new();
        for (id, action) in self.actions_for_somebody() {
            let doing = self.action_doing(id);
            let Some(write) = self.unasked(doing) else { continue };
            let mut near = self.near(doing, write);
            near.extend(self.asking_pages(id));
            near.extend(self.asking_proxy(action.app).map(|entered| (NoGuard::Proxy, self.entered_place(entered))));
            found.push((id, Open { write, near }));
        }
        found
    }

    /// The route handlers that change something for whoever sends a request, with the write that says it best.
    #[must_use]
    pub fn open_handlers(&self) -> Vec<(&Entered, Open<'_>)> {
        let mut found = Vec::new();
        for (entered, url) in self.handlers_for_somebody() {
            let Some(write) = self.unasked(&entered.doing) else { continue };
            let mut near = self.near(&entered.doing, write);
            if let Some(proxy) = self.asking_proxy(entered.app) {
                if self.proxied(entered.app, proxy.module).iter().any(|paths| paths.may_hold(path_of(&url).units())) {
                    continue;
                }
                near.push((NoGuard::Unmatched, self.entered_place(proxy)));
            }
            found.push((entered, Open { write, near }));
        }
        found.sort_by_key(|(entered, _)| (entered.app, self.entered_place(entered)));
        found
    }

    /// The live actions that are not for whoever comes, by their names.
    pub(in crate::project) fn actions_for_somebody(&self) -> impl Iterator<Item = (ActionId, &Action)> {
        self.live_actions()
            .filter(|(_, action)| !is_for_anyone(&action.label) && !is_for_anyone(self.path(action.module)))
    }

    /// The handlers of requests that may change something and are not for whoever comes, by their URLs.
    pub(in crate::project) fn handlers_for_somebody(&self) -> impl Iterator<Item = (&Entered, String)> {
        let changes = |entered: &&Entered| !matches!(entered.name.as_str(), "GET" | "HEAD" | "OPTIONS");
        let handlers = self.entered().iter().filter(|entered| entered.answers()).filter(changes);
        handlers.map(|entered| (entered, self.url_of(entered))).filter(|(_, url)| !is_for_anyone(url))
    }

    /// A handler as messages name it: `POST /api/users`, or its URL where one function answers every method.
    #[must_use]
    pub fn handler_name(&self, entered: &Entered) -> String {
        let url = self.url_of(entered);
        if entered.name == "default" { format!("`{url}`") } else { format!("`{} {url}`", entered.name) }
    }

    /// The URL of an entered file, as its framework writes routes.
    #[must_use]
    pub fn url_of(&self, entered: &Entered) -> String {
        let entry = self.entries(entered.app).iter().find(|entry| entry.module == entered.module);
        entry.map(|entry| self.url(entered.app, &entry.url)).unwrap_or_default()
    }

    /// The actions that read or write for whom whoever posts to them says that they are, with what says so. What is read counts where it is
    /// somebody's own.
    #[must_use]
    pub fn supplied_identities(&self) -> Vec<(ActionId, TakenIdentity<'_>)> {
        let named = self.live_actions().filter(|(_, action)| !is_for_anyone(&action.label));
        let ids: Vec<ActionId> = named.map(|(id, _)| id).collect();
        let taken = self.taken_identities(&ids);
        let counts = |identity: &TakenIdentity<'_>| {
            let of = identity.happening;
            let private = || of.target.as_deref().is_some_and(is_private);
            of.guarding.who.state == GuardState::Unguarded && (of.effect == Effect::DbWrite || private())
        };
        let found = ids.into_iter().zip(taken).filter_map(|(id, taken)| Some((id, taken?)));
        found.filter(|(_, identity)| counts(identity)).collect()
    }

    /// Whether anything in an app knows who is calling.
    #[must_use]
    pub fn knows_callers(&self, app: AppId) -> bool {
        let knows = |doing: &Doing| {
            let auth = [Effect::AuthRead, Effect::AuthRequire, Effect::AuthSession];
            let asked = |write: &Happening| {
                write.guarding.who.state == GuardState::Proven && write.guarding.who.kind == Some(GuardKind::Identity)
            };
            auth.into_iter().any(|effect| doing.does(effect)) || doing.guarded_writes().any(asked)
        };
        let actions = (0..).zip(&self.actions().all).filter(|(_, action)| action.app == app);
        self.asking_proxy(app).is_some()
            || actions.into_iter().any(|(id, _)| knows(self.action_doing(id)))
            || self.entered().iter().any(|entered| entered.app == app && knows(&entered.doing))
    }

    /// The functions that guard most of an app's endpoints, by name.
    #[must_use]
    pub fn usual_guards(&self, app: AppId) -> Vec<(String, FunctionRef)> {
        let mut counts: BTreeMap<FunctionRef, usize> = BTreeMap::new();
        let mut count = |doing: &Doing| {
            let guard = |write: &Happening| {
                let who = &write.guarding.who;
                let named = who.kind == Some(GuardKind::Identity) && who.state == GuardState::Proven;
                // A guard that stands where the write is asked for is nobody else's.
                let own = |function: FunctionRef| write.trail.iter().any(|&site| self.function_of(site) == function);
                self.guard_function(who).filter(|&function| named && !own(function))
            };
            let guards: std::collections::BTreeSet<FunctionRef> = doing.guarded_writes().filter_map(guard).collect();
            for function in guards {
                *counts.entry(function).or_default() += 1;
            }
        };
        for (id, _) in (0..).zip(&self.actions().all).filter(|(_, action)| action.app == app) {
            count(self.action_doing(id));
        }
        self.entered().iter().filter(|entered| entered.app == app).for_each(|entered| count(&entered.doing));
        let mut counts: Vec<(usize, FunctionRef)> =
            counts.into_iter().map(|(function, count)| (count, function)).collect();
        counts.sort_by(|left, right| right.0.cmp(&left.0).then(left.1.cmp(&right.1)));
        let own = |function: FunctionRef| self.function_name(function).to_owned();
        let named = counts.into_iter().filter(|&(count, _)| count > 1).map(|(_, function)| (own(function), function));
        named.filter(|(name, _)| !name.is_empty()).take(MOST_NAMED).collect()
    }

    /// The nearest write of an entry for which nobody is asked, unless what it does is done for anyone.
    fn unasked<'p>(&'p self, doing: &'p Doing) -> Option<&'p Happening> {
        // Mail to whoever asks for it is limited, as far as somebody thought of it at all.
        let limits = doing.does(Effect::RateLimit) || doing.does(Effect::Captcha);
        let open = |write: &&Happening| {
            let who = &write.guarding.who;
            if limits && write.effect == Effect::EmailSend {
                return false;
            }
            who.state == GuardState::Unguarded && !who.partly && write.guarding.limited.state != GuardState::Proven
        };
        let writes = self.own_writes(doing).into_iter();
        writes.filter(open).min_by_key(|write| (write.certainty, write.trail.len()))
    }

    /// The writes of an entry that somebody has to be asked for; none where what it does is done for anyone.
    pub(in crate::project) fn own_writes<'p>(&'p self, doing: &'p Doing) -> Vec<&'p Happening> {
        if doing.does(Effect::AuthSession) || doing.does(Effect::CompareSecret) {
            return Vec::new();
        }
        let own = |write: &&Happening| {
            let counts = matches!(
                write.effect,
                Effect::DbWrite | Effect::FsWrite | Effect::StorageWrite | Effect::EmailSend | Effect::QueueSend
            );
            counts && !write.trail.iter().any(|&site| self.calls_action(site))
        };
        let writes: Vec<&Happening> = doing.guarded_writes().filter(own).collect();
        let basket = |name: &str| words(name).iter().any(|word| word.starts_with("cart") || word.starts_with("basket"));
        let for_anyone = |name: &str| is_left_by_anyone(name) || basket(name);
        if writes.iter().any(|write| write.target.as_deref().is_some_and(for_anyone)) {
            return Vec::new();
        }
        writes
    }

    /// What is read of the caller near a write, and guards nothing.
    pub(in crate::project) fn near(&self, doing: &Doing, write: &Happening) -> Vec<(NoGuard, Place)> {
        let asks = |of: &&Happening| {
            matches!(of.effect, Effect::AuthRead | Effect::AuthRequire) && of.certainty != Certainty::Caught
        };
        let first = doing.happenings.iter().find(asks);
        let said = first.map(|of| {
            let said = match self.comes_before(&of.trail, &write.trail) {
                false => NoGuard::Later,
                true if of.trail.iter().any(|&site| self.is_dropped(site)) => NoGuard::NotAwaited,
                true if of.trail.iter().any(|&site| self.is_caught(site)) => NoGuard::Swallowed,
                true => NoGuard::Ignored,
            };
            (said, self.call_place(of.trail[0]))
        });
        said.into_iter().collect()
    }

    /// Whether a call's promise is thrown away: nothing looks at what it gives, not even an `await`.
    fn is_dropped(&self, site: Site) -> bool {
        let used = self.module(site.0).facts.calls[site.1 as usize].result;
        let mut leads = self.edges_at(site).filter_map(|edge| match edge.to {
            Callee::Function(function) => Some(function),
            _ => None,
        });
        let is_async = |of: FunctionRef| self.module(of.module).facts.function(of.function).is_async;
        matches!(used, Use::DISCARDED | Use::VOIDED) && leads.any(is_async)
    }

    /// Whether a call stands in the body of a `try` that catches.
    fn is_caught(&self, site: Site) -> bool {
        let body = self.module(site.0).facts.body(self.function_of(site).function);
        let at = (0_u32..).zip(body).find(|(_, step)| step.op == Op::Call(site.1)).map(|(at, _)| at);
        let holds = |(start, step): (u32, &Step)| match step.op {
            Op::Try { body, catches: true, .. } => at.is_some_and(|at| start < at && at < body),
            _ => false,
        };
        (0..).zip(body).any(holds)
    }

    /// The page on which a caller of an action stands, where it asks who is there.
    pub(in crate::project) fn asking_pages(&self, action: ActionId) -> Option<(NoGuard, Place)> {
        for site in self.call_sites(action) {
            for standing in self.standing(site.function()) {
                let doing = self.entry_doing(standing.app, standing.view, "default");
                let asks = doing.and_then(|doing| {
                    let ask = |effect| doing.of(effect).next();
                    ask(Effect::AuthRequire).or_else(|| ask(Effect::AuthRead))
                });
                if let Some(ask) = asks {
                    return Some((NoGuard::Page, self.call_place(ask.trail[0])));
                }
            }
        }
        None
    }

    /// The proxy of an app, where it looks at who is calling.
    fn asking_proxy(&self, app: AppId) -> Option<&Entered> {
        let looks = |of: &Happening| match of.effect {
            Effect::AuthRead | Effect::AuthRequire | Effect::CookieRead => true,
            Effect::HeaderRead => of.target.as_deref().is_some_and(|name| name.eq_ignore_ascii_case("authorization")),
            _ => false,
        };
        let asks = |entered: &&Entered| {
            entered.app == app
                && entered.kind == EntryKind::Proxy
                && next::PROXIES.contains(&entered.name.as_str())
                && (entered.doing.happenings.iter().any(looks) || !entered.doing.is_seen())
        };
        self.entered().iter().find(asks)
    }

    fn entered_place(&self, entered: &Entered) -> Place {
        let whole = Place { file: self.module(entered.module).file, span: crate::source::Span::default() };
        self.export_place(entered.module, &entered.name).unwrap_or(whole)
    }
}

/// A route's URL as a request's path: its dynamic segments are holes.
fn path_of(url: &str) -> Text {
    let mut path = Text::default();
    for (index, segment) in url.split('/').enumerate() {
        if index > 0 {
            path.push_str("/");
        }
        match segment.strip_prefix('[') {
            Some(rest) if rest.starts_with("...") || rest.starts_with('[') => path.push(Unit::Rest),
            Some(_) => path.push(Unit::Segment),
            None => path.push_str(segment),
        }
    }
    path
}
