//! What the compiler says against a module, in each layer that compiles it.

use super::Project;
use super::compiler::{self, Compiled, Rejection, RejectionKind};
use super::layers::Layer;
use super::program::modules::ModuleId;
use crate::diagnostic::Label;
use crate::facts::{DirectiveKind, NONE};

/// The layers in which the action compiler looks at a module as one of the server.
const SERVER: [Layer; 3] = [Layer::Server, Layer::Action, Layer::Handler];

impl Project {
    /// What the compiler rejects or ignores in a module, by position, each with the way that made it a client module where that is the
    /// reason. A module that no entry reaches is taken for one of the server; one that only the Pages Router reaches is not compiled.
    #[must_use]
    pub fn rejections(&self, module: ModuleId) -> Vec<(Rejection, Vec<Label>)> {
        let (Some(compiled), Some(app)) = (self.compiled(module), self.module(module).app) else { return Vec::new() };
        let mut found: Vec<(Rejection, Vec<Label>)> = Vec::new();
        if let Some((client, way)) = self.compiled_client(module) {
            found.extend(client.rejections.into_iter().map(|rejection| {
                let labels = if rejection.kind == RejectionKind::InClientModule { way.clone() } else { Vec::new() };
                (rejection, labels)
            }));
        }
        let layers = self.layers(app);
        if !self.is_reached(module) || SERVER.iter().any(|&layer| layers.has(module, layer)) {
            for rejection in &compiled.rejections {
                if !found.iter().any(|(other, _)| other.span.start == rejection.span.start) {
                    found.push((rejection.clone(), Vec::new()));
                }
            }
        }
        found.sort_by_key(|(rejection, _)| (rejection.span.start, rejection.kind));
        found
    }

    /// What the compiler of client modules says of a module, if it is one, and the way that made it one: the directive, then the imports.
    #[must_use]
    pub fn compiled_client(&self, module: ModuleId) -> Option<(Compiled, Vec<Label>)> {
        let described = self.module(module);
        let app = described.app?;
        self.compiled(module)?;
        if described.facts.directives.is_empty() {
            return None;
        }
        let settings = self.settings(app);
        let own = compiler::directive(&described.facts, &settings) == compiler::ModuleDirective::Client;
        if !own && !self.layers(app).has(module, Layer::Client) {
            return None;
        }
        let compiled = compiler::compile(&described.facts, &settings, compiler::Layer::Client);
        let way = if own { self.client_directive(module).into_iter().collect() } else { self.client_way(module) };
        Some((compiled, way))
    }

    /// The way from a `'use client'` directive to a module.
    fn client_way(&self, module: ModuleId) -> Vec<Label> {
        let Some(app) = self.module(module).app else { return Vec::new() };
        let mut way = self.layers(app).way(module, Layer::Client);
        let first = way.iter().rposition(|reached| reached.layer != Layer::Client).map_or(0, |last| last + 1);
        way.drain(..first);
        let start = way.first().map_or(NONE, |reached| reached.from);
        let mut labels: Vec<Label> = Vec::new();
        if start != NONE {
            labels.extend(self.client_directive(start));
        }
        labels.extend(way.iter().map(|reached| {
            let from = self.module(reached.from);
            let import = &from.facts.imports[reached.import as usize];
            let source = from.facts.text(import.source);
            Label::new(from.place(import.source_span), format!("imports `{source}` into a client module"))
        }));
        labels
    }

    fn client_directive(&self, module: ModuleId) -> Option<Label> {
        let described = self.module(module);
        let mut directives = described.facts.directives_of(0);
        let directive = directives.find(|directive| {
            directive.kind != DirectiveKind::Nested && described.facts.text(directive.text) == "use client"
        })?;
        Some(Label::new(described.place(directive.span), "makes this module, and what it imports, client modules"))
    }
}
