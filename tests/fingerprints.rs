//! Findings are recognised after edits that change no meaning, and new ones are not taken for old ones.
//!
//! `EDGELINT_TREES=folder:folder cargo test --test fingerprints -- --nocapture` makes the same edits in copies of other trees.

use std::collections::BTreeMap;

use edgelint::analysis::{Analysis, Known, Options, Report};
use edgelint::baseline::Baseline;
use edgelint::source::{disk, memory};

#[path = "fingerprints/edits.rs"]
mod edits;

use edits::{Files, KINDS, Kind, Random};

/// How many edits are made one upon the other before the tree is as it was again.
const RUN: usize = 10;
/// How many such runs there are in a tree.
const RUNS: u64 = 20;

const APP: [(&str, &str); 14] = [
    ("package.json", r#"{"name":"app","dependencies":{"next":"16.4.6","react":"19.0.0"}}"#),
    ("tsconfig.json", r#"{"compilerOptions":{"paths":{"@/*":["./*"]}}}"#),
    ("app/page.tsx", "export default function Page() {\n  const title = 'shop'\n  return <main>{title}</main>\n}\n"),
    (
        "lib/order-actions.ts",
        "'use server'\nimport { database } from './database'\n\nexport async function pay(id: string) {\n  const paid = await \
         database.order.update({ id })\n  return paid\n}\n\nexport async function cancel(id: string) {\n  return \
         database.order.delete({ id })\n}\n",
    ),
    ("lib/database.ts", "import { PrismaClient } from '@prisma/client'\nexport const database = new PrismaClient()\n"),
    (
        "lib/settle.ts",
        "import { pay } from './order-actions'\n\nexport async function settle(id: string) {\n  const result = await \
         pay(id)\n  return result\n}\n",
    ),
    (
        "app/api/hook/route.ts",
        "import { cancel } from '@/lib/order-actions'\nimport { settle } from '@/lib/settle'\n\nexport async function \
         POST(request: Request) {\n  const body = await request.json()\n  await settle(body.id)\n  return new \
         Response()\n}\n\nexport async function DELETE(request: Request) {\n  const body = await request.json()\n  await \
         cancel(body.id)\n  return new Response()\n}\n",
    ),
    (
        "pages/api/old.ts",
        "import { pay } from '@/lib/order-actions'\n\nexport default async function handler(request, response) {\n  await \
         pay(request.query.id)\n  response.end()\n}\n",
    ),
    ("scripts/settle-all.ts", "import { settle } from '../lib/settle'\nawait settle('1')\n"),
    ("scripts/cancel-all.ts", "import { cancel } from '../lib/order-actions'\nawait cancel('1')\n"),
    (
        "lib/post.ts",
        "export async function post() {\n  const headers = { 'Next-Action': 'abc' }\n  return fetch('/', { headers: { 'Next-Action': 'abc' } })\n}\n",
    ),
    (
        "lib/limits.ts",
        "'use server'\n\nexport const limit = 3\n\nexport function first(id: string) {\n  return id\n}\n\nexport function \
         second(id: string) {\n  return id\n}\n",
    ),
    ("lib/broken.ts", "export async function broken( {\n"),
    ("lib/broken-too.ts", "export async function broken( {\n"),
];

fn app() -> Files {
    APP.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

fn run(files: &Files, baseline: Option<&Baseline>) -> Report {
    let tree = memory::tree(files.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes())));
    let known = baseline.cloned().map_or_else(Known::default, Known::Given);
    let options = Options { known, preview: true, ..Options::default() };
    Analysis::new(tree).run(&options, &|_| {})
}

fn baseline(files: &Files) -> Baseline {
    Baseline::of(run(files, None).baseline.found)
}

/// What edits have done to the findings of a tree.
#[derive(Debug, Default)]
struct Figures {
    edits: BTreeMap<Kind, usize>,
    held: usize,
    new: usize,
    stale: usize,
    fingerprints_gone: usize,
}

/// Makes `RUNS` times `RUN` edits, and after each holds the whole tree against its first baseline.
#[expect(clippy::print_stdout, reason = "what failed is for whoever runs the test")]
fn survive(files: &Files, figures: &mut Figures) {
    let baseline = baseline(files);
    let prints = |report: &Report| -> Vec<String> {
        report.diagnostics.iter().chain(&report.known).map(|finding| finding.fingerprint()).collect()
    };
    let first = prints(&run(files, None));
    for seed in 0..RUNS {
        let (mut edited, mut random) = (files.clone(), Random(seed));
        for step in 0..RUN {
            let kind = KINDS[(step + random.below(KINDS.len())) % KINDS.len()];
            if !edits::edit(&mut edited, kind, &mut random) {
                continue;
            }
            *figures.edits.entry(kind).or_default() += 1;
            let report = run(&edited, Some(&baseline));
            let now = prints(&report);
            figures.held += baseline.entries.len();
            figures.new += report.diagnostics.len();
            figures.stale += report.baseline.stale.len();
            figures.fingerprints_gone += first.iter().filter(|print| !now.contains(print)).count();
            for finding in &report.diagnostics {
                let path = report.path(finding.primary.place.file);
                println!("new after {kind:?}, seed {seed}, step {step}: {path}: {}", finding.message);
            }
        }
    }
}

#[test]
fn edits_bring_no_finding_back() {
    let mut figures = Figures::default();
    let files = app();
    assert_eq!(baseline(&files).entries.len(), 13, "{}", baseline(&files).text());
    survive(&files, &mut figures);
    assert!(KINDS.iter().all(|kind| figures.edits.get(kind).is_some_and(|&count| count > 20)), "{figures:?}");
    assert_eq!((figures.new, figures.stale), (0, 0), "{figures:?}");
}

#[test]
#[expect(clippy::print_stdout, reason = "the figures are for whoever runs the test")]
fn other_trees() {
    #[expect(clippy::disallowed_methods, reason = "the trees are named by whoever runs the test")]
    let Some(trees) = std::env::var_os("EDGELINT_TREES") else { return };
    for folder in std::env::split_paths(&trees) {
        let tree = disk::open(&folder).expect("the folder is there");
        // Only that they are there matters of pictures.
        let text = |path: &String| tree.read_text(path).ok().filter(|text| !text.contains('\0')).unwrap_or_default();
        let files = tree.paths.iter().map(|path| (path.clone(), text(path))).collect();
        let mut figures = Figures::default();
        survive(&files, &mut figures);
        println!("{}: {figures:?}", folder.display());
        assert!(figures.new * 100 <= figures.held, "{}: {figures:?}", folder.display());
    }
}

/// The paths and messages of what is new after a change.
fn new(files: &Files, change: impl FnOnce(&mut Files)) -> Vec<String> {
    let baseline = baseline(files);
    let mut changed = files.clone();
    change(&mut changed);
    let report = run(&changed, Some(&baseline));
    let new = report.diagnostics.iter();
    let new = new.map(|finding| format!("{}: {}", report.path(finding.primary.place.file), finding.message));
    let stale = report.baseline.stale.iter().map(|entry| format!("stale {}: {}", entry.path, entry.message));
    new.chain(stale).collect()
}

#[test]
fn what_is_new_is_shown_and_what_is_gone_is_stale() {
    let script = "import { cancel } from '../lib/order-actions'\nawait cancel('2')\n";
    let added = new(&app(), |files| drop(files.insert("scripts/a.ts".to_owned(), script.to_owned())));
    assert_eq!(added, ["scripts/a.ts: the script `scripts/a.ts` calls the server action `cancel`"]);
    let gone = new(&app(), |files| drop(files.remove("scripts/cancel-all.ts")));
    assert_eq!(
        gone,
        ["stale scripts/cancel-all.ts: the script `scripts/cancel-all.ts` calls the server action `cancel`"]
    );
    let swapped = new(&app(), |files| {
        files.insert("scripts/cancel-all.ts".to_owned(), "export const done = true\n".to_owned());
        files.insert("scripts/a.ts".to_owned(), script.to_owned());
    });
    assert_eq!(
        swapped,
        [
            "scripts/a.ts: the script `scripts/a.ts` calls the server action `cancel`",
            "stale scripts/cancel-all.ts: the script `scripts/cancel-all.ts` calls the server action `cancel`"
        ]
    );
}

#[test]
fn another_method_that_sorts_first_is_the_same_finding() {
    let added = new(&app(), |files| {
        let route = files.get_mut("app/api/hook/route.ts").expect("it is in the app");
        route.push_str(
            "\nexport async function DELETE_ALL() {}\nexport async function GET() {\n  await cancel('all')\n}\n",
        );
    });
    // What the route already said of `cancel` is not said again; that a GET writes is another thing.
    let told = "app/api/hook/route.ts: `GET /api/hook` writes `order`, and a link, a prefetch or a crawler is enough to send it";
    assert_eq!(added, [told]);
}

#[test]
fn filters_change_no_fingerprint() {
    let all = run(&app(), None);
    let tree = memory::tree(app().into_iter().map(|(path, text)| (path, text.into_bytes())));
    let options = Options { paths: vec!["scripts".to_owned()], preview: true, ..Options::default() };
    let some = Analysis::new(tree).run(&options, &|_| {});
    let prints = |report: &Report| -> Vec<String> {
        let below = report.diagnostics.iter();
        let below = below.filter(|finding| report.path(finding.primary.place.file).starts_with("scripts"));
        below.map(|finding| finding.fingerprint()).collect()
    };
    assert_eq!(prints(&some).len(), 2);
    assert_eq!(prints(&some), prints(&all));
    assert_eq!(some.baseline, all.baseline);
}

#[test]
fn a_baseline_is_read_as_it_is_written() {
    let baseline = baseline(&app());
    let text = baseline.text();
    assert_eq!(Baseline::parse(&text).as_ref(), Ok(&baseline));
    assert_eq!(Baseline::parse(&text.replace('\n', "\r\n")).as_ref(), Ok(&baseline));
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.is_sorted() && lines.len() == baseline.entries.len() + 1, "{text}");
    let doubled: String =
        [lines[0]].iter().chain(lines[1..].iter().rev()).chain(&lines[1..]).map(|line| format!("{line}\n")).collect();
    assert_eq!(Baseline::parse(&doubled).as_ref(), Ok(&baseline));
}

#[test]
fn a_line_that_is_none_is_named() {
    let text = baseline(&app()).text();
    let reason = |text: &str| Baseline::parse(text).expect_err("it is no baseline");
    assert!(reason("").starts_with("line 1: a baseline starts with `# edgelint baseline 1`"), "{}", reason(""));
    assert!(reason("{}").contains("`--write-baseline`"));
    assert!(reason(&text.replacen("baseline 1", "baseline 2", 1)).starts_with("line 1: version `2` is not known"));
    assert!(reason(&text.replacen('\t', " ", 1)).starts_with("line 2: five columns"));
    let next = text.lines().count() + 1;
    let no_print = format!("line {next}: the first column is no fingerprint");
    assert!(reason(&format!("{text}12\ta\tb\tc\td\n")).starts_with(&no_print));
    assert!(reason(&format!("{text}<<<<<<< HEAD\n")).starts_with(&format!("line {next}: a merge is not finished")));
}
