//! Which columns of a table hold what nobody but the server needs: passwords and their hashes, the secrets and tokens by which somebody is let
//! in.
//!
//! A column is one by its name and because it holds a text. A table that is about such a thing, an invitation or a key, has it to show it, so
//! that its own is none.

use super::tables::Column;
use crate::diagnostic::Place;
use crate::project::questions::audience::words;

/// What a column gives away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A password, or what is made of one.
    Password,
    /// The password of a thing, such as a link or a room, which is shown to whoever set it.
    Access,
    /// A secret, a key or a token.
    Token,
}

/// A column that nobody is to be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// Its name.
    pub name: String,
    /// Where it is declared.
    pub place: Place,
    /// What it gives away.
    pub sort: Sort,
}

/// The columns of a table that nobody is to be given.
pub(in crate::project) fn secrets(entity: &str, columns: &[Column]) -> Vec<Secret> {
    let entity = words(entity);
    let (somebody, about) = (is_somebody(&entity, columns), is_about_it(&entity));
    let found = columns.iter().filter(|column| column.text).filter_map(|column| {
        let sort = sort(&column.name, columns)?;
        let sort = match sort {
            Sort::Password if !somebody => Sort::Access,
            sort => sort,
        };
        let counts = sort != Sort::Token || !about;
        counts.then(|| Secret { name: column.name.clone(), place: column.place, sort })
    });
    found.collect()
}

/// What a row that signs in is called.
const PEOPLE: [&str; 11] = [
    "user",
    "account",
    "admin",
    "customer",
    "member",
    "employee",
    "author",
    "profile",
    "person",
    "student",
    "credential",
];

/// What a table is called that has a secret to show it.
const ABOUT: [&str; 20] = [
    "token",
    "key",
    "secret",
    "password",
    "otp",
    "verification",
    "invite",
    "invitation",
    "reset",
    "link",
    "share",
    "webhook",
    "hook",
    "postback",
    "cart",
    "notification",
    "subscription",
    "unsubscribe",
    "magic",
    "device",
];

/// Words of what is about a secret, and not the secret itself.
const BESIDE: [&str; 26] = [
    "id",
    "at",
    "on",
    "url",
    "uri",
    "type",
    "name",
    "hint",
    "prefix",
    "suffix",
    "expiry",
    "expires",
    "expiration",
    "status",
    "count",
    "label",
    "preview",
    "masked",
    "partial",
    "public",
    "last",
    "provider",
    "version",
    "reason",
    "endpoint",
    "scope",
];

/// Words of tokens that let nobody in: they name a place in a list, a device, a thing to be done once.
const HARMLESS: [&str; 18] = [
    "page",
    "next",
    "sync",
    "cursor",
    "push",
    "device",
    "fcm",
    "expo",
    "idempotency",
    "share",
    "csrf",
    "invite",
    "design",
    "account",
    "cancel",
    "unsubscribe",
    "tracking",
    "continuation",
];

/// Whether a row stands for a person, or for something else that signs in.
fn is_somebody(entity: &[String], columns: &[Column]) -> bool {
    let named = |word: &String| PEOPLE.contains(&word.trim_end_matches('s'));
    entity.iter().any(named) || has_column(columns, &["email", "emailaddress", "username", "login"])
}

/// Whether a table is about a secret: whoever asks for its rows wants it.
fn is_about_it(entity: &[String]) -> bool {
    entity.iter().any(|word| ABOUT.contains(&word.trim_end_matches('s')))
}

/// Whether a table has a column of one of these names, however they are written.
fn has_column(columns: &[Column], names: &[&str]) -> bool {
    columns.iter().any(|column| names.contains(&words(&column.name).concat().as_str()))
}

/// What a column gives away, by its name.
fn sort(name: &str, columns: &[Column]) -> Option<Sort> {
    let words = words(name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    let (&last, before) = words.split_last()?;
    if has(&BESIDE) && words != ["id", "token"] {
        return None;
    }
    if last == "salt" || has(&["password", "passwd", "passphrase", "pwd"]) {
        return Some(Sort::Password);
    }
    // The hash of a file stands beside no sign-in.
    if words == ["hash"] || words == ["hashed"] {
        return has_column(columns, &["salt", "email", "username"]).then_some(Sort::Password);
    }
    let token = match last {
        // That of a payment is made for the browser; that of a client stands beside its id.
        "secret" => before != ["client"] || has_column(columns, &["clientid"]),
        "token" if before.is_empty() => has_column(columns, &["password", "passwordhash", "username"]),
        "token" => !has(&HARMLESS),
        "key" => has(&["api", "private", "secret", "signing", "encryption", "hashed", "access"]),
        "hash" => has(&["token", "key", "secret"]) && !has(&["cancel", "object", "request"]),
        "code" | "codes" => has(&["backup", "recovery"]),
        _ => false,
    };
    token.then_some(Sort::Token)
}
