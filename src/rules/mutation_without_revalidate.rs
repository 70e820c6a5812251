//! `mutation-without-revalidate`

use super::{Group, Rule};
use crate::diagnostic::{Diagnostic, Identity, Label, Level, Status};
use crate::project::actions::{Action, ActionId};
use crate::project::client::{CallSite, Settling};
use crate::project::data::Reader;
use crate::project::effects::{Doing, Happening};
use crate::project::standing::Standing;
use crate::project::summary::{Certainty, Unseen};
use crate::project::{Effect, Project, Trail};

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
    let actions = (0..).zip(&project.actions().all);
    actions.filter_map(|(id, action)| finding(project, id, action)).collect()
}

/// A page that goes stale: who calls the action there, how the page leads to the call, and what it reads.
struct Stale<'p> {
    write: &'p Happening,
    site: &'p CallSite,
    standing: Standing,
    reader: Reader<'p>,
}

fn finding(project: &Project, id: ActionId, action: &Action) -> Option<Diagnostic> {
    let doing = project.action_doing(id);
    if !action.live || is_settled(doing) {
        return None;
    }
    let stale = stale(project, id, action, doing);
    let first = stale.first()?;
    let entity = first.write.target.as_deref().unwrap_or_default();
    let (url, below) = project.view_url(first.reader.view);
    let name = if action.label.is_empty() { "an inline action".to_owned() } else { format!("`{}`", action.label) };
    let place = project.module(action.module).place(action.declared);
    let mut trail = Trail::new(project, place);
    trail.calls(&first.write.trail, "leads to the write", &format!("writes `{entity}`"));
    trail
        .add(project.module(first.site.module).place(first.site.edge.span), "is called here, and nothing is refreshed");
    for &(module, edge) in &first.standing.way {
        trail.add(project.module(module).place(edge.span), "renders the caller");
    }
    trail.calls(&first.reader.read.trail, "leads to what it shows", &format!("reads `{entity}` for `{url}`"));
    let (kind, call) = if below {
        ("layout", format!("revalidatePath('{url}', 'layout')"))
    } else if url.contains('[') {
        ("page", format!("revalidatePath('{url}', 'page')"))
    } else {
        ("page", format!("revalidatePath('{url}')"))
    };
    let proven = first.site.settling == Settling::Nothing;
    Some(Diagnostic {
        rule: RULE.id,
        level: if proven { Level::Error } else { Level::Warning },
        status: RULE.status,
        app: project.app_root(action.module),
        message: format!("{name} writes `{entity}`, and nothing refreshes the {kind} `{url}` that shows it"),
        identity: Identity::new([action.name.as_deref().unwrap_or(""), entity, &url]),
        causes: Vec::new(),
        primary: Label::new(place, format!("{name} leaves `{url}` as it was")),
        trail: trail.labels(),
        help: Some(format!("call `{call}` after the write")),
        fixes: Vec::new(),
    })
}

/// Whether what is shown is refreshed by the action itself, or may be: the answer to its request carries the page anew once a path, a
/// tag or a cookie was changed, and a redirect renders its target.
fn is_settled(doing: &Doing) -> bool {
    let settles = |happening: &Happening| {
        happening.certainty != Certainty::Caught
            && (happening.effect.refreshes()
                || matches!(happening.effect, Effect::Redirect | Effect::CookieWrite | Effect::AuthSession))
    };
    // Who is sent a mail gets the answer there: a subscription, an invitation, a reset.
    doing.truncated
        || doing.does(Effect::EmailSend)
        || doing.happenings.iter().any(settles)
        || doing.blind.iter().any(|blind| blind.unseen == Unseen::Dynamic)
}

fn stale<'p>(project: &'p Project, id: ActionId, action: &Action, doing: &'p Doing) -> Vec<Stale<'p>> {
    let sites: Vec<&CallSite> = project.call_sites(id).collect();
    let old_router = project.app_of(action.module).is_some_and(|app| app.version.major < 15);
    let writes = doing.of(Effect::DbWrite).filter(|write| write.certainty != Certainty::Caught);
    let mut found = Vec::new();
    for write in writes {
        let Some(entity) = write.target.as_deref().filter(|entity| !entity.contains("{}")) else { continue };
        for site in &sites {
            // Up to Next 14 the router of the browser keeps the other pages that it showed.
            let left = matches!(site.settling, Settling::Navigates(_));
            if !(site.settling == Settling::Nothing || left && old_router) {
                continue;
            }
            for standing in project.standing(site.function()) {
                let reader = if left {
                    let pages = project.views(standing.app).filter(|view| view.module != standing.view);
                    project.readers(pages.filter(|view| project.is_page(view)), entity).next()
                } else {
                    project.readers(project.rendered_with(standing.app, standing.view), entity).next()
                };
                found.extend(reader.map(|reader| Stale { write, site, standing, reader }));
            }
        }
    }
    found
}
