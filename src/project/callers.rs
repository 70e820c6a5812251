//! Who calls an action: every edge that leads to one, by what the code around it runs for.

use super::Project;
use super::endpoint::{Caller, CallerKind};
use super::graph::{Callee, Edge, Via};
use super::layers::Layer;
use super::modules::{FunctionRef, ModuleId, Role};
use super::reach::Contexts;
use crate::facts::{CallKind, FunctionId, NONE};
use crate::models::When;

impl Project {
    /// The callers of every action, by action, each sorted.
    #[must_use]
    pub(super) fn collect_callers(&self) -> Vec<Vec<Caller>> {
        let mut callers: Vec<Vec<Caller>> = vec![Vec::new(); self.actions.all.len()];
        for module in 0..u32::try_from(self.modules.len()).unwrap_or(NONE) {
            for edge in self.graph.module(module) {
                let Callee::Action(action) = edge.to else { continue };
                let place = self.module(module).place(edge.span);
                for kind in self.caller_kinds(module, edge) {
                    callers[action as usize].push(Caller { kind, place });
                }
            }
        }
        for &(module, edge) in self.graph.through_props() {
            let Callee::Action(action) = edge.to else { continue };
            let place = self.module(module).place(edge.span);
            for kind in self.caller_kinds(module, &edge) {
                callers[action as usize].push(Caller { kind, place });
            }
        }
        for list in &mut callers {
            list.sort_unstable_by_key(|caller| (caller.place, caller.kind));
            list.dedup();
        }
        callers
    }

    /// What the code at an edge runs for. Code that nothing reaches is no caller.
    fn caller_kinds(&self, module: ModuleId, edge: &Edge) -> Vec<CallerKind> {
        match self.module(module).role {
            Role::Test => return vec![CallerKind::Test],
            Role::Story => return vec![CallerKind::Story],
            Role::Seed => return vec![CallerKind::Script],
            Role::Source | Role::Config => {}
        }
        let mut kinds = Vec::new();
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
        let client = self.in_layer(module, Layer::Client) || self.in_layer(module, Layer::Pages);
        if client {
            kinds.extend(self.client_kind(module, edge));
        }
        if contexts.any(Contexts::RENDER) || (kinds.is_empty() && self.in_layer(module, Layer::Server)) {
            kinds.extend(self.server_kind(module, edge));
        }
        if kinds.is_empty() && self.is_native(module) {
            kinds.push(CallerKind::NativeApp);
        }
        kinds.sort_unstable();
        kinds.dedup();
        kinds
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

    /// What makes a client component call: the edge itself, or the function around it, and the functions around that.
    fn client_kind(&self, module: ModuleId, edge: &Edge) -> Option<CallerKind> {
        if let Some(kind) = self.trigger(module, edge) {
            return Some(kind);
        }
        let facts = &self.module(module).facts;
        let (mut function, mut inside) = (edge.from, false);
        for _ in 0..facts.functions.len() {
            if let Some(kind) = self.handed_as(module, function) {
                return Some(kind);
            }
            let parent = facts.function(function).parent;
            if function == 0 || parent == NONE || parent == 0 {
                break;
            }
            (function, inside) = (parent, true);
        }
        Some(if inside { CallerKind::ClientEvent } else { CallerKind::ClientRender })
    }

    /// What a function of a module is handed to, in that module.
    fn handed_as(&self, module: ModuleId, function: FunctionId) -> Option<CallerKind> {
        let wanted = Callee::Function(FunctionRef { module, function });
        let edges = self.graph.module(module).iter().filter(|edge| edge.to == wanted);
        edges.filter_map(|edge| self.trigger(module, edge)).min()
    }

    /// When the thing at an edge is called, by where it is handed: a prop, or an argument of a hook that a model names.
    fn trigger(&self, module: ModuleId, edge: &Edge) -> Option<CallerKind> {
        let facts = &self.module(module).facts;
        let call = &facts.calls[edge.call as usize];
        match edge.via {
            Via::Call => None,
            Via::Property(name) if call.kind == CallKind::Jsx => {
                let prop = facts.text(name);
                if is_form_prop(prop) {
                    return Some(CallerKind::ClientForm);
                }
                Some(CallerKind::ClientEvent)
            }
            Via::Property(_) | Via::Argument(_) => {
                let when = self.graph.when(module, edge.call)?;
                Some(match when {
                    When::Effect => CallerKind::ClientEffect,
                    When::Query => CallerKind::ClientQuery,
                    When::Form => CallerKind::ClientForm,
                    When::Event => CallerKind::ClientEvent,
                    When::Render => CallerKind::ClientRender,
                    When::Now | When::Maybe | When::Deferred | When::Before => return None,
                })
            }
        }
    }
}

fn is_form_prop(name: &str) -> bool {
    matches!(name, "action" | "formAction")
}
