//! Handlers that answer other origins: the CORS headers that they send, and whether a browser's question beforehand is answered.

use crate::diagnostic::Place;
use crate::facts::{PropertyKey, Value};
use crate::models::Effect;
use crate::project::config::Setting;
use crate::project::entries::{EntryKind, next};
use crate::project::layers::Layer;
use crate::project::program::modules::{FunctionRef, ModuleId};
use crate::project::program::symbols::Meaning;
use crate::project::{AppId, Project};
use crate::source::Span;

/// What the names of the headers begin with.
const CORS: &str = "access-control-allow-";
/// The header that lists what a request may carry, which only an answer to the question beforehand needs.
const ALLOWED_HEADERS: &str = "access-control-allow-headers";
/// The header that says who may ask.
const ORIGIN: &str = "access-control-allow-origin";

/// A route file that answers other origins and not the question that browsers ask before.
#[derive(Debug, Clone)]
pub struct NoPreflight {
    /// The route file.
    pub module: ModuleId,
    /// Its URL, base path included.
    pub url: String,
    /// The method that makes a browser ask, and its export.
    pub method: (&'static str, Place),
    /// Why it asks: where a header or a body is read that a simple request does not have, where it is not the method itself.
    pub because: Option<Place>,
    /// Where the headers are written.
    pub headers: Place,
}

impl Project {
    /// The route files that answer other origins, and not the question that browsers ask before they send more than a simple request.
    #[must_use]
    pub fn without_preflight(&self) -> Vec<NoPreflight> {
        let mut found = Vec::new();
        for (app, _) in self.apps() {
            if self.answers_beforehand(app) {
                continue;
            }
            let handlers = self.entries(app).iter().filter(|entry| entry.kind == EntryKind::RouteHandler);
            found.extend(handlers.filter_map(|entry| self.no_preflight(app, entry.module, &entry.url)));
        }
        found
    }

    /// Whether something in front of the handlers of an app sends the headers: the configuration, or the proxy.
    fn answers_beforehand(&self, app: AppId) -> bool {
        let described = self.app(app);
        let config = described.config.and_then(|file| self.module_of(file));
        let edge =
            self.modules().filter(|&(module, _)| self.layers(app).has(module, Layer::Edge)).map(|(module, _)| module);
        let base = if described.root.is_empty() { String::new() } else { format!("{}/", described.root) };
        let platform = self.tree.find(&format!("{base}vercel.json")).is_some_and(|file| {
            self.tree.read_text(self.tree.path(file)).unwrap_or_default().to_ascii_lowercase().contains(CORS)
        });
        platform
            || self.config(app).base_path == Setting::Unknown
            || config.into_iter().chain(edge).any(|module| !self.cors_headers(module).is_empty())
    }

    fn no_preflight(&self, app: AppId, module: ModuleId, url: &str) -> Option<NoPreflight> {
        let file = self.symbols.names(&self.modules, module);
        if file.iter().any(|name| name == "OPTIONS") || self.exports_more(module) {
            return None;
        }
        for (name, functions) in self.entry_functions(module, EntryKind::RouteHandler) {
            let Some(method) = next::METHODS.into_iter().find(|method| *method == name) else { continue };
            let Some(place) = self.export_place(module, method) else { continue };
            let headers = self.sent_headers(module, &functions);
            let Some(&(_, origin)) = headers.iter().find(|(name, _)| name == ORIGIN) else { continue };
            let because = match method {
                "PUT" | "PATCH" | "DELETE" => None,
                "OPTIONS" => continue,
                _ => match self.asks_for_more(app, module, method, &headers) {
                    Some(because) => Some(because),
                    None => continue,
                },
            };
            let url = self.url(app, url);
            return Some(NoPreflight { module, url, method: (method, place), because, headers: origin });
        }
        None
    }

    /// Where a handler wants what a simple request does not carry: a header of proof, or JSON in its body.
    fn asks_for_more(&self, app: AppId, module: ModuleId, method: &str, headers: &[(String, Place)]) -> Option<Place> {
        let doing = self.entry_doing(app, module, method)?;
        // Whoever allows a type of body, and reads one, is sent JSON.
        if let (true, Some((_, place))) =
            (doing.does(Effect::BodyRead), headers.iter().find(|(name, _)| name == ALLOWED_HEADERS))
        {
            return Some(*place);
        }
        let read = doing.of(Effect::HeaderRead).find(|read| {
            read.target.as_deref().is_some_and(|name| {
                let name = name.to_ascii_lowercase();
                name == "authorization" || (name.starts_with("x-") && !name.starts_with("x-forwarded"))
            })
        })?;
        Some(self.call_place(read.site()))
    }

    /// The CORS headers that functions send: written in them, in what they call, or in a value of the file's top that the route file has.
    fn sent_headers(&self, module: ModuleId, functions: &[FunctionRef]) -> Vec<(String, Place)> {
        let mut found = Vec::new();
        let run = self.run(functions).order;
        for &function in &run {
            let here = self.module(function.module);
            let span = here.facts.function(function.function).span;
            let inside = self.cors_headers(function.module).into_iter().filter(|(_, at)| span.contains(*at));
            found.extend(inside.map(|(name, at)| (name, here.place(at))));
        }
        let here = self.module(module);
        let top = |span: Span| !here.facts.functions.iter().skip(1).any(|function| function.span.contains(span));
        let own = self.cors_headers(module).into_iter().filter(|&(_, at)| top(at));
        found.extend(own.map(|(name, at)| (name, here.place(at))));
        for (id, _) in (0..).zip(&here.facts.values).filter(|(_, value)| matches!(value, Value::Import(_))) {
            let Meaning::Value(at) = self.follow().value(module, id) else { continue };
            let there = self.module(at.module);
            let whole = there.facts.span(at.value);
            let inside = self.cors_headers(at.module).into_iter().filter(|(_, span)| whole.contains(*span));
            found.extend(inside.map(|(name, span)| (name, there.place(span))));
        }
        found.sort_by_key(|(_, place)| *place);
        found.dedup();
        found
    }

    /// Where a module writes names of CORS headers: as keys, or as texts.
    fn cors_headers(&self, module: ModuleId) -> Vec<(String, Span)> {
        let facts = &self.module(module).facts;
        let mut found = Vec::new();
        let mut add = |text: &str, span: Span| {
            let name = text.to_ascii_lowercase();
            if name.starts_with(CORS) {
                found.push((name, span));
            }
        };
        for property in &facts.properties {
            if let PropertyKey::Named(name) = property.key {
                add(facts.text(name), property.span);
            }
        }
        for (value, span) in facts.values.iter().zip(&facts.spans) {
            if let Value::Str(text) = *value {
                add(facts.text(text), *span);
            }
        }
        found
    }
}
