//! `unserializable-argument`

use super::{Group, Rule};
use crate::diagnostic::{Diagnostic, Identity, Label, Level, Status};
use crate::project::client::runners::Taker;
use crate::project::client::sent::{Sent, Unsendable};
use crate::project::{Project, Trail};

/// The rule.
pub(super) static RULE: Rule = Rule {
    id: "unserializable-argument",
    summary: "something that no request carries is passed to a server action, or given back by one",
    page: include_str!("../../rules/unserializable-argument.md"),
    group: Group::Correctness,
    level: Level::Error,
    status: Status::Preview,
    since: "0.2.0",
    fix: false,
    check,
};

fn check(project: &Project) -> Vec<Diagnostic> {
    project.unsendable().iter().filter_map(|sent| finding(project, sent)).collect()
}

/// What an action gives back throws wherever the browser calls it. What it is passed throws up to Next 14; from 15 on the action gets
/// something of which nothing can be read.
fn finding(project: &Project, sent: &Sent) -> Option<Diagnostic> {
    let throws = !project.app_of(sent.module)?.version.at_least(15, 0);
    let taker = project.taker(sent.action);
    let read = sent.position.is_some_and(|position| taker.is_some_and(|taker| reads(project, sent, taker, position)));
    let is_called = !project.client_calls(sent.action).is_empty();
    if (sent.position.is_some() && !throws && !read) || (sent.position.is_none() && !is_called) {
        return None;
    }
    let (name, what) = (project.action_name(sent.action), what(&sent.what));
    let message = match sent.position {
        None => format!("{name} gives back {what}, which no response can carry: the call throws"),
        Some(_) if throws => format!("{name} is passed {what}, which no request can carry: the call throws"),
        Some(_) => format!("{name} reads {what} that it is passed, and on the server nothing can be read of it"),
    };
    let mut trail = Trail::new(project, sent.place);
    if let Unsendable::Event(place) | Unsendable::Element(place) = sent.what {
        trail.add(place, "calls its handler with the event");
    }
    trail.extend(sent.call.map(|call| Label::new(project.call_place(call), format!("calls {name}"))));
    trail.add(project.action_place(sent.action), format!("{name} is a server action"));
    let position = sent
        .position
        .zip(taker)
        .and_then(|(position, taker)| project.parameter_place(taker.function, taker.bound + position).filter(|_| read));
    trail.extend(position.map(|place| Label::new(place, format!("is {what}, and is read"))));
    let called = project.client_calls(sent.action).first().filter(|_| sent.position.is_none());
    trail.extend(called.map(|call| Label::new(call.place, "is called by the browser here")));
    let described = project.actions().get(sent.action);
    let keys = sent.keys.join(".");
    Some(Diagnostic {
        rule: RULE.id,
        level: Level::Error,
        status: RULE.status,
        app: project.app_root(sent.module),
        message,
        identity: Identity::new([described.label.as_str(), keys.as_str(), what.as_str()]),
        causes: Vec::new(),
        primary: Label::new(sent.place, format!("is {what}")),
        trail: trail.labels(),
        help: Some(help(sent)),
        fixes: Vec::new(),
    })
}

/// Whether the action reads what it is passed: of an object, the member of this name.
fn reads(project: &Project, sent: &Sent, taker: Taker, position: u32) -> bool {
    let position = taker.bound + position;
    match sent.keys.first() {
        None => project.reads_argument(taker.function, position),
        Some(key) => project.reads_member(taker.function, position, Some(key)),
    }
}

fn what(sent: &Unsendable) -> String {
    match sent {
        Unsendable::Function => "a function".to_owned(),
        Unsendable::Instance(class) => format!("an instance of `{class}`"),
        Unsendable::Caught => "a caught error".to_owned(),
        Unsendable::Event(_) => "an event".to_owned(),
        Unsendable::Element(_) => "an element of the page".to_owned(),
        Unsendable::Symbol => "a symbol".to_owned(),
    }
}

fn help(sent: &Sent) -> String {
    let help = match &sent.what {
        Unsendable::Function if sent.position.is_some() => {
            "pass data alone, and run the function when the call has come back"
        }
        Unsendable::Function => "give back data alone",
        Unsendable::Caught => "pass the error's message",
        Unsendable::Event(_) | Unsendable::Element(_) => "pass what is needed of it: a value, or `new FormData(form)`",
        Unsendable::Symbol => "pass a string",
        Unsendable::Instance(class) if class.ends_with("Response") => {
            "give back the data itself: an action is no route handler"
        }
        Unsendable::Instance(_) => "pass a plain object with what is needed of it",
    };
    help.to_owned()
}
