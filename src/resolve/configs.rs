//! Which `tsconfig.json` or `jsconfig.json` applies to a file.

use rustc_hash::FxHashMap;
use serde_json::json;

use crate::manifest::tsconfig::{Mapping, Tsconfig};
use crate::source::{Tree, parent};

/// The configurations of a tree. Each has a number.
pub(super) struct Configs {
    list: Vec<Tsconfig>,
    by_path: FxHashMap<String, usize>,
    by_folder: FxHashMap<String, usize>,
}

impl Configs {
    /// Reads every configuration that lies at its folder's usual name, and those that they refer to.
    pub(super) fn read(tree: &Tree, package: &dyn Fn(&str) -> Option<String>) -> Self {
        let mut configs = Self { list: Vec::new(), by_path: FxHashMap::default(), by_folder: FxHashMap::default() };
        for name in ["tsconfig.json", "jsconfig.json"] {
            let is_config =
                |path: &&String| path.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'));
            for path in tree.paths.iter().filter(is_config) {
                if !configs.by_folder.contains_key(parent(path)) {
                    let number = configs.add(tree, path, package);
                    configs.by_folder.insert(parent(path).to_owned(), number);
                }
            }
        }
        configs
    }

    fn add(&mut self, tree: &Tree, path: &str, package: &dyn Fn(&str) -> Option<String>) -> usize {
        if let Some(&number) = self.by_path.get(path) {
            return number;
        }
        let config = Tsconfig::read(tree, path, package);
        let references = config.references.clone();
        let number = self.list.len();
        self.list.push(config);
        self.by_path.insert(path.to_owned(), number);
        for reference in references {
            self.add(tree, &reference, package);
        }
        number
    }

    /// The configurations, by number.
    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = &Tsconfig> {
        self.list.iter()
    }

    /// The configuration of that number.
    pub(super) fn get(&self, number: usize) -> &Tsconfig {
        &self.list[number]
    }

    /// The configuration of `folder` itself.
    pub(super) fn of_folder(&self, folder: &str) -> Option<&Tsconfig> {
        self.by_folder.get(folder).map(|&number| &self.list[number])
    }

    /// The configuration of the nearest folder at or above `folder` that has one.
    pub(super) fn nearest(&self, mut folder: &str) -> Option<usize> {
        loop {
            if let Some(&number) = self.by_folder.get(folder) {
                return Some(number);
            }
            if folder.is_empty() {
                return None;
            }
            folder = parent(folder);
        }
    }

    /// The configuration of the nearest folder above that of `number` that has one.
    pub(super) fn above(&self, number: usize) -> Option<usize> {
        let folder = self.list[number].folder();
        if folder.is_empty() { None } else { self.nearest(parent(folder)) }
    }

    /// Whether a configuration and those further up apply to every file the same.
    pub(super) fn is_uniform(&self, mut number: Option<usize>) -> bool {
        while let Some(config) = number {
            if !self.list[config].references.is_empty() {
                return false;
            }
            number = self.above(config);
        }
        true
    }

    /// The configuration that applies to the file at `path`, of `number` and those that it refers to: the first one that
    /// includes the file, else `number` itself.
    pub(super) fn applying(&self, number: usize, path: &str) -> usize {
        let config = &self.list[number];
        if config.references.is_empty() || config.includes(path) {
            return number;
        }
        let referenced = config.references.iter().filter_map(|reference| self.by_path.get(reference).copied());
        referenced.into_iter().find(|&other| self.list[other].includes(path)).unwrap_or(number)
    }
}

/// A configuration without `extends`, as text, its paths absolute in the file system of the tree.
pub(super) fn effective(config: &Tsconfig) -> String {
    let absolute = |path: &String| format!("/{path}");
    let mapping = |mapping: &Mapping| (mapping.pattern.clone(), mapping.targets.iter().map(absolute).collect());
    let paths: serde_json::Map<String, serde_json::Value> = config.paths.iter().map(mapping).collect();
    json!({ "compilerOptions": { "baseUrl": config.base_url.as_ref().map(absolute), "paths": paths } }).to_string()
}
