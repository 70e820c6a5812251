//! The program as it is started: exit status, what goes to stdout and what to stderr, and input that is not what it seems.

#![expect(clippy::disallowed_methods, reason = "the test makes trees on disk")]

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

#[path = "support/schema.rs"]
mod schema;

const LIMIT: Duration = Duration::from_secs(20);

struct Run {
    status: ExitStatus,
    stdout: String,
    stderr: String,
}

impl Run {
    fn code(&self) -> i32 {
        self.status.code().unwrap_or_else(|| panic!("ended by a signal: {:?}\n{}", self.status, self.stderr))
    }
}

fn edgelint(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_edgelint"));
    command.current_dir(folder).env_remove("NO_COLOR").stdin(Stdio::null());
    command
}

/// Runs a command to its end, which must come in time.
fn finish(command: &mut Command) -> Run {
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program was built for this test");
    let mut stdout = child.stdout.take().expect("it is piped");
    let mut stderr = child.stderr.take().expect("it is piped");
    let out = thread::spawn(move || read(&mut stdout));
    let err = thread::spawn(move || read(&mut stderr));
    let status = wait(&mut child);
    Run { status, stdout: out.join().expect("reading ends"), stderr: err.join().expect("reading ends") }
}

fn read(stream: &mut impl Read) -> String {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).expect("a pipe can be read");
    String::from_utf8(bytes).expect("all output is UTF-8")
}

fn wait(child: &mut Child) -> ExitStatus {
    let start = Instant::now();
    while start.elapsed() < LIMIT {
        if let Some(status) = child.try_wait().expect("the process can be waited for") {
            return status;
        }
        thread::sleep(Duration::from_millis(5));
    }
    child.kill().expect("the process can be ended");
    panic!("still running after {LIMIT:?}");
}

fn run(folder: &Path, arguments: &[&str]) -> Run {
    finish(edgelint(folder).args(arguments))
}

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for (path, bytes) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("it is in the folder")).expect("folders can be made");
        fs::write(path, bytes).expect("files can be written");
    }
    folder
}

/// An app with one more file in it.
fn app(path: &str, bytes: &[u8]) -> TempDir {
    let manifest = br#"{ "name": "shop", "dependencies": { "next": "16.0.0", "react": "19.0.0" } }"#;
    folder(&[
        ("package.json", manifest),
        ("app/page.tsx", b"export default function Page() { return <main /> }\n"),
        (path, bytes),
    ])
}

/// Both commands end well in every format, whatever the input; returns the document of `check`.
fn survives(folder: &TempDir) -> Value {
    for format in ["human", "compact"] {
        let run = run(folder.path(), &["check", "--format", format, "--stats"]);
        assert!(matches!(run.code(), 0 | 1), "{}", run.stderr);
        assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
        assert!(run.stdout.len() < 20_000, "{} bytes for one bad file", run.stdout.len());
    }
    let endpoints = run(folder.path(), &["endpoints", "--format", "json"]);
    assert_eq!(endpoints.code(), 0, "{}", endpoints.stderr);
    schema::exact("endpoints", &json(&endpoints));
    let routes = run(folder.path(), &["routes", "--format", "json"]);
    assert_eq!(routes.code(), 0, "{}", routes.stderr);
    schema::exact("routes", &json(&routes));
    let check = run(folder.path(), &["check", "--format", "json", "--fail-on", "note"]);
    let document = json(&check);
    schema::exact("check", &document);
    let found = document["diagnostics"].as_array().is_some_and(|found| !found.is_empty());
    assert_eq!(check.code(), i32::from(found), "{}", check.stderr);
    document
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}\n{}", run.stdout, run.stderr))
}

#[test]
fn alone_it_shows_help() {
    let folder = folder(&[]);
    let alone = run(folder.path(), &[]);
    assert_eq!((alone.code(), alone.stdout.as_str()), (2, ""));
    assert!(alone.stderr.contains("Usage: edgelint") && alone.stderr.contains("endpoints"), "{}", alone.stderr);
    let help = run(folder.path(), &["--help"]);
    assert_eq!((help.code(), help.stderr.as_str()), (0, ""));
    let version = run(folder.path(), &["--version"]);
    assert_eq!((version.code(), version.stdout), (0, format!("edgelint {}\n", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn an_empty_folder_and_one_without_an_app() {
    for folder in [folder(&[]), folder(&[("src/a.ts", b"export const a = 1\n"), ("README.md", b"# a\n")])] {
        for command in ["check", "endpoints", "routes"] {
            let run = run(folder.path(), &[command]);
            assert_eq!((run.code(), run.stdout.as_str()), (0, ""), "{}", run.stderr);
            assert_eq!(run.stderr.matches("no app found").count(), 1, "{}", run.stderr);
        }
        survives(&folder);
    }
}

#[test]
fn quiet_leaves_the_report_alone() {
    let folder = folder(&[]);
    let run = run(folder.path(), &["check", "-q"]);
    assert_eq!((run.code(), run.stdout.as_str(), run.stderr.as_str()), (0, "", ""));
}

#[test]
fn what_cannot_run_says_why_and_ends_in_2() {
    let folder = folder(&[("package.json", b"{}"), ("a.ts", b"")]);
    let elsewhere = self::folder(&[("package.json", b"{}")]);
    let elsewhere = elsewhere.path().to_str().expect("temporary folders have plain names");
    let cases: [(&[&str], &str); 10] = [
        (&["check", "missing"], "cannot read `missing`"),
        (&["endpoints", "missing"], "cannot read `missing`"),
        (&["routes", "missing"], "cannot read `missing`"),
        (&["check", ".", elsewhere], "lies outside"),
        (&["check", "--select", "action-called-externaly"], "did you mean `action-called-externally`?"),
        (&["check", "--select", "parse-error,qqqqqq"], "unknown rule `qqqqqq`\n"),
        (&["check", "--app", "shop"], "unknown app `shop`"),
        (&["check", "--threads", "0"], "0 is not in 1..=512"),
        (&["explain", "parse-eror"], "did you mean `parse-error`?"),
        (&["chekc"], "check"),
    ];
    for (arguments, words) in cases {
        let run = run(folder.path(), arguments);
        assert_eq!((run.code(), run.stdout.as_str()), (2, ""), "{arguments:?}: {}", run.stderr);
        assert!(run.stderr.contains(words), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn rules_are_listed_and_explained() {
    let folder = folder(&[]);
    let list = json(&run(folder.path(), &["rules", "--format", "json"]));
    let table = run(folder.path(), &["rules"]).stdout;
    let ids: Vec<&str> =
        list["rules"].as_array().expect("a list").iter().filter_map(|rule| rule["id"].as_str()).collect();
    assert_eq!(ids.len(), edgelint::rules::ALL.len());
    for id in ids {
        assert!(table.lines().any(|line| line.starts_with(id)), "{table}");
        let page = run(folder.path(), &["explain", id, "--format", "markdown"]);
        assert!(page.code() == 0 && page.stdout.starts_with(&format!("# {id}\n")), "{}", page.stdout);
    }
}

#[test]
fn a_reader_that_has_left_is_no_error() {
    let folder = app("app/broken.ts", b"export const = ;\n");
    for arguments in [&["explain", "parse-error"][..], &["rules"], &["check", "--format", "json"], &["--help"]] {
        let (reader, writer) = std::io::pipe().expect("a pipe can be made");
        drop(reader);
        let mut child =
            edgelint(folder.path()).args(arguments).stdout(writer).stderr(Stdio::piped()).spawn().expect("it starts");
        let status = wait(&mut child);
        let stderr = read(&mut child.stderr.take().expect("it is piped"));
        assert!(matches!(status.code(), Some(0 | 1)), "{arguments:?}: {status:?} {stderr}");
        assert!(!stderr.contains("panicked") && !stderr.contains("error"), "{stderr}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let folder = folder(&[]);
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
    let mut child =
        edgelint(folder.path()).arg("rules").stdout(full).stderr(Stdio::piped()).spawn().expect("it starts");
    assert_eq!(wait(&mut child).code(), Some(2));
    assert!(read(&mut child.stderr.take().expect("it is piped")).starts_with("error: cannot write the report"));
}

#[test]
fn colors_are_for_terminals() {
    let folder = app("app/broken.ts", b"export const = ;\n");
    let plain = run(folder.path(), &["check"]);
    assert!(!plain.stdout.contains('\u{1b}') && !plain.stderr.contains('\u{1b}'), "{}", plain.stdout);
    let always = finish(edgelint(folder.path()).args(["check", "--color", "always"]).env("NO_COLOR", "1"));
    assert_eq!(always.stdout.contains('\u{1b}'), !plain.stdout.is_empty(), "{}", always.stdout);
}

/// `script` gives its child a terminal.
#[cfg(target_os = "linux")]
#[test]
fn no_color_is_heard_on_a_terminal() {
    let folder = app("app/broken.ts", b"export const = ;\n");
    let command = format!("{} check", env!("CARGO_BIN_EXE_edgelint"));
    let mut script = Command::new("script");
    script.current_dir(folder.path()).args(["-qec", &command, "/dev/null"]).stdin(Stdio::null());
    if script.output().is_err() {
        // Without the tool there is no terminal to test on, and `colors_are_for_terminals` stands alone.
        return;
    }
    let on = finish(script.env("TERM", "xterm").env_remove("NO_COLOR"));
    let off = finish(script.env("TERM", "xterm").env("NO_COLOR", "1"));
    assert!(off.stdout.contains("file") && !off.stdout.contains('\u{1b}'), "{:?}", off.stdout);
    assert_eq!(on.stdout.contains('\u{1b}'), on.stdout.contains("parse-error"), "{:?}", on.stdout);
}

#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_ends_it() {
    use std::os::unix::process::ExitStatusExt;

    let folder = app("app/broken.ts", b"export const = ;\n");
    for number in 0..2_000 {
        fs::write(folder.path().join(format!("app/{number}.ts")), "export const = ;\n").expect("files can be written");
    }
    // Nobody reads the pipe, so a run with more to say than the pipe holds waits. `env` undoes what a shell without
    // job control does to the signal of what it starts in the background.
    let mut child = Command::new("env")
        .args(["--default-signal=INT", env!("CARGO_BIN_EXE_edgelint"), "check", "--format", "json"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    thread::sleep(Duration::from_millis(300));
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("there is a `kill`");
    let status = wait(&mut child);
    // 2 is the number of the signal; a shell says 130.
    assert!(sent.success() && (status.signal() == Some(2) || status.code() == Some(0)), "{status:?}");
}

#[cfg(unix)]
#[test]
fn a_fifo_named_like_a_source_file() {
    let folder = app("app/a.ts", b"export const a = 1\n");
    let made = Command::new("mkfifo").arg(folder.path().join("app/x.ts")).status().expect("there is a `mkfifo`");
    assert!(made.success());
    survives(&folder);
}

#[cfg(unix)]
#[test]
fn a_loop_of_links() {
    let folder = app("app/a.ts", b"export const a = 1\n");
    std::os::unix::fs::symlink(folder.path(), folder.path().join("app/again")).expect("links can be made");
    std::os::unix::fs::symlink("b.ts", folder.path().join("app/b.ts")).expect("links can be made");
    survives(&folder);
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read() {
    use std::os::unix::fs::PermissionsExt;

    let folder = app("app/locked.ts", b"export const = ;\n");
    let path = folder.path().join("app/locked.ts");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).expect("modes can be set");
    // The superuser reads it all the same, and then it is a broken file.
    survives(&folder);
}

#[test]
fn names_with_spaces_and_of_all_scripts() {
    let folder = app("app/(grüße 你好)/my page.tsx", b"export default () => <p />\n");
    survives(&folder);
    let run = run(folder.path(), &["check", "app/(grüße 你好)/my page.tsx", "app"]);
    assert!(matches!(run.code(), 0 | 1), "{}", run.stderr);
}

#[test]
fn bytes_that_are_no_text() {
    let bytes: Vec<u8> = (0..100_000_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    survives(&app("app/image.ts", &bytes));
}

#[test]
fn a_byte_order_mark_and_carriage_returns() {
    survives(&app("app/actions.ts", "\u{feff}'use server'\r\n\r\nexport async function save() {}\r\n".as_bytes()));
}

#[test]
fn five_megabytes_on_one_line() {
    survives(&app("app/minified.js", "export const a=1;var b={c:[1,2]};".repeat(160_000).as_bytes()));
}

#[test]
fn twenty_thousand_parentheses() {
    let nested = format!("export const a = {}1{}\n", "(".repeat(20_000), ")".repeat(20_000));
    survives(&app("app/nested.ts", nested.as_bytes()));
}

#[test]
fn a_file_that_does_not_parse() {
    survives(&app("app/broken.ts", b"'use server'\nexport async function save( {\n"));
}
