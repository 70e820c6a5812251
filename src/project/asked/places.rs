//! Where findings stand, and how places and apps are written in reports.

use crate::diagnostic::Place;
use crate::facts::ExportKind;
use crate::project::program::modules::ModuleId;
use crate::project::{AppId, Project};
use crate::source::{FileId, Span};

impl Project {
    /// The root of an app as the contracts write it.
    #[must_use]
    pub fn app_root(&self, module: ModuleId) -> Option<String> {
        self.app_of(module).map(|app| app.root.clone())
    }

    /// Where a module exports a name: the name's own declaration, or the `export *` that it comes through.
    #[must_use]
    pub fn export_place(&self, id: ModuleId, name: &str) -> Option<Place> {
        let module = self.module(id);
        let exports = || module.facts.exports.iter().filter(|export| export.kind != ExportKind::Type);
        let own = exports().find(|export| module.facts.text(export.name) == name);
        let export = own.or_else(|| exports().find(|export| matches!(export.kind, ExportKind::Star(_))))?;
        Some(module.place(export.span))
    }

    /// The path of a file.
    #[must_use]
    pub fn file_path(&self, file: FileId) -> &str {
        self.tree.path(file)
    }

    /// The root of the app in whose folder a file lies.
    #[must_use]
    pub fn app_root_of_file(&self, file: FileId) -> Option<String> {
        self.apps.of(self.tree.path(file)).map(|app| self.app(app).root.clone())
    }

    /// Where a finding about the whole tree stands: the first line of its first manifest, else of its first file.
    #[must_use]
    pub fn first_place(&self) -> Option<Place> {
        let manifest = self.apps().find_map(|(_, app)| app.manifest);
        let file = manifest.or_else(|| self.modules.first().map(|module| module.file))?;
        Some(Place { file, span: Span::default() })
    }

    /// Where a finding about a whole app stands: the first line of its manifest.
    #[must_use]
    pub fn app_place(&self, app: AppId) -> Option<Place> {
        let manifest = self.app(app).manifest.map(|file| Place { file, span: Span::default() });
        manifest.or_else(|| self.first_place())
    }
}
