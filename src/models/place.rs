//! Places among the arguments of a call, as models name them.

use schemars::JsonSchema;
use serde::Deserialize;

/// A place among the arguments of a call (`arg1.method`), or a fixed text (`=stripe`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub enum Place {
    /// An argument, and the properties below it.
    Argument(u32, Vec<String>),
    /// This text.
    Fixed(String),
}

impl TryFrom<String> for Place {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if let Some(fixed) = text.strip_prefix('=') {
            return Ok(Self::Fixed(fixed.to_owned()));
        }
        let mut parts = text.split('.');
        let number = parts.next().and_then(|first| first.strip_prefix("arg")?.parse().ok());
        let rest: Vec<String> = parts.map(str::to_owned).collect();
        match number {
            Some(number) if rest.iter().all(|part| !part.is_empty()) => Ok(Self::Argument(number, rest)),
            _ => Err(format!("`{text}` is no place of a call, such as `arg0`, `arg1.method` or `=text`")),
        }
    }
}

/// Where the columns of an effect stand.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub enum Columns {
    /// They are the keys of an object among the arguments.
    Keys(Place),
    /// They are the values of the object that a call before this one in the chain is handed: `select({ id: users.id }).from(users)`.
    Before,
    /// They are the keys of the object that the call behind this one is handed: `update(users).set({ name })`.
    After,
}

impl TryFrom<String> for Columns {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "before" => Ok(Self::Before),
            "after" => Ok(Self::After),
            _ => Place::try_from(text).map(Self::Keys),
        }
    }
}
