//! Route files: what they export, what their handlers take, and which other file serves the same URL.

use super::config::Setting;
use super::entries::{EntryKind, next};
use super::program::modules::{FunctionRef, ModuleId, ValueRef};
use super::program::symbols::Meaning;
use super::routes::{Route, RouteKind};
use super::{AppId, Project};
use crate::apps::{App, Bundler};
use crate::diagnostic::Place;
use crate::facts::{ExportForm, ExportKind, Imported, NONE, Name, Type, Value, VariableKind};
use crate::source::Span;

/// A route file, and what it exports.
#[derive(Debug, Clone)]
pub struct HandlerFile {
    /// Its app.
    pub app: AppId,
    /// Its module.
    pub module: ModuleId,
    /// The URL that it serves, base path included.
    pub url: String,
    /// The methods that it answers.
    pub methods: Vec<&'static str>,
    /// What looks like a handler and is none: a default export, a method in lower case.
    pub misnamed: Vec<(String, Place)>,
    /// Values that are neither methods nor settings of the route, what is misnamed aside.
    pub others: Vec<(String, Place)>,
    /// The settings of the route.
    pub settings: Vec<(String, Place)>,
    /// Those of them that a build refuses: with cached components some, up to Next 14 those of the Pages Router.
    pub forbidden: Vec<(String, Place)>,
    /// Whether it may export more than is known.
    pub open: bool,
    /// Whether a build checks its types.
    pub checked: bool,
    /// Whether a build refuses everything beside methods and settings.
    pub strict: bool,
}

/// An export by the name of a method that is no handler of it.
#[derive(Debug, Clone)]
pub struct Misfit {
    /// Its method.
    pub method: &'static str,
    /// What is wrong with it.
    pub kind: MisfitKind,
    /// The parameter that is not what it gets, or the value.
    pub place: Place,
}

/// What is wrong with the handler of a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MisfitKind {
    /// It answers through its second parameter, as a handler of the Pages Router does.
    Answers,
    /// It takes the request of the Pages Router.
    Request,
    /// It is no function.
    Value,
}

/// A route file and another file that serve one URL.
#[derive(Debug, Clone)]
pub struct SharedUrl {
    /// The route file.
    pub module: ModuleId,
    /// The URL, base path included.
    pub url: String,
    /// What the other file is.
    pub kind: RouteKind,
    /// The other file.
    pub other: Place,
}

impl Project {
    /// Every route file, app by app, in path order.
    #[must_use]
    pub fn handler_files(&self) -> Vec<HandlerFile> {
        let apps = self.apps().map(|(app, _)| app);
        let entries = apps.flat_map(|app| self.entries(app).iter().map(move |entry| (app, entry)));
        let handlers = entries.filter(|(_, entry)| entry.kind == EntryKind::RouteHandler);
        handlers.map(|(app, entry)| self.handler_file(app, entry.module, &entry.url)).collect()
    }

    fn handler_file(&self, app: AppId, module: ModuleId, url: &str) -> HandlerFile {
        let here = self.module(module);
        let common = here.facts.exports.iter().any(|export| export.form == ExportForm::CommonJs);
        let checked = self.checks_types(app, module);
        let mut file = HandlerFile {
            app,
            module,
            url: self.url(app, url),
            methods: Vec::new(),
            misnamed: Vec::new(),
            others: Vec::new(),
            settings: Vec::new(),
            forbidden: Vec::new(),
            open: common || self.exports_more(module),
            checked,
            strict: checked && !self.app(app).version.at_least(16, 0),
        };
        for name in self.symbols.names(&self.modules, module) {
            if let Some(method) = next::METHODS.into_iter().find(|method| *method == name) {
                file.methods.push(method);
                continue;
            }
            let Some(place) = self.statement_place(module, &name) else { continue };
            if name == "default" || self.is_lower_case_handler(module, &name) {
                file.misnamed.push((name, place));
            } else if next::ROUTE_SETTINGS.contains(&name.as_str()) {
                file.settings.push((name, place));
            } else if self.is_value(module, &name) {
                file.others.push((name, place));
            }
        }
        for list in [&mut file.misnamed, &mut file.others, &mut file.settings] {
            list.sort_by_key(|(_, place)| *place);
        }
        let version = &self.app(app).version;
        let cached = self.config(app).cache_components == Setting::Known(true) && version.at_least(16, 0);
        let refused: &[&str] = match cached {
            true => &next::UNCACHED_SETTINGS,
            false if version.at_least(15, 0) => &[],
            false => &next::OLD_SETTINGS,
        };
        let settings = file.settings.iter().filter(|(name, _)| refused.contains(&name.as_str()));
        file.forbidden = settings.cloned().collect();
        file
    }

    /// Whether an export is a function by the name of a method in lower case. An object of that name is something else: `options`.
    fn is_lower_case_handler(&self, module: ModuleId, name: &str) -> bool {
        next::METHODS.iter().any(|method| method.to_lowercase() == name)
            && matches!(self.follow().export(module, name, &mut |_| {}), Meaning::Function(_))
    }

    /// Where an export is written: `export default name` is not where the name is declared.
    fn statement_place(&self, module: ModuleId, name: &str) -> Option<Place> {
        let here = self.module(module);
        let mut own = here.facts.exports.iter().filter(|export| here.facts.text(export.name) == name);
        match own.find(|export| export.form == ExportForm::DefaultExpression && export.local != Name::EMPTY) {
            Some(export) => Some(here.place(export.statement)),
            None => self.export_place(module, name),
        }
    }

    /// Whether a build of the app checks the types of a module.
    fn checks_types(&self, app: AppId, module: ModuleId) -> bool {
        let described = self.app(app);
        let slash = if described.root.is_empty() { "" } else { "/" };
        let typed = self.tree.find(&format!("{}{slash}tsconfig.json", described.root)).is_some();
        // From 16 on files of JavaScript are left out.
        let checked = self.module(module).facts.kind.is_typed() || (typed && !described.version.at_least(16, 0));
        checked && self.config(app).ignores_types != Setting::Known(true)
    }

    /// Whether an export is a value for certain, and no type.
    fn is_value(&self, module: ModuleId, name: &str) -> bool {
        match self.follow().export(module, name, &mut |_| {}) {
            Meaning::External(..) => false,
            Meaning::Unknown(_) => self.symbols.export(module, name).is_some_and(|(owner, export)| {
                let facts = &self.module(owner).facts;
                match facts.exports[export as usize].kind {
                    ExportKind::Value(value) => !matches!(facts.value(value), Value::Import(_)),
                    _ => false,
                }
            }),
            _ => true,
        }
    }

    /// What a route file exports by the name of a method and is no handler, by method.
    #[must_use]
    pub fn misfits(&self, file: &HandlerFile) -> Vec<Misfit> {
        let misfit = |&method: &&'static str| {
            let (kind, place) = match self.follow().export(file.module, method, &mut |_| {}) {
                Meaning::Function(function) => self.foreign_parameter(function, file.checked)?,
                Meaning::Value(at) if self.is_no_function(at) => {
                    (MisfitKind::Value, self.export_place(file.module, method)?)
                }
                _ => return None,
            };
            Some(Misfit { method, kind, place })
        };
        file.methods.iter().filter_map(misfit).collect()
    }

    fn is_no_function(&self, at: ValueRef) -> bool {
        let value = self.module(at.module).facts.value(at.value);
        matches!(value, Value::Str(_) | Value::Number(_) | Value::Bool(_) | Value::Template(_) | Value::Array(_))
    }

    /// The parameter of a handler that is one of the Pages Router.
    fn foreign_parameter(&self, function: FunctionRef, checked: bool) -> Option<(MisfitKind, Place)> {
        let here = self.module(function.module);
        let facts = &here.facts;
        let parameters = &facts.function(function.function).parameters;
        let is = |index: usize, name: &str| {
            let annotation = parameters.get(index).map_or(NONE, |parameter| parameter.annotation);
            match facts.types.get(annotation as usize) {
                Some(&Type::Named(value, _)) => match self.follow().value(function.module, value) {
                    Meaning::External(module, import) => {
                        let facts = &self.module(module).facts;
                        let import = &facts.imports[import as usize];
                        facts.text(import.source) == next::PACKAGE
                            && matches!(import.imported, Imported::Named(named) if facts.text(named) == name)
                    }
                    _ => false,
                },
                _ => false,
            }
        };
        if let Some(second) = parameters.get(1)
            && (is(1, next::PAGES_RESPONSE) || self.is_answered_through(function))
        {
            return Some((MisfitKind::Answers, here.place(second.span)));
        }
        (checked && is(0, next::PAGES_REQUEST)).then(|| (MisfitKind::Request, here.place(parameters[0].span)))
    }

    /// Whether a function calls what a response of the Pages Router has, on its second parameter.
    fn is_answered_through(&self, function: FunctionRef) -> bool {
        let facts = &self.module(function.module).facts;
        let second = Value::Parameter(function.function, 1);
        let is_second = |value: Value| match value {
            Value::Variable(id) => {
                let variable = &facts.variables[id as usize];
                variable.kind == VariableKind::Parameter && facts.value(variable.init) == second
            }
            value => value == second,
        };
        facts.calls.iter().any(|call| match facts.value(call.callee) {
            Value::Member(object, name) => {
                next::PAGES_ANSWERS.contains(&facts.text(name)) && is_second(facts.value(object))
            }
            _ => false,
        })
    }

    /// The route files that share their URL with another file, which a build refuses.
    #[must_use]
    pub fn shared_urls(&self) -> Vec<SharedUrl> {
        let mut shared = Vec::new();
        for (app, described) in self.apps() {
            let routes = self.routes(app).routes();
            for (index, route) in routes.iter().enumerate().filter(|(_, route)| route.kind == RouteKind::Handler) {
                let Some(module) = route.module else { continue };
                let other = |(at, other): (usize, &Route)| {
                    let same = other.url == route.url && at != index;
                    same && refuses(described, at > index, route, other)
                };
                let others = routes.iter().enumerate().filter(|&(at, route)| other((at, route)));
                shared.extend(others.map(|(_, other)| SharedUrl {
                    module,
                    url: self.url(app, &route.url),
                    kind: other.kind,
                    other: self.file_place(other),
                }));
            }
        }
        shared
    }

    /// Where a route file's first handler is exported.
    #[must_use]
    pub fn handler_place(&self, module: ModuleId) -> Option<Place> {
        next::METHODS.iter().filter_map(|method| self.export_place(module, method)).min()
    }

    /// Where a route's file begins to say what it serves: at its default export.
    fn file_place(&self, route: &Route) -> Place {
        let declared = route.module.and_then(|module| match route.kind {
            RouteKind::Handler => self.handler_place(module),
            _ => self.export_place(module, "default"),
        });
        declared.unwrap_or(Place { file: route.file, span: Span::default() })
    }
}

/// Whether a build refuses two files of one URL; of two route files the first one is told of.
fn refuses(app: &App, later: bool, route: &Route, other: &Route) -> bool {
    let turbopack = app.bundler == Bundler::Turbopack;
    match other.kind {
        // Next 13 does not come to an end with it.
        RouteKind::Page if other.in_slot => turbopack || !app.version.at_least(14, 0),
        RouteKind::Page | RouteKind::PagesPage | RouteKind::PagesApi => true,
        // Those in one folder differ in their extensions, and one of them is taken.
        RouteKind::Handler => turbopack && later && route.page != other.page,
        RouteKind::Metadata => false,
    }
}
