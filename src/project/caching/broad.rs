//! Actions and handlers that make every page fresh again for one thing that changed.

use super::invalidation::scope;
use crate::models::Effect;
use crate::project::actions::ActionId;
use crate::project::effects::summary::{Certainty, Unseen};
use crate::project::effects::{Doing, Entered, Happening};
use crate::project::routes::Scope;
use crate::project::{AppId, Project};

/// An entry that makes every page fresh again, and the one thing that it writes.
#[derive(Debug, Clone)]
pub struct Broad<'p> {
    /// The action; of a handler its entry.
    pub entry: Result<ActionId, &'p Entered>,
    /// The app.
    pub app: AppId,
    /// The call that revalidates everything.
    pub path: &'p Happening,
    /// The write.
    pub write: &'p Happening,
    /// The URLs of the pages that read what is written; none of them is a layout around all.
    pub pages: Vec<String>,
}

impl Project {
    /// The actions and handlers that make every page fresh again though few pages show what they write.
    #[must_use]
    pub fn broad_revalidations(&self) -> Vec<Broad<'_>> {
        let actions = (0..).zip(&self.actions().all).map(|(id, action)| (Ok(id), action.app, self.action_doing(id)));
        let entered = self.entered().iter().map(|entered| (Err(entered), entered.app, &entered.doing));
        actions.chain(entered).filter_map(|(entry, app, doing)| self.broad(entry, app, doing)).collect()
    }

    fn broad<'p>(&'p self, entry: Result<ActionId, &'p Entered>, app: AppId, doing: &'p Doing) -> Option<Broad<'p>> {
        let everything =
            |path: &&Happening| path.target.as_deref() == Some("/") && scope(self, path) == Some(Scope::Layout);
        let path = doing.of(Effect::RevalidatePath).find(everything)?;
        let other = |happening: &Happening| {
            matches!(happening.effect, Effect::AuthSession | Effect::CookieWrite)
                || (happening.effect.writes()
                    && !matches!(happening.effect, Effect::DbWrite | Effect::EmailSend | Effect::QueueSend))
        };
        if !doing.is_seen() || doing.happenings.iter().any(other) {
            return None;
        }
        let mut writes = doing.of(Effect::DbWrite).filter(|write| write.certainty != Certainty::Caught);
        let write = writes.next()?;
        write.target.as_deref().filter(|entity| !entity.contains("{}"))?;
        if writes.any(|other| other.target != write.target) {
            return None;
        }
        let shows = |view: &&Entered| view.doing.of(Effect::DbRead).any(|read| self.changes(write, read));
        let hides =
            |view: &Entered| view.doing.truncated || view.doing.blind.iter().any(|of| of.unseen == Unseen::Dynamic);
        if self.views(app).any(hides) {
            return None;
        }
        let readers: Vec<&Entered> = self.views(app).filter(shows).collect();
        let pages: Vec<String> = readers.iter().map(|view| self.view_url(view).0).collect();
        let few = !pages.is_empty() && pages.len() <= MOST_PAGES && readers.iter().all(|view| self.is_page(view));
        few.then_some(Broad { entry, app, path, write, pages })
    }
}

/// Where more pages than this show something, everything is not much more.
const MOST_PAGES: usize = 3;
