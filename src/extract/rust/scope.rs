//! Names: which declaration of the file a path means, as Rust's own scoping has it.
//!
//! Items are seen in their whole block, locals from their declaration on; a function item does not see the locals around it, and an
//! inline module sees nothing of the module around it. A variable or export that stands in an inline module carries its path
//! (`tests::helper`); sources that start with `self` or `super` are relative to the file's own module.

use proc_macro2::{Ident, Span as TokenSpan};
use rustc_hash::FxHashMap;

use super::context::{Context, index};
use crate::facts::{FunctionId, ImportId, NONE, Name, Type, TypeId, Value, ValueId, VariableId};

/// An index into [`Context::scopes`].
pub(super) type ScopeId = u32;

/// What a scope is to the names outside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ScopeKind {
    /// Sees everything around it.
    Open,
    /// The body of a function item: sees items, not locals.
    Item,
    /// A module: sees nothing.
    Module,
}

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Binding {
    Local(VariableId),
    Item(VariableId),
    Import(ImportId),
    Module(ScopeId),
    Type(TypeId),
}

/// What sort of name is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// A value: `x`
    Value,
    /// A type or module, as in front of `::`
    Path,
    /// A macro or attribute
    Macro,
}

#[derive(Debug)]
pub(super) struct Scope {
    parent: Option<ScopeId>,
    kind: ScopeKind,
    /// Each binding, and the one of the same name before it.
    bindings: Vec<(Binding, Option<u32>)>,
    /// The last binding of each name.
    latest: FxHashMap<Name, u32>,
    /// Modules of this file whose names are all imported.
    pub(super) globs: Vec<ScopeId>,
    /// The path of an inline module with its `::`, empty elsewhere.
    pub(super) prefix: String,
}

impl Scope {
    pub(super) fn root() -> Self {
        Self {
            parent: None,
            kind: ScopeKind::Module,
            bindings: Vec::new(),
            latest: FxHashMap::default(),
            globs: Vec::new(),
            prefix: String::new(),
        }
    }
}

impl Scope {
    /// What `name` is bound to, the last binding first.
    fn of(&self, name: Name) -> impl Iterator<Item = Binding> {
        let entry = |at: u32| self.bindings[at as usize];
        let first = self.latest.get(&name).map(|&at| entry(at));
        std::iter::successors(first, move |&(_, before)| before.map(entry)).map(|(binding, _)| binding)
    }
}

/// Opens a scope inside the present one.
pub(super) fn open(cx: &mut Context, kind: ScopeKind) -> ScopeId {
    let prefix = cx.scopes[cx.scope as usize].prefix.clone();
    cx.scopes.push(Scope { parent: Some(cx.scope), kind, prefix, ..Scope::root() });
    cx.scope = index(cx.scopes.len() - 1);
    cx.scope
}

/// Leaves the present scope.
pub(super) fn close(cx: &mut Context) {
    cx.scope = cx.scopes[cx.scope as usize].parent.unwrap_or(0);
}

pub(super) fn bind(cx: &mut Context, name: Name, binding: Binding) {
    let scope = &mut cx.scopes[cx.scope as usize];
    let before = scope.latest.insert(name, index(scope.bindings.len()));
    scope.bindings.push((binding, before));
}

/// The module in which `scope` stands.
pub(super) fn module_of(cx: &Context, mut scope: ScopeId) -> ScopeId {
    while cx.scopes[scope as usize].kind != ScopeKind::Module {
        let Some(parent) = cx.scopes[scope as usize].parent else { break };
        scope = parent;
    }
    scope
}

/// The module around the module `scope`, if it is in this file.
pub(super) fn parent_module(cx: &Context, scope: ScopeId) -> Option<ScopeId> {
    cx.scopes[scope as usize].parent.map(|parent| module_of(cx, parent))
}

/// What `name` stands for in the module `scope`, seen from outside.
pub(super) fn in_module(cx: &Context, scope: ScopeId, name: Name, sort: Sort, hops: u32) -> Option<Binding> {
    if let Some(binding) = cx.scopes[scope as usize].of(name).find(|&binding| fits(cx, binding, sort)) {
        return Some(binding);
    }
    if hops == 0 {
        return None;
    }
    let globs = &cx.scopes[scope as usize].globs;
    globs.iter().find_map(|&other| in_module(cx, other, name, sort, hops - 1))
}

/// What `name` stands for here.
pub(super) fn find(cx: &Context, name: Name, sort: Sort) -> Option<Binding> {
    let (mut scope, mut locals) = (cx.scope, true);
    loop {
        let here = &cx.scopes[scope as usize];
        if here.kind == ScopeKind::Module {
            return in_module(cx, scope, name, sort, 3);
        }
        let seen = |binding| fits(cx, binding, sort) && (locals || !matches!(binding, Binding::Local(_)));
        if let Some(binding) = here.of(name).find(|&binding| seen(binding)) {
            return Some(binding);
        }
        if let Some(binding) = here.globs.iter().find_map(|&other| in_module(cx, other, name, sort, 3)) {
            return Some(binding);
        }
        locals &= here.kind != ScopeKind::Item;
        scope = here.parent?;
    }
}

fn fits(cx: &Context, binding: Binding, sort: Sort) -> bool {
    match (sort, binding) {
        (Sort::Value, Binding::Module(_)) => false,
        (Sort::Value, Binding::Import(import)) => {
            cx.facts.imports[import as usize].kind != crate::facts::ImportKind::Mod
        }
        (Sort::Value, _) => true,
        (Sort::Path, Binding::Local(_)) => false,
        (Sort::Path, Binding::Item(variable)) => {
            cx.facts.variables[variable as usize].kind == crate::facts::VariableKind::Class
        }
        (Sort::Path, _) => true,
        (Sort::Macro, binding) => matches!(binding, Binding::Import(_)),
    }
}

/// The value of a path, marked as read.
pub(super) fn path(cx: &mut Context, segments: &[&Ident], sort: Sort) -> ValueId {
    let texts: Vec<String> = segments.iter().map(ToString::to_string).collect();
    let spans: Vec<TokenSpan> = segments.iter().map(|segment| segment.span()).collect();
    named(cx, &texts, &spans, sort)
}

fn named(cx: &mut Context, texts: &[String], spans: &[TokenSpan], sort: Sort) -> ValueId {
    let (Some(first), Some(&start)) = (texts.first(), spans.first()) else { return NONE };
    if texts.len() == 1 && first == "self" {
        let span = cx.span(start);
        let function = cx.function();
        cx.facts.functions[function as usize].this.get_or_insert(span);
        return cx.push(Value::This, span);
    }
    let (binding, used) = resolve(cx, texts, sort);
    let whole = cx.join(start, spans[spans.len() - 1]);
    let Some(binding) = binding else {
        if sort == Sort::Value && texts.len() == 1 && first == "None" {
            return cx.push(Value::Null, whole);
        }
        let text = relative(cx, texts);
        let name = cx.intern(&text);
        return cx.push(Value::Global(name), whole);
    };
    let span = cx.join(start, spans[used - 1]);
    let value = value_of(cx, binding);
    let mut value = cx.push(value, span);
    for (text, &end) in texts[used..].iter().zip(&spans[used..]) {
        let end = cx.span(end);
        value = cx.member(value, text, end);
    }
    value
}

/// The binding that the first segments of a path mean, and how many they are.
fn resolve(cx: &mut Context, texts: &[String], sort: Sort) -> (Option<Binding>, usize) {
    let (mut module, mut used) = match walk_up(cx, texts) {
        Some((module, used)) => (Some(module), used),
        None => (None, 0),
    };
    loop {
        let Some(text) = texts.get(used) else { return (None, used) };
        let name = cx.intern(text);
        let wanted = if used + 1 == texts.len() { sort } else { Sort::Path };
        let binding = match module {
            Some(module) => in_module(cx, module, name, wanted, 3),
            None if used == 0 => find(cx, name, wanted),
            None => None,
        };
        used += 1;
        match binding {
            Some(Binding::Module(inner)) if used < texts.len() => module = Some(inner),
            Some(Binding::Module(_)) | None => return (None, used),
            found => return (found, used),
        }
    }
}

/// The module of this file that leading `self::` and `super::` mean, and how many segments they take.
pub(super) fn walk_up(cx: &Context, texts: &[String]) -> Option<(ScopeId, usize)> {
    let mut module = module_of(cx, cx.scope);
    let mut used = 0;
    while let Some(text) = texts.get(used) {
        match text.as_str() {
            "self" => {}
            "super" => module = parent_module(cx, module)?,
            _ => break,
        }
        used += 1;
    }
    (used > 0).then_some((module, used))
}

/// A path that leads out of the file, with a leading `self` and `super` relative to the file's module.
pub(super) fn relative(cx: &Context, texts: &[String]) -> String {
    let mut module = module_of(cx, cx.scope);
    let mut rest = texts;
    let mut ups = 0;
    while let [first, tail @ ..] = rest {
        match first.as_str() {
            "self" => {}
            "super" => match parent_module(cx, module) {
                Some(parent) => module = parent,
                None => ups += 1,
            },
            _ => break,
        }
        rest = tail;
    }
    if rest.len() == texts.len() {
        return texts.join("::");
    }
    let mut parts: Vec<&str> = if ups > 0 { vec!["super"; ups] } else { vec!["self"] };
    parts.extend(cx.scopes[module as usize].prefix.split("::").filter(|part| !part.is_empty()));
    parts.extend(rest.iter().map(String::as_str));
    parts.join("::")
}

/// The value behind a binding, marked as read.
pub(super) fn value_of(cx: &mut Context, binding: Binding) -> Value {
    match binding {
        Binding::Local(variable) => {
            cx.facts.variables[variable as usize].read = true;
            capture(cx, variable);
            Value::Variable(variable)
        }
        Binding::Item(variable) => {
            cx.facts.variables[variable as usize].read = true;
            Value::Variable(variable)
        }
        Binding::Import(import) => {
            cx.facts.imports[import as usize].used = true;
            Value::Import(import)
        }
        Binding::Type(ty) => match cx.facts.types.get(ty as usize) {
            Some(&Type::Named(value, _)) => cx.facts.value(value),
            _ => Value::Unknown,
        },
        Binding::Module(_) => Value::Unknown,
    }
}

/// Notes `variable` for every function between here and the one that declares it.
fn capture(cx: &mut Context, variable: VariableId) {
    let owner: FunctionId = cx.facts.variables[variable as usize].function;
    let mut function = cx.function();
    while function != owner && function != NONE && owner != 0 {
        cx.captures.insert((function, variable));
        function = cx.facts.functions[function as usize].parent;
    }
}

/// The local variable that `name` means here.
pub(super) fn local(cx: &Context, name: Name) -> Option<VariableId> {
    match find(cx, name, Sort::Value)? {
        Binding::Local(variable) => Some(variable),
        _ => None,
    }
}

/// The module of this file that a whole path means.
pub(super) fn own_module(cx: &mut Context, path: &[String]) -> Option<ScopeId> {
    let (mut module, mut used) = match walk_up(cx, path) {
        Some((module, used)) => (Some(module), used),
        None if path.first().is_some_and(|first| first == "super") => return None,
        None => (None, 0),
    };
    while let Some(text) = path.get(used) {
        let name = cx.intern(text);
        let binding = match module {
            Some(module) => in_module(cx, module, name, Sort::Path, 3),
            None => find(cx, name, Sort::Path),
        };
        let Some(Binding::Module(inner)) = binding else { return None };
        module = Some(inner);
        used += 1;
    }
    module
}
