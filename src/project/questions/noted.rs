//! Writes that are no purpose of a request: they note that something was looked at or used, or make a row that was not there yet.

use crate::facts::{CallId, FileFacts, PropertyKey, Use, Value, ValueId};
use crate::models::Effect;
use crate::project::Project;
use crate::project::effects::summary::{Certainty, Site};
use crate::project::effects::{Doing, Entered, Happening};

/// How many calls of methods are looked at that are chained onto a write.
const LONGEST_CHAIN: usize = 8;

/// So many calls lead to what an action is there for, where it does it on some ways alone.
pub(in crate::project) const DEEPEST_PURPOSE: usize = 3;
/// How helpers are called that are asked for something.
const ASKING: [&str; 5] = ["get", "fetch", "find", "load", "read"];

/// So many more do where an action does nothing nearer.
const MOST_BELOW: usize = 2;

/// Words for what is noted in passing, in the singular.
const NOTED: [&str; 38] = [
    "view",
    "visit",
    "click",
    "hit",
    "count",
    "counter",
    "event",
    "log",
    "stat",
    "statistic",
    "metric",
    "analytic",
    "impression",
    "usage",
    "rate",
    "limit",
    "audit",
    "activity",
    "activitie",
    "session",
    "cache",
    "track",
    "tracking",
    "token",
    "history",
    "seen",
    "opened",
    "credential",
    "refresh",
    "expire",
    "expiry",
    "sync",
    "synced",
    "read",
    "oauth",
    "nonce",
    "state",
    "challenge",
];

/// Words for what is written down about what was done, in the singular.
const LOGGED: [&str; 12] = [
    "log",
    "audit",
    "activity",
    "activitie",
    "analytic",
    "metric",
    "impression",
    "click",
    "pageview",
    "session",
    "token",
    "cache",
];

/// Words with which a column begins that says what is wanted, whatever that is about: `allowAnalytics`.
const ALLOWING: [&str; 7] = ["allow", "enable", "disable", "show", "hide", "share", "require"];

/// Words with which such a column ends: `activityEnabled`.
const ALLOWED: [&str; 5] = ["allowed", "enabled", "disabled", "hidden", "required"];

/// Words for what somebody has seen, and does not want to see as new.
const MARKED: [&str; 3] = ["read", "seen", "dismissed"];

/// Words for what somebody who is watched does, in the singular.
const COLLECTED: [&str; 7] = ["event", "click", "view", "visit", "hit", "impression", "pageview"];

/// Whether something is done by a helper of helpers, and on a condition: if need be.
fn is_in_need(of: &Happening) -> bool {
    (of.certainty != Certainty::Always || of.conditional) && of.trail.len() > DEEPEST_PURPOSE
}

/// Whether an entry is there to count: it writes down what somebody who is watched did, and whatever else belongs to that.
pub(in crate::project) fn collects(entered: &Entered) -> bool {
    entered.doing.of(Effect::DbWrite).any(|write| {
        let entity = name_words(write.target.as_deref().unwrap_or(""));
        entity.iter().any(|word| COLLECTED.contains(&word.as_str()))
    })
}

impl Project {
    /// Whether a write only notes that something was looked at, or keeps what a session, a cache or a connection needs.
    pub(in crate::project) fn is_in_passing(&self, write: &Happening) -> bool {
        let entity = name_words(write.target.as_deref().unwrap_or(""));
        let is_noted = write.effect == Effect::DbWrite && entity.iter().any(|word| NOTED.contains(&word.as_str()));
        is_noted || self.notes_columns(write)
    }

    /// Whether nobody waits to see what a write changes: it is a log, or what a session, a cache or a connection needs.
    fn is_noise(&self, write: &Happening) -> bool {
        let entity = name_words(write.target.as_deref().unwrap_or(""));
        let is_missing = write.trail.iter().any(|&site| makes_missing(self.callee_name(site)));
        is_missing || entity.iter().any(|word| LOGGED.contains(&word.as_str())) || self.notes_columns(write)
    }

    /// The writes of an action that somebody waits to see. What a helper of helpers writes if need be is no purpose of the action: it renews what
    /// a connection needs. Where nothing else is written, the purpose is what lies nearest.
    pub(in crate::project) fn writes_to_see<'p>(&self, doing: &'p Doing) -> Vec<&'p Happening> {
        let all = || doing.data_writes().filter(|write| write.certainty != Certainty::Caught);
        let mut found: Vec<&Happening> = all().filter(|write| !self.is_noise(write)).collect();
        if found.is_empty() {
            // Whoever does nothing else than to mark something as read waits to see it marked.
            found.extend(all().filter(|write| self.marks(write)));
        }
        // What is written where all fails is nothing that somebody asked for.
        found.retain(|write| !self.fails_after(&write.trail));
        if !found.iter().all(|write| is_in_need(write)) {
            found.retain(|write| !is_in_need(write));
            return found;
        }
        let nearest = found.iter().map(|write| write.trail.len()).min();
        found.retain(|write| {
            let deep = write.trail.len() - DEEPEST_PURPOSE;
            Some(write.trail.len()) == nearest && (deep == 1 || (deep <= MOST_BELOW && !self.gets_something(write)))
        });
        found
    }

    /// Whether a write happens below a call whose result is worked with: it may be needed to get that.
    fn gets_something(&self, write: &Happening) -> bool {
        let own = write.trail.iter().find(|&&site| self.function_of(site).function != 0);
        own.is_some_and(|&(module, call)| {
            let used = self.module(module).facts.calls[call as usize].result;
            [Use::STORED, Use::PASSED, Use::CHAINED, Use::TESTED].into_iter().any(|bit| used.has(bit))
        })
    }

    /// Whether a write happens on the way to something that a helper is asked for, by its name: `getConversation()` may claim it first.
    pub(in crate::project) fn is_on_the_way(&self, write: &Happening) -> bool {
        let asks = |site: &Site| {
            let name = self.callee_name(*site);
            name_words(name).first().is_some_and(|word| ASKING.contains(&word.as_str()))
        };
        write.trail.split_last().is_some_and(|(_, helpers)| helpers.iter().any(asks))
    }

    /// Whether the columns of a write only note that something was looked at or used.
    fn notes_columns(&self, write: &Happening) -> bool {
        let columns: Vec<Vec<String>> = self.columns_of(write).iter().map(|column| name_words(column)).collect();
        let is_last = |column: &Vec<String>| column.first().is_some_and(|word| word == "last");
        let is_setting = |column: &Vec<String>| {
            let is_one_of = |word: Option<&String>, all: &[&str]| word.is_some_and(|word| all.contains(&word.as_str()));
            is_one_of(column.first(), &ALLOWING) || is_one_of(column.last(), &ALLOWED)
        };
        let counted =
            |column: &Vec<String>| column.iter().any(|word| NOTED.contains(&word.as_str())) && !is_setting(column);
        columns.iter().any(is_last) || (!columns.is_empty() && columns.iter().all(counted))
    }

    /// Whether a write says of something that somebody has seen it.
    fn marks(&self, write: &Happening) -> bool {
        let columns = self.columns_of(write);
        let says = |column: &String| name_words(column).iter().any(|word| MARKED.contains(&word.as_str()));
        !columns.is_empty() && columns.iter().all(says)
    }

    /// The columns that a write names: in the model's words, else in an object that it, or a call that is chained onto it, is handed.
    fn columns_of(&self, write: &Happening) -> Vec<String> {
        if let Some(columns) = &write.columns {
            return columns.clone();
        }
        let (module, call) = write.site();
        let facts = &self.module(module).facts;
        let arguments = facts.list(facts.calls[call as usize].arguments);
        // `update({ .. })`, `updateOne(where, { .. })`
        let own = arguments.get(1).or(arguments.first());
        let chained = chain(facts, call).into_iter().filter_map(|next| {
            let described = facts.calls[next as usize];
            let sets = matches!(facts.value(described.callee), Value::Member(_, name) if facts.text(name) == "set");
            facts.list(described.arguments).first().filter(|_| sets)
        });
        let mut columns = Vec::new();
        own.into_iter().chain(chained).for_each(|&object| keys(facts, object, &mut columns));
        columns
    }

    /// Whether a row is made because it was not there: its table is read first, and then it is made on some way.
    pub(in crate::project) fn is_lazy(&self, write: &Happening, entered: &Entered) -> bool {
        if write.effect != Effect::DbWrite {
            return false;
        }
        let name = self.callee_name(write.site()).to_ascii_lowercase();
        if name.contains("upsert") || name.contains("orcreate") || name.contains("orinsert") {
            return true;
        }
        let (module, call) = write.site();
        let facts = &self.module(module).facts;
        let options = facts.list(facts.calls[call as usize].arguments).iter();
        let or_makes = options.into_iter().any(|&options| facts.property(options, "upsert").is_some());
        let on_conflict = chain(facts, call).into_iter().any(|next| {
            let callee = facts.value(facts.calls[next as usize].callee);
            matches!(callee, Value::Member(_, name) if facts.text(name).starts_with("onConflict")
                || facts.text(name).starts_with("onDuplicate"))
        });
        if or_makes || on_conflict {
            return true;
        }
        let makes = ["create", "insert", "add", "save", "put"].iter().any(|word| name.starts_with(word));
        makes
            && write.certainty != Certainty::Always
            && entered
                .doing
                .of(Effect::DbRead)
                .any(|read| read.target == write.target && self.comes_before(&read.trail, &write.trail))
    }
}

/// Whether a function, by its name, makes what is not there yet: `ensureDefaults`, `getOrCreateList`.
fn makes_missing(name: &str) -> bool {
    let rest = name.strip_prefix("ensure");
    rest.is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_uppercase() || first == '_'))
        || ["getOrCreate", "findOrCreate", "get_or_create", "find_or_create"]
            .iter()
            .any(|start| name.starts_with(start))
}

/// The calls of methods that are chained onto a call, in order.
fn chain(facts: &FileFacts, mut call: CallId) -> Vec<CallId> {
    let (mut found, function) = (Vec::new(), facts.calls[call as usize].function);
    while found.len() < LONGEST_CHAIN {
        let mut rest = (call + 1..).zip(facts.calls.iter().skip(call as usize + 1));
        let next = rest.find(|(_, next)| {
            next.function == function
                && matches!(facts.value(next.callee), Value::Member(object, _) if facts.value(object) == Value::Call(call))
        });
        let Some((next, _)) = next else { break };
        found.push(next);
        call = next;
    }
    found
}

/// The keys of an object; those of an operator such as `$inc` are inside it.
fn keys(facts: &FileFacts, object: ValueId, into: &mut Vec<String>) {
    let Value::Object(list) = facts.value(object) else { return };
    for property in facts.properties(list) {
        match property.key {
            PropertyKey::Named(name) if facts.text(name).starts_with('$') => keys(facts, property.value, into),
            PropertyKey::Named(name) => into.push(facts.text(name).to_owned()),
            _ => into.push(String::new()),
        }
    }
}

/// The words of a name, in the singular: `website_event`, `pageViews`.
pub(in crate::project) fn name_words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for letter in name.chars() {
        if !letter.is_alphanumeric() || letter.is_uppercase() {
            words.push(String::new());
        }
        if letter.is_alphanumeric() {
            words.last_mut().expect("there is a word").extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    for word in &mut words {
        if word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") {
            word.pop();
        }
    }
    words
}
