//! `edgelint check`

use std::io;
use std::ops::ControlFlow;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::bail;
use clap::builder::styling::AnsiColor;
use clap::{Args, ValueEnum};

use super::baseline::BaselineArguments;
use super::fix::FixArguments;
use super::manner::Manner;
use super::nearest::hint;
use super::target::Target;
use super::{FOUND, output, print, say};
use crate::analysis::{Options, Report};
use crate::diagnostic::Level;
use crate::report::{self, Format};
use crate::rules;

#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    output: output::Output,
    /// Exit with 1 from this level on
    #[arg(long, value_enum, default_value = "warning", value_name = "LEVEL")]
    fail_on: LevelName,
    /// Run these rules alone, preview findings included
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    select: Vec<String>,
    /// Show preview findings too
    #[arg(long)]
    preview: bool,
    /// Say how imports and calls resolved: on stdout after human findings, on stderr otherwise
    #[arg(long)]
    stats: bool,
    #[command(flatten)]
    baseline: BaselineArguments,
    #[command(flatten)]
    fix: FixArguments,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LevelName {
    Error,
    Warning,
    Note,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let start = Instant::now();
    arguments.output.check()?;
    for id in &arguments.select {
        if rules::find(id).is_none() {
            bail!("unknown rule `{id}`{}", hint(id, rules::ALL.iter().map(|rule| rule.id)));
        }
    }
    let baseline = arguments.baseline.open(&arguments.target)?;
    let options = Options {
        select: arguments.select.clone(),
        preview: arguments.preview,
        known: baseline.known(),
        ..Options::default()
    };
    let (report, options) = arguments.target.analyse(options)?;
    let mut report = match arguments.fix.apply(report, &options, &arguments.target)? {
        ControlFlow::Continue(report) => report,
        ControlFlow::Break(status) => return Ok(status),
    };
    baseline.finish(&mut report, arguments.target.manner.quiet)?;
    let format = arguments.output.format();
    let stats_below = arguments.stats && format == Format::Human;
    let color = arguments.target.manner.color(&io::stdout());
    let printed = print(|out| {
        report::check(&report, format, color, out)?;
        if stats_below {
            if !report.diagnostics.is_empty() {
                writeln!(out)?;
            }
            report::stats(&report, out)?;
        }
        Ok(())
    });
    // Where one of them cannot be written, the others are written all the same.
    let written = arguments.output.write(&report);
    printed?;
    if arguments.stats && !stats_below {
        let mut text = Vec::new();
        report::stats(&report, &mut text)?;
        say(&String::from_utf8_lossy(&text));
    }
    if !arguments.target.manner.quiet {
        let mut text = Vec::new();
        if format == Format::Human && !report.diagnostics.is_empty() {
            text.push(b'\n');
        }
        report::check_summary(&report, start.elapsed(), &mut text)?;
        say(&String::from_utf8_lossy(&text));
        if let Some(text) = report::explained(&report).filter(|_| format == Format::Human) {
            say(&format!("{text}\n"));
        }
        let chosen = !arguments.select.is_empty() || format != Format::Human;
        if let Some(text) = report::in_preview(&report).filter(|_| !chosen) {
            say(&format!("{text}\n"));
        }
        arguments.target.say_root()?;
        warn_of_unresolved(&arguments.target.manner, &report);
    }
    arguments.target.say_timings(&report)?;
    written?;
    let fails = match arguments.fail_on {
        LevelName::Error => Level::Error,
        LevelName::Warning => Level::Warning,
        LevelName::Note => Level::Note,
    };
    let found = report.diagnostics.iter().any(|diagnostic| diagnostic.level >= fails);
    Ok(ExitCode::from(if found { FOUND } else { 0 }))
}

/// The line that must not be overlooked.
pub(super) fn warn_of_unresolved(manner: &Manner, report: &Report) {
    let Some(text) = report::unresolved(report) else { return };
    if manner.color(&io::stderr()) {
        let style = AnsiColor::Yellow.on_default().bold();
        say(&format!("{style}warning{style:#}: {text}\n"));
    } else {
        say(&format!("warning: {text}\n"));
    }
}
