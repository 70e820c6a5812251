//! The call graph: which function calls, or hands on, which function or action.

pub(super) mod callers;
pub(super) mod handed;
pub(super) mod outside;
pub mod reach;
pub mod resolution;

use std::collections::BTreeMap;

use super::actions::ActionId;
use super::caching::keeping::{self, Kept};
use super::data::fixed::Fixed;
use super::effects::notes::{Notes, gives, noted};
use super::effects::summary::Site;
use super::program::modules::{FunctionRef, ModuleId};
use super::values::evaluate::Evaluator;
use super::values::terms::{Term, TermId};
use crate::facts::{Call, CallId, CallKind, FunctionId, NONE, Name, Value};
use crate::models::{Effect, INERT, When};
use crate::source::Span;
use handed::{Handed, Through};

/// What an edge leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Callee {
    /// A function that is no action.
    Function(FunctionRef),
    /// An action, whatever its function is.
    Action(ActionId),
}

/// How the callee is named at the edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Via {
    /// It is called, or rendered.
    Call,
    /// It is the argument of this number.
    Argument(u32),
    /// It is a prop of an element, or a property of an argument.
    Property(Name),
}

/// One edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// The function in which it stands.
    pub from: FunctionId,
    /// What it leads to.
    pub to: Callee,
    /// The call that makes it.
    pub call: CallId,
    /// How.
    pub via: Via,
    /// What to point at.
    pub span: Span,
}

/// How one call resolved, for the statistics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Resolved {
    /// A function of the project.
    Function,
    /// A server action.
    Action,
    /// A class of the project.
    Class,
    /// A package's, and a model names it.
    Modelled,
    /// It does nothing that matters: the language's own, or a modelled package's without a line that names it.
    Inert,
    /// A package's without a model, or a name's that no file declares, and which of them.
    Foreign(&'static str),
    /// An element of HTML.
    Intrinsic,
    /// What a parameter says: the call sites know.
    Parameter,
    /// What is called cannot be known, and why.
    Dynamic(&'static str),
}

/// The edges of every module, and the statistics of its calls.
pub struct Graph {
    edges: Vec<Vec<Edge>>,
    through: Through,
    /// What models say of calls, by module and call.
    notes: BTreeMap<Site, Notes>,
    /// Calls that give rows as they are, each with the names under which its arguments say what of them.
    rows: BTreeMap<Site, Vec<String>>,
    /// What calls say of columns in words that are written out.
    fixed: BTreeMap<Site, Fixed>,
    /// Calls that keep or tag what is read, by module and call.
    kept: Vec<Kept>,
    /// How many calls resolved how, sorted.
    pub calls: Vec<(Resolved, usize)>,
}

impl Graph {
    /// A graph of no calls.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            edges: Vec::new(),
            through: Through::default(),
            notes: BTreeMap::new(),
            rows: BTreeMap::new(),
            fixed: BTreeMap::new(),
            kept: Vec::new(),
            calls: Vec::new(),
        }
    }

    /// Resolves every call; what calls hand on comes beside. `client` says which modules the browser runs.
    #[must_use]
    pub(super) fn build(eval: &mut Evaluator<'_>, client: &dyn Fn(ModuleId) -> bool) -> (Self, Handed) {
        let mut gathered = Gathered::default();
        let modules = 0..u32::try_from(eval.world.modules.len()).unwrap_or(NONE);
        let edges: Vec<Vec<Edge>> =
            modules.map(|module| module_edges(eval, module, client(module), &mut gathered)).collect();
        let Gathered { counts, mut handed, notes, rows, fixed, mut kept } = gathered;
        keeping::through_wrappers(eval, &edges, &mut kept);
        let through = handed.resolve(eval);
        (Self { edges, through, notes, rows, fixed, kept, calls: counts.into_iter().collect() }, handed)
    }

    /// The edges of one function's own body, in evaluation order; those of functions inside it are theirs.
    #[must_use]
    pub fn edges(&self, function: FunctionRef) -> &[Edge] {
        let edges = &self.edges[function.module as usize];
        let start = edges.partition_point(|edge| edge.from < function.function);
        let end = edges.partition_point(|edge| edge.from <= function.function);
        &edges[start..end]
    }

    /// Every edge of a module, by function.
    #[must_use]
    pub fn module(&self, module: ModuleId) -> &[Edge] {
        &self.edges[module as usize]
    }

    /// When the callbacks run that a call is handed, where a model says so.
    #[must_use]
    pub fn when(&self, module: ModuleId, call: CallId) -> Option<When> {
        self.notes((module, call)).when
    }

    /// What models say of a call.
    pub(super) fn notes(&self, site: Site) -> Notes {
        self.notes.get(&site).copied().unwrap_or_default()
    }

    /// The calls that end the request by throwing, and how.
    pub(super) fn leaving(&self) -> impl Iterator<Item = (Site, Effect)> + '_ {
        self.notes.iter().filter_map(|(&site, notes)| Some((site, notes.leaves?)))
    }

    /// The names under which a call's arguments say what of its rows it gives; nothing where it gives none.
    pub(super) fn gives_rows(&self, site: Site) -> Option<&[String]> {
        self.rows.get(&site).map(Vec::as_slice)
    }

    /// What a call says of columns in words that are written out.
    pub(super) fn fixed(&self, site: Site) -> Option<&Fixed> {
        self.fixed.get(&site)
    }

    /// Whether somebody is known who runs what a call hands on.
    pub(super) fn takes(&self, site: Site, handed: Callee) -> bool {
        self.through.taken.contains(&(site, handed))
    }

    /// The calls that keep or tag what is read, by module and call.
    pub(super) fn kept(&self) -> &[Kept] {
        &self.kept
    }

    /// The calls of what components and functions are handed, and the calls that they hand it to.
    #[must_use]
    pub fn through(&self) -> &Through {
        &self.through
    }
}

/// What is gathered while the calls are resolved.
#[derive(Default)]
struct Gathered {
    counts: BTreeMap<Resolved, usize>,
    handed: Handed,
    notes: BTreeMap<Site, Notes>,
    rows: BTreeMap<Site, Vec<String>>,
    fixed: BTreeMap<Site, Fixed>,
    kept: Vec<Kept>,
}

impl Gathered {
    /// Notes what is known of a call beside its edges; `open` is what it hands on that a parameter says, in code that the browser runs.
    fn note(
        &mut self,
        eval: &mut Evaluator<'_>,
        site: Site,
        resolved: Resolved,
        callee: TermId,
        open: Option<&Vec<(TermId, Via, Span)>>,
    ) {
        let call = eval.module(site.0).facts.calls[site.1 as usize];
        let is_element = call.kind == CallKind::Jsx;
        let mut runs = false;
        match (resolved, eval.terms.get(eval.terms.only(callee))) {
            (Resolved::Modelled, _) => {
                let notes = noted(eval, site, callee);
                runs = notes.when.is_some();
                self.rows.extend(eval.rows_of(callee).map(|chosen| (site, chosen)));
                self.fixed.extend(eval.fixed(site, callee).map(|fixed| (site, fixed)));
                self.kept.extend(Kept::of(eval, site, callee).or_else(|| Kept::handed(eval, site)));
                if notes != Notes::default() {
                    self.notes.insert(site, notes);
                }
            }
            (Resolved::Inert, _) if !is_element => {
                let notes = gives(eval, site, callee);
                if notes != Notes::default() {
                    self.notes.insert(site, notes);
                }
            }
            (Resolved::Foreign(_) | Resolved::Dynamic(_), _) if !is_element => {
                self.kept.extend(Kept::handed(eval, site));
            }
            (Resolved::Parameter, _) => {
                self.handed.uses(site, (callee, Via::Call, call.name_span));
            }
            (Resolved::Function, Term::Function(function, outer)) if is_element || open.is_some() => {
                self.handed.gives(eval, site, (function, outer));
            }
            _ => {}
        }
        let element = is_element && resolved != Resolved::Function;
        for &(term, via, span) in open.into_iter().flatten() {
            let is_handler = |name: Name| is_handler_prop(eval.module(site.0).facts.text(name));
            if runs || (element && matches!(via, Via::Property(name) if is_handler(name))) {
                self.handed.uses(site, (term, via, span));
            }
        }
    }
}

/// Whether an element calls what it is handed under this name: `onClick`, `action`.
fn is_handler_prop(name: &str) -> bool {
    matches!(name, "action" | "formAction")
        || name.strip_prefix("on").is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_uppercase()))
}

fn module_edges(eval: &mut Evaluator<'_>, id: ModuleId, client: bool, gathered: &mut Gathered) -> Vec<Edge> {
    let facts = &eval.module(id).facts;
    let mut edges = Vec::new();
    if facts.kind == crate::facts::FileKind::Rust {
        return edges;
    }
    for (index, call) in facts.calls.iter().enumerate() {
        let number = u32::try_from(index).unwrap_or(NONE);
        let mut add = |to: Callee, via: Via, span: Span| {
            let edge = Edge { from: call.function, to, call: number, via, span };
            if !edges.contains(&edge) || edges.len() > 4096 {
                edges.push(edge);
            }
        };
        let callee = eval.value(id, call.callee);
        let resolved = resolved(eval, id, call, callee, &mut |to| add(to, Via::Call, call.name_span));
        *gathered.counts.entry(resolved).or_default() += 1;
        let mut found = handed::Found::default();
        for (position, &argument) in facts.list(call.arguments).iter().enumerate() {
            let position = u32::try_from(position).unwrap_or(NONE);
            found.look(eval, id, argument, Via::Argument(position));
        }
        found.callees.into_iter().for_each(|(to, via, span)| add(to, via, span));
        gathered.note(eval, (id, number), resolved, callee, client.then_some(&found.open));
    }
    edges.sort_by_key(|edge| (edge.from, edge.call));
    edges
}

/// What a call leads to.
pub(super) fn resolved(
    eval: &mut Evaluator<'_>,
    id: ModuleId,
    call: &Call,
    callee: TermId,
    found: &mut dyn FnMut(Callee),
) -> Resolved {
    let facts = &eval.module(id).facts;
    if call.kind == CallKind::Jsx && matches!(facts.value(call.callee), Value::Str(_)) {
        return Resolved::Intrinsic;
    }
    if matches!(call.kind, CallKind::DynamicImport | CallKind::Require) {
        return Resolved::Inert;
    }
    match eval.terms.get(callee) {
        Term::Function(function, _) => {
            found(Callee::Function(function));
            Resolved::Function
        }
        Term::Action(action, _) => {
            found(Callee::Action(action));
            Resolved::Action
        }
        Term::Bound(inner, _) | Term::As(inner, _, _) | Term::Of(inner, _, _) => resolved(eval, id, call, inner, found),
        Term::Class(home, class) => {
            if let Some(constructor) = eval.constructor(home, class) {
                found(Callee::Function(constructor));
            }
            Resolved::Class
        }
        Term::Union(list) => {
            let alternatives = eval.terms.list(list).to_vec();
            let resolved: Vec<Resolved> =
                alternatives.into_iter().map(|term| resolved(eval, id, call, term, found)).collect();
            resolved.into_iter().min().unwrap_or(Resolved::Inert)
        }
        Term::Member(object, name) if is_call_of_function(eval, object, eval.terms.text(name)) => {
            resolved(eval, id, call, object, found)
        }
        _ => outside(eval, callee),
    }
}

/// `f.call(..)`, `f.apply(..)`, of a function of the project.
fn is_call_of_function(eval: &Evaluator<'_>, object: TermId, name: &str) -> bool {
    matches!(name, "call" | "apply") && matches!(eval.terms.get(object), Term::Function(..) | Term::Action(..))
}

/// How a callee resolves that is no function of the project.
fn outside(eval: &mut Evaluator<'_>, callee: TermId) -> Resolved {
    let states = eval.states_of(callee);
    if states.iter().any(|&(node, _)| !eval.world.models.meanings(node).is_empty()) {
        return Resolved::Modelled;
    }
    if !states.is_empty() && states.iter().all(|&(node, _)| node == INERT || node != 0) {
        return Resolved::Inert;
    }
    match eval.class(callee) {
        super::values::matching::Class::Pending => Resolved::Parameter,
        super::values::matching::Class::Inert => Resolved::Inert,
        super::values::matching::Class::Unseen(super::effects::summary::Unseen::Foreign, reason) => {
            Resolved::Foreign(reason)
        }
        super::values::matching::Class::Unseen(super::effects::summary::Unseen::Dynamic, reason) => {
            Resolved::Dynamic(reason)
        }
    }
}
