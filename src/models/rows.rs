//! Rows: which calls give them and with which columns, and which calls declare the tables that they are of.

use schemars::JsonSchema;
use serde::Deserialize;

use super::file::CallPath;
use super::place::{Columns, Place};

/// Calls that give rows of an entity.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RowsLine {
    /// The calls, by their path in the package: `Client.{entity}.findMany`.
    pub(super) call: Vec<CallPath>,
    /// Where the columns stand that alone are there; all columns where it is left out.
    #[serde(default)]
    pub(super) only: Option<Columns>,
    /// Where an object stands whose keys are columns that are left out.
    #[serde(default)]
    pub(super) without: Option<Place>,
    /// Where objects stand whose keys may be relations: the rows on their other side come with it.
    #[serde(default)]
    pub(super) with: Vec<Place>,
    /// Where an object stands whose keys are the columns that the call writes.
    #[serde(default)]
    pub(super) writes: Option<Place>,
    /// Whether the rows are new.
    #[serde(default)]
    pub(super) creates: bool,
}

/// Calls in a chain that leave columns out of the rows that it gives.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NarrowsLine {
    /// The calls, by their path in the package.
    pub(super) call: Vec<CallPath>,
}

/// Calls that declare a table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TableLine {
    /// The calls, by their path in the package: `pgTable({entity})`.
    pub(super) call: Vec<CallPath>,
    /// Where the object stands whose keys are the columns.
    pub(super) columns: Place,
    /// The calls that declare a column which holds a text.
    #[serde(default)]
    pub(super) text: Vec<CallPath>,
    /// Of a column that an object describes: the key of its type.
    #[serde(default)]
    pub(super) kind: Option<String>,
    /// Of a column that an object describes: the key under which it names the entity to which it leads.
    #[serde(default)]
    pub(super) refers: Option<String>,
    /// Of a column that an object describes: the key under which `false` says that it is not read unless it is asked for.
    #[serde(default)]
    pub(super) read: Option<String>,
}

/// Calls that say what leads from one table to others.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RelatesLine {
    /// The calls, by their path in the package: `relations({entity})`.
    pub(super) call: Vec<CallPath>,
    /// Where the object stands, or the function that gives it, whose keys are the relations: each a call that is handed the other table first.
    pub(super) fields: Place,
}

/// What is known of the rows that a call gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    /// The argument that is the entity, where it is one of the call's own.
    pub captures: Option<u32>,
    /// Where the columns stand that alone are there.
    pub only: Option<Columns>,
    /// Where the columns stand that are left out.
    pub without: Option<Place>,
    /// Where relations stand that come with it.
    pub with: Vec<Place>,
    /// Where the columns stand that the call writes.
    pub writes: Option<Place>,
    /// Whether the rows are new.
    pub creates: bool,
}

impl RowsLine {
    pub(super) fn rows(&self) -> Rows {
        let Self { only, without, with, writes, creates, .. } = self.clone();
        Rows { captures: None, only, without, with, writes, creates }
    }
}

/// What is known of a table that a call declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declares {
    /// The argument that is the entity.
    pub captures: Option<u32>,
    /// Where its columns stand.
    pub columns: Place,
    /// The key of a column's type.
    pub kind: Option<String>,
    /// The key that says that a column is not read.
    pub read: Option<String>,
    /// The key under which a column names the entity to which it leads.
    pub refers: Option<String>,
}

/// What leads from a table to others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relates {
    /// The argument that is the table.
    pub captures: Option<u32>,
    /// Where its relations stand.
    pub fields: Place,
}
