//! The blocks of a `.prisma` file. What is not understood is stepped over, to the end of its line.

use super::lexer::{Kind, Word, words};
use super::{
    PrismaDatasource, PrismaEnum, PrismaField, PrismaFile, PrismaGenerator, PrismaModel, PrismaModelKind,
    PrismaRelation,
};
use crate::manifest::{ManifestError, Text};
use crate::source::{FileId, Span};

/// Reads a `.prisma` file that stands in `folder`.
pub(in crate::manifest) fn read(file: FileId, folder: &str, text: &str) -> PrismaFile {
    let words = words(text);
    let mut words = Words { words: &words, at: 0 };
    let mut schema = PrismaFile {
        file,
        folder: folder.to_owned(),
        models: Vec::new(),
        enums: Vec::new(),
        generators: Vec::new(),
        datasources: Vec::new(),
        errors: Vec::new(),
    };
    while let Some(word) = words.peek() {
        match block_at(words.rest()) {
            Some((keyword, name)) => block(&mut words, keyword, name, &mut schema),
            None if word.kind == Kind::Line => words.at += 1,
            None => {
                // One slip makes many: only the first is said.
                if schema.errors.is_empty() {
                    let message = format!("`{}` starts no block", word.text.value);
                    schema.errors.push(ManifestError { message, span: word.text.span });
                }
                words.skip_line();
            }
        }
    }
    schema
}

/// The words that are still to be read.
struct Words<'a> {
    words: &'a [Word],
    at: usize,
}

impl<'a> Words<'a> {
    fn rest(&self) -> &'a [Word] {
        &self.words[self.at.min(self.words.len())..]
    }

    fn peek(&self) -> Option<&'a Word> {
        self.words.get(self.at)
    }

    fn is(&self, sign: char) -> bool {
        self.peek().is_some_and(|word| word.kind == Kind::Sign(sign))
    }

    fn take(&mut self, sign: char) -> bool {
        let is = self.is(sign);
        self.at += usize::from(is);
        is
    }

    fn name(&mut self) -> Option<Text> {
        let word = self.peek().filter(|word| word.kind == Kind::Name)?;
        self.at += 1;
        Some(word.text.clone())
    }

    fn skip_line(&mut self) {
        while self.peek().is_some_and(|word| word.kind != Kind::Line) {
            self.at += 1;
        }
    }

    /// What stands in the parentheses that start here, line ends aside; nothing where none start. They end with their block.
    fn parenthesised(&mut self) -> Vec<Word> {
        let mut inside = Vec::new();
        if !self.take('(') {
            return inside;
        }
        let mut depth = 1;
        while let Some(word) = self.peek() {
            if word.kind == Kind::Sign('}') || block_at(self.rest()).is_some() {
                break;
            }
            self.at += 1;
            match word.kind {
                Kind::Sign('(') => depth += 1,
                Kind::Sign(')') => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
            if word.kind != Kind::Line {
                inside.push(word.clone());
            }
        }
        inside
    }
}

/// The keyword and the name of a block that starts here: `model User {`.
fn block_at(words: &[Word]) -> Option<(&Text, &Text)> {
    let [keyword, name, brace, ..] = words else { return None };
    let keywords = ["model", "view", "type", "enum", "generator", "datasource"];
    let is_block = keyword.kind == Kind::Name
        && keywords.contains(&keyword.text.value.as_str())
        && name.kind == Kind::Name
        && brace.kind == Kind::Sign('{');
    is_block.then_some((&keyword.text, &name.text))
}

fn block(words: &mut Words, keyword: &Text, name: &Text, schema: &mut PrismaFile) {
    words.at += 3;
    let name = name.clone();
    match keyword.value.as_str() {
        "enum" => {
            let mut values = Vec::new();
            lines(words, keyword, &name, schema, |words| values.extend(words.name()));
            schema.enums.push(PrismaEnum { name, values });
        }
        "generator" | "datasource" => {
            let (mut provider, mut output) = (None, None);
            lines(words, keyword, &name, schema, |words| match setting(words) {
                Some((key, value)) if key == "provider" => provider = Some(value),
                Some((key, value)) if key == "output" => output = Some(value),
                _ => {}
            });
            if keyword.value == "generator" {
                schema.generators.push(PrismaGenerator { name, provider, output });
            } else {
                schema.datasources.push(PrismaDatasource { name, provider });
            }
        }
        keyword_text => {
            let kind = match keyword_text {
                "view" => PrismaModelKind::View,
                "type" => PrismaModelKind::Composite,
                _ => PrismaModelKind::Model,
            };
            let (mut fields, mut mapped, mut database_schema) = (Vec::new(), None, None);
            let span = lines(words, keyword, &name, schema, |words| {
                if words.is('@') {
                    for (attribute, arguments) in attributes(words) {
                        match attribute.as_str() {
                            "map" => mapped = text_argument(&arguments),
                            "schema" => database_schema = text_argument(&arguments),
                            _ => {}
                        }
                    }
                } else {
                    fields.extend(field(words));
                }
            });
            schema.models.push(PrismaModel { kind, name, span, mapped, schema: database_schema, fields });
        }
    }
}

/// Reads the lines of a block, each with `line`, and gives the span of the whole block.
fn lines(
    words: &mut Words,
    keyword: &Text,
    name: &Text,
    schema: &mut PrismaFile,
    mut line: impl FnMut(&mut Words),
) -> Span {
    let start = keyword.span.start;
    let mut end = name.span.end;
    while let Some(word) = words.peek() {
        if block_at(words.rest()).is_some() {
            break;
        }
        end = word.text.span.end;
        match word.kind {
            Kind::Sign('}') => {
                words.at += 1;
                return Span::new(start, end);
            }
            Kind::Line => words.at += 1,
            _ => {
                line(words);
                skip_to_end(words);
            }
        }
    }
    let message = format!("the block of `{}` is not closed", name.value);
    schema.errors.push(ManifestError { message, span: name.span });
    Span::new(start, end)
}

/// What is left of a line, up to the brace that may close the block on it.
fn skip_to_end(words: &mut Words) {
    let is_end = |words: &Words, word: &Word| {
        matches!(word.kind, Kind::Line | Kind::Sign('}')) || block_at(words.rest()).is_some()
    };
    while words.peek().is_some_and(|word| !is_end(words, word)) {
        words.at += 1;
    }
}

/// `provider = "postgresql"`: the key and a value that is a text.
fn setting(words: &mut Words) -> Option<(String, Text)> {
    let key = words.name()?;
    if !words.take('=') {
        return None;
    }
    let value = words.peek().filter(|word| word.kind == Kind::Str)?;
    Some((key.value, value.text.clone()))
}

fn field(words: &mut Words) -> Option<PrismaField> {
    let name = words.name()?;
    let of = words.name()?;
    // `Unsupported("circle")`
    words.parenthesised();
    let list = words.take('[') && words.take(']');
    let optional = words.take('?');
    let mut field = PrismaField { name, of, list, optional, relation: None, mapped: None, id: false, unique: false };
    for (attribute, arguments) in attributes(words) {
        match attribute.as_str() {
            "id" => field.id = true,
            "unique" => field.unique = true,
            "map" => field.mapped = text_argument(&arguments),
            "relation" => field.relation = Some(relation(&arguments)),
            _ => {}
        }
    }
    Some(field)
}

/// An argument of an attribute: its name, if it has one, and the words of its value.
type Argument = (Option<String>, Vec<Word>);

/// The attributes that start here, up to the end of the line: `@id`, `@@map("users")`, `@db.VarChar(9)`.
fn attributes(words: &mut Words) -> Vec<(String, Vec<Argument>)> {
    let mut found = Vec::new();
    while words.take('@') {
        words.take('@');
        let Some(name) = words.name() else { break };
        let mut name = name.value;
        while words.take('.') {
            let Some(part) = words.name() else { break };
            name = format!("{name}.{}", part.value);
        }
        found.push((name, arguments(&words.parenthesised())));
    }
    found
}

/// Words between commas, those in brackets and parentheses aside.
fn arguments(words: &[Word]) -> Vec<Argument> {
    let mut depth = 0;
    let parts = words.split(|word| {
        match word.kind {
            Kind::Sign('[' | '(' | '{') => depth += 1,
            Kind::Sign(']' | ')' | '}') => depth -= 1,
            _ => {}
        }
        depth == 0 && word.kind == Kind::Sign(',')
    });
    let argument = |part: &[Word]| match part {
        [name, colon, value @ ..] if name.kind == Kind::Name && colon.kind == Kind::Sign(':') => {
            (Some(name.text.value.clone()), value.to_vec())
        }
        value => (None, value.to_vec()),
    };
    parts.filter(|part| !part.is_empty()).map(argument).collect()
}

/// The text of `@map("users")` or `@map(name: "users")`.
fn text_argument(arguments: &[Argument]) -> Option<Text> {
    let is_it = |name: Option<&str>| matches!(name, None | Some("name"));
    let (_, value) = arguments.iter().find(|(name, _)| is_it(name.as_deref()))?;
    value.first().filter(|word| word.kind == Kind::Str).map(|word| word.text.clone())
}

fn relation(arguments: &[Argument]) -> PrismaRelation {
    let value = |wanted: &str| arguments.iter().find(|(name, _)| name.as_deref() == Some(wanted));
    let names = |wanted: &str| {
        let words = value(wanted).into_iter().flat_map(|(_, words)| words);
        words.filter(|word| word.kind == Kind::Name).map(|word| word.text.clone()).collect()
    };
    let mut on_delete: Vec<Text> = names("onDelete");
    PrismaRelation {
        name: text_argument(arguments),
        fields: names("fields"),
        references: names("references"),
        on_delete: on_delete.pop(),
    }
}
