//! The effects that a call can have: a closed vocabulary, which models name and rules ask for.

use schemars::JsonSchema;
use serde::Deserialize;

/// Declares the vocabulary once: the variant, its word, what it means.
macro_rules! effects {
    ($($(#[doc = $doc:literal])+ $name:ident = $word:literal,)+) => {
        /// What a call does to the world outside of its function, or asks of it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
        pub enum Effect {
            $($(#[doc = $doc])+ #[serde(rename = $word)] $name,)+
        }

        impl Effect {
            /// Every effect.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The word in models, marks and reports.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)+
                }
            }
        }
    };
}

effects! {
    /// Rows or documents of an entity are read.
    DbRead = "db.read",
    /// Rows or documents of an entity are written.
    DbWrite = "db.write",
    /// A request that only reads.
    HttpRead = "http.read",
    /// A request that may change something.
    HttpWrite = "http.write",
    /// A file is read.
    FsRead = "fs.read",
    /// A file is written.
    FsWrite = "fs.write",
    /// A key of a cache or key-value store is read.
    KvRead = "kv.read",
    /// A key of a cache or key-value store is written.
    KvWrite = "kv.write",
    /// An object store is written.
    StorageWrite = "storage.write",
    /// Something is put into a queue, or a job is started.
    QueueSend = "queue.send",
    /// A mail is sent.
    EmailSend = "email.send",
    /// A cookie of the request is read.
    CookieRead = "cookie.read",
    /// A cookie is set or deleted.
    CookieWrite = "cookie.write",
    /// A header of the request is read.
    HeaderRead = "header.read",
    /// A path is revalidated.
    RevalidatePath = "cache.revalidate-path",
    /// A tag is revalidated.
    RevalidateTag = "cache.revalidate-tag",
    /// A tag expires at once, so that the caller reads its own write.
    UpdateTag = "cache.update-tag",
    /// The client's router is told to fetch the page again.
    Refresh = "cache.refresh",
    /// What is read carries a tag.
    CacheTag = "cache.tag",
    /// What is made of it is kept for nobody: it waits for a request, or says so.
    NoStore = "cache.no-store",
    /// The client fetches the page again: by its router, or by loading it anew.
    ClientRefresh = "client.refresh",
    /// The client fetches a query again, or puts something into it: that of a key, or every one.
    ClientRefetch = "client.refetch",
    /// Something that is no literal is put into the state of a component.
    ClientState = "client.state",
    /// Something is shown in the place of a value as long as an action runs; then the value is shown again.
    ClientOptimistic = "client.optimistic",
    /// The client goes to another page.
    ClientNavigate = "client.navigate",
    /// The client shows that something is going on: a transition, a toast that waits.
    ClientPending = "client.pending",
    /// The request is answered with another address.
    Redirect = "control.redirect",
    /// The request is answered with "not found" or "not allowed".
    NotFound = "control.not-found",
    /// What the framework threw is thrown on.
    Rethrow = "control.rethrow",
    /// An identity is read, if there is one.
    AuthRead = "auth.read",
    /// An identity is asked for; without one the call does not return.
    AuthRequire = "auth.require",
    /// A session starts or ends: sign-in, sign-up, sign-out.
    AuthSession = "auth.session",
    /// Input is checked against a schema.
    Validate = "input.validate",
    /// The signature of a webhook is verified.
    VerifyWebhook = "webhook.verify",
    /// Two secrets are compared.
    CompareSecret = "secret.compare",
    /// The body of the request is read.
    BodyRead = "body.read",
    /// The response is a stream.
    Stream = "response.stream",
    /// The response carries CORS headers.
    Cors = "response.cors",
    /// A human is asked for.
    Captcha = "captcha",
    /// Requests are counted and limited.
    RateLimit = "rate-limit",
    /// Something is logged or counted for analytics: nobody's data changes.
    Log = "log",
    /// Work is put off until the response is sent.
    Defer = "defer",
}

impl Effect {
    /// The effect of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|effect| effect.as_str() == word)
    }

    /// Whether it changes something that others can see. Logs, caches filled by a read, and the request's own control flow do not.
    #[must_use]
    pub const fn writes(self) -> bool {
        matches!(
            self,
            Self::DbWrite
                | Self::HttpWrite
                | Self::FsWrite
                | Self::StorageWrite
                | Self::QueueSend
                | Self::EmailSend
                | Self::CookieWrite
                | Self::AuthSession
        )
    }

    /// Whether it makes something that is shown fresh again.
    #[must_use]
    pub const fn refreshes(self) -> bool {
        matches!(
            self,
            Self::RevalidatePath | Self::RevalidateTag | Self::UpdateTag | Self::Refresh | Self::ClientRefresh
        )
    }
}
