//! What holds of rules, their pages, models and the README.

use std::fmt::Write as _;

use edgelint::rules;

use crate::none;
use crate::support::{markdown, marks, repository, section};

const SECTIONS: [&str; 5] = ["Why", "Reported", "Not reported", "Fixing it", "Limits"];

/// Rules that no program can be made to break on purpose: their pages mark nothing and show no run.
const UNPROVOKED: [&str; 1] = ["rule-panic"];

#[test]
fn rules_files_pages_and_all_agree() {
    let ids: Vec<String> = rules::ALL.iter().map(|rule| rule.id.to_owned()).collect();
    assert!(ids.is_sorted(), "`ALL` is sorted by id");
    let stems = |folder: &str, extension: &str| -> Vec<String> {
        let names = repository::files(folder).into_iter();
        let names = names
            .filter_map(|path| Some(path.strip_prefix(folder)?.strip_prefix('/')?.strip_suffix(extension)?.to_owned()));
        names.filter(|name| !name.contains('/')).map(|name| name.replace('_', "-")).collect()
    };
    assert_eq!(stems("src/rules", ".rs"), ids, "one file of `src/rules` a rule");
    assert_eq!(stems("rules", ".md"), ids, "one page of `rules` a rule");
    let empty = rules::ALL.iter().filter(|rule| rule.summary.is_empty());
    none(&empty.map(|rule| format!("`{}` has no summary", rule.id)).collect::<Vec<_>>());
}

#[test]
fn chains_hold_rules_and_each_once() {
    let mut links: Vec<&str> = rules::CHAINS.iter().flat_map(|chain| chain.iter().copied()).collect();
    let unknown = links.iter().filter(|id| rules::find(id).is_none());
    none(&unknown.map(|id| format!("`CHAINS` names `{id}`, which is no rule")).collect::<Vec<_>>());
    links.sort_unstable();
    assert!(links.windows(2).all(|pair| pair[0] != pair[1]), "a rule is in one chain at most: {links:?}");
    assert!(rules::CHAINS.iter().all(|chain| chain.len() > 1), "a chain has two rules at least");
}

#[test]
fn pages_have_their_sections() {
    let mut breaches = Vec::new();
    for rule in rules::ALL {
        let path = format!("rules/{}.md", rule.id);
        let page = repository::read(&path);
        if !page.starts_with(&format!("# {}\n", rule.id)) {
            breaches.push(format!("{path}: the title is the rule's id"));
        }
        let titles = page.lines().filter_map(|line| line.strip_prefix("## "));
        if !titles.eq(SECTIONS) {
            breaches.push(format!("{path}: its sections are {}", SECTIONS.join(", ")));
        }
        let cases = section::cases(&path, &page);
        let silent = format!("{path} > Not reported");
        let marked = cases.iter().flat_map(section::Case::marks);
        let lacks = [
            ("a mark", marked.filter(|mark| matches!(mark.kind, marks::Kind::Report(_))).count() == 0),
            ("a silent section with files", !cases.iter().any(|case| case.name.starts_with(&silent))),
            ("an output block", !cases.iter().any(section::Case::shows_output)),
        ];
        let lacks = lacks.into_iter().filter(|(_, lacks)| *lacks && !UNPROVOKED.contains(&rule.id));
        breaches.extend(lacks.map(|(what, _)| format!("{path}: {what} is missing")));
    }
    none(&breaches);
}

#[test]
fn the_readme_lists_the_rules() {
    let readme = repository::read("README.md");
    let (start, end) = ("<!-- rules -->\n", "<!-- /rules -->");
    let (before, rest) = readme.split_once(start).expect("the README has a place for the rules");
    let (_, after) = rest.split_once(end).expect("the place for the rules ends");
    let fresh = format!("{before}{start}{}{end}{after}", rules_table());
    if repository::blessing() && fresh != readme {
        repository::write("README.md", &fresh);
    } else {
        assert!(fresh == readme, "the README's table of rules is old; BLESS=1 writes it:\n{}", rules_table());
    }
}

#[test]
fn the_readme_and_the_checks_name_the_same_command() {
    let fences = markdown::sections(&repository::read("README.md")).into_iter().flat_map(|section| section.fences);
    let commands: String = fences.filter(|fence| fence.language == "sh").map(|fence| fence.text).collect();
    let checks = repository::read(".ci/run");
    for command in ["cargo test", "cargo run --release -- check"] {
        assert!(commands.contains(command), "the README gives `{command}`");
    }
    assert!(checks.lines().any(|line| line.trim_start().starts_with("cargo test")), ".ci/run runs `cargo test`");
}

fn rules_table() -> String {
    let mut table = "\n| rule | level | status | what it reports |\n|---|---|---|---|\n".to_owned();
    for rule in rules::ALL {
        let (id, level, status) = (rule.id, rule.level.as_str(), rule.status.as_str());
        let fix = if rule.fix { " (fixable)" } else { "" };
        let _ = writeln!(table, "| [`{id}`](rules/{id}.md) | {level} | {status} | {}{fix} |", rule.summary);
    }
    table.push('\n');
    table
}
