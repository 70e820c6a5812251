//! Where requests end: the route that serves each, and who has it sent.

use std::collections::{BTreeMap, BTreeSet};

use super::gather::Gathered;
use super::{Address, Leads, Means, Origin, Request, Requests};
use crate::project::endpoint::{Caller, CallerKind};
use crate::project::graph::{Callee, Edge, Via};
use crate::project::layers::Layer;
use crate::project::modules::{FunctionRef, ModuleId, Role};
use crate::project::reach::Contexts;
use crate::project::routes::{Answers, RouteId, RouteKind, Text};
use crate::project::starts::Back;
use crate::project::terms::TermId;
use crate::project::{AppId, Project};

/// So many paths behind a named origin lead to routes before it is taken for the app's own.
const ENOUGH: usize = 2;
/// For each path behind it that leads nowhere there are so many that do.
const FOR_EACH_MISSING: usize = 4;

/// The named origins that are an app's own: what is asked for behind them is there.
type Homes = BTreeSet<(AppId, TermId)>;

impl Project {
    /// Says of each request where it ends, and who has it sent.
    pub(in crate::project) fn lead(&self, gathered: Vec<Gathered>) -> Requests {
        let homes = self.homes(&gathered);
        let mut all: Vec<Request> = gathered
            .into_iter()
            .map(|Gathered { means, site, through, sent }| {
                let mut request = Request { means, site, through, sent, leads: Leads::Unknown };
                request.leads = self.leads(&request, &homes);
                request
            })
            .collect();
        all.sort_by_key(|request| (self.call_place(request.at()), request.site));
        let back = Back::new(self);
        let by = all.iter().map(|request| self.sent_by(&back, request)).collect();
        Requests { all, by }
    }

    /// The named origins behind which apps' own routes are asked for.
    fn homes(&self, gathered: &[Gathered]) -> Homes {
        let mut paths: BTreeMap<(AppId, TermId), BTreeMap<String, bool>> = BTreeMap::new();
        for request in gathered {
            let at = request.through.first().copied().unwrap_or(request.site);
            for (address, app) in request.sent.addresses.iter().flat_map(|address| {
                self.apps_running(at.0).into_iter().map(move |app| (address, app))
            }) {
                let Origin::Named(name) = address.origin else { continue };
                let Some(path) = plain_path(&address.path).filter(|path| path.len() > 1) else { continue };
                let answer = self.routes(app).ask(&Text::known(&path));
                let is_there = answer.routes.iter().any(|&id| !self.routes(app).route(id).is_catch_all());
                if is_there || answer.is_missing() {
                    paths.entry((app, name)).or_default().insert(path, is_there);
                }
            }
        }
        let home = |paths: &BTreeMap<String, bool>| {
            let there = paths.values().filter(|is_there| **is_there).count();
            there >= ENOUGH && there >= FOR_EACH_MISSING * (paths.len() - there)
        };
        paths.into_iter().filter(|(_, paths)| home(paths)).map(|(key, _)| key).collect()
    }

    /// The apps that run a module; the one in whose folder it lies where none does.
    pub(in crate::project) fn apps_running(&self, module: ModuleId) -> Vec<AppId> {
        let running: Vec<AppId> = (0..self.layers.len()).filter(|&app| self.layers[app].any(module)).collect();
        if running.is_empty() { self.module(module).app.into_iter().collect() } else { running }
    }

    fn leads(&self, request: &Request, homes: &Homes) -> Leads {
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
        found.sort_unstable();
        let certain = !found.iter().any(|leads| matches!(leads, Leads::Outside | Leads::Unknown));
        match found.first() {
            Some(&first @ (Leads::Endpoint(..) | Leads::Route(..))) => first,
            Some(&first @ (Leads::Unanswered(..) | Leads::Missing(_))) if certain => first,
            _ if found.contains(&Leads::Unknown) || found.is_empty() => Leads::Unknown,
            _ if found.iter().any(|leads| *leads != Leads::Outside) => Leads::Unknown,
            _ => Leads::Outside,
        }
    }

    fn address_leads(&self, app: AppId, request: &Request, address: &Address, homes: &Homes) -> Leads {
        let is_own = match address.origin {
            Origin::Own => true,
            Origin::Named(name) => homes.contains(&(app, name)),
            Origin::Other(_) => return Leads::Outside,
            Origin::Unknown => return Leads::Unknown,
        };
        let table = self.routes(app);
        let mut path = address.path.clone();
        let mut answer = table.ask(&path);
        // A setting, and a link of the framework, may have the base path in it.
        let may_add = !matches!(address.origin, Origin::Own) || request.means == Means::Link;
        if answer.is_missing() && may_add {
            let mut below = Text::known(table.base_path().known().map_or("", |base| base.trim_end_matches('/')));
            below.extend(path.units());
            path = below;
            answer = table.ask(&path);
        }
        if answer.is_missing() {
            return if is_own && request.means != Means::Link { Leads::Missing(app) } else { Leads::Unknown };
        }
        if !is_own {
            return Leads::Unknown;
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
        let (module, call) = request.at();
        let described = self.module(module).facts.calls[call as usize];
        let from = FunctionRef { module, function: described.function };
        let via = if request.means == Means::Key { Via::Argument(1) } else { Via::Call };
        let edge = Edge { from: described.function, to: Callee::Function(from), call, via, span: described.name_span };
        let mut kinds = Vec::new();
        let source = matches!(self.module(module).role, Role::Source | Role::Config);
        if source && !self.is_reached_function(back, from) {
            return kinds;
        }
        let in_browser = self.runs_in_browser(module);
        match request.means {
            Means::Form if in_browser => kinds.push(CallerKind::ClientForm),
            Means::Link if in_browser => kinds.push(CallerKind::ClientRender),
            Means::Call | Means::Key if in_browser => {
                kinds.extend(back.starts(module, &edge, &[]).into_iter().map(|start| start.0));
            }
            _ => {}
        }
        let rendered = source && self.in_layer(module, Layer::Server);
        match request.means {
            Means::Form if rendered => kinds.push(CallerKind::ServerForm),
            Means::Link if rendered => kinds.push(CallerKind::ServerRender),
            Means::Form | Means::Link if source => {}
            _ => self.other_kinds(module, &edge, &mut kinds),
        }
        kinds.sort_unstable();
        kinds.dedup();
        kinds
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
            .filter(|asking| matches!(asking.request.leads, Leads::Endpoint(..)))
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
