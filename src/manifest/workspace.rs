//! What makes a folder a workspace, beside `package.json`: `pnpm-workspace.yaml`, `.yarnrc.yml` (for its catalogs), `lerna.json`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jsonc_parser::ast::Object;
use serde::Deserialize;

use super::json::{entries, get, object, strings, with_object};
use super::{ManifestError, Text, span};
use crate::source::{FileId, Span};

/// What one workspace file says.
#[derive(Debug, Clone)]
pub struct WorkspaceFile {
    /// The file.
    pub file: FileId,
    /// The folder it stands in, relative to the root; empty for the root itself.
    pub folder: String,
    /// The globs of the member folders, those after `!` taken away.
    pub packages: Vec<Text>,
    /// The named version ranges that members refer to by `catalog:`.
    pub catalogs: Vec<Catalog>,
    /// What could not be read.
    pub errors: Vec<ManifestError>,
}

/// A table of version ranges that members refer to by `catalog:` or `catalog:<name>`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalog {
    /// Its name; `default` for the one without.
    pub name: String,
    /// Package and range, by package.
    pub entries: Vec<(String, Text)>,
}

impl Catalog {
    /// The range of a package.
    #[must_use]
    pub fn range(&self, package: &str) -> Option<&Text> {
        self.entries.iter().find(|(name, _)| name == package).map(|(_, range)| range)
    }
}

/// The `"catalog"` and `"catalogs"` of an object.
pub(super) fn json_catalogs(root: &Object) -> Vec<Catalog> {
    let catalog = |name: &str, table: &Object| Catalog {
        name: name.to_owned(),
        entries: entries(table).map(|(name, range)| (name.value, range)).collect(),
    };
    let mut catalogs: Vec<Catalog> =
        object(root, "catalog").map(|table| catalog("default", table)).into_iter().collect();
    if let Some(tables) = object(root, "catalogs") {
        catalogs.extend(
            tables
                .properties
                .iter()
                .filter_map(|property| Some(catalog(property.name.as_str(), property.value.as_object()?))),
        );
    }
    catalogs
}

/// Reads a `lerna.json` that stands in `folder`.
pub(super) fn read_lerna(file: FileId, folder: &str, text: &str) -> WorkspaceFile {
    let (packages, errors) = with_object(text, |root| match get(root, "useWorkspaces") {
        None => strings(root, "packages"),
        Some(_) => Vec::new(),
    });
    WorkspaceFile { file, folder: folder.to_owned(), packages, catalogs: Vec::new(), errors }
}

type Yaml = serde_saphyr::Spanned<String>;

#[derive(Deserialize, Default)]
#[serde(default)]
struct YamlFile {
    packages: Option<Vec<Yaml>>,
    catalog: Option<BTreeMap<String, Yaml>>,
    catalogs: Option<BTreeMap<String, Option<BTreeMap<String, Yaml>>>>,
}

/// Reads a `pnpm-workspace.yaml` or a `.yarnrc.yml` that stands in `folder`.
pub(super) fn read_yaml(file: FileId, folder: &str, text: &str) -> WorkspaceFile {
    // A byte order mark becomes three line ends: places stay, and the first key starts its line.
    let text = &text.strip_prefix('\u{feff}').map_or(Cow::Borrowed(text), |rest| Cow::Owned(format!("\n\n\n{rest}")));
    let mut workspace = WorkspaceFile {
        file,
        folder: folder.to_owned(),
        packages: Vec::new(),
        catalogs: Vec::new(),
        errors: Vec::new(),
    };
    // Only these keys are handed to the reader: a mistake elsewhere in the file is none of ours.
    for key in ["packages", "catalog", "catalogs"] {
        let Some(section) = section(text, key) else { continue };
        match serde_saphyr::from_str::<YamlFile>(&section) {
            Ok(yaml) => take(&mut workspace, yaml),
            Err(error) => {
                let start = error.location().and_then(|location| location.span().byte_offset());
                let start = start.and_then(|start| usize::try_from(start).ok()).unwrap_or_else(|| first_byte(&section));
                let message = format!("`{key}` cannot be read as YAML");
                workspace.errors.push(ManifestError { message, span: span(start..start) });
            }
        }
    }
    workspace
}

fn take(workspace: &mut WorkspaceFile, yaml: YamlFile) {
    let catalog = |name: String, table: BTreeMap<String, Yaml>| Catalog {
        name,
        entries: table.into_iter().map(|(package, range)| (package, yaml_text(range))).collect(),
    };
    workspace.packages.extend(yaml.packages.into_iter().flatten().map(yaml_text));
    workspace.catalogs.extend(yaml.catalog.map(|table| catalog("default".to_owned(), table)));
    let named = yaml.catalogs.into_iter().flatten();
    workspace.catalogs.extend(named.map(|(name, table)| catalog(name, table.unwrap_or_default())));
}

fn yaml_text(yaml: Yaml) -> Text {
    let place = yaml.referenced.span();
    let span = match (place.byte_offset(), place.byte_len()) {
        (Some(start), Some(len)) => {
            let end = start.saturating_add(len);
            Span::new(u32::try_from(start).unwrap_or(u32::MAX), u32::try_from(end).unwrap_or(u32::MAX))
        }
        _ => Span::default(),
    };
    Text { value: yaml.value, span }
}

/// The text with all but the lines of one top-level key blanked, so that places stay; `None` where the key is absent.
fn section(text: &str, key: &str) -> Option<String> {
    let mut kept = String::with_capacity(text.len());
    let mut inside = false;
    let mut found = false;
    for line in text.split_inclusive('\n') {
        if line.starts_with(|first: char| !first.is_whitespace() && !matches!(first, '#' | '-' | '}' | ']')) {
            let (written, _) = line.split_once(':').unwrap_or_default();
            inside = written.trim().trim_matches(['"', '\'']) == key;
            found |= inside;
        }
        if inside {
            kept.push_str(line);
        } else {
            kept.extend(line.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
        }
    }
    found.then_some(kept)
}

fn first_byte(section: &str) -> usize {
    section.len() - section.trim_start().len()
}
