//! How a tree is analysed, whatever is asked of it: threads, bundler, colors, and what is said on stderr.
#![expect(clippy::disallowed_methods, reason = "the command line reads its environment")]

use std::env;
use std::io::IsTerminal;
use std::thread::available_parallelism;

use anyhow::Context;
use clap::{Args, ValueEnum};

use super::progress::Progress;
use crate::analysis::Bundler;

/// The stack of a worker, most of it never touched. Syntax trees are as deep as the source nests them, and a worker
/// parses them and drops them, both by recursion; the main thread's 8 MiB would end the process on a deep one.
const STACK: usize = 64 << 20;

/// The arguments of every command that analyses.
#[derive(Args)]
pub(super) struct Manner {
    /// Take every app to be built with this bundler [default: what its version and scripts imply]
    #[arg(long, value_enum)]
    bundler: Option<BundlerName>,
    /// The number of threads [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    threads: Option<u16>,
    /// When to use colors; `auto` means on a terminal, and not where NO_COLOR is set
    #[arg(long, value_enum, default_value = "auto", value_name = "WHEN")]
    color: When,
    /// Leave out the progress and the summary on stderr
    #[arg(short, long)]
    pub(super) quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum BundlerName {
    Webpack,
    Turbopack,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    Auto,
    Always,
    Never,
}

impl When {
    /// Whether `stream` gets colors.
    pub(super) fn on(self, stream: &impl IsTerminal) -> bool {
        let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => {
                stream.is_terminal() && !set("NO_COLOR") && env::var_os("TERM").is_none_or(|term| term != "dumb")
            }
        }
    }
}

impl Manner {
    /// The bundler that every app is taken to be built with.
    pub(super) fn bundler(&self) -> Option<Bundler> {
        self.bundler.map(|name| match name {
            BundlerName::Webpack => Bundler::Webpack,
            BundlerName::Turbopack => Bundler::Turbopack,
        })
    }

    /// Progress of a run that starts now.
    pub(super) fn progress(&self) -> Progress {
        Progress::start(!self.quiet && std::io::stderr().is_terminal())
    }

    /// Runs on a pool of threads, and from a worker of it, so that linking and rules have its stack too.
    pub(super) fn on_pool<T: Send>(&self, run: impl FnOnce() -> T + Send) -> anyhow::Result<T> {
        let threads = self.threads.map_or_else(|| available_parallelism().map_or(1, usize::from), usize::from);
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .stack_size(STACK)
            .build_global()
            .with_context(|| format!("cannot start {threads} threads"))?;
        Ok(rayon::scope(|_| run()))
    }

    /// Whether `stream` gets colors.
    pub(super) fn color(&self, stream: &impl IsTerminal) -> bool {
        self.color.on(stream)
    }
}
