//! What a GraphQL document writes and reads, as far as the names in it say: the root fields of its mutations and queries, and the types of its
//! fragments.
//!
//! No schema is at hand. A mutation writes what its root field is named after once its verb is taken away, or, where it answers with a
//! payload, what stands in that; a query reads what its root field is named after, and every type that a fragment of it is on. Of a document
//! that cannot be read nothing is known.

use std::collections::BTreeMap;

use apollo_parser::Parser;
use apollo_parser::cst::{Definition, Field, FragmentDefinition, OperationDefinition, Selection, SelectionSet};

use crate::project::questions::audience::words;

/// How deep selections are looked through.
const DEEPEST: u32 = 12;

/// What a document does.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// What its mutations write.
    pub writes: Vec<Touched>,
    /// What its queries read.
    pub reads: Vec<Touched>,
}

impl Document {
    /// An entity that it writes and another one reads.
    #[must_use]
    pub fn changes(&self, read: &Self) -> Option<&str> {
        let shown =
            |write: &&Touched| read.reads.iter().any(|read| read.entity == write.entity && !(write.one && read.one));
        self.writes.iter().find(shown).map(|write| write.entity.as_str())
    }

    /// What it is about first: what it writes, or else what it reads.
    #[must_use]
    pub fn name(&self) -> &str {
        self.writes.first().or(self.reads.first()).map_or("", |touched| touched.entity.as_str())
    }
}

/// An entity that a document names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touched {
    /// Its name, in the singular and in lower case.
    pub entity: String,
    /// Of a read, whether it is of one; of a write, whether it makes or ends one, and changes none that is there and stays.
    pub one: bool,
}

/// Words of a mutation's name that say what it does.
const VERBS: [&str; 19] = [
    "create",
    "add",
    "insert",
    "update",
    "upsert",
    "edit",
    "save",
    "set",
    "change",
    "delete",
    "remove",
    "destroy",
    "publish",
    "unpublish",
    "archive",
    "rename",
    "move",
    "assign",
    "apply",
];
/// Those of them that make or end one.
const MAKING: [&str; 6] = ["create", "add", "insert", "delete", "remove", "destroy"];
/// Words of names that say how something is asked for.
const ASKING: [&str; 13] =
    ["get", "all", "list", "find", "fetch", "by", "one", "many", "pk", "id", "slug", "handle", "connection"];
/// What stands between a field and what it is about.
const WRAPPERS: [&str; 8] = ["node", "nodes", "edges", "data", "items", "results", "returning", "result"];
/// What a payload says beside what it is about.
const BESIDE: [&str; 9] =
    ["__typename", "clientMutationId", "success", "ok", "message", "status", "code", "affected_rows", "error"];

/// What a text does, if it is a document that does something.
#[must_use]
pub fn read(text: &str) -> Option<Document> {
    let tree = Parser::new(text).recursion_limit(64).token_limit(20_000).parse();
    if tree.errors().len() > 0 {
        return None;
    }
    let (mut fragments, mut operations) = (BTreeMap::new(), Vec::new());
    for definition in tree.document().definitions() {
        match definition {
            Definition::FragmentDefinition(fragment) => {
                let name = fragment.fragment_name().and_then(|name| name.name())?;
                fragments.insert(name.text().to_string(), fragment);
            }
            Definition::OperationDefinition(operation) => operations.push(operation),
            _ => return None,
        }
    }
    let (mut document, reader) = (Document::default(), Reader { fragments });
    operations.iter().try_for_each(|operation| reader.operation(operation, &mut document))?;
    (!document.writes.is_empty() || !document.reads.is_empty()).then_some(document)
}

/// The fragments of a document, by name.
struct Reader {
    fragments: BTreeMap<String, FragmentDefinition>,
}

impl Reader {
    fn operation(&self, operation: &OperationDefinition, into: &mut Document) -> Option<()> {
        let kind = operation.operation_type();
        let is = |token: fn(&apollo_parser::cst::OperationType) -> bool| kind.as_ref().is_some_and(token);
        if is(|kind| kind.subscription_token().is_some()) {
            return None;
        }
        for field in fields(&operation.selection_set()?) {
            let name = name(&field)?;
            if is(|kind| kind.mutation_token().is_some()) {
                self.written(&name, &field, &mut into.writes);
            } else {
                self.shown(&name, &field, &mut into.reads);
            }
        }
        Some(())
    }

    fn written(&self, root: &str, field: &Field, into: &mut Vec<Touched>) {
        let all = words(root);
        let made = all.iter().any(|word| MAKING.contains(&word.as_str()));
        let has_verb = all.iter().any(|word| VERBS.contains(&word.as_str()));
        let own = entity(root);
        let mut add = |entity: String| {
            let one = made && own == entity;
            if !entity.is_empty() && !into.iter().any(|known| known.entity == entity) {
                into.push(Touched { entity, one });
            }
        };
        let Some(payload) = field.selection_set().map(|set| self.unwrapped(set)) else {
            return if has_verb {
                add(own.clone())
            };
        };
        let named = |field: &Field| name(field).unwrap_or_default();
        let is_payload = fields(&payload)
            .iter()
            .all(|field| field.selection_set().is_some() || BESIDE.contains(&named(field).as_str()));
        let types = self.types(&payload);
        if !is_payload || fields(&payload).is_empty() || !types.is_empty() {
            if has_verb {
                add(own.clone());
            }
            return types.into_iter().for_each(add);
        }
        for part in fields(&payload).iter().filter(|part| part.selection_set().is_some()) {
            let name = named(part);
            if !name.to_lowercase().contains("error") {
                add(entity(&name));
                part.selection_set().iter().flat_map(|set| self.types(&self.unwrapped(set.clone()))).for_each(&mut add);
            }
        }
    }

    fn shown(&self, root: &str, field: &Field, into: &mut Vec<Touched>) {
        let own = entity(root);
        let last = words(root).into_iter().rfind(|word| !ASKING.contains(&word.as_str())).unwrap_or_default();
        let is_one = singular(&last) == last && !words(root).iter().any(|word| matches!(word.as_str(), "all" | "list"));
        let mut types = Vec::new();
        if let Some(set) = field.selection_set() {
            self.types_below(&set, DEEPEST, &mut types);
        }
        let own = (!own.is_empty()).then_some((own, is_one));
        for (entity, one) in own.into_iter().chain(types.into_iter().map(|of| (of, true))) {
            if !into.iter().any(|known| known.entity == entity) {
                into.push(Touched { entity, one });
            }
        }
    }

    /// What is selected below what only wraps it.
    fn unwrapped(&self, set: SelectionSet) -> SelectionSet {
        let mut at = set;
        for _ in 0..DEEPEST {
            let wrapped = fields(&at).iter().find_map(|field| {
                let is_wrapper = WRAPPERS.contains(&name(field)?.as_str());
                field.selection_set().filter(|_| is_wrapper)
            });
            let Some(next) = wrapped else { break };
            at = next;
        }
        at
    }

    /// The types of the fragments that a selection takes in itself.
    fn types(&self, set: &SelectionSet) -> Vec<String> {
        let types = set.selections().filter_map(|selection| self.fragment(&selection).map(|(of, _)| of));
        types.flatten().collect()
    }

    /// The types of all fragments of a selection, and of what is below it.
    fn types_below(&self, set: &SelectionSet, left: u32, found: &mut Vec<String>) {
        let Some(left) = left.checked_sub(1) else { return };
        for selection in set.selections() {
            if let Selection::Field(field) = &selection {
                field.selection_set().iter().for_each(|below| self.types_below(below, left, found));
            }
            if let Some((of, below)) = self.fragment(&selection) {
                found.extend(of.filter(|of| !found.contains(of)));
                below.iter().for_each(|below| self.types_below(below, left, found));
            }
        }
    }

    /// The type of a fragment, as an entity, and what it selects.
    fn fragment(&self, selection: &Selection) -> Option<(Option<String>, Option<SelectionSet>)> {
        let (condition, set) = match selection {
            Selection::Field(_) => return None,
            Selection::FragmentSpread(spread) => {
                let name = spread.fragment_name()?.name()?;
                let fragment = self.fragments.get(name.text().as_str())?;
                (fragment.type_condition(), fragment.selection_set())
            }
            Selection::InlineFragment(inline) => (inline.type_condition(), inline.selection_set()),
        };
        let of = condition.and_then(|condition| condition.named_type()?.name());
        Some((of.map(|name| entity(name.text().as_str())), set))
    }
}

fn fields(set: &SelectionSet) -> Vec<Field> {
    let own = |selection| if let Selection::Field(field) = selection { Some(field) } else { None };
    set.selections().filter_map(own).collect()
}

fn name(field: &Field) -> Option<String> {
    field.name().map(|name| name.text().to_string())
}

/// The entity that a name is about: what is left of `createPost`, `insert_posts_one`, `allPosts` or `postById`.
fn entity(name: &str) -> String {
    let mut words = words(name);
    let is_told = |word: &String| !VERBS.contains(&word.as_str()) && !ASKING.contains(&word.as_str());
    words.retain(is_told);
    if let Some(last) = words.last_mut() {
        *last = singular(last);
    }
    words.concat()
}

/// A word in the singular.
pub(in crate::project) fn singular(word: &str) -> String {
    match word.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None if word.ends_with("ss") => word.to_owned(),
        None => word.strip_suffix('s').unwrap_or(word).to_owned(),
    }
}
