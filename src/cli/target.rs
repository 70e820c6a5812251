//! What is analysed and how: paths to a root and a filter, an app, threads, colors.
#![expect(
    clippy::disallowed_methods,
    reason = "the command line reads its environment and finds the paths it is given"
)]

use std::env;
use std::fs;
use std::io::IsTerminal;
use std::path::{Component, Path, PathBuf};
use std::thread::available_parallelism;
use std::time::Instant;

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};

use super::nearest::hint;
use super::progress::Progress;
use super::say;
use crate::analysis::{Analysis, Bundler, Options, Report};
use crate::report;
use crate::source::{Tree, disk};

/// The stack of a worker, most of it never touched. Syntax trees are as deep as the source nests them, and a worker
/// parses them and drops them, both by recursion; the main thread's 8 MiB would end the process on a deep one.
const STACK: usize = 64 << 20;

/// The arguments of every command that reads a tree.
#[derive(Args)]
pub(super) struct Target {
    /// Show only what lies at or below these paths; the whole project around the first one is read all the same
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    /// Show one app: its folder, or the name in its package.json
    #[arg(long, value_name = "NAME")]
    app: Option<String>,
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
    /// Say on stderr how long each phase and each rule took
    #[arg(long)]
    pub(super) timings: bool,
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

impl Target {
    /// Reads the tree and runs the analysis with `options`, to which paths, app and bundler are added. Returns those too.
    pub(super) fn analyse(&self, options: Options) -> anyhow::Result<(Report, Options)> {
        let progress = Progress::start(!self.quiet && std::io::stderr().is_terminal());
        let start = Instant::now();
        let (tree, paths) = self.open()?;
        let walked = start.elapsed();
        let bundler = self.bundler.map(|name| match name {
            BundlerName::Webpack => Bundler::Webpack,
            BundlerName::Turbopack => Bundler::Turbopack,
        });
        let app = self.app.as_deref().map(|name| name.trim_start_matches("./").trim_end_matches('/'));
        let app = app.map(|name| if name == "." { String::new() } else { name.to_owned() });
        let options = Options { app, paths, bundler, ..options };
        let threads = self.threads.map_or_else(|| available_parallelism().map_or(1, usize::from), usize::from);
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .stack_size(STACK)
            .build_global()
            .with_context(|| format!("cannot start {threads} threads"))?;
        // From a worker of the pool, so that linking and rules have its stack too.
        let mut report = rayon::scope(|_| Analysis::new(tree).run(&options, &|step| progress.report(step)));
        drop(progress);
        report.timings.phases.insert(0, ("walk", walked));
        self.known_app(&report, &options)?;
        Ok((report, options))
    }

    /// Says how long the run took, where that was asked for.
    pub(super) fn say_timings(&self, report: &Report) -> anyhow::Result<()> {
        if self.timings {
            let mut text = Vec::new();
            report::timings(report, &mut text)?;
            say(&String::from_utf8_lossy(&text));
        }
        Ok(())
    }

    /// Whether `stream` gets colors.
    pub(super) fn color(&self, stream: &impl IsTerminal) -> bool {
        self.color.on(stream)
    }

    /// The folder below which everything is analysed.
    pub(super) fn root(&self) -> anyhow::Result<PathBuf> {
        let first = self.paths.first().context("no path given")?;
        let first = fs::canonicalize(first).with_context(|| format!("cannot read `{}`", first.display()))?;
        disk::find_root(&first)
            .and_then(fs::canonicalize)
            .with_context(|| format!("cannot find the root of `{}`", first.display()))
    }

    /// The tree around the first path, and the paths relative to its root; none where the root is among them.
    fn open(&self) -> anyhow::Result<(Tree, Vec<String>)> {
        let absolute =
            |path: &PathBuf| fs::canonicalize(path).with_context(|| format!("cannot read `{}`", path.display()));
        let absolutes: Vec<PathBuf> = self.paths.iter().map(absolute).collect::<Result<_, _>>()?;
        let root = self.root()?;
        let mut paths = Vec::new();
        for (absolute, given) in absolutes.iter().zip(&self.paths) {
            let Ok(relative) = absolute.strip_prefix(&root) else {
                let (given, root) = (given.display(), root.display());
                bail!("`{given}` lies outside `{root}`, the root of the first path; check it in a run of its own");
            };
            paths.push(with_slashes(relative));
        }
        if paths.iter().any(String::is_empty) {
            paths.clear();
        }
        let tree = disk::open(&root).with_context(|| format!("cannot read `{}`", root.display()))?;
        Ok((tree, paths))
    }

    /// An app that the tree does not hold would be an empty report that looks like a good one.
    fn known_app(&self, report: &Report, options: &Options) -> anyhow::Result<()> {
        let (Some(given), Some(name)) = (&self.app, &options.app) else { return Ok(()) };
        let apps = &report.summary.apps;
        if apps.iter().any(|app| app.root == *name || app.name.as_ref() == Some(name)) {
            return Ok(());
        }
        let names = apps.iter().flat_map(|app| std::iter::once(app.root.as_str()).chain(app.name.as_deref()));
        let roots: Vec<String> =
            apps.iter().map(|app| format!("`{}`", if app.root.is_empty() { "." } else { &app.root })).collect();
        match roots.is_empty() {
            true => bail!("unknown app `{given}`: no app found"),
            false => bail!("unknown app `{given}`{}; the apps are {}", hint(name, names), roots.join(", ")),
        }
    }
}

/// The root of the app that alone is shown, if one is.
pub(super) fn root_of(report: &Report, options: &Options) -> Option<String> {
    let name = options.app.as_ref()?;
    let app = report.summary.apps.iter().find(|app| app.root == *name || app.name.as_ref() == Some(name));
    Some(app.map_or(name, |app| &app.root).clone())
}

/// The file at `path` is shown: no paths are given, or it lies at or below one of them.
pub(super) fn shows(options: &Options, path: &str) -> bool {
    let below = |folder: &String| {
        path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    options.paths.is_empty() || options.paths.iter().any(below)
}

fn with_slashes(path: &Path) -> String {
    let names = path.components().filter_map(|component| match component {
        Component::Normal(name) => Some(name.to_string_lossy()),
        _ => None,
    });
    names.collect::<Vec<_>>().join("/")
}
