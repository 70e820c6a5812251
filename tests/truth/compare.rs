//! What is found now beside what was judged: which finding is which, and what that says.

use std::collections::BTreeMap;

use edgelint::rules;

use super::data::{Judgement, Verdict};

/// A finding of this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// The rule's id.
    pub(crate) rule: &'static str,
    /// `path:line` of the primary place.
    pub(crate) at: String,
    /// Its fingerprint.
    pub(crate) fingerprint: String,
    /// `error`, `warning` or `note`.
    pub(crate) level: &'static str,
    /// Its message.
    pub(crate) message: String,
    /// Its labels: `path:line message`.
    pub(crate) trail: Vec<String>,
}

/// A judgement with the finding that it is about, either of them missing.
pub(crate) struct Pair<'a> {
    /// What was judged.
    pub(crate) judgement: Option<&'a Judgement>,
    /// What is found.
    pub(crate) found: Option<&'a Found>,
    /// Where it is not found: what a stronger rule finds, and tells the same place as a label.
    pub(crate) told: Option<&'a Found>,
}

impl Pair<'_> {
    /// Whether the finding stands somewhere else than it was judged, or is recognised by something else.
    pub(crate) fn moved(&self) -> bool {
        let (Some(judgement), Some(found)) = (self.judgement, self.found) else { return false };
        judgement.at != found.at || judgement.fingerprint != found.fingerprint || judgement.level != found.level
    }

    /// What is to be said of it.
    pub(crate) fn news(&self) -> News {
        match (self.judgement, self.found) {
            (None, _) => News::Unjudged,
            (Some(judgement), None) if judgement.fixed => News::Expected,
            (Some(_), None) if self.told.is_some() => News::Told,
            (Some(judgement), None) if judgement.verdict == Verdict::Right => News::Lost,
            (Some(_), None) => News::Cured,
            (Some(judgement), Some(_)) if judgement.fixed => News::Back,
            (Some(_), Some(_)) => News::Expected,
        }
    }
}

/// How a pair differs from what was known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum News {
    /// It does not.
    Expected,
    /// A stronger rule reports the cause, and what was judged is a label of its finding.
    Told,
    /// A finding that nobody judged yet.
    Unjudged,
    /// What was wrong or useless is reported no more: a gain.
    Cured,
    /// What was wrong or useless, and was mended, is reported again: a mistake.
    Back,
    /// What was right is reported no more: a loss.
    Lost,
}

/// Which judgement is about which finding: the same place and fingerprint, else the same place, else the same fingerprint. At one commit a
/// place says more than a fingerprint, whose number shifts when a finding like it comes or goes.
pub(crate) fn pairs<'a>(judgements: &'a [Judgement], found: &'a [Found]) -> Vec<Pair<'a>> {
    let same: [fn(&Judgement, &Found) -> bool; 3] = [
        |judgement, found| judgement.at == found.at && judgement.fingerprint == found.fingerprint,
        |judgement, found| judgement.at == found.at,
        |judgement, found| judgement.fingerprint == found.fingerprint,
    ];
    let mut partner: Vec<Option<usize>> = vec![None; judgements.len()];
    let mut taken = vec![false; found.len()];
    for same in same {
        for (judgement, partner) in judgements.iter().zip(&mut partner).filter(|(_, partner)| partner.is_none()) {
            let free = |index: &usize| {
                !taken[*index] && judgement.rule == found[*index].rule && same(judgement, &found[*index])
            };
            if let Some(index) = (0..found.len()).find(free) {
                (*partner, taken[index]) = (Some(index), true);
            }
        }
    }
    let judged = judgements.iter().zip(partner).map(|(judgement, index)| {
        let told = if index.is_none() { told(judgement, found) } else { None };
        Pair { judgement: Some(judgement), found: index.map(|index| &found[index]), told }
    });
    let unjudged = found.iter().zip(taken).filter(|(_, taken)| !taken);
    judged.chain(unjudged.map(|(found, _)| Pair { judgement: None, found: Some(found), told: None })).collect()
}

/// The finding of a stronger rule that tells a judged place.
fn told<'a>(judgement: &Judgement, found: &'a [Found]) -> Option<&'a Found> {
    let stronger = rules::stronger_than(&judgement.rule);
    let at_place = |step: &String| step.strip_prefix(&judgement.at).is_some_and(|rest| rest.starts_with(' '));
    found.iter().filter(|found| stronger.contains(&found.rule)).find(|found| found.trail.iter().any(at_place))
}

/// The figures of one rule in this run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Found and judged right.
    pub(crate) right: usize,
    /// Found and judged useless.
    pub(crate) useless: usize,
    /// Found and judged wrong.
    pub(crate) wrong: usize,
    /// Found and not judged.
    pub(crate) unjudged: usize,
    /// Judged, and told by a stronger rule.
    pub(crate) told: usize,
    /// Judged and not found.
    pub(crate) gone: usize,
}

/// The figures by rule.
pub(crate) fn count(pairs: &[Pair<'_>], counts: &mut BTreeMap<String, Counts>) {
    for pair in pairs {
        let rule = pair.judgement.map(|judgement| judgement.rule.as_str()).or(pair.found.map(|found| found.rule));
        let own = counts.entry(rule.unwrap_or_default().to_owned()).or_default();
        let slot = match (pair.judgement, pair.found) {
            (Some(_), None) if pair.told.is_some() => &mut own.told,
            (Some(_), None) => &mut own.gone,
            (None, _) => &mut own.unjudged,
            (Some(judgement), Some(_)) => match judgement.verdict {
                Verdict::Right => &mut own.right,
                Verdict::Useless => &mut own.useless,
                Verdict::Wrong => &mut own.wrong,
            },
        };
        *slot += 1;
    }
}
