//! `mutation-without-revalidate`

use super::{Group, Rule};
use crate::diagnostic::{Cause, Diagnostic, Identity, Label, Level, Place, Status};
use crate::project::actions::ActionId;
use crate::project::caching::making::Keeping;
use crate::project::caching::outdated::Outdated;
use crate::project::caching::stale::{By, Showing, Stale};
use crate::project::effects::{Entered, Happening};
use crate::project::{Project, Trail};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "mutation-without-revalidate",
    summary: "a server action changes data that the page around its caller shows, and nothing refreshes the page",
    page: include_str!("../../rules/mutation-without-revalidate.md"),
    group: Group::Cache,
    level: Level::Error,
    status: Status::Preview,
    since: "0.2.0",
    fix: false,
    check,
};

/// At how many of the others that show it a finding points.
const MOST_OTHERS: usize = 3;

fn check(project: &Project) -> Vec<Diagnostic> {
    let actions = 0..u32::try_from(project.actions().all.len()).unwrap_or(0);
    actions.filter_map(|id| of_action(project, id)).collect()
}

/// One finding an action: the surest thing that goes stale, and how many more there are.
fn of_action(project: &Project, id: ActionId) -> Option<Diagnostic> {
    let around = project.left_stale(id);
    let kept: Vec<Outdated<'_>> =
        project.left_outdated(id).into_iter().filter(|kept| kept.refreshed.is_none()).collect();
    let sure = around.first().is_some_and(|stale| stale.showing <= Showing::Around);
    // What the server keeps lasts longer than what the router of one browser does.
    let is_brief = around.first().is_none_or(|stale| stale.showing == Showing::Kept);
    let lasting = kept.first().filter(|kept| !sure && (is_brief || kept.keeping.lasts));
    let named = match (lasting, around.first()) {
        (Some(kept), _) => Named::kept(project, id, kept),
        (None, Some(stale)) => Named::around(project, id, stale),
        (None, None) => return None,
    };
    let around = around.iter().map(|stale| Shown::of(project, stale));
    let mut others: Vec<Shown> = Vec::new();
    for other in around.chain(kept.iter().map(|kept| Shown::kept(project, kept))) {
        if other.what != named.shown.what && others.iter().all(|known| known.what != other.what) {
            others.push(other);
        }
    }
    Some(finding(project, id, named, &others))
}

/// What is reported, of whatever sort.
struct Named<'p> {
    write: &'p Happening,
    shown: Shown,
    sure: bool,
    trail: Vec<Label>,
}

impl<'p> Named<'p> {
    fn around(project: &'p Project, id: ActionId, stale: &Stale<'p>) -> Self {
        let shown = Shown::of(project, stale);
        let trail = project.stale_trail(stale, &shown.url, project.action_place(id));
        Self { write: stale.write, shown, sure: stale.showing <= Showing::Around, trail }
    }

    fn kept(project: &'p Project, id: ActionId, kept: &Outdated<'p>) -> Self {
        let shown = Shown::kept(project, kept);
        let trail = project.outdated_trail(id, kept, project.action_place(id));
        Self { write: kept.write, shown, sure: kept.keeping.lasts, trail }
    }
}

fn finding(project: &Project, id: ActionId, named: Named<'_>, others: &[Shown]) -> Diagnostic {
    let more = others.len();
    let mut trail = Trail::new(project, project.action_place(id));
    trail.extend(named.trail);
    for other in others.iter().filter(|other| other.place != named.shown.place).take(MOST_OTHERS) {
        trail.add(other.place, format!("{} shows it too", other.what));
    }
    // Of several things that go stale, one call mends but one.
    let fix =
        named.shown.call.as_ref().filter(|_| more == 0).and_then(|call| project.with_call_after(id, named.write, call));
    let action = project.actions().get(id);
    let entity = named.write.about();
    let (name, place) = (project.action_name(id), project.action_place(id));
    let others = if more == 0 { String::new() } else { format!(", and {more} more") };
    let point = Label::new(project.call_place(project.own_call(named.write)), format!("writes `{entity}`"));
    Diagnostic {
        rule: RULE.id,
        level: if named.sure { Level::Error } else { Level::Warning },
        status: RULE.status,
        app: project.app_root(action.module),
        message: format!("{name} writes `{entity}`, and nothing refreshes {} that shows it{others}", named.shown.what),
        identity: Identity::new([action.name.as_deref().unwrap_or(""), &entity, &named.shown.url]),
        causes: vec![Cause { place: point.place, point }],
        primary: Label::new(place, format!("{name} leaves `{}` as it was", named.shown.url)),
        trail: trail.labels(),
        help: Some(named.shown.help),
        fixes: fix.into_iter().collect(),
    }
}

/// What shows the entity, in words.
struct Shown {
    what: String,
    /// Where it is read, or fetched.
    place: Place,
    url: String,
    help: String,
    /// The call that the action lacks, where it is known to its end.
    call: Option<String>,
}

impl Shown {
    fn of(project: &Project, stale: &Stale<'_>) -> Self {
        let reader = match &stale.by {
            By::Query(shown) => {
                let url = shown.name();
                let help = format!("fetch `{url}` again where the action is called");
                let place = project.call_place(shown.at());
                return Self { what: format!("the query of `{url}`"), place, url, help, call: None };
            }
            By::View(reader) => reader,
        };
        Self::view(project, reader.view, reader.read, project.keeping_of(reader.view, reader.read).as_ref())
    }

    fn kept(project: &Project, kept: &Outdated<'_>) -> Self {
        Self::view(project, kept.page, kept.reader.read, Some(&kept.keeping))
    }

    fn view(project: &Project, view: &Entered, read: &Happening, keeping: Option<&Keeping>) -> Self {
        let (url, below) = project.view_url(view);
        let kind = if below { "layout" } else { "page" };
        let help = format!("{} after the write", project.refreshing(view, keeping));
        let (place, call) = (project.call_place(read.site()), project.refreshing_call(view, keeping));
        Self { what: format!("the {kind} `{url}`"), place, url, help, call }
    }
}
