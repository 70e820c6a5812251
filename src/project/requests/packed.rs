//! A request as one value, into which call sites put their arguments as into any other.

use super::gather::Rebased;
use super::sent::{self, Asked, Method};
use super::{Means, Sent};
use crate::models::Did;
use crate::project::values::evaluate::Evaluator;
use crate::project::values::terms::{Term, TermId};

/// A request of which the parts are known now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::project) struct Unpacked {
    /// What it sends.
    pub(in crate::project) sent: Sent,
    /// Its URL.
    pub(in crate::project) url: TermId,
    /// Its body.
    pub(in crate::project) body: Option<TermId>,
    /// Its query, where its model says where that stands.
    pub(in crate::project) query: Option<TermId>,
    /// Its GraphQL document, where its model says so.
    pub(in crate::project) document: Option<TermId>,
    /// The options by which the framework knows whether it keeps what is answered, where it may have any.
    pub(in crate::project) options: Option<TermId>,
    /// The client that sends it.
    pub(in crate::project) client: Option<TermId>,
}

/// The request that a call sends.
pub(in crate::project) fn packed(
    eval: &mut Evaluator<'_>,
    did: &Did,
    callee: TermId,
    arguments: &[TermId],
) -> Option<TermId> {
    let url = eval.at(did.target.as_ref()?, arguments)?;
    let asked = sent::to(eval, &Rebased::default(), (did, callee), arguments, url)?;
    let method = match asked.method {
        Method::Fixed(name) => eval.terms.add_literal(name),
        Method::Value(term) => term,
    };
    // What a call leaves out is nothing; what a model does not name is not known.
    let options = did.options.as_ref().map(|place| eval.at(place, arguments));
    let options = options.map(|options| options.unwrap_or_else(|| eval.terms.add(Term::Undefined)));
    let query = did.query.as_ref().and_then(|place| eval.at(place, arguments));
    let document = did.document.as_ref().and_then(|place| eval.at(place, arguments));
    let client = match eval.terms.get(callee) {
        Term::Member(client, _) => Some(client),
        _ => None,
    };
    let parts = [
        ("url", Some(asked.url)),
        ("base", asked.base),
        ("method", Some(method)),
        ("body", asked.body),
        ("query", query),
        ("document", document),
        ("options", options),
        ("client", client),
    ];
    let mut list = Vec::new();
    for (name, term) in parts {
        if let Some(term) = term {
            list.extend([eval.terms.add_literal(name), term]);
        }
    }
    let list = eval.terms.add_list(&list);
    Some(eval.terms.add(Term::Object(list)))
}

/// The parts of a request.
pub(in crate::project) fn unpacked(eval: &mut Evaluator<'_>, packed: TermId) -> Option<Unpacked> {
    let Term::Object(list) = eval.terms.get(packed) else { return None };
    let pairs = eval.terms.list(list).to_vec();
    let of = |eval: &Evaluator<'_>, name: &str| {
        let mut pairs = pairs.chunks_exact(2);
        let is =
            |pair: &&[TermId]| matches!(eval.terms.get(pair[0]), Term::Text(text) if eval.terms.text(text) == name);
        pairs.find(is).map(|pair| pair[1])
    };
    let (url, base, method) = (of(eval, "url")?, of(eval, "base"), of(eval, "method")?);
    let [body, query, document, options, client] =
        ["body", "query", "document", "options", "client"].map(|name| of(eval, name));
    let method = Method::Value(method);
    let asked = Asked { means: Means::Call, url, base, method, headers: None, body };
    Some(Unpacked { sent: asked.sent(eval), url, body, query, document, options, client })
}
