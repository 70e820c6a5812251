//! Requests: what code asks for over HTTP, with the method, the URL as far as it is written out, and the route that serves it.
//!
//! A request stands at the call that sends it. Where a function of the project is handed the URL or the method, each call of that function is a
//! request of its own: `api.get('/users')` asks for `/users`, whatever file `fetch` stands in. What is not known stays a hole of the
//! URL, and nothing is said of a request whose origin may be somebody else's.

mod address;
mod gather;
mod leads;
mod own;
mod packed;
mod sent;

use super::effects::summary::Site;
use super::endpoint::CallerKind;
use super::program::modules::{FunctionRef, Role};
use super::routes::{RouteId, Text};
use super::values::terms::TermId;
use super::{AppId, Project};
use crate::diagnostic::Place;

pub use own::{OwnFetch, OwnMutation, Serving};

pub(super) use address::is_part;
pub(super) use gather::Gathered;
pub(super) use packed::{Unpacked, packed, unpacked};

/// A request, by its number.
pub type RequestId = usize;

/// How a request comes to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Means {
    /// A call sends it: `fetch`, a method of a client.
    Call,
    /// A hook fetches its key.
    Key,
    /// A form is sent.
    Form,
    /// A link is followed, or an element shows what is there.
    Link,
}

/// Whose origin a URL has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// The app's own: the URL is a path.
    Own,
    /// One that a value names of which nobody here knows what it is: `process.env.API_URL`.
    Named(TermId),
    /// Another one, written out.
    Other(String),
    /// It is not known, or it is relative to something that is not known.
    Unknown,
}

/// A URL, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Address {
    /// Whose origin.
    pub origin: Origin,
    /// The path, perhaps with a query.
    pub path: Text,
}

/// What sort of body a request has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Body {
    /// None.
    None,
    /// JSON, or a plain object that a client makes JSON of.
    Json,
    /// Fields and files.
    Form,
    /// Something else, or it is not known.
    Unknown,
}

/// What a request sends.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Sent {
    /// The URL: one of these.
    pub addresses: Vec<Address>,
    /// The method: one of these; empty where it is not known.
    pub methods: Vec<String>,
    /// The names of its headers, in lower case, sorted.
    pub headers: Vec<String>,
    /// Its body.
    pub body: Body,
}

/// Where a request ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Leads {
    /// A route of an app, which answers its method.
    Endpoint(AppId, RouteId),
    /// A route of an app, and its method is not known, or whether the route answers it.
    Route(AppId, RouteId),
    /// A route of an app, which does not answer its method.
    Unanswered(AppId, RouteId),
    /// Nothing of the app serves it.
    Missing(AppId),
    /// Another origin.
    Outside,
    /// It is not known.
    Unknown,
}

impl Leads {
    /// What counts most, of several that a request may be.
    const fn rank(self) -> u8 {
        match self {
            Self::Endpoint(..) => 0,
            Self::Route(..) => 1,
            Self::Unanswered(..) => 2,
            Self::Missing(_) => 3,
            Self::Outside => 4,
            Self::Unknown => 5,
        }
    }
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// How it is sent.
    pub means: Means,
    /// The call that sends it.
    pub site: Site,
    /// The calls that hand it its URL or its method, the outermost first.
    pub through: Vec<Site>,
    /// The functions that those calls call.
    of: Vec<FunctionRef>,
    /// What it sends.
    pub sent: Sent,
    /// Where it ends.
    pub leads: Leads,
    /// The routes that answer it, where its URL is one of several.
    answering: Vec<(AppId, RouteId)>,
}

impl Request {
    /// The call that says what it is about: the outermost one.
    #[must_use]
    pub fn at(&self) -> Site {
        self.through.first().copied().unwrap_or(self.site)
    }

    /// The route that it leads to, and its app.
    #[must_use]
    pub const fn route(&self) -> Option<(AppId, RouteId)> {
        match self.leads {
            Leads::Endpoint(app, route) | Leads::Route(app, route) | Leads::Unanswered(app, route) => {
                Some((app, route))
            }
            Leads::Missing(_) | Leads::Outside | Leads::Unknown => None,
        }
    }

    /// The routes that answer it, one for each of its URLs, and their apps.
    #[must_use]
    pub fn routes(&self) -> &[(AppId, RouteId)] {
        &self.answering
    }

    /// Whether its URL is known, but for holes.
    #[must_use]
    pub fn is_known(&self) -> bool {
        !self.sent.addresses.is_empty() && self.sent.addresses.iter().all(|address| address.origin != Origin::Unknown)
    }

    /// Its path as reports write it, with its query: unknown pieces are `{}`.
    #[must_use]
    pub fn url(&self) -> String {
        self.urls().next().unwrap_or_default()
    }

    /// The same for each address that it may be sent to.
    pub fn urls(&self) -> impl Iterator<Item = String> + '_ {
        self.sent.addresses.iter().map(|address| address.path.to_string().replace("{..}", "{}"))
    }

    /// Its path as reports write it: unknown pieces are `{}`, and what follows the path is left out.
    #[must_use]
    pub fn path(&self) -> String {
        self.url().split(['?', '#']).next().unwrap_or_default().to_owned()
    }

    /// Its method, or several.
    #[must_use]
    pub fn method(&self) -> String {
        self.sent.methods.join(" or ")
    }

    /// Whether it is certain to be no `GET`.
    #[must_use]
    pub fn may_change(&self) -> bool {
        !self.sent.methods.iter().any(|method| matches!(method.as_str(), "GET" | "HEAD" | "OPTIONS"))
    }
}

/// A request to a route, and what has it sent.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'p> {
    /// The request.
    pub request: &'p Request,
    /// Who.
    pub kind: CallerKind,
    /// Where.
    pub place: Place,
}

/// The requests of a tree.
#[derive(Debug, Default)]
pub struct Requests {
    /// By place.
    all: Vec<Request>,
    /// The requests of each kind, and by whom they are sent, by request.
    by: Vec<Vec<CallerKind>>,
}

impl Project {
    /// Every request, by place.
    #[must_use]
    pub fn requests(&self) -> &[Request] {
        &self.requests.all
    }

    /// A request.
    #[must_use]
    pub fn request(&self, id: RequestId) -> &Request {
        &self.requests.all[id]
    }

    /// Who has a request sent, by kind; nobody where nothing reaches it.
    #[must_use]
    pub fn senders(&self, id: RequestId) -> &[CallerKind] {
        &self.requests.by[id]
    }

    /// The requests that lead to a route of an app, each with everyone who has it sent.
    pub fn asking(&self, app: AppId, route: RouteId) -> impl Iterator<Item = Asking<'_>> {
        let to = self.requests.all.iter().zip(&self.requests.by);
        to.filter(move |(request, _)| request.route() == Some((app, route))).flat_map(|(request, kinds)| {
            let place = self.call_place(request.at());
            kinds.iter().map(move |&kind| Asking { request, kind, place })
        })
    }

    /// Whether a request is one of a program, and not of a test, a story or a script that fills a database.
    #[must_use]
    pub fn is_program(&self, request: &Request) -> bool {
        matches!(self.module(request.at().0).role, Role::Source | Role::Config)
    }

    /// The function in which a request is said what it is about.
    #[must_use]
    pub fn sender(&self, request: &Request) -> FunctionRef {
        self.function_of(request.at())
    }
}
