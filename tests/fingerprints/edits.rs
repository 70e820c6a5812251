//! Edits that change no meaning, chosen by a seed: what a fingerprint has to survive.

use std::collections::BTreeMap;

/// A tree of files.
pub(crate) type Files = BTreeMap<String, String>;

/// The kinds of edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Lines,
    File,
    Functions,
    Variable,
    Unrelated,
}

pub(crate) const KINDS: [Kind; 5] = [Kind::Lines, Kind::File, Kind::Functions, Kind::Variable, Kind::Unrelated];

/// Names that a framework or a tool looks for: a file of such a name is another thing under another one.
const FIXED: [&str; 22] = [
    "page",
    "layout",
    "route",
    "template",
    "loading",
    "error",
    "not-found",
    "default",
    "global-error",
    "sitemap",
    "robots",
    "manifest",
    "icon",
    "opengraph-image",
    "middleware",
    "proxy",
    "instrumentation",
    "index",
    "_app",
    "_document",
    "auth",
    "env",
];

/// A generator of numbers that is the same everywhere.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which is not 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).expect("it is below a usize")
    }

    fn choose<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        if from.is_empty() { None } else { Some(&from[self.below(from.len())]) }
    }
}

/// Makes one edit of a kind; `false` where the tree has no place for it.
pub(crate) fn edit(files: &mut Files, kind: Kind, random: &mut Random) -> bool {
    let edited = match kind {
        Kind::Lines => lines(files, random),
        Kind::File => file(files, random),
        Kind::Functions => functions(files, random),
        Kind::Variable => variable(files, random),
        Kind::Unrelated => unrelated(files, random),
    };
    edited.is_some()
}

fn sources(files: &Files) -> Vec<String> {
    let is_source = |path: &&String| [".ts", ".tsx", ".js", ".jsx"].iter().any(|end| path.ends_with(end));
    files.keys().filter(is_source).filter(|path| !path.ends_with(".d.ts")).cloned().collect()
}

/// More lines above everything, or above one function.
fn lines(files: &mut Files, random: &mut Random) -> Option<()> {
    let path = random.choose(&sources(files))?.clone();
    let text = files.get_mut(&path)?;
    let functions = blocks(text);
    let at = random.choose(&functions).map_or(0, |block| block.0);
    text.insert_str(at, &"// moved\n\n".repeat(1 + random.below(4)));
    Some(())
}

/// Another name for a file that no framework looks for, and for it in every import.
fn file(files: &mut Files, random: &mut Random) -> Option<()> {
    let all = sources(files);
    let stem = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned()
    };
    let movable = |path: &&String| {
        let stem = stem(path);
        let alone = all.iter().filter(|other| self::stem_is(other, &stem)).count() == 1;
        let folder = path.split('/').any(|folder| folder == stem);
        let named_whole = files.values().any(|text| text.contains(&format!("/{stem}.")));
        alone
            && !folder
            && !named_whole
            && !FIXED.contains(&stem.as_str())
            && !stem.contains(".config")
            && !path.starts_with("pages/")
            && !path.contains("/pages/")
            && !files.contains_key(&path.replace(&stem, &format!("{stem}-moved")))
    };
    let path = random.choose(&all.iter().filter(movable).collect::<Vec<_>>())?.to_string();
    let stem = stem(&path);
    let moved = path.replace(&format!("{stem}."), &format!("{stem}-moved."));
    let text = files.remove(&path)?;
    files.insert(moved, text);
    for text in files.values_mut() {
        for quote in ['\'', '"', '`'] {
            *text = text.replace(&format!("/{stem}{quote}"), &format!("/{stem}-moved{quote}"));
        }
    }
    Some(())
}

fn stem_is(path: &str, stem: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_prefix(stem).is_some_and(|rest| rest.starts_with('.') || rest.is_empty())
}

/// Two neighbouring functions, the other way round.
fn functions(files: &mut Files, random: &mut Random) -> Option<()> {
    let several = |path: &String| blocks(&files[path]).len() > 1;
    let path = random.choose(&sources(files).into_iter().filter(several).collect::<Vec<_>>())?.clone();
    let text = files.get_mut(&path)?;
    let functions = blocks(text);
    let index = random.below(functions.len() - 1);
    let (first, second) = (functions[index], functions[index + 1]);
    let (one, between, other) =
        (text[first.0..first.1].to_owned(), text[first.1..second.0].to_owned(), text[second.0..second.1].to_owned());
    text.replace_range(first.0..second.1, &format!("{other}{between}{one}"));
    Some(())
}

/// The functions at the top level that are written over several lines: from the first byte of the first line to the end of the last.
fn blocks(text: &str) -> Vec<(usize, usize)> {
    let (mut found, mut open, mut offset) = (Vec::new(), None, 0);
    for line in text.split_inclusive('\n') {
        let start = line.strip_prefix("export ").unwrap_or(line);
        let start = start.strip_prefix("async ").unwrap_or(start);
        if start.starts_with("function ") && line.trim_end().ends_with(['{', '(']) {
            open = Some(offset);
        }
        offset += line.len();
        if line.trim_end() == "}" && line.ends_with('\n') {
            found.extend(open.take().map(|open| (open, offset)));
        }
    }
    found
}

/// Another name for a variable of a function.
fn variable(files: &mut Files, random: &mut Random) -> Option<()> {
    let mut found = Vec::new();
    for path in sources(files) {
        let text = &files[&path];
        for line in text.lines().filter(|line| line.starts_with([' ', '\t'])) {
            let name = line.trim_start().strip_prefix("const ").and_then(|rest| rest.split_once(" = "));
            let plain = |name: &&str| name.bytes().all(|byte| byte.is_ascii_alphanumeric());
            let outside = |name: &&str| {
                let mut top = text.lines().filter(|line| !line.starts_with([' ', '\t']));
                top.any(|line| words(line).any(|(_, word)| word == *name))
            };
            found.extend(name.map(|(name, _)| name).filter(plain).filter(|name| !outside(name)).map(|name| {
                let name: &str = name;
                (path.clone(), name.to_owned())
            }));
        }
    }
    let (path, name) = random.choose(&found)?.clone();
    let text = files.get_mut(&path)?;
    let is_member = |at: usize| text[..at].ends_with('.') && !text[..at].ends_with("...");
    let uses = words(text).filter(|(at, word)| *word == name && !is_member(*at)).map(|(at, _)| at);
    for at in uses.collect::<Vec<_>>().into_iter().rev() {
        text.replace_range(at..at + name.len(), &format!("{name}Other"));
    }
    Some(())
}

/// The words of a text with where they start.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut offset = 0;
    text.split_inclusive(|ch: char| !ch.is_alphanumeric() && ch != '_' && ch != '$').map(move |part| {
        let at = offset;
        offset += part.len();
        (at, part.trim_end_matches(|ch: char| !ch.is_alphanumeric() && ch != '_' && ch != '$'))
    })
}

/// A new function in a file, or a new file.
fn unrelated(files: &mut Files, random: &mut Random) -> Option<()> {
    let number = random.below(1 << 30);
    if random.below(2) == 0 {
        let folder = sources(files).iter().any(|path| path.starts_with("src/"));
        let path = format!("{}lib/unrelated-{number}.ts", if folder { "src/" } else { "" });
        files.insert(path, format!("export const unrelated{number} = {number}\n"));
        return Some(());
    }
    let path = random.choose(&sources(files))?.clone();
    let text = files.get_mut(&path)?;
    text.push_str(&format!("\nasync function unrelated{number}(one) {{\n  return one + {number}\n}}\n"));
    Some(())
}
