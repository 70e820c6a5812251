//! What the program writes beside its report: files in other formats, timings, completions, manual pages.
#![expect(clippy::disallowed_methods, reason = "the tests make folders for the program and read what it wrote")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

fn edgelint(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_edgelint"));
    command
        .current_dir(folder)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .expect("the program was built for this test")
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// An app with one finding: a note.
fn app() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let manifest = r#"{ "name": "shop", "dependencies": { "next": "16.0.0", "react": "19.0.0" } }"#;
    for (path, text) in [
        ("package.json", manifest),
        ("app/page.tsx", "export default function Page() { return <main /> }\n"),
        ("app/broken.ts", "export const = ;\n"),
    ] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("it is in the folder")).expect("folders can be made");
        fs::write(path, text).expect("files can be written");
    }
    folder
}

/// The names in the folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder can be read").flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn several_formats_in_one_run() {
    let folder = app();
    fs::write(folder.path().join("report.xml"), "old and longer than what comes").expect("files can be written");
    let arguments = ["check", "--format", "compact", "--output", "sarif=report.sarif", "--output", "junit=report.xml"];
    let run = edgelint(folder.path(), &arguments);
    assert_eq!(run.status.code(), Some(0), "{}", err(&run));
    assert!(String::from_utf8_lossy(&run.stdout).starts_with("app/broken.ts:1:"), "{run:?}");
    let sarif: Value = serde_json::from_slice(&fs::read(folder.path().join("report.sarif")).expect("it was written"))
        .expect("it is JSON");
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "parse-error");
    let junit = fs::read_to_string(folder.path().join("report.xml")).expect("it was written");
    assert!(junit.starts_with("<?xml") && junit.ends_with("</testsuites>\n"), "{junit}");
    assert_eq!(names(folder.path()), ["app", "package.json", "report.sarif", "report.xml"]);
}

#[test]
fn what_cannot_be_written_is_an_error_and_the_rest_is_written() {
    let folder = app();
    let locked = folder.path().join("locked.json");
    fs::write(&locked, "kept").expect("files can be written");
    let mut permissions = fs::metadata(&locked).expect("it is there").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&locked, permissions).expect("modes can be set");
    for (bad, words) in [
        ("json=missing/report.json", "error: cannot write `missing/report.json`: there is no folder `missing`\n"),
        ("json=locked.json", "error: cannot write `locked.json`: it is read-only\n"),
        ("json=app", "error: cannot write `app`: it is a folder\n"),
        ("json=package.json/a", "error: cannot write `package.json/a`: "),
        #[cfg(target_os = "linux")]
        ("json=/dev/full", "error: cannot write `/dev/full`: No space left on device"),
    ] {
        let run = edgelint(folder.path(), &["check", "--output", bad, "--output", "compact=good.txt"]);
        assert_eq!(run.status.code(), Some(2), "{bad}: {}", err(&run));
        assert!(err(&run).contains(words), "{bad}: {}", err(&run));
        assert!(String::from_utf8_lossy(&run.stdout).contains("parse-error"), "{bad}: {run:?}");
        assert!(fs::read_to_string(folder.path().join("good.txt")).is_ok_and(|text| text.contains("parse-error")));
        fs::remove_file(folder.path().join("good.txt")).expect("it was written");
        assert_eq!(names(folder.path()), ["app", "locked.json", "package.json"], "{bad}");
    }
    assert_eq!(fs::read_to_string(&locked).expect("it is there"), "kept");
}

#[test]
fn arguments_that_mean_no_file() {
    let folder = app();
    for (arguments, words) in [
        (&["--output", "report.json"][..], "write `FORMAT=FILE`"),
        (&["--output", "sarf=a"], "unknown format `sarf`; did you mean `sarif`?"),
        (&["--output", "json="], "names no file"),
        (&["--output", "json=a", "--output", "sarif=a"], "`a` is named twice"),
    ] {
        let run = edgelint(folder.path(), &[&["check"], arguments].concat());
        assert!(run.status.code() == Some(2) && err(&run).contains(words), "{arguments:?}: {}", err(&run));
    }
    assert_eq!(names(folder.path()), ["app", "package.json"]);
}

#[cfg(unix)]
#[test]
fn streams_and_links_are_written_through() {
    let folder = app();
    let run =
        edgelint(folder.path(), &["check", "-q", "--output", "compact=/dev/stdout", "--output", "json=/dev/null"]);
    let stdout = String::from_utf8_lossy(&run.stdout).into_owned();
    assert_eq!((run.status.code(), stdout.matches("[parse-error]").count()), (Some(0), 2), "{stdout}{}", err(&run));
    assert!(!fs::metadata("/dev/null").expect("it is there").is_file());

    fs::create_dir(folder.path().join("reports")).expect("folders can be made");
    fs::write(folder.path().join("reports/real.txt"), "old").expect("files can be written");
    std::os::unix::fs::symlink("reports/real.txt", folder.path().join("link.txt")).expect("links can be made");
    let run = edgelint(folder.path(), &["check", "--output", "compact=link.txt"]);
    assert_eq!(run.status.code(), Some(0), "{}", err(&run));
    assert!(fs::symlink_metadata(folder.path().join("link.txt")).expect("it is there").is_symlink());
    let real = fs::read_to_string(folder.path().join("reports/real.txt")).expect("it is there");
    assert!(real.contains("parse-error"), "{real}");
    assert_eq!(names(&folder.path().join("reports")), ["real.txt"]);
}

#[test]
fn timings_go_to_stderr_alone() {
    let folder = app();
    for command in ["check", "endpoints"] {
        let plain = edgelint(folder.path(), &[command, "-q", "--format", "json"]);
        let timed = edgelint(folder.path(), &[command, "-q", "--format", "json", "--timings"]);
        assert!(err(&plain).is_empty() && plain.stdout == timed.stdout, "{}", err(&plain));
        for name in ["walk", "extract", "link", "check", "parse-error"] {
            let found = err(&timed).lines().any(|line| line.trim_start().starts_with(name) && line.ends_with(" ms"));
            assert!(found, "{name}: {}", err(&timed));
        }
    }
}

#[test]
fn no_progress_where_stderr_is_no_terminal() {
    let folder = app();
    for number in 0..1_500 {
        fs::write(folder.path().join(format!("app/{number}.ts")), "export const a = 1\n".repeat(100)).expect("written");
    }
    let run = edgelint(folder.path(), &["check"]);
    assert!(
        !err(&run).contains("reading") && !err(&run).contains('\r') && !err(&run).contains('\u{1b}'),
        "{}",
        err(&run)
    );
}

#[test]
fn shells_and_man_know_every_command() {
    let folder = app();
    let help = edgelint(folder.path(), &["--help"]);
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|name| !name.is_empty())
        .collect();
    assert!(commands.contains(&"check") && commands.contains(&"completions"), "{help}");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = String::from_utf8_lossy(&edgelint(folder.path(), &["completions", shell]).stdout).into_owned();
        for command in &commands {
            assert!(script.contains(command), "{shell}: {command}");
        }
        assert!(script.contains("output") && script.contains("timings"), "{shell}");
    }
    let page = String::from_utf8_lossy(&edgelint(folder.path(), &["man"]).stdout).into_owned();
    for command in commands {
        assert!(page.contains(&format!("edgelint\\-{command}(1)")), "{command}: {page}");
        let own = edgelint(folder.path(), &["man", command]);
        assert!(own.status.success() && own.stdout.starts_with(b".ie"), "{command}: {own:?}");
    }
    let unknown = edgelint(folder.path(), &["man", "chekc"]);
    assert!(unknown.status.code() == Some(2) && err(&unknown).contains("did you mean `check`?"), "{}", err(&unknown));
}

#[test]
fn sarif_lists_what_is_held_back_on_request() {
    let folder = app();
    let ignored = "// edgelint-ignore parse-error: a template\nexport const = ;\n";
    fs::write(folder.path().join("app/template.ts"), ignored).expect("files can be written");
    let (known, baseline) = ("edgelint-baseline.txt", "--baseline");
    assert_eq!(edgelint(folder.path(), &["check", "--write-baseline"]).status.code(), Some(0));
    let results = |flags: &[&str]| {
        let run = edgelint(folder.path(), &[&["check", "--format", "sarif", baseline, known], flags].concat());
        let log: Value = serde_json::from_slice(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", err(&run)));
        log["runs"][0]["results"].as_array().expect("a list").clone()
    };
    assert_eq!(results(&[]).len(), 0);
    let listed = results(&["--sarif-suppressed"]);
    let kinds: Vec<&str> = listed.iter().filter_map(|result| result["suppressions"][0]["kind"].as_str()).collect();
    assert_eq!(kinds, ["external", "inSource"]);
    assert_eq!(listed[1]["suppressions"][0]["justification"], "a template");
    let alone = edgelint(folder.path(), &["check", "--sarif-suppressed"]);
    assert!(alone.status.code() == Some(2) && err(&alone).contains("give `--format sarif`"), "{}", err(&alone));
}
