//! What a value of a package is, where it comes from what a call was handed: `useMemo()` is what its function returns.

use schemars::JsonSchema;
use serde::Deserialize;

use super::place::Place;

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub enum Source {
    /// `arg0`: an argument of the last call of the path, or a member of one.
    Argument(Place),
    /// `arg0()`: what the function returns that an argument is; the argument itself where it is none.
    Result(Place),
    /// `args`: all arguments at once.
    Arguments,
    /// `type0`: a value of a type argument of the call, or of the annotation.
    Type(u32),
}

impl TryFrom<String> for Source {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text == "args" {
            return Ok(Self::Arguments);
        }
        let fault = || format!("`{text}` is no source of a value, such as `arg0`, `arg0()`, `args` or `type0`");
        if let Some(number) = text.strip_prefix("type") {
            return number.parse().map(Self::Type).map_err(|_| fault());
        }
        let (place, called) = text.strip_suffix("()").map_or((text.as_str(), false), |place| (place, true));
        match Place::try_from(place.to_owned()) {
            Ok(place @ Place::Argument(..)) if called => Ok(Self::Result(place)),
            Ok(place @ Place::Argument(..)) => Ok(Self::Argument(place)),
            _ => Err(fault()),
        }
    }
}

/// What a callback is passed of the value on which the call is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Receiver {
    /// The value itself: `promise.then((value) => ..)`.
    Whole,
    /// One of its elements: `list.map((element) => ..)`.
    Element,
}
