//! An identity that an action takes from whoever calls it: a parameter named as one (`userId`, `orgId`) that says which rows are read
//! or written, where no session does.
//!
//! The arguments of the call that reads or writes are put into the parameters of the action, along the calls that lead there.

use crate::diagnostic::Place;
use crate::facts::{FunctionId, NONE};
use crate::models::Effect;
use crate::project::Project;
use crate::project::actions::{Action, ActionId};
use crate::project::effects::Happening;
use crate::project::effects::columns::whole_chain;
use crate::project::effects::summary::{Certainty, Site};
use crate::project::program::modules::FunctionRef;
use crate::project::values::evaluate::Evaluator;
use crate::project::values::terms::{Bindings, Term, TermId};

/// Who or what an identity can be of.
const SUBJECTS: [&str; 16] = [
    "user",
    "owner",
    "author",
    "creator",
    "clerk",
    "clerkuser",
    "currentuser",
    "org",
    "organization",
    "organisation",
    "tenant",
    "team",
    "workspace",
    "seller",
    "buyer",
    "host",
];

/// An identity that an action takes, and what it scopes.
#[derive(Debug)]
pub struct TakenIdentity<'p> {
    /// The name of the parameter or of its part.
    pub name: String,
    /// The parameter.
    pub place: Place,
    /// What is read or written for it.
    pub happening: &'p Happening,
}

impl Project {
    /// For each of some actions an identity that it takes, if it does.
    #[must_use]
    pub fn taken_identities(&self, actions: &[ActionId]) -> Vec<Option<TakenIdentity<'_>>> {
        let mut eval = Evaluator::new(self.world());
        actions.iter().map(|&action| self.taken_identity(&mut eval, action)).collect()
    }

    fn taken_identity(&self, eval: &mut Evaluator<'_>, id: ActionId) -> Option<TakenIdentity<'_>> {
        let action = self.actions.get(id);
        let doing = self.action_doing(id);
        let counts = |happening: &&Happening| {
            matches!(happening.effect, Effect::DbRead | Effect::DbWrite)
                && happening.certainty != Certainty::Caught
                && self.is_open(doing, &happening.trail)
        };
        doing.happenings.iter().filter(counts).find_map(|happening| {
            let entered = self.entered_function(action, &happening.trail)?;
            let term = self.scoping(eval, &happening.trail)?;
            let (name, index) = named_identity(eval, term, entered)?;
            let facts = &self.module(entered.module).facts;
            let parameter = facts.function(entered.function).parameters.get(index as usize)?;
            Some(TakenIdentity { name, place: self.module(entered.module).place(parameter.span), happening })
        })
    }

    /// The function whose arguments come from outside: the action's own, or the one that a wrapper was given.
    pub(in crate::project) fn entered_function(&self, action: &Action, trail: &[Site]) -> Option<FunctionRef> {
        action
            .function
            .or_else(|| trail.iter().map(|&site| self.function_of(site)).find(|function| function.function != 0))
    }

    /// Everything that the call at the end of a trail is handed, its chain included, in the parameters of the trail's first function.
    pub(in crate::project) fn scoping(&self, eval: &mut Evaluator<'_>, trail: &[Site]) -> Option<TermId> {
        let (&(module, last), before) = trail.split_last()?;
        let mut bindings = Bindings::NONE;
        for (site, next) in before.iter().zip(&trail[1..]) {
            let (callee, arguments) = eval.callee(site.0, site.1);
            let arguments: Vec<TermId> = arguments.into_iter().map(|term| eval.substitute(term, bindings)).collect();
            let callee = eval.substitute(callee, bindings);
            if let Some((function, bound)) = called_function(eval, callee, self.function_of(*next)) {
                bindings = eval.bindings_over(function, &arguments, bound);
            }
        }
        let chained = whole_chain(&self.module(module).facts, last);
        let (callee, arguments) = eval.callee(module, chained);
        let list = eval.terms.add_list(&arguments);
        let term = eval.terms.add(Term::Called(callee, list, false));
        let mut parts = vec![term];
        parts.extend(arguments);
        let list = eval.terms.add_list(&parts);
        let term = eval.terms.add(Term::Array(list));
        Some(eval.substitute(term, bindings))
    }
}

/// The function that a callee is, where `inside` is it or stands inside it.
fn called_function(eval: &Evaluator<'_>, callee: TermId, inside: FunctionRef) -> Option<(FunctionRef, Bindings)> {
    match eval.terms.get(callee) {
        Term::Function(function, bound) => around(eval, function, inside).then_some((function, bound)),
        Term::Action(_, inner) => called_function(eval, inner, inside),
        Term::Union(list) => eval.terms.list(list).iter().find_map(|&term| called_function(eval, term, inside)),
        _ => None,
    }
}

fn around(eval: &Evaluator<'_>, function: FunctionRef, inside: FunctionRef) -> bool {
    let facts = &eval.module(inside.module).facts;
    let mut at: FunctionId = inside.function;
    while function.module == inside.module && at != NONE {
        if at == function.function {
            return true;
        }
        at = facts.function(at).parent;
    }
    false
}

/// A parameter of a function, or a part of one, in a term that is named as an identity: its name, and the parameter's number.
fn named_identity(eval: &Evaluator<'_>, term: TermId, function: FunctionRef) -> Option<(String, u32)> {
    let of_parameter = |at: TermId| match eval.terms.get(at) {
        Term::Parameter(of, index) if of == function => Some(index),
        _ => None,
    };
    let all = |list| eval.terms.list(list).iter().find_map(|&term| named_identity(eval, term, function));
    match eval.terms.get(term) {
        Term::Parameter(_, index) => {
            of_parameter(term)?;
            let facts = &eval.module(function.module).facts;
            let parameter = facts.function(function.function).parameters.get(index as usize)?;
            let name = facts.text(parameter.name);
            is_identity(name).then(|| (name.to_owned(), index))
        }
        Term::Member(inner, name) => {
            let text = eval.terms.text(name);
            let index = of_parameter(root(eval, inner));
            match index.filter(|_| is_identity(text)) {
                Some(index) => Some((text.to_owned(), index)),
                None => named_identity(eval, inner, function),
            }
        }
        Term::Called(callee, list, _) => named_identity(eval, callee, function).or_else(|| all(list)),
        Term::Element(inner) | Term::Spread(inner) | Term::Not(inner) => named_identity(eval, inner, function),
        Term::Compare(_, left, right) => {
            named_identity(eval, left, function).or_else(|| named_identity(eval, right, function))
        }
        Term::Object(list) | Term::Array(list) | Term::Union(list) | Term::Computed(list) | Term::Template(list) => {
            all(list)
        }
        _ => None,
    }
}

/// What members are taken of.
fn root(eval: &Evaluator<'_>, term: TermId) -> TermId {
    match eval.terms.get(term) {
        Term::Member(inner, _) => root(eval, inner),
        _ => term,
    }
}

/// Whether a name says that it holds who somebody is.
pub(in crate::project) fn is_identity(name: &str) -> bool {
    let plain: String = name.chars().filter(|letter| *letter != '_').flat_map(char::to_lowercase).collect();
    plain.strip_suffix("id").is_some_and(|subject| SUBJECTS.contains(&subject)) || plain == "uid"
}
