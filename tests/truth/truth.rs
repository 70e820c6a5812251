//! Runs the tool over checkouts and says what changed against the judgements beside this file. `README.md` there says how it is used.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "an example has arguments, finds checkouts and says what it found"
)]

mod compare;
mod data;
mod fill;
#[path = "../support/rank.rs"]
mod rank;
mod table;

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use compare::{Counts, Found, News, Pair};
use data::{Header, Judged};
use edgelint::analysis::{Analysis, Options, Report};
use edgelint::diagnostic::{Diagnostic, Place};
use edgelint::source::disk;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Workers parse and drop deep trees.
const STACK: usize = 64 << 20;

/// Runs every rule over checkouts, and says what changed against the judgements in tests/truth
#[derive(Parser)]
struct Arguments {
    /// The folder whose folders `owner__name` are the checkouts
    checkouts: Option<PathBuf>,
    /// Only these, as `owner/name`; all that are there otherwise
    repositories: Vec<String>,
    /// Print the unjudged ones of N findings a rule and repository as lines to fill in
    #[arg(long, value_name = "N")]
    fill: Option<usize>,
    /// Which N
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    select: Vec<String>,
    /// Write what is settled into the files: what is wrong and gone is fixed, what moved is where it is now
    #[arg(long)]
    settle: bool,
    /// Print how far each rule is trusted; needs no checkouts
    #[arg(long)]
    table: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(status) => status,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    if arguments.table {
        let judged = all()?;
        say(&table::table(judged.iter().flat_map(|judged| &judged.judgements)))?;
        return Ok(ExitCode::SUCCESS);
    }
    let Some(checkouts) = &arguments.checkouts else {
        return Err(io::Error::other("no folder of checkouts given"));
    };
    rayon::ThreadPoolBuilder::new().stack_size(STACK).build_global().map_err(io::Error::other)?;
    let (mut counts, mut news) = (BTreeMap::new(), BTreeMap::new());
    for (folder, stem) in chosen(checkouts, &arguments.repositories)? {
        let mut judged = read(&stem)?;
        let found = findings(&folder, &arguments.select)?;
        judged.judgements.retain(|judgement| selected(&judgement.rule, &arguments.select));
        let pairs = compare::pairs(&judged.judgements, &found);
        compare::count(&pairs, &mut counts);
        if let Some(most) = arguments.fill {
            say(&fill::lines(&judged.header.repository, &pairs, most, arguments.seed))?;
        }
        for pair in &pairs {
            news.entry(pair.news()).or_insert_with(Vec::new).push(line(&judged.header.repository, pair));
        }
        if arguments.settle {
            settle(&stem, &pairs)?;
        }
    }
    if arguments.fill.is_none() {
        say(&summary(&counts, &news))?;
    }
    let bad = news.contains_key(&News::Lost) || news.contains_key(&News::Back);
    Ok(ExitCode::from(u8::from(bad && arguments.fill.is_none())))
}

fn say(text: &str) -> io::Result<()> {
    io::stdout().lock().write_all(text.as_bytes())
}

fn selected(rule: &str, select: &[String]) -> bool {
    select.is_empty() || select.iter().any(|id| id == rule)
}

/// The folder of the files of judgements.
fn home() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/truth")
}

fn file(stem: &str) -> PathBuf {
    home().join(format!("{stem}.jsonl"))
}

/// What is judged of a repository; nothing where it has no file.
fn read(stem: &str) -> io::Result<Judged> {
    let path = file(stem);
    match disk::read_text(&path) {
        Ok(text) => {
            let judged = Judged::read(&text).and_then(|judged| match judged.faults(stem).as_slice() {
                [] => Ok(judged),
                faults => Err(faults.join("; ")),
            });
            judged.map_err(|error| io::Error::other(format!("{}: {error}", path.display())))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let header = Header { repository: stem.replacen("__", "/", 1), commit: String::new() };
            Ok(Judged { header, judgements: Vec::new() })
        }
        Err(error) => Err(error),
    }
}

/// Everything that is judged.
fn all() -> io::Result<Vec<Judged>> {
    let mut stems: Vec<String> = names(&home())?;
    stems.retain(|name| name.ends_with(".jsonl"));
    stems.iter().map(|name| read(name.trim_end_matches(".jsonl"))).collect()
}

/// The checkouts to run over, sorted: each one's folder and `owner__name`.
fn chosen(checkouts: &Path, repositories: &[String]) -> io::Result<Vec<(PathBuf, String)>> {
    let stems: Vec<String> = match repositories {
        [] => {
            names(checkouts)?.into_iter().filter(|name| name.contains("__") && checkouts.join(name).is_dir()).collect()
        }
        named => named.iter().map(|name| name.replacen('/', "__", 1)).collect(),
    };
    let folder = |stem: String| {
        let folder = checkouts.join(&stem);
        if folder.is_dir() {
            return Ok((folder, stem));
        }
        Err(io::Error::other(format!("no checkout in `{}`", folder.display())))
    };
    stems.into_iter().map(folder).collect()
}

fn names(folder: &Path) -> io::Result<Vec<String>> {
    let entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    let mut names: Vec<String> = entries.into_iter().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    Ok(names)
}

/// Every finding of a run with all rules, preview included.
fn findings(checkout: &Path, select: &[String]) -> io::Result<Vec<Found>> {
    let tree = disk::open(checkout)?;
    let options = Options { preview: true, select: select.to_vec(), ..Options::default() };
    let report = rayon::scope(|_| Analysis::new(tree).run(&options, &|_| {}));
    Ok(report.diagnostics.iter().map(|diagnostic| found(&report, diagnostic)).collect())
}

fn found(report: &Report, diagnostic: &Diagnostic) -> Found {
    let at = |place: Place| format!("{}:{}", report.path(place.file), report.range(place).0.line);
    Found {
        rule: diagnostic.rule,
        at: at(diagnostic.primary.place),
        fingerprint: diagnostic.fingerprint(),
        level: diagnostic.level.as_str(),
        message: diagnostic.message.clone(),
        trail: diagnostic.trail.iter().map(|label| format!("{} {}", at(label.place), label.message)).collect(),
    }
}

/// One line about a pair.
fn line(repository: &str, pair: &Pair<'_>) -> String {
    let now = pair.found.map(|found| format!("{} {}: {}", found.rule, found.at, found.message));
    let then = pair.judgement.map(|judgement| format!("{} {}: {}", judgement.rule, judgement.at, judgement.reason));
    format!("{repository} {}", now.or(then).unwrap_or_default())
}

fn summary(counts: &BTreeMap<String, Counts>, news: &BTreeMap<News, Vec<String>>) -> String {
    let titles = [
        (News::Unjudged, "not judged yet"),
        (News::Told, "told by a stronger rule"),
        (News::Cured, "was wrong or useless, and is gone: settle it"),
        (News::Back, "was wrong or useless, was fixed, and is back"),
        (News::Lost, "was right, and is gone"),
    ];
    let mut text = String::new();
    for (kind, title) in titles {
        let lines = news.get(&kind).map(Vec::as_slice).unwrap_or_default();
        if !lines.is_empty() {
            text += &format!("{} ({}):\n  {}\n\n", title, lines.len(), lines.join("\n  "));
        }
    }
    text += "| rule | right | useless | wrong | not judged | told | gone |\n|---|---|---|---|---|---|---|\n";
    for (rule, Counts { right, useless, wrong, unjudged, told, gone }) in counts {
        text += &format!("| {rule} | {right} | {useless} | {wrong} | {unjudged} | {told} | {gone} |\n");
    }
    text
}

/// Writes into a repository's file what this run has settled.
fn settle(stem: &str, pairs: &[Pair<'_>]) -> io::Result<()> {
    let before = read(stem)?;
    let mut after = before.clone();
    for judgement in &mut after.judgements {
        let Some(pair) = pairs.iter().find(|pair| pair.judgement == Some(&*judgement)) else { continue };
        judgement.fixed |= pair.news() == News::Cured;
        if let Some(found) = pair.found.filter(|_| pair.moved()) {
            judgement.at.clone_from(&found.at);
            judgement.fingerprint.clone_from(&found.fingerprint);
            judgement.level = found.level.to_owned();
        }
    }
    if after != before { disk::replace(&file(stem), after.write().as_bytes()) } else { Ok(()) }
}
