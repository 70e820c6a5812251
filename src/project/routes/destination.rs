//! Where a redirect or a rewrite leads: its pattern, filled with what the source matched.

use super::escape::path_of;
use super::source::{Key, Parameter, Token, Value, Values, tokens};
use super::text::Text;

/// The pattern of a destination.
#[derive(Debug, Clone)]
pub(super) enum Destination {
    /// A path of the app.
    Inside {
        /// Its path.
        path: Vec<Token>,
        /// What it adds to the query.
        query: Vec<(String, String)>,
    },
    /// Another origin.
    Outside,
    /// It is computed, or no pattern that is understood.
    Unknown,
}

/// Where one request is led.
#[derive(Debug, Clone)]
pub(super) enum Led {
    /// To a path of the app, with this query over the one that it has.
    Inside(Text, Vec<(String, Text)>),
    /// To another origin.
    Outside,
    /// Nobody knows.
    Unknown,
    /// Nowhere: the pattern needs a value that the source does not give, and the server fails.
    Nowhere,
}

impl Destination {
    /// The destination that a text says.
    pub(super) fn new(text: &str) -> Self {
        if !text.starts_with('/') {
            return Self::Outside;
        }
        let (text, hash) = text.split_once('#').map_or((text, None), |(text, hash)| (text, Some(hash)));
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let hash = hash.map_or_else(String::new, |hash| format!("#{hash}"));
        let Some(path) = tokens(&format!("{}{hash}", path_of(path))) else { return Self::Unknown };
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        Self::Inside { path, query: pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect() }
    }

    /// Fills the pattern. Values that the path does not use go into the query, unless it uses any.
    pub(super) fn fill(&self, values: &Values, keeps_values: bool) -> Led {
        let (path, query) = match self {
            Self::Outside => return Led::Outside,
            Self::Unknown => return Led::Unknown,
            Self::Inside { path, query } => (path, query),
        };
        let (mut text, mut used) = (Text::default(), false);
        for token in path {
            match token {
                Token::Text(known) => text.push_str(known),
                Token::Parameter(parameter) => {
                    let value = lookup(values, parameter);
                    used |= value.is_some_and(|(name, _)| name != LOCALE);
                    if fill(&mut text, parameter, value.map(|(_, value)| value)).is_none() {
                        return Led::Nowhere;
                    }
                }
            }
        }
        let mut pairs: Vec<(String, Text)> =
            query.iter().map(|(key, value)| (key.clone(), interpolated(value, values))).collect();
        if keeps_values && !used {
            for (name, value) in values.iter().filter(|(name, _)| name != LOCALE) {
                if !pairs.iter().any(|(key, _)| key == name) {
                    pairs.push((name.clone(), joined(value)));
                }
            }
        }
        let (text, _) = text.cut('#');
        Led::Inside(text, pairs)
    }
}

/// The parameter that carries the locale from a source to its destination.
pub(super) const LOCALE: &str = "nextInternalLocale";

fn lookup<'v>(values: &'v Values, parameter: &Parameter) -> Option<&'v (String, Value)> {
    let Key::Name(name) = &parameter.key else { return None };
    values.iter().rev().find(|(other, _)| other == name)
}

/// Writes a value behind a text; `None` where the parameter cannot take it.
fn fill(text: &mut Text, parameter: &Parameter, value: Option<&Value>) -> Option<()> {
    let parts: &[Text] = match value {
        None if parameter.modifier.may_miss() => return Some(()),
        None => return None,
        Some(Value::One(one)) => std::slice::from_ref(one),
        Some(Value::Many(parts)) if parameter.modifier.repeats() => parts,
        Some(Value::Many(_)) => return None,
    };
    for part in parts {
        text.push_str(&parameter.prefix);
        text.extend(part.units());
        text.push_str(&parameter.suffix);
    }
    Some(())
}

/// A value of the query, each `:name` in it replaced.
fn interpolated(value: &str, values: &Values) -> Text {
    let (mut text, mut rest) = (Text::default(), value);
    while let Some((before, after)) = rest.split_once(':') {
        text.push_str(before);
        let length = after.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(after.len());
        let (name, behind) = after.split_at(length);
        match values.iter().rev().find(|(other, _)| other == name) {
            Some((_, value)) => {
                text.extend(joined(value).units());
                rest = behind.trim_start_matches(['*', '+', '?']);
            }
            None => {
                text.push_str(":");
                text.push_str(name);
                rest = behind;
            }
        }
    }
    text.then(rest)
}

fn joined(value: &Value) -> Text {
    match value {
        Value::One(one) => one.clone(),
        Value::Many(parts) => {
            let mut text = Text::default();
            for (index, part) in parts.iter().enumerate() {
                if index > 0 {
                    text.push_str("/");
                }
                text.extend(part.units());
            }
            text
        }
    }
}
