//! Events that call an action and wait for it, and what is shown meanwhile: nothing, or a flag that is kept by hand.

use super::fate::hook_of;
use super::hook_behind;
use super::starts::ClientCall;
use crate::diagnostic::Place;
use crate::facts::{Call, CallId, CallKind, FileFacts, FunctionId, NONE, Use, Value};
use crate::project::Project;
use crate::project::actions::ActionId;
use crate::project::effects::notes::Notes;
use crate::project::effects::summary::Site;
use crate::project::endpoint::CallerKind;
use crate::project::graph::{Callee, Edge, Via};
use crate::project::program::modules::{FunctionRef, ModuleId};

/// What is shown while an action runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meanwhile {
    /// Nothing.
    Nothing,
    /// A flag of the component's own, which the event sets and takes back.
    Flag {
        /// `useState(false)`
        hook: Site,
        /// `setSaving(true)`
        on: Site,
        /// `setSaving(false)`
        off: Site,
    },
}

/// An event that calls an action.
#[derive(Debug, Clone)]
pub struct Waiting<'p> {
    /// The action.
    pub action: ActionId,
    /// The call.
    pub call: &'p ClientCall,
    /// What is shown meanwhile.
    pub meanwhile: Meanwhile,
}

impl Project {
    /// The events of elements that call an action and wait for it, and show nothing meanwhile, or a flag that is kept by hand; by action,
    /// then place. What cannot be seen may show something, and is left out.
    #[must_use]
    pub fn waiting(&self) -> Vec<Waiting<'_>> {
        let mut found = Vec::new();
        for (action, call) in self.called_by_events() {
            if self.is_by_element(call)
                && !self.shows_pending(call)
                && let Some(meanwhile) = self.meanwhile(call.site)
            {
                found.push(Waiting { action, call, meanwhile });
            }
        }
        found
    }

    /// Actions that an event calls itself: neither later, nor through a hook that runs them.
    pub(in crate::project) fn called_by_events(&self) -> impl Iterator<Item = (ActionId, &ClientCall)> {
        let actions = (0..).take(self.actions.all.len());
        let calls = actions.flat_map(|action| self.client_calls(action).iter().map(move |call| (action, call)));
        calls.filter(|(_, call)| {
            let (module, id) = call.site;
            let facts = &self.module(module).facts;
            call.kind == CallerKind::ClientEvent
                && call.is_called
                && !call.delayed
                && hook_behind(facts, facts.calls[id as usize].callee).is_none()
        })
    }

    /// The edge that hands something on at a place.
    pub(in crate::project) fn handed_at(&self, place: Place) -> Option<(ModuleId, Edge)> {
        let module = self.module_of(place.file)?;
        let edges = self.graph.module(module).iter();
        let mut handed = edges.filter(|edge| edge.span == place.span && edge.via != Via::Call);
        handed.next().map(|edge| (module, *edge))
    }

    /// Whether an element of HTML starts a call: what a component makes of its handler is its own business.
    fn is_by_element(&self, call: &ClientCall) -> bool {
        let Some((module, edge)) = call.way.first().and_then(|&start| self.handed_at(start)) else { return false };
        let facts = &self.module(module).facts;
        let element = facts.calls[edge.call as usize];
        element.kind == CallKind::Jsx && matches!(facts.value(element.callee), Value::Str(_))
    }

    /// Whether a function is handed to an element itself.
    fn is_handler(&self, module: ModuleId, function: FunctionId) -> bool {
        let facts = &self.module(module).facts;
        let to = Callee::Function(FunctionRef { module, function });
        let mut handed = self.graph.module(module).iter().filter(|edge| edge.to == to);
        handed.any(|edge| facts.calls[edge.call as usize].kind == CallKind::Jsx && edge.via != Via::Call)
    }

    /// Whether anything in the component around a call shows that something is going on, or in another one through which the event comes,
    /// where a flag counts too.
    fn shows_pending(&self, call: &ClientCall) -> bool {
        let own = self.outermost(self.function_of(call.site));
        let shows = |of: FunctionRef| {
            self.inside(of).into_iter().any(|function| {
                self.does_to_state(function, |notes| notes.shows_pending || (of != own && notes.sets_state))
            })
        };
        let through = call.way.iter().filter_map(|&place| self.component_at(place)).filter(|&other| other != own);
        shows(own) || through.into_iter().any(shows)
    }

    /// Whether a call in a function's own body does what `wanted` says.
    fn does_to_state(&self, function: FunctionRef, wanted: impl Fn(Notes) -> bool) -> bool {
        let calls = (0..).zip(&self.module(function.module).facts.calls);
        let mut own = calls.filter(|(_, call)| call.function == function.function);
        own.any(|(id, _)| wanted(self.graph.notes((function.module, id))))
    }

    /// The outermost function around a place.
    fn component_at(&self, place: Place) -> Option<FunctionRef> {
        let module = self.module_of(place.file)?;
        let functions = (0..).zip(&self.module(module).facts.functions).skip(1);
        let mut around = functions.filter(|(_, of)| of.parent == 0 && of.span.contains(place.span));
        around.next().map(|(function, _)| FunctionRef { module, function })
    }

    /// What the handler around a call shows while it waits; `None` where it does not wait, or does something before that may show it.
    fn meanwhile(&self, site: Site) -> Option<Meanwhile> {
        let (module, id) = site;
        let facts = &self.module(module).facts;
        let call = facts.calls[id as usize];
        // What a handler gives back to an element is waited for by nobody, and shown by nothing.
        let gives_back = call.result.has(Use::RETURNED) && self.is_handler(module, call.function);
        if !call.result.has(Use::AWAITED) && !gives_back {
            return None;
        }
        let outermost = self.outermost(FunctionRef { module, function: call.function });
        let around = enclosing(facts, call.function, outermost.function);
        let is_around = |other: &Call| around.contains(&other.function);
        let mut before = (0..)
            .zip(&facts.calls)
            .filter(|(other, of)| is_around(of) && of.span.start < call.span.start && *other != id);
        let set = |of: CallId| self.graph.notes((module, of)).sets_state;
        let flags: Vec<CallId> = before.clone().map(|(other, _)| other).filter(|&other| set(other)).collect();
        match flags.as_slice() {
            [on] => self.flag(site, *on),
            [] if before.all(|(other, _)| {
                self.is_seen(outermost, (module, other)) && !self.leads_to_state((module, other))
            }) =>
            {
                Some(Meanwhile::Nothing)
            }
            _ => None,
        }
    }

    /// Whether nothing that cannot be seen stands behind a call.
    fn is_seen(&self, outermost: FunctionRef, site: Site) -> bool {
        self.around(outermost)
            .is_some_and(|doing| !doing.truncated && doing.blind.iter().all(|blind| blind.trail.first() != Some(&site)))
    }

    /// Whether a function of the project that a call leads to sets a state, or shows that something is going on.
    fn leads_to_state(&self, (module, call): Site) -> bool {
        let own = self.graph.module(module).iter();
        let through = self.graph.through().edges.iter().filter(|taken| taken.module == module).map(|taken| &taken.edge);
        let called = own.chain(through).filter(|edge| edge.call == call && edge.via == Via::Call);
        let functions: Vec<FunctionRef> = called
            .filter_map(|edge| match edge.to {
                Callee::Function(function) => Some(function),
                Callee::Action(_) => None,
            })
            .collect();
        let shows = |notes: Notes| notes.sets_state || notes.shows_pending;
        self.run(&functions).order.iter().any(|&of| self.does_to_state(of, shows))
    }

    /// A flag that is set before a call and taken back after it, in the same function, with nothing else that is waited for between.
    fn flag(&self, (module, id): Site, on: CallId) -> Option<Meanwhile> {
        let facts = &self.module(module).facts;
        let (call, first) = (facts.calls[id as usize], facts.calls[on as usize]);
        let hook = hook_of(facts, first.callee)?;
        let is = |of: &Call, set: bool| matches!(facts.list(of.arguments), [value] if facts.value(*value) == Value::Bool(set));
        let starts_off = is(&facts.calls[hook as usize], false);
        let waits = facts.calls.iter().filter(|of| of.function == call.function && of.result.has(Use::AWAITED));
        let setters: Vec<(CallId, &Call)> =
            (0..).zip(&facts.calls).filter(|(_, of)| hook_of(facts, of.callee) == Some(hook)).collect();
        let literal = setters.iter().all(|(_, of)| is(of, true) || is(of, false));
        // A promise that takes it back later covers more than this call.
        let elsewhere =
            setters.iter().any(|(_, of)| of.function != call.function && belongs(facts, of.function, call.function));
        let (off, _) = *setters
            .iter()
            .find(|(_, of)| of.function == call.function && of.span.start > call.span.start && is(of, false))?;
        let own = first.function == call.function && is(&first, true) && starts_off && literal && !elsewhere;
        (own && waits.count() == 1).then_some(Meanwhile::Flag {
            hook: (module, hook),
            on: (module, on),
            off: (module, off),
        })
    }
}

/// A function and those around it, below an outermost one.
pub(in crate::project) fn enclosing(
    facts: &FileFacts,
    mut function: FunctionId,
    outermost: FunctionId,
) -> Vec<FunctionId> {
    let mut around = vec![function];
    while function != outermost {
        function = facts.function(function).parent;
        if function == NONE || function == 0 || function == outermost {
            break;
        }
        around.push(function);
    }
    around
}

/// Whether a function is another one, or stands inside it.
pub(in crate::project) fn belongs(facts: &FileFacts, mut function: FunctionId, to: FunctionId) -> bool {
    while function != to {
        function = facts.function(function).parent;
        if function == NONE || function == 0 {
            return false;
        }
    }
    true
}
