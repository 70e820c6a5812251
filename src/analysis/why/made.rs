//! How a view is made, what it reads, who keeps that, and which actions change it or make it fresh again.

use crate::diagnostic::Place;
use crate::project::Project;
use crate::project::asked::{Root, RunBy};
use crate::project::caching::invalidation::Invalidation;
use crate::project::caching::making::{Keeper, Making};
use crate::project::effects::{Entered, Happening};
use crate::project::entries::EntryKind;

/// A view, and how it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The view, for people: ``the page `/users` ``.
    pub view: String,
    /// How: `each-request`, `once`, `once-for-a-time`, `unknown`; a layout is made with its pages.
    pub making: &'static str,
    /// What it reads of entities while it renders on the server, each once.
    pub reads: Vec<Read>,
}

/// Something that a view reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The entity.
    pub entity: String,
    /// The call.
    pub place: Place,
    /// Who keeps it, if anybody does apart from the page.
    pub keeper: Option<Place>,
    /// The tags under which it is kept, with `{}` for what is not known.
    pub tags: Vec<String>,
    /// The actions that change it and name its path or a tag of it, by name, and where each is.
    pub refreshed: Vec<(String, Place)>,
    /// The actions that change it and name neither.
    pub changed: Vec<(String, Place)>,
}

/// The views that a line is part of.
pub(super) fn made(project: &Project, run_by: &[RunBy]) -> Vec<Made> {
    let own = run_by.iter().filter(|of| of.way.is_empty());
    let views = own.filter_map(|of| match &of.root {
        Root::Entry { app, module, kind: EntryKind::View, name, .. } if name == "default" => {
            project.entered().iter().find(|view| (view.app, view.module, &view.name) == (*app, *module, name))
        }
        _ => None,
    });
    views.map(|view| view_made(project, view)).collect()
}

fn view_made(project: &Project, view: &Entered) -> Made {
    let (url, around) = project.view_url(view);
    let words = if around { "the layout or template of" } else { "the page" };
    let making = match project.making(view) {
        Making::EachTime => "each-request",
        Making::Once { lasts: true } => "once",
        Making::Once { lasts: false } => "once-for-a-time",
        Making::Unknown => "unknown",
    };
    let mut reads: Vec<Read> = Vec::new();
    for read in view.doing.data_reads().filter(|read| read.is_known()) {
        let entity = read.about();
        if !reads.iter().any(|known| known.entity == entity) {
            reads.push(read_by(project, view, read, &entity));
        }
    }
    Made { view: format!("{words} `{url}`"), making, reads }
}

fn read_by(project: &Project, view: &Entered, read: &Happening, entity: &str) -> Read {
    let keeping = project.keeping_of(view, read);
    let keeper = keeping.as_ref().and_then(|keeping| match keeping.keeper {
        Keeper::Call(site) => Some(project.call_place(site)),
        Keeper::Function(function) => {
            let here = project.module(function.module);
            Some(here.place(here.facts.function(function.function).name_span))
        }
        Keeper::Page => None,
    });
    let (mut refreshed, mut changed) = (Vec::new(), Vec::new());
    for (id, _) in (0..).zip(&project.actions().all).filter(|(_, action)| action.app == view.app) {
        let doing = project.action_doing(id);
        if !doing.data_writes().any(|write| project.changes(write, read)) {
            continue;
        }
        let invalidation = Invalidation::of(doing);
        let tagged = keeping.as_ref().is_some_and(|keeping| invalidation.covers_tags(&keeping.tags));
        let named = tagged || project.covers_page(view.app, &invalidation, view);
        let of = (project.action_name(id), project.action_place(id));
        if named { refreshed.push(of) } else { changed.push(of) }
    }
    let tags = keeping.map(|keeping| keeping.tags).unwrap_or_default();
    let tags = tags.into_iter().map(|tag| tag.unwrap_or_else(|| "{}".to_owned())).collect();
    Read { entity: entity.to_owned(), place: project.call_place(read.site()), keeper, tags, refreshed, changed }
}
