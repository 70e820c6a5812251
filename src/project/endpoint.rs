//! What the inventory lists: a function that the network can call, and who calls it.

use super::asked::deeds::Deeds;
use super::guards::{GuardKind, GuardState};
use crate::diagnostic::Place;

/// What sort of endpoint it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EndpointKind {
    /// A function of a `'use server'` file or with an inline `'use server'`.
    ServerAction,
    /// A `'use cache'` function exported from a `'use server'` file: callable by POST all the same.
    CacheFunction,
    /// A method of `route.ts`.
    RouteHandler,
    /// A default export below `pages/api`.
    PagesApi,
    /// A Rust server function.
    ServerFunction,
}

impl EndpointKind {
    /// The word in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ServerAction => "server-action",
            Self::CacheFunction => "cache-function",
            Self::RouteHandler => "route-handler",
            Self::PagesApi => "pages-api",
            Self::ServerFunction => "server-function",
        }
    }
}

/// Who calls an endpoint, by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CallerKind {
    /// An event handler of a client component.
    ClientEvent,
    /// An effect of a client component.
    ClientEffect,
    /// A fetcher of a query hook.
    ClientQuery,
    /// A form of a client component.
    ClientForm,
    /// A client component while it renders.
    ClientRender,
    /// A server component while it renders.
    ServerRender,
    /// A form of a server component.
    ServerForm,
    /// Another server action.
    Action,
    /// A route handler or a pages API.
    Handler,
    /// The proxy or middleware, or instrumentation.
    Proxy,
    /// A job.
    Job,
    /// A script.
    Script,
    /// A test.
    Test,
    /// A story.
    Story,
    /// A package of the tree that is no part of the web app.
    NativeApp,
    /// A Rust client.
    Rust,
    /// A raw HTTP request.
    Http,
}

impl CallerKind {
    /// The word in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClientEvent => "client-event",
            Self::ClientEffect => "client-effect",
            Self::ClientQuery => "client-query",
            Self::ClientForm => "client-form",
            Self::ClientRender => "client-render",
            Self::ServerRender => "server-render",
            Self::ServerForm => "server-form",
            Self::Action => "action",
            Self::Handler => "handler",
            Self::Proxy => "proxy",
            Self::Job => "job",
            Self::Script => "script",
            Self::Test => "test",
            Self::Story => "story",
            Self::NativeApp => "native-app",
            Self::Rust => "rust",
            Self::Http => "http",
        }
    }
}

/// One place that calls an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Caller {
    /// Who.
    pub kind: CallerKind,
    /// Where.
    pub place: Place,
}

/// What guards an endpoint: of several effects the one that is guarded least counts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EndpointGuard {
    /// Whether anything does.
    pub state: GuardState,
    /// What is looked at, where something does.
    pub kind: Option<GuardKind>,
    /// Why it is not known, where it is not.
    pub reason: &'static str,
    /// The function in which the guard stands, or what may be one.
    pub by: Option<String>,
    /// Where it stands.
    pub place: Option<Place>,
    /// What looks like a guard and is none, and where, where nothing guards it.
    pub considered: Option<(&'static str, Place)>,
    /// Whether everything that is written is written after input was checked; `None` where nothing is written.
    pub validated: Option<bool>,
}

/// One function that the network can call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The root of its app (`""` is the tree's root), or `None` outside any app.
    pub app: Option<String>,
    /// What sort it is.
    pub kind: EndpointKind,
    /// As exported, `default` for a default export, `None` for an inline action; the method of a route handler.
    pub name: Option<String>,
    /// The HTTP method; `POST` for an action, `*` for a pages API, which answers all.
    pub method: String,
    /// As Next writes routes; `None` for an action.
    pub url: Option<String>,
    /// Where it is: the route file for a handler, where the compiler puts an action.
    pub place: Place,
    /// Whether it is an inline action.
    pub inline: bool,
    /// Whether the app's graph makes it callable.
    pub live: bool,
    /// What it does.
    pub does: Deeds,
    /// What guards it.
    pub guard: EndpointGuard,
    /// Who calls it, sorted by place.
    pub callers: Vec<Caller>,
}
