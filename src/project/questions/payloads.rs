//! What the verification of a webhook is made over: the bytes that were sent, or a text that was made again out of what was parsed.

use crate::models::Effect;
use crate::project::Project;
use crate::project::effects::summary::Site;
use crate::project::effects::{Entered, Happening};
use crate::project::program::modules::FunctionRef;
use crate::project::values::evaluate::Evaluator;
use crate::project::values::terms::{Term, TermId};

/// How deep a value is looked into.
const DEEPEST: u32 = 12;

/// A verification over what was parsed.
#[derive(Debug, Clone)]
pub struct ParsedPayload<'p> {
    /// The handler.
    pub entered: &'p Entered,
    /// The verification.
    pub check: &'p Happening,
    /// The read of the body that parses it, where it is a call.
    pub read: Option<&'p Happening>,
    /// Whether a text is made again out of what was parsed.
    pub again: bool,
}

impl Project {
    /// The verifications of handlers that are made over a parsed body, app by app, in path order; each call once.
    #[must_use]
    pub fn parsed_payloads(&self) -> Vec<ParsedPayload<'_>> {
        let mut eval = Evaluator::new(self.world());
        let (mut found, mut seen): (Vec<ParsedPayload<'_>>, Vec<Site>) = (Vec::new(), Vec::new());
        for entered in self.entered() {
            if !entered.answers() {
                continue;
            }
            let verifies = |of: &&Happening| matches!(of.effect, Effect::VerifyWebhook | Effect::CompareSecret);
            for check in entered.doing.happenings.iter().filter(verifies) {
                if seen.contains(&check.site()) {
                    continue;
                }
                if let Some(again) = self.over_parsed(&mut eval, check) {
                    seen.push(check.site());
                    let parses = |read: &&Happening| {
                        let (module, call) = read.site();
                        let facts = &self.module(module).facts;
                        facts.callee_name(&facts.calls[call as usize]) == "json"
                    };
                    let read = entered.doing.of(Effect::BodyRead).find(parses);
                    found.push(ParsedPayload { entered, check, read, again });
                }
            }
        }
        found
    }

    /// Whether what a verification is handed was parsed, and whether it was made a text again.
    fn over_parsed(&self, eval: &mut Evaluator<'_>, check: &Happening) -> Option<bool> {
        let (module, call) = check.site();
        let arguments = eval.callee(module, call).1;
        arguments.into_iter().find_map(|argument| {
            let argument = self.along(eval, argument, &check.trail);
            if eval.was_parsed(argument) && check.effect == Effect::VerifyWebhook {
                return Some(false);
            }
            eval.made_again(argument, DEEPEST).then_some(true)
        })
    }

    /// A value at the end of a trail, with what each call on the way hands on in the place of the parameters, as far as that is seen.
    fn along(&self, eval: &mut Evaluator<'_>, value: TermId, trail: &[Site]) -> TermId {
        let mut value = value;
        for pair in trail.windows(2).rev() {
            let (module, call) = pair[0];
            let into: FunctionRef = self.function_of(pair[1]);
            let (callee, arguments) = eval.callee(module, call);
            if !matches!(eval.terms.get(callee), Term::Function(function, _) if function == into) {
                break;
            }
            let bound = (0..).zip(arguments).map(|(index, argument)| ((into, index), argument)).collect();
            let bindings = eval.terms.bind(bound);
            value = eval.substitute(value, bindings);
        }
        value
    }
}

impl Evaluator<'_> {
    /// Whether a value is the body of the request as data: what `json()` gives, or a member of it.
    fn was_parsed(&mut self, term: TermId) -> bool {
        match self.terms.get(term) {
            Term::As(inner, ..) | Term::Of(inner, ..) | Term::Member(inner, _) => self.was_parsed(inner),
            Term::Called(callee, ..) => {
                let parses = matches!(self.terms.get(callee), Term::Member(_, name) if self.terms.text(name) == "json");
                parses && self.has_effect(callee, Effect::BodyRead)
            }
            _ => false,
        }
    }

    /// Whether a value is, or is made from, a text that was made again out of what was parsed.
    fn made_again(&mut self, term: TermId, left: u32) -> bool {
        let Some(left) = left.checked_sub(1) else { return false };
        match self.terms.get(term) {
            Term::As(inner, ..) | Term::Of(inner, ..) | Term::Member(inner, _) | Term::Element(inner) => {
                self.made_again(inner, left)
            }
            Term::Called(callee, list, _) => {
                let arguments = self.terms.list(list).to_vec();
                if self.global_member(callee) == Some(("JSON", "stringify")) {
                    return arguments.first().is_some_and(|&first| self.was_parsed(first));
                }
                self.made_again(callee, left) || arguments.into_iter().any(|of| self.made_again(of, left))
            }
            Term::Template(list) | Term::Computed(list) => {
                self.terms.list(list).to_vec().into_iter().any(|part| self.made_again(part, left))
            }
            _ => false,
        }
    }
}
