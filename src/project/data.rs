//! Which entities are written and read, and which views show them.

pub(super) mod apart;
pub(super) mod credentials;
pub(super) mod fixed;
pub mod graphql;
pub(super) mod passing;
pub(super) mod read;
pub(super) mod references;
pub(super) mod relations;
pub mod remote;
pub(super) mod rows;
pub(super) mod shows;
pub mod sql;
pub(super) mod tables;
pub(super) mod taken;
pub(super) mod takers;
pub(super) mod yields;

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use fixed::Fixed;
use shows::Beholder;

use super::effects::summary::Site;
use super::effects::{Doing, Entered, Happening};
use super::entries::EntryKind;
use super::program::modules::{FunctionRef, ModuleId};
use super::questions::audience::words;
use super::{AppId, Project};
use crate::facts::Value;
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

/// Whether a column that is written changes what is read under a name: itself, or the row to which its key leads (`categoryId`, `category`), or the key of that.
pub(super) fn leads_to(column: &str, read: &str) -> bool {
    let leads = |key: &str, to: &str| ["Id", "_id"].iter().any(|end| key.strip_suffix(end) == Some(to));
    column == read || leads(column, read) || leads(read, column)
}

/// So many sorts of things that are nobody are read by no helper of a page that only finds out who the user is.
const MUCH: usize = 3;

/// Who asks who the user is looks for them, for their session, and for what they belong to.
pub(super) fn is_somebody(entity: &str) -> bool {
    const SOMEBODY: [&str; 14] = [
        "user",
        "session",
        "account",
        "profile",
        "person",
        "member",
        "membership",
        "role",
        "team",
        "organization",
        "organisation",
        "org",
        "workspace",
        "project",
    ];
    let words = words(entity);
    // Two letters in front are those of all tables of an app.
    let mut told = words.iter().filter(|word| word.len() > 2).peekable();
    told.peek().is_some() && told.all(|word| SOMEBODY.contains(&word.strip_suffix('s').unwrap_or(word)))
}

/// Whether an entity holds sessions: whoever asks for one may lengthen it, and no view is about it.
fn is_session(entity: &str) -> bool {
    words(entity).last().is_some_and(|word| matches!(word.as_str(), "session" | "sessions"))
}

/// The letters of an entity's name: a table `team_members` is `teamMembers` to a query builder that names it by its key.
pub(super) fn plain(name: &str) -> impl Iterator<Item = char> + '_ {
    name.chars().filter(|letter| *letter != '_').flat_map(char::to_lowercase)
}

/// By app and view: what is rendered with it, as numbers of what is entered.
pub(super) type Around = FxHashMap<(AppId, ModuleId), Vec<usize>>;

impl Project {
    /// The views of an app, by file.
    pub fn views(&self, app: AppId) -> impl Iterator<Item = &Entered> {
        self.entered().iter().filter(move |entered| entered.app == app && entered.kind == EntryKind::View)
    }

    /// A view and what is rendered around it: the layouts and templates of its folder and of those above.
    pub fn rendered_with(&self, app: AppId, view: ModuleId) -> impl Iterator<Item = &Entered> {
        let around = self.around.get_or_init(|| self.collect_around());
        let around = around.get(&(app, view)).map_or(&[][..], Vec::as_slice);
        around.iter().map(|&index| &self.entered()[index])
    }

    fn collect_around(&self) -> Around {
        let views = || self.entered().iter().enumerate().filter(|(_, entered)| entered.kind == EntryKind::View);
        let mut around: FxHashMap<(AppId, &str), Vec<usize>> = FxHashMap::default();
        for (index, view) in views() {
            let (folder, name) = split(self.path(view.module));
            if matches!(name, "layout" | "template") {
                around.entry((view.app, folder)).or_default().push(index);
            }
        }
        let with = views().map(|(index, view)| {
            let (folder, _) = split(self.path(view.module));
            let ends = folder.match_indices('/').map(|(end, _)| end).chain([0, folder.len()]);
            let mut with: Vec<usize> = ends
                .filter_map(|end| around.get(&(view.app, &folder[..end])))
                .flatten()
                .copied()
                .chain([index])
                .collect();
            with.sort_unstable();
            with.dedup();
            ((view.app, view.module), with)
        });
        with.collect()
    }

    /// Whether what a write changes is among what a read gives: of the same entity, and not of columns that are all others
    /// and by none of which it asks for rows.
    #[must_use]
    pub fn changes(&self, write: &Happening, read: &Happening) -> bool {
        if write.remote.is_some() || read.remote.is_some() {
            return write.remote.as_ref().zip(read.remote.as_ref()).is_some_and(|(write, read)| write.changes(read));
        }
        let apart = match (&write.columns, &read.columns) {
            (Some(written), Some(columns)) => {
                written.iter().all(|column| columns.iter().all(|other| !leads_to(column, other)))
                    && !self.asks_for(read.site(), written)
            }
            _ => false,
        };
        let unseen = write.columns.as_ref().is_some_and(|written| written.iter().all(|column| is_credential(column)));
        let plain = |entity| plain(self.relations.canonical(entity));
        let same = match (&read.target, &write.target) {
            (Some(read), Some(written)) => plain(read).eq(plain(written)),
            _ => false,
        };
        let another_row = (self.makes_or_ends_row(write) && self.reads_one(read))
            || (self.makes_row(write) && self.reads_beyond(read))
            || self.only_counts(write, read);
        same && !apart && !unseen && !another_row && !write.target.as_deref().is_some_and(is_session)
    }

    /// Whether a write makes a row, or ends one, and changes none that is there and stays.
    fn makes_or_ends_row(&self, write: &Happening) -> bool {
        let name = self.callee_name(write.site()).to_ascii_lowercase();
        let ends = ["delete", "remove"].iter().any(|word| name.starts_with(word));
        (ends || self.makes_row(write)) && self.is_own_entity(write)
    }

    /// Whether a write makes a row, by its name.
    pub(super) fn makes_row(&self, write: &Happening) -> bool {
        let name = self.callee_name(write.site()).to_ascii_lowercase();
        ["create", "insert", "add"].iter().any(|word| name.starts_with(word))
    }

    /// Whether a write makes a row, and a view is the page of one row, which is not that.
    pub(super) fn shows_other_row(&self, write: &Happening, view: &Entered) -> bool {
        self.makes_row(write)
            && self.is_page(view)
            && self.view_url(view).0.rsplit('/').next().is_some_and(|last| last.starts_with('['))
    }

    /// Whether a write makes a row, and says of it in so many words what a read asks not for: `published: false`; or the read comes to such rows
    /// by other ones that lead to one each.
    pub(super) fn makes_row_of_others(&self, write: &Happening, read: &Happening) -> bool {
        let is_own = (self.is_own_entity(write), self.is_own_entity(read));
        let fixed = |of: &Happening| self.graph.fixed(of.site());
        let excludes = || fixed(write).zip(fixed(read)).is_some_and(|(write, read)| write.excludes(read));
        let makes = || self.callee_name(write.site()).to_ascii_lowercase().starts_with("create");
        match is_own {
            (true, true) => makes() && excludes(),
            (true, false) => makes() && self.relations.is_one_of_others(&write.about()),
            _ => false,
        }
    }

    /// Whether a read finds one row of its entity by what it is known by.
    fn reads_one(&self, read: &Happening) -> bool {
        let asks_for_any = || self.graph.fixed(read.site()).is_some_and(Fixed::asks_for_any);
        self.finds_one(read) && self.is_own_entity(read) && !asks_for_any()
    }

    /// Whether the call of a read finds one row, by its name.
    fn finds_one(&self, read: &Happening) -> bool {
        let name = self.callee_name(read.site()).to_ascii_lowercase();
        ["findunique", "findfirst", "findone", "findbyid"].iter().any(|word| name.starts_with(word))
    }

    /// Whether what a read gets of its entity is the one row to which the one row of another entity leads: no row that was just made.
    fn reads_beyond(&self, read: &Happening) -> bool {
        let own = self.named_entity(read.site()).filter(|_| self.finds_one(read) && !self.is_own_entity(read));
        let other = read.target.as_deref().map(|target| self.relations.canonical(target));
        own.zip(other).is_some_and(|(own, other)| self.relations.leads_to_one(self.relations.canonical(own), other))
    }

    /// Whether a read counts rows, and none more or less for what a write puts into some columns.
    fn only_counts(&self, write: &Happening, read: &Happening) -> bool {
        let name = self.callee_name(read.site()).to_ascii_lowercase();
        let counts = ["count", "groupby"].iter().any(|word| name.starts_with(word)) && self.is_own_entity(read);
        let written = write.columns.as_ref().filter(|_| counts && !self.makes_or_ends_row(write));
        written.is_some_and(|written| !self.asks_for(read.site(), written))
    }

    /// Whether a read is one of several rows, which are not counted or put together.
    pub(super) fn reads_list(&self, read: &Happening) -> bool {
        let name = self.callee_name(read.site()).to_ascii_lowercase();
        let sums = ["count", "group", "aggregate", "sum"].iter().any(|word| name.contains(word));
        !sums && !self.reads_one(read) && self.graph.gives_rows(read.site()).is_some()
    }

    /// Whether an effect is about the entity that its call names, and not about one that is read or written with that.
    pub(super) fn is_own_entity(&self, happening: &Happening) -> bool {
        let entity = happening.target.as_deref().unwrap_or_default();
        self.named_entity(happening.site()).is_some_and(|name| plain(name).eq(plain(entity)))
    }

    /// What a call names on whose method it is: `db.user.create()`.
    fn named_entity(&self, (module, call): Site) -> Option<&str> {
        let facts = &self.module(module).facts;
        let Value::Member(object, _) = facts.value(facts.calls[call as usize].callee) else { return None };
        let name = match facts.value(object) {
            Value::Member(_, name) => name,
            Value::Import(import) => facts.imports[import as usize].local,
            Value::Variable(variable) => facts.variables[variable as usize].name,
            _ => return None,
        };
        Some(facts.text(name))
    }

    /// Who among some views reads what a write changes, by file.
    pub fn readers<'p>(
        &'p self,
        views: impl Iterator<Item = &'p Entered>,
        write: &'p Happening,
    ) -> impl Iterator<Item = Reader<'p>> {
        self.readers_of(views, write, |_| true)
    }

    /// Who among some views reads what a write changes, and may show that of it which changes to somebody who is shown what is rendered where
    /// some tests have come out so, by file.
    pub(super) fn showing<'p>(
        &'p self,
        views: impl Iterator<Item = &'p Entered>,
        write: &'p Happening,
        to: Beholder,
    ) -> impl Iterator<Item = Reader<'p>> {
        self.readers_of(views, write, move |read| self.may_show_to(write, read, &to))
    }

    fn readers_of<'p>(
        &'p self,
        views: impl Iterator<Item = &'p Entered>,
        write: &'p Happening,
        counts: impl Fn(&Happening) -> bool,
    ) -> impl Iterator<Item = Reader<'p>> {
        views.filter_map(move |view| {
            let read = self.shown_reads(view, write).find(|read| counts(read))?;
            Some(Reader { view, read })
        })
    }

    /// Every read of a view of what a write changes, where the view may show that of it which changes.
    pub(super) fn all_showing<'p>(
        &'p self,
        view: &'p Entered,
        write: &'p Happening,
    ) -> impl Iterator<Item = Reader<'p>> {
        let reads = self.shown_reads(view, write).filter(|read| self.may_show(write, read, false));
        reads.map(move |read| Reader { view, read })
    }

    /// What a view reads of what a write changes, and does not read to find out who the user is.
    fn shown_reads<'p>(&'p self, view: &'p Entered, write: &'p Happening) -> impl Iterator<Item = &'p Happening> {
        let shown = |read: &Happening| !self.asks_who(&view.doing, read, MUCH) && self.may_come_back(&read.trail);
        view.doing.data_reads().filter(move |read| self.changes(write, read) && shown(read))
    }

    /// The reads, by their number, that the answer of a handler or an action is made of. Where it reads nothing but who the user is, that is
    /// what it answers.
    #[must_use]
    pub(super) fn shown_in_answer(&self, doing: &Doing) -> Vec<usize> {
        let reads = || doing.happenings.iter().enumerate().filter(|(_, read)| read.reads_data());
        let only_asks = reads().all(|(_, read)| self.asks_who(doing, read, usize::MAX));
        let shown = |read: &Happening| only_asks || !self.asks_who(doing, read, usize::MAX);
        let found = reads().filter(|(_, read)| shown(read) && self.may_be_answered(&read.trail));
        found.map(|(number, _)| number).collect()
    }

    /// Whether a read of somebody is made by a helper that finds out who the user is: what it reads is asked for, seldom shown. One that reads as
    /// many sorts of things that are nobody does not only find that out.
    fn asks_who(&self, doing: &Doing, read: &Happening, much: usize) -> bool {
        let within = |&(module, call): &Site| {
            let function = self.module(module).facts.calls[call as usize].function;
            self.outermost(FunctionRef { module, function })
        };
        // What a wrapper is handed runs inside it, and is none of what the wrapper does itself.
        let trail = self.behind_wrapper(&read.trail);
        let Some(own) = trail.first().map(within) else { return false };
        // What a component reads of somebody it shows.
        let is_component =
            |function: FunctionRef| self.function_name(function).starts_with(|first: char| first.is_ascii_uppercase());
        let is_helper = |function: &FunctionRef| *function != own && !is_component(*function);
        let helpers: Vec<FunctionRef> = trail.iter().map(within).filter(is_helper).collect();
        let identity = |happening: &&Happening| {
            matches!(happening.effect, Effect::AuthRead | Effect::AuthRequire | Effect::CookieRead)
        };
        let loads = |helper: FunctionRef| {
            let through = doing.data_reads().filter(|other| other.trail.iter().any(|site| within(site) == helper));
            let others: BTreeSet<&str> = through.filter_map(Happening::entity).filter(|of| !is_somebody(of)).collect();
            others.len() >= much
        };
        let asks = |helper: FunctionRef| {
            let mut asked = doing.happenings.iter().filter(identity);
            asked.any(|asked| asked.trail.iter().any(|site| within(site) == helper)) && !loads(helper)
        };
        read.entity().is_some_and(is_somebody) && helpers.into_iter().any(asks)
    }

    /// The rest of a trail from where it first comes back to the file in which it starts: `export const GET = withUser(async () => ..)`.
    fn behind_wrapper<'t>(&self, trail: &'t [Site]) -> &'t [Site] {
        let is_own = |site: &Site| trail.first().is_some_and(|first| first.0 == site.0);
        let back = trail.windows(2).position(|pair| !is_own(&pair[0]) && is_own(&pair[1]));
        back.map_or(trail, |at| &trail[at + 1..])
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
