//! Library knowledge as data: what the calls of a package mean, addressed by import path, never by a variable's name.
//!
//! One TOML file a package under `rules/models/`. A path is what is imported, then members, then `()` for "what the call gives":
//! `useEffect`, `default`, `default()`, `QueryClient.fetchQuery`. A default import's members are the package's own
//! (`React.useEffect` is `useEffect`), as bundlers read CommonJS.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use serde::Deserialize;

/// When a callback that a call is handed runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    package: String,
    #[serde(default)]
    callback: Vec<Callback>,
    #[serde(default)]
    passes: Vec<Passes>,
}

/// A call that runs what it is handed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Callback {
    call: Vec<String>,
    when: When,
}

/// A call that gives one of its arguments back, more or less as it is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Passes {
    call: Vec<String>,
    argument: u32,
}

/// The models of all packages.
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
pub static BUILT_IN: LazyLock<Models> = LazyLock::new(|| {
    let mut models = Models { callbacks: FxHashMap::default(), passes: FxHashMap::default() };
    for (name, text) in FILES {
        let files = documents(text);
        assert!(!files.is_empty(), "the built-in model `{name}` reads");
        for file in files {
            models.add(file);
        }
    }
    models
});

/// A model file holds one package, or several under `[[model]]`.
fn documents(text: &str) -> Vec<File> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Several {
        model: Vec<File>,
    }
    toml::from_str::<Several>(text)
        .map(|several| several.model)
        .or_else(|_| toml::from_str(text).map(|file| vec![file]))
        .unwrap_or_default()
}

impl Models {
    fn add(&mut self, file: File) {
        for callback in file.callback {
            for call in callback.call {
                self.callbacks.insert(format!("{}#{call}", file.package), callback.when);
            }
        }
        for passes in file.passes {
            for call in passes.call {
                self.passes.insert(format!("{}#{call}", file.package), passes.argument);
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
