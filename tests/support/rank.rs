//! Draws by seed that hang on what is drawn alone.

/// A number that only the seed and these bytes decide: FNV-1a, mixed once more because its high bits hardly depend on the last bytes.
pub(crate) fn rank(seed: u64, bytes: impl Iterator<Item = u8>) -> u64 {
    let hash = seed
        .to_le_bytes()
        .into_iter()
        .chain(bytes)
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
