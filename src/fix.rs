//! Fixes applied: which of a report's edits are taken, the texts that they leave, and the difference for people.
//!
//! Knows texts, no disk: who calls writes them. Only fixes that are proven to keep the meaning are taken.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use crate::analysis::Report;
use crate::diagnostic::{Edit, Fix};
use crate::source::{FileId, Files, Tree};

mod difference;

pub use difference::unified;

/// How often a project is analysed again after fixes that made room for others.
const ROUNDS: usize = 10;

/// A file before and after its fixes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewrite {
    /// Its path, relative to the root.
    pub path: String,
    /// Its text as it was read.
    pub before: String,
    /// Its text with the fixes.
    pub after: String,
}

/// Every safe fix of a report applied, once, by path. Of fixes that overlap, the first one in report order is taken; one that does not
/// fit its files is not.
#[must_use]
pub fn safe(report: &Report) -> Vec<Rewrite> {
    let mut texts: BTreeMap<FileId, String> = BTreeMap::new();
    let mut taken: Vec<&Edit> = Vec::new();
    for fix in report.diagnostics.iter().flat_map(|found| &found.fixes).filter(|fix| fix.safe) {
        for edit in &fix.edits {
            let file = edit.place.file;
            if let (false, Some(text)) = (texts.contains_key(&file), report.exact_text(file)) {
                texts.insert(file, text);
            }
        }
        if fits(fix, &texts) && !fix.edits.iter().any(|edit| taken.iter().any(|other| overlap(edit, other))) {
            taken.extend(&fix.edits);
        }
    }
    // From the last byte to the first, so that no edit moves what is still to be edited.
    taken.sort_by_key(|edit| std::cmp::Reverse((edit.place.span.start, edit.place.span.end)));
    let mut rewrites = Vec::new();
    for (file, before) in texts {
        let mut after = before.clone();
        for edit in taken.iter().filter(|edit| edit.place.file == file) {
            after.replace_range(edit.place.span.start as usize..edit.place.span.end as usize, &edit.text);
        }
        if after != before {
            rewrites.push(Rewrite { path: report.path(file).to_owned(), before, after });
        }
    }
    rewrites.sort_by(|left, right| left.path.cmp(&right.path));
    rewrites
}

/// Applies the safe fixes of a report and of what `run` then says of the changed tree, until nothing changes any more, so that
/// fixing again changes nothing. Returns the last report and the files as they are to be written.
#[must_use]
pub fn until_stable(mut report: Report, run: &dyn Fn(Tree) -> Report) -> (Report, Vec<Rewrite>) {
    let mut all: BTreeMap<String, Rewrite> = BTreeMap::new();
    for _ in 0..ROUNDS {
        let round = safe(&report);
        if round.is_empty() {
            break;
        }
        for rewrite in round {
            match all.get_mut(&rewrite.path) {
                Some(known) => known.after = rewrite.after,
                None => {
                    all.insert(rewrite.path.clone(), rewrite);
                }
            }
        }
        let changed = all.values().map(|rewrite| (rewrite.path.clone(), rewrite.after.clone().into_bytes())).collect();
        let below = Arc::clone(report.tree());
        let mut tree = Tree::new(below.paths.clone(), Box::new(Overlay { changed, below: Arc::clone(&below) }));
        tree.problems.clone_from(&below.problems);
        report = run(tree);
    }
    all.retain(|_, rewrite| rewrite.before != rewrite.after);
    (report, all.into_values().collect())
}

/// Changed files over a tree.
struct Overlay {
    changed: BTreeMap<String, Vec<u8>>,
    below: Arc<Tree>,
}

impl Files for Overlay {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.changed.get(path).map_or_else(|| self.below.read(path), |bytes| Ok(bytes.clone()))
    }
}

/// Whether the edits lie in texts that are known, between characters, and apart from each other.
fn fits(fix: &Fix, texts: &BTreeMap<FileId, String>) -> bool {
    let inside = |edit: &Edit| {
        let span = edit.place.span;
        texts.get(&edit.place.file).is_some_and(|text| text.get(span.start as usize..span.end as usize).is_some())
    };
    let apart = |(index, edit): (usize, &Edit)| fix.edits[..index].iter().all(|other| !overlap(edit, other));
    fix.edits.iter().all(inside) && fix.edits.iter().enumerate().all(apart)
}

fn overlap(one: &Edit, other: &Edit) -> bool {
    let (a, b) = (one.place.span, other.place.span);
    one.place.file == other.place.file && (a == b || a.start < b.end && b.start < a.end)
}
