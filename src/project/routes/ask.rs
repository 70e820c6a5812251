//! What may serve a URL of which parts are unknown, and whether it is certain that nothing does.

use super::custom::{Custom, Done};
use super::destination::Led;
use super::escape::{decoded, path_of};
use super::expression::{Expression, Node, Outcome};
use super::gaps::{GapKind, is_reserved};
use super::text::{Text, Unit};
use super::{Gap, RouteId, RouteKind, RouteTable, Segment};
use crate::diagnostic::nearest::nearest;

/// How many redirects and rewrites are followed.
const MOST_PATHS: usize = 24;

/// What may serve a URL.
#[derive(Debug, Default)]
pub struct Answer<'t> {
    /// The routes, in the order in which they are tried.
    pub routes: Vec<RouteId>,
    /// Whether a file of `public/` may be what is meant.
    pub public: bool,
    /// Why something else may serve it, where something may.
    pub gap: Option<&'t Gap>,
    /// Whether the framework serves it itself, or it is led to another origin.
    pub elsewhere: bool,
}

impl Answer<'_> {
    /// Whether it is certain that nothing serves it.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.routes.is_empty() && !self.public && self.gap.is_none() && !self.elsewhere
    }
}

/// Whether the routes of an answer serve a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answers {
    /// One of them does, or may.
    Yes,
    /// None of them does, and nothing else can.
    No,
    /// It is not known.
    Unknown,
}

impl RouteTable {
    /// What may serve a URL, a path as a browser would send it: with the base path, perhaps with a query.
    #[must_use]
    pub fn ask(&self, url: &Text) -> Answer<'_> {
        self.asked(url, false)
    }

    /// The same of a URL whose unknown parts are there: `/users/${id}` is no `/users/`.
    #[must_use]
    pub fn ask_filled(&self, url: &Text) -> Answer<'_> {
        self.asked(url, true)
    }

    fn asked(&self, url: &Text, filled: bool) -> Answer<'_> {
        let (path, _) = url.cut('#');
        let (path, _) = path.cut('?');
        let path = sent(&path);
        let mut answer = Answer::default();
        let mut open = vec![path];
        let mut next = 0;
        while let Some(path) = open.get(next).cloned() {
            next += 1;
            let led = self.ask_path(&path, filled, &mut answer);
            open.extend(led.into_iter().filter(|path| !open.contains(path)).collect::<Vec<_>>());
            if open.len() > MOST_PATHS {
                answer.elsewhere = true;
                break;
            }
        }
        answer.routes.sort_by_key(|&id| (self.order[id], id));
        answer.routes.dedup();
        answer
    }

    /// Whether what may serve a URL answers a method.
    #[must_use]
    pub fn answers(&self, answer: &Answer<'_>, method: &str) -> Answers {
        let known: Vec<Option<bool>> = answer.routes.iter().map(|&id| self.answers_method(id, method)).collect();
        if known.contains(&Some(true)) {
            Answers::Yes
        } else if answer.is_missing()
            || answer.gap.is_some()
            || answer.public
            || answer.elsewhere
            || known.contains(&None)
        {
            Answers::Unknown
        } else {
            Answers::No
        }
    }

    /// A page answers a `POST` too: it may be an action.
    fn answers_method(&self, id: RouteId, method: &str) -> Option<bool> {
        let route = self.route(id);
        match route.kind {
            RouteKind::Page if method == "POST" => None,
            _ => route.methods.answers(method),
        }
    }

    /// The route that is meant by a URL: an unknown part of its path is a parameter, and what is unknown behind a part adds nothing to it.
    #[must_use]
    pub fn aimed_at(&self, url: &Text) -> Option<RouteId> {
        let (path, _) = url.cut('?');
        let mut read = Text::default();
        for (position, &unit) in path.units().iter().enumerate() {
            let begins = position == 0 || path.units()[position - 1] == Unit::Char('/');
            match unit {
                Unit::Rest if begins => read.push(Unit::Segment),
                Unit::Rest => {}
                unit => read.push(unit),
            }
        }
        let routes = self.ask_filled(&read).routes;
        let covering =
            routes.iter().find(|&&id| self.below(&read).iter().any(|path| covers(&self.route(id).segments, path)));
        match routes.as_slice() {
            [only] => Some(*only),
            [first, ..] if read.as_known().is_some() => Some(*first),
            _ => covering.copied(),
        }
    }

    /// The route whose URL is nearest to one that nothing serves.
    #[must_use]
    pub fn nearest(&self, url: &Text) -> Option<RouteId> {
        let (path, _) = url.cut('?');
        let path = self.below(&path).into_iter().next()?.to_string();
        let asked: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let distances = self.routes.iter().enumerate().filter_map(|(id, route)| {
            let distance = distance(&asked, &route.segments)?;
            Some((distance, route.in_slot, &route.url, id))
        });
        distances.min().map(|(_, _, _, id)| id)
    }

    /// One path: its routes and files, and where redirects and rewrites lead it.
    fn ask_path<'t>(&'t self, path: &Text, filled: bool, answer: &mut Answer<'t>) -> Vec<Text> {
        let (mut led, mut moved) = (Vec::new(), false);
        for localized in self.localized(path) {
            for custom in &self.redirects {
                let certain = follow(custom, &localized, false, &mut led, answer);
                if certain {
                    return led;
                }
            }
            for custom in &self.before {
                moved |= follow(custom, &localized, true, &mut led, answer);
            }
            for custom in self.after.iter().chain(&self.fallback) {
                follow(custom, &localized, true, &mut led, answer);
            }
        }
        let holds = |gap: &&Gap| !matches!(gap.kind, GapKind::CatchAll) && gap.may_hold(path.units());
        if let (None, Some(gap)) = (answer.gap, self.gaps.iter().find(holds)) {
            answer.gap = Some(gap);
        }
        if moved {
            return led;
        }
        for below in self.below(path) {
            answer.elsewhere |= is_reserved(&below.head());
            match below.as_known() {
                Some(known) => self.known(&known, answer),
                None => self.unknown(&below, filled, answer),
            }
        }
        led
    }

    /// What serves a path that is known.
    fn known(&self, path: &str, answer: &mut Answer<'_>) {
        let trimmed = if path.len() > 1 { path.strip_suffix('/').unwrap_or(path) } else { path };
        let plain = decoded(trimmed);
        answer.public |= self.is_public(trimmed);
        let fixed = self.fixed.get(trimmed).or_else(|| self.fixed.get(plain.as_deref()?));
        let text = Text::known(trimmed);
        let matches = |id: &&RouteId| self.may_match(**id, &text);
        answer.routes.extend(fixed.or_else(|| self.dynamic.iter().find(matches)));
    }

    /// What may serve a path of which parts are unknown.
    fn unknown(&self, path: &Text, filled: bool, answer: &mut Answer<'_>) {
        let has_parts = |id: RouteId| !filled || has_all_parts(&self.route(id).segments, path);
        let fits = |&id: &RouteId| self.may_match(id, path) && has_parts(id);
        let mut fixed: Vec<RouteId> = self.fixed.values().copied().filter(fits).collect();
        fixed.sort_unstable();
        answer.routes.extend(fixed);
        for &id in self.dynamic.iter().filter(|id| fits(id)) {
            answer.routes.push(id);
            if covers(&self.route(id).segments, path) {
                break;
            }
        }
        let head = path.head();
        let candidates = self.public.iter().filter(|file| file.starts_with(&head) || head.starts_with(file.as_str()));
        answer.public |= candidates.into_iter().any(|file| is_file(file, path));
    }

    fn may_match(&self, id: RouteId, path: &Text) -> bool {
        let expression = self.route(id).expression.as_ref();
        expression.is_none_or(|expression| expression.run(path.units()) != Outcome::No)
    }

    /// A path as redirects and rewrites see it: with the default locale in front where it has none.
    fn localized(&self, path: &Text) -> Vec<Text> {
        let Some(default) = &self.default_locale else { return vec![path.clone()] };
        let below = self.below(path).into_iter().next().unwrap_or_default();
        let base = if below == *path { "" } else { self.base() };
        let first = below.split('/').nth(1).unwrap_or_default();
        let text = Text::from(first);
        let holes = first.iter().any(|unit| unit.is_hole());
        let has = text.as_known().is_some_and(|first| self.locales.iter().any(|l| l.eq_ignore_ascii_case(&first)));
        let mut localized = Text::known(&format!("{base}/{default}"));
        if below != Text::known("/") {
            localized.extend(below.units());
        }
        match (has, holes) {
            (true, _) => vec![path.clone()],
            (false, true) => vec![path.clone(), localized],
            (false, false) => vec![localized],
        }
    }

    /// A path below the base path and without its locale, in each way that it may be read; nothing where it is not below.
    fn below(&self, path: &Text) -> Vec<Text> {
        let base: Vec<Unit> = self.base().chars().map(Unit::Char).collect();
        let units = path.units();
        let hole = units.iter().position(|unit| unit.is_hole()).unwrap_or(units.len());
        let below = if base.is_empty() {
            path.clone()
        } else if units.starts_with(&base)
            && matches!(units.get(base.len()), None | Some(Unit::Char('/') | Unit::Segment | Unit::Rest))
        {
            Text::from(&units[base.len()..])
        } else if hole < base.len() && base.starts_with(&units[..hole]) {
            // The hole may hold the rest of the base path.
            let mut below = Text::known("/");
            below.push(Unit::Rest);
            let rest = &units[hole + 1..];
            below.extend(rest);
            if rest.first() == Some(&Unit::Char('/')) { Text::from(rest) } else { below }
        } else {
            return Vec::new();
        };
        let below = if below.units().is_empty() { Text::known("/") } else { below };
        let first = below.split('/').nth(1).unwrap_or_default();
        let may_be_locale = match Text::from(first).as_known() {
            Some(first) => self.locales.iter().any(|locale| locale.eq_ignore_ascii_case(&first)),
            None => !self.locales.is_empty(),
        };
        if !may_be_locale {
            return vec![below];
        }
        let rest = Text::from(&below.units()[first.len() + 1..]);
        vec![below, if rest.units().is_empty() { Text::known("/") } else { rest }]
    }
}

/// A path as a client sends it.
fn sent(path: &Text) -> Text {
    let mut sent = Text::default();
    for &unit in path.units() {
        match unit {
            Unit::Char(letter) => sent.push_str(&path_of(&letter.to_string())),
            hole => sent.push(hole),
        }
    }
    sent
}

/// Adds where a rule leads a path, and says whether it leads every such request there.
fn follow(custom: &Custom, path: &Text, rewrites: bool, led: &mut Vec<Text>, answer: &mut Answer<'_>) -> bool {
    match custom.apply(path.units(), None, rewrites) {
        Done::No => false,
        Done::Leads { to, perhaps } => {
            match to {
                Led::Inside(path, _) => led.push(path),
                Led::Outside | Led::Unknown if rewrites || !custom.is_by_host() => answer.elsewhere = true,
                _ => {}
            }
            !perhaps
        }
    }
}

/// Whether a route matches everything that a path may be.
fn covers(segments: &[Segment], path: &Text) -> bool {
    let parts: Vec<&[Unit]> = path.split('/').skip(1).collect();
    if parts.iter().any(|part| part.contains(&Unit::Rest)) {
        return matches!(segments, [Segment::Some(_) | Segment::Any(_)]);
    }
    for (index, segment) in segments.iter().enumerate() {
        let Some(part) = parts.get(index) else { return matches!(segment, Segment::Any(_)) };
        match segment {
            Segment::Static(text) if Text::from(*part).as_known().as_ref() == Some(text) => {}
            Segment::One { before, behind, .. } if before.is_empty() && behind.is_empty() => {}
            Segment::Some(_) | Segment::Any(_) => return true,
            _ => return false,
        }
    }
    segments.len() == parts.len()
}

/// Whether a route has a segment for each part of a path: an unknown part is one that is there.
fn has_all_parts(segments: &[Segment], path: &Text) -> bool {
    let open = segments.iter().any(|segment| matches!(segment, Segment::Some(_) | Segment::Any(_)));
    let parts = path.split('/').skip(1).filter(|part| !part.is_empty()).count();
    open || path.units().contains(&Unit::Rest) || parts <= segments.len()
}

/// Whether a path may be that of a file.
fn is_file(file: &str, path: &Text) -> bool {
    let node = Node::All(vec![Node::Start, Node::text(file), Node::End]);
    Expression::new(&node, false).is_none_or(|expression| expression.run(path.units()) != Outcome::No)
}

/// How far a path is from a route; `None` where it is too far to be meant.
fn distance(asked: &[&str], segments: &[Segment]) -> Option<usize> {
    if asked.len() > LONGEST_PATH {
        return None;
    }
    // What it costs to come from the first parts to the first segments, and how many of them are alike.
    let mut row: Vec<(usize, usize)> = vec![(0, 0)];
    for segment in segments {
        let (cost, alike) = row[row.len() - 1];
        row.push((cost + left_out(segment), alike));
    }
    for part in asked {
        let mut next = vec![(row[0].0 + FAR, row[0].1)];
        for (index, segment) in segments.iter().enumerate() {
            let (cost, alike) = changed(part, segment);
            let ways = [
                (row[index].0 + cost, row[index].1 + alike),
                (row[index + 1].0 + FAR, row[index + 1].1),
                (next[index].0 + left_out(segment), next[index].1),
            ];
            next.extend(ways.into_iter().min_by_key(|&(cost, alike)| (cost, std::cmp::Reverse(alike))));
        }
        row = next;
    }
    let (cost, alike) = row[row.len() - 1];
    (alike > 0 && cost <= FAR + alike).then_some(cost)
}

/// What a part too many or too few costs.
const FAR: usize = 4;
/// The most parts of a path that is compared.
const LONGEST_PATH: usize = 24;

/// What a segment costs that a path lacks.
const fn left_out(segment: &Segment) -> usize {
    match segment {
        Segment::Static(_) => FAR,
        Segment::One { .. } | Segment::Some(_) => 2,
        Segment::Any(_) => 1,
    }
}

/// What it costs to take a part for a segment, and whether they are alike.
fn changed(part: &str, segment: &Segment) -> (usize, usize) {
    let unknown = part.contains('{');
    match segment {
        Segment::Static(text) if text == part => (0, 1),
        Segment::Static(_) if unknown => (3, 0),
        Segment::Static(text) if nearest(part, [text.as_str()]).is_some() => (2, 1),
        Segment::Static(_) => (2 * FAR, 0),
        Segment::One { .. } if unknown => (0, 0),
        _ => (2, 0),
    }
}
