//! Which entities are written and read, and which views show them.

pub mod sql;

use super::effects::{Doing, Entered, Happening};
use super::entries::EntryKind;
use super::modules::{FunctionRef, ModuleId};
use super::noted::name_words;
use super::summary::Site;
use super::{AppId, Project};
use crate::facts::{NONE, Value};
use crate::models::Effect;

/// A view that reads an entity while it renders on the server.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'p> {
    /// The view: a page, a layout, a template.
    pub view: &'p Entered,
    /// What it reads.
    pub read: &'p Happening,
}

/// What a file of the App Router is around: the path below its folder, and its name without extension.
fn split(path: &str) -> (&str, &str) {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    (folder, name.split('.').next().unwrap_or(name))
}

/// Whether a column holds what nobody is shown: a password's hash, a token.
fn is_credential(column: &str) -> bool {
    let name = column.to_lowercase();
    ["password", "hash", "token", "secret", "expires"].iter().any(|word| name.contains(word))
}

/// Whether an entity is one of those by which somebody is known.
fn names_somebody(entity: &str) -> bool {
    const WHO: [&str; 9] =
        ["user", "account", "session", "profile", "member", "membership", "admin", "customer", "credential"];
    name_words(entity).iter().any(|word| WHO.contains(&word.as_str()))
}

/// The letters of an entity's name: a table `team_members` is `teamMembers` to a query builder that names it by its key.
fn plain(name: &str) -> impl Iterator<Item = char> + '_ {
    name.chars().filter(|letter| *letter != '_').flat_map(char::to_lowercase)
}

impl Project {
    /// The views of an app, by file.
    pub fn views(&self, app: AppId) -> impl Iterator<Item = &Entered> {
        self.entered().iter().filter(move |entered| entered.app == app && entered.kind == EntryKind::View)
    }

    /// A view and what is rendered around it: the layouts and templates of its folder and of those above.
    pub fn rendered_with(&self, app: AppId, view: ModuleId) -> impl Iterator<Item = &Entered> {
        let (folder, _) = split(self.path(view));
        self.views(app).filter(move |other| {
            let (above, name) = split(self.path(other.module));
            let around = above.len() <= folder.len()
                && folder.starts_with(above)
                && (above.len() == folder.len() || above.is_empty() || folder[above.len()..].starts_with('/'));
            other.module == view || (around && matches!(name, "layout" | "template"))
        })
    }

    /// Whether what a write changes is among what a read gives: of the same entity, and not of columns that are all others.
    #[must_use]
    pub fn changes(&self, write: &Happening, read: &Happening) -> bool {
        let apart = match (&write.columns, &read.columns) {
            (Some(written), Some(read)) => written.iter().all(|column| !read.contains(column)),
            _ => false,
        };
        let unseen = write.columns.as_ref().is_some_and(|written| written.iter().all(|column| is_credential(column)));
        let plain = |entity| plain(self.relations.canonical(entity));
        let same = match (&read.target, &write.target) {
            (Some(read), Some(written)) => plain(read).eq(plain(written)),
            _ => false,
        };
        let another_row = self.makes_or_ends_row(write) && self.reads_one(read);
        same && !apart && !unseen && !another_row
    }

    /// Whether a write makes a row, or ends one, and changes none that is there and stays.
    fn makes_or_ends_row(&self, write: &Happening) -> bool {
        let name = self.callee_name(write.site()).to_ascii_lowercase();
        ["create", "insert", "add", "delete", "remove"].iter().any(|word| name.starts_with(word))
            && self.is_own_entity(write)
    }

    /// Whether a read finds one row of its entity by what it is known by.
    fn reads_one(&self, read: &Happening) -> bool {
        let name = self.callee_name(read.site()).to_ascii_lowercase();
        ["findunique", "findfirst", "findone", "findbyid"].iter().any(|word| name.starts_with(word))
            && self.is_own_entity(read)
    }

    /// Whether an effect is about the entity that its call names, and not about one that is read or written with that.
    fn is_own_entity(&self, happening: &Happening) -> bool {
        let (module, call) = happening.site();
        let facts = &self.module(module).facts;
        let Value::Member(object, _) = facts.value(facts.calls[call as usize].callee) else { return false };
        let Value::Member(_, name) = facts.value(object) else { return false };
        let entity = happening.target.as_deref().unwrap_or_default();
        plain(facts.text(name)).eq(plain(entity))
    }

    /// Who among some views reads what a write changes, by file.
    pub fn readers<'p>(
        &'p self,
        views: impl Iterator<Item = &'p Entered>,
        write: &'p Happening,
    ) -> impl Iterator<Item = Reader<'p>> {
        views.filter_map(move |view| {
            let mut reads = view.doing.of(Effect::DbRead);
            let shown = |read: &&Happening| !self.asks_who(&view.doing, read) && self.may_come_back(&read.trail);
            let read = reads.find(|read| self.changes(write, read) && shown(read))?;
            Some(Reader { view, read })
        })
    }

    /// The reads, by their number, that the answer of a handler or an action is made of. Where it reads nothing but who the user is, that is
    /// what it answers.
    #[must_use]
    pub(super) fn shown_in_answer(&self, doing: &Doing) -> Vec<usize> {
        let reads = || doing.happenings.iter().enumerate().filter(|(_, read)| read.effect == Effect::DbRead);
        let only_asks = reads().all(|(_, read)| self.asks_who(doing, read));
        let shown = |read: &Happening| only_asks || !self.asks_who(doing, read);
        let found = reads().filter(|(_, read)| shown(read) && self.may_be_answered(&read.trail));
        found.map(|(number, _)| number).collect()
    }

    /// Whether a read stands in a helper that finds out who the user is: what it reads is asked for, seldom shown.
    fn asks_who(&self, doing: &Doing, read: &Happening) -> bool {
        let within = |&(module, call): &Site| {
            let function = self.module(module).facts.calls[call as usize].function;
            self.outermost(FunctionRef { module, function })
        };
        let helper = within(&read.site());
        let own = read.trail.first().map(within);
        let identity = |happening: &&Happening| matches!(happening.effect, Effect::AuthRead | Effect::AuthRequire);
        let names_who = read.target.as_deref().is_some_and(names_somebody);
        own != Some(helper)
            && (names_who || self.calls_what_it_is_handed(helper))
            && doing
                .happenings
                .iter()
                .filter(identity)
                .any(|asked| asked.trail.iter().any(|site| within(site) == helper))
    }

    /// Whether a function is around another one, which it is handed and calls.
    fn calls_what_it_is_handed(&self, function: FunctionRef) -> bool {
        let facts = &self.module(function.module).facts;
        let mut inside = self.inside(function).into_iter();
        inside.any(|of| {
            let mut calls = facts.calls.iter().filter(|call| call.function == of.function);
            calls.any(|call| match facts.value(call.callee) {
                Value::Parameter(owner, _) => owner == function.function,
                Value::Variable(variable) => {
                    let first = facts.variables[variable as usize].init;
                    first != NONE
                        && matches!(facts.value(first), Value::Parameter(owner, _) if owner == function.function)
                }
                _ => false,
            })
        })
    }

    /// Whether a view is a page.
    #[must_use]
    pub fn is_page(&self, view: &Entered) -> bool {
        split(self.path(view.module)).1 == "page"
    }

    /// The URL of a view as its framework writes routes, and whether everything below it is meant: that of a layout is its folder's.
    #[must_use]
    pub fn view_url(&self, view: &Entered) -> (String, bool) {
        let (_, name) = split(self.path(view.module));
        (super::entries::next::app_url(&self.view_folder(view)), name != "page")
    }

    /// The folder of a view below the one of its router, groups and slots included, as a revalidated path with a type is written.
    #[must_use]
    pub fn view_folder(&self, view: &Entered) -> String {
        let (folder, _) = split(self.path(view.module));
        let app = self.app(view.app).app_dir.as_deref().unwrap_or_default();
        format!("/{}", folder.strip_prefix(app).unwrap_or(folder).trim_start_matches('/'))
    }
}
