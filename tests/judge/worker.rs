//! What the judges of this folder share: a thread with room for deep trees, and checkouts that are linked.

use std::path::Path;

use edgelint::analysis::{Analysis, Options};
use edgelint::project::Project;
use edgelint::source::{Tree, disk};

/// Runs something with the command's arguments where deep trees have room.
pub(super) fn with_arguments(run: impl FnOnce(&[String]) + Send + 'static) {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let worker = std::thread::Builder::new().stack_size(256 << 20).spawn(move || run(&arguments));
    let ended = worker.expect("a thread can be started").join();
    ended.expect("the judge's questions are answered");
}

/// The tree of a checkout.
pub(super) fn open(root: &Path) -> Tree {
    disk::open(root).expect("the tree can be read")
}

/// The project of a tree.
pub(super) fn link(tree: Tree) -> Project {
    Analysis::new(tree).link(&Options::default(), &|_| {})
}
