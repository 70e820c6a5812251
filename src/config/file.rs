//! What a configuration file may say: the one description that it is read with and that its published schema is made of.
//!
//! Knows no disk and no path; what the values mean together is the business of the module above.

use std::collections::{BTreeMap, BTreeSet};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use toml::Spanned;

use crate::diagnostic::Level;
use crate::models::Model;
use crate::rules;

/// A text, and where it is written.
pub(super) type Text = Spanned<String>;

/// The configuration of edgelint: `edgelint.toml`, `[package.metadata.edgelint]` in Cargo.toml, or `"edgelint"` in package.json.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "edgelint configuration", rename = "Configuration")]
pub(super) struct File {
    /// The address of this schema, for editors.
    #[serde(rename = "$schema")]
    _schema: Option<String>,
    /// Run these rules alone, preview findings included.
    #[schemars(schema_with = "rule_list")]
    pub(super) select: Option<Vec<Text>>,
    /// Show preview findings too.
    pub(super) preview: Option<bool>,
    /// The highest level of a rule's or of a group's findings; a rule's own wins over its group's. It caps, and never raises.
    #[schemars(schema_with = "levels")]
    pub(super) rules: Levels,
    /// Report in these files alone. All files are read all the same.
    #[schemars(with = "Vec<String>")]
    pub(super) include: Vec<Text>,
    /// Report nothing in these files. They are read all the same: the program goes through them.
    #[schemars(with = "Vec<String>")]
    pub(super) exclude: Vec<Text>,
    /// Levels that hold in some files alone; of several, the last one that names the rule or its group.
    pub(super) overrides: Vec<Override>,
    /// The file of the findings that are left out, relative to this one: `edgelint check --write-baseline` writes it. It is about
    /// the whole tree, so the file at the root names it.
    #[schemars(with = "Option<String>")]
    pub(super) baseline: Option<Text>,
    /// Endpoints that are open on purpose: URLs (`/api/health`), or files with or without a name (`app/actions.ts#save`).
    #[schemars(with = "Vec<String>")]
    pub(super) public: Vec<Text>,
    /// Endpoints that must ask who is calling, written as in `public`.
    #[schemars(with = "Vec<String>")]
    pub(super) protected: Vec<Text>,
    /// The bundler of the apps at and below this file, instead of the one that version and scripts imply.
    pub(super) bundler: Option<Bundler>,
    /// The Next.js version of the apps at and below this file, instead of the installed one: `15`, `15.2` or `15.2.4`.
    #[schemars(with = "Option<String>")]
    pub(super) next: Option<Text>,
    /// What the calls of a package mean, in the grammar of the built-in models; it holds in the whole tree.
    pub(super) model: Vec<Model>,
}

/// Levels by rule or group.
pub(super) type Levels = BTreeMap<Text, Cap>;

/// Levels in some files.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Override {
    /// The files, by glob.
    #[schemars(with = "Vec<String>")]
    pub(super) files: Vec<Text>,
    /// The highest level of a rule's or of a group's findings there.
    #[schemars(schema_with = "levels")]
    pub(super) rules: Levels,
}

/// The most that a finding may weigh.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Cap {
    /// It is not reported.
    Off,
    /// At most a note.
    Note,
    /// At most a warning.
    Warning,
    /// What the rule says.
    Error,
}

impl Cap {
    /// The level of a finding under this cap; `None` where it is not reported.
    #[must_use]
    pub fn of(self, level: Level) -> Option<Level> {
        match self {
            Self::Off => None,
            Self::Note => Some(level.min(Level::Note)),
            Self::Warning => Some(level.min(Level::Warning)),
            Self::Error => Some(level),
        }
    }
}

/// Which compiler pipeline an app is built with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Bundler {
    /// `webpack`
    Webpack,
    /// `turbopack`
    Turbopack,
}

/// The names that a level can be given to: every rule, then every group.
pub(super) fn levelled() -> impl Iterator<Item = &'static str> {
    let groups: BTreeSet<&str> = rules::ALL.iter().map(|rule| rule.group.as_str()).collect();
    rules::ALL.iter().map(|rule| rule.id).chain(groups)
}

/// Whether a name is a key of the file's top.
pub(super) fn is_key(name: &str) -> bool {
    schema()["properties"].get(name).is_some()
}

/// The published schema of a configuration file.
#[must_use]
pub fn schema() -> Value {
    schemars::schema_for!(File).to_value()
}

fn rule_list(_: &mut SchemaGenerator) -> Schema {
    let ids: Vec<&str> = rules::ALL.iter().map(|rule| rule.id).collect();
    json_schema!({ "type": "array", "items": { "enum": ids } })
}

fn levels(generator: &mut SchemaGenerator) -> Schema {
    let cap = generator.subschema_for::<Cap>().to_value();
    let summary = |name: &str| match rules::find(name) {
        Some(rule) => rule.summary.to_owned(),
        None => format!("every rule of the group `{name}`"),
    };
    let mut properties = Map::new();
    for name in levelled() {
        let mut property = cap.clone();
        if let Some(property) = property.as_object_mut() {
            property.insert("description".to_owned(), json!(summary(name)));
        }
        properties.insert(name.to_owned(), property);
    }
    json_schema!({ "type": "object", "properties": properties, "additionalProperties": false })
}
