//! What is analysed: paths to a root and a filter, an app.
#![expect(
    clippy::disallowed_methods,
    reason = "the command line reads its environment and finds the paths it is given"
)]

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, bail};
use clap::Args;

use super::check::warn_of_unresolved;
use super::manner::Manner;
use super::nearest::hint;
use super::say;
use crate::analysis::{Analysis, Options, Report};
use crate::report;
use crate::source::Tree;
use crate::source::disk::{self, Mark, Root};

/// The arguments of every command that reads a tree.
#[derive(Args)]
pub(super) struct Target {
    /// Show only what lies at or below these paths; the whole project around the first one is read all the same
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    /// Show one app: its folder, or the name in its package.json
    #[arg(long, value_name = "NAME")]
    app: Option<String>,
    #[command(flatten)]
    pub(super) manner: Manner,
    /// Say on stderr how long each phase and each rule took
    #[arg(long)]
    pub(super) timings: bool,
}

impl Target {
    /// Reads the tree and runs the analysis with `options`, to which paths, app and bundler are added. Returns those too.
    pub(super) fn analyse(&self, options: Options) -> anyhow::Result<(Report, Options)> {
        let progress = self.manner.progress();
        let start = Instant::now();
        let (tree, paths) = self.open()?;
        let walked = start.elapsed();
        let app = self.app.as_deref().map(|name| name.trim_start_matches("./").trim_end_matches('/'));
        let app = app.map(|name| if name == "." { String::new() } else { name.to_owned() });
        let options = Options { app, paths, bundler: self.manner.bundler(), ..options };
        let mut report = self.manner.on_pool(|| Analysis::new(tree).run(&options, &|step| progress.report(step)))?;
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

    /// The folder below which everything is analysed.
    pub(super) fn root(&self) -> anyhow::Result<PathBuf> {
        Ok(self.find_root()?.folder)
    }

    fn find_root(&self) -> anyhow::Result<Root> {
        let first = self.paths.first().context("no path given")?;
        disk::find_root(first).with_context(|| format!("cannot read `{}`", first.display()))
    }

    /// Says which folder was taken for the root, where it is not the one that the user stands in, and what is cut off by it.
    pub(super) fn say_root(&self) -> anyhow::Result<()> {
        say_root(&self.find_root()?);
        Ok(())
    }

    /// What a list says beside itself: its summary, the root, what is unresolved, and where the time went.
    pub(super) fn say_list(
        &self,
        report: &Report,
        summary: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>,
    ) -> anyhow::Result<()> {
        if !self.manner.quiet {
            let mut text = Vec::new();
            summary(&mut text)?;
            say(&String::from_utf8_lossy(&text));
            self.say_root()?;
            warn_of_unresolved(&self.manner, report);
        }
        self.say_timings(report)
    }

    /// The tree around the first path, and the paths relative to its root; none where the root is among them.
    fn open(&self) -> anyhow::Result<(Tree, Vec<String>)> {
        let absolute =
            |path: &PathBuf| fs::canonicalize(path).with_context(|| format!("cannot read `{}`", path.display()));
        let absolutes: Vec<PathBuf> = self.paths.iter().map(absolute).collect::<Result<_, _>>()?;
        let Root { folder: root, mark, .. } = self.find_root()?;
        let mut paths = Vec::new();
        for (absolute, given) in absolutes.iter().zip(&self.paths) {
            let Ok(relative) = absolute.strip_prefix(&root) else {
                let (given, root) = (given.display(), root.display());
                let because = because(mark);
                bail!(
                    "`{given}` lies outside `{root}`, the root of the first path{because}; check it in a run of its own"
                );
            };
            paths.push(with_slashes(relative));
        }
        if paths.iter().any(String::is_empty) {
            paths.clear();
        }
        let tree = disk::open(&root).with_context(|| format!("cannot read `{}`", root.display()))?;
        if let ([], [(_, reason), ..]) = (&*tree.paths, &*tree.problems) {
            bail!("cannot read `{}`: {reason}", root.display());
        }
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

/// Says which folder was taken for the root, where it is not the one that the user stands in, and what is cut off by it.
pub(super) fn say_root(root: &Root) {
    let here = env::current_dir().and_then(fs::canonicalize).ok();
    let mut said = String::new();
    if here.as_ref() != Some(&root.folder) {
        let folder = shown(&root.folder);
        said = format!("the root is `{folder}`{}, and paths are relative to it\n", because(root.mark));
    }
    if let Some(around) = &root.around {
        let around = shown(around);
        let _ = writeln!(
            said,
            "nothing else of `{around}` is read, for the root has an `edgelint.toml` of its own; give `{around}` to read it all"
        );
    }
    say(&said);
}

/// A path as the user would write it here.
pub(super) fn shown(path: &Path) -> String {
    let here = env::current_dir().ok();
    match here.as_deref().and_then(|here| path.strip_prefix(here).ok()) {
        Some(short) if short.as_os_str().is_empty() => ".".to_owned(),
        short => short.unwrap_or(path).display().to_string(),
    }
}

/// Why a folder is the root, behind its name.
const fn because(mark: Mark) -> &'static str {
    match mark {
        Mark::Configuration => " (it has an `edgelint.toml`)",
        Mark::Workspace => " (the workspace)",
        Mark::Git => " (the git repository)",
        Mark::Package => " (the package)",
        Mark::None => "",
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

/// A path with `/` between its names, and nothing else in it.
pub(super) fn with_slashes(path: &Path) -> String {
    let names = path.components().filter_map(|component| match component {
        Component::Normal(name) => Some(name.to_string_lossy()),
        _ => None,
    });
    names.collect::<Vec<_>>().join("/")
}
