//! What the route tables of a tree say, for the judge in `fixtures/routes`: it asks the framework's own router the same.
//!
//! `describe ROOT` prints a JSON line an app: its routes and its configuration, as they are read. `match ROOT APP [CONFIG]` reads a JSON
//! line a request (`path`, and where wanted `query`, `headers`, `cookies` as pairs, `host`) and prints where each ends; the text of the file
//! CONFIG stands in for the app's configuration.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the judge hands over arguments and reads what is printed"
)]

mod worker;

use std::io::{self, BufRead};
use std::path::Path;
use std::sync::Arc;

use edgelint::project::Project;
use edgelint::project::config::{Condition, Config, Rule, Rules, Setting};
use edgelint::project::routes::{Outcome, Request, Route, RouteTable};
use edgelint::source::{Files, Tree};
use serde_json::{Value, json};
use worker::{link, open};

fn main() {
    worker::with_arguments(run);
}

fn run(arguments: &[String]) {
    let [command, root, rest @ ..] = arguments else { panic!("describe ROOT, or match ROOT APP") };
    let mut project = link(open(Path::new(root)));
    if let Some(config) = rest.get(1) {
        let text = std::fs::read(config).expect("the configuration can be read");
        let app = project.apps().find(|(_, app)| Some(&app.root) == rest.first());
        let (_, app) = app.expect("there is such an app");
        let slash = if app.root.is_empty() { "" } else { "/" };
        let path = match app.config {
            Some(file) => project.file_path(file).to_owned(),
            None => format!("{}{slash}next.config.js", app.root),
        };
        project = link(instead(open(Path::new(root)), path, text));
    }
    for (id, app) in project.apps() {
        if command == "describe" {
            println!("{}", describe(&project, id));
        } else if rest.first() == Some(&app.root) {
            answer(project.routes(id));
        }
    }
}

/// A tree in which one file has another text.
fn instead(tree: Tree, path: String, text: Vec<u8>) -> Tree {
    struct Instead(Arc<Tree>, String, Vec<u8>);
    impl Files for Instead {
        fn read(&self, path: &str) -> io::Result<Vec<u8>> {
            if path == self.1 { Ok(self.2.clone()) } else { self.0.read(path) }
        }
    }
    let mut paths = tree.paths.clone();
    paths.push(path.clone());
    Tree::new(paths, Box::new(Instead(Arc::new(tree), path, text)))
}

fn describe(project: &Project, id: usize) -> Value {
    let (app, table) = (project.app(id), project.routes(id));
    let route = |route: &Route| {
        json!({
            "kind": route.kind.as_str(),
            "url": route.url,
            "file": project.file_path(route.file),
            "methods": route.methods.names,
            "more": route.methods.open,
        })
    };
    json!({
        "root": app.root,
        "version": app.version.text,
        "appDir": app.app_dir,
        "pagesDir": app.pages_dir,
        "routes": table.routes().iter().map(route).collect::<Vec<_>>(),
        "gaps": table.gaps().iter().map(|gap| json!([gap.kind.as_str(), gap.pattern])).collect::<Vec<_>>(),
        "config": config(project.config(id)),
    })
}

fn config(config: &Config) -> Value {
    let rewrites = &config.rewrites;
    json!({
        "basePath": setting(&config.base_path),
        "pageExtensions": setting(&config.page_extensions),
        "trailingSlash": setting(&config.trailing_slash),
        "skipTrailingSlashRedirect": setting(&config.keeps_slashes),
        "caseSensitiveRoutes": setting(&config.sensitive),
        "locales": setting(&config.locales),
        "defaultLocale": setting(&config.default_locale),
        "redirects": rules(&config.redirects),
        "rewrites": {
            "beforeFiles": rules(&rewrites.before),
            "afterFiles": rules(&rewrites.after),
            "fallback": rules(&rewrites.fallback),
        },
    })
}

/// A setting's value, null where there is none, `{"unknown": true}` where it is computed.
fn setting<T: serde::Serialize>(setting: &Setting<T>) -> Value {
    match setting {
        Setting::Absent => Value::Null,
        Setting::Known(value) => json!(value),
        Setting::Unknown => json!({ "unknown": true }),
    }
}

fn rules(rules: &Rules) -> Value {
    json!({ "open": rules.open, "all": rules.all.iter().map(rule).collect::<Vec<_>>() })
}

fn rule(rule: &Rule) -> Value {
    let conditions = |all: &[Condition]| -> Vec<Value> {
        let one = |condition: &Condition| {
            json!({
                "type": format!("{:?}", condition.kind).to_lowercase(),
                "key": setting(&condition.key),
                "value": setting(&condition.value),
            })
        };
        all.iter().map(one).collect()
    };
    json!({
        "source": setting(&rule.source),
        "destination": setting(&rule.destination),
        "has": conditions(&rule.has),
        "missing": conditions(&rule.missing),
        "basePath": rule.below_base,
        "locale": rule.with_locale,
        "certain": rule.certain,
    })
}

fn answer(table: &RouteTable) {
    for line in io::stdin().lock().lines() {
        let asked: Value = serde_json::from_str(&line.expect("requests are text")).expect("a request is JSON");
        let pairs = |key: &str| -> Vec<(String, String)> {
            let object = asked.get(key).and_then(Value::as_array).into_iter().flatten();
            let text = |pair: &Value, at: usize| pair.get(at).and_then(Value::as_str).unwrap_or_default().to_owned();
            object.map(|pair| (text(pair, 0), text(pair, 1))).collect()
        };
        let (headers, cookies) = (pairs("headers"), pairs("cookies"));
        let request = Request {
            path: asked["path"].as_str().unwrap_or_default().to_owned(),
            query: pairs("query"),
            headers: &headers,
            cookies: &cookies,
            host: asked["host"].as_str(),
        };
        println!("{}", outcome(table, &table.resolve(request)));
    }
}

fn outcome(table: &RouteTable, outcome: &Outcome) -> Value {
    match outcome {
        Outcome::Served(served) => json!({
            "route": table.route(served.route).url,
            "params": served.parameters,
            "decoded": served.decoded,
        }),
        Outcome::Public => json!({ "public": true }),
        Outcome::Redirected(to) => json!({ "redirect": to }),
        Outcome::Outside => json!({ "outside": true }),
        Outcome::Undecodable => json!({ "undecodable": true }),
        Outcome::Failed => json!({ "failed": true }),
        Outcome::Nothing => json!({ "route": null }),
        Outcome::Unknown => json!({ "unknown": true }),
    }
}
