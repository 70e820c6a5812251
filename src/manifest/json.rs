//! JSON with everything that people write into it: comments, trailing commas, a byte order mark, a conflict marker.
//!
//! Knows no manifest. Every place is a byte of the text as it is on the disk.

use jsonc_parser::ast::{Array, Object, ObjectPropName, Value};
use jsonc_parser::common::{Range, Ranged};
use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::{ManifestError, Text, span};
use crate::source::Span;

/// How many broken lines are passed over before a text is given up.
const MAX_REPAIRS: usize = 16;

/// Hands the object that `text` holds to `take`, an empty one where there is none, and returns what is wrong with the text
/// beside the answer. A line that cannot be read is passed over.
pub(super) fn with_object<T>(text: &str, take: impl FnOnce(&Object) -> T) -> (T, Vec<ManifestError>) {
    let nothing = Object { range: Range::new(0, 0), properties: Vec::new() };
    let mut text = blank_mark(text);
    let mut errors = Vec::new();
    for _ in 0..=MAX_REPAIRS {
        let error = match parse_to_ast(&text, &CollectOptions::default(), &ParseOptions::default()) {
            Ok(parsed) => {
                if let Some(Value::Object(object)) = &parsed.value {
                    return (take(object), errors);
                }
                if errors.is_empty() {
                    let span = parsed.value.as_ref().map(place).unwrap_or_default();
                    errors.push(ManifestError { message: "not a JSON object".to_owned(), span });
                }
                break;
            }
            Err(error) => error,
        };
        let range = error.range();
        if errors.is_empty() {
            let message = lower_first(error.kind().to_string().trim_end_matches('.'));
            errors.push(ManifestError { message, span: span(range.start..range.end) });
        }
        let repaired = if is_unterminated(error.kind()) { close(&text) } else { blank_line(&text, range.start) };
        let Some(repaired) = repaired else { break };
        text = repaired;
    }
    (take(&nothing), errors)
}

fn is_unterminated(kind: &ParseErrorKind) -> bool {
    matches!(kind, ParseErrorKind::UnterminatedArray | ParseErrorKind::UnterminatedObject)
}

/// The text with its byte order mark replaced by as many spaces, so that places stay.
fn blank_mark(text: &str) -> String {
    match text.strip_prefix('\u{feff}') {
        Some(rest) => format!("   {rest}"),
        None => text.to_owned(),
    }
}

/// The text with the line at `offset` replaced by as many spaces; `None` where nothing is left on it.
fn blank_line(text: &str, offset: usize) -> Option<String> {
    let bytes = text.as_bytes();
    let offset = offset.min(bytes.len());
    let start = bytes[..offset].iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    let end = bytes[offset..].iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |at| offset + at);
    if text[start..end].trim().is_empty() {
        return None;
    }
    Some(format!("{}{}{}", &text[..start], " ".repeat(end - start), &text[end..]))
}

/// The text with every bracket closed that is open at its end; `None` where none is.
fn close(text: &str) -> Option<String> {
    let mut open = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => while bytes.next().is_some_and(|byte| byte != b'"' && (byte != b'\\' || bytes.next().is_some())) {},
            b'{' => open.push('}'),
            b'[' => open.push(']'),
            b'}' | b']' => drop(open.pop()),
            _ => {}
        }
    }
    if open.is_empty() {
        return None;
    }
    Some(text.chars().chain(open.into_iter().rev()).collect())
}

/// A message as the house writes it.
fn lower_first(message: &str) -> String {
    let mut letters = message.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// Where a value stands.
pub(super) fn place(value: &impl Ranged) -> Span {
    let range = value.range();
    span(range.start..range.end)
}

/// The last value of a key, as every reader of JSON takes it.
pub(super) fn get<'a, 'b>(object: &'b Object<'a>, key: &str) -> Option<&'b Value<'a>> {
    object.properties.iter().rev().find(|property| property.name.as_str() == key).map(|property| &property.value)
}

/// The string under a key.
pub(super) fn string(object: &Object, key: &str) -> Option<Text> {
    get(object, key).and_then(text)
}

/// The object under a key.
pub(super) fn object<'a, 'b>(object: &'b Object<'a>, key: &str) -> Option<&'b Object<'a>> {
    get(object, key).and_then(Value::as_object)
}

/// The strings of an array under a key; those of an object's values too.
pub(super) fn strings(object: &Object, key: &str) -> Vec<Text> {
    match get(object, key) {
        Some(Value::Array(array)) => elements(array),
        Some(Value::Object(object)) => entries(object).map(|(_, value)| value).collect(),
        _ => Vec::new(),
    }
}

/// The strings of an array.
pub(super) fn elements(array: &Array) -> Vec<Text> {
    array.elements.iter().filter_map(text).collect()
}

/// The entries of an object whose values are strings.
pub(super) fn entries(object: &Object) -> impl Iterator<Item = (Text, Text)> {
    object.properties.iter().filter_map(|property| Some((name(&property.name), text(&property.value)?)))
}

fn text(value: &Value) -> Option<Text> {
    value.as_string_lit().map(|literal| Text { value: literal.value.to_string(), span: place(literal) })
}

fn name(name: &ObjectPropName) -> Text {
    Text { value: name.as_str().to_owned(), span: place(name) }
}
