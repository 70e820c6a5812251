//! What facts prove: that somebody is signed in, that a secret was compared, that input was checked. What cannot be seen may prove
//! anything, and is said to.

use super::holds::{AtomId, Fact, SetId, Spot};
use super::origins::Origin;
use crate::models::Effect;
use crate::project::effects::summary::Summaries;
use crate::project::values::terms::{Comparison, Term, TermId};

/// The reason where a request only has to have a cookie or a header, whatever is in it.
pub(in crate::project) const LOOKED_FOR: &str = "a cookie or a header that is only looked for";

/// The reason where what is sent is compared with what is stored.
const STORED: &str = "a comparison of what is sent with what is stored";

/// What a guard looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GuardKind {
    /// Somebody is signed in.
    Identity,
    /// What is done is done with what the caller carries or is: their cookie, their token, their id.
    Credential,
    /// The caller knows a secret of the app.
    Secret,
    /// The sender of a webhook is verified.
    Webhook,
    /// The caller knows what only one person was told: a token of a mail.
    Told,
    /// A session starts or ends here.
    Session,
    /// A human is asked for.
    Captcha,
    /// Requests are counted and limited.
    Limit,
    /// Input is checked.
    Validated,
}

impl GuardKind {
    /// The word in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Credential => "credential",
            Self::Secret => "secret",
            Self::Webhook => "webhook",
            Self::Told => "told",
            Self::Session => "session",
            Self::Captcha => "captcha",
            Self::Limit => "limit",
            Self::Validated => "validated",
        }
    }
}

/// Whether something is guarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum GuardState {
    /// Nothing guards it.
    #[default]
    Unguarded,
    /// Something may.
    Unknown,
    /// Something does, on every way.
    Proven,
}

impl GuardState {
    /// The word in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Unguarded => "none",
            Self::Unknown => "unknown",
        }
    }
}

/// What is asked of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::project) enum Ask {
    /// Whether the caller is somebody in particular.
    Who,
    /// Whether the caller knows a secret, or a signature is right.
    Signed,
    /// Whether input is checked.
    Validated,
    /// Whether a human is asked for, or requests are limited.
    Limited,
}

impl Ask {
    pub(in crate::project) const ALL: [Self; 4] = [Self::Who, Self::Signed, Self::Validated, Self::Limited];

    fn takes(self, kind: GuardKind) -> bool {
        match self {
            Self::Who => !matches!(kind, GuardKind::Captcha | GuardKind::Limit | GuardKind::Validated),
            Self::Signed => matches!(kind, GuardKind::Secret | GuardKind::Webhook),
            Self::Validated => kind == GuardKind::Validated,
            Self::Limited => matches!(kind, GuardKind::Captcha | GuardKind::Limit),
        }
    }
}

/// What is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::project) struct Verdict {
    pub(in crate::project) state: GuardState,
    pub(in crate::project) kind: Option<GuardKind>,
    pub(in crate::project) reason: &'static str,
    pub(in crate::project) spot: Option<Spot>,
    /// Whether the app's own settings decide, which no caller has a say in.
    pub(in crate::project) settled: bool,
    /// Whether it is proven on some ways, though not on all.
    pub(in crate::project) partly: bool,
    /// Whether it only happens until something is kept on the global object: once, whoever comes first.
    pub(in crate::project) once: bool,
}

impl Verdict {
    fn proven(kind: GuardKind, spot: Spot) -> Self {
        Self { state: GuardState::Proven, kind: Some(kind), spot: Some(spot), ..Self::default() }
    }

    fn unknown(reason: &'static str, spot: Spot) -> Self {
        Self { state: GuardState::Unknown, reason, spot: Some(spot), ..Self::default() }
    }
}

/// Members that say that something is wrong where they are something.
const FAULTS: [&str; 8] = ["error", "errors", "err", "failure", "serverError", "issues", "isError", "expired"];

impl Summaries<'_> {
    /// What a set proves: the best of its facts.
    pub(in crate::project) fn judge(&mut self, set: SetId, ask: Ask) -> Verdict {
        if let Some(&known) = self.verdicts.get(&(set, ask)) {
            return known;
        }
        let mut best = Verdict::default();
        for atom in self.holds.set(set).to_vec() {
            let verdict = self.judge_fact(atom, ask);
            let (settled, partly) = (best.settled || verdict.settled, best.partly || verdict.partly);
            let once = best.once || verdict.once;
            if verdict.state > best.state {
                best = verdict;
            }
            best = Verdict { settled, partly, once, ..best };
        }
        if set == SetId::DEAD {
            best = Verdict { state: GuardState::Proven, ..Verdict::default() };
        }
        self.verdicts.insert((set, ask), best);
        best
    }

    /// Whether a fact says anything to any question.
    pub(in crate::project) fn tells(&mut self, atom: AtomId) -> bool {
        match self.holds.fact(atom) {
            Fact::Any(_) => Ask::ALL.into_iter().any(|ask| {
                let verdict = self.judge_fact(atom, ask);
                verdict.partly || verdict.settled || verdict.once || verdict.state != GuardState::Unguarded
            }),
            fact => {
                let verdict = self.judge_alone(atom);
                let placed = matches!(fact, Fact::Is(term, ..) if self.is_placed(term));
                placed || verdict.settled || verdict.once || verdict.state != GuardState::Unguarded
            }
        }
    }

    pub(in crate::project) fn judge_fact(&mut self, atom: AtomId, ask: Ask) -> Verdict {
        if let Fact::Any(choice) = self.holds.fact(atom) {
            // A way that only the app's own settings open is nobody's way in, where the others are guarded.
            let (mut worst, mut partly, mut once): (Option<Verdict>, bool, bool) = (None, false, true);
            for set in self.holds.choice(choice).to_vec() {
                let verdict = self.judge(set, ask);
                once &= verdict.once;
                partly |= verdict.partly || verdict.state == GuardState::Proven;
                if verdict.settled && verdict.state == GuardState::Unguarded {
                    continue;
                }
                if worst.is_none_or(|worst| verdict.state < worst.state) {
                    worst = Some(verdict);
                }
            }
            return Verdict { partly, once, ..worst.unwrap_or_default() };
        }
        let verdict = self.judge_alone(atom);
        match verdict.kind {
            Some(kind) if !ask.takes(kind) => Verdict::default(),
            None if ask != Ask::Who && ask != Ask::Signed => {
                Verdict { settled: verdict.settled, once: verdict.once, ..Verdict::default() }
            }
            _ => verdict,
        }
    }

    /// What a fact that is no alternative proves, whatever is asked.
    fn judge_alone(&mut self, atom: AtomId) -> Verdict {
        if let Some(&known) = self.judged.get(&atom) {
            return known;
        }
        let verdict = match self.holds.fact(atom) {
            Fact::Is(term, truth, spot) => {
                let verdict = self.judge_truth(term, truth, spot);
                let settled = verdict.state == GuardState::Unguarded && self.is_settled(term);
                Verdict { settled, once: self.is_first(term, truth), ..verdict }
            }
            Fact::Passed(effect, site) => match passed(effect) {
                Some(kind) => Verdict::proven(kind, Spot::Call(site)),
                None => Verdict::default(),
            },
            Fact::Maybe(reason, site) => Verdict::unknown(reason, Spot::Call(site)),
            Fact::After(_, _, true, site) => Verdict::unknown("what a caller outside passes", Spot::Call(site)),
            Fact::After(..) | Fact::Any(_) => Verdict::default(),
            Fact::Came(.., site) => Verdict::unknown("a test of what a caller outside passes", Spot::Call(site)),
            Fact::Given(term, site) => match self.origin(term) {
                Origin::Identity | Origin::Carried => Verdict::proven(GuardKind::Credential, Spot::Call(site)),
                _ => Verdict::default(),
            },
        };
        self.judged.insert(atom, verdict);
        verdict
    }

    /// `if (!global.system)`: nothing is kept there yet.
    fn is_first(&self, term: TermId, truth: bool) -> bool {
        let terms = &self.eval.terms;
        match terms.get(term) {
            Term::Not(inner) => self.is_first(inner, !truth),
            Term::Compare(comparison, one, other) if terms.is_nothing(other) => {
                self.is_first(one, truth != (comparison == Comparison::Equal))
            }
            _ => !truth && terms.is_kept(term),
        }
    }

    /// Whether a test looks at nothing but the app's own settings.
    fn is_settled(&self, term: TermId) -> bool {
        self.settles(term).unwrap_or(false)
    }

    /// `process.env`
    fn is_environment(&self, term: TermId) -> bool {
        let terms = &self.eval.terms;
        let Term::Member(process, name) = terms.get(term) else { return false };
        terms.text(name) == "env" && matches!(terms.get(process), Term::Global(name) if terms.text(name) == "process")
    }

    /// Whether a setting is in a value; nothing where something else is.
    fn settles(&self, term: TermId) -> Option<bool> {
        let terms = &self.eval.terms;
        let all =
            |list: &[TermId]| list.iter().map(|&of| self.settles(of)).try_fold(false, |any, of| of.map(|of| any || of));
        match terms.get(term) {
            Term::Text(_) | Term::Number(_) | Term::Bool(_) | Term::Null | Term::Undefined => Some(false),
            Term::Not(inner) | Term::As(inner, _, _) => self.settles(inner),
            Term::Compare(_, left, right) => all(&[left, right]),
            Term::Member(object, _) if self.is_environment(object) => Some(true),
            Term::Member(..) if self.is_secret(term) => Some(true),
            Term::Member(object, _) => self.settles(object).filter(|&any| any),
            Term::Called(callee, list, _) => match terms.get(callee) {
                Term::Member(object, _) => Some(self.settles(object)? | all(terms.list(list))?),
                Term::Global(_) => all(terms.list(list)),
                _ => None,
            },
            Term::Computed(list) | Term::Template(list) | Term::Union(list) | Term::Array(list) => {
                all(terms.list(list))
            }
            _ => None,
        }
    }

    /// What it proves that a value counts as true, or as false.
    fn judge_truth(&mut self, term: TermId, truth: bool, spot: Spot) -> Verdict {
        match self.eval.terms.get(term) {
            Term::Not(inner) => self.judge_truth(inner, !truth, spot),
            Term::As(inner, _, _) | Term::Of(inner, _, _) => self.judge_truth(inner, truth, spot),
            Term::Compare(Comparison::In, left, right) => self.judge_in(left, right, truth, spot),
            Term::Compare(comparison, left, right) => {
                self.judge_equal(left, right, truth == (comparison == Comparison::Equal), spot)
            }
            Term::Union(list) => {
                let mut worst: Option<Verdict> = None;
                for of in self.eval.terms.list(list).to_vec() {
                    let nothing = self.eval.terms.is_nothing(of);
                    if self.eval.terms.truth(of) == Some(!truth) || (nothing && truth) {
                        continue;
                    }
                    let verdict = self.judge_truth(of, truth, spot);
                    if worst.is_none_or(|worst| verdict.state < worst.state) {
                        worst = Some(verdict);
                    }
                }
                worst.unwrap_or_default()
            }
            _ => self.judge_value(term, truth, spot),
        }
    }

    fn judge_value(&mut self, term: TermId, truth: bool, spot: Spot) -> Verdict {
        let (name, called) = match self.eval.terms.get(term) {
            Term::Member(_, name) => (Some(self.eval.terms.text(name).to_owned()), None),
            Term::Called(callee, _, _) => (None, Some(callee)),
            _ => (None, None),
        };
        if let Some(callee) = called {
            for effect in self.effects_of(callee) {
                let kind = match effect {
                    Effect::CompareSecret => GuardKind::Secret,
                    Effect::VerifyWebhook => GuardKind::Webhook,
                    Effect::Captcha => GuardKind::Captcha,
                    Effect::RateLimit => GuardKind::Limit,
                    _ => continue,
                };
                return if truth { Verdict::proven(kind, spot) } else { Verdict::default() };
            }
        }
        let wrong = name.is_some_and(|name| FAULTS.contains(&name.as_str()));
        match self.origin(term) {
            Origin::Identity if truth && self.is_always_there(term) => Verdict::default(),
            Origin::Identity if truth != wrong => Verdict::proven(GuardKind::Identity, spot),
            Origin::Identity if self.is_computed(term) => Verdict::unknown("something computed of an identity", spot),
            Origin::Told if truth => Verdict::proven(GuardKind::Told, spot),
            Origin::Carried if truth && self.is_authorization(term) => Verdict::default(),
            Origin::Carried if truth => Verdict::unknown(LOOKED_FOR, spot),
            Origin::Unseen => Verdict::unknown("a test of what cannot be seen", spot),
            _ => Verdict::default(),
        }
    }

    /// Whether a value is no identity itself, nor a member of one.
    fn is_computed(&mut self, term: TermId) -> bool {
        match self.eval.terms.get(term) {
            Term::Computed(_) | Term::Template(_) => true,
            Term::Member(inner, _) | Term::Element(inner) => self.is_computed(inner),
            Term::Called(callee, _, _) => !self.effects_of(callee).contains(&Effect::AuthRead),
            _ => false,
        }
    }

    fn judge_equal(&mut self, left: TermId, right: TermId, equal: bool, spot: Spot) -> Verdict {
        for (one, other) in [(left, right), (right, left)] {
            match self.eval.terms.get(one) {
                Term::Null | Term::Undefined => return self.judge_truth(other, !equal, spot),
                Term::Bool(value) => return self.judge_truth(other, value == equal, spot),
                _ => {}
            }
        }
        let (from, to) = (self.origin(left), self.origin(right));
        let most = from.max(to);
        if !equal {
            return match most {
                Origin::Identity | Origin::Unseen => Verdict::unknown("a comparison that keeps some out", spot),
                _ => Verdict::default(),
            };
        }
        let written = |id: TermId| matches!(self.eval.terms.get(id), Term::Text(_) | Term::Number(_));
        let literal = written(left) || written(right);
        if most == Origin::Identity {
            return Verdict::proven(GuardKind::Identity, spot);
        }
        if !literal && self.is_secret(left) != self.is_secret(right) {
            return Verdict::proven(GuardKind::Secret, spot);
        }
        match most {
            Origin::Carried if literal => Verdict::unknown(LOOKED_FOR, spot),
            Origin::Carried => Verdict::proven(GuardKind::Secret, spot),
            Origin::Unseen => Verdict::unknown("a test of what cannot be seen", spot),
            Origin::Told => Verdict::proven(GuardKind::Told, spot),
            // Who sends what is stored of a row has been told it, or has guessed it.
            _ if !literal && (self.is_stored(left) != self.is_stored(right)) => Verdict::unknown(STORED, spot),
            _ => Verdict::default(),
        }
    }

    fn judge_in(&mut self, left: TermId, right: TermId, truth: bool, spot: Spot) -> Verdict {
        let wrong = self.eval.text_with_holes(left).is_some_and(|name| FAULTS.contains(&name.as_str()));
        match self.origin(right).max(self.origin(left)) {
            Origin::Identity if truth != wrong => Verdict::proven(GuardKind::Identity, spot),
            Origin::Identity | Origin::Unseen => Verdict::unknown("a test of what cannot be seen", spot),
            _ => Verdict::default(),
        }
    }
}

/// What it proves that a call has returned.
fn passed(effect: Effect) -> Option<GuardKind> {
    match effect {
        Effect::AuthRequire => Some(GuardKind::Identity),
        Effect::AuthSession => Some(GuardKind::Session),
        Effect::VerifyWebhook => Some(GuardKind::Webhook),
        Effect::Validate => Some(GuardKind::Validated),
        Effect::Captcha => Some(GuardKind::Captcha),
        Effect::RateLimit => Some(GuardKind::Limit),
        _ => None,
    }
}
