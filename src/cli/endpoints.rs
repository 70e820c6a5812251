//! `edgelint endpoints`

use std::process::ExitCode;
use std::time::Instant;

use clap::Args;

use super::target::{Target, root_of, shows};
use super::{ListFormat, print};
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
    arguments.target.say_list(&report, |out| report::read_summary(&report, start.elapsed(), out))?;
    Ok(ExitCode::SUCCESS)
}
