//! What a call says of the request that it sends: the terms of its URL, its method, its headers and its body.

use super::gather::Rebased;
use super::{Body, Means, Sent};
use crate::models::{Decided, Did, Effect, Place, What};
use crate::project::entries::next;
use crate::project::program::modules::{FunctionRef, ModuleId};
use crate::project::values::evaluate::Evaluator;
use crate::project::values::terms::{Bindings, NO_SUCH_NAME, OF_NOTHING, Term, TermId};

/// What a request is, in the parameters of the functions around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Asked {
    pub(super) means: Means,
    pub(super) url: TermId,
    pub(super) base: Option<TermId>,
    pub(super) method: Method,
    pub(super) headers: Option<TermId>,
    pub(super) body: Option<TermId>,
}

/// What is known of a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Method {
    /// The call's own name says it.
    Fixed(&'static str),
    /// This value says it.
    Value(TermId),
}

impl Asked {
    /// The same with what is bound in the place of parameters.
    pub(super) fn bound(self, eval: &mut Evaluator<'_>, bindings: Bindings) -> Self {
        let mut put = |term: TermId| eval.substitute(term, bindings);
        Self {
            means: self.means,
            url: put(self.url),
            base: self.base.map(&mut put),
            method: match self.method {
                Method::Value(term) => Method::Value(put(term)),
                fixed => fixed,
            },
            headers: self.headers.map(&mut put),
            body: self.body.map(&mut put),
        }
    }

    /// What it sends, as plain data.
    pub(super) fn sent(self, eval: &mut Evaluator<'_>) -> Sent {
        let mut methods = Vec::new();
        let known = match self.method {
            Method::Fixed(name) => {
                methods.push(name.to_owned());
                true
            }
            Method::Value(term) => method(eval, term, &mut methods),
        };
        if !known {
            methods.clear();
        }
        methods.sort_unstable();
        methods.dedup();
        let mut headers = Vec::new();
        if let Some(term) = self.headers {
            header_names(eval, term, &mut headers);
        }
        headers.sort_unstable();
        headers.dedup();
        let body = self.body.map_or(Body::None, |term| body(eval, term));
        Sent { addresses: super::address::addresses(eval, self.url, self.base), methods, headers, body }
    }
}

/// The requests that a call sends, by what models say of it.
pub(super) fn asked(
    eval: &mut Evaluator<'_>,
    rebased: &Rebased,
    callee: TermId,
    arguments: &[TermId],
    found: &mut dyn FnMut(Asked, Option<TermId>),
) {
    let models = eval.world.models;
    let states = eval.states_of(callee);
    for meaning in states.iter().flat_map(|&(node, _)| models.meanings(node)) {
        match &meaning.what {
            What::Effect(did) => {
                if let Some(asked) = by_client(eval, rebased, (did, callee), arguments) {
                    found(asked, None);
                }
            }
            What::Fetches(url, by) => {
                eval.states.met(meaning.line);
                let Some(mut url) = at(eval, url, arguments) else { continue };
                let means = if by.is_some() { Means::Key } else { Means::Link };
                if matches!(eval.terms.get(url), Term::Function(..)) {
                    url = eval.call(url, &[], false);
                }
                let by = by.as_ref().and_then(|place| at(eval, place, arguments));
                if !by.is_some_and(|by| is_function(eval, by)) {
                    url = first_of_list(eval, url);
                }
                found(plain(means, url, Method::Fixed("GET")), by);
            }
            _ => {}
        }
    }
}

/// The URL of a key whose fetcher stands elsewhere: of a list it is the first part, to which the fetcher may add others.
fn first_of_list(eval: &mut Evaluator<'_>, key: TermId) -> TermId {
    match eval.terms.get(key) {
        Term::Union(list) => {
            let parts = eval.terms.list(list).to_vec();
            let parts: Vec<TermId> = parts.into_iter().map(|part| first_of_list(eval, part)).collect();
            eval.terms.union(&parts)
        }
        Term::Array(list) => {
            let Some(&first) = eval.terms.list(list).first() else { return key };
            if !matches!(eval.terms.get(eval.terms.only(first)), Term::Text(_) | Term::Template(_)) {
                return key;
            }
            let more = eval.terms.unknown("what a fetcher adds");
            eval.template(&[first, more])
        }
        _ => key,
    }
}

/// A request of a URL and a method, without a body.
fn plain(means: Means, url: TermId, method: Method) -> Asked {
    Asked { means, url, base: None, method, headers: None, body: None }
}

/// The request that an element of HTML has the browser send.
pub(super) fn by_element(eval: &mut Evaluator<'_>, tag: &str, props: TermId) -> Option<Asked> {
    let mut text = |name: &str| {
        let value = eval.member(props, name);
        let of_text =
            matches!(eval.terms.get(eval.terms.only(value)), Term::Text(_) | Term::Template(_) | Term::Union(_));
        of_text.then_some(value)
    };
    match tag {
        "form" => {
            let (url, method) = (text("action")?, text("method"));
            Some(plain(Means::Form, url, method.map_or(Method::Fixed("GET"), Method::Value)))
        }
        "a" => Some(plain(Means::Link, text("href")?, Method::Fixed("GET"))),
        "img" | "iframe" | "video" | "audio" | "source" | "embed" => {
            Some(plain(Means::Link, text("src")?, Method::Fixed("GET")))
        }
        _ => None,
    }
}

fn by_client(
    eval: &mut Evaluator<'_>,
    rebased: &Rebased,
    (did, callee): (&Did, TermId),
    arguments: &[TermId],
) -> Option<Asked> {
    let url = at(eval, did.target.as_ref()?, arguments)?;
    to(eval, rebased, (did, callee), arguments, url)
}

/// The request that a call sends to a URL.
pub(super) fn to(
    eval: &mut Evaluator<'_>,
    rebased: &Rebased,
    (did, callee): (&Did, TermId),
    arguments: &[TermId],
    url: TermId,
) -> Option<Asked> {
    let otherwise = match did.kind {
        Ok(Effect::HttpRead) | Err(Decided::Http) => "GET",
        Ok(Effect::HttpWrite) => "POST",
        _ => return None,
    };
    let method = match &did.method {
        Some(place) => at(eval, place, arguments).map_or(Method::Fixed("GET"), Method::Value),
        None => Method::Fixed(called_by_name(eval, callee).unwrap_or(otherwise)),
    };
    let headers = did.headers.as_ref().and_then(|place| at(eval, place, arguments));
    let body = did.body.as_ref().and_then(|place| at(eval, place, arguments));
    let base = base(eval, rebased, did, callee);
    let asked = Asked { means: Means::Call, url, base, method, headers, body };
    Some(of_request(eval, asked))
}

/// What stands in front of the URLs of a client. One of which it is not known how it was made may stand in front of anything.
fn base(eval: &mut Evaluator<'_>, rebased: &Rebased, did: &Did, callee: TermId) -> Option<TermId> {
    let made = match made_by(eval, callee) {
        Made::Here => {
            let Term::Package(specifier, _) = eval.terms.root(callee) else { return None };
            let Some(Place::Argument(_, below)) = &did.base else { return None };
            let put = below.last().is_some_and(|name| rebased.contains(&(specifier, name.as_str().into())));
            return put.then(|| eval.terms.unknown("a base that is put into the package"));
        }
        Made::By(made) => made,
        Made::Elsewhere => return Some(eval.terms.unknown("a client that was made elsewhere")),
    };
    match did.base.as_ref().map(|place| at(eval, place, &made)) {
        None => Some(eval.terms.unknown("a client that knows where it sends")),
        Some(Some(base)) if !is_absent(eval, base) => Some(base),
        Some(_) => None,
    }
}

/// How a client came about.
enum Made {
    /// The package itself is the client.
    Here,
    /// By a call with these arguments.
    By(Vec<TermId>),
    /// It is not known.
    Elsewhere,
}

/// `fetch(new Request(url, init))`
fn of_request(eval: &mut Evaluator<'_>, asked: Asked) -> Asked {
    let Term::Called(made, list, true) = eval.terms.get(asked.url) else { return asked };
    if !matches!(eval.terms.get(made), Term::Global(name) if eval.terms.text(name) == "Request") {
        return asked;
    }
    let arguments = eval.terms.list(list).to_vec();
    let Some(&url) = arguments.first() else { return asked };
    let Some(&init) = arguments.get(1) else { return Asked { url, ..asked } };
    let (method, headers, body) =
        (eval.member(init, "method"), eval.member(init, "headers"), eval.member(init, "body"));
    Asked { url, method: Method::Value(method), headers: Some(headers), body: Some(body), ..asked }
}

/// The method that a client's own method is called by: `api.delete`, `api.postForm`.
fn called_by_name(eval: &Evaluator<'_>, callee: TermId) -> Option<&'static str> {
    let name = match eval.terms.get(callee) {
        Term::Member(_, name) | Term::Package(_, Some(name)) => eval.terms.text(name),
        _ => return None,
    };
    let name = name.strip_suffix("Form").unwrap_or(name).to_ascii_uppercase();
    next::METHODS.into_iter().find(|method| *method == name)
}

/// How the client on which a method is called came about.
fn made_by(eval: &Evaluator<'_>, callee: TermId) -> Made {
    let mut at = callee;
    loop {
        at = match eval.terms.get(eval.terms.only(at)) {
            Term::Member(inner, _) | Term::As(inner, _, _) | Term::Of(inner, _, _) => inner,
            // The platform's own know nothing but what they are told.
            Term::Called(made, _, _) if matches!(eval.terms.root(made), Term::Global(_)) => return Made::Here,
            Term::Called(_, list, _) => return Made::By(eval.terms.list(list).to_vec()),
            Term::Package(..) | Term::Global(_) => return Made::Here,
            _ => return Made::Elsewhere,
        };
    }
}

fn at(eval: &mut Evaluator<'_>, place: &Place, arguments: &[TermId]) -> Option<TermId> {
    let Place::Argument(index, below) = place else { return None };
    let first = *arguments.get(*index as usize)?;
    Some(below.iter().fold(first, |at, name| eval.member(at, name)))
}

fn is_absent(eval: &Evaluator<'_>, term: TermId) -> bool {
    matches!(eval.terms.get(term), Term::Null | Term::Undefined | Term::Unknown(NO_SUCH_NAME | OF_NOTHING))
}

/// Adds the methods that a value may be; whether all are known.
fn method(eval: &Evaluator<'_>, term: TermId, found: &mut Vec<String>) -> bool {
    match eval.terms.get(term) {
        Term::Text(text) => {
            found.push(eval.terms.text(text).to_ascii_uppercase());
            true
        }
        Term::Union(list) => eval.terms.list(list).iter().all(|&of| method(eval, of, found)),
        Term::Called(callee, _, _) => match eval.terms.get(callee) {
            Term::Member(inner, name) if matches!(eval.terms.text(name), "toUpperCase" | "toLowerCase") => {
                method(eval, inner, found)
            }
            _ => false,
        },
        _ if is_absent(eval, term) => {
            found.push("GET".to_owned());
            true
        }
        _ => false,
    }
}

fn header_names(eval: &Evaluator<'_>, term: TermId, found: &mut Vec<String>) {
    match eval.terms.get(term) {
        Term::Object(list) => {
            for pair in eval.terms.list(list).chunks_exact(2) {
                match eval.terms.get(pair[0]) {
                    Term::Text(name) => found.push(eval.terms.text(name).to_ascii_lowercase()),
                    Term::Null => header_names(eval, pair[1], found),
                    _ => {}
                }
            }
        }
        Term::Called(_, list, true) => {
            if let Some(&first) = eval.terms.list(list).first() {
                header_names(eval, first, found);
            }
        }
        Term::Union(list) => eval.terms.list(list).iter().for_each(|&of| header_names(eval, of, found)),
        _ => {}
    }
}

fn body(eval: &Evaluator<'_>, term: TermId) -> Body {
    match eval.terms.get(eval.terms.only(term)) {
        Term::Object(_) | Term::Array(_) => Body::Json,
        Term::Called(callee, _, true) => match eval.terms.get(callee) {
            Term::Global(name) if eval.terms.text(name) == "FormData" => Body::Form,
            _ => Body::Unknown,
        },
        Term::Called(callee, _, false) => match eval.terms.get(callee) {
            Term::Member(object, name) if eval.terms.text(name) == "stringify" => match eval.terms.get(object) {
                Term::Global(object) if eval.terms.text(object) == "JSON" => Body::Json,
                _ => Body::Unknown,
            },
            _ => Body::Unknown,
        },
        _ if is_absent(eval, term) => Body::None,
        _ => Body::Unknown,
    }
}

/// The function that a value stands for, for a hook that fetches a key.
pub(super) fn is_function(eval: &Evaluator<'_>, term: TermId) -> bool {
    matches!(eval.terms.get(term), Term::Function(..) | Term::Action(..) | Term::Bound(..))
}

/// What bindings hold at a call of a function of the project, by the callee's term: one for each function that it may be.
pub(super) fn bindings_at(
    eval: &mut Evaluator<'_>,
    callee: TermId,
    arguments: &[TermId],
    of: FunctionRef,
) -> Vec<Bindings> {
    match eval.terms.get(callee) {
        Term::Function(function, outer) if function == of => vec![eval.bindings_over(function, arguments, outer)],
        Term::Class(home, class) => bindings_of_class(eval, home, class, arguments, of),
        Term::Bound(inner, list) => {
            let all = [eval.terms.list(list), arguments].concat();
            bindings_at(eval, inner, &all, of)
        }
        Term::Action(_, inner) | Term::As(inner, _, _) | Term::Of(inner, _, _) => {
            bindings_at(eval, inner, arguments, of)
        }
        Term::Union(list) => {
            let alternatives = eval.terms.list(list).to_vec();
            alternatives.into_iter().flat_map(|inner| bindings_at(eval, inner, arguments, of)).collect()
        }
        _ => Vec::new(),
    }
}

fn bindings_of_class(
    eval: &mut Evaluator<'_>,
    home: ModuleId,
    class: crate::facts::ClassId,
    arguments: &[TermId],
    of: FunctionRef,
) -> Vec<Bindings> {
    match eval.constructor(home, class) {
        Some(constructor) if constructor == of => vec![eval.bindings(constructor, arguments)],
        _ => Vec::new(),
    }
}
