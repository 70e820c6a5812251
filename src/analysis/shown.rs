//! From what the rules found to what is shown: the configuration's levels and files, comments that hold findings back, and the
//! comments that hold back nothing.
//!
//! Comments are matched before anything is hidden, so that none is called unused because its finding was not asked for.

use super::settled::{Judged, Yielded, settle};
use super::{Endpoint, OpenEndpoint, Options, Outcome, Project, known, rules};
use crate::config::{Config, EndpointName};
use crate::diagnostic::{Diagnostic, Level, Place, Status, fingerprint};
use crate::facts::FileKind;
use crate::source::{Tree, is_below, walk};
use crate::suppress::{Comments, Suppressed};

/// What a run shows, keeps and knows.
pub(super) struct Shown {
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) suppressed: Vec<Suppressed>,
    pub(super) open: Vec<OpenEndpoint>,
    pub(super) known: Vec<Diagnostic>,
    /// The findings that are left to a stronger rule's.
    pub(super) yielded: Vec<Yielded>,
    pub(super) baseline: Outcome,
    /// How many findings were not asked for.
    pub(super) elsewhere: usize,
}

/// Sorts and sifts what was found.
pub(super) fn sift(
    (tree, project): (&Tree, &Project),
    mut config: Config,
    options: &Options,
    mut found: Vec<Diagnostic>,
    endpoints: &[Endpoint],
) -> Shown {
    let names: Vec<EndpointName> = endpoints.iter().map(|endpoint| name(project, endpoint)).collect();
    config.check_endpoints(&names);
    let modules = project.modules().map(|(_, module)| (module.file, &module.facts));
    let mut comments = Comments::read(modules, |file| tree.read_text(tree.path(file)).ok());
    let open = open_endpoints(project, &config, &mut comments, endpoints);
    let (diagnostics, suppressed, known) = (Vec::new(), Vec::new(), Vec::new());
    let baseline = Outcome::default();
    let mut shown = Shown { diagnostics, suppressed, open, known, yielded: Vec::new(), baseline, elsewhere: 0 };
    sort(&mut found);
    fingerprint::number(&mut found);
    let panicked: Vec<&str> = found.iter().filter_map(rules::panicking).collect();
    let ran: Vec<&'static str> = rules::ALL
        .iter()
        .filter(|rule| config.may_run(rule) && !panicked.contains(&rule.id))
        .map(|rule| rule.id)
        .collect();
    let mut judged: Vec<Judged> = Vec::new();
    for mut finding in found {
        let Some(fate) = fate(project, &config, &finding) else { continue };
        let reason = line(project, finding.primary.place).and_then(|line| comments.reason(&finding, line));
        let Some(level) = fate else { continue };
        finding.level = level;
        judged.push((finding, reason));
    }
    shown.yielded = settle(&mut judged);
    for (finding, reason) in judged {
        match reason {
            Some((reason, comment)) => shown.suppressed.push(Suppressed { diagnostic: finding, reason, comment }),
            None => shown.diagnostics.push(finding),
        }
    }
    let baseline = known::baseline(tree, &mut config, &options.known);
    let mut problems =
        comments.problems(|rule, file| config.may_run(rule) && config.runs(rule, project.file_path(file)).is_some());
    problems.extend(config.problems().iter().cloned());
    problems.extend(rules::unwalked(project, refused(tree)));
    sort(&mut problems);
    fingerprint::number(&mut problems);
    for mut finding in problems {
        if let Some(Some(level)) = fate(project, &config, &finding) {
            finding.level = level;
            finding.app = project.app_root_of_file(finding.primary.place.file);
            shown.diagnostics.push(finding);
        }
    }
    sort(&mut shown.diagnostics);
    shown.baseline.file = config.baseline().map(|(path, _)| path.to_owned());
    known::hold_against(tree, baseline.as_ref(), ran, &mut shown);
    let app = options.app.as_ref().map(|wanted| root_of_app(project, wanted));
    let asked = |finding: &Diagnostic| {
        let path = project.file_path(finding.primary.place.file);
        let paths = || options.paths.iter().any(|shown| is_below(path, shown) || path == shown);
        rules::is_loud(finding)
            || (app.as_ref().is_none_or(|app| finding.app == *app) && (options.paths.is_empty() || paths()))
    };
    let all = shown.diagnostics.len();
    shown.diagnostics.retain(asked);
    shown.elsewhere = all - shown.diagnostics.len();
    shown.known.retain(asked);
    shown.suppressed.retain(|suppressed| asked(&suppressed.diagnostic));
    shown
}

/// What the walk could not read, and why. A picture with an odd name is no gap in the program.
fn refused(tree: &Tree) -> impl Iterator<Item = (&str, &str)> {
    let matters = |(path, reason): &&(String, String)| reason != walk::NAME || FileKind::of(path).is_some();
    tree.problems.iter().filter(matters).map(|(path, reason)| (path.as_str(), reason.as_str()))
}

/// By path, then position, then rule.
fn sort(findings: &mut [Diagnostic]) {
    findings.sort_by(|left, right| left.rank().cmp(&right.rank()));
}

/// `None` for a finding of a rule that does not run there, `Some(None)` for one that is not shown, else its level.
fn fate(project: &Project, config: &Config, finding: &Diagnostic) -> Option<Option<Level>> {
    let path = project.file_path(finding.primary.place.file);
    let rule = rules::find(finding.rule)?;
    if rules::is_loud(finding) {
        return Some(Some(finding.level));
    }
    let preview = config.runs(rule, path)?;
    // A configuration cannot leave itself out.
    let reported = rule.id == "invalid-configuration" || config.reports(path);
    let shown = reported && (preview || finding.status == Status::Stable);
    Some(config.level(rule, path, finding.level).filter(|_| shown))
}

fn name<'a>(project: &'a Project, endpoint: &'a Endpoint) -> EndpointName<'a> {
    EndpointName {
        path: project.file_path(endpoint.place.file),
        name: endpoint.name.as_deref(),
        url: endpoint.url.as_deref(),
    }
}

fn open_endpoints(
    project: &Project,
    config: &Config,
    comments: &mut Comments,
    endpoints: &[Endpoint],
) -> Vec<OpenEndpoint> {
    let mut open = Vec::new();
    for endpoint in endpoints {
        let place = endpoint.place;
        let reason = line(project, place).and_then(|line| comments.open(place.file, line));
        if reason.is_some() || config.is_public(&name(project, endpoint)) {
            open.push(OpenEndpoint { place, reason });
        }
    }
    open
}

/// The line on which a place of a source file starts.
fn line(project: &Project, place: Place) -> Option<u32> {
    let lines = &project.module(project.module_of(place.file)?).facts.lines;
    Some(lines.position(place.span.start).line)
}

/// The root of the app that `--app` names by its root or its package's name; a root that no app has where there is none.
fn root_of_app(project: &Project, wanted: &str) -> Option<String> {
    let app = project.apps().find(|(_, app)| app.root == wanted || app.name.as_deref() == Some(wanted));
    Some(app.map_or_else(|| wanted.to_owned(), |(_, app)| app.root.clone()))
}
