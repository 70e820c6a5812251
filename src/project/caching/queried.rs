//! The queries in the browser that show what an action changes, and of which nobody thinks who calls it. A refresh of the page does nothing for
//! them.

use super::invalidation::HOLE;
use crate::project::actions::ActionId;
use crate::project::client::CallSite;
use crate::project::client::keys::SESSION;
use crate::project::client::queries::{Answer, Shown};
use crate::project::client::settling::{Refetched, Settling};
use crate::project::client::standing::Standing;
use crate::project::data::is_somebody;
use crate::project::effects::{Entered, Happening};
use crate::project::program::modules::{FunctionRef, ModuleId};
use crate::project::questions::noted::DEEPEST_PURPOSE;
use crate::project::{AppId, Project};

/// A write of an action, and what is known of it.
pub(super) struct Change<'p> {
    pub(super) id: ActionId,
    pub(super) app: AppId,
    pub(super) write: &'p Happening,
    /// Whether it is what the action is there for.
    pub(super) is_first: bool,
    /// Whether somebody is sent a mail besides.
    pub(super) is_told: bool,
    /// Whether who calls the action is sent elsewhere after it.
    pub(super) leaves: bool,
    /// The queries that show what it changes.
    pub(super) showing: Vec<(Shown<'p>, &'p Answer)>,
}

impl Project {
    /// The queries around a call of an action that show what it changes as it was.
    pub(super) fn queries_left<'p>(
        &'p self,
        change: &Change<'p>,
        site: &CallSite,
        standing: &Standing,
    ) -> Vec<Shown<'p>> {
        let to = match &site.queries {
            Settling::Nothing => None,
            Settling::Navigates(_, Some(to)) => Some(to.as_str()),
            _ => return Vec::new(),
        };
        if change.leaves || change.showing.is_empty() {
            return Vec::new();
        }
        let far = to.is_some() || change.write.trail.len() > DEEPEST_PURPOSE + 1;
        let here = |shown: &Shown<'_>| self.outermost(shown.function) == self.outermost(site.function());
        // Elsewhere, and of what is written far down, only what is about the entity itself is worth a look; where somebody is told of it besides,
        // that, a list of it, and what the caller shows itself.
        let mut shown = self.shown_by_queries((site, standing), change, to);
        shown.retain(|shown| {
            let is_near = here(shown) || (shown.is_of_it && !notes_when(change.write));
            !shown.distance.0 || !(far || (change.is_told && !is_near))
        });
        self.left_by_caller(site, change, shown)
    }

    /// Whether who calls an action has thought of what shows an entity: a query is fetched again that does, or of which nothing is known. Of what
    /// is written besides, any query.
    pub(super) fn thinks_of(&self, site: &CallSite, change: &Change<'_>, is_first: bool) -> bool {
        fetched_again(site, change.write).any(|again| {
            let key = again.key.as_deref();
            !is_first
                || change.showing.iter().any(|(shown, _)| shown.is_kept_under(key))
                || !self.is_answered(change.app, key)
        })
    }

    /// Of the queries that show what a write changes those of which nobody thinks who calls an action. Whoever has some fetched again may have thought
    /// of the others too, unless it is known what all of those show, and who changes the same elsewhere has the others fetched again. A new row
    /// may be in none of them yet.
    fn left_by_caller<'p>(&self, site: &CallSite, change: &Change<'p>, mut shown: Vec<Shown<'p>>) -> Vec<Shown<'p>> {
        let Change { write, is_first, .. } = *change;
        if self.thinks_of(site, change, is_first) {
            let is_known = |key: Option<&str>| key.is_some() && self.is_answered(change.app, key);
            let again = || fetched_again(site, write).map(|again| again.key.as_deref());
            let known = is_first && !self.makes_row(write) && again().all(is_known);
            let again = |shown: &Shown<'_>| again().any(|key| shown.is_kept_under(key));
            // Of what a layout shows elsewhere the one that others have fetched again may be theirs alone.
            let is_left = |shown: &Shown<'_>| known && !shown.elsewhere && !again(shown);
            shown.retain(|shown| is_left(shown) && self.is_fetched_again_elsewhere(site, write, shown));
        }
        shown
    }

    /// Whether another call of an action that writes the same entity has a query fetched again, by its own path and no shorter one.
    fn is_fetched_again_elsewhere(&self, site: &CallSite, write: &Happening, shown: &Shown<'_>) -> bool {
        let name = shown.name();
        let writes = |id: ActionId| self.action_doing(id).data_writes().any(|other| other.about() == write.about());
        let others = self.live_actions().filter(|&(id, _)| writes(id)).flat_map(|(id, _)| self.call_sites(id));
        let mut again = others.filter(|other| other.place != site.place).flat_map(|other| &other.refetched);
        again.any(|again| again.key.as_deref().is_some_and(|key| path_of(key) == path_of(&name)))
    }

    /// Whether who calls the same action elsewhere has a query fetched again: by its own path, or by one that is shorter by a part.
    fn is_fetched_again_by_others(&self, site: &CallSite, id: ActionId, shown: &Shown<'_>) -> bool {
        let apart = |other: &&CallSite| {
            self.outermost(other.function()) != self.outermost(site.function()) || other.by != site.by
        };
        let parts = |key: &str| path_of(key).split('/').filter(|part| !part.is_empty()).count();
        let own = parts(&shown.name());
        let mut again = self.call_sites(id).filter(apart).flat_map(|other| &other.refetched);
        again.any(|again| {
            let key = again.key.as_deref();
            key.is_some_and(|key| parts(key) + 1 >= own) && shown.is_kept_under(key)
        })
    }

    /// The queries that the component which calls an action, or one around it, shows, and those of the layouts that others have fetched again who call
    /// it; those alone that are still there when somebody went to another page.
    fn shown_by_queries<'p>(
        &'p self,
        (site, standing): (&CallSite, &Standing),
        change: &Change<'p>,
        to: Option<&str>,
    ) -> Vec<Shown<'p>> {
        let around: Vec<&Entered> = self.rendered_with(standing.app, standing.view).collect();
        let stays = around.iter().filter(|view| to.is_none_or(|to| self.is_around(view, to)));
        let staying: Vec<ModuleId> = stays.map(|view| view.module).collect();
        // What is fetched elsewhere on the page may be about something else of the same sort.
        let way = standing.way.iter().map(|&(module, edge)| FunctionRef { module, function: edge.from });
        let around_call: Vec<FunctionRef> = way.chain([site.function()]).map(|of| self.outermost(of)).collect();
        let layouts: Vec<ModuleId> = staying.iter().copied().filter(|&view| view != standing.view).collect();
        let mut found = Vec::new();
        for (shown, answer) in change.showing.iter().filter(|(shown, _)| !shown.query.polls) {
            let is_around = answer.stands_on(&staying) && answer.is_taken_by(&around_call);
            // What is fetched for a layout may be about much else.
            let is_expected = || {
                let is_left = !shown.distance.0 && answer.stands_on(&layouts);
                is_left && self.is_fetched_again_by_others(site, change.id, shown)
            };
            if is_around || is_expected() {
                found.push(Shown { elsewhere: !is_around, ..shown.clone() });
            }
        }
        self.put_beyond_behind(&mut found);
        found
    }

    /// Whether a view is a layout around the page of a path, which may be served under a longer one.
    pub(super) fn is_around(&self, view: &Entered, path: &str) -> bool {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let fits = |page: &Entered| {
            let (url, _) = self.view_url(page);
            let url: Vec<&str> = url.split('/').filter(|part| !part.is_empty()).collect();
            let path: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
            let behind = url.len().checked_sub(path.len()).map(|start| &url[start..]);
            let same = |url: &str, path: &str| url == path || (url.starts_with('[') && path.contains(HOLE));
            !path.is_empty() && behind.is_some_and(|behind| behind.iter().zip(&path).all(|(url, path)| same(url, path)))
        };
        let pages = self.views(view.app).filter(|page| self.is_page(page));
        let mut below =
            pages.filter(|page| self.rendered_with(page.app, page.module).any(|other| other.module == view.module));
        !self.is_page(view) && below.any(fits)
    }
}

/// What is known of the path of a key, without its query.
fn path_of(key: &str) -> &str {
    key.split('?').next().unwrap_or_default().trim_end_matches(HOLE)
}

/// Whether a write says of something when it happened, and no more: when a mail was sent.
pub(super) fn notes_when(write: &Happening) -> bool {
    let is_time = |column: &String| column.ends_with("At") || column.ends_with("_at");
    write.columns.as_ref().is_some_and(|columns| !columns.is_empty() && columns.iter().all(is_time))
}

/// What a caller of an action has fetched again after a write. Who is signed in is asked for again for nothing but what was changed of somebody.
fn fetched_again<'s>(site: &'s CallSite, write: &Happening) -> impl Iterator<Item = &'s Refetched> {
    let of_somebody = write.entity().is_some_and(is_somebody);
    site.refetched.iter().filter(move |again| of_somebody || again.key.as_deref() != Some(SESSION))
}
