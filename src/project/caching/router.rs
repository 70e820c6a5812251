//! What the router of the browser keeps up to Next 14: pages that somebody has been on, which it shows again for a while without asking for them.

use super::invalidation::{HOLE, pattern};
use super::stale::{Showing, Stale};
use crate::project::Project;
use crate::project::client::CallSite;
use crate::project::client::settling::Settling;
use crate::project::client::standing::Standing;
use crate::project::data::Reader;
use crate::project::data::shows::Beholder;
use crate::project::effects::{Entered, Happening};
use crate::project::program::modules::ModuleId;
use crate::project::questions::noted::name_words;
use crate::project::routes::{Scope, Text, Unit};

/// How much further away a page is that has another name than what is written.
const FURTHER: usize = 100;

impl Project {
    /// The other pages that show an entity when an action was called, and that the router keeps as they were. What is shown where the action is
    /// called says nothing to them. Whom the action sends elsewhere gets that page with the answer; up to 13.4 the router keeps the others
    /// besides (`server-action-reducer` of 13.4.7, where that of 13.5.6 begins with an empty cache), of which those count that lie beside the
    /// caller's: its list, say.
    pub(super) fn kept_by_router<'p>(
        &'p self,
        (site, standing): (&CallSite, &Standing),
        write: &'p Happening,
        sent: &[&Happening],
    ) -> Vec<Reader<'p>> {
        let version = &self.app(standing.app).version;
        let keeps = !version.at_least(15, 0) && (sent.is_empty() || !version.at_least(13, 5));
        let stays = matches!(site.settling, Settling::Nothing | Settling::Shows(_) | Settling::Navigates(..));
        if !keeps || !stays {
            return Vec::new();
        }
        let is_beside =
            |view: &Entered| sent.is_empty() || self.beside(standing, view).is_some_and(|(shared, _)| shared);
        let around: Vec<ModuleId> = self.rendered_with(standing.app, standing.view).map(|view| view.module).collect();
        let is_other = |view: &&Entered| {
            !around.contains(&view.module)
                && self.is_page(view)
                && is_beside(view)
                && !sent.iter().any(|sent| self.may_lead_to(sent, view))
        };
        self.showing(self.views(standing.app).filter(is_other), write, Beholder::default()).collect()
    }

    /// The redirect that brings another page than one that the router keeps.
    pub(super) fn sent_from_kept(&self, stale: &Stale<'_>) -> Option<&Happening> {
        let sent = self.sent_after(self.action_doing(stale.site.action), stale.write);
        sent.first().copied().filter(|_| stale.showing == Showing::Kept)
    }

    /// Whether a redirect may be one to a page.
    fn may_lead_to(&self, sent: &Happening, page: &Entered) -> bool {
        let Some(target) = sent.target.as_deref() else { return true };
        let path = target.split(['?', '#']).next().unwrap_or_default();
        // Behind a slash a value is one part of a path.
        let behind_slash = format!("/{HOLE}");
        let mut parts = path.split(&behind_slash);
        let first = pattern(parts.next().unwrap_or_default());
        let path = parts.fold(first, |text, part| {
            text.then_all(&Text::known("/")).then_hole(Unit::Segment).then_all(&pattern(part))
        });
        let route = self.routes(page.app).of_file(self.module(page.module).file);
        let served = self.routes(page.app).covered(&path, Scope::Path).routes;
        route.is_none_or(|route| served.contains(&route))
    }

    /// How far a page that the router keeps is from where the action is called: not at all where somebody is sent there, else by the parts of
    /// its path that are its own. Of all of them those that are about what is written, by their names, come first.
    pub(super) fn distance_to(&self, stale: &Stale<'_>, view: &Entered) -> usize {
        let is_sent = matches!(&stale.site.settling, Settling::Navigates(_, Some(to)) if *to == self.view_url(view).0);
        if stale.showing != Showing::Kept || is_sent {
            return 0;
        }
        let further = if self.is_named_after(view, stale.write) { 0 } else { FURTHER };
        self.beside(&stale.standing, view).map_or(0, |(_, parts)| 1 + parts + further)
    }

    /// Whether the last part of a view's path has the name of what is written: `/stores`, `/product/[productId]`.
    fn is_named_after(&self, view: &Entered, write: &Happening) -> bool {
        let (url, _) = self.view_url(view);
        let words = name_words(url.rsplit('/').next().unwrap_or_default());
        let entity = write.entity().map(name_words).unwrap_or_default();
        let intercepts = url.contains("/(.");
        !intercepts && entity.last().is_some_and(|word| words.contains(word))
    }

    /// Whether a view lies in a folder with the one in which an action is called, and how many parts of their paths are their own.
    fn beside(&self, standing: &Standing, view: &Entered) -> Option<(bool, usize)> {
        let here = self.views(view.app).find(|here| here.module == standing.view)?;
        let folders = (self.view_folder(view), self.view_folder(here));
        let parts = (folders.0.split('/').skip(1), folders.1.split('/').skip(1));
        let longest = parts.0.clone().count().max(parts.1.clone().count());
        let shared: Vec<&str> =
            parts.0.zip(parts.1).take_while(|(there, here)| there == here).map(|(there, _)| there).collect();
        Some((shared.iter().any(|part| !part.starts_with('(')), longest - shared.len()))
    }
}
