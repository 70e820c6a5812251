//! Import resolution over trees held in memory: what a specifier means, case by case.

use std::sync::Arc;

use edgelint::resolve::{Origin, Reason, Resolution, Resolver, Workspace};
use edgelint::source::{memory, parent};

/// Resolves `specifier` as written in `from`, in a tree of these files (path, text).
fn resolve(files: &[(&str, &str)], from: &str, specifier: &str) -> (Origin, String) {
    let mut all: Vec<(String, Vec<u8>)> =
        files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    if !files.iter().any(|(path, _)| *path == from) {
        all.push((from.to_owned(), Vec::new()));
    }
    let tree = Arc::new(memory::tree(all));
    let named = |(path, text): &(&str, &str)| {
        let manifest: serde_json::Value = serde_json::from_str(text).ok()?;
        let name = manifest["name"].as_str().filter(|_| path.ends_with("package.json"))?;
        Some(Workspace { name: name.to_owned(), folder: parent(path).to_owned() })
    };
    let packages: Vec<Workspace> = files.iter().filter_map(named).collect();
    let resolver = Resolver::new(&tree, &packages);
    let from = tree.find(from).expect("the importing file is in the tree");
    let resolved = resolver.resolve(from, specifier);
    assert_eq!(resolved, resolver.resolve(from, specifier), "asked twice");
    let to = match resolved.to {
        Resolution::File(id) => tree.path(id).to_owned(),
        Resolution::Asset(id) => format!("asset {}", tree.path(id)),
        Resolution::Package(name) => format!("package {name}"),
        Resolution::Builtin => "builtin".to_owned(),
        Resolution::Virtual(kind) => format!("virtual: {kind}"),
        Resolution::Unresolved(reason) => format!("unresolved: {}", reason.as_str()),
    };
    (resolved.origin, to)
}

#[track_caller]
fn check(files: &[(&str, &str)], from: &str, cases: &[(&str, Origin, &str)]) {
    for (specifier, origin, expected) in cases {
        assert_eq!(resolve(files, from, specifier), (*origin, (*expected).to_owned()), "`{specifier}` in `{from}`");
    }
}

fn unresolved(reason: Reason) -> String {
    format!("unresolved: {}", reason.as_str())
}

#[test]
fn relative_paths_by_extension_index_and_written_extension() {
    let files = [
        ("a/x.ts", ""),
        ("a/x.tsx", ""),
        ("a/y.mts", ""),
        ("a/z/index.ts", ""),
        ("a/z.css", ""),
        ("a/only.tsx", ""),
        ("a/both.js", ""),
        ("a/both.ts", ""),
        ("a/shape.d.ts", ""),
        ("a/logo.svg", ""),
        ("a/user.ts", ""),
        ("index.ts", ""),
    ];
    use Origin::Relative;
    check(
        &files,
        "a/from.ts",
        &[
            ("./x", Relative, "a/x.tsx"),
            ("./x.js", Relative, "a/x.ts"),
            ("./y.mjs", Relative, "a/y.mts"),
            ("./only.jsx", Relative, "a/only.tsx"),
            ("./only.js", Relative, "a/only.tsx"),
            ("./both.js", Relative, "a/both.js"),
            ("./z", Relative, "a/z/index.ts"),
            ("./z/", Relative, "a/z/index.ts"),
            ("./z.css", Relative, "asset a/z.css"),
            ("./shape", Relative, "asset a/shape.d.ts"),
            ("./logo.svg?url", Relative, "asset a/logo.svg"),
            ("!!raw-loader!./x.ts", Relative, "a/x.ts"),
            ("..", Relative, "index.ts"),
            (".", Relative, "unresolved: no such file"),
            ("./user.types", Relative, "unresolved: no such file"),
            ("./Only", Relative, "unresolved: a file differs in case alone"),
            ("../../x", Relative, "unresolved: leads out of the tree"),
        ],
    );
}

#[test]
fn a_folder_is_not_the_file_beside_it() {
    check(&[("a.ts", ""), ("a/index.ts", "")], "a/b.ts", &[(".", Origin::Relative, "a/index.ts")]);
}

#[test]
fn a_folder_with_a_manifest_is_entered_by_its_main() {
    let files = [("lib/package.json", r#"{"main": "./code/start.js"}"#), ("lib/code/start.ts", "")];
    check(&files, "x.ts", &[("./lib", Origin::Relative, "lib/code/start.ts")]);
}

#[test]
fn paths_and_base_url_of_the_nearest_configuration() {
    let files = [
        ("tsconfig.json", r#"{"compilerOptions": {"paths": {"@/*": ["./wrong/*"], "~/*": ["./root/*"]}}}"#),
        ("root/r.ts", ""),
        (
            "web/tsconfig.json",
            "\u{feff}{\n// a comment\n\"compilerOptions\": {\"baseUrl\": \".\", \"paths\": {\"@/*\": [\"gen/*\", \"src/*\"], \"@/x\": [\"./exact.ts\"], \"@/deep/*\": [\"far/*\"],},},}",
        ),
        ("web/src/lib/db.ts", ""),
        ("web/gen/lib/made.ts", ""),
        ("web/exact.ts", ""),
        ("web/far/y.ts", ""),
        ("web/based/b.ts", ""),
        ("web/types.d.ts", ""),
        ("app/jsconfig.json", r#"{"compilerOptions": {"paths": {"@/*": ["./*"]}}}"#),
        ("app/j.js", ""),
    ];
    use Origin::Alias;
    check(
        &files,
        "web/src/from.ts",
        &[
            ("@/lib/db", Alias, "web/src/lib/db.ts"),
            ("@/lib/made", Alias, "web/gen/lib/made.ts"),
            ("@/x", Alias, "web/exact.ts"),
            ("@/deep/y", Alias, "web/far/y.ts"),
            ("based/b", Alias, "web/based/b.ts"),
            ("types", Alias, "asset web/types.d.ts"),
            ("~/r", Alias, "root/r.ts"),
            ("based-on", Origin::Package, "package based-on"),
            ("@/nothing", Alias, "unresolved: a path of tsconfig leads to no file"),
        ],
    );
    check(&files, "app/from.js", &[("@/j", Alias, "app/j.js")]);
}

#[test]
fn an_alias_that_nothing_defines() {
    let unknown = unresolved(Reason::UnknownAlias);
    check(
        &[],
        "a.ts",
        &[("@/x", Origin::Alias, &unknown), ("~/x", Origin::Alias, &unknown), ("#x", Origin::Alias, &unknown)],
    );
}

#[test]
fn extends_by_path_by_array_by_package_and_from_outside() {
    let files = [
        ("base/one.json", r#"{"compilerOptions": {"paths": {"one/*": ["./one/*"]}}}"#),
        ("base/one/x.ts", ""),
        ("base/dir.json", r#"{"compilerOptions": {"paths": {"@/*": ["${configDir}/src/*"]}}}"#),
        ("tools/package.json", r#"{"name": "@repo/tsconfig"}"#),
        ("tools/next.json", r#"{"extends": "./deeper", "compilerOptions": {"jsx": "preserve"}}"#),
        ("tools/deeper.json", r#"{"compilerOptions": {"baseUrl": "./here"}}"#),
        ("tools/here/based/x.ts", ""),
        ("a/tsconfig.json", r#"{"extends": "../base/one"}"#),
        (
            "b/tsconfig.json",
            r#"{"extends": ["../base/one.json", "@tsconfig/strictest/tsconfig.json", "../base/dir.json"]}"#,
        ),
        ("b/src/y.ts", ""),
        ("c/tsconfig.json", r#"{"extends": "@repo/tsconfig/next.json"}"#),
        ("loop/tsconfig.json", r#"{"extends": "./tsconfig.json", "compilerOptions": {"paths": {"@/*": ["./*"]}}}"#),
        ("loop/z.ts", ""),
    ];
    check(&files, "a/f.ts", &[("one/x", Origin::Alias, "base/one/x.ts")]);
    check(&files, "b/f.ts", &[("@/y", Origin::Alias, "b/src/y.ts"), ("one/x", Origin::Package, "package one/x")]);
    check(&files, "c/f.ts", &[("based/x", Origin::Alias, "tools/here/based/x.ts")]);
    check(&files, "loop/f.ts", &[("@/z", Origin::Alias, "loop/z.ts")]);
}

#[test]
fn a_solution_refers_to_the_configuration_that_includes_the_file() {
    let files = [
        (
            "tsconfig.json",
            r#"{"files": [], "references": [{"path": "./tsconfig.node.json"}, {"path": "./tsconfig.app.json"}, {"path": "./lib"}]}"#,
        ),
        ("tsconfig.app.json", r#"{"include": ["src"], "compilerOptions": {"paths": {"@/*": ["./src/*"]}}}"#),
        ("tsconfig.node.json", r#"{"include": ["*.config.ts"], "compilerOptions": {"paths": {"@/*": ["./node/*"]}}}"#),
        ("src/x.ts", ""),
        ("node/x.ts", ""),
        ("lib/tsconfig.json", r#"{"compilerOptions": {"paths": {"@/*": ["./in/*"]}}}"#),
        ("lib/in/x.ts", ""),
    ];
    check(&files, "src/[id]/page.tsx", &[("@/x", Origin::Alias, "src/x.ts")]);
    check(&files, "vite.config.ts", &[("@/x", Origin::Alias, "node/x.ts")]);
    check(&files, "lib/f.ts", &[("@/x", Origin::Alias, "lib/in/x.ts")]);
}

#[test]
fn root_dirs_lie_over_each_other() {
    let files = [("tsconfig.json", r#"{"compilerOptions": {"rootDirs": ["src", "made"]}}"#), ("made/views/v.ts", "")];
    check(&files, "src/views/f.ts", &[("./v", Origin::Relative, "made/views/v.ts")]);
}

#[test]
fn workspace_packages_without_node_modules() {
    let files = [
        (
            "ui/package.json",
            r#"{"name": "@repo/ui", "exports": {".": {"types": "./dist/i.d.ts", "import": "./src/main.tsx"}, "./*": ["./src/*.ts", "./src/*.tsx"], "./server": {"react-server": "./src/rsc.ts", "default": "./src/client.ts"}, "./css": "./src/a.css"}}"#,
        ),
        ("ui/src/main.tsx", ""),
        ("ui/src/button.tsx", ""),
        ("ui/src/rsc.ts", ""),
        ("ui/src/client.ts", ""),
        ("ui/src/a.css", ""),
        ("db/package.json", r#"{"name": "db", "main": "./code.ts"}"#),
        ("db/code.ts", ""),
        ("db/sub/part.ts", ""),
        ("plain/package.json", r#"{"name": "plain"}"#),
        ("plain/index.ts", ""),
        ("typed/package.json", r#"{"name": "typed", "types": "./src/t.ts"}"#),
        ("typed/src/t.ts", ""),
        ("empty/package.json", r#"{"name": "empty"}"#),
    ];
    use Origin::Workspace;
    check(
        &files,
        "web/f.ts",
        &[
            ("@repo/ui", Workspace, "ui/src/main.tsx"),
            ("@repo/ui/button", Workspace, "ui/src/button.tsx"),
            ("@repo/ui/server", Workspace, "ui/src/rsc.ts"),
            ("@repo/ui/css", Workspace, "asset ui/src/a.css"),
            ("db", Workspace, "db/code.ts"),
            ("db/sub/part", Workspace, "db/sub/part.ts"),
            ("db/sub/none", Workspace, "unresolved: no such file"),
            ("plain", Workspace, "plain/index.ts"),
            ("typed", Workspace, "typed/src/t.ts"),
            ("empty", Workspace, "unresolved: the package has no entry file"),
            ("@repo/other", Origin::Package, "package @repo/other"),
        ],
    );
    let closed =
        [("ui/package.json", r#"{"name": "ui", "exports": {".": "./a.ts"}}"#), ("ui/a.ts", ""), ("ui/b.ts", "")];
    check(&closed, "f.ts", &[("ui/b", Workspace, &unresolved(Reason::NoSuchExport))]);
}

#[test]
fn a_name_is_what_the_importing_package_asks_for() {
    let files = [
        ("dayjs/package.json", r#"{"name": "dayjs", "version": "0.0.0"}"#),
        ("dayjs/index.ts", ""),
        (
            "web/package.json",
            r#"{"name": "web", "dependencies": {"dayjs": "^1.11.0", "kit": "link:../vendor/kit", "ui": "workspace:@repo/ui@*", "other": "npm:dayjs@1"}}"#,
        ),
        ("vendor/kit/package.json", r#"{"name": "@vendor/kit", "main": "k.ts"}"#),
        ("vendor/kit/k.ts", ""),
        ("ui/package.json", r#"{"name": "@repo/ui", "exports": "./u.ts"}"#),
        ("ui/u.ts", ""),
        ("api/package.json", r#"{"name": "api", "dependencies": {"dayjs": "workspace:*"}}"#),
    ];
    use Origin::{Package, Workspace};
    check(
        &files,
        "web/f.ts",
        &[
            ("dayjs", Package, "package dayjs"),
            ("kit", Workspace, "vendor/kit/k.ts"),
            ("ui", Workspace, "ui/u.ts"),
            ("other", Package, "package other"),
        ],
    );
    check(&files, "api/f.ts", &[("dayjs", Workspace, "dayjs/index.ts")]);
}

#[test]
fn of_packages_of_one_name_the_nearest() {
    let files = [
        ("one/lib/package.json", r#"{"name": "lib"}"#),
        ("one/lib/index.ts", ""),
        ("two/lib/package.json", r#"{"name": "lib"}"#),
        ("two/lib/index.ts", ""),
    ];
    check(&files, "two/app/f.ts", &[("lib", Origin::Workspace, "two/lib/index.ts")]);
    check(&files, "one/app/f.ts", &[("lib", Origin::Workspace, "one/lib/index.ts")]);
}

#[test]
fn built_output_by_root_dir_by_bundler_entry_and_by_name() {
    let files = [
        ("a/package.json", r#"{"name": "a", "main": "./out/index.js"}"#),
        ("a/tsconfig.json", r#"{"compilerOptions": {"rootDir": "code", "outDir": "out"}}"#),
        ("a/code/index.ts", ""),
        (
            "b/package.json",
            r#"{"name": "b", "exports": {".": {"types": "./dist/index.d.ts", "import": "./dist/index.mjs"}, "./react": "./dist/react.js"}}"#,
        ),
        ("b/tsup.config.ts", "export default { entry: { index: 'lib/start.ts', \"react\": 'lib/hooks/use.ts' } }"),
        ("b/lib/start.ts", ""),
        ("b/lib/hooks/use.ts", ""),
        (
            "c/package.json",
            r#"{"name": "c", "exports": {".": "./dist/esm/index.js", "./*": "./dist/*.js", "./gone": "./dist/gone.js"}}"#,
        ),
        ("c/src/index.ts", ""),
        ("c/src/ui/card.tsx", ""),
        ("c/src/hooks/index.ts", ""),
        ("d/package.json", r#"{"name": "d", "main": "dist/main.js", "source": "app/entry.ts"}"#),
        ("d/app/entry.ts", ""),
        ("e/package.json", r#"{"name": "e", "main": "dist", "scripts": {"build": "tsup lib/only.ts --format esm"}}"#),
        ("e/lib/only.ts", ""),
    ];
    use Origin::Workspace;
    check(
        &files,
        "web/f.ts",
        &[
            ("a", Workspace, "a/code/index.ts"),
            ("b", Workspace, "b/lib/start.ts"),
            ("b/react", Workspace, "b/lib/hooks/use.ts"),
            ("c", Workspace, "c/src/index.ts"),
            ("c/ui/card", Workspace, "c/src/ui/card.tsx"),
            ("c/hooks", Workspace, "c/src/hooks/index.ts"),
            ("c/gone", Workspace, "unresolved: built output without a source in the tree"),
            ("d", Workspace, "d/app/entry.ts"),
            ("e", Workspace, "e/lib/only.ts"),
        ],
    );
}

#[test]
fn imports_of_a_package() {
    let files = [
        (
            "web/package.json",
            r##"{"name": "web", "imports": {"#db": "./src/db.js", "#lib/*": "./src/lib/*.ts", "#dep": "some-dep", "#ui": "ui"}}"##,
        ),
        ("web/src/db.ts", ""),
        ("web/src/lib/x.ts", ""),
        ("ui/package.json", r#"{"name": "ui"}"#),
        ("ui/index.ts", ""),
    ];
    check(
        &files,
        "web/src/f.ts",
        &[
            ("#db", Origin::Alias, "web/src/db.ts"),
            ("#lib/x", Origin::Alias, "web/src/lib/x.ts"),
            ("#lib/y", Origin::Alias, "unresolved: no such file"),
            ("#dep", Origin::Package, "package some-dep"),
            ("#ui", Origin::Workspace, "ui/index.ts"),
        ],
    );
}

#[test]
fn generated_prisma_clients() {
    let schema = "generator client {\n  provider = \"prisma-client\"\n  output   = \"../src/generated/prisma\"\n}\n\ngenerator zod {\n  provider = \"zod-prisma-types\"\n  output = \"../zod\"\n}\n";
    let files = [
        ("db/prisma/schema.prisma", schema),
        (
            "db/package.json",
            r#"{"name": "@repo/db", "exports": {".": "./src/index.ts", "./client": "./src/generated/prisma/client.js"}}"#,
        ),
        ("db/src/index.ts", ""),
        ("db/tsconfig.json", r#"{"compilerOptions": {"paths": {"@/*": ["./src/*"]}}}"#),
    ];
    let client = "package @prisma/client";
    check(
        &files,
        "db/src/f.ts",
        &[
            ("./generated/prisma", Origin::Relative, client),
            ("@/generated/prisma/enums", Origin::Alias, client),
            ("@repo/db/client", Origin::Workspace, client),
            ("../zod/user", Origin::Relative, "unresolved: generated, and not in the tree"),
        ],
    );
}

#[test]
fn generated_folders_that_are_not_in_the_tree() {
    let files = [
        (
            "tsconfig.json",
            r#"{"compilerOptions": {"paths": {"contentlayer/generated": ["./.contentlayer/generated"], "@/.source": ["./.source/index.ts"], "@/*": ["./src/*"]}}}"#,
        ),
        ("web/.gitignore", "# made\n/styled-system/\nroutes.gen.ts\n!kept\n"),
        ("src/x.ts", ""),
    ];
    let generated = unresolved(Reason::Generated);
    check(
        &files,
        "web/f.ts",
        &[
            ("contentlayer/generated", Origin::Alias, &generated),
            ("@/.source", Origin::Alias, &generated),
            ("./styled-system/css", Origin::Relative, &generated),
            ("./app/routes.gen", Origin::Relative, &generated),
            ("./kept", Origin::Relative, "unresolved: no such file"),
        ],
    );
}

#[test]
fn what_no_file_of_the_tree_stands_for() {
    let files = [("web/public/logo.png", ""), ("web/src/main.tsx", "")];
    use Origin::{Asset, Builtin, Package, Virtual};
    check(
        &files,
        "web/src/f.ts",
        &[
            ("fs", Builtin, "builtin"),
            ("node:fs/promises", Builtin, "builtin"),
            ("fs/promises", Builtin, "builtin"),
            ("zlib", Builtin, "builtin"),
            ("events-extra", Package, "package events-extra"),
            ("next/server", Package, "package next/server"),
            ("https://esm.sh/react", Virtual, "virtual: url"),
            ("data:text/javascript,1", Virtual, "virtual: data url"),
            ("bun:sqlite", Virtual, "virtual: module of a runtime or bundler"),
            ("virtual:pwa", Virtual, "virtual: module of a runtime or bundler"),
            ("~icons/a/b", Virtual, "virtual: module of a runtime or bundler"),
            ("C:\\x", Virtual, "virtual: absolute path of a machine"),
            ("/logo.png", Asset, "asset web/public/logo.png"),
            ("/src/main", Asset, "web/src/main.tsx"),
            ("/api/x", Virtual, "virtual: absolute path of the site"),
        ],
    );
}

#[test]
fn broken_configuration_says_nothing() {
    let files = [("tsconfig.json", "{ \"compilerOptions\": [ }"), ("ui/package.json", "{ not json"), ("x.ts", "")];
    check(&files, "f.ts", &[("./x", Origin::Relative, "x.ts"), ("y", Origin::Package, "package y")]);
}
