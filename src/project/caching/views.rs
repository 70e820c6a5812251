//! What an action leaves as it was of the page on which it is called: the page, its layouts, and what lies below those.

use super::stale::{By, Showing};
use crate::project::Project;
use crate::project::client::CallSite;
use crate::project::client::settling::Settling;
use crate::project::client::standing::Standing;
use crate::project::data::Reader;
use crate::project::data::shows::Beholder;
use crate::project::effects::{Entered, Happening};
use crate::project::questions::noted::DEEPEST_PURPOSE;

impl Project {
    /// The views that show an entity when an action was called, and that nothing has rendered anew. Where the caller shows what came of it, those
    /// count that have other parts that show it; where it goes to another page, the layouts around both, which the router leaves as they are.
    pub(super) fn views_left<'p>(
        &'p self,
        site: &CallSite,
        standing: &Standing,
        write: &'p Happening,
        add: &mut dyn FnMut(Showing, By<'p>),
    ) {
        if site.settling == Settling::Nothing {
            self.around_or_below(standing, write, &mut |showing, reader| add(showing, By::View(reader)));
        }
        let is_near = || write.trail.len() <= DEEPEST_PURPOSE + 1 && !self.is_on_the_way(write);
        let (showing, to) = match (&site.settling, &site.besides) {
            (Settling::Shows(_), Settling::Nothing) if is_near() => (Showing::Beside, None),
            (_, Settling::Navigates(_, Some(to))) if is_near() => (Showing::Stays, Some(to)),
            _ => return,
        };
        let shows = if let Settling::Shows(calls) = &site.settling { calls.as_slice() } else { &[] };
        let own = shows.first().map(|_| site.function());
        let own = own.into_iter().chain(shows.iter().map(|&call| self.function_of(call)));
        let aside = own.map(|function| self.outermost(function)).collect();
        let branches = self.branches_on(&standing.way);
        let beholder = Beholder { branches, aside, surely: !shows.is_empty(), ..Beholder::default() };
        let views = self.rendered_with(standing.app, standing.view);
        // A layout is another one for other parameters.
        let stays = |view: &Entered, to: &String| self.is_around(view, to) && !self.view_folder(view).contains('[');
        let views = views.filter(|view| to.is_none_or(|to| stays(view, to)));
        self.showing(views, write, beholder).for_each(|reader| add(showing, By::View(reader)));
    }

    fn around_or_below<'p>(
        &'p self,
        standing: &Standing,
        write: &'p Happening,
        add: &mut dyn FnMut(Showing, Reader<'p>),
    ) {
        let to = Beholder { branches: self.branches_on(&standing.way), ..Beholder::default() };
        self.showing(self.rendered_with(standing.app, standing.view), write, to)
            .for_each(|reader| add(Showing::Around, reader));
        let is_layout = self.views(standing.app).any(|view| view.module == standing.view && !self.is_page(view));
        if is_layout {
            let pages = self.views(standing.app).filter(|view| self.is_page(view));
            let below =
                pages.filter(|page| self.rendered_with(page.app, page.module).any(|view| view.module == standing.view));
            self.showing(below, write, Beholder::default()).for_each(|reader| add(Showing::Below, reader));
        }
    }
}
