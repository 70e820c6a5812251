//! Every heading with files in a rule's page, a fixture or the README is a test. What a page may hold is written in `support`.

#[path = "support/lib.rs"]
#[expect(dead_code, reason = "the support is shared, and every runner uses another part of it")]
mod support;

use std::collections::BTreeMap;

use libtest_mimic::{Arguments, Failed, Trial};
use support::{markdown, meta, repository, section};

fn main() -> std::process::ExitCode {
    let arguments = Arguments::from_args();
    if repository::blessing() && !arguments.list {
        for page in pages() {
            bless(&page);
        }
    }
    let mut trials = meta::trials();
    for page in pages() {
        for case in section::cases(&page, &repository::read(&page)) {
            trials.push(Trial::test(case.name.clone(), move || verdict(&case.failures())));
        }
    }
    trials.push(Trial::test("every line of the models is met by a fixture", || verdict(&unmet_lines())));
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// The lines of models that no call of any fixture meets.
fn unmet_lines() -> Vec<String> {
    let mut met: BTreeMap<String, bool> = BTreeMap::new();
    for page in pages().into_iter().filter(|page| page.starts_with("fixtures/")) {
        for case in section::cases(&page, &repository::read(&page)) {
            for (line, here) in case.meaning().lines {
                *met.entry(line).or_default() |= here;
            }
        }
    }
    met.into_iter().filter(|(_, met)| !met).map(|(line, _)| format!("no fixture meets `{line}`")).collect()
}

fn pages() -> Vec<String> {
    let mut pages = repository::files("rules");
    pages.extend(repository::files("fixtures"));
    pages.retain(|path| path.ends_with(".md") && !path.starts_with("fixtures/apps/"));
    pages.push("README.md".to_owned());
    pages
}

fn bless(page: &str) {
    let text = repository::read(page);
    let cases = section::cases(page, &text);
    let blessed = markdown::replace(&text, cases.iter().flat_map(section::Case::blessed).collect());
    if blessed != text {
        repository::write(page, &blessed);
    }
}

fn verdict(failures: &[String]) -> Result<(), Failed> {
    if failures.is_empty() { Ok(()) } else { Err(Failed::from(failures.join("\n"))) }
}
