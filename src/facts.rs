//! What one file says, without a syntax tree: ids into flat arenas, and plain data.
//!
//! Both front ends write it: TypeScript and JavaScript by `extract/ecma`, Rust by `extract/rust`. A fact never says what a
//! call *means*: that is a model's business. Names are interned per file ([`Names`]); [`NONE`] stands for "no such value".

mod flow;
mod module;
mod names;
mod render;
mod types;
mod value;

pub use flow::{Attribute, Call, CallKind, Function, FunctionKind, Op, Parameter, Step, Use};
pub use module::{
    Class, ClassMember, Directive, DirectiveKind, Erased, ErasedKind, Export, ExportForm, ExportKind, Import,
    ImportKind, Imported, MemberKind, ParseError, Suppression,
};
pub use names::{Name, Names, NamesBuilder};
pub use render::render;
pub use types::{Alias, Type, TypeExport, TypeMember, TypeSource};
pub use value::{Operator, Property, PropertyKey, Value, Variable, VariableKind};

use crate::source::{LineIndex, Span};

/// The id that stands for "none" in every arena.
pub const NONE: u32 = u32::MAX;

/// An index into [`FileFacts::functions`]; 0 is the module's top level.
pub type FunctionId = u32;
/// An index into [`FileFacts::values`].
pub type ValueId = u32;
/// An index into [`FileFacts::calls`].
pub type CallId = u32;
/// An index into [`FileFacts::variables`].
pub type VariableId = u32;
/// An index into [`FileFacts::classes`].
pub type ClassId = u32;
/// An index into [`FileFacts::imports`].
pub type ImportId = u32;
/// An index into [`FileFacts::types`].
pub type TypeId = u32;
/// An index into [`FileFacts::aliases`].
pub type AliasId = u32;

/// A range of one of the list arenas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct List {
    /// First index.
    pub start: u32,
    /// How many.
    pub len: u32,
}

impl List {
    /// The range as indices.
    #[must_use]
    pub const fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.start as usize + self.len as usize
    }
}

/// Which grammar a file is read with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FileKind {
    /// `.ts`, `.mts`, `.cts`
    TypeScript,
    /// `.tsx`
    Tsx,
    /// `.js`, `.jsx`, `.mjs`, `.cjs`
    JavaScript,
    /// `.mdx`: its imports alone
    Mdx,
    /// `.graphql`, `.gql`: its text alone
    Document,
    /// `.rs`
    Rust,
}

impl FileKind {
    /// The kind of a file by its name; `None` for what is not read. Declaration files (`.d.ts`) say nothing that runs.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let (stem, extension) = name.rsplit_once('.')?;
        if matches!(extension, "ts" | "mts" | "cts") && (stem.ends_with(".d") || stem.contains(".d.")) {
            return None;
        }
        match extension {
            "ts" | "mts" | "cts" => Some(Self::TypeScript),
            "tsx" => Some(Self::Tsx),
            "js" | "jsx" | "mjs" | "cjs" => Some(Self::JavaScript),
            "mdx" => Some(Self::Mdx),
            "graphql" | "gql" => Some(Self::Document),
            "rs" => Some(Self::Rust),
            _ => None,
        }
    }

    /// Whether types are written in it.
    #[must_use]
    pub const fn is_typed(self) -> bool {
        matches!(self, Self::TypeScript | Self::Tsx)
    }
}

/// Everything that one file says.
#[derive(Debug, Clone)]
pub struct FileFacts {
    /// The grammar it was read with.
    pub kind: FileKind,
    /// Its names.
    pub names: Names,
    /// Its lines.
    pub lines: LineIndex,
    /// What it imports, in source order; `use` items in Rust.
    pub imports: Vec<Import>,
    /// What it exports, in source order; `pub` items in Rust.
    pub exports: Vec<Export>,
    /// Strings that are, or look like, directives.
    pub directives: Vec<Directive>,
    /// Its functions; the first is the module's top level.
    pub functions: Vec<Function>,
    /// Its classes; `impl` blocks in Rust.
    pub classes: Vec<Class>,
    /// Its variables, in declaration order.
    pub variables: Vec<Variable>,
    /// Its values.
    pub values: Vec<Value>,
    /// The span of each value, by the same index.
    pub spans: Vec<Span>,
    /// List arena of values (arguments, elements, alternatives).
    pub lists: Vec<ValueId>,
    /// List arena of object properties.
    pub properties: Vec<Property>,
    /// Its calls, in evaluation order within a function.
    pub calls: Vec<Call>,
    /// Flow arena: each function's body is a range of it.
    pub steps: Vec<Step>,
    /// Types that name something.
    pub types: Vec<Type>,
    /// List arena of types.
    pub type_lists: Vec<TypeId>,
    /// List arena of the members of object types.
    pub type_members: Vec<TypeMember>,
    /// The types that it declares: aliases and interfaces.
    pub aliases: Vec<Alias>,
    /// The types that it exports.
    pub type_exports: Vec<TypeExport>,
    /// `(variable, value)` of every assignment after its declaration, by variable, then in source order.
    pub assignments: Vec<(VariableId, ValueId)>,
    /// Variables of enclosing functions that each function reads: `(function, variable)`, sorted.
    pub captures: Vec<(FunctionId, VariableId)>,
    /// What its top level declares for the type checker alone, in source order.
    pub erased: Vec<Erased>,
    /// Where `a` of `import { a as b }` stands: `(import, span)`, sorted.
    pub renamed: Vec<(ImportId, Span)>,
    /// Members that are only asked for where there is something to ask: `a?.b`, sorted.
    pub optional: Vec<ValueId>,
    /// `edgelint-…` comments.
    pub suppressions: Vec<Suppression>,
    /// What the parser could not read.
    pub errors: Vec<ParseError>,
}

impl FileFacts {
    /// Facts of a file of which nothing is known but its lines.
    #[must_use]
    pub fn empty(kind: FileKind, lines: LineIndex) -> Self {
        Self {
            kind,
            names: Names::default(),
            lines,
            imports: Vec::new(),
            exports: Vec::new(),
            directives: Vec::new(),
            functions: vec![Function::module()],
            classes: Vec::new(),
            variables: Vec::new(),
            values: Vec::new(),
            spans: Vec::new(),
            lists: Vec::new(),
            properties: Vec::new(),
            calls: Vec::new(),
            steps: Vec::new(),
            types: Vec::new(),
            type_lists: Vec::new(),
            type_members: Vec::new(),
            aliases: Vec::new(),
            type_exports: Vec::new(),
            assignments: Vec::new(),
            captures: Vec::new(),
            erased: Vec::new(),
            renamed: Vec::new(),
            optional: Vec::new(),
            suppressions: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// The text of a name.
    #[must_use]
    pub fn text(&self, name: Name) -> &str {
        self.names.text(name)
    }

    /// A value; [`Value::Unknown`] for [`NONE`].
    #[must_use]
    pub fn value(&self, id: ValueId) -> Value {
        self.values.get(id as usize).copied().unwrap_or(Value::Unknown)
    }

    /// The span of a value; empty for [`NONE`].
    #[must_use]
    pub fn span(&self, id: ValueId) -> Span {
        self.spans.get(id as usize).copied().unwrap_or_default()
    }

    /// The values of a list.
    #[must_use]
    pub fn list(&self, list: List) -> &[ValueId] {
        &self.lists[list.range()]
    }

    /// The properties of an object value.
    #[must_use]
    pub fn properties(&self, list: List) -> &[Property] {
        &self.properties[list.range()]
    }

    /// A function.
    #[must_use]
    pub fn function(&self, id: FunctionId) -> &Function {
        &self.functions[id as usize]
    }

    /// The steps of a function's body, nested ones included.
    #[must_use]
    pub fn body(&self, id: FunctionId) -> &[Step] {
        &self.steps[self.function(id).body.range()]
    }

    /// The string that a value is, if it is a literal string.
    #[must_use]
    pub fn literal(&self, id: ValueId) -> Option<&str> {
        match self.value(id) {
            Value::Str(name) => Some(self.text(name)),
            _ => None,
        }
    }

    /// The value of the property `key` of an object value, the last one written; `None` where a spread after it may hide it.
    #[must_use]
    pub fn property(&self, object: ValueId, key: &str) -> Option<ValueId> {
        let Value::Object(list) = self.value(object) else { return None };
        for property in self.properties(list).iter().rev() {
            match property.key {
                PropertyKey::Named(name) if self.text(name) == key => return Some(property.value),
                PropertyKey::Named(_) => {}
                PropertyKey::Computed(_) | PropertyKey::Spread | PropertyKey::More => return None,
            }
        }
        None
    }

    /// The last name of what is called: `update` of `db.user.update()`; empty without one.
    #[must_use]
    pub fn callee_name(&self, call: &Call) -> &str {
        match self.value(call.callee) {
            Value::Member(_, name) | Value::Global(name) => self.text(name),
            Value::Variable(variable) => self.text(self.variables[variable as usize].name),
            Value::Import(import) => self.text(self.imports[import as usize].local),
            _ => "",
        }
    }

    /// The directives written in the body of a function (0: at the top of the module), in order.
    pub fn directives_of(&self, function: FunctionId) -> impl Iterator<Item = &Directive> {
        self.directives.iter().filter(move |directive| directive.function == function)
    }
}
