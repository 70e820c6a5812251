//! Which names an exported pattern gives, in versions that miscount them.

use rustc_hash::FxHashSet;

use super::unit::Unit;
use crate::facts::{ExportForm, ExportKind, Name, Value, ValueId};
use crate::source::Span;

impl Unit<'_> {
    /// Whether a part of a pattern stands below an element with a default: `[a = 1]`.
    pub(super) fn has_array_default(&self, value: ValueId) -> bool {
        let Value::Variable(variable) = self.facts.value(value) else { return false };
        let mut part = self.facts.variables[variable as usize].init;
        loop {
            part = match self.facts.value(part) {
                Value::Logical(_, inner, _) if matches!(self.facts.value(inner), Value::Index(..)) => return true,
                Value::Member(inner, _) | Value::Index(inner, _) | Value::Rest(inner) | Value::Logical(_, inner, _) => {
                    inner
                }
                _ => return false,
            };
        }
    }

    /// Below 16.1 the identifier keys of an exported pattern are taken for names too.
    pub(super) fn pattern_keys(&self) -> Vec<(Name, Span)> {
        let facts = self.facts;
        let mut keys = Vec::new();
        if self.quirks.last_name_wins {
            return keys;
        }
        let mut seen: FxHashSet<u32> = FxHashSet::default();
        for export in &facts.exports {
            let ExportKind::Value(value) = export.kind else { continue };
            if !matches!(export.form, ExportForm::Pattern | ExportForm::PatternKeyDefault) {
                continue;
            }
            let Value::Variable(variable) = facts.value(value) else { continue };
            let mut part = facts.variables[variable as usize].init;
            loop {
                match facts.value(part) {
                    Value::Member(inner, key) => {
                        let span = facts.span(part);
                        let written = (span.end - span.start) as usize == facts.text(key).len();
                        if written && span.start != export.span.start && seen.insert(span.start) {
                            keys.push((key, span));
                        }
                        part = inner;
                    }
                    Value::Index(inner, _) | Value::Rest(inner) | Value::Logical(_, inner, _) => part = inner,
                    _ => break,
                }
            }
        }
        keys
    }
}
