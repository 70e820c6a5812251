//! Imports that the compiler refuses in a server module: what only works in a client component.

use super::unit::Unit;
use super::{Layer, RejectionKind};
use crate::facts::{ImportKind, Imported};

/// Modules that no server module may import.
const MODULES: [&str; 4] = ["client-only", "react-dom/client", "react-dom/server", "next/router"];

/// Names that no server module may import, by module.
const NAMES: [(&str, &[&str]); 4] = [
    (
        "react",
        &[
            "Component",
            "PureComponent",
            "createContext",
            "createFactory",
            "useActionState",
            "useDeferredValue",
            "useEffect",
            "useImperativeHandle",
            "useInsertionEffect",
            "useLayoutEffect",
            "useOptimistic",
            "useReducer",
            "useRef",
            "useState",
            "useSyncExternalStore",
            "useTransition",
        ],
    ),
    ("react-dom", &["flushSync", "unstable_batchedUpdates", "useFormStatus", "useFormState"]),
    (
        "next/navigation",
        &[
            "useParams",
            "usePathname",
            "useRouter",
            "useSearchParams",
            "useSelectedLayoutSegment",
            "useSelectedLayoutSegments",
            "useServerInsertedHTML",
        ],
    ),
    ("next/link", &["useLinkStatus"]),
];

impl Unit<'_> {
    /// Looks at the imports of a file that registers actions on the server.
    pub(super) fn read_imports(&mut self) {
        if self.layer == Layer::Client || self.actions.is_empty() {
            return;
        }
        let facts = self.facts;
        self.about_cache = false;
        for (id, import) in (0..).zip(&facts.imports) {
            if import.kind != ImportKind::Static || import.type_only {
                continue;
            }
            if self.quirks.strips_types && facts.kind.is_typed() && !import.used {
                continue;
            }
            let source = facts.text(import.source);
            let name = match import.imported {
                Imported::Named(name) => facts.text(name),
                _ => "",
            };
            let names = NAMES.iter().find(|(module, _)| *module == source).map_or(&[][..], |(_, names)| names);
            if MODULES.contains(&source) || names.contains(&name) {
                let what = if name.is_empty() { source } else { name };
                let renamed = facts.renamed.iter().find(|(renamed, _)| *renamed == id);
                self.reject(
                    RejectionKind::ServerImport,
                    renamed.map_or(import.span, |&(_, span)| span),
                    format!("`{what}` cannot be imported by a file of the server"),
                    "move what uses it to a client component".to_owned(),
                );
            }
        }
    }
}
