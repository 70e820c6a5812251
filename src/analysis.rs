//! The one door for the command line, editors and tests: a tree in, a [`Report`] out.

mod figures;
mod known;
mod settled;
mod shown;
pub mod why;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::apps::{self, Overrides, Version};
use crate::config::{self, Config, Flags};
use crate::diagnostic::{Diagnostic, Place};
use crate::extract::extract;
use crate::facts::{FileFacts, FileKind};
use crate::manifest::Manifests;
use crate::models::Models;
use crate::project::{self, Inputs, Project, Relations};
use crate::resolve::{Resolver, Workspace};
use crate::rules::{self, Rule};
use crate::source::{FileId, LineIndex, Position, Tree};

mod timings;

pub use known::{Known, Outcome};
pub use timings::Timings;

/// Which compiler pipeline an app is built with.
pub use crate::apps::Bundler;
/// What the route tables list.
pub use crate::project::routes::{GapKind, ListedGap, ListedRoute, Listing, RouteKind};
/// What the inventory lists.
pub use crate::project::{Caller, CallerKind, Deed, Deeds, Effect, Endpoint, EndpointGuard, EndpointKind, Gap};

/// How sure an effect is, and why a call cannot be seen.
pub use crate::project::effects::summary::{Certainty, Unseen};

/// Whether an effect is guarded, and by what.
pub use crate::project::guards::{GuardKind, GuardState};

/// A finding that a comment holds back.
pub use crate::suppress::Suppressed;

/// What to run and what to show; it holds over the configuration that lies in the tree.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Run these rules alone, preview findings included; what the configuration says where empty.
    pub select: Vec<String>,
    /// Show preview findings too.
    pub preview: bool,
    /// Show the findings of one app: its root or its package's name.
    pub app: Option<String>,
    /// Show only findings whose primary place lies at or below one of these paths, relative to the root; everything where empty.
    pub paths: Vec<String>,
    /// Take this bundler for every app instead of the one that its version and scripts imply.
    pub bundler: Option<Bundler>,
    /// Leave out the findings that are in a baseline.
    pub known: Known,
}

/// A step of a run, for whoever draws progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// So many of so many files are read.
    Extracted(usize, usize),
    /// The program is linked.
    Linked,
    /// So many of so many rules have run.
    Checked(usize, usize),
}

/// One app, as the summary names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppSummary {
    /// Its root, relative to the tree's; empty for the tree's root itself.
    pub root: String,
    /// The name in its package.json.
    pub name: Option<String>,
    /// `next`
    pub framework: &'static str,
    /// The version that its semantics follow, such as `16.4.6` or `15`; what was assumed where nothing says it.
    pub version: String,
    /// Where the version comes from: `node_modules`, `lock file`, `package.json`, `configuration`, `assumed`.
    pub version_source: &'static str,
    /// `webpack` or `turbopack`
    pub bundler: &'static str,
}

/// How imports and calls resolved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stats {
    /// Imports by outcome (`relative`, `alias`, `workspace`, `package`, `builtin`, `asset`, `unresolved: reason`), sorted.
    pub imports: Vec<(String, usize)>,
    /// Calls by outcome (`function`, `inert`, `foreign: reason`, `dynamic: reason`), sorted.
    pub calls: Vec<(String, usize)>,
    /// Imports that should resolve inside the tree and do not: `(file, line, specifier, reason)`, sorted.
    pub unresolved: Vec<(String, u32, String, String)>,
}

/// The figures of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Source files read.
    pub files: usize,
    /// The apps of the tree, by root.
    pub apps: Vec<AppSummary>,
    /// How many endpoints there are.
    pub endpoints: usize,
    /// How many findings were suppressed.
    pub suppressed: usize,
    /// How many findings lie outside of the paths and the app that are shown.
    pub elsewhere: usize,
    /// Imports that should have resolved and did not.
    pub unresolved_imports: usize,
    /// Calls that cannot be seen: foreign ones and dynamic ones.
    pub unresolved_calls: usize,
    /// Imports that should resolve inside the tree, resolved or not.
    pub local_imports: usize,
}

/// An endpoint that is open on purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenEndpoint {
    /// Where the endpoint is.
    pub place: Place,
    /// What the comment at it says; `None` where the configuration alone says so.
    pub reason: Option<String>,
}

/// What a run says.
pub struct Report {
    /// The findings to show, sorted by path, then position, then rule.
    pub diagnostics: Vec<Diagnostic>,
    /// The findings that are left out because they are in the baseline, in the same order.
    pub known: Vec<Diagnostic>,
    /// What the run says of its baseline.
    pub baseline: Outcome,
    /// The findings that comments hold back, in the same order, with their reasons.
    pub suppressed: Vec<Suppressed>,
    /// The endpoints that are open on purpose, in the order of [`Report::endpoints`].
    pub open: Vec<OpenEndpoint>,
    /// Everything that the network can call, sorted by path, then position.
    pub endpoints: Vec<Endpoint>,
    /// The routes of all apps, and where they are not known.
    pub routes: Listing,
    /// The figures.
    pub summary: Summary,
    /// How imports and calls resolved.
    pub stats: Stats,
    /// How long it took; none where nothing ran.
    pub timings: Timings,
    tree: Arc<Tree>,
    lines: Vec<Option<LineIndex>>,
}

impl Report {
    /// A report of these findings about `tree`. `lines` holds a line index by file for what has been read; the others
    /// are indexed when they are asked for.
    #[must_use]
    pub fn new(
        tree: Arc<Tree>,
        lines: Vec<Option<LineIndex>>,
        diagnostics: Vec<Diagnostic>,
        endpoints: Vec<Endpoint>,
        summary: Summary,
        stats: Stats,
    ) -> Self {
        Self {
            diagnostics,
            known: Vec::new(),
            suppressed: Vec::new(),
            open: Vec::new(),
            baseline: Outcome::default(),
            endpoints,
            routes: Listing::default(),
            summary,
            stats,
            timings: Timings::default(),
            tree,
            lines,
        }
    }

    /// The path of a file, relative to the root.
    #[must_use]
    pub fn path(&self, file: FileId) -> &str {
        self.tree.path(file)
    }

    /// The first and the last position of a place.
    #[must_use]
    pub fn range(&self, place: Place) -> (Position, Position) {
        let lines = self.lines.get(place.file.0 as usize).and_then(Option::as_ref);
        let position = |offset| match lines {
            Some(lines) => lines.position(offset),
            None => LineIndex::new(&self.text(place.file)).position(offset),
        };
        (position(place.span.start), position(place.span.end))
    }

    /// The first and the last position of a place, as lines from 1 and columns in bytes from 1.
    #[must_use]
    pub fn byte_range(&self, place: Place) -> ((u32, u32), (u32, u32)) {
        let (start, end) = self.range(place);
        let lines = self.lines.get(place.file.0 as usize).and_then(Option::as_ref);
        let read = if lines.is_none() { LineIndex::new(&self.text(place.file)) } else { LineIndex::default() };
        let lines = lines.unwrap_or(&read);
        let column = |offset: u32, line| offset.saturating_sub(lines.line_start(line).unwrap_or(offset)) + 1;
        ((start.line, column(place.span.start, start.line)), (end.line, column(place.span.end, end.line)))
    }

    /// The tree that it is about.
    #[must_use]
    pub const fn tree(&self) -> &Arc<Tree> {
        &self.tree
    }

    /// The text of a file as its spans count it, for edits; `None` where it cannot be read or is not UTF-8.
    #[must_use]
    pub fn exact_text(&self, file: FileId) -> Option<String> {
        String::from_utf8(self.tree.read(self.tree.path(file)).ok()?).ok()
    }

    /// The text of a file, for excerpts; empty where it cannot be read any more.
    #[must_use]
    pub fn text(&self, file: FileId) -> String {
        self.tree.read_text(self.tree.path(file)).unwrap_or_default()
    }
}

/// The facts of the files that could be read, and the others with the reason.
type Extracted = (Vec<(FileId, FileFacts)>, Vec<(FileId, String)>);

/// A tree under analysis.
pub struct Analysis {
    tree: Arc<Tree>,
}

impl Analysis {
    /// An analysis of a tree.
    #[must_use]
    pub fn new(tree: Tree) -> Self {
        Self { tree: Arc::new(tree) }
    }

    /// Reads, links, checks. Cannot fail: what cannot be read is a finding.
    #[must_use]
    pub fn run(&self, options: &Options, progress: &(dyn Fn(Progress) + Sync)) -> Report {
        let mut timings = Timings::default();
        let (config, manifests) = timings.phase("manifests", || self.configure(options));
        let mut project = self.link_with(&config, &manifests, options, progress, &mut timings);
        progress(Progress::Linked);
        let (found, rule_times) = timings.phase("check", || {
            let chosen = rules::ALL.iter().copied().filter(|rule| config.may_run(rule)).collect();
            check(&project, chosen, progress)
        });
        timings.rules = rule_times;
        let (endpoints, routes) = timings.phase("inventory", || (project.endpoints(), project.listing()));
        let shown = shown::sift((&self.tree, &project), config, options, found, &endpoints);
        let (suppressed, elsewhere) = (shown.suppressed.len(), shown.elsewhere);
        let summary = Summary { suppressed, elsewhere, ..figures::summary(&project, &endpoints) };
        let stats = figures::stats(&project);
        let lines = project.take_lines();
        let tree = Arc::clone(&self.tree);
        let report = Report::new(tree, lines, shown.diagnostics, endpoints, summary, stats);
        let (known, baseline) = (shown.known, shown.baseline);
        Report { known, baseline, suppressed: shown.suppressed, open: shown.open, routes, timings, ..report }
    }

    /// Everything before the rules: manifests, configuration, facts, names, the call graph.
    #[must_use]
    pub fn link(&self, options: &Options, progress: &(dyn Fn(Progress) + Sync)) -> Project {
        let (config, manifests) = self.configure(options);
        self.link_with(&config, &manifests, options, progress, &mut Timings::default())
    }

    /// The manifests, and the configuration with the options over it.
    fn configure(&self, options: &Options) -> (Config, Manifests) {
        let manifests = Manifests::read(&self.tree);
        let flags = Flags { select: options.select.clone(), preview: options.preview };
        (Config::read(&self.tree, &manifests, flags), manifests)
    }

    fn link_with(
        &self,
        config: &Config,
        manifests: &Manifests,
        options: &Options,
        progress: &(dyn Fn(Progress) + Sync),
        timings: &mut Timings,
    ) -> Project {
        let apps = apps::discover(&self.tree, manifests, |root| {
            let (bundler, version) = config.app(root);
            let bundler = bundler.map(|bundler| match bundler {
                config::Bundler::Webpack => Bundler::Webpack,
                config::Bundler::Turbopack => Bundler::Turbopack,
            });
            Overrides { version: version.and_then(Version::of_range), bundler: options.bundler.or(bundler) }
        });
        let packages = apps.packages.all.iter();
        let workspaces: Vec<Workspace> = packages
            .filter_map(|package| Some(Workspace { name: package.name.clone()?, folder: package.folder.clone() }))
            .collect();
        let ((facts, problems), resolver) = timings
            .phase("extract", || rayon::join(|| self.extract(progress), || Resolver::new(&self.tree, &workspaces)));
        let inputs = Inputs {
            tree: Arc::clone(&self.tree),
            apps,
            models: Models::with(config.models()),
            relations: Relations::of(&manifests.prisma),
            facts,
            problems,
        };
        timings.phase("link", || project::link(inputs, &resolver))
    }

    /// The facts of every source file, and what could not be read.
    fn extract(&self, progress: &(dyn Fn(Progress) + Sync)) -> Extracted {
        let sources: Vec<(FileId, FileKind)> = (0..)
            .zip(&self.tree.paths)
            .filter_map(|(index, path)| Some((FileId(index), FileKind::of(path)?)))
            .collect();
        let done = AtomicUsize::new(0);
        let read: Vec<(FileId, Result<FileFacts, String>)> = sources
            .par_iter()
            .map(|&(file, kind)| {
                let facts = self.tree.read_text(self.tree.path(file)).map(|text| extract(kind, &text));
                progress(Progress::Extracted(done.fetch_add(1, Ordering::Relaxed) + 1, sources.len()));
                (file, facts.map_err(|error| error.to_string()))
            })
            .collect();
        let (mut facts, mut problems) = (Vec::with_capacity(read.len()), Vec::new());
        for (file, outcome) in read {
            match outcome {
                Ok(read) => facts.push((file, read)),
                Err(reason) => problems.push((file, reason)),
            }
        }
        (facts, problems)
    }
}

/// Runs rules, and says how long each took. A rule that panics is one finding, and the
/// others go on.
fn check(
    project: &Project,
    chosen: Vec<&'static Rule>,
    progress: &(dyn Fn(Progress) + Sync),
) -> (Vec<Diagnostic>, Vec<(&'static str, Duration)>) {
    let done = AtomicUsize::new(0);
    let outcomes: Vec<(Vec<Diagnostic>, Duration)> = chosen
        .par_iter()
        .map(|rule| {
            let start = Instant::now();
            let found = std::panic::catch_unwind(AssertUnwindSafe(|| (rule.check)(project)));
            progress(Progress::Checked(done.fetch_add(1, Ordering::Relaxed) + 1, chosen.len()));
            (found.unwrap_or_else(|payload| rules::panicked(project, rule, &*payload)), start.elapsed())
        })
        .collect();
    let times = chosen.iter().zip(&outcomes).map(|(rule, (_, time))| (rule.id, *time)).collect();
    (outcomes.into_iter().flat_map(|(found, _)| found).collect(), times)
}
