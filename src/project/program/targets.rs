//! What imports lead to: modules of the tree, packages, and what is neither.

use rustc_hash::FxHashMap;

use super::modules::{ModuleId, Target};
use crate::facts::{FileFacts, ImportId};
use crate::resolve::{Origin, Reason, Resolution, Resolver};
use crate::source::FileId;

/// One import and how it resolved, for the statistics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportCount {
    /// Which kind of specifier it is.
    pub origin: Origin,
    /// Why it leads nowhere, if it does.
    pub missing: Option<Reason>,
    /// The module that imports.
    pub module: ModuleId,
    /// Which of its imports.
    pub import: u32,
}

/// What the imports of a module lead to, which of them stand for another package, and how each resolved.
pub(in crate::project) type Targets = (Vec<Target>, Vec<(ImportId, Box<str>)>, Vec<ImportCount>);

/// Resolves the imports of a module.
pub(in crate::project) fn targets(
    id: ModuleId,
    file: FileId,
    facts: &FileFacts,
    resolver: &Resolver,
    by_file: &FxHashMap<FileId, ModuleId>,
) -> Targets {
    let (mut renamed, mut counts) = (Vec::new(), Vec::with_capacity(facts.imports.len()));
    if facts.kind == crate::facts::FileKind::Rust {
        return (vec![Target::Other; facts.imports.len()], renamed, counts);
    }
    let targets = (0..).zip(&facts.imports).map(|(index, import)| {
        let written = facts.text(import.source);
        let resolved = resolver.resolve(file, written);
        let (target, missing) = match resolved.to {
            Resolution::File(file) => {
                (by_file.get(&file).map_or(Target::Other, |&module| Target::Module(module)), None)
            }
            Resolution::Package(name) => {
                if name != written {
                    renamed.push((index, name.into()));
                }
                (Target::Package, None)
            }
            Resolution::Builtin => (Target::Package, None),
            Resolution::Asset(_) | Resolution::Virtual(_) => (Target::Other, None),
            Resolution::Unresolved(reason) => (Target::Missing, Some(reason)),
        };
        let asset = missing.is_some() && is_asset(written);
        let origin = if asset { Origin::Asset } else { resolved.origin };
        counts.push(ImportCount { origin, missing, module: id, import: index });
        target
    });
    (targets.collect(), renamed, counts)
}

/// Whether a specifier names a file that is no source by its extension: nothing that runs is missing with it.
fn is_asset(specifier: &str) -> bool {
    const ASSETS: [&str; 22] = [
        "css", "scss", "sass", "less", "svg", "png", "jpg", "jpeg", "gif", "webp", "avif", "ico", "json", "woff",
        "woff2", "mp4", "mp3", "pdf", "md", "txt", "wasm", "graphql",
    ];
    let path = specifier.split(['?', '#']).next().unwrap_or(specifier);
    path.rsplit_once('.').is_some_and(|(_, extension)| ASSETS.contains(&extension))
}
