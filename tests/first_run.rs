//! The first minutes in a project: a baseline, a root, and what is said where a file cannot be read or written.
#![expect(clippy::disallowed_methods, reason = "the tests make the folders that the program runs in")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const MANIFEST: &str = r#"{ "name": "shop", "dependencies": { "next": "16.0.0", "react": "19.0.0" } }"#;
const ACTIONS: &str = "'use server'\nexport async function pay() {}\nexport async function cancel() {}\n";
const ROUTE: &str = "import { pay } from '../../actions'\nexport async function POST() {\n  await pay()\n}\n";

fn app() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let files = [
        ("package.json", MANIFEST),
        ("app/page.tsx", "export default function Page() { return <main /> }\n"),
        ("app/actions.ts", ACTIONS),
        ("app/api/hook/route.ts", ROUTE),
    ];
    for (path, text) in files {
        write(&folder, path, text);
    }
    folder
}

fn write(folder: &TempDir, path: &str, text: &str) {
    let path = folder.path().join(path);
    fs::create_dir_all(path.parent().expect("it is in the folder")).expect("folders can be made");
    fs::write(path, text).expect("files can be written");
}

fn read(folder: &TempDir, path: &str) -> String {
    fs::read_to_string(folder.path().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The exit status, stdout and stderr of a run.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_edgelint"));
    let Output { status, stdout, stderr } =
        command.args(arguments).current_dir(folder).stdin(Stdio::null()).output().expect("it was built for this test");
    let text = |bytes| String::from_utf8(bytes).expect("all output is UTF-8");
    (status.code().expect("it ends by itself"), text(stdout), text(stderr))
}

/// Nothing is left over beside what is written.
fn no_rest(folder: &TempDir) {
    let names = fs::read_dir(folder.path()).expect("it is a folder").flatten().map(|entry| entry.file_name());
    let rest: Vec<_> = names.filter(|name| name.to_string_lossy().ends_with(".tmp")).collect();
    assert!(rest.is_empty(), "{rest:?}");
}

#[test]
fn a_baseline_hides_what_is_in_it_and_nothing_else() {
    let folder = app();
    let check = |arguments: &[&str]| run(folder.path(), &[&["check", "--format", "compact"], arguments].concat());
    assert_eq!(check(&[]).0, 1);

    let (code, out, err) = check(&["--write-baseline"]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert!(err.contains("1 finding in the baseline `edgelint-baseline.txt`; `baseline = "), "{err}");
    let written = read(&folder, "edgelint-baseline.txt");
    assert!(
        written.contains("\taction-called-externally\t.\tapp/api/hook/route.ts\tthe route handler `POST"),
        "{written}"
    );

    let with = ["--baseline", "edgelint-baseline.txt"];
    let (code, out, err) = check(&with);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert!(err.starts_with("nothing found, 1 in the baseline in 3 files"), "{err}");
    let (_, out, _) = run(folder.path(), &["check", "--format", "json", "--baseline", "edgelint-baseline.txt"]);
    assert!(out.contains("\"suppressed\":1"), "{out}");

    write(&folder, "app/api/hook/route.ts", &ROUTE.replace("pay", "cancel"));
    let (code, out, err) = check(&with);
    assert_eq!((code, out.lines().count()), (1, 1), "{out}{err}");
    assert!(out.contains("`cancel`"), "{out}");
    assert!(
        err.starts_with("1 finding of the baseline `edgelint-baseline.txt` no longer found; `--prune-baseline`"),
        "{err}"
    );
    assert_eq!(read(&folder, "edgelint-baseline.txt"), written);
    assert_eq!(
        check(&["--baseline", "edgelint-baseline.txt", "--select", "parse-error"]).2.matches("no longer").count(),
        0
    );
    no_rest(&folder);
}

#[test]
fn pruning_only_takes_away() {
    let folder = app();
    let check = |arguments: &[&str]| run(folder.path(), &[&["check"], arguments].concat());
    write(&folder, "edgelint-baseline.txt", "");
    assert_eq!(check(&["--baseline", "edgelint-baseline.txt"]).0, 2);
    check(&["--write-baseline"]);
    write(&folder, "app/api/hook/route.ts", &ROUTE.replace("pay", "cancel"));
    let (code, _, err) = check(&["--prune-baseline", "--select", "parse-error"]);
    assert!(code == 0 && !err.contains("taken out"), "{err}");
    let (code, out, err) = check(&["--prune-baseline"]);
    assert!(code == 1 && out.contains("`cancel`"), "{out}{err}");
    assert!(err.contains("1 finding taken out of the baseline `edgelint-baseline.txt`, 0 left"), "{err}");
    assert_eq!(read(&folder, "edgelint-baseline.txt").lines().count(), 1);
    assert_eq!(check(&["--prune-baseline", "--write-baseline"]).0, 2);
}

#[test]
fn a_run_of_some_rules_keeps_the_lines_of_the_others() {
    let folder = app();
    write(&folder, "app/broken.ts", "export async function f( {\n");
    let all = run(folder.path(), &["check", "--write-baseline"]);
    let written = read(&folder, "edgelint-baseline.txt");
    assert_eq!(written.lines().count(), 3, "{written}{}", all.2);
    run(folder.path(), &["check", "--write-baseline", "--select", "parse-error", "app/api"]);
    assert_eq!(read(&folder, "edgelint-baseline.txt"), written);
}

#[test]
fn a_file_that_is_no_baseline_is_named_and_kept() {
    let folder = app();
    let cases: [(&[&str], &str); 5] = [
        (&["--baseline", "none.txt"], "there is no baseline `none.txt`; `--write-baseline` writes one"),
        (&["--baseline", "none.txt", "--prune-baseline"], "there is no baseline `none.txt`"),
        (&["--baseline", "package.json"], "the baseline `package.json` is not understood: line 1: a baseline starts"),
        (&["--baseline", "package.json", "--write-baseline"], "the baseline `package.json` is not understood: line 1"),
        (
            &["--baseline", "no/such.txt", "--write-baseline"],
            "cannot write the baseline `no/such.txt`: there is no folder `no`",
        ),
    ];
    for (arguments, words) in cases {
        let (code, out, err) = run(folder.path(), &[&["check"], arguments].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {err}");
        assert!(err.starts_with("error: ") && err.contains(words), "{arguments:?}: {err}");
    }
    assert_eq!(read(&folder, "package.json"), MANIFEST);
    no_rest(&folder);
}

#[cfg(target_os = "linux")]
#[test]
fn a_place_that_takes_nothing_is_an_error() {
    let folder = app();
    let (code, _, err) = run(folder.path(), &["check", "--baseline", "/dev/full", "--write-baseline"]);
    assert!(code == 2 && err.contains("cannot read the baseline `/dev/full`: not a regular file"), "{err}");

    run(folder.path(), &["check", "--write-baseline"]);
    let path = folder.path().join("edgelint-baseline.txt");
    let before = read(&folder, "edgelint-baseline.txt");
    let mut mode = fs::metadata(&path).expect("it is there").permissions();
    mode.set_readonly(true);
    fs::set_permissions(&path, mode).expect("modes can be set");
    write(&folder, "app/api/hook/route.ts", &ROUTE.replace("pay", "cancel"));
    for flag in ["--write-baseline", "--prune-baseline"] {
        let (code, _, err) = run(folder.path(), &["check", flag]);
        assert!(
            code == 2 && err.contains("cannot write the baseline `edgelint-baseline.txt`: the file is read-only"),
            "{err}"
        );
    }
    assert_eq!(read(&folder, "edgelint-baseline.txt"), before);
    no_rest(&folder);
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link() {
    let folder = app();
    write(&folder, "ci/known.txt", "# edgelint baseline 1\n");
    let link = folder.path().join("known.txt");
    std::os::unix::fs::symlink("ci/known.txt", &link).expect("links can be made");
    let (code, _, err) = run(folder.path(), &["check", "--baseline", "known.txt", "--write-baseline"]);
    assert_eq!(code, 0, "{err}");
    assert!(fs::symlink_metadata(&link).expect("it is there").is_symlink());
    assert_eq!(read(&folder, "ci/known.txt").lines().count(), 2);
}

#[test]
fn a_fix_flag_without_a_fix_changes_nothing() {
    let folder = app();
    let (code, out, _) = run(folder.path(), &["check", "--diff"]);
    assert_eq!((code, out.as_str()), (0, ""));
    let (code, out, err) = run(folder.path(), &["check", "--fix"]);
    assert!(code == 1 && out.contains("`pay`") && !err.contains("fixed"), "{out}{err}");
    assert_eq!(read(&folder, "app/api/hook/route.ts"), ROUTE);
}

#[test]
fn the_configuration_names_the_baseline_and_flags_hold_over_it() {
    let folder = app();
    write(&folder, "edgelint.toml", "baseline = \"ci/known.txt\"\n");
    let check = |arguments: &[&str]| run(folder.path(), &[&["check", "--format", "compact"], arguments].concat());
    let (code, out, _) = check(&[]);
    let missing =
        "edgelint.toml:1:12: error[invalid-configuration] there is no baseline `ci/known.txt`; `edgelint check";
    assert!(code == 1 && out.contains(missing) && out.contains("`pay`"), "{out}");
    let (code, _, err) = check(&["--write-baseline"]);
    assert!(code == 2 && err.contains("there is no folder `ci`"), "{err}");
    fs::create_dir(folder.path().join("ci")).expect("folders can be made");
    let (code, out, err) = check(&["--write-baseline"]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert!(err.starts_with("1 finding in the baseline `ci/known.txt`\n"), "{err}");
    assert_eq!(check(&[]).0, 0);
    assert_eq!(run(&folder.path().join("app"), &["check", "-q"]).0, 0, "from anywhere");
    write(&folder, "edgelint.toml", "baseline = \"ci/known.txt\"\nexclud = []\n");
    let (code, out, _) = check(&["--write-baseline"]);
    assert!(code == 1 && out.lines().count() == 1 && out.contains("unknown key `exclud`"), "{out}");
    assert!(check(&[]).1.contains("unknown key `exclud`"), "a mistake is not lived with");
    write(&folder, "edgelint.toml", "baseline = \"ci/known.txt\"\n");

    write(&folder, "other.txt", "# edgelint baseline 1\n");
    let (code, out, _) = check(&["--baseline", "other.txt"]);
    assert!(code == 1 && out.contains("`pay`"), "{out}");
    write(&folder, "app/api/hook/route.ts", &ROUTE.replace("pay", "cancel"));
    let (_, _, err) = check(&["--prune-baseline"]);
    assert!(err.starts_with("1 finding taken out of the baseline `ci/known.txt`, 0 left\n"), "{err}");
    assert!(!folder.path().join("edgelint-baseline.txt").exists());

    write(&folder, "ci/known.txt", "mine\n");
    let (code, out, _) = check(&[]);
    assert!(code == 1 && out.contains("the baseline `ci/known.txt` is not understood: line 1: "), "{out}");
    let (code, _, err) = check(&["--write-baseline"]);
    assert!(code == 2 && err.contains("the baseline `ci/known.txt` is not understood: line 1: "), "{err}");
    assert_eq!(read(&folder, "ci/known.txt"), "mine\n");
}

#[test]
fn the_root_is_told_where_it_is_not_the_folder_one_stands_in() {
    let folder = app();
    let (_, _, err) = run(folder.path(), &["check"]);
    assert!(!err.contains("the root is"), "{err}");
    let (_, out, err) = run(&folder.path().join("app/api"), &["check", "--format", "compact"]);
    assert!(
        out.starts_with("app/api/hook/route.ts:") && err.contains("(the package), and paths are relative"),
        "{err}"
    );
    assert_eq!(run(&folder.path().join("app/api"), &["check", "-q"]).2, "");

    let repository = tempfile::tempdir().expect("a temporary folder can be made");
    for (path, text) in [
        (".git/HEAD", ""),
        ("package.json", r#"{ "workspaces": ["apps/*"] }"#),
        ("apps/web/package.json", MANIFEST),
        ("apps/web/app/page.tsx", "export default () => null\n"),
        ("apps/web/edgelint.toml", "[rules]\nengine = \"note\"\n"),
    ] {
        write(&repository, path, text);
    }
    for command in ["check", "endpoints"] {
        let (code, _, err) = run(repository.path(), &[command, "apps/web"]);
        let root = "the root is `apps/web` (it has an `edgelint.toml`), and paths are relative to it\n";
        assert!(
            code == 0 && err.contains(root) && err.contains("nothing else of `.` is read, for the root has"),
            "{err}"
        );
        let (_, _, err) = run(repository.path(), &[command]);
        assert!(!err.contains("the root is") && !err.contains("nothing else"), "{err}");
    }
    let (code, _, err) = run(repository.path(), &["check", "apps/web", "package.json"]);
    assert!(code == 2 && err.contains("the root of the first path (it has an `edgelint.toml`); check it"), "{err}");
}

#[test]
fn the_summary_says_what_lies_elsewhere_and_where_to_read_on() {
    let folder = app();
    let (code, _, err) = run(folder.path(), &["check", "package.json"]);
    assert!(code == 0 && err.starts_with("nothing found here, 1 elsewhere in 3 files"), "{err}");
    assert!(!err.contains("edgelint explain"), "{err}");
    let (_, _, err) = run(folder.path(), &["check"]);
    assert!(err.starts_with("\n1 warning in 3 files"), "a blank line below the excerpts: {err}");
    assert!(err.contains("`edgelint explain action-called-externally` says why"), "{err}");
    assert!(err.contains("in preview did not run: `--preview` adds them"), "{err}");
    for all in [&["check", "--preview"][..], &["check", "--select", "action-called-externally"]] {
        assert!(!run(folder.path(), all).2.contains("did not run"));
    }
    assert!(!run(folder.path(), &["check", "--format", "compact"]).2.contains("edgelint explain"));
    write(&folder, "app/broken.ts", "export async function f( {\n");
    assert!(run(folder.path(), &["check"]).2.contains("`edgelint explain RULE` says why"));
}
