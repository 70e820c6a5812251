//! Where requests end: the route that serves each, and who has it sent.

use std::collections::{BTreeMap, BTreeSet};

use super::gather::Gathered;
use super::{Address, Leads, Means, Origin, Request, Requests};
use crate::models::When;
use crate::project::client::starts::Back;
use crate::project::effects::summary::Site;
use crate::project::endpoint::{Caller, CallerKind};
use crate::project::graph::reach::Contexts;
use crate::project::graph::{Callee, Edge, Via};
use crate::project::layers::Layer;
use crate::project::program::modules::{FunctionRef, ModuleId, Role};
use crate::project::routes::{Answers, RouteId, RouteKind, Text};
use crate::project::values::terms::TermId;
use crate::project::{AppId, Project};

/// So many paths behind a named origin lead to routes before it is taken for the app's own.
const ENOUGH: usize = 2;
/// For each path behind it that leads nowhere there are so many that do.
const FOR_EACH_MISSING: usize = 4;

/// What may stand between a named origin and the paths that are asked for behind it.
const BELOW: [&str; 2] = ["", "/api"];

/// The named origins that are an app's own, as what is asked for behind them is there; and what stands in between.
type Homes = BTreeMap<(AppId, TermId), &'static str>;

impl Project {
    /// Says of each request where it ends, and who has it sent.
    pub(in crate::project) fn lead(&self, gathered: Vec<Gathered>) -> Requests {
        let homes = self.homes(&gathered);
        let mut all: Vec<Request> = gathered
            .into_iter()
            .map(|Gathered { means, site, through, of, sent }| {
                let (leads, answering) = (Leads::Unknown, Vec::new());
                let mut request = Request { means, site, through, of, sent, leads, answering };
                (request.leads, request.answering) = self.leads(&request, &homes);
                request
            })
            .collect();
        all.sort_by_key(|request| (self.call_place(request.at()), request.site));
        let back = Back::new(self);
        let by = all.iter().map(|request| self.sent_by(&back, request)).collect();
        Requests { all, by }
    }

    /// The named origins behind which apps' own routes are asked for. Pages do not count: another server may well have what they show.
    fn homes(&self, gathered: &[Gathered]) -> Homes {
        let mut paths: BTreeMap<(AppId, TermId), BTreeSet<String>> = BTreeMap::new();
        for request in gathered {
            let apps = self.apps_running(request.at().0);
            for address in &request.sent.addresses {
                let Origin::Named(name) = address.origin else { continue };
                let Some(path) = plain_path(&address.path).filter(|path| path.len() > 1) else { continue };
                for &app in &apps {
                    paths.entry((app, name)).or_default().insert(path.clone());
                }
            }
        }
        let home = |(&(app, name), paths): (&(AppId, TermId), &BTreeSet<String>)| {
            if gathered.iter().any(|request| self.hands_on(app, name, request)) {
                return None;
            }
            let below = BELOW.into_iter().find(|below| self.has_all(app, below, paths))?;
            Some(((app, name), below))
        };
        paths.iter().filter_map(home).collect()
    }

    /// Whether a handler asks a named origin for the route that it serves itself: that is another server, which it stands in front of.
    fn hands_on(&self, app: AppId, name: TermId, request: &Gathered) -> bool {
        let Some(own) = self.routes(app).of_file(self.module(request.at().0).file) else { return false };
        request.sent.addresses.iter().any(|address| {
            address.origin == Origin::Named(name)
                && BELOW.into_iter().any(|below| {
                    let mut path = Text::known(below);
                    path.extend(address.path.units());
                    self.routes(app).aimed_at(&path) == Some(own)
                })
        })
    }

    /// Whether so many paths lead to handlers of an app, and so few nowhere, that it is the app that is asked.
    fn has_all(&self, app: AppId, below: &str, paths: &BTreeSet<String>) -> bool {
        let (mut there, mut missing) = (0, 0);
        for path in paths {
            let table = self.routes(app);
            let answer = table.ask(&Text::known(&format!("{below}{path}")));
            let is_handler = |&id: &RouteId| matches!(table.route(id).kind, RouteKind::Handler | RouteKind::PagesApi);
            there += usize::from(answer.routes.iter().any(|id| is_handler(id) && !table.route(*id).is_catch_all()));
            missing += usize::from(!answer.routes.iter().any(is_handler));
        }
        there >= ENOUGH && there >= FOR_EACH_MISSING * missing
    }

    /// The apps that run a module; the one in whose folder it lies where none does.
    pub(in crate::project) fn apps_running(&self, module: ModuleId) -> Vec<AppId> {
        let running: Vec<AppId> = (0..self.layers.len()).filter(|&app| self.layers[app].any(module)).collect();
        if running.is_empty() { self.module(module).app.into_iter().collect() } else { running }
    }

    fn leads(&self, request: &Request, homes: &Homes) -> (Leads, Vec<(AppId, RouteId)>) {
        let mut found: Vec<Leads> = Vec::new();
        for app in self.apps_running(request.at().0) {
            found.extend(request.sent.addresses.iter().map(|address| self.address_leads(app, request, address, homes)));
        }
        if found.is_empty() {
            let outside = |address: &Address| matches!(address.origin, Origin::Other(_));
            found.extend(request.sent.addresses.iter().map(|address| match outside(address) {
                true => Leads::Outside,
                false => Leads::Unknown,
            }));
        }
        found.sort_by_key(|leads| leads.rank());
        let answering = found.iter().filter_map(|leads| match *leads {
            Leads::Endpoint(app, route) | Leads::Route(app, route) => Some((app, route)),
            _ => None,
        });
        let answering: Vec<(AppId, RouteId)> = answering.collect();
        let certain = !found.iter().any(|leads| matches!(leads, Leads::Outside | Leads::Unknown));
        let leads = match found.first() {
            Some(&first @ (Leads::Endpoint(..) | Leads::Route(..))) => first,
            Some(&first @ (Leads::Unanswered(..) | Leads::Missing(_))) if certain => first,
            _ if found.contains(&Leads::Unknown) || found.is_empty() => Leads::Unknown,
            _ if found.iter().any(|leads| *leads != Leads::Outside) => Leads::Unknown,
            _ => Leads::Outside,
        };
        (leads, answering)
    }

    fn address_leads(&self, app: AppId, request: &Request, address: &Address, homes: &Homes) -> Leads {
        let below = match address.origin {
            Origin::Own => "",
            Origin::Named(name) => match homes.get(&(app, name)) {
                Some(below) => below,
                None => return Leads::Unknown,
            },
            Origin::Other(_) => return Leads::Outside,
            Origin::Unknown => return Leads::Unknown,
        };
        let table = self.routes(app);
        let mut path = Text::known(below);
        path.extend(address.path.units());
        let mut answer = table.ask_filled(&path);
        // A setting, and a link of the framework, may have the base path in it.
        let may_add = !matches!(address.origin, Origin::Own) || request.means == Means::Link;
        if answer.is_missing() && may_add {
            let mut below = Text::known(table.base_path().known().map_or("", |base| base.trim_end_matches('/')));
            below.extend(path.units());
            path = below;
            answer = table.ask_filled(&path);
        }
        if answer.is_missing() {
            return if request.means == Means::Link { Leads::Unknown } else { Leads::Missing(app) };
        }
        let Some(route) = table.aimed_at(&path) else { return Leads::Unknown };
        let methods = &request.sent.methods;
        let answers: Vec<Answers> = methods.iter().map(|method| table.answers(&answer, method)).collect();
        if answers.contains(&Answers::Yes) {
            Leads::Endpoint(app, route)
        } else if !answers.is_empty() && answers.iter().all(|answers| *answers == Answers::No) {
            Leads::Unanswered(app, route)
        } else {
            Leads::Route(app, route)
        }
    }

    /// Who has a request sent; nobody where nothing reaches it.
    fn sent_by(&self, back: &Back<'_>, request: &Request) -> Vec<CallerKind> {
        let at = request.at();
        let source = matches!(self.module(at.0).role, Role::Source | Role::Config);
        if source && !self.is_reached_function(back, self.function_of(at)) {
            return Vec::new();
        }
        let rendered = source && self.in_layer(at.0, Layer::Server);
        let mut kinds = match request.means {
            Means::Form | Means::Link if source => {
                let (client, server) = match request.means {
                    Means::Form => (CallerKind::ClientForm, CallerKind::ServerForm),
                    _ => (CallerKind::ClientRender, CallerKind::ServerRender),
                };
                let client = self.runs_in_browser(at.0).then_some(client);
                client.into_iter().chain(rendered.then_some(server)).collect()
            }
            Means::Key if self.runs_in_browser(at.0) => vec![self.key_is_fetched(request)],
            Means::Call if self.runs_in_browser(request.site.0) => self.starts_of(back, request),
            _ => Vec::new(),
        };
        if !source || matches!(request.means, Means::Call | Means::Key) {
            self.other_kinds(at.0, &self.edge_at(at), &mut kinds);
        }
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }

    /// When a hook fetches its key.
    fn key_is_fetched(&self, request: &Request) -> CallerKind {
        let hooks = request.through.iter().chain([&request.site]);
        match hooks.filter_map(|&site| self.graph.notes(site).when).next() {
            Some(When::Event) => CallerKind::ClientEvent,
            _ => CallerKind::ClientQuery,
        }
    }

    /// What starts the call that sends a request, by the calls that hand it what it asks for.
    fn starts_of(&self, back: &Back<'_>, request: &Request) -> Vec<CallerKind> {
        let by: Vec<(FunctionRef, Site)> =
            request.of.iter().copied().zip(request.through.iter().copied()).rev().collect();
        let starts = back.starts(request.site.0, &self.edge_at(request.site), &by);
        starts.into_iter().map(|start| start.0).collect()
    }

    /// A call as an edge that leads nowhere.
    fn edge_at(&self, (module, call): Site) -> Edge {
        let described = self.module(module).facts.calls[call as usize];
        let to = Callee::Function(FunctionRef { module, function: described.function });
        Edge { from: described.function, to, call, via: Via::Call, span: described.name_span }
    }

    /// Whether something reaches a function: it is called or handed on, it runs for an entry, or it is the file's own.
    fn is_reached_function(&self, back: &Back<'_>, function: FunctionRef) -> bool {
        let outermost = self.outermost(function);
        let is_entry = || self.entries.iter().flatten().any(|entry| entry.module == function.module);
        outermost.function == 0
            || !self.is_reached(function.module)
                && (self.is_native(function.module) || self.contexts(function) != Contexts::default())
            || self.is_reached(function.module)
                && (back.is_led_to(outermost) || self.contexts(outermost) != Contexts::default() || is_entry())
    }

    /// The callers of one method of a route, each once, by place.
    pub(in crate::project) fn callers_of_route(&self, app: AppId, route: RouteId, method: &str) -> Vec<Caller> {
        let any = self.routes(app).route(route).kind == RouteKind::PagesApi;
        let mut callers: Vec<Caller> = self
            .asking(app, route)
            .filter(|asking| any || matches!(asking.request.leads, Leads::Endpoint(..)))
            .filter(|asking| any || asking.request.sent.methods.iter().any(|of| answers(of, method)))
            .map(|asking| Caller { kind: asking.kind, place: asking.place })
            .collect();
        callers.sort_unstable_by_key(|caller| (caller.place, caller.kind));
        callers.dedup();
        callers
    }
}

/// Whether a request of one method is answered by the handler of another.
fn answers(asked: &str, method: &str) -> bool {
    asked == method || (asked == "HEAD" && method == "GET")
}

/// A path of which all is known.
fn plain_path(path: &Text) -> Option<String> {
    path.cut('#').0.cut('?').0.as_known()
}
