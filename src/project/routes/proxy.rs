//! The proxy: which paths it sees, and whether it may send them to another route or answer them itself.

use super::RouteTable;
use super::gaps::{Gap, GapKind};
use crate::diagnostic::Place;
use crate::facts::{Call, CallKind, ExportKind, NONE, Use, Value, ValueId};
use crate::project::config::values::{Possible, Reader};
use crate::project::entries::EntryKind;
use crate::project::entries::next;
use crate::project::program::modules::{FunctionRef, ModuleId};
use crate::project::program::symbols::Meaning;
use crate::project::values::evaluate::Evaluator;
use crate::project::values::terms::Term;
use crate::project::{AppId, Project};
use crate::source::Span;

/// The lowest status that turns a request away.
const TURNED_AWAY: u32 = 400;

impl Project {
    /// The paths that an app's proxy may rewrite or answer itself.
    pub(super) fn proxy_gaps<'p>(&'p self, app: AppId, table: &RouteTable, eval: &mut Evaluator<'p>) -> Vec<Gap> {
        let proxies = self.entries(app).iter().filter(|entry| entry.kind == EntryKind::Proxy);
        proxies.flat_map(|entry| self.proxy_gap(entry.module, table, eval)).collect()
    }

    fn proxy_gap<'p>(&'p self, module: ModuleId, table: &RouteTable, eval: &mut Evaluator<'p>) -> Vec<Gap> {
        match self.rewrites(module, eval) {
            Some(place) => self.proxy_paths(module, place, table, eval),
            None => Vec::new(),
        }
    }

    /// The paths that an app's proxy sees.
    #[must_use]
    pub fn proxied(&self, app: AppId, proxy: ModuleId) -> Vec<Gap> {
        let place = Place { file: self.module(proxy).file, span: Span::default() };
        self.proxy_paths(proxy, place, self.routes(app), &mut Evaluator::new(self.world()))
    }

    fn proxy_paths<'p>(
        &'p self,
        module: ModuleId,
        place: Place,
        table: &RouteTable,
        eval: &mut Evaluator<'p>,
    ) -> Vec<Gap> {
        let everything = || vec![Gap::everything(GapKind::Proxy, Some(place))];
        let Some((owner, export)) = self.symbols.export(module, "config") else { return everything() };
        let ExportKind::Value(value) = self.module(owner).facts.exports[export as usize].kind else {
            return everything();
        };
        let mut reader = Reader::new(self, eval);
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
    fn rewrites<'p>(&'p self, module: ModuleId, eval: &mut Evaluator<'p>) -> Option<Place> {
        let mut places = Vec::new();
        for name in next::PROXIES {
            places.extend(self.given_proxy(module, name, eval));
        }
        let entered = self.entry_functions(module, EntryKind::Proxy).into_iter();
        let entered = entered.filter(|(name, _)| next::PROXIES.contains(&name.as_str()));
        let roots: Vec<FunctionRef> = entered.flat_map(|(_, functions)| functions).collect();
        let answering = self.answered_with(&roots);
        for function in self.run(&roots).order {
            places.extend(self.answers(function, answering.contains(&function), eval));
        }
        places.into_iter().min()
    }

    /// The functions whose result is the answer of `roots`.
    fn answered_with(&self, roots: &[FunctionRef]) -> Vec<FunctionRef> {
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
    fn given_proxy<'p>(&'p self, module: ModuleId, name: &str, eval: &mut Evaluator<'p>) -> Option<Place> {
        let (owner, export) = self.symbols.export(module, name)?;
        let here = self.module(owner);
        let described = &here.facts.exports[export as usize];
        let place = here.place(described.span);
        let term = eval.export(module, name);
        let gives = match described.kind {
            ExportKind::Value(value) => match self.follow().value(owner, value) {
                Meaning::Function(_) => false,
                _ if eval.package_of(term).is_some() => !eval.keeps_path(term),
                // A wrapper of the project is followed by what it runs.
                _ => self.functions_of(owner, value).is_empty(),
            },
            ExportKind::From(_) => !eval.keeps_path(term),
            _ => true,
        };
        gives.then_some(place)
    }

    /// The first call of a function that sends a request elsewhere or answers it. `answering` says that what it returns is the answer.
    fn answers<'p>(&'p self, function: FunctionRef, answering: bool, eval: &mut Evaluator<'p>) -> Option<Place> {
        let here = self.module(function.module);
        let mut calls = here.facts.calls.iter().filter(|call| call.function == function.function);
        let first = calls.find(|call| self.is_answer(function.module, call, answering, eval));
        first.map(|call| here.place(call.name_span))
    }

    /// Whether a call sends a request elsewhere or answers it.
    fn is_answer<'p>(&'p self, module: ModuleId, call: &Call, answering: bool, eval: &mut Evaluator<'p>) -> bool {
        let facts = &self.module(module).facts;
        let options = facts.list(call.arguments).get(1).copied();
        let serves = |eval: &mut Evaluator<'p>| !options.is_some_and(|options| self.turns_away(module, options, eval));
        let term = eval.value(module, call.callee);
        let (class, method) = match eval.terms.get(term) {
            Term::Member(class, method) => (class, Some(eval.terms.text(method).to_owned())),
            _ => (term, None),
        };
        let names = |text| eval.terms.text(text);
        let answer = match eval.terms.get(class) {
            Term::Global(name) if names(name) == "Response" => Some(method),
            Term::Package(package, Some(name)) if names(package) == next::SERVER && names(name) == "NextResponse" => {
                Some(method)
            }
            _ => None,
        };
        match answer.as_ref().map(Option::as_deref) {
            Some(Some("rewrite")) => true,
            Some(Some("json")) => serves(eval),
            Some(Some(_)) => false,
            Some(None) => call.kind == CallKind::New && serves(eval),
            None => match eval.package_of(term) {
                None | Some(next::SERVER) => false,
                // What a package makes of the request: a proxy that it gave is called, or its answer is returned. What is only
                // tested says something of the request.
                Some(_) => {
                    let is_proxy = matches!(eval.terms.get(term), Term::Called(..));
                    let answers =
                        (is_proxy && !call.result.has(Use::TESTED)) || (answering && call.result.has(Use::RETURNED));
                    answers && !eval.keeps_path(term)
                }
            },
        }
    }

    /// Whether the options of a response have a status that turns the request away.
    fn turns_away<'p>(&'p self, module: ModuleId, options: ValueId, eval: &mut Evaluator<'p>) -> bool {
        let mut reader = Reader::new(self, eval);
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
fn sources(reader: &mut Reader<'_, '_>, matcher: &Possible) -> Option<Vec<String>> {
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
