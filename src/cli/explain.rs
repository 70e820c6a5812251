//! `edgelint explain`

use std::io;
use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, ValueEnum};

use super::manner::When;
use super::nearest::hint;
use super::print;
use crate::report::{self, PageFormat};
use crate::rules;

#[derive(Args)]
pub(super) struct Arguments {
    /// The rule's id; `edgelint rules` lists them
    rule: String,
    /// How the page is written to stdout
    #[arg(long, value_enum, default_value = "text")]
    format: PageFormatName,
    /// Show every example, not only the first ones
    #[arg(long)]
    full: bool,
    /// When to use colors; `auto` means on a terminal, and not where NO_COLOR is set
    #[arg(long, value_enum, default_value = "auto", value_name = "WHEN")]
    color: When,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum PageFormatName {
    /// Laid out for a terminal
    Text,
    /// The page itself
    Markdown,
    /// One document: what is known of the rule, and the page as Markdown
    Json,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let id = &arguments.rule;
    let Some(rule) = rules::find(id) else {
        bail!("unknown rule `{id}`{}", hint(id, rules::ALL.iter().map(|rule| rule.id)));
    };
    let format = match arguments.format {
        PageFormatName::Text if arguments.full => PageFormat::Text,
        PageFormatName::Text => PageFormat::Brief,
        PageFormatName::Markdown => PageFormat::Markdown,
        PageFormatName::Json => PageFormat::Json,
    };
    let color = arguments.color.on(&io::stdout());
    print(|out| report::page(rule, format, color, out))?;
    Ok(ExitCode::SUCCESS)
}
