//! Takes guards, verifications, rethrows, tests of secrets and refreshes out of real code, one at a time, and says which of them the rules
//! miss. `README.md` beside this file says how it is used.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "an example has arguments, finds checkouts and says what it found"
)]

#[path = "../support/rank.rs"]
mod rank;
mod sites;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use edgelint::analysis::{Analysis, Endpoint, EndpointGuard, Options, Report};
use edgelint::diagnostic::Diagnostic;
use edgelint::source::{Files, Tree, disk};
use rank::rank;
use serde::{Deserialize, Serialize};
use sites::{Kind, Site};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Workers parse and drop deep trees.
const STACK: usize = 64 << 20;
/// The sources that are searched.
const ENDINGS: [&str; 4] = [".ts", ".tsx", ".js", ".jsx"];
/// What the paths of tests, stories and samples contain.
const ASIDE: [&str; 8] = ["test", "spec.", "stories", "__mocks__", "/docs/", "/examples/", "scripts/", "e2e"];

/// Takes sites out of checkouts, one at a time, and says what the rules say of each
#[derive(Parser)]
struct Arguments {
    /// The folder whose folders `owner__name` are the checkouts
    checkouts: PathBuf,
    /// Draw N sites of each kind and print them, without running anything
    #[arg(long, value_name = "N")]
    draw: Option<usize>,
    /// Which N
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many of a kind one repository may have
    #[arg(long, value_name = "N", default_value_t = 10)]
    most: usize,
    /// Draw guards only from files of endpoints that write, as far as their text shows
    #[arg(long)]
    writing: bool,
    /// The record whose sites are taken out: the name of one beside the README, or a path
    #[arg(long, value_name = "NAME", default_value = "drawn")]
    record: PathBuf,
    /// Only sites of these kinds
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    kinds: Vec<String>,
}

/// A drawn site: a line of `drawn.jsonl`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Drawn {
    repository: String,
    kind: Kind,
    /// `path:line`
    at: String,
    /// Why nothing is to be reported once it is taken out, in our own words; absent where something is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    silent: Option<String>,
    /// What is to be reported: the rule, and about what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expect: Option<String>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> io::Result<()> {
    rayon::ThreadPoolBuilder::new().stack_size(STACK).build_global().map_err(io::Error::other)?;
    let text = match arguments.draw {
        Some(most) => draw(arguments, most)?,
        None => sabotage(arguments)?,
    };
    io::stdout().lock().write_all(text.as_bytes())
}

/// Sites by seed: they hang on the text alone.
fn draw(arguments: &Arguments, most: usize) -> io::Result<String> {
    let mut found: BTreeMap<Kind, Vec<(u64, Drawn)>> = BTreeMap::new();
    for name in names(&arguments.checkouts)? {
        let tree = disk::open(&arguments.checkouts.join(&name))?;
        for path in tree.paths.iter().filter(|path| is_searched(path)) {
            let Ok(text) = tree.read_text(path) else { continue };
            let passed_over =
                |kind: Kind| kind == Kind::Guard && arguments.writing && !sites::is_writing_endpoint(path, &text);
            for site in sites::all(&text).into_iter().filter(|site| !passed_over(site.kind)) {
                let at = format!("{path}:{}", line_of(&text, site.from));
                let rank = rank(
                    arguments.seed,
                    [name.as_str(), site.kind.as_str(), &at].iter().flat_map(|part| part.bytes().chain([0xff])),
                );
                let drawn =
                    Drawn { repository: name.replacen("__", "/", 1), kind: site.kind, at, silent: None, expect: None };
                found.entry(site.kind).or_default().push((rank, drawn));
            }
        }
    }
    let mut text = String::new();
    for sites in found.values_mut() {
        sites.sort_by_key(|(rank, _)| *rank);
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        sites.retain(|(_, drawn)| {
            let count = counts.entry(drawn.repository.clone()).or_default();
            *count += 1;
            *count <= arguments.most
        });
        eprintln!("{} sites, {} repositories", sites.len(), counts.len());
        let mut chosen: Vec<&Drawn> = sites.iter().take(most).map(|(_, drawn)| drawn).collect();
        chosen.sort_by_key(|drawn| (&drawn.repository, &drawn.at));
        for drawn in chosen {
            let _ = writeln!(text, "{}", serde_json::to_string(drawn).map_err(io::Error::other)?);
        }
    }
    Ok(text)
}

fn is_searched(path: &str) -> bool {
    ENDINGS.iter().any(|ending| path.ends_with(ending)) && !ASIDE.iter().any(|part| path.contains(part))
}

fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

fn names(folder: &Path) -> io::Result<Vec<String>> {
    let entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    let mut names: Vec<String> = entries.into_iter().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.retain(|name| name.contains("__"));
    names.sort();
    Ok(names)
}

/// Takes out each drawn site that a record beside this file names.
fn sabotage(arguments: &Arguments) -> io::Result<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sabotage");
    let record = disk::read_text(&folder.join(&arguments.record).with_extension("jsonl"))?;
    let drawn: Result<Vec<Drawn>, _> = record.lines().map(serde_json::from_str).collect();
    let mut by_repository: BTreeMap<String, Vec<Drawn>> = BTreeMap::new();
    for site in drawn.map_err(io::Error::other)? {
        if arguments.kinds.is_empty() || arguments.kinds.iter().any(|kind| kind == site.kind.as_str()) {
            by_repository.entry(site.repository.clone()).or_default().push(site);
        }
    }
    let (mut counts, mut text): (BTreeMap<Kind, [usize; 4]>, _) = (BTreeMap::new(), String::new());
    for (repository, drawn) in by_repository {
        let tree = Arc::new(disk::open(&arguments.checkouts.join(repository.replacen('/', "__", 1)))?);
        let whole = report(&tree, None);
        let (before, guards) = (prints(&whole), guards(&whole));
        for site in drawn {
            let after = taken_out(&tree, &site).map(|changed| report(&tree, Some(changed)));
            let said = after.as_ref().map(|after| news(after, site.kind, &before));
            let expected = site.expect.as_ref().map(|expected| format!(" ({expected})")).unwrap_or_default();
            let outcome = match (&said, &site.silent) {
                (Some(Some(finding)), Some(reason)) => (3, format!("unexpected: {finding} (read: {reason})")),
                (Some(Some(finding)), None) => (0, format!("reported: {finding}{expected}")),
                (_, Some(reason)) => (1, format!("rightly silent: {reason}")),
                (Some(None), None) => (2, format!("missed{expected}")),
                (None, None) => (2, format!("not there{expected}")),
            };
            counts.entry(site.kind).or_default()[outcome.0] += 1;
            let _ = writeln!(text, "{} {repository} {}: {}", site.kind.as_str(), site.at, outcome.1);
            if let (Some(after), Some(None)) = (&after, &said) {
                text.extend(lost(after, &guards).iter().map(|line| format!("  {line}\n")));
            }
        }
    }
    text += "\n| kind | reported | rightly silent | missed | unexpected | reported of what should be |\n|---|---|---|---|---|---|\n";
    for kind in Kind::ALL {
        let [reported, silent, missed, unexpected] = counts.get(&kind).copied().unwrap_or_default();
        let share =
            (100 * reported).checked_div(reported + missed).map_or_else(|| "-".to_owned(), |of| format!("{of} %"));
        let _ = writeln!(text, "| {} | {reported} | {silent} | {missed} | {unexpected} | {share} |", kind.as_str());
    }
    Ok(text)
}

/// The changed file of a drawn site.
fn taken_out(tree: &Tree, drawn: &Drawn) -> Option<(String, Vec<u8>)> {
    let (path, line) = drawn.at.rsplit_once(':')?;
    let text = tree.read_text(path).ok()?;
    let site = sites::all(&text)
        .into_iter()
        .find(|site| site.kind == drawn.kind && line_of(&text, site.from).to_string() == line)?;
    let Site { from, to, by, .. } = site;
    let gone: String = text[from..to].chars().filter(|letter| *letter == '\n').collect();
    // Lines stay where they are, and what stands for a call stays one with what follows it.
    let by = if by.is_empty() { gone } else { by.replacen('(', &format!("({gone}"), 1) };
    Some((path.to_owned(), format!("{}{by}{}", &text[..from], &text[to..]).into_bytes()))
}

/// One changed file over a tree.
struct Changed {
    path: String,
    bytes: Vec<u8>,
    below: Arc<Tree>,
}

impl Files for Changed {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        if path == self.path { Ok(self.bytes.clone()) } else { self.below.read(path) }
    }
}

fn report(below: &Arc<Tree>, changed: Option<(String, Vec<u8>)>) -> Report {
    let (path, bytes) = changed.unwrap_or_default();
    let files = Changed { path, bytes, below: Arc::clone(below) };
    let tree = Tree::new(below.paths.clone(), Box::new(files));
    let options = Options { preview: true, ..Options::default() };
    rayon::scope(|_| Analysis::new(tree).run(&options, &|_| {}))
}

/// A finding as it is known again: another level or a further label is news of it.
type Print = (String, &'static str, usize);

fn print(finding: &Diagnostic) -> Print {
    (finding.fingerprint(), finding.level.as_str(), finding.trail.len())
}

fn prints(report: &Report) -> BTreeSet<Print> {
    report.diagnostics.iter().map(print).collect()
}

/// An endpoint as it is known again: its file, its name, its method.
type Name = (String, Option<String>, String);

fn name(report: &Report, endpoint: &Endpoint) -> Name {
    (report.path(endpoint.place.file).to_owned(), endpoint.name.clone(), endpoint.method.clone())
}

/// What guards each endpoint.
fn guards(report: &Report) -> BTreeMap<Name, EndpointGuard> {
    report.endpoints.iter().map(|endpoint| (name(report, endpoint), endpoint.guard.clone())).collect()
}

/// The endpoints that are guarded otherwise than before, and how; the first three.
fn lost(report: &Report, before: &BTreeMap<Name, EndpointGuard>) -> Vec<String> {
    let mut lines = Vec::new();
    for endpoint in &report.endpoints {
        let (name, now) = (name(report, endpoint), &endpoint.guard);
        let Some(was) = before.get(&name).filter(|was| (was.state, &was.by) != (now.state, &now.by)) else { continue };
        let said = |guard: &EndpointGuard| {
            let by = guard.by.as_deref().unwrap_or("nothing that is named");
            format!("{} ({by}) {}", guard.state.as_str(), guard.reason)
        };
        lines.push(format!("{} {}: {} -> {}", name.0, name.1.unwrap_or(name.2), said(was), said(now)));
    }
    let more = lines.len().saturating_sub(3);
    lines.truncate(3);
    lines.extend((more > 0).then(|| format!("and {more} more endpoints")));
    lines
}

/// The first finding that is new, of the rules that may say that something of this kind is missing.
fn news(report: &Report, kind: Kind, before: &BTreeSet<Print>) -> Option<String> {
    // That something cannot be seen says nothing of what is missing.
    let says = |finding: &Diagnostic| !finding.message.ends_with("cannot be seen");
    let new = |finding: &&Diagnostic| {
        kind.rules().contains(&finding.rule) && says(finding) && !before.contains(&print(finding))
    };
    report.diagnostics.iter().find(new).map(|finding| format!("{} {}", finding.rule, finding.message))
}
