//! The flags of a baseline: which file, read before a run, and written after it.
#![expect(clippy::disallowed_methods, reason = "the command line reads and writes the files that it is told to")]

use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use clap::Args;

use super::init::shown;
use super::say;
use super::target::Target;
use crate::analysis::Report;
use crate::baseline::Baseline;
use crate::rules;
use crate::source::disk;

/// The file at the root of the tree that is meant where none is named.
pub(super) const DEFAULT: &str = "edgelint-baseline.txt";

#[derive(Args)]
pub(super) struct BaselineArguments {
    /// Leave out the findings that are in this file, so that only new ones are shown and counted
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write all findings into the baseline: the file of --baseline, or edgelint-baseline.txt at the root
    #[arg(long, conflicts_with = "prune_baseline")]
    write_baseline: bool,
    /// Take out of the baseline what is found no more; adds nothing
    #[arg(long)]
    prune_baseline: bool,
}

/// The baseline of one run.
pub(super) struct Opened<'a> {
    arguments: &'a BaselineArguments,
    path: Option<PathBuf>,
    before: Option<Baseline>,
}

impl BaselineArguments {
    /// Reads the file that is named, before anything else is done.
    pub(super) fn open(&self, target: &Target) -> anyhow::Result<Opened<'_>> {
        let path = match &self.baseline {
            Some(path) => Some(path.clone()),
            None if self.write_baseline || self.prune_baseline => Some(target.root()?.join(DEFAULT)),
            None => None,
        };
        let before = path.as_deref().map(|path| self.read(path)).transpose()?.flatten();
        Ok(Opened { arguments: self, path, before })
    }

    fn read(&self, path: &Path) -> anyhow::Result<Option<Baseline>> {
        let name = shown(path);
        let text = match disk::read_text(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.write_baseline => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                bail!("there is no baseline `{name}`; `--write-baseline` writes one");
            }
            Err(error) => return Err(error).with_context(|| format!("cannot read the baseline `{name}`")),
        };
        // What is no baseline is not written over: it may be anything.
        let read = Baseline::parse(&text).map_err(|reason| anyhow!("{reason}"));
        read.with_context(|| format!("the baseline `{name}` is not understood")).map(Some)
    }
}

impl Opened<'_> {
    /// What the run is to leave out.
    pub(super) fn filter(&self) -> Option<Baseline> {
        if self.arguments.write_baseline { None } else { self.before.clone() }
    }

    /// Writes what the run has changed, and says so on stderr unless `quiet`.
    pub(super) fn finish(self, report: &mut Report, quiet: bool) -> anyhow::Result<()> {
        let Some(path) = &self.path else { return Ok(()) };
        let name = shown(path);
        let said = if self.arguments.write_baseline {
            // A run of some rules says nothing about the others' findings.
            let others = self.before.into_iter().flat_map(|before| before.entries);
            let others = others.filter(|entry| !report.baseline.ran.contains(&entry.rule.as_str()));
            let others = others.filter(|entry| rules::find(&entry.rule).is_some());
            let baseline = Baseline::of(report.baseline.found.iter().cloned().chain(others).collect());
            write(path, &baseline)?;
            report.known.append(&mut report.diagnostics);
            let count = counted(baseline.entries.len());
            format!("{count} in the baseline `{name}`; a run with `--baseline {name}` shows what is not in it\n")
        } else {
            let stale = report.baseline.stale.len();
            if stale == 0 {
                return Ok(());
            }
            let count = counted(stale);
            if self.arguments.prune_baseline {
                let mut baseline = self.before.unwrap_or_default();
                baseline.prune(&report.baseline.stale);
                write(path, &baseline)?;
                format!("{count} taken out of the baseline `{name}`, {} left\n", baseline.entries.len())
            } else {
                format!("{count} of the baseline `{name}` no longer found; `--prune-baseline` takes them out\n")
            }
        };
        if !quiet {
            say(&said);
        }
        Ok(())
    }
}

fn write(path: &Path, baseline: &Baseline) -> anyhow::Result<()> {
    let missing = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir());
    if let Some(folder) = missing {
        bail!("cannot write the baseline `{}`: there is no folder `{}`", shown(path), shown(folder));
    }
    disk::replace(path, baseline.text().as_bytes())
        .with_context(|| format!("cannot write the baseline `{}`", shown(path)))
}

fn counted(count: usize) -> String {
    if count == 1 { "1 finding".to_owned() } else { format!("{count} findings") }
}
