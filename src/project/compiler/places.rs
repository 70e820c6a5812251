//! Where the compiler points: at functions, and at names.

use rustc_hash::{FxHashMap, FxHashSet};

use super::unit::Unit;
use crate::facts::{ExportForm, FunctionId, FunctionKind, Name, PropertyKey, Type, Value, ValueId};
use crate::source::Span;

impl Unit<'_> {
    /// Where the compiler points at a function that should be `async`, up to its body or the end of its name.
    pub(super) fn function_place(&self, id: FunctionId) -> Span {
        let function = self.facts.function(id);
        let head = Span::new(function.span.start, function.body_span.start.max(function.span.start));
        let named = self.is_identifier(function.name, function.name_span);
        let field =
            self.facts.functions.get(function.parent as usize).is_some_and(|parent| {
                parent.kind == FunctionKind::Initializer && parent.name_span == function.name_span
            });
        let at_name = match function.kind {
            FunctionKind::Declaration => self.quirks.points_at_names || (!self.quirks.methods && !self.is_default(id)),
            FunctionKind::Expression | FunctionKind::Arrow => self.quirks.points_at_names && !field,
            FunctionKind::ObjectMethod | FunctionKind::Method => self.quirks.points_at_names,
            _ => false,
        };
        let private = self.facts.text(function.name).starts_with('#');
        if at_name && named && !private { function.name_span } else { head }
    }

    /// Whether a function is declared by `export default`.
    pub(super) fn is_default(&self, id: FunctionId) -> bool {
        let span = self.facts.function(id).span;
        let mut exports = self.facts.exports.iter();
        exports.any(|export| export.form == ExportForm::DefaultFunction && export.statement.contains(span))
            && self.facts.function(id).parent == 0
    }

    /// Where a function's own name stands, or its head.
    pub(super) fn head(&self, id: FunctionId) -> Span {
        let function = self.facts.function(id);
        let end = if function.name_span.start > function.span.start && function.name_span.end < function.body_span.start
        {
            function.name_span.end
        } else {
            function.body_span.start
        };
        Span::new(function.span.start, end.max(function.span.start))
    }

    /// How a function is called in a message.
    pub(super) fn described(&self, id: FunctionId) -> String {
        match self.facts.text(self.facts.function(id).name) {
            "" | "default" => "this function".to_owned(),
            name => format!("`{name}`"),
        }
    }

    /// Whether a span holds a name as it is written, and no quotes.
    fn is_identifier(&self, name: Name, span: Span) -> bool {
        name != Name::EMPTY && (span.end - span.start) as usize == self.facts.text(name).len()
    }

    /// Where each of some names first stands in what is left of the file without its types, whatever it means there: the compiler's
    /// source map points at the first one.
    pub(super) fn first_places(&self, wanted: &FxHashSet<Name>) -> FxHashMap<Name, Span> {
        let facts = self.facts;
        let mut first: FxHashMap<Name, Span> = FxHashMap::default();
        let types = self.values_in_types();
        let erased: FxHashSet<u32> = facts.erased.iter().map(|erased| erased.span.start).collect();
        let mut note = |name: Name, span: Span| {
            if wanted.contains(&name) && self.is_identifier(name, span) && !erased.contains(&span.start) {
                let place = first.entry(name).or_insert(span);
                if span.start < place.start {
                    *place = span;
                }
            }
        };
        for (value, written) in (0..).zip(&facts.values) {
            let name = match *written {
                Value::Variable(variable) => facts.variables[variable as usize].name,
                Value::Import(import) => facts.imports[import as usize].local,
                Value::Global(name) | Value::Member(_, name) => name,
                _ => continue,
            };
            if !types.contains(&value) {
                note(name, facts.span(value));
            }
        }
        for variable in &facts.variables {
            note(variable.name, variable.span);
        }
        for property in &facts.properties {
            if let PropertyKey::Named(name) = property.key {
                note(name, property.span);
            }
        }
        for member in facts.classes.iter().flat_map(|class| &class.members) {
            note(member.name, member.span);
        }
        let stays = |type_only: bool, used: bool| !facts.kind.is_typed() || (used && !type_only);
        for import in facts.imports.iter().filter(|import| stays(import.type_only, import.used)) {
            note(import.local, import.span);
        }
        for &(import, span) in &facts.renamed {
            let import = &facts.imports[import as usize];
            if let crate::facts::Imported::Named(name) = import.imported
                && stays(import.type_only, import.used)
            {
                note(name, span);
            }
        }
        first
    }

    fn values_in_types(&self) -> FxHashSet<ValueId> {
        let mut values = FxHashSet::default();
        for written in &self.facts.types {
            let (Type::Named(mut value, _) | Type::Query(mut value)) = *written else { continue };
            while values.insert(value) {
                match self.facts.value(value) {
                    Value::Member(inner, _) => value = inner,
                    _ => break,
                }
            }
        }
        values
    }
}
