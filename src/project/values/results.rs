//! What the calls of a file give: their callees and arguments, and what functions return.

use super::evaluate::Evaluator;
use super::progress::Key;
use super::terms::{ITSELF, Term, TermId};
use crate::facts::{CallId, CallKind, NONE, Op, Step, ValueId};
use crate::project::program::modules::{FunctionRef, ModuleId};

impl Evaluator<'_> {
    pub(in crate::project) fn call_value(&mut self, module: ModuleId, id: CallId) -> TermId {
        let call = self.module(module).facts.calls[id as usize];
        if call.kind == CallKind::Jsx {
            return self.terms.unknown("an element");
        }
        let callee = self.value(module, call.callee);
        if matches!(call.kind, CallKind::DynamicImport | CallKind::Require) {
            return callee;
        }
        let arguments = self.list(module, call.arguments);
        let given = self.call(callee, &arguments, call.kind == CallKind::New);
        if call.types.len == 0 || self.is_own(given) { given } else { self.generic(given, module, call.types) }
    }

    /// The callee of a call, and its arguments; the children of an element are a prop of it.
    pub fn callee(&mut self, module: ModuleId, id: CallId) -> (TermId, Vec<TermId>) {
        let call = self.module(module).facts.calls[id as usize];
        let callee = self.value(module, call.callee);
        let mut arguments = self.list(module, call.arguments);
        if call.kind == CallKind::Jsx && arguments.len() > 1 {
            let children: Vec<TermId> = arguments.drain(1..).collect();
            let key = self.terms.add_literal("children");
            let children = match children.as_slice() {
                [only] => *only,
                many => {
                    let list = self.terms.add_list(many);
                    self.terms.add(Term::Array(list))
                }
            };
            if let Term::Object(list) = self.terms.get(arguments[0]) {
                let entries = [self.terms.list(list), &[key, children]].concat();
                let list = self.terms.add_list(&entries);
                arguments[0] = self.terms.add(Term::Object(list));
            }
        }
        (callee, arguments)
    }

    /// What a function of the project gives, in its own parameters and those of the functions around it.
    pub(in crate::project) fn returned(&mut self, function: FunctionRef) -> TermId {
        let key = Key::Returned(function);
        if let Some(&known) = self.returned.get(&function) {
            return known.unwrap_or_else(|| {
                self.is_open(key);
                self.terms.unknown(ITSELF)
            });
        }
        self.returned.insert(function, None);
        let mark = self.begin(key);
        let facts = &self.module(function.module).facts;
        let returned: Vec<ValueId> = facts
            .body(function.function)
            .iter()
            .filter_map(|step| match step.op {
                Op::Return(value) if value != NONE => Some(value),
                _ => None,
            })
            .collect();
        let mut terms: Vec<TermId> = returned.into_iter().map(|value| self.value(function.module, value)).collect();
        if may_end(facts.body(function.function)) {
            terms.push(self.terms.add(Term::Undefined));
        }
        let term = self.terms.union(&terms);
        let term = self.or_annotated(function.module, term, facts.function(function.function).returns);
        self.returned.insert(function, Some(term));
        self.end(&mark);
        term
    }
}

/// Whether a body may end without a value: not where its last statement returns or throws, as far as that is easily seen.
fn may_end(body: &[Step]) -> bool {
    if body.iter().any(|step| step.op == Op::Return(NONE)) {
        return true;
    }
    let leaves = |step: Option<&Step>| matches!(step.map(|step| step.op), Some(Op::Return(_) | Op::Throw(_)));
    let end = u32::try_from(body.len()).unwrap_or(NONE);
    // The last step is in a branch where one reaches up to the end.
    let around = body.iter().any(|step| match step.op {
        Op::Branch { end: of, .. } | Op::Loop { end: of, .. } | Op::Switch { end: of, .. } => of == end,
        Op::Case { end: of, .. } | Op::Try { end: of, .. } | Op::Block { end: of } => of == end,
        _ => false,
    });
    !leaves(body.last()) || around
}
