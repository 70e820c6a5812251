//! The judgements as data: one file a repository, one judgement a line, sorted.
//!
//! Knows how a line is written and what must hold of it; knows no checkout.

use edgelint::rules;
use serde::{Deserialize, Serialize};

/// What a finding is worth to whoever owns the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Verdict {
    /// It is so, and worth knowing.
    Right,
    /// It is so, and nobody would act on it.
    Useless,
    /// It is not so.
    Wrong,
}

/// When it was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Run {
    /// At the rule's first run over the repository, before anything was tuned to it.
    First,
    /// After that.
    Later,
}

/// The first line of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Header {
    /// `owner/name`
    pub(crate) repository: String,
    /// The commit that all its judgements are about, in full.
    pub(crate) commit: String,
}

/// One judged finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Judgement {
    /// The rule's id.
    pub(crate) rule: String,
    /// `path:line` of the primary place.
    pub(crate) at: String,
    /// The finding's fingerprint.
    pub(crate) fingerprint: String,
    /// `error`, `warning` or `note`.
    pub(crate) level: String,
    /// When it was judged.
    pub(crate) run: Run,
    /// What it is worth.
    pub(crate) verdict: Verdict,
    /// A finding that was wrong or useless and is reported no more: its return is a mistake.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) fixed: bool,
    /// Why, in one line of our own words.
    pub(crate) reason: String,
    /// What a second reading of the source said; every error of a security rule has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) second: Option<String>,
}

impl Judgement {
    /// The path and the line of its place; line 0 where it has none.
    pub(crate) fn place(&self) -> (&str, u32) {
        let (path, line) = self.at.rsplit_once(':').unwrap_or((&self.at, ""));
        (path, line.parse().unwrap_or(0))
    }

    fn key(&self) -> (&str, (&str, u32), &str) {
        (&self.rule, self.place(), &self.fingerprint)
    }

    /// What does not hold of it, by itself.
    fn faults(&self) -> Vec<&'static str> {
        let rule = rules::find(&self.rule);
        let needs_second = self.level == "error" && rule.is_some_and(|rule| rule.group.as_str() == "security");
        let is_line = |text: &str| !text.trim().is_empty() && text.trim() == text && !text.contains('\n');
        let faults = [
            (rule.is_none(), "no such rule"),
            (self.place().1 == 0, "`at` is `path:line`"),
            (!is_fingerprint(&self.fingerprint), "no fingerprint"),
            (!["error", "warning", "note"].contains(&self.level.as_str()), "no such level"),
            (!is_line(&self.reason), "a reason is one line"),
            (self.second.as_deref().is_some_and(|second| !is_line(second)), "a second reading is one line"),
            (needs_second && self.second.is_none(), "an error of a security rule has a second reading"),
            (self.fixed && self.verdict == Verdict::Right, "what is right needs no fixing"),
        ];
        faults.into_iter().filter(|(broken, _)| *broken).map(|(_, fault)| fault).collect()
    }
}

/// Sixteen hexadecimal digits, a colon, a number from 1.
fn is_fingerprint(text: &str) -> bool {
    let hexadecimal = |text: &str| text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.split_once(':')
        .is_some_and(|(hash, number)| hexadecimal(hash) && number.parse::<u32>().is_ok_and(|number| number > 0))
}

/// What is judged of one repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Judged {
    /// Which.
    pub(crate) header: Header,
    /// The judgements, in the order of the file.
    pub(crate) judgements: Vec<Judgement>,
}

impl Judged {
    /// Reads the text of a file.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let mut lines = (1..).zip(text.lines());
        let (_, first) = lines.next().ok_or("the file is empty")?;
        let header = serde_json::from_str(first).map_err(|error| format!("1: {error}"))?;
        let judgement =
            |(number, line): (usize, &str)| serde_json::from_str(line).map_err(|error| format!("{number}: {error}"));
        Ok(Self { header, judgements: lines.map(judgement).collect::<Result<_, _>>()? })
    }

    /// The text of its file: sorted, each line once.
    pub(crate) fn write(&self) -> String {
        let mut judgements: Vec<&Judgement> = self.judgements.iter().collect();
        judgements.sort_by(|one, other| one.key().cmp(&other.key()));
        judgements.dedup();
        let lines = std::iter::once(json(&self.header)).chain(judgements.into_iter().map(json));
        lines.map(|line| line + "\n").collect()
    }

    /// What does not hold of a file of this name, one line a fault.
    pub(crate) fn faults(&self, stem: &str) -> Vec<String> {
        let mut faults = Vec::new();
        let Header { repository, commit } = &self.header;
        if repository.replace('/', "__") != stem || repository.matches('/').count() != 1 {
            faults.push(format!("`{repository}` is in the file of another repository"));
        }
        if commit.len() != 40 || !commit.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            faults.push(format!("`{commit}` is no full commit"));
        }
        for judgement in &self.judgements {
            let own = judgement.faults();
            faults.extend(own.iter().map(|fault| format!("{} {}: {fault}", judgement.rule, judgement.at)));
        }
        for pair in self.judgements.windows(2).filter(|pair| pair[0].key() == pair[1].key() && pair[0] != pair[1]) {
            faults.push(format!("{} {}: is judged twice", pair[0].rule, pair[0].at));
        }
        faults
    }
}

/// One line of a file.
pub(crate) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("a judgement is plain data with names for keys")
}
