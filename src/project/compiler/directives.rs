//! Which strings are directives, and what those at the top of the file say.

use super::quirks::{Quirks, Spelling};
use super::unit::Unit;
use super::{Layer, RejectionKind};
use crate::facts::{Directive, DirectiveKind};
use crate::source::Span;

/// What a string means as a directive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// `'use server'`
    Server,
    /// `'use client'`
    Client,
    /// `'use cache'`, whatever its kind
    Cache,
    /// Nearly `'use server'`.
    NearlyServer,
    /// Nearly `'use cache'`.
    NearlyCache,
    /// Nothing.
    Other,
}

impl Word {
    /// Whether it is about caching.
    pub(super) const fn is_cache(self) -> bool {
        matches!(self, Self::Cache | Self::NearlyCache)
    }
}

/// The misspellings that versions below 15 know.
const LISTED: [&str; 5] = ["use servers", "use-server", "use srever", "use servre", "user server"];

impl Quirks {
    /// What a string means.
    pub(super) fn word(self, text: &str) -> Word {
        match text {
            "use server" => Word::Server,
            "use client" => Word::Client,
            "use cache" if self.cache => Word::Cache,
            "use action" if self.knows_use_action => Word::NearlyServer,
            _ if self.cache && text.starts_with("use cache: ") => Word::Cache,
            _ if self.spelling == Spelling::Listed && LISTED.contains(&text) => Word::NearlyServer,
            _ if self.spelling != Spelling::Listed && is_close(text, "use server") => Word::NearlyServer,
            _ if self.cache && (text.starts_with("use cache") || is_close(text, "use cache")) => Word::NearlyCache,
            _ => Word::Other,
        }
    }
}

/// Whether one text is the other with one character more or less, or with one or two others in their places.
fn is_close(text: &str, other: &str) -> bool {
    let (long, short) = if text.len() >= other.len() { (text, other) } else { (other, text) };
    if long.chars().count() == short.chars().count() {
        return (1..=2).contains(&long.chars().zip(short.chars()).filter(|(one, two)| one != two).count());
    }
    let common = long.chars().zip(short.chars()).take_while(|(one, two)| one == two).count();
    long.chars().skip(common + 1).eq(short.chars().skip(common))
}

impl Unit<'_> {
    /// What the strings at the top level of the file say.
    pub(super) fn read_file(&mut self) {
        let facts = self.facts;
        for directive in self.directives_of(0) {
            let word = self.quirks.word(facts.text(directive.text));
            self.about_cache = word.is_cache();
            if self.quirks.opens_file(directive) {
                self.file_directive(word, directive);
                continue;
            }
            match (directive.kind, word) {
                (DirectiveKind::Parenthesised, Word::Server | Word::NearlyServer | Word::Cache) => {
                    self.parenthesised(directive, true);
                }
                (DirectiveKind::Parenthesised | DirectiveKind::Misplaced, Word::Client) => {
                    self.reject_file(
                        RejectionKind::ClientMisplaced,
                        directive.span,
                        "`'use client'` is not at the top of the file".to_owned(),
                        "move the directive to the first line, without parentheses".to_owned(),
                    );
                }
                (DirectiveKind::Misplaced, Word::Server | Word::Cache) => {
                    let written = facts.text(directive.text);
                    self.reject_file(
                        RejectionKind::Misplaced,
                        directive.span,
                        format!("`'{written}'` stands below other statements"),
                        "move the directive to the first line of the file".to_owned(),
                    );
                }
                (DirectiveKind::Misplaced, Word::NearlyServer | Word::NearlyCache) => {
                    self.misspelt(directive, word, true);
                }
                (DirectiveKind::BackTicked, Word::Server) => self.back_ticked(directive.span, true),
                (DirectiveKind::Nested, Word::Server) => self.nested(directive.span, true),
                _ => {}
            }
        }
    }

    fn file_directive(&mut self, word: Word, directive: &Directive) {
        match word {
            Word::Server => {
                if self.file.cache && self.quirks.methods {
                    self.conflict(directive.span, "'use cache'", true);
                }
                // Below 15.1 the cache won.
                self.file.server |= !self.file.cache || self.quirks.methods;
                if self.file.client && self.quirks.strips_types {
                    self.conflict(directive.span, "'use client'", true);
                }
            }
            Word::Client => {
                self.file.client = true;
                if self.file.server && self.quirks.strips_types {
                    self.conflict(directive.span, "'use server'", true);
                }
            }
            Word::Cache => {
                if self.file.server && self.quirks.methods {
                    self.conflict(directive.span, "'use server'", true);
                    return;
                }
                (self.file.cache, self.file.server) = (true, false);
                self.cache_enabled(directive.span, true);
            }
            Word::NearlyServer | Word::NearlyCache => self.misspelt(directive, word, true),
            Word::Other => {}
        }
    }

    pub(super) fn misspelt(&mut self, directive: &Directive, word: Word, file: bool) {
        if file && word == Word::NearlyServer && self.quirks.spelling == Spelling::CloseInBodies {
            return;
        }
        let written = self.facts.text(directive.text);
        let meant = if word == Word::NearlyServer { "use server" } else { "use cache" };
        self.reject_at(
            file,
            RejectionKind::Misspelt,
            directive.span,
            format!("`'{written}'` is no directive"),
            format!("write `'{meant}'`"),
        );
    }

    pub(super) fn parenthesised(&mut self, directive: &Directive, file: bool) {
        let written = self.facts.text(directive.text);
        self.reject_at(
            file,
            RejectionKind::Parenthesised,
            directive.span,
            format!("`('{written}')` is no directive"),
            "remove the parentheses".to_owned(),
        );
    }

    pub(super) fn conflict(&mut self, span: Span, other: &str, file: bool) {
        let place = if file { "file" } else { "function" };
        self.reject_at(
            file,
            RejectionKind::Conflict,
            span,
            format!("this directive and `{other}` exclude each other in one {place}"),
            "keep one of the two directives".to_owned(),
        );
    }

    pub(super) fn back_ticked(&mut self, span: Span, file: bool) {
        self.reject_at(
            file,
            RejectionKind::BackTicked,
            span,
            "a template is no directive, so nothing here becomes an action".to_owned(),
            "write `'use server'` in quotes".to_owned(),
        );
    }

    pub(super) fn nested(&mut self, span: Span, file: bool) {
        self.reject_at(
            file,
            RejectionKind::Nested,
            span,
            "`'use server'` does nothing in a nested block".to_owned(),
            "move the directive to the top of the function, if it is to be an action".to_owned(),
        );
    }

    /// `'use cache'` needs a switch in the configuration.
    pub(super) fn cache_enabled(&mut self, span: Span, file: bool) {
        if self.use_cache {
            return;
        }
        let switch = if self.quirks.last_name_wins { "cacheComponents" } else { "experimental.useCache" };
        self.reject_at(
            file,
            RejectionKind::CacheDisabled,
            span,
            "`'use cache'` is not enabled".to_owned(),
            format!("set `{switch}` to `true` in the configuration"),
        );
    }

    /// Whether the file is both a client module and an action file, of which the server's graph sees no more than that.
    pub(super) fn is_torn(&self) -> bool {
        self.quirks.strips_types && self.layer == Layer::Server && self.file.client && self.file.server
    }

    /// Whether the server's graph holds a reference instead of the file.
    pub(super) fn is_client_reference(&self) -> bool {
        self.quirks.strips_types && self.layer == Layer::Server && self.file.client && !self.file.server
    }
}
