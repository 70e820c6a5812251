//! Where a module puts things into members, passes functions on and calls its base classes: found once a module, when first asked for.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::evaluate::Evaluator;
use super::terms::{Term, TermId};
use crate::facts::{
    CallId, CallKind, ClassId, FileFacts, FunctionId, FunctionKind, List, NONE, Name, Op, Value, ValueId, VariableId,
};
use crate::project::program::modules::ModuleId;

/// Whose member something is put into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Owner {
    /// `variable.name = value`
    Variable(VariableId),
    /// `this.name = value` in a class, `Class.name = value`
    Class(ClassId),
    /// `globalThis.name = value`
    Global,
}

/// What is found.
#[derive(Default)]
pub(in crate::project) struct Sites {
    /// What is put where, and whether a constructor does it; in source order.
    puts: FxHashMap<Owner, Vec<(Name, ValueId, bool)>>,
    /// The call that a function literal is handed to, and as which argument.
    callbacks: FxHashMap<FunctionId, (CallId, u32)>,
    /// The arguments of `super(..)`, by constructor.
    supers: FxHashMap<FunctionId, List>,
}

impl Sites {
    fn of(facts: &FileFacts) -> Self {
        let mut sites = Self::default();
        for function in &facts.functions {
            let constructs = function.kind == FunctionKind::Constructor;
            for step in &facts.steps[function.body.range()] {
                let Op::Assign(place, value) = step.op else { continue };
                let Value::Member(object, name) = facts.value(place) else { continue };
                if let Some(owner) = owner(facts, object) {
                    sites.puts.entry(owner).or_default().push((name, value, constructs));
                }
            }
        }
        for (id, call) in (0..).zip(&facts.calls) {
            if call.kind != CallKind::Jsx {
                for (position, &argument) in (0..).zip(facts.list(call.arguments)) {
                    if let Value::Function(function) = facts.value(argument) {
                        sites.callbacks.insert(function, (id, position));
                    }
                }
            }
            if facts.value(call.callee) == Value::Super {
                sites.supers.insert(call.function, call.arguments);
            }
        }
        sites
    }

    /// The call that a function literal is handed to, and as which argument.
    pub(in crate::project) fn handed_to(&self, function: FunctionId) -> Option<(CallId, u32)> {
        self.callbacks.get(&function).copied()
    }

    /// The arguments of `super(..)` in a constructor.
    pub(in crate::project) fn super_arguments(&self, constructor: FunctionId) -> Option<List> {
        self.supers.get(&constructor).copied()
    }
}

fn owner(facts: &FileFacts, object: ValueId) -> Option<Owner> {
    match facts.value(object) {
        Value::Variable(variable) => match facts.value(facts.variables[variable as usize].init) {
            Value::Class(class) => Some(Owner::Class(class)),
            _ => Some(Owner::Variable(variable)),
        },
        Value::This => class_around(facts, object).map(Owner::Class),
        _ => is_global(facts, object).then_some(Owner::Global),
    }
}

/// Whether a value is the global object: `globalThis`, `(global as any)`.
fn is_global(facts: &FileFacts, object: ValueId) -> bool {
    match facts.value(object) {
        Value::Global(name) => matches!(facts.text(name), "global" | "globalThis"),
        Value::Cast(inner, _) => is_global(facts, inner),
        _ => false,
    }
}

/// The innermost class around a value.
pub(in crate::project) fn class_around(facts: &FileFacts, value: ValueId) -> Option<ClassId> {
    let span = facts.span(value);
    let inside = (0..).zip(&facts.classes).filter(|(_, class)| class.span.contains(span));
    inside.min_by_key(|(_, class)| class.span.end - class.span.start).map(|(id, _)| id)
}

impl Evaluator<'_> {
    pub(in crate::project) fn sites(&mut self, module: ModuleId) -> Rc<Sites> {
        let facts = &self.module(module).facts;
        let known = self.sites[module as usize].get_or_insert_with(|| Rc::new(Sites::of(facts)));
        Rc::clone(known)
    }

    /// A member of a variable or of the global object, with what the module puts there.
    pub(in crate::project) fn with_puts(
        &mut self,
        module: ModuleId,
        object: ValueId,
        name: Name,
        member: TermId,
    ) -> TermId {
        let facts = &self.module(module).facts;
        let owner = match facts.value(object) {
            Value::Variable(variable) => Owner::Variable(variable),
            _ if is_global(facts, object) => Owner::Global,
            _ => return member,
        };
        let sites = self.sites(module);
        let puts = sites.puts.get(&owner).map_or(&[][..], Vec::as_slice);
        if !puts.iter().any(|put| put.0 == name) {
            return member;
        }
        let known = !matches!(self.terms.get(member), Term::Unknown(super::terms::NO_SUCH_NAME));
        let mut all = match self.terms.get(member) {
            _ if !known => vec![self.terms.add(Term::Undefined)],
            // The module itself says what takes its place.
            Term::Union(list) => self.terms.list(list).iter().copied().filter(|&of| !self.changes(of)).collect(),
            _ => vec![member],
        };
        for &(_, value, _) in puts.iter().filter(|put| put.0 == name) {
            all.push(self.value(module, value));
        }
        self.terms.union(&all)
    }

    /// Whether a value stands for whatever may take the place of another.
    fn changes(&self, term: TermId) -> bool {
        self.terms.get(term) == Term::Unknown(super::sources::CHANGES)
    }

    /// What a class puts into a field of its own: first value, assignments. `None` where there is no such field.
    pub(in crate::project) fn field(
        &mut self,
        home: ModuleId,
        class: ClassId,
        name: &str,
        first: ValueId,
    ) -> Option<TermId> {
        let facts = &self.module(home).facts;
        let sites = self.sites(home);
        let of_class = sites.puts.get(&Owner::Class(class)).map_or(&[][..], Vec::as_slice);
        let puts = || of_class.iter().filter(|put| facts.text(put.0) == name);
        let mut all = Vec::new();
        if first != NONE {
            all.push(self.value(home, first));
        } else if puts().next().is_some() && !puts().any(|put| put.2) {
            all.push(self.terms.add(Term::Undefined));
        }
        for &(_, value, _) in puts() {
            all.push(self.value(home, value));
        }
        (!all.is_empty()).then(|| self.terms.union(&all))
    }
}
