//! `whole-record-returned`

use super::{Group, Rule};
use crate::diagnostic::{Diagnostic, Identity, Label, Level, Status};
use crate::project::questions::records::{Sender, WholeRecord};
use crate::project::{Project, Trail};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "whole-record-returned",
    summary: "an endpoint sends a whole row, with a password or a secret in it",
    page: include_str!("../../rules/whole-record-returned.md"),
    group: Group::Security,
    level: Level::Warning,
    status: Status::Preview,
    since: "0.2.0",
    fix: false,
    check,
};

/// How many further endpoints are named.
const MOST_SENDERS: usize = 4;

fn check(project: &Project) -> Vec<Diagnostic> {
    project.whole_records().iter().filter_map(|record| finding(project, record)).collect()
}

fn finding(project: &Project, record: &WholeRecord) -> Option<Diagnostic> {
    let (first, others) = record.senders.split_first()?;
    let columns = columns(record);
    let sends = if first.action { "gives back" } else { "answers with" };
    let who = if first.action { format!("the server action {}", first.name) } else { first.name.clone() };
    let entity = &record.entity;
    let what = if record.chosen { format!("rows of `{entity}`") } else { format!("whole rows of `{entity}`") };
    let help = match record.chosen {
        true => "leave the column out of what is selected, or select what the caller needs of it",
        false => "select the columns that the caller needs, where the rows are read",
    };
    let mut trail = Trail::new(project, first.place);
    leads(project, first, &mut trail);
    for &read in &record.reads {
        trail.add(project.call_place(read), format!("reads {what}"));
    }
    for secret in &record.secrets {
        trail.add(secret.place, format!("`{}` is a column of them", secret.name));
    }
    for sender in others.iter().take(MOST_SENDERS) {
        trail.add(sender.place, format!("{} sends them too", sender.name));
        leads(project, sender, &mut trail);
    }
    Some(Diagnostic {
        rule: RULE.id,
        level: Level::Warning,
        status: RULE.status,
        app: project.app_root(first.module),
        message: format!("{who} {sends} {what}, and {columns} with them"),
        identity: Identity::new([first.name.as_str(), entity.as_str()]),
        causes: Vec::new(),
        primary: Label::new(first.place, if first.action { "goes to the browser" } else { "goes to whoever asks" }),
        trail: trail.labels(),
        help: Some(help.to_owned()),
        fixes: Vec::new(),
    })
}

/// The calls that lead to the read.
fn leads(project: &Project, sender: &Sender, trail: &mut Trail<'_>) {
    for &site in &sender.way {
        trail.add(project.call_place(site), "calls");
    }
    trail.extend(sender.response.map(|place| Label::new(place, "makes the response")));
}

fn columns(record: &WholeRecord) -> String {
    let names: Vec<String> = record.secrets.iter().map(|secret| format!("`{}`", secret.name)).collect();
    match names.as_slice() {
        [one] => one.clone(),
        [one, other] => format!("{one} and {other}"),
        [one, rest @ ..] => format!("{one} and {} more secrets", rest.len()),
        [] => String::new(),
    }
}
