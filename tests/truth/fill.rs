//! Findings that nobody judged, as lines to fill in.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::compare::{Found, Pair};
use super::data::{Judgement, Run, Verdict, json};
use super::rank::rank;

/// Of each rule `most` findings of a repository, the same ones for a seed whatever else is found; of these, those that nobody judged. Each is a
/// line of a file of judgements without a reason, under comments that say what there is to judge.
pub(crate) fn lines(repository: &str, pairs: &[Pair<'_>], most: usize, seed: u64) -> String {
    let mut rules: BTreeMap<&str, Vec<(u64, &Pair<'_>)>> = BTreeMap::new();
    for pair in pairs {
        if let Some(found) = pair.found {
            rules.entry(found.rule).or_default().push((rank(seed, key(repository, &found.fingerprint)), pair));
        }
    }
    let mut text = String::new();
    for drawn in rules.values_mut() {
        drawn.sort_by_key(|(rank, _)| *rank);
        drawn.truncate(most);
        for found in drawn.iter().filter(|(_, pair)| pair.judgement.is_none()).filter_map(|(_, pair)| pair.found) {
            let _ = writeln!(text, "# {repository} {}: {}", found.level, found.message);
            for step in &found.trail {
                let _ = writeln!(text, "#   {step}");
            }
            let _ = writeln!(text, "{}", json(&blank(found)));
        }
    }
    text
}

fn blank(found: &Found) -> Judgement {
    Judgement {
        rule: found.rule.to_owned(),
        at: found.at.clone(),
        fingerprint: found.fingerprint.clone(),
        level: found.level.to_owned(),
        run: Run::First,
        verdict: Verdict::Right,
        fixed: false,
        reason: String::new(),
        second: None,
    }
}

fn key<'t>(repository: &'t str, fingerprint: &'t str) -> impl Iterator<Item = u8> + 't {
    repository.bytes().chain([0xff]).chain(fingerprint.bytes())
}
