//! What a function does when it is called, written in its own parameters: the effects, the calls of what it is handed, and the calls that
//! cannot be seen. A call site puts its arguments in the place of the parameters; nothing is merged over call sites.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::facts::CallId;
use crate::models::Effect;
use crate::project::actions::ActionId;
use crate::project::guards::holds::{AtomId, Holds, SetId};
use crate::project::guards::origins::Origin;
use crate::project::guards::verdicts::{Ask, Verdict};
use crate::project::layers::{Boundary, Layer, Layers};
use crate::project::program::modules::{FunctionRef, ModuleId};
use crate::project::values::evaluate::Evaluator;
use crate::project::values::terms::{Bindings, ListId, TermId};

/// A call, by its module.
pub type Site = (ModuleId, CallId);

/// On which ways through its function something happens. A way that leaves early, by a `return` or a `throw` in a branch, does not make
/// what follows uncertain: this is about the ways that go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// On every way.
    Always,
    /// On some.
    Sometimes,
    /// Only where something was caught.
    Caught,
}

impl Certainty {
    /// The word in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Sometimes => "sometimes",
            Self::Caught => "caught",
        }
    }
}

/// Why a call cannot be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unseen {
    /// It is a package's, and no model says what it does.
    Foreign,
    /// What is called cannot be known.
    Dynamic,
}

impl Unseen {
    /// The word in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Foreign => "foreign",
            Self::Dynamic => "dynamic",
        }
    }
}

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// An effect: what it is about, and a second argument that says more.
    Effect(Effect, Option<TermId>, Option<TermId>),
    /// A server action is called from the browser.
    Action(ActionId),
    /// Something is called that a parameter says: the callee, the arguments, whether it is a `new`.
    Pending(TermId, ListId, bool),
    /// A call that cannot be seen, and why.
    Unseen(Unseen, &'static str),
}

impl EventKind {
    /// Whether anybody asks what holds before it: what is written or read, and what is not known yet.
    fn is_guarded(self) -> bool {
        match self {
            Self::Effect(effect, _, _) => {
                effect.writes() || matches!(effect, Effect::DbRead | Effect::HttpRead | Effect::KvWrite)
            }
            Self::Pending(..) => true,
            Self::Action(_) | Self::Unseen(..) => false,
        }
    }
}

/// One thing that happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What.
    pub kind: EventKind,
    /// On which ways.
    pub certainty: Certainty,
    /// Only where this term counts as true, or as false.
    pub condition: Option<(TermId, bool)>,
    /// What holds on every way to it.
    pub holds: SetId,
    /// The calls that lead to it, the one that does it last.
    pub trail: Vec<Site>,
}

impl Event {
    /// The call that does it.
    #[must_use]
    pub fn site(&self) -> Site {
        *self.trail.last().expect("an event stands at a call")
    }
}

/// One way on which a function returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exit {
    /// What it gives there.
    pub term: TermId,
    /// What holds there.
    pub holds: SetId,
}

/// Whether one has to wait for what a call gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::project) enum Waits {
    /// It is done when it returns.
    No,
    /// It gives a promise.
    Yes,
    /// A package's may be either.
    #[default]
    Unknown,
}

/// What comes of a call, beside what it does.
#[derive(Debug, Clone, Default)]
pub(in crate::project) struct Outcome {
    /// Whether it never returns.
    pub(in crate::project) never_returns: bool,
    /// The ways on which it returns; none where nothing holds on any.
    pub(in crate::project) exits: Vec<Exit>,
    /// Whether one has to wait for it.
    pub(in crate::project) waits: Waits,
    /// Whether a parameter says what is called.
    pub(in crate::project) pending: bool,
    /// Whether it cannot be seen.
    pub(in crate::project) unseen: bool,
    /// Whether it asks who is calling on its way.
    pub(in crate::project) asks: bool,
}

/// What a function does.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// What happens, in order.
    pub events: Vec<Event>,
    /// Whether it never returns to its caller.
    pub never_returns: bool,
    /// Whether there is more than is kept.
    pub truncated: bool,
    /// The ways on which it returns, as far as different things hold on them; none where nothing holds on any.
    pub exits: Vec<Exit>,
    /// Whether what it gives has to be waited for.
    pub waits: bool,
}

/// How many events a summary keeps.
const MOST_EVENTS: usize = 128;
/// How many calls a trail keeps.
const LONGEST_TRAIL: usize = 24;
/// How often a group of functions that call each other is gone through.
const MOST_ROUNDS: u32 = 4;

impl Summary {
    /// Whether it asks who is calling.
    pub(in crate::project) fn asks(&self) -> bool {
        let asks = |event: &Event| matches!(event.kind, EventKind::Effect(Effect::AuthRead | Effect::AuthRequire, ..));
        self.events.iter().any(asks)
    }

    /// Makes everything from an event on no more certain than this.
    pub(in crate::project) fn weaken(&mut self, from: usize, certainty: Certainty) {
        for event in &mut self.events[from..] {
            event.certainty = event.certainty.max(certainty);
        }
    }
}

/// Works out summaries, each once.
pub struct Summaries<'p> {
    /// What values are.
    pub eval: Evaluator<'p>,
    pub(in crate::project) boundary: &'p [Boundary],
    pub(in crate::project) done: FxHashMap<FunctionRef, Rc<Summary>>,
    pub(in crate::project) instances: FxHashMap<(FunctionRef, Bindings), Rc<Summary>>,
    /// Functions that are being worked out, outermost first.
    open: Vec<FunctionRef>,
    /// What is known so far of those.
    assumed: FxHashMap<FunctionRef, Rc<Summary>>,
    /// Summaries that hold only as far as what is assumed does.
    tentative: FxHashMap<FunctionRef, Rc<Summary>>,
    /// The outermost open function that was asked for since the last look.
    pub(in crate::project) lowest: usize,
    pub(in crate::project) deep: u32,
    pub(in crate::project) holds: Holds,
    /// Whether code of a module runs in the browser alone, by module: nothing is guarded there.
    pub(in crate::project) client: Vec<bool>,
    pub(in crate::project) origins: FxHashMap<TermId, Origin>,
    pub(in crate::project) verdicts: FxHashMap<(SetId, Ask), Verdict>,
    pub(in crate::project) judged: FxHashMap<AtomId, Verdict>,
    pub(in crate::project) unions: FxHashMap<(SetId, SetId), SetId>,
    pub(in crate::project) put_sets: FxHashMap<(SetId, Bindings), SetId>,
}

/// How the calls of an instance stand in their function: what leads there, how surely, on which condition, and what holds there.
#[derive(Debug, Clone)]
pub(in crate::project) struct Way {
    pub(in crate::project) trail: Vec<Site>,
    pub(in crate::project) certainty: Certainty,
    pub(in crate::project) condition: Option<(TermId, bool)>,
    pub(in crate::project) holds: SetId,
}

impl Way {
    /// The way to one call of a function's own body.
    pub(in crate::project) fn at(site: Site) -> Self {
        Self { trail: vec![site], certainty: Certainty::Always, condition: None, holds: SetId::EMPTY }
    }

    /// The same way, less sure.
    pub(in crate::project) fn no_surer_than(&self, certainty: Certainty) -> Self {
        Self { certainty: self.certainty.max(certainty), ..self.clone() }
    }

    pub(in crate::project) fn event(&self, kind: EventKind) -> Event {
        let Self { certainty, condition, .. } = *self;
        let holds = if kind.is_guarded() { self.holds } else { SetId::EMPTY };
        Event { kind, certainty, condition, holds, trail: self.trail.clone() }
    }

    /// The call at its end.
    pub(in crate::project) fn site(&self) -> Site {
        *self.trail.last().expect("a way ends at a call")
    }

    /// The way of an event.
    pub(in crate::project) fn of(event: &Event) -> Self {
        let Event { certainty, condition, holds, .. } = *event;
        Self { trail: event.trail.clone(), certainty, condition, holds }
    }

    /// The way through this one and on, where this holds.
    fn then(&self, event: &Event, holds: SetId) -> Self {
        let room = LONGEST_TRAIL.saturating_sub(self.trail.len()).max(1);
        let rest = &event.trail[event.trail.len().saturating_sub(room)..];
        Self {
            trail: [&self.trail, rest].concat(),
            certainty: self.certainty.max(event.certainty),
            condition: event.condition.or(self.condition),
            holds,
        }
    }
}

impl<'p> Summaries<'p> {
    /// Nothing is worked out yet.
    #[must_use]
    pub fn new(eval: Evaluator<'p>, boundary: &'p [Boundary], layers: &'p [Layers]) -> Self {
        let client = (0..).take(boundary.len()).map(|module| is_client(layers, module)).collect();
        Self {
            eval,
            client,
            boundary,
            done: FxHashMap::default(),
            instances: FxHashMap::default(),
            open: Vec::new(),
            assumed: FxHashMap::default(),
            tentative: FxHashMap::default(),
            lowest: usize::MAX,
            deep: 0,
            holds: Holds::default(),
            origins: FxHashMap::default(),
            verdicts: FxHashMap::default(),
            judged: FxHashMap::default(),
            unions: FxHashMap::default(),
            put_sets: FxHashMap::default(),
        }
    }

    /// What a function does, in its own parameters. Functions that call each other are gone through until nothing is added.
    pub fn summary(&mut self, function: FunctionRef) -> Rc<Summary> {
        let known = self.done.get(&function).or_else(|| self.tentative.get(&function));
        if let Some(known) = known {
            return Rc::clone(known);
        }
        if let Some(index) = self.open.iter().position(|&open| open == function) {
            self.lowest = self.lowest.min(index);
            return self.assumed.get(&function).cloned().unwrap_or_default();
        }
        let (index, before) = (self.open.len(), self.lowest);
        for round in 0.. {
            self.open.push(function);
            self.lowest = usize::MAX;
            let summary = Rc::new(stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.walk(function)));
            self.open.pop();
            let lowest = self.lowest;
            if lowest < index {
                // It hangs on a function further out.
                self.tentative.insert(function, Rc::clone(&summary));
                self.lowest = before.min(lowest);
                self.assumed.remove(&function);
                return summary;
            }
            let settled = lowest > index || self.assumed.get(&function) == Some(&summary) || round + 1 == MOST_ROUNDS;
            if lowest == index {
                self.tentative.clear();
            }
            if settled {
                self.assumed.remove(&function);
                self.lowest = before;
                self.done.insert(function, Rc::clone(&summary));
                return summary;
            }
            self.assumed.insert(function, summary);
        }
        unreachable!("the rounds end")
    }

    /// Adds an event unless the same is there: the same call, or, where there are many, the same effect on the same thing. Which of the calls
    /// further down writes to a log does not matter, and there are many of them everywhere.
    pub(in crate::project) fn add(&mut self, summary: &mut Summary, event: Event) {
        let alike = match event.kind {
            EventKind::Pending(..) => false,
            EventKind::Effect(Effect::Log, ..) if event.trail.len() > 1 => true,
            _ => summary.events.len() >= MOST_EVENTS / 2,
        };
        let same = |known: &&mut Event| {
            known.kind == event.kind && known.condition == event.condition && (alike || known.site() == event.site())
        };
        if let Some(known) = summary.events.iter_mut().find(same) {
            known.certainty = known.certainty.min(event.certainty);
            known.holds = self.either(&[known.holds, event.holds]);
        } else if summary.events.len() < MOST_EVENTS {
            summary.events.push(event);
        } else {
            summary.truncated = true;
        }
    }

    /// Takes over what a callee does.
    pub(in crate::project) fn take(&mut self, callee: &Summary, way: &Way, into: &mut Summary) {
        into.truncated |= callee.truncated;
        for event in &callee.events {
            let holds = self.both(way.holds, event.holds);
            self.add(into, way.then(event, holds).event(event.kind));
        }
    }

    /// Whether code of a module runs in the browser alone, so that an action which it calls is a request.
    pub(in crate::project) fn is_client(&self, module: ModuleId) -> bool {
        self.client[module as usize]
    }

    /// Whether a call from one module to another goes from the server to a client component.
    pub(in crate::project) fn crosses(&self, from: ModuleId, to: ModuleId) -> bool {
        from != to && self.boundary[to as usize] == Boundary::Client && !self.is_client(from)
    }
}

fn is_client(layers: &[Layers], module: ModuleId) -> bool {
    let server = [Layer::Server, Layer::Action, Layer::Handler, Layer::Api, Layer::Edge];
    let has = |layer| layers.iter().any(|layers| layers.has(module, layer));
    (has(Layer::Client) || has(Layer::Pages)) && !server.into_iter().any(has)
}
