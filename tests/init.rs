//! `edgelint init`: what it writes works where it is written, and nothing that is there is touched.
#![expect(clippy::disallowed_methods, reason = "the tests make the folders that the program runs in")]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const MANIFEST: &str = r#"{ "name": "shop", "dependencies": { "next": "16.0.0", "react": "19.0.0" } }"#;
const ACTIONS: &str = "'use server'\nexport async function pay() {}\n";
const ROUTE: &str = "import { pay } from '../../actions'\nexport async function POST() {\n  await pay()\n}\n";
const HOOK: &str = ".git/hooks/pre-commit";

/// An app with one finding, below `base`.
fn app(base: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let files = [
        ("package.json", MANIFEST),
        ("app/page.tsx", "export default function Page() { return <main /> }\n"),
        ("app/actions.ts", ACTIONS),
        ("app/api/hook/route.ts", ROUTE),
    ];
    for (path, text) in files {
        write(folder.path(), &format!("{base}{path}"), text);
    }
    folder
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("it is in the folder")).expect("folders can be made");
    fs::write(path, text).expect("files can be written");
}

fn read(folder: &TempDir, path: &str) -> String {
    fs::read_to_string(folder.path().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A command that knows no settings of a user's and finds the program of this test.
fn command(program: &str, folder: &Path) -> Command {
    let own = Path::new(env!("CARGO_BIN_EXE_edgelint")).parent().expect("it is in a folder");
    let mut command = Command::new(program);
    let path = format!("{}:{}", own.display(), std::env::var("PATH").unwrap_or_default());
    command.current_dir(folder).env("PATH", path).stdin(Stdio::null());
    command.env("GIT_CONFIG_GLOBAL", folder.join("none")).env("GIT_CONFIG_NOSYSTEM", "1");
    command
}

/// The exit status, stdout and stderr of a run.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    finish(command("edgelint", folder).args(arguments))
}

fn finish(command: &mut Command) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command.output().expect("it starts");
    let text = |bytes| String::from_utf8(bytes).expect("all output is UTF-8");
    (status.code().expect("it ends by itself"), text(stdout), text(stderr))
}

fn git(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    finish(command("git", folder).args(["-c", "user.name=a", "-c", "user.email=a@example.com"]).args(arguments))
}

/// Makes a repository; `false` on a machine without `git`, where there are no hooks to test.
fn repository(folder: &Path) -> bool {
    Command::new("git").arg("--version").output().is_ok() && git(folder, &["init", "--quiet"]).0 == 0
}

#[test]
fn it_writes_what_is_asked_for_and_says_what_next() {
    let folder = app("");
    let (code, out, err) = run(folder.path(), &["init", "--yes", "--schema", "--ci", "github"]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert!(err.starts_with("1 app found below"), "{err}");
    assert!(err.contains(":\n  .: next 16.0.0 (package.json), turbopack\n"), "{err}");
    for path in ["edgelint.toml", "edgelint.schema.json", ".github/workflows/edgelint.yml"] {
        assert!(err.contains(&format!("wrote `{path}`\n")), "{err}");
    }
    assert!(err.contains("variable `EDGELINT_SOURCE` has yet to say") && err.contains("--write-baseline"), "{err}");
    let configuration = read(&folder, "edgelint.toml");
    assert!(configuration.starts_with("#:schema ./edgelint.schema.json\n"), "{configuration}");
    assert!(configuration.contains("#   .: next 16.0.0 (package.json), turbopack\n"), "{configuration}");
    assert!(configuration.lines().all(|line| line.is_empty() || line.starts_with('#')), "{configuration}");
    let schema: serde_json::Value = read(&folder, "edgelint.schema.json").parse().expect("a schema is JSON");
    assert_eq!(schema, edgelint::config::schema());
    assert_eq!(run(folder.path(), &["check"]).0, 1);

    let (_, out, err) = run(folder.path(), &["init", "--schema", "--ci", "github"]);
    assert_eq!(out, "", "{err}");
    for line in [
        "`edgelint.toml` is there and stays as it is\n",
        "`edgelint.schema.json` is there already\n`#:schema ./edgelint.schema.json` as the first line",
        "`.github/workflows/edgelint.yml` is there already\n",
    ] {
        assert!(err.contains(line), "{line}: {err}");
    }
}

#[test]
fn every_line_of_the_configuration_is_understood() {
    let folder = app("");
    run(folder.path(), &["check", "--write-baseline"]);
    run(folder.path(), &["init"]);
    let configuration = read(&folder, "edgelint.toml");
    assert!(configuration.starts_with("# `edgelint init --schema` writes"), "{configuration}");
    assert!(
        configuration.contains("\nbaseline = \"edgelint-baseline.txt\"\n"),
        "the baseline is there: {configuration}"
    );
    assert_eq!(run(folder.path(), &["check"]).0, 0);
    let is_setting = |line: &str| line.starts_with('[') || line.split(' ').nth(1) == Some("=");
    let settings = configuration.lines().map(|line| line.strip_prefix("# ").unwrap_or(line));
    let settings: Vec<&str> = settings.filter(|line| is_setting(line)).collect();
    assert_eq!(settings.len(), 5, "{settings:?}");
    write(folder.path(), "edgelint.toml", &settings.join("\n"));
    write(folder.path(), "generated/a.ts", "");
    let (code, out, err) = run(folder.path(), &["check", "--select", "invalid-configuration", "--fail-on", "note"]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
}

#[test]
fn nothing_is_overwritten() {
    let folder = app("");
    write(folder.path(), "edgelint.toml", "# mine\n");
    write(folder.path(), ".gitlab-ci.yml", "mine: {}\n");
    let (code, out, err) = run(folder.path(), &["init", "--ci", "gitlab", "--hook"]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("`edgelint.toml` is there and stays as it is\n"), "{err}");
    assert!(err.contains("`.gitlab-ci.yml` is there and stays as it is; this would have been written:\n"), "{err}");
    assert!(err.contains("no git repository here; this would be the hook:\n"), "{err}");
    assert!(out.contains("codequality:") && out.starts_with("#!/bin/sh\n"), "{out}");
    assert_eq!(
        (read(&folder, "edgelint.toml").as_str(), read(&folder, ".gitlab-ci.yml").as_str()),
        ("# mine\n", "mine: {}\n")
    );
    assert!(!folder.path().join(".git").exists());
}

#[test]
fn the_files_of_ci_are_yaml_and_run_the_program() {
    for (host, path) in [("github", ".github/workflows/edgelint.yml"), ("gitlab", ".gitlab-ci.yml")] {
        let folder = app("");
        run(folder.path(), &["init", "--ci", host]);
        let text = read(&folder, path);
        let file: serde_json::Value = serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{error}:\n{text}"));
        let commands: Vec<String> = match host {
            "github" => {
                let steps = file["jobs"]["edgelint"]["steps"].as_array().expect("there are steps");
                steps.iter().filter_map(|step| step["run"].as_str()).map(str::to_owned).collect()
            }
            _ => {
                let script = file["edgelint"]["script"].as_array().expect("there is a script");
                script.iter().filter_map(|line| line.as_str()).map(str::to_owned).collect()
            }
        };
        assert_eq!(commands.len(), 2, "{commands:?}");
        let (code, _, err) = finish(command("sh", folder.path()).args(["-ec", &commands[0]]));
        assert!(code != 0 && err.contains("set th"), "without the variable it says which one: {err}");
        let (code, out, err) = finish(command("sh", folder.path()).args(["-ec", &commands[1]]));
        assert!(code == 1 && out.contains("`pay`"), "{out}{err}");
        assert_eq!(folder.path().join("edgelint.json").exists(), host == "gitlab");
    }
}

#[cfg(unix)]
#[test]
fn the_hook_stops_a_commit() {
    let folder = app("");
    let here = folder.path();
    if !repository(here) {
        return;
    }
    let (_, _, err) = run(here, &["init", "--hook"]);
    assert!(err.contains(&format!("wrote `{HOOK}`\n")), "{err}");
    git(here, &["add", "."]);
    let (code, out, err) = git(here, &["commit", "-m", "a"]);
    assert!(code == 1 && format!("{out}{err}").contains("app/api/hook/route.ts:3:9: warning["), "{out}{err}");
    run(here, &["check", "--write-baseline"]);
    write(here, "edgelint.toml", "baseline = \"edgelint-baseline.txt\"\n");
    let (code, out, err) = git(here, &["commit", "-m", "b"]);
    assert_eq!(code, 0, "{out}{err}");
    let shell = command("sh", here).args(["-c", &format!("PATH=/nowhere {HOOK}")]).output().expect("it starts");
    let said = String::from_utf8_lossy(&shell.stderr).into_owned();
    assert!(shell.status.success() && said.contains("not on the PATH, so nothing is checked"), "{said}");
}

#[cfg(unix)]
#[test]
fn the_hook_goes_where_git_or_the_project_looks_for_it() {
    let there = |folder: &TempDir, path: &str| folder.path().join(path).is_file();
    let folder = app("js/");
    let here = folder.path();
    if !repository(here) {
        return;
    }
    // The root lies below the top: hooks and CI run at the top.
    write(here, "js/pnpm-workspace.yaml", "packages: []\n");
    let (_, _, err) = run(&here.join("js"), &["init", "--hook", "--ci", "github"]);
    assert!(there(&folder, HOOK) && there(&folder, "js/edgelint.toml"), "{err}");
    assert!(there(&folder, ".github/workflows/edgelint.yml"), "{err}");
    git(here, &["add", "."]);
    let (code, out, err) = git(here, &["commit", "-m", "a"]);
    assert!(code == 1 && format!("{out}{err}").contains("app/api/hook/route.ts:3:9: warning["), "{out}{err}");
    git(here, &["commit", "--no-verify", "-m", "a"]);

    git(here, &["worktree", "add", "--quiet", "linked"]);
    fs::remove_file(here.join(HOOK)).expect("it was written");
    let linked = here.join("linked");
    let (_, _, err) = run(&linked.join("js"), &["init", "--hook"]);
    fs::remove_dir_all(&linked).expect("it was made");
    assert!(there(&folder, HOOK), "hooks of a worktree are those of the repository: {err}");

    git(here, &["config", "core.hooksPath", "tools/hooks"]);
    run(here, &["init", "--hook"]);
    assert!(there(&folder, "tools/hooks/pre-commit"));

    git(here, &["config", "core.hooksPath", "/nowhere/hooks"]);
    let (_, out, err) = run(here, &["init", "--hook"]);
    assert!(err.contains("git looks for hooks in `/nowhere/hooks`, which is not this project's"), "{err}");
    assert!(out.starts_with("#!/bin/sh\n"), "{out}");

    fs::create_dir(here.join(".githooks")).expect("folders can be made");
    let (_, _, err) = run(here, &["init", "--hook"]);
    assert!(there(&folder, ".githooks/pre-commit") && err.contains("`git config core.hooksPath .githooks`"), "{err}");

    write(here, ".husky/pre-commit", "npx lint-staged\n");
    let (_, out, err) = run(here, &["init", "--hook"]);
    assert!(err.contains("`.husky/pre-commit` is there and stays as it is; add this to it:\n"), "{err}");
    assert!(out.starts_with("# The whole project") && out.contains("edgelint check --quiet"), "{out}");
}

/// `script` gives its child a terminal.
#[cfg(target_os = "linux")]
#[test]
fn at_a_terminal_it_asks() {
    let folder = app("");
    let mut script = command("script", folder.path());
    let program = format!("{} init", env!("CARGO_BIN_EXE_edgelint"));
    script.args(["-qec", &program, "/dev/null"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let Ok(mut child) = script.spawn() else {
        // Without the tool there is no terminal to ask at.
        return;
    };
    let mut answers = child.stdin.take().expect("it is piped");
    answers.write_all(b"perhaps\n\ny\nn\ngitlab\n").expect("it listens");
    let output = child.wait_with_output().expect("it ends");
    drop(answers);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.contains("please answer `y` or `n`"), "{said}");
    for (path, written) in [
        ("edgelint.toml", true),
        ("edgelint.schema.json", true),
        (".gitlab-ci.yml", true),
        (".github/workflows/edgelint.yml", false),
    ] {
        assert_eq!(folder.path().join(path).is_file(), written, "{path}: {said}");
    }
}
