//! The statements, by their first words.

use super::clauses::{Cursor, Item, Within, group, item, name, rest, table, table_or_group};
use super::words::Word;
use super::{HOLE, Statement, UNKNOWN};

/// What a statement is.
pub(super) enum Kind {
    /// Its tables are found.
    Known,
    /// It does what cannot be seen.
    Unknown,
    /// It is none.
    Fragment,
}

/// Reads one statement.
pub(super) fn read(words: &[Word], found: &mut Statement) -> Kind {
    // A hole may stand in front: `${with} SELECT ..`.
    let start = usize::from(words.len() > 1 && words[0].is(HOLE));
    let kind = kind(words, start);
    if matches!(kind, Kind::Known) {
        statement(&mut Cursor::new(words, start, found));
    }
    kind
}

fn kind(words: &[Word], at: usize) -> Kind {
    let Some(first) = words.get(at) else { return Kind::Fragment };
    let next_is = |keywords: &[&str]| words.get(at + 1).is_some_and(|next| next.is_any(keywords));
    let is_call = words.get(at + 1).is_some_and(|next| next.is_sign(b'('));
    // `ON CONFLICT ? DO NOTHING`, `replace(name, ..)`
    let continues = first.is("DO") && next_is(&["UPDATE", "NOTHING"]) || first.is("REPLACE") && is_call;
    if continues {
        Kind::Fragment
    } else if first.is_any(&["CALL", "EXEC", "EXECUTE", "DO"]) {
        Kind::Unknown
    } else if starts_query(words, at) || first.is_any(&WRITING) || first.is_any(&QUIET) {
        Kind::Known
    } else {
        Kind::Fragment
    }
}

/// First words of statements that may name tables.
const WRITING: [&str; 14] = [
    "INSERT", "REPLACE", "UPDATE", "DELETE", "MERGE", "TRUNCATE", "COPY", "LOAD", "CREATE", "ALTER", "DROP", "RENAME",
    "REFRESH", "EXPLAIN",
];

/// First words of statements that touch no row.
const QUIET: [&str; 27] = [
    "ABORT",
    "ANALYZE",
    "ATTACH",
    "BEGIN",
    "CLUSTER",
    "COMMENT",
    "COMMIT",
    "DEALLOCATE",
    "DESCRIBE",
    "DETACH",
    "DISCARD",
    "END",
    "GRANT",
    "LISTEN",
    "LOCK",
    "NOTIFY",
    "OPTIMIZE",
    "PRAGMA",
    "RELEASE",
    "RESET",
    "REVOKE",
    "ROLLBACK",
    "SAVEPOINT",
    "SET",
    "SHOW",
    "START",
    "VACUUM",
];

/// Whether a query, or a statement that may stand in parentheses, starts at a word.
pub(super) fn starts_query(words: &[Word], at: usize) -> bool {
    let first = words[at.min(words.len())..].iter().find(|word| !word.is_sign(b'('));
    first.is_some_and(|word| word.is_any(&["SELECT", "WITH", "VALUES", "TABLE"]))
        || words.get(at).is_some_and(|word| word.is_any(&["INSERT", "UPDATE", "DELETE", "MERGE"]))
            && words.get(at + 1).is_some_and(|next| next.name().is_some())
}

/// Reads the statement that starts here, up to its end or to the parenthesis that closes it.
pub(super) fn statement(cursor: &mut Cursor) {
    let seen = cursor.common.len();
    if cursor.take("WITH") {
        common(cursor);
    }
    let Some(first) = cursor.word() else { return };
    let one_of = |keywords: &[&str]| first.is_any(keywords);
    cursor.at += 1;
    match first {
        _ if one_of(&["INSERT", "REPLACE"]) => insert(cursor),
        _ if one_of(&["UPDATE"]) => update(cursor),
        _ if one_of(&["DELETE"]) => delete(cursor),
        _ if one_of(&["MERGE"]) => merge(cursor),
        _ if one_of(&["TRUNCATE"]) => written_list(cursor),
        _ if one_of(&["COPY"]) => copy(cursor),
        _ if one_of(&["CREATE", "ALTER", "DROP", "RENAME", "REFRESH"]) => define(cursor, first),
        _ if one_of(&["EXPLAIN"]) => explain(cursor),
        _ if one_of(&["TABLE"]) => table_or_group(cursor),
        _ if one_of(&QUIET) => cursor.at = cursor.words.len(),
        // `SELECT`, `VALUES`, a query in parentheses; of MySQL's `LOAD DATA .. INTO TABLE t` its `INTO` says all.
        _ => cursor.at -= 1,
    }
    rest(cursor, Within::Statement);
    cursor.common.truncate(seen);
}

/// `WITH [RECURSIVE] a (x) AS [NOT MATERIALIZED] (..), b AS (..)`: each can be seen by those after it; where the list is recursive, by
/// itself too.
fn common(cursor: &mut Cursor) {
    let is_recursive = cursor.take("RECURSIVE");
    loop {
        let Some(parts) = name(cursor) else { return };
        if is_recursive {
            cursor.common.push(parts[0]);
        }
        if cursor.is_sign(b'(') {
            group(cursor);
        }
        cursor.skip(&["AS", "NOT", "MATERIALIZED"]);
        if cursor.is_sign(b'(') {
            group(cursor);
        }
        if !is_recursive {
            cursor.common.push(parts[0]);
        }
        if !cursor.take_sign(b',') {
            return;
        }
    }
}

fn insert(cursor: &mut Cursor) {
    if cursor.take("OR") {
        cursor.at += 1;
    }
    cursor.skip(&["LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "IGNORE", "INTO"]);
    written(cursor);
    if cursor.is_sign(b'(') {
        group(cursor);
    }
    if cursor.take("WITH") {
        common(cursor);
    }
}

/// The table that is written here. What follows in parentheses are its columns.
fn written(cursor: &mut Cursor) {
    cursor.skip(&["TABLE", "ONLY"]);
    let parts = name(cursor).unwrap_or_default();
    cursor.found.write(table(&parts));
}

/// `a, b CASCADE`
fn written_list(cursor: &mut Cursor) {
    written(cursor);
    while cursor.word().is_some_and(|word| !word.is_sign(b')')) {
        if cursor.take_sign(b',') {
            written(cursor);
        } else {
            cursor.at += 1;
        }
    }
}

/// `UPDATE a SET ..`; MySQL's `UPDATE a JOIN b ON .. SET a.x = 1` writes those that an assignment names.
fn update(cursor: &mut Cursor) {
    if cursor.take("OR") {
        cursor.at += 1;
    }
    cursor.skip(&["LOW_PRIORITY", "IGNORE"]);
    let items = items(cursor, &["SET"]);
    let assigned = if items.len() > 1 { assigned(cursor) } else { Vec::new() };
    divide(cursor, items, &assigned);
}

/// What the assignments name in front of their columns: `a` of `SET a.x = 1, y = 2`.
fn assigned(cursor: &mut Cursor) -> Vec<String> {
    let start = cursor.at;
    let mut names = Vec::new();
    let mut is_start = cursor.take("SET");
    let mut open = 0;
    while let Some(word) = cursor.word().filter(|word| !word.is("WHERE")) {
        if std::mem::take(&mut is_start) {
            let parts = name(cursor).unwrap_or_default();
            names.extend(parts.iter().rev().nth(1).map(|&qualifier| qualifier.to_owned()));
            continue;
        }
        open += i32::from(word.is_sign(b'(')) - i32::from(word.is_sign(b')'));
        is_start = open == 0 && word.is_sign(b',');
        cursor.at += 1;
    }
    cursor.at = start;
    names
}

/// `DELETE FROM a USING b`; MySQL's `DELETE a FROM a JOIN b ON ..` writes those in front of `FROM`.
fn delete(cursor: &mut Cursor) {
    cursor.skip(&["LOW_PRIORITY", "QUICK", "IGNORE"]);
    let targets: Vec<String> = items(cursor, &["FROM"]).into_iter().map(|item| item.table).collect();
    cursor.take("FROM");
    let named = items(cursor, &["WHERE", "USING", "RETURNING", "ORDER", "LIMIT"]);
    if !targets.is_empty() || named.is_empty() {
        return divide(cursor, named, &targets);
    }
    for item in named {
        cursor.found.write(item.table);
    }
    if cursor.take("USING") {
        table_or_group(cursor);
        rest(cursor, Within::Tables);
    }
}

fn merge(cursor: &mut Cursor) {
    cursor.skip(&["INTO"]);
    let target = items(cursor, &["USING"]);
    divide(cursor, target, &[]);
    if cursor.take("USING") {
        table_or_group(cursor);
    }
}

/// `COPY users (name) FROM STDIN` writes, `COPY users TO STDOUT` and `COPY (SELECT ..) TO STDOUT` read.
fn copy(cursor: &mut Cursor) {
    let parts = name(cursor);
    if cursor.is_sign(b'(') {
        group(cursor);
    }
    let is_written = cursor.take("FROM");
    if let Some(parts) = parts {
        let table = table(&parts);
        if is_written { cursor.found.write(table) } else { cursor.found.read(table) }
    }
}

/// What changes or takes rows away writes: to drop, alter or rename a table, to make one from a query, to refresh what is materialised.
/// An empty table, an index, a view and what else is defined touch no row.
fn define(cursor: &mut Cursor, first: Word) {
    let object = cursor.words[cursor.at..].iter().take_while(|word| word.name().is_some());
    let object = object.take(6).position(|word| word.is_any(&["TABLE", "MATERIALIZED"]));
    let Some(object) = object else {
        cursor.at = cursor.words.len();
        return;
    };
    cursor.at += object + 1;
    cursor.skip(&["VIEW", "CONCURRENTLY", "IF", "NOT", "EXISTS", "ONLY"]);
    if !first.is("CREATE") {
        return if first.is("DROP") { written_list(cursor) } else { altered(cursor) };
    }
    let parts = name(cursor).unwrap_or_default();
    while cursor.word().is_some_and(|word| !word.is("AS")) {
        cursor.at += 1;
    }
    if cursor.take("AS") && starts_query(cursor.words, cursor.at) {
        cursor.found.write(table(&parts));
        statement(cursor);
    }
    cursor.at = cursor.words.len();
}

/// `ALTER TABLE a ..`, `RENAME TABLE a TO b`: what follows the first name names columns, or what did not exist. A column that is only added
/// changes no row: that is how programs set their tables up.
fn altered(cursor: &mut Cursor) {
    let start = cursor.at;
    let named = name(cursor).is_some();
    let only_adds = named && cursor.is("ADD") && !cursor.words[cursor.at..].iter().any(|word| word.is("DROP"));
    if !only_adds {
        cursor.at = start;
        written(cursor);
    }
    cursor.at = cursor.words.len();
}

/// Only `EXPLAIN ANALYZE` runs what it explains.
fn explain(cursor: &mut Cursor) {
    let start = cursor.at;
    while cursor.word().is_some_and(|_| !starts_query(cursor.words, cursor.at) && !cursor.is("REPLACE")) {
        cursor.at += 1;
    }
    if cursor.words[start..cursor.at].iter().any(|word| word.is("ANALYZE")) {
        statement(cursor);
    } else {
        cursor.at = cursor.words.len();
    }
}

/// The tables up to one of these keywords, those of joins too.
fn items(cursor: &mut Cursor, ends: &[&str]) -> Vec<Item> {
    let mut items = Vec::new();
    let mut is_place = true;
    while let Some(word) = cursor.word().filter(|word| !word.is_any(ends) && !word.is_sign(b')')) {
        if std::mem::take(&mut is_place) && !word.is_sign(b'(') {
            items.extend(item(cursor));
            // A name that is none, such as `*`, must not hold the reading up.
            cursor.at += usize::from(cursor.word() == Some(word) && word.name().is_none());
            continue;
        }
        is_place = word.is_sign(b',') || word.is_any(&["JOIN", "STRAIGHT_JOIN"]);
        if word.is_sign(b'(') {
            group(cursor);
        } else {
            cursor.at += 1;
        }
    }
    items
}

/// Of several tables those are written that are named as targets, else the first; the others are read. Where a statement that writes
/// names none, it is not known.
fn divide(cursor: &mut Cursor, items: Vec<Item>, targets: &[String]) {
    let is_target = |item: &Item| {
        let names = [Some(&item.table), item.alias.as_ref()];
        names.into_iter().flatten().any(|name| targets.iter().any(|target| target.eq_ignore_ascii_case(name)))
    };
    if items.is_empty() {
        cursor.found.write(UNKNOWN.to_owned());
    }
    let is_any = items.iter().any(is_target);
    for (index, item) in items.into_iter().enumerate() {
        if if is_any { is_target(&item) } else { index == 0 } {
            cursor.found.write(item.table);
        } else {
            cursor.found.read(item.table);
        }
    }
}
