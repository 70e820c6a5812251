//! Library knowledge as data: what the calls of a package mean, addressed by import path, never by a variable's name.
//!
//! One TOML file a package under `rules/models/`, and what the configuration adds in the same grammar (`[[model]]`). A path is what is imported, then members, then `()` for "what the call gives":
//! `useEffect`, `default`, `default()`, `QueryClient.fetchQuery`. A default import's members are the package's own
//! (`React.useEffect` is `useEffect`), as bundlers read CommonJS.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};
use schemars::JsonSchema;
use serde::Deserialize;

/// When a callback that a call is handed runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// After a client component rendered.
    Effect,
    /// When a query wants its data.
    Query,
    /// When a form is submitted.
    Form,
    /// When something happens in the browser.
    Event,
    /// While a client component renders.
    Render,
}

/// What the calls of one package mean: a built-in model or one of the configuration, in the same grammar.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Model")]
pub struct Model {
    /// What it is imported as: `swr`, `@scope/package`, `package/entry`.
    package: String,
    /// Calls that run what they are handed.
    #[serde(default)]
    callback: Vec<Callback>,
    /// Calls that give one of their arguments back.
    #[serde(default)]
    passes: Vec<Passes>,
    /// Calls that give a proxy, or its answer, which never sends a request to another route.
    #[serde(default)]
    keeps_path: Vec<KeepsPath>,
}

/// A call that runs what it is handed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Callback {
    /// The calls, by their path in the package: `useEffect`, `default()`, `QueryClient.fetchQuery`.
    call: Vec<CallPath>,
    /// When what they are handed runs.
    when: When,
}

/// A call that gives one of its arguments back, more or less as it is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Passes {
    /// The calls, by their path in the package.
    call: Vec<CallPath>,
    /// Which argument they give back, counted from 0.
    argument: u32,
    /// Of the wrappers of an app's configuration: whether they lead the paths that their other arguments name elsewhere.
    #[serde(default)]
    routes: bool,
}

/// A call that gives a proxy, or its answer, which never sends a request to another route.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct KeepsPath {
    /// The calls, by their path in the package.
    call: Vec<CallPath>,
}

/// What a call gives back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passed {
    /// Which argument, counted from 0.
    pub argument: u32,
    /// Whether the paths that its other arguments name lead elsewhere from then on.
    pub routes: bool,
}

/// The path of a call in its package: names, `.` between them, `()` for what a call gives.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
struct CallPath(String);

impl TryFrom<String> for CallPath {
    type Error = String;

    fn try_from(path: String) -> Result<Self, String> {
        let is_name = |name: &str| {
            let bare = name.trim_end_matches("()");
            let is_letter = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '$');
            !bare.is_empty() && bare.chars().all(is_letter) && !bare.starts_with(|first: char| first.is_ascii_digit())
        };
        match path.split('.').all(is_name) {
            true => Ok(Self(path)),
            false => Err(format!("`{path}` is no path of a call, such as `useEffect`, `default()` or `Client.query`")),
        }
    }
}

/// The models of all packages.
#[derive(Debug, Clone)]
pub struct Models {
    callbacks: FxHashMap<String, When>,
    passes: FxHashMap<String, Passed>,
    keep_path: FxHashSet<String>,
}

/// The built-in model files: name and text.
pub const FILES: &[(&str, &str)] = &[
    ("next-config-wrappers", include_str!("../rules/models/next-config-wrappers.toml")),
    ("proxies", include_str!("../rules/models/proxies.toml")),
    ("react", include_str!("../rules/models/react.toml")),
    ("react-dom", include_str!("../rules/models/react-dom.toml")),
    ("swr", include_str!("../rules/models/swr.toml")),
    ("tanstack-react-query", include_str!("../rules/models/tanstack-react-query.toml")),
];

/// The built-in models.
static BUILT_IN: LazyLock<Models> = LazyLock::new(|| {
    let mut models =
        Models { callbacks: FxHashMap::default(), passes: FxHashMap::default(), keep_path: FxHashSet::default() };
    for (name, text) in FILES {
        let files = documents(text);
        assert!(!files.is_empty(), "the built-in model `{name}` reads");
        for model in files {
            models.add(model);
        }
    }
    models
});

/// A model file holds one package, or several under `[[model]]`.
fn documents(text: &str) -> Vec<Model> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Several {
        model: Vec<Model>,
    }
    toml::from_str::<Several>(text)
        .map(|several| several.model)
        .or_else(|_| toml::from_str(text).map(|file| vec![file]))
        .unwrap_or_default()
}

impl Models {
    /// The built-in models, and `own` over them.
    #[must_use]
    pub fn with(own: impl IntoIterator<Item = Model>) -> Self {
        let mut models = BUILT_IN.clone();
        for model in own {
            models.add(model);
        }
        models
    }

    fn add(&mut self, model: Model) {
        for callback in model.callback {
            for CallPath(call) in callback.call {
                self.callbacks.insert(format!("{}#{call}", model.package), callback.when);
            }
        }
        for passes in model.passes {
            let passed = Passed { argument: passes.argument, routes: passes.routes };
            for CallPath(call) in passes.call {
                self.passes.insert(format!("{}#{call}", model.package), passed);
            }
        }
        let calls = model.keeps_path.into_iter().flat_map(|keeps| keeps.call);
        self.keep_path.extend(calls.map(|CallPath(call)| format!("{}#{call}", model.package)));
    }

    /// Whether what the call of `path` in `package` gives, or the value there itself, is a proxy that leaves requests on their path.
    #[must_use]
    pub fn keeps_path(&self, package: &str, path: &str) -> bool {
        let path = path.strip_suffix("()").unwrap_or(path);
        self.keep_path.contains(&format!("{package}#{path}"))
    }

    /// When a callback runs that the call of `path` in `package` is handed.
    #[must_use]
    pub fn when(&self, package: &str, path: &str) -> Option<When> {
        self.callbacks.get(&format!("{package}#{path}")).copied()
    }

    /// What the call of `path` in `package` gives back.
    #[must_use]
    pub fn passed(&self, package: &str, path: &str) -> Option<Passed> {
        self.passes.get(&format!("{package}#{path}")).copied()
    }
}
