//! `incomplete-analysis`

use std::collections::BTreeMap;

use super::{Group, Rule, plain};
use crate::diagnostic::{Diagnostic, Identity, Label, Level, Place, Status};
use crate::project::{AppId, ImportCount, Project};
use crate::source::{Span, is_below, walk};

/// The rule. The driver reports what the walk could not read: it has no file to ask the project about.
pub(super) static RULE: Rule = Rule {
    id: "incomplete-analysis",
    summary: "a part of the project could not be seen, so silence about it means little",
    page: include_str!("../../rules/incomplete-analysis.md"),
    group: Group::Engine,
    level: Level::Note,
    status: Status::Stable,
    since: "0.1.0",
    fix: false,
    check,
};

/// Fewer gaps than this hide little.
const FEWEST: usize = 3;

fn check(project: &Project) -> Vec<Diagnostic> {
    let gaps = project.apps().filter_map(|(app, _)| imports(project, app));
    gaps.chain(files(project)).collect()
}

/// One note an app of whose imports more than one in ten lead nowhere.
fn imports(project: &Project, app: AppId) -> Option<Diagnostic> {
    let own = project
        .imports()
        .iter()
        .filter(|import| project.module(import.module).app == Some(app) && import.origin.is_local());
    let all = own.clone().count();
    let missing: Vec<_> = own.filter(|import| import.missing.is_some()).collect();
    if missing.len() < FEWEST || missing.len() * 10 <= all {
        return None;
    }
    let is_value =
        |import: &&&ImportCount| !project.module(import.module).facts.imports[import.import as usize].type_only;
    let first = missing.iter().find(is_value).unwrap_or(&missing[0]);
    let described = project.app(app);
    let module = project.module(first.module);
    let import = &module.facts.imports[first.import as usize];
    let place = module.place(import.source_span);
    let reason = first.missing.map_or("", |reason| reason.as_str());
    let manifest = described.manifest.map(|file| Place { file, span: Span::new(0, 1) });
    Some(Diagnostic {
        rule: RULE.id,
        level: Level::Note,
        status: Status::Stable,
        app: Some(described.root.clone()),
        message: format!("{} of {all} imports of files lead nowhere, so callers are missed", missing.len()),
        identity: Identity::new(["imports"]),
        causes: Vec::new(),
        primary: Label::new(manifest.unwrap_or(place), "this app is seen in part"),
        trail: vec![Label::new(place, format!("the first: {reason}"))],
        help: Some(
            "check in the `tsconfig.json` with its `paths`, or run the generator first; `--stats` lists every one"
                .to_owned(),
        ),
        fixes: Vec::new(),
    })
}

/// One note a file that could not be read.
fn files(project: &Project) -> impl Iterator<Item = Diagnostic> {
    project.problems().iter().map(|(file, reason)| Diagnostic {
        rule: RULE.id,
        level: Level::Note,
        status: Status::Stable,
        app: project.app_root_of_file(*file),
        message: format!("`{}` is not read: {reason}", project.file_path(*file)),
        identity: Identity::new(["file", project.file_path(*file)]),
        causes: Vec::new(),
        primary: Label::new(Place { file: *file, span: Span::default() }, "not read"),
        trail: Vec::new(),
        help: None,
        fixes: Vec::new(),
    })
}

/// One note an app and a reason about what the walk could not read: paths that it was refused, each with the reason, in path order.
pub(crate) fn unwalked<'a>(
    project: &Project,
    refused: impl Iterator<Item = (&'a str, &'a str)>,
) -> impl Iterator<Item = Diagnostic> {
    let mut grouped: BTreeMap<(Option<AppId>, &str), Vec<&str>> = BTreeMap::new();
    for (path, reason) in refused {
        let around = project.apps().filter(|(_, app)| is_below(path, &app.root));
        let innermost = around.max_by_key(|(_, app)| app.root.len()).map(|(app, _)| app);
        grouped.entry((innermost, reason)).or_default().push(path);
    }
    grouped.into_iter().filter_map(|((app, reason), paths)| {
        let app = app.map(|app| project.app(app));
        let label = if app.is_some() { "this app is seen in part" } else { "this tree is seen in part" };
        let action = if reason == walk::NAME { "rename it" } else { "make it readable" };
        let manifest = app.and_then(|app| app.manifest).map(|file| Place { file, span: Span::new(0, 1) });
        let first = format!("`{}`", paths[0]);
        let (what, verb) = match paths.len() {
            1 => (first, "is"),
            count => (format!("{first} and {} more", count - 1), "are"),
        };
        Some(Diagnostic {
            rule: RULE.id,
            level: Level::Note,
            status: Status::Stable,
            app: app.map(|app| app.root.clone()),
            message: plain(&format!("{what} {verb} not read: {reason}")),
            identity: Identity::new(["walk", reason]),
            causes: Vec::new(),
            primary: Label::new(manifest.or_else(|| project.first_place())?, label),
            trail: Vec::new(),
            help: Some(format!("{action}, or name it in `.gitignore` if it is no part of the project")),
            fixes: Vec::new(),
        })
    })
}
