//! Scopes, and the identifiers that wait for them.
//!
//! Scopes are numbered in preorder, so that "is an ancestor" is an interval test; a name's declarations are kept together, so that a
//! look-up reads the few declarations of that one name.

use crate::facts::{AliasId, FunctionId, ImportId, NONE, Name, ValueId, VariableId};

/// What a name is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Binding {
    Variable(VariableId),
    Import(ImportId),
    /// `type A = ..`, `interface A {}`: bound where types are named alone.
    Alias(AliasId),
    /// `<T>`
    TypeParameter,
}

impl Binding {
    fn is_type(self) -> bool {
        matches!(self, Self::Alias(_) | Self::TypeParameter)
    }
}

/// How an identifier is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Position {
    /// Its value is read.
    Read,
    /// It is assigned to.
    Write,
    /// It stands in a type.
    Type,
    /// It stands behind a `typeof` in a type.
    Query,
}

/// An identifier to be resolved when the file is read.
pub(super) struct Pending {
    pub(super) value: ValueId,
    pub(super) name: Name,
    pub(super) scope: u32,
    pub(super) function: FunctionId,
    pub(super) position: Position,
}

struct Scope {
    /// One past the last scope inside it, once closed.
    end: u32,
    /// Whether `var` and function declarations of nested blocks land here.
    hoists: bool,
}

/// One declaration, and the one before it of the same name.
struct Declared {
    scope: u32,
    binding: Binding,
    before: u32,
}

#[derive(Default)]
pub(super) struct Scopes {
    all: Vec<Scope>,
    open: Vec<u32>,
    /// The last declaration of each name, by the name's number; [`NONE`] without one.
    last: Vec<u32>,
    declared: Vec<Declared>,
    pub(super) pending: Vec<Pending>,
}

impl Scopes {
    pub(super) fn enter(&mut self, hoists: bool) {
        self.open.push(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
        self.all.push(Scope { end: u32::MAX, hoists });
    }

    pub(super) fn leave(&mut self) {
        let end = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        if let Some(scope) = self.open.pop() {
            self.all[scope as usize].end = end;
        }
    }

    pub(super) fn current(&self) -> u32 {
        self.open.last().copied().unwrap_or(0)
    }

    /// Binds a name in the innermost scope, or in the innermost function's.
    pub(super) fn declare(&mut self, name: Name, binding: Binding, hoisted: bool) {
        let scope = if hoisted {
            self.open.iter().rev().copied().find(|&scope| self.all[scope as usize].hoists)
        } else {
            self.open.last().copied()
        };
        let (number, at) = (name.0 as usize, u32::try_from(self.declared.len()).unwrap_or(NONE));
        if number >= self.last.len() {
            self.last.resize(number + 1, NONE);
        }
        let before = std::mem::replace(&mut self.last[number], at);
        self.declared.push(Declared { scope: scope.unwrap_or(0), binding, before });
    }

    /// The declarations of a name, last one first.
    fn of(&self, name: Name) -> impl Iterator<Item = &Declared> {
        let last = self.last.get(name.0 as usize).copied().unwrap_or(NONE);
        std::iter::successors(self.declared.get(last as usize), |found| self.declared.get(found.before as usize))
    }

    /// What `name` is bound to in the scope that is open now, as far as it is declared yet.
    pub(super) fn declared_here(&self, name: Name, hoisted: bool) -> Option<Binding> {
        let scope = if hoisted {
            self.open.iter().rev().copied().find(|&scope| self.all[scope as usize].hoists)?
        } else {
            self.current()
        };
        let declared = self.of(name).filter(|found| found.scope == scope && !found.binding.is_type());
        declared.last().map(|found| found.binding)
    }

    /// The type that the module itself declares under a name.
    pub(super) fn alias_of_module(&self, name: Name) -> Option<AliasId> {
        self.of(name).filter(|found| found.scope == 0).find_map(|found| match found.binding {
            Binding::Alias(id) => Some(id),
            _ => None,
        })
    }

    /// What `name` means in `scope` as a value: the innermost declaration around it.
    pub(super) fn resolve(&self, name: Name, scope: u32) -> Option<Binding> {
        self.innermost(name, scope, |binding| !binding.is_type())
    }

    /// What `name` means in `scope` where a type is named: of the declarations that can be types the innermost one.
    pub(super) fn resolve_type(&self, name: Name, scope: u32, is_type: impl Fn(VariableId) -> bool) -> Option<Binding> {
        let fits = |binding| match binding {
            Binding::Variable(id) => is_type(id),
            Binding::Import(_) | Binding::Alias(_) | Binding::TypeParameter => true,
        };
        self.innermost(name, scope, fits).or_else(|| self.resolve(name, scope))
    }

    fn innermost(&self, name: Name, scope: u32, fits: impl Fn(Binding) -> bool) -> Option<Binding> {
        let around = self
            .of(name)
            .filter(|&found| found.scope <= scope && scope < self.all[found.scope as usize].end && fits(found.binding));
        // Of several in one scope the last one counts, which comes first here.
        around.reduce(|best, found| if found.scope > best.scope { found } else { best }).map(|found| found.binding)
    }
}
