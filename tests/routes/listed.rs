//! What is in a table: other versions of the framework, page extensions, files that are no routes.

use crate::apps;

const PAGE: &str = "export default function Page() { return null }";

/// The URLs of a table, with the kinds.
fn urls(files: &[(&str, &str)]) -> Vec<String> {
    let project = apps::project(files.iter().copied());
    let table = apps::table(&project);
    table.routes().iter().map(|route| format!("{} {}", route.kind.as_str(), route.url)).collect()
}

#[test]
fn metadata_of_older_versions_may_be_asked_for_by_an_id() {
    let files = |version: &'static str| {
        [("package.json", version), ("app/page.tsx", PAGE), ("app/icon.tsx", PAGE), ("app/robots.ts", PAGE)]
    };
    let newer = urls(&files(r#"{ "dependencies": { "next": "15.5.29" } }"#));
    assert_eq!(newer, ["page /", "metadata /icon", "metadata /robots.txt"]);
    let older = urls(&files(r#"{ "dependencies": { "next": "14.2.35" } }"#));
    assert_eq!(older, ["page /", "metadata /icon/[[...__metadata_id__]]", "metadata /robots.txt"]);
}

#[test]
fn extensions_replace_each_other() {
    let found = urls(&[
        ("package.json", r#"{ "dependencies": { "next": "16.4.6" } }"#),
        ("next.config.js", "module.exports = { pageExtensions: ['page.tsx', 'api.ts', 'mdx'] }"),
        ("app/page.page.tsx", PAGE),
        ("app/plain/page.tsx", PAGE),
        ("app/text/page.mdx", "# text"),
        ("app/api/route.api.ts", "export const GET = () => {}"),
        ("app/api/none/route.ts", "export const GET = () => {}"),
        ("app/types/route.d.ts", ""),
    ]);
    assert_eq!(found, ["page /", "route-handler /api", "page /text"]);
}
