//! Functions, their calls, and the order in which things happen in them.

use super::{CallId, ClassId, FunctionId, List, NONE, Name, TypeId, ValueId, VariableId};
use crate::source::Span;

/// What sort of function it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FunctionKind {
    /// The top level of a file.
    Module,
    /// `function f() {}`; Rust `fn f() {}`
    Declaration,
    /// `function () {}` as an expression
    Expression,
    /// `() => {}`; Rust closures and `async` blocks
    Arrow,
    /// `{ m() {} }` in an object
    ObjectMethod,
    /// `m() {}` in a class; a Rust method
    Method,
    /// `get x() {}`
    Getter,
    /// `set x(v) {}`
    Setter,
    /// `constructor() {}`
    Constructor,
    /// `static {}`, or the initialiser of a field
    Initializer,
}

/// One function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// Its own name, or the name that it is first bound to (`const f = () => {}`, `{ f: () => {} }`); empty without one.
    pub name: Name,
    /// The span of that name; of the whole function without one.
    pub name_span: Span,
    /// The whole function, without `export`.
    pub span: Span,
    /// Its body's span, braces included.
    pub body_span: Span,
    /// What sort it is.
    pub kind: FunctionKind,
    /// The function around it; [`NONE`] for the module.
    pub parent: FunctionId,
    /// The class that it is a member of; [`NONE`] without.
    pub class: ClassId,
    /// Whether it is `static`; in Rust, whether it takes no `self`.
    pub is_static: bool,
    /// Whether it is `async`.
    pub is_async: bool,
    /// Whether it is a generator.
    pub is_generator: bool,
    /// Whether it is exported (Rust: `pub`).
    pub is_public: bool,
    /// Its parameters, in order.
    pub parameters: Vec<Parameter>,
    /// Its body: a range of [`super::FileFacts::steps`].
    pub body: List,
    /// Its result's annotation; [`NONE`] without.
    pub returns: TypeId,
    /// Rust attributes and decorators.
    pub attributes: Vec<Attribute>,
    /// The first own use of `this` that is not in a nested function or class.
    pub this: Option<Span>,
    /// The first own use of `arguments`.
    pub arguments: Option<Span>,
    /// The first own use of `super`.
    pub super_: Option<Span>,
}

impl Function {
    /// The top level of a file, empty.
    #[must_use]
    pub fn module() -> Self {
        Self {
            name: Name::EMPTY,
            name_span: Span::default(),
            span: Span::default(),
            body_span: Span::default(),
            kind: FunctionKind::Module,
            parent: NONE,
            class: NONE,
            is_static: false,
            is_async: false,
            is_generator: false,
            is_public: false,
            parameters: Vec::new(),
            body: List::default(),
            returns: NONE,
            attributes: Vec::new(),
            this: None,
            arguments: None,
            super_: None,
        }
    }
}

/// One parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name; empty for a pattern.
    pub name: Name,
    /// The whole parameter, annotation included.
    pub span: Span,
    /// Its annotation; [`NONE`] without.
    pub annotation: TypeId,
    /// Its default value; [`NONE`] without.
    pub default: ValueId,
    /// Whether it is `...rest`.
    pub rest: bool,
    /// Whether it, or any part of its pattern, is read.
    pub read: bool,
    /// Attributes on it (Rust) and decorators.
    pub attributes: Vec<Attribute>,
}

/// `#[server(GetUser, "/api")]`, `@Injectable()`: its path, and its arguments as values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// `server`, `tokio::main`
    pub path: Name,
    /// Its arguments: literals, paths as [`super::Value::Global`], `key = value` as an object of one property.
    pub arguments: List,
    /// The whole attribute.
    pub span: Span,
}

/// How a call is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CallKind {
    /// `f(x)`; in Rust also `x.f()`
    Plain,
    /// `new F(x)`; a Rust struct literal `F { x }`
    New,
    /// `` f`x` ``: the argument is the template
    Tagged,
    /// `<F x={1}>child</F>`: the first argument is the object of its props, the children follow. An intrinsic element's callee is a string.
    Jsx,
    /// `import('x')`, whose argument says from where; the callee is the import's binding
    DynamicImport,
    /// `require('x')`
    Require,
    /// `f?.(x)`, `a?.f(x)`
    Optional,
    /// `format!(..)` in Rust, its arguments as far as they parse as expressions
    Macro,
}

/// What becomes of a call's result. A set of bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Use(pub u8);

impl Use {
    /// Nothing looks at it.
    pub const DISCARDED: Self = Self(0);
    /// `await f()`
    pub const AWAITED: Self = Self(1);
    /// `return f()`, also as the body of an arrow
    pub const RETURNED: Self = Self(2);
    /// `x = f()`
    pub const STORED: Self = Self(4);
    /// `if (f())`, `f() && ..`, `f()?` in Rust
    pub const TESTED: Self = Self(8);
    /// `g(f())`, also as a prop or within an object or array
    pub const PASSED: Self = Self(16);
    /// `f().x`, `f()()`
    pub const CHAINED: Self = Self(32);
    /// `void f()`
    pub const VOIDED: Self = Self(64);

    /// Both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all bits of `other` are set.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// One call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// What is called.
    pub callee: ValueId,
    /// Its arguments, over [`super::FileFacts::lists`].
    pub arguments: List,
    /// How it is written.
    pub kind: CallKind,
    /// What becomes of its result.
    pub result: Use,
    /// The function in whose body it stands.
    pub function: FunctionId,
    /// The whole call.
    pub span: Span,
    /// The span to point at: the callee's last name, or the tag of an element.
    pub name_span: Span,
    /// Type arguments, over [`super::FileFacts::type_lists`].
    pub types: List,
}

/// One step of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// What happens.
    pub op: Op,
    /// Where.
    pub span: Span,
}

/// What a step does. Nested steps follow their head; an `end` is an index *relative to the function's first step*, one past the last
/// step of the part. A part that does nothing is left out where nobody can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// A call happens.
    Call(CallId),
    /// A value is put into a place (a variable, a member).
    Assign(ValueId, ValueId),
    /// `if`, `?:`, `&&`, `||`, `??`, `?.`, a `match` arm: the steps up to `then` where the test holds, from there up to `end` where not.
    Branch {
        /// What is tested. For `a && b` it is `a`; for `a ?? b` it is `a == null`, written as a comparison.
        test: ValueId,
        /// End of the part where it holds.
        then: u32,
        /// End of the part where it does not.
        end: u32,
    },
    /// A loop; the steps up to `end` run any number of times.
    Loop {
        /// Whether they run at least once (`do`).
        at_least_once: bool,
        /// End of its body.
        end: u32,
    },
    /// `switch`: its cases follow as [`Op::Case`].
    Switch {
        /// What is compared.
        value: ValueId,
        /// End of the last case.
        end: u32,
    },
    /// `case test:`, [`NONE`] for `default:`. It falls through to the next unless it leaves.
    Case {
        /// What it is compared with.
        test: ValueId,
        /// End of its steps.
        end: u32,
    },
    /// `try`: body, then catch, then finally; an absent part is empty.
    Try {
        /// End of the body.
        body: u32,
        /// End of the catch part; equal to `body` without one.
        catch: u32,
        /// End of the finally part.
        end: u32,
        /// The caught variable; [`NONE`] without.
        binding: VariableId,
        /// Whether there is a `catch`, empty or not.
        catches: bool,
    },
    /// A labelled block, left by a break to its label.
    Block {
        /// End of its steps.
        end: u32,
    },
    /// `break`, out of this many enclosing loops, switches and labelled blocks (1 is the innermost).
    Break(u32),
    /// `continue` of the loop this many loops, switches and blocks out.
    Continue(u32),
    /// `return x`; [`NONE`] without a value
    Return(ValueId),
    /// `throw x`; Rust `panic!`
    Throw(ValueId),
    /// `await x`
    Await(ValueId),
    /// `yield x`
    Yield(ValueId),
}
