//! Which files a walk keeps, what reading refuses, and where a root is.

#![expect(clippy::disallowed_methods, reason = "the test makes trees on disk")]

use std::fs;
use std::path::Path;

use edgelint::analysis::{Analysis, Options};
use edgelint::diagnostic::Level;
use edgelint::source::disk::{MAX_FILE_BYTES, Mark, find_root, open};
use edgelint::source::{memory, walk};
use tempfile::TempDir;

/// A folder with these files; those that end with `/` are folders.
fn folder(paths: &[&str]) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder can be made");
    paths.iter().for_each(|path| write(folder.path(), path, ""));
    folder
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    let parent = path.parent().expect("a path below the root has a parent");
    fs::create_dir_all(parent).expect("the folder is writable");
    if path.as_os_str().to_string_lossy().ends_with('/') {
        fs::create_dir_all(&path).expect("the folder is writable");
    } else {
        fs::write(&path, text).expect("the folder is writable");
    }
}

fn walked(folder: &TempDir) -> Vec<String> {
    open(folder.path()).expect("the folder can be listed").paths
}

#[test]
fn routes_are_kept_and_what_tools_write_is_not() {
    let folder = folder(&[
        "Cargo.toml",
        "app/.well-known/x/route.ts",
        "app/build/page.tsx",
        "app/dist/page.tsx",
        "app/out/page.tsx",
        "app/target/page.tsx",
        "package.json",
        "scripts/build/run.ts",
        "src/dist/page.tsx",
        // None of these.
        ".git/config",
        ".next/server/app.js",
        ".turbo/log",
        ".vercel/output/x.js",
        "dist/index.js",
        "node_modules/next/package.json",
        "out/_next/x.js",
        "build/BUILD_ID",
        "build/x.js",
        "packages/a/node_modules/b/index.js",
        "target/debug/x.rs",
    ]);
    let kept = [
        "Cargo.toml",
        "app/.well-known/x/route.ts",
        "app/build/page.tsx",
        "app/dist/page.tsx",
        "app/out/page.tsx",
        "app/target/page.tsx",
        "package.json",
        "scripts/build/run.ts",
        "src/dist/page.tsx",
    ];
    assert_eq!(walked(&folder), kept);
}

#[test]
fn only_the_gitignore_files_of_the_tree_count() {
    let outer = folder(&["repo/keep.ts", "repo/.ignore", "repo/sub/gone.ts", "repo/sub/also.ts", "repo/gone.ts"]);
    write(outer.path(), ".gitignore", "keep.ts\n");
    write(outer.path(), "repo/.ignore", "keep.ts\n");
    write(outer.path(), "repo/.gitignore", "gone.ts\n");
    write(outer.path(), "repo/sub/.gitignore", "!gone.ts\n/also.ts\n");
    let tree = open(&outer.path().join("repo")).expect("the folder can be listed");
    assert_eq!(tree.paths, [".gitignore", ".ignore", "keep.ts", "sub/.gitignore", "sub/gone.ts"]);
    assert!(tree.read("node_modules/next/package.json").is_err());
    assert!(tree.read("../.gitignore").is_err());
}

#[cfg(unix)]
#[test]
fn nothing_blocks_loops_or_crashes() {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    let folder = folder(&["a b/ü.ts", "real.ts"]);
    let root = folder.path();
    fs::create_dir(root.join("blocked")).expect("the folder is writable");
    for pipe in ["pipe.ts", "blocked/.gitignore"] {
        let made = std::process::Command::new("mkfifo").arg(root.join(pipe)).status();
        assert!(made.is_ok_and(|status| status.success()));
    }
    symlink("..", root.join("a b/loop")).expect("links can be made");
    symlink("real.ts", root.join("link.ts")).expect("links can be made");
    symlink("missing.ts", root.join("dangling.ts")).expect("links can be made");
    symlink("pipe.ts", root.join("piped.ts")).expect("links can be made");
    fs::write(root.join(std::ffi::OsStr::from_bytes(b"bad\xff.ts")), "").expect("the folder is writable");
    let large = fs::File::create(root.join("large.ts")).expect("the folder is writable");
    large.set_len(MAX_FILE_BYTES + 1).expect("a sparse file takes no room");
    let tree = open(root).expect("the folder can be listed");
    assert_eq!(tree.paths, ["a b/ü.ts", "large.ts", "link.ts", "real.ts"]);
    let problems: Vec<_> = tree.problems.iter().map(|(path, reason)| format!("{path}: {reason}")).collect();
    let expected = ["bad\u{fffd}.ts: its name is not valid UTF-8", "blocked: its `.gitignore` is not a regular file"];
    assert_eq!(problems, expected);
    let refusal = |path: &str| tree.read(path).map_err(|error| error.to_string());
    assert_eq!(refusal("pipe.ts"), Err("not a regular file".to_owned()));
    assert_eq!(refusal("large.ts"), Err("larger than 32 MiB, the most that is read of one file".to_owned()));
    assert!(open(&root.join("real.ts")).is_err());
    assert!(open(&root.join("missing")).is_err());
}

#[test]
fn the_root_is_the_outermost_that_the_contract_names() {
    let folder = folder(&[
        "repo/.git/HEAD",
        "repo/js/pnpm-workspace.yaml",
        "repo/js/apps/web/src/page.tsx",
        "repo/plain/src/a.ts",
        "configured/edgelint.toml",
        "configured/.git/HEAD",
        "configured/app/package.json",
        "loose/web/src/a.ts",
        "loose/notes/a.md",
    ]);
    let base = folder.path().canonicalize().expect("the folder exists");
    write(&base, "repo/js/apps/web/package.json", r#"{ "workspaces": ["x"] }"#);
    write(&base, "repo/plain/package.json", "{}");
    write(&base, "loose/web/package.json", r#"{ "workspaces": ["x"] }"#);
    let root = |path: &str| {
        let root = find_root(&base.join(path)).expect("the path exists").folder;
        root.strip_prefix(&base).expect("every root lies inside").to_string_lossy().into_owned()
    };
    assert_eq!(root("repo/js/apps/web/src/page.tsx"), "repo/js");
    assert_eq!(root("repo/plain/src"), "repo");
    assert_eq!(root("configured/app"), "configured");
    assert_eq!(root("loose/web/src/a.ts"), "loose/web");
    assert_eq!(root("loose/notes"), "loose/notes");
    assert!(find_root(&base.join("missing")).is_err());
    let found = |path: &str| {
        let found = find_root(&base.join(path)).expect("the path exists");
        (found.mark, found.around)
    };
    assert_eq!(found("repo/js/apps/web/src"), (Mark::Workspace, None));
    assert_eq!(found("repo/plain/src"), (Mark::Git, None));
    assert_eq!(found("configured/app"), (Mark::Configuration, None));
    assert_eq!(found("loose/web/src/a.ts"), (Mark::Package, None));
    assert_eq!(found("loose/notes"), (Mark::None, None));
    write(&base, "repo/js/apps/web/edgelint.toml", "");
    assert_eq!(found("repo/js/apps/web/src"), (Mark::Configuration, Some(base.join("repo/js"))));
    write(&base, "repo/edgelint.toml", "");
    assert_eq!(found("repo/js/apps/web/src"), (Mark::Configuration, Some(base.join("repo"))));
    assert_eq!(found("repo/plain/src"), (Mark::Configuration, None));
}

#[test]
fn what_could_not_be_walked_is_said_once_an_app_and_a_reason() {
    let manifest = r#"{ "name": "shop", "dependencies": { "next": "16.4.6" } }"#;
    let files = [("web/package.json", manifest), ("web/app/page.tsx", "export default () => null\n"), ("a.ts", "")];
    let mut tree = memory::tree(files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())));
    let denied = |path: &str| (path.to_owned(), "Permission denied".to_owned());
    let odd = |path: &str| (path.to_owned(), walk::NAME.to_owned());
    tree.problems =
        vec![denied("data"), odd("web/a\u{fffd}.png"), odd("web/a\u{fffd}.ts"), denied("web/x"), denied("web/y")];
    let report = Analysis::new(tree).run(&Options::default(), &|_| ());
    let said: Vec<String> = report
        .diagnostics
        .iter()
        .map(|found| format!("{} {:?} {}", report.path(found.primary.place.file), found.app, found.message))
        .collect();
    assert_eq!(
        said,
        [
            "web/package.json Some(\"web\") `data` is not read: Permission denied",
            "web/package.json Some(\"web\") `web/a\u{fffd}.ts` is not read: its name is not valid UTF-8",
            "web/package.json Some(\"web\") `web/x` and 1 more are not read: Permission denied",
        ]
    );
    assert!(report.diagnostics.iter().all(|found| found.rule == "incomplete-analysis" && found.level == Level::Note));
}
