//! What differs between versions and bundlers of the compiler, each as one word.
//!
//! Seen by running 13.4.19, 14.1.0, 14.1.4, 14.2.35, 15.0.8, 15.1.12, 15.2.9, 15.3.9, 15.5.29, 16.0.11, 16.1.7, 16.2.12, 16.3.1 and 16.4.6.

use super::Settings;
use crate::apps::{Bundler, Version};
use crate::facts::{Directive, DirectiveKind};

/// How strings that look like a directive are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// Five misspellings are known by heart.
    Listed,
    /// Whatever is close, in function bodies alone.
    CloseInBodies,
    /// Whatever is close.
    Close,
}

/// How functions in a `'use server'` file that are not exported themselves are seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inner {
    /// Their directives do nothing.
    Ignored,
    /// The outermost arrows of exported declarations are actions, with a directive or without.
    ArrowsHoisted,
    /// Whatever stands in an exported expression counts as exported, and no arrow is an inline action.
    Exported,
    /// Each follows its own directive.
    Own,
}

/// The version's answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quirks {
    /// Types and unused imports are stripped before directives are looked for.
    pub(super) strips_types: bool,
    /// Object methods and static methods can be actions, instance methods are rejected, so are `this`, `arguments` and `super`.
    pub(super) methods: bool,
    /// Getters and setters are looked into.
    pub(super) accessors: bool,
    /// A name exported twice is registered under its last name alone, and lists are checked like declarations.
    pub(super) last_name_wins: bool,
    /// An exported enum is rejected.
    pub(super) rejects_enums: bool,
    /// Nothing after the first bad export is looked at.
    pub(super) stops_at_bad_export: bool,
    /// A synchronous function is pointed at by the name that it is bound to.
    pub(super) points_at_names: bool,
    /// A default export of a name is put where it is exported.
    pub(super) default_at_export: bool,
    /// An arrow that is exported itself must be `async`.
    pub(super) checks_arrows: bool,
    /// `[a = 1]` exports `a`.
    pub(super) array_defaults: bool,
    /// An inline directive counts in `export default function`.
    pub(super) default_functions: bool,
    /// `'use cache'` exists.
    pub(super) cache: bool,
    /// A literal exported from a `'use cache'` file is dropped.
    pub(super) cache_drops_literals: bool,
    /// `'use action'` is taken for a misspelling.
    pub(super) knows_use_action: bool,
    /// Misspellings.
    pub(super) spelling: Spelling,
    /// Functions inside a `'use server'` file.
    pub(super) inner: Inner,
}

impl Quirks {
    pub(super) fn of(settings: &Settings) -> Self {
        let version = &settings.version;
        let since = |major, minor| version.at_least(major, minor);
        Self {
            strips_types: settings.bundler == Bundler::Webpack,
            methods: since(15, 1),
            accessors: since(16, 4),
            last_name_wins: since(16, 1),
            rejects_enums: since(15, 0) && !since(16, 1),
            stops_at_bad_export: since(15, 0),
            points_at_names: since(15, 4),
            default_at_export: since(15, 0) && !since(16, 1),
            checks_arrows: since(15, 0),
            array_defaults: inner(version) != Inner::Ignored,
            default_functions: since(14, 0),
            cache: since(15, 0),
            cache_drops_literals: since(16, 3),
            knows_use_action: since(15, 2),
            spelling: match (since(15, 0), since(15, 1)) {
                (false, _) => Spelling::Listed,
                (true, false) => Spelling::CloseInBodies,
                (true, true) => Spelling::Close,
            },
            inner: inner(version),
        }
    }

    /// Whether a string of the file's top level stands where a directive counts.
    pub(super) fn opens_file(self, directive: &Directive) -> bool {
        match directive.kind {
            DirectiveKind::Prologue => true,
            DirectiveKind::Misplaced => self.strips_types && directive.after_erased_only,
            _ => false,
        }
    }
}

fn inner(version: &Version) -> Inner {
    if version.at_least(16, 1) {
        Inner::Own
    } else if version.at_least(15, 0) {
        Inner::Exported
    } else if (version.major, version.minor, version.patch) >= (14, 1, 1) {
        Inner::ArrowsHoisted
    } else {
        Inner::Ignored
    }
}
