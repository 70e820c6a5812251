//! Packages of the tree, what builds and generators would write, and the imports of a package.

use edgelint::resolve::{Origin, Reason};

use super::{check, unresolved};

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
