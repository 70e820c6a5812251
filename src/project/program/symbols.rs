//! What a name finally is: imports, re-exports, barrels, namespaces, aliases and plain members are followed to their end.
//!
//! Nothing is guessed: a value that cannot be followed is [`Meaning::Unknown`], with the reason.

use super::exports::Symbols;
use super::modules::{FunctionRef, Module, ModuleId, Target, ValueRef};
use crate::facts::{
    CallKind, ClassId, Export, ExportKind, ImportId, Imported, NONE, Name, PropertyKey, Value, ValueId, VariableId,
    VariableKind,
};

/// How many names are followed before the answer is unknown.
const LONGEST: u32 = 40;

/// What a value is, once its names are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// A function of the project.
    Function(FunctionRef),
    /// A class of the project.
    Class(ModuleId, ClassId),
    /// An instance of a class of the project.
    Instance(ModuleId, ClassId),
    /// All exports of a module.
    Namespace(ModuleId),
    /// Any other value of the project: a literal, an object, a call's result.
    Value(ValueRef),
    /// Something that a package or a module of Node gives: the import, in the module that imports it.
    External(ModuleId, ImportId),
    /// A name that no file declares: `fetch`, `console`.
    Global(ModuleId, Name),
    /// It cannot be known.
    Unknown(&'static str),
}

/// One step on the way of a name: a binding that it goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binding {
    /// An export of a module, by its index.
    Export(ModuleId, u32),
    /// A variable of a module.
    Variable(ModuleId, VariableId),
    /// A function, at the end of the way.
    Function(FunctionRef),
}

/// Follows names through a project.
#[derive(Clone, Copy)]
pub struct Follow<'p> {
    /// The modules.
    pub modules: &'p [Module],
    /// Their exports.
    pub symbols: &'p Symbols,
}

impl<'p> Follow<'p> {
    /// What a value is.
    #[must_use]
    pub fn value(self, module: ModuleId, value: ValueId) -> Meaning {
        self.watch(module, value, &mut |_| {})
    }

    /// What a value is; `watch` is told of every binding on the way.
    pub fn watch(self, module: ModuleId, value: ValueId, watch: &mut dyn FnMut(Binding)) -> Meaning {
        self.step(module, value, LONGEST, watch)
    }

    /// What an export of a module is; `watch` is told of every binding on the way.
    pub fn export(self, module: ModuleId, name: &str, watch: &mut dyn FnMut(Binding)) -> Meaning {
        self.named(module, name, LONGEST, watch)
    }

    fn module(self, id: ModuleId) -> &'p Module {
        &self.modules[id as usize]
    }

    fn step(self, module: ModuleId, value: ValueId, left: u32, watch: &mut dyn FnMut(Binding)) -> Meaning {
        let Some(left) = left.checked_sub(1) else { return Meaning::Unknown("too many aliases") };
        let facts = &self.module(module).facts;
        match facts.value(value) {
            Value::Function(function) => {
                let function = FunctionRef { module, function };
                watch(Binding::Function(function));
                Meaning::Function(function)
            }
            Value::Class(class) => Meaning::Class(module, class),
            Value::Variable(variable) => self.variable(module, variable, left, watch),
            Value::Import(import) => self.import(module, import, left, watch),
            Value::Global(name) => Meaning::Global(module, name),
            Value::Cast(inner, _) => self.step(module, inner, left, watch),
            Value::Await(inner) => match self.step(module, inner, left, watch) {
                namespace @ Meaning::Namespace(_) => namespace,
                external @ Meaning::External(..) => external,
                _ => Meaning::Value(ValueRef { module, value }),
            },
            Value::Member(object, name) => self.member(module, object, name, left, watch),
            Value::Call(call) => {
                let call = &facts.calls[call as usize];
                match call.kind {
                    CallKind::DynamicImport => self.step(module, call.callee, left, watch),
                    CallKind::New => match self.step(module, call.callee, left, &mut |_| {}) {
                        Meaning::Class(module, class) => Meaning::Instance(module, class),
                        external @ Meaning::External(..) => external,
                        _ => Meaning::Value(ValueRef { module, value }),
                    },
                    _ => match self.bound(module, call.callee) {
                        Some(function) => self.step(module, function, left, watch),
                        None => Meaning::Value(ValueRef { module, value }),
                    },
                }
            }
            Value::This => match self.enclosing_class(module, value) {
                Some(class) => Meaning::Instance(module, class),
                None => Meaning::Unknown("`this` outside a class"),
            },
            Value::Parameter(..) => Meaning::Unknown("a parameter"),
            Value::Index(..) | Value::Rest(_) => Meaning::Unknown("a computed member"),
            Value::Conditional(_) | Value::Logical(..) | Value::Union(_) => Meaning::Unknown("one of several values"),
            Value::Unknown | Value::Super => Meaning::Unknown("a value that is not followed"),
            _ => Meaning::Value(ValueRef { module, value }),
        }
    }

    /// The function that `f.bind(..)` binds.
    #[must_use]
    pub fn bound(self, module: ModuleId, callee: ValueId) -> Option<ValueId> {
        let facts = &self.module(module).facts;
        match facts.value(callee) {
            Value::Member(function, name) if facts.text(name) == "bind" => Some(function),
            _ => None,
        }
    }

    fn enclosing_class(self, module: ModuleId, this: ValueId) -> Option<ClassId> {
        let facts = &self.module(module).facts;
        let span = facts.span(this);
        let inside = facts.classes.iter().enumerate().filter(|(_, class)| class.span.contains(span));
        let (index, _) = inside.min_by_key(|(_, class)| class.span.end - class.span.start)?;
        u32::try_from(index).ok()
    }

    fn variable(self, module: ModuleId, id: VariableId, left: u32, watch: &mut dyn FnMut(Binding)) -> Meaning {
        watch(Binding::Variable(module, id));
        let facts = &self.module(module).facts;
        let variable = &facts.variables[id as usize];
        if variable.reassigned {
            return Meaning::Unknown("a variable that is assigned again");
        }
        if variable.kind == VariableKind::Catch {
            return Meaning::Unknown("a caught error");
        }
        if variable.init == NONE {
            return Meaning::Unknown("a variable without a first value");
        }
        self.step(module, variable.init, left, watch)
    }

    fn import(self, module: ModuleId, id: ImportId, left: u32, watch: &mut dyn FnMut(Binding)) -> Meaning {
        let here = self.module(module);
        let target = match here.targets.get(id as usize) {
            Some(&Target::Module(target)) => target,
            Some(Target::Package) => return Meaning::External(module, id),
            Some(Target::Other) => return Meaning::Unknown("an import of something that is no source"),
            Some(Target::Missing) | None => return Meaning::Unknown("an import that does not resolve"),
        };
        match here.facts.imports[id as usize].imported {
            Imported::Named(name) => self.named(target, here.facts.text(name), left, watch),
            Imported::Default => match self.named(target, "default", left, watch) {
                Meaning::Unknown(_) if self.has_no_default(target) => Meaning::Namespace(target),
                meaning => meaning,
            },
            Imported::Namespace => Meaning::Namespace(target),
            Imported::SideEffect => Meaning::Unknown("a side-effect import"),
        }
    }

    /// A module of CommonJS that assigns `exports.a` has no default export: a default import is its namespace.
    fn has_no_default(self, module: ModuleId) -> bool {
        self.symbols.export(module, "default").is_none()
    }

    fn named(self, module: ModuleId, name: &str, left: u32, watch: &mut dyn FnMut(Binding)) -> Meaning {
        let Some((owner, index)) = self.symbols.export(module, name) else {
            return match self.star_outside(module, LONGEST) {
                Some((module, import)) => Meaning::External(module, import),
                None => Meaning::Unknown("a name that the module does not export"),
            };
        };
        watch(Binding::Export(owner, index));
        let Some(left) = left.checked_sub(1) else { return Meaning::Unknown("too many aliases") };
        let Export { kind, .. } = self.module(owner).facts.exports[index as usize];
        match kind {
            ExportKind::Value(value) => self.step(owner, value, left, watch),
            ExportKind::From(import) => self.import(owner, import, left, watch),
            ExportKind::Star(_) | ExportKind::Type => Meaning::Unknown("a type"),
        }
    }

    /// The `export *` of a module that leads out of the tree, through which a name that nobody else exports may come.
    fn star_outside(self, module: ModuleId, left: u32) -> Option<(ModuleId, ImportId)> {
        let left = left.checked_sub(1)?;
        let here = self.module(module);
        self.symbols.stars(module).iter().find_map(|&star| match here.targets[star as usize] {
            Target::Package => Some((module, star)),
            Target::Module(next) if next != module => self.star_outside(next, left / 2),
            _ => None,
        })
    }

    fn member(
        self,
        module: ModuleId,
        object: ValueId,
        name: Name,
        left: u32,
        watch: &mut dyn FnMut(Binding),
    ) -> Meaning {
        let text = self.module(module).facts.text(name);
        match self.step(module, object, left, &mut |_| {}) {
            Meaning::Namespace(target) => self.named(target, text, left, watch),
            Meaning::Value(at) => match self.given_by(at, left) {
                Some(origin) => origin,
                None => self.property(at, text, left, watch),
            },
            Meaning::Class(home, class) => self.class_member(home, class, text, true, left, watch),
            Meaning::Instance(home, class) => self.class_member(home, class, text, false, left, watch),
            Meaning::Function(_) => Meaning::Unknown("a member of a function"),
            external @ (Meaning::External(..) | Meaning::Global(..)) => external,
            unknown @ Meaning::Unknown(_) => unknown,
        }
    }

    /// Where a value comes from that a package's, or an undeclared, function gives: what is done with it is that one's business too.
    #[must_use]
    pub fn given_by(self, at: ValueRef, left: u32) -> Option<Meaning> {
        let left = left.checked_sub(1)?;
        let facts = &self.module(at.module).facts;
        let inner = match facts.value(at.value) {
            Value::Call(call) => facts.calls[call as usize].callee,
            Value::Await(inner) => inner,
            _ => return None,
        };
        match self.step(at.module, inner, left, &mut |_| {}) {
            origin @ (Meaning::External(..) | Meaning::Global(..)) => Some(origin),
            Meaning::Value(next) if next != at => self.given_by(next, left),
            _ => None,
        }
    }

    fn property(self, object: ValueRef, name: &str, left: u32, watch: &mut dyn FnMut(Binding)) -> Meaning {
        let facts = &self.module(object.module).facts;
        let Value::Object(list) = facts.value(object.value) else {
            return match facts.value(object.value) {
                Value::Call(_) | Value::Await(_) => Meaning::Unknown("a member of a call's result"),
                Value::Str(_) | Value::Template(_) | Value::Array(_) | Value::Number(_) | Value::Regex(_) => {
                    Meaning::Value(object)
                }
                _ => Meaning::Unknown("a member of a value that is not followed"),
            };
        };
        for property in facts.properties(list).iter().rev() {
            match property.key {
                PropertyKey::Named(key) if facts.text(key) == name => {
                    return self.step(object.module, property.value, left, watch);
                }
                PropertyKey::Named(_) => {}
                PropertyKey::Spread => match self.step(object.module, property.value, left, &mut |_| {}) {
                    Meaning::Value(inner) if inner != object => match self.property(inner, name, left / 2, watch) {
                        Meaning::Unknown("a name that the object does not have") => {}
                        found => return found,
                    },
                    _ => return Meaning::Unknown("a member behind a spread"),
                },
                PropertyKey::Computed(_) | PropertyKey::More => {
                    return Meaning::Unknown("a member behind a computed key");
                }
            }
        }
        Meaning::Unknown("a name that the object does not have")
    }

    fn class_member(
        self,
        home: ModuleId,
        class: ClassId,
        name: &str,
        is_static: bool,
        left: u32,
        watch: &mut dyn FnMut(Binding),
    ) -> Meaning {
        let Some(left) = left.checked_sub(1) else { return Meaning::Unknown("too many aliases") };
        let facts = &self.module(home).facts;
        let described = &facts.classes[class as usize];
        let member = described
            .members
            .iter()
            .find(|member| member.is_static == is_static && facts.text(member.name) == name && member.value != NONE);
        match member {
            Some(member) => self.step(home, member.value, left, watch),
            None if described.extends != NONE => match self.step(home, described.extends, left, &mut |_| {}) {
                Meaning::Class(home, class) => self.class_member(home, class, name, is_static, left, watch),
                external @ Meaning::External(..) => external,
                _ => Meaning::Unknown("a member of a class that is not followed"),
            },
            None => Meaning::Unknown("a name that the class does not have"),
        }
    }
}
