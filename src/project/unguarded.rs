//! What the network can have done without anybody asking who is calling: the open writes of actions and of route handlers, and what stands
//! near them that looks like a guard and is none.
//!
//! Some work is done for nobody in particular: signing in and up, confirming an address, writing to the people who run the site. It is left out,
//! by what it does where that is seen, and by its name where it is not.

use std::collections::BTreeMap;

use super::actions::ActionId;
use super::compiler::ActionKind;
use super::effects::{Doing, Entered, Happening};
use super::entries::EntryKind;
use super::entries::next;
use super::guards::{GuardKind, GuardState};
use super::modules::FunctionRef;
use super::routes::{Text, Unit};
use super::summary::Certainty;
use super::{AppId, Project, TakenIdentity};
use crate::diagnostic::Place;
use crate::models::Effect;

/// Work that is done for whoever comes, by how a word starts in the name of a function, a route or an entity.
const FOR_ANYONE: [&str; 26] = [
    "signin",
    "signup",
    "signout",
    "login",
    "logout",
    "register",
    "registration",
    "otp",
    "forgot",
    "reset",
    "verif",
    "magic",
    "newsletter",
    "subscri",
    "unsubscri",
    "waitlist",
    "contact",
    "feedback",
    "enquir",
    "inquir",
    "analytic",
    "pageview",
    "click",
    "visit",
    "impression",
    "telemetry",
];

/// The same, as whole words.
const FOR_ANYONE_WHOLE: [&str; 6] = ["auth", "oauth", "callback", "views", "consent", "heartbeat"];

/// Words of work that is somebody's in particular, whatever else its name says.
const FOR_SOMEBODY: [&str; 5] = ["delete", "remove", "update", "edit", "admin"];

/// What a person has for themselves alone, by how the name of its entity starts.
const PRIVATE: [&str; 14] = [
    "order",
    "payment",
    "invoice",
    "transaction",
    "message",
    "notification",
    "cart",
    "address",
    "subscription",
    "billing",
    "booking",
    "bank",
    "card",
    "purchase",
];

/// How many guards are named.
const MOST_NAMED: usize = 2;

/// What looks like a guard of an effect and is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoGuard {
    /// Who is signed in is read, and nothing depends on it.
    Ignored,
    /// It comes after the effect.
    Later,
    /// A page that the caller stands on asks, which an action does not pass through.
    Page,
    /// The proxy asks, which an action is not held by.
    Proxy,
    /// The proxy asks, and its matcher leaves this path out.
    Unmatched,
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
        for (id, action) in (0..).zip(&self.actions().all) {
            let names = [action.label.as_str(), self.path(action.module)];
            if !action.live || action.kind != ActionKind::Action || names.iter().any(|name| is_for_anyone(name)) {
                continue;
            }
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
        for entered in self.entered().iter().filter(|entered| entered.kind == EntryKind::RouteHandler) {
            let url = self.url_of(entered);
            if matches!(entered.name.as_str(), "GET" | "HEAD" | "OPTIONS") || is_for_anyone(&url) {
                continue;
            }
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
        let live = |id: &ActionId| {
            let action = self.actions().get(*id);
            action.live && action.kind == ActionKind::Action && !is_for_anyone(&action.label)
        };
        let ids: Vec<ActionId> = (0..).take(self.actions().all.len()).filter(live).collect();
        let taken = self.taken_identities(&ids);
        let counts = |identity: &TakenIdentity<'_>| {
            let of = identity.happening;
            let private = || of.target.as_deref().is_some_and(is_private);
            of.guarding.who.state == GuardState::Unguarded && (of.effect == Effect::DbWrite || private())
        };
        let found = ids.into_iter().zip(taken).filter_map(|(id, taken)| Some((id, taken?)));
        found.filter(|(_, identity)| counts(identity)).collect()
    }

    /// Where a finding about a whole app stands: the first line of its manifest.
    #[must_use]
    pub fn app_place(&self, app: AppId) -> Option<Place> {
        let manifest = self.app(app).manifest.map(|file| Place { file, span: crate::source::Span::default() });
        manifest.or_else(|| self.first_place())
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
        if doing.does(Effect::AuthSession) || doing.does(Effect::CompareSecret) {
            return None;
        }
        let own = |write: &&Happening| {
            matches!(write.effect, Effect::DbWrite | Effect::FsWrite | Effect::StorageWrite)
                && !write.trail.iter().any(|&site| self.calls_action(site))
        };
        let writes: Vec<&Happening> = doing.guarded_writes().filter(own).collect();
        let basket = |name: &str| words(name).iter().any(|word| word.starts_with("cart") || word.starts_with("basket"));
        let for_anyone = |name: &str| is_for_anyone(name) || basket(name);
        if writes.iter().any(|write| write.target.as_deref().is_some_and(for_anyone)) {
            return None;
        }
        let open = |write: &&&Happening| {
            let who = &write.guarding.who;
            who.state == GuardState::Unguarded && !who.partly && write.guarding.limited.state != GuardState::Proven
        };
        let open = writes.iter().filter(open).min_by_key(|write| (write.certainty, write.trail.len()));
        open.copied()
    }

    /// What is read of the caller near a write, and guards nothing.
    fn near(&self, doing: &Doing, write: &Happening) -> Vec<(NoGuard, Place)> {
        let asks = |of: &&Happening| {
            matches!(of.effect, Effect::AuthRead | Effect::AuthRequire) && of.certainty != Certainty::Caught
        };
        let first = doing.happenings.iter().find(asks);
        let said = first.map(|of| {
            let before = self.comes_before(&of.trail, &write.trail);
            (if before { NoGuard::Ignored } else { NoGuard::Later }, self.call_place(of.trail[0]))
        });
        said.into_iter().collect()
    }

    /// The page on which a caller of an action stands, where it asks who is there.
    fn asking_pages(&self, action: ActionId) -> Option<(NoGuard, Place)> {
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

/// Whether an entity is one that a person has for themselves.
fn is_private(entity: &str) -> bool {
    words(entity).iter().any(|word| PRIVATE.iter().any(|private| word.starts_with(private)))
}

/// Whether a name says that the work is done for whoever comes.
fn is_for_anyone(name: &str) -> bool {
    let words = words(name);
    let starts = |list: &[&str]| words.iter().any(|word| list.iter().any(|start| word.starts_with(start)));
    let pairs = words.windows(2).any(|pair| FOR_ANYONE.contains(&pair.concat().as_str()));
    let whole = words.iter().any(|word| FOR_ANYONE_WHOLE.contains(&word.as_str()));
    (starts(&FOR_ANYONE) || pairs || whole) && !starts(&FOR_SOMEBODY)
}

/// `signUpUser`, `sign-up`, `/api/(auth)/login`: the words of a name, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut lower = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() || (letter.is_uppercase() && lower) {
            words.push(String::new());
        }
        lower = letter.is_lowercase();
        if letter.is_alphanumeric() {
            words.last_mut().expect("there is a word").extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
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
