//! `edgelint why`
#![expect(clippy::disallowed_methods, reason = "the command line finds the path it is given")]

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, bail};
use clap::Args;

use super::check::warn_of_unresolved;
use super::manner::Manner;
use super::nearest::nearest;
use super::target::{say_root, with_slashes};
use super::{ListFormat, print, say};
use crate::analysis::{Analysis, Options};
use crate::report;
use crate::source::disk::{self, Root};
use crate::source::{FileId, LineIndex, Tree};

/// How the place is written.
const FORM: &str = "write `PATH:LINE`, such as `app/actions.ts:12`";

#[derive(Args)]
pub(super) struct Arguments {
    /// A line of a file, such as `app/actions.ts:12`; a column behind it is not looked at
    #[arg(value_name = "PATH:LINE")]
    place: String,
    /// How the answer is written to stdout: in words, or as the document of schema/why.schema.json
    #[arg(long, value_enum, default_value = "human")]
    format: ListFormat,
    #[command(flatten)]
    manner: Manner,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let start = Instant::now();
    let manner = &arguments.manner;
    let progress = manner.progress();
    let (path, line) = split(&arguments.place)?;
    let (root, tree, file) = find(path)?;
    exists(&tree, file, line)?;
    let options = Options { bundler: manner.bundler(), ..Options::default() };
    let analysis = Analysis::new(tree);
    let (report, why) = manner.on_pool(|| analysis.why(&options, (file, line), &|step| progress.report(step)))?;
    drop(progress);
    print(|out| report::why(&report, &why, arguments.format.format(), out))?;
    if !manner.quiet {
        let mut text = Vec::new();
        report::read_summary(&report, start.elapsed(), &mut text)?;
        say(&format!("\n{}", String::from_utf8_lossy(&text)));
        say_root(&root);
        warn_of_unresolved(manner, &report);
    }
    Ok(ExitCode::SUCCESS)
}

/// The path and the line; a column behind them is left out.
fn split(place: &str) -> anyhow::Result<(&str, u32)> {
    let number = |text: &str| text.parse::<u32>().ok();
    let Some((before, last)) = place.rsplit_once(':') else { bail!("`{place}` names no line: {FORM}") };
    let column = before.rsplit_once(':').and_then(|(path, line)| Some((path, number(line)?)));
    let (path, line) = match (column, number(last)) {
        (Some((path, line)), _) if number(last).is_some() || last.is_empty() => (path, line),
        (_, Some(line)) => (before, line),
        _ => bail!("`{last}` is no line: {FORM}"),
    };
    if path.is_empty() {
        bail!("`{place}` names no file: {FORM}");
    }
    if line == 0 {
        bail!("lines are counted from 1");
    }
    Ok((path, line))
}

/// The root, its tree and the file in it: where the path leads from here, else where it leads from the root, as reports print it.
fn find(path: &str) -> anyhow::Result<(Root, Tree, FileId)> {
    let given = Path::new(path);
    let here = fs::canonicalize(given).ok();
    if here.as_deref().is_some_and(Path::is_dir) {
        bail!("`{path}` is a folder: {FORM}");
    }
    let start = if here.is_some() { given } else { Path::new(".") };
    let root = disk::find_root(start).with_context(|| format!("cannot read `{}`", start.display()))?;
    let relative = match &here {
        Some(absolute) => with_slashes(absolute.strip_prefix(&root.folder).unwrap_or(absolute)),
        None => with_slashes(given.strip_prefix(&root.folder).unwrap_or(given)),
    };
    let tree = disk::open(&root.folder).with_context(|| format!("cannot read `{}`", root.folder.display()))?;
    let Some(file) = tree.find(&relative) else {
        let folder = root.folder.display();
        if here.is_some() {
            bail!("`{relative}` is not read: it is ignored, or lies in a folder that is built or installed");
        }
        bail!("no file `{relative}` in `{folder}`{}", meant(&tree, &relative));
    };
    Ok((root, tree, file))
}

/// `; did you mean `x`?`: a file whose path ends in the one that was given, else the nearest one.
fn meant(tree: &Tree, path: &str) -> String {
    let paths = || tree.paths.iter().map(String::as_str);
    let ends = paths().find(|other| other.strip_suffix(path).is_some_and(|before| before.ends_with('/')));
    let name = path.rsplit('/').next().unwrap_or(path);
    let same_name = || paths().filter(|other| other.rsplit('/').next() == Some(name));
    let found = ends.or_else(|| nearest(path, same_name())).or_else(|| nearest(path, paths()));
    found.map_or_else(String::new, |found| format!("; did you mean `{found}`?"))
}

/// Refuses a line beyond the end.
fn exists(tree: &Tree, file: FileId, line: u32) -> anyhow::Result<()> {
    let path = tree.path(file);
    let text = tree.read_text(path).with_context(|| format!("cannot read `{path}`"))?;
    let count = LineIndex::new(&text).lines() - usize::from(text.ends_with('\n'));
    if usize::try_from(line).unwrap_or(usize::MAX) > count {
        let lines = if count == 1 { "line" } else { "lines" };
        bail!("`{path}` has {count} {lines}, and no line {line}");
    }
    Ok(())
}
