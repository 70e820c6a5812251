//! Fixes applied to files in memory, as `--fix` writes them.

use std::collections::BTreeMap;

use edgelint::analysis::Report;
use edgelint::diagnostic::Edit;

/// The files with every safe fix of a report applied. Of fixes that overlap, the first one in report order is taken.
pub(crate) fn safe_fixes(report: &Report, files: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut taken: Vec<&Edit> = Vec::new();
    let fixes = report.diagnostics.iter().flat_map(|found| &found.fixes).filter(|fix| fix.safe);
    for fix in fixes {
        if !fix.edits.iter().any(|edit| taken.iter().any(|other| overlap(edit, other))) {
            taken.extend(&fix.edits);
        }
    }
    taken.sort_by_key(|edit| std::cmp::Reverse(edit.place.span));
    let mut fixed = files.clone();
    for edit in taken {
        if let Some(text) = fixed.get_mut(report.path(edit.place.file)) {
            text.replace_range(edit.place.span.start as usize..edit.place.span.end as usize, &edit.text);
        }
    }
    fixed
}

fn overlap(one: &Edit, other: &Edit) -> bool {
    let (a, b) = (one.place.span, other.place.span);
    one.place.file == other.place.file && (a == b || a.start < b.end && b.start < a.end)
}
