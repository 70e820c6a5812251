//! The modules of a project: one per source file, with what its imports lead to.

use crate::diagnostic::Place;
use crate::facts::{FileFacts, FunctionId, ImportId, ValueId};
use crate::project::AppId;
use crate::source::{FileId, Span};

/// An index into the project's modules, in path order.
pub type ModuleId = u32;

/// A function of the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FunctionRef {
    /// Its module.
    pub module: ModuleId,
    /// Which of the module's functions.
    pub function: FunctionId,
}

/// A value of the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ValueRef {
    /// Its module.
    pub module: ModuleId,
    /// Which of the module's values.
    pub value: ValueId,
}

/// What an import leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A module of the project.
    Module(ModuleId),
    /// A package outside the tree, or a module of Node.
    Package,
    /// A file that is no source, or a name that some tool makes up.
    Other,
    /// Something that should be in the tree and is not.
    Missing,
}

/// What a file is there for, by its name and folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Part of a program.
    Source,
    /// A test, its fixtures and mocks.
    Test,
    /// A story of a component catalogue.
    Story,
    /// Fills a database for development.
    Seed,
    /// The configuration of a tool.
    Config,
}

/// One source file of the project.
pub struct Module {
    /// The file.
    pub file: FileId,
    /// What it says.
    pub facts: FileFacts,
    /// The app in whose folder it lies; outside every app's folder, the first app that reaches it.
    pub app: Option<AppId>,
    /// What it is there for.
    pub role: Role,
    /// What each import leads to, by [`ImportId`].
    pub targets: Vec<Target>,
    /// The imports that lead to a package by another name than its own, such as a client that a tool generates into a folder: sorted.
    pub renamed: Vec<(ImportId, Box<str>)>,
}

impl Module {
    /// A span of this module's file.
    #[must_use]
    pub fn place(&self, span: Span) -> Place {
        Place { file: self.file, span }
    }

    /// The module that an import leads to.
    #[must_use]
    pub fn target(&self, import: ImportId) -> Option<ModuleId> {
        match self.targets.get(import as usize) {
            Some(&Target::Module(module)) => Some(module),
            _ => None,
        }
    }

    /// The package that an import leads to: what it says, unless that stands for another one.
    #[must_use]
    pub fn package(&self, import: ImportId) -> &str {
        match self.renamed.binary_search_by_key(&import, |&(renamed, _)| renamed) {
            Ok(found) => &self.renamed[found].1,
            Err(_) => self.facts.text(self.facts.imports[import as usize].source),
        }
    }

    /// Whether an import is still there when the compiler has stripped types: in typed files an import that no value uses is not.
    #[must_use]
    pub fn runs(&self, import: ImportId) -> bool {
        let import = &self.facts.imports[import as usize];
        !import.type_only && (import.used || !self.facts.kind.is_typed())
    }
}

/// What a file is there for.
#[must_use]
pub fn role(path: &str) -> Role {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name.split('.').next().unwrap_or(name);
    let infix = |word: &str| name.contains(&format!(".{word}."));
    let below = |names: &[&str]| folder.split('/').any(|part| names.contains(&part));
    if infix("test") || infix("spec") || infix("e2e") || infix("cy") {
        return Role::Test;
    }
    if infix("stories") || infix("story") || below(&[".storybook", "stories"]) {
        return Role::Story;
    }
    if below(&["__tests__", "__mocks__", "__fixtures__", "test", "tests", "e2e", "cypress", "playwright"]) {
        return Role::Test;
    }
    if stem == "seed" || stem.starts_with("seed-") || stem.ends_with("-seed") || below(&["seed", "seeds"]) {
        return Role::Seed;
    }
    if infix("config") || (stem.starts_with('.') && folder.is_empty()) {
        return Role::Config;
    }
    Role::Source
}
