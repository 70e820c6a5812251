//! Who calls an action: every edge that leads to one, by what the code around it runs for.

use super::reach::Contexts;
use super::{Callee, Edge, Via};
use crate::facts::CallKind;
use crate::project::Project;
use crate::project::client::starts::{Back, ClientCall, is_form_prop};
use crate::project::endpoint::{Caller, CallerKind};
use crate::project::layers::Layer;
use crate::project::program::modules::{FunctionRef, ModuleId, Role};

impl Project {
    /// The callers of every action, by action, each sorted; and those of client code with what starts them.
    #[must_use]
    pub(in crate::project) fn collect_callers(&self) -> (Vec<Vec<Caller>>, Vec<Vec<ClientCall>>) {
        let mut callers: Vec<Vec<Caller>> = vec![Vec::new(); self.actions.all.len()];
        let mut client: Vec<Vec<ClientCall>> = vec![Vec::new(); self.actions.all.len()];
        let back = Back::new(self);
        let own = self
            .modules()
            .flat_map(|(module, _)| self.graph.module(module).iter().map(move |edge| (module, edge, &[][..])));
        let through = self.graph.through().edges.iter().map(|taken| (taken.module, &taken.edge, &*taken.back));
        for (module, edge, by) in own.chain(through) {
            let Callee::Action(action) = edge.to else { continue };
            let place = self.module(module).place(edge.span);
            let starts = if self.runs_in_browser(module) { back.starts(module, edge, by) } else { Vec::new() };
            let mut kinds: Vec<CallerKind> = starts.iter().map(|start| start.0).collect();
            self.other_kinds(module, edge, &mut kinds);
            callers[action as usize].extend(kinds.into_iter().map(|kind| Caller { kind, place }));
            let (site, is_called) = ((module, edge.call), edge.via == Via::Call);
            let call = |(kind, delayed, way)| ClientCall { kind, site, place, is_called, delayed, way };
            let calls = starts.into_iter().map(call);
            client[action as usize].extend(calls);
        }
        for list in &mut callers {
            list.sort_unstable_by_key(|caller| (caller.place, caller.kind));
            list.dedup();
        }
        for list in &mut client {
            list.sort_by_key(|call| (call.place, call.kind, call.delayed, call.way.len()));
            list.dedup_by_key(|call| (call.place, call.kind));
        }
        (callers, client)
    }

    /// Whether a module is the app's own code that the browser runs.
    pub(in crate::project) fn runs_in_browser(&self, module: ModuleId) -> bool {
        matches!(self.module(module).role, Role::Source | Role::Config) && self.is_client(module)
    }

    /// What the code at an edge runs for, besides the client. Code that nothing reaches is no caller.
    pub(in crate::project) fn other_kinds(&self, module: ModuleId, edge: &Edge, kinds: &mut Vec<CallerKind>) {
        let alone = match self.module(module).role {
            Role::Test => Some(CallerKind::Test),
            Role::Story => Some(CallerKind::Story),
            Role::Seed => Some(CallerKind::Script),
            Role::Source | Role::Config => None,
        };
        if let Some(kind) = alone {
            kinds.push(kind);
            return;
        }
        let contexts = self.contexts(FunctionRef { module, function: edge.from });
        for (context, kind) in [
            (Contexts::HANDLER, CallerKind::Handler),
            (Contexts::API, CallerKind::Handler),
            (Contexts::EDGE, CallerKind::Proxy),
            (Contexts::SCRIPT, CallerKind::Script),
            (Contexts::ACTION, CallerKind::Action),
        ] {
            if contexts.any(context) {
                kinds.push(kind);
            }
        }
        if contexts.any(Contexts::RENDER) || (kinds.is_empty() && self.in_layer(module, Layer::Server)) {
            kinds.extend(self.server_kind(module, edge));
        }
        if kinds.is_empty() && self.is_native(module) {
            kinds.push(CallerKind::NativeApp);
        }
    }

    /// While a server component renders, an action is called, or handed to a form; handed to another component, that one calls it.
    fn server_kind(&self, module: ModuleId, edge: &Edge) -> Option<CallerKind> {
        let facts = &self.module(module).facts;
        match edge.via {
            Via::Call | Via::Argument(_) => Some(CallerKind::ServerRender),
            Via::Property(name) if is_form_prop(facts.text(name)) => Some(CallerKind::ServerForm),
            Via::Property(_) if facts.calls[edge.call as usize].kind == CallKind::Jsx => None,
            Via::Property(_) => Some(CallerKind::ServerRender),
        }
    }
}
