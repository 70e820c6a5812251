//! `edgelint completions` and `edgelint man`: the command line described for shells and for `man`.
//!
//! The only module that names the generators. They read the definition of the command line, so nothing here grows with it.

use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::nearest::hint;
use super::{Cli, print};

#[derive(Args)]
pub(super) struct CompletionsArguments {
    /// The shell that reads them
    #[arg(value_enum)]
    shell: Shell,
}

#[derive(Args)]
pub(super) struct ManArguments {
    /// The command to describe [default: edgelint itself]
    command: Option<String>,
}

pub(super) fn completions(arguments: &CompletionsArguments) -> anyhow::Result<ExitCode> {
    // The generator panics where it cannot write, so it writes to memory.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "edgelint", &mut script);
    print(|out| out.write_all(&script))?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn man(arguments: &ManArguments) -> anyhow::Result<ExitCode> {
    let mut cli = Cli::command();
    cli.build();
    let described = match &arguments.command {
        None => cli,
        Some(name) => match cli.find_subcommand(name) {
            Some(command) => command.clone(),
            None => bail!("unknown command `{name}`{}", hint(name, cli.get_subcommands().map(clap::Command::get_name))),
        },
    };
    let mut page = Vec::new();
    let man = clap_mangen::Man::new(described).source(concat!("edgelint ", env!("CARGO_PKG_VERSION")));
    man.render(&mut page).context("cannot write the manual page")?;
    print(|out| out.write_all(&page))?;
    Ok(ExitCode::SUCCESS)
}
