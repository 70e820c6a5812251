//! `edgelint rules`

use std::process::ExitCode;

use clap::Args;

use super::{ListFormat, print};
use crate::report;

#[derive(Args)]
pub(super) struct Arguments {
    /// How rules are written to stdout
    #[arg(long, value_enum, default_value = "human")]
    format: ListFormat,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    print(|out| report::rules(arguments.format.format(), out))?;
    Ok(ExitCode::SUCCESS)
}
