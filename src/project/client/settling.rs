//! What client code does, besides calling an action, about what its page shows: in the part of a component that belongs to the call, and in
//! the project's own hooks that the action is handed to.

use std::cell::LazyCell;

use super::fate::{hook_of, start_of};
use super::flags::turns;
use super::hook_behind;
use super::outcomes::{is_of_looking, is_of_waiting, is_outcome};
use super::region::region;
use crate::facts::{CallKind, FileFacts, FunctionId, NONE, Op, PropertyKey, Use, Value, ValueId};
use crate::models::Effect;
use crate::project::Project;
use crate::project::effects::summary::{Certainty, Site};
use crate::project::effects::{Blind, COMPUTED_METHOD, Doing, Happening, PASSED};
use crate::project::graph::{Callee, Edge, Graph, Via};
use crate::project::program::modules::{FunctionRef, ModuleId};

/// The name of what is called where an action failed.
pub(in crate::project) const ON_ERROR: &str = "onError";

/// What a call site does about what its page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settling {
    /// It has the page fetched again; the calls that do.
    Refreshes(Vec<Site>),
    /// It puts something that is no literal into a state, so that what is shown changes.
    Shows(Vec<Site>),
    /// It signs somebody in or out, who then sees everything anew.
    Signs(Vec<Site>),
    /// It goes to another page: the calls that do, and its path as far as it is known.
    Navigates(Vec<Site>, Option<String>),
    /// It calls something that cannot be seen, and may settle it.
    Unknown(Vec<Site>),
    /// Nothing.
    Nothing,
}

/// A query that is fetched again, or that something is put into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refetched {
    /// The key, with `{}` for what is not known of it; `None` where any may be meant.
    pub key: Option<String>,
    /// The calls that do.
    pub trail: Vec<Site>,
}

/// What a call of an action does besides: about what views show, and about what queries show, for which nothing is done by a refresh of the
/// page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::project) struct Settled {
    pub(in crate::project) views: Settling,
    pub(in crate::project) queries: Settling,
    /// What it does about views besides showing something itself.
    pub(in crate::project) besides: Settling,
    pub(in crate::project) refetched: Vec<Refetched>,
}

impl Settled {
    /// The same, with what a hook does that hands the action on.
    pub(in crate::project) fn or(self, hook: Self) -> Self {
        let is_whole = |of: &Settling| matches!(of, Settling::Refreshes(_) | Settling::Signs(_));
        let first = |own: Settling, other: Settling| {
            if own == Settling::Nothing || (is_whole(&other) && !is_whole(&own)) { other } else { own }
        };
        Self {
            views: first(self.views, hook.views),
            queries: first(self.queries, hook.queries),
            besides: first(self.besides, hook.besides),
            refetched: [self.refetched, hook.refetched].concat(),
        }
    }
}

/// The part of a component, or of a hook, that counts for one call of an action.
pub(in crate::project) struct Part<'p> {
    project: &'p Project,
    graph: &'p Graph,
    outermost: FunctionRef,
    /// Its functions; all of them where nothing is said.
    region: Option<Vec<FunctionId>>,
    /// The call of the action, or what hands it on; nothing of a hook.
    own: Option<Site>,
    /// The call of the hook, where it is one.
    called: Option<Site>,
    /// Hooks of the project that are handed the action: what they do is looked at by itself.
    hooks: Vec<FunctionRef>,
}

impl<'p> Part<'p> {
    pub(in crate::project) fn of(
        project: &'p Project,
        graph: &'p Graph,
        (module, edge): (ModuleId, &Edge),
        hooks: Vec<FunctionRef>,
    ) -> Self {
        let outermost = project.outermost(FunctionRef { module, function: edge.from });
        let region = Some(region(project, graph, module, edge, outermost.function));
        Self { project, graph, outermost, region, own: Some((module, edge.call)), called: None, hooks }
    }

    pub(in crate::project) fn hook(project: &'p Project, graph: &'p Graph, hook: FunctionRef, called: Site) -> Self {
        Self { project, graph, outermost: hook, region: None, own: None, called: Some(called), hooks: Vec::new() }
    }

    fn is_inside(&self, trail: &[Site]) -> bool {
        let ((module, call), &last) = (trail[0], trail.last().unwrap_or(&trail[0]));
        // What stands on another way of the same handler is no part of it.
        let is_elsewhere = || {
            self.own.is_some_and(|own| {
                let function = self.project.function_of(own);
                let mut here = trail.iter().filter(|&&site| self.project.function_of(site) == function);
                here.next().is_some_and(|&site| self.project.never_together(&[own], &[site]))
            })
        };
        let is_hook = || self.hooks.contains(&self.project.outermost(self.project.function_of(last)));
        // What callers hand a hook belongs to their own calls of it.
        if self.called.is_some() && trail.iter().any(|&site| self.is_of_caller(site)) {
            return false;
        }
        self.region.as_ref().is_none_or(|region| {
            module == self.outermost.module
                && region.contains(&self.project.module(module).facts.calls[call as usize].function)
                && !is_hook()
                && !is_elsewhere()
                && !trail.iter().any(|&site| self.project.callee_name(site) == ON_ERROR)
        })
    }

    /// Whether a call stands in something that calls the hook.
    fn is_of_caller(&self, site: Site) -> bool {
        let around = self.project.outermost(self.project.function_of(site));
        let calls = |function: FunctionRef| {
            let edges = self.graph.edges(function).iter();
            edges.into_iter().any(|edge| edge.via == Via::Call && edge.to == Callee::Function(self.outermost))
        };
        around != self.outermost && self.project.inside(around).into_iter().any(calls)
    }

    /// What it does about what the page shows, and the queries that it has fetched again.
    pub(in crate::project) fn settles(&self, around: &Doing) -> Settled {
        let own = |effect: Effect| {
            let done = around.of(effect).filter(|happening| happening.certainty != Certainty::Caught);
            done.filter(|happening| self.is_inside(&happening.trail))
        };
        let refetched = own(Effect::ClientRefetch);
        let refetched =
            refetched.map(|happening| Refetched { key: happening.target.clone(), trail: happening.trail.clone() });
        let mut refetched: Vec<Refetched> = refetched.collect();
        let anew = self.functions().any(|function| loads_anew(self.project, function));
        refetched.extend(anew.then(|| Refetched { key: None, trail: Vec::new() }));
        let refreshes = own(Effect::ClientRefresh).next().map(|refresh| refresh.trail.clone());
        let refreshes = refreshes.or(anew.then(Vec::new)).map(Settling::Refreshes);
        let shows = |counts: &dyn Fn(&Happening) -> bool| {
            let sets = own(Effect::ClientState).find(|sets| self.shows(sets) && counts(sets));
            sets.map(|sets| Settling::Shows(sets.trail.clone()))
        };
        let navigates = || {
            let goes = own(Effect::ClientNavigate).next();
            goes.map(|goes| Settling::Navigates(goes.trail.clone(), goes.target.clone()))
        };
        let blind = || {
            // A request, whatever it asks for, changes nothing of what is shown, nor does a component that is rendered.
            let is_element =
                |&(module, call): &Site| self.project.module(module).facts.calls[call as usize].kind == CallKind::Jsx;
            let may_do = |blind: &&Blind| blind.reason != COMPUTED_METHOD && !blind.trail.iter().any(is_element);
            let mut inside = around.blind.iter().filter(may_do).filter(|blind| self.is_inside(&blind.trail));
            let blind = inside.find(|blind| !self.is_handed(blind.reason) && self.project.may_act(blind));
            blind.map(|blind| blind.trail.clone()).or(around.truncated.then(Vec::new)).map(Settling::Unknown)
        };
        let stands_in = LazyCell::new(|| {
            let turned = self.functions().flat_map(|function| self.project.turned_for_data(self.graph, function));
            turned.map(|site| vec![site]).find(|trail| self.is_inside(trail)).map(Settling::Shows)
        });
        let signs = || own(Effect::AuthSession).next().map(|signs| Settling::Signs(signs.trail.clone()));
        let whole = refreshes.or_else(signs);
        let other = navigates().or_else(blind);
        let besides = whole.clone().or(other.clone());
        let views = whole.or_else(|| shows(&|_| true)).or_else(|| stands_in.clone()).or(other.clone());
        let queries = signs().or_else(|| shows(&|sets| self.mirrors(sets))).or_else(|| stands_in.clone()).or(other);
        let [views, queries, besides] = [views, queries, besides].map(|of| of.unwrap_or(Settling::Nothing));
        Settled { views, queries, besides, refetched }
    }

    fn functions(&self) -> impl Iterator<Item = FunctionRef> {
        let all: Vec<FunctionRef> = match &self.region {
            Some(region) => region.iter().map(|&function| FunctionRef { function, ..self.outermost }).collect(),
            None => self.project.inside(self.outermost),
        };
        all.into_iter()
    }

    /// Whether a state that something is put into may stand for what a query gave.
    fn mirrors(&self, sets: &Happening) -> bool {
        let (module, call) = sets.site();
        let setter = self.project.module(module).facts.calls[call as usize].callee;
        let own = self.region.as_ref().filter(|_| module == self.outermost.module);
        self.project.mirrors(module, setter, |function| own.is_some_and(|own| own.contains(&function)))
    }

    /// Whether a call is of something that a hook is handed: it stands where the hook is called.
    fn is_handed(&self, reason: &str) -> bool {
        self.called.is_some() && reason == PASSED
    }

    /// Whether a state is shown that something is put into: not how it went, and nothing that a hook keeps from whoever calls it.
    fn shows(&self, sets: &Happening) -> bool {
        let (module, call) = sets.site();
        let facts = &self.project.module(module).facts;
        let described = facts.calls[call as usize];
        let is_how = |&first: &ValueId| is_outcome(facts, first);
        let name = facts.callee_name(&described);
        // `setPendingId(id)` says what is going on.
        let waits = name.strip_prefix("set").is_some_and(is_of_waiting);
        // `setSelected(id)` says where somebody looks, unless it starts with something that is there.
        let starts = || {
            let first = hook_of(facts, described.callee).and_then(|hook| start_of(facts, hook));
            first.is_some_and(|first| !is_written_out(facts, first))
        };
        let looks = name.strip_prefix("set").is_some_and(is_of_looking) && !starts();
        if waits || looks || turns(facts, &described) || facts.list(described.arguments).first().is_some_and(is_how) {
            return false;
        }
        let Some((caller, hook)) = self.called.filter(|_| module == self.outermost.module) else { return true };
        let Some(state) = hook_of(facts, described.callee) else { return true };
        let is_state = |value: ValueId| hook_of(facts, value) == Some(state);
        let given = facts.body(self.outermost.function).iter().filter_map(|step| match step.op {
            Op::Return(value) if value != NONE => Some(facts.value(value)),
            _ => None,
        });
        let taken = |name: &str| {
            let there = &self.project.module(caller).facts;
            there.values.iter().any(|&value| {
                matches!(value, Value::Member(of, member)
                    if there.text(member) == name && there.value(of) == Value::Call(hook))
            })
        };
        given.into_iter().any(|given| match given {
            Value::Object(list) => facts.properties(list).iter().any(|property| match property.key {
                PropertyKey::Named(name) => is_state(property.value) && taken(facts.text(name)),
                _ => true,
            }),
            _ => true,
        })
    }
}

impl Project {
    /// Whether a call that cannot be seen may do anything about what is shown: one whose result alone is looked at computes something, and
    /// `setOpen(false)` turns a switch.
    pub(in crate::project) fn may_act(&self, blind: &Blind) -> bool {
        let &(module, call) = blind.trail.last().expect("a call stands on its own trail");
        let facts = &self.module(module).facts;
        let used = facts.calls[call as usize].result;
        let looked = [Use::STORED, Use::PASSED, Use::CHAINED, Use::TESTED].into_iter().any(|bit| used.has(bit));
        let arguments = facts.list(facts.calls[call as usize].arguments);
        let turns = !arguments.is_empty() && arguments.iter().all(|&of| matches!(facts.value(of), Value::Bool(_)));
        !turns && (used.has(Use::AWAITED) || !looked)
    }
}

/// Whether a value is written out, so that nothing of what was fetched is in it: `[]`, `new Set()`.
pub(in crate::project) fn is_written_out(facts: &FileFacts, value: ValueId) -> bool {
    match facts.value(value) {
        Value::Null | Value::Undefined | Value::Bool(_) | Value::Number(_) | Value::Str(_) | Value::Import(_) => true,
        Value::Unary(_, inner) | Value::Not(inner) | Value::Cast(inner, _) => is_written_out(facts, inner),
        Value::Array(list) => facts.list(list).iter().all(|&part| is_written_out(facts, part)),
        Value::Object(list) => facts.properties(list).iter().all(|property| is_written_out(facts, property.value)),
        Value::Call(call) => {
            let described = facts.calls[call as usize];
            described.kind == CallKind::New && described.arguments.len == 0
        }
        _ => false,
    }
}

/// Whether a function has the browser load a page: `location.href = url`, `window.location = url`.
fn loads_anew(project: &Project, function: FunctionRef) -> bool {
    let facts = &project.module(function.module).facts;
    let is_window = |value| matches!(facts.value(value), Value::Global(name) if matches!(facts.text(name), "window" | "globalThis"));
    let is_location = |value| match facts.value(value) {
        Value::Global(name) => facts.text(name) == "location",
        Value::Member(object, name) => facts.text(name) == "location" && is_window(object),
        _ => false,
    };
    facts.body(function.function).iter().any(|step| match step.op {
        Op::Assign(place, _) => match facts.value(place) {
            Value::Member(object, name) if facts.text(name) == "href" => is_location(object),
            _ => is_location(place),
        },
        _ => false,
    })
}

/// The project's own hook that gave the callee of an edge's call, or that is handed the action, and its call.
pub(in crate::project) fn own_hook(
    project: &Project,
    graph: &Graph,
    module: ModuleId,
    edge: &Edge,
) -> Option<(FunctionRef, Site)> {
    let facts = &project.module(module).facts;
    let hook = hook_behind(facts, facts.calls[edge.call as usize].callee)?;
    graph.module(module).iter().find_map(|other| match other.to {
        Callee::Function(function) if other.call == hook && other.via == Via::Call => Some((function, (module, hook))),
        _ => None,
    })
}
