//! What is kept of what is read: calls that keep what a function gives, and requests that carry tags. Everything that reads through them
//! shows what was kept until a tag of it expires, or its time is over.

use crate::models::{Effect, Place, What};
use crate::project::effects::summary::Site;
use crate::project::entries::next;
use crate::project::graph::{Callee, Edge, Via};
use crate::project::program::modules::FunctionRef;
use crate::project::values::evaluate::Evaluator;
use crate::project::values::terms::{Term, TermId};

/// How deep functions are looked for in what they are made of.
const DEEPEST: u32 = 6;

/// A call that keeps what a function gives, or tags what it reads itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::project) struct Kept {
    /// The call.
    pub(in crate::project) site: Site,
    /// The functions whose results it keeps; none of a request.
    pub(in crate::project) functions: Vec<FunctionRef>,
    /// The tags, with `{}` for what is not known of one; `None` for one of which nothing is.
    pub(in crate::project) tags: Vec<Option<String>>,
    /// Whether it is kept until somebody says otherwise: no time is set for it.
    pub(in crate::project) lasts: bool,
    /// Whether a caller of the function around the call says more of the tags.
    pub(in crate::project) open: bool,
    /// Whether it is a package's, of which nothing is known but that it is handed tags.
    pub(in crate::project) foreign: bool,
}

impl Kept {
    /// What a call keeps or tags, if it does.
    pub(in crate::project) fn of(eval: &mut Evaluator<'_>, site: Site, callee: TermId) -> Option<Self> {
        let (_, arguments) = eval.callee(site.0, site.1);
        Self::of_call(eval, site, callee, arguments)
    }

    fn of_call(eval: &mut Evaluator<'_>, site: Site, callee: TermId, arguments: Vec<TermId>) -> Option<Self> {
        let models = eval.world.models;
        let states = eval.states_of(callee);
        let meanings = || states.iter().flat_map(|&(node, _)| models.meanings(node));
        let places = meanings().filter_map(|meaning| match &meaning.what {
            What::Effect(did) if did.kind == Ok(Effect::CacheTag) => match &did.target {
                Some(Place::Argument(index, below)) => Some((*index, below.as_slice())),
                _ => None,
            },
            _ => None,
        });
        let places: Vec<(u32, &[String])> = places.collect();
        let &(_, below) = places.first()?;
        let keeps = meanings().find_map(|meaning| match meaning.what {
            What::Passes(passed) => Some(passed.argument),
            _ => None,
        });
        let at = |eval: &mut Evaluator<'_>, index: u32, path: &[String]| {
            let first = *arguments.get(index as usize)?;
            Some(path.iter().fold(first, |at, name| eval.member(at, name)))
        };
        let targets: Vec<Option<TermId>> = places.iter().map(|&(index, below)| at(eval, index, below)).collect();
        let tags: Vec<Option<String>> =
            targets.iter().flat_map(|&target| eval.targets(Effect::CacheTag, target)).collect();
        let time = below.split_last().and_then(|(_, around)| {
            let path: Vec<String> = around.iter().cloned().chain([next::REVALIDATE.to_owned()]).collect();
            at(eval, places[0].0, &path)
        });
        let functions = keeps.and_then(|argument| arguments.get(argument as usize).copied());
        let mut found = Vec::new();
        functions.into_iter().for_each(|term| own_functions(eval, term, DEEPEST, &mut found));
        let hands_on = keeps.is_some() && functions.is_some_and(|term| eval.terms.is_open(term));
        if tags.is_empty() && found.is_empty() && !hands_on {
            return None;
        }
        let open = targets.iter().flatten().any(|&term| eval.terms.is_open(term));
        Some(Self {
            site,
            functions: found,
            tags,
            lasts: time.is_none_or(|time| eval.is_absent(time)),
            open,
            foreign: false,
        })
    }

    /// The tags that a call is handed of which nothing else is known: a package's request that takes the framework's options.
    pub(in crate::project) fn handed(eval: &mut Evaluator<'_>, site: Site) -> Option<Self> {
        let (_, arguments) = eval.callee(site.0, site.1);
        let objects = arguments.into_iter().filter(|&term| matches!(eval.terms.get(term), Term::Object(_)));
        let objects: Vec<TermId> = objects.collect();
        for (&object, path) in objects.iter().flat_map(|object| next::TAGS.iter().map(move |path| (object, path))) {
            if !names(eval, object, path[0]) {
                continue;
            }
            let target = path.iter().fold(object, |at, name| eval.member(at, name));
            let tags = eval.targets(Effect::CacheTag, Some(target));
            if !tags.is_empty() {
                let open = eval.terms.is_open(target);
                return Some(Self { site, functions: Vec::new(), tags, lasts: false, open, foreign: true });
            }
        }
        None
    }
}

/// Adds what wrappers of the project keep for each of their callers: `const cache = (load, keys) => unstable_cache(load, keys)`.
pub(in crate::project) fn through_wrappers(eval: &mut Evaluator<'_>, edges: &[Vec<Edge>], kept: &mut Vec<Kept>) {
    let open: Vec<Site> = kept.iter().filter(|of| of.functions.is_empty() && !of.foreign).map(|of| of.site).collect();
    for site in open {
        let function = eval.module(site.0).facts.calls[site.1 as usize].function;
        let wrapper = Callee::Function(FunctionRef { module: site.0, function });
        for (module, edges) in (0..).zip(edges) {
            for edge in edges.iter().filter(|edge| edge.to == wrapper && edge.via == Via::Call) {
                let (_, handed) = eval.callee(module, edge.call);
                let bindings = eval.bindings(FunctionRef { module: site.0, function }, &handed);
                let (callee, arguments) = eval.callee(site.0, site.1);
                let arguments = arguments.into_iter().map(|of| eval.substitute(of, bindings)).collect();
                let found = Kept::of_call(eval, site, callee, arguments);
                kept.extend(found.filter(|of| !of.functions.is_empty()));
            }
        }
    }
}

/// Whether an object is written with a key.
fn names(eval: &Evaluator<'_>, object: TermId, key: &str) -> bool {
    let Term::Object(list) = eval.terms.get(object) else { return false };
    let mut keys = eval.terms.list(list).chunks_exact(2).map(|pair| pair[0]);
    keys.any(|of| matches!(eval.terms.get(of), Term::Text(text) if eval.terms.text(text) == key))
}

/// The functions of the project that a value is, or that something gives back which it is handed.
fn own_functions(eval: &mut Evaluator<'_>, term: TermId, left: u32, found: &mut Vec<FunctionRef>) {
    let Some(left) = left.checked_sub(1) else { return };
    match eval.terms.get(term) {
        Term::Function(function, _) if !found.contains(&function) => found.push(function),
        Term::Action(_, inner) | Term::Bound(inner, _) | Term::As(inner, _, _) => {
            own_functions(eval, inner, left, found)
        }
        Term::Union(list) => {
            eval.terms.list(list).to_vec().into_iter().for_each(|part| own_functions(eval, part, left, found));
        }
        Term::Called(callee, list, _) => {
            let models = eval.world.models;
            let states = eval.states_of(callee);
            let passed =
                states.iter().flat_map(|&(node, _)| models.meanings(node)).find_map(|meaning| match meaning.what {
                    What::Passes(passed) => Some(passed.argument),
                    _ => None,
                });
            let argument = passed.and_then(|argument| eval.terms.list(list).get(argument as usize).copied());
            argument.into_iter().for_each(|term| own_functions(eval, term, left, found));
        }
        _ => {}
    }
}
