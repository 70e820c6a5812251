//! What a finding is recognised by in the next run, when the lines around it have moved.
//!
//! A fingerprint is the 64-bit FNV-1a hash of the finding's rule, app, path, message and label messages, and a number
//! that counts equal ones within a file. No line takes part. The hash is written out here because it is stored
//! outside, so it must be the same on every platform and in every version.

use rustc_hash::FxHashMap;

use super::clean;
use crate::analysis::Report;
use crate::diagnostic::Diagnostic;

const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

/// The fingerprints of all findings of a report, in their order: sixteen hexadecimal digits, a colon, and a number from 1.
pub(super) fn all(report: &Report) -> Vec<String> {
    let mut seen: FxHashMap<u64, u32> = FxHashMap::default();
    let number = |diagnostic| {
        let hash = hash(report, diagnostic);
        let count = seen.entry(hash).or_default();
        *count += 1;
        format!("{hash:016x}:{count}")
    };
    report.diagnostics.iter().map(number).collect()
}

/// Each part ends in a byte that no UTF-8 text holds, so that no two lists of parts run together.
fn hash(report: &Report, diagnostic: &Diagnostic) -> u64 {
    let mut hash = OFFSET;
    let mut add = |part: &str| {
        for byte in part.bytes().chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(PRIME);
        }
    };
    add(diagnostic.rule);
    // Outside any app is not the app at the root.
    add(diagnostic.app.as_deref().unwrap_or("\0"));
    add(report.path(diagnostic.primary.place.file));
    add(&clean::masked(&diagnostic.message));
    for label in std::iter::once(&diagnostic.primary).chain(&diagnostic.trail) {
        add(&clean::masked(&label.message));
    }
    hash
}
