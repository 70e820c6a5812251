//! `incomplete-analysis`

use super::{Group, Rule};
use crate::diagnostic::{Diagnostic, Identity, Label, Level, Place, Status};
use crate::project::{AppId, ImportCount, Project};
use crate::source::Span;

/// The rule.
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
