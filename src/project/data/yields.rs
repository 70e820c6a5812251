//! What calls carry to where their result is sent: rows that they read, what the functions of the project give that they enter, and what the
//! language's own methods make of what they are called on.

use super::rows::{Carried, DEEPEST, Frame, Passed, Path, Rows, Sought, below, is_index};
use crate::facts::{CallId, CallKind, Value, ValueId};
use crate::models::{Place as At, Source, What, When};
use crate::project::effects::summary::Site;
use crate::project::entries::next;
use crate::project::program::modules::FunctionRef;
use crate::project::values::evaluate::Evaluator;
use crate::project::values::terms::{Bindings, Term, TermId};

/// Of a function that is handed to a call, so many parameters are looked at.
const MOST_HANDED: u32 = 4;

impl Rows<'_, '_> {
    /// Follows what a function's body hands to a response that it is passed: `response.json(..)`.
    pub(in crate::project) fn answers(
        &mut self,
        function: FunctionRef,
        bindings: Bindings,
        response: &dyn Fn(&Evaluator<'_>, TermId) -> bool,
    ) {
        self.frames.push(Frame { function, bindings, passed: Vec::new(), caller: None });
        self.answered(self.frames.len() - 1, response, DEEPEST);
    }

    fn answered(&mut self, frame: usize, response: &dyn Fn(&Evaluator<'_>, TermId) -> bool, left: u32) {
        let Some(left) = left.checked_sub(16) else { return };
        let (facts, module) = self.facts(frame);
        let outer = self.frames[frame].function.function;
        for (id, call) in (0..).zip(&facts.calls) {
            if !crate::project::client::pending::belongs(facts, call.function, outer) {
                continue;
            }
            let callee = self.term(frame, call.callee);
            match self.eval.terms.get(callee) {
                Term::Member(object, name)
                    if matches!(self.eval.terms.text(name), "json" | "send") && response(self.eval, object) =>
                {
                    let place = self.eval.module(module).place(call.name_span);
                    let Some(&data) = facts.list(call.arguments).first() else { continue };
                    self.sent = Some(place);
                    self.entered.push((frame, place));
                    self.value(frame, data, &Path::new(), Sought::Data, DEEPEST);
                    self.entered.pop();
                    self.sent = None;
                }
                Term::Function(function, bound) => {
                    let arguments: Vec<TermId> =
                        facts.list(call.arguments).iter().map(|&value| self.term(frame, value)).collect();
                    if arguments.iter().any(|&argument| response(self.eval, argument))
                        && let Some(next) = self.enter(frame, (function, bound), facts.list(call.arguments))
                    {
                        self.way.push((module, id));
                        self.answered(next, response, left);
                        self.way.pop();
                    }
                }
                _ => {}
            }
        }
    }

    pub(in crate::project) fn call(&mut self, frame: usize, id: CallId, path: &Path, sought: Sought, left: u32) {
        let (facts, module) = self.facts(frame);
        let call = facts.calls[id as usize];
        if matches!(call.kind, CallKind::Jsx | CallKind::DynamicImport | CallKind::Require) {
            return;
        }
        let arguments = facts.list(call.arguments);
        let callee = self.term(frame, call.callee);
        if sought == Sought::Response && self.eval.makes_response(callee, call.kind == CallKind::New) {
            let Some(&data) = arguments.first() else { return };
            let before = self.sent.replace(self.eval.module(module).place(call.name_span));
            self.value(frame, data, path, Sought::Data, left);
            self.sent = before;
            return;
        }
        self.called(frame, (module, id), callee, path, sought, left);
    }

    fn called(&mut self, frame: usize, site: Site, callee: TermId, path: &Path, sought: Sought, left: u32) {
        let (facts, _) = self.facts(frame);
        let call = facts.calls[site.1 as usize];
        let arguments = facts.list(call.arguments);
        match self.eval.terms.get(callee) {
            Term::Function(function, bound) if call.kind != CallKind::New => {
                if let Some(next) = self.enter(frame, (function, bound), arguments) {
                    self.go(next, site, path, sought, left);
                }
            }
            Term::Action(_, inner) | Term::As(inner, ..) | Term::Of(inner, ..) => {
                self.called(frame, site, inner, path, sought, left);
            }
            Term::Bound(inner, list) => {
                let Term::Function(function, bound) = self.eval.terms.get(inner) else { return };
                let bound_terms = self.eval.terms.list(list).to_vec();
                let mut passed = vec![Passed::Unknown; bound_terms.len()];
                passed.extend(arguments.iter().map(|&value| Passed::Value(value, frame)));
                let given: Vec<TermId> = arguments.iter().map(|&value| self.term(frame, value)).collect();
                let terms = [bound_terms, given].concat();
                if let Some(next) = self.enter_with(frame, (function, bound), passed, &terms) {
                    self.go(next, site, path, sought, left);
                }
            }
            Term::Union(list) => {
                let mut own = self.eval.terms.list(list).to_vec();
                own.retain(|&of| {
                    matches!(self.eval.terms.get(of), Term::Function(..) | Term::Action(..) | Term::Bound(..))
                });
                if own.is_empty() {
                    return self.outside(frame, site, callee, path, sought, left);
                }
                own.into_iter().for_each(|of| self.called(frame, site, of, path, sought, left));
            }
            _ => self.outside(frame, site, callee, path, sought, left),
        }
    }

    fn go(&mut self, next: usize, site: Site, path: &Path, sought: Sought, left: u32) {
        self.way.push(site);
        self.returned(next, path, sought, left);
        self.way.pop();
    }

    /// What a call gives that is no function of the project: rows, what it was handed, or what a function gives that it runs.
    fn outside(&mut self, frame: usize, site: Site, callee: TermId, path: &Path, sought: Sought, left: u32) {
        let (facts, _) = self.facts(frame);
        let call = facts.calls[site.1 as usize];
        let arguments = facts.list(call.arguments);
        let reads = self.eval.touches_rows(callee);
        if let (false, Value::Member(receiver, name)) = (reads, facts.value(call.callee))
            && self.by_method(frame, site, (receiver, facts.text(name)), path, sought, left)
        {
            return;
        }
        if let Some(&copied) = arguments.first().filter(|_| self.eval.copies(callee)) {
            return self.value(frame, copied, path, sought, left);
        }
        let sources = self.eval.sources_of_call(callee, call.kind == CallKind::New);
        if !sources.is_empty() {
            sources.iter().for_each(|source| self.source(frame, site, source, (path, sought), left));
            return;
        }
        let runs = self.eval.runs_now(callee, sought == Sought::Response);
        if !runs.is_empty() {
            let run =
                arguments.iter().enumerate().filter(|(index, _)| runs.contains(&None) || runs.contains(&Some(*index)));
            for (index, &argument) in run {
                let handed = self.eval.handed(callee, index);
                self.run(frame, site, argument, (None, &handed), (path, sought), left);
            }
            return;
        }
        if sought == Sought::Data {
            let terms: Vec<TermId> = arguments.iter().map(|&value| self.term(frame, value)).collect();
            let read = self.eval.read_by(self.tables, callee, &terms, path);
            let site = if read.is_empty() { site } else { self.reading(frame, site) };
            for rows in read {
                let given =
                    self.entered.iter().map(|&(entered, place)| (self.frames[entered].function, place)).collect();
                let (way, dropped) = (self.way.clone(), self.dropped.clone());
                self.found.push(Carried { read: site, rows, given, way, sent: self.sent, dropped });
            }
        }
    }

    /// Of a chain of calls, the one that reads.
    fn reading(&mut self, frame: usize, site: Site) -> Site {
        let (facts, module) = self.facts(frame);
        let mut at = site.1;
        loop {
            let callee = self.term(frame, facts.calls[at as usize].callee);
            let Value::Member(mut receiver, _) = facts.value(facts.calls[at as usize].callee) else { return site };
            if self.eval.touches_rows(callee) {
                return (module, at);
            }
            while let Value::Await(inner) | Value::Cast(inner, _) = facts.value(receiver) {
                receiver = inner;
            }
            let Value::Call(call) = facts.value(receiver) else { return site };
            at = call;
        }
    }

    /// What a model says that a call gives.
    fn source(&mut self, frame: usize, site: Site, source: &Source, (path, sought): (&Path, Sought), left: u32) {
        let (Source::Argument(At::Argument(index, below)) | Source::Result(At::Argument(index, below))) = source else {
            return;
        };
        let (facts, _) = self.facts(frame);
        let arguments = facts.list(facts.calls[site.1 as usize].arguments);
        let Some(&argument) = arguments.get(*index as usize) else { return };
        match source {
            Source::Result(_) if below.is_empty() => self.run(frame, site, argument, (None, &[]), (path, sought), left),
            _ => self.value(frame, argument, &[below.as_slice(), path.as_slice()].concat(), sought, left),
        }
    }

    /// The language's own methods, which give what they are called on, its elements, what a function makes of those, or something else. Whether
    /// it is one.
    fn by_method(
        &mut self,
        frame: usize,
        site: Site,
        (receiver, name): (ValueId, &str),
        path: &Path,
        sought: Sought,
        left: u32,
    ) -> bool {
        let (facts, _) = self.facts(frame);
        let call = facts.calls[site.1 as usize];
        let first = facts.list(call.arguments).first().copied();
        match name {
            "then" | "map" | "flatMap" => {
                let Some(function) = first else { return true };
                let (passed, path) = match (name, path.split_first()) {
                    ("then", _) => (Passed::Value(receiver, frame), path.clone()),
                    (_, None) => (Passed::Element(receiver, frame), Path::new()),
                    (_, Some((at, rest))) if is_index(at) => (Passed::Element(receiver, frame), rest.to_vec()),
                    _ => return true,
                };
                self.run(frame, site, function, (Some(passed), &[]), (&path, sought), left);
            }
            "find" | "findLast" | "at" | "shift" | "pop" => {
                self.value(frame, receiver, &below("", path), sought, left);
            }
            "catch" | "finally" | "filter" | "slice" | "sort" | "toSorted" | "reverse" | "toReversed" | "flat"
            | "concat" => {
                self.value(frame, receiver, path, sought, left);
            }
            "reduce" | "some" | "every" | "forEach" | "join" | "includes" | "indexOf" | "findIndex" | "push" => {}
            _ => return false,
        }
        true
    }

    /// Runs a function that a call is handed, with this as its first argument. What is no function is what the call gives.
    fn run(
        &mut self,
        frame: usize,
        site: Site,
        function: ValueId,
        (passed, handed): (Option<Passed>, &[TermId]),
        (path, sought): (&Path, Sought),
        left: u32,
    ) {
        let term = self.term(frame, function);
        let term = self.eval.terms.only(term);
        let Term::Function(of, bound) = self.eval.terms.get(term) else {
            if passed.is_none() {
                self.value(frame, function, path, sought, left);
            }
            return;
        };
        let terms: Vec<TermId> = match passed {
            Some(Passed::Value(value, frame)) => vec![self.term(frame, value)],
            Some(Passed::Element(value, frame)) => {
                let (list, key) = (self.term(frame, value), self.eval.terms.unknown("a computed key"));
                vec![self.eval.index(list, key)]
            }
            _ => handed.to_vec(),
        };
        if let Some(next) = self.enter_with(frame, (of, bound), passed.into_iter().collect(), &terms) {
            self.go(next, site, path, sought, left);
        }
    }
}

impl Evaluator<'_> {
    /// Whether a call makes a response of what it is handed first: `Response.json(..)`, `new Response(..)`.
    pub(in crate::project) fn makes_response(&self, callee: TermId, constructs: bool) -> bool {
        match self.terms.get(callee) {
            Term::Member(class, name) if !constructs => self.terms.text(name) == "json" && self.is_response(class),
            _ => constructs && self.is_response(callee),
        }
    }

    fn is_response(&self, class: TermId) -> bool {
        match self.terms.get(class) {
            Term::Global(name) => self.terms.text(name) == "Response",
            Term::Package(package, Some(name)) => {
                self.terms.text(package) == next::SERVER && self.terms.text(name) == "NextResponse"
            }
            _ => false,
        }
    }

    /// Whether a call gives a copy of what it is handed first.
    pub(in crate::project) fn copies(&self, callee: TermId) -> bool {
        match self.terms.get(callee) {
            Term::Global(name) => self.terms.text(name) == "structuredClone",
            _ => matches!(self.global_member(callee), Some(("JSON", "parse" | "stringify"))),
        }
    }

    /// Which of its arguments a call runs at once, to give what they give; `None` stands for all of them. A response that is sought comes from what
    /// runs, whoever runs it.
    pub(in crate::project) fn runs_now(&mut self, callee: TermId, anybody: bool) -> Vec<Option<usize>> {
        let models = self.world.models;
        let states = self.states_of(callee);
        let now =
            states.iter().flat_map(|&(node, _)| models.meanings(node)).filter_map(|meaning| match &meaning.what {
                What::Callback(When::Now, Some(At::Argument(index, _))) => Some(Some(*index as usize)),
                What::Callback(When::Now, _) => Some(None),
                _ => None,
            });
        let mut found: Vec<Option<usize>> = now.collect();
        if found.is_empty() && states.is_empty() && anybody {
            found.push(None);
        }
        found
    }

    /// What a function is passed that a call is handed as this argument, as models say.
    pub(in crate::project) fn handed(&mut self, callee: TermId, argument: usize) -> Vec<TermId> {
        let models = self.world.models;
        let states = self.states_of(callee);
        let argument = u32::try_from(argument).unwrap_or(u32::MAX);
        let unknown = self.terms.unknown("what a caller outside passes");
        let passed = (0..MOST_HANDED).map(|parameter| {
            let handed = states.iter().find_map(|&(node, _)| models.handed(node, argument, parameter));
            handed.map_or(unknown, |(node, line)| self.typed(node, line))
        });
        passed.collect()
    }

    /// Where a call's result comes from, as a model says.
    pub(in crate::project) fn sources_of_call(&mut self, callee: TermId, constructs: bool) -> Vec<Source> {
        let models = self.world.models;
        let mut found = Vec::new();
        for &(node, _) in self.states_of(callee).iter() {
            models.call(node, constructs, &mut |given, _| {
                found.extend(models.sources(given).into_iter().flat_map(|sources| sources.from.iter().cloned()));
            });
            for meaning in models.meanings(node) {
                if let What::Passes(passed) = meaning.what {
                    found.push(Source::Argument(At::Argument(passed.argument, Vec::new())));
                }
            }
        }
        found
    }

    /// Whether the first element of what a call gives is what it is handed, or what a function gives that it is handed.
    pub(in crate::project) fn keeps_first(&mut self, callee: TermId) -> bool {
        let models = self.world.models;
        let mut keeps = false;
        for &(node, _) in self.states_of(callee).iter() {
            models.call(node, false, &mut |given, _| {
                models.member(given, "0", &mut |first, _| {
                    keeps |= first != given && models.sources(first).is_some();
                });
            });
        }
        keeps
    }
}
