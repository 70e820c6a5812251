//! Which apps a tree holds, with which version, bundler and folders.

use edgelint::apps::{App, Apps, Bundler, Overrides, discover};
use edgelint::manifest::Manifests;
use edgelint::source::{Tree, memory};

fn tree(files: &[(&str, &str)]) -> Tree {
    memory::tree(files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())))
}

fn apps(files: &[(&str, &str)]) -> Apps {
    let tree = tree(files);
    discover(&tree, &Manifests::read(&tree), |_| Overrides::default())
}

/// One line an app: root, version, where the version comes from, bundler.
fn lines(apps: &Apps) -> Vec<String> {
    let line =
        |app: &App| format!("{}: {} ({}) {}", app.root, app.version.text, app.version_source, app.bundler.as_str());
    apps.all.iter().map(line).collect()
}

/// The line of the one app with this `package.json`, a route, and these files.
fn one(package: &str, more: &[(&str, &str)]) -> String {
    let mut files = vec![("package.json", package), ("app/page.tsx", "")];
    files.extend(more);
    let lines = lines(&apps(&files));
    assert_eq!(lines.len(), 1, "{lines:?}");
    lines.concat()
}

#[test]
fn a_version_is_what_is_installed_then_locked_then_asked_for() {
    let package = r#"{ "dependencies": { "next": "^15.0.0" } }"#;
    let lock = ("package-lock.json", r#"{ "packages": { "node_modules/next": { "version": "15.1.2" } } }"#);
    let installed = ("node_modules/next/package.json", r#"{ "name": "next", "version": "15.2.3" }"#);
    assert_eq!(one(package, &[lock, installed]), ": 15.2.3 (node_modules) webpack");
    assert_eq!(one(package, &[lock]), ": 15.1.2 (lock file) webpack");
    assert_eq!(one(package, &[]), ": 15.5.29 (package.json) webpack");
}

#[test]
fn a_range_stands_for_the_newest_release_that_it_allows() {
    for (range, version) in [
        ("14.0.4", "14.0.4 (package.json) webpack"),
        ("^14.0.4", "14.2.35 (package.json) webpack"),
        ("~14.1.0", "14.1.0 (package.json) webpack"),
        ("14", "14.2.35 (package.json) webpack"),
        ("15.x", "15.5.29 (package.json) webpack"),
        (">=13 <15", "14.2.35 (package.json) webpack"),
        ("^13.4.0 || ^15.0.0", "15.5.29 (package.json) webpack"),
        (">= 13.0.0", "16.4.6 (package.json) turbopack"),
        ("15.4.0-canary.47", "15.4.0-canary.47 (package.json) webpack"),
        ("npm:next@14.2.3", "14.2.3 (package.json) webpack"),
        ("latest", "16.4.6 (assumed) turbopack"),
        ("canary", "16.4.6 (assumed) turbopack"),
        ("*", "16.4.6 (assumed) turbopack"),
        ("https://example.com/next.tgz", "16.4.6 (assumed) turbopack"),
    ] {
        let package = format!(r#"{{ "dependencies": {{ "next": "{range}" }} }}"#);
        assert_eq!(one(&package, &[]), format!(": {version}"), "{range}");
    }
}

#[test]
fn the_dependency_may_be_hoisted_to_the_workspace_root() {
    let apps = apps(&[
        ("package.json", r#"{ "workspaces": ["apps/*"], "dependencies": { "next": "14.2.3" } }"#),
        ("apps/web/package.json", r#"{ "name": "web" }"#),
        ("apps/web/next.config.mjs", ""),
        ("apps/web/src/app/page.tsx", ""),
        ("apps/shop/next.config.js", ""),
        ("apps/shop/pages/index.tsx", ""),
        ("apps/docs/package.json", r#"{ "scripts": { "dev": "next dev" } }"#),
        ("apps/docs/app/page.tsx", ""),
        ("apps/worker/package.json", r#"{ "name": "worker" }"#),
        ("apps/worker/app/page.tsx", ""),
    ]);
    assert_eq!(
        lines(&apps),
        [
            "apps/docs: 14.2.3 (package.json) webpack",
            "apps/shop: 14.2.3 (package.json) webpack",
            "apps/web: 14.2.3 (package.json) webpack",
        ]
    );
    let web = &apps.all[2];
    assert_eq!(web.name.as_deref(), Some("web"));
    assert_eq!(web.app_dir.as_deref(), Some("apps/web/src/app"));
    assert_eq!(apps.all[1].pages_dir.as_deref(), Some("apps/shop/pages"));
}

#[test]
fn a_catalog_names_the_version() {
    let package = ("apps/web/package.json", r#"{ "dependencies": { "next": "catalog:" } }"#);
    let named = ("apps/old/package.json", r#"{ "dependencies": { "next": "catalog:legacy" } }"#);
    let routes = [("apps/web/app/page.tsx", ""), ("apps/old/app/page.tsx", "")];
    let expected = ["apps/old: 13.4.19 (package.json) webpack", "apps/web: 16.1.7 (package.json) turbopack"];
    let pnpm = "packages:\n  - 'apps/*'\ncatalog:\n  next: 16.1.7\ncatalogs:\n  legacy:\n    next: 13.4.19\n";
    assert_eq!(lines(&apps(&[package, named, routes[0], routes[1], ("pnpm-workspace.yaml", pnpm)])), expected);
    let bun = r#"{ "workspaces": { "packages": ["apps/*"],
        "catalog": { "next": "16.1.7" }, "catalogs": { "legacy": { "next": "13.4.19" } } } }"#;
    assert_eq!(lines(&apps(&[package, named, routes[0], routes[1], ("package.json", bun)])), expected);
    let broken = format!("packages: [\n{}", pnpm.split_once('\n').expect("the first line is a key").1);
    assert_eq!(lines(&apps(&[package, named, routes[0], routes[1], ("pnpm-workspace.yaml", &broken)])), expected);
}

#[test]
fn every_importer_of_a_pnpm_lock_file_has_its_own_version() {
    let lock = "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    devDependencies:\n      turbo:\n        specifier: ^2\n        version: 2.1.2\n\n  \
        apps/new:\n    dependencies:\n      '@next/env':\n        specifier: 1.0.0\n        version: 1.0.0\n      next:\n        specifier: ^16\n        \
        version: 16.0.11(@babel/core@7.25.2)(react@19.0.0)\n\n  apps/old:\n    dependencies:\n      next:\n        specifier: ^14.0.0\n        \
        version: 14.2.3(react@18.2.0)\n\npackages:\n\n  next@14.2.3:\n    resolution: {integrity: sha512-x}\n";
    let files = [
        ("pnpm-lock.yaml", lock),
        ("pnpm-workspace.yaml", "packages:\n- apps/*\n"),
        ("package.json", "{}"),
        ("apps/new/package.json", r#"{ "dependencies": { "next": "^16" } }"#),
        ("apps/new/app/page.tsx", ""),
        ("apps/old/package.json", r#"{ "dependencies": { "next": "^14.0.0" } }"#),
        ("apps/old/app/page.tsx", ""),
        // Left over from the time before the workspace.
        (
            "apps/old/pnpm-lock.yaml",
            "lockfileVersion: '6.0'\n\ndependencies:\n  next:\n    specifier: ^13\n    version: 13.4.4\n",
        ),
    ];
    assert_eq!(
        lines(&apps(&files)),
        ["apps/new: 16.0.11 (lock file) turbopack", "apps/old: 14.2.3 (lock file) webpack"]
    );
}

#[test]
fn every_lock_file_format_is_read() {
    let package = r#"{ "name": "web", "dependencies": { "next": "^14.0.0" } }"#;
    for (name, text) in [
        (
            "pnpm-lock.yaml",
            "lockfileVersion: 5.4\n\nspecifiers:\n  next: ^14.0.0\n\ndependencies:\n  next: 14.1.3_react@18.2.0\n",
        ),
        (
            "pnpm-lock.yaml",
            "lockfileVersion: '6.0'\n\ndependencies:\n  next:\n    specifier: ^14.0.0\n    version: 14.1.3(react@18.2.0)\n",
        ),
        (
            "yarn.lock",
            "# yarn lockfile v1\n\n\n\"@next/env@14.2.0\":\n  version \"14.2.0\"\n\nnext@^14.0.0, next@^14.1.0:\n  version \"14.1.3\"\n  resolved \"x\"\n\nnext@^14.2.0:\n  version \"14.2.9\"\n",
        ),
        (
            "yarn.lock",
            "__metadata:\n  version: 8\n\n\"next@npm:^14.0.0\":\n  version: 14.1.3\n  resolution: \"next@npm:14.1.3\"\n",
        ),
        (
            "bun.lock",
            "{\n  \"workspaces\": { \"\": { \"dependencies\": { \"next\": \"^14.0.0\", }, }, },\n  \"packages\": {\n    \"next\": [\"next@14.1.3\", \"\", {}, \"sha512-x\"],\n    \"other/next\": [\"next@14.2.9\", \"\"],\n  }\n}\n",
        ),
        (
            "package-lock.json",
            "{ \"lockfileVersion\": 1, \"dependencies\": {\n    \"a\": { \"version\": \"1.0.0\",\n      \"requires\": { \"next\": \"^13\" },\n      \"dependencies\": {\n        \"next\": { \"version\": \"13.0.0\" } } },\n    \"next\": { \"version\": \"14.1.3\" } } }",
        ),
        (
            "package-lock.json",
            "{ \"packages\": { \"node_modules/a/node_modules/next\": { \"version\": \"13.0.0\" }, \"node_modules/next\": { \"version\": \"14.1.3\" } } }",
        ),
    ] {
        assert_eq!(one(package, &[(name, text)]), ": 14.1.3 (lock file) webpack", "{name}: {text}");
    }
}

#[test]
fn scripts_may_choose_the_other_bundler() {
    let bundler = |version: &str, scripts: &str| {
        let package = format!(r#"{{ "dependencies": {{ "next": "{version}" }}, "scripts": {{ {scripts} }} }}"#);
        one(&package, &[]).rsplit(' ').next().unwrap_or_default().to_owned()
    };
    assert_eq!(bundler("16.4.6", r#""build": "next build""#), "turbopack");
    assert_eq!(bundler("16.4.6", r#""build": "prisma generate && next build --webpack""#), "webpack");
    assert_eq!(bundler("16.4.6", r#""build": "pnpm run build:next", "build:next": "next build --webpack""#), "webpack");
    assert_eq!(bundler("16.4.6", r#""dev": "next dev --webpack""#), "webpack");
    assert_eq!(bundler("16.4.6", r#""dev": "next dev --webpack", "build": "next build""#), "turbopack");
    assert_eq!(bundler("15.5.29", r#""build": "next build""#), "webpack");
    assert_eq!(bundler("15.5.29", r#""build": "next build --turbopack""#), "turbopack");
    assert_eq!(bundler("15.5.29", r#""build": "next build", "dev": "next dev --turbo""#), "webpack");
    assert_eq!(bundler("14.2.35", r#""build": "next build --turbo""#), "webpack");
    let files = tree(&[("package.json", r#"{ "dependencies": { "next": "14.2.3" } }"#), ("app/page.tsx", "")]);
    let forced = discover(&files, &Manifests::read(&files), |_| Overrides {
        bundler: Some(Bundler::Turbopack),
        ..Overrides::default()
    });
    assert_eq!(forced.all[0].bundler, Bundler::Turbopack);
}

#[test]
fn both_route_folders_share_a_parent() {
    let folders = |files: &[&str]| {
        let mut all = vec![("package.json", r#"{ "dependencies": { "next": "15.1.0" } }"#)];
        all.extend(files.iter().map(|path| (*path, "")));
        let app = apps(&all).all.into_iter().next().expect("the package depends on the framework and has routes");
        (app.app_dir, app.pages_dir)
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(folders(&["src/app/page.tsx", "src/pages/a.tsx"]), (some("src/app"), some("src/pages")));
    assert_eq!(folders(&["app/page.tsx", "src/app/page.tsx", "src/pages/a.tsx"]), (some("app"), None));
    assert_eq!(folders(&["app/page.tsx", "pages/api/a.ts"]), (some("app"), some("pages")));
    assert_eq!(folders(&["src/app/page.tsx", "pages/api/a.ts"]), (some("src/app"), None));
    assert_eq!(folders(&["application/page.tsx", "src/pages/a.tsx"]), (None, some("src/pages")));
}

#[test]
fn a_broken_manifest_yields_what_can_be_had() {
    let conflict = "\u{feff}{\n  // by hand\n  \"name\": \"web\",\n<<<<<<< HEAD\n  \"version\": \"1.0.0\",\n=======\n  \"version\": \"2.0.0\",\n>>>>>>> other\n  \
        \"dependencies\": {\n    \"next\": \"14.2.3\",\n  },\n}\n";
    assert_eq!(one(conflict, &[]), ": 14.2.3 (package.json) webpack");
    assert_eq!(
        one("{ \"name\": \"web\",\n \"dependencies\": {\n \"next\": \"14.2.3\"", &[]),
        ": 14.2.3 (package.json) webpack"
    );
    assert_eq!(one("{ \"name\": \n", &[("next.config.js", "")]), ": 16.4.6 (assumed) turbopack");
    let tree = tree(&[("package.json", conflict)]);
    let manifests = Manifests::read(&tree);
    let errors = &manifests.packages[0].errors;
    assert_eq!(errors.len(), 1, "one cause, one error");
    assert!(conflict[errors[0].span.start as usize..].starts_with("<<<<<<< HEAD"));
    let name = manifests.packages[0].name.clone().expect("the line before the conflict is whole");
    assert_eq!(&conflict[name.span.start as usize..name.span.end as usize], "\"web\"");
}

#[test]
fn what_is_no_app() {
    let none = |files: &[(&str, &str)]| assert_eq!(lines(&apps(files)), [""; 0]);
    none(&[]);
    none(&[("app/page.tsx", "")]);
    none(&[("package.json", r#"{ "devDependencies": { "next": "15" } }"#), ("src/index.ts", "")]);
    none(&[("package.json", r#"{ "devDependencies": { "next": "15" } }"#), ("src/pages/list.tsx", "")]);
    none(&[("package.json", r#"{ "peerDependencies": { "next": "15" } }"#), ("app/page.tsx", "")]);
    none(&[("package.json", r#"{ "devDependencies": { "next": "15" } }"#), ("app/helpers.ts", "")]);
    none(&[("next.config.js", ""), ("src/index.ts", "")]);
}

#[test]
fn files_belong_to_the_nearest_app_and_package() {
    let apps = apps(&[
        ("package.json", r#"{ "name": "root", "workspaces": ["packages/**", "!packages/private"] }"#),
        ("web/package.json", r#"{ "name": "web", "dependencies": { "next": "15.1.0" } }"#),
        ("web/app/page.tsx", ""),
        ("web/templates/x/package.json", r#"{ "dependencies": { "next": "14.2.3" } }"#),
        ("web/templates/x/pages/index.js", ""),
        ("packages/ui/package.json", r#"{ "name": "@acme/ui", "bin": "./cli.js" }"#),
        ("packages/private/package.json", r#"{ "name": "private", "dependencies": { "expo": "52" } }"#),
    ]);
    assert_eq!(apps.of("web/lib/db.ts"), Some(0));
    assert_eq!(apps.of("web/templates/x/lib/db.ts"), Some(1));
    assert_eq!(apps.of("webs/db.ts"), None);
    let package = |path| apps.packages.of(path).and_then(|package| package.name.as_deref());
    assert_eq!(package("packages/ui/src/button.tsx"), Some("@acme/ui"));
    assert_eq!(package("scripts/seed.ts"), Some("root"));
    let named = |name| apps.packages.named(name).expect("the tree has a package of this name");
    assert_eq!(named("@acme/ui").workspace.as_deref(), Some(""));
    assert_eq!(named("@acme/ui").bins[0].name, "ui");
    assert_eq!(named("private").workspace, None);
    assert_eq!((named("private").native, named("web").native), (true, false));
}

#[test]
fn crates_inherit_from_their_workspace() {
    let apps = apps(&[
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\"crates/*\"]\nexclude = [\"crates/old\"]\n[workspace.dependencies]\ndb-core = { path = \"crates/db\", \
             package = \"db\", features = [\"pg\"] }\naxum = \"0.8\"\n",
        ),
        (
            "crates/api/Cargo.toml",
            "[package]\nname = \"my-api\"\n[dependencies]\ndb-core.workspace = true\nweb = { package = \"axum\", version = \"0.7\" }\naxum = { \
             workspace = true, features = [\"ws\"] }\n[dev-dependencies]\nold = { path = \"../old\" }\n[[bin]]\nname = \"serve\"\npath = \"server.rs\"\n",
        ),
        ("crates/api/server.rs", ""),
        ("crates/api/src/lib.rs", ""),
        ("crates/api/src/bin/seed.rs", ""),
        ("crates/db/Cargo.toml", "[package]\nname = \"db\"\nversion = \n"),
        ("crates/db/src/lib.rs", ""),
        ("crates/old/Cargo.toml", "[package]\nname = \"old\"\n"),
    ]);
    let api = apps.crates.of("crates/api/src/routes/users.rs").expect("the file lies in a crate");
    assert_eq!((api.name.as_str(), api.workspace.as_deref()), ("my-api", Some("")));
    let targets: Vec<_> = api.targets.iter().map(|target| (target.name.as_str(), target.path.as_str())).collect();
    let expected = [
        ("my_api", "crates/api/src/lib.rs"),
        ("serve", "crates/api/server.rs"),
        ("seed", "crates/api/src/bin/seed.rs"),
    ];
    assert_eq!(targets, expected);
    let link = |name: &str| {
        let link = api.dependencies.iter().find(|link| link.name == name).expect("the crate depends on it");
        (link.package.as_str(), link.version.as_deref(), link.folder.as_deref(), link.features.join(","))
    };
    assert_eq!(link("db_core"), ("db", None, Some("crates/db"), "pg".to_owned()));
    assert_eq!(link("web"), ("axum", Some("0.7"), None, String::new()));
    assert_eq!(link("axum"), ("axum", Some("0.8"), None, "ws".to_owned()));
    assert_eq!(link("old"), ("old", None, Some("crates/old"), String::new()));
    assert_eq!(apps.crates.at("crates/old").map(|old| old.workspace.clone()), Some(None));
    assert_eq!(apps.crates.at("crates/db").map(|db| db.name.as_str()), Some("db"));
}
