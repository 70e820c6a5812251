//! What else answers for an app: a server of its own, and what the platform that it is deployed to is told.

use serde_json::Value;

use super::gaps::{Gap, GapKind};
use crate::diagnostic::Place;
use crate::facts::Imported;
use crate::project::entries::next;
use crate::project::program::modules::Role;
use crate::project::{AppId, Project};
use crate::source::Span;

/// The file that tells a platform what to do with requests.
const MANIFEST: &str = "vercel.json";
/// The extensions of functions that a platform runs beside an app.
const FUNCTIONS: [&str; 5] = ["rs", "go", "py", "rb", "php"];

impl Project {
    /// A server that is started instead of the framework's own.
    pub(super) fn server_gap(&self, app: AppId) -> Option<Gap> {
        let mut modules = self.modules().filter(|(_, module)| module.app == Some(app) && module.role == Role::Source);
        modules.find_map(|(_, module)| {
            let import = module.facts.imports.iter().find(|import| {
                module.facts.text(import.source) == next::PACKAGE
                    && matches!(import.imported, Imported::Default | Imported::Namespace)
                    && !import.type_only
                    && import.used
            })?;
            Some(Gap::everything(GapKind::Server, Some(module.place(import.span))))
        })
    }

    /// What the platform leads elsewhere or answers itself.
    pub(super) fn platform_gaps(&self, app: AppId, base: &str) -> Vec<Gap> {
        let root = &self.app(app).root;
        let below = |name: &str| if root.is_empty() { name.to_owned() } else { format!("{root}/{name}") };
        let mut gaps = Vec::new();
        if let Some(file) = self.tree.find(&below(MANIFEST)) {
            let place = Some(Place { file, span: Span::default() });
            let text = self.tree.read_text(self.tree.path(file)).unwrap_or_default();
            let manifest: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap_or_default();
            if manifest.get("routes").is_some() {
                gaps.push(Gap::everything(GapKind::Platform, place));
            }
            for key in ["rewrites", "redirects"] {
                let rules = manifest.get(key).and_then(Value::as_array).into_iter().flatten();
                for source in rules.filter_map(|rule| rule.get("source")?.as_str()) {
                    gaps.push(Gap::of(GapKind::Platform, source.to_owned(), place));
                }
            }
        }
        let folder = below("api");
        let function = self
            .tree
            .below(&folder)
            .find(|(_, path)| path.rsplit_once('.').is_some_and(|(_, extension)| FUNCTIONS.contains(&extension)));
        if let Some((file, _)) = function {
            let place = Some(Place { file, span: Span::default() });
            gaps.push(Gap::of(GapKind::Platform, format!("{base}/api/:path*"), place));
        }
        gaps
    }
}
