//! The segments of a route: what each matches, and which route is tried before which.
//!
//! Follows `getRouteRegex` and `sortPages` of Next 16.4.6, seen through the router's own answers (NEXT.md §3.3).

use std::cmp::Ordering;

use super::expression::{Expression, Node, Outcome, Set};
use super::text::Unit;

/// The marks in front of a segment that intercepts another route.
const MARKERS: [&str; 4] = ["(..)(..)", "(.)", "(..)", "(...)"];

/// One segment of a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// `users`, also `pre-[id]` in a route that has no other parameter
    Static(String),
    /// `[id]`; of `pre-[id].json` what stands before and behind it too
    One {
        /// What stands before the brackets.
        before: String,
        /// The parameter.
        name: String,
        /// What stands behind the brackets.
        behind: String,
    },
    /// `[...path]`
    Some(String),
    /// `[[...path]]`
    Any(String),
}

/// The segments of a route's URL.
pub(super) fn segments(url: &str) -> Vec<Segment> {
    let dynamic = is_dynamic(url);
    url.split('/').filter(|segment| !segment.is_empty()).map(|segment| Segment::read(segment, dynamic)).collect()
}

impl Segment {
    fn read(text: &str, dynamic: bool) -> Self {
        let fixed = || Self::Static(text.to_owned());
        if !dynamic {
            return fixed();
        }
        let Some((before, inside, behind)) = brackets(text) else { return fixed() };
        match inside.strip_prefix('[').and_then(|inside| inside.strip_suffix(']')) {
            Some(inside) => Self::Any(inside.trim_start_matches("...").to_owned()),
            None => match inside.strip_prefix("...") {
                Some(name) => Self::Some(name.to_owned()),
                None => {
                    let name = inside.to_owned();
                    Self::One { before: before.to_owned(), name, behind: behind.to_owned() }
                }
            },
        }
    }

    /// The name of its parameter.
    #[must_use]
    pub fn parameter(&self) -> Option<&str> {
        match self {
            Self::Static(_) => None,
            Self::One { name, .. } | Self::Some(name) | Self::Any(name) => Some(name),
        }
    }
}

/// `pre[id]post` as its three parts.
fn brackets(segment: &str) -> Option<(&str, &str, &str)> {
    let open = segment.find('[')?;
    let rest = &segment[open + 1..];
    let close = match rest.strip_prefix('[') {
        Some(inner) => inner.find(']').map(|at| at + 2).filter(|&at| rest[at..].starts_with(']')),
        None => None,
    };
    let close = close.or_else(|| rest.find(']'))?;
    (close > 0).then(|| (&segment[..open], &rest[..close], &rest[close + 1..]))
}

/// Whether a route has a segment that is a parameter as a whole. Of a route that intercepts, the intercepted one decides.
pub(super) fn is_dynamic(url: &str) -> bool {
    let intercepted = interception(url).map(|(_, target)| target);
    let url = intercepted.as_deref().unwrap_or(url);
    url.split('/').any(|segment| segment.len() > 2 && segment.starts_with('[') && segment.ends_with(']'))
}

/// The route that an intercepting one is entered from, and the one that it stands for.
#[must_use]
pub fn interception(url: &str) -> Option<(String, String)> {
    let marker = url.split('/').find_map(|segment| MARKERS.iter().find(|marker| segment.starts_with(**marker)))?;
    let (from, target) = url.split_once(marker)?;
    let from = from.trim_end_matches('/');
    let above = |levels: usize| {
        let mut folder = from;
        for _ in 0..levels {
            folder = folder.rsplit_once('/')?.0;
        }
        Some(folder)
    };
    let folder = match *marker {
        "(.)" => from,
        "(..)" => above(1)?,
        "(..)(..)" => above(2)?,
        _ => "",
    };
    let from = if from.is_empty() { "/" } else { from };
    (!target.is_empty()).then(|| (from.to_owned(), format!("{folder}/{target}")))
}

/// The expression of a route, and the names of its parameters.
pub(super) fn expression(url: &str) -> Option<(Expression, Vec<Segment>)> {
    let segments = segments(url);
    let letter = || Box::new(Node::Set(Set::all_but('/')));
    let group = |node: Node| Node::Group(None, Box::new(node));
    let several = |node: Box<Node>| Node::Repeat { node, least: 1, most: None, lazy: true };
    let mut nodes = vec![Node::Start];
    for segment in &segments {
        let slash = Node::Char('/');
        match segment {
            Segment::Static(text) => nodes.extend([slash, Node::text(text)]),
            Segment::One { before, behind, .. } => {
                nodes.extend([slash, Node::text(before), group(several(letter())), Node::text(behind)]);
            }
            Segment::Some(_) => nodes.extend([slash, group(several(Box::new(Node::Any)))]),
            Segment::Any(_) => nodes.push(Node::All(vec![slash, group(several(Box::new(Node::Any)))]).optional()),
        }
    }
    nodes.extend([Node::Char('/').optional(), Node::End]);
    Some((Expression::new(&Node::All(nodes), false)?, segments))
}

/// The parameters of a route that a path matches, each with the place of its value; `None` where it does not match.
pub(super) fn matched<'s>(
    expression: &Expression,
    segments: &'s [Segment],
    path: &[Unit],
) -> Option<Vec<(&'s Segment, (usize, usize))>> {
    let Outcome::Yes(found) = expression.run(path) else { return None };
    let parameters = segments.iter().filter(|segment| segment.parameter().is_some());
    Some(parameters.zip(found.groups).filter_map(|(segment, range)| Some((segment, range?))).collect())
}

/// Which of two routes is tried first: segment by segment the more specific one, then the one that comes first by name.
pub(super) fn order(left: &str, right: &str) -> Ordering {
    let split = |url: &'_ str| -> Vec<String> {
        url.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect()
    };
    let (left, right) = (split(left), split(right));
    for (left, right) in left.iter().zip(&right) {
        let ordering = rank(left).cmp(&rank(right)).then_with(|| collate(left, right));
        if ordering != Ordering::Equal {
            return ordering;
        }
    }
    left.len().cmp(&right.len())
}

/// How specific a segment is; the most specific is 0.
fn rank(segment: &str) -> u8 {
    match segment {
        _ if segment.starts_with("[[...") && segment.ends_with("]]") => 3,
        _ if segment.starts_with("[...") && segment.ends_with(']') => 2,
        _ if segment.starts_with('[') && segment.ends_with(']') => 1,
        _ => 0,
    }
}

/// Names as people sort them: letters before their case, lower before upper.
fn collate(left: &str, right: &str) -> Ordering {
    let key = |text: &str| -> Vec<(u8, String)> {
        let class = |letter: char| match letter {
            letter if letter.is_alphabetic() => 2,
            letter if letter.is_numeric() => 1,
            _ => 0,
        };
        text.chars().map(|letter| (class(letter), letter.to_lowercase().collect())).collect()
    };
    key(left).cmp(&key(right)).then_with(|| right.cmp(left))
}
