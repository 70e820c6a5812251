//! What one action lets expire after a write and another one that writes the same forgets: what is kept for an item whose key the request
//! carries hangs on more of that item than its own path says.

use super::making::Keeping;
use crate::project::actions::ActionId;
use crate::project::data::Reader;
use crate::project::effects::summary::Certainty;
use crate::project::effects::{Entered, Happening};
use crate::project::{Effect, Project};

impl Project {
    /// The reads of a view that are kept and hang on what an action writes: another action lets them expire after such a write.
    pub(super) fn hanging_on<'p>(
        &'p self,
        id: ActionId,
        view: &'p Entered,
        write: &'p Happening,
    ) -> impl Iterator<Item = Reader<'p>> {
        let hangs = move |read: &Happening| {
            let remote = read.remote.as_ref().zip(write.remote.as_ref());
            remote.is_some_and(|(read, write)| read.hangs_on(write))
                && self
                    .keeping_of(view, read)
                    .is_some_and(|keeping| self.expired_likewise(id, write, &keeping).is_some())
        };
        view.doing.data_reads().filter(move |read| hangs(read)).map(move |read| Reader { view, read })
    }

    /// The call of another action that lets a tag of something kept expire after a write like one of this action.
    pub(super) fn expired_likewise(&self, id: ActionId, write: &Happening, keeping: &Keeping) -> Option<&Happening> {
        let writes_beside = |of: &Happening| {
            of.certainty != Certainty::Caught
                && of.remote.as_ref().zip(write.remote.as_ref()).is_some_and(|(of, write)| of.writes_beside(write))
        };
        let others = self.live_actions().filter(|&(other, _)| other != id).map(|(other, _)| self.action_doing(other));
        others.filter(|doing| doing.data_writes().any(writes_beside)).find_map(|doing| {
            let mut tags = [Effect::RevalidateTag, Effect::UpdateTag].into_iter().flat_map(|effect| doing.of(effect));
            tags.find(|tag| {
                tag.certainty != Certainty::Caught && tag.target.is_some() && keeping.tags.contains(&tag.target)
            })
        })
    }
}
