//! The URL that a term says: its origin, and its path with holes for what is not known.
//!
//! A hole may be any text, slashes included, unless its name says that it is one part of a path: an id, a slug, what is encoded.

use super::{Address, Origin};
use crate::project::routes::{Text, Unit};
use crate::project::values::evaluate::Evaluator;
use crate::project::values::terms::{ITSELF, Term, TermId};

/// How many readings of one URL are kept.
const MOST: usize = 8;
/// How deep texts within texts are read.
const DEEPEST: u32 = 12;

/// A part of a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Hole(Unit),
    /// What a value says that is the same wherever it is written, though nobody here knows what: a setting of the environment.
    Named(TermId),
    /// The app's own origin.
    Home,
    /// What the variable was before.
    Itself,
}

type Pieces = Vec<Piece>;

/// The URLs that a value may be, each once; `base` stands in front of those that are no absolute ones.
pub(super) fn addresses(eval: &mut Evaluator<'_>, url: TermId, base: Option<TermId>) -> Vec<Address> {
    let mut all = read(eval, url, DEEPEST);
    if let Some(base) = base {
        let bases = read(eval, base, DEEPEST);
        let joined = all.iter().flat_map(|own| bases.iter().map(move |base| join(base, own)));
        all = joined.take(MOST).collect();
    }
    let mut found: Vec<Address> = Vec::new();
    for pieces in all {
        let address = address(pieces);
        if !found.contains(&address) {
            found.push(address);
        }
    }
    let whole = found.clone();
    found.retain(|address| !whole.iter().any(|longer| is_end_of(address, longer)));
    found
}

/// Whether a path is what another puts a base in front of: it is meant alone only where it is an absolute URL.
fn is_end_of(address: &Address, longer: &Address) -> bool {
    let (path, behind) = (address.path.units(), longer.path.units());
    address.origin == Origin::Own && path.len() > 1 && behind.len() > path.len() && behind.ends_with(path)
}

/// A URL behind the base that a client was made with: there is one slash between them.
fn join(base: &Pieces, own: &Pieces) -> Pieces {
    let is_absolute = matches!(own.first(), Some(Piece::Text(text)) if text.contains("://") || text.starts_with("//"));
    if is_absolute || matches!(own.first(), Some(Piece::Home)) {
        return own.clone();
    }
    let (mut joined, mut own) = (base.clone(), own.clone());
    if let Some(Piece::Text(text)) = joined.last_mut() {
        text.truncate(text.trim_end_matches('/').len());
    }
    match own.first_mut() {
        Some(Piece::Text(text)) if !text.starts_with(['/', '?']) && !text.is_empty() => text.insert(0, '/'),
        Some(Piece::Text(_)) | None => {}
        Some(_) => own.insert(0, Piece::Text("/".to_owned())),
    }
    joined.extend(own);
    melted(joined)
}

/// The same, texts beside each other put together.
fn melted(pieces: Pieces) -> Pieces {
    let mut melted = Pieces::with_capacity(pieces.len());
    for piece in pieces {
        match (melted.last_mut(), piece) {
            (Some(Piece::Text(before)), Piece::Text(text)) => before.push_str(&text),
            (_, Piece::Text(text)) if text.is_empty() => {}
            (_, piece) => melted.push(piece),
        }
    }
    melted
}

fn address(pieces: Pieces) -> Address {
    let pieces = melted(pieces);
    let unknown = |pieces: &[Piece]| Address { origin: Origin::Unknown, path: whole(pieces) };
    match pieces.split_first() {
        None => unknown(&[]),
        Some((Piece::Text(first), rest)) => written(first, rest).unwrap_or_else(|| unknown(&pieces)),
        Some((Piece::Home, rest)) => behind(Origin::Own, rest).unwrap_or_else(|| unknown(&pieces)),
        Some((&Piece::Named(term), rest)) => behind(Origin::Named(term), rest).unwrap_or_else(|| unknown(&pieces)),
        Some((Piece::Hole(_) | Piece::Itself, _)) => unknown(&pieces),
    }
}

/// A URL that starts with a known text.
fn written(first: &str, rest: &[Piece]) -> Option<Address> {
    let scheme = first.split_once(':').map(|(scheme, _)| scheme);
    let is_scheme = |scheme: &str| !scheme.is_empty() && scheme.chars().all(|c| c.is_ascii_alphabetic());
    if first.starts_with("//") || scheme.is_some_and(is_scheme) {
        let behind_scheme = first.split_once("//").map_or("", |(_, behind)| behind);
        return match (behind_scheme.is_empty(), rest.split_first()) {
            (true, Some((Piece::Home, rest))) => behind(Origin::Own, rest),
            (true, Some((&Piece::Named(term), rest))) => behind(Origin::Named(term), rest),
            (true, Some((Piece::Hole(_), _))) if first.ends_with("//") => None,
            _ => {
                let host = behind_scheme.split(['/', '?']).next().unwrap_or_default();
                let path = behind_scheme.get(host.len()..).unwrap_or_default().to_owned();
                let host = if host.is_empty() { first } else { host };
                let path = text(&[&[Piece::Text(path)], rest].concat());
                Some(Address { origin: Origin::Other(host.to_owned()), path })
            }
        };
    }
    if !first.starts_with('/') {
        return None;
    }
    let path = text(&[&[Piece::Text(first.to_owned())], rest].concat());
    Some(Address { origin: Origin::Own, path })
}

/// A path behind an origin.
fn behind(origin: Origin, rest: &[Piece]) -> Option<Address> {
    match rest.first() {
        None if origin == Origin::Own => Some(Address { origin, path: Text::known("/") }),
        Some(Piece::Text(first)) if first.starts_with('/') => Some(Address { origin, path: text(rest) }),
        _ => None,
    }
}

/// The text of pieces. What is nothing between two slashes is a part that is not there yet.
fn text(pieces: &[Piece]) -> Text {
    let mut filled = Text::default();
    let mut in_path = true;
    for &unit in whole(pieces).units() {
        in_path &= !matches!(unit, Unit::Char('?' | '#'));
        if in_path && unit == Unit::Char('/') && filled.units().last() == Some(&Unit::Char('/')) {
            filled.push(Unit::Segment);
        }
        filled.push(unit);
    }
    filled
}

fn whole(pieces: &[Piece]) -> Text {
    let mut whole = Text::default();
    for piece in pieces {
        match piece {
            Piece::Text(part) => whole.push_str(part),
            Piece::Hole(unit) => whole.push(*unit),
            Piece::Named(_) | Piece::Home | Piece::Itself => whole.push(Unit::Rest),
        }
    }
    whole
}

/// The texts that a value may be.
fn read(eval: &mut Evaluator<'_>, term: TermId, left: u32) -> Vec<Pieces> {
    let Some(left) = left.checked_sub(1) else { return vec![vec![Piece::Hole(Unit::Rest)]] };
    match eval.terms.get(term) {
        Term::Text(text) | Term::Number(text) => vec![vec![Piece::Text(eval.terms.text(text).to_owned())]],
        Term::Template(list) => {
            let parts = eval.terms.list(list).to_vec();
            concatenated(eval, &parts, left)
        }
        Term::Union(list) => {
            let alternatives = eval.terms.list(list).to_vec();
            one_of(eval, &alternatives, left)
        }
        Term::As(inner, _, _) | Term::Of(inner, _, _) => match hole(eval, term) {
            Piece::Hole(Unit::Rest) => read(eval, inner, left),
            piece => vec![vec![piece]],
        },
        Term::Called(callee, list, constructs) => {
            let arguments = eval.terms.list(list).to_vec();
            called(eval, callee, &arguments, constructs, left).unwrap_or_else(|| vec![vec![hole(eval, term)]])
        }
        Term::Member(object, name) => member(eval, term, object, eval.terms.text(name).to_owned().as_str(), left),
        Term::Computed(list) => match *eval.terms.list(list) {
            [first, second] if is_text(eval, first) || is_text(eval, second) || is_itself(eval, first) => {
                concatenated(eval, &[first, second], left)
            }
            _ => vec![vec![Piece::Hole(Unit::Rest)]],
        },
        Term::Unknown(ITSELF) => vec![vec![Piece::Itself]],
        _ => vec![vec![hole(eval, term)]],
    }
}

/// Whether a value is what the variable was before: `url += query()`.
fn is_itself(eval: &Evaluator<'_>, term: TermId) -> bool {
    matches!(eval.terms.get(term), Term::Unknown(ITSELF))
}

/// Whether a value is a piece of a path.
fn is_text(eval: &Evaluator<'_>, term: TermId) -> bool {
    match eval.terms.get(term) {
        Term::Text(text) => eval.terms.text(text).starts_with(['/', '?', '&', 'h']),
        Term::Template(_) => true,
        _ => false,
    }
}

fn concatenated(eval: &mut Evaluator<'_>, parts: &[TermId], left: u32) -> Vec<Pieces> {
    let mut all: Vec<Pieces> = vec![Pieces::new()];
    for &part in parts {
        let mut readings = read(eval, part, left);
        if readings.is_empty() || all.len() * readings.len() > MOST {
            readings = vec![vec![Piece::Hole(Unit::Rest)]];
        }
        all =
            all.iter().flat_map(|before| readings.iter().map(move |next| [&before[..], &next[..]].concat())).collect();
    }
    all
}

/// One of several values: what is nothing is no URL. What is put behind the value before makes that one longer.
fn one_of(eval: &mut Evaluator<'_>, alternatives: &[TermId], left: u32) -> Vec<Pieces> {
    let mut all: Vec<Pieces> = Vec::new();
    for &alternative in alternatives {
        let is_no_text = matches!(eval.terms.get(alternative), Term::Null | Term::Undefined | Term::Bool(_));
        if !is_no_text {
            all.extend(read(eval, alternative, left));
        }
    }
    let longer = all.iter().any(|pieces| pieces.first() == Some(&Piece::Itself));
    all.retain(|pieces| pieces.first() != Some(&Piece::Itself));
    if longer {
        all.iter_mut().for_each(|pieces| pieces.push(Piece::Hole(Unit::Rest)));
    }
    if all.len() > MOST || all.is_empty() { vec![vec![Piece::Hole(Unit::Rest)]] } else { all }
}

fn is_global(eval: &Evaluator<'_>, term: TermId, wanted: &str) -> bool {
    matches!(eval.terms.get(term), Term::Global(name) if eval.terms.text(name) == wanted)
}

/// What a call gives that makes texts of texts.
fn called(
    eval: &mut Evaluator<'_>,
    callee: TermId,
    arguments: &[TermId],
    constructs: bool,
    left: u32,
) -> Option<Vec<Pieces>> {
    if constructs {
        return (is_global(eval, callee, "URL")).then(|| made_url(eval, arguments, left));
    }
    match eval.terms.get(callee) {
        Term::Global(name) => match eval.terms.text(name) {
            "encodeURIComponent" => {
                let readings = read(eval, *arguments.first()?, left);
                let known = |pieces: &Pieces| matches!(pieces.as_slice(), [Piece::Text(text)] if text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'));
                let part = |pieces: Pieces| if known(&pieces) { pieces } else { vec![Piece::Hole(Unit::Segment)] };
                Some(readings.into_iter().map(part).collect())
            }
            "String" | "encodeURI" => Some(read(eval, *arguments.first()?, left)),
            _ => None,
        },
        Term::Member(object, name) => match eval.terms.text(name) {
            "toString" | "trim" | "toJSON" | "valueOf" if arguments.is_empty() => Some(read(eval, object, left)),
            // What is cut off at the end is a slash.
            "replace" | "trimEnd" | "slice" if !is_text(eval, object) => {
                let whole = read(eval, object, left);
                let is_name = |pieces: &Pieces| matches!(pieces.as_slice(), [Piece::Named(_) | Piece::Home]);
                whole.iter().all(is_name).then_some(whole)
            }
            "join" => {
                let Term::Array(list) = eval.terms.get(object) else { return None };
                let separator = *arguments.first()?;
                let mut parts = Vec::new();
                for &element in eval.terms.list(list) {
                    parts.extend([separator, element]);
                }
                parts.get(1..).map(|parts| parts.to_vec()).map(|parts| concatenated(eval, &parts, left))
            }
            _ => None,
        },
        _ => None,
    }
}

/// `new URL(path, base)`
fn made_url(eval: &mut Evaluator<'_>, arguments: &[TermId], left: u32) -> Vec<Pieces> {
    let Some(&first) = arguments.first() else { return vec![vec![Piece::Hole(Unit::Rest)]] };
    let paths = read(eval, first, left);
    let Some(&base) = arguments.get(1) else { return paths };
    let bases = if is_own_url(eval, base) { vec![vec![Piece::Home]] } else { read(eval, base, left) };
    let mut all = Vec::new();
    for path in &paths {
        let is_path =
            matches!(path.first(), Some(Piece::Text(text)) if text.starts_with('/') && !text.starts_with("//"));
        let is_absolute = matches!(path.first(), Some(Piece::Text(text)) if text.contains("://"));
        if is_absolute {
            all.push(path.clone());
            continue;
        }
        for base in &bases {
            let origin = match base.first() {
                Some(Piece::Text(text)) if text.contains("://") => {
                    let end = text.match_indices('/').nth(2).map_or(text.len(), |(at, _)| at);
                    vec![Piece::Text(text[..end].to_owned())]
                }
                Some(piece) => vec![piece.clone()],
                None => vec![Piece::Hole(Unit::Rest)],
            };
            let path = if is_path { path.clone() } else { vec![Piece::Hole(Unit::Rest)] };
            all.push([origin, path].concat());
        }
    }
    all.truncate(MOST);
    all
}

fn member(eval: &mut Evaluator<'_>, term: TermId, object: TermId, name: &str, left: u32) -> Vec<Pieces> {
    let is_made = matches!(eval.terms.get(object), Term::Called(callee, _, true) if is_global(eval, callee, "URL"));
    match name {
        "origin" if is_own_url(eval, object) => vec![vec![Piece::Home]],
        "href" if is_made => read(eval, object, left),
        "origin" if is_made => match eval.terms.get(object) {
            Term::Called(_, list, _) => match eval.terms.list(list).first().copied() {
                Some(first) if is_own_url(eval, first) => vec![vec![Piece::Home]],
                _ => vec![vec![hole(eval, term)]],
            },
            _ => vec![vec![hole(eval, term)]],
        },
        _ => vec![vec![hole(eval, term)]],
    }
}

/// Whether a value is the URL of the page, or of the request that is answered: `location`, `request.url`, `request.nextUrl`.
fn is_own_url(eval: &Evaluator<'_>, term: TermId) -> bool {
    match eval.terms.get(term) {
        Term::Global(name) => eval.terms.text(name) == "location",
        Term::Member(object, name) => match eval.terms.text(name) {
            "location" => ["window", "globalThis", "self", "document"].iter().any(|of| is_global(eval, object, of)),
            "href" | "origin" => is_own_url(eval, object),
            "url" => matches!(eval.terms.root(object), Term::Parameter(..) | Term::Typed(_)),
            "nextUrl" => true,
            _ => false,
        },
        Term::Called(callee, list, constructs) => match eval.terms.get(callee) {
            Term::Member(object, name) if eval.terms.text(name) == "clone" => is_own_url(eval, object),
            Term::Global(_) if constructs && is_global(eval, callee, "URL") => {
                let first = eval.terms.list(list).first();
                first.is_some_and(|&first| is_own_url(eval, first))
            }
            _ => false,
        },
        Term::As(inner, _, _) | Term::Of(inner, _, _) => is_own_url(eval, inner),
        _ => false,
    }
}

/// What is not known of a URL: one part of the path where its name says so.
fn hole(eval: &Evaluator<'_>, term: TermId) -> Piece {
    let name = match eval.terms.get(term) {
        Term::Member(_, name) => eval.terms.text(name),
        Term::Parameter(function, index) => {
            let facts = &eval.module(function.module).facts;
            let parameter = facts.function(function.function).parameters.get(index as usize);
            parameter.map_or("", |parameter| facts.text(parameter.name))
        }
        // `searchParams.get('id')`
        Term::Called(_, list, false) => match eval.terms.list(list) {
            [only] => match eval.terms.get(*only) {
                Term::Text(text) => eval.terms.text(text),
                _ => "",
            },
            _ => "",
        },
        Term::As(inner, _, _) | Term::Of(inner, _, _) => return hole(eval, inner),
        _ => "",
    };
    if is_part(name) {
        return Piece::Hole(Unit::Segment);
    }
    match (eval.terms.get(term), eval.terms.root(term)) {
        (Term::Member(..), Term::Global(_) | Term::Package(..) | Term::Called(..)) => Piece::Named(term),
        _ => Piece::Hole(Unit::Rest),
    }
}

/// Whether a name is one of a part of a path: `id`, `userId`, `slug`.
pub(in crate::project) fn is_part(name: &str) -> bool {
    const PARTS: [&str; 7] = ["id", "uuid", "slug", "token", "code", "handle", "username"];
    let lower = name.to_ascii_lowercase();
    let ends = |part: &&str| {
        let Some(before) = lower.strip_suffix(*part) else { return false };
        let first = name.as_bytes().get(before.len()).copied().unwrap_or_default();
        before.is_empty() || before.ends_with('_') || first.is_ascii_uppercase()
    };
    PARTS.iter().any(ends)
}
