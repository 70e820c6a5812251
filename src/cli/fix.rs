//! The flags of fixes: what is written into the tree, or shown instead.

use std::io;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;

use super::target::Target;
use super::{FOUND, print, say};
use crate::analysis::{Analysis, Options, Report};
use crate::fix::{self, Rewrite};
use crate::source::disk;

#[derive(Args)]
pub(super) struct FixArguments {
    /// Write the fixes that are proven to keep the meaning, and report what is left
    #[arg(long)]
    fix: bool,
    /// Print what --fix would write as a unified diff instead of a report, and write nothing; exit with 1 if there is anything
    #[arg(long, visible_alias = "dry-run")]
    diff: bool,
}

impl FixArguments {
    /// Fixes, if asked to, and gives the report to go on with; ends the run where a difference takes its place.
    pub(super) fn apply(
        &self,
        report: Report,
        options: &Options,
        target: &Target,
    ) -> anyhow::Result<ControlFlow<ExitCode, Report>> {
        if !self.fix && !self.diff {
            return Ok(ControlFlow::Continue(report));
        }
        let (report, rewrites) =
            fix::until_stable(report, &|tree| rayon::scope(|_| Analysis::new(tree).run(options, &|_| ())));
        if self.diff {
            print(|out| {
                rewrites.iter().try_for_each(|Rewrite { path, before, after }| {
                    out.write_all(fix::unified(path, before, after).as_bytes())
                })
            })?;
            return Ok(ControlFlow::Break(ExitCode::from(if rewrites.is_empty() { 0 } else { FOUND })));
        }
        write(&target.root()?, &rewrites)?;
        if !target.manner.quiet && !rewrites.is_empty() {
            say(&format!("fixed {} file{}\n", rewrites.len(), if rewrites.len() == 1 { "" } else { "s" }));
        }
        Ok(ControlFlow::Continue(report))
    }
}

/// Writes each file as a whole. One that cannot be written keeps no other from being written.
fn write(root: &Path, rewrites: &[Rewrite]) -> anyhow::Result<()> {
    let mut failures = Vec::new();
    for Rewrite { path, before, after } in rewrites {
        let place = root.join(path);
        let written = match disk::read_text(&place) {
            Ok(now) if now != *before => Err(io::Error::other("it has changed since it was read; run again")),
            Ok(_) => disk::replace(&place, after.as_bytes()),
            Err(error) => Err(error),
        };
        if let Err(error) = written.with_context(|| format!("cannot write `{path}`")) {
            failures.push(format!("{error:#}"));
        }
    }
    if failures.is_empty() { Ok(()) } else { bail!("{}", failures.join("; ")) }
}
