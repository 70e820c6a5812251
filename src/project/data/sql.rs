//! Which tables the text of SQL statements writes and which it reads, in the dialects of PostgreSQL, MySQL and SQLite.
//!
//! The text comes from a program: the values that were put into it are [`HOLE`]s, and a hole may stand for a value, a name or any piece
//! of SQL. That is why no grammar is asked for: only the places are looked for where a statement names tables, whatever stands between
//! them. What is no statement at all, such as a condition that another statement takes in, names nothing; of what is a statement but
//! leaves open what it does, neither the reads nor the writes are known. Nothing fails.

mod clauses;
mod statements;
mod words;

/// What stands in a text for a value that the program puts there. A placeholder of the databases reads alike.
pub const HOLE: &str = "?";

/// The name of a table that is, or holds, a [`HOLE`].
pub const UNKNOWN: &str = "?";

/// The tables of one text, each once, in the order of their first places.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Statement {
    /// The tables whose rows it adds, changes or takes away; [`UNKNOWN`] for one whose name is not known. `public` is left out of a
    /// name, and so is SQLite's `main`.
    pub writes: Vec<String>,
    /// The tables whose rows it reads. The table that a statement writes is not among them unless a subselect or a join reads it.
    pub reads: Vec<String>,
}

/// What a text is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sql {
    /// One statement or several.
    Statement(Statement),
    /// No statement can be seen: `count(*)`, `AND name = ?`, a hole alone. A tag may hold such a piece for another one to take in; where
    /// a statement must stand, it is one that is not known.
    Fragment,
    /// A statement of which neither the reads nor the writes are known: `CALL`, `EXECUTE`.
    Unknown,
}

/// What a text is, and which tables it writes and reads.
///
/// ```text
/// WITH gone AS (DELETE FROM pets RETURNING *) INSERT INTO archive SELECT * FROM gone JOIN people ON ?
///                           ^^^^ written                  ^^^^^^^ written                ^^^^^^ read
/// ```
#[must_use]
pub fn read(text: &str) -> Sql {
    let words = words::words(text);
    let mut found = Statement::default();
    let (mut is_statement, mut is_known) = (false, true);
    for part in words.split(|word| word.is_sign(b';')).filter(|part| !part.is_empty()) {
        match statements::read(part, &mut found) {
            statements::Kind::Known => is_statement = true,
            statements::Kind::Unknown => (is_statement, is_known) = (true, false),
            statements::Kind::Fragment => {}
        }
    }
    match (is_statement, is_known) {
        (false, _) => Sql::Fragment,
        (true, false) => Sql::Unknown,
        (true, true) => Sql::Statement(found),
    }
}

/// The tables that the subselects of a piece of a statement read, each once: `EXISTS (SELECT 1 FROM follows WHERE ?)`.
#[must_use]
pub fn subselects(text: &str) -> Vec<String> {
    if read(text) != Sql::Fragment {
        return Vec::new();
    }
    // What is selected may be any expression, with subselects in it.
    match read(&format!("SELECT {text}")) {
        Sql::Statement(found) => found.reads.into_iter().filter(|table| table != UNKNOWN).collect(),
        Sql::Fragment | Sql::Unknown => Vec::new(),
    }
}

impl Statement {
    fn write(&mut self, table: String) {
        if !self.writes.contains(&table) {
            self.writes.push(table);
        }
    }

    fn read(&mut self, table: String) {
        if !self.reads.contains(&table) {
            self.reads.push(table);
        }
    }
}
