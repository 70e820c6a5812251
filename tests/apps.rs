//! Small whole applications on disk, marked in place. Each folder of `fixtures/apps` is a test; its marks stay in the source.

#[path = "support/lib.rs"]
#[expect(dead_code, reason = "the support is shared, and every runner uses another part of it")]
mod support;

use edgelint::analysis::{Analysis, Options};
use edgelint::source::disk;
use libtest_mimic::{Arguments, Failed, Trial};
use support::{compare, marks, repository, wording};

fn main() -> std::process::ExitCode {
    let arguments = Arguments::from_args();
    let apps = repository::folders("fixtures/apps").into_iter();
    let trials = apps.map(|app| Trial::test(app.clone(), move || check(&format!("fixtures/apps/{app}")))).collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn check(folder: &str) -> Result<(), Failed> {
    let files = repository::tree(folder);
    let mut failures = Vec::new();
    let mut expected = Vec::new();
    for (path, text) in &files {
        let marked = marks::read(path, text);
        failures.extend(marked.problems.into_iter().map(|(line, reason)| format!("{folder}/{path}:{line}: {reason}")));
        expected.extend(marked.marks);
    }
    let tree =
        disk::open(&repository::root().join(folder)).map_err(|error| Failed::from(format!("{folder}: {error}")))?;
    let report = Analysis::new(tree).run(&Options::default(), &|_| {});
    let origin = |mark: &marks::Mark| format!("{folder}/{}:{}", mark.path, mark.written);
    failures.extend(compare::differences(&report, &expected, &origin));
    failures.extend(wording::breaches(&report));
    if failures.is_empty() { Ok(()) } else { Err(Failed::from(failures.join("\n"))) }
}
