//! Values: what a name, an argument or a property may hold.

use super::{CallId, ClassId, FunctionId, ImportId, List, Name, TypeId, ValueId, VariableId};
use crate::source::Span;

/// What an expression may hold. Small and `Copy`; children are ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// Nothing is known.
    Unknown,
    /// `null`; Rust `None`
    Null,
    /// `undefined`, `void 0`; Rust `()`
    Undefined,
    /// `true`
    Bool(bool),
    /// `42`, as it prints in JavaScript
    Number(Name),
    /// `'text'`, cooked
    Str(Name),
    /// `/re/`
    Regex(Name),
    /// `` `a${b}c` ``: strings and values in turn. Rust `format!` likewise.
    Template(List),
    /// The binding of an import.
    Import(ImportId),
    /// A name that the file does not declare: `process`, `fetch`, `undefined` excepted.
    Global(Name),
    /// A variable of this file.
    Variable(VariableId),
    /// What the caller passed at this position, before a default or a pattern.
    Parameter(FunctionId, u32),
    /// `object.name`, private names with their `#`. Rust fields, methods and tuple fields (`"0"`).
    Member(ValueId, Name),
    /// `object[key]`
    Index(ValueId, ValueId),
    /// An array's or object's remainder after a pattern: `[a, ...rest]`, `{a, ...rest}`.
    Rest(ValueId),
    /// What a call, `new`, a tag or a JSX element gives.
    Call(CallId),
    /// `await x`; Rust `x.await`
    Await(ValueId),
    /// `x?` in Rust: the success value, the failure having returned.
    Try(ValueId),
    /// A function of this file.
    Function(FunctionId),
    /// A class of this file.
    Class(ClassId),
    /// `{a: 1, ...b}`, over [`super::FileFacts::properties`]
    Object(List),
    /// `[a, b]`; Rust tuples too
    Array(List),
    /// `...x` in an array or among arguments.
    Spread(ValueId),
    /// `a === b`, `a + b`, `a in b`
    Binary(Operator, ValueId, ValueId),
    /// `a && b`, `a || b`, `a ?? b`; a default is `a ?? default`
    Logical(Operator, ValueId, ValueId),
    /// `!a`
    Not(ValueId),
    /// `test ? a : b`: the two alternatives, over [`super::FileFacts::lists`] as `[test, a, b]`
    Conditional(List),
    /// One of several, as from a `match`.
    Union(List),
    /// `x as T`, `x satisfies T`, `x!` (type [`super::NONE`]); Rust `x as T`
    Cast(ValueId, TypeId),
    /// `this`; Rust `self`
    This,
    /// `super`
    Super,
    /// A type of this file, where a type is named
    Alias(super::AliasId),
    /// `typeof x`, `-x`, `delete x` and what else computes one value from another
    Unary(Operator, ValueId),
}

/// The operators that rules and routes read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `==`, `===`
    Equal,
    /// `!=`, `!==`
    NotEqual,
    /// `+`
    Add,
    /// `in`
    In,
    /// `instanceof`
    InstanceOf,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `??`
    Nullish,
    /// `typeof`
    TypeOf,
    /// `delete`
    Delete,
    /// `<`, `>`, `<=`, `>=`
    Compare,
    /// Any other.
    Other,
}

/// One entry of an object value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Property {
    /// Under which key.
    pub key: PropertyKey,
    /// The value; what is spread, for a spread.
    pub value: ValueId,
    /// The key's span.
    pub span: Span,
}

/// The key of an object's entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PropertyKey {
    /// `name:`, `'name':`, `3:`
    Named(Name),
    /// `[key]:`
    Computed(ValueId),
    /// `...value`
    Spread,
    /// More entries follow than are kept.
    More,
}

/// How a variable came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VariableKind {
    /// `const`
    Const,
    /// `let`; Rust `let mut`
    Let,
    /// `var`
    Var,
    /// A parameter or a part of its pattern.
    Parameter,
    /// `function f() {}`
    Function,
    /// `class C {}`
    Class,
    /// `catch (error)`
    Catch,
    /// `enum E {}`, `namespace N {}`: a value that TypeScript makes
    TypeScript,
}

/// A name that the file declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: Name,
    /// How it came to be.
    pub kind: VariableKind,
    /// The function whose body declares it; 0 for the module.
    pub function: FunctionId,
    /// The span of its name.
    pub span: Span,
    /// What it holds first; [`super::NONE`] where it is declared without.
    pub init: ValueId,
    /// Its annotation; [`super::NONE`] without.
    pub annotation: TypeId,
    /// Whether it is assigned again.
    pub reassigned: bool,
    /// Whether it is read as a value anywhere.
    pub read: bool,
}
