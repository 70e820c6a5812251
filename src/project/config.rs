//! `next.config.*`, read from its facts: wrapped, imported and spread configurations are followed, and what is computed is unknown.

use super::Project;
use super::modules::ModuleId;
use super::symbols::Meaning;
use crate::facts::{NONE, Op, PropertyKey, Value, ValueId};

/// How many wrappers, spreads and conditions are followed.
const LONGEST: u32 = 24;

/// One setting of a configuration.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Setting<T> {
    /// The configuration does not name it.
    #[default]
    Absent,
    /// It is written out.
    Known(T),
    /// It is computed.
    Unknown,
}

impl<T> Setting<T> {
    /// The value, where it is written out.
    #[must_use]
    pub const fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            _ => None,
        }
    }
}

/// A rewrite or a redirect, as far as it is written out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// `source`
    pub source: String,
    /// `destination`
    pub destination: Setting<String>,
}

/// What an app's configuration says, as far as it can be read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Config {
    /// `basePath`
    pub base_path: Setting<String>,
    /// `pageExtensions`
    pub page_extensions: Setting<Vec<String>>,
    /// `trailingSlash`
    pub trailing_slash: Setting<bool>,
    /// `output`
    pub output: Setting<String>,
    /// `i18n.locales`
    pub locales: Setting<Vec<String>>,
    /// `rewrites()`, all groups in their order
    pub rewrites: Setting<Vec<Rule>>,
    /// `redirects()`
    pub redirects: Setting<Vec<Rule>>,
    /// `cacheComponents`, `experimental.useCache`, `experimental.dynamicIO`, `experimental.cacheComponents`
    pub use_cache: Setting<bool>,
    /// `serverActions.bodySizeLimit`, `experimental.serverActions.bodySizeLimit`
    pub body_size_limit: Setting<String>,
}

impl Project {
    /// Reads the configuration that a module exports.
    #[must_use]
    pub fn read_config(&self, module: ModuleId) -> Config {
        let Some((owner, export)) = self.symbols.export(module, "default") else {
            return Config::default();
        };
        let crate::facts::ExportKind::Value(value) = self.module(owner).facts.exports[export as usize].kind else {
            return Config::default();
        };
        let root = self.settle(owner, value, LONGEST);
        let text = |path: &[&str]| self.setting(root, path, |at| self.text_of(at));
        let flag = |path: &[&str]| self.setting(root, path, |at| self.flag_of(at));
        let first = |settings: Vec<Setting<bool>>| {
            let unknown = settings.contains(&Setting::Unknown);
            match settings.contains(&Setting::Known(true)) {
                true => Setting::Known(true),
                false if unknown => Setting::Unknown,
                false => Setting::Known(false),
            }
        };
        let limit = match text(&["experimental", "serverActions", "bodySizeLimit"]) {
            Setting::Absent => text(&["serverActions", "bodySizeLimit"]),
            found => found,
        };
        Config {
            base_path: text(&["basePath"]),
            page_extensions: self.setting(root, &["pageExtensions"], |at| self.texts_of(at)),
            trailing_slash: flag(&["trailingSlash"]),
            output: text(&["output"]),
            locales: self.setting(root, &["i18n", "locales"], |at| self.texts_of(at)),
            rewrites: self.setting(root, &["rewrites"], |at| self.rules_of(at)),
            redirects: self.setting(root, &["redirects"], |at| self.rules_of(at)),
            use_cache: first(vec![
                flag(&["cacheComponents"]),
                flag(&["experimental", "cacheComponents"]),
                flag(&["experimental", "useCache"]),
                flag(&["experimental", "dynamicIO"]),
            ]),
            body_size_limit: limit,
        }
    }

    /// The value that stands at the end of names, wrappers and functions that only return one.
    fn settle(&self, module: ModuleId, value: ValueId, left: u32) -> Option<(ModuleId, ValueId)> {
        let left = left.checked_sub(1)?;
        match self.follow().value(module, value) {
            Meaning::Value(at) => match self.module(at.module).facts.value(at.value) {
                Value::Call(call) => {
                    let facts = &self.module(at.module).facts;
                    let call = &facts.calls[call as usize];
                    let passed = self.passed(at.module, call.callee)?;
                    let argument = *facts.list(call.arguments).get(passed as usize)?;
                    self.settle(at.module, argument, left)
                }
                Value::Await(inner) => self.settle(at.module, inner, left),
                _ => Some((at.module, at.value)),
            },
            Meaning::Function(function) => {
                let facts = &self.module(function.module).facts;
                let mut returned = facts.body(function.function).iter().filter_map(|step| match step.op {
                    Op::Return(value) if value != NONE => Some(value),
                    _ => None,
                });
                match (returned.next(), returned.next()) {
                    (Some(only), None) => self.settle(function.module, only, left),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The setting at a path of keys below a configuration.
    fn setting<T>(
        &self,
        root: Option<(ModuleId, ValueId)>,
        path: &[&str],
        read: impl Fn((ModuleId, ValueId)) -> Option<T>,
    ) -> Setting<T> {
        let Some(mut at) = root else { return Setting::Unknown };
        for key in path {
            match self.key(at, key, LONGEST) {
                Setting::Known(next) => match self.settle(next.0, next.1, LONGEST) {
                    Some(next) => at = next,
                    None => return Setting::Unknown,
                },
                Setting::Absent => return Setting::Absent,
                Setting::Unknown => return Setting::Unknown,
            }
        }
        read(at).map_or(Setting::Unknown, Setting::Known)
    }

    /// The value under a key of an object, spreads followed.
    fn key(&self, (module, value): (ModuleId, ValueId), key: &str, left: u32) -> Setting<(ModuleId, ValueId)> {
        let facts = &self.module(module).facts;
        let (Value::Object(list), Some(left)) = (facts.value(value), left.checked_sub(1)) else {
            return Setting::Unknown;
        };
        for property in facts.properties(list).iter().rev() {
            match property.key {
                PropertyKey::Named(name) if facts.text(name) == key => return Setting::Known((module, property.value)),
                PropertyKey::Named(_) => {}
                PropertyKey::Spread => match self.settle(module, property.value, left) {
                    Some(inner) => match self.key(inner, key, left) {
                        Setting::Absent => {}
                        found => return found,
                    },
                    None => return Setting::Unknown,
                },
                PropertyKey::Computed(_) | PropertyKey::More => return Setting::Unknown,
            }
        }
        Setting::Absent
    }

    fn text_of(&self, (module, value): (ModuleId, ValueId)) -> Option<String> {
        self.module(module).facts.literal(value).map(str::to_owned)
    }

    fn flag_of(&self, (module, value): (ModuleId, ValueId)) -> Option<bool> {
        match self.module(module).facts.value(value) {
            Value::Bool(flag) => Some(flag),
            Value::Undefined | Value::Null => Some(false),
            _ => None,
        }
    }

    fn elements(&self, (module, value): (ModuleId, ValueId)) -> Option<Vec<(ModuleId, ValueId)>> {
        let facts = &self.module(module).facts;
        let Value::Array(list) = facts.value(value) else { return None };
        facts.list(list).iter().map(|&element| self.settle(module, element, LONGEST)).collect()
    }

    fn texts_of(&self, at: (ModuleId, ValueId)) -> Option<Vec<String>> {
        self.elements(at)?.into_iter().map(|element| self.text_of(element)).collect()
    }

    /// An array of `{ source, destination }`, or an object of such arrays by phase.
    fn rules_of(&self, at: (ModuleId, ValueId)) -> Option<Vec<Rule>> {
        let Some(elements) = self.elements(at) else {
            let mut all = Vec::new();
            for phase in ["beforeFiles", "afterFiles", "fallback"] {
                match self.key(at, phase, LONGEST) {
                    Setting::Known((module, value)) => all.extend(self.rules_of(self.settle(module, value, LONGEST)?)?),
                    Setting::Absent => {}
                    Setting::Unknown => return None,
                }
            }
            return Some(all);
        };
        let rule = |element| {
            let read = |key| self.setting(Some(element), &[key], |at| self.text_of(at));
            Some(Rule { source: read("source").known()?.clone(), destination: read("destination") })
        };
        elements.into_iter().map(rule).collect()
    }
}
