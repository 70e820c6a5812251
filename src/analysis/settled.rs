//! One cause, one finding: where rules of one chain see the same, the finding of the strongest stays, and what the others say of it becomes
//! labels there. Who yields to whom is written in [`crate::rules`].
//!
//! It is settled among the findings that a run has, so that a rule yields to nothing which is not reported: a rule that was not
//! asked for, a preview finding that nobody wants to see, a file in which the stronger rule is off.

use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostic, Label, Place};
use crate::rules;

/// A finding, and the comment that holds it back, with its reason.
pub(super) type Judged = (Diagnostic, Option<(String, Place)>);

/// A finding that is left to a stronger rule, and that rule.
pub(super) type Yielded = (Diagnostic, &'static str);

/// What one finding hands to a stronger one: the cause, and the label that it becomes.
struct Move {
    from: usize,
    to: usize,
    cause: Place,
    point: Label,
}

/// Leaves each cause to the strongest rule that has a finding about it. A finding all of whose causes are taken is gone, and one that
/// loses some of them goes on without. What a comment holds back adds no label, and takes its cause all the same: it was answered. Gives
/// those that are gone.
pub(super) fn settle(findings: &mut Vec<Judged>) -> Vec<Yielded> {
    let moves = moves(findings);
    let mut left_to: Vec<Option<&'static str>> = vec![None; findings.len()];
    for Move { from, to, cause, point } in moves {
        let (weaker, reason) = &mut findings[from];
        weaker.causes.retain(|of| of.place != cause);
        weaker.trail.retain(|label| label.place != cause);
        let (gone, held) = (weaker.causes.is_empty(), reason.is_some());
        let stronger = &mut findings[to].0;
        left_to[from] = gone.then_some(stronger.rule);
        if !held {
            let mut labels = std::iter::once(&stronger.primary).chain(&stronger.trail);
            if !labels.any(|label| label.place == point.place) {
                stronger.trail.push(point);
            }
        }
    }
    let (mut kept, mut yielded) = (Vec::with_capacity(findings.len()), Vec::new());
    for ((finding, reason), left_to) in std::mem::take(findings).into_iter().zip(left_to) {
        match left_to {
            Some(rule) => yielded.push((finding, rule)),
            None => kept.push((finding, reason)),
        }
    }
    *findings = kept;
    yielded
}

fn moves(findings: &[Judged]) -> Vec<Move> {
    let mut about: FxHashMap<Place, Vec<usize>> = FxHashMap::default();
    for (index, (finding, _)) in findings.iter().enumerate() {
        for cause in &finding.causes {
            about.entry(cause.place).or_default().push(index);
        }
    }
    let mut moves = Vec::new();
    for (from, (finding, _)) in findings.iter().enumerate() {
        let stronger = rules::stronger_than(finding.rule);
        for cause in &finding.causes {
            let others = about[&cause.place].iter().filter_map(|&other| {
                let strength = stronger.iter().position(|id| *id == findings[other].0.rule)?;
                Some((strength, other))
            });
            if let Some((_, to)) = others.min() {
                moves.push(Move { from, to, cause: cause.place, point: cause.point.clone() });
            }
        }
    }
    moves
}
