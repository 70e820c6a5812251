//! `mutation-without-revalidate`

use super::{Group, Rule};
use crate::diagnostic::{Diagnostic, Identity, Label, Level, Status};
use crate::project::client::Settling;
use crate::project::stale::{Showing, Stale};
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

fn check(project: &Project) -> Vec<Diagnostic> {
    let actions = 0..u32::try_from(project.actions().all.len()).unwrap_or(0);
    let stale = actions.map(|id| project.left_stale(id));
    stale.filter_map(|stale| stale.first().map(|first| finding(project, first, &stale))).collect()
}

/// One finding an action: the surest thing that goes stale, and how many more there are.
fn finding(project: &Project, stale: &Stale<'_>, all: &[Stale<'_>]) -> Diagnostic {
    let action = project.actions().get(stale.site.action);
    let entity = stale.write.target.as_deref().unwrap_or_default();
    let (name, place) = (project.action_name(stale.site.action), project.action_place(stale.site.action));
    let shown = Shown::of(project, stale);
    let mut others: Vec<String> = all.iter().map(|other| Shown::of(project, other).what).collect();
    others.sort();
    others.dedup();
    let more = match others.len() - 1 {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    Diagnostic {
        rule: RULE.id,
        level: if stale.showing <= Showing::Around { Level::Error } else { Level::Warning },
        status: RULE.status,
        app: project.app_root(action.module),
        message: format!("{name} writes `{entity}`, and nothing refreshes {} that shows it{more}", shown.what),
        identity: Identity::new([action.name.as_deref().unwrap_or(""), entity, &shown.url]),
        causes: Vec::new(),
        primary: Label::new(place, format!("{name} leaves `{}` as it was", shown.url)),
        trail: trail(project, stale, entity, &shown.url, place),
        help: Some(shown.help),
        fixes: Vec::new(),
    }
}

/// What shows the entity, in words.
struct Shown {
    what: String,
    url: String,
    help: String,
}

impl Shown {
    fn of(project: &Project, stale: &Stale<'_>) -> Self {
        if let Some(query) = stale.query {
            let url = query.url();
            let help = format!("fetch `{url}` again where the action is called");
            return Self { what: format!("the query of `{url}`"), url, help };
        }
        let (url, below) = project.view_url(stale.reader.view);
        let (kind, call) = if below {
            ("layout", format!("revalidatePath('{url}', 'layout')"))
        } else if url.contains('[') {
            ("page", format!("revalidatePath('{url}', 'page')"))
        } else {
            ("page", format!("revalidatePath('{url}')"))
        };
        Self { what: format!("the {kind} `{url}`"), url, help: format!("call `{call}` after the write") }
    }
}

/// From the action to the write; from the call of the action up to the page; from the page down to the read.
fn trail(project: &Project, stale: &Stale<'_>, entity: &str, url: &str, place: crate::diagnostic::Place) -> Vec<Label> {
    let mut trail = Trail::new(project, place);
    trail.calls(&stale.write.trail, "leads to the write", &format!("writes `{entity}`"));
    let called = project.module(stale.site.module).place(stale.site.edge.span);
    trail.add(called, "is called here, and nothing is refreshed");
    if let Settling::Navigates(calls) = &stale.site.settling {
        trail.calls(calls, "leads to another page", "goes to another page; the router keeps the pages that it has");
    }
    let renders = match stale.showing {
        Showing::Below => "renders the caller, around the pages below",
        _ => "renders the caller",
    };
    for &(module, edge) in &stale.standing.way {
        trail.add(project.module(module).place(edge.span), renders);
    }
    if let Some(query) = stale.query {
        trail.add(project.call_place(query.at()), format!("shows what `{url}` answers"));
    }
    trail.calls(&stale.reader.read.trail, "leads to what it shows", &format!("reads `{entity}` for `{url}`"));
    trail.labels()
}
