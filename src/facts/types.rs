//! Types, where they name something: annotations, and the aliases and interfaces that a file declares. No type is checked here.

use super::{ImportId, List, Name, TypeId, ValueId};
use crate::source::Span;

/// A type, where it names something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// Not kept.
    Unknown,
    /// `string`, `void`, `()`; a keyword
    Keyword(Name),
    /// `PrismaClient`, `Prisma.TransactionClient<T>`: the path as a value (import, variable, alias, global or member of one), and its
    /// arguments over [`super::FileFacts::type_lists`]
    Named(ValueId, List),
    /// `T[]`, `Array<T>` stays [`Type::Named`]
    Array(TypeId),
    /// `[A, B]`
    Tuple(List),
    /// `A | B`, `A & B`, an interface and what it extends
    Union(List),
    /// `'a'`, a literal; of a number its digits
    Literal(Name),
    /// `(x: A) => B`: its result
    Function(TypeId),
    /// `{ a: A; b(): B }`, over [`super::FileFacts::type_members`]
    Object(List),
    /// `typeof x`
    Query(ValueId),
    /// `T['key']`, `T[0]`
    Index(TypeId, TypeId),
}

/// A member of an object type. Members whose type names nothing are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TypeMember {
    /// Its name.
    pub name: Name,
    /// Its type; a method's is a function.
    pub ty: TypeId,
}

/// `type A = ..`, `interface A {}`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alias {
    /// Its name.
    pub name: Name,
    /// What it stands for.
    pub ty: TypeId,
    /// The span of its name.
    pub span: Span,
}

/// Where an exported type comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypeSource {
    /// A type of this file.
    Alias(super::AliasId),
    /// `export type { imported as name } from 'x'`; `export type *` where there is no name
    From(ImportId),
    /// `import type { a } from 'x'; export type { a }`, or a class that is exported as a type: the name as a value.
    Named(ValueId),
}

/// A type that a file exports, whatever else it exports under that name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TypeExport {
    /// Under which name; empty for `export type *`.
    pub name: Name,
    /// What.
    pub source: TypeSource,
}
