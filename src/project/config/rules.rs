//! `redirects()` and `rewrites()`: lists that are written out, pushed to, spread and put together under conditions.

use super::Setting;
use super::values::{At, Possible, Reader};
use crate::diagnostic::Place;
use crate::facts::{CallKind, FileFacts, Value, ValueId};

/// How many lists within lists are followed.
const DEEPEST: u32 = 12;

/// A rewrite or a redirect, as far as it is written out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// `source`
    pub source: Setting<String>,
    /// `destination`
    pub destination: Setting<String>,
    /// `has`
    pub has: Vec<Condition>,
    /// `missing`
    pub missing: Vec<Condition>,
    /// Whether the base path stands in front of it: `basePath: false` says no.
    pub below_base: bool,
    /// Whether the locale stands in front of it: `locale: false` says no.
    pub with_locale: bool,
    /// Whether it is there in any case.
    pub certain: bool,
    /// Where it is written.
    pub place: Place,
}

/// What a rule wants of a request beside its path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// What it looks at.
    pub kind: ConditionKind,
    /// The name of the header, cookie or parameter.
    pub key: Setting<String>,
    /// What its value must match.
    pub value: Setting<String>,
}

/// What a condition looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConditionKind {
    /// `type: 'header'`
    Header,
    /// `type: 'cookie'`
    Cookie,
    /// `type: 'query'`
    Query,
    /// `type: 'host'`
    Host,
    /// A type that is computed.
    Unknown,
}

/// A list of rules.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rules {
    /// Those that are written out, in their order.
    pub all: Vec<Rule>,
    /// Whether there may be more, which cannot be read.
    pub open: bool,
}

/// The rewrites by when they are tried.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rewrites {
    /// Before files and pages are looked for.
    pub before: Rules,
    /// After files and pages without parameters.
    pub after: Rules,
    /// After everything else.
    pub fallback: Rules,
}

/// An element of a list.
struct Element {
    at: At,
    certain: bool,
}

/// A list, as far as it is written out.
#[derive(Default)]
struct Listed {
    elements: Vec<Element>,
    open: bool,
}

impl Reader<'_, '_> {
    /// The redirects of a configuration.
    pub(super) fn redirects(&mut self, roots: &Possible) -> Rules {
        let found = self.key(roots, "redirects");
        self.rules(&found)
    }

    /// The rewrites of a configuration: one list, or one for each time.
    pub(super) fn rewrites(&mut self, roots: &Possible) -> Rewrites {
        let found = self.key(roots, "rewrites");
        let mut rewrites = Rewrites::default();
        let is_object = |reader: &Self, at: &At| matches!(reader.value(at), Value::Object(_));
        let (objects, lists): (Vec<At>, Vec<At>) = found.values.iter().cloned().partition(|at| is_object(self, at));
        let lists = Possible { absent: found.absent || !objects.is_empty(), values: lists, open: found.open };
        if !lists.values.is_empty() || lists.open {
            rewrites.after = self.rules(&lists);
        }
        if !objects.is_empty() {
            let objects = Possible { absent: found.absent || !lists.values.is_empty(), values: objects, open: false };
            for (key, rules) in [
                ("beforeFiles", &mut rewrites.before),
                ("afterFiles", &mut rewrites.after),
                ("fallback", &mut rewrites.fallback),
            ] {
                let mut list = self.key(&objects, key);
                for at in &mut list.values {
                    let owners = objects.values.iter().flat_map(|object| object.through.iter().copied());
                    at.through.extend(owners);
                }
                let more = self.rules_under(&list, Some(key));
                rules.all.extend(more.all);
                rules.open |= more.open;
            }
        }
        if lists.open {
            rewrites.before.open = true;
            rewrites.fallback.open = true;
        }
        rewrites
    }

    fn rules(&mut self, lists: &Possible) -> Rules {
        self.rules_under(lists, None)
    }

    fn rules_under(&mut self, lists: &Possible, key: Option<&str>) -> Rules {
        let listed = self.listed(lists, key, true, DEEPEST);
        let mut rules = Rules { all: Vec::new(), open: listed.open };
        for element in listed.elements {
            match self.value(&element.at) {
                Value::Object(_) => {
                    let rule = self.rule(&element);
                    rules.all.push(rule);
                }
                Value::Bool(_) | Value::Null | Value::Undefined | Value::Str(_) | Value::Number(_) => {}
                _ => rules.open = true,
            }
        }
        rules
    }

    fn listed(&mut self, lists: &Possible, key: Option<&str>, certain: bool, left: u32) -> Listed {
        let mut listed = Listed { elements: Vec::new(), open: lists.open };
        for at in &lists.values {
            self.list(at, key, certain && lists.is_one(), left, &mut listed);
        }
        listed
    }

    /// The elements of one list: those written in it, then those that are pushed to it.
    fn list(&mut self, at: &At, key: Option<&str>, certain: bool, left: u32, listed: &mut Listed) {
        let Some(left) = left.checked_sub(1) else {
            listed.open = true;
            return;
        };
        let facts = &self.project.module(at.module).facts;
        match facts.value(at.value) {
            Value::Array(list) => {
                for &element in facts.list(list) {
                    self.element(at, element, certain, left, listed);
                }
            }
            Value::Call(id) => {
                let call = &facts.calls[id as usize];
                let Value::Member(array, method) = facts.value(call.callee) else {
                    listed.open = true;
                    return;
                };
                let filters = match facts.text(method) {
                    "filter" => true,
                    "concat" | "flat" => false,
                    _ => {
                        listed.open = true;
                        return;
                    }
                };
                let arguments = facts.list(call.arguments);
                let all = !filters || arguments.first().is_some_and(|&test| is_boolean(facts, test));
                let array = self.possible(at.module, array);
                let inner = self.listed(&array, None, certain && all, left);
                listed.elements.extend(inner.elements);
                listed.open |= inner.open;
                if !filters {
                    for &argument in arguments {
                        let more = self.possible(at.module, argument);
                        let more = self.listed(&more, None, certain, left);
                        listed.elements.extend(more.elements);
                        listed.open |= more.open;
                    }
                }
            }
            Value::Undefined | Value::Null | Value::Bool(_) => {}
            _ => listed.open = true,
        }
        self.pushed(at, key, left, listed);
    }

    fn element(&mut self, list: &At, element: ValueId, certain: bool, left: u32, listed: &mut Listed) {
        let facts = &self.project.module(list.module).facts;
        if let Value::Spread(inner) = facts.value(element) {
            let inner = self.possible(list.module, inner);
            let inner = self.listed(&inner, None, certain, left);
            listed.elements.extend(inner.elements);
            listed.open |= inner.open;
            return;
        }
        let possible = self.possible(list.module, element);
        let certain = certain && possible.is_one();
        listed.open |= possible.open;
        listed.elements.extend(possible.values.into_iter().map(|at| Element { at, certain }));
    }

    /// What is pushed to the variables that a list was found through, or to a key of theirs. When that happens is not looked at.
    fn pushed(&mut self, at: &At, key: Option<&str>, left: u32, listed: &mut Listed) {
        for &(module, variable) in &at.through {
            let facts = &self.project.module(module).facts;
            let is_it = |value: ValueId| facts.value(value) == Value::Variable(variable);
            for call in facts.calls.iter().filter(|call| call.kind == CallKind::Plain) {
                let Value::Member(array, method) = facts.value(call.callee) else { continue };
                let ours = match (facts.value(array), key) {
                    (Value::Member(object, name), Some(key)) => facts.text(name) == key && is_it(object),
                    _ => is_it(array),
                };
                if !ours || !matches!(facts.text(method), "push" | "unshift") {
                    continue;
                }
                for &argument in facts.list(call.arguments) {
                    let list = At { module, value: array, through: Vec::new() };
                    self.element(&list, argument, false, left, listed);
                }
            }
        }
    }

    fn rule(&mut self, element: &Element) -> Rule {
        let object = Possible { values: vec![element.at.clone()], ..Possible::default() };
        let not_false = |reader: &mut Self, key: &str| {
            let found = reader.key(&object, key);
            !found.values.iter().any(|at| reader.value(at) == Value::Bool(false))
        };
        Rule {
            source: self.text_under(&object, "source"),
            destination: self.text_under(&object, "destination"),
            has: self.conditions(&object, "has"),
            missing: self.conditions(&object, "missing"),
            below_base: not_false(self, "basePath"),
            with_locale: not_false(self, "locale"),
            certain: element.certain,
            place: self.place(&element.at),
        }
    }

    fn text_under(&mut self, object: &Possible, key: &str) -> Setting<String> {
        let found = self.key(object, key);
        if found.values.is_empty() && !found.open {
            return Setting::Absent;
        }
        let text = if found.is_one() { found.values.first().and_then(|at| self.text(at)) } else { None };
        text.map_or(Setting::Unknown, Setting::Known)
    }

    fn conditions(&mut self, object: &Possible, key: &str) -> Vec<Condition> {
        let lists = self.key(object, key);
        let listed = self.listed(&lists, None, true, DEEPEST);
        let mut conditions = Vec::new();
        for element in &listed.elements {
            let object = Possible { values: vec![element.at.clone()], ..Possible::default() };
            let kind = match self.text_under(&object, "type").known().map(String::as_str) {
                Some("header") => ConditionKind::Header,
                Some("cookie") => ConditionKind::Cookie,
                Some("query") => ConditionKind::Query,
                Some("host") => ConditionKind::Host,
                _ => ConditionKind::Unknown,
            };
            let (key, value) = (self.text_under(&object, "key"), self.text_under(&object, "value"));
            conditions.push(Condition { kind, key, value });
        }
        if listed.open {
            conditions.push(Condition { kind: ConditionKind::Unknown, key: Setting::Unknown, value: Setting::Unknown });
        }
        conditions
    }
}

/// Whether a value is the global `Boolean`, which as a filter drops what is falsy.
fn is_boolean(facts: &FileFacts, value: ValueId) -> bool {
    matches!(facts.value(value), Value::Global(name) if facts.text(name) == "Boolean")
}
