//! Redirects and rewrites, ready to be held against a request.

use super::destination::{Destination, LOCALE, Led};
use super::expression::{Expression, Node, Outcome, parse};
use super::request::Request;
use super::source::{Match, Shape, Source, Value, Values};
use super::text::{Text, Unit};
use crate::diagnostic::Place;
use crate::project::config::{Condition, ConditionKind, Rule, Setting};

/// A redirect or a rewrite.
#[derive(Debug, Clone)]
pub(super) struct Custom {
    /// Its source with the base path and the locale in front.
    pub(super) text: String,
    /// `None` where the source cannot be read: it may match anything.
    source: Option<Source>,
    destination: Destination,
    has: Vec<Check>,
    missing: Vec<Check>,
    /// Whether it is there in any case.
    pub(super) certain: bool,
    /// Where it is written.
    pub(super) place: Place,
}

/// What a rule wants of a request beside its path.
#[derive(Debug, Clone)]
struct Check {
    kind: ConditionKind,
    key: String,
    value: Wanted,
}

/// What the value of a header, a cookie or a parameter must be.
#[derive(Debug, Clone)]
enum Wanted {
    /// Any text but the empty one.
    Anything,
    /// What an expression matches, with the names of its groups.
    Matching(Expression, Vec<Option<String>>),
    /// It is computed.
    Unknown,
}

/// Which list a rule is from, and what stands in front of its paths.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around<'a> {
    pub(super) redirects: bool,
    pub(super) base: &'a str,
    pub(super) locales: &'a [String],
    pub(super) default_locale: Option<&'a str>,
    pub(super) trailing_slash: bool,
    pub(super) sensitive: bool,
}

/// What a rule does with a path.
pub(super) enum Done {
    /// Nothing.
    No,
    /// It leads there, in any case or perhaps.
    Leads {
        /// Where.
        to: Led,
        /// Whether only perhaps.
        perhaps: bool,
    },
}

impl Custom {
    /// What a rule of the configuration becomes: with locales a redirect is two, the first for paths of the default locale.
    pub(super) fn of(rule: &Rule, around: Around<'_>) -> Vec<Self> {
        let base = if rule.below_base { around.base } else { "" };
        let inside = rule.destination.known().is_some_and(|text| text.starts_with('/'));
        let below_base = |text: &str| match text {
            "/" if !base.is_empty() => base.to_owned(),
            text => format!("{base}{text}"),
        };
        let bare = |text: &str| if text == "/" && !around.trailing_slash { String::new() } else { text.to_owned() };
        let source = rule.source.known();
        let to = rule.destination.known().map(|text| if inside { below_base(text) } else { text.clone() });
        let mut all = Vec::new();
        if around.locales.is_empty() || !rule.with_locale {
            all.push(Self::new(rule, source.map(|text| below_base(text)), to, around));
            return all;
        }
        if let (Some(locale), true, true) = (around.default_locale, around.redirects, inside) {
            let source = source.map(|text| format!("{base}/{locale}{}", bare(text)));
            all.push(Self::new(rule, source, to, around));
        }
        let locales: Vec<String> = around.locales.iter().map(|locale| escaped(locale)).collect();
        let locales = locales.join("|");
        let source = source.map(|text| format!("{base}/:{LOCALE}({locales}){}", bare(text)));
        let to = rule.destination.known().map(|text| match inside {
            true => format!("{base}/:{LOCALE}{}", bare(text)),
            false => text.clone(),
        });
        all.push(Self::new(rule, source, to, around));
        all
    }

    fn new(rule: &Rule, source: Option<String>, destination: Option<String>, around: Around<'_>) -> Self {
        let not_below = around.redirects.then(|| format!("{}/_next", around.base));
        let shape = Shape { open_end: true, sensitive: around.sensitive, not_below: not_below.as_deref() };
        let check = |condition: &Condition| Check::new(condition);
        Self {
            source: source.as_deref().and_then(|text| Source::new(text, shape)),
            text: source.unwrap_or_default(),
            destination: destination.map_or(Destination::Unknown, |text| Destination::new(&text)),
            has: rule.has.iter().map(check).collect(),
            missing: rule.missing.iter().map(check).collect(),
            certain: rule.certain,
            place: rule.place,
        }
    }

    /// Whether its source is a pattern that is understood.
    pub(super) const fn is_readable(&self) -> bool {
        self.source.is_some()
    }

    /// Whether it leads to another origin, or nobody knows where.
    pub(super) const fn leaves(&self) -> bool {
        matches!(self.destination, Destination::Outside | Destination::Unknown)
    }

    /// Whether it is for requests to a host of its own alone.
    pub(super) fn is_by_host(&self) -> bool {
        self.has.iter().any(|check| check.kind == ConditionKind::Host)
    }

    /// What it does with a path; `request` holds the rest of the request, where that is known. A rewrite hands the values of its source on.
    pub(super) fn apply(&self, path: &[Unit], request: Option<&Request<'_>>, rewrites: bool) -> Done {
        let unknown = || Done::Leads { to: Led::Unknown, perhaps: true };
        let Some(source) = &self.source else { return unknown() };
        let (mut values, mut perhaps) = match source.matches(path) {
            Match::No => return Done::No,
            Match::Unknown => return unknown(),
            Match::Yes { values, perhaps } => (values, perhaps || !self.certain),
        };
        let checks = self.has.iter().map(|check| (check, true)).chain(self.missing.iter().map(|check| (check, false)));
        for (check, wanted) in checks {
            match request.map_or(Checked::Unknown, |request| check.holds(request)) {
                Checked::Unknown => perhaps = true,
                Checked::No if wanted => return Done::No,
                Checked::Yes(_) if !wanted => return Done::No,
                Checked::Yes(found) => values.extend(found),
                Checked::No => {}
            }
        }
        Done::Leads { to: self.destination.fill(&values, rewrites), perhaps }
    }
}

/// What a check says of a request.
enum Checked {
    No,
    Yes(Values),
    Unknown,
}

impl Check {
    fn new(condition: &Condition) -> Self {
        let value = match &condition.value {
            Setting::Absent => Wanted::Anything,
            Setting::Known(text) if text.is_empty() => Wanted::Anything,
            Setting::Known(text) => match parse(&format!("^{text}$")) {
                Some(node) => wanted(&node),
                None => Wanted::Unknown,
            },
            Setting::Unknown => Wanted::Unknown,
        };
        let unknown = condition.key == Setting::Unknown && condition.kind != ConditionKind::Host;
        Self {
            kind: if unknown { ConditionKind::Unknown } else { condition.kind },
            key: condition.key.known().cloned().unwrap_or_default(),
            value,
        }
    }

    fn holds(&self, request: &Request<'_>) -> Checked {
        let named = |pairs: &[(String, String)], key: &str| {
            pairs.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value.clone())
        };
        let value = match self.kind {
            ConditionKind::Unknown => return Checked::Unknown,
            ConditionKind::Header => named(request.headers, &self.key.to_lowercase()),
            ConditionKind::Cookie => named(request.cookies, &self.key),
            ConditionKind::Query => named(&request.query, &self.key),
            ConditionKind::Host => request.host.map(|host| host.split(':').next().unwrap_or(host).to_lowercase()),
        };
        let Some(value) = value.filter(|value| !value.is_empty()) else { return Checked::No };
        match &self.value {
            Wanted::Unknown => Checked::Unknown,
            Wanted::Anything => {
                let name: String = self.key.chars().filter(char::is_ascii_alphabetic).collect();
                Checked::Yes(vec![(name, Value::One(Text::known(&value)))])
            }
            Wanted::Matching(expression, names) => self.groups(expression, names, &value),
        }
    }

    fn groups(&self, expression: &Expression, names: &[Option<String>], value: &str) -> Checked {
        let text = Text::known(value);
        match expression.run(text.units()) {
            Outcome::No => Checked::No,
            Outcome::Unknown => Checked::Unknown,
            Outcome::Yes(found) => {
                let named = names.iter().zip(&found.groups).filter_map(|(name, range)| {
                    let (start, end) = (*range)?;
                    Some((name.clone()?, Value::One(Text::from(&text.units()[start..end]))))
                });
                let mut values: Values = named.collect();
                if values.is_empty() && self.kind == ConditionKind::Host {
                    values.push(("host".to_owned(), Value::One(text.clone())));
                }
                Checked::Yes(values)
            }
        }
    }
}

fn wanted(node: &Node) -> Wanted {
    match Expression::new(node, false) {
        Some(expression) => Wanted::Matching(expression, node.groups()),
        None => Wanted::Unknown,
    }
}

/// A text as an expression that matches it alone.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        if "|\\{}()[]^$+*?.-".contains(letter) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}
