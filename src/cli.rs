//! The command line: arguments to a tree and options, a report to stdout, everything else to stderr, and an exit status.
//!
//! Knows nothing of what is analysed.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand, ValueEnum};

use crate::diagnostic::nearest;
use crate::report::Format;

mod baseline;
mod check;
mod endpoints;
mod explain;
mod fix;
mod init;
mod manner;
mod output;
mod progress;
mod routes;
mod rules;
mod shell;
mod target;
mod why;
mod write;

/// The status of a run with findings.
const FOUND: u8 = 1;
/// The status of a run that could not take place.
const FAILED: u8 = 2;

/// What `check` reads beside its flags.
const CHECK_HELP: &str = "\
Configuration: edgelint.toml, [package.metadata.edgelint] in Cargo.toml or \"edgelint\" in package.json, at the root and in folders \
below it; flags hold over it. A mistake in it is a finding of level error.
Suppression: `// edgelint-ignore <rule>: <reason>` above the line or behind it.
Exit status: 0 no finding at or above --fail-on, 1 findings, 2 could not run.";

/// Follows every call across the line between client and server, and says where an endpoint is built on the wrong thing.
#[derive(Parser)]
#[command(name = "edgelint", version, about, arg_required_else_help = true, disable_help_subcommand = true)]
#[command(after_help = "Exit status: 0 no finding at or above --fail-on, 1 findings, 2 could not run.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Report what is built on the wrong thing.
    #[command(after_help = CHECK_HELP)]
    Check(check::Arguments),
    /// List everything that the network can call, and who calls it.
    Endpoints(endpoints::Arguments),
    /// List the routes of each app, in the order in which they are tried, and where it is not known what is served.
    Routes(routes::Arguments),
    /// Say why something at a line is reported or silent: what runs it, what it does, what cannot be seen.
    Why(why::Arguments),
    /// Print the page of a rule: why it is there, what it reports, how to fix it.
    Explain(explain::Arguments),
    /// List the rules.
    Rules(rules::Arguments),
    /// Print what a shell needs to complete commands.
    Completions(shell::CompletionsArguments),
    /// Print a manual page.
    Man(shell::ManArguments),
    /// Write a first configuration, and on request a hook and a CI file; never over a file that is there.
    Init(init::Arguments),
}

/// Runs the command that the process was started with.
#[must_use]
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version too are such errors; where nobody reads them, there is nobody to tell.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(FAILED));
        }
    };
    let status = match cli.command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Endpoints(arguments) => endpoints::run(&arguments),
        Command::Routes(arguments) => routes::run(&arguments),
        Command::Why(arguments) => why::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Rules(arguments) => rules::run(&arguments),
        Command::Completions(arguments) => shell::completions(&arguments),
        Command::Man(arguments) => shell::man(&arguments),
        Command::Init(arguments) => init::run(&arguments),
    };
    status.unwrap_or_else(|error| {
        say(&format!("error: {error:#}\n"));
        ExitCode::from(FAILED)
    })
}

/// The format of a list: one that has no findings in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ListFormat {
    /// A table.
    Human,
    /// One document.
    Json,
}

impl ListFormat {
    const fn format(self) -> Format {
        match self {
            Self::Human => Format::Human,
            Self::Json => Format::Json,
        }
    }
}

/// Writes to stdout. That its reader has left is no error.
fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("cannot write the report"),
    }
}

/// Writes to stderr. There is nowhere left to say that it failed.
fn say(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
