//! What values are, as terms: names, imports and calls of the project's own functions worked out, the rest kept as the path by which
//! it is reached. Terms are interned, so that equal ones have one id and questions about them are answered once.
//!
//! A term is written in the parameters of the functions around it; putting arguments in their place gives the term of one call.

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::facts::{ClassId, List, TypeId};
use crate::models::NodeId;
use crate::project::actions::ActionId;
use crate::project::program::modules::{FunctionRef, ModuleId};

/// A term, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TermId(pub u32);

/// An interned list of terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ListId(pub u32);

/// An interned text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextId(pub u32);

/// Interned bindings of parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bindings(pub u32);

impl Bindings {
    /// Nothing is bound.
    pub const NONE: Self = Self(0);
}

impl ListId {
    /// No terms.
    pub const EMPTY: Self = Self(0);
}

/// A parameter of a function.
pub(in crate::project) type ParameterRef = (FunctionRef, u32);

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `a === b`
    Equal,
    /// `a !== b`
    NotEqual,
    /// `a in b`
    In,
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Term {
    /// It cannot be known, and why.
    Unknown(&'static str),
    /// What the caller passes.
    Parameter(FunctionRef, u32),
    /// What a package exports: the specifier, and the name; all exports without one.
    Package(TextId, Option<TextId>),
    /// A name that no file declares.
    Global(TextId),
    /// Something of a type that a model names.
    Typed(NodeId),
    /// A value that is not known to its end, and the type of the project that says what its members are.
    As(TermId, ModuleId, TypeId),
    /// A value of a package's generic type, and the type arguments.
    Of(TermId, ModuleId, List),
    /// A member.
    Member(TermId, TextId),
    /// An element of an array or another collection.
    Element(TermId),
    /// What a call gives that is not followed: the callee, the arguments, whether it is a `new`.
    Called(TermId, ListId, bool),
    /// A function, with what the parameters of the functions around it are.
    Function(FunctionRef, Bindings),
    /// A class.
    Class(ModuleId, ClassId),
    /// An instance of a class, made with these arguments.
    Instance(ModuleId, ClassId, ListId),
    /// All exports of a module.
    Namespace(ModuleId),
    /// A server action, and the value behind it.
    Action(ActionId, TermId),
    /// `f.bind(this, ..)`
    Bound(TermId, ListId),
    /// A string.
    Text(TextId),
    /// A number.
    Number(TextId),
    /// `true`, `false`
    Bool(bool),
    /// `null`
    Null,
    /// `undefined`
    Undefined,
    /// A string with holes.
    Template(ListId),
    /// An object: keys and values in turn; a key that is no text stands for a spread ([`Term::Null`]) or a computed key.
    Object(ListId),
    /// An array.
    Array(ListId),
    /// One of several.
    Union(ListId),
    /// `...x`
    Spread(TermId),
    /// `!x`
    Not(TermId),
    /// A comparison.
    Compare(Comparison, TermId, TermId),
    /// Computed from these.
    Computed(ListId),
}

/// Terms of more nodes than this are not kept; a node that is shared counts each time, closures with what they are bound to. It is what ends
/// combinators that wrap closures in closures, which double at every step.
const LARGEST: u32 = 40_000;

/// The terms of a project.
pub struct Terms {
    terms: Vec<Term>,
    /// How many nodes a term has, and whether there is a parameter in it.
    facts: Vec<(u32, bool)>,
    ids: FxHashMap<Term, TermId>,
    lists: Vec<Box<[TermId]>>,
    list_ids: FxHashMap<Box<[TermId]>, ListId>,
    texts: Vec<Box<str>>,
    text_ids: FxHashMap<Box<str>, TextId>,
    bindings: Vec<Box<[(ParameterRef, TermId)]>>,
    binding_ids: FxHashMap<Box<[(ParameterRef, TermId)]>, Bindings>,
}

impl Default for Terms {
    fn default() -> Self {
        let mut terms = Self {
            terms: Vec::new(),
            facts: Vec::new(),
            ids: FxHashMap::with_hasher(FxBuildHasher),
            lists: vec![Box::default()],
            list_ids: FxHashMap::default(),
            texts: Vec::new(),
            text_ids: FxHashMap::default(),
            bindings: vec![Box::default()],
            binding_ids: FxHashMap::default(),
        };
        terms.list_ids.insert(Box::default(), ListId::EMPTY);
        terms.binding_ids.insert(Box::default(), Bindings::NONE);
        terms
    }
}

fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

impl Terms {
    /// A term.
    #[must_use]
    pub fn get(&self, id: TermId) -> Term {
        self.terms[id.0 as usize]
    }

    /// The terms of a list.
    #[must_use]
    pub fn list(&self, id: ListId) -> &[TermId] {
        &self.lists[id.0 as usize]
    }

    /// A text.
    #[must_use]
    pub fn text(&self, id: TextId) -> &str {
        &self.texts[id.0 as usize]
    }

    /// What is bound, by parameter.
    #[must_use]
    pub fn bound(&self, id: Bindings) -> &[(ParameterRef, TermId)] {
        &self.bindings[id.0 as usize]
    }

    /// Whether a term has a parameter in it.
    #[must_use]
    pub fn is_open(&self, id: TermId) -> bool {
        self.facts[id.0 as usize].1
    }

    /// The id of a term.
    pub fn add(&mut self, term: Term) -> TermId {
        if let Some(&id) = self.ids.get(&term) {
            return id;
        }
        let (size, open) = self.measure(term);
        if size > LARGEST {
            return self.add(Term::Unknown("a value that is too large"));
        }
        let id = TermId(number(self.terms.len()));
        self.terms.push(term);
        self.facts.push((size, open));
        self.ids.insert(term, id);
        id
    }

    fn measure(&self, term: Term) -> (u32, bool) {
        let one = |id: TermId| self.facts[id.0 as usize];
        let add = |(size, open): (u32, bool), (more, also): (u32, bool)| (size.saturating_add(more), open || also);
        let all = |id: ListId| self.list(id).iter().map(|&id| one(id)).fold((1, false), add);
        match term {
            Term::Parameter(..) => (1, true),
            Term::Member(inner, _)
            | Term::Element(inner)
            | Term::As(inner, _, _)
            | Term::Of(inner, _, _)
            | Term::Spread(inner)
            | Term::Not(inner)
            | Term::Action(_, inner) => add((1, false), one(inner)),
            Term::Called(callee, list, _) | Term::Bound(callee, list) => add(one(callee), all(list)),
            Term::Compare(_, left, right) => add((1, false), add(one(left), one(right))),
            Term::Instance(_, _, list)
            | Term::Template(list)
            | Term::Object(list)
            | Term::Array(list)
            | Term::Union(list)
            | Term::Computed(list) => all(list),
            // A function may mention the parameters of the functions around it, whatever is bound by now.
            Term::Function(_, bindings) => {
                let sizes = self.bound(bindings).iter().map(|&(_, id)| one(id).0);
                (sizes.fold(1, u32::saturating_add), true)
            }
            _ => (1, false),
        }
    }

    /// The id of a list.
    pub fn add_list(&mut self, list: &[TermId]) -> ListId {
        if let Some(&id) = self.list_ids.get(list) {
            return id;
        }
        let id = ListId(number(self.lists.len()));
        self.lists.push(list.into());
        self.list_ids.insert(list.into(), id);
        id
    }

    /// The id of a text.
    pub fn add_text(&mut self, text: &str) -> TextId {
        if let Some(&id) = self.text_ids.get(text) {
            return id;
        }
        let id = TextId(number(self.texts.len()));
        self.texts.push(text.into());
        self.text_ids.insert(text.into(), id);
        id
    }

    /// The id of bindings; of two of one parameter the first holds.
    pub fn bind(&mut self, mut bindings: Vec<(ParameterRef, TermId)>) -> Bindings {
        bindings.sort_by_key(|&(parameter, _)| parameter);
        bindings.dedup_by_key(|&mut (parameter, _)| parameter);
        if let Some(&id) = self.binding_ids.get(bindings.as_slice()) {
            return id;
        }
        let id = Bindings(number(self.bindings.len()));
        self.bindings.push(bindings.clone().into());
        self.binding_ids.insert(bindings.into(), id);
        id
    }

    /// What a parameter is bound to.
    #[must_use]
    pub fn lookup(&self, bindings: Bindings, parameter: ParameterRef) -> Option<TermId> {
        let bound = self.bound(bindings);
        let found = bound.binary_search_by_key(&parameter, |&(bound, _)| bound).ok()?;
        Some(bound[found].1)
    }

    /// A value that cannot be known.
    pub fn unknown(&mut self, reason: &'static str) -> TermId {
        self.add(Term::Unknown(reason))
    }

    /// A string.
    pub fn add_literal(&mut self, text: &str) -> TermId {
        let text = self.add_text(text);
        self.add(Term::Text(text))
    }

    /// One of several: unions within are flattened. What cannot be known, and that it may be nothing, is kept beside what is known, once
    /// each and last; a value that depends on itself is whatever the others are, and so is one that is kept on the global object.
    pub fn union(&mut self, alternatives: &[TermId]) -> TermId {
        const MOST: usize = 8;
        let (mut known, mut kept, mut unknown, mut nothing) = (Vec::<TermId>::new(), None, None, None);
        let mut flat: Vec<TermId> = Vec::new();
        for &alternative in alternatives {
            match self.get(alternative) {
                Term::Union(list) => flat.extend_from_slice(self.list(list)),
                _ => flat.push(alternative),
            }
        }
        for &id in &flat {
            match self.get(id) {
                Term::Null | Term::Undefined => nothing = Some(id),
                Term::Unknown(NO_SUCH_NAME | OF_NOTHING) => nothing = nothing.or(Some(id)),
                Term::Unknown(ITSELF) => {}
                Term::Member(..) | Term::As(..) if self.is_kept(id) => kept = kept.or(Some(id)),
                // What a type says of one of them is more than nothing.
                Term::As(..) if self.is_unknown(id) => unknown = Some(id),
                _ if self.is_unknown(id) => unknown = unknown.or(Some(id)),
                _ if known.contains(&id) => {}
                _ => known.push(id),
            }
        }
        if known.is_empty() {
            let itself = || flat.first().copied();
            return unknown.or(kept).or(nothing).or_else(itself).unwrap_or_else(|| self.add(Term::Undefined));
        }
        if known.len() > MOST {
            return self.unknown("one of many values");
        }
        let nothing = nothing.map(|id| if self.is_nothing(id) { id } else { self.add(Term::Undefined) });
        known.extend(unknown.into_iter().chain(nothing));
        if let [only] = known.as_slice() {
            return *only;
        }
        let list = self.add_list(&known);
        self.add(Term::Union(list))
    }

    /// The one thing that a value is wherever it is something.
    #[must_use]
    pub fn only(&self, id: TermId) -> TermId {
        match self.get(id) {
            Term::Union(list) => match *self.list(list) {
                [only, nothing] if self.is_nothing(nothing) => only,
                _ => id,
            },
            _ => id,
        }
    }

    /// Whether a value is `null` or `undefined`.
    #[must_use]
    pub fn is_nothing(&self, id: TermId) -> bool {
        matches!(self.get(id), Term::Null | Term::Undefined)
    }

    /// Whether a value is one that can be called: of several that are known, an object is not meant.
    #[must_use]
    pub fn may_be_called(&self, id: TermId) -> bool {
        !matches!(
            self.get(id),
            Term::Object(_)
                | Term::Array(_)
                | Term::Instance(..)
                | Term::Text(_)
                | Term::Number(_)
                | Term::Bool(_)
                | Term::Null
                | Term::Undefined
        )
    }

    /// Whether nothing is known of a value but perhaps the members by which it is reached.
    #[must_use]
    pub fn is_unknown(&self, id: TermId) -> bool {
        matches!(self.root(id), Term::Unknown(_))
    }

    /// What the members and calls of a term start from.
    #[must_use]
    pub fn root(&self, id: TermId) -> Term {
        match self.get(self.only(id)) {
            Term::Member(inner, _)
            | Term::Element(inner)
            | Term::Called(inner, _, _)
            | Term::As(inner, _, _)
            | Term::Of(inner, _, _) => self.root(inner),
            term => term,
        }
    }
}

/// Why a member is not known where the object is known and does not have the name.
pub(in crate::project) const NO_SUCH_NAME: &str = "a name that the object does not have";

/// Why a member is not known of what is `null` or `undefined`.
pub(in crate::project) const OF_NOTHING: &str = "a member of nothing";

/// Why a value is not known where it is asked for while it is worked out.
pub(in crate::project) const ITSELF: &str = "a value that depends on itself";

/// The reason of what an action is called with: data, whose methods only compute, since nothing else is sent.
pub(in crate::project) const SENT: &str = "what the browser sends";
