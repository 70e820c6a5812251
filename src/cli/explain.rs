//! `edgelint explain`

use std::process::ExitCode;

use anyhow::bail;
use clap::Args;

use super::nearest::hint;
use super::print;
use crate::rules;

#[derive(Args)]
pub(super) struct Arguments {
    /// The rule's id; `edgelint rules` lists them
    rule: String,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let id = &arguments.rule;
    let Some(rule) = rules::find(id) else {
        bail!("unknown rule `{id}`{}", hint(id, rules::ALL.iter().map(|rule| rule.id)));
    };
    print(|out| writeln!(out, "{}", rule.page.trim_end()))?;
    Ok(ExitCode::SUCCESS)
}
