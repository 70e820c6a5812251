//! What a file says as a module: imports, exports, directives, classes, comments for us.

use super::{FunctionId, Name, TypeId, ValueId};
use crate::facts::flow::Attribute;
use crate::source::Span;

/// How an import is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImportKind {
    /// `import .. from 'x'`
    Static,
    /// `import('x')`
    Dynamic,
    /// `require('x')`, `import x = require('x')`
    Require,
    /// `export .. from 'x'`: the export names this import
    ReExport,
    /// `use a::b::c;` in Rust: the source is the path without its last segment
    Use,
    /// `mod x;` in Rust: the source is the module's name, or what `#[path]` says
    Mod,
}

/// What is imported of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Imported {
    /// `import { name }`, `import { default as x }`
    Named(Name),
    /// `import x`
    Default,
    /// `import * as x`, `import('x')`, `require('x')`; `use a::*` with an empty local name
    Namespace,
    /// `import 'x'`
    SideEffect,
}

/// One imported binding, or a side-effect import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Import {
    /// The specifier as written, cooked.
    pub source: Name,
    /// What is imported.
    pub imported: Imported,
    /// The local name; empty without one.
    pub local: Name,
    /// How it is written.
    pub kind: ImportKind,
    /// `import type`, `import { type x }`
    pub type_only: bool,
    /// Whether its binding is used as a value; always true of side effects, dynamic imports and re-exports.
    pub used: bool,
    /// The binding's span; the statement's without one.
    pub span: Span,
    /// The specifier's span, quotes included.
    pub source_span: Span,
    /// The function in which a dynamic import or a `require` stands; 0 otherwise.
    pub function: FunctionId,
}

/// What is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportKind {
    /// A value of this file.
    Value(ValueId),
    /// `export { imported as name } from 'x'`: the import says what.
    From(super::ImportId),
    /// `export * from 'x'`
    Star(super::ImportId),
    /// A type alone: `export type`, `export interface`.
    Type,
}

/// The statement behind an export: what the Next.js compiler tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExportForm {
    /// `export function f() {}` with a body
    Function,
    /// `export function f(): void` without a body: an overload
    Overload,
    /// `export const a = b`
    Variable,
    /// `export const a = 1`: a literal, bare
    Literal,
    /// `export const { a, b: [c] } = x`, one entry a local name
    Pattern,
    /// `export const { k: c = d } = x`, `{ k: [c] = d }`: below a key with a default, which the compiler misses
    PatternKeyDefault,
    /// `export class C {}`
    Class,
    /// `export enum E {}`
    Enum,
    /// `export namespace N {}`; a type where it holds nothing but types
    Namespace,
    /// `export import A = B.C`
    ImportAlias,
    /// `export declare const`, `export declare function`. Ambient classes, enums and namespaces keep their own form, and are types
    Declare,
    /// `export { a as b }`
    List,
    /// `export default function () {}`
    DefaultFunction,
    /// `export default class {}`
    DefaultClass,
    /// `export default expression`
    DefaultExpression,
    /// `export * from`, `export * as x from`, `export { a } from`
    ReExport,
    /// `export = x`, `exports.x =`, `module.exports =`
    CommonJs,
    /// `export type`, `export interface`, `import type`
    Type,
    /// A `pub` item of Rust
    Rust,
}

/// One exported name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Export {
    /// Under which name; `default` for a default export, empty for `export *`.
    pub name: Name,
    /// What.
    pub kind: ExportKind,
    /// The statement behind it.
    pub form: ExportForm,
    /// The span of the local name (its declaration for a list; the expression for a default without a name).
    pub span: Span,
    /// The whole statement.
    pub statement: Span,
    /// The local name where the export goes through one; empty without.
    pub local: Name,
}

/// Whether a string is a directive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DirectiveKind {
    /// In the prologue of a module or a function body.
    Prologue,
    /// In the prologue, but in parentheses.
    Parenthesised,
    /// A string statement after the prologue closed, at the top level of a module or a function body.
    Misplaced,
    /// A string statement below a nested block.
    Nested,
    /// A template without holes as a statement, where a directive could stand: no directive at all.
    BackTicked,
}

/// A string statement that could be a directive. Strings that contain neither `use` nor look alike are not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Directive {
    /// Its cooked text.
    pub text: Name,
    /// Where it stands.
    pub kind: DirectiveKind,
    /// The function in whose body it stands; 0 for the module.
    pub function: FunctionId,
    /// Whether all statements before it vanish when types and unused imports are stripped (what webpack's pipeline does first). A
    /// directive in the prologue has nothing before it.
    pub after_erased_only: bool,
    /// The statement.
    pub span: Span,
}

/// What a class member is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MemberKind {
    /// `m() {}`
    Method,
    /// `get x() {}`
    Getter,
    /// `set x(v) {}`
    Setter,
    /// `constructor() {}`
    Constructor,
    /// `x = 1`, also a constructor's parameter property
    Field,
}

/// A member of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassMember {
    /// Its name, private ones with their `#`; empty where computed.
    pub name: Name,
    /// What it is.
    pub kind: MemberKind,
    /// Whether it is static.
    pub is_static: bool,
    /// A method's function or a field's first value; [`super::NONE`] without.
    pub value: ValueId,
    /// A field's annotation; [`super::NONE`] without.
    pub annotation: TypeId,
    /// Its name's span.
    pub span: Span,
}

/// A class; in Rust the `impl` blocks, structs and enums, each as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// Its name; empty without.
    pub name: Name,
    /// The whole class.
    pub span: Span,
    /// What it extends, or in Rust the trait that is implemented; [`super::NONE`] without.
    pub extends: ValueId,
    /// Its members.
    pub members: Vec<ClassMember>,
    /// Decorators, Rust attributes and derives.
    pub attributes: Vec<Attribute>,
    /// The function in which it is declared.
    pub function: FunctionId,
}

impl Class {
    /// The member of a name, static or not.
    #[must_use]
    pub fn member(&self, name: Name, is_static: bool) -> Option<&ClassMember> {
        self.members.iter().find(|member| member.name == name && member.is_static == is_static)
    }
}

/// What is declared for the type checker alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErasedKind {
    /// `type T = ..`, `interface I {}`
    Type,
    /// `function f(): void` without a body: an overload, or `declare function`
    Function,
    /// The same, with `async`.
    AsyncFunction,
}

/// A declaration of the module's top level that is gone when types are stripped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erased {
    /// Its name.
    pub name: Name,
    /// What it declares.
    pub kind: ErasedKind,
    /// The span of its name.
    pub span: Span,
}

/// An `edgelint-…` comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// The comment's text from `edgelint-` on, trimmed.
    pub text: String,
    /// The comment.
    pub span: Span,
}

/// What the parser could not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// One line: lower case, no full stop.
    pub message: String,
    /// Where.
    pub span: Span,
    /// Whether the rest of the file was read all the same.
    pub recovered: bool,
}
