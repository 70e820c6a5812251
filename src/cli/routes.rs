//! `edgelint routes`

use std::process::ExitCode;
use std::time::Instant;

use clap::Args;

use super::target::{Target, root_of, shows};
use super::{ListFormat, print};
use crate::analysis::Options;
use crate::report;

#[derive(Args)]
pub(super) struct Arguments {
    /// How routes are written to stdout: a table, or the document of schema/routes.schema.json
    #[arg(long, value_enum, default_value = "human")]
    format: ListFormat,
    #[command(flatten)]
    target: Target,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let start = Instant::now();
    let (mut report, options) = arguments.target.analyse(Options::default())?;
    let mut listing = std::mem::take(&mut report.routes);
    let root = root_of(&report, &options);
    let of_app = |app: &String| root.as_ref().is_none_or(|root| root == app);
    listing.routes.retain(|route| shows(&options, report.path(route.file)) && of_app(&route.app));
    listing.gaps.retain(|gap| of_app(&gap.app) && listing.routes.iter().any(|route| route.app == gap.app));
    report.routes = listing;
    print(|out| report::routes(&report, arguments.format.format(), out))?;
    arguments.target.say_list(&report, |out| report::routes_summary(&report, start.elapsed(), out))?;
    Ok(ExitCode::SUCCESS)
}
