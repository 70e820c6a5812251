//! Lock files, as far as one question goes: which version of a package does a folder of the workspace get.
//!
//! They are large and written by machines, so they are scanned for the entry in question, never parsed.

/// The names of the lock files that can be asked, each by the package manager that writes it.
pub const LOCK_FILES: [(&str, &str); 5] = [
    ("pnpm", "pnpm-lock.yaml"),
    ("bun", "bun.lock"),
    ("yarn", "yarn.lock"),
    ("npm", "npm-shrinkwrap.json"),
    ("npm", "package-lock.json"),
];

/// What is asked of a lock file.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The package whose version is asked for.
    pub package: &'a str,
    /// The folder that gets it, relative to the lock file's own; empty for that folder itself.
    pub importer: &'a str,
    /// The name of the package in that folder.
    pub importer_name: Option<&'a str>,
    /// The range that it asks for, where that is known.
    pub range: Option<&'a str>,
}

/// The version that the lock file `name` with this `text` gives.
#[must_use]
pub fn installed(name: &str, text: &str, question: Question) -> Option<String> {
    let version = match name {
        "pnpm-lock.yaml" => pnpm(text, question),
        "yarn.lock" => yarn(text, question),
        "bun.lock" => bun(text, question),
        _ => npm(text, question),
    }?;
    version.starts_with(|first: char| first.is_ascii_digit()).then(|| version.to_owned())
}

/// npm: `"apps/web/node_modules/next": { "version": "15.0.0", ..` in `"packages"`, looked for from the importer up; in the first
/// lock file version `"next": { "version": ..` in `"dependencies"`.
fn npm<'a>(text: &'a str, question: Question) -> Option<&'a str> {
    let version = |entry: &'a str| {
        let entry = &entry[..entry.find('}').unwrap_or(entry.len())];
        quoted(&entry[entry.find("\"version\"")? + "\"version\"".len()..])
    };
    let mut folder = question.importer;
    loop {
        let slash = if folder.is_empty() { "" } else { "/" };
        let key = format!("\"{folder}{slash}node_modules/{}\"", question.package);
        if let Some(version) = objects(text, &key).find_map(|(_, entry)| version(entry)) {
            return Some(version);
        }
        if folder.is_empty() {
            break;
        }
        folder = folder.rsplit_once('/').map_or("", |(parent, _)| parent);
    }
    let key = format!("\"{}\"", question.package);
    let outermost = objects(text, &key).min_by_key(|&(indent, _)| indent)?;
    version(outermost.1)
}

/// The objects that `key` stands in front of: how far the key is indented, and the text from the object's brace on.
fn objects<'a>(text: &'a str, key: &str) -> impl Iterator<Item = (usize, &'a str)> {
    text.match_indices(key).filter_map(move |(at, key)| {
        let value = text[at + key.len()..].trim_start().strip_prefix(':')?.trim_start();
        let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
        value.starts_with('{').then_some((at - line, value))
    })
}

/// bun: `"next": ["next@15.0.0", ..` in `"packages"`, or `"web/next": [..` where the workspace package `web` gets its own.
fn bun<'a>(text: &'a str, question: Question) -> Option<&'a str> {
    let entry = |key: &str| {
        text.match_indices(&format!("\"{key}\"")).find_map(|(at, key)| {
            let value = text[at + key.len()..].trim_start().strip_prefix(':')?.trim_start().strip_prefix('[')?;
            quoted(value)?.rsplit_once('@').map(|(_, version)| version)
        })
    };
    let own = question.importer_name.and_then(|name| entry(&format!("{name}/{}", question.package)));
    own.or_else(|| entry(question.package))
}

/// The first string in double quotes.
fn quoted(text: &str) -> Option<&str> {
    text.split('"').nth(1)
}

/// yarn: a key such as `"next@npm:^15.0.0, next@npm:15"` or `next@^15.0.0:` and below it `version "15.0.5"` or `version: 15.0.5`.
fn yarn<'a>(text: &'a str, question: Question) -> Option<&'a str> {
    let mut only = None;
    let mut several = false;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.starts_with([' ', '#']) || !line.contains(question.package) {
            continue;
        }
        let mut asked = false;
        let mut ours = false;
        for descriptor in line.trim_end().trim_end_matches(':').split(',') {
            let descriptor = descriptor.trim().trim_matches('"');
            let Some(range) = descriptor.strip_prefix(question.package).and_then(|rest| rest.strip_prefix('@')) else {
                continue;
            };
            ours = true;
            asked |= question.range.is_some_and(|asked| asked == range.strip_prefix("npm:").unwrap_or(range));
        }
        if !ours {
            continue;
        }
        let version = lines.by_ref().take_while(|line| line.starts_with(' ')).find_map(|line| {
            Some(line.trim().strip_prefix("version")?.trim_start_matches(':').trim().trim_matches('"'))
        });
        if asked {
            return version;
        }
        several |= only.is_some() && only != version;
        only = only.or(version);
    }
    only.filter(|_| !several)
}

/// pnpm: the dependency below its importer; without `importers`, below the document itself.
///
/// ```yaml
/// importers:
///   apps/web:
///     dependencies:
///       next:
///         specifier: ^15.0.0
///         version: 15.0.5(react@19.0.0)
/// ```
fn pnpm<'a>(text: &'a str, question: Question) -> Option<&'a str> {
    let importer = if question.importer.is_empty() { "." } else { question.importer };
    let single = !text.lines().any(|line| line.trim_end() == "importers:");
    if single && importer != "." {
        return None;
    }
    // The keys that lead to the line, with their indentation.
    let mut path: Vec<(usize, &str)> = Vec::new();
    let base = if single { 0 } else { 2 };
    for line in text.lines() {
        let content = line.trim_start();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let indent = line.len() - content.len();
        path.truncate(path.iter().take_while(|(outer, _)| *outer < indent).count());
        let Some((key, value)) = key_and_value(content) else { continue };
        path.push((indent, key));
        let at_importer =
            single || matches!(path.as_slice(), [(0, "importers"), (_, folder), ..] if *folder == importer);
        if !at_importer {
            continue;
        }
        let below = path.get(base..).unwrap_or_default();
        let version = match below {
            [(_, table), (_, package)] if is_table(table) && *package == question.package => value,
            [(_, table), (_, package), (_, "version")] if is_table(table) && *package == question.package => value,
            _ => continue,
        };
        if !version.is_empty() {
            return Some(pnpm_version(version));
        }
    }
    None
}

fn is_table(key: &str) -> bool {
    matches!(key, "dependencies" | "devDependencies" | "optionalDependencies")
}

/// `'@scope/name': 1.0.0` as `@scope/name` and `1.0.0`.
fn key_and_value(content: &str) -> Option<(&str, &str)> {
    let (key, value) = match content.strip_prefix('\'') {
        Some(rest) => rest.split_once("':")?,
        None => content.split_once(": ").or_else(|| Some((content.trim_end().strip_suffix(':')?, "")))?,
    };
    Some((key, value.trim().trim_matches('\'')))
}

/// The version itself: without the peers that `(..)` or `_..` appends, and without the path or alias in front.
fn pnpm_version(version: &str) -> &str {
    let version = version.split(['(', '_']).next().unwrap_or(version);
    version.rsplit(['@', '/']).next().unwrap_or(version)
}
