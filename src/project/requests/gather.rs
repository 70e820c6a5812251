//! Where requests are sent: every call and element that sends one, and, where a function is handed what it asks for, every call of that
//! function.

use rustc_hash::{FxHashMap, FxHashSet};

use super::sent::{self, Asked, Method};
use super::{Means, Sent};
use crate::facts::{CallKind, FileKind, NONE, Op, Value};
use crate::models::What;
use crate::project::effects::summary::Site;
use crate::project::graph::{Callee, Graph, Via};
use crate::project::program::modules::{FunctionRef, ModuleId};
use crate::project::routes::Unit;
use crate::project::values::evaluate::Evaluator;
use crate::project::values::terms::{Bindings, Term, TermId, TextId};

/// How many calls a request is followed outwards.
const MOST_CALLS: usize = 8;
/// How many requests one call may be.
const MOST_REQUESTS: usize = 1024;
/// How many nodes of a term are looked at for parameters.
const MOST_NODES: usize = 256;

/// A request, before it is known where it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::project) struct Gathered {
    pub(super) means: Means,
    pub(super) site: Site,
    pub(super) through: Vec<Site>,
    /// The functions that those calls call.
    pub(super) of: Vec<FunctionRef>,
    pub(super) sent: Sent,
}

/// A call of a function of the project, or of a hook that hands it a key.
#[derive(Debug, Clone)]
struct CallOf {
    site: Site,
    /// What the hook hands to its fetcher, where it is one.
    key: Option<(TermId, TermId)>,
}

/// A request on its way outwards.
#[derive(Clone)]
struct Way {
    asked: Asked,
    through: Vec<Site>,
    of: Vec<FunctionRef>,
    /// What was known of it before each of them, the first one without any.
    before: Vec<Sent>,
}

impl Gathered {
    /// The call that says what it is about: the outermost one.
    pub(super) fn at(&self) -> Site {
        self.through.first().copied().unwrap_or(self.site)
    }

    /// Gathers the requests of all modules, by place.
    pub(in crate::project) fn all(eval: &mut Evaluator<'_>, graph: &Graph) -> Vec<Self> {
        let rebased = rebased(eval);
        let mut calls: FxHashMap<FunctionRef, Vec<CallOf>> = FxHashMap::default();
        let mut open: Vec<(Site, Asked)> = Vec::new();
        for module in 0..u32::try_from(eval.world.modules.len()).unwrap_or(NONE) {
            if eval.module(module).facts.kind == FileKind::Rust {
                continue;
            }
            for edge in graph.module(module).iter().filter(|edge| edge.via == Via::Call) {
                if let Callee::Function(function) = edge.to {
                    calls.entry(function).or_default().push(CallOf { site: (module, edge.call), key: None });
                }
            }
            sites(eval, module, &rebased, &mut open, &mut calls);
        }
        let mut all = Vec::new();
        for (site, asked) in open {
            follow(eval, &calls, site, asked, &mut all);
        }
        all
    }
}

/// The members that programs put into clients which packages share: `axios.defaults.baseURL = url`.
pub(super) type Rebased = FxHashSet<(TextId, Box<str>)>;

fn rebased(eval: &mut Evaluator<'_>) -> Rebased {
    let mut found = Rebased::default();
    for module in 0..u32::try_from(eval.world.modules.len()).unwrap_or(NONE) {
        let facts = &eval.module(module).facts;
        for step in &facts.steps {
            let Op::Assign(place, _) = step.op else { continue };
            let Value::Member(object, name) = facts.value(place) else { continue };
            if matches!(facts.value(object), Value::Member(..)) {
                let object = eval.value(module, object);
                if let Term::Package(specifier, _) = eval.terms.root(object) {
                    found.insert((specifier, facts.text(name).into()));
                }
            }
        }
    }
    found
}

/// Finds what sends requests in a module.
fn sites(
    eval: &mut Evaluator<'_>,
    module: ModuleId,
    rebased: &Rebased,
    open: &mut Vec<(Site, Asked)>,
    calls: &mut FxHashMap<FunctionRef, Vec<CallOf>>,
) {
    let facts = &eval.module(module).facts;
    for (id, call) in (0..).zip(&facts.calls) {
        let site = (module, id);
        if matches!(call.kind, CallKind::DynamicImport | CallKind::Require) {
            continue;
        }
        if let (CallKind::Jsx, Value::Str(tag)) = (call.kind, facts.value(call.callee)) {
            if matches!(facts.text(tag), "form" | "a" | "img" | "iframe" | "video" | "audio" | "source" | "embed") {
                let (_, arguments) = eval.callee(module, id);
                let props = arguments.first().copied();
                let asked = props.and_then(|props| sent::by_element(eval, facts.text(tag), props));
                open.extend(asked.map(|asked| (site, asked)));
            }
            continue;
        }
        let callee = eval.value(module, call.callee);
        let models = eval.world.models;
        if eval.states_of(callee).iter().all(|&(node, _)| models.meanings(node).is_empty()) {
            continue;
        }
        let (_, arguments) = eval.callee(module, id);
        let mut found = Vec::new();
        sent::asked(eval, rebased, callee, &arguments, &mut |asked, by| found.push((asked, by)));
        for (asked, by) in found {
            match by.filter(|&by| sent::is_function(eval, by)) {
                Some(by) => {
                    for function in functions(eval, by) {
                        let key = Some((by, asked.url));
                        calls.entry(function).or_default().push(CallOf { site, key });
                    }
                }
                None => open.push((site, asked)),
            }
        }
    }
}

/// The functions that a fetcher is.
fn functions(eval: &Evaluator<'_>, term: TermId) -> Vec<FunctionRef> {
    match eval.terms.get(term) {
        Term::Function(function, _) => vec![function],
        Term::Action(_, inner) | Term::Bound(inner, _) => functions(eval, inner),
        _ => Vec::new(),
    }
}

/// Follows a request to the calls that say what it is about.
fn follow(
    eval: &mut Evaluator<'_>,
    calls: &FxHashMap<FunctionRef, Vec<CallOf>>,
    site: Site,
    asked: Asked,
    all: &mut Vec<Gathered>,
) {
    let (mut found, mut seen) = (Vec::new(), FxHashSet::default());
    let mut open = vec![Way { asked, through: Vec::new(), of: Vec::new(), before: Vec::new() }];
    while let Some(way) = open.pop() {
        let sent = way.asked.sent(eval);
        let full = found.len() + open.len() > MOST_REQUESTS || way.through.len() >= MOST_CALLS;
        let wanted = wanted(eval, way.asked, &sent).filter(|_| !full);
        let here = way.through.first().copied().unwrap_or(site);
        let mut next = Vec::new();
        if let Some((of, calls)) = wanted.and_then(|of| nearest(eval, here, &of, calls)) {
            for call in calls.iter().filter(|call| !way.through.contains(&call.site)) {
                for bindings in bindings(eval, call, of) {
                    let asked = way.asked.bound(eval, bindings);
                    if asked != way.asked && seen.insert((call.site, asked)) {
                        let through = [&[call.site], &way.through[..]].concat();
                        let before = [&way.before[..], std::slice::from_ref(&sent)].concat();
                        let of = [&[of], &way.of[..]].concat();
                        next.push(Way { asked, through, of, before });
                    }
                }
            }
        }
        if next.is_empty() {
            // The calls further out that say nothing more are no part of it.
            let more = way.before.iter().position(|before| *before == sent).unwrap_or(way.before.len());
            let (through, of) =
                (way.through[way.through.len() - more..].to_vec(), way.of[way.of.len() - more..].to_vec());
            let gathered = Gathered { means: means(eval, way.asked.means, &through), site, through, of, sent };
            if !found.contains(&gathered) {
                found.push(gathered);
            }
        }
        open.extend(next);
    }
    found.sort_by(|left, right| left.through.cmp(&right.through));
    all.append(&mut found);
}

/// How a request is sent: by a hook where one hands on the key.
fn means(eval: &mut Evaluator<'_>, own: Means, through: &[Site]) -> Means {
    let models = eval.world.models;
    let mut is_key = |&(module, call): &Site| {
        let callee = eval.callee(module, call).0;
        let states = eval.states_of(callee);
        let mut meanings = states.iter().flat_map(|&(node, _)| models.meanings(node));
        meanings.any(|meaning| matches!(meaning.what, What::Fetches(..)))
    };
    if through.iter().any(&mut is_key) { Means::Key } else { own }
}

/// The functions whose parameters decide what of a request is not known: its method, the start of its URL, a piece that may be anything.
fn wanted(eval: &Evaluator<'_>, asked: Asked, sent: &Sent) -> Option<Vec<FunctionRef>> {
    let mut terms = Vec::new();
    if let Method::Value(method) = asked.method
        && (sent.methods.is_empty() || eval.terms.is_open(method))
    {
        terms.push(method);
    }
    let is_open = |address: &super::Address| {
        let (path, _) = address.path.cut('?');
        !matches!(address.origin, super::Origin::Own | super::Origin::Other(_)) || path.units().contains(&Unit::Rest)
    };
    if sent.addresses.iter().any(is_open) {
        terms.push(asked.url);
        terms.extend(asked.base);
    }
    let mut functions = Vec::new();
    let mut left = MOST_NODES;
    terms.into_iter().for_each(|term| parameters(eval, term, &mut left, &mut functions));
    (!functions.is_empty()).then_some(functions)
}

fn parameters(eval: &Evaluator<'_>, term: TermId, left: &mut usize, found: &mut Vec<FunctionRef>) {
    if *left == 0 || !eval.terms.is_open(term) {
        return;
    }
    *left -= 1;
    match eval.terms.get(term) {
        Term::Parameter(function, _) if !found.contains(&function) => found.push(function),
        Term::Member(inner, _)
        | Term::Element(inner)
        | Term::As(inner, _, _)
        | Term::Of(inner, _, _)
        | Term::Spread(inner) => parameters(eval, inner, left, found),
        Term::Called(callee, list, _) => {
            parameters(eval, callee, left, found);
            eval.terms.list(list).iter().for_each(|&inner| parameters(eval, inner, left, found));
        }
        Term::Template(list) | Term::Union(list) | Term::Computed(list) | Term::Array(list) | Term::Object(list) => {
            eval.terms.list(list).iter().for_each(|&inner| parameters(eval, inner, left, found));
        }
        _ => {}
    }
}

/// Of the functions that decide, the innermost one around a call that anybody calls.
fn nearest<'c>(
    eval: &Evaluator<'_>,
    (module, call): Site,
    of: &[FunctionRef],
    calls: &'c FxHashMap<FunctionRef, Vec<CallOf>>,
) -> Option<(FunctionRef, &'c Vec<CallOf>)> {
    let facts = &eval.module(module).facts;
    let mut at = facts.calls[call as usize].function;
    let mut ordered = Vec::new();
    while at != NONE && at != 0 {
        ordered.push(FunctionRef { module, function: at });
        at = facts.function(at).parent;
    }
    let around = ordered.into_iter().filter(|function| of.contains(function));
    let others = of.iter().copied();
    around.chain(others).find_map(|function| Some((function, calls.get(&function)?)))
}

fn bindings(eval: &mut Evaluator<'_>, call: &CallOf, of: FunctionRef) -> Vec<Bindings> {
    match call.key {
        Some((by, key)) => sent::bindings_at(eval, by, &[key], of),
        None => {
            let (callee, arguments) = eval.callee(call.site.0, call.site.1);
            sent::bindings_at(eval, callee, &arguments, of)
        }
    }
}
