//! Next.js: the files that are metadata routes by their names, and the URL of each (NEXT.md §3.2).

use super::{app_url, is_group, stem};

/// The names that an image may have, a digit behind each, and the extensions of pictures that stand for themselves.
const IMAGES: [(&str, &[&str]); 4] = [
    ("icon", &["ico", "jpg", "jpeg", "png", "svg"]),
    ("apple-icon", &["jpg", "jpeg", "png"]),
    ("opengraph-image", &["jpg", "jpeg", "png", "gif"]),
    ("twitter-image", &["jpg", "jpeg", "png", "gif"]),
];

/// The segment that stands for one of several images or sitemaps.
const EACH: &str = "[__metadata_id__]";

/// The exports by which a file makes several images or sitemaps.
pub const SEVERAL: [&str; 2] = ["generateImageMetadata", "generateSitemaps"];

/// How a file serves a metadata route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metadata {
    /// It is served as it is.
    Fixed,
    /// It is a program.
    Code,
}

/// Whether a file makes a metadata route, by its name.
#[must_use]
pub fn file(name: &str, at_root: bool, extensions: &[String]) -> Option<Metadata> {
    let fixed = match name {
        "favicon.ico" | "robots.txt" | "manifest.json" | "manifest.webmanifest" => at_root,
        "sitemap.xml" => true,
        _ => name.rsplit_once('.').is_some_and(|(stem, extension)| {
            IMAGES.iter().any(|(image, extensions)| is_numbered(stem, image) && extensions.contains(&extension))
        }),
    };
    if fixed {
        return Some(Metadata::Fixed);
    }
    let code = match stem(name, extensions)? {
        "robots" | "manifest" => at_root,
        "sitemap" => true,
        stem => IMAGES.iter().any(|(image, _)| is_numbered(stem, image)),
    };
    code.then_some(Metadata::Code)
}

fn is_numbered(stem: &str, image: &str) -> bool {
    stem.strip_prefix(image)
        .is_some_and(|rest| rest.is_empty() || (rest.len() == 1 && rest.as_bytes()[0].is_ascii_digit()))
}

/// The URL of a metadata file, by its path below the App Router's folder. `several` says that it makes several of its kind,
/// `rest` that the framework's version lets an id follow in any case.
#[must_use]
pub fn url(path: &str, extensions: &[String], several: bool, rest: bool) -> Option<String> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let kind = file(name, folder.is_empty(), extensions)?;
    let above = app_url(folder);
    let above = if above == "/" { "" } else { &above };
    let suffix = suffix(folder);
    if kind == Metadata::Fixed {
        let (stem, extension) = name.rsplit_once('.')?;
        let suffix = if stem == "sitemap" { "" } else { &suffix };
        return Some(format!("{above}/{stem}{suffix}.{extension}"));
    }
    Some(match stem(name, extensions)? {
        "robots" => format!("{above}/robots.txt"),
        "manifest" => format!("{above}/manifest.webmanifest"),
        "sitemap" if several && !rest => format!("{above}/sitemap/{EACH}"),
        "sitemap" if several => format!("{above}/sitemap/[[...__metadata_id__]]"),
        "sitemap" => format!("{above}/sitemap.xml"),
        stem if rest => format!("{above}/{stem}{suffix}/[[...__metadata_id__]]"),
        stem if several => format!("{above}/{stem}{suffix}/{EACH}"),
        stem => format!("{above}/{stem}{suffix}"),
    })
}

/// What tells an image below a group or a slot from one of the same URL: the first letters of a hash of its folder.
fn suffix(folder: &str) -> String {
    let special = |segment: &str| is_group(segment) || (segment.starts_with('@') && segment != "@children");
    if !folder.split('/').any(special) {
        return String::new();
    }
    let folder = format!("/{}", folder.replace("%5F", "_"));
    let hash = folder.encode_utf16().fold(5381_u32, |hash, unit| hash.wrapping_mul(33).wrapping_add(u32::from(unit)));
    let mut digits = Vec::new();
    let mut rest = hash;
    while rest > 0 || digits.is_empty() {
        digits.push(char::from_digit(rest % 36, 36).unwrap_or('0'));
        rest /= 36;
    }
    let hash: String = digits.iter().rev().take(6).collect();
    format!("-{hash}")
}
