//! The clauses that name tables, whatever statement they belong to: `FROM`, `JOIN`, `INTO`, subselects.

use super::words::Word;
use super::{Statement, UNKNOWN, statements};

/// How deep parentheses are read; what lies deeper is stepped over.
const DEPTH: usize = 64;

/// Keywords that end a list of tables.
const ENDS: [&str; 21] = [
    "WHERE",
    "SET",
    "GROUP",
    "HAVING",
    "ORDER",
    "LIMIT",
    "OFFSET",
    "FETCH",
    "WINDOW",
    "FOR",
    "RETURNING",
    "UNION",
    "INTERSECT",
    "EXCEPT",
    "SELECT",
    "VALUES",
    "WHEN",
    "DO",
    "QUALIFY",
    "CONFLICT",
    "DUPLICATE",
];

/// Further keywords that are no name for a table.
const NO_ALIAS: [&str; 19] = [
    "ON",
    "USING",
    "JOIN",
    "INNER",
    "LEFT",
    "RIGHT",
    "FULL",
    "CROSS",
    "NATURAL",
    "OUTER",
    "STRAIGHT_JOIN",
    "LATERAL",
    "USE",
    "FORCE",
    "IGNORE",
    "TABLESAMPLE",
    "DEFAULT",
    "FROM",
    "TO",
];

/// A table where it is named, and what the statement calls it.
pub(super) struct Item {
    pub(super) table: String,
    pub(super) alias: Option<String>,
}

/// What is read on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    /// A statement or a subselect: `FROM` names tables.
    Statement,
    /// The arguments of a function or an expression: `extract(year FROM at)` names none.
    Expression,
    /// Tables in parentheses: `(a JOIN b ON .., c)`.
    Tables,
}

/// A statement while it is read.
pub(super) struct Cursor<'w, 't> {
    pub(super) words: &'w [Word<'t>],
    pub(super) at: usize,
    pub(super) found: &'w mut Statement,
    /// The names of the common table expressions that can be seen here.
    pub(super) common: Vec<&'t str>,
    depth: usize,
}

impl<'w, 't> Cursor<'w, 't> {
    /// At a word of a statement.
    pub(super) fn new(words: &'w [Word<'t>], at: usize, found: &'w mut Statement) -> Self {
        Self { words, at, found, common: Vec::new(), depth: 0 }
    }

    pub(super) fn word(&self) -> Option<Word<'t>> {
        self.words.get(self.at).copied()
    }

    pub(super) fn is(&self, keyword: &str) -> bool {
        self.word().is_some_and(|word| word.is(keyword))
    }

    pub(super) fn is_sign(&self, sign: u8) -> bool {
        self.word().is_some_and(|word| word.is_sign(sign))
    }

    /// Steps over this keyword, if it is here.
    pub(super) fn take(&mut self, keyword: &str) -> bool {
        let is = self.is(keyword);
        self.at += usize::from(is);
        is
    }

    pub(super) fn take_sign(&mut self, sign: u8) -> bool {
        let is = self.is_sign(sign);
        self.at += usize::from(is);
        is
    }

    /// Steps over any of these keywords.
    pub(super) fn skip(&mut self, keywords: &[&str]) {
        while self.word().is_some_and(|word| word.is_any(keywords)) {
            self.at += 1;
        }
    }

    /// Steps into parentheses, unless they lie too deep: those are stepped over.
    fn enter(&mut self) -> bool {
        if self.depth < DEPTH {
            (self.at, self.depth) = (self.at + 1, self.depth + 1);
            return true;
        }
        let mut open = 0;
        while let Some(word) = self.word() {
            open += i32::from(word.is_sign(b'(')) - i32::from(word.is_sign(b')'));
            self.at += 1;
            if open == 0 {
                break;
            }
        }
        false
    }

    fn leave(&mut self) {
        self.depth -= 1;
        self.take_sign(b')');
    }
}

/// Reads on to the end of the statement, or to the parenthesis that closes what is read.
pub(super) fn rest(cursor: &mut Cursor, within: Within) {
    let mut in_tables = within == Within::Tables;
    while let Some(word) = cursor.word() {
        match word {
            Word::Sign(b')') => return,
            Word::Sign(b'(') => group(cursor),
            Word::Sign(b',') if in_tables => {
                cursor.at += 1;
                table_or_group(cursor);
            }
            _ if within == Within::Statement && word.is("FROM") && !is_comparison(cursor) => {
                cursor.at += 1;
                in_tables = true;
                table_or_group(cursor);
            }
            _ if word.is_any(&["JOIN", "STRAIGHT_JOIN"]) => {
                cursor.at += 1;
                table_or_group(cursor);
            }
            _ if within == Within::Statement && word.is("INTO") => {
                cursor.at += 1;
                into(cursor);
            }
            _ => {
                in_tables &= !word.is_any(&ENDS);
                cursor.at += 1;
            }
        }
    }
}

/// `a IS DISTINCT FROM b`
fn is_comparison(cursor: &Cursor) -> bool {
    cursor.at > 0 && cursor.words[cursor.at - 1].is("DISTINCT")
}

/// `SELECT .. INTO copy FROM ..` makes a table; MySQL's `INTO OUTFILE ''` and `INTO @x` make none.
fn into(cursor: &mut Cursor) {
    cursor.skip(&["TEMPORARY", "TEMP", "UNLOGGED", "TABLE"]);
    if !cursor.word().is_some_and(|word| word.is_any(&["OUTFILE", "DUMPFILE"]))
        && let Some(item) = item(cursor)
    {
        cursor.found.write(item.table);
    }
}

/// Parentheses: a subselect, or an expression.
pub(super) fn group(cursor: &mut Cursor) {
    if !cursor.enter() {
        return;
    }
    if statements::starts_query(cursor.words, cursor.at) {
        statements::statement(cursor);
    }
    rest(cursor, Within::Expression);
    cursor.leave();
}

/// Reads what one place of a `FROM` names: a table, or tables in parentheses. A subselect and a function's arguments are read on with
/// the rest.
pub(super) fn table_or_group(cursor: &mut Cursor) {
    // The text ends here, or goes on with what no table is called: another text was put in, or will be.
    if !matches!(cursor.word(), Some(Word::Bare(_) | Word::Quoted(_) | Word::Sign(b'(' | b'['))) {
        cursor.found.read(UNKNOWN.to_owned());
    }
    if let Some(item) = item(cursor) {
        cursor.found.read(item.table);
    } else if cursor.is_sign(b'(')
        && !statements::starts_query(cursor.words, cursor.at + 1)
        && !is_call(cursor)
        && cursor.enter()
    {
        table_or_group(cursor);
        rest(cursor, Within::Tables);
        cursor.leave();
    }
}

/// Whether the parenthesis here follows a name: `unnest(ids)`.
fn is_call(cursor: &Cursor) -> bool {
    let before = cursor.at.checked_sub(1).map(|before| cursor.words[before]);
    before.is_some_and(|before| {
        before.name().is_some() && !before.is_any(&["FROM", "JOIN", "STRAIGHT_JOIN", "USING", "ONLY", "LATERAL"])
    })
}

/// The table that is named here, and its alias. Nothing for a subselect, for a function's rows, and for a common table expression;
/// their names are stepped over.
pub(super) fn item(cursor: &mut Cursor) -> Option<Item> {
    cursor.skip(&["ONLY", "LATERAL"]);
    let parts = name(cursor)?;
    if cursor.is_sign(b'(') {
        return None;
    }
    let is_alone = |known: &&str| parts.len() == 1 && known.eq_ignore_ascii_case(parts[0]);
    if cursor.common.iter().any(is_alone) || is_alone(&"DUAL") {
        return None;
    }
    Some(Item { table: table(&parts), alias: alias(cursor) })
}

/// The parts of a name: `shop.orders`, `[orders]`.
pub(super) fn name<'t>(cursor: &mut Cursor<'_, 't>) -> Option<Vec<&'t str>> {
    let mut parts = Vec::new();
    loop {
        let bracket = usize::from(cursor.is_sign(b'['));
        let Some(word) = cursor.words.get(cursor.at + bracket).and_then(Word::name) else { break };
        parts.push(word);
        cursor.at += 1 + 2 * bracket;
        if !cursor.take_sign(b'.') {
            break;
        }
    }
    (!parts.is_empty()).then_some(parts)
}

/// The name of a table in a report: its schema is left out where it is the one that needs no mention, and where it is not known.
pub(super) fn table(parts: &[&str]) -> String {
    match parts {
        [.., table] if table.contains('?') => UNKNOWN.to_owned(),
        [.., schema, table] if !["public", "main"].contains(schema) && !schema.contains('?') => {
            format!("{schema}.{table}")
        }
        [.., table] => (*table).to_owned(),
        [] => UNKNOWN.to_owned(),
    }
}

/// `AS u`, `u`
fn alias(cursor: &mut Cursor) -> Option<String> {
    let is_as = cursor.take("AS");
    let word = cursor.word()?;
    let is_free = !word.is_any(&ENDS) && !word.is_any(&NO_ALIAS);
    let name = word.name().filter(|name| (is_as || is_free) && !name.contains('?'))?;
    cursor.at += 1;
    Some(name.to_owned())
}
