//! The one door for the command line, editors and tests: a tree in, a [`Report`] out.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Place};
use crate::source::{FileId, LineIndex, Position, Tree};

/// Which compiler pipeline an app is built with.
pub use crate::apps::Bundler;
/// What the inventory lists.
pub use crate::project::{Caller, CallerKind, Endpoint, EndpointKind};

/// What to run and what to show.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Run these rules alone, preview findings included; all stable ones where empty.
    pub select: Vec<String>,
    /// Show preview findings too.
    pub preview: bool,
    /// Show the findings of one app: its root or its package's name.
    pub app: Option<String>,
    /// Show only findings whose primary place lies at or below one of these paths, relative to the root; everything where empty.
    pub paths: Vec<String>,
    /// Take this bundler for every app instead of the one that its version and scripts imply.
    pub bundler: Option<Bundler>,
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
    /// Where the version comes from: `node_modules`, `lock file`, `package.json`, `assumed`.
    pub version_source: &'static str,
    /// `webpack` or `turbopack`
    pub bundler: &'static str,
}

/// How imports and calls resolved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stats {
    /// Imports by outcome (`relative`, `alias`, `workspace`, `package`, `builtin`, `asset`, `unresolved: reason`), sorted.
    pub imports: Vec<(String, usize)>,
    /// Calls by outcome (`function`, `external`, `global`, `unknown: reason`), sorted.
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
    /// Imports that should have resolved and did not.
    pub unresolved_imports: usize,
    /// Calls whose callee is not known.
    pub unresolved_calls: usize,
    /// Imports that should resolve inside the tree, resolved or not.
    pub local_imports: usize,
}

/// What a run says.
pub struct Report {
    /// The findings to show, sorted by path, then position, then rule.
    pub diagnostics: Vec<Diagnostic>,
    /// Everything that the network can call, sorted by path, then position.
    pub endpoints: Vec<Endpoint>,
    /// The figures.
    pub summary: Summary,
    /// How imports and calls resolved.
    pub stats: Stats,
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
        Self { diagnostics, endpoints, summary, stats, tree, lines }
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

    /// The text of a file, for excerpts; empty where it cannot be read any more.
    #[must_use]
    pub fn text(&self, file: FileId) -> String {
        self.tree.read_text(self.tree.path(file)).unwrap_or_default()
    }
}

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
    pub fn run(&self, _options: &Options, _progress: &(dyn Fn(Progress) + Sync)) -> Report {
        Report::new(Arc::clone(&self.tree), Vec::new(), Vec::new(), Vec::new(), Summary::default(), Stats::default())
    }
}
