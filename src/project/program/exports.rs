//! The exports of every module by name, barrels flattened once.

use rustc_hash::{FxHashMap, FxHashSet};

use super::modules::{Module, ModuleId};
use crate::facts::{ExportKind, ImportId};

/// The exports of every module by name.
pub struct Symbols {
    /// Its own exports.
    exports: Vec<FxHashMap<Box<str>, u32>>,
    /// What comes through its `export *`, however many files away: the module that has it itself, and the index there.
    through: Vec<FxHashMap<Box<str>, (ModuleId, u32)>>,
    stars: Vec<Vec<ImportId>>,
}

impl Symbols {
    /// Indexes the exports of `modules`.
    #[must_use]
    pub fn new(modules: &[Module]) -> Self {
        let (exports, stars): (Vec<_>, Vec<_>) = modules.iter().map(own_exports).unzip();
        let mut symbols = Self { through: vec![FxHashMap::default(); modules.len()], exports, stars };
        symbols.through = (0..modules.len()).map(|module| symbols.starred(modules, module)).collect();
        symbols
    }

    /// What comes through the `export *` of a module, the first one in source order before the others.
    fn starred(&self, modules: &[Module], module: usize) -> FxHashMap<Box<str>, (ModuleId, u32)> {
        let mut found: FxHashMap<Box<str>, (ModuleId, u32)> = FxHashMap::default();
        if self.stars[module].is_empty() {
            return found;
        }
        let mut seen = FxHashSet::default();
        let targets = |module: usize| {
            let stars = self.stars[module].iter().rev();
            stars.filter_map(move |&star| modules[module].target(star))
        };
        let mut open: Vec<ModuleId> = targets(module).collect();
        while let Some(next) = open.pop() {
            if !seen.insert(next) {
                continue;
            }
            let named = modules[next as usize].facts.exports.iter();
            for export in named.filter(|export| !matches!(export.kind, ExportKind::Type | ExportKind::Star(_))) {
                let name = modules[next as usize].facts.text(export.name);
                if let (true, Some(&index)) = (name != "default", self.exports[next as usize].get(name)) {
                    found.entry(name.into()).or_insert((next, index));
                }
            }
            open.extend(targets(next as usize));
        }
        found
    }

    /// The export that `name` finally is: the module that has it itself, and its index there. `export *` is followed.
    #[must_use]
    pub fn export(&self, module: ModuleId, name: &str) -> Option<(ModuleId, u32)> {
        match self.exports[module as usize].get(name) {
            Some(&index) => Some((module, index)),
            None => self.through[module as usize].get(name).copied(),
        }
    }

    /// The `export *` of a module.
    #[must_use]
    pub fn stars(&self, module: ModuleId) -> &[ImportId] {
        &self.stars[module as usize]
    }

    /// Every name that a module exports, `export *` followed, sorted.
    #[must_use]
    pub fn names(&self, modules: &[Module], module: ModuleId) -> Vec<String> {
        let (mut names, mut seen, mut open) = (Vec::new(), Vec::new(), vec![(module, true)]);
        while let Some((module, own)) = open.pop() {
            if seen.contains(&module) {
                continue;
            }
            seen.push(module);
            let facts = &modules[module as usize].facts;
            let named =
                facts.exports.iter().filter(|export| !matches!(export.kind, ExportKind::Type | ExportKind::Star(_)));
            names.extend(
                named.map(|export| facts.text(export.name)).filter(|&name| own || name != "default").map(str::to_owned),
            );
            let stars = self.stars[module as usize].iter();
            open.extend(stars.filter_map(|&star| modules[module as usize].target(star)).map(|target| (target, false)));
        }
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// A module's own exports by name, and its `export *`.
fn own_exports(module: &Module) -> (FxHashMap<Box<str>, u32>, Vec<ImportId>) {
    let mut named: FxHashMap<Box<str>, u32> = FxHashMap::default();
    let mut stars = Vec::new();
    for (index, export) in (0..).zip(&module.facts.exports) {
        match export.kind {
            ExportKind::Star(import) => stars.push(import),
            ExportKind::Type => {}
            _ => drop(named.insert(module.facts.text(export.name).into(), index)),
        }
    }
    (named, stars)
}
