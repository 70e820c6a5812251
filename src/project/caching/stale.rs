//! What an action leaves as it was: the views and queries that show an entity which it writes, and that nothing makes fresh.

use super::queried::{Change, notes_when};
use crate::diagnostic::{Label, Place};
use crate::project::actions::ActionId;
use crate::project::client::queries::Shown;
use crate::project::client::settling::Settling;
use crate::project::client::standing::Standing;
use crate::project::client::{CallSite, hook_behind};
use crate::project::data::Reader;
use crate::project::effects::summary::{Certainty, Site, Unseen};
use crate::project::effects::{Blind, Doing, Happening, PASSED};
use crate::project::endpoint::CallerKind;
use crate::project::graph::Via;
use crate::project::program::modules::FunctionRef;
use crate::project::questions::noted::DEEPEST_PURPOSE;
use crate::project::{AppId, Effect, Project, Trail};

/// What is said of the call of an action after which nothing is refreshed.
const CALLED: &str = "is called here, and nothing is refreshed";

/// How something shows what is no longer true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Showing {
    /// A query in the browser, on the page on which the action is called: it shows what it fetched, whatever the page says.
    Query,
    /// The page on which the action is called, or what is rendered around it.
    Around,
    /// A page below the layout in which the action is called.
    Below,
    /// Another part of the page on which the action is called than the one that shows what came of it.
    Beside,
    /// A layout around the page on which the action is called, which stays when somebody goes to another page below it.
    Stays,
    /// Another page, which the router of the browser keeps (up to Next 14).
    Kept,
}

/// Something that shows an entity as it was.
#[derive(Debug, Clone)]
pub struct Stale<'p> {
    /// The write.
    pub write: &'p Happening,
    /// The call of the action.
    pub site: &'p CallSite,
    /// The view in which the call stands.
    pub standing: Standing,
    /// How it shows it.
    pub showing: Showing,
    /// What reads it.
    pub by: By<'p>,
}

impl Stale<'_> {
    /// The calls by which somebody sees something else where the action was called, and what labels say of them.
    #[must_use]
    pub fn moves(&self) -> Option<(&[Site], &'static str, &'static str)> {
        let (calls, leads, does) = match (self.showing, &self.site.settling, &self.site.besides) {
            (Showing::Query, Settling::Navigates(calls, _), _) | (Showing::Stays, _, Settling::Navigates(calls, _)) => {
                (calls, "leads to another page", "goes to another page; the layout around both stays as it was")
            }
            (_, Settling::Navigates(calls, _), _) => {
                (calls, "leads to another page", "goes to another page; the router keeps the pages that it has")
            }
            (Showing::Kept, Settling::Shows(calls), _) => {
                (calls, "leads to what is shown", "shows it here; the router keeps the pages that it has")
            }
            (Showing::Beside, Settling::Shows(calls), _) => {
                (calls, "leads to what is shown", "shows it here; the rest of the page is as it was")
            }
            _ => return None,
        };
        Some((calls, leads, does))
    }
}

/// What reads an entity and shows it.
#[derive(Debug, Clone)]
pub enum By<'p> {
    /// A view, while it renders on the server.
    View(Reader<'p>),
    /// A query.
    Query(Shown<'p>),
}

impl<'p> By<'p> {
    /// The read.
    #[must_use]
    pub const fn read(&self) -> &'p Happening {
        match self {
            Self::View(reader) => reader.read,
            Self::Query(shown) => shown.read,
        }
    }
}

impl Project {
    /// What shows an entity that an action writes and that nothing makes fresh, what is surest first.
    #[must_use]
    pub fn left_stale(&self, id: ActionId) -> Vec<Stale<'_>> {
        let (action, doing) = (self.actions.get(id), self.action_doing(id));
        if !action.live || self.settles_elsewhere(doing, action.app) {
            return Vec::new();
        }
        let mails = || doing.of(Effect::EmailSend).filter(|mail| mail.certainty != Certainty::Caught);
        let writes = self.writes_to_see(doing);
        let first = writes.first().copied();
        let sites = self.call_sites(id).filter(|site| !self.is_of_effects(site));
        let sites: Vec<(&CallSite, Vec<Standing>)> = sites.map(|site| (site, self.standing_for_users(site))).collect();
        let mut found = Vec::new();
        for write in writes.into_iter().filter(|write| write.is_known()) {
            let settled = self.answers_with_views(doing, write) || self.may_settle_views(doing);
            let sent = self.sent_after(doing, write);
            let (app, showing) = (action.app, self.queries_showing(action.app, write));
            let is_first = first.is_some_and(|first| first.about() == write.about());
            // A mail that went out before, if need be, says nothing of it but when that was.
            let is_before =
                |mail: &Happening| self.tells_besides(mail, action.app) && self.comes_before(&mail.trail, &write.trail);
            let is_told = mails().any(|mail| notes_when(write) || !is_before(mail));
            let change = Change { id, app, write, is_first, is_told, leaves: !sent.is_empty(), showing };
            for (site, standings) in &sites {
                for standing in standings {
                    let mut add =
                        |showing, by| found.push(Stale { write, site, standing: standing.clone(), showing, by });
                    if !settled && !self.thinks_of(site, &change, true) {
                        if sent.is_empty() {
                            self.views_left(site, standing, write, &mut add);
                        }
                        self.kept_by_router((site, standing), write, &sent)
                            .into_iter()
                            .for_each(|reader| add(Showing::Kept, By::View(reader)));
                    }
                    if standing.app == action.app {
                        let left = self.queries_left(&change, site, standing);
                        left.into_iter().for_each(|shown| add(Showing::Query, By::Query(shown)));
                    }
                }
            }
        }
        let distance = |stale: &Stale<'_>| match &stale.by {
            By::Query(shown) => (shown.elsewhere || stale.site.queries != Settling::Nothing, shown.distance),
            By::View(reader) => {
                (false, (self.shows_other_row(stale.write, reader.view), self.distance_to(stale, reader.view)))
            }
        };
        found.sort_by_key(|stale| (stale.showing, distance(stale)));
        found
    }

    /// The labels of something stale: from the action to the write; from the call of the action up to the page; from the page down to the read.
    #[must_use]
    pub fn stale_trail(&self, stale: &Stale<'_>, url: &str, primary: Place) -> Vec<Label> {
        let writes = stale.write.written_label(stale.by.read(), url);
        let mut trail = Trail::new(self, primary);
        trail.calls(&stale.write.trail, "leads to the write", &writes);
        let called = self.module(stale.site.module).place(stale.site.edge.span);
        let is_helped = stale.site.edge.via == Via::Call && stale.site.place != called;
        if is_helped {
            trail.add(stale.site.place, "is called here");
        }
        trail.add(called, if is_helped { "leads to the call, and nothing is refreshed" } else { CALLED });
        if let Some((calls, leads, does)) = stale.moves() {
            trail.calls(calls, leads, does);
        }
        if let Some(sent) = self.sent_from_kept(stale) {
            trail.calls(
                &sent.trail,
                "leads to another page",
                "sends the caller to another page; the router keeps the pages that it has",
            );
        }
        let renders = match stale.showing {
            Showing::Below => "renders the caller, around the pages below",
            _ => "renders the caller",
        };
        for &(module, edge) in &stale.standing.way {
            trail.add(self.module(module).place(edge.span), renders);
        }
        if let By::Query(shown) = &stale.by {
            trail.add(self.call_place(shown.at()), format!("shows what `{url}` answers"));
        }
        let read = stale.by.read().about_written(stale.write);
        trail.calls(&stale.by.read().trail, "leads to what it shows", &format!("reads `{read}` for `{url}`"));
        trail.labels()
    }

    /// The views in which a call of an action stands, those aside in which it does so for its developers alone.
    pub(in crate::project) fn standing_for_users(&self, site: &CallSite) -> Vec<Standing> {
        let from = site.by.first().map(|&(module, edge)| FunctionRef { module, function: edge.from });
        let mut standings = self.standing(from.unwrap_or_else(|| site.function()));
        standings.iter_mut().for_each(|of| of.way.extend(&site.by));
        standings.retain(|of| !of.way.iter().any(|&(module, edge)| self.is_for_development((module, edge.call))));
        standings
    }

    /// Whether nobody but effects and queries make a call: what is noted when a page is shown is no change that its reader waits to see.
    pub(in crate::project) fn is_of_effects(&self, site: &CallSite) -> bool {
        let by_itself = |kind: CallerKind| matches!(kind, CallerKind::ClientEffect | CallerKind::ClientQuery);
        let is_one = |of: &CallSite| {
            let calls = self.client_calls(of.action).iter().filter(|call| call.place == of.place);
            let mut kinds = calls.map(|call| call.kind);
            kinds.next().is_some_and(by_itself) && kinds.all(by_itself)
        };
        // What a hook is handed runs where what that gives is called.
        let facts = &self.module(site.module).facts;
        let runs = |of: &&CallSite| {
            of.module == site.module
                && of.edge.call != site.edge.call
                && hook_behind(facts, facts.calls[of.edge.call as usize].callee) == Some(site.edge.call)
        };
        let mut called = self.call_sites(site.action).filter(runs);
        is_one(site) || (called.next().is_some_and(is_one) && called.all(is_one))
    }
}

impl Project {
    /// Whether the answer to an action brings the page with it: something is refreshed, on a way that a write is on too.
    fn answers_with_views(&self, doing: &Doing, write: &Happening) -> bool {
        doing.happenings.iter().any(|happening| {
            let refreshes = match happening.effect {
                // A cookie that only some ways set, such as one of a session that is renewed, answers for none of the others.
                Effect::CookieWrite => {
                    (happening.certainty == Certainty::Always && !happening.conditional)
                        || self.goes_with(&happening.trail, &write.trail)
                }
                effect => happening.certainty != Certainty::Caught && effect.refreshes(),
            };
            refreshes && !self.never_together(&happening.trail, &write.trail)
        })
    }

    /// Whether what cannot be known of an action may make anything fresh.
    fn may_settle_views(&self, doing: &Doing) -> bool {
        // What runs when the response is sent comes too late for it.
        let late = |blind: &Blind| doing.of(Effect::Defer).any(|defer| blind.trail.contains(&defer.site()));
        doing.truncated || doing.blind.iter().any(|blind| self.hides(blind) && !late(blind))
    }

    /// The redirects after a write, those aside by which it was refused: who is sent elsewhere sees that page anew, and its layouts.
    pub(super) fn sent_after<'p>(&self, doing: &'p Doing, write: &Happening) -> Vec<&'p Happening> {
        let sent = doing.of(Effect::Redirect).filter(|sent| sent.certainty != Certainty::Caught);
        let after = |sent: &&Happening| {
            !self.comes_before(&sent.trail, &write.trail) && !self.never_together(&sent.trail, &write.trail)
        };
        sent.filter(after).collect()
    }

    /// Whether what an action does is seen elsewhere: who signs in or out sees everything anew, and a visitor who is sent a mail gets the answer
    /// there. Whoever is signed in is shown what they change, whomever that sends a mail.
    fn settles_elsewhere(&self, doing: &Doing, app: AppId) -> bool {
        let signed_in = doing.does(Effect::AuthRead) || doing.does(Effect::AuthRequire);
        doing.happenings.iter().filter(|happening| happening.certainty != Certainty::Caught).any(|happening| {
            match happening.effect {
                Effect::AuthSession => true,
                Effect::EmailSend => !signed_in && !self.tells_besides(happening, app),
                _ => false,
            }
        })
    }

    /// Whether a mail is no answer to what was asked: a helper of helpers sends it, if need be. When a package of mails does so is its business.
    fn tells_besides(&self, mail: &Happening, app: AppId) -> bool {
        let own = mail.trail.iter().take_while(|&&(module, _)| self.module(module).app == Some(app));
        (mail.certainty != Certainty::Always || mail.conditional) && own.count() > DEEPEST_PURPOSE
    }

    /// The same for what is kept, which nobody sees anew for being sent elsewhere.
    pub(in crate::project) fn hides_settling(&self, doing: &Doing, app: AppId) -> bool {
        doing.truncated || self.settles_elsewhere(doing, app) || doing.blind.iter().any(|blind| self.hides(blind))
    }

    /// Whether a call that cannot be seen may make anything fresh. What came over the network is data, whose methods do nothing of the kind.
    fn hides(&self, blind: &Blind) -> bool {
        blind.unseen == Unseen::Dynamic && blind.reason != PASSED && self.may_act(blind)
    }
}
