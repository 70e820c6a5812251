//! What an app asks of itself: server code that fetches a route of its own app, and handlers that change something for nobody but the
//! app's own components.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use super::{Body, Leads, Origin, Request, RequestId};
use crate::facts::{CallKind, NONE, Use};
use crate::models::{Effect, When};
use crate::project::actions::ActionId;
use crate::project::effects::summary::{Certainty, Site};
use crate::project::effects::{Doing, Happening};
use crate::project::endpoint::CallerKind;
use crate::project::entries::EntryKind;
use crate::project::layers::{Boundary, Layer};
use crate::project::program::modules::ModuleId;
use crate::project::routes::{Route, RouteId, RouteKind, Text, Unit};
use crate::project::{AppId, Project};

/// What on a server has a request sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Serving {
    /// A page or a layout while it renders.
    Render,
    /// A route handler or a file of `pages/api`.
    Handler,
    /// A server action.
    Action(ActionId),
}

/// A request by which an app's server asks its own app.
#[derive(Debug, Clone)]
pub struct OwnFetch<'p> {
    /// The request.
    pub request: &'p Request,
    /// Who has it sent.
    pub by: Serving,
    /// The calls that lead to it from there.
    pub trail: &'p [Site],
    /// The app.
    pub app: AppId,
    /// The route.
    pub route: RouteId,
}

/// A route file whose handlers change something for the app's own components alone.
#[derive(Debug, Clone)]
pub struct OwnMutation<'p> {
    /// The app.
    pub app: AppId,
    /// The route.
    pub route: &'p Route,
    /// The route file.
    pub module: ModuleId,
    /// The methods that change something, and a write of each.
    pub methods: Vec<(&'static str, &'p Happening)>,
    /// The requests.
    pub requests: Vec<&'p Request>,
}

/// Parts of a path below which others than the app's own components are served, whoever else calls.
const FOR_OTHERS: [&str; 9] = ["auth", "callback", "cron", "oauth", "public", "v1", "v2", "webhook", "webhooks"];

/// So many calls away a write is one that a handler makes itself.
const NEAR: usize = 3;

/// Parts of the names of headers by which others than browsers prove who they are.
const PROOFS: [&str; 5] = ["authorization", "key", "secret", "signature", "token"];

impl Project {
    /// The requests by which apps' servers ask their own apps, by place, each once.
    #[must_use]
    pub fn own_fetches(&self) -> Vec<OwnFetch<'_>> {
        let mut found: Vec<OwnFetch<'_>> = Vec::new();
        for request in self.requests() {
            let Leads::Endpoint(app, route) = request.leads else { continue };
            let is_handler = matches!(self.routes(app).route(route).kind, RouteKind::Handler | RouteKind::PagesApi);
            if !is_handler || !self.is_program(request) {
                continue;
            }
            let entered = self.entered().iter().filter(|entered| entered.app == app).filter_map(|entered| {
                let by = match entered.kind {
                    EntryKind::View if self.boundary[entered.module as usize] != Boundary::Client => Serving::Render,
                    EntryKind::RouteHandler | EntryKind::PagesApi => Serving::Handler,
                    _ => return None,
                };
                Some((by, &entered.doing))
            });
            let actions = (0..).zip(&self.actions().all).filter(|(_, action)| action.app == app);
            let actions = actions.map(|(id, _)| (Serving::Action(id), self.action_doing(id)));
            let sent = entered.chain(actions).find_map(|(by, doing)| {
                let sending = sending(doing, request).filter(|sending| self.is_waited_for(&sending.trail))?;
                Some((by, sending))
            });
            if let Some((by, sending)) = sent {
                found.push(OwnFetch { request, by, trail: &sending.trail, app, route });
            }
        }
        found
    }

    /// Whether what calls give is waited for on the whole way. Work that is only started has a time limit of its own in a request of its own.
    fn is_waited_for(&self, trail: &[Site]) -> bool {
        let waits = [Use::AWAITED, Use::RETURNED, Use::STORED];
        trail.iter().filter(|&&(_, call)| call != NONE).all(|&(module, call)| {
            let described = self.module(module).facts.calls[call as usize];
            let top = described.function == 0 || described.kind == CallKind::Jsx;
            let deferred = self.graph.notes((module, call)).when == Some(When::Deferred);
            !deferred && (top || waits.into_iter().any(|bit| described.result.has(bit)))
        })
    }

    /// The URL of a route, base path included.
    #[must_use]
    pub fn route_url(&self, app: AppId, route: &Route) -> String {
        self.url(app, &route.url)
    }

    /// The route files whose handlers change something for nobody but components of their app, by app and URL.
    #[must_use]
    pub fn own_mutations(&self) -> Vec<OwnMutation<'_>> {
        let mut found = Vec::new();
        for (app, _) in self.apps().filter(|(_, app)| app.version.at_least(13, 4)) {
            let foreign = OnceCell::new();
            for (id, route) in self.routes(app).routes().iter().enumerate() {
                let for_others = || route.url.split('/').any(|part| FOR_OTHERS.contains(&part));
                if route.kind != RouteKind::Handler || route.methods.open || route.is_catch_all() || for_others() {
                    continue;
                }
                found.extend(self.own_mutation((app, id, route), &foreign));
            }
        }
        found
    }

    fn own_mutation<'p>(
        &'p self,
        (app, id, route): (AppId, RouteId, &'p Route),
        foreign: &OnceCell<BTreeSet<RouteId>>,
    ) -> Option<OwnMutation<'p>> {
        let module = route.module?;
        let (mut methods, mut requests) = (Vec::new(), Vec::new());
        let all = self.requests().iter().enumerate();
        let to = all.filter(|(_, request)| request.route() == Some((app, id)) && self.is_program(request));
        let to: Vec<RequestId> = to.map(|(id, _)| id).collect();
        for &method in route.methods.names.iter().filter(|method| !matches!(**method, "GET" | "HEAD" | "OPTIONS")) {
            let doing = self.entry_doing(app, module, method)?;
            if needs_handler(doing) {
                return None;
            }
            let asks = |&&of: &&RequestId| self.requests()[of].sent.methods.iter().any(|of| of == method);
            let asking: Vec<RequestId> = to.iter().filter(asks).copied().collect();
            // What is written far below, and only where something is missing, is no purpose of the method.
            let write = doing.happenings.iter().find(|of| {
                matches!(of.effect, Effect::DbWrite | Effect::HttpWrite)
                    && (of.certainty == Certainty::Always || of.trail.len() <= NEAR)
            });
            let by_hand = asking.iter().any(|&of| {
                self.senders(of).iter().any(|kind| matches!(kind, CallerKind::ClientEvent | CallerKind::ClientForm))
            });
            if let (Some(write), true) = (write, by_hand) {
                methods.push((method, write));
                requests.extend(asking);
            }
        }
        let own = requests.iter().all(|&of| self.is_of_component(of));
        let foreign = || foreign.get_or_init(|| self.asked_from_elsewhere(app)).contains(&id);
        (own && !methods.is_empty() && !foreign()).then(|| {
            let requests = requests.into_iter().map(|of| &self.requests()[of]).collect();
            OwnMutation { app, route, module, methods, requests }
        })
    }

    /// Whether a request is sent by client components of the App Router, for what a form or a button does, and by nobody else.
    fn is_of_component(&self, id: RequestId) -> bool {
        let request = self.request(id);
        let kind = |kind: &CallerKind| {
            matches!(
                kind,
                CallerKind::ClientEvent | CallerKind::ClientForm | CallerKind::ClientEffect | CallerKind::ClientRender
            )
        };
        let proves = |header: &String| PROOFS.iter().any(|proof| header.contains(proof));
        request.sent.body != Body::Form
            && !request.sent.headers.iter().any(proves)
            && !self.in_layer(request.at().0, Layer::Pages)
            && self.senders(id).iter().all(kind)
    }

    /// The routes to which requests of which it is not known where they end would lead with the app's origin in front: those of a native app, a
    /// script, another service.
    fn asked_from_elsewhere(&self, app: AppId) -> BTreeSet<RouteId> {
        let unknown = |request: &&Request| matches!(request.leads, Leads::Unknown | Leads::Outside);
        let addresses = self.requests().iter().filter(unknown).flat_map(|request| &request.sent.addresses);
        let leads = addresses.filter(|address| address.origin != Origin::Own).filter_map(|address| {
            let units = address.path.units();
            let start = units.iter().position(|unit| *unit == Unit::Char('/')).unwrap_or(units.len());
            let path = Text::from(&units[start..]);
            if path.head().len() > 1 { self.routes(app).aimed_at(&path) } else { None }
        });
        leads.collect()
    }
}

/// The request among what an entry does.
fn sending<'d>(doing: &'d Doing, request: &Request) -> Option<&'d Happening> {
    doing.happenings.iter().find(|happening| {
        matches!(happening.effect, Effect::HttpRead | Effect::HttpWrite)
            && happening.site() == request.site
            && request.through.iter().all(|site| happening.trail.contains(site))
    })
}

/// Whether a handler does what an action cannot, or is called by others than components: it verifies who sends, streams, answers other origins,
/// keeps a protocol of cookies, starts or ends a session, takes files.
fn needs_handler(doing: &Doing) -> bool {
    doing.happenings.iter().any(|happening| match happening.effect {
        Effect::VerifyWebhook
        | Effect::CompareSecret
        | Effect::Stream
        | Effect::Cors
        | Effect::CookieWrite
        | Effect::AuthSession
        | Effect::StorageWrite
        | Effect::FsWrite
        | Effect::Redirect => true,
        Effect::HeaderRead => happening.target.as_deref().is_none_or(|name| {
            let name = name.to_ascii_lowercase();
            PROOFS.iter().any(|proof| name.contains(proof))
        }),
        _ => false,
    })
}
