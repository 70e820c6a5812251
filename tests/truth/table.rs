//! How far each rule is trusted, by what is judged of it (the bar of a stable rule).

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::data::{Judgement, Run, Verdict};
use edgelint::rules;

/// A stable rule has so many findings that were judged at the first run, and at most one of them wrong.
const JUDGED: usize = 20;
/// A security rule's errors have so many, and none wrong.
const JUDGED_ERRORS: usize = 30;

#[derive(Default)]
struct Row {
    all: [usize; 3],
    first: [usize; 3],
}

impl Row {
    fn add(&mut self, judgement: &Judgement) {
        let index = match judgement.verdict {
            Verdict::Right => 0,
            Verdict::Useless => 1,
            Verdict::Wrong => 2,
        };
        self.all[index] += 1;
        self.first[index] += usize::from(judgement.run == Run::First);
    }

    fn bar(&self, is_security_error: bool) -> String {
        let judged: usize = self.first.iter().sum();
        let (needed, allowed) = if is_security_error { (JUDGED_ERRORS, 0) } else { (JUDGED, 1) };
        match (judged >= needed, self.first[2] <= allowed) {
            (true, true) => "met".to_owned(),
            (false, true) => format!("{} more to judge", needed - judged),
            (_, false) => format!("{} wrong, at most {allowed}", self.first[2]),
        }
    }
}

/// Right, useless and wrong by rule and level, and whether the bar is met.
pub(crate) fn table<'a>(judgements: impl Iterator<Item = &'a Judgement>) -> String {
    let mut rows: BTreeMap<(&str, &str), Row> = BTreeMap::new();
    for judgement in judgements {
        rows.entry((&judgement.rule, "")).or_default().add(judgement);
        rows.entry((&judgement.rule, &judgement.level)).or_default().add(judgement);
    }
    let mut text = "| rule | level | right | useless | wrong | at the first run: right | useless | wrong | the bar |\n\
                    |---|---|---|---|---|---|---|---|---|\n"
        .to_owned();
    let levels = |rule: &str| rows.keys().filter(|(other, level)| *other == rule && !level.is_empty()).count();
    for ((rule, level), row) in &rows {
        // A rule of one level has one row.
        if level.is_empty() && levels(rule) == 1 {
            continue;
        }
        let is_security = rules::find(rule).is_some_and(|rule| rule.group.as_str() == "security");
        let (all, first) =
            (row.all.map(|count| count.to_string()).join(" | "), row.first.map(|count| count.to_string()).join(" | "));
        let level_shown = if level.is_empty() { "all" } else { level };
        let _ = writeln!(
            text,
            "| {rule} | {level_shown} | {all} | {first} | {} |",
            row.bar(is_security && *level == "error")
        );
    }
    text
}
