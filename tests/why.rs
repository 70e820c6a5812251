//! `edgelint why`: what it says of a line, in words and as a document, and what it refuses.
#![expect(clippy::disallowed_methods, reason = "the tests make the folders that the program runs in")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

#[path = "support/schema.rs"]
mod schema;

/// A shop whose webhook stores through an action, which a comment allows, and whose helper calls what nobody can see.
fn shop() -> TempDir {
    let actions = "'use server'
import { insert } from '../lib/db'

export async function save(name: string) {
  await insert(name)
}
";
    let db = "import { PrismaClient } from '@prisma/client'
import { track } from 'unheard-of'

const prisma = new PrismaClient()

export async function insert(name: string) {
  await track(name)
  await prisma.user.create({ data: { name } })
}
";
    let route = "import { save } from '../../actions'

export async function POST(request: Request) {
  // edgelint-ignore action-called-externally: until March
  await save(await request.text())
  return new Response('ok')
}
";
    let form = "'use client'
import { save } from './actions'

export const Form = () => <button onClick={() => save('me')} />
";
    let files = [
        ("package.json", r#"{ "name": "shop", "dependencies": { "next": "16.0.0", "react": "19.0.0" } }"#),
        ("app/page.tsx", "import { Form } from './form'\n\nexport default function Page() { return <Form /> }\n"),
        ("app/form.tsx", form),
        ("app/actions.ts", actions),
        ("app/api/hook/route.ts", route),
        ("app/api/upload/route.ts", "import { handlers } from 'unheard-of'\n\nexport const { GET } = handlers()\n"),
        ("lib/db.ts", db),
    ];
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for (path, text) in files {
        write(folder.path(), path, text);
    }
    folder
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("it is in the folder")).expect("folders can be made");
    fs::write(path, text).expect("files can be written");
}

/// The exit status, stdout and stderr of an answer.
fn why(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_edgelint"));
    command.arg("why").args(arguments).current_dir(folder).stdin(Stdio::null());
    let Output { status, stdout, stderr } = command.output().expect("it was built for this test");
    let text = |bytes| String::from_utf8(bytes).expect("all output is UTF-8");
    (status.code().expect("it ends by itself"), text(stdout), text(stderr))
}

/// The document about a place, which holds to its schema.
fn document(folder: &Path, place: &str) -> Value {
    let (code, out, err) = why(folder, &[place, "--format", "json"]);
    assert_eq!(code, 0, "{err}");
    let document = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"));
    schema::exact("why", &document);
    document
}

#[test]
fn it_says_what_reaches_a_line_and_what_it_does() {
    let folder = shop();
    let (code, out, err) = why(folder.path(), &["lib/db.ts:8"]);
    assert_eq!(code, 0, "{err}");
    for line in [
        "lib/db.ts:8 is in the function `insert`, lib/db.ts:6:23 (layers: action, handler)",
        "`create`  writes user",
        "the server action `save`, app/actions.ts:4:23",
        "calls `insert`, app/actions.ts:5:9",
        "db.write user  always  lib/db.ts:8:21",
        "`track` (foreign): a package that no model describes  lib/db.ts:7:9",
        "the first call that they cannot see is `track`, lib/db.ts:7:9 (foreign)",
    ] {
        assert!(out.contains(line), "{line}\n{out}");
    }
    // As reports print it, from wherever one stands.
    let (code, out, err) = why(&folder.path().join("lib"), &["app/actions.ts:4"]);
    assert!(code == 0 && out.contains("`save`"), "{err}");
}

#[test]
fn the_document_holds_to_its_schema() {
    let folder = shop();
    let action = document(folder.path(), "app/actions.ts:4");
    assert_eq!(action["endpoints"][0]["name"], "save");
    assert_eq!(action["rules"][0]["state"], "suppressed");
    assert_eq!(action["rules"][0]["reason"], "until March");
    let form = document(folder.path(), "app/form.tsx:4:50");
    assert_eq!(form["calls"][0]["then"]["kind"], "nothing");
    assert_eq!(form["entries"][0]["trail"][0]["does"], "renders");
    assert_eq!(form["calls"][0]["leads"][0]["name"], "the server action `save`");
    let foreign = document(folder.path(), "app/api/upload/route.ts:3");
    assert_eq!(foreign["endpoints"][0]["url"], "/api/upload");
    assert_eq!(foreign["unseen"][0]["class"], "foreign");
    assert_eq!(document(folder.path(), "package.json:1")["part"], Value::Null);
}

#[test]
fn it_says_how_a_page_is_made_and_who_refreshes_it() {
    let folder = shop();
    let page = "import { cookies } from 'next/headers'
import { users } from '../../lib/users'
import { prisma } from '../../lib/client'

export default async function Page() {
  const jar = await cookies()
  const teams = await prisma.team.findMany()
  return <p>{jar.get('x')?.value}{(await users()).length}{teams.length}</p>
}
";
    let users = "import { unstable_cache } from 'next/cache'
import { prisma } from './client'

export const users = unstable_cache(() => prisma.user.findMany(), [], { tags: ['users'] })
";
    let actions = "'use server'
import { revalidatePath, revalidateTag } from 'next/cache'
import { prisma } from '../../lib/client'

export async function addUser() {
  await prisma.user.create({ data: {} })
  revalidateTag('users', 'max')
}

export async function addTeam() {
  await prisma.team.create({ data: {} })
  revalidatePath('/elsewhere')
}
";
    write(folder.path(), "app/users/page.tsx", page);
    write(folder.path(), "app/users/actions.ts", actions);
    write(folder.path(), "lib/users.ts", users);
    write(
        folder.path(),
        "lib/client.ts",
        "import { PrismaClient } from '@prisma/client'\nexport const prisma = new PrismaClient()\n",
    );
    let (code, out, err) = why(folder.path(), &["app/users/page.tsx:5"]);
    assert_eq!(code, 0, "{err}");
    for line in [
        "the page `/users` is made for each request",
        "reads `user`, lib/users.ts:4:55, kept by `unstable_cache`, lib/users.ts:4:22 as users",
        "  `addUser` changes it and refreshes it, app/users/actions.ts:5:23",
        "reads `team`, app/users/page.tsx:7:35",
        "  `addTeam` changes it and names no path or tag of it, app/users/actions.ts:10:23",
    ] {
        assert!(out.contains(line), "{line}\n{out}");
    }
    let made = document(folder.path(), "app/users/page.tsx:5")["made"].clone();
    assert_eq!(made[0]["making"], "each-request");
    assert_eq!(made[0]["reads"][1]["tags"][0].as_str().or(made[0]["reads"][0]["tags"][0].as_str()), Some("users"));
}

#[test]
fn it_says_which_stronger_rule_reports_the_cause() {
    let folder = shop();
    let route = "import { verifyWebhook } from '@clerk/nextjs/webhooks'
import type { NextRequest } from 'next/server'
import { save } from '../../actions'

export async function POST(request: NextRequest) {
  const event = await verifyWebhook(request)
  await save(event.type)
  return new Response('ok')
}
";
    write(folder.path(), "app/api/hook/route.ts", route);
    write(folder.path(), "edgelint.toml", "preview = true\n");
    let (code, out, err) = why(folder.path(), &["app/api/hook/route.ts:7"]);
    assert_eq!(code, 0, "{err}");
    for line in [
        "reported: error[webhook-as-action]",
        "left to a stronger rule: warning[action-called-externally]",
        "`webhook-as-action` reports the same cause, with this as a label",
    ] {
        assert!(out.contains(line), "{line}\n{out}");
    }
    let document = document(folder.path(), "app/api/hook/route.ts:7");
    assert_eq!(document["rules"][1]["state"], "yielded");
}

#[test]
fn it_refuses_what_is_no_line() {
    let folder = shop();
    for (place, words) in [
        ("app/actions.ts", "`app/actions.ts` names no line: write `PATH:LINE`"),
        ("app/actions.ts:save", "`save` is no line"),
        (":3", "names no file"),
        ("app/actions.ts:0", "lines are counted from 1"),
        ("app/actions.ts:99", "`app/actions.ts` has 6 lines, and no line 99"),
        ("app/action.ts:1", "did you mean `app/actions.ts`?"),
        ("db.ts:1", "did you mean `lib/db.ts`?"),
        ("app:1", "`app` is a folder"),
    ] {
        let (code, out, err) = why(folder.path(), &[place]);
        assert_eq!((code, out.as_str()), (2, ""), "{place}: {err}");
        assert!(err.contains(words), "{place}: {err}");
    }
}

/// The README's own program, its example of this command, and how what that prints begins.
#[test]
fn the_readme_shows_what_it_prints() {
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).expect("there is one");
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let (_, program) = readme.split_once("## What it says\n").expect("it has the section");
    let (program, rest) = program.split_once("\n## ").expect("another section follows");
    for (name, file) in program.split("\n```ts\n").zip(program.split("\n```ts\n").skip(1)) {
        let (_, path) = name.trim_end().trim_end_matches("`:").rsplit_once('`').expect("a file has a name");
        let (text, _) = file.split_once("```").expect("a file ends");
        write(folder.path(), path, text);
    }
    write(folder.path(), "package.json", r#"{ "dependencies": { "next": "16.0.0", "react": "19.0.0" } }"#);
    write(folder.path(), "tsconfig.json", r#"{ "compilerOptions": { "paths": { "@/*": ["./*"] } } }"#);
    let (_, example) = rest.split_once("```sh\n$ edgelint why ").expect("it has an example");
    let (place, expected) = example.split_once("```").and_then(|(text, _)| text.split_once('\n')).expect("it ends");
    let (code, out, err) = why(folder.path(), &[place]);
    assert!(code == 0 && out.starts_with(expected), "{err}\n{out}");
}
