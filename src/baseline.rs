//! The findings that a project has decided to live with for now: a text file, one sorted line each, and what of a run it covers.
//!
//! Knows findings and their fingerprints, no disk. Lines are kept as they are written: an edit to the file is its owner's.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diagnostic::{Diagnostic, clean};
use crate::source::Tree;

/// The first line of a baseline, up to its version.
const HEADER: &str = "# edgelint baseline ";
const VERSION: &str = "1";
/// What the columns are, for who reads the file.
const COLUMNS: &str = "fingerprint, rule, app, path, message";
/// The app of a finding outside any app; a folder of this name would be written with a backslash.
const NO_APP: &str = "-";

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entry {
    fingerprint: String,
    /// The rule that found it.
    pub rule: String,
    app: String,
    /// Where it was found.
    pub path: String,
    /// What was said.
    pub message: String,
}

/// The lines of a baseline, sorted, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    /// The entries, in the order of their lines.
    pub entries: Vec<Entry>,
}

/// A run held against a baseline.
#[derive(Debug, Clone, Default)]
pub struct Comparison {
    /// Whether each finding, by its index, is in the baseline.
    pub known: Vec<bool>,
    /// The entries that no finding is, of rules that ran, in order.
    pub stale: Vec<Entry>,
}

impl Baseline {
    /// Reads what [`Baseline::text`] wrote, in any order of lines, with any line ends.
    ///
    /// # Errors
    /// Says the line, what is wrong with it, and what to do.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut lines = (1..).zip(text.strip_prefix('\u{feff}').unwrap_or(text).lines());
        let first = lines.next().map_or("", |(_, line)| line);
        let Some(rest) = first.strip_prefix(HEADER) else {
            return Err(format!(
                "line 1: a baseline starts with `{HEADER}{VERSION}`; write one with `--write-baseline`"
            ));
        };
        let version = rest.split(':').next().unwrap_or(rest).trim();
        if version != VERSION {
            return Err(format!(
                "line 1: version `{}` is not known, only `{VERSION}`; run the edgelint that wrote it, or write it anew",
                clean::line(version)
            ));
        }
        let mut entries = Vec::new();
        for (number, line) in lines.filter(|(_, line)| !line.is_empty()) {
            entries.push(entry(line).map_err(|reason| format!("line {number}: {reason}"))?);
        }
        Ok(Self::of(entries))
    }

    /// The baseline of these entries.
    #[must_use]
    pub fn of(mut entries: Vec<Entry>) -> Self {
        entries.sort_unstable();
        entries.dedup();
        Self { entries }
    }

    /// The file: its header, then the lines as `sort` sorts them.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("{HEADER}{VERSION}: {COLUMNS}\n");
        for entry in &self.entries {
            let Entry { fingerprint, rule, app, path, message } = entry;
            text.push_str(&[fingerprint, rule, app, path, message].map(String::as_str).join("\t"));
            text.push('\n');
        }
        text
    }

    /// Holds all findings of a run against the entries, one to one: first those of the same fingerprint and path, then those of the
    /// same fingerprint, then those that say the same in a file that has another name now. Entries of rules that did
    /// not run are left alone.
    #[must_use]
    pub fn compare(&self, tree: &Tree, diagnostics: &[Diagnostic], ran: impl Fn(&str) -> bool) -> Comparison {
        let found: Vec<Entry> = diagnostics.iter().map(|diagnostic| Entry::of(tree, diagnostic)).collect();
        let mut matching = Matching { met: vec![false; self.entries.len()], known: vec![false; found.len()] };
        matching.pass(&self.entries, &found, |entry| (entry.hash(), entry.path.as_str()), |_, _| true);
        matching.pass(&self.entries, &found, Entry::hash, |_, _| true);
        let paths: FxHashSet<String> = tree.paths.iter().map(|path| escaped(path)).collect();
        matching.pass(
            &self.entries,
            &found,
            |entry| (entry.rule.as_str(), entry.app.as_str(), entry.message_without_path()),
            |entry, found| entry.path == found.path || !paths.contains(&entry.path),
        );
        let unmet = self.entries.iter().zip(&matching.met).filter(|(_, met)| !**met).map(|(entry, _)| entry);
        let stale = unmet.filter(|entry| ran(&entry.rule)).cloned().collect();
        Comparison { known: matching.known, stale }
    }

    /// Takes entries away.
    pub fn prune(&mut self, stale: &[Entry]) {
        self.entries.retain(|entry| !stale.contains(entry));
    }
}

impl Entry {
    /// The line of a finding, secrets masked.
    #[must_use]
    pub fn of(tree: &Tree, diagnostic: &Diagnostic) -> Self {
        let app = match diagnostic.app.as_deref() {
            None => NO_APP.to_owned(),
            Some("") => ".".to_owned(),
            Some(NO_APP) => format!("\\{NO_APP}"),
            Some(root) => escaped(root),
        };
        Self {
            fingerprint: diagnostic.fingerprint(),
            rule: diagnostic.rule.to_owned(),
            app,
            path: escaped(tree.path(diagnostic.primary.place.file)),
            message: escaped(&clean::masked(&diagnostic.message)),
        }
    }

    /// The fingerprint without its number, which another finding's coming and going changes.
    fn hash(&self) -> &str {
        self.fingerprint.split(':').next().unwrap_or(&self.fingerprint)
    }

    fn message_without_path(&self) -> String {
        self.message.replace(&format!("`{}`", self.path), "``")
    }
}

/// Which entries and which findings have met.
struct Matching {
    met: Vec<bool>,
    known: Vec<bool>,
}

impl Matching {
    /// Lets each finding that is left meet the first entry of its key that is left and that `may` let it.
    fn pass<'a, K: Eq + std::hash::Hash>(
        &mut self,
        entries: &'a [Entry],
        found: &'a [Entry],
        key: impl Fn(&'a Entry) -> K,
        may: impl Fn(&Entry, &Entry) -> bool,
    ) {
        let mut open: FxHashMap<K, Vec<usize>> = FxHashMap::default();
        for (index, entry) in entries.iter().enumerate().filter(|(index, _)| !self.met[*index]) {
            open.entry(key(entry)).or_default().push(index);
        }
        for (finding, known) in found.iter().zip(&mut self.known).filter(|(_, known)| !**known) {
            let Some(candidates) = open.get(&key(finding)) else { continue };
            let first = candidates.iter().find(|&&index| !self.met[index] && may(&entries[index], finding));
            if let Some(&index) = first {
                (self.met[index], *known) = (true, true);
            }
        }
    }
}

fn entry(line: &str) -> Result<Entry, &'static str> {
    if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|mark| line.starts_with(mark)) {
        return Err("a merge is not finished; keep the lines of both sides, and take this one out");
    }
    let columns: Vec<&str> = line.split('\t').collect();
    let [fingerprint, rule, app, path, message] = columns.as_slice() else {
        return Err("five columns with a tab between them are expected; take the line out, or write the file anew");
    };
    let is_fingerprint = fingerprint.split_once(':').is_some_and(|(hash, number)| {
        hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) && number.parse::<u32>().is_ok()
    });
    if !is_fingerprint {
        return Err("the first column is no fingerprint; take the line out, or write the file anew");
    }
    let [fingerprint, rule, app, path, message] = [fingerprint, rule, app, path, message].map(|&part| part.to_owned());
    Ok(Entry { fingerprint, rule, app, path, message })
}

/// One column: no tab, no line end and nothing that steers a terminal.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for ch in text.chars() {
        if ch == '\\' || ch == '\t' || clean::visible(ch) != ch {
            out.extend(ch.escape_default());
        } else {
            out.push(ch);
        }
    }
    out
}
