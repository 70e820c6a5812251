//! The answer to `edgelint why` for people.

mod json;
mod rules;

use std::collections::BTreeSet;
use std::io::{self, Write};

pub(super) use json::write as document;

use super::table::{self, Align};
use super::{clean, deeds};
use crate::analysis::why::{Said, Then, Why};
use crate::analysis::{Certainty, Deed, EndpointGuard, Gap, GuardKind, GuardState, Report};
use crate::diagnostic::Place;

/// How many entries are shown, and how many calls that cannot be seen.
const SHOWN: usize = 8;

/// Writes what there is to say about a line, a paragraph for each question.
pub(super) fn write(report: &Report, why: &Why, out: &mut dyn Write) -> io::Result<()> {
    head(report, why, out)?;
    calls(report, why, out)?;
    endpoints(report, why, out)?;
    reach(report, why, out)?;
    effects(report, why, out)?;
    shows(report, why, out)?;
    made(report, why, out)?;
    gaps(report, why, out)?;
    rules::write(report, why, out)
}

/// `path:line:column`
fn at(report: &Report, place: Place) -> String {
    let start = report.range(place).0;
    format!("{}:{}:{}", report.path(place.file), start.line, start.column)
}

/// What stands at a place, for the name of a call.
fn text(report: &Report, place: Place) -> String {
    let text = report.text(place.file);
    let bytes = usize::try_from(place.span.start).unwrap_or(0)..usize::try_from(place.span.end).unwrap_or(0);
    text.get(bytes).unwrap_or_default().lines().next().unwrap_or_default().to_owned()
}

/// The calls on a way, in order.
fn trail(report: &Report, places: &[Place]) -> String {
    places.iter().map(|&place| at(report, place)).collect::<Vec<_>>().join(" > ")
}

fn heading(words: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{words}")
}

/// `  ` and a line of text that may come from the analysed tree.
fn line(text: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "  {}", clean::line(text).trim_end())
}

fn head(report: &Report, why: &Why, out: &mut dyn Write) -> io::Result<()> {
    let place = format!("{}:{}", report.path(why.place.file), why.line);
    let said = match &why.part {
        None => format!("{place} is in a file that is no source"),
        Some(part) => {
            let declared = part.declared.map(|declared| format!(", {}", at(report, declared))).unwrap_or_default();
            let layers = if part.layers.is_empty() {
                "no entry reaches its module".to_owned()
            } else {
                format!("layers: {}", part.layers.join(", "))
            };
            let handed = part.handed.map(|call| format!(", handed to `{}`", text(report, call))).unwrap_or_default();
            format!("{place} is in {}{declared}{handed} ({layers})", part.name)
        }
    };
    writeln!(out, "{}", clean::line(&said))
}

fn calls(report: &Report, why: &Why, out: &mut dyn Write) -> io::Result<()> {
    if why.calls.is_empty() {
        return Ok(());
    }
    heading("on this line", out)?;
    let rows: Vec<[String; 2]> =
        why.calls.iter().map(|call| [format!("`{}`", text(report, call.place)), said(report, call)]).collect();
    table::write("  ", [Align::Left; 2], &rows, out)
}

/// `calls the function `save`, lib/db.ts:4:1; writes users`
fn said(report: &Report, call: &Said) -> String {
    let mut words: Vec<String> =
        call.leads.iter().map(|(name, place)| format!("calls {name}, {}", at(report, *place))).collect();
    words.extend(call.hands.iter().map(|(name, place)| format!("is handed {name}, {}", at(report, *place))));
    if let Some(reason) = call.reason {
        words.push(format!("cannot be seen ({}): {reason}", call.resolved));
    }
    match deeds::short(&call.does).as_str() {
        "-" if words.is_empty() => words.push(
            match call.resolved {
                "parameter" => "is what the caller passes",
                "modelled" => "is known to a model, and has no effect",
                _ => "does nothing that matters",
            }
            .to_owned(),
        ),
        // A call that cannot be seen is its own only gap.
        "-" | "1 call unseen" if call.reason.is_some() => {}
        "-" => {}
        does => words.push(does.to_owned()),
    }
    words.extend(call.then.as_ref().map(|then| afterwards(report, then)));
    words.join("; ")
}

/// What the client does after its call.
fn afterwards(report: &Report, then: &Then) -> String {
    let place = then.trail.last().map(|&place| at(report, place)).unwrap_or_default();
    match then.kind {
        "refreshes" => format!("then the client refreshes what it shows, {place}"),
        "shows" => format!("then the client puts something into its state, {place}"),
        "signs" => format!("then the client signs somebody in or out, {place}"),
        "navigates" => format!("then the client goes to another page, {place}"),
        "unknown" => format!("then the client calls something that cannot be seen, {place}"),
        _ => "then the client does nothing about what it shows".to_owned(),
    }
}

fn endpoints(report: &Report, why: &Why, out: &mut dyn Write) -> io::Result<()> {
    if why.endpoints.is_empty() {
        return Ok(());
    }
    heading("the network can call it", out)?;
    for endpoint in &why.endpoints {
        let name = endpoint.url.as_deref().or(endpoint.name.as_deref()).unwrap_or("(inline)");
        let live = if endpoint.live { "" } else { ", not live: the app's graph does not make it callable" };
        let place = at(report, endpoint.place);
        line(&format!("{} {} {name}, {place}{live}", endpoint.kind.as_str(), endpoint.method), out)?;
        line(&format!("  {}", guard(report, &endpoint.guard)), out)?;
        for caller in &endpoint.callers {
            let then = why.afterwards.iter().find(|(place, _)| *place == caller.place);
            let then = then.map(|(_, then)| format!("; {}", afterwards(report, then))).unwrap_or_default();
            line(&format!("  called by {}, {}{then}", caller.kind.as_str(), at(report, caller.place)), out)?;
        }
    }
    Ok(())
}

/// `guarded by `requireUser`, lib/auth.ts:5:7 (identity)`
fn guard(report: &Report, guard: &EndpointGuard) -> String {
    let place = guard.place.map(|place| format!(", {}", at(report, place))).unwrap_or_default();
    let by = guard.by.as_deref().map(|by| format!(" by `{by}`")).unwrap_or_default();
    match guard.state {
        GuardState::Proven => {
            let kind = guard.kind.map_or("it cannot happen", GuardKind::as_str);
            format!("guarded{by}{place} ({kind})")
        }
        GuardState::Unguarded => match guard.considered {
            Some((said, place)) => {
                format!("guarded by nothing; `{}` {said}, {}", text(report, place), at(report, place))
            }
            None => "guarded by nothing".to_owned(),
        },
        GuardState::Unknown => format!("whether it is guarded is not known: {}{place}", guard.reason),
    }
}

fn reach(report: &Report, why: &Why, out: &mut dyn Write) -> io::Result<()> {
    let Some(part) = why.part.as_ref().filter(|part| part.declared.is_some()) else { return Ok(()) };
    let others: Vec<_> = why.reach.iter().filter(|reach| !reach.trail.is_empty()).collect();
    if others.is_empty() {
        if why.reach.is_empty() {
            heading("what runs it", out)?;
            let handed = |place| {
                format!("; its module, when it is loaded, hands it to `{}`, {}", text(report, place), at(report, place))
            };
            line(&format!("no entry is known to{}", part.handed.map(handed).unwrap_or_default()), out)?;
        } else if why.endpoints.is_empty() {
            heading("what runs it", out)?;
            for reach in &why.reach {
                line(&format!("{}, {}: this is it", reach.name, at(report, reach.place)), out)?;
            }
        }
        return Ok(());
    }
    heading("what runs it", out)?;
    for reach in others.iter().take(SHOWN) {
        line(&format!("{}, {}", reach.name, at(report, reach.place)), out)?;
        for (place, does) in &reach.trail {
            line(&format!("  {does} `{}`, {}", text(report, *place), at(report, *place)), out)?;
        }
    }
    more(others.len(), out)
}

fn more(count: usize, out: &mut dyn Write) -> io::Result<()> {
    if count > SHOWN { line(&format!("and {} more, which `--format json` lists", count - SHOWN), out) } else { Ok(()) }
}

/// Every effect on every thing once, by its first trail.
fn effects(report: &Report, why: &Why, out: &mut dyn Write) -> io::Result<()> {
    if why.does.effects.is_empty() {
        return Ok(());
    }
    let mut seen = BTreeSet::new();
    let first = why.does.effects.iter().filter(|deed| seen.insert((deed.effect, deed.target.as_deref())));
    let row = |deed: &Deed| {
        let what = format!("{} {}", deed.effect.as_str(), deed.target.as_deref().unwrap_or_default());
        [what.trim_end().to_owned(), surely(deed).to_owned(), trail(report, &deed.trail)]
    };
    let rows: Vec<[String; 3]> = first.map(row).collect();
    heading(if why.endpoints.is_empty() { "what it does" } else { "what the endpoint does" }, out)?;
    table::write("  ", [Align::Left; 3], &rows, out)?;
    if why.does.truncated { line("and more than is kept", out) } else { Ok(()) }
}

/// Which views show what is written.
fn shows(report: &Report, why: &Why, out: &mut dyn Write) -> io::Result<()> {
    if why.shows.is_empty() {
        return Ok(());
    }
    heading("who shows what it writes", out)?;
    for shows in &why.shows {
        if shows.views.is_empty() {
            line(&format!("`{}`: no view is known to read it while it renders on the server", shows.entity), out)?;
        }
        for (name, place) in shows.views.iter().take(SHOWN) {
            line(&format!("`{}`: {name}, {}", shows.entity, at(report, *place)), out)?;
        }
        more(shows.views.len(), out)?;
    }
    Ok(())
}

/// How a view is made, and who refreshes what it reads.
fn made(report: &Report, why: &Why, out: &mut dyn Write) -> io::Result<()> {
    for made in &why.made {
        heading("how it is made, and who refreshes it", out)?;
        let how = match made.making {
            "each-request" => "is made for each request",
            "once" => "is made once, and kept until a path or a tag of it is revalidated",
            "once-for-a-time" => "is made once, and kept for a time",
            _ => "may be made once or for each request: something on the way cannot be seen",
        };
        line(&format!("{} {how}", made.view), out)?;
        for read in &made.reads {
            let keeper = read.keeper.map(|place| format!(", kept by `{}`, {}", text(report, place), at(report, place)));
            let tags = if read.tags.is_empty() { String::new() } else { format!(" as {}", read.tags.join(", ")) };
            let place = at(report, read.place);
            line(&format!("reads `{}`, {place}{}{tags}", read.entity, keeper.unwrap_or_default()), out)?;
            for (actions, does) in
                [(&read.refreshed, "and refreshes it"), (&read.changed, "and names no path or tag of it")]
            {
                for (name, place) in actions.iter().take(SHOWN) {
                    line(&format!("  {name} changes it {does}, {}", at(report, *place)), out)?;
                }
                more(actions.len(), out)?;
            }
        }
    }
    Ok(())
}

const fn surely(deed: &Deed) -> &'static str {
    match deed.certainty {
        Certainty::Caught => "where something was caught",
        _ if deed.conditional => "on a condition",
        Certainty::Always => "always",
        Certainty::Sometimes => "on some ways",
    }
}

fn gaps(report: &Report, why: &Why, out: &mut dyn Write) -> io::Result<()> {
    if why.does.gaps.is_empty() {
        return Ok(());
    }
    heading("what cannot be seen", out)?;
    let rows: Vec<[String; 2]> = why.does.gaps.iter().take(SHOWN).map(|gap| unseen(report, gap)).collect();
    table::write("  ", [Align::Left; 2], &rows, out)?;
    more(why.does.gaps.len(), out)
}

/// The name of the call with the reason, and the way to it.
fn unseen(report: &Report, gap: &Gap) -> [String; 2] {
    let name = gap.trail.last().map(|&place| text(report, place)).unwrap_or_default();
    [format!("`{name}` ({}): {}", gap.class.as_str(), gap.reason), trail(report, &gap.trail)]
}
