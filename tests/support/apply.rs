//! Fixes applied to files in memory, as `--fix` writes them.

use std::collections::BTreeMap;

use edgelint::analysis::Report;
use edgelint::fix;

/// The files with every safe fix of a report applied once.
pub(crate) fn safe_fixes(report: &Report, files: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut fixed = files.clone();
    fixed.extend(fix::safe(report).into_iter().map(|rewrite| (rewrite.path, rewrite.after)));
    fixed
}
