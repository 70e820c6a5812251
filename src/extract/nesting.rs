//! How deeply brackets nest, before a parser sees them.

/// The offset of the first bracket that is deeper than `cap`, if any. Strings and comments are left out of the count only where a plain
/// count is over the cap, so that ordinary files cost one pass over their bytes.
pub(super) fn deeper_than(text: &str, cap: u32) -> Option<u32> {
    plain(text.as_bytes(), cap)?;
    careful(text.as_bytes(), cap)
}

/// Counts chunk by chunk: only one in which the depth might pass the cap is looked at byte by byte.
fn plain(bytes: &[u8], cap: u32) -> Option<u32> {
    // Short enough for counts in a byte: sums of comparisons without a branch, many bytes at once.
    const CHUNK: usize = 192;
    let mut depth = 0_usize;
    for (number, chunk) in bytes.chunks(CHUNK).enumerate() {
        let count = |[a, b, c]: [u8; 3]| -> u8 {
            chunk.iter().map(|&byte| u8::from((byte == a) | (byte == b) | (byte == c))).sum()
        };
        let (opened, closed) = (usize::from(count(*b"([{")), usize::from(count(*b")]}")));
        if depth + opened <= cap as usize {
            depth = (depth + opened).saturating_sub(closed);
            continue;
        }
        for (offset, byte) in chunk.iter().enumerate() {
            match byte {
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > cap as usize {
                return u32::try_from(number * CHUNK + offset).ok();
            }
        }
    }
    None
}

/// The same count without what stands in comments and in quotes. A quote that no line closes counts as an apostrophe.
fn careful(bytes: &[u8], cap: u32) -> Option<u32> {
    let mut depth = 0_u32;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'/' if bytes.get(at + 1) == Some(&b'/') => at += until(&bytes[at..], b"\n"),
            b'/' if bytes.get(at + 1) == Some(&b'*') => at += 1 + until(&bytes[at + 1..], b"*/"),
            quote @ (b'"' | b'\'') => {
                if let Some(length) = quoted(&bytes[at + 1..], quote) {
                    at += length + 1;
                }
            }
            b'(' | b'[' | b'{' => {
                depth += 1;
                if depth > cap {
                    return u32::try_from(at).ok();
                }
            }
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    None
}

fn until(bytes: &[u8], end: &[u8]) -> usize {
    bytes.windows(end.len()).position(|window| window == end).map_or(bytes.len(), |at| at + end.len() - 1)
}

/// The length of a string literal's rest, closing quote included; `None` where its line ends first.
fn quoted(bytes: &[u8], quote: u8) -> Option<usize> {
    let mut escaped = false;
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            b'\n' if !escaped => return None,
            b'\\' if !escaped => escaped = true,
            _ if byte == quote && !escaped => return Some(at),
            _ => escaped = false,
        }
    }
    None
}
