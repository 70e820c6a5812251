//! One configuration file, read and checked against the tree: what it says of its folder.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::file::{Bundler, Cap, File, Levels, Text, is_key, levelled};
use super::globs::Glob;
use super::{EndpointName, decode, unknown};
use crate::diagnostic::Level;
use crate::manifest::Manifests;
use crate::models::Model;
use crate::rules::{self, Rule};
use crate::source::{FileId, Span, Tree, is_below, join};

/// The name of the file of its own.
const NAME: &str = "edgelint.toml";

/// What is wrong: where, how much, what.
pub(super) type Problem = (Span, Level, String);

/// Where a configuration is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source {
    pub(super) file: FileId,
    form: Form,
}

#[derive(Debug, Clone, Copy)]
enum Form {
    Own,
    Cargo,
    Package(Span),
}

/// What one file says of its folder.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) folder: String,
    pub(super) file: FileId,
    pub(super) select: Option<Vec<&'static str>>,
    pub(super) preview: Option<bool>,
    levels: BTreeMap<&'static str, Cap>,
    include: Vec<Glob>,
    exclude: Vec<Glob>,
    overrides: Vec<(Vec<Glob>, BTreeMap<&'static str, Cap>)>,
    /// Relative to the root; of the root's own file alone.
    pub(super) baseline: Option<(String, Span)>,
    pub(super) public: Vec<Glob>,
    pub(super) protected: Vec<Glob>,
    pub(super) bundler: Option<Bundler>,
    pub(super) next: Option<String>,
    pub(super) models: Vec<Model>,
}

/// The files of a tree, by folder, the one that is read first.
pub(super) fn sources(tree: &Tree, manifests: &Manifests) -> BTreeMap<String, Vec<Source>> {
    let mut found: BTreeMap<String, Vec<Source>> = BTreeMap::new();
    for (index, path) in (0..).zip(&tree.paths) {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        if name == NAME {
            let source = Source { file: FileId(index), form: Form::Own };
            found.entry(folder.to_owned()).or_default().push(source);
        }
    }
    for manifest in manifests.crates.iter().filter(|manifest| manifest.has_configuration) {
        let source = Source { file: manifest.file, form: Form::Cargo };
        found.entry(manifest.folder.clone()).or_default().push(source);
    }
    for manifest in &manifests.packages {
        let Some(span) = manifest.configuration else { continue };
        let source = Source { file: manifest.file, form: Form::Package(span) };
        found.entry(manifest.folder.clone()).or_default().push(source);
    }
    found
}

/// Reads one file. A text that is no TOML or no JSON says nothing; of any other, what is understood holds.
pub(super) fn read(tree: &Tree, folder: &str, source: Source) -> (Option<Layer>, Vec<Problem>) {
    let error = |(span, message)| (span, Level::Error, message);
    let text = match tree.read_text(tree.path(source.file)) {
        Ok(text) => text,
        Err(reason) => return (None, vec![(Span::default(), Level::Error, format!("cannot be read: {reason}"))]),
    };
    // A byte order mark becomes three line ends, so that places stay.
    let text = text.strip_prefix('\u{feff}').map_or(Cow::Borrowed(&*text), |rest| Cow::Owned(format!("\n\n\n{rest}")));
    let options = ParseOptions::default();
    let parsed;
    let value = match source.form {
        Form::Own => match decode::toml(&text) {
            Ok(value) => Some(value),
            Err(mistake) => return (None, vec![error(mistake)]),
        },
        Form::Cargo => metadata(&text),
        Form::Package(span) => {
            let Some(part) = text.get(span.start as usize..span.end as usize) else { return (None, Vec::new()) };
            parsed = parse_to_ast(part, &CollectOptions::default(), &options).ok().and_then(|parsed| parsed.value);
            parsed.as_ref().and_then(|value| decode::json(value, span.start as usize))
        }
    };
    let Some(value) = value else { return (None, Vec::new()) };
    let (file, mistakes) = decode::decode::<File>(value, is_key);
    let mut problems: Vec<Problem> = mistakes.into_iter().map(error).collect();
    let layer = file.map(|file| Layer::new(tree, folder, source.file, file, &mut problems));
    (layer, problems)
}

/// `[package.metadata.edgelint]`
fn metadata(text: &str) -> Option<Spanned<DeValue<'_>>> {
    let (root, _) = DeTable::parse_recoverable(text);
    let mut table = root.into_inner();
    for key in ["package", "metadata"] {
        table = match table.remove(key)?.into_inner() {
            DeValue::Table(inner) => inner,
            _ => return None,
        };
    }
    table.remove("edgelint")
}

impl Layer {
    fn new(tree: &Tree, folder: &str, id: FileId, file: File, problems: &mut Vec<Problem>) -> Self {
        let mut checker = Checker { tree, folder, problems };
        let overrides = file.overrides.iter();
        Self {
            folder: folder.to_owned(),
            file: id,
            select: file.select.as_ref().map(|select| checker.rules(select)),
            preview: file.preview,
            levels: checker.levels(&file.rules),
            include: checker.files(&file.include),
            exclude: checker.files(&file.exclude),
            overrides: overrides.map(|part| (checker.files(&part.files), checker.levels(&part.rules))).collect(),
            baseline: file.baseline.as_ref().and_then(|text| checker.baseline(text)),
            public: checker.endpoints(&file.public),
            protected: checker.endpoints(&file.protected),
            bundler: file.bundler,
            next: file.next.as_ref().and_then(|text| checker.version(text)),
            models: file.model,
        }
    }

    /// Whether it speaks for a path.
    pub(super) fn covers(&self, path: &str) -> bool {
        self.folder.is_empty() || is_below(path, &self.folder)
    }

    /// The level that it gives to a rule in a file.
    pub(super) fn cap(&self, rule: &Rule, path: &str) -> Option<Cap> {
        let path = self.inside(path);
        let overrides = self.overrides.iter().rev();
        let mut applying = overrides.filter(|(files, _)| files.iter().any(|glob| glob.matches(path)));
        applying.find_map(|(_, levels)| given(levels, rule)).or_else(|| self.level(rule))
    }

    /// The level that it gives to a rule where no override applies.
    pub(super) fn level(&self, rule: &Rule) -> Option<Cap> {
        given(&self.levels, rule)
    }

    /// Whether it gives a rule no level, or switches it off.
    pub(super) fn silences(&self, rule: &Rule) -> bool {
        let overrides = self.overrides.iter().map(|(_, levels)| levels);
        let mut levels = overrides.chain([&self.levels]).filter_map(|levels| given(levels, rule));
        levels.all(|cap| cap == Cap::Off)
    }

    /// Whether it leaves a file in.
    pub(super) fn reports(&self, path: &str) -> bool {
        let path = self.inside(path);
        let matches = |globs: &[Glob]| globs.iter().any(|glob| glob.matches(path));
        (self.include.is_empty() || matches(&self.include)) && !matches(&self.exclude)
    }

    /// Whether a glob of this file names an endpoint.
    pub(super) fn names(&self, glob: &Glob, endpoint: &EndpointName) -> bool {
        let path = self.inside(endpoint.path);
        let url = endpoint.url.is_some_and(|url| glob.matches(url));
        url || glob.matches(path) || endpoint.name.is_some_and(|name| glob.matches(&format!("{path}#{name}")))
    }

    fn inside<'a>(&self, path: &'a str) -> &'a str {
        inside(&self.folder, path)
    }
}

/// The level of a rule, its own before its group's.
fn given(levels: &BTreeMap<&'static str, Cap>, rule: &Rule) -> Option<Cap> {
    levels.get(rule.id).or_else(|| levels.get(rule.group.as_str())).copied()
}

/// A path as seen from a folder above it.
fn inside<'a>(folder: &str, path: &'a str) -> &'a str {
    path.strip_prefix(folder).map_or(path, |rest| rest.trim_start_matches('/'))
}

/// Turns what is written into what it names, and says what names nothing.
struct Checker<'a> {
    tree: &'a Tree,
    folder: &'a str,
    problems: &'a mut Vec<Problem>,
}

impl Checker<'_> {
    fn say(&mut self, text: &Text, level: Level, message: String) {
        self.problems.push((super::span(text.span()), level, message));
    }

    fn rules(&mut self, names: &[Text]) -> Vec<&'static str> {
        let mut found = Vec::new();
        for name in names {
            match rules::find(name.get_ref()) {
                Some(rule) => found.push(rule.id),
                None => {
                    let ids = rules::ALL.iter().map(|rule| rule.id);
                    self.say(name, Level::Error, unknown("rule", name.get_ref(), ids));
                }
            }
        }
        found
    }

    fn levels(&mut self, levels: &Levels) -> BTreeMap<&'static str, Cap> {
        let mut found = BTreeMap::new();
        for (name, cap) in levels {
            match levelled().find(|known| known == name.get_ref()) {
                Some(known) => drop(found.insert(known, *cap)),
                None => self.say(name, Level::Error, unknown("rule or group", name.get_ref(), levelled())),
            }
        }
        found
    }

    fn files(&mut self, globs: &[Text]) -> Vec<Glob> {
        let mut found = Vec::new();
        for text in globs {
            match Glob::of_files(text) {
                Ok(glob) => {
                    let mut below = self.tree.below(self.folder);
                    if !below.any(|(_, path)| glob.matches(inside(self.folder, path))) {
                        self.say(text, Level::Warning, format!("`{}` matches no file", glob.text));
                    }
                    found.push(glob);
                }
                Err(message) => self.say(text, Level::Error, message),
            }
        }
        found
    }

    fn endpoints(&mut self, globs: &[Text]) -> Vec<Glob> {
        let mut found = Vec::new();
        for text in globs {
            match Glob::of_endpoints(text) {
                Ok(glob) => found.push(glob),
                Err(message) => self.say(text, Level::Error, message),
            }
        }
        found
    }

    fn baseline(&mut self, text: &Text) -> Option<(String, Span)> {
        let written = text.get_ref();
        if !self.folder.is_empty() {
            let message = "a baseline is about the whole tree, so the file at the root names it".to_owned();
            self.say(text, Level::Warning, message);
            return None;
        }
        let path = join(self.folder, written).filter(|path| !path.is_empty() && !written.starts_with('/'));
        if path.is_none() {
            let message = match written.as_str() {
                "" => "an empty path names no baseline".to_owned(),
                _ => format!("`{written}` is no file below this folder: write its path from here"),
            };
            self.say(text, Level::Error, message);
        }
        path.map(|path| (path, super::span(text.span())))
    }

    fn version(&mut self, text: &Text) -> Option<String> {
        let written = text.get_ref();
        let release = written.split(['-', '+']).next().unwrap_or_default();
        let parts: Vec<&str> = release.split('.').collect();
        if parts.len() <= 3 && parts.iter().all(|part| part.parse::<u32>().is_ok()) {
            return Some(written.clone());
        }
        self.say(text, Level::Error, format!("`{written}` is no version of Next.js: write `15`, `15.2` or `15.2.4`"));
        None
    }
}
