//! From the source of an expression to its tree.

use super::set::Set;

/// How deep groups may be nested.
const DEEPEST: u32 = 40;
/// How often something may be repeated by number.
const MOST: u32 = 200;

/// A part of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::project::routes) enum Node {
    /// One character.
    Char(char),
    /// `.`
    Any,
    /// `[..]`, `\d`
    Set(Set),
    /// One behind the other.
    All(Vec<Node>),
    /// One or the other.
    Either(Vec<Node>),
    /// `x*`, `x{2,3}?`
    Repeat { node: Box<Node>, least: u32, most: Option<u32>, lazy: bool },
    /// `(x)`, `(?<name>x)`
    Group(Option<String>, Box<Node>),
    /// `(?=x)`, `(?!x)`
    Look { negated: bool, node: Box<Node> },
    /// `^`
    Start,
    /// `$`
    End,
    /// `\b`, `\B`
    Word(bool),
}

impl Node {
    /// A text, letter by letter.
    pub(in crate::project::routes) fn text(text: &str) -> Self {
        Self::All(text.chars().map(Node::Char).collect())
    }

    /// `x?`
    pub(in crate::project::routes) fn optional(self) -> Self {
        Self::Repeat { node: Box::new(self), least: 0, most: Some(1), lazy: false }
    }

    /// The names of its groups in their order, `None` for those without.
    pub(in crate::project::routes) fn groups(&self) -> Vec<Option<String>> {
        let mut found = Vec::new();
        self.collect_groups(&mut found);
        found
    }

    fn collect_groups(&self, found: &mut Vec<Option<String>>) {
        match self {
            Self::All(nodes) | Self::Either(nodes) => nodes.iter().for_each(|node| node.collect_groups(found)),
            Self::Repeat { node, .. } | Self::Look { node, .. } => node.collect_groups(found),
            Self::Group(name, node) => {
                found.push(name.clone());
                node.collect_groups(found);
            }
            _ => {}
        }
    }
}

/// The tree of an expression; `None` where it is none, or has something that is not understood.
pub(in crate::project::routes) fn parse(source: &str) -> Option<Node> {
    let mut parser = Parser { letters: source.chars().collect(), at: 0, depth: 0 };
    let node = parser.either()?;
    (parser.at == parser.letters.len()).then_some(node)
}

struct Parser {
    letters: Vec<char>,
    at: usize,
    depth: u32,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += 1;
        Some(letter)
    }

    fn take(&mut self, text: &str) -> bool {
        let there = text.chars().enumerate().all(|(index, letter)| self.letters.get(self.at + index) == Some(&letter));
        if there {
            self.at += text.chars().count();
        }
        there
    }

    fn either(&mut self) -> Option<Node> {
        let mut nodes = vec![self.all()?];
        while self.take("|") {
            nodes.push(self.all()?);
        }
        if nodes.len() == 1 { nodes.pop() } else { Some(Node::Either(nodes)) }
    }

    fn all(&mut self) -> Option<Node> {
        let mut nodes = Vec::new();
        while self.peek().is_some_and(|letter| letter != '|' && letter != ')') {
            let node = self.atom()?;
            nodes.push(self.repeated(node)?);
        }
        Some(Node::All(nodes))
    }

    fn repeated(&mut self, node: Node) -> Option<Node> {
        let (least, most) = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => match self.counted() {
                Some(bounds) => bounds,
                None => return Some(node),
            },
            _ => return Some(node),
        };
        if matches!(node, Node::Start | Node::End | Node::Word(_)) || most.is_some_and(|most| most < least) {
            return None;
        }
        self.at += 1;
        let lazy = self.take("?");
        (least <= MOST && most.is_none_or(|most| most <= MOST)).then(|| Node::Repeat {
            node: Box::new(node),
            least,
            most,
            lazy,
        })
    }

    /// `{2}`, `{2,}`, `{2,3}`: the place is then at the closing brace. Anything else is text.
    fn counted(&mut self) -> Option<(u32, Option<u32>)> {
        let end = self.letters[self.at..].iter().position(|&letter| letter == '}')? + self.at;
        let inside: String = self.letters[self.at + 1..end].iter().collect();
        let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
        let bounds = match inside.split_once(',') {
            None => number(&inside).map(|count| (count, Some(count)))?,
            Some((least, "")) => (number(least)?, None),
            Some((least, most)) => (number(least)?, Some(number(most)?)),
        };
        self.at = end;
        Some(bounds)
    }

    fn atom(&mut self) -> Option<Node> {
        match self.next()? {
            '.' => Some(Node::Any),
            '^' => Some(Node::Start),
            '$' => Some(Node::End),
            '[' => self.set().map(Node::Set),
            '(' => self.group(),
            '\\' => self.escape(),
            '*' | '+' | '?' => None,
            letter => Some(Node::Char(letter)),
        }
    }

    fn group(&mut self) -> Option<Node> {
        if self.depth == DEEPEST {
            return None;
        }
        self.depth += 1;
        let wrap: fn(Option<String>, Node) -> Node;
        let mut name = None;
        if self.take("?:") {
            wrap = |_, node| node;
        } else if self.take("?=") {
            wrap = |_, node| Node::Look { negated: false, node: Box::new(node) };
        } else if self.take("?!") {
            wrap = |_, node| Node::Look { negated: true, node: Box::new(node) };
        } else if self.peek() == Some('?') {
            name = Some(self.name()?);
            wrap = |name, node| Node::Group(name, Box::new(node));
        } else {
            wrap = |name, node| Node::Group(name, Box::new(node));
        }
        let node = self.either()?;
        self.depth -= 1;
        self.take(")").then(|| wrap(name, node))
    }

    /// `?<name>`
    fn name(&mut self) -> Option<String> {
        if !self.take("?<") {
            return None;
        }
        let mut name = String::new();
        while let Some(letter) = self.next() {
            match letter {
                '>' if !name.is_empty() => return Some(name),
                letter if letter.is_alphanumeric() || matches!(letter, '_' | '$') => name.push(letter),
                _ => return None,
            }
        }
        None
    }

    fn escape(&mut self) -> Option<Node> {
        let letter = self.next()?;
        match letter {
            'b' => Some(Node::Word(true)),
            'B' => Some(Node::Word(false)),
            '1'..='9' | 'k' | 'p' | 'P' => None,
            letter => match Set::escape(letter) {
                Some(set) => Some(Node::Set(set)),
                None => self.escaped(letter).map(Node::Char),
            },
        }
    }

    /// The character that an escape stands for, its first letter having been read.
    fn escaped(&mut self, letter: char) -> Option<char> {
        Some(match letter {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            'f' => '\u{c}',
            '0' => '\0',
            'x' => self.hex(2)?,
            'u' => self.hex(4)?,
            'c' => return None,
            other => other,
        })
    }

    fn hex(&mut self, digits: usize) -> Option<char> {
        let text: String = self.letters.get(self.at..self.at + digits)?.iter().collect();
        self.at += digits;
        char::from_u32(u32::from_str_radix(&text, 16).ok()?)
    }

    /// What stands in brackets, the first having been read.
    fn set(&mut self) -> Option<Set> {
        let mut set = Set { negated: self.take("^"), ..Set::default() };
        loop {
            match self.next()? {
                ']' => return Some(set),
                letter => {
                    let Member::Letter(first) = self.member(letter, &mut set)? else { continue };
                    let more = self.peek() == Some('-') && self.letters.get(self.at + 1).is_some_and(|&end| end != ']');
                    if !more {
                        set.ranges.push((first, first));
                        continue;
                    }
                    self.at += 1;
                    let letter = self.next()?;
                    match self.member(letter, &mut set)? {
                        Member::Letter(last) if first <= last => set.ranges.push((first, last)),
                        Member::Letter(_) => return None,
                        Member::Set => set.ranges.extend([(first, first), ('-', '-')]),
                    }
                }
            }
        }
    }

    /// One member of a set, its first letter having been read; a set in it is added.
    fn member(&mut self, letter: char, set: &mut Set) -> Option<Member> {
        if letter != '\\' {
            return Some(Member::Letter(letter));
        }
        let letter = self.next()?;
        if let Some(inner) = Set::escape(letter) {
            set.add(inner);
            return Some(Member::Set);
        }
        match letter {
            'b' => Some(Member::Letter('\u{8}')),
            '1'..='9' | 'p' | 'P' => None,
            letter => self.escaped(letter).map(Member::Letter),
        }
    }
}

/// One member of a set.
enum Member {
    Letter(char),
    Set,
}
