//! The paths of all models as one automaton, which is stepped once per distinct value and not once per call.

use rustc_hash::FxHashMap;

use super::effect::Effect;
use super::file::{Decided, First, Nobody, When};
use super::gives::{Receiver, Source};
use super::place::{Columns, Place};
use super::rows::{Declares, Relates, Rows};

/// A state of the automaton.
pub type NodeId = u32;

/// The state of what a modelled package exports without a line that names it: nothing that matters comes of it.
pub const INERT: NodeId = 0;

/// A line of a model, by its number: for telling which lines were met.
pub type LineId = u32;

/// What the call of something means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning {
    /// What.
    pub what: What,
    /// The line that says so.
    pub line: LineId,
}

/// What a line says of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// It does something.
    Effect(Box<Did>),
    /// It runs what it is handed: when, and which argument.
    Callback(When, Option<Place>),
    /// It gives an argument back.
    Passes(Passed),
    /// It gives some of what it is handed.
    Parts,
    /// It gives a function that runs this argument.
    Wraps(u32),
    /// It has the browser fetch a URL: where that stands, and the function that is handed it.
    Fetches(Place, Option<Place>),
    /// It shows what was fetched under a key: where that stands, and where it says how often it is fetched again.
    Query(Place, Vec<Place>),
    /// It stores the rows that stand here, whatever their keys are.
    Stores(Vec<Place>),
    /// It gives rows.
    Rows(Box<Rows>),
    /// It leaves columns out of the rows that the chain gives which it is part of.
    Narrows,
    /// It declares a table.
    Declares(Declares),
    /// It says what leads from a table to others.
    Relates(Relates),
    /// It declares a column that holds a text.
    Text,
}

impl What {
    /// Whether it says something of tables and their rows, and nothing of what happens.
    #[must_use]
    pub const fn describes(&self) -> bool {
        matches!(
            self,
            Self::Parts
                | Self::Stores(_)
                | Self::Rows(_)
                | Self::Narrows
                | Self::Declares(_)
                | Self::Relates(_)
                | Self::Text
        )
    }
}

/// What a call gives back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passed {
    /// Which argument, counted from 0.
    pub argument: u32,
    /// Whether the paths that its other arguments name lead elsewhere from then on.
    pub routes: bool,
}

/// An effect of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Did {
    /// The effect, unless something decides it.
    pub kind: Result<Effect, Decided>,
    /// The argument that is the entity, where it is one of the call's own.
    pub captures: Option<u32>,
    /// What it is about.
    pub target: Option<Place>,
    /// Where the method of a request stands.
    pub method: Option<Place>,
    /// Where the base of a request's URL stands among the arguments of the call that made its client.
    pub base: Option<Place>,
    /// Where the headers of a request stand.
    pub headers: Option<Place>,
    /// Where the body of a request stands.
    pub body: Option<Place>,
    /// Where the query of a request stands.
    pub query: Option<Place>,
    /// Where the options of a request stand by which the framework knows whether it keeps what it gives.
    pub options: Option<Place>,
    /// Where the GraphQL document of a request stands.
    pub document: Option<Place>,
    /// Where the statement of a query stands.
    pub statement: Option<Place>,
    /// Where the columns stand that alone are written or read.
    pub columns: Option<Columns>,
    /// Where objects stand whose keys may be relations.
    pub relations: Vec<Place>,
    /// The keys below a relation by which a write writes that too.
    pub verbs: Vec<String>,
    /// Where a selection stands that names other entities.
    pub joined: Option<Place>,
    /// Where paths stand that lead to other entities.
    pub leads: Option<Place>,
    /// Where the names of other entities stand.
    pub names: Vec<Place>,
    /// Whether the call always throws.
    pub never_returns: bool,
    /// Where the filter stands of what is written or read, in which what is undefined filters nothing.
    pub filter: Option<Place>,
    /// Of what reads who is signed in, the members that are undefined of some.
    pub lacks: Vec<String>,
    /// Of what reads who is signed in, what it gives where nobody is.
    pub nobody: Option<Nobody>,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sources {
    /// Where it comes from: the first of these that says something.
    pub from: Vec<Source>,
    /// Whether something else may be put there.
    pub changes: bool,
    /// The line that says so.
    pub line: LineId,
}

/// Where an edge leads: to what only lies on a path, and to named types.
#[derive(Debug, Clone, Default)]
pub(super) struct Targets {
    pub(super) own: Option<NodeId>,
    pub(super) types: Vec<NodeId>,
}

impl Targets {
    fn iter(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.own.iter().chain(&self.types).copied()
    }
}

#[derive(Debug, Clone, Default)]
pub(super) struct Node {
    pub(super) members: FxHashMap<Box<str>, Targets>,
    /// `.*` and `.{entity}`.
    pub(super) any: [Targets; 2],
    /// What a call gives: the captured argument, and whether it is a `new`.
    pub(super) calls: Vec<(Option<u32>, bool, Targets)>,
    pub(super) meanings: Vec<Meaning>,
    /// What the value itself is.
    pub(super) sources: Option<Sources>,
    /// Whether its type arguments say what comes of it.
    pub(super) generic: bool,
    /// The parameters of functions that a call is handed: argument, parameter, what it is; and the line.
    pub(super) handed: Vec<(u32, u32, NodeId, LineId)>,
    /// The same, where it comes from the value on which the call is made.
    pub(super) hands: Vec<(u32, u32, Receiver, LineId)>,
    /// The line that says how one gets hold of it.
    pub(super) line: Option<LineId>,
    /// The line that says that it, or what its call gives, is a proxy that leaves requests on their path.
    pub(super) keeps_path: Option<LineId>,
    /// What callbacks are passed first: which of them, where the line names one.
    pub(super) firsts: Vec<(Option<Place>, First)>,
    /// What the function that a call of it gives is passed first.
    pub(super) takes: Option<First>,
}

/// A package of the models.
#[derive(Debug, Clone, Default)]
pub(super) struct Package {
    pub(super) root: NodeId,
    /// Whether only what is named is known of it.
    pub(super) partial: bool,
    /// Whether columns of the tables that it declares lead to other ones.
    pub(super) refers: bool,
    pub(super) types: FxHashMap<String, NodeId>,
    pub(super) annotations: FxHashMap<String, (NodeId, LineId)>,
}

/// All models, compiled.
#[derive(Debug, Clone)]
pub struct Automaton {
    pub(super) nodes: Vec<Node>,
    pub(super) packages: Vec<Package>,
    pub(super) by_name: FxHashMap<String, usize>,
    /// `package/*`, longest first.
    pub(super) below: Vec<(String, usize)>,
    pub(super) globals: usize,
    pub(super) methods: FxHashMap<String, LineId>,
    /// The lines, as `package: path`.
    pub(super) lines: Vec<String>,
}

impl Default for Automaton {
    fn default() -> Self {
        let globals = Package { root: 1, ..Package::default() };
        Self {
            nodes: vec![Node::default(), Node::default()],
            packages: vec![globals],
            by_name: FxHashMap::default(),
            below: Vec::new(),
            globals: 0,
            methods: FxHashMap::default(),
            lines: Vec::new(),
        }
    }
}

impl Automaton {
    /// The package of an import's specifier, if there is a model of it.
    fn named(&self, specifier: &str) -> Option<&Package> {
        let exact = self.by_name.get(specifier).copied();
        let found = exact.or_else(|| {
            let below = self.below.iter().find(|(prefix, _)| specifier.starts_with(prefix.as_str()));
            below.map(|&(_, package)| package)
        });
        found.map(|package| &self.packages[package])
    }

    /// Whose webhooks calls are known to verify.
    pub fn senders(&self) -> impl Iterator<Item = &str> {
        let meanings = self.nodes.iter().flat_map(|node| &node.meanings);
        meanings.filter_map(|meaning| match &meaning.what {
            What::Effect(did) if did.kind == Ok(Effect::VerifyWebhook) => match &did.target {
                Some(Place::Fixed(name)) => Some(name.as_str()),
                _ => None,
            },
            _ => None,
        })
    }

    /// The state of a package as a whole; `None` without a model of it.
    #[must_use]
    pub fn root(&self, specifier: &str) -> Option<NodeId> {
        self.named(specifier).map(|package| package.root)
    }

    /// Whether nothing is known of a package but what its model names.
    #[must_use]
    pub fn is_partial(&self, specifier: &str) -> bool {
        self.named(specifier).is_some_and(|package| package.partial)
    }

    /// Whether columns of the tables that a package declares lead to other ones.
    #[must_use]
    pub fn refers(&self, specifier: &str) -> bool {
        self.named(specifier).is_some_and(|package| package.refers)
    }

    /// The state from which names that nobody declares are stepped.
    #[must_use]
    pub fn globals(&self) -> NodeId {
        self.packages[self.globals].root
    }

    /// The states of a name that nobody declares; `*.map` is about members alone.
    pub fn global(&self, name: &str, found: &mut impl FnMut(NodeId)) {
        let targets = self.nodes[self.globals() as usize].members.get(name);
        targets.into_iter().flat_map(Targets::iter).for_each(found);
    }

    /// What is annotated with a type of a package, or with a global type where there is no specifier.
    #[must_use]
    pub fn annotated(&self, specifier: Option<&str>, name: &str) -> Option<(NodeId, LineId)> {
        let package = match specifier {
            Some(specifier) => self.named(specifier)?,
            None => &self.packages[self.globals],
        };
        package.annotations.get(name).copied()
    }

    /// The line of a method that does nothing but compute, whatever it is called on.
    #[must_use]
    pub fn method(&self, name: &str) -> Option<LineId> {
        self.methods.get(name).copied()
    }

    /// The states after a member: each with whether the member's name is the entity. Whether there are any without a name for it in
    /// `.*` paths of prototypes is asked with [`Automaton::prototype`].
    pub fn member(&self, node: NodeId, name: &str, found: &mut impl FnMut(NodeId, bool)) {
        let here = &self.nodes[node as usize];
        if let Some(targets) = here.members.get(name) {
            targets.iter().for_each(|target| found(target, false));
            return;
        }
        // An element of a list is what the list is, unless a path names it.
        if is_index(name) {
            found(node, false);
            return;
        }
        here.any[0].iter().for_each(|target| found(target, false));
        here.any[1].iter().for_each(|target| found(target, true));
    }

    /// The states of a method that any value may have: `*.map`.
    pub fn prototype(&self, name: &str, found: &mut impl FnMut(NodeId)) {
        for any in self.nodes[self.globals() as usize].any[0].iter() {
            self.member(any, name, &mut |node, _| found(node));
        }
    }

    /// The states after a call: each with the argument that is the entity.
    pub fn call(&self, node: NodeId, constructs: bool, found: &mut impl FnMut(NodeId, Option<u32>)) {
        for (captures, new, targets) in &self.nodes[node as usize].calls {
            if *new == constructs {
                targets.iter().for_each(|target| found(target, *captures));
            }
        }
    }

    /// What the call of a state means.
    #[must_use]
    pub fn meanings(&self, node: NodeId) -> &[Meaning] {
        &self.nodes[node as usize].meanings
    }

    /// Where the value of a state comes from.
    #[must_use]
    pub fn sources(&self, node: NodeId) -> Option<&Sources> {
        self.nodes[node as usize].sources.as_ref()
    }

    /// Whether type arguments say what comes of a state.
    #[must_use]
    pub fn is_generic(&self, node: NodeId) -> bool {
        self.nodes[node as usize].generic
    }

    /// What a parameter of a function is that the call of a state is handed.
    #[must_use]
    pub fn handed(&self, node: NodeId, argument: u32, parameter: u32) -> Option<(NodeId, LineId)> {
        let handed = self.nodes[node as usize].handed.iter();
        handed.into_iter().find(|of| (of.0, of.1) == (argument, parameter)).map(|of| (of.2, of.3))
    }

    /// What a parameter of a function that the call of a state is handed takes from the value on which it is made.
    #[must_use]
    pub fn hands(&self, node: NodeId, argument: u32, parameter: u32) -> Option<(Receiver, LineId)> {
        let hands = self.nodes[node as usize].hands.iter();
        hands.into_iter().find(|of| (of.0, of.1) == (argument, parameter)).map(|of| (of.2, of.3))
    }

    /// The line by which one got hold of a state.
    #[must_use]
    pub fn line_of(&self, node: NodeId) -> Option<LineId> {
        self.nodes[node as usize].line
    }

    /// The line that says that a state, or what its call gives, is a proxy that leaves requests on their path.
    #[must_use]
    pub fn keeps_path(&self, node: NodeId) -> Option<LineId> {
        self.nodes[node as usize].keeps_path
    }

    /// What a callback is passed first that a call is handed as this argument, or as a property of it.
    #[must_use]
    pub fn first(&self, node: NodeId, argument: u32, property: Option<&str>) -> Option<First> {
        let fits = |place: &Option<Place>| match place {
            Some(Place::Argument(number, below)) => {
                *number == argument && below.iter().map(String::as_str).eq(property)
            }
            Some(Place::Fixed(_)) => false,
            None => true,
        };
        self.nodes[node as usize].firsts.iter().find(|(place, _)| fits(place)).map(|&(_, first)| first)
    }

    /// What the function that a call gives is passed first.
    #[must_use]
    pub fn takes(&self, node: NodeId) -> Option<First> {
        self.nodes[node as usize].takes
    }

    /// Every line, as `package: path`.
    #[must_use]
    pub fn lines(&self) -> &[String] {
        &self.lines
    }
}

/// Whether a member is an element: `useState()[1]`.
fn is_index(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_digit())
}
