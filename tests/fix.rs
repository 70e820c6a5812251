//! Fixes: which are taken, what they leave, and how the difference is shown.

use std::sync::Arc;

use edgelint::analysis::{Analysis, Options, Report, Stats, Summary};
use edgelint::diagnostic::{Diagnostic, Edit, Fix, Identity, Label, Level, Place, Status};
use edgelint::fix;
use edgelint::source::{FileId, Span, Tree, memory};

fn tree(text: &str) -> Tree {
    memory::tree([("a.ts".to_owned(), text.as_bytes().to_vec()), ("b.ts".to_owned(), vec![0xff, b'\n'])])
}

fn edit(file: u32, start: u32, end: u32, text: &str) -> Edit {
    Edit { place: Place { file: FileId(file), span: Span::new(start, end) }, text: text.to_owned() }
}

fn fix(safe: bool, edits: Vec<Edit>) -> Fix {
    Fix { title: "replace it".to_owned(), safe, edits }
}

fn report(tree: Tree, fixes: Vec<Fix>) -> Report {
    let finding = Diagnostic {
        rule: "parse-error",
        level: Level::Note,
        status: Status::Stable,
        app: None,
        message: "a finding".to_owned(),
        identity: Identity::default(),
        causes: Vec::new(),
        primary: Label::new(Place { file: FileId(0), span: Span::new(0, 1) }, "here"),
        trail: Vec::new(),
        help: None,
        fixes,
    };
    Report::new(Arc::new(tree), Vec::new(), vec![finding], Vec::new(), Summary::default(), Stats::default())
}

/// What safe fixes make of `text`.
fn fixed(text: &str, fixes: Vec<Fix>) -> String {
    let mut rewrites = fix::safe(&report(tree(text), fixes));
    assert!(rewrites.iter().all(|rewrite| rewrite.path == "a.ts" && rewrite.before == text), "{rewrites:?}");
    rewrites.pop().map_or_else(|| text.to_owned(), |rewrite| rewrite.after)
}

#[test]
fn all_edits_of_a_fix_are_made_or_none() {
    let both = fix(true, vec![edit(0, 0, 1, "A"), edit(0, 2, 3, "C")]);
    assert_eq!(fixed("abc\n", vec![both.clone()]), "AbC\n");
    assert_eq!(fixed("abc\n", vec![fix(true, vec![edit(0, 2, 3, "x")]), both]), "abx\n");
    assert_eq!(fixed("abc\n", vec![fix(false, vec![edit(0, 0, 1, "x")])]), "abc\n");
}

#[test]
fn what_does_not_fit_is_not_made() {
    let out = |edit| fixed("äbc\n", vec![fix(true, vec![edit])]);
    assert_eq!(out(edit(0, 0, 2, "a")), "abc\n");
    assert_eq!(out(edit(0, 0, 1, "a")), "äbc\n");
    assert_eq!(out(edit(0, 4, 99, "a")), "äbc\n");
    assert_eq!(out(edit(0, 3, 2, "a")), "äbc\n");
    assert_eq!(out(edit(1, 0, 1, "a")), "äbc\n");
    let twice = fix(true, vec![edit(0, 2, 4, "x"), edit(0, 3, 4, "y")]);
    assert_eq!(fixed("äbc\n", vec![twice]), "äbc\n");
}

/// A run that turns one `a` into a `b`, the first two of which overlap.
fn renaming(tree: Tree) -> Report {
    let text = tree.read_text("a.ts").expect("it is in memory");
    let found = text.match_indices("aa").next().or_else(|| text.match_indices('a').next());
    let fixes = found.map(|(at, _)| {
        let at = u32::try_from(at).expect("it is small");
        vec![fix(true, vec![edit(0, at, at + 1, "b")]), fix(true, vec![edit(0, at, at + 1, "c")])]
    });
    report(tree, fixes.unwrap_or_default())
}

#[test]
fn fixing_again_changes_nothing() {
    let (last, rewrites) = fix::until_stable(renaming(tree("aa a\n")), &renaming);
    assert_eq!(rewrites.len(), 1);
    assert_eq!((rewrites[0].before.as_str(), rewrites[0].after.as_str()), ("aa a\n", "bb b\n"));
    assert_eq!(last.text(FileId(0)), "bb b\n");
    assert_eq!(fix::until_stable(renaming(tree(&rewrites[0].after)), &renaming).1, []);
}

#[test]
fn fixes_that_undo_each_other_come_to_an_end() {
    let flip = |tree: Tree| {
        let text = if tree.read_text("a.ts").is_ok_and(|text| text.starts_with('x')) { "y" } else { "x" };
        report(tree, vec![fix(true, vec![edit(0, 0, 1, text)])])
    };
    assert_eq!(fix::until_stable(flip(tree("y\n")), &flip).1, []);
}

#[test]
fn the_difference_is_unified() {
    let before: String = (1..=20).map(|number| format!("{number}\n")).collect();
    let after = before.replace("\n3\n", "\nthree\n").replace("\n18\n", "\n").replace("\n20\n", "\n20");
    let expected = "\
--- a/lib/a.ts
+++ b/lib/a.ts
@@ -1,6 +1,6 @@
 1
 2
-3
+three
 4
 5
 6
@@ -15,6 +15,5 @@
 15
 16
 17
-18
 19
-20
+20
\\ No newline at end of file
";
    assert_eq!(fix::unified("lib/a.ts", &before, &after), expected);
    assert_eq!(fix::unified("a.ts", "", "one\n"), "--- a/a.ts\n+++ b/a.ts\n@@ -0,0 +1,1 @@\n+one\n");
    assert_eq!(fix::unified("a.ts", "one\n", "one\n"), "");
}

/// An app whose page lists users, and whose action is this text.
fn users(action: &str) -> [(String, Vec<u8>); 4] {
    let page = "import { db } from '../../lib/db'\nimport { addUser } from './actions'\n\nexport default async function Page() {\n  \
                const users = await db.user.findMany()\n  return <form action={addUser}>{users.length}</form>\n}\n";
    let db = "import { PrismaClient } from '@prisma/client'\n\nexport const db = new PrismaClient()\n";
    let package = "{\"dependencies\":{\"next\":\"16.0.0\"}}";
    [("package.json", package), ("app/users/page.tsx", page), ("app/users/actions.ts", action), ("lib/db.ts", db)]
        .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
}

/// What a suggestion makes of an action; nothing where there is none.
fn suggested(action: &str) -> Option<String> {
    let run = |tree: Tree| Analysis::new(tree).run(&Options { preview: true, ..Options::default() }, &|_| {});
    let mut report = run(memory::tree(users(action)));
    let is_it = |found: &&mut Diagnostic| found.rule == "mutation-without-revalidate";
    let found = report.diagnostics.iter_mut().find(is_it).expect("the page goes stale");
    assert!(found.fixes.iter().all(|fix| !fix.safe), "{found:?}");
    found.fixes.iter_mut().for_each(|fix| fix.safe = true);
    let after = fix::safe(&report).pop()?.after;
    let again = run(memory::tree(users(&after)));
    let left = |found: &&Diagnostic| matches!(found.rule, "mutation-without-revalidate" | "parse-error");
    assert_eq!(again.diagnostics.iter().find(left), None, "{after}");
    Some(after)
}

#[test]
fn a_suggested_call_refreshes_the_page() {
    let start = "'use server'\n\nimport { db } from '../../lib/db'\n";
    let with = |body: &str| format!("{start}\nexport async function addUser() {body}\n");
    assert_eq!(
        suggested(&with("{\n  await db.user.create({ data: {} })\n}")).as_deref(),
        Some(
            "'use server'\n\nimport { db } from '../../lib/db'\nimport { revalidatePath } from 'next/cache'\n\nexport async function \
             addUser() {\n  await db.user.create({ data: {} })\n  revalidatePath('/users')\n}\n"
        )
    );
    let given = suggested(&with("{\n\tconst user = await db.user.create({ data: {} });\n\treturn user.id;\n}"));
    assert!(given.is_some_and(|text| text.contains(";\n\trevalidatePath('/users');\n\treturn user.id;\n}")));
    let one_line = suggested(&with("{ await db.user.create({ data: {} }) }"));
    assert!(one_line.is_some_and(|text| text.contains("revalidatePath('/users')\n}")));
    let beside = format!(
        "'use server'\nimport {{ refresh as anew }} from 'next/cache'\nimport {{ db }} from '../../lib/db'\nexport const later = \
         anew\nexport async function addUser() {{\n  await db.user.create({{ data: {{}} }})\n}}\n"
    );
    assert!(suggested(&beside).is_some_and(|text| text.contains("import { refresh as anew, revalidatePath } from")));
}

#[test]
fn a_call_that_not_every_way_would_reach_is_not_suggested() {
    let with = |body: &str| {
        format!(
            "'use server'\nimport {{ db }} from '../../lib/db'\nexport async function addUser(name: string) {{ {body} }}\n"
        )
    };
    assert_eq!(suggested(&with("return db.user.create({ data: {} })")), None);
    assert_eq!(suggested(&with("if (name) { await db.user.create({ data: {} }) }")), None);
    assert_eq!(suggested(&with("await db.user.create({ data: {} })\nif (name) { return 1 }\nreturn 2")), None);
}
