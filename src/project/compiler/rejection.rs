//! What the compiler rejects or ignores, in our words.

use crate::source::Span;

/// Something that the compiler rejects or ignores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// What the compiler finds there.
    pub kind: RejectionKind,
    /// What is wrong: one line, lower case, no full stop.
    pub message: String,
    /// One action that repairs it.
    pub help: String,
    /// Where, starting where the compiler puts it.
    pub span: Span,
    /// Whether it is about `'use cache'` alone.
    pub cache: bool,
    /// Whether the directive is silently ignored, and the file accepted.
    pub ignored: bool,
    /// Whether the compiler stops at an earlier rejection and never says this one.
    pub unseen: bool,
}

/// What the compiler finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RejectionKind {
    /// A directive below other statements.
    Misplaced,
    /// A string that is nearly a directive.
    Misspelt,
    /// A directive in parentheses.
    Parenthesised,
    /// A directive in backticks.
    BackTicked,
    /// A directive in a nested block.
    Nested,
    /// A directive in a constructor or a static block.
    NoAction,
    /// Two directives that exclude each other.
    Conflict,
    /// A function that is not `async`.
    NotAsync,
    /// An export that is no function, or a re-export.
    NotAFunction,
    /// An instance method.
    InstanceMethod,
    /// `this`
    This,
    /// `arguments`
    Arguments,
    /// `super`
    Super,
    /// An inline action in a client module.
    InClientModule,
    /// `'use cache'` where it is not enabled.
    CacheDisabled,
    /// `'use client'` below other statements or in parentheses.
    ClientMisplaced,
    /// An import that a server module cannot have.
    ServerImport,
}

impl RejectionKind {
    /// A stable word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Misplaced => "misplaced",
            Self::Misspelt => "misspelt",
            Self::Parenthesised => "parenthesised",
            Self::BackTicked => "back-ticked",
            Self::Nested => "nested",
            Self::NoAction => "no-action",
            Self::Conflict => "conflict",
            Self::NotAsync => "not-async",
            Self::NotAFunction => "not-a-function",
            Self::InstanceMethod => "instance-method",
            Self::This => "this",
            Self::Arguments => "arguments",
            Self::Super => "super",
            Self::InClientModule => "in-client-module",
            Self::CacheDisabled => "cache-disabled",
            Self::ClientMisplaced => "client-misplaced",
            Self::ServerImport => "server-import",
        }
    }

    /// Whether the compiler accepts the file all the same.
    pub(super) const fn is_ignored(self) -> bool {
        matches!(self, Self::BackTicked | Self::Nested | Self::NoAction)
    }
}
