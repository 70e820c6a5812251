//! What annotations say of values: classes of the project, types that a model names, aliases and interfaces with their members, and what
//! TypeScript computes from a value (`typeof x`, `ReturnType<typeof f>`). No type is inferred or checked.

use super::evaluate::Evaluator;
use super::progress::Key;
use super::terms::{ListId, Term, TermId};
use crate::facts::{ExportKind, ImportId, Imported, List, NONE, Type, TypeId, TypeSource, Value, ValueId};
use crate::project::program::modules::{ModuleId, Target};

/// How many members and aliases a type's name goes through.
const LONGEST: u32 = 16;

/// What a type says of the values that have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::project) enum Said {
    /// What they are.
    Term(TermId),
    /// Only what their members are, or what their call gives: an object, a list or a function type, where it is written.
    Shape(ModuleId, TypeId),
}

/// A type's name, followed as far as one file says: what it starts from, and the members after that.
struct Path<'p> {
    root: Value,
    members: Vec<&'p str>,
}

impl Evaluator<'_> {
    /// A term with what its annotation says of it: an annotation is asked where the program itself does not say.
    pub(in crate::project) fn or_annotated(&mut self, module: ModuleId, term: TermId, annotation: TypeId) -> TermId {
        if annotation == NONE || self.is_own(term) {
            return term;
        }
        match self.said(module, annotation) {
            None => term,
            Some(Said::Term(said)) => {
                let modelled = match self.terms.root(term) {
                    Term::Package(..) | Term::Global(_) | Term::Typed(_) => self.is_modelled(term),
                    _ => false,
                };
                if modelled { term } else { said }
            }
            Some(Said::Shape(home, ty)) => self.shaped(term, home, ty),
        }
    }

    /// Whether the program itself says what a value is, so that no annotation can say more.
    pub(in crate::project) fn is_own(&self, term: TermId) -> bool {
        match self.terms.get(term) {
            Term::Unknown(_) | Term::Null | Term::Undefined | Term::Typed(_) | Term::As(..) => false,
            Term::Parameter(..) | Term::Package(..) | Term::Global(_) => false,
            Term::Member(..) | Term::Element(_) | Term::Called(..) | Term::Of(..) => false,
            Term::Union(list) => self.terms.list(list).iter().any(|&of| self.is_own(of)),
            _ => true,
        }
    }

    /// Whether a model says something of a value, or of what is reached from it.
    pub(in crate::project) fn is_modelled(&mut self, term: TermId) -> bool {
        self.states_of(term).iter().any(|&(node, _)| node != crate::models::INERT)
    }

    /// What a type says, if it names anything.
    pub(in crate::project) fn said(&mut self, module: ModuleId, ty: TypeId) -> Option<Said> {
        if ty == NONE {
            return None;
        }
        let key = Key::Said(module, ty);
        if let Some(&known) = self.said.get(&(module, ty)) {
            if known.is_none() {
                self.is_open(key);
            }
            return known;
        }
        // A type that is asked for while it is worked out says nothing.
        self.said.insert((module, ty), None);
        let mark = self.begin(key);
        let said = self.deeper(|this| this.said_here(module, ty)).flatten();
        self.said.insert((module, ty), said);
        self.end(&mark);
        said
    }

    fn said_here(&mut self, module: ModuleId, ty: TypeId) -> Option<Said> {
        let facts = &self.module(module).facts;
        match *facts.types.get(ty as usize)? {
            Type::Named(path, arguments) => self.named(module, ty, path, arguments),
            Type::Union(list) => {
                let mut terms = Vec::new();
                let mut shapes = Vec::new();
                for &part in &facts.type_lists[list.range()] {
                    match self.said(module, part) {
                        Some(Said::Term(term)) => terms.push(term),
                        Some(Said::Shape(..)) => shapes.push(part),
                        None => {}
                    }
                }
                match (terms.as_slice(), shapes.as_slice()) {
                    ([], []) => None,
                    ([], [only]) => self.said(module, *only),
                    ([], _) => Some(Said::Shape(module, ty)),
                    _ => Some(Said::Term(self.terms.union(&terms))),
                }
            }
            Type::Object(members) => (members.len > 0).then_some(Said::Shape(module, ty)),
            Type::Array(inner) => self.said(module, inner).map(|_| Said::Shape(module, ty)),
            Type::Tuple(_) => Some(Said::Shape(module, ty)),
            Type::Function(result) => self.said(module, result).map(|_| Said::Shape(module, ty)),
            Type::Query(value) => {
                let term = self.value(module, value);
                (!self.terms.is_unknown(term)).then_some(Said::Term(term))
            }
            Type::Index(of, key) => self.indexed(module, of, key),
            Type::Unknown | Type::Keyword(_) | Type::Literal(_) => None,
        }
    }

    fn path(&self, module: ModuleId, path: ValueId) -> Option<Path<'_>> {
        let facts = &self.module(module).facts;
        let (mut members, mut at) = (Vec::new(), path);
        for _ in 0..LONGEST {
            match facts.value(at) {
                Value::Member(object, name) => {
                    members.push(facts.text(name));
                    at = object;
                }
                Value::Variable(variable) => match facts.variables[variable as usize].init {
                    NONE => return None,
                    init => at = init,
                },
                root => {
                    members.reverse();
                    return Some(Path { root, members });
                }
            }
        }
        None
    }

    fn named(&mut self, module: ModuleId, ty: TypeId, path: ValueId, arguments: List) -> Option<Said> {
        let facts = &self.module(module).facts;
        let Path { root, members } = self.path(module, path)?;
        match (root, members.as_slice()) {
            (Value::Alias(alias), []) => self.said(module, facts.aliases[alias as usize].ty),
            (Value::Class(class), []) => Some(Said::Term(self.terms.add(Term::Instance(module, class, ListId::EMPTY)))),
            (Value::Import(import), members) => {
                let members: Vec<String> = members.iter().map(|&name| name.to_owned()).collect();
                self.imported_type(module, import, &members, arguments)
            }
            (Value::Global(name), []) => self.global_type((module, ty), facts.text(name), arguments),
            (Value::Global(name), members) => {
                let name = [&[facts.text(name)], members].concat().join(".");
                self.model_type(None, &name, (module, arguments))
            }
            _ => None,
        }
    }

    /// A type that a model names, with the arguments that it is written with.
    fn model_type(
        &mut self,
        specifier: Option<&str>,
        name: &str,
        (module, arguments): (ModuleId, List),
    ) -> Option<Said> {
        let (node, line) = self.world.models.annotated(specifier, name)?;
        let term = self.typed(node, line);
        Some(Said::Term(self.generic(term, module, arguments)))
    }

    /// A value of a package with the type arguments that say what comes of it, where a model says that they do.
    pub(in crate::project) fn generic(&mut self, term: TermId, module: ModuleId, types: List) -> TermId {
        let models = self.world.models;
        if types.len > 0 && self.states_of(term).iter().any(|&(node, _)| models.is_generic(node)) {
            self.terms.add(Term::Of(term, module, types))
        } else {
            term
        }
    }

    /// A type that no file declares: what TypeScript makes of others.
    fn global_type(&mut self, (module, ty): (ModuleId, TypeId), name: &str, list: List) -> Option<Said> {
        let arguments = &self.module(module).facts.type_lists[list.range()];
        let first = arguments.first().copied();
        match name {
            "Promise" | "PromiseLike" | "Awaited" | "Readonly" | "Required" | "Partial" | "NonNullable" | "Pick"
            | "Omit" | "Extract" | "Exclude" => self.said(module, first?),
            "Array" | "ReadonlyArray" | "Set" | "ReadonlySet" | "Iterable" | "AsyncIterable" => {
                let named = self.model_type(None, name, (module, list));
                let says = first.is_some_and(|first| self.said(module, first).is_some());
                match named {
                    Some(Said::Term(term)) if says => Some(Said::Term(self.terms.add(Term::As(term, module, ty)))),
                    named => named.or(says.then_some(Said::Shape(module, ty))),
                }
            }
            "Record" => self.said(module, *arguments.get(1)?).map(|_| Said::Shape(module, ty)),
            "ReturnType" => {
                let given = match self.said(module, first?)? {
                    Said::Term(function) => self.called_from_outside(function),
                    Said::Shape(home, ty) => return self.result_type(home, ty),
                };
                self.telling(given)
            }
            "InstanceType" => match self.said(module, first?)? {
                Said::Term(class) => {
                    let instance = self.call(class, &[], true);
                    self.telling(instance)
                }
                Said::Shape(..) => None,
            },
            _ => self.model_type(None, name, (module, list)),
        }
    }

    /// What a function gives to a caller of whom nothing is known.
    fn called_from_outside(&mut self, function: TermId) -> TermId {
        let count = match self.terms.get(function) {
            Term::Function(of, _) => self.module(of.module).facts.function(of.function).parameters.len(),
            _ => 0,
        };
        let unknown = self.terms.unknown("what a caller passes");
        self.call(function, &vec![unknown; count], false)
    }

    /// A term as what a type says, where it says something.
    pub(in crate::project) fn telling(&self, term: TermId) -> Option<Said> {
        match self.terms.get(term) {
            Term::As(inner, home, ty) if self.terms.is_unknown(inner) => Some(Said::Shape(home, ty)),
            Term::Null | Term::Undefined => None,
            _ => (!self.terms.is_unknown(term)).then_some(Said::Term(term)),
        }
    }

    /// The type that an import names: what it is called there, or a member of that where it is a namespace.
    fn imported_type(
        &mut self,
        module: ModuleId,
        import: ImportId,
        members: &[String],
        arguments: List,
    ) -> Option<Said> {
        let here = self.module(module);
        let described = here.facts.imports[import as usize];
        let own = match described.imported {
            Imported::Named(name) => Some(here.facts.text(name)),
            Imported::Default => Some("default"),
            Imported::Namespace | Imported::SideEffect => None,
        };
        let mut names = own.into_iter().chain(members.iter().map(String::as_str));
        match *here.targets.get(import as usize)? {
            Target::Module(target) => match (names.next(), names.next()) {
                (Some(name), None) => self.exported_type(target, name),
                _ => None,
            },
            Target::Package => {
                // A default import's members are the package's own.
                let skipped = usize::from(described.imported == Imported::Default && !members.is_empty());
                let name = names.skip(skipped).collect::<Vec<_>>().join(".");
                self.model_type(Some(here.package(import)), &name, (module, arguments))
            }
            Target::Other | Target::Missing => None,
        }
    }

    /// The type that a module exports under a name.
    fn exported_type(&mut self, module: ModuleId, name: &str) -> Option<Said> {
        let key = (module, self.terms.add_text(name));
        if let Some(&known) = self.exported_types.get(&key) {
            if known.is_none() {
                self.is_open(Key::ExportedType(key.0, key.1));
            }
            return known;
        }
        self.exported_types.insert(key, None);
        let mark = self.begin(Key::ExportedType(key.0, key.1));
        let found = self.deeper(|this| this.exported_type_here(module, name)).flatten();
        self.exported_types.insert(key, found);
        self.end(&mark);
        found
    }

    fn exported_type_here(&mut self, module: ModuleId, name: &str) -> Option<Said> {
        let here = self.module(module);
        let facts = &here.facts;
        if let Some(export) = facts.type_exports.iter().find(|export| facts.text(export.name) == name) {
            return match export.source {
                TypeSource::Alias(alias) => self.said(module, facts.aliases[alias as usize].ty),
                TypeSource::From(import) => self.imported_type(module, import, &[], List::default()),
                TypeSource::Named(path) => self.named(module, NONE, path, List::default()),
            };
        }
        if let Some((owner, index)) = self.world.symbols.export(module, name) {
            let said = match self.module(owner).facts.exports[index as usize].kind {
                ExportKind::From(import) => self.imported_type(owner, import, &[], List::default()),
                ExportKind::Value(value) => match (self.module(owner).facts.value(value), self.value(owner, value)) {
                    (Value::Import(import), _) => self.imported_type(owner, import, &[], List::default()),
                    (_, term) => match self.terms.get(term) {
                        Term::Class(home, class) => {
                            Some(Said::Term(self.terms.add(Term::Instance(home, class, ListId::EMPTY))))
                        }
                        _ => None,
                    },
                },
                ExportKind::Star(_) | ExportKind::Type => None,
            };
            if said.is_some() {
                return said;
            }
        }
        let types = facts.type_exports.iter().filter_map(|export| match export.source {
            TypeSource::From(import) if facts.text(export.name).is_empty() => Some(import),
            _ => None,
        });
        let stars: Vec<ImportId> = self.world.symbols.stars(module).iter().copied().chain(types).collect();
        stars.into_iter().find_map(|star| self.exported_type(here.target(star)?, name))
    }

    /// `T['key']`, `T[number]`, `Parameters<typeof f>[0]`
    fn indexed(&mut self, module: ModuleId, of: TypeId, key: TypeId) -> Option<Said> {
        let facts = &self.module(module).facts;
        match facts.types[key as usize] {
            Type::Literal(name) => {
                let name = facts.text(name);
                if let Some(function) = self.parameters_of(module, of) {
                    return self.parameter_type(module, function, name.parse().ok()?);
                }
                match self.said(module, of)? {
                    Said::Term(term) => {
                        let member = self.member(term, name);
                        self.telling(member)
                    }
                    Said::Shape(home, ty) => self.member_type(home, ty, name),
                }
            }
            Type::Keyword(_) => match self.said(module, of)? {
                Said::Term(term) => {
                    let key = self.terms.unknown("a computed key");
                    let element = self.index(term, key);
                    self.telling(element)
                }
                Said::Shape(home, ty) => self.element_type(home, ty),
            },
            _ => None,
        }
    }

    /// `F` of `Parameters<F>`
    fn parameters_of(&self, module: ModuleId, ty: TypeId) -> Option<TypeId> {
        let facts = &self.module(module).facts;
        let Type::Named(path, arguments) = facts.types[ty as usize] else { return None };
        match facts.value(path) {
            Value::Global(name) if facts.text(name) == "Parameters" => {
                facts.type_lists[arguments.range()].first().copied()
            }
            _ => None,
        }
    }

    /// The type of a parameter of a function type: of a function of the project, or of one that is handed to a call a model names.
    fn parameter_type(&mut self, module: ModuleId, function: TypeId, index: u32) -> Option<Said> {
        let facts = &self.module(module).facts;
        match facts.types[function as usize] {
            Type::Query(value) => {
                let term = self.value(module, value);
                let Term::Function(of, _) = self.terms.get(term) else { return None };
                let parameters = &self.module(of.module).facts.function(of.function).parameters;
                self.said(of.module, parameters.get(index as usize)?.annotation)
            }
            Type::Index(outer, argument) => {
                let outer = self.parameters_of(module, outer)?;
                let (Type::Query(callee), Type::Literal(argument)) =
                    (facts.types[outer as usize], facts.types[argument as usize])
                else {
                    return None;
                };
                let argument = facts.text(argument).parse().ok()?;
                let callee = self.value(module, callee);
                let states = self.states_of(callee);
                let models = self.world.models;
                let (node, line) = states.iter().find_map(|&(node, _)| models.handed(node, argument, index))?;
                Some(Said::Term(self.typed(node, line)))
            }
            _ => None,
        }
    }
}
