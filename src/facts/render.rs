//! Facts as a program that people can read: for tests, and for looking at what was understood.
//!
//! A line number stands in front of each line. `@x` is an import, `^x` a name that the file does not declare, `x` a variable of the file,
//! `#3` the result of the third call of the same function, `arg0` a parameter; `unless` is a branch that does something only where its test
//! does not hold. Knows nothing of what a call means.

mod flow;
mod value;

use std::fmt::Write;

use super::{
    Attribute, DirectiveKind, Export, ExportKind, FileFacts, Function, FunctionId, FunctionKind, Import, ImportKind,
    Imported, MemberKind, NONE, Name, Variable, VariableKind,
};
use crate::source::Span;

/// The facts of one file as text: the same text for the same facts.
#[must_use]
pub fn render(facts: &FileFacts) -> String {
    let mut listing = Listing { facts, ordinals: ordinals(facts), out: String::new(), function: 0 };
    listing.module();
    for function in 0..facts.functions.len() {
        listing.function(u32::try_from(function).unwrap_or(NONE));
    }
    listing.out
}

/// The number of each call among those of its function, from 1.
fn ordinals(facts: &FileFacts) -> Vec<u32> {
    let mut counts = vec![0_u32; facts.functions.len()];
    let mut next = |function: FunctionId| {
        let count = &mut counts[function as usize];
        *count += 1;
        *count
    };
    facts.calls.iter().map(|call| next(call.function)).collect()
}

struct Listing<'a> {
    facts: &'a FileFacts,
    ordinals: Vec<u32>,
    out: String,
    /// The function that is being listed.
    function: FunctionId,
}

impl Listing<'_> {
    fn text(&self, name: Name) -> &str {
        self.facts.text(name)
    }

    fn line_of(&self, span: Span) -> u32 {
        self.facts.lines.position(span.start).line
    }

    fn line(&mut self, span: Span, depth: usize, text: &str) {
        let line = self.line_of(span);
        // A string is free to write to.
        let _ = writeln!(self.out, "{line:>4}  {:width$}{text}", "", width = depth * 2);
    }

    fn heading(&mut self, text: &str) {
        let _ = writeln!(self.out, "{text}");
    }

    fn module(&mut self) {
        let facts = self.facts;
        self.heading(&format!("{:?}", facts.kind));
        for error in &facts.errors {
            let after = if error.recovered { " [recovered]" } else { "" };
            self.line(error.span, 0, &format!("error: {}{after}", error.message));
        }
        for suppression in &facts.suppressions {
            self.line(suppression.span, 0, &format!("suppression: {}", suppression.text));
        }
        for directive in &facts.directives {
            let kind = match directive.kind {
                DirectiveKind::Prologue => "",
                DirectiveKind::Parenthesised => " [parenthesised]",
                DirectiveKind::Misplaced => " [misplaced]",
                DirectiveKind::Nested => " [nested]",
                DirectiveKind::BackTicked => " [backticks]",
            };
            let erased = if directive.after_erased_only { "" } else { " [after code]" };
            let place =
                if directive.function == 0 { String::new() } else { format!(" in {}", self.label(directive.function)) };
            let text = format!("directive {:?}{place}{kind}{erased}", facts.text(directive.text));
            self.line(directive.span, 0, &text);
        }
        for import in &facts.imports {
            let text = self.import(import);
            self.line(import.span, 0, &text);
        }
        for export in &facts.exports {
            let text = self.export(export);
            self.line(export.span, 0, &text);
        }
        for alias in &facts.aliases {
            let text = format!("type {} = {}", self.text(alias.name), self.ty(alias.ty));
            self.line(alias.span, 0, &text);
        }
        for class in &facts.classes {
            let mut text = format!("class {}", self.text(class.name));
            if class.extends != NONE {
                let _ = write!(text, " extends {}", self.value(class.extends));
            }
            text.push_str(&self.attributes(&class.attributes));
            self.line(class.span, 0, &text);
            for member in &class.members {
                let text = self.member(member);
                self.line(member.span, 1, &text);
            }
        }
    }

    fn import(&self, import: &Import) -> String {
        let kind = match import.kind {
            ImportKind::Static => "import",
            ImportKind::Dynamic => "import()",
            ImportKind::Require => "require",
            ImportKind::ReExport => "re-export",
            ImportKind::Use => "use",
            ImportKind::Mod => "mod",
        };
        let imported = match import.imported {
            Imported::Named(name) => format!("{{ {} }}", self.text(name)),
            Imported::Default => "default".to_owned(),
            Imported::Namespace => "*".to_owned(),
            Imported::SideEffect => "side effect".to_owned(),
        };
        let mut text = format!("{kind} {:?} {imported}", self.text(import.source));
        if import.local != Name::EMPTY {
            let _ = write!(text, " as {}", self.text(import.local));
        }
        if import.type_only {
            text.push_str(" [type]");
        }
        if !import.used {
            text.push_str(" [unused]");
        }
        if import.function != 0 {
            let _ = write!(text, " in {}", self.label(import.function));
        }
        text
    }

    fn export(&self, export: &Export) -> String {
        let from = |import: u32| self.text(self.facts.imports[import as usize].source);
        let what = match export.kind {
            ExportKind::Value(value) => self.value(value),
            ExportKind::From(import) => format!("from {:?}", from(import)),
            ExportKind::Star(import) => format!("* from {:?}", from(import)),
            ExportKind::Type => "type".to_owned(),
        };
        format!("export {} = {what} [{:?}]", self.text(export.name), export.form)
    }

    fn member(&self, member: &super::ClassMember) -> String {
        let kind = match member.kind {
            MemberKind::Method => "method",
            MemberKind::Getter => "getter",
            MemberKind::Setter => "setter",
            MemberKind::Constructor => "constructor",
            MemberKind::Field => "field",
        };
        let is_static = if member.is_static { "static " } else { "" };
        let mut text = format!("{is_static}{kind} {}{}", self.text(member.name), self.annotation(member.annotation));
        if member.value != NONE {
            let _ = write!(text, " = {}", self.value(member.value));
        }
        text
    }

    fn attributes(&self, attributes: &[Attribute]) -> String {
        let each = |attribute: &Attribute| {
            let path = self.text(attribute.path);
            if attribute.arguments.len == 0 {
                return format!(" #[{path}]");
            }
            format!(" #[{path}({})]", self.values(attribute.arguments))
        };
        attributes.iter().map(each).collect()
    }

    fn label(&self, function: FunctionId) -> String {
        let Some(facts) = self.facts.functions.get(function as usize) else { return "?".to_owned() };
        if facts.name != Name::EMPTY {
            return self.text(facts.name).to_owned();
        }
        match facts.kind {
            FunctionKind::Module => "module".to_owned(),
            kind => format!("<{} {}>", format!("{kind:?}").to_lowercase(), self.line_of(facts.span)),
        }
    }

    fn signature(&self, id: FunctionId, function: &Function) -> String {
        let mut text = String::new();
        let words = [
            (function.is_public, "pub "),
            (function.is_static, "static "),
            (function.is_async, "async "),
            (function.is_generator, "generator "),
        ];
        text.extend(words.iter().filter(|(set, _)| *set).map(|(_, word)| *word));
        if function.kind == FunctionKind::Module {
            return "module".to_owned();
        }
        let _ = write!(text, "{} {}", format!("{:?}", function.kind).to_lowercase(), self.label(id));
        let each = |(position, parameter): (usize, &super::Parameter)| {
            let name = match self.text(parameter.name) {
                "" => format!("arg{position}"),
                name => name.to_owned(),
            };
            let rest = if parameter.rest { "..." } else { "" };
            let mut text = format!("{rest}{name}{}", self.annotation(parameter.annotation));
            if parameter.default != NONE {
                let _ = write!(text, " = {}", self.value(parameter.default));
            }
            text.push_str(&self.attributes(&parameter.attributes));
            if !parameter.read {
                text.push_str(" [unread]");
            }
            text
        };
        let parameters: Vec<String> = function.parameters.iter().enumerate().map(each).collect();
        let _ = write!(text, "({})", parameters.join(", "));
        if function.returns != NONE {
            let _ = write!(text, " -> {}", self.ty(function.returns));
        }
        if function.parent != 0 && function.parent != NONE {
            let _ = write!(text, " in {}", self.label(function.parent));
        }
        if let Some(class) = self.facts.classes.get(function.class as usize) {
            let _ = write!(text, " of {}", self.text(class.name));
        }
        text.push_str(&self.attributes(&function.attributes));
        text
    }

    fn function(&mut self, id: FunctionId) {
        let facts = self.facts;
        self.function = id;
        let function = facts.function(id);
        self.out.push('\n');
        let text = self.signature(id, function);
        self.line(function.span, 0, &text);
        let captures: Vec<&str> = facts
            .captures
            .iter()
            .filter(|(owner, _)| *owner == id)
            .map(|&(_, variable)| facts.text(facts.variables[variable as usize].name))
            .collect();
        if !captures.is_empty() {
            self.line(function.span, 1, &format!("captures {}", captures.join(", ")));
        }
        let special = [(function.this, "this"), (function.arguments, "arguments"), (function.super_, "super")];
        for (span, name) in special {
            if let Some(span) = span {
                self.line(span, 1, &format!("uses {name}"));
            }
        }
        for variable in facts.variables.iter().filter(|variable| variable.function == id) {
            let text = self.variable(variable);
            self.line(variable.span, 1, &text);
        }
        let steps = facts.body(id);
        self.steps(steps, 0, steps.len(), 1);
    }

    fn variable(&self, variable: &Variable) -> String {
        let kind = match variable.kind {
            VariableKind::Const => "const",
            VariableKind::Let => "let",
            VariableKind::Var => "var",
            VariableKind::Parameter => "param",
            VariableKind::Function => "function",
            VariableKind::Class => "class",
            VariableKind::Catch => "catch",
            VariableKind::TypeScript => "namespace",
        };
        let mut text = format!("{kind} {}{}", self.text(variable.name), self.annotation(variable.annotation));
        if variable.init != NONE {
            let _ = write!(text, " = {}", self.value(variable.init));
        }
        if variable.reassigned {
            text.push_str(" [reassigned]");
        }
        if !variable.read {
            text.push_str(" [unread]");
        }
        text
    }
}
