//! How paths are written in URLs.

/// A path as a client sends it: what may not stand in a URL is percent-encoded, what is encoded stays.
pub(super) fn path_of(path: &str) -> String {
    escaped(path, |letter| letter.is_ascii_graphic() && !matches!(letter, '"' | '<' | '>' | '`'))
}

/// The path of a file as the framework keeps it: each of its parts as a component of a URL.
pub(super) fn file_of(path: &str) -> String {
    escaped(path, |letter| letter.is_ascii_alphanumeric() || "/-_.!~*'()".contains(letter))
}

fn escaped(path: &str, stays: impl Fn(char) -> bool) -> String {
    let mut escaped = String::with_capacity(path.len());
    for letter in path.chars() {
        if stays(letter) {
            escaped.push(letter);
        } else {
            let mut bytes = [0; 4];
            letter.encode_utf8(&mut bytes).bytes().for_each(|byte| escaped.push_str(&format!("%{byte:02X}")));
        }
    }
    escaped
}

/// A part of a path, its escapes read; `None` where they are none, or no text.
pub(super) fn decoded(part: &str) -> Option<String> {
    if !part.contains('%') {
        return Some(part.to_owned());
    }
    let bytes = part.as_bytes();
    let (mut decoded, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while at < bytes.len() {
        if bytes[at] == b'%' {
            let digits = part.get(at + 1..at + 3)?;
            if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                return None;
            }
            decoded.push(u8::from_str_radix(digits, 16).ok()?);
            at += 3;
        } else {
            decoded.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(decoded).ok()
}
