//! What an effect is about, as texts: of paths and tags each one that is meant, where several are.

use super::invalidation::HOLE;
use crate::models::Effect;
use crate::project::values::evaluate::Evaluator;
use crate::project::values::terms::{NO_SUCH_NAME, OF_NOTHING, Term, TermId};

/// How deep lists are looked through.
const DEEPEST: u32 = 4;

/// How many texts one template may be.
const MOST: usize = 8;

impl Evaluator<'_> {
    /// What an effect is about, with `{}` for what is not known of it; `None` for what is not known at all. What is tagged with nothing has
    /// no such effect.
    pub(in crate::project) fn targets(&mut self, effect: Effect, target: Option<TermId>) -> Vec<Option<String>> {
        if effect == Effect::ClientRefetch {
            let keys = target.map(|term| self.keys(term)).unwrap_or_default();
            return if keys.is_empty() { vec![None] } else { keys };
        }
        let lists =
            matches!(effect, Effect::RevalidatePath | Effect::RevalidateTag | Effect::UpdateTag | Effect::CacheTag);
        if !lists {
            return vec![target.and_then(|term| self.text_with_holes(term))];
        }
        let mut found = Vec::new();
        match target {
            Some(term) => self.each_text(term, DEEPEST, &mut found),
            None if effect != Effect::CacheTag => found.push(None),
            None => {}
        }
        found
    }

    /// Whether a value is nothing: left out, `null`, `false`.
    pub(in crate::project) fn is_absent(&self, term: TermId) -> bool {
        matches!(self.terms.get(term), Term::Undefined | Term::Null | Term::Bool(false))
            || matches!(self.terms.root(term), Term::Unknown(NO_SUCH_NAME | OF_NOTHING))
    }

    fn each_text(&self, term: TermId, left: u32, found: &mut Vec<Option<String>>) {
        let mut add = |text: Option<String>| {
            if !found.contains(&text) {
                found.push(text);
            }
        };
        let Some(left) = left.checked_sub(1) else { return add(None) };
        match self.terms.get(term) {
            _ if self.is_absent(term) => {}
            Term::Array(list) | Term::Union(list) => {
                self.terms.list(list).iter().for_each(|&part| self.each_text(part, left, found));
            }
            Term::Spread(inner) | Term::As(inner, _, _) => self.each_text(inner, left, found),
            Term::Template(parts) => {
                self.each_template(self.terms.list(parts)).into_iter().for_each(|text| add(Some(text)))
            }
            _ => add(self.text_with_holes(term)),
        }
    }

    /// The texts that a template may be, where parts of it are one of several; one with holes for those where that are too many.
    fn each_template(&self, parts: &[TermId]) -> Vec<String> {
        let mut all = vec![String::new()];
        for &part in parts {
            let alternatives: Vec<TermId> = match self.terms.get(part) {
                Term::Union(list) => {
                    let list = self.terms.list(list).iter().copied();
                    list.filter(|&part| !self.is_absent(part)).collect()
                }
                _ => vec![part],
            };
            let text = |part: TermId| self.text_with_holes(part).unwrap_or_else(|| HOLE.to_owned());
            let fits = all.len() * alternatives.len() <= MOST && !alternatives.is_empty();
            let texts = if fits { alternatives.into_iter().map(text).collect() } else { vec![HOLE.to_owned()] };
            all = all.iter().flat_map(|before| texts.iter().map(move |text| format!("{before}{text}"))).collect();
        }
        all
    }
}
