//! The call that an action lacks, as edits: where it belongs in the action's own body, and the import that it needs. What else the action does
//! may make it one call of several, so it is a suggestion.

use crate::diagnostic::{Edit, Fix};
use crate::facts::{FileFacts, FunctionId, ImportKind, Imported, Op};
use crate::project::Project;
use crate::project::actions::ActionId;
use crate::project::effects::Happening;
use crate::project::entries::next;
use crate::project::order::body::{parts, step_of};
use crate::project::program::modules::ModuleId;
use crate::source::Span;

impl Project {
    /// Suggests a call after a write in the body of an action, before it gives something back or sends somebody elsewhere; nothing where the write
    /// stands in a part of the body that does not always run, or where some way leaves before.
    #[must_use]
    pub fn with_call_after(&self, id: ActionId, write: &Happening, code: &str) -> Option<Fix> {
        let module = self.actions().get(id).module;
        let facts = &self.module(module).facts;
        let own = |of: &&(u32, u32)| of.0 == module && facts.calls[of.1 as usize].function != 0;
        let &(_, call) = write.trail.iter().find(own)?;
        let text = self.tree.read_text(self.path(module)).ok()?;
        let name = code.split('(').next()?;
        let sent = self.sent_after(self.action_doing(id), write);
        let sent: Vec<u32> =
            sent.iter().filter_map(|sent| sent.trail.iter().find(own)).map(|&(_, call)| call).collect();
        let mut edits = vec![self.edit(module, after(facts, &text, (call, &sent), code)?)];
        edits.extend(import(facts, &text, name)?.map(|edit| self.edit(module, edit)));
        Some(Fix { title: format!("call `{code}`"), safe: false, edits })
    }

    fn edit(&self, module: ModuleId, (at, text): (u32, String)) -> Edit {
        Edit { place: self.module(module).place(Span::new(at, at)), text }
    }
}

/// Where a call belongs behind another one and before those that send somebody elsewhere, and its line.
fn after(facts: &FileFacts, text: &str, (call, sent): (u32, &[u32]), code: &str) -> Option<(u32, String)> {
    let described = facts.calls[call as usize];
    let function: FunctionId = described.function;
    let steps = facts.body(function);
    let at = step_of(facts, function, call)?;
    if !parts(steps, at).is_empty() {
        return None;
    }
    let rest = (at + 1..).zip(steps.iter().skip(at as usize + 1));
    let sends: Vec<u32> = sent.iter().filter_map(|&call| step_of(facts, function, call)).collect();
    let mut leaves = rest.filter(|(step, of)| matches!(of.op, Op::Return(_)) || sends.contains(step));
    let body = facts.function(function).body_span;
    let place = match leaves.next() {
        // What is given back is the write itself, or some way leaves early.
        Some((step, of)) if !parts(steps, step).is_empty() || of.span.start <= described.span.start => return None,
        Some((_, of)) => of.span.start,
        None => {
            body.end.checked_sub(1).filter(|&end| text.get(end as usize..).is_some_and(|rest| rest.starts_with('}')))?
        }
    };
    let before = text.get(..place as usize)?;
    let line = before.rsplit('\n').next().unwrap_or_default();
    let semicolon = if ends_with_semicolon(text, described.span) { ";" } else { "" };
    if !line.trim().is_empty() {
        return Some((place, format!("\n{code}{semicolon}\n")));
    }
    let closes = text.get(place as usize..)?.starts_with('}');
    let deeper = match (closes, line.contains('\t')) {
        (false, _) => "",
        (true, true) => "\t",
        (true, false) => "  ",
    };
    Some((place, format!("{deeper}{code}{semicolon}\n{line}")))
}

/// Whether a semicolon ends the statement of a call.
fn ends_with_semicolon(text: &str, call: Span) -> bool {
    let rest = text.get(call.end as usize..).unwrap_or_default();
    rest.lines().next().unwrap_or_default().trim_end().ends_with(';')
}

/// The import that a name needs, where it is not there yet; nothing where another thing has the name.
fn import(facts: &FileFacts, text: &str, name: &str) -> Option<Option<(u32, String)>> {
    let of = |import: &&crate::facts::Import| import.kind == ImportKind::Static && !import.type_only;
    let from = |import: &&crate::facts::Import| facts.text(import.source) == next::CACHE;
    let is_it = |import: &crate::facts::Import| {
        facts.text(import.local) == name && matches!(import.imported, Imported::Named(of) if facts.text(of) == name)
    };
    if facts.imports.iter().filter(of).filter(from).any(is_it) {
        return Some(None);
    }
    let taken = facts.variables.iter().any(|variable| facts.text(variable.name) == name)
        || facts.imports.iter().any(|import| facts.text(import.local) == name);
    if taken {
        return None;
    }
    let named = |import: &&crate::facts::Import| matches!(import.imported, Imported::Named(_));
    if let Some(beside) = facts.imports.iter().filter(of).filter(from).rfind(named) {
        return Some(Some((beside.span.end, format!(", {name}"))));
    }
    let last = facts.imports.iter().rfind(of)?;
    let source = text.get(last.source_span.start as usize..last.source_span.end as usize)?;
    let quote = source.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
    let behind = text.get(last.source_span.end as usize..)?;
    let semicolon = if behind.starts_with(';') { ";" } else { "" };
    if !semicolon.is_empty() || behind.starts_with(['\n', '\r']) {
        let at = last.source_span.end + u32::from(!semicolon.is_empty());
        return Some(Some((at, format!("\nimport {{ {name} }} from {quote}{}{quote}{semicolon}", next::CACHE))));
    }
    None
}
