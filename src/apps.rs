//! Which apps a tree holds.

/// Which compiler pipeline an app is built with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bundler {
    /// The default below Next 16.
    Webpack,
    /// The default from Next 16 on.
    Turbopack,
}

impl Bundler {
    /// The word in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Webpack => "webpack",
            Self::Turbopack => "turbopack",
        }
    }
}
