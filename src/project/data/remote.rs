//! What requests ask of a backend: the part of it that they read or change, by the path of their URL, and how the framework keeps what is
//! answered.
//!
//! Who serves the other origin is not known, and what a request of it does is known by its method and its path alone: the collection, the item,
//! what lies below an item. Paths of which more is open than an item's key are no part of a backend.

mod hanging;

use super::graphql::{self, Document};
use super::sql;
use crate::project::Effect;
use crate::project::effects::{Doing, Happening};
use crate::project::entries::next;
use crate::project::requests::{self, Address, Origin, Unpacked};
use crate::project::routes::Unit;
use crate::project::values::evaluate::Evaluator;
use crate::project::values::terms::{Term, TermId};

/// What a request asks of a backend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    /// Whose: one of these.
    origins: Vec<Origin>,
    /// What it is about.
    about: About,
    /// The sorts of things whose keys its query carries.
    of: Vec<String>,
}

/// What a request is about.
#[derive(Debug, Clone, PartialEq, Eq)]
enum About {
    /// The part of the backend that its path names, and what it does there.
    Path(Vec<Part>, Verb),
    /// What its document names.
    Document(Document),
}

/// A part of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// A word that is written out.
    Word(String),
    /// The key of an item.
    Key,
}

/// What a request does to what its path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Reads,
    /// It makes something below it, or changes it.
    Posts,
    Changes,
    Ends,
}

/// How the framework is told to keep what a request gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// It is told nothing of it.
    Nothing,
    /// To ask each time.
    Never,
    /// Until somebody says otherwise.
    ForGood,
    /// For a time.
    ForATime,
    /// That is not known.
    Unknown,
}

/// Words that a path starts with before it says what it is about.
const IN_FRONT: [&str; 6] = ["api", "rest", "public", "internal", "admin", "store"];
/// The items of whoever asks.
const OWN: [&str; 4] = ["me", "self", "current", "mine"];
/// What is only worked out and answered, whatever the method.
const WORKED_OUT: [&str; 10] =
    ["search", "query", "calculate", "preview", "validate", "verify", "check", "estimate", "count", "login"];

/// What a path says behind a collection when something is put into it: `create-from-template`.
const MADE: [&str; 6] = ["create", "add", "copy", "duplicate", "clone", "import"];

impl Remote {
    /// The part of a backend that some request asks, where that is known.
    fn of(sent: &requests::Sent) -> Option<Self> {
        let verb = match sent.methods.as_slice() {
            [] => return None,
            [method] => match method.as_str() {
                "GET" | "HEAD" | "OPTIONS" => Verb::Reads,
                "POST" => Verb::Posts,
                "DELETE" => Verb::Ends,
                _ => Verb::Changes,
            },
            several if several.iter().any(|method| matches!(method.as_str(), "GET" | "HEAD" | "OPTIONS")) => {
                return None;
            }
            _ => Verb::Changes,
        };
        let mut path: Option<Vec<Part>> = None;
        let mut origins: Vec<Origin> = Vec::new();
        for address in &sent.addresses {
            if !matches!(address.origin, Origin::Named(_) | Origin::Other(_)) {
                return None;
            }
            let own = parts(address, verb)?;
            if path.as_ref().is_some_and(|path| *path != own) {
                return None;
            }
            path = Some(own);
            origins.push(address.origin.clone());
        }
        path.map(|path| Self { origins, about: About::Path(path, verb), of: Vec::new() })
    }

    /// What a document asks of whoever serves it.
    fn of_document(document: Document, request: &Unpacked) -> Self {
        let known = |origin: &Origin| matches!(origin, Origin::Named(_) | Origin::Other(_));
        let addresses = request.sent.addresses.iter().map(|address| address.origin.clone());
        let mut origins: Vec<Origin> = addresses.filter(known).collect();
        if origins.is_empty() {
            origins.push(Origin::Named(request.client.unwrap_or(request.url)));
        }
        Self { origins, about: About::Document(document), of: Vec::new() }
    }

    /// Whether a request that changes something changes what another one reads.
    #[must_use]
    pub fn changes(&self, read: &Self) -> bool {
        self.origins.iter().any(|origin| read.origins.contains(origin))
            && match (&self.about, &read.about) {
                (About::Path(written, verb), About::Path(read, Verb::Reads)) => {
                    *verb != Verb::Reads && reaches((written, *verb), read)
                }
                (About::Document(write), About::Document(read)) => write.changes(read).is_some(),
                _ => false,
            }
    }

    /// Whether it is known to read alone, whatever its method is.
    #[must_use]
    pub fn only_reads(&self) -> bool {
        match &self.about {
            About::Path(_, verb) => *verb == Verb::Reads,
            About::Document(document) => document.writes.is_empty(),
        }
    }

    /// What reports call it: `/carts/{}`, `cart`.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.about {
            About::Path(path, _) => {
                let parts = path.iter().map(|part| match part {
                    Part::Word(word) => format!("/{word}"),
                    Part::Key => "/{}".to_owned(),
                });
                parts.collect()
            }
            About::Document(document) => document.name().to_owned(),
        }
    }

    /// The last word that says what sort of thing it is about.
    fn entity(&self) -> &str {
        let path = match &self.about {
            About::Path(path, _) => path,
            About::Document(document) => return document.name(),
        };
        // By what something is looked up is not what it is: `/weights/user/{}`.
        let is_what =
            |part: &Part| matches!(part, Part::Word(word) if !IN_FRONT.contains(&word.as_str()) && !is_version(word));
        let word = path.iter().rposition(|part| matches!(part, Part::Word(_))).unwrap_or_default();
        let (before, last) = path.split_at(word);
        let path = if before.last().is_some_and(is_what) && is_lookup(last) { before } else { path.as_slice() };
        let mut words = path.iter().rev().filter_map(|part| match part {
            Part::Word(word) if !OWN.contains(&word.as_str()) => Some(word.as_str()),
            _ => None,
        });
        words.next().unwrap_or_default()
    }
}

/// Whether what is written at a path shows at another one that is read.
fn reaches((written, verb): (&[Part], Verb), read: &[Part]) -> bool {
    let is_item = written.last().is_some_and(Part::is_item);
    if written == read {
        // Nobody shows an item that is gone.
        return !(is_item && verb == Verb::Ends);
    }
    if let Some(below) = read.strip_prefix(written).filter(|_| !is_item) {
        return match below {
            // The item of a collection is known by what is sent.
            [Part::Key] => verb == Verb::Changes,
            below => is_lookup(below),
        };
    }
    let collection = written.strip_suffix(&[Part::Key]);
    let below = collection.and_then(|collection| read.strip_prefix(collection));
    below.is_some_and(is_lookup) || above(written).any(|above| above == read)
}

impl Part {
    fn is_item(&self) -> bool {
        match self {
            Self::Key => true,
            Self::Word(word) => OWN.contains(&word.as_str()),
        }
    }
}

/// What a collection gives by something else than the key of an item: `user/{}`, `by-email/{}`. Several of something are things of their own.
fn is_lookup(below: &[Part]) -> bool {
    let Some((Part::Word(word), keys)) = below.split_first() else { return false };
    !word.ends_with('s') && !keys.is_empty() && keys.iter().all(|part| *part == Part::Key)
}

/// What lies above a path and changes with it: the collection of an item, and the item that something belongs to.
fn above(path: &[Part]) -> impl Iterator<Item = &[Part]> {
    let mut at = path;
    let mut met_item = false;
    std::iter::from_fn(move || {
        let (last, before) = at.split_last()?;
        let is_step = last.is_item() != before.last()?.is_item();
        if met_item || !is_step {
            return None;
        }
        at = before;
        met_item = before.last()?.is_item();
        Some(before)
    })
}

/// The parts of a path that says what it is about.
fn parts(address: &Address, verb: Verb) -> Option<Vec<Part>> {
    let (path, _) = address.path.cut('?');
    let mut found = Vec::new();
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        let word: String =
            segment.iter().map_while(|unit| if let Unit::Char(letter) = unit { Some(*letter) } else { None }).collect();
        match &segment[word.chars().count()..] {
            [] if word == "{}" => found.push(Part::Key),
            [] => found.push(Part::Word(word)),
            [_] if word.is_empty() => found.push(Part::Key),
            // What is put behind the word of something that is read is a query.
            [Unit::Rest] if verb == Verb::Reads => found.push(Part::Word(word)),
            _ => return None,
        }
    }
    if let [.., Part::Word(before), Part::Word(word)] = found.as_slice()
        && verb == Verb::Posts
        && !IN_FRONT.contains(&before.as_str())
        && !is_version(before)
        && MADE.contains(&word.split('-').next().unwrap_or_default())
    {
        found.pop();
    }
    let about = found.iter().filter(|part| match part {
        Part::Word(word) => !IN_FRONT.contains(&word.as_str()) && !is_version(word) && !OWN.contains(&word.as_str()),
        Part::Key => false,
    });
    about.count().checked_sub(1)?;
    let is_key_first = found.first() == Some(&Part::Key);
    let works_out = verb == Verb::Posts
        && matches!(found.last(), Some(Part::Word(word)) if WORKED_OUT.contains(&word.to_lowercase().as_str()));
    (!is_key_first && !works_out).then_some(found)
}

fn is_version(word: &str) -> bool {
    word.strip_prefix('v').is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()))
}

impl Evaluator<'_> {
    /// What a request asks of a backend, and how what it gives is kept.
    pub(in crate::project) fn remote(&mut self, packed: TermId) -> (Option<Remote>, Told) {
        let Some(request) = requests::unpacked(self, packed) else { return (None, Told::Unknown) };
        let told = request.options.map_or(Told::Unknown, |options| self.told(options));
        match self.document(&request) {
            Some(document) => (Some(Remote::of_document(document, &request)), told),
            None => (Remote::of(&request.sent).map(|of| Remote { of: self.keyed_by(&request), ..of }), told),
        }
    }

    /// The GraphQL document that a request sends.
    fn document(&mut self, request: &Unpacked) -> Option<Document> {
        let document = request.document.or_else(|| {
            let body = request.body?;
            let Term::Called(writer, list, false) = self.terms.get(body) else { return None };
            let sent = *self.terms.list(list).first()?;
            (self.global_member(writer) == Some(("JSON", "stringify"))).then(|| self.member(sent, "query"))
        })?;
        let document = self.terms.only(document);
        // What is behind a tag, and in an object that is made of it, is its text.
        let text = match self.terms.get(document) {
            Term::Called(_, list, _) | Term::Instance(_, _, list) => *self.terms.list(list).first()?,
            _ => document,
        };
        graphql::read(&self.statement_text(text)?.replace(sql::HOLE, " "))
    }

    /// What the options of a request say of how it is kept.
    fn told(&mut self, options: TermId) -> Told {
        if matches!(self.terms.get(options), Term::Undefined) {
            return Told::Nothing;
        }
        if !matches!(self.terms.get(options), Term::Object(_)) {
            return Told::Unknown;
        }
        let cache = self.member(options, next::KEPT);
        let own = self.member(options, next::OPTIONS);
        let time = self.member(own, next::REVALIDATE);
        let cache = match self.terms.get(self.terms.only(cache)) {
            Term::Text(text) => Some(self.terms.text(text).to_owned()),
            _ if self.is_absent(cache) => None,
            _ => return Told::Unknown,
        };
        let is_kept = cache.as_deref() == Some(next::KEPT_FOR_GOOD);
        match (cache.as_deref(), self.terms.get(self.terms.only(time))) {
            (Some(cache), _) if next::NEVER_KEPT.contains(&cache) => Told::Never,
            (_, Term::Number(text)) if self.terms.text(text) == "0" => Told::Never,
            (_, Term::Number(_)) => Told::ForATime,
            (_, Term::Bool(false)) => Told::ForGood,
            _ if !self.is_absent(time) && !self.is_absent(own) => Told::Unknown,
            _ if is_kept => Told::ForGood,
            (None, _) => Told::Nothing,
            _ => Told::Unknown,
        }
    }
}

impl Doing {
    /// What writes data that others may be shown: rows of a database, and what a backend has.
    pub fn data_writes(&self) -> impl Iterator<Item = &Happening> {
        self.happenings.iter().filter(|happening| match happening.effect {
            Effect::DbWrite => true,
            Effect::HttpWrite => happening.remote.is_some(),
            _ => false,
        })
    }

    /// What reads data that others may write.
    pub fn data_reads(&self) -> impl Iterator<Item = &Happening> {
        self.happenings.iter().filter(|happening| happening.reads_data())
    }
}

impl Happening {
    /// Whether it reads data that others may write.
    #[must_use]
    pub const fn reads_data(&self) -> bool {
        match self.effect {
            Effect::DbRead => true,
            Effect::HttpRead => self.remote.is_some(),
            _ => false,
        }
    }

    /// What it is about, as reports write it: a table, or what a request asks of a backend.
    #[must_use]
    pub fn about(&self) -> String {
        match &self.remote {
            Some(remote) => remote.name(),
            None => self.target.clone().unwrap_or_default(),
        }
    }

    /// What the label of a write says, beside that of a read for a URL: one call may send both.
    #[must_use]
    pub fn written_label(&self, read: &Self, url: &str) -> String {
        let about = self.about();
        if self.site() == read.site() {
            format!("writes `{about}`, and reads it for `{url}` at another time")
        } else {
            format!("writes `{about}`")
        }
    }

    /// What reports say that it reads of what is written: what a request asks is its own, a table the one that is written.
    #[must_use]
    pub fn about_written(&self, write: &Self) -> String {
        if self.remote.is_some() { self.about() } else { write.about() }
    }

    /// Whether all is known of what it is about.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.remote.is_some() || self.target.as_deref().is_some_and(|entity| !entity.contains("{}"))
    }

    /// What sort of thing it is about.
    #[must_use]
    pub(in crate::project) fn entity(&self) -> Option<&str> {
        match &self.remote {
            Some(remote) => Some(remote.entity()),
            None => self.target.as_deref(),
        }
    }
}
