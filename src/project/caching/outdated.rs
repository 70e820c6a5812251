//! What an action leaves as it was kept: pages that are made once, and what calls and functions keep of what views read.

use super::invalidation::{HOLE, Invalidation, pattern};
use super::making::{Keeper, Keeping, Making};
use crate::diagnostic::{Label, Place};
use crate::project::actions::ActionId;
use crate::project::data::Reader;
use crate::project::effects::summary::Certainty;
use crate::project::effects::{Doing, Entered, Happening};
use crate::project::program::modules::ModuleId;
use crate::project::{AppId, Effect, Project, Trail};

/// Something that was kept and shows what is no longer so.
#[derive(Debug, Clone)]
pub struct Outdated<'p> {
    /// The write.
    pub write: &'p Happening,
    /// The page that shows it, or the layout where what that reads is kept by itself.
    pub page: &'p Entered,
    /// The view that reads it: the page, or a layout around it.
    pub reader: Reader<'p>,
    /// Who keeps it.
    pub keeping: Keeping,
    /// A call of the action that makes something else fresh again which shows the same.
    pub refreshed: Option<&'p Happening>,
}

/// What makes something fresh again.
enum Refresh {
    /// A call, written out.
    Call(String),
    /// A function, and a tag of which a part is not known.
    Tag(&'static str, String),
}

impl Project {
    /// What was kept of an entity that an action writes, and that nothing in it makes fresh again, what lasts longest first.
    #[must_use]
    pub fn left_outdated(&self, id: ActionId) -> Vec<Outdated<'_>> {
        let (action, doing) = (self.actions().get(id), self.action_doing(id));
        let invalidation = Invalidation::of(doing);
        let sites: Vec<_> = self.call_sites(id).filter(|site| !self.is_of_effects(site)).collect();
        if !action.live || sites.is_empty() || invalidation.open || self.hides_settling(doing, action.app) {
            return Vec::new();
        }
        let standing = sites.iter().flat_map(|site| self.standing_for_users(site));
        let around: Vec<ModuleId> = standing
            .flat_map(|of| self.rendered_with(of.app, of.view).map(|view| view.module).collect::<Vec<_>>())
            .collect();
        let mut found: Vec<Outdated<'_>> = Vec::new();
        for write in doing.data_writes().filter(|write| write.certainty != Certainty::Caught) {
            if !write.is_known() || found.iter().any(|other| other.write.about() == write.about()) {
                continue;
            }
            let (mut left, mut refreshed) = (Vec::new(), None);
            for page in self.views(action.app).filter(|view| self.is_page(view)) {
                let views = self.rendered_with(action.app, page.module);
                for reader in
                    views.flat_map(|view| self.all_showing(view, write).chain(self.hanging_on(id, view, write)))
                {
                    if self.goes_by_other_cookie(doing, write, &reader) {
                        continue;
                    }
                    let own = self.keeping_of(reader.view, reader.read);
                    let shown_by = if own.is_some() { reader.view } else { page };
                    let keeping = own.or_else(|| self.kept_whole(page, &reader));
                    match (self.covering(action.app, &invalidation, page, keeping.as_ref()), keeping) {
                        // What serves any path is no page that somebody meant.
                        (Some(_), _) if self.serves_any(page) => {}
                        (Some(by), _) => refreshed = refreshed.or(Some(by)),
                        (None, Some(keeping))
                            if keeping.lasts || around.contains(&shown_by.module) || self.lets_expire(&keeping) =>
                        {
                            left.push((shown_by, reader, keeping));
                        }
                        // Whoever sets a time for what others see, and lets no tag of it expire, has said how old it may be.
                        (None, _) => {}
                    }
                }
            }
            // Of what one page shows the one that lasts is named, else the first.
            left.sort_by_key(|(page, _, keeping)| (page.module, !keeping.lasts));
            left.dedup_by_key(|(page, _, _)| page.module);
            found.extend(left.into_iter().map(|(page, reader, keeping)| Outdated {
                write,
                page,
                reader,
                keeping,
                refreshed,
            }));
        }
        found.sort_by_key(|of| (!of.keeping.lasts, self.shows_other_row(of.write, of.page)));
        found
    }

    /// Whether an action sets a cookie after a write by which a reader asks for what it shows: from then on it asks for something else.
    fn goes_by_other_cookie(&self, doing: &Doing, write: &Happening, reader: &Reader<'_>) -> bool {
        let (_, around) = reader.read.trail.split_last().expect("a read stands at a call");
        let asked =
            reader.view.doing.of(Effect::CookieRead).filter(|cookie| {
                cookie.trail.starts_with(around) && self.comes_before(&cookie.trail, &reader.read.trail)
            });
        let set = || {
            let set = doing.of(Effect::CookieWrite).filter(|cookie| cookie.certainty != Certainty::Caught);
            set.filter(|cookie| cookie.target.is_some() && self.comes_before(&write.trail, &cookie.trail))
        };
        asked.into_iter().any(|cookie| set().any(|set| set.target == cookie.target))
    }

    /// Whether anything in the project lets a tag of something that is kept expire, by the name that it carries.
    fn lets_expire(&self, keeping: &Keeping) -> bool {
        let expired = self.expired.get_or_init(|| {
            let actions = self.live_actions().map(|(id, _)| self.action_doing(id));
            let all = actions.chain(self.entered().iter().map(|entered| &entered.doing));
            let tags = all.flat_map(|doing| Invalidation::of(doing).tags);
            tags.filter_map(|tag| tag.target.clone()).filter(|target| target != HOLE).collect()
        });
        keeping.tags.iter().flatten().any(|tag| expired.contains(tag))
    }

    fn serves_any(&self, page: &Entered) -> bool {
        let table = self.routes(page.app);
        table.of_file(self.module(page.module).file).is_some_and(|route| table.route(route).is_catch_all())
    }

    /// The keeping of a page that is made once. What is read on some ways alone, for one page or another, this page may not show.
    fn kept_whole(&self, page: &Entered, reader: &Reader<'_>) -> Option<Keeping> {
        if reader.read.certainty != Certainty::Always {
            return None;
        }
        let Making::Once { lasts } = self.making(page) else { return None };
        let around = self.rendered_with(page.app, page.module);
        let mut tags: Vec<Option<String>> =
            around.flat_map(|view| view.doing.of(Effect::CacheTag)).map(|tag| tag.target.clone()).collect();
        tags.sort();
        tags.dedup();
        Some(Keeping { keeper: Keeper::Page, tags, lasts })
    }

    /// The call that makes a page, or what is kept of its reads, fresh again.
    fn covering<'p>(
        &self,
        app: AppId,
        invalidation: &Invalidation<'p>,
        page: &Entered,
        keeping: Option<&Keeping>,
    ) -> Option<&'p Happening> {
        let one = |happening: &'p Happening, is_path: bool| {
            let mut only = Invalidation::default();
            if is_path { &mut only.paths } else { &mut only.tags }.push(happening);
            only
        };
        let path = invalidation.paths.iter().find(|path| self.covers_page(app, &one(path, true), page));
        let tag =
            || invalidation.tags.iter().find(|tag| keeping.is_some_and(|of| one(tag, false).covers_tags(&of.tags)));
        path.or_else(tag).copied()
    }

    /// What makes a view fresh again, and what is kept of it: ``call `revalidatePath('/users')` ``.
    #[must_use]
    pub fn refreshing(&self, view: &Entered, keeping: Option<&Keeping>) -> String {
        match self.refresh(view, keeping) {
            Refresh::Call(code) => format!("call `{code}`"),
            Refresh::Tag(call, tag) => format!("call `{call}` with the tag `{tag}`"),
        }
    }

    /// The same as a call; nothing where a part of it is not known.
    #[must_use]
    pub fn refreshing_call(&self, view: &Entered, keeping: Option<&Keeping>) -> Option<String> {
        match self.refresh(view, keeping) {
            Refresh::Call(code) if !code.contains('\\') => Some(code),
            _ => None,
        }
    }

    fn refresh(&self, view: &Entered, keeping: Option<&Keeping>) -> Refresh {
        let tags = keeping.filter(|keeping| keeping.keeper != Keeper::Page).map(|keeping| &keeping.tags);
        let mut tags: Vec<&String> = tags.into_iter().flatten().flatten().collect();
        tags.sort_by_key(|tag| pattern(tag).as_known().is_none());
        if let Some(tag) = tags.first() {
            let call = if self.app(view.app).version.at_least(16, 0) { "updateTag" } else { "revalidateTag" };
            return match pattern(tag).as_known() {
                Some(tag) => Refresh::Call(format!("{call}('{tag}')")),
                None => Refresh::Tag(call, (*tag).clone()),
            };
        }
        let (url, is_around) = self.view_url(view);
        if !is_around && !url.contains('[') {
            return Refresh::Call(format!("revalidatePath('{url}')"));
        }
        let folder = self.view_folder(view);
        Refresh::Call(format!("revalidatePath('{folder}', '{}')", if is_around { "layout" } else { "page" }))
    }

    /// The labels of something outdated: from the action to the write, and from the page to the read, past who keeps it.
    #[must_use]
    pub fn outdated_trail(&self, id: ActionId, outdated: &Outdated<'_>, primary: Place) -> Vec<Label> {
        let read = outdated.reader.read.about_written(outdated.write);
        let (url, _) = self.view_url(outdated.page);
        let writes = outdated.write.written_label(outdated.reader.read, &url);
        let mut trail = Trail::new(self, primary);
        trail.calls(&outdated.write.trail, "leads to the write", &writes);
        let time = if outdated.keeping.lasts { "until it is told otherwise" } else { "for a time" };
        let mut reads = format!("reads `{read}` for `{url}`");
        match outdated.keeping.keeper {
            Keeper::Page => {
                if let Some(place) = self.export_place(outdated.page.module, "default") {
                    trail.add(place, format!("is made once, and kept {time}"));
                }
            }
            Keeper::Call(site) if site == outdated.reader.read.site() => {
                reads = format!("{reads}, and keeps it {time}");
            }
            Keeper::Call(site) => trail.add(self.call_place(site), format!("keeps what it reads {time}")),
            Keeper::Function(function) => {
                let here = self.module(function.module);
                let name = here.facts.function(function.function).name_span;
                trail.add(here.place(name), "keeps what it reads");
            }
        }
        trail.calls(&outdated.reader.read.trail, "leads to what it shows", &reads);
        if !self.changes(outdated.write, outdated.reader.read)
            && let Some(tag) = self.expired_likewise(id, outdated.write, &outdated.keeping)
        {
            trail.add(self.call_place(tag.site()), "lets that expire after a write like this");
        }
        trail.labels()
    }
}
