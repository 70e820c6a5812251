//! Every recorded answer of the framework's own router, against [`RouteTable::resolve`].
//!
//! [`RouteTable::resolve`]: edgelint::project::routes::RouteTable::resolve

use edgelint::project::routes::{Outcome, Request, RouteTable};
use serde_json::{Map, Value, json};

use crate::{apps, repository};

#[test]
fn requests_end_where_the_router_says() {
    let apps = apps::recorded();
    let (mut compared, mut table) = (0, String::new());
    for line in repository::read("fixtures/routes/answers.jsonl").lines() {
        let Value::Object(answer) = serde_json::from_str(line).expect("an answer is JSON") else { continue };
        let app = answer["app"].as_str().and_then(|name| apps.get(name)).expect("an answer names its app");
        let ours = ours(apps::table(app), &answer);
        let theirs = theirs(&answer, &ours);
        compared += 1;
        if ours != theirs {
            table.push_str(&format!("{line}\n  ours {ours}\n"));
        }
    }
    assert!(compared > 900, "only {compared} answers are there");
    assert!(table.is_empty(), "{} of {compared} answers differ\n{table}", table.lines().count() / 2);
}

fn ours(table: &RouteTable, answer: &Map<String, Value>) -> Value {
    let pairs = |key: &str| -> Vec<(String, String)> {
        let pairs = answer.get(key).and_then(Value::as_array).into_iter().flatten();
        let text = |pair: &Value, at: usize| pair[at].as_str().unwrap_or_default().to_owned();
        pairs.map(|pair| (text(pair, 0), text(pair, 1))).collect()
    };
    let (headers, cookies) = (pairs("headers"), pairs("cookies"));
    let request = Request {
        path: answer["path"].as_str().unwrap_or_default().to_owned(),
        query: pairs("query"),
        headers: &headers,
        cookies: &cookies,
        host: answer.get("host").and_then(Value::as_str),
    };
    match table.resolve(request) {
        Outcome::Served(served) => {
            let joined = served.parameters.into_iter().map(|(name, parts)| (name, json!(parts.join("/"))));
            json!({ "route": table.route(served.route).url, "params": Map::from_iter(joined) })
        }
        Outcome::Public => json!({ "public": true }),
        Outcome::Redirected(to) => json!({ "redirect": to.unwrap_or_else(|| "outside".to_owned()) }),
        Outcome::Outside => json!({ "outside": true }),
        Outcome::Undecodable => json!({ "undecodable": true }),
        Outcome::Failed => json!({ "failed": true }),
        Outcome::Nothing => json!({ "route": null }),
        Outcome::Unknown => json!({ "unknown": true }),
    }
}

/// What was recorded, in the words that are compared. A page without parameters is recorded with those of a slot beside it.
fn theirs(answer: &Map<String, Value>, ours: &Value) -> Value {
    let words = ["route", "params", "public", "redirect", "outside", "undecodable", "failed"];
    let mut theirs: Map<String, Value> = answer
        .iter()
        .filter(|(key, _)| words.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let plain = theirs.get("route").and_then(Value::as_str).is_some_and(|route| !route.contains('['));
    if plain && ours["route"] == theirs["route"] {
        theirs.insert("params".to_owned(), json!({}));
    }
    Value::Object(theirs)
}
