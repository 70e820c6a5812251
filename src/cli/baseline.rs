//! The flags of a baseline: which file, read before a run, and written after it.
#![expect(clippy::disallowed_methods, reason = "the command line reads and writes the files that it is told to")]

use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use clap::Args;

use super::say;
use super::target::{Target, shown};
use crate::analysis::{Known, Report};
use crate::baseline::Baseline;
use crate::rules;
use crate::source::disk;

/// The file at the root of the tree that is meant where none is named.
pub(super) const DEFAULT: &str = "edgelint-baseline.txt";

#[derive(Args)]
pub(super) struct BaselineArguments {
    /// Leave out the findings that are in this file, so that only new ones are shown and counted [default: what the configuration
    /// says]
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write all findings into the baseline: the file of --baseline or of the configuration, or edgelint-baseline.txt at the root
    #[arg(long, conflicts_with = "prune_baseline")]
    write_baseline: bool,
    /// Take out of the baseline what is found no more; adds nothing
    #[arg(long)]
    prune_baseline: bool,
}

/// The baseline of one run.
pub(super) struct Opened<'a> {
    arguments: &'a BaselineArguments,
    root: PathBuf,
    /// What the file of the flag holds, or the one at the root that is meant where nothing names another.
    before: Option<Baseline>,
}

impl BaselineArguments {
    /// Reads the file that is named, before anything else is done.
    pub(super) fn open(&self, target: &Target) -> anyhow::Result<Opened<'_>> {
        let root = target.root()?;
        let before = match &self.baseline {
            Some(path) => match self.read(path)? {
                None if !self.write_baseline => return Err(missing(path)),
                before => before,
            },
            None if self.prune_baseline => self.read(&root.join(DEFAULT))?,
            None => None,
        };
        Ok(Opened { arguments: self, root, before })
    }

    /// What is no baseline is not written over: it may be anything.
    fn read(&self, path: &Path) -> anyhow::Result<Option<Baseline>> {
        let name = shown(path);
        let text = match disk::read_text(path) {
            // A file that somebody has only just made.
            Ok(text) if self.write_baseline && text.trim().is_empty() => return Ok(None),
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("cannot read the baseline `{name}`")),
        };
        let read = Baseline::parse(&text).map_err(|reason| anyhow!("{reason}"));
        read.with_context(|| format!("the baseline `{name}` is not understood")).map(Some)
    }
}

impl Opened<'_> {
    /// What the run is to leave out.
    pub(super) fn known(&self) -> Known {
        match (&self.before, &self.arguments.baseline) {
            _ if self.arguments.write_baseline => Known::Given(Baseline::default()),
            (Some(before), Some(_)) => Known::Given(before.clone()),
            (Some(before), None) => Known::ConfiguredOr(before.clone()),
            (None, _) => Known::Configured,
        }
    }

    /// Writes what the run has changed, and says so on stderr unless `quiet`.
    pub(super) fn finish(self, report: &mut Report, quiet: bool) -> anyhow::Result<()> {
        let BaselineArguments { baseline, write_baseline, prune_baseline } = self.arguments;
        let configured = report.baseline.file.as_ref().filter(|_| baseline.is_none()).map(|file| self.root.join(file));
        let named = baseline.clone().or(configured);
        let is_named = named.is_some();
        let path = named.unwrap_or_else(|| self.root.join(DEFAULT));
        let said = if *write_baseline {
            self.write(report, &path, is_named)?
        } else if !report.baseline.stale.is_empty() {
            self.prune(report, &path)?
        } else if *prune_baseline && !is_named && self.before.is_none() {
            return Err(missing(&path));
        } else {
            String::new()
        };
        if !quiet {
            say(&said);
        }
        Ok(())
    }

    /// Writes all findings, and hides them from this run.
    fn write(&self, report: &mut Report, path: &Path, is_named: bool) -> anyhow::Result<String> {
        let before = match &self.before {
            Some(before) => Some(before.clone()),
            None => self.arguments.read(path)?,
        };
        // A run of some rules says nothing about the others' findings.
        let others = before.into_iter().flat_map(|before| before.entries);
        let others = others.filter(|entry| !report.baseline.ran.contains(&entry.rule.as_str()));
        let others = others.filter(|entry| rules::find(&entry.rule).is_some());
        let baseline = Baseline::of(report.baseline.found.iter().cloned().chain(others).collect());
        write(path, &baseline)?;
        let (loud, known) = report.diagnostics.drain(..).partition(rules::is_loud);
        (report.diagnostics, report.known) = (loud, known);
        let (count, name) = (counted(baseline.entries.len()), shown(path));
        let next = match is_named {
            true => String::new(),
            false => format!(
                "; `baseline = \"{DEFAULT}\"` in `edgelint.toml`, or `--baseline {name}`, shows only what is not in it"
            ),
        };
        Ok(format!("{count} in the baseline `{name}`{next}\n"))
    }

    /// Takes out of the baseline what is found no more, if that is asked for.
    fn prune(&self, report: &Report, path: &Path) -> anyhow::Result<String> {
        let (count, name, stale) = (counted(report.baseline.stale.len()), shown(path), &report.baseline.stale);
        if !self.arguments.prune_baseline {
            return Ok(format!(
                "{count} of the baseline `{name}` no longer found; `--prune-baseline` takes them out\n"
            ));
        }
        let mut baseline = self.arguments.read(path)?.ok_or_else(|| missing(path))?;
        baseline.prune(stale);
        write(path, &baseline)?;
        Ok(format!("{count} taken out of the baseline `{name}`, {} left\n", baseline.entries.len()))
    }
}

fn missing(path: &Path) -> anyhow::Error {
    anyhow!("there is no baseline `{}`; `--write-baseline` writes one", shown(path))
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
