//! One file while it is compiled.

use rustc_hash::FxHashSet;

use super::directives::Word;
use super::quirks::Quirks;
use super::{ActionKind, Compiled, CompiledAction, Layer, Rejection, RejectionKind, Settings};
use crate::facts::{Directive, DirectiveKind, FileFacts, FunctionId, FunctionKind, NONE, Value, ValueId, VariableId};
use crate::source::Span;

/// What the file's own directives say.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct FileDirectives {
    pub(super) server: bool,
    pub(super) client: bool,
    pub(super) cache: bool,
}

/// What a function's own directives say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct OwnDirectives {
    pub(super) server: bool,
    pub(super) cache: bool,
}

pub(super) struct Unit<'a> {
    pub(super) facts: &'a FileFacts,
    pub(super) quirks: Quirks,
    pub(super) layer: Layer,
    pub(super) use_cache: bool,
    pub(super) file: FileDirectives,
    /// The directives, by function.
    directives: Vec<&'a Directive>,
    /// The functions that are members of classes.
    members: FxHashSet<FunctionId>,
    /// The functions that are themselves exported by a `'use server'` or `'use cache'` file.
    pub(super) exported: FxHashSet<FunctionId>,
    /// The statements that export something of their own, in order, where the version asks for them.
    pub(super) exporting: Vec<Span>,
    /// The functions that are an object's properties, where the version asks for them.
    pub(super) properties: FxHashSet<FunctionId>,
    pub(super) actions: Vec<CompiledAction>,
    /// Whether what is looked at is about `'use cache'` alone.
    pub(super) about_cache: bool,
    /// The statement of the first bad export.
    pub(super) stop: Option<u32>,
    file_level: Vec<Rejection>,
    rejections: Vec<Rejection>,
}

impl<'a> Unit<'a> {
    pub(super) fn new(facts: &'a FileFacts, settings: &Settings, layer: Layer) -> Self {
        let mut directives: Vec<&Directive> = facts.directives.iter().collect();
        directives.sort_by_key(|directive| directive.function);
        let members = facts.classes.iter().flat_map(|class| &class.members);
        let function = |value| if let Value::Function(function) = facts.value(value) { Some(function) } else { None };
        Self {
            directives,
            members: members.filter_map(|member| function(member.value)).collect(),
            facts,
            quirks: Quirks::of(settings),
            layer,
            use_cache: settings.use_cache,
            file: FileDirectives::default(),
            exported: FxHashSet::default(),
            exporting: Vec::new(),
            properties: FxHashSet::default(),
            actions: Vec::new(),
            about_cache: false,
            stop: None,
            file_level: Vec::new(),
            rejections: Vec::new(),
        }
    }

    /// Notes a rejection, of the file's own directives or of what stands in it.
    pub(super) fn reject_at(&mut self, file: bool, kind: RejectionKind, span: Span, message: String, help: String) {
        let ignored = kind.is_ignored();
        let cache = self.about_cache && kind != RejectionKind::Conflict;
        let rejection = Rejection { kind, message, help, span, cache, ignored, unseen: false };
        if file { self.file_level.push(rejection) } else { self.rejections.push(rejection) }
    }

    pub(super) fn reject_file(&mut self, kind: RejectionKind, span: Span, message: String, help: String) {
        self.reject_at(true, kind, span, message, help);
    }

    pub(super) fn reject(&mut self, kind: RejectionKind, span: Span, message: String, help: String) {
        self.reject_at(false, kind, span, message, help);
    }

    /// What is registered and rejected, in order. A rejected file registers nothing.
    pub(super) fn finish(mut self) -> Compiled {
        if let Some(stop) = self.stop {
            for rejection in &mut self.rejections {
                rejection.unseen = rejection.span.start > stop;
            }
        }
        let mut rejections = self.file_level;
        rejections.append(&mut self.rejections);
        rejections.sort_by_key(|rejection| (rejection.span.start, rejection.kind));
        rejections.dedup_by_key(|rejection| (rejection.span.start, rejection.kind));
        let mut actions = self.actions;
        let reference = self.layer == Layer::Server && self.file.client && !self.file.server;
        if reference || rejections.iter().any(|rejection| !rejection.ignored) {
            actions.clear();
        }
        actions.sort_by_key(|action| (action.span.start, action.name));
        Compiled { actions, rejections }
    }

    pub(super) fn inline(&mut self, function: FunctionId, kind: ActionKind) {
        let described = self.facts.function(function);
        let span = Span::new(described.span.start, described.body_span.start.max(described.span.start));
        let function = Some(function);
        self.actions.push(CompiledAction { name: None, kind, span, declared: span, value: NONE, function });
    }

    /// The directives in a function's body; 0 is the file.
    pub(super) fn directives_of(&self, function: FunctionId) -> Vec<&'a Directive> {
        let start = self.directives.partition_point(|directive| directive.function < function);
        self.directives[start..].iter().take_while(|directive| directive.function == function).copied().collect()
    }

    /// The functions with directives, the file excepted.
    pub(super) fn directed(&self) -> Vec<FunctionId> {
        let mut functions: Vec<FunctionId> = self.directives.iter().map(|directive| directive.function).collect();
        functions.dedup();
        functions.retain(|&function| function != 0);
        functions
    }

    /// Whether a method or an accessor is one of a class, not of an object.
    pub(super) fn is_member(&self, function: FunctionId) -> bool {
        self.members.contains(&function)
    }

    /// The directives that open a function's body.
    pub(super) fn own(&self, function: FunctionId) -> OwnDirectives {
        let mut own = OwnDirectives::default();
        for directive in self.directives_of(function) {
            if directive.kind == DirectiveKind::Prologue {
                match self.quirks.word(self.facts.text(directive.text)) {
                    Word::Server => own.server = true,
                    Word::Cache => own.cache = true,
                    _ => {}
                }
            }
        }
        own
    }

    /// The function that a variable is declared with, written out.
    pub(super) fn declared_with(&self, variable: VariableId) -> Option<FunctionId> {
        match self.facts.value(self.facts.variables[variable as usize].init) {
            Value::Function(function) => Some(function),
            _ => None,
        }
    }

    /// An exported value without its casts where the compiler strips types first; `None` where it is in parentheses under them.
    pub(super) fn uncast(&self, mut value: ValueId) -> Option<ValueId> {
        while let Value::Cast(inner, _) = self.facts.value(value) {
            if !self.quirks.strips_types || self.facts.span(inner).start != self.facts.span(value).start {
                return None;
            }
            value = inner;
        }
        Some(value)
    }

    /// Whether nothing but class bodies stands between a function and the file's top level.
    pub(super) fn is_outermost(&self, function: FunctionId) -> bool {
        let mut parent = self.facts.function(function).parent;
        while parent != 0 {
            let described = self.facts.function(parent);
            if described.kind != FunctionKind::Initializer || described.name_span == described.span {
                return false;
            }
            parent = described.parent;
        }
        true
    }
}
