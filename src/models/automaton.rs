//! The paths of all models as one automaton, which is stepped once per distinct value and not once per call.

use rustc_hash::FxHashMap;

use super::effect::Effect;
use super::file::{CallPath, Decided, Gives, LineKind, Model, Place, When};
use super::gives::{Receiver, Source};
use super::path::{Path, Segment};

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
    Effect(Did),
    /// It runs what it is handed: when, and which argument.
    Callback(When, Option<Place>),
    /// It gives this argument back.
    Passes(u32),
    /// It gives a function that runs this argument.
    Wraps(u32),
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
    /// Where the statement of a query stands.
    pub statement: Option<Place>,
    /// Whether the call always throws.
    pub never_returns: bool,
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
struct Targets {
    own: Option<NodeId>,
    types: Vec<NodeId>,
}

impl Targets {
    fn iter(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.own.iter().chain(&self.types).copied()
    }
}

#[derive(Debug, Clone, Default)]
struct Node {
    members: FxHashMap<Box<str>, Targets>,
    /// `.*` and `.{entity}`.
    any: [Targets; 2],
    /// What a call gives: the captured argument, and whether it is a `new`.
    calls: Vec<(Option<u32>, bool, Targets)>,
    meanings: Vec<Meaning>,
    /// What the value itself is.
    sources: Option<Sources>,
    /// Whether its type arguments say what comes of it.
    generic: bool,
    /// The parameters of functions that a call is handed: argument, parameter, what it is; and the line.
    handed: Vec<(u32, u32, NodeId, LineId)>,
    /// The same, where it comes from the value on which the call is made.
    hands: Vec<(u32, u32, Receiver, LineId)>,
    /// The line that says how one gets hold of it.
    line: Option<LineId>,
}

/// A package of the models.
#[derive(Debug, Clone, Default)]
struct Package {
    root: NodeId,
    /// Whether only what is named is known of it.
    partial: bool,
    types: FxHashMap<String, NodeId>,
    annotations: FxHashMap<String, (NodeId, LineId)>,
}

/// All models, compiled.
#[derive(Debug, Clone)]
pub struct Automaton {
    nodes: Vec<Node>,
    packages: Vec<Package>,
    by_name: FxHashMap<String, usize>,
    /// `package/*`, longest first.
    below: Vec<(String, usize)>,
    globals: usize,
    methods: FxHashMap<String, LineId>,
    /// The lines, as `package: path`.
    lines: Vec<String>,
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
    /// Adds a model.
    pub(super) fn add(&mut self, model: &Model) {
        let package = self.package(model);
        self.packages[package].partial |= model.partial;
        for name in model.types.keys() {
            if !self.packages[package].types.contains_key(name) {
                let node = self.node();
                self.packages[package].types.insert(name.clone(), node);
            }
        }
        for (name, paths) in &model.types {
            for path in paths {
                let line = self.line(model, &path.text);
                self.add_type(package, name, &path.path, line);
            }
        }
        for effect in &model.effect {
            for path in &effect.call {
                let kind = match effect.kind {
                    LineKind::Effect(effect) => Ok(effect),
                    LineKind::Decided(decided) => Err(decided),
                };
                let did = Did {
                    kind,
                    captures: None,
                    target: effect.target.clone(),
                    method: effect.method.clone(),
                    statement: effect.statement.clone(),
                    never_returns: effect.never_returns,
                };
                self.add_meaning(package, model, &path.text, &path.path, What::Effect(did));
            }
        }
        for callback in &model.callback {
            for path in &callback.call {
                let what = What::Callback(callback.when, callback.argument.clone());
                self.add_meaning(package, model, &path.text, &path.path, what);
            }
        }
        for (lines, wraps) in [(&model.passes, false), (&model.wraps, true)] {
            for passes in lines {
                for path in &passes.call {
                    let what = if wraps { What::Wraps(passes.argument) } else { What::Passes(passes.argument) };
                    self.add_meaning(package, model, &path.text, &path.path, what);
                }
            }
        }
        for gives in &model.gives {
            for path in &gives.value {
                self.add_sources(package, model, path, gives);
            }
        }
        for hands in &model.hands {
            for path in &hands.parameter {
                let line = self.line(model, &path.text);
                let Path::Handed { callee, argument, parameter } = &path.path else { continue };
                let callee = self.walk(package, callee);
                self.nodes[callee as usize].hands.push((*argument, *parameter, hands.from, line));
            }
        }
        for method in &model.methods {
            let line = self.line(model, method);
            self.methods.insert(method.clone(), line);
        }
    }

    fn package(&mut self, model: &Model) -> usize {
        if model.global {
            return self.globals;
        }
        let known = self.by_name.get(&model.package).copied();
        let package = known.unwrap_or_else(|| {
            let root = self.node();
            self.packages.push(Package { root, ..Package::default() });
            self.packages.len() - 1
        });
        for name in std::iter::once(&model.package).chain(&model.also) {
            match name.strip_suffix('*') {
                Some(prefix) => self.below.push((prefix.to_owned(), package)),
                None => {
                    self.by_name.insert(name.clone(), package);
                }
            }
        }
        self.below.sort_by(|(left, _), (right, _)| right.len().cmp(&left.len()).then_with(|| left.cmp(right)));
        package
    }

    fn node(&mut self) -> NodeId {
        self.nodes.push(Node::default());
        u32::try_from(self.nodes.len() - 1).unwrap_or(INERT)
    }

    fn line(&mut self, model: &Model, text: &str) -> LineId {
        self.lines.push(format!("{}: {text}", model.package));
        u32::try_from(self.lines.len() - 1).unwrap_or(0)
    }

    fn add_type(&mut self, package: usize, name: &str, path: &Path, line: LineId) {
        let node = self.packages[package].types[name];
        match path {
            Path::Annotation(name) => {
                self.packages[package].annotations.insert(name.clone(), (node, line));
            }
            Path::Handed { callee, argument, parameter } => {
                let callee = self.walk(package, callee);
                self.nodes[callee as usize].handed.push((*argument, *parameter, node, line));
            }
            Path::Value(segments) => {
                let (last, before) = segments.split_last().expect("a path has a segment");
                let from = self.walk(package, before);
                // A node between the path and the type says which line led there.
                let through = self.node();
                self.nodes[through as usize].line = Some(line);
                let targets = self.targets(from, last);
                targets.types.push(node);
                targets.types.push(through);
            }
        }
    }

    fn add_meaning(&mut self, package: usize, model: &Model, text: &str, path: &Path, mut what: What) {
        let line = self.line(model, text);
        let Path::Value(mut segments) = path.clone() else { return };
        if let (What::Effect(did), Some(Segment::Call { captures: captures @ Some(_), .. })) =
            (&mut what, segments.last())
        {
            did.captures = *captures;
            segments.pop();
        }
        let node = self.walk(package, &segments);
        self.nodes[node as usize].meanings.push(Meaning { what, line });
    }

    fn add_sources(&mut self, package: usize, model: &Model, path: &CallPath, gives: &Gives) {
        let line = self.line(model, &path.text);
        let Path::Value(segments) = &path.path else { return };
        let node = self.walk(package, segments);
        self.nodes[node as usize].sources = Some(Sources { from: gives.from.clone(), changes: gives.changes, line });
        if gives.from.iter().any(|source| matches!(source, Source::Type(_))) {
            for end in 1..segments.len() {
                let node = self.walk(package, &segments[..end]);
                self.nodes[node as usize].generic = true;
            }
        }
    }

    /// The node at the end of a path, made where it is not there.
    fn walk(&mut self, package: usize, segments: &[Segment]) -> NodeId {
        let mut at = self.packages[package].root;
        for (position, segment) in segments.iter().enumerate() {
            if let (0, Segment::Member(name)) = (position, segment)
                && let Some(&node) = self.packages[package].types.get(name)
            {
                at = node;
                continue;
            }
            let fresh = self.node();
            let own = *self.targets(at, segment).own.get_or_insert(fresh);
            if own != fresh {
                self.nodes.pop();
            }
            at = own;
        }
        at
    }

    fn targets(&mut self, at: NodeId, segment: &Segment) -> &mut Targets {
        let node = &mut self.nodes[at as usize];
        match segment {
            Segment::Member(name) => node.members.entry(name.as_str().into()).or_default(),
            Segment::AnyMember { captures } => &mut node.any[usize::from(*captures)],
            Segment::Call { captures, constructs } => {
                let known = node.calls.iter().position(|(of, new, _)| of == captures && new == constructs);
                let index = known.unwrap_or_else(|| {
                    node.calls.push((*captures, *constructs, Targets::default()));
                    node.calls.len() - 1
                });
                &mut node.calls[index].2
            }
        }
    }

    /// The package of an import's specifier, if there is a model of it.
    fn named(&self, specifier: &str) -> Option<&Package> {
        let exact = self.by_name.get(specifier).copied();
        let found = exact.or_else(|| {
            let below = self.below.iter().find(|(prefix, _)| specifier.starts_with(prefix.as_str()));
            below.map(|&(_, package)| package)
        });
        found.map(|package| &self.packages[package])
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
