//! What entries do, all the way down: the questions about effects that a rule may ask.

pub(super) mod apply;
pub(super) mod columns;
pub(super) mod decided;
pub(super) mod flow;
pub(super) mod instances;
pub(super) mod leaving;
pub(super) mod notes;
pub mod summary;
pub(super) mod wrapped;

use super::actions::{Action, ActionId};
use super::data::remote::{Remote, Told};
use super::entries::EntryKind;
use super::guards::Guarding;
use super::guards::placed::At;
use super::program::modules::{FunctionRef, ModuleId};
use super::values::terms::{SENT, Term, TermId};
use super::{AppId, Project};
use crate::diagnostic::Place;
use crate::facts::{ExportKind, NONE, Value};
use crate::models::Effect;
use summary::{Certainty, Event, EventKind, Site, Summaries, Summary, Unseen, Way};

/// How many aliases of an export are followed.
const LONGEST: u32 = 16;

/// Why a call of something cannot be seen that a caller outside passes.
pub(super) const PASSED: &str = "what a caller outside passes";

/// Why it is not known what a request does.
pub(super) const COMPUTED_METHOD: &str = "a request whose method is computed";

/// One effect of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// What happens.
    pub effect: Effect,
    /// What it is about, with `{}` for what is not known of it: a table, a path, a tag, a URL. `None` where nothing is known.
    pub target: Option<String>,
    /// A second argument that says more: the type of a revalidated path, the profile of a tag.
    pub detail: Option<String>,
    /// The columns that alone are written or read, where they are written out.
    pub columns: Option<Vec<String>>,
    /// On which ways.
    pub certainty: Certainty,
    /// Whether a condition decides that no call site settles.
    pub conditional: bool,
    /// Of a request, the part of a backend that it asks, where that is known.
    pub remote: Option<Remote>,
    /// Of a request, how the framework is told to keep what it gives.
    pub told: Told,
    /// What comes before it on every way.
    pub guarding: Guarding,
    /// The calls that lead to it from the entry, the one that does it last.
    pub trail: Vec<Site>,
}

impl Happening {
    /// The call that does it.
    #[must_use]
    pub fn site(&self) -> Site {
        *self.trail.last().expect("an effect stands at a call")
    }
}

/// A call on the way of an entry that cannot be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blind {
    /// Which sort.
    pub unseen: Unseen,
    /// Why.
    pub reason: &'static str,
    /// The calls that lead to it from the entry, itself last.
    pub trail: Vec<Site>,
}

/// What an entry does.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Doing {
    /// Its effects, in order.
    pub happenings: Vec<Happening>,
    /// The actions that it calls from the browser, with the calls that lead there.
    pub actions: Vec<(ActionId, Vec<Site>)>,
    /// The calls that cannot be seen.
    pub blind: Vec<Blind>,
    /// Whether there is more than is kept.
    pub truncated: bool,
}

impl Doing {
    /// The happenings of one effect.
    pub fn of(&self, effect: Effect) -> impl Iterator<Item = &Happening> {
        self.happenings.iter().filter(move |happening| happening.effect == effect)
    }

    /// Whether an effect may happen.
    #[must_use]
    pub fn does(&self, effect: Effect) -> bool {
        self.of(effect).next().is_some()
    }

    /// Whether everything that it does is seen.
    #[must_use]
    pub fn is_seen(&self) -> bool {
        self.blind.is_empty() && !self.truncated
    }
}

/// What an entry file of an app does when it is entered by one of its exports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entered {
    /// The app.
    pub app: AppId,
    /// The entry file.
    pub module: ModuleId,
    /// What its framework makes of it.
    pub kind: EntryKind,
    /// The export that is entered: a method, or `default`.
    pub name: String,
    /// What it does.
    pub doing: Doing,
}

impl Entered {
    /// Whether it answers requests that anybody may send: a route handler, or a file of `pages/api`.
    #[must_use]
    pub const fn answers(&self) -> bool {
        matches!(self.kind, EntryKind::RouteHandler | EntryKind::PagesApi)
    }
}

/// What everything that is entered does.
#[derive(Debug, Default)]
pub struct Effects {
    /// By action.
    pub(super) actions: Vec<Doing>,
    /// By app, then module, then export.
    pub(super) entered: Vec<Entered>,
}

impl Effects {
    /// Works out what every entry does.
    #[must_use]
    pub(super) fn collect(project: &Project, summaries: &mut Summaries<'_>) -> Self {
        let actions = project.actions.all.iter().map(|action| of_action(project, summaries, action)).collect();
        let mut entered = Vec::new();
        for (app, _) in project.apps() {
            for entry in project.entries(app) {
                for name in entry_names(project, entry.module, entry.kind) {
                    let url = project.url(app, &entry.url);
                    let doing = of_export(project, summaries, (entry.module, entry.kind), &name, url);
                    entered.push(Entered { app, module: entry.module, kind: entry.kind, name, doing });
                }
            }
        }
        Self { actions, entered }
    }
}

/// The exports by which an entry file is entered.
fn entry_names(project: &Project, module: ModuleId, kind: EntryKind) -> Vec<String> {
    let names = project.symbols.names(&project.modules, module).into_iter();
    let entered = |name: &String| match kind {
        EntryKind::RouteHandler => super::entries::next::METHODS.contains(&name.as_str()),
        EntryKind::View | EntryKind::PagesApi | EntryKind::PagesPage => name == "default",
        EntryKind::Proxy => matches!(name.as_str(), "default" | "middleware" | "proxy"),
        EntryKind::Metadata | EntryKind::Instrumentation | EntryKind::ClientInstrumentation => true,
    };
    names.filter(entered).collect()
}

fn of_action(project: &Project, summaries: &mut Summaries<'_>, action: &Action) -> Doing {
    let term = match (action.function, &action.name) {
        (Some(function), _) => {
            Some(summaries.eval.terms.add(Term::Function(function, super::values::terms::Bindings::NONE)))
        }
        (None, Some(name)) => Some(summaries.eval.export(action.module, name)),
        (None, None) => None,
    };
    let Some(term) = term else { return Doing::default() };
    let site = export_call(project, action.module, action.name.as_deref());
    let sent = summaries.eval.terms.unknown(SENT);
    entered(summaries, action.module, term, site, &|_| Some(sent), &At::default())
}

/// What an entry file does when one of its exports is entered, at a URL.
pub(super) fn of_export(
    project: &Project,
    summaries: &mut Summaries<'_>,
    (module, kind): (ModuleId, EntryKind),
    name: &str,
    url: String,
) -> Doing {
    let term = summaries.eval.export(module, name);
    let request = match kind {
        EntryKind::RouteHandler | EntryKind::Proxy => project.models.annotated(Some("next/server"), "NextRequest"),
        EntryKind::PagesApi => project.models.annotated(Some("next"), "NextApiRequest"),
        _ => None,
    };
    let request = request.map(|(node, line)| summaries.eval.typed(node, line));
    let site = export_call(project, module, Some(name));
    let method = if kind == EntryKind::RouteHandler { name.to_owned() } else { String::new() };
    entered(summaries, module, term, site, &|index| request.filter(|_| index == 0), &At { url, method })
}

/// The call that makes an exported value, where one does: what its callee does when the export is called has it on its trail.
fn export_call(project: &Project, module: ModuleId, name: Option<&str>) -> Option<Site> {
    let (owner, export) = project.symbols.export(module, name?)?;
    let facts = &project.module(owner).facts;
    let ExportKind::Value(mut value) = facts.exports[export as usize].kind else { return None };
    for _ in 0..LONGEST {
        match facts.value(value) {
            Value::Variable(variable) => value = facts.variables[variable as usize].init,
            Value::Member(inner, _) | Value::Await(inner) | Value::Cast(inner, _) => value = inner,
            Value::Call(call) => return Some((owner, call)),
            _ => return None,
        }
    }
    None
}

/// What happens when a value is called from outside.
fn entered(
    summaries: &mut Summaries<'_>,
    module: ModuleId,
    term: TermId,
    site: Option<Site>,
    typed: &dyn Fn(u32) -> Option<TermId>,
    at: &At,
) -> Doing {
    let mut summary = Summary::default();
    let way = Way::at(site.unwrap_or((module, NONE)));
    let inner = match summaries.eval.terms.get(term) {
        Term::Action(_, inner) => inner,
        _ => term,
    };
    summaries.run(module, inner, typed, &way, &mut summary);
    for event in &mut summary.events {
        event.holds = summaries.placed(event.holds, at);
    }
    doing(summaries, &summary)
}

/// A summary as plain data. What a parameter would have said cannot be known any more.
pub(super) fn doing(summaries: &mut Summaries<'_>, summary: &Summary) -> Doing {
    let mut doing = Doing { truncated: summary.truncated, ..Doing::default() };
    for event in &summary.events {
        let trail = trail(event);
        if trail.is_empty() {
            // An export that nothing in the tree makes or calls: there is no call to point at.
            doing.truncated |= matches!(event.kind, EventKind::Unseen(..) | EventKind::Pending(..));
            continue;
        }
        match event.kind {
            EventKind::Effect(effect, target, detail) => {
                let guarding = summaries.guarding(event.holds);
                let targets = summaries.eval.targets(effect, target);
                let detail_text = detail.and_then(|term| summaries.eval.text_with_holes(term));
                let columns = columns(summaries, detail);
                let (remote, told) = match detail {
                    Some(packed) if matches!(effect, Effect::HttpRead | Effect::HttpWrite) => {
                        summaries.eval.remote(packed)
                    }
                    _ => (None, Told::Unknown),
                };
                // A document that only reads is sent as one that writes is.
                let effect = match &remote {
                    Some(remote) if remote.only_reads() => Effect::HttpRead,
                    _ => effect,
                };
                doing.happenings.extend(targets.into_iter().map(|target| Happening {
                    effect,
                    target,
                    detail: detail_text.clone(),
                    columns: columns.clone(),
                    remote: remote.clone(),
                    told,
                    certainty: event.certainty,
                    conditional: event.condition.is_some(),
                    guarding,
                    trail: trail.clone(),
                }));
            }
            EventKind::Action(action) => doing.actions.push((action, trail)),
            EventKind::Unseen(unseen, reason) => doing.blind.push(Blind { unseen, reason, trail }),
            EventKind::Pending(..) => {
                doing.blind.push(Blind { unseen: Unseen::Dynamic, reason: PASSED, trail });
            }
        }
    }
    doing
}

/// The keys of columns that are written out.
fn columns(summaries: &Summaries<'_>, detail: Option<TermId>) -> Option<Vec<String>> {
    match summaries.eval.terms.get(detail?) {
        Term::Array(list) => {
            summaries.eval.terms.list(list).iter().map(|&key| summaries.eval.text_with_holes(key)).collect()
        }
        _ => None,
    }
}

/// The calls on the way; an export that no call makes stands for none.
fn trail(event: &Event) -> Vec<Site> {
    event.trail.iter().copied().filter(|&(_, call)| call != NONE).collect()
}

impl Project {
    /// What an action does.
    #[must_use]
    pub fn action_doing(&self, action: ActionId) -> &Doing {
        &self.effects.actions[action as usize]
    }

    /// What entry files do, by app, then module, then export.
    #[must_use]
    pub fn entered(&self) -> &[Entered] {
        &self.effects.entered
    }

    /// What an entry file does when it is entered by an export.
    #[must_use]
    pub fn entry_doing(&self, app: AppId, module: ModuleId, name: &str) -> Option<&Doing> {
        let found = self.effects.entered.iter().find(|of| of.app == app && of.module == module && of.name == name);
        found.map(|entered| &entered.doing)
    }

    /// The place to point at for a call.
    #[must_use]
    pub fn call_place(&self, (module, call): Site) -> Place {
        let here = self.module(module);
        here.place(here.facts.calls[call as usize].name_span)
    }

    /// The call in the body of an entry by which something comes about there: what makes the entry at the top of a file is no part of that.
    #[must_use]
    pub fn own_call(&self, happening: &Happening) -> Site {
        let in_body = |site: &&Site| self.function_of(**site).function != 0;
        happening.trail.iter().find(in_body).copied().unwrap_or_else(|| happening.site())
    }

    /// The function in whose body a call stands.
    #[must_use]
    pub fn function_of(&self, (module, call): Site) -> FunctionRef {
        FunctionRef { module, function: self.module(module).facts.calls[call as usize].function }
    }

    /// The name of a function; empty without one.
    #[must_use]
    pub fn function_name(&self, function: FunctionRef) -> &str {
        let facts = &self.module(function.module).facts;
        facts.text(facts.function(function.function).name)
    }

    /// The outermost function around a function, below the module's own.
    #[must_use]
    pub fn outermost(&self, function: FunctionRef) -> FunctionRef {
        let facts = &self.module(function.module).facts;
        let mut at = function.function;
        loop {
            let parent = facts.function(at).parent;
            if at == 0 || parent == 0 || parent == NONE {
                return FunctionRef { function: at, ..function };
            }
            at = parent;
        }
    }
}
