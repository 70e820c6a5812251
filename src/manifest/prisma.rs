//! `schema.prisma`: models with their tables, fields and relations, enums, and where the client is generated to.
//!
//! A schema is one file, or every `.prisma` file of a folder. Broken text yields what can be read, and an error. Knows nothing of who
//! uses the client.

mod lexer;
mod parser;

use super::{ManifestError, Text};
use crate::source::{FileId, Span, is_below};

pub(super) use parser::read;

/// What the `.prisma` files say that belong together, in path order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PrismaSchema {
    /// The folder that they stand in, or below, relative to the root.
    pub folder: String,
    /// Each of them.
    pub files: Vec<PrismaFile>,
}

/// What one `.prisma` file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrismaFile {
    /// The file.
    pub file: FileId,
    /// The folder it stands in, relative to the root; empty for the root itself.
    pub folder: String,
    /// `model`, `view` and `type` blocks, in their order.
    pub models: Vec<PrismaModel>,
    /// `enum` blocks.
    pub enums: Vec<PrismaEnum>,
    /// `generator` blocks.
    pub generators: Vec<PrismaGenerator>,
    /// `datasource` blocks.
    pub datasources: Vec<PrismaDatasource>,
    /// What could not be read.
    pub errors: Vec<ManifestError>,
}

/// What a block with fields stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrismaModelKind {
    /// `model User {`: a table or a collection.
    Model,
    /// `view Report {`: a view, which is only read.
    View,
    /// `type Address {`: a part of a document, which has no accessor.
    Composite,
}

/// `model User {`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrismaModel {
    /// What it stands for.
    pub kind: PrismaModelKind,
    /// Its name.
    pub name: Text,
    /// The whole block, from its keyword to its brace.
    pub span: Span,
    /// `@@map("users")`: its name in the database, where that is another.
    pub mapped: Option<Text>,
    /// `@@schema("auth")`
    pub schema: Option<Text>,
    /// Its fields, in their order.
    pub fields: Vec<PrismaField>,
}

/// `authorId String @map("author_id")`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrismaField {
    /// Its name.
    pub name: Text,
    /// The name of its type: a scalar, an enum or a model.
    pub of: Text,
    /// `Post[]`
    pub list: bool,
    /// `String?`
    pub optional: bool,
    /// `@relation(..)`: the side of a relation that holds the key. The other side is a field whose type is a model.
    pub relation: Option<PrismaRelation>,
    /// `@map("author_id")`: its name in the database, where that is another.
    pub mapped: Option<Text>,
    /// `@id`
    pub id: bool,
    /// `@unique`
    pub unique: bool,
}

/// `@relation("Written", fields: [authorId], references: [id], onDelete: Cascade)`
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PrismaRelation {
    /// `"Written"`, which tells two relations between the same models apart.
    pub name: Option<Text>,
    /// `fields`
    pub fields: Vec<Text>,
    /// `references`
    pub references: Vec<Text>,
    /// `onDelete`: what happens to this row when the one that it refers to is deleted.
    pub on_delete: Option<Text>,
}

/// `enum Role {`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrismaEnum {
    /// Its name.
    pub name: Text,
    /// Its values, as the program writes them.
    pub values: Vec<Text>,
}

/// `generator client {`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrismaGenerator {
    /// Its name.
    pub name: Text,
    /// `provider`
    pub provider: Option<Text>,
    /// `output`: the folder that it writes to, relative to the file's own, as written.
    pub output: Option<Text>,
}

/// `datasource db {`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrismaDatasource {
    /// Its name.
    pub name: Text,
    /// `provider`: which database it is.
    pub provider: Option<Text>,
}

impl PrismaModel {
    /// The member of the client that stands for it: `blogPost` for `BlogPost`.
    #[must_use]
    pub fn accessor(&self) -> String {
        let mut letters = self.name.value.chars();
        letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
    }

    /// Its name in the database.
    #[must_use]
    pub fn table(&self) -> &str {
        self.mapped.as_ref().map_or(&self.name.value, |mapped| &mapped.value)
    }
}

impl PrismaSchema {
    /// Every model, with its file.
    pub fn models(&self) -> impl Iterator<Item = (FileId, &PrismaModel)> {
        self.files.iter().flat_map(|file| file.models.iter().map(move |model| (file.file, model)))
    }

    /// The model behind a member of the client: `BlogPost` for `blogPost`.
    #[must_use]
    pub fn by_accessor(&self, accessor: &str) -> Option<(FileId, &PrismaModel)> {
        self.models().find(|(_, model)| model.kind != PrismaModelKind::Composite && model.accessor() == accessor)
    }

    /// The model of a table of the database.
    #[must_use]
    pub fn by_table(&self, table: &str) -> Option<(FileId, &PrismaModel)> {
        self.models().find(|(_, model)| model.kind != PrismaModelKind::Composite && model.table() == table)
    }

    /// The model that a field relates to or holds; `None` for a scalar and an enum.
    #[must_use]
    pub fn target(&self, field: &PrismaField) -> Option<(FileId, &PrismaModel)> {
        self.models().find(|(_, model)| model.name.value == field.of.value)
    }
}

/// The schemas that files make, in path order: a file with a data source starts one, and takes in the files below its folder that
/// have none; where no file above has one, the files of a folder make one together.
pub(super) fn schemas(files: Vec<PrismaFile>) -> Vec<PrismaSchema> {
    let (main, parts): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| !file.datasources.is_empty());
    let mut schemas: Vec<PrismaSchema> =
        main.into_iter().map(|file| PrismaSchema { folder: file.folder.clone(), files: vec![file] }).collect();
    let started = schemas.len();
    for part in parts {
        let nearest = (0..started)
            .filter(|&index| is_below(&part.folder, &schemas[index].folder))
            .max_by_key(|&index| (schemas[index].folder.len(), std::cmp::Reverse(index)));
        let alike = || (started..schemas.len()).find(|&index| schemas[index].folder == part.folder);
        match nearest.or_else(alike) {
            Some(index) => schemas[index].files.push(part),
            None => schemas.push(PrismaSchema { folder: part.folder.clone(), files: vec![part] }),
        }
    }
    for schema in &mut schemas {
        schema.files.sort_by_key(|file| file.file);
    }
    schemas.sort_by_key(|schema| schema.files.first().map(|file| file.file));
    schemas
}
