//! The harness under test: pages and reports that are wrong on purpose, each with the text that must come out.

use edgelint::analysis::Report;
use edgelint::diagnostic::{Diagnostic, Edit, Fix, Identity, Label, Level, Place, Status};
use edgelint::source::{FileId, Span};
use libtest_mimic::{Failed, Trial};

use super::section::{self, Case};
use super::{apply, compare, effects, markdown, marks, render, wording};

const RULE: &str = "action-called-externally";

/// The harness's own tests.
pub(crate) fn trials() -> Vec<Trial> {
    vec![
        Trial::test("harness > a met page is silent", met_page_is_silent),
        Trial::test("harness > an unmarked report is unexpected", unmarked_report),
        Trial::test("harness > an unmet mark is missing", unmet_mark),
        Trial::test("harness > a level is asserted", level_is_asserted),
        Trial::test("harness > labels belong to their report", labels_belong_to_their_report),
        Trial::test("harness > a known miss that is found fails", known_miss_found),
        Trial::test("harness > what a call means is another", effects_differ),
        Trial::test("harness > marks of every language", marks_of_every_language),
        Trial::test("harness > marks that cannot be read", unreadable_marks),
        Trial::test("harness > pages that cannot be read", unreadable_pages),
        Trial::test("harness > names, defaults and configuration", names_and_defaults),
        Trial::test("harness > wording", wording_is_checked),
        Trial::test("harness > safe fixes are applied", fixes_are_applied),
        Trial::test("harness > fences are replaced in place", fences_are_replaced),
    ]
}

const PAGE: &str = "\
# a page

## Reported

`app/api/route.ts`:

```ts
export async function GET() { //~> action-called-externally
  return save() //~ action-called-externally warning
}
```
";

fn met_page_is_silent() -> Result<(), Failed> {
    let report = report_of(PAGE, |files| vec![finding(files, 2, &[1])]);
    expect(&differences(PAGE, &report), &[])
}

fn unmarked_report() -> Result<(), Failed> {
    let report = report_of(PAGE, |files| vec![finding(files, 2, &[1]), finding(files, 3, &[])]);
    let text = "unexpected: action-called-externally (warning) at app/api/route.ts:3: `save` is called from outside";
    expect(&differences(PAGE, &report), &[text])
}

fn unmet_mark() -> Result<(), Failed> {
    let report = report_of(PAGE, |_| Vec::new());
    expect(
        &differences(PAGE, &report),
        &[
            "missing label: action-called-externally at app/api/route.ts:1: there is no report 1 (:1)",
            "missing: action-called-externally (warning) at app/api/route.ts:2 (:2)",
        ],
    )
}

fn level_is_asserted() -> Result<(), Failed> {
    let report = report_of(PAGE, |files| vec![Diagnostic { level: Level::Note, ..finding(files, 2, &[1]) }]);
    expect(
        &differences(PAGE, &report),
        &[
            "unexpected: action-called-externally (note) at app/api/route.ts:2: `save` is called from outside",
            "missing: action-called-externally (warning) at app/api/route.ts:2 (:2)",
        ],
    )
}

fn labels_belong_to_their_report() -> Result<(), Failed> {
    let page = "`a.ts`:\n```ts\na //~ action-called-externally //~>2 action-called-externally\n\nb\n//~^ action-called-externally\n```\n";
    let right = report_of(page, |files| vec![finding(files, 1, &[]), finding(files, 3, &[1])]);
    expect(&differences(page, &right), &[])?;
    let wrong = report_of(page, |files| vec![finding(files, 1, &[1]), finding(files, 3, &[2])]);
    expect(&differences(page, &wrong), &["missing label: action-called-externally at a.ts:1: report 2 has a.ts:2 (:1)"])
}

fn known_miss_found() -> Result<(), Failed> {
    let page = "`a.ts`:\n```ts\na //~? action-called-externally\n```\n";
    expect(&differences(page, &report_of(page, |_| Vec::new())), &[])?;
    expect(
        &differences(page, &report_of(page, |files| vec![finding(files, 1, &[])])),
        &[
            "found: action-called-externally (warning) at a.ts:1 is no longer a known miss: mark it `~`",
            "    the mark: :1",
        ],
    )
}

fn effects_differ() -> Result<(), Failed> {
    let files = [("a.ts".to_owned(), "JSON.parse('')\n".to_owned())].into();
    let meaning = effects::of(&files, &edgelint::analysis::Options::default());
    let text = "JSON.parse('') //= db.write user\n";
    let marks = marks::read("a.ts", text).marks;
    let found = effects::differences(&meaning, &marks, &|mark| format!("page:{}", mark.written));
    expect(&found, &["a.ts:1 means nothing, not db.write user (page:1)"])
}

fn marks_of_every_language() -> Result<(), Failed> {
    let found = |path: &str, text: &str| {
        let marked = marks::read(path, text);
        let marks: Vec<String> = marked.marks.iter().map(|mark| format!("{:?} {}", mark.kind, mark.line)).collect();
        format!("{:?} {} {:?}", marked.text, marks.join(", "), marked.problems)
    };
    expect(
        &[
            found("a.ts", "f() //~ parse-error error\r\n"),
            found("a.tsx", "  <p> {/*~ parse-error */}{/*~> parse-error */}\n"),
            found("a.ts", "\n\n //~^^ parse-error //~^>3 parse-error\n"),
            found("a.toml", "a = 1 #~ parse-error\n"),
            found("a.sql", "select 1 --~? parse-error\n"),
            found("a.ts", "const url = 'http://~ x' // = no mark\n"),
        ],
        &[
            r#""f()\r\n" Report(Some("error")) 1 []"#,
            r#""  <p>\n" Report(None) 1, Label(1) 1 []"#,
            r#""\n\n\n" Report(None) 1, Label(3) 2 []"#,
            r#""a = 1\n" Report(None) 1 []"#,
            r#""select 1\n" KnownMiss 1 []"#,
            r#""const url = 'http://~ x' // = no mark\n"  []"#,
        ],
    )
}

fn unreadable_marks() -> Result<(), Failed> {
    let problem = |comment: &str| {
        let problems = marks::read("a.ts", comment).problems;
        problems.into_iter().map(|(line, reason)| format!("{line}: {reason}")).collect::<String>()
    };
    expect(
        &[
            problem("//~ no-such-rule"),
            problem("//~^ parse-error"),
            problem("//~> parse-error error"),
            problem("//~>0 parse-error"),
            problem("//~ parse-error loud"),
            problem("//~parse-error"),
        ],
        &[
            "1: `~ no-such-rule` is no mark: there is no rule `no-such-rule`",
            "1: `~^ parse-error` is no mark: there is no such line above",
            "1: `~> parse-error error` is no mark: `error` says nothing there",
            "1: `~>0 parse-error` is no mark: `>0` is not understood",
            "1: `~ parse-error loud` is no mark: `loud` is not understood",
            "1: `~parse-error` is no mark: it names no rule",
        ],
    )
}

fn unreadable_pages() -> Result<(), Failed> {
    let pages = [
        "```ts\nf() //~ parse-error\n```\n",
        "## A\n```text\nout\n```\n",
        "`a.ts`:\n\nprose\n",
        "`a.ts`:\n```ts\nf()\n",
        "`a.ts`:\n```ts\n```\n`a.ts`:\n```ts\n```\n",
        "## Not reported\n`a.ts`:\n```ts\nf() //~ parse-error\n```\n",
        "## Reported\n`a.ts`:\n```ts\nf()\n```\n",
        "`../a.ts`:\n```ts\n```\n",
        "`a.ts`:\n```ts\n```\n`edgelint.toml`:\n```toml\nrules = 1\n```\n",
        "`a.ts`:\n```ts\n```\n`edgelint.toml`:\n```toml\nselect = ['none']\n```\n",
        "`a.ts`:\n```ts\n```\n`b.ts` after `--fix`:\n```ts\n```\n",
        "`a.ts`:\n```ts\n```\n`endpoints`:\n```json\n```\n",
        "  ```ts\n  ```\n",
        "## A\n`a.ts`:\n```ts\n```\n## A\n`a.ts`:\n```ts\n```\n",
    ];
    let failures: Vec<String> = pages
        .iter()
        .map(|page| section::cases("p.md", page).iter().flat_map(Case::failures).collect::<Vec<_>>().join(" "))
        .collect();
    expect(
        &failures,
        &[
            "p.md:1: a fence without a name: nothing runs it",
            "p.md:2: the section shows what comes out, and has no files",
            "p.md:1: a name without a fence below it",
            "p.md:2: a fence without an end",
            "p.md:5: a second file of this name",
            "p.md:1: a section below \"Not reported\" holds marks",
            "p.md:1: a section below \"Reported\" marks no report",
            "p.md:2: a path is relative to the tree's root",
            "unexpected: invalid-configuration (error) at edgelint.toml:1: invalid type: integer `1`, expected a table",
            "unexpected: invalid-configuration (error) at edgelint.toml:1: unknown rule `none`",
            "p.md:1: `b.ts` after `--fix` has no file before it",
            "p.md:5: an inventory is a `text` fence",
            "p.md:1: a fence starts with backticks in the first column p.md:2: a fence starts with backticks in the first column",
            "p.md: a second section of this name",
        ],
    )
}

fn names_and_defaults() -> Result<(), Failed> {
    let page = "# p\n## A\n### B\n`a.ts`:\n```ts\n```\n## C\nprose\n```sh\nls\n```\n## D\n`x/package.json`:\n```json\n{}\n```\n";
    let cases = section::cases("rules/x.md", page);
    let names: Vec<String> = cases
        .iter()
        .map(|case| format!("{}: {}", case.name, case.files().keys().map(String::as_str).collect::<Vec<_>>().join(" ")))
        .collect();
    expect(
        &names,
        &["rules/x.md > A > B: a.ts package.json tsconfig.json", "rules/x.md > D: tsconfig.json x/package.json"],
    )
}

fn wording_is_checked() -> Result<(), Failed> {
    let wrong = |message: &str| {
        let message = message.to_owned();
        wording::breaches(&report_of(PAGE, |files| vec![Diagnostic { message, ..finding(files, 2, &[]) }])).join(" ")
    };
    expect(
        &[wrong("a stop."), wrong("Upper case"), wrong("two\nlines"), wrong("an `odd name"), wrong("`F` is fine")],
        &[
            r#"wording: the message of action-called-externally ends in a full stop: "a stop.""#,
            r#"wording: the message of action-called-externally does not start with a lower-case word or a name in backticks: "Upper case""#,
            r#"wording: the message of action-called-externally is more than one line: "two\nlines""#,
            r#"wording: the message of action-called-externally has an odd backtick: "an `odd name""#,
            "",
        ],
    )?;
    let unsorted = report_of(PAGE, |files| vec![finding(files, 2, &[]), finding(files, 1, &[])]);
    expect(&wording::breaches(&unsorted), &["order: the findings are not sorted by path, position and rule"])
}

fn fixes_are_applied() -> Result<(), Failed> {
    let page = "`a.ts`:\n```ts\nabcdef\n```\n";
    let fix = |files: &Places, safe, start, end, text: &str| {
        let place = Place { file: files.file, span: Span::new(start, end) };
        Fix { title: "replace it".to_owned(), safe, edits: vec![Edit { place, text: text.to_owned() }] }
    };
    let report = report_of(page, |files| {
        let fixes = vec![
            fix(files, true, 0, 2, "AB!"),
            fix(files, true, 1, 3, "overlaps"),
            fix(files, false, 3, 4, "unsafe"),
            fix(files, true, 5, 6, "F"),
        ];
        vec![Diagnostic { fixes, ..finding(files, 1, &[]) }]
    });
    let fixed = apply::safe_fixes(&report, section::cases("p.md", page)[0].files());
    expect(&[fixed["a.ts"].clone()], &["AB!cdeF\n"])
}

fn fences_are_replaced() -> Result<(), Failed> {
    let page = "# p\n```text\nold\nold\n```\nprose\n```text\n```\nend\n";
    let sections = markdown::sections(page);
    let fences = sections.iter().flat_map(|section| &section.fences);
    let texts = fences.zip(["one\n", "two\nthree\n"]).map(|(fence, text)| (fence, text.to_owned())).collect();
    expect(&[markdown::replace(page, texts)], &["# p\n```text\none\n```\nprose\n```text\ntwo\nthree\n```\nend\n"])?;
    let report = report_of(PAGE, |_| Vec::new());
    expect(&[render::inventory(&report)], &["route-handler GET GET /api app/api/route.ts:1 live\n"])
}

/// Where the lines of a page's first file start.
struct Places {
    file: FileId,
    starts: Vec<u32>,
}

impl Places {
    fn line(&self, line: usize) -> Place {
        let start = self.starts[line - 1];
        Place { file: self.file, span: Span::new(start, start + 1) }
    }
}

fn finding(files: &Places, line: usize, trail: &[usize]) -> Diagnostic {
    Diagnostic {
        rule: RULE,
        level: Level::Warning,
        status: Status::Stable,
        app: None,
        message: "`save` is called from outside".to_owned(),
        identity: Identity::default(),
        causes: Vec::new(),
        primary: Label::new(files.line(line), "called here"),
        trail: trail.iter().map(|&line| Label::new(files.line(line), "through here")).collect(),
        help: None,
        fixes: Vec::new(),
    }
}

/// The report of a page's first section, with these findings in it instead of its own.
fn report_of(page: &str, findings: impl FnOnce(&Places) -> Vec<Diagnostic>) -> Report {
    let cases = section::cases("p.md", page);
    let case = &cases[0];
    let mut report = case.run();
    let path = case.files().keys().position(|path| path.ends_with(".ts")).expect("the page names a file");
    let text = &case.files().values().nth(path).expect("the path is one of the files");
    let ends = text.match_indices('\n').map(|(at, _)| u32::try_from(at + 1).expect("the file is small"));
    let file = FileId(u32::try_from(path).expect("there are few files"));
    report.diagnostics = findings(&Places { file, starts: std::iter::once(0).chain(ends).collect() });
    report
}

fn differences(page: &str, report: &Report) -> Vec<String> {
    let cases = section::cases("p.md", page);
    compare::differences(report, cases[0].marks(), &|mark| format!(":{}", mark.written))
}

fn expect<A: AsRef<str>>(found: &[A], expected: &[&str]) -> Result<(), Failed> {
    let found: Vec<&str> = found.iter().map(AsRef::as_ref).collect();
    if found == expected {
        return Ok(());
    }
    Err(Failed::from(format!("found:\n  {}\nexpected:\n  {}", found.join("\n  "), expected.join("\n  "))))
}
