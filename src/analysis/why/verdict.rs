//! What each rule makes of a line: it reports, something holds its finding back, or it is silent.

use super::Why;
use crate::analysis::shown::Shown;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Label, Level, Place, Status};
use crate::project::Project;
use crate::rules::{self, Group, Rule};
use crate::source::Span;

/// What became of a rule at a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It reports.
    Reported,
    /// A comment holds the finding back, for this reason.
    Suppressed {
        /// What the comment says.
        reason: String,
        /// The comment.
        comment: Place,
    },
    /// The baseline holds the finding.
    Baseline,
    /// This stronger rule reports the same cause.
    Yielded(&'static str),
    /// The configuration switches the rule off here.
    Off,
    /// The configuration leaves the file out.
    Excluded,
    /// The configuration selects other rules.
    Unselected,
    /// It is shown with `--preview` alone.
    Preview,
    /// It finds nothing.
    Silent,
}

impl State {
    /// The word in reports.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Reported => "reported",
            Self::Suppressed { .. } => "suppressed",
            Self::Baseline => "baseline",
            Self::Yielded(_) => "yielded",
            Self::Off => "off",
            Self::Excluded => "excluded",
            Self::Unselected => "unselected",
            Self::Preview => "preview",
            Self::Silent => "silent",
        }
    }
}

/// What one rule makes of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The rule.
    pub rule: &'static str,
    /// What became of it.
    pub state: State,
    /// What it found, shown or not.
    pub finding: Option<Box<Diagnostic>>,
}

/// What is asked about: the line, and the places of its function and its endpoints.
pub(super) struct Asked {
    line: Place,
    /// The outermost function around it.
    function: Option<Place>,
    endpoints: Vec<Place>,
    /// What would hide a finding of each rule in this file.
    hidden: Vec<(&'static str, Option<State>)>,
}

impl Asked {
    pub(super) fn new(project: &Project, config: &Config, why: &Why) -> Self {
        let path = project.file_path(why.place.file);
        let function = project.module_of(why.place.file).and_then(|module| {
            let function = project.outermost(project.function_at(module, why.place.span));
            let here = project.module(module);
            (function.function != 0).then(|| here.place(here.facts.function(function.function).span))
        });
        Self {
            line: why.place,
            function,
            endpoints: why.endpoints.iter().map(|endpoint| endpoint.place).collect(),
            hidden: rules::ALL.iter().map(|rule| (rule.id, hidden(config, rule, path, rule.status))).collect(),
        }
    }

    /// Whether a finding is about the line: one of its labels stands there, or its cause is in the line's function or endpoint.
    fn is_about(&self, finding: &Diagnostic) -> bool {
        let inside = |outer: Place, place: Place| outer.file == place.file && outer.span.contains(place.span);
        let on_line = |label: &Label| {
            let starts = Place { span: Span::new(label.place.span.start, label.place.span.start), ..label.place };
            inside(self.line, starts)
        };
        let cause = finding.primary.place;
        on_line(&finding.primary)
            || finding.trail.iter().any(on_line)
            || self.endpoints.contains(&cause)
            || self.function.is_some_and(|function| inside(function, cause))
    }

    /// The findings about the line, each with what hides it as far as the configuration does.
    pub(super) fn of_findings(&self, config: &Config, project: &Project, found: &[Diagnostic]) -> Vec<Verdict> {
        let about = found.iter().filter(|finding| self.is_about(finding));
        about
            .filter_map(|finding| {
                let rule = rules::find(finding.rule)?;
                let path = project.file_path(finding.primary.place.file);
                let state = hidden(config, rule, path, finding.status).unwrap_or(State::Reported);
                Some(Verdict { rule: finding.rule, state, finding: Some(Box::new(finding.clone())) })
            })
            .collect()
    }

    /// Says of each finding what comments and the baseline make of it, and adds what only the sifting found.
    pub(super) fn settle(&self, shown: &Shown, verdicts: &mut Vec<Verdict>) {
        let same = |one: &Diagnostic, other: &Diagnostic| one.rank() == other.rank();
        for verdict in &mut *verdicts {
            let Some(finding) = &mut verdict.finding else { continue };
            if verdict.state != State::Reported {
                continue;
            }
            if let Some(held) = shown.suppressed.iter().find(|held| same(&held.diagnostic, finding)) {
                verdict.state = State::Suppressed { reason: held.reason.clone(), comment: held.comment };
            } else if shown.known.iter().any(|known| same(known, finding)) {
                verdict.state = State::Baseline;
            } else if let Some((_, rule)) = shown.yielded.iter().find(|(yielded, _)| same(yielded, finding)) {
                verdict.state = State::Yielded(rule);
            } else if let Some(capped) = shown.diagnostics.iter().find(|other| same(other, finding)) {
                finding.level = capped.level;
            }
        }
        let further = shown.diagnostics.iter().filter(|finding| self.is_about(finding));
        for finding in further {
            if !verdicts.iter().any(|verdict| verdict.finding.as_ref().is_some_and(|known| same(known, finding))) {
                let finding = Some(Box::new(finding.clone()));
                verdicts.push(Verdict {
                    rule: finding.as_ref().map_or("", |of| of.rule),
                    state: State::Reported,
                    finding,
                });
            }
        }
    }

    /// The same, and the rules that have nothing to say although the line is part of what they are about.
    pub(super) fn and_silent(&self, mut verdicts: Vec<Verdict>, why: &Why) -> Vec<Verdict> {
        let speaks = |rule: &&&Rule| rule.group != Group::Engine && !verdicts.iter().any(|of| of.rule == rule.id);
        let silent: Vec<Verdict> = if why.part.is_some() {
            let rules = rules::ALL.iter().filter(speaks);
            rules.map(|rule| Verdict { rule: rule.id, state: self.silence(rule), finding: None }).collect()
        } else {
            Vec::new()
        };
        verdicts.sort_by_key(|verdict| verdict.finding.as_ref().map(|finding| (finding.primary.place, finding.rule)));
        verdicts.extend(silent);
        verdicts
    }

    fn silence(&self, rule: &Rule) -> State {
        let hidden = self.hidden.iter().find(|(id, _)| *id == rule.id).and_then(|(_, hidden)| hidden.clone());
        // A preview rule has run all the same, and found nothing.
        hidden.filter(|hidden| *hidden != State::Preview).unwrap_or(State::Silent)
    }
}

/// What hides the findings of a rule in a file before any comment does.
fn hidden(config: &Config, rule: &Rule, path: &str, status: Status) -> Option<State> {
    if config.level(rule, path, Level::Error).is_none() {
        return Some(State::Off);
    }
    if !config.reports(path) {
        return Some(State::Excluded);
    }
    match config.runs(rule, path) {
        Some(preview) => (!preview && status == Status::Preview).then_some(State::Preview),
        None if config.selects(path) => Some(State::Unselected),
        None => Some(State::Preview),
    }
}
