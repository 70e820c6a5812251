//! The patterns of redirects, rewrites and matchers: `/blog/:slug`, `/docs/:path*`, `/((?!api).*)`, `/:lang(en|de){/:rest}?`.

use super::expression::{Expression, Found, Node, Outcome, Set, parse};
use super::text::{Text, Unit};

/// A pattern, ready to match.
#[derive(Debug, Clone)]
pub(super) struct Source {
    expression: Expression,
    keys: Vec<Parameter>,
}

/// How the expression of a pattern ends, and what it is kept away from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape<'a> {
    /// Whether a slash may follow what it says.
    pub(super) open_end: bool,
    /// Whether letters match in one case alone.
    pub(super) sensitive: bool,
    /// A path below which nothing matches.
    pub(super) not_below: Option<&'a str>,
}

/// What a parameter stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// `:name`
    One(Text),
    /// `:name*`, `:name+`: the parts
    Many(Vec<Text>),
}

/// The parameters of a match, by name, in the order of the pattern.
pub(super) type Values = Vec<(String, Value)>;

/// What comes of a match.
#[derive(Debug, Clone)]
pub(super) enum Match {
    /// It does not match, whatever is not known.
    No,
    /// It matches, or may; with the values of its named parameters.
    Yes {
        /// What the named parameters stand for.
        values: Values,
        /// Whether it holds only if an unknown piece is something that it may be.
        perhaps: bool,
    },
    /// It would take too long to know.
    Unknown,
}

impl Source {
    /// The pattern that a text says; `None` where it says none that is understood.
    pub(super) fn new(text: &str, shape: Shape<'_>) -> Option<Self> {
        let tokens = tokens(text)?;
        let mut nodes = vec![Node::Start];
        if let Some(path) = shape.not_below {
            nodes.push(Node::Look { negated: true, node: Box::new(Node::text(path)) });
        }
        let mut keys = Vec::new();
        for token in tokens {
            match token {
                Token::Text(text) => nodes.push(Node::text(&text)),
                Token::Parameter(parameter) => {
                    nodes.push(parameter.node()?);
                    if parameter.pattern.is_some() {
                        keys.push(parameter);
                    }
                }
            }
        }
        if shape.open_end {
            nodes.push(Node::Char('/').optional());
        }
        nodes.push(Node::End);
        Some(Self { expression: Expression::new(&Node::All(nodes), !shape.sensitive)?, keys })
    }

    /// Holds the pattern against a path.
    pub(super) fn matches(&self, path: &[Unit]) -> Match {
        match self.expression.run(path) {
            Outcome::No => Match::No,
            Outcome::Unknown => Match::Unknown,
            Outcome::Yes(Found { groups, perhaps }) => {
                let keys = self.keys.iter().zip(groups);
                let named = keys.filter_map(|(key, range)| {
                    let Key::Name(name) = &key.key else { return None };
                    let (start, end) = range?;
                    // What ends inside a hole may go on in it.
                    let end = if path.get(end).is_some_and(|unit| unit.is_hole()) { end + 1 } else { end };
                    Some((name.clone(), key.value(Text::from(&path[start..end]))))
                });
                Match::Yes { values: named.collect(), perhaps }
            }
        }
    }
}

/// One piece of a pattern.
#[derive(Debug, Clone)]
pub(super) enum Token {
    /// As it stands.
    Text(String),
    /// `:name`, `(x)`, `{prefix:name suffix}`
    Parameter(Parameter),
}

/// A parameter of a pattern.
#[derive(Debug, Clone)]
pub(super) struct Parameter {
    /// Its name.
    pub(super) key: Key,
    /// What stands in front of each of its values.
    pub(super) prefix: String,
    /// What stands behind each of its values.
    pub(super) suffix: String,
    /// What a value looks like; `None` for a group that has no value.
    pattern: Option<Node>,
    /// How often it may be there.
    pub(super) modifier: Modifier,
}

/// The name of a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Key {
    /// `:name`
    Name(String),
    /// One without a name, counted from 0.
    Number(usize),
    /// A group without a value.
    None,
}

/// How often a parameter may be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Modifier {
    /// Once.
    Once,
    /// `?`
    Optional,
    /// `*`
    Any,
    /// `+`
    Some,
}

impl Modifier {
    /// Whether it may be there several times.
    pub(super) const fn repeats(self) -> bool {
        matches!(self, Self::Any | Self::Some)
    }

    /// Whether it may be missing.
    pub(super) const fn may_miss(self) -> bool {
        matches!(self, Self::Any | Self::Optional)
    }

    fn apply(self, node: Node) -> Node {
        let repeat = |least, most| Node::Repeat { node: Box::new(node.clone()), least, most, lazy: false };
        match self {
            Self::Once => node,
            Self::Optional => repeat(0, Some(1)),
            Self::Any => repeat(0, None),
            Self::Some => repeat(1, None),
        }
    }
}

impl Parameter {
    fn node(&self) -> Option<Node> {
        let (prefix, suffix) = (Node::text(&self.prefix), Node::text(&self.suffix));
        let Some(pattern) = &self.pattern else {
            return Some(self.modifier.apply(Node::All(vec![prefix, suffix])));
        };
        let bare = self.prefix.is_empty() && self.suffix.is_empty();
        let group = |node: Node| Node::Group(None, Box::new(node));
        match (bare, self.modifier.repeats()) {
            (true, true) => None,
            (true, false) => Some(self.modifier.apply(group(pattern.clone()))),
            (false, false) => Some(self.modifier.apply(Node::All(vec![prefix, group(pattern.clone()), suffix]))),
            (false, true) => {
                let more = Node::All(vec![suffix.clone(), prefix.clone(), pattern.clone()]);
                let more = Node::Repeat { node: Box::new(more), least: 0, most: None, lazy: false };
                let all = group(Node::All(vec![pattern.clone(), more]));
                let node = Node::All(vec![prefix, all, suffix]);
                Some(if self.modifier == Modifier::Any { node.optional() } else { node })
            }
        }
    }

    fn value(&self, text: Text) -> Value {
        if !self.modifier.repeats() {
            return Value::One(text);
        }
        let between = format!("{}{}", self.prefix, self.suffix);
        let mut letters = between.chars();
        match (letters.next(), letters.next()) {
            (Some(letter), None) => Value::Many(text.split(letter).map(Text::from).collect()),
            _ => match text.as_known() {
                Some(known) => Value::Many(known.split(between.as_str()).map(Text::known).collect()),
                None => Value::Many(vec![text]),
            },
        }
    }
}

/// The pieces of a pattern; `None` where it is none.
pub(super) fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut reader =
        Reader { letters: text.chars().collect(), at: 0, tokens: Vec::new(), text: String::new(), unnamed: 0 };
    while reader.at < reader.letters.len() {
        reader.piece()?;
    }
    reader.flush();
    Some(reader.tokens)
}

struct Reader {
    letters: Vec<char>,
    at: usize,
    tokens: Vec<Token>,
    /// The text that has been read since the last token.
    text: String,
    unnamed: usize,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += 1;
        Some(letter)
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.tokens.push(Token::Text(std::mem::take(&mut self.text)));
        }
    }

    fn piece(&mut self) -> Option<()> {
        match self.next()? {
            '\\' => {
                let letter = self.next()?;
                self.text.push(letter);
            }
            '{' => {
                self.flush();
                let prefix = self.plain()?;
                let name = self.name()?;
                let pattern = self.pattern()?;
                let suffix = self.plain()?;
                (self.next()? == '}').then_some(())?;
                self.parameter(prefix, name, pattern, suffix, true)?;
            }
            '}' | '*' | '+' | '?' => return None,
            ':' | '(' => {
                self.at -= 1;
                self.unbraced(String::new())?;
            }
            letter @ ('.' | '/') if matches!(self.peek(), Some(':' | '(')) => self.unbraced(letter.to_string())?,
            letter => self.text.push(letter),
        }
        Some(())
    }

    /// A parameter that no braces stand around.
    fn unbraced(&mut self, prefix: String) -> Option<()> {
        self.flush();
        let name = self.name()?;
        let pattern = self.pattern()?;
        self.parameter(prefix, name, pattern, String::new(), false)
    }

    fn parameter(
        &mut self,
        prefix: String,
        name: Option<String>,
        pattern: Option<Node>,
        suffix: String,
        braced: bool,
    ) -> Option<()> {
        let pattern = match (pattern, &name) {
            (Some(pattern), _) => Some(pattern),
            (None, Some(_)) => Some(self.default_pattern(&prefix)?),
            (None, None) if braced => None,
            (None, None) => return None,
        };
        let key = match (name, &pattern) {
            (Some(name), _) => Key::Name(name),
            (None, Some(_)) => {
                self.unnamed += 1;
                Key::Number(self.unnamed - 1)
            }
            (None, None) => Key::None,
        };
        let modifier = match self.peek() {
            Some('?') => Modifier::Optional,
            Some('*') => Modifier::Any,
            Some('+') => Modifier::Some,
            _ => Modifier::Once,
        };
        self.at += usize::from(modifier != Modifier::Once);
        self.tokens.push(Token::Parameter(Parameter { key, prefix, suffix, pattern, modifier }));
        Some(())
    }

    /// What a parameter without a pattern matches: a segment, up to what stands between it and the text before.
    fn default_pattern(&self, prefix: &str) -> Option<Node> {
        let before = match self.tokens.last() {
            _ if !prefix.is_empty() => prefix,
            Some(Token::Text(text)) => text,
            Some(Token::Parameter(_)) => return None,
            None => "",
        };
        let letter = Node::Set(Set::all_but('/'));
        let node = if before.is_empty() || before.contains('/') {
            letter
        } else {
            let not = Node::Look { negated: true, node: Box::new(Node::text(before)) };
            Node::All(vec![not, letter])
        };
        Some(Node::Repeat { node: Box::new(node), least: 1, most: None, lazy: true })
    }

    /// `:name`, the colon included; `None` inside where there is none.
    fn name(&mut self) -> Option<Option<String>> {
        if self.peek() != Some(':') {
            return Some(None);
        }
        self.at += 1;
        let mut name = String::new();
        while let Some(letter) = self.peek().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '_') {
            name.push(letter);
            self.at += 1;
        }
        (!name.is_empty()).then_some(Some(name))
    }

    /// `(x)`; `None` inside where there is none.
    fn pattern(&mut self) -> Option<Option<Node>> {
        if self.peek() != Some('(') {
            return Some(None);
        }
        self.at += 1;
        let (start, mut depth) = (self.at, 1);
        if self.peek() == Some('?') {
            return None;
        }
        loop {
            match self.next()? {
                '\\' => drop(self.next()?),
                ')' => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                '(' => {
                    depth += 1;
                    (self.peek() == Some('?')).then_some(())?;
                }
                _ => {}
            }
        }
        let source: String = self.letters[start..self.at - 1].iter().collect();
        let node = if source.is_empty() { None } else { parse(&source) }?;
        node.groups().is_empty().then_some(Some(node))
    }

    /// Text inside braces, up to something that is none.
    fn plain(&mut self) -> Option<String> {
        let mut text = String::new();
        while let Some(letter) = self.peek() {
            match letter {
                '\\' => {
                    self.at += 1;
                    text.push(self.next()?);
                }
                ':' | '(' | '{' | '}' | '*' | '+' | '?' => break,
                letter => {
                    text.push(letter);
                    self.at += 1;
                }
            }
        }
        Some(text)
    }
}
