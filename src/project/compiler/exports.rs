//! What a `'use server'` or `'use cache'` file exports: the actions, and what no such file may export.

use rustc_hash::{FxHashMap, FxHashSet};

use super::unit::Unit;
use super::{ActionKind, CompiledAction, Layer, RejectionKind};
use crate::facts::{
    CallKind, ErasedKind, Export, ExportForm, ExportKind, FunctionId, FunctionKind, NONE, Name, Value, ValueId,
    VariableKind,
};
use crate::source::Span;

/// `export default`
const DEFAULT: u32 = 14;

/// What an export gives away.
enum Given {
    /// A function written at the export itself.
    Function(FunctionId),
    /// A name; its last registration may win.
    Name(Name),
    /// Whatever a call gives.
    Call,
}

impl Unit<'_> {
    pub(super) fn read_exports(&mut self) {
        let facts = self.facts;
        self.about_cache = !self.file.server;
        let given: Vec<Option<(Given, ValueId)>> = facts.exports.iter().map(|export| self.given(export)).collect();
        let mut last: FxHashMap<Name, usize> = FxHashMap::default();
        let mut locals: FxHashSet<Name> = FxHashSet::default();
        for (index, export) in facts.exports.iter().enumerate() {
            if let Some((Given::Name(local), _)) = given[index] {
                last.insert(local, index);
                locals.insert(local);
            } else if export.form == ExportForm::DefaultFunction && export.local != Name::EMPTY {
                last.insert(export.local, index);
                locals.insert(export.local);
            }
        }
        let keys = self.pattern_keys();
        locals.extend(keys.iter().map(|(key, _)| *key));
        let first = self.first_places(&locals);
        for (index, given) in given.iter().enumerate() {
            let export = &facts.exports[index];
            let Some((given, value)) = given else { continue };
            let wins = match given {
                Given::Name(local) => !self.quirks.last_name_wins || last[local] == index,
                _ => true,
            };
            if wins {
                self.register(export, given, *value, &first);
            }
        }
        for (key, declared) in keys {
            let span = first.get(&key).copied().unwrap_or(declared);
            let (name, kind) = (Some(key), ActionKind::Action);
            self.actions.push(CompiledAction { name, kind, span, declared, value: NONE, function: None });
        }
    }

    /// What an export gives away, if it may be exported at all.
    fn given(&mut self, export: &Export) -> Option<(Given, ValueId)> {
        let ExportKind::Value(value) = export.kind else {
            match (export.kind, export.form) {
                (ExportKind::Type, ExportForm::Class | ExportForm::Namespace) if !self.quirks.strips_types => {
                    self.bad_export(export);
                }
                (ExportKind::Type, ExportForm::Overload) if !self.quirks.strips_types => {
                    self.not_async(export, export.span)
                }
                (ExportKind::From(_) | ExportKind::Star(_), _) => self.bad_export(export),
                _ => {}
            }
            return None;
        };
        match export.form {
            ExportForm::Pattern if !self.quirks.array_defaults && self.has_array_default(value) => None,
            ExportForm::Variable | ExportForm::Pattern => Some((Given::Name(export.local), value)),
            ExportForm::Literal if self.file.cache && self.quirks.cache_drops_literals => None,
            ExportForm::Literal | ExportForm::Class | ExportForm::DefaultClass => {
                self.bad_export(export);
                None
            }
            ExportForm::PatternKeyDefault | ExportForm::CommonJs | ExportForm::Type | ExportForm::Rust => None,
            ExportForm::ReExport => {
                self.bad_export(export);
                None
            }
            ExportForm::Overload | ExportForm::Declare => {
                if !self.quirks.strips_types && self.is_sync_signature(export.span) {
                    self.not_async(export, export.span);
                }
                None
            }
            ExportForm::Enum if self.quirks.strips_types && self.quirks.rejects_enums => {
                self.not_async(export, export.span);
                None
            }
            ExportForm::Enum | ExportForm::ImportAlias if !self.quirks.strips_types => None,
            ExportForm::Namespace if !self.quirks.strips_types => {
                self.bad_export(export);
                None
            }
            ExportForm::Function | ExportForm::Enum | ExportForm::ImportAlias | ExportForm::Namespace => {
                Some((Given::Name(export.local), value))
            }
            ExportForm::List => self.is_value(value).then_some((Given::Name(export.local), value)),
            ExportForm::DefaultFunction => {
                let function = match self.facts.value(value) {
                    Value::Function(function) => Some(function),
                    Value::Variable(variable) => self.declared_with(variable),
                    _ => None,
                };
                function.map(|function| (Given::Function(function), value))
            }
            ExportForm::DefaultExpression => self.default_expression(export, value),
        }
        .filter(|(_, value)| !self.is_cast_literal(export, *value))
        .or_else(|| {
            if self.is_cast_literal(export, value) {
                self.bad_export(export);
            }
            None
        })
    }

    /// `export const a = 1 as number`, where types are stripped first.
    fn is_cast_literal(&self, export: &Export, value: ValueId) -> bool {
        let Value::Variable(variable) = self.facts.value(value) else { return false };
        let init = self.facts.variables[variable as usize].init;
        export.form == ExportForm::Variable
            && matches!(self.facts.value(init), Value::Cast(..))
            && self.uncast(init).is_some_and(|inner| {
                let literal = self.facts.value(inner);
                matches!(literal, Value::Null | Value::Bool(_) | Value::Number(_) | Value::Str(_) | Value::Regex(_))
            })
    }

    /// Whether a function without a body, declared there, is not `async`.
    fn is_sync_signature(&self, span: Span) -> bool {
        self.facts.erased.iter().any(|erased| erased.span == span && erased.kind == ErasedKind::Function)
    }

    /// Whether a list exports a value under this name; where types are stripped first, those are gone.
    fn is_value(&self, value: ValueId) -> bool {
        let facts = self.facts;
        match facts.value(value) {
            _ if !self.quirks.strips_types => true,
            Value::Import(import) => !facts.imports[import as usize].type_only,
            Value::Global(name) => {
                !facts.erased.iter().any(|erased| erased.name == name && erased.kind == ErasedKind::Type)
            }
            _ => true,
        }
    }

    fn default_expression(&mut self, export: &Export, value: ValueId) -> Option<(Given, ValueId)> {
        let facts = self.facts;
        let whole = facts.span(value).start == export.span.start || export.local != Name::EMPTY;
        let inner = if whole { self.uncast(value) } else { None };
        let given = inner.and_then(|inner| match facts.value(inner) {
            Value::Function(function) => {
                let arrow = facts.function(function);
                let refused = !self.quirks.stops_at_bad_export && !arrow.is_async;
                (arrow.kind == FunctionKind::Arrow && inner == value && !refused).then_some(Given::Function(function))
            }
            Value::Variable(variable) => Some(Given::Name(facts.variables[variable as usize].name)),
            Value::Import(import) => Some(Given::Name(facts.imports[import as usize].local)),
            Value::Global(name) => Some(Given::Name(name)),
            Value::Undefined => facts.names.find("undefined").map(Given::Name),
            Value::Call(call) => {
                let kind = facts.calls[call as usize].kind;
                matches!(kind, CallKind::Plain | CallKind::Require | CallKind::DynamicImport).then_some(Given::Call)
            }
            _ => None,
        });
        if given.is_none() {
            self.bad_export(export);
        }
        given.map(|given| (given, inner.unwrap_or(value)))
    }

    fn register(&mut self, export: &Export, given: &Given, value: ValueId, first: &FxHashMap<Name, Span>) {
        let facts = self.facts;
        let variable = match facts.value(value) {
            Value::Variable(variable) => Some(variable),
            _ => None,
        };
        let function = match given {
            Given::Function(function) => Some(*function),
            Given::Name(_) => variable.and_then(|variable| self.declared_with(variable)),
            Given::Call => None,
        };
        let by_list = matches!(export.form, ExportForm::List | ExportForm::DefaultExpression)
            && !matches!(given, Given::Function(_));
        if let Some(function) = function
            && (!by_list || self.quirks.last_name_wins)
        {
            self.exported.insert(function);
            self.check_exported(export, function);
        }
        if let Given::Name(local) = given
            && by_list
            && self.quirks.last_name_wins
            && !self.quirks.strips_types
            && let Some(erased) =
                facts.erased.iter().find(|erased| erased.name == *local && erased.kind == ErasedKind::Function)
        {
            self.not_async(export, erased.span);
        }
        let own = function.map(|function| self.own(function)).unwrap_or_default();
        let direct = function.is_some() && (!by_list || self.quirks.last_name_wins);
        let declared_function = function.is_some_and(|id| facts.function(id).kind == FunctionKind::Declaration);
        let alone = direct && (self.quirks.last_name_wins || declared_function);
        let cached = alone && !own.server && (own.cache || self.file.cache);
        // On the server a cached function is registered as an inline one, and so is an action of a `'use cache'` file.
        if self.layer == Layer::Server && cached {
            let function = function.filter(|_| !own.cache);
            function.into_iter().for_each(|function| self.inline(function, ActionKind::Cache));
            return;
        }
        let uncached = direct && self.file.cache && own.server;
        if uncached && (self.layer == Layer::Server || self.quirks.last_name_wins) {
            return;
        }
        let inner = function.filter(|_| direct).and_then(|function| self.inner_name(function, variable));
        let declared = match (given, variable) {
            _ if inner.is_some() => inner.map_or(export.span, |(_, span)| span),
            (Given::Function(function), _) => self.function_declared(*function),
            (Given::Name(_), Some(variable)) => self.variable_declared(variable, value),
            (Given::Name(_), None) => match facts.value(value) {
                Value::Import(import) => facts.imports[import as usize].span,
                _ => facts.span(value),
            },
            (Given::Call, _) => Span::new(export.statement.start, export.statement.start + DEFAULT),
        };
        let action = if self.file.server { !cached } else { uncached && declared_function };
        let kind = if action { ActionKind::Action } else { ActionKind::Cache };
        let span = match inner {
            Some((_, place)) => place,
            None => self.export_place(export, given, value, declared, first),
        };
        self.actions.push(CompiledAction { name: Some(export.name), kind, span, declared, value, function });
    }

    /// The own name of a function expression that a variable is declared with.
    fn inner_name(&self, function: FunctionId, variable: Option<u32>) -> Option<(Name, Span)> {
        let described = self.facts.function(function);
        let bound = self.facts.variables[variable? as usize].span;
        let own = described.kind == FunctionKind::Expression && described.name_span != bound;
        (own && self.quirks.last_name_wins).then_some((described.name, described.name_span))
    }

    fn function_declared(&self, id: FunctionId) -> Span {
        let function = self.facts.function(id);
        let named = function.kind == FunctionKind::Declaration && function.name != Name::EMPTY;
        if named { function.name_span } else { self.head(id) }
    }

    /// Where a variable is declared; where nothing of its declaration is left, where it is used.
    fn variable_declared(&self, variable: u32, value: ValueId) -> Span {
        let described = &self.facts.variables[variable as usize];
        let erased = described.kind == VariableKind::Function && described.init == NONE;
        if erased && self.quirks.strips_types { self.facts.span(value) } else { described.span }
    }

    /// Where the compiler puts an exported action.
    fn export_place(
        &self,
        export: &Export,
        given: &Given,
        value: ValueId,
        declared: Span,
        first: &FxHashMap<Name, Span>,
    ) -> Span {
        let is_default = self.facts.text(export.name) == "default";
        let local = match given {
            Given::Name(local) => *local,
            _ => export.local,
        };
        let first = first.get(&local).copied().unwrap_or(declared);
        match given {
            _ if !is_default => first,
            Given::Name(_) if self.quirks.default_at_export => self.facts.span(value),
            Given::Name(_) if self.quirks.last_name_wins => declared,
            Given::Name(_) => first,
            Given::Function(_) if local != Name::EMPTY && !self.quirks.stops_at_bad_export => first,
            Given::Call if !self.quirks.last_name_wins => export.span,
            _ => declared,
        }
    }

    /// A function that is exported itself must be `async`, and has no `this`.
    fn check_exported(&mut self, export: &Export, function: FunctionId) {
        let described = self.facts.function(function);
        if !described.is_async && (described.kind != FunctionKind::Arrow || self.quirks.checks_arrows) {
            let place = self.function_place(function);
            self.not_async(export, place);
        }
        if self.quirks.methods {
            self.check_uses(function);
        }
    }

    pub(super) fn not_async(&mut self, export: &Export, span: Span) {
        let name = match self.facts.text(export.name) {
            "default" => "the default export".to_owned(),
            name => format!("`{name}`"),
        };
        let directive = if self.file.server { "'use server'" } else { "'use cache'" };
        self.reject(
            RejectionKind::NotAsync,
            span,
            format!("{name} is exported from a `{directive}` file, and is not `async`"),
            "make the function `async`, or move it to a file without the directive".to_owned(),
        );
    }

    fn bad_export(&mut self, export: &Export) {
        let start = export.statement.start;
        let end = match export.form {
            ExportForm::ReExport => export.statement.end,
            ExportForm::DefaultClass | ExportForm::DefaultExpression => start + DEFAULT,
            _ => export.span.end.max(start),
        };
        let directive = if self.file.server { "'use server'" } else { "'use cache'" };
        let (message, help) = match (export.form, self.facts.text(export.name)) {
            (ExportForm::ReExport, _) => (
                format!("a `{directive}` file cannot re-export"),
                "import from the other file where it is used, or re-export from a file without the directive"
                    .to_owned(),
            ),
            (_, "default") => (
                format!("the default export of a `{directive}` file is no async function"),
                "export async functions by their names, and move the rest to a file without the directive".to_owned(),
            ),
            (_, name) => (
                format!("`{name}` is exported from a `{directive}` file, and is no async function"),
                format!("move `{name}` to a file without the directive, and import it from there"),
            ),
        };
        self.reject(RejectionKind::NotAFunction, Span::new(start, end), message, help);
        if self.quirks.stops_at_bad_export {
            self.stop = Some(self.stop.map_or(start, |stop| stop.min(start)));
        }
    }

    /// The statements that export something of their own.
    pub(super) fn exporting_statements(&self) -> Vec<Span> {
        let own = |export: &&Export| {
            matches!(
                export.form,
                ExportForm::Function
                    | ExportForm::Variable
                    | ExportForm::Literal
                    | ExportForm::Pattern
                    | ExportForm::PatternKeyDefault
                    | ExportForm::Class
                    | ExportForm::DefaultFunction
                    | ExportForm::DefaultClass
                    | ExportForm::DefaultExpression
            )
        };
        let mut statements: Vec<Span> = self.facts.exports.iter().filter(own).map(|export| export.statement).collect();
        statements.dedup();
        statements
    }
}
