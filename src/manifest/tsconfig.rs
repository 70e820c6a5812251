//! `tsconfig.json` and `jsconfig.json`: what they say about where modules are, `extends` followed.
//!
//! Knows nothing about which file imports what. Reading never fails: what cannot be read or found says nothing.

use std::sync::OnceLock;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use jsonc_parser::ast::{Object, Value};
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use crate::source::{Tree, is_below, join, parent};

/// How many configurations one may extend in a row.
const DEPTH: usize = 16;

/// One entry of `paths`, its targets relative to the root of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// The pattern, with at most one `*`: `@/*`.
    pub pattern: String,
    /// Where it leads, in the order to try: `apps/web/src/*`. Targets outside the tree are left out.
    pub targets: Vec<String>,
}

impl Mapping {
    /// What the `*` of the pattern stands for in `specifier`; empty where the pattern has none and is the specifier.
    fn captured<'s>(&self, specifier: &'s str) -> Option<&'s str> {
        match self.pattern.split_once('*') {
            Some((prefix, suffix)) => specifier.strip_prefix(prefix)?.strip_suffix(suffix),
            None => (self.pattern == specifier).then_some(""),
        }
    }
}

/// The effective configuration of one file, every path relative to the root of the tree.
#[derive(Debug, Default)]
pub struct Tsconfig {
    /// The file it was read from.
    pub path: String,
    /// `baseUrl`
    pub base_url: Option<String>,
    /// `paths`, as written.
    pub paths: Vec<Mapping>,
    /// `rootDir`
    pub root_dir: Option<String>,
    /// `rootDirs`
    pub root_dirs: Vec<String>,
    /// `outDir`
    pub out_dir: Option<String>,
    /// The configuration files that `references` names.
    pub references: Vec<String>,
    files: Option<Vec<String>>,
    include: Option<Vec<String>>,
    exclude: Vec<String>,
    globs: OnceLock<(GlobSet, GlobSet)>,
}

impl Tsconfig {
    /// Reads the configuration at `path`. `package` gives the folder of a package of the tree, for `extends` by name.
    #[must_use]
    pub fn read(tree: &Tree, path: &str, package: &dyn Fn(&str) -> Option<String>) -> Self {
        let reader = Reader { tree, package, home: parent(path) };
        let mut layer = Layer::default();
        reader.read(path, &mut layer, &mut Vec::new());
        let base = layer.base_url.as_deref().unwrap_or(&layer.paths_folder);
        let place = |target: &String| reader.place(base, target);
        let mapping = |(pattern, targets): (String, Vec<String>)| Mapping {
            pattern,
            targets: targets.iter().filter_map(place).collect(),
        };
        let paths = std::mem::take(&mut layer.paths).unwrap_or_default().into_iter().map(mapping).collect();
        Self {
            path: path.to_owned(),
            base_url: layer.base_url,
            paths,
            root_dir: layer.root_dir,
            root_dirs: layer.root_dirs.unwrap_or_default(),
            out_dir: layer.out_dir,
            references: layer.references,
            files: layer.files,
            include: layer.include,
            exclude: layer.exclude.unwrap_or_default(),
            globs: OnceLock::new(),
        }
    }

    /// The folder that the configuration lies in.
    #[must_use]
    pub fn folder(&self) -> &str {
        parent(&self.path)
    }

    /// Whether `paths` says anything of `specifier`.
    #[must_use]
    pub fn names(&self, specifier: &str) -> bool {
        self.paths.iter().any(|mapping| mapping.captured(specifier).is_some())
    }

    /// Where `paths` says that `specifier` is, in the order to try, and the pattern that says so: the exact one, else the one
    /// with the longest part before its `*`.
    #[must_use]
    pub fn targets(&self, specifier: &str) -> Option<(&str, Vec<String>)> {
        let rank = |mapping: &Mapping| mapping.pattern.find('*').unwrap_or(usize::MAX);
        let mut best: Option<(&Mapping, &str)> = None;
        for mapping in &self.paths {
            let Some(captured) = mapping.captured(specifier) else { continue };
            if best.is_none_or(|(other, _)| rank(other) < rank(mapping)) {
                best = Some((mapping, captured));
            }
        }
        let (mapping, captured) = best?;
        let targets =
            mapping.targets.iter().filter_map(|target| join("", &target.replacen('*', captured, 1))).collect();
        Some((&mapping.pattern, targets))
    }

    /// Whether `files`, `include` and `exclude` make the file at `path` a part of this project.
    #[must_use]
    pub fn includes(&self, path: &str) -> bool {
        if self.files.as_ref().is_some_and(|files| files.iter().any(|file| file == path)) {
            return true;
        }
        if self.include.is_none() {
            return self.files.is_none() && is_below(path, self.folder()) && !self.globs().1.is_match(path);
        }
        let (include, exclude) = self.globs();
        include.is_match(path) && !exclude.is_match(path)
    }

    fn globs(&self) -> &(GlobSet, GlobSet) {
        self.globs.get_or_init(|| (compile(self.include.as_deref().unwrap_or_default()), compile(&self.exclude)))
    }
}

/// A set of patterns of `include`: `*` and `?` stay within a segment, `**/` spans folders, a folder means all that is in it.
fn compile(patterns: &[String]) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let escaped: String = pattern
            .chars()
            .flat_map(|letter| {
                let special = matches!(letter, '[' | ']' | '{' | '}' | '!' | '\\');
                special.then_some('\\').into_iter().chain([letter])
            })
            .collect();
        let below = if escaped.is_empty() { "**".to_owned() } else { format!("{escaped}/**") };
        for glob in [escaped, below] {
            if let Ok(glob) = GlobBuilder::new(&glob).literal_separator(true).backslash_escape(true).build() {
                set.add(glob);
            }
        }
    }
    set.build().unwrap_or_default()
}

/// What one configuration and those it extends say; a field once set is not overridden by a configuration further away.
#[derive(Default)]
struct Layer {
    base_url: Option<String>,
    paths: Option<Vec<(String, Vec<String>)>>,
    paths_folder: String,
    root_dir: Option<String>,
    root_dirs: Option<Vec<String>>,
    out_dir: Option<String>,
    references: Vec<String>,
    files: Option<Vec<String>>,
    include: Option<Vec<String>>,
    exclude: Option<Vec<String>>,
}

struct Reader<'a> {
    tree: &'a Tree,
    package: &'a dyn Fn(&str) -> Option<String>,
    /// What `${configDir}` stands for.
    home: &'a str,
}

impl Reader<'_> {
    fn read(&self, path: &str, layer: &mut Layer, trail: &mut Vec<String>) {
        if trail.len() >= DEPTH || trail.iter().any(|seen| seen == path) {
            return;
        }
        let Ok(text) = self.tree.read_text(path) else { return };
        let text = text.trim_start_matches('\u{feff}');
        let Ok(parsed) = parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default()) else { return };
        let Some(Value::Object(root)) = parsed.value else { return };
        let folder = parent(path);
        self.own(&root, folder, trail.is_empty(), layer);
        trail.push(path.to_owned());
        // Of several, a later one overrides an earlier one.
        for specifier in strings(&root, "extends").unwrap_or_default().iter().rev() {
            if let Some(base) = self.extended(folder, specifier) {
                self.read(&base, layer, trail);
            }
        }
        trail.pop();
    }

    /// Takes over what the configuration itself says.
    fn own(&self, root: &Object<'_>, folder: &str, first: bool, layer: &mut Layer) {
        let list = |object: &Object<'_>, name: &str| {
            let values = strings(object, name)?;
            Some(values.iter().filter_map(|value| self.place(folder, value)).collect::<Vec<_>>())
        };
        let fill = |slot: &mut Option<Vec<String>>, name: &str| {
            if slot.is_none() {
                *slot = list(root, name);
            }
        };
        fill(&mut layer.files, "files");
        fill(&mut layer.include, "include");
        fill(&mut layer.exclude, "exclude");
        if first {
            layer.references = self.references(root, folder);
        }
        let Some(options) = root.get_object("compilerOptions") else { return };
        let one = |slot: &mut Option<String>, name: &str| {
            if slot.is_none() {
                *slot = options.get_string(name).and_then(|value| self.place(folder, &value.value));
            }
        };
        one(&mut layer.base_url, "baseUrl");
        one(&mut layer.root_dir, "rootDir");
        one(&mut layer.out_dir, "outDir");
        if layer.root_dirs.is_none() {
            layer.root_dirs = list(options, "rootDirs");
        }
        if layer.paths.is_none()
            && let Some(paths) = options.get_object("paths")
        {
            let entry = |name: &str| Some((name.to_owned(), strings(paths, name)?));
            layer.paths = Some(paths.properties.iter().filter_map(|property| entry(property.name.as_str())).collect());
            folder.clone_into(&mut layer.paths_folder);
        }
    }

    fn references(&self, root: &Object<'_>, folder: &str) -> Vec<String> {
        let Some(references) = root.get_array("references") else { return Vec::new() };
        let path = |value: &Value<'_>| {
            let target = join(folder, &value.as_object()?.get_string("path")?.value)?;
            if target.ends_with(".json") { Some(target) } else { join(&target, "tsconfig.json") }
        };
        references.elements.iter().filter_map(path).filter(|path| self.tree.find(path).is_some()).collect()
    }

    /// The file that an `extends` entry means, if it is in the tree.
    fn extended(&self, folder: &str, specifier: &str) -> Option<String> {
        let target = if specifier.starts_with('.') || specifier.starts_with("${configDir}") {
            self.place(folder, specifier)?
        } else {
            let slashes = if specifier.starts_with('@') { 2 } else { 1 };
            let end = specifier.match_indices('/').nth(slashes - 1).map_or(specifier.len(), |(at, _)| at);
            join(&(self.package)(&specifier[..end])?, &specifier[end..])?
        };
        let with_extension = format!("{target}.json");
        let inside = join(&target, "tsconfig.json")?;
        [target, with_extension, inside].into_iter().find(|path| self.tree.find(path).is_some())
    }

    /// A path as written in a configuration of `folder`, relative to the root of the tree.
    fn place(&self, folder: &str, written: &str) -> Option<String> {
        if let Some(rest) = written.strip_prefix("${configDir}") {
            return join(self.home, rest);
        }
        if written.starts_with('/') { None } else { join(folder, written) }
    }
}

/// A string, or an array of strings.
fn strings(object: &Object<'_>, name: &str) -> Option<Vec<String>> {
    match &object.get(name)?.value {
        Value::StringLit(value) => Some(vec![value.value.clone().into_owned()]),
        Value::Array(values) => Some(
            values
                .elements
                .iter()
                .filter_map(|value| Some(value.as_string_lit()?.value.clone().into_owned()))
                .collect(),
        ),
        _ => None,
    }
}
