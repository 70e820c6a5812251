//! Redirects that never get out: the framework answers with another page by throwing, and a `catch` on the way keeps what is thrown.

use std::collections::BTreeSet;

use crate::diagnostic::Place;
use crate::facts::{FileFacts, FunctionId, NONE, PropertyKey, Value, ValueId};
use crate::models::Effect;
use crate::project::Project;
use crate::project::actions::ActionId;
use crate::project::effects::summary::Site;
use crate::project::effects::{Doing, Happening};
use crate::project::entries::EntryKind;
use crate::project::layers::Boundary;
use crate::project::order::body::{catches, step_of};
use crate::project::order::caught::{Caught, Outcome};
use crate::project::order::frames::{Link, promise};

/// A redirect, or a page that is not found, that a `catch` keeps.
pub struct Swallowed<'p> {
    /// What would end the request.
    pub happening: &'p Happening,
    /// Which call of its trail stands where it is kept.
    pub frame: usize,
    /// What keeps it: the `catch`, or the callback of a promise.
    pub catch: Place,
}

/// A redirect of an action that the `catch` around a call in the browser takes for an error.
pub struct KeptInBrowser<'p> {
    /// The action.
    pub action: ActionId,
    /// What redirects.
    pub happening: &'p Happening,
    /// The call of the action.
    pub call: Site,
    /// What keeps it: the `catch`, or the callback of a promise.
    pub catch: Place,
}

impl Project {
    /// Every redirect of something that the server runs which a `catch` keeps, each pair of call and redirect once, by place.
    #[must_use]
    pub fn swallowed(&self) -> Vec<Swallowed<'_>> {
        let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
        for doing in self.served() {
            for happening in doing.happenings.iter().filter(|happening| ends(happening.effect)) {
                if let Some(swallowed) = self.swallowed_by(doing, happening)
                    && seen.insert((happening.trail[swallowed.frame], happening.site()))
                {
                    found.push(swallowed);
                }
            }
        }
        found.sort_by_key(|swallowed| (swallowed.happening.trail[swallowed.frame], swallowed.happening.site()));
        found
    }

    /// What everything does that the framework answers a request with.
    fn served(&self) -> impl Iterator<Item = &Doing> {
        let answers = |kind| matches!(kind, EntryKind::RouteHandler | EntryKind::View | EntryKind::Metadata);
        let entered = self
            .entered()
            .iter()
            .filter(move |entered| answers(entered.kind) && self.boundary[entered.module as usize] != Boundary::Client)
            .map(|entered| &entered.doing);
        self.effects.actions.iter().chain(entered)
    }

    /// The calls of actions in the browser whose `catch` keeps the redirect that the action answers with, by action, then call.
    #[must_use]
    pub fn kept_in_browser(&self) -> Vec<KeptInBrowser<'_>> {
        let mut found: Vec<KeptInBrowser<'_>> = Vec::new();
        for action in (0..).take(self.actions.all.len()) {
            let doing = self.action_doing(action);
            let gets_out = |happening: &&Happening| {
                ends(happening.effect) && !self.stays(doing, happening) && self.swallowed_by(doing, happening).is_none()
            };
            let Some(happening) = doing.happenings.iter().find(gets_out) else { continue };
            for call in self.client_calls(action).iter().filter(|call| call.is_called) {
                let known = found.iter().any(|known| known.action == action && known.call == call.site);
                if let Some(catch) = self.kept_at(doing, happening, call.site).filter(|_| !known) {
                    found.push(KeptInBrowser { action, happening, call: call.site, catch });
                }
            }
        }
        found
    }

    /// What keeps what the promise of a call in the browser rejects with.
    fn kept_at(&self, doing: &Doing, happening: &Happening, site: Site) -> Option<Place> {
        let facts = &self.module(site.0).facts;
        let function = facts.calls[site.1 as usize].function;
        let promise = promise(facts, site.1);
        for &call in &promise.chain {
            if let Some(kept) = self.handled(doing, happening, (site.0, call), 0) {
                return kept.then(|| self.call_place((site.0, call)));
            }
        }
        let step = step_of(facts, function, site.1).filter(|_| promise.awaited)?;
        let catch = *catches(facts.body(function), step).first()?;
        let caught = Caught { project: self, doing, module: site.0, function, is_outermost: true };
        let keeps = caught.statement(catch, happening) == Outcome::Kept && caught.tells(catch.from, catch.to);
        keeps.then(|| caught.place(catch))
    }

    /// What keeps what is thrown at the end of a trail, if anything is known to: from the innermost call outward.
    #[must_use]
    pub fn swallowed_by<'p>(&'p self, doing: &'p Doing, happening: &'p Happening) -> Option<Swallowed<'p>> {
        if self.stays(doing, happening) {
            return None;
        }
        let session = |other: &Happening| other.effect == Effect::AuthSession && other.site() == happening.site();
        // What signs people in or out is a promise; what only redirects throws where it stands.
        let mut carried = doing.happenings.iter().any(session);
        for frame in (0..happening.trail.len()).rev() {
            let site = happening.trail[frame];
            if let Some(next) = self.entered_by(&happening.trail, frame) {
                let is_async = self.module(next.module).facts.function(next.function).is_async;
                match self.link(site, next) {
                    Link::Calls | Link::Runs => carried |= is_async,
                    Link::Settles => carried = true,
                    Link::Renders | Link::Later | Link::Unknown => return None,
                }
            }
            let facts = &self.module(site.0).facts;
            let function = facts.calls[site.1 as usize].function;
            let keeps = |place: Place| Some(Swallowed { happening, frame, catch: place });
            if carried {
                let promise = promise(facts, site.1);
                for &call in &promise.chain {
                    if let Some(kept) = self.handled(doing, happening, (site.0, call), frame) {
                        return if kept { keeps(self.call_place((site.0, call))) } else { None };
                    }
                }
                if promise.returned && !promise.awaited {
                    continue;
                }
                if !promise.awaited {
                    return None;
                }
                carried = false;
            }
            let Some(step) = step_of(facts, function, site.1) else { continue };
            for catch in catches(facts.body(function), step) {
                let caught = Caught { project: self, doing, module: site.0, function, is_outermost: frame == 0 };
                if frame + 1 < happening.trail.len() && caught.ends(catch) {
                    // Whoever answers a guard's failure on their own knows that it may redirect.
                    return None;
                }
                match caught.statement(catch, happening) {
                    Outcome::Kept => return keeps(caught.place(catch)),
                    Outcome::Passed => {}
                    Outcome::Unknown => return None,
                }
            }
        }
        None
    }

    /// Whether a promise's method keeps what is thrown; `None` where it only hands it on.
    fn handled(&self, doing: &Doing, happening: &Happening, (module, call): Site, frame: usize) -> Option<bool> {
        let facts = &self.module(module).facts;
        let described = facts.calls[call as usize];
        let Value::Member(_, name) = facts.value(described.callee) else { return None };
        let handler: Option<ValueId> = match facts.text(name) {
            "catch" => facts.list(described.arguments).first().copied(),
            "then" => facts.list(described.arguments).get(1).copied(),
            _ => None,
        };
        let handler = handler?;
        let function: Option<FunctionId> = match facts.value(handler) {
            Value::Function(function) => Some(function),
            _ => None,
        };
        let Some(function) = function else {
            // A method of the console, say, gives back nothing and throws nothing.
            return Some(matches!(facts.value(handler), Value::Member(object, _)
                if matches!(facts.value(object), Value::Global(name) if facts.text(name) == "console")));
        };
        let caught = Caught { project: self, doing, module, function, is_outermost: frame == 0 };
        match caught.callback(happening) {
            Outcome::Kept => Some(true),
            Outcome::Passed => None,
            Outcome::Unknown => Some(false),
        }
    }

    /// Whether a sign-in or sign-out is told not to redirect, or may be.
    fn stays(&self, doing: &Doing, happening: &Happening) -> bool {
        let (module, call) = happening.site();
        let session = |other: &Happening| other.effect == Effect::AuthSession && other.site() == happening.site();
        if !doing.happenings.iter().any(session) {
            return false;
        }
        let facts = &self.module(module).facts;
        let arguments = facts.list(facts.calls[call as usize].arguments);
        let Some(&options) = arguments.get(1).or(arguments.first()) else { return false };
        match facts.value(first_held(facts, options)) {
            Value::Object(list) => facts.properties(list).iter().any(|property| match property.key {
                PropertyKey::Named(name) => {
                    facts.text(name) == "redirect" && facts.value(property.value) != Value::Bool(true)
                }
                PropertyKey::Computed(_) | PropertyKey::More => true,
                PropertyKey::Spread => false,
            }),
            // What an action hands on is a form, which says nothing of redirects; what a helper is handed may say so.
            Value::Parameter(..) => arguments.len() > 1 && happening.trail.len() > 1,
            _ => false,
        }
    }
}

/// What a name holds, where it is never assigned again.
fn first_held(facts: &FileFacts, mut value: ValueId) -> ValueId {
    while let Value::Variable(variable) = facts.value(value) {
        let variable = facts.variables[variable as usize];
        if variable.reassigned || variable.init == NONE {
            break;
        }
        value = variable.init;
    }
    value
}

/// Whether an effect ends the request by throwing.
fn ends(effect: Effect) -> bool {
    matches!(effect, Effect::Redirect | Effect::NotFound)
}
