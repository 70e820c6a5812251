//! Calls that let a tag expire and do not say how: for what they run, and what mends them.

use crate::diagnostic::{Edit, Fix, Place};
use crate::facts::{CallId, ImportId, ImportKind, Imported, Value};
use crate::models::Effect;
use crate::project::effects::Happening;
use crate::project::effects::summary::Site;
use crate::project::graph::reach::Contexts;
use crate::project::program::modules::ModuleId;
use crate::project::{AppId, Project};
use crate::source::Span;

/// What a call runs for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunsFor {
    /// Actions alone.
    Actions,
    /// Handlers alone.
    Handlers,
    /// Both.
    Both,
}

/// A call that lets a tag expire without a second argument.
#[derive(Debug, Clone)]
pub struct Unprofiled<'p> {
    /// The app.
    pub app: AppId,
    /// The call, and what leads to it.
    pub expires: &'p Happening,
    /// What it runs for.
    pub runs_for: RunsFor,
}

impl Project {
    /// The calls that let a tag expire and name no profile, where the app's version asks for one, each once, by place.
    #[must_use]
    pub fn unprofiled(&self) -> Vec<Unprofiled<'_>> {
        let actions = (0..).zip(&self.actions().all).map(|(id, action)| (action.app, self.action_doing(id)));
        let entered = self.entered().iter().map(|entered| (entered.app, &entered.doing));
        let mut found: Vec<Unprofiled<'_>> = Vec::new();
        for (app, doing) in actions.chain(entered).filter(|(app, _)| self.app(*app).version.at_least(16, 0)) {
            for expires in doing.of(Effect::RevalidateTag) {
                let (module, call) = expires.site();
                let facts = &self.module(module).facts;
                let written = facts.list(facts.calls[call as usize].arguments);
                let one = matches!(written, [only] if !matches!(facts.value(*only), Value::Spread(_)));
                if one && !found.iter().any(|known| known.expires.site() == expires.site()) {
                    let runs_for = self.runs_for(expires.site());
                    found.push(Unprofiled { app, expires, runs_for });
                }
            }
        }
        found.sort_by_key(|of| self.call_place(of.expires.site()));
        found
    }

    fn runs_for(&self, site: Site) -> RunsFor {
        let contexts = self.contexts(self.function_of(site));
        let others = [Contexts::HANDLER, Contexts::API, Contexts::RENDER, Contexts::EDGE, Contexts::SCRIPT];
        let others = others.into_iter().any(|of| contexts.any(of));
        match (contexts.any(Contexts::ACTION), others) {
            (true, false) => RunsFor::Actions,
            (true, true) => RunsFor::Both,
            _ => RunsFor::Handlers,
        }
    }

    /// Puts `text` behind the last argument of a call.
    #[must_use]
    pub fn with_argument(&self, title: String, (module, call): Site, text: &str) -> Option<Fix> {
        let here = self.module(module);
        let &last = here.facts.list(here.facts.calls[call as usize].arguments).last()?;
        let end = here.facts.span(last).end;
        Some(Fix { title, safe: true, edits: vec![insert(here.place(Span::new(end, end)), format!(", {text}"))] })
    }

    /// Has some calls of one module use another export of the package that their callee is imported from by name. The import is mended with
    /// them: the other name takes the place of the one before where no other call needs that, and else stands beside it.
    #[must_use]
    pub fn with_import(&self, title: String, sites: &[Site], name: &str) -> Option<Fix> {
        let &(module, first) = sites.first()?;
        let here = self.module(module);
        let facts = &here.facts;
        let callee = |call: CallId| facts.value(facts.calls[call as usize].callee);
        let Value::Import(import) = callee(first) else { return None };
        if sites.iter().any(|&(of, call)| of != module || callee(call) != Value::Import(import)) {
            return None;
        }
        let imported = facts.imports[import as usize];
        let named = matches!(imported.imported, Imported::Named(of) if of == imported.local);
        if !named || imported.kind != ImportKind::Static {
            return None;
        }
        let same = |other: &&crate::facts::Import| {
            other.source == imported.source && other.kind == ImportKind::Static && !other.type_only
        };
        let known = facts.imports.iter().filter(same).find(|other| {
            matches!(other.imported, Imported::Named(of) if facts.text(of) == name) && facts.text(other.local) == name
        });
        let is_taken = facts.variables.iter().any(|variable| facts.text(variable.name) == name)
            || facts.functions.iter().any(|function| facts.text(function.name) == name)
            || facts.imports.iter().any(|other| facts.text(other.local) == name && known.is_none());
        if is_taken {
            return None;
        }
        let names = sites.iter().map(|&site| Edit { place: self.call_place(site), text: name.to_owned() });
        let mut edits: Vec<Edit> = names.collect();
        let uses = facts.values.iter().filter(|&&value| value == Value::Import(import)).count();
        match (known.is_some(), uses == sites.len()) {
            (true, true) => edits.extend(self.without_import(module, import)),
            (true, false) => {}
            (false, true) => edits.push(Edit { place: here.place(imported.span), text: name.to_owned() }),
            (false, false) => {
                let end = imported.span.end;
                edits.push(insert(here.place(Span::new(end, end)), format!(", {name}")));
            }
        }
        Some(Fix { title, safe: true, edits })
    }

    /// Takes a name out of an import of several.
    fn without_import(&self, module: ModuleId, import: ImportId) -> Option<Edit> {
        let here = self.module(module);
        let imported = here.facts.imports[import as usize];
        let beside = here.facts.imports.iter().filter(|other| other.source_span == imported.source_span);
        let mut spans: Vec<Span> = beside.map(|other| other.span).collect();
        spans.sort_by_key(|span| span.start);
        let at = spans.iter().position(|span| *span == imported.span)?;
        let span = match (at.checked_sub(1).map(|before| spans[before]), spans.get(at + 1)) {
            (Some(before), _) => Span::new(before.end, imported.span.end),
            (None, Some(next)) => Span::new(imported.span.start, next.start),
            (None, None) => return None,
        };
        Some(Edit { place: here.place(span), text: String::new() })
    }
}

fn insert(place: Place, text: String) -> Edit {
    Edit { place, text }
}
