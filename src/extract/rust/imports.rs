//! `use`, `extern crate` and `mod x;` as imports, one entry a name.
//!
//! The source is the path without its last segment (`use axum::routing::get` imports `get` of `axum::routing`); a path of one segment is the
//! crate itself, imported as a namespace. A `use` of this file's own inline modules also binds what it names.

use syn::{ItemExternCrate, ItemMod, ItemUse, Meta, UseTree, Visibility};

use super::context::{Context, index};
use super::items;
use super::scope::{self, Binding, ScopeId, Sort};
use crate::facts::{Export, ExportForm, ExportKind, Import, ImportId, ImportKind, Imported, Name};
use crate::source::Span;

/// A `use` that may name something of this file.
pub(super) struct Pending {
    scope: ScopeId,
    path: Vec<String>,
    import: ImportId,
    /// The name that it binds; `None` for `*`.
    local: Option<Name>,
}

struct Leaf {
    /// The whole path; without the `*` of a glob.
    path: Vec<String>,
    local: String,
    glob: bool,
    span: Span,
    source: Span,
}

/// Declares what a `use` item brings in.
pub(super) fn declare(cx: &mut Context, item: &ItemUse, pending: &mut Vec<Pending>) {
    let at = cx.span(item.use_token.span).start;
    cx.declared.insert(at, index(cx.facts.imports.len()));
    for leaf in leaves(cx, &item.tree) {
        let (scope, local) = (cx.scope, cx.intern(&leaf.local));
        let parent = if leaf.glob { &leaf.path[..] } else { &leaf.path[..leaf.path.len() - 1] };
        let named = leaf.path.last().cloned().unwrap_or_default();
        let (source, imported) = match (leaf.glob, parent) {
            (true, parent) => (scope::relative(cx, parent), Imported::Namespace),
            (false, []) => (named, Imported::Namespace),
            (false, parent) => (scope::relative(cx, parent), Imported::Named(cx.intern(&named))),
        };
        let used = leaf.glob || items::is_visible(&item.vis);
        let import = add(cx, &source, imported, local, ImportKind::Use, (leaf.span, leaf.source));
        cx.facts.imports[import as usize].used = used;
        if !leaf.glob && !leaf.local.is_empty() {
            scope::bind(cx, local, Binding::Import(import));
        }
        if leaf.glob || leaf.path.len() > 1 && !leaf.local.is_empty() {
            pending.push(Pending { scope, path: leaf.path, import, local: (!leaf.glob).then_some(local) });
        }
    }
}

/// Exports what a `pub use` brings in.
pub(super) fn export(cx: &mut Context, item: &ItemUse) {
    let at = cx.span(item.use_token.span).start;
    let (true, 1, Some(&first)) = (items::is_visible(&item.vis), cx.bodies.len(), cx.declared.get(&at)) else { return };
    let start = match &item.vis {
        Visibility::Public(token) => cx.span(token.span).start,
        Visibility::Restricted(restricted) => cx.span(restricted.pub_token.span).start,
        Visibility::Inherited => at,
    };
    let statement = Span::new(start, cx.span(item.semi_token.span).end);
    for (import, leaf) in (first..).zip(leaves(cx, &item.tree)) {
        let qualified = format!("{}{}", cx.scopes[cx.scope as usize].prefix, leaf.local);
        let (name, kind) = match leaf.glob {
            true => (Name::EMPTY, ExportKind::Star(import)),
            false => (cx.intern(&qualified), ExportKind::From(import)),
        };
        let local = cx.facts.imports[import as usize].local;
        cx.facts.exports.push(Export { name, kind, form: ExportForm::Rust, span: leaf.span, statement, local });
    }
}

/// Binds those names that are declared in this very file.
pub(super) fn connect(cx: &mut Context, pending: Vec<Pending>) {
    let here = cx.scope;
    for Pending { scope, path, import, local } in pending {
        cx.scope = scope;
        match local {
            None => {
                if let Some(module) = scope::own_module(cx, &path) {
                    cx.scopes[scope as usize].globs.push(module);
                }
            }
            Some(local) => {
                let (name, parent) = (cx.intern(&path[path.len() - 1]), &path[..path.len() - 1]);
                let Some(module) = scope::own_module(cx, parent) else { continue };
                for sort in [Sort::Path, Sort::Value] {
                    if let Some(binding) = scope::in_module(cx, module, name, sort, 3) {
                        cx.facts.imports[import as usize].used = true;
                        scope::bind(cx, local, binding);
                    }
                }
            }
        }
    }
    cx.scope = here;
}

/// `extern crate x as y;`
pub(super) fn extern_crate(cx: &mut Context, item: &ItemExternCrate) {
    let name = item.rename.as_ref().map_or(&item.ident, |(_, name)| name);
    let (local, source) = (cx.intern(&name.to_string()), item.ident.to_string());
    let spans = (cx.span(name.span()), cx.span(item.ident.span()));
    let import = add(cx, &source, Imported::Namespace, local, ImportKind::Use, spans);
    scope::bind(cx, local, Binding::Import(import));
}

/// `mod x;`
pub(super) fn module(cx: &mut Context, item: &ItemMod) {
    let path = item.attrs.iter().find_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
            syn::Expr::Lit(literal) => match &literal.lit {
                syn::Lit::Str(text) => Some((text.value(), text.span())),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    });
    let plain = format!("{}{}", cx.scopes[cx.scope as usize].prefix, item.ident);
    let (source, source_span) = path.unwrap_or((plain, item.ident.span()));
    let local = cx.intern(&item.ident.to_string());
    let spans = (cx.span(item.ident.span()), cx.span(source_span));
    let import = add(cx, &source, Imported::Namespace, local, ImportKind::Mod, spans);
    cx.facts.imports[import as usize].used = true;
    scope::bind(cx, local, Binding::Import(import));
}

fn add(
    cx: &mut Context,
    source: &str,
    imported: Imported,
    local: Name,
    kind: ImportKind,
    (span, source_span): (Span, Span),
) -> ImportId {
    let (source, function) = (cx.intern(source), cx.function());
    let import = Import { source, imported, local, kind, type_only: false, used: false, span, source_span, function };
    cx.facts.imports.push(import);
    index(cx.facts.imports.len() - 1)
}

/// The names of a tree, in order.
fn leaves(cx: &Context, tree: &UseTree) -> Vec<Leaf> {
    let mut found = Vec::new();
    flatten(cx, tree, &mut Vec::new(), &mut Vec::new(), &mut found);
    found
}

fn flatten(cx: &Context, tree: &UseTree, path: &mut Vec<String>, spans: &mut Vec<Span>, found: &mut Vec<Leaf>) {
    let source = match (spans.first(), spans.last()) {
        (Some(first), Some(last)) => Span::new(first.start, last.end),
        _ => Span::default(),
    };
    let mut add = |name: Option<String>, local: String, glob: bool, span: Span| {
        let mut whole = path.clone();
        // `{self}` names the path before it.
        whole.extend(name.filter(|name| name != "self" || whole.is_empty()));
        let local = match local.as_str() {
            "self" => whole.last().cloned().unwrap_or_default(),
            "_" => String::new(),
            _ => local,
        };
        found.push(Leaf { path: whole, local, glob, span, source: if path.is_empty() { span } else { source } });
    };
    match tree {
        UseTree::Name(leaf) => {
            let name = leaf.ident.to_string();
            add(Some(name.clone()), name, false, cx.span(leaf.ident.span()));
        }
        UseTree::Rename(leaf) => {
            add(Some(leaf.ident.to_string()), leaf.rename.to_string(), false, cx.span(leaf.rename.span()));
        }
        UseTree::Glob(leaf) => add(None, String::new(), true, cx.span(leaf.star_token.span)),
        UseTree::Path(inner) => {
            path.push(inner.ident.to_string());
            spans.push(cx.span(inner.ident.span()));
            flatten(cx, &inner.tree, path, spans, found);
            path.pop();
            spans.pop();
        }
        UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(cx, tree, path, spans, found)),
    }
}
