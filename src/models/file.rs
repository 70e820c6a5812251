//! A model file: what one package's calls mean, as it is written.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::effect::Effect;
use super::gives::{Receiver, Source};
use super::path::Path;
use super::place::{Columns, Place};
use super::rows::{NarrowsLine, RelatesLine, RowsLine, TableLine};

/// When a callback that a call is handed runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// As a part of the call.
    Now,
    /// As a part of the call, if at all.
    Maybe,
    /// After the response is sent, or when a timer has run out.
    Deferred,
    /// Once nobody has asked for it for a while. The call itself gives a function that asks for it, or a value that follows slowly.
    Debounced,
    /// Before the function that a chain of calls finally wraps.
    Before,
    /// After a client component rendered.
    Effect,
    /// When a query wants its data.
    Query,
    /// When a form is submitted.
    Form,
    /// When something happens in the browser.
    Event,
    /// While a client component renders.
    Render,
}

/// What the calls of one package mean: a built-in model or one of the configuration, in the same grammar.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Model")]
pub struct Model {
    /// What it is imported as: `swr`, `@scope/package`, `package/entry`.
    pub(super) package: String,
    /// What else exports the same; `package/*` for everything below it.
    #[serde(default)]
    pub(super) also: Vec<String>,
    /// Whether its paths start at names that nobody imports: `fetch`, `console`.
    #[serde(default)]
    pub(super) global: bool,
    /// Whether what it does not name is not known, and not taken to do nothing.
    #[serde(default)]
    pub(super) partial: bool,
    /// Named values, and how one gets hold of one.
    #[serde(default)]
    pub(super) types: BTreeMap<String, Vec<CallPath>>,
    /// Calls that do something.
    #[serde(default)]
    pub(super) effect: Vec<EffectLine>,
    /// Calls that run what they are handed.
    #[serde(default)]
    pub(super) callback: Vec<Callback>,
    /// Calls that give one of their arguments back.
    #[serde(default)]
    pub(super) passes: Vec<Passes>,
    /// Calls that give some of what they are handed: some members of an object, some elements of a list.
    #[serde(default)]
    pub(super) parts: Vec<CallPath>,
    /// Values that come from what a call was handed.
    #[serde(default)]
    pub(super) gives: Vec<Gives>,
    /// What callbacks are passed of the value on which the call is made.
    #[serde(default)]
    pub(super) hands: Vec<Hands>,
    /// Calls that give a function which runs one of their arguments.
    #[serde(default)]
    pub(super) wraps: Vec<Wraps>,
    /// Calls and elements that have the browser fetch a URL when its time comes.
    #[serde(default)]
    pub(super) fetches: Vec<Fetches>,
    /// Hooks that show what was fetched under a key, until that is fetched again.
    #[serde(default)]
    pub(super) queries: Vec<Queries>,
    /// Calls that give a proxy, or its answer, which never sends a request to another route.
    #[serde(default)]
    pub(super) keeps_path: Vec<KeepsPath>,
    /// Calls that give rows.
    #[serde(default)]
    pub(super) rows: Vec<RowsLine>,
    /// Calls that leave columns out of them.
    #[serde(default)]
    pub(super) narrows: Vec<NarrowsLine>,
    /// Calls that declare tables.
    #[serde(default)]
    pub(super) table: Vec<TableLine>,
    /// Calls that say what leads from one table to others.
    #[serde(default)]
    pub(super) relates: Vec<RelatesLine>,
    /// Calls that store a row as it is handed to them.
    #[serde(default)]
    pub(super) stores: Vec<Stores>,
    /// Methods that do nothing but compute, whatever they are called on.
    #[serde(default)]
    pub(super) methods: Vec<String>,
}

/// Calls that do something.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EffectLine {
    /// What they do.
    pub(super) kind: LineKind,
    /// The calls, by their path in the package: `redirect`, `Client.{entity}.create`.
    pub(super) call: Vec<CallPath>,
    /// What it is about: `arg0`, `arg1.url`, or a fixed text after `=`.
    #[serde(default)]
    pub(super) target: Option<Place>,
    /// Where the method of a request stands: `arg1.method`.
    #[serde(default)]
    pub(super) method: Option<Place>,
    /// Where the base of a request's URL stands among the arguments of the call that made its client: `arg0.baseURL`.
    #[serde(default)]
    pub(super) base: Option<Place>,
    /// Where the headers of a request stand: `arg1.headers`.
    #[serde(default)]
    pub(super) headers: Option<Place>,
    /// Where the body of a request stands: `arg1.body`.
    #[serde(default)]
    pub(super) body: Option<Place>,
    /// Where the query of a request stands, as an object: `arg1.params`.
    #[serde(default)]
    pub(super) query: Option<Place>,
    /// Where the options of a request stand by which the framework's server knows whether it keeps what it gives: `arg1`.
    #[serde(default)]
    pub(super) options: Option<Place>,
    /// Where the GraphQL document of a request stands, which says what it reads and writes: `arg0.query`. One in a JSON body is seen without it.
    #[serde(default)]
    pub(super) document: Option<Place>,
    /// Where the statement of a query stands: `arg0`, `arg0.text`.
    #[serde(default)]
    pub(super) statement: Option<Place>,
    /// Where the columns stand that alone are written or read: `arg0.data`, an object whose keys they are; `before`, the object that a call before
    /// it in the chain is handed, whose values they are; `after`, the one that the call behind it is handed, whose keys they are.
    #[serde(default)]
    pub(super) columns: Option<Columns>,
    /// Where objects stand whose keys may be relations to other entities, which are read or written with it: `arg0.include`.
    #[serde(default)]
    pub(super) relations: Vec<Place>,
    /// Of a write, the keys below a relation by which it writes that too: `create`.
    #[serde(default)]
    pub(super) verbs: Vec<String>,
    /// Where a selection stands that names other entities with their own columns behind them: `title, author(name)`.
    #[serde(default)]
    pub(super) joined: Option<Place>,
    /// Where paths stand that lead to other entities, which are read with it, by its own fields: `arg0`.
    #[serde(default)]
    pub(super) leads: Option<Place>,
    /// Where the names of other entities stand that are read with it; a list on the way stands for each of its elements: `arg0.$lookup.from`.
    #[serde(default)]
    pub(super) names: Vec<Place>,
    /// Whether the call always throws.
    #[serde(default)]
    pub(super) never_returns: bool,
    /// Where the filter stands of what is written or read, in which what is undefined filters nothing: `arg0.where`.
    #[serde(default)]
    pub(super) filter: Option<Place>,
    /// Of what reads who is signed in, the members that are undefined of some: `orgId` of whoever has chosen no organization.
    #[serde(default)]
    pub(super) lacks: Vec<String>,
    /// Of what reads who is signed in, what it gives where nobody is.
    #[serde(default)]
    pub(super) nobody: Option<Nobody>,
}

/// What a read of who is signed in gives where nobody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Nobody {
    /// Nothing: whoever reads a member of it fails.
    Nothing,
    /// An object all the same, whose members say it: that there is one says nothing, nor that it has `data`.
    Object,
}

/// The kind of an effect, or what decides it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum LineKind {
    /// This effect.
    Effect(Effect),
    /// The method or the statement decides.
    Decided(Decided),
}

/// What decides which effect a call has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Decided {
    /// The method of a request: `http.read` or `http.write`.
    Http,
    /// The text of a statement: `db.read` or `db.write`, and the tables.
    Sql,
    /// The text of a piece of one that another statement takes in: `db.read` of what its subselects read.
    Piece,
}

impl Decided {
    /// Whether somebody is asked for something. A piece of a statement is put together first.
    #[must_use]
    pub fn asks(self) -> bool {
        self != Self::Piece
    }
}

/// Calls that run what they are handed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Callback {
    /// The calls, by their path in the package: `useEffect`, `default()`, `QueryClient.fetchQuery`.
    pub(super) call: Vec<CallPath>,
    /// When what they are handed runs.
    pub(super) when: When,
    /// Which argument, or which property of one (`arg0.queryFn`); everything that is handed where it is left out.
    #[serde(default)]
    pub(super) argument: Option<Place>,
    /// What it passes first.
    #[serde(default)]
    pub(super) first: Option<First>,
}

/// What a function is passed first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum First {
    /// What it gave the last time.
    State,
    /// An object that no request can carry: an event, a context with a signal in it.
    Opaque,
    /// What it works on.
    Input,
}

/// Calls and elements that have the browser fetch a URL when its time comes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Fetches {
    /// The calls, by their path in the package: `default`, `useSWR`.
    pub(super) call: Vec<CallPath>,
    /// Where the URL stands: `arg0`, `arg0.href`.
    pub(super) url: Place,
    /// Where the function stands that is handed the URL and fetches it.
    #[serde(default)]
    pub(super) by: Option<Place>,
}

/// Hooks that show what was fetched under a key, until that is fetched again.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Queries {
    /// The calls, by their path in the package: `useQuery`.
    pub(super) call: Vec<CallPath>,
    /// Where the key stands: `arg0`, `arg0.queryKey`.
    pub(super) key: Place,
    /// Where it says how often it is fetched again by itself: `arg0.refetchInterval`.
    #[serde(default)]
    pub(super) polls: Vec<Place>,
}

/// Calls that give one of their arguments back.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Passes {
    /// The calls, by their path in the package.
    pub(super) call: Vec<CallPath>,
    /// Which argument, counted from 0.
    pub(super) argument: u32,
    /// Of the wrappers of an app's configuration: whether they lead the paths that their other arguments name elsewhere.
    #[serde(default)]
    pub(super) routes: bool,
}

/// Calls that give a function which runs one of their arguments.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Wraps {
    /// The calls, by their path in the package.
    pub(super) call: Vec<CallPath>,
    /// Which argument, counted from 0.
    pub(super) argument: u32,
    /// What the function that they give is passed first, where it is always the same.
    #[serde(default)]
    pub(super) first: Option<First>,
}

/// Calls that give a proxy, or its answer, which never sends a request to another route.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct KeepsPath {
    /// The calls, by their path in the package.
    pub(super) call: Vec<CallPath>,
}

/// Calls that store a row as it is handed to them: each of its keys becomes a column.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Stores {
    /// The calls, by their path in the package: `Client.{entity}.create`, `Insert.values`.
    pub(super) call: Vec<CallPath>,
    /// Where rows stand, or lists of them: `arg0.data`.
    pub(super) row: Vec<Place>,
}

/// Values that come from what a call was handed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Gives {
    /// The values, by their path in the package: `useMemo()`, `useRef().current`, `useState().0`.
    pub(super) value: Vec<CallPath>,
    /// What they are: the first of these that says something.
    pub(super) from: Vec<Source>,
    /// Whether that is only what they are first: something else may be put there.
    #[serde(default)]
    pub(super) changes: bool,
}

/// What callbacks are passed of the value on which the call is made.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Hands {
    /// Parameters of functions that are handed to a call: `*.map(arg0).arg0`.
    pub(super) parameter: Vec<CallPath>,
    /// What they are.
    pub(super) from: Receiver,
}

/// The path of a call in its package.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub(super) struct CallPath {
    /// As it is written.
    pub(super) text: String,
    /// What it says.
    pub(super) path: Path,
}

impl TryFrom<String> for CallPath {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Path::parse(&text).map(|path| Self { text, path })
    }
}

/// A model file holds one package, or several under `[[model]]`.
///
/// # Errors
///
/// What is wrong with it.
pub(super) fn read(text: &str) -> Result<Vec<Model>, String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Several {
        model: Vec<Model>,
    }
    let several = toml::from_str::<toml::Table>(text).is_ok_and(|table| table.contains_key("model"));
    let read = if several {
        toml::from_str::<Several>(text).map(|several| several.model)
    } else {
        toml::from_str(text).map(|model| vec![model])
    };
    read.map_err(|error| error.to_string())
}
