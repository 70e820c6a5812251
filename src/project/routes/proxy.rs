//! The proxy: which paths it sees, and whether it may send them to another route or answer them itself.

use super::RouteTable;
use super::gaps::{Gap, GapKind};
use crate::diagnostic::Place;
use crate::facts::{CallKind, ExportKind, Imported, NONE, Use, Value, ValueId, VariableId};
use crate::project::config::values::{Possible, Reader};
use crate::project::entries::EntryKind;
use crate::project::entries::next;
use crate::project::modules::{FunctionRef, ModuleId};
use crate::project::symbols::{Binding, Meaning};
use crate::project::{AppId, Project};

/// How many re-exports are followed.
const DEEPEST: u32 = 12;
/// The lowest status that turns a request away.
const TURNED_AWAY: u32 = 400;

impl Project {
    /// The paths that an app's proxy may rewrite or answer itself.
    pub(super) fn proxy_gaps(&self, app: AppId, table: &RouteTable) -> Vec<Gap> {
        let proxies = self.entries(app).iter().filter(|entry| entry.kind == EntryKind::Proxy);
        proxies.flat_map(|entry| self.proxy_gap(entry.module, table)).collect()
    }

    fn proxy_gap(&self, module: ModuleId, table: &RouteTable) -> Vec<Gap> {
        let Some(place) = self.rewrites(module) else { return Vec::new() };
        let everything = || vec![Gap::everything(GapKind::Proxy, Some(place))];
        let Some((owner, export)) = self.symbols.export(module, "config") else { return everything() };
        let ExportKind::Value(value) = self.module(owner).facts.exports[export as usize].kind else {
            return everything();
        };
        let mut reader = Reader::new(self);
        let config = reader.possible(owner, value);
        let matcher = reader.key(&config, "matcher");
        match sources(&mut reader, &matcher) {
            Some(sources) if !sources.is_empty() => {
                let base = table.base();
                let pattern = |source: String| match source.as_str() {
                    "/" if !base.is_empty() => base.to_owned(),
                    _ => format!("{base}{source}"),
                };
                sources.into_iter().map(|source| Gap::of(GapKind::Proxy, pattern(source), Some(place))).collect()
            }
            _ => everything(),
        }
    }

    /// The first place where a proxy may send a request to another route or answers it itself.
    fn rewrites(&self, module: ModuleId) -> Option<Place> {
        let mut places = Vec::new();
        for name in next::PROXIES {
            if let Some((owner, export)) = self.symbols.export(module, name) {
                places.extend(self.given_proxy(owner, export, DEEPEST));
            }
        }
        let entered = self.entry_functions(module, EntryKind::Proxy).into_iter();
        let entered = entered.filter(|(name, _)| next::PROXIES.contains(&name.as_str()));
        let roots: Vec<FunctionRef> = entered.flat_map(|(_, functions)| functions).collect();
        let answering = self.answering(&roots);
        for function in self.run(&roots).order {
            places.extend(self.answers(function, answering.contains(&function)));
        }
        places.into_iter().min()
    }

    /// The functions whose result is the answer of `roots`.
    fn answering(&self, roots: &[FunctionRef]) -> Vec<FunctionRef> {
        let mut found: Vec<FunctionRef> = roots.to_vec();
        let mut next = 0;
        while let Some(&function) = found.get(next) {
            next += 1;
            let facts = &self.module(function.module).facts;
            let calls = facts.calls.iter().filter(|call| call.function == function.function);
            for call in calls.filter(|call| call.result.has(Use::RETURNED)) {
                if let Meaning::Function(called) = self.follow().value(function.module, call.callee)
                    && !found.contains(&called)
                {
                    found.push(called);
                }
            }
        }
        found
    }

    /// A proxy that a package gives, unless it is known to leave requests on their path.
    fn given_proxy(&self, owner: ModuleId, export: u32, left: u32) -> Option<Place> {
        let here = self.module(owner);
        let described = &here.facts.exports[export as usize];
        let place = here.place(described.span);
        let Some(left) = left.checked_sub(1) else { return Some(place) };
        let keeps = |given: Option<(&str, String)>| given.map(|(package, path)| self.models.keeps_path(package, &path));
        let kept = match described.kind {
            ExportKind::Value(value) => {
                if matches!(self.follow().value(owner, value), Meaning::Function(_)) {
                    return None;
                }
                // A wrapper of the project is followed by what it runs.
                keeps(self.given_by_package(owner, value))
                    .unwrap_or_else(|| !self.functions_of(owner, value).is_empty())
            }
            ExportKind::From(import) => {
                let imported = &here.facts.imports[import as usize];
                let name = match imported.imported {
                    Imported::Named(name) => here.facts.text(name),
                    _ => "default",
                };
                let further = here.target(import).and_then(|target| self.symbols.export(target, name));
                if let Some((owner, export)) = further {
                    return self.given_proxy(owner, export, left);
                }
                keeps(self.imported_path(owner, import)).unwrap_or(false)
            }
            _ => false,
        };
        (!kept).then_some(place)
    }

    /// The package that a value comes from, through a variable that holds a part of what it gives.
    fn given_by_package(&self, module: ModuleId, value: ValueId) -> Option<(&str, String)> {
        let mut last = None;
        self.follow().watch(module, value, &mut |binding| {
            if let Binding::Variable(module, variable) = binding {
                last = Some((module, variable));
            }
        });
        let held = |(module, variable): (ModuleId, VariableId)| {
            self.external(module, self.module(module).facts.variables[variable as usize].init)
        };
        last.and_then(held).or_else(|| self.external(module, value))
    }

    /// The first call of a function that sends a request elsewhere or answers it. `answering` says that what it returns is the answer.
    fn answers(&self, function: FunctionRef, answering: bool) -> Option<Place> {
        let here = self.module(function.module);
        let facts = &here.facts;
        let calls = facts.calls.iter().filter(|call| call.function == function.function);
        let mut answering = calls.filter(|call| {
            let arguments = facts.list(call.arguments);
            let turned_away = || arguments.get(1).is_some_and(|&options| self.turns_away(function.module, options));
            if let Value::Global(name) = facts.value(call.callee) {
                return call.kind == CallKind::New && facts.text(name) == "Response" && !turned_away();
            }
            if let Value::Member(object, _) = facts.value(call.callee)
                && matches!(facts.value(object), Value::Global(name) if facts.text(name) == "Response")
            {
                return self.member(function.module, call.callee) == "json" && !turned_away();
            }
            let Some((package, path)) = self.external(function.module, call.callee) else { return false };
            match (package, path.as_str()) {
                (next::SERVER, "NextResponse.rewrite") => true,
                (next::SERVER, "NextResponse.json") => !turned_away(),
                (next::SERVER, "NextResponse") => call.kind == CallKind::New && !turned_away(),
                (package, _) if package.starts_with(next::OWN_ENTRIES) => false,
                // What a package makes of the request: a proxy that it gave is called, or its answer is returned.
                _ => {
                    let used = |uses: &[Use]| uses.iter().any(|&one| call.result.has(one));
                    let called = path.ends_with("()") && used(&[Use::RETURNED, Use::STORED, Use::AWAITED]);
                    (called || (answering && used(&[Use::RETURNED]))) && !self.models.keeps_path(package, &path)
                }
            }
        });
        answering.next().map(|call| here.place(call.name_span))
    }

    fn member(&self, module: ModuleId, value: ValueId) -> &str {
        let facts = &self.module(module).facts;
        match facts.value(value) {
            Value::Member(_, name) => facts.text(name),
            _ => "",
        }
    }

    /// Whether the options of a response have a status that turns the request away.
    fn turns_away(&self, module: ModuleId, options: ValueId) -> bool {
        let mut reader = Reader::new(self);
        let options = reader.possible(module, options);
        let status = reader.key(&options, "status");
        status.is_one()
            && status.values.iter().all(|at| reader.text(at).is_some_and(|text| text.parse().is_ok_and(is_error)))
    }
}

const fn is_error(status: u32) -> bool {
    status >= TURNED_AWAY
}

/// The sources of a matcher: a text, an object with one, or a list of them; `None` where one is computed.
fn sources(reader: &mut Reader<'_>, matcher: &Possible) -> Option<Vec<String>> {
    if matcher.open {
        return None;
    }
    let mut found = Vec::new();
    for at in &matcher.values {
        let elements: Vec<(ModuleId, ValueId)> = match reader.value(at) {
            Value::Array(list) => {
                let facts = &reader.project.module(at.module).facts;
                facts.list(list).iter().map(|&element| (at.module, element)).collect()
            }
            _ => vec![(at.module, at.value)],
        };
        for (module, value) in elements.into_iter().filter(|(_, value)| *value != NONE) {
            let element = reader.possible(module, value);
            let source = match element.values.as_slice() {
                [only] if matches!(reader.value(only), Value::Object(_)) => reader.key(&element, "source"),
                _ => element,
            };
            let text = source.values.first().filter(|_| source.is_one()).and_then(|at| reader.text(at));
            found.push(text?);
        }
    }
    Some(found)
}
