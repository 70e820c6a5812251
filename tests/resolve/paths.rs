//! Relative paths, aliases of tsconfig, and what no file stands for.

use edgelint::resolve::{Origin, Reason};

use super::{check, unresolved};

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
            ("@/lib//db", Alias, "web/src/lib/db.ts"),
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
