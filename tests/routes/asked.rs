//! What may serve a URL of which parts are unknown.

use edgelint::project::routes::{Answers, RouteTable, Text, Unit};

use crate::apps;

/// A text in which `{}` is an unknown piece of a segment and `{..}` any text.
pub(crate) fn text(written: &str) -> Text {
    let mut text = Text::default();
    for (index, piece) in written.split('{').enumerate() {
        let piece = match index {
            0 => piece,
            _ => {
                let (hole, rest) = piece.split_once('}').expect("a hole is closed");
                text.push(if hole.is_empty() { Unit::Segment } else { Unit::Rest });
                rest
            }
        };
        text.push_str(piece);
    }
    text
}

/// The routes that may serve a URL, `public`, `elsewhere`, the kind of the gap it lies in, or `missing`.
fn asked(table: &RouteTable, url: &str) -> String {
    let answer = table.ask(&text(url));
    let mut words: Vec<String> = answer.routes.iter().map(|&id| table.route(id).url.clone()).collect();
    words.extend(answer.public.then(|| "public".to_owned()));
    words.extend(answer.elsewhere.then(|| "elsewhere".to_owned()));
    words.extend(answer.gap.map(|gap| gap.kind.as_str().to_owned()));
    if answer.is_missing() {
        assert!(words.is_empty(), "{words:?}");
        words.push("missing".to_owned());
    }
    words.join(" ")
}

const GET: &str = "export async function GET() {}";
const PAGE: &str = "export default function Page() { return null }";

#[test]
fn parts_that_are_unknown() {
    let project = apps::app(&[
        ("app/page.tsx", PAGE),
        ("app/(site)/about/page.tsx", PAGE),
        ("app/api/users/route.ts", GET),
        ("app/api/users/me/route.ts", GET),
        ("app/api/users/[id]/route.ts", GET),
        ("app/api/users/[id]/posts/[post]/route.ts", GET),
        ("app/api/files/[...path]/route.ts", GET),
        ("app/api/maybe/[[...path]]/route.ts", GET),
        ("public/img/logo 1.svg", "<svg/>"),
    ]);
    let table = apps::table(&project);
    let all = [
        ("/api/users", "/api/users"),
        ("/api/users/", "/api/users"),
        ("/api/users?a=1#b", "/api/users"),
        ("/api/user", "missing"),
        ("/API/users", "missing"),
        ("/api/users/me", "/api/users/me"),
        ("/api/users/7", "/api/users/[id]"),
        ("/api/users/{}", "/api/users /api/users/me /api/users/[id]"),
        ("/api/users/m{}", "/api/users/me /api/users/[id]"),
        ("/api/users/user-{}", "/api/users/[id]"),
        ("/api/users/{}/posts", "missing"),
        ("/api/users/{}/posts/{}", "/api/users/[id]/posts/[post]"),
        ("/api/users/{..}", "/api/users /api/users/me /api/users/[id] /api/users/[id]/posts/[post]"),
        ("/api/{}/me", "/api/users/me /api/files/[...path] /api/maybe/[[...path]] /api/users/[id]"),
        ("/api/users{}", "/api/users"),
        ("/api/users?{..}", "/api/users"),
        ("/api/files", "missing"),
        ("/api/files/a/b", "/api/files/[...path]"),
        ("/api/files/{..}", "/api/files/[...path]"),
        ("/api/maybe", "/api/maybe/[[...path]]"),
        ("/about", "/about"),
        ("/%61bout", "/about"),
        ("/", "/"),
        ("/img/logo 1.svg", "public"),
        ("/img/logo%201.svg", "public"),
        ("/img/{}.svg", "public"),
        ("/img/{}.png", "missing"),
        ("/_next/static/a.js", "elsewhere"),
    ];
    for (url, expected) in all {
        assert_eq!(asked(table, url), expected, "{url}");
    }
}

#[test]
fn rules_are_followed_and_what_leaves_is_not_missing() {
    let config = "module.exports = {
      basePath: '/app',
      async redirects() {
        return [
          { source: '/old/:id', destination: '/api/users/:id', permanent: true },
          { source: '/:path*', has: [{ type: 'host', value: 'old.example.com' }], destination: 'https://example.com/:path*', permanent: true },
        ]
      },
      async rewrites() {
        return {
          beforeFiles: [{ source: '/v1/:path*', destination: '/api/:path*' }],
          afterFiles: [{ source: '/ext/:path((?!api).*)', destination: 'https://example.com/:path' }],
          fallback: [{ source: '/tenant/:path*', has: [{ type: 'header', key: 'x-tenant' }], destination: '/api/:path*' }],
        }
      },
    }";
    let project = apps::app(&[
        ("next.config.js", config),
        ("app/api/users/[id]/route.ts", GET),
        ("app/v1/hidden/route.ts", GET),
        ("app/tenant/a/route.ts", GET),
    ]);
    let table = apps::table(&project);
    let all = [
        ("/app/api/users/1", "/api/users/[id]"),
        ("/api/users/1", "missing"),
        ("/app/old/1", "/api/users/[id]"),
        ("/app/old/{}", "/api/users/[id]"),
        ("/app/v1/users/{}", "/api/users/[id]"),
        ("/app/v1/hidden", "missing"),
        ("/app/v1/nothing/{}/at/all", "missing"),
        ("/app/ext/anything", "elsewhere rewrite"),
        ("/app/ext/api/x", "missing"),
        ("/app/tenant/users/1", "/api/users/[id]"),
        ("/app/tenant/a", "/tenant/a"),
        ("{}/api/users/1", "/api/users/[id]"),
        ("{..}/nowhere", "/api/users/[id] elsewhere rewrite"),
    ];
    for (url, expected) in all {
        assert_eq!(asked(table, url), expected, "{url}");
    }
}

#[test]
fn locales_stand_in_front_of_what_is_asked() {
    let config = "module.exports = {
      i18n: { locales: ['en', 'de'], defaultLocale: 'en' },
      async rewrites() { return [{ source: '/info', destination: '/about' }] },
    }";
    let project = apps::app(&[
        ("next.config.js", config),
        ("pages/about.tsx", PAGE),
        ("pages/api/health.ts", "export default function handler() {}"),
    ]);
    let table = apps::table(&project);
    for (url, expected) in [
        ("/about", "/about"),
        ("/de/about", "/about"),
        ("/fr/about", "missing"),
        ("/info", "/about"),
        ("/de/info", "/about"),
        ("/{}/info", "/about"),
        ("/api/health", "/api/health"),
    ] {
        assert_eq!(asked(table, url), expected, "{url}");
    }
}

#[test]
fn methods_of_what_may_serve() {
    let project = apps::app(&[
        ("app/form/page.tsx", PAGE),
        ("app/api/users/route.ts", "export const GET = () => {}, POST = () => {}"),
        ("app/api/users/me/route.ts", "export const GET = () => {}"),
        ("app/api/users/[id]/route.ts", "export const DELETE = () => {}"),
        ("app/api/open/route.ts", "export * from 'some-package'"),
        ("pages/api/legacy.ts", "export default function handler() {}"),
    ]);
    let table = apps::table(&project);
    for (url, method, expected) in [
        ("/api/users", "POST", Answers::Yes),
        ("/api/users", "HEAD", Answers::Yes),
        ("/api/users", "OPTIONS", Answers::Yes),
        ("/api/users", "DELETE", Answers::No),
        ("/api/users/me", "DELETE", Answers::No),
        ("/api/users/m{}", "DELETE", Answers::Yes),
        ("/api/users/m{}", "PUT", Answers::No),
        ("/api/open", "PUT", Answers::Unknown),
        ("/api/legacy", "PUT", Answers::Unknown),
        ("/api/nothing", "GET", Answers::Unknown),
        ("/form", "GET", Answers::Yes),
        ("/form", "POST", Answers::Unknown),
        ("/form", "PUT", Answers::No),
    ] {
        let answer = table.ask(&text(url));
        assert_eq!(table.answers(&answer, method), expected, "{method} {url}");
    }
}

#[test]
fn the_nearest_route() {
    let project = apps::app(&[
        ("app/page.tsx", PAGE),
        ("app/about/page.tsx", PAGE),
        ("app/api/users/route.ts", GET),
        ("app/api/users/[id]/avatar/route.ts", GET),
        ("app/api/teams/[team]/members/route.ts", GET),
        ("app/[locale]/products/page.tsx", PAGE),
    ]);
    let table = apps::table(&project);
    for (url, expected) in [
        ("/api/user", Some("/api/users")),
        ("/api/usres", Some("/api/users")),
        ("/api/users/{}/avatr", Some("/api/users/[id]/avatar")),
        ("/api/team/1/members", Some("/api/teams/[team]/members")),
        ("/api/users/list", Some("/api/users")),
        ("/abuot", Some("/about")),
        ("/products", Some("/[locale]/products")),
        ("/nothing/like/it", None),
        ("/xyz", None),
    ] {
        let nearest = table.nearest(&text(url)).map(|id| table.route(id).url.as_str());
        assert_eq!(nearest, expected, "{url}");
    }
}
