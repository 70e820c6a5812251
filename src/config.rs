//! The configuration: what is written in the tree, in layers, and the answers that a run needs of it.
//!
//! Defaults lie below files, the file of the root below those of the folders, and flags on top. A file is `edgelint.toml`,
//! `[package.metadata.edgelint]` in a `Cargo.toml` or `"edgelint"` in a `package.json`; it speaks for its folder, and its globs start
//! there. Every value knows where it is written, so what cannot be meant is a finding in the file.
//!
//! Knows the rules' metadata. Knows no app, no endpoint and no finding.

mod decode;
mod file;
mod globs;
mod layer;

pub use file::{Bundler, Cap, schema};

use crate::diagnostic::{Diagnostic, Level, Place, Status, nearest};
use crate::manifest::Manifests;
use crate::models::Model;
use crate::rules::{self, Rule};
use crate::source::{FileId, Span, Tree};
use layer::{Layer, Source};

/// What the command line says over the files.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// Run these rules alone.
    pub select: Vec<String>,
    /// Show preview findings too.
    pub preview: bool,
}

/// The configuration of a tree.
#[derive(Debug, Default)]
pub struct Config {
    /// By folder, so that those above come first.
    layers: Vec<Layer>,
    flags: Flags,
    problems: Vec<Diagnostic>,
}

/// An endpoint as the globs of `public` and `protected` name it.
pub struct EndpointName<'a> {
    /// Its file, relative to the root.
    pub path: &'a str,
    /// The name it is exported by.
    pub name: Option<&'a str>,
    /// Its URL.
    pub url: Option<&'a str>,
}

impl Config {
    /// Reads the configuration of a tree.
    #[must_use]
    pub fn read(tree: &Tree, manifests: &Manifests, flags: Flags) -> Self {
        let mut config = Self { layers: Vec::new(), flags, problems: Vec::new() };
        for (folder, mut sources) in layer::sources(tree, manifests) {
            let first = sources.remove(0);
            for other in sources {
                let message = format!("`{}` beside it is read, so this is not", tree.path(first.file));
                config.say(other.file, Span::new(0, 0), Level::Warning, message);
            }
            config.add(tree, &folder, first);
        }
        config
    }

    fn add(&mut self, tree: &Tree, folder: &str, source: Source) {
        let (layer, problems) = layer::read(tree, folder, source);
        for (span, level, message) in problems {
            self.say(source.file, span, level, message);
        }
        self.layers.extend(layer);
    }

    fn say(&mut self, file: FileId, span: Span, level: Level, message: String) {
        self.problems.push(rules::misconfigured(file, span, level, message));
    }

    /// What is wrong with the configuration itself.
    #[must_use]
    pub fn problems(&self) -> &[Diagnostic] {
        &self.problems
    }

    /// The layers that speak for a path, outermost first.
    fn over<'a>(&'a self, path: &'a str) -> impl DoubleEndedIterator<Item = &'a Layer> {
        self.layers.iter().filter(move |layer| layer.covers(path))
    }

    /// Whether a rule may have something to say anywhere.
    #[must_use]
    pub fn may_run(&self, rule: &Rule) -> bool {
        if !self.flags.select.is_empty() {
            return self.flags.select.iter().any(|id| id == rule.id);
        }
        if self.is_off_at_root(rule) && self.layers.iter().all(|layer| layer.silences(rule)) {
            return false;
        }
        let by_default = self.flags.preview || rule.status == Status::Stable;
        let root = self.layers.first().filter(|layer| layer.folder.is_empty());
        let named = |layer: &Layer| match &layer.select {
            Some(select) => select.contains(&rule.id),
            None => layer.preview == Some(true),
        };
        by_default && root.is_none_or(|root| root.select.is_none()) || self.layers.iter().any(named)
    }

    fn is_off_at_root(&self, rule: &Rule) -> bool {
        let root = self.layers.first().filter(|layer| layer.folder.is_empty());
        root.is_some_and(|root| root.level(rule) == Some(Cap::Off))
    }

    /// Whether a rule runs on a file: `None` where it does not, else whether its preview findings show.
    #[must_use]
    pub fn runs(&self, rule: &Rule, path: &str) -> Option<bool> {
        if !self.flags.select.is_empty() {
            return self.flags.select.iter().any(|id| id == rule.id).then_some(true);
        }
        if self.cap(rule, path) == Cap::Off {
            return None;
        }
        if let Some(select) = self.over(path).rev().find_map(|layer| layer.select.as_ref()) {
            return select.contains(&rule.id).then_some(true);
        }
        let preview = self.flags.preview || self.over(path).rev().find_map(|layer| layer.preview).unwrap_or(false);
        (preview || rule.status == Status::Stable).then_some(preview)
    }

    /// Whether the files say which rules run on a file, so that the others do not.
    #[must_use]
    pub fn selects(&self, path: &str) -> bool {
        self.over(path).any(|layer| layer.select.is_some())
    }

    /// The level of a finding in a file, or `None` where it is switched off. A rule that a flag selects is not.
    #[must_use]
    pub fn level(&self, rule: &Rule, path: &str, level: Level) -> Option<Level> {
        match self.cap(rule, path) {
            Cap::Off if self.flags.select.iter().any(|id| id == rule.id) => Some(level),
            cap => cap.of(level),
        }
    }

    /// The innermost and last of the levels that are given to a rule or its group.
    fn cap(&self, rule: &Rule, path: &str) -> Cap {
        self.over(path).rev().find_map(|layer| layer.cap(rule, path)).unwrap_or(Cap::Error)
    }

    /// Whether findings in a file are reported: no file of the way leaves it out.
    #[must_use]
    pub fn reports(&self, path: &str) -> bool {
        self.over(path).all(|layer| layer.reports(path))
    }

    /// The models that the files bring, in their order.
    pub fn models(&self) -> impl Iterator<Item = Model> {
        self.layers.iter().flat_map(|layer| layer.models.iter().cloned())
    }

    /// The bundler and the version that the innermost files say of the app in a folder.
    #[must_use]
    pub fn app(&self, root: &str) -> (Option<Bundler>, Option<&str>) {
        let over = || self.layers.iter().rev().filter(|layer| layer.folder == root || layer.covers(root));
        let bundler = over().find_map(|layer| layer.bundler);
        (bundler, over().find_map(|layer| layer.next.as_deref()))
    }

    /// The baseline that the root's file names, relative to the root, and where it is named.
    #[must_use]
    pub fn baseline(&self) -> Option<(&str, Place)> {
        self.layers.iter().find_map(|layer| {
            let (path, span) = layer.baseline.as_ref()?;
            Some((path.as_str(), Place { file: layer.file, span: *span }))
        })
    }

    /// Says that what is written at a place cannot be followed.
    pub fn reject(&mut self, place: Place, message: String) {
        self.say(place.file, place.span, Level::Error, message);
    }

    /// Whether an endpoint is declared open on purpose.
    #[must_use]
    pub fn is_public(&self, endpoint: &EndpointName) -> bool {
        self.over(endpoint.path).any(|layer| layer.public.iter().any(|glob| layer.names(glob, endpoint)))
    }

    /// Says which globs of endpoints name none of these.
    pub fn check_endpoints(&mut self, endpoints: &[EndpointName]) {
        let mut unmatched = Vec::new();
        for layer in &self.layers {
            for glob in layer.public.iter().chain(&layer.protected) {
                if !endpoints.iter().any(|endpoint| layer.covers(endpoint.path) && layer.names(glob, endpoint)) {
                    unmatched.push((layer.file, glob.span, format!("`{}` matches no endpoint", glob.text)));
                }
            }
        }
        for (file, span, message) in unmatched {
            self.say(file, span, Level::Warning, message);
        }
    }
}

/// `unknown rule `x`; did you mean `y`?`
fn unknown(what: &str, name: &str, candidates: impl Iterator<Item = &'static str>) -> String {
    format!("unknown {what} `{name}`{}", nearest::hint(name, candidates))
}

/// A range of bytes as a span; what lies past 4 GiB is cut.
fn span(range: std::ops::Range<usize>) -> Span {
    Span::new(u32::try_from(range.start).unwrap_or(u32::MAX), u32::try_from(range.end).unwrap_or(u32::MAX))
}
