//! Where values come from, as far as it matters for who may do what: from who is signed in, from a cookie or a header that the caller
//! carries, from a call that cannot be seen, or from nobody in particular.
//!
//! A value that is looked up for an identity is one too: `db.user.findUnique({ where: { id: session.userId } })`.

use crate::models::{Effect, What};
use crate::project::effects::summary::{EventKind, Summaries};
use crate::project::program::modules::FunctionRef;
use crate::project::values::matching::Class;
use crate::project::values::terms::{Bindings, ITSELF, ListId, NO_SUCH_NAME, OF_NOTHING, SENT, Term, TermId};

/// What a value says of its caller, the most telling last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::project) enum Origin {
    /// Nothing: anyone may bring it about.
    Nobody,
    /// It is found by something that only who was told knows: a token, a one-time password.
    Told,
    /// A call gave it that cannot be seen.
    Unseen,
    /// The caller carries it: a cookie, a header with a credential.
    Carried,
    /// Who is signed in, or what is kept of them.
    Identity,
}

/// How deep values are looked into.
const DEEPEST: u32 = 24;

/// Headers that say nothing of who calls.
const PLAIN_HEADERS: [&str; 8] = ["content", "accept", "agent", "host", "origin", "referer", "forwarded", "next"];

/// What is told to one person alone, as keys and columns name it.
const TOLD: [&str; 7] = ["token", "otp", "secret", "apikey", "nonce", "verificationcode", "invitecode"];

impl Summaries<'_> {
    /// Where a value comes from.
    pub(in crate::project) fn origin(&mut self, term: TermId) -> Origin {
        self.origin_within(term, DEEPEST)
    }

    fn origin_within(&mut self, term: TermId, left: u32) -> Origin {
        if let Some(&known) = self.origins.get(&term) {
            return known;
        }
        let Some(left) = left.checked_sub(1) else { return Origin::Nobody };
        let found = stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.traced(term, left));
        self.origins.insert(term, found);
        found
    }

    fn traced(&mut self, term: TermId, left: u32) -> Origin {
        match self.eval.terms.get(term) {
            Term::Called(callee, list, _) => self.of_call(term, callee, list, left),
            Term::Member(inner, _) if self.is_told_by_request(term, inner) => Origin::Identity,
            Term::Member(inner, _) => self.origin_within(inner, left).max(self.of_jar(term)),
            Term::Element(inner) | Term::Spread(inner) | Term::Not(inner) => self.origin_within(inner, left),
            Term::As(inner, _, _) | Term::Of(inner, _, _) | Term::Action(_, inner) => self.origin_within(inner, left),
            Term::Compare(_, one, other) => self.origin_within(one, left).max(self.origin_within(other, left)),
            Term::Object(list)
            | Term::Array(list)
            | Term::Union(list)
            | Term::Computed(list)
            | Term::Template(list)
            | Term::Instance(_, _, list) => self.most(list, left),
            Term::Unknown(reason) => of_unknown(reason),
            Term::Typed(_) | Term::Package(..) => self.of_jar(term),
            _ => Origin::Nobody,
        }
    }

    /// `request.auth`, where who wraps a handler puts who is signed in.
    fn is_told_by_request(&mut self, member: TermId, request: TermId) -> bool {
        if !matches!(self.eval.terms.get(request), Term::Typed(_)) {
            return false;
        }
        let models = self.eval.world.models;
        let states = self.eval.states_of(member);
        let mut meanings = states.iter().flat_map(|&(node, _)| models.meanings(node));
        let reads = |what: &What| matches!(what, What::Effect(did) if did.kind == Ok(Effect::AuthRead));
        let Some(meaning) = meanings.find(|meaning| reads(&meaning.what)) else { return false };
        self.eval.states.met(meaning.line);
        true
    }

    fn most(&mut self, list: ListId, left: u32) -> Origin {
        let parts = self.eval.terms.list(list).to_vec();
        parts.into_iter().map(|part| self.origin_within(part, left)).max().unwrap_or(Origin::Nobody)
    }

    fn of_call(&mut self, term: TermId, callee: TermId, list: ListId, left: u32) -> Origin {
        let effects = self.effects_of(callee);
        let is = |effect: Effect| effects.contains(&effect);
        if is(Effect::AuthRead) || is(Effect::AuthRequire) || is(Effect::AuthSession) {
            return Origin::Identity;
        }
        if is(Effect::CookieRead) {
            return Origin::Carried;
        }
        if is(Effect::HeaderRead) {
            let name = self.eval.terms.list(list).first().and_then(|&name| self.eval.text_with_holes(name));
            let plain = name.is_some_and(|name| {
                let name = name.to_ascii_lowercase();
                PLAIN_HEADERS.iter().any(|part| name.contains(part))
            });
            return if plain { Origin::Nobody } else { Origin::Carried };
        }
        let from = self.origin_within(callee, left).max(self.of_arguments(list, left));
        let looks_up =
            effects.iter().any(|effect| matches!(effect, Effect::DbRead | Effect::KvRead | Effect::HttpRead));
        if !effects.is_empty() {
            return match from {
                Origin::Carried | Origin::Identity => Origin::Identity,
                Origin::Nobody if looks_up && self.is_told(list, left) => Origin::Told,
                // What a write gives says that it was done.
                Origin::Unseen if !looks_up => Origin::Nobody,
                other => other,
            };
        }
        if self.eval.states_of(callee).is_empty() && from < Origin::Identity {
            return match self.eval.class(callee) {
                Class::Unseen(..) => Origin::Unseen,
                Class::Pending | Class::Inert => from,
            };
        }
        from.max(self.of_jar(term))
    }

    /// Arguments, and what the functions in them read that a client is made with: `createServerClient(url, key, { cookies: .. })`.
    fn of_arguments(&mut self, list: ListId, left: u32) -> Origin {
        let mut most = Origin::Nobody;
        for argument in self.eval.terms.list(list).to_vec() {
            most = most.max(self.origin_within(argument, left));
            if let Term::Function(function, bound) = self.eval.terms.get(argument) {
                most = most.max(self.of_answer(function, bound, left));
            }
            let Term::Object(entries) = self.eval.terms.get(argument) else { continue };
            for pair in self.eval.terms.list(entries).to_vec().chunks_exact(2) {
                most = most.max(self.of_reading(pair[1], left));
            }
        }
        most
    }

    /// `members.some((member) => member.id === session.user.id)`: what is asked of each may hang on who is signed in, or on a secret.
    fn of_answer(&mut self, function: FunctionRef, bound: Bindings, left: u32) -> Origin {
        let given = self.eval.returned(function);
        let given = if bound == Bindings::NONE { given } else { self.eval.substitute(given, bound) };
        match (self.eval.terms.get(given), self.origin_within(given, left)) {
            (Term::Compare(..) | Term::Not(_), Origin::Identity) => Origin::Unseen,
            _ if self.is_verdict(given, left) => Origin::Unseen,
            _ => Origin::Nobody,
        }
    }

    /// Whether a value is, or may be, what the comparison of a secret or the check of a signature says.
    fn is_verdict(&mut self, term: TermId, left: u32) -> bool {
        let Some(left) = left.checked_sub(1) else { return false };
        let parts = match self.eval.terms.get(term) {
            Term::Called(callee, list, _) => {
                let checks = [Effect::CompareSecret, Effect::VerifyWebhook];
                if self.effects_of(callee).iter().any(|effect| checks.contains(effect)) {
                    return true;
                }
                self.eval.terms.list(list).to_vec()
            }
            Term::Union(list) | Term::Computed(list) => self.eval.terms.list(list).to_vec(),
            Term::Not(inner) => vec![inner],
            _ => return false,
        };
        parts.into_iter().any(|part| self.is_verdict(part, left))
    }

    /// What a function reads that is kept for later, or the functions of an object.
    fn of_reading(&mut self, value: TermId, left: u32) -> Origin {
        match self.eval.terms.get(value) {
            Term::Function(function, _) if self.reads_caller(function) => Origin::Carried,
            Term::Function(function, bound) => {
                let given = self.eval.returned(function);
                let given = if bound == Bindings::NONE { given } else { self.eval.substitute(given, bound) };
                self.of_jar(given)
            }
            Term::Object(list) => {
                let Some(left) = left.checked_sub(1) else { return Origin::Nobody };
                let parts = self.eval.terms.list(list).to_vec();
                let parts = parts.chunks_exact(2).map(|pair| pair[1]);
                parts.map(|part| self.of_reading(part, left)).max().unwrap_or(Origin::Nobody)
            }
            _ => Origin::Nobody,
        }
    }

    fn reads_caller(&mut self, function: FunctionRef) -> bool {
        let reads = |kind: EventKind| matches!(kind, EventKind::Effect(Effect::CookieRead | Effect::AuthRead, _, _));
        self.summary(function).events.iter().any(|event| reads(event.kind))
    }

    /// All cookies or headers of the request at once, or the function that gives them.
    fn of_jar(&mut self, term: TermId) -> Origin {
        let name = self.eval.terms.add_text("get");
        let given = match self.eval.terms.get(term) {
            Term::Package(..) => self.eval.terms.add(Term::Called(term, ListId::EMPTY, false)),
            _ => term,
        };
        if self.eval.states_of(given).is_empty() {
            return Origin::Nobody;
        }
        let get = self.eval.terms.add(Term::Member(given, name));
        let effects = self.effects_of(get);
        let carried = effects.iter().any(|effect| matches!(effect, Effect::CookieRead | Effect::HeaderRead));
        if carried { Origin::Carried } else { Origin::Nobody }
    }

    /// The effects that models name for the call of something.
    pub(in crate::project) fn effects_of(&mut self, callee: TermId) -> Vec<Effect> {
        let models = self.eval.world.models;
        let states = self.eval.states_of(callee);
        let meanings = states.iter().flat_map(|&(node, _)| models.meanings(node));
        let effect = |what: &What| match what {
            What::Effect(did) => Some(did.kind.unwrap_or(Effect::HttpRead)),
            _ => None,
        };
        meanings.filter_map(|meaning| effect(&meaning.what)).collect()
    }

    /// Whether a look-up asks for something that only who was told knows.
    fn is_told(&mut self, list: ListId, left: u32) -> bool {
        let Some(left) = left.checked_sub(1) else { return false };
        let named = |name: &str| {
            let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
            let plain = plain.to_ascii_lowercase();
            TOLD.iter().any(|told| plain.ends_with(told))
        };
        for part in self.eval.terms.list(list).to_vec() {
            let found = match self.eval.terms.get(part) {
                Term::Object(entries) => {
                    let entries = self.eval.terms.list(entries).to_vec();
                    entries.chunks_exact(2).any(|pair| {
                        let key = matches!(self.eval.terms.get(pair[0]), Term::Text(name) if named(self.eval.terms.text(name)));
                        let asked = !matches!(self.eval.terms.get(pair[1]), Term::Bool(_) | Term::Null);
                        let inner = matches!(self.eval.terms.get(pair[1]), Term::Object(_)) && {
                            let inner = self.eval.terms.add_list(&pair[1..]);
                            self.is_told(inner, left)
                        };
                        (key && asked) || inner
                    })
                }
                Term::Member(_, name) => named(self.eval.terms.text(name)),
                Term::Called(_, inner, _) => self.is_told(inner, left),
                Term::Array(inner) | Term::Union(inner) => self.is_told(inner, left),
                _ => false,
            };
            if found {
                return true;
            }
        }
        false
    }

    /// Whether a value is a column of a row that is looked up.
    pub(in crate::project) fn is_stored(&mut self, term: TermId) -> bool {
        match self.eval.terms.get(term) {
            Term::Member(row, _) => match self.eval.terms.get(row) {
                Term::Called(callee, _, _) => self.effects_of(callee).contains(&Effect::DbRead),
                _ => self.is_stored(row),
            },
            Term::As(inner, _, _) | Term::Of(inner, _, _) | Term::Element(inner) => self.is_stored(inner),
            _ => false,
        }
    }

    /// Whether a value is the header `authorization`, or made of it: that there is one says nothing of who sends it.
    pub(in crate::project) fn is_authorization(&self, term: TermId) -> bool {
        let terms = &self.eval.terms;
        let named = |name: &str| name.eq_ignore_ascii_case("authorization");
        match terms.get(term) {
            Term::Member(_, name) if named(terms.text(name)) => true,
            Term::Member(inner, _) | Term::Element(inner) | Term::As(inner, _, _) => self.is_authorization(inner),
            Term::Called(callee, list, _) => {
                let asked = |&of: &TermId| matches!(terms.get(of), Term::Text(name) if named(terms.text(name)));
                self.is_authorization(callee) || terms.list(list).iter().any(asked)
            }
            _ => false,
        }
    }

    /// Whether a value is one of the app's own secrets, or made of one: a setting of the environment, or a name in capitals.
    pub(in crate::project) fn is_secret(&self, term: TermId) -> bool {
        self.is_secret_within(term, 8)
    }

    fn is_secret_within(&self, term: TermId, left: u32) -> bool {
        let Some(left) = left.checked_sub(1) else { return false };
        let terms = &self.eval.terms;
        match terms.get(term) {
            // How long a secret is is none.
            Term::Member(_, name) if terms.text(name) == "length" => false,
            Term::Member(object, name) => is_setting(terms.text(name)) || self.is_secret_within(object, left),
            Term::Called(callee, list, _) => {
                self.is_secret_within(callee, left)
                    || terms.list(list).iter().any(|&of| self.is_secret_within(of, left))
            }
            Term::Template(list) | Term::Computed(list) | Term::Union(list) => {
                terms.list(list).iter().any(|&of| self.is_secret_within(of, left))
            }
            Term::As(inner, _, _) | Term::Of(inner, _, _) | Term::Element(inner) => self.is_secret_within(inner, left),
            _ => false,
        }
    }
}

/// `CRON_SECRET`
fn is_setting(name: &str) -> bool {
    name.len() > 3
        && name.contains('_')
        && name.chars().all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_')
}

fn of_unknown(reason: &str) -> Origin {
    match reason {
        SENT | NO_SUCH_NAME | OF_NOTHING | "a caught error" | "what a caller outside passes" | "nothing is written" => {
            Origin::Nobody
        }
        // Whatever else it is made of says where it comes from.
        ITSELF => Origin::Nobody,
        "an element" | "a computed key" | "more keys" | "a variable without a value" | "a type" => Origin::Nobody,
        "a variable that is counted up, or put into somewhere else" => Origin::Nobody,
        _ => Origin::Unseen,
    }
}
