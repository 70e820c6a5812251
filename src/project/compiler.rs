//! What the framework's own compiler says of one file: which functions it registers as actions, and what it rejects.
//!
//! A pure function of the file's facts, the compiler's version and bundler, and the layer that compiles the file. Knows no other
//! file and no rule. `fixtures/oracle` holds what the compilers themselves said; where they are odd, so is this.

mod bodies;
mod directives;
mod exports;
mod patterns;
mod places;
mod quirks;
mod rejection;
mod server_imports;
mod unit;

pub use rejection::{Rejection, RejectionKind};

use crate::apps::{Bundler, Version};
use crate::facts::{FileFacts, FunctionId, Name, ValueId};
use crate::source::Span;
use directives::Word;
use quirks::Quirks;
use unit::Unit;

/// How an app's compiler is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Which pipeline compiles the app.
    pub bundler: Bundler,
    /// The version whose semantics it follows.
    pub version: Version,
    /// Whether `'use cache'` is enabled.
    pub use_cache: bool,
}

/// Which graph compiles a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Layer {
    /// The server's, actions included.
    Server,
    /// That of client modules, for the browser and for their render on the server.
    Client,
}

/// What the compiler makes of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compiled {
    /// What it registers, by position; nothing where it rejects the file.
    pub actions: Vec<CompiledAction>,
    /// What it rejects or silently ignores, by position.
    pub rejections: Vec<Rejection>,
}

/// What sort of reference is registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ActionKind {
    /// A `'use server'` function.
    Action,
    /// A `'use cache'` function.
    Cache,
}

/// One function that the compiler registers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompiledAction {
    /// As exported, `default` for a default export; `None` for an inline one.
    pub name: Option<Name>,
    /// What sort of reference it is.
    pub kind: ActionKind,
    /// Where the compiler puts it: for an exported name, where that name first stands in the file.
    pub span: Span,
    /// Where it is declared; the head of an inline function.
    pub declared: Span,
    /// What is exported; [`crate::facts::NONE`] for an inline one.
    pub value: ValueId,
    /// The function, where it is a literal one.
    pub function: Option<FunctionId>,
}

/// What a file's directive makes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ModuleDirective {
    /// `'use server'`: its exports are actions.
    Server,
    /// `'use client'`: the server sees a reference.
    Client,
    /// `'use cache'`: its exports are cached.
    Cache,
    /// No directive that the compiler follows.
    None,
}

/// What a file's directive makes of it.
#[must_use]
pub fn directive(facts: &FileFacts, settings: &Settings) -> ModuleDirective {
    if facts.directives.is_empty() {
        return ModuleDirective::None;
    }
    let quirks = Quirks::of(settings);
    let mut found = ModuleDirective::None;
    for directive in facts.directives_of(0).filter(|&directive| quirks.opens_file(directive)) {
        found = match (quirks.word(facts.text(directive.text)), found) {
            (Word::Server, ModuleDirective::None | ModuleDirective::Client) => ModuleDirective::Server,
            (Word::Cache, ModuleDirective::None) => ModuleDirective::Cache,
            (Word::Client, ModuleDirective::None | ModuleDirective::Cache) => ModuleDirective::Client,
            _ => found,
        };
    }
    found
}

/// What the compiler makes of a file in a layer.
#[must_use]
pub fn compile(facts: &FileFacts, settings: &Settings, layer: Layer) -> Compiled {
    if facts.directives.is_empty() {
        return Compiled::default();
    }
    let mut unit = Unit::new(facts, settings, layer);
    unit.read_file();
    if unit.is_client_reference() {
        return Compiled::default();
    }
    if !unit.is_torn() {
        if unit.file.server || unit.file.cache {
            unit.read_exports();
        }
        unit.read_bodies();
        unit.read_imports();
    }
    unit.finish()
}
