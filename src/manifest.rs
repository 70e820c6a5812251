//! The manifests of a tree, each value with its place: `package.json`, `pnpm-workspace.yaml` and its kin, `Cargo.toml`, lock files,
//! `schema.prisma`.
//!
//! Knows how manifests are written, not what follows from them. A broken manifest yields what can be had, and an error.

mod cargo;
mod json;
pub mod lock;
mod package;
mod prisma;
pub mod tsconfig;
mod workspace;

pub use cargo::{CargoManifest, CargoPackage, CargoWorkspace, CrateDependency, Feature, Target, TargetKind};
pub use package::{Bin, Dependency, DependencyKind, PackageManifest, Script};
pub use prisma::{
    PrismaDatasource, PrismaEnum, PrismaField, PrismaFile, PrismaGenerator, PrismaModel, PrismaModelKind,
    PrismaRelation, PrismaSchema,
};
pub use workspace::{Catalog, WorkspaceFile};

use crate::source::{FileId, Span, Tree};

/// A text of a manifest, and where it is written, quotes included.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    /// The text, escapes resolved.
    pub value: String,
    /// Where it stands.
    pub span: Span,
}

/// What is wrong with a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestError {
    /// What: lower case, no full stop.
    pub message: String,
    /// Where.
    pub span: Span,
}

/// Every manifest of a tree, each list in path order.
#[derive(Debug, Default)]
pub struct Manifests {
    /// Every `package.json`.
    pub packages: Vec<PackageManifest>,
    /// Every `pnpm-workspace.yaml`, `.yarnrc.yml` and `lerna.json`.
    pub workspaces: Vec<WorkspaceFile>,
    /// Every `Cargo.toml`.
    pub crates: Vec<CargoManifest>,
    /// What the `.prisma` files say, those together that make one schema.
    pub prisma: Vec<PrismaSchema>,
    /// Manifests that could not be read at all, with the reason.
    pub unreadable: Vec<(FileId, String)>,
}

impl Manifests {
    /// Reads the manifests of a tree.
    #[must_use]
    pub fn read(tree: &Tree) -> Self {
        let mut manifests = Self::default();
        let mut prisma = Vec::new();
        for (index, path) in tree.paths.iter().enumerate() {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            let is_prisma = name.ends_with(".prisma");
            let is_manifest =
                matches!(name, "package.json" | "pnpm-workspace.yaml" | ".yarnrc.yml" | "lerna.json" | "Cargo.toml");
            if !is_prisma && !is_manifest {
                continue;
            }
            let Ok(file) = u32::try_from(index).map(FileId) else { break };
            let text = match tree.read_text(path) {
                Ok(text) => text,
                Err(error) => {
                    manifests.unreadable.push((file, error.to_string()));
                    continue;
                }
            };
            match name {
                "package.json" => manifests.packages.push(package::read(file, folder, &text)),
                "lerna.json" => manifests.workspaces.push(workspace::read_lerna(file, folder, &text)),
                "Cargo.toml" => manifests.crates.push(cargo::read(file, folder, &text)),
                _ if is_prisma => prisma.push(prisma::read(file, folder, &text)),
                _ => manifests.workspaces.push(workspace::read_yaml(file, folder, &text)),
            }
        }
        manifests.prisma = prisma::schemas(prisma);
        manifests
    }

    /// The `package.json` of a folder.
    #[must_use]
    pub fn package(&self, folder: &str) -> Option<&PackageManifest> {
        self.packages.iter().find(|package| package.folder == folder)
    }
}

/// The `"version"` that a `package.json` text states.
#[must_use]
pub fn package_version(text: &str) -> Option<String> {
    package::read(FileId(0), "", text).version.map(|version| version.value)
}

/// A range of bytes as a span; what lies past 4 GiB is cut.
fn span(range: std::ops::Range<usize>) -> Span {
    Span::new(u32::try_from(range.start).unwrap_or(u32::MAX), u32::try_from(range.end).unwrap_or(u32::MAX))
}
