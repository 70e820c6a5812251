//! What the directives inside functions make of them.

use rustc_hash::FxHashSet;

use super::directives::Word;
use super::quirks::Inner;
use super::unit::{OwnDirectives, Unit};
use super::{ActionKind, Layer, RejectionKind};
use crate::facts::{Directive, DirectiveKind, FunctionId, FunctionKind, Property, PropertyKey, Value};

/// How the compiler looks at a function.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    /// For directives.
    Into,
    /// For directives, all of which it rejects.
    Instance,
    /// Not at all, and no later version does.
    Never,
    /// Not in this version.
    NotYet,
}

impl Unit<'_> {
    pub(super) fn read_bodies(&mut self) {
        if self.file.server && self.quirks.inner != Inner::Own {
            self.exporting = self.exporting_statements();
            self.properties = self.property_functions();
        }
        for function in self.directed() {
            match self.look(function) {
                Look::Into => self.body(function),
                Look::Instance => self.instance(function),
                Look::Never => self.no_action(function),
                Look::NotYet => {}
            }
        }
        self.about_cache = false;
        match self.quirks.inner {
            Inner::Ignored | Inner::ArrowsHoisted if self.file.server => self.exported_functions(),
            Inner::Exported if self.file.server => self.exported_expressions(),
            _ => {}
        }
    }

    fn look(&self, id: FunctionId) -> Look {
        let function = self.facts.function(id);
        let methods = |look| if self.quirks.methods { look } else { Look::NotYet };
        match function.kind {
            FunctionKind::Declaration | FunctionKind::Expression | FunctionKind::Arrow => Look::Into,
            FunctionKind::ObjectMethod => methods(Look::Into),
            FunctionKind::Method | FunctionKind::Getter | FunctionKind::Setter => {
                let member = self.is_member(id);
                if member && self.facts.text(function.name).starts_with('#') {
                    methods(Look::Into)
                } else if member && !function.is_static {
                    methods(Look::Instance)
                } else if member {
                    methods(Look::Into)
                } else if self.quirks.accessors {
                    Look::Into
                } else {
                    Look::NotYet
                }
            }
            FunctionKind::Constructor | FunctionKind::Initializer => Look::Never,
            FunctionKind::Module => Look::NotYet,
        }
    }

    fn body(&mut self, function: FunctionId) {
        let hidden =
            matches!(self.quirks.inner, Inner::Ignored | Inner::ArrowsHoisted) && self.is_exported_expression(function);
        if !hidden {
            self.body_directives(function);
        }
        let own = self.own(function);
        self.about_cache = own.cache && !own.server;
        if !own.server && !own.cache {
            return;
        }
        if self.layer == Layer::Client && !self.file.server {
            return;
        }
        let described = self.facts.function(function);
        if own.server && own.cache && self.quirks.methods {
            return;
        }
        if !described.is_async && !self.exported.contains(&function) && !hidden {
            self.inline_not_async(function, own);
            return;
        }
        if self.quirks.methods && !self.exported.contains(&function) {
            self.check_uses(function);
        }
        if self.layer == Layer::Server && (self.quirks.default_functions || !self.is_default(function)) {
            self.register_inline(function, own);
        }
    }

    /// Says what is wrong with the directives of one body.
    fn body_directives(&mut self, function: FunctionId) {
        let facts = self.facts;
        let client = self.layer == Layer::Client && !self.file.server && !self.file.cache;
        let mut own = OwnDirectives::default();
        for directive in self.directives_of(function) {
            let word = self.quirks.word(facts.text(directive.text));
            self.about_cache = word.is_cache();
            match (directive.kind, word) {
                (DirectiveKind::Prologue | DirectiveKind::Misplaced, Word::Server | Word::Cache) if client => {
                    self.in_client_module(directive, function);
                }
                (DirectiveKind::Prologue, Word::Server) => {
                    if own.cache && self.quirks.methods {
                        self.conflict(directive.span, "'use cache'", false);
                    }
                    own.server = true;
                }
                (DirectiveKind::Prologue, Word::Cache) => {
                    if own.server && self.quirks.methods {
                        self.conflict(directive.span, "'use server'", false);
                    } else {
                        self.cache_enabled(directive.span, false);
                    }
                    own.cache = true;
                }
                (DirectiveKind::Prologue | DirectiveKind::Misplaced, Word::NearlyServer | Word::NearlyCache) => {
                    self.misspelt(directive, word, false);
                }
                (DirectiveKind::Parenthesised, Word::Server | Word::NearlyServer | Word::Cache)
                    if self.quirks.methods =>
                {
                    self.parenthesised(directive, false);
                }
                (DirectiveKind::Misplaced, Word::Server | Word::Cache) => self.misplaced(directive, function),
                (DirectiveKind::BackTicked, Word::Server) => self.back_ticked(directive.span, false),
                (DirectiveKind::Nested, Word::Server) => self.nested(directive.span, false),
                _ => {}
            }
        }
    }

    fn register_inline(&mut self, function: FunctionId, own: OwnDirectives) {
        if own.cache {
            self.inline(function, ActionKind::Cache);
            return;
        }
        let counts = !self.file.server
            || match self.quirks.inner {
                Inner::Ignored => false,
                Inner::ArrowsHoisted => !self.is_exported_expression(function),
                Inner::Exported => {
                    self.facts.function(function).kind != FunctionKind::Arrow && !self.is_in_exported(function)
                }
                Inner::Own => !self.exported.contains(&function),
            };
        if counts {
            self.inline(function, ActionKind::Action);
        }
    }

    /// Below 15 every function expression in an exported declaration must be `async`; from 14.1.1 on the outermost arrows there are
    /// actions too.
    fn exported_functions(&mut self) {
        for function in self.functions() {
            if !self.is_exported_expression(function) {
                continue;
            }
            let described = self.facts.function(function);
            match described.kind {
                FunctionKind::Expression if !described.is_async && !self.exported.contains(&function) => {
                    self.inline_not_async(function, OwnDirectives { server: true, cache: false });
                }
                FunctionKind::Arrow if self.quirks.inner == Inner::ArrowsHoisted && self.layer == Layer::Server => {
                    self.inline(function, ActionKind::Action);
                }
                _ => {}
            }
        }
    }

    /// 15.0 to 16.0: whatever stands in an exported expression is held to the rules of an exported function.
    fn exported_expressions(&mut self) {
        for function in self.functions() {
            if self.exported.contains(&function) || !self.is_in_exported(function) {
                continue;
            }
            if !self.facts.function(function).is_async {
                self.inline_not_async(function, OwnDirectives { server: true, cache: false });
            } else if self.quirks.methods {
                self.check_uses(function);
            }
        }
    }

    fn functions(&self) -> std::ops::Range<FunctionId> {
        1..FunctionId::try_from(self.facts.functions.len()).unwrap_or(FunctionId::MAX)
    }

    /// Whether a function stands in an exporting statement, in no other function.
    fn is_exported_expression(&self, function: FunctionId) -> bool {
        let span = self.facts.function(function).span;
        let after = self.exporting.partition_point(|statement| statement.start <= span.start);
        after.checked_sub(1).is_some_and(|index| self.exporting[index].contains(span)) && self.is_outermost(function)
    }

    /// The same for functions and arrows, and from 15.1 on without those that are an object's properties.
    fn is_in_exported(&self, function: FunctionId) -> bool {
        let kind = self.facts.function(function).kind;
        matches!(kind, FunctionKind::Declaration | FunctionKind::Expression | FunctionKind::Arrow)
            && self.is_exported_expression(function)
            && !(self.quirks.methods && self.properties.contains(&function))
    }

    /// The functions that are an object's properties.
    fn property_functions(&self) -> FxHashSet<FunctionId> {
        let keyed = |property: &&Property| matches!(property.key, PropertyKey::Named(_) | PropertyKey::Computed(_));
        let function =
            |value| if let Value::Function(function) = self.facts.value(value) { Some(function) } else { None };
        self.facts.properties.iter().filter(keyed).filter_map(|property| function(property.value)).collect()
    }

    fn inline_not_async(&mut self, function: FunctionId, own: OwnDirectives) {
        let what = if own.cache { "a cached function" } else { "an action" };
        self.reject(
            RejectionKind::NotAsync,
            self.function_place(function),
            format!("{} is {what}, and is not `async`", self.described(function)),
            "make the function `async`".to_owned(),
        );
    }

    fn misplaced(&mut self, directive: &Directive, function: FunctionId) {
        let written = self.facts.text(directive.text);
        self.reject(
            RejectionKind::Misplaced,
            directive.span,
            format!("`'{written}'` stands below other statements of {}", self.described(function)),
            "move the directive to the top of the function's body".to_owned(),
        );
    }

    fn in_client_module(&mut self, directive: &Directive, function: FunctionId) {
        let what = if self.facts.text(directive.text) == "use server" { "an action" } else { "a cached function" };
        self.reject(
            RejectionKind::InClientModule,
            directive.span,
            format!("{} cannot be {what}, since this module is a client module", self.described(function)),
            "move the function to a file with the directive at its top, and import it from there".to_owned(),
        );
    }

    fn instance(&mut self, function: FunctionId) {
        let own = self.own(function);
        self.about_cache = own.cache && !own.server;
        if own.server || own.cache {
            let directive = if own.server { "'use server'" } else { "'use cache'" };
            let described = self.described(function);
            self.reject(
                RejectionKind::InstanceMethod,
                self.head(function),
                format!("{described} belongs to instances of its class, where `{directive}` is not allowed"),
                format!("make {described} static, or a function of its own"),
            );
        } else {
            self.body_directives(function);
        }
    }

    fn no_action(&mut self, function: FunctionId) {
        let facts = self.facts;
        self.about_cache = false;
        let constructor = facts.function(function).kind == FunctionKind::Constructor;
        let place = if constructor { "a constructor" } else { "a static block" };
        for directive in self.directives_of(function) {
            if self.quirks.word(facts.text(directive.text)) == Word::Server {
                self.reject(
                    RejectionKind::NoAction,
                    directive.span,
                    format!("`'use server'` does nothing in {place}"),
                    "move what the server should do to an async function".to_owned(),
                );
            }
        }
    }

    /// An action has no `this`, no `arguments` and no `super`; nor have the arrows and accessors in it.
    pub(super) fn check_uses(&mut self, action: FunctionId) {
        let facts = self.facts;
        let mut inside: FxHashSet<FunctionId> = FxHashSet::from_iter([action]);
        for function in action..FunctionId::try_from(facts.functions.len()).unwrap_or(FunctionId::MAX) {
            let described = facts.function(function);
            // Functions are numbered from the outside in, so those inside the action follow it.
            if !facts.function(action).span.contains(described.span) {
                break;
            }
            let accessor = matches!(described.kind, FunctionKind::Getter | FunctionKind::Setter);
            let within = inside.contains(&described.parent)
                && (described.kind == FunctionKind::Arrow || (accessor && !self.is_member(function)));
            if function != action && !within {
                continue;
            }
            inside.insert(function);
            let uses = [
                (RejectionKind::This, "this", described.this),
                (RejectionKind::Arguments, "arguments", described.arguments),
                (RejectionKind::Super, "super", described.super_),
            ];
            for (kind, word, span) in uses {
                let Some(span) = span else { continue };
                self.reject(
                    kind,
                    span,
                    format!("an action cannot use `{word}`"),
                    "pass what the action needs as an argument".to_owned(),
                );
            }
        }
    }
}
