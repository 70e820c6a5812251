//! Where a program is entered from outside: one adapter a framework finds the files, this module says what each is.

pub mod next;

use super::program::modules::ModuleId;

/// What a framework makes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryKind {
    /// A page, layout or any other file that the App Router renders.
    View,
    /// `route.ts`: one handler a method.
    RouteHandler,
    /// A file that makes an icon, a sitemap or another metadata route.
    Metadata,
    /// A page of the Pages Router.
    PagesPage,
    /// A file below `pages/api`.
    PagesApi,
    /// `middleware.ts` or `proxy.ts`.
    Proxy,
    /// `instrumentation.ts`.
    Instrumentation,
    /// `instrumentation-client.ts`.
    ClientInstrumentation,
}

/// A file that a framework enters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryFile {
    /// Its module.
    pub module: ModuleId,
    /// What it is.
    pub kind: EntryKind,
    /// The URL that it serves, as the framework writes routes, without a base path; empty where it serves none of its own.
    pub url: String,
}
