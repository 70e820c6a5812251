//! stub
use crate::apps::{Bundler, Version};
use crate::facts::*;
use crate::source::Span;
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionKind {
    Action,
    Cache,
}
#[derive(Debug, Clone)]
pub struct Settings {
    pub bundler: Bundler,
    pub version: Version,
    pub use_cache: bool,
}
pub enum Layer {
    Server,
    Client,
}
#[derive(Debug, Clone, Default)]
pub struct Compiled {
    pub actions: Vec<CompiledAction>,
}
#[derive(Debug, Clone)]
pub struct CompiledAction {
    pub name: Option<Name>,
    pub kind: ActionKind,
    pub span: Span,
    pub value: ValueId,
    pub function: Option<FunctionId>,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModuleDirective {
    Server,
    Client,
    Cache,
    None,
}
pub fn directive(facts: &FileFacts, _s: &Settings) -> ModuleDirective {
    for d in facts.directives_of(0) {
        if d.kind == DirectiveKind::Prologue {
            match facts.text(d.text) {
                "use server" => return ModuleDirective::Server,
                "use client" => return ModuleDirective::Client,
                _ => {}
            }
        }
    }
    ModuleDirective::None
}
pub fn compile(facts: &FileFacts, s: &Settings, _l: Layer) -> Compiled {
    let mut c = Compiled::default();
    if directive(facts, s) == ModuleDirective::Server {
        for e in &facts.exports {
            if let ExportKind::Value(v) = e.kind {
                let function = match facts.value(v) {
                    Value::Function(f) => Some(f),
                    Value::Variable(x) => match facts.value(facts.variables[x as usize].init) {
                        Value::Function(f) => Some(f),
                        _ => None,
                    },
                    _ => None,
                };
                c.actions.push(CompiledAction {
                    name: Some(e.name),
                    kind: ActionKind::Action,
                    span: e.span,
                    value: v,
                    function,
                });
            }
        }
    }
    for d in &facts.directives {
        if d.function != 0 && d.kind == DirectiveKind::Prologue && facts.text(d.text) == "use server" {
            c.actions.push(CompiledAction {
                name: None,
                kind: ActionKind::Action,
                span: facts.function(d.function).span,
                value: NONE,
                function: Some(d.function),
            });
        }
    }
    c
}
