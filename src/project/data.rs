//! Which entities are written and read, and which views show them.

pub mod sql;

use super::effects::{Entered, Happening};
use super::entries::EntryKind;
use super::modules::ModuleId;
use super::{AppId, Project};
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

    /// Who reads an entity among some views, by file.
    pub fn readers<'p>(
        &'p self,
        views: impl Iterator<Item = &'p Entered>,
        entity: &str,
    ) -> impl Iterator<Item = Reader<'p>> {
        views.filter_map(move |view| {
            let read = view.doing.of(Effect::DbRead).find(|read| read.target.as_deref() == Some(entity))?;
            Some(Reader { view, read })
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
        let (folder, name) = split(self.path(view.module));
        let app = self.app(view.app).app_dir.as_deref().unwrap_or_default();
        let inside = folder.strip_prefix(app).unwrap_or(folder).trim_start_matches('/');
        (super::entries::next::app_url(inside), name != "page")
    }
}
