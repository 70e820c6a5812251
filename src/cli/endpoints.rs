//! `edgelint endpoints`

use std::process::ExitCode;
use std::time::Instant;

use clap::Args;

use super::check::warn_of_unresolved;
use super::target::{Target, root_of, shows};
use super::{ListFormat, print, say};
use crate::analysis::Options;
use crate::report;

#[derive(Args)]
pub(super) struct Arguments {
    /// How endpoints are written to stdout: a table, or the document of schema/endpoints.schema.json
    #[arg(long, value_enum, default_value = "human")]
    format: ListFormat,
    #[command(flatten)]
    target: Target,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let start = Instant::now();
    let (mut report, options) = arguments.target.analyse(Options::default())?;
    let mut endpoints = std::mem::take(&mut report.endpoints);
    let root = root_of(&report, &options);
    endpoints.retain(|endpoint| {
        shows(&options, report.path(endpoint.place.file)) && (root.is_none() || endpoint.app == root)
    });
    report.endpoints = endpoints;
    print(|out| report::endpoints(&report, arguments.format.format(), out))?;
    if !arguments.target.manner.quiet {
        let mut text = Vec::new();
        report::read_summary(&report, start.elapsed(), &mut text)?;
        say(&String::from_utf8_lossy(&text));
        arguments.target.say_root()?;
        warn_of_unresolved(&arguments.target.manner, &report);
    }
    arguments.target.say_timings(&report)?;
    Ok(ExitCode::SUCCESS)
}
