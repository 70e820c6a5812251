//! Which pages an invalidated path covers.

use edgelint::project::routes::Scope;

use crate::apps;
use crate::asked::text;

const PAGE: &str = "export default function Page() { return null }";

#[test]
fn paths_pages_and_layouts() {
    let project = apps::app(&[
        ("app/layout.tsx", PAGE),
        ("app/page.tsx", PAGE),
        ("app/(shop)/layout.tsx", PAGE),
        ("app/(shop)/products/page.tsx", PAGE),
        ("app/(shop)/products/[slug]/page.tsx", PAGE),
        ("app/blog/[slug]/page.tsx", PAGE),
        ("app/blog/feed/route.ts", "export async function GET() {}"),
        ("app/[locale]/about/page.tsx", PAGE),
    ]);
    let table = apps::table(&project);
    let (path, page, layout) = (Scope::Path, Scope::Page, Scope::Layout);
    for (written, scope, expected) in [
        ("/products", path, "/products"),
        ("/products/", path, "/products"),
        ("/products/1", path, "/products/[slug]"),
        ("/products/{}", path, "/products/[slug]"),
        ("/{}", path, "/ /products"),
        ("/products/[slug]", path, "nothing, perhaps /products/[slug]"),
        ("/product", path, "nothing, perhaps /products"),
        ("/about", path, "nothing, perhaps /[locale]/about"),
        ("products", path, "nothing, perhaps /products"),
        ("/", path, "/"),
        ("/products/[slug]", page, "nothing, perhaps /products/[slug]"),
        ("/(shop)/products/[slug]", page, "/products/[slug]"),
        ("/products/1", page, "nothing, perhaps /products/[slug]"),
        ("/blog/[slug]", page, "/blog/[slug]"),
        ("/blog/{}", page, "/blog/[slug]"),
        ("/", page, "/"),
        ("/", layout, "/ /[locale]/about /blog/[slug] /blog/feed /products /products/[slug]"),
        ("/(shop)", layout, "/products /products/[slug]"),
        ("/(shop)/products", layout, "/products /products/[slug]"),
        ("/blog", layout, "/blog/[slug] /blog/feed"),
        ("/shop", layout, "nothing"),
    ] {
        let covered = table.covered(&text(written), scope);
        let mut urls: Vec<String> = covered.routes.iter().map(|&id| table.route(id).url.clone()).collect();
        if covered.is_nothing() {
            let nearest = covered.nearest.map(|id| format!(", perhaps {}", table.route(id).url));
            urls.push(format!("nothing{}", nearest.unwrap_or_default()));
        }
        assert_eq!(urls.join(" "), expected, "{written} {scope:?}");
    }
}

#[test]
fn what_a_proxy_or_a_rewrite_serves_is_not_certain() {
    let project = apps::app(&[
        ("app/shop/page.tsx", PAGE),
        (
            "proxy.ts",
            "import { NextResponse } from 'next/server'
             export const proxy = (request) => NextResponse.rewrite(new URL('/shop', request.url))
             export const config = { matcher: '/tenants/:path*' }",
        ),
    ]);
    let table = apps::table(&project);
    assert!(!table.covered(&text("/tenants/a"), Scope::Path).is_nothing());
    assert!(table.covered(&text("/other"), Scope::Path).is_nothing());
    // What is kept has the path that the proxy rewrote to.
    assert!(table.covered(&text("/tenants/a"), Scope::Path).certain_behind_proxy);
}
