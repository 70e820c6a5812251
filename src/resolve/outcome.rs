//! What an import leads to, and how it was found.

use crate::source::FileId;

/// An import, resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// Which kind of specifier it is.
    pub origin: Origin,
    /// What it leads to.
    pub to: Resolution,
}

impl Resolved {
    pub(super) const fn new(origin: Origin, to: Resolution) -> Self {
        Self { origin, to }
    }
}

/// What a specifier leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// A source file of the tree.
    File(FileId),
    /// A file of the tree that is no source: a style sheet, JSON, an image, a declaration file.
    Asset(FileId),
    /// A package outside the tree, with the path inside it as written.
    Package(String),
    /// A module of Node.
    Builtin,
    /// Nothing that a file stands for, and what it is.
    Virtual(&'static str),
    /// Something that should be in the tree and is not found.
    Unresolved(Reason),
}

/// Which kind of specifier an import has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// `./x`
    Relative,
    /// By `paths` or `baseUrl` of a tsconfig, or by `imports` of a package.
    Alias,
    /// By the name of a package of the tree.
    Workspace,
    /// By the name of a package outside the tree.
    Package,
    /// By the name of a module of Node.
    Builtin,
    /// `/x`: a path of the site.
    Asset,
    /// An URL or a module that a tool makes up.
    Virtual,
}

impl Origin {
    /// The word in statistics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Relative => "relative",
            Self::Alias => "alias",
            Self::Workspace => "workspace",
            Self::Package => "package",
            Self::Builtin => "builtin",
            Self::Asset => "asset",
            Self::Virtual => "virtual",
        }
    }

    /// Whether such a specifier should lead into the tree.
    #[must_use]
    pub const fn is_local(self) -> bool {
        matches!(self, Self::Relative | Self::Alias | Self::Workspace)
    }
}

/// Why a specifier leads to nothing in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// A relative path, or one inside a package, names no file.
    NoSuchFile,
    /// A file of that name exists when upper and lower case are one.
    DiffersInCase,
    /// A relative path climbs out of the tree.
    OutsideTree,
    /// A pattern of `paths` matches, and no file is where it leads.
    AliasWithoutFile,
    /// It has the form of an alias (`@/x`, `~/x`, `#x`) that nothing defines.
    UnknownAlias,
    /// The `exports` of the package do not name it.
    NoSuchExport,
    /// The package of the tree has no entry file.
    NoEntry,
    /// It leads to a file that a build writes, whose source is not found.
    BuiltOutputMissing,
    /// It leads to what a generator writes or git ignores.
    Generated,
}

impl Reason {
    /// The words in statistics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoSuchFile => "no such file",
            Self::DiffersInCase => "a file differs in case alone",
            Self::OutsideTree => "leads out of the tree",
            Self::AliasWithoutFile => "a path of tsconfig leads to no file",
            Self::UnknownAlias => "an alias that nothing defines",
            Self::NoSuchExport => "not among the exports of the package",
            Self::NoEntry => "the package has no entry file",
            Self::BuiltOutputMissing => "built output without a source in the tree",
            Self::Generated => "generated, and not in the tree",
        }
    }
}
