//! What actions write, who reads that, what they make fresh and what they leave stale: `refreshes CHECKOUTS` prints a table of what
//! edgelint says of the actions of `refreshes.jsonl`, beside what a person read from the source of each; `refreshes CHECKOUTS NAME ..` prints
//! every action that writes in these checkouts.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the judge hands over arguments and reads what is printed"
)]

mod worker;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use edgelint::project::actions::ActionId;
use edgelint::project::caching::stale::{By, Stale};
use edgelint::project::effects::{Entered, Happening};
use edgelint::project::{Effect, Project};
use serde::Deserialize;
use worker::{link, open};

/// What a person read of an action.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reading {
    repository: String,
    at: String,
    name: String,
    #[serde(flatten)]
    table: Table,
}

/// A row of the table.
#[derive(Debug, Default, Deserialize)]
struct Table {
    writes: BTreeSet<String>,
    readers: BTreeSet<String>,
    #[serde(default)]
    refreshed: BTreeSet<String>,
    stale: BTreeSet<String>,
}

fn main() {
    worker::with_arguments(run);
}

fn run(arguments: &[String]) {
    let (checkouts, names) = arguments.split_first().expect("the folder of the checkouts is named");
    if names.is_empty() {
        compare(Path::new(checkouts));
    }
    for name in names {
        let project = link(open(&Path::new(checkouts).join(name)));
        println!("\n## {name}\n\n| action | writes | readers | refreshed | stale |\n|---|---|---|---|---|");
        for (id, _) in (0..).zip(&project.actions().all) {
            let table = table(&project, id);
            if !table.writes.is_empty() {
                let Table { writes, readers, refreshed, stale } = &table;
                let cells = [writes, readers, refreshed, stale].map(listed).join(" | ");
                println!("| {} | {cells} |", project.action_name(id));
            }
        }
    }
}

/// The readings beside what edgelint says: what both say, what the reading alone says, what edgelint alone says.
fn compare(checkouts: &Path) {
    let readings = include_str!("refreshes.jsonl").lines();
    let readings = readings.map(|line| serde_json::from_str::<Reading>(line).expect("a line is a reading"));
    let mut by_repository: BTreeMap<String, Vec<Reading>> = BTreeMap::new();
    readings.for_each(|reading| by_repository.entry(reading.repository.clone()).or_default().push(reading));
    let mut counts = [[0_usize; 3]; 3];
    for (repository, readings) in by_repository {
        let project = link(open(&checkouts.join(repository.replacen('/', "__", 1))));
        for reading in readings {
            let Some(id) = find(&project, &reading) else {
                println!("{repository} {} {}: no such action", reading.at, reading.name);
                continue;
            };
            let found = table(&project, id);
            let columns = [
                ("writes", &reading.table.writes, &found.writes),
                ("readers", &reading.table.readers, &found.readers),
                ("stale", &reading.table.stale, &found.stale),
            ];
            for ((what, read, said), count) in columns.into_iter().zip(&mut counts) {
                let (read, said) = (plain(read), plain(said));
                let missed: BTreeSet<String> = read.difference(&said).cloned().collect();
                let more: BTreeSet<String> = said.difference(&read).cloned().collect();
                let both = read.intersection(&said).count();
                count.iter_mut().zip([both, missed.len(), more.len()]).for_each(|(sum, of)| *sum += of);
                if !missed.is_empty() || !more.is_empty() {
                    let (missed, more) = (listed(&missed), listed(&more));
                    println!("{repository} {}: {what}: read alone: {missed}; said alone: {more}", reading.name);
                }
            }
        }
    }
    println!("\n| | both | read alone | said alone |\n|---|---|---|---|");
    for (what, [both, missed, more]) in ["writes", "readers", "stale"].into_iter().zip(counts) {
        println!("| {what} | {both} | {missed} | {more} |");
    }
}

fn find(project: &Project, reading: &Reading) -> Option<ActionId> {
    let (path, _) = reading.at.rsplit_once(':')?;
    (0..)
        .zip(&project.actions().all)
        .find_map(|(id, action)| (project.path(action.module) == path && action.label == reading.name).then_some(id))
}

fn table(project: &Project, id: ActionId) -> Table {
    let (action, doing) = (project.actions().get(id), project.action_doing(id));
    let mut table = Table::default();
    for write in doing.of(Effect::DbWrite) {
        let Some(entity) = &write.target else { continue };
        table.writes.insert(entity.clone());
        let views = project.readers(project.views(action.app), write);
        table.readers.extend(views.map(|reader| view(project, reader.view)));
        let queries = project.shown_by_queries_of(action.app, write).into_iter();
        table.readers.extend(queries.map(|shown| format!("query {}", shown.name())));
    }
    let refreshes = |of: &&Happening| of.effect.refreshes() || of.effect == Effect::CookieWrite;
    table.refreshed.extend(doing.happenings.iter().filter(refreshes).map(Happening::says));
    let around = project.left_stale(id);
    table.stale.extend(around.iter().map(|stale| shown(project, stale)));
    let kept = project.left_outdated(id);
    table.stale.extend(kept.iter().map(|kept| view(project, kept.page)));
    table
}

fn shown(project: &Project, stale: &Stale<'_>) -> String {
    match &stale.by {
        By::Query(shown) => format!("query {}", shown.name()),
        By::View(reader) => view(project, reader.view),
    }
}

fn view(project: &Project, view: &Entered) -> String {
    let (url, below) = project.view_url(view);
    format!("{} {url}", if below { "layout" } else { "page" })
}

/// Names as they are compared: a table `team_members` is `teamMembers` in the code.
fn plain(names: &BTreeSet<String>) -> BTreeSet<String> {
    names.iter().map(|name| name.replace('_', "").to_lowercase()).collect()
}

fn listed(names: &BTreeSet<String>) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}
