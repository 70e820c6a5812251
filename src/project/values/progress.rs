//! What is being worked out at the moment. A value that is asked for while it is worked out is not known yet; what was found with the help
//! of such an answer is forgotten once that value is known, so that it does not matter which of several is asked for first.

use super::evaluate::Evaluator;
use super::terms::{Bindings, TermId, TextId};
use crate::facts::{TypeId, ValueId, VariableId};
use crate::project::program::modules::{FunctionRef, ModuleId};

/// Something that is worked out once and kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::project) enum Key {
    Value(ModuleId, ValueId),
    Variable(ModuleId, VariableId),
    Export(ModuleId, u32),
    Returned(FunctionRef),
    Said(ModuleId, TypeId),
    ExportedType(ModuleId, TextId),
    Substituted(TermId, Bindings),
}

/// What is open, outermost first, and what hangs on it.
pub(in crate::project) struct Progress {
    open: Vec<Key>,
    /// The outermost open key that was asked for since the last look.
    lowest: usize,
    /// What was found while a key further out was not known.
    tentative: Vec<Key>,
}

impl Default for Progress {
    fn default() -> Self {
        Self { open: Vec::new(), lowest: usize::MAX, tentative: Vec::new() }
    }
}

/// Where things stood when a key was opened.
pub(in crate::project) struct Mark {
    lowest: usize,
    tentative: usize,
}

/// More than this is kept as it was found: a knot of that size has no one answer that is worth the time.
const MOST_FORGOTTEN: usize = 512;

impl Evaluator<'_> {
    /// Opens a key.
    pub(in crate::project) fn begin(&mut self, key: Key) -> Mark {
        let progress = &mut self.progress;
        progress.open.push(key);
        let lowest = std::mem::replace(&mut progress.lowest, usize::MAX);
        Mark { lowest, tentative: progress.tentative.len() }
    }

    /// Notes that a key was asked for that is not known; whether that is because it is open.
    pub(in crate::project) fn is_open(&mut self, key: Key) -> bool {
        let progress = &mut self.progress;
        let Some(index) = progress.open.iter().rposition(|&open| open == key) else { return false };
        progress.lowest = progress.lowest.min(index);
        true
    }

    /// Closes the innermost key, whose answer is kept by now.
    pub(in crate::project) fn end(&mut self, mark: &Mark) {
        let progress = &mut self.progress;
        let Some(key) = progress.open.pop() else { return };
        let (index, lowest) = (progress.open.len(), progress.lowest);
        if lowest < index {
            progress.tentative.push(key);
            progress.lowest = lowest.min(mark.lowest);
            return;
        }
        progress.lowest = mark.lowest;
        let hanging = progress.tentative.split_off(mark.tentative);
        if hanging.len() <= MOST_FORGOTTEN {
            hanging.into_iter().for_each(|key| self.forget(key));
        }
    }

    fn forget(&mut self, key: Key) {
        match key {
            Key::Value(module, value) => self.values[module as usize][value as usize] = None,
            Key::Variable(module, variable) => drop(self.variables.remove(&(module, variable))),
            Key::Export(module, export) => drop(self.exports.remove(&(module, export))),
            Key::Returned(function) => drop(self.returned.remove(&function)),
            Key::Said(module, ty) => drop(self.said.remove(&(module, ty))),
            Key::ExportedType(module, name) => drop(self.exported_types.remove(&(module, name))),
            Key::Substituted(term, bindings) => drop(self.substituted.remove(&(term, bindings))),
        }
    }
}
