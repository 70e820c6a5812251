//! Library knowledge as data: what the calls of a package mean, addressed by import path, never by a variable's name.
//!
//! One TOML file a package under `rules/models/`, and what the configuration adds in the same grammar (`[[model]]`). A path is what is
//! imported, then members, then `()` for "what the call gives": `useEffect`, `default()`, `Client.{entity}.create`. A default import's
//! members are the package's own (`React.useEffect` is `useEffect`), as bundlers read CommonJS. All paths of all models are one
//! [`Automaton`], and the linked program steps it.

mod automaton;
mod built_in;
mod compile;
mod effect;
mod file;
mod gives;
mod path;
mod place;
mod rows;

use std::sync::LazyLock;

pub use automaton::{Automaton, Did, INERT, LineId, Meaning, NodeId, Passed, Sources, What};
pub use built_in::FILES;
pub use effect::Effect;
pub use file::{Decided, First, Model, Nobody, When};
pub use gives::{Receiver, Source};
pub use place::{Columns, Place};
pub use rows::{Declares, Relates, Rows};

/// The models of all packages.
pub type Models = Automaton;

/// The built-in models.
static BUILT_IN: LazyLock<Models> = LazyLock::new(|| {
    let mut models = Models::default();
    for (name, text) in FILES {
        match file::read(text) {
            Ok(read) => read.iter().for_each(|model| models.add(model)),
            Err(error) => unreachable!("the built-in model `{name}` does not read: {error}"),
        }
    }
    models
});

impl Models {
    /// The built-in models, and `own` over them.
    #[must_use]
    pub fn with(own: impl IntoIterator<Item = Model>) -> Self {
        let mut models = BUILT_IN.clone();
        own.into_iter().for_each(|model| models.add(&model));
        models
    }
}
