//! What names stand for, as terms: variables, parameters, imports and exports, followed across files.

use rustc_hash::FxHashSet;

use super::annotations::Said;
use super::evaluate::Evaluator;
use super::progress::Key;
use super::terms::{ITSELF, Term, TermId};
use crate::facts::{ExportKind, FunctionId, ImportId, Imported, NONE, Value, ValueId, VariableId, VariableKind};
use crate::project::program::modules::{FunctionRef, ModuleId, Target};
use crate::project::program::symbols::Binding;

use crate::models::Receiver;

impl Evaluator<'_> {
    pub(in crate::project) fn variable(&mut self, module: ModuleId, id: VariableId) -> TermId {
        let key = Key::Variable(module, id);
        if let Some(&known) = self.variables.get(&(module, id)) {
            return known.unwrap_or_else(|| {
                self.is_open(key);
                self.terms.unknown(ITSELF)
            });
        }
        self.variables.insert((module, id), None);
        let mark = self.begin(key);
        let facts = &self.module(module).facts;
        let variable = facts.variables[id as usize];
        let mut term = if variable.kind == VariableKind::Catch {
            self.terms.unknown("a caught error")
        } else {
            let assigned = &facts.assignments;
            let first = assigned.partition_point(|&(of, _)| of < id);
            let later = assigned[first..].iter().take_while(|&&(of, _)| of == id).map(|&(_, value)| value);
            let mut values: Vec<ValueId> = later.collect();
            let unseen = variable.reassigned && values.is_empty();
            if variable.init != NONE {
                values.insert(0, variable.init);
            }
            let mut terms: Vec<TermId> = values.into_iter().map(|value| self.value(module, value)).collect();
            if unseen {
                terms.push(self.terms.unknown("a variable that is counted up, or put into somewhere else"));
            }
            match terms.is_empty() {
                true => self.terms.unknown("a variable without a value"),
                false => self.terms.union(&terms),
            }
        };
        term = self.or_annotated(module, term, variable.annotation);
        term = self.acting(Binding::Variable(module, id), term);
        self.variables.insert((module, id), Some(term));
        self.end(&mark);
        term
    }

    pub(in crate::project) fn parameter(&mut self, module: ModuleId, function: FunctionId, index: u32) -> TermId {
        let facts = &self.module(module).facts;
        let parameter = facts.function(function).parameters.get(index as usize);
        let annotation = parameter.map_or(NONE, |parameter| parameter.annotation);
        if annotation == NONE
            && let Some(term) = self.handed_parameter(module, function, index)
        {
            return term;
        }
        let term = self.terms.add(Term::Parameter(FunctionRef { module, function }, index));
        match parameter.filter(|parameter| parameter.default != NONE) {
            Some(parameter) if !matches!(self.said(module, annotation), Some(Said::Term(_))) => {
                let default = self.value(module, parameter.default);
                let typed = self.or_annotated(module, term, annotation);
                self.terms.union(&[typed, default])
            }
            _ => self.or_annotated(module, term, annotation),
        }
    }

    /// What a function literal is passed by the call that it is handed to, as a model says: an element of the list that is gone through.
    fn handed_parameter(&mut self, module: ModuleId, function: FunctionId, index: u32) -> Option<TermId> {
        let (call, argument) = self.sites(module).handed_to(function)?;
        let facts = &self.module(module).facts;
        let written = facts.calls[call as usize].callee;
        let Value::Member(receiver, _) = facts.value(written) else { return None };
        let (callee, receiver) = (self.value(module, written), self.value(module, receiver));
        let states = self.states_of(callee);
        let models = self.world.models;
        let mut hands = states.iter().filter_map(|&(node, _)| models.hands(node, argument, index));
        let (source, line) = hands.next()?;
        self.states.met(line);
        let term = match source {
            Receiver::Whole => receiver,
            Receiver::Element => {
                let key = self.terms.unknown("a computed key");
                self.index(receiver, key)
            }
        };
        (!self.terms.is_unknown(term)).then_some(term)
    }

    /// What an import gives.
    pub fn import(&mut self, module: ModuleId, id: ImportId) -> TermId {
        let here = self.module(module);
        let facts = &here.facts;
        let import = facts.imports[id as usize];
        let name = match import.imported {
            Imported::Named(name) => Some(facts.text(name)),
            Imported::Default => Some("default"),
            Imported::Namespace => None,
            Imported::SideEffect => return self.terms.unknown("a side-effect import"),
        };
        match here.targets.get(id as usize) {
            Some(&Target::Module(target)) => match name {
                Some("default") if self.world.symbols.export(target, "default").is_none() => {
                    self.terms.add(Term::Namespace(target))
                }
                Some(name) => self.export(target, name),
                None => self.terms.add(Term::Namespace(target)),
            },
            Some(Target::Package) => self.package(here.package(id), name),
            Some(Target::Other) => self.terms.unknown("an import of something that is no source"),
            Some(Target::Missing) | None => self.terms.unknown("an import that does not resolve"),
        }
    }

    pub(in crate::project) fn package(&mut self, specifier: &str, name: Option<&str>) -> TermId {
        let specifier = self.terms.add_text(specifier);
        let name = name.map(|name| self.terms.add_text(name));
        self.terms.add(Term::Package(specifier, name))
    }

    /// What a module exports under a name.
    pub fn export(&mut self, module: ModuleId, name: &str) -> TermId {
        let symbols = self.world.symbols;
        let Some((owner, index)) = symbols.export(module, name) else {
            let mut seen = FxHashSet::default();
            return match self.star_outside(module, &mut seen) {
                Some(specifier) => self.package(&specifier, Some(name)),
                None => self.terms.unknown("a name that the module does not export"),
            };
        };
        let key = Key::Export(owner, index);
        if let Some(&known) = self.exports.get(&(owner, index)) {
            return known.unwrap_or_else(|| {
                self.is_open(key);
                self.terms.unknown(ITSELF)
            });
        }
        self.exports.insert((owner, index), None);
        let mark = self.begin(key);
        let export = self.module(owner).facts.exports[index as usize];
        let term = match export.kind {
            ExportKind::Value(value) => self.value(owner, value),
            ExportKind::From(import) => self.import(owner, import),
            ExportKind::Star(_) | ExportKind::Type => self.terms.unknown("a type"),
        };
        let term = self.acting(Binding::Export(owner, index), term);
        self.exports.insert((owner, index), Some(term));
        self.end(&mark);
        term
    }

    /// The package behind an `export *`, through which a name that nobody else exports may come.
    fn star_outside(&self, module: ModuleId, seen: &mut FxHashSet<ModuleId>) -> Option<String> {
        if !seen.insert(module) {
            return None;
        }
        let here = self.module(module);
        self.world.symbols.stars(module).iter().find_map(|&star| match here.targets[star as usize] {
            Target::Package => Some(here.package(star).to_owned()),
            Target::Module(next) => self.star_outside(next, seen),
            _ => None,
        })
    }
}
