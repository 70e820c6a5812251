//! Values and types of a listing.

use super::Listing;
use crate::facts::{List, NONE, Operator, PropertyKey, Type, TypeId, TypeMember, Value, ValueId};

/// Values nested deeper than this are cut.
const MAX_DEPTH: u32 = 8;

impl Listing<'_> {
    pub(super) fn value(&self, id: ValueId) -> String {
        self.nested_value(id, 0)
    }

    /// Several values, separated by commas.
    pub(super) fn values(&self, list: List) -> String {
        self.nested_values(list, 0)
    }

    fn nested_values(&self, list: List, depth: u32) -> String {
        let texts: Vec<String> = self.facts.list(list).iter().map(|&value| self.nested_value(value, depth)).collect();
        texts.join(", ")
    }

    fn nested_value(&self, id: ValueId, depth: u32) -> String {
        if depth > MAX_DEPTH {
            return "…".to_owned();
        }
        let depth = depth + 1;
        let inner = |value: ValueId| self.nested_value(value, depth);
        match self.facts.value(id) {
            Value::Unknown => "?".to_owned(),
            Value::Null => "null".to_owned(),
            Value::Undefined => "undefined".to_owned(),
            Value::Bool(value) => value.to_string(),
            Value::Number(name) => self.text(name).to_owned(),
            Value::Regex(name) => format!("/{}/", self.text(name)),
            Value::Str(name) => format!("{:?}", self.text(name)),
            Value::Template(list) => {
                let part = |&value: &ValueId| match self.facts.literal(value) {
                    Some(text) => text.escape_debug().to_string(),
                    None => format!("${{{}}}", inner(value)),
                };
                let parts: String = self.facts.list(list).iter().map(part).collect();
                format!("`{parts}`")
            }
            Value::Import(import) => {
                let import = &self.facts.imports[import as usize];
                let name = if import.local == crate::facts::Name::EMPTY { import.source } else { import.local };
                format!("@{}", self.text(name))
            }
            Value::Global(name) => format!("^{}", self.text(name)),
            Value::Variable(variable) => self.text(self.facts.variables[variable as usize].name).to_owned(),
            Value::Parameter(function, position) if function == self.function => format!("arg{position}"),
            Value::Parameter(function, position) => format!("{}.arg{position}", self.label(function)),
            Value::Member(object, name) => format!("{}.{}", inner(object), self.text(name)),
            Value::Index(object, key) => {
                format!("{}[{}]", inner(object), if key == NONE { String::new() } else { inner(key) })
            }
            Value::Rest(value) => format!("rest({})", inner(value)),
            Value::Call(call) => self.result_of(call),
            Value::Await(value) => format!("await {}", inner(value)),
            Value::Try(value) => format!("{}?", self.operand(value, depth)),
            Value::Function(function) => format!("fn {}", self.label(function)),
            Value::Class(class) => format!("class {}", self.text(self.facts.classes[class as usize].name)),
            Value::Object(list) => self.object(list, depth),
            Value::Array(list) => format!("[{}]", self.nested_values(list, depth)),
            Value::Spread(value) => format!("...{}", inner(value)),
            Value::Binary(operator, left, right) | Value::Logical(operator, left, right) => {
                format!("({} {} {})", inner(left), sign(operator), inner(right))
            }
            Value::Not(value) => format!("!{}", self.operand(value, depth)),
            Value::Conditional(list) => match self.facts.list(list) {
                [test, then, other] => format!("({} ? {} : {})", inner(*test), inner(*then), inner(*other)),
                _ => "?".to_owned(),
            },
            Value::Union(list) => format!("one of [{}]", self.nested_values(list, depth)),
            Value::Cast(value, NONE) => format!("{}!", inner(value)),
            Value::Cast(value, ty) => format!("({} as {})", inner(value), self.ty(ty)),
            Value::This => "this".to_owned(),
            Value::Super => "super".to_owned(),
            Value::Alias(alias) => self.text(self.facts.aliases[alias as usize].name).to_owned(),
            Value::Unary(operator, value) => format!("{}({})", word(operator), inner(value)),
        }
    }

    fn operand(&self, value: ValueId, depth: u32) -> String {
        let text = self.nested_value(value, depth);
        if matches!(self.facts.value(value), Value::Await(_)) { format!("({text})") } else { text }
    }

    fn result_of(&self, call: u32) -> String {
        let Some(facts) = self.facts.calls.get(call as usize) else { return "?".to_owned() };
        let ordinal = self.ordinals[call as usize];
        let place = if facts.function == self.function { String::new() } else { self.label(facts.function) };
        if self.is_question(call) {
            return format!("{place}{}!({})", self.value(facts.callee), self.values(facts.arguments));
        }
        format!("{place}#{ordinal}")
    }

    /// Whether a call is no step of its function, so that its number says nothing.
    fn is_question(&self, call: u32) -> bool {
        let facts = &self.facts.calls[call as usize];
        facts.kind == crate::facts::CallKind::Macro
            && !self.facts.body(facts.function).iter().any(|step| step.op == crate::facts::Op::Call(call))
    }

    fn object(&self, list: List, depth: u32) -> String {
        let property = |property: &crate::facts::Property| {
            let value = self.nested_value(property.value, depth);
            match property.key {
                PropertyKey::Named(name) => format!("{}: {value}", self.text(name)),
                PropertyKey::Computed(key) => format!("[{}]: {value}", self.nested_value(key, depth)),
                PropertyKey::Spread => format!("...{value}"),
                PropertyKey::More => "…".to_owned(),
            }
        };
        let properties: Vec<String> = self.facts.properties(list).iter().map(property).collect();
        if properties.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", properties.join(", ")) }
    }

    /// `: type`, or nothing.
    pub(super) fn annotation(&self, ty: TypeId) -> String {
        if ty == NONE { String::new() } else { format!(": {}", self.ty(ty)) }
    }

    pub(super) fn ty(&self, id: TypeId) -> String {
        self.nested_type(id, 0)
    }

    fn nested_type(&self, id: TypeId, depth: u32) -> String {
        if depth > MAX_DEPTH {
            return "…".to_owned();
        }
        let list = |list: List, separator: &str| {
            let types = self.facts.type_lists[list.range()].iter();
            types.map(|&ty| self.nested_type(ty, depth + 1)).collect::<Vec<_>>().join(separator)
        };
        match self.facts.types.get(id as usize) {
            None | Some(Type::Unknown) => "?".to_owned(),
            Some(Type::Keyword(name)) => self.text(*name).to_owned(),
            Some(&Type::Named(value, arguments)) if arguments.len == 0 => self.value(value),
            Some(&Type::Named(value, arguments)) => format!("{}<{}>", self.value(value), list(arguments, ", ")),
            Some(&Type::Array(element)) => format!("{}[]", self.nested_type(element, depth + 1)),
            Some(&Type::Union(members)) => list(members, " | "),
            Some(Type::Literal(name)) => format!("{:?}", self.text(*name)),
            Some(&Type::Function(result)) => format!("() => {}", self.nested_type(result, depth + 1)),
            Some(&Type::Tuple(elements)) => format!("[{}]", list(elements, ", ")),
            Some(&Type::Query(value)) => format!("typeof {}", self.value(value)),
            Some(&Type::Index(of, key)) => {
                format!("{}[{}]", self.nested_type(of, depth + 1), self.nested_type(key, depth + 1))
            }
            Some(&Type::Object(members)) => {
                let member = |member: &TypeMember| {
                    format!("{}: {}", self.text(member.name), self.nested_type(member.ty, depth + 1))
                };
                let members: Vec<String> = self.facts.type_members[members.range()].iter().map(member).collect();
                format!("{{ {} }}", members.join("; "))
            }
        }
    }
}

fn sign(operator: Operator) -> &'static str {
    match operator {
        Operator::Equal => "==",
        Operator::NotEqual => "!=",
        Operator::Add => "+",
        Operator::In => "in",
        Operator::InstanceOf => "instanceof",
        Operator::And => "&&",
        Operator::Or => "||",
        Operator::Nullish => "??",
        Operator::Compare => "<",
        Operator::TypeOf | Operator::Delete | Operator::Other => "op",
    }
}

fn word(operator: Operator) -> &'static str {
    match operator {
        Operator::TypeOf => "typeof",
        Operator::Delete => "delete",
        _ => "op",
    }
}
