//! The access path of a value that comes from a package: what models are asked with.

use super::Project;
use super::modules::ModuleId;
use super::symbols::Meaning;
use crate::facts::{CallKind, Imported, NONE, Value, ValueId};
use crate::models::{Passed, When};

/// How many members and calls a path has at most.
const LONGEST: u32 = 12;

impl Project {
    /// The package that a value comes from, as its import is written, and the path from there: what is imported, members, `()` for calls.
    #[must_use]
    pub fn external(&self, module: ModuleId, value: ValueId) -> Option<(&str, String)> {
        let (package, path) = self.external_path(module, value, LONGEST)?;
        // A default import's members are the package's own.
        let path = path.strip_prefix("default.").map(str::to_owned).unwrap_or(path);
        Some((package, path))
    }

    fn external_path(&self, module: ModuleId, value: ValueId, left: u32) -> Option<(&str, String)> {
        let left = left.checked_sub(1)?;
        let facts = &self.module(module).facts;
        match facts.value(value) {
            Value::Member(object, name) => {
                let (package, path) = self.external_path(module, object, left)?;
                Some((package, extend(path, facts.text(name))))
            }
            Value::Call(call) => {
                let call = &facts.calls[call as usize];
                if call.kind == CallKind::Require || call.kind == CallKind::DynamicImport {
                    return self.external_path(module, call.callee, left);
                }
                let (package, mut path) = self.external_path(module, call.callee, left)?;
                if path.is_empty() {
                    path.push_str("default");
                }
                path.push_str("()");
                Some((package, path))
            }
            Value::Await(inner) | Value::Cast(inner, _) => self.external_path(module, inner, left),
            Value::Index(array, _) => self.external_path(module, array, left),
            Value::Variable(variable) => {
                let variable = &facts.variables[variable as usize];
                if variable.reassigned || variable.init == NONE {
                    return None;
                }
                self.external_path(module, variable.init, left)
            }
            Value::Import(_) => match self.follow().value(module, value) {
                Meaning::External(home, import) => self.imported_path(home, import),
                Meaning::Value(at) if (at.module, at.value) != (module, value) => {
                    self.external_path(at.module, at.value, left)
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// The package and the path that an import of it means.
    pub(super) fn imported_path(&self, home: ModuleId, import: crate::facts::ImportId) -> Option<(&str, String)> {
        let facts = &self.module(home).facts;
        let import = facts.imports.get(import as usize)?;
        let path = match import.imported {
            Imported::Named(name) => facts.text(name).to_owned(),
            Imported::Default => "default".to_owned(),
            Imported::Namespace => String::new(),
            Imported::SideEffect => return None,
        };
        Some((facts.text(import.source), path))
    }

    /// What the call of `callee` gives back, as a model says.
    #[must_use]
    pub fn passed(&self, module: ModuleId, callee: ValueId) -> Option<Passed> {
        let (package, path) = self.external(module, callee)?;
        self.models.passed(package, &path)
    }

    /// When a callback runs that the call of `callee` is handed, as a model says.
    #[must_use]
    pub fn when(&self, module: ModuleId, callee: ValueId) -> Option<When> {
        let (package, path) = self.external(module, callee)?;
        self.models.when(package, &path)
    }
}

fn extend(mut path: String, member: &str) -> String {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(member);
    path
}
