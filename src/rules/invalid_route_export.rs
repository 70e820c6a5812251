//! `invalid-route-export`

use super::{Group, Rule};
use crate::diagnostic::{Diagnostic, Identity, Label, Level, Place, Status};
use crate::project::program::modules::ModuleId;
use crate::project::routes::RouteKind;
use crate::project::{HandlerFile, Misfit, MisfitKind, Project, SharedUrl};
use crate::source::Span;

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "invalid-route-export",
    summary: "a route file exports what is no handler, or its build refuses it",
    page: include_str!("../../rules/invalid-route-export.md"),
    group: Group::Routing,
    level: Level::Error,
    status: Status::Stable,
    since: "0.1.0",
    fix: false,
    check,
};

type Named = (String, Place);

fn check(project: &Project) -> Vec<Diagnostic> {
    let files = project.handler_files();
    let found = files.iter().flat_map(|file| {
        let exports = if file.methods.is_empty() { no_method(project, file) } else { beside(project, file) };
        let misfits = project.misfits(file).into_iter().map(|misfit| misfitting(project, file.module, &misfit));
        exports.into_iter().chain(forbidden(project, file)).chain(misfits)
    });
    found.chain(project.shared_urls().iter().map(|shared| shared_url(project, shared))).collect()
}

/// No request is answered with anything but 405.
fn no_method(project: &Project, file: &HandlerFile) -> Option<Diagnostic> {
    if file.open {
        return None;
    }
    let mut all = file.misnamed.iter().chain(&file.others).chain(&file.settings);
    // A file that exports nothing at all is built, and serves nothing.
    let (name, level, at) = match all.next() {
        Some((name, place)) => (name.as_str(), Level::Error, (*place, "no method")),
        None => ("", Level::Warning, (start(project, file.module), "exports nothing")),
    };
    let help = match name {
        "default" => "export the handler by the name of its method, such as `GET`, and not as the default".to_owned(),
        _ if file.misnamed.is_empty() => "export a function by the name of each method, such as `GET`".to_owned(),
        _ => format!("rename `{name}` to `{}`", name.to_uppercase()),
    };
    let message = format!("no method of `{}` is exported", file.url);
    let found = finding(project, file.module, ["no-method", ""], at, message);
    Some(Diagnostic { level, help: Some(help), trail: labels(all, "no method"), ..found })
}

/// What stands beside the methods: refused up to 15.5, a mistake all the same where it looks like a handler.
fn beside(project: &Project, file: &HandlerFile) -> Option<Diagnostic> {
    let others = file.others.iter().filter(|_| file.strict);
    let mut all: Vec<&Named> = file.misnamed.iter().chain(others).collect();
    all.sort_by_key(|(_, place)| *place);
    let ((name, place), rest) = all.split_first()?;
    let (level, verb, label) = match file.strict {
        true => {
            (Level::Error, "may not be exported from a route file before Next 16", "neither a method nor a setting")
        }
        false => (Level::Warning, "is exported beside methods, and is never called", "not called"),
    };
    let help = match (file.misnamed.is_empty(), rest.is_empty()) {
        (false, _) => "export a handler by the name of its method, and anything else from another file",
        (true, true) => "move it to another file",
        (true, false) => "move them to another file",
    };
    let message = format!("{} {verb}", shown(name, rest.len()));
    let found = finding(project, file.module, ["beside", name], (*place, label), message);
    Some(Diagnostic { level, help: Some(help.to_owned()), trail: labels(rest.iter().copied(), label), ..found })
}

fn forbidden(project: &Project, file: &HandlerFile) -> Option<Diagnostic> {
    let ((name, place), rest) = file.forbidden.split_first()?;
    let (when, label, help) = match name.as_str() {
        "config" => {
            ("in the App Router before Next 15", "a setting of `pages/api`", "export each setting by its own name")
        }
        _ => ("where `cacheComponents` is set", "means nothing any more", "take it out"),
    };
    let message = format!("{} may not be exported {when}", shown(name, rest.len()));
    let found = finding(project, file.module, ["forbidden", name], (*place, label), message);
    Some(Diagnostic { help: Some(help.to_owned()), trail: labels(rest.iter(), label), ..found })
}

fn misfitting(project: &Project, module: ModuleId, misfit: &Misfit) -> Diagnostic {
    let (what, label, help) = match misfit.kind {
        MisfitKind::Answers => (
            "answers through its second parameter, as in `pages/api`, and gets no response there",
            "holds the route's parameters",
            "return a `Response`, such as `Response.json(..)`",
        ),
        MisfitKind::Request => (
            "takes the request of `pages/api`, and gets another one",
            "is a `Request`",
            "take a `Request` or a `NextRequest`",
        ),
        MisfitKind::Value => ("is no function", "not a function", "export a function that returns a `Response`"),
    };
    let message = format!("`{}` {what}", misfit.method);
    let found = finding(project, module, ["misfit", misfit.method], (misfit.place, label), message);
    Diagnostic { help: Some(help.to_owned()), ..found }
}

fn shared_url(project: &Project, shared: &SharedUrl) -> Diagnostic {
    let what = match shared.kind {
        RouteKind::Handler => "another route file",
        RouteKind::PagesApi => "a file of `pages/api`",
        _ => "a page",
    };
    let place = project.handler_place(shared.module).unwrap_or_else(|| start(project, shared.module));
    let message = format!("{what} serves `{}` as well, and the build refuses both", shared.url);
    let found = finding(project, shared.module, ["shared", &shared.url], (place, "serves it"), message);
    let trail = vec![Label::new(shared.other, "serves it too")];
    Diagnostic { trail, help: Some("move one of them to another URL".to_owned()), ..found }
}

fn finding(project: &Project, module: ModuleId, what: [&str; 2], at: (Place, &str), message: String) -> Diagnostic {
    Diagnostic {
        rule: RULE.id,
        level: Level::Error,
        status: Status::Stable,
        app: project.app_root(module),
        identity: Identity::new([what[0], project.path(module), what[1]]),
        primary: Label::new(at.0, at.1),
        message,
        trail: Vec::new(),
        help: None,
        fixes: Vec::new(),
        causes: Vec::new(),
    }
}

fn labels<'n>(named: impl Iterator<Item = &'n Named>, label: &str) -> Vec<Label> {
    named.map(|(_, place)| Label::new(*place, label)).collect()
}

fn shown(name: &str, more: usize) -> String {
    let name = if name == "default" { "the default export".to_owned() } else { format!("`{name}`") };
    if more == 0 { name } else { format!("{name} and {more} more") }
}

fn start(project: &Project, module: ModuleId) -> Place {
    project.module(module).place(Span::default())
}
