//! Import resolution over trees held in memory: what a specifier means, case by case.

mod packages;
mod paths;

use std::sync::Arc;

use edgelint::resolve::{Origin, Reason, Resolution, Resolver, Workspace};
use edgelint::source::{memory, parent};

/// Resolves `specifier` as written in `from`, in a tree of these files (path, text).
fn resolve(files: &[(&str, &str)], from: &str, specifier: &str) -> (Origin, String) {
    let mut all: Vec<(String, Vec<u8>)> =
        files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    if !files.iter().any(|(path, _)| *path == from) {
        all.push((from.to_owned(), Vec::new()));
    }
    let tree = Arc::new(memory::tree(all));
    let named = |(path, text): &(&str, &str)| {
        let manifest: serde_json::Value = serde_json::from_str(text).ok()?;
        let name = manifest["name"].as_str().filter(|_| path.ends_with("package.json"))?;
        Some(Workspace { name: name.to_owned(), folder: parent(path).to_owned() })
    };
    let packages: Vec<Workspace> = files.iter().filter_map(named).collect();
    let resolver = Resolver::new(&tree, &packages);
    let from = tree.find(from).expect("the importing file is in the tree");
    let resolved = resolver.resolve(from, specifier);
    assert_eq!(resolved, resolver.resolve(from, specifier), "asked twice");
    let to = match resolved.to {
        Resolution::File(id) => tree.path(id).to_owned(),
        Resolution::Asset(id) => format!("asset {}", tree.path(id)),
        Resolution::Package(name) => format!("package {name}"),
        Resolution::Builtin => "builtin".to_owned(),
        Resolution::Virtual(kind) => format!("virtual: {kind}"),
        Resolution::Unresolved(reason) => format!("unresolved: {}", reason.as_str()),
    };
    (resolved.origin, to)
}

#[track_caller]
fn check(files: &[(&str, &str)], from: &str, cases: &[(&str, Origin, &str)]) {
    for (specifier, origin, expected) in cases {
        assert_eq!(resolve(files, from, specifier), (*origin, (*expected).to_owned()), "`{specifier}` in `{from}`");
    }
}

fn unresolved(reason: Reason) -> String {
    format!("unresolved: {}", reason.as_str())
}
