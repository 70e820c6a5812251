//! What the declarations of documents say of other ones: `author: { type: ObjectId, ref: 'User' }` leads from a post to a user; and the
//! collections in which they lie.

use crate::facts::{CallKind, ValueId};
use crate::models::{Declares, What};
use crate::project::Project;
use crate::project::program::modules::ModuleId;
use crate::project::values::evaluate::Evaluator;
use crate::project::values::terms::{Term, TermId};

/// How deep fields lie in each other.
const DEEPEST: u32 = 4;

/// What declarations say: from an entity, by a field, to another one; and the names of collections with the entities in them.
#[derive(Debug, Default)]
pub(in crate::project) struct References {
    pub(in crate::project) other: Vec<((String, String), String)>,
    /// The other ones to which a field leads that is a list.
    pub(in crate::project) several: Vec<String>,
    pub(in crate::project) collections: Vec<(String, String)>,
}

impl Project {
    /// Adds what the declarations of documents say to the relations of schemas.
    pub(in crate::project) fn relate_documents(&mut self) {
        let mut eval = Evaluator::new(self.world());
        let mut found = References::default();
        for (module, here) in self.modules() {
            let refers = |source| self.models.refers(here.facts.text(source));
            if !here.facts.imports.iter().any(|import| refers(import.source)) {
                continue;
            }
            for call in here.facts.calls.iter().filter(|call| call.kind == CallKind::Plain && call.arguments.len > 1) {
                let callee = eval.value(module, call.callee);
                let models = eval.world.models;
                let states = eval.states_of(callee);
                for meaning in states.iter().flat_map(|&(node, _)| models.meanings(node)) {
                    if let What::Declares(declares) = &meaning.what {
                        declared(&mut eval, module, here.facts.list(call.arguments), declares, &mut found);
                    }
                }
            }
        }
        self.relations.refer(found);
    }
}

/// Adds what the declaration of one entity says.
fn declared(
    eval: &mut Evaluator<'_>,
    module: ModuleId,
    arguments: &[ValueId],
    declares: &Declares,
    found: &mut References,
) {
    let Some(key) = &declares.refers else { return };
    let arguments: Vec<TermId> = arguments.iter().map(|&argument| eval.value(module, argument)).collect();
    let name = declares.captures.and_then(|index| arguments.get(index as usize).copied());
    let Some(Term::Text(entity)) = name.map(|name| eval.terms.get(name)) else { return };
    let entity = eval.terms.text(entity).to_owned();
    found.collections.push((plural(&entity), entity.clone()));
    let Some(schema) = eval.at(&declares.columns, &arguments) else { return };
    // `new Schema({ .. })`
    let fields = match eval.terms.get(eval.terms.only(schema)) {
        Term::Called(_, list, true) => eval.terms.list(list).first().copied(),
        _ => Some(schema),
    };
    let of = (entity.as_str(), key.as_str(), declares.kind.as_deref());
    fields.into_iter().for_each(|fields| referred(eval, of, fields, "", DEEPEST, found));
}

/// Adds the fields of an object that lead elsewhere, and those of the objects in it.
fn referred(
    eval: &mut Evaluator<'_>,
    (entity, key, kind): (&str, &str, Option<&str>),
    object: TermId,
    before: &str,
    left: u32,
    found: &mut References,
) {
    let Some(left) = left.checked_sub(1) else { return };
    let Term::Object(list) = eval.terms.get(object) else { return };
    for pair in eval.terms.list(list).to_vec().chunks_exact(2) {
        let Term::Text(name) = eval.terms.get(pair[0]) else { continue };
        let name = eval.terms.text(name);
        // The type of a field may be a list of what leads elsewhere.
        let field = if kind == Some(name) && !before.is_empty() {
            before.to_owned()
        } else if before.is_empty() {
            name.to_owned()
        } else {
            format!("{before}.{name}")
        };
        let of = element(eval, pair[1]);
        let is_list = of != pair[1];
        let other = eval.member(of, key);
        // `tags: { type: [{ type: ObjectId, ref: 'Tag' }] }`
        let inner = element(eval, eval.terms.only(of));
        match eval.terms.get(other) {
            Term::Text(other) => {
                let other = eval.terms.text(other).to_owned();
                if is_list {
                    found.several.push(other.clone());
                }
                found.other.push(((entity.to_owned(), field), other));
            }
            _ => referred(eval, (entity, key, kind), inner, &field, left, found),
        }
    }
}

/// What a list holds; anything else itself.
fn element(eval: &Evaluator<'_>, term: TermId) -> TermId {
    match eval.terms.get(term) {
        Term::Array(list) => eval.terms.list(list).first().copied().unwrap_or(term),
        _ => term,
    }
}

/// The collection of an entity whose declaration names none.
fn plural(entity: &str) -> String {
    let name = entity.to_lowercase();
    let before = |end: &str| name.strip_suffix(end);
    match before("y") {
        Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{stem}ies"),
        _ if ["s", "x", "ch", "sh"].iter().any(|end| name.ends_with(end)) => format!("{name}es"),
        _ => format!("{name}s"),
    }
}
