//! What the rules make of a line, for people.

use std::io::{self, Write};

use super::{at, heading, line, text};
use crate::analysis::Report;
use crate::analysis::why::{State, Verdict, Why};

/// Writes each finding with what became of it, and the rules that are silent with what they could not see.
pub(super) fn write(report: &Report, why: &Why, out: &mut dyn Write) -> io::Result<()> {
    heading("rules", out)?;
    for verdict in &why.verdicts {
        found(report, verdict, out)?;
    }
    for state in [State::Off, State::Excluded, State::Unselected] {
        let of: Vec<&str> = without(why, &state).collect();
        if !of.is_empty() {
            line(&format!("{}: {}", because(&state), of.join(", ")), out)?;
        }
    }
    let silent: Vec<&str> = without(why, &State::Silent).collect();
    if !silent.is_empty() {
        line(&format!("silent: {}", silent.join(", ")), out)?;
        line(&format!("  {}", unknown(report, why)), out)?;
    }
    if why.verdicts.is_empty() { line("nothing is reported at this place", out) } else { Ok(()) }
}

/// The rules in a state that found nothing.
fn without<'a>(why: &'a Why, state: &'a State) -> impl Iterator<Item = &'a str> {
    let of = why.verdicts.iter().filter(move |verdict| verdict.finding.is_none() && verdict.state == *state);
    of.map(|verdict| verdict.rule)
}

fn found(report: &Report, verdict: &Verdict, out: &mut dyn Write) -> io::Result<()> {
    let Some(finding) = &verdict.finding else { return Ok(()) };
    let level = finding.level.as_str();
    line(&format!("{}: {level}[{}] {}", because(&verdict.state), verdict.rule, finding.message), out)?;
    line(&format!("  at {}", at(report, finding.primary.place)), out)?;
    if let State::Suppressed { reason, comment } = &verdict.state {
        line(&format!("  by the comment at {}: {reason}", at(report, *comment)), out)?;
    }
    if let State::Yielded(rule) = verdict.state {
        line(&format!("  `{rule}` reports the same cause, with this as a label"), out)?;
    }
    match &finding.help {
        Some(help) => line(&format!("  help: {help}"), out),
        None => Ok(()),
    }
}

const fn because(state: &State) -> &'static str {
    match state {
        State::Reported => "reported",
        State::Suppressed { .. } => "suppressed",
        State::Baseline => "in the baseline",
        State::Yielded(_) => "left to a stronger rule",
        State::Off => "off by configuration",
        State::Excluded => "left out by configuration",
        State::Unselected => "not selected by configuration",
        State::Preview => "shown with `--preview` alone",
        State::Silent => "silent",
    }
}

/// What may have kept the silent rules from speaking.
fn unknown(report: &Report, why: &Why) -> String {
    if let Some(gap) = why.does.gaps.first() {
        let place = gap.trail.last().copied();
        let (name, place) = place.map(|place| (text(report, place), at(report, place))).unwrap_or_default();
        return format!(
            "the first call that they cannot see is `{name}`, {place} ({}): {}",
            gap.class.as_str(),
            gap.reason
        );
    }
    if why.does.truncated {
        return "there is more on the way than is kept".to_owned();
    }
    match &why.part {
        Some(part) if part.declared.is_some() && why.reach.is_empty() && why.endpoints.is_empty() => {
            "no entry is known to run this, and they are about what is run".to_owned()
        }
        Some(part) if part.declared.is_some() || !why.endpoints.is_empty() => {
            "everything that this does is seen".to_owned()
        }
        _ => "a line of a module's own code says nothing by itself; ask about a line inside a function".to_owned(),
    }
}
