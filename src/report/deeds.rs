//! What is done, in short: `writes user, post; reads team; sends mail; revalidates /users`.
//!
//! Knows the words for effects. What only carries a request along (headers, logs, the body) is left out of the short form.

use std::collections::BTreeSet;

use crate::analysis::{Deed, Deeds, Effect};

/// How many targets are named behind one verb.
const NAMED: usize = 4;

/// How an effect is said.
enum Verb {
    /// With its targets behind it.
    Of(&'static str),
    /// With the hosts, or the paths, of its targets behind it.
    At(&'static str),
    /// By itself, whatever it is about.
    Alone(&'static str),
}

/// The effects that are shown, the ones that change something first.
const VERBS: &[(&[Effect], Verb)] = &[
    (&[Effect::DbWrite], Verb::Of("writes")),
    (&[Effect::HttpWrite], Verb::At("sends to")),
    (&[Effect::EmailSend], Verb::Alone("sends mail")),
    (&[Effect::QueueSend], Verb::Of("queues")),
    (&[Effect::StorageWrite], Verb::Alone("stores objects")),
    (&[Effect::FsWrite], Verb::Alone("writes files")),
    (&[Effect::KvWrite], Verb::Alone("sets keys")),
    (&[Effect::AuthSession], Verb::Alone("starts or ends sessions")),
    (&[Effect::CookieWrite], Verb::Of("sets cookies")),
    (&[Effect::DbRead], Verb::Of("reads")),
    (&[Effect::HttpRead], Verb::At("fetches")),
    (&[Effect::FsRead], Verb::Alone("reads files")),
    (&[Effect::KvRead], Verb::Alone("gets keys")),
    (&[Effect::RevalidatePath], Verb::Of("revalidates")),
    (&[Effect::RevalidateTag, Effect::UpdateTag], Verb::Of("revalidates tags")),
    (&[Effect::Refresh], Verb::Alone("refreshes")),
    (&[Effect::Redirect], Verb::Alone("redirects")),
    (&[Effect::AuthRequire], Verb::Alone("asks for auth")),
    (&[Effect::AuthRead], Verb::Alone("reads auth")),
    (&[Effect::VerifyWebhook], Verb::Alone("verifies a signature")),
    (&[Effect::CompareSecret], Verb::Alone("compares a secret")),
    (&[Effect::Validate], Verb::Alone("validates")),
    (&[Effect::RateLimit], Verb::Alone("limits rate")),
    (&[Effect::Captcha], Verb::Alone("asks for a captcha")),
    (&[Effect::Cors], Verb::Alone("answers other origins")),
    (&[Effect::Stream], Verb::Alone("streams")),
];

/// What is done on one line; `-` where nothing is. What cannot be seen is counted, so that silence is not taken for nothing.
pub(super) fn short(does: &Deeds) -> String {
    let mut said: Vec<String> = VERBS.iter().filter_map(|(effects, verb)| phrase(does, effects, verb)).collect();
    if does.truncated {
        said.push("and more".to_owned());
    }
    match does.gaps.len() {
        0 => {}
        1 => said.push("1 call unseen".to_owned()),
        count => said.push(format!("{count} calls unseen")),
    }
    if said.is_empty() { "-".to_owned() } else { said.join("; ") }
}

fn phrase(does: &Deeds, effects: &[Effect], verb: &Verb) -> Option<String> {
    let mut found = does.effects.iter().filter(|deed| effects.contains(&deed.effect)).peekable();
    found.peek()?;
    let (words, targets): (_, BTreeSet<String>) = match verb {
        Verb::Alone(words) => return Some((*words).to_owned()),
        Verb::Of(words) => (words, found.map(target).collect()),
        Verb::At(words) => (words, found.map(|deed| host(&target(deed)).to_owned()).collect()),
    };
    // What is not known comes last.
    let mut known: Vec<&str> = targets.iter().map(String::as_str).filter(|target| *target != "?").collect();
    let rest = known.len().saturating_sub(NAMED);
    known.truncate(NAMED);
    if targets.contains("?") {
        known.push("?");
    }
    let more = if rest == 0 { String::new() } else { format!(" and {rest} more") };
    Some(format!("{words} {}{more}", known.join(", ")))
}

fn target(deed: &Deed) -> String {
    match deed.target.as_deref() {
        None | Some("" | "{}") => "?".to_owned(),
        Some(target) => target.to_owned(),
    }
}

/// The host of a URL, or its path where it has none.
fn host(url: &str) -> &str {
    let behind = url.split_once("://").map_or(url, |(_, rest)| rest);
    let end = if behind.len() == url.len() { behind.find(['?', '#']) } else { behind.find(['/', '?', '#']) };
    match &behind[..end.unwrap_or(behind.len())] {
        "" => "?",
        host => host,
    }
}
