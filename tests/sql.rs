//! Which tables SQL writes and reads: one line a case, `text => writes | reads`.

use edgelint::project::data::sql::{Sql, Statement, read};

/// A text as the table below writes it: `a b | c`, `fragment`, `unknown`.
fn shown(text: &str) -> String {
    match read(text) {
        Sql::Statement(Statement { writes, reads }) => format!("{} | {}", writes.join(" "), reads.join(" ")),
        Sql::Fragment => "fragment".to_owned(),
        Sql::Unknown => "unknown".to_owned(),
    }
}

fn check(cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .map(|&(text, expected)| (text, expected, shown(text)))
        .filter(|(_, expected, found)| expected.trim() != found.trim())
        .map(|(text, expected, found)| format!("{text}\n  expected: {expected}\n  found:    {found}"))
        .collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn queries_read() {
    check(&[
        ("SELECT * FROM users", "| users"),
        ("select u.id from users u where u.id = ?", "| users"),
        ("SELECT a.x, b.y FROM a, b AS c, d WHERE a.x IN (1, 2)", "| a b d"),
        ("SELECT * FROM a LEFT JOIN b ON a.id = b.a_id, c INNER JOIN d USING (id) ORDER BY x, y", "| a b c d"),
        ("SELECT * FROM a NATURAL JOIN b CROSS JOIN c STRAIGHT_JOIN d", "| a b c d"),
        ("SELECT * FROM (a JOIN b ON a.id = b.id), (c)", "| a b c"),
        (
            "SELECT * FROM (SELECT id FROM inner_table) x JOIN LATERAL (SELECT 1 FROM side) y ON true",
            "| inner_table side",
        ),
        ("SELECT (SELECT count(*) FROM posts p WHERE p.author = u.id) AS posts FROM users u", "| posts users"),
        ("SELECT * FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.id IN (SELECT id FROM c))", "| a b c"),
        ("SELECT a FROM x UNION ALL SELECT b FROM y EXCEPT (SELECT c FROM z)", "| x y z"),
        ("(SELECT a FROM x) UNION (SELECT b FROM y) ORDER BY 1, 2", "| x y"),
        (
            "SELECT extract(year FROM at), substring(name FROM 1 FOR 2), trim(both ' ' FROM name) FROM events",
            "| events",
        ),
        ("SELECT * FROM a WHERE a.x IS DISTINCT FROM a.y AND b IS NOT DISTINCT FROM c", "| a"),
        ("SELECT DISTINCT ON (a, b) a, b FROM t GROUP BY a, b HAVING count(*) > 1 LIMIT 1, 2", "| t"),
        ("SELECT * FROM generate_series(1, 3) AS day(at), unnest(?) x, jsonb_array_elements(u.data) e", "|"),
        ("SELECT * FROM users u, LATERAL unnest(u.tags) tag, teams", "| users teams"),
        ("SELECT now()", "|"),
        ("SELECT 1 FROM dual", "|"),
        ("SELECT * FROM t FOR UPDATE OF a, b SKIP LOCKED", "| t"),
        ("SELECT sum(x) OVER (PARTITION BY a, b ORDER BY c ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t", "| t"),
        ("SELECT sum(x) OVER w FROM t WINDOW w AS (PARTITION BY a), v AS (ORDER BY b)", "| t"),
        ("SELECT * FROM t TABLESAMPLE SYSTEM (10), u USE INDEX (a, b), v INDEXED BY c", "| t u v"),
        ("VALUES (1, 2), (3, 4)", "|"),
        ("TABLE users", "| users"),
        ("SELECT * FROM users; SELECT * FROM teams;", "| users teams"),
    ]);
}

#[test]
fn names_are_read_as_they_are_written() {
    check(&[
        (r#"SELECT * FROM "Invoice" WHERE "from" = 'FROM x'"#, "| Invoice"),
        ("SELECT `order`.`id` FROM `order` JOIN `shop`.`items`", "| order shop.items"),
        (
            r#"SELECT * FROM public.users, "public"."Team", auth.users, main.notes, a.b.c"#,
            "| users Team auth.users notes b.c",
        ),
        ("SELECT * FROM [order details], [dbo].[x]", "| order dbo.x"),
        ("SELECT * FROM Users, users", "| Users users"),
        ("SELECT * FROM größe WHERE x = '→'", "| größe"),
        ("SELECT * FROM ONLY (users), ONLY teams", "| users teams"),
    ]);
}

#[test]
fn comments_and_texts_name_nothing() {
    check(&[
        ("-- FROM a\nSELECT * /* FROM b /* nested */ FROM c */ FROM d -- , e", "| d"),
        ("SELECT 'it''s FROM a', E'it\\'s FROM b', $$ FROM c $$, $x$ FROM d $$ $x$ FROM e", "| e"),
        ("SELECT * FROM a WHERE b LIKE '%\\%' ESCAPE '\\' AND c IN (SELECT d FROM e)", "| a e"),
        (
            "SELECT $1::text, data->>'a', data #> '{b}', tags ? 'x' FROM t WHERE id = $2 AND x = :name AND y = @name",
            "| t",
        ),
        ("SELECT 'unfinished FROM a", "|"),
        ("SELECT * FROM \"unfinished", "| unfinished"),
        ("SELECT /* unfinished FROM a", "|"),
    ]);
}

#[test]
fn inserts_write() {
    check(&[
        ("INSERT INTO users (name, email) VALUES (?, ?) RETURNING id, name", "users |"),
        (
            "INSERT INTO users AS u (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET a = excluded.a, b = u.b WHERE u.c",
            "users |",
        ),
        ("INSERT INTO users VALUES (1) ON CONFLICT DO NOTHING", "users |"),
        ("INSERT INTO users DEFAULT VALUES", "users |"),
        (
            "INSERT INTO users (a) SELECT a FROM people, others ON CONFLICT (a) DO UPDATE SET b = 1, c = 2",
            "users | people others",
        ),
        ("INSERT INTO t SELECT x FROM s ON DUPLICATE KEY UPDATE a = VALUES(a), b = 2", "t | s"),
        ("INSERT INTO t (a) (SELECT a FROM s)", "t | s"),
        ("INSERT INTO t WITH x AS (SELECT 1 FROM y) SELECT * FROM x", "t | y"),
        ("INSERT OR REPLACE INTO notes (a) VALUES (1)", "notes |"),
        ("INSERT IGNORE INTO t SET a = 1, b = 2", "t |"),
        ("INSERT LOW_PRIORITY t VALUES (1)", "t |"),
        ("REPLACE INTO t (a) VALUES (1)", "t |"),
        ("INSERT INTO t (a, b) VALUES ((SELECT max(a) FROM s), ?)", "t | s"),
        ("INSERT INTO archive SELECT * FROM archive", "archive | archive"),
    ]);
}

#[test]
fn updates_write() {
    check(&[
        ("UPDATE users SET name = ?, seen = now() WHERE id = ?", "users |"),
        (
            "UPDATE ONLY public.users AS u SET a = o.a, b = 2 FROM orgs o JOIN x ON x.id = o.id, y WHERE u.id = o.id",
            "users | orgs x y",
        ),
        (
            "UPDATE users SET a = (SELECT max(a) FROM posts), (b, c) = (SELECT 1, 2 FROM tags) WHERE id IN (SELECT id FROM old)",
            "users | posts tags old",
        ),
        ("UPDATE a JOIN b ON a.id = b.id SET a.x = b.x, y = 1 WHERE b.z", "a | b"),
        ("UPDATE a, b SET b.x = a.x, b.y = f(1, 2)", "b | a"),
        ("UPDATE orders o LEFT JOIN items AS i ON i.o = o.id SET o.n = 1, i.m = 2", "orders items |"),
        ("UPDATE a JOIN b USING (id) SET x = 1", "a | b"),
        ("UPDATE OR IGNORE notes SET a = 1", "notes |"),
        ("UPDATE LOW_PRIORITY t SET a = 1 ORDER BY a, b LIMIT 1", "t |"),
        ("UPDATE users SET ? WHERE id = ?", "users |"),
    ]);
}

#[test]
fn deletes_write() {
    check(&[
        ("DELETE FROM users WHERE id = ? RETURNING *", "users |"),
        ("DELETE FROM users", "users |"),
        (
            "DELETE FROM users u USING orgs o, teams t WHERE u.org = o.id AND t.id IN (SELECT id FROM x)",
            "users | orgs teams x",
        ),
        ("DELETE FROM ONLY users WHERE id IN (SELECT id FROM users WHERE old)", "users | users"),
        (
            "DELETE u, posts FROM users AS u JOIN posts ON posts.u = u.id JOIN tags ON tags.p = posts.id WHERE u.x",
            "users posts | tags",
        ),
        ("DELETE a.*, b.* FROM a INNER JOIN b", "a b |"),
        ("DELETE FROM a, b USING a INNER JOIN b INNER JOIN c", "a b | a b c"),
        ("DELETE QUICK FROM t ORDER BY x, y LIMIT 3", "t |"),
    ]);
}

#[test]
fn common_table_expressions_are_no_tables() {
    check(&[
        (
            "WITH x AS (SELECT * FROM a), y (n) AS MATERIALIZED (SELECT * FROM x JOIN b ON true) SELECT * FROM x, y",
            "| a b",
        ),
        (
            "WITH gone AS (DELETE FROM pets RETURNING *) INSERT INTO archive SELECT * FROM gone JOIN people ON true",
            "pets archive | people",
        ),
        ("WITH made AS (INSERT INTO a (x) VALUES (1) RETURNING id) UPDATE b SET c = made.id FROM made", "a b |"),
        ("WITH moved AS (UPDATE a SET x = 1 RETURNING *) SELECT * FROM moved", "a |"),
        (
            "WITH RECURSIVE tree AS (SELECT * FROM nodes UNION ALL SELECT n.* FROM nodes n JOIN tree ON true) SELECT * FROM tree",
            "| nodes",
        ),
        ("WITH users AS (SELECT * FROM users WHERE live) SELECT * FROM Users", "| users"),
        ("SELECT * FROM (WITH x AS (SELECT 1) SELECT * FROM x) y JOIN x ON true", "| x"),
        ("WITH x AS (SELECT 1) SELECT * FROM public.x", "| x"),
        ("WITH x AS (SELECT 1) DELETE FROM a USING x WHERE a.id IN (SELECT id FROM x)", "a |"),
    ]);
}

#[test]
fn other_statements() {
    check(&[
        (
            "MERGE INTO t AS a USING s b ON a.id = b.id WHEN MATCHED THEN UPDATE SET x = 1, y = 2 WHEN NOT MATCHED THEN INSERT (a, b) VALUES (1, 2)",
            "t | s",
        ),
        ("MERGE INTO t USING (SELECT * FROM s JOIN r ON true) b ON true WHEN MATCHED THEN DELETE", "t | s r"),
        ("TRUNCATE TABLE ONLY a, b RESTART IDENTITY CASCADE", "a b |"),
        (r#"TRUNCATE TABLE "user" RESTART IDENTITY CASCADE;"#, "user |"),
        ("COPY users (name, email) FROM STDIN WITH (FORMAT csv)", "users |"),
        ("COPY users TO STDOUT", "| users"),
        ("COPY (SELECT * FROM a, b) TO '/tmp/x'", "| a b"),
        ("LOAD DATA INFILE 'x' INTO TABLE t FIELDS TERMINATED BY ','", "t |"),
        ("SELECT a, b INTO TEMP copy FROM users", "copy | users"),
        ("SELECT a INTO OUTFILE 'x' FROM users", "| users"),
        ("SELECT a INTO @x FROM users", "| users"),
    ]);
}

#[test]
fn what_is_defined_touches_rows_where_it_takes_or_makes_them() {
    check(&[
        ("CREATE TABLE IF NOT EXISTS users (id UUID PRIMARY KEY, org INT REFERENCES orgs (id) ON DELETE CASCADE)", "|"),
        ("CREATE TEMP TABLE x AS SELECT * FROM users, teams", "x | users teams"),
        ("CREATE TABLE x (a INT GENERATED ALWAYS AS (b + 1) STORED)", "|"),
        ("CREATE MATERIALIZED VIEW v AS SELECT * FROM users", "v | users"),
        ("REFRESH MATERIALIZED VIEW CONCURRENTLY v", "v |"),
        ("CREATE OR REPLACE VIEW v AS SELECT * FROM users", "|"),
        ("CREATE UNIQUE INDEX CONCURRENTLY i ON users (name) WHERE name <> ''", "|"),
        ("CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\"", "|"),
        ("ALTER TABLE IF EXISTS ONLY users ADD COLUMN a INT, DROP COLUMN b", "users |"),
        ("ALTER TABLE users ADD COLUMN a INT DEFAULT 0", "|"),
        ("DROP TABLE IF EXISTS a, public.b CASCADE", "a b |"),
        ("DROP INDEX i", "|"),
        ("RENAME TABLE a TO b", "a |"),
        ("CREATE FUNCTION f() RETURNS TABLE (a INT) AS $$ SELECT * FROM users $$ LANGUAGE sql", "|"),
    ]);
}

#[test]
fn what_touches_no_row_names_nothing() {
    check(&[
        ("BEGIN", "|"),
        ("START TRANSACTION; UPDATE a SET b = 1; COMMIT", "a |"),
        ("ROLLBACK TO SAVEPOINT x", "|"),
        ("SET search_path TO \"a\"", "|"),
        ("PRAGMA table_info(users)", "|"),
        ("SHOW TABLES FROM shop", "|"),
        ("VACUUM users", "|"),
        ("EXPLAIN SELECT * FROM users", "|"),
        ("EXPLAIN ANALYZE UPDATE users SET a = 1", "users |"),
        ("EXPLAIN (ANALYZE, BUFFERS) SELECT * FROM users", "| users"),
        ("LOCK TABLE users IN EXCLUSIVE MODE", "|"),
    ]);
}

#[test]
fn a_hole_may_stand_for_anything() {
    check(&[
        ("SELECT * FROM ? WHERE ?", "| ?"),
        ("SELECT ? FROM users ? WHERE ? ORDER BY ? ?", "| users"),
        ("SELECT * FROM app_? JOIN ?.users ON ? JOIN \"?\"", "| ? users"),
        ("INSERT INTO users ?", "users |"),
        ("INSERT INTO ? (?) VALUES ?", "? |"),
        ("UPDATE ? SET ? = ?", "? |"),
        ("DELETE FROM ? WHERE id IN ?", "? |"),
        ("? SELECT * FROM users", "| users"),
        ("SELECT * FROM ?(1), ??", "| ?"),
        ("SELECT * FROM ", "| ?"),
        ("SELECT * FROM :name JOIN {table}", "| ?"),
        ("INSERT INTO", "? |"),
        ("UPDATE", "? |"),
        ("UPDATE {table} SET a = 1", "? |"),
        ("DELETE FROM", "? |"),
        ("MERGE INTO", "? |"),
        ("TRUNCATE @table", "? |"),
        ("?", "fragment"),
        ("", "fragment"),
        (" ; ;", "fragment"),
        ("count(*)", "fragment"),
        ("name ILIKE ?", "fragment"),
        ("? || ' ' || ?", "fragment"),
        ("FROM users", "fragment"),
        ("DO UPDATE SET a = 1", "fragment"),
        ("replace(name, 'a', 'b')", "fragment"),
        ("CALL remove_user(?)", "unknown"),
        ("DO $$ BEGIN DELETE FROM a; END $$", "unknown"),
        ("SELECT * FROM a; EXECUTE plan", "unknown"),
    ]);
}

#[test]
fn nothing_fails() {
    let deep = "(".repeat(100_000);
    let long = format!("SELECT {} FROM a", "1 + ".repeat(100_000));
    for text in
        ["SELECT", "WITH", "WITH x AS", "INSERT INTO", "UPDATE", "DELETE", "FROM (", "MERGE INTO t USING", "COPY", ")"]
    {
        let _ = shown(text);
        let _ = shown(&format!("SELECT ( {text}"));
        let _ = shown(&format!("{text} )) FROM ( , ("));
    }
    assert_eq!(shown(&format!("SELECT * FROM a WHERE {deep}")), " | a");
    assert_eq!(shown(&format!("SELECT * FROM {deep}")), " | ");
    assert_eq!(shown(&long), " | a");
    assert_eq!(shown(&"SELECT (SELECT ".repeat(1000)), " | ");
    assert_eq!(shown(&"WITH a AS (".repeat(1000)), " | ");
}
