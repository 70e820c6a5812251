//! One section of a page as a test: its files, how they are run, and everything that must come out.

use std::collections::BTreeMap;

use edgelint::analysis::{Analysis, Options, Report};
use edgelint::source::memory;

use super::markdown::{self, Fence, Role};
use super::marks::{self, Kind, Mark};
use super::{apply, compare, effects, render, wording};

const MANIFEST: &str = r#"{"name":"app","dependencies":{"next":"16.4.6","react":"19.0.0"}}"#;
const TSCONFIG: &str = r#"{"compilerOptions":{"paths":{"@/*":["./*"]}}}"#;

/// One section with files, or with something that is wrong with it.
#[derive(Debug)]
pub(crate) struct Case {
    /// `page > heading > heading`
    pub(crate) name: String,
    page: String,
    /// The program, marks taken out, defaults added.
    files: BTreeMap<String, String>,
    /// The files as `--fix` leaves them, with the line of their fence.
    fixed: BTreeMap<String, (usize, String)>,
    /// The line on which each file's text starts.
    starts: BTreeMap<String, usize>,
    marks: Vec<Mark>,
    output: Option<Fence>,
    inventory: Option<Fence>,
    guards: Option<Fence>,
    routes: Option<Fence>,
    options: Options,
    failures: Vec<String>,
}

/// The tests of a page. A page of a rule runs this rule alone, every other one all stable ones.
pub(crate) fn cases(page: &str, text: &str) -> Vec<Case> {
    let rule = page.strip_prefix("rules/").and_then(|name| name.strip_suffix(".md"));
    let select: Vec<String> = rule.into_iter().map(str::to_owned).collect();
    let sections = markdown::sections(text).into_iter();
    let sections = sections.filter(|section| !section.fences.is_empty() || !section.problems.is_empty());
    let mut cases: Vec<Case> = sections.map(|section| Case::new(page, &select, section)).collect();
    cases.retain(|case| !case.is_prose());
    for index in 1..cases.len() {
        if cases[..index].iter().any(|earlier| earlier.name == cases[index].name) {
            cases[index].failures.push(format!("{page}: a second section of this name"));
        }
    }
    cases
}

impl Case {
    fn new(page: &str, select: &[String], section: markdown::Section) -> Self {
        let mut name = page.to_owned();
        for title in &section.titles {
            name.push_str(" > ");
            name.push_str(title);
        }
        let mut case = Self {
            name,
            page: page.to_owned(),
            files: BTreeMap::new(),
            fixed: BTreeMap::new(),
            starts: BTreeMap::new(),
            marks: Vec::new(),
            output: None,
            inventory: None,
            guards: None,
            routes: None,
            options: Options { select: select.to_vec(), ..Options::default() },
            failures: Vec::new(),
        };
        for (line, reason) in section.problems {
            case.fail(line, &reason);
        }
        for fence in section.fences {
            case.take(fence);
        }
        case.check_shape(section.line, &section.titles);
        case
    }

    /// Whether the section only talks.
    fn is_prose(&self) -> bool {
        self.files.is_empty() && self.failures.is_empty()
    }

    /// What the section's program makes of it: the report, and whatever differs from the page.
    pub(crate) fn failures(&self) -> Vec<String> {
        if !self.failures.is_empty() {
            return self.failures.clone();
        }
        let report = self.run();
        let origin = |mark: &Mark| {
            let start = self.starts.get(&mark.path).map_or(0, |start| start + mark.written as usize - 1);
            format!("{}:{start}", self.page)
        };
        let mut failures = compare::differences(&report, &self.marks, &origin);
        if self.marks.iter().any(|mark| mark.kind == Kind::Effect) {
            failures.extend(effects::differences(&self.meaning(), &self.marks, &origin));
        }
        failures.extend(wording::breaches(&report));
        let again = self.run();
        if render::terminal(&report) != render::terminal(&again)
            || render::inventory(&report) != render::inventory(&again)
        {
            failures.push("order: a second run says something else".to_owned());
        }
        for (fence, text) in self.outputs(&report) {
            if fence.text != text {
                failures.push(format!("{}:{}: the output is another; BLESS=1 takes it\n{text}", self.page, fence.line));
            }
        }
        self.check_fixes(&report, &mut failures);
        failures
    }

    /// The fences that show what came out, each with what comes out now; none of a section that cannot be read.
    pub(crate) fn blessed(&self) -> Vec<(&Fence, String)> {
        let shown = [&self.output, &self.inventory, &self.guards, &self.routes];
        if self.failures.is_empty() && shown.iter().any(|fence| fence.is_some()) {
            self.outputs(&self.run())
        } else {
            Vec::new()
        }
    }

    /// Whether the section shows the terminal's output.
    pub(crate) fn shows_output(&self) -> bool {
        self.output.is_some()
    }

    /// The section's marks.
    pub(crate) fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// Runs the section's program.
    pub(crate) fn run(&self) -> Report {
        run(&self.files, &self.options)
    }

    /// What the calls of the section's program mean.
    pub(crate) fn meaning(&self) -> effects::Meaning {
        effects::of(&self.files, &self.options)
    }

    /// The section's program.
    pub(crate) fn files(&self) -> &BTreeMap<String, String> {
        &self.files
    }

    fn outputs(&self, report: &Report) -> Vec<(&Fence, String)> {
        let output = self.output.as_ref().map(|fence| (fence, render::terminal(report)));
        let inventory = self.inventory.as_ref().map(|fence| (fence, render::inventory(report)));
        let guards = self.guards.as_ref().map(|fence| (fence, render::guards(report)));
        let routes = self.routes.as_ref().map(|fence| (fence, render::routes(report)));
        output.into_iter().chain(inventory).chain(guards).chain(routes).collect()
    }

    fn check_fixes(&self, report: &Report, failures: &mut Vec<String>) {
        if self.fixed.is_empty() {
            return;
        }
        let fixed = apply::safe_fixes(report, &self.files);
        for (path, text) in &fixed {
            match self.fixed.get(path) {
                Some((line, expected)) if expected != text => {
                    failures.push(format!("{}:{line}: `{path}` after `--fix` is\n{text}", self.page));
                }
                None if self.files.get(path) != Some(text) => {
                    failures.push(format!("`{path}` is changed by `--fix` and not shown: it is\n{text}"));
                }
                _ => {}
            }
        }
        let again = apply::safe_fixes(&run(&fixed, &self.options), &fixed);
        for (path, _) in again.iter().filter(|(path, text)| fixed.get(*path) != Some(text)) {
            failures.push(format!("`{path}` is changed by a second `--fix`"));
        }
    }

    fn take(&mut self, fence: Fence) {
        match fence.role.clone() {
            Role::File(path) => {
                if path == "edgelint.toml" && chooses_rules(&fence.text) {
                    self.options.select.clear();
                }
                self.add(path, &fence);
            }
            Role::Fixed(path) => {
                self.fixed.insert(path, (fence.line, fence.text));
            }
            Role::Endpoints if fence.language != "text" => self.fail(fence.line, "an inventory is a `text` fence"),
            Role::Endpoints if self.inventory.is_some() => self.fail(fence.line, "a second inventory"),
            Role::Endpoints => self.inventory = Some(fence),
            Role::Guards if fence.language != "text" => self.fail(fence.line, "a list of guards is a `text` fence"),
            Role::Guards if self.guards.is_some() => self.fail(fence.line, "a second list of guards"),
            Role::Guards => self.guards = Some(fence),
            Role::Routes if fence.language != "text" => self.fail(fence.line, "a list of routes is a `text` fence"),
            Role::Routes if self.routes.is_some() => self.fail(fence.line, "a second list of routes"),
            Role::Routes => self.routes = Some(fence),
            Role::Unnamed => match fence.language.as_str() {
                "text" if self.output.is_some() => self.fail(fence.line, "a second output"),
                "text" => self.output = Some(fence),
                "sh" => {}
                _ => self.fail(fence.line, "a fence without a name: nothing runs it"),
            },
        }
    }

    fn add(&mut self, path: String, fence: &Fence) {
        let marked = marks::read(&path, &fence.text);
        for (line, reason) in &marked.problems {
            self.fail(fence.line + *line as usize, reason);
        }
        if path.split('/').any(|part| matches!(part, "" | "." | "..")) {
            self.fail(fence.line, "a path is relative to the tree's root");
        }
        self.marks.extend(marked.marks);
        self.starts.insert(path.clone(), fence.line + 1);
        if self.files.insert(path, marked.text).is_some() {
            self.fail(fence.line, "a second file of this name");
        }
    }

    fn check_shape(&mut self, line: usize, titles: &[String]) {
        let under = |title: &str| titles.first().is_some_and(|first| first == title);
        if self.files.is_empty() {
            let fences = self
                .output
                .iter()
                .chain(&self.inventory)
                .chain(&self.guards)
                .chain(&self.routes)
                .map(|fence| fence.line);
            let first = fences.chain(self.fixed.values().map(|(line, _)| *line)).min();
            if let Some(line) = first {
                self.fail(line, "the section shows what comes out, and has no files");
            }
            return;
        }
        if under("Not reported") && !self.marks.is_empty() {
            self.fail(line, "a section below \"Not reported\" holds marks");
        }
        if under("Reported") && !self.marks.iter().any(|mark| matches!(mark.kind, Kind::Report(_))) {
            self.fail(line, "a section below \"Reported\" marks no report");
        }
        for path in self.fixed.keys().filter(|path| !self.files.contains_key(*path)).cloned().collect::<Vec<_>>() {
            self.fail(line, &format!("`{path}` after `--fix` has no file before it"));
        }
        for (name, text) in [("package.json", MANIFEST), ("tsconfig.json", TSCONFIG)] {
            if !self.files.keys().any(|path| path.rsplit('/').next() == Some(name)) {
                self.files.insert(name.to_owned(), text.to_owned());
            }
        }
    }

    fn fail(&mut self, line: usize, reason: &str) {
        self.failures.push(format!("{}:{line}: {reason}", self.page));
    }
}

/// Whether a section's own configuration says which rules run; it would not reach past the page's, which come as if by a flag.
fn chooses_rules(configuration: &str) -> bool {
    toml::from_str::<toml::Table>(configuration).is_ok_and(|table| table.contains_key("select"))
}

fn run(files: &BTreeMap<String, String>, options: &Options) -> Report {
    let files = files.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes()));
    Analysis::new(memory::tree(files)).run(options, &|_| {})
}
