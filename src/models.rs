//! Library knowledge as data: what the calls of a package mean, addressed by import path, never by a variable's name.
//!
//! One TOML file a package under `rules/models/`, and what the configuration adds in the same grammar (`[[model]]`). A path is what is imported, then members, then `()` for "what the call gives":
//! `useEffect`, `default`, `default()`, `QueryClient.fetchQuery`. A default import's members are the package's own
//! (`React.useEffect` is `useEffect`), as bundlers read CommonJS.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
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
    passes: FxHashMap<String, u32>,
}

/// The built-in model files: name and text.
pub const FILES: &[(&str, &str)] = &[
    ("next-config-wrappers", include_str!("../rules/models/next-config-wrappers.toml")),
    ("react", include_str!("../rules/models/react.toml")),
    ("react-dom", include_str!("../rules/models/react-dom.toml")),
    ("swr", include_str!("../rules/models/swr.toml")),
    ("tanstack-react-query", include_str!("../rules/models/tanstack-react-query.toml")),
];

/// The built-in models.
static BUILT_IN: LazyLock<Models> = LazyLock::new(|| {
    let mut models = Models { callbacks: FxHashMap::default(), passes: FxHashMap::default() };
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
            for CallPath(call) in passes.call {
                self.passes.insert(format!("{}#{call}", model.package), passes.argument);
            }
        }
    }

    /// When a callback runs that the call of `path` in `package` is handed.
    #[must_use]
    pub fn when(&self, package: &str, path: &str) -> Option<When> {
        self.callbacks.get(&format!("{package}#{path}")).copied()
    }

    /// Which argument the call of `path` in `package` gives back.
    #[must_use]
    pub fn passes(&self, package: &str, path: &str) -> Option<u32> {
        self.passes.get(&format!("{package}#{path}")).copied()
    }
}
