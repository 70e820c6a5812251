//! What a finding is recognised by in another run, when lines, files and names around it have changed.
//!
//! A fingerprint is the 64-bit FNV-1a hash of the finding's rule, its app and its identity, and a number that counts equal ones.
//! No line and no label takes part. The hash is written out here because it is stored outside, so it must be the same on
//! every platform and in every version.

use rustc_hash::FxHashMap;

use super::Diagnostic;

const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

/// What a finding is about, in names that outlive edits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    /// The parts: a URL, the name of an export; a path only where nothing else tells two findings apart. The message
    /// takes their place where there are none.
    pub parts: Vec<String>,
    /// How many findings of the same rule, app and parts come before it in the whole tree.
    pub earlier: u32,
}

impl Identity {
    /// The identity of these parts.
    #[must_use]
    pub fn new<const N: usize>(parts: [&str; N]) -> Self {
        Self { parts: parts.map(str::to_owned).to_vec(), earlier: 0 }
    }
}

impl Diagnostic {
    /// The fingerprint: sixteen hexadecimal digits, a colon, and a number from 1.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        format!("{:016x}:{}", hash(self), self.identity.earlier.saturating_add(1))
    }
}

/// Numbers the findings of equal hash in their order. The driver does so before it leaves any out, so that no filter changes
/// a fingerprint.
pub fn number(diagnostics: &mut [Diagnostic]) {
    let mut seen: FxHashMap<u64, u32> = FxHashMap::default();
    for diagnostic in diagnostics {
        let count = seen.entry(hash(diagnostic)).or_default();
        diagnostic.identity.earlier = *count;
        *count += 1;
    }
}

/// Each part ends in a byte that no UTF-8 text holds, so that no two lists of parts run together.
fn hash(diagnostic: &Diagnostic) -> u64 {
    let mut hash = OFFSET;
    let mut add = |part: &str| {
        for byte in part.bytes().chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(PRIME);
        }
    };
    add(diagnostic.rule);
    // Outside any app is not the app at the root.
    add(diagnostic.app.as_deref().unwrap_or("\0"));
    match diagnostic.identity.parts.as_slice() {
        [] => add(&diagnostic.message),
        parts => parts.iter().for_each(|part| add(part)),
    }
    hash
}
