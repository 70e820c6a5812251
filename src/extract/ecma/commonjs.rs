//! What CommonJS exports, by its assignments.

use super::builder::Builder;
use crate::facts::{ExportForm, ExportKind, Name, PropertyKey, Value, ValueId};
use crate::source::Span;

impl Builder {
    /// `module.exports = x`, `module.exports.a = x`, `exports.a = x`
    pub(super) fn common_js(&mut self, target: ValueId, value: ValueId, place: Span) {
        let Value::Member(object, name) = self.facts.value(target) else { return };
        let form = ExportForm::CommonJs;
        if self.is_global(object, "exports") || self.is_module_exports(object) {
            self.export(name, ExportKind::Value(value), form, place, place, Name::EMPTY);
        } else if self.is_module_exports(target) {
            let default = self.name("default");
            self.export(default, ExportKind::Value(value), form, place, place, Name::EMPTY);
            if let Value::Object(list) = self.facts.value(value) {
                for property in self.facts.properties(list).to_vec() {
                    if let PropertyKey::Named(name) = property.key {
                        let kind = ExportKind::Value(property.value);
                        self.export(name, kind, form, property.span, place, Name::EMPTY);
                    }
                }
            }
        }
    }

    fn is_module_exports(&self, value: ValueId) -> bool {
        matches!(self.facts.value(value), Value::Member(object, name)
            if self.names.text(name) == "exports" && self.is_global(object, "module"))
    }

    fn is_global(&self, value: ValueId, text: &str) -> bool {
        matches!(self.facts.value(value), Value::Global(name) if self.names.text(name) == text)
    }
}
