//! The first minutes in a project: `init`, a baseline, and what is said where a file cannot be read or written.
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
    assert!(err.contains("1 finding in the baseline `edgelint-baseline.txt`; a run with `--baseline"), "{err}");
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
fn init_writes_what_is_asked_for_and_says_what_next() {
    let folder = app();
    fs::create_dir(folder.path().join(".git")).expect("folders can be made");
    let (code, out, err) = run(folder.path(), &["init", "--yes", "--hook", "--ci", "github"]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert!(err.starts_with("1 app found below"), "{err}");
    for path in ["edgelint.toml", ".git/hooks/pre-commit", ".github/workflows/edgelint.yml"] {
        assert!(err.contains(&format!("wrote `{path}`\n")), "{err}");
        assert!(read(&folder, path).contains("edgelint"), "{path}");
    }
    assert!(err.contains("--write-baseline"), "{err}");
    let configuration = read(&folder, "edgelint.toml");
    assert!(configuration.starts_with("#:schema "), "{configuration}");
    assert!(configuration.contains("#   .: next 16.0.0 (package.json), turbopack\n"), "{configuration}");
    assert!(configuration.lines().all(|line| line.is_empty() || line.starts_with('#')), "{configuration}");
    assert_eq!(run(folder.path(), &["check"]).0, 1);
}

#[cfg(unix)]
#[test]
fn the_hook_runs() {
    use std::os::unix::fs::PermissionsExt;

    let folder = app();
    fs::create_dir(folder.path().join(".git")).expect("folders can be made");
    run(folder.path(), &["init", "--hook"]);
    let hook = folder.path().join(".git/hooks/pre-commit");
    assert_eq!(fs::metadata(&hook).expect("it is there").permissions().mode() & 0o777, 0o755);
    let program = Path::new(env!("CARGO_BIN_EXE_edgelint")).parent().expect("it is in a folder");
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let hooked = || Command::new(&hook).current_dir(folder.path()).env("PATH", &path).output().expect("it starts");
    let output = hooked();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("`pay`"));
    run(folder.path(), &["check", "--write-baseline"]);
    assert_eq!(hooked().status.code(), Some(0));
}

#[test]
fn init_overwrites_nothing() {
    let folder = app();
    write(&folder, "edgelint.toml", "# mine\n");
    write(&folder, ".gitlab-ci.yml", "mine: {}\n");
    let (code, out, err) = run(folder.path(), &["init", "--ci", "gitlab", "--hook"]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("`edgelint.toml` exists and is left as it is; this would have been written:\n"), "{err}");
    assert!(err.contains("`.gitlab-ci.yml` exists") && err.contains("no git repository here"), "{err}");
    assert!(out.contains("#:schema") && out.contains("codequality:") && out.contains("#!/bin/sh"), "{out}");
    assert_eq!(
        (read(&folder, "edgelint.toml").as_str(), read(&folder, ".gitlab-ci.yml").as_str()),
        ("# mine\n", "mine: {}\n")
    );
    assert!(!folder.path().join(".git").exists());
}
