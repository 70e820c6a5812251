//! `edgelint init`
#![expect(clippy::disallowed_methods, reason = "the command line writes the files that it is told to")]

use std::fs;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, ValueEnum};

use super::baseline::DEFAULT;
use super::target::shown;
use super::{print, say};
use crate::apps::{self, Apps, Overrides};
use crate::config;
use crate::manifest::Manifests;
use crate::report;
use crate::source::disk;
use git::{Git, Hook};

mod git;

const CONFIGURATION: &str = include_str!("init/edgelint.toml");
const HOOK: &str = include_str!("init/pre-commit");
const GITHUB: &str = include_str!("init/github.yml");
const GITLAB: &str = include_str!("init/gitlab.yml");
/// The name of the schema's file, beside the configuration.
const SCHEMA: &str = "edgelint.schema.json";

#[derive(Args)]
pub(super) struct Arguments {
    /// A folder of the project
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Write the schema of the configuration beside it, from which editors complete it
    #[arg(long)]
    schema: bool,
    /// Write a pre-commit hook too
    #[arg(long)]
    hook: bool,
    /// Write a CI file too
    #[arg(long, value_enum, value_name = "HOST")]
    ci: Option<Host>,
    /// Ask nothing: write the configuration, and what --schema, --hook and --ci say
    #[arg(short, long)]
    yes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Host {
    Github,
    Gitlab,
}

/// A file that is to be written.
struct Planned {
    path: PathBuf,
    text: String,
    executable: bool,
    /// What to say once it is written.
    then: String,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let given = arguments.path.display();
    let root = disk::find_root(&arguments.path).with_context(|| format!("cannot read `{given}`"))?.folder;
    let tree = disk::open(&root).with_context(|| format!("cannot read `{}`", root.display()))?;
    let apps = apps::discover(&tree, &Manifests::read(&tree), |_| Overrides::default());
    let asks = !arguments.yes && io::stdin().is_terminal() && io::stderr().is_terminal();
    say(&found(&apps, &root));

    let mut planned = Vec::new();
    let path = root.join("edgelint.toml");
    let wants_schema = |what| anyhow::Ok(arguments.schema || asks && agrees(what, false)?);
    if path.exists() {
        say(&format!("`{}` is there and stays as it is\n", shown(&path)));
        if arguments.schema {
            planned
                .push(schema(&root, &format!("`#:schema ./{SCHEMA}` as the first line of `edgelint.toml` names it\n")));
        }
    } else if !asks || agrees("write `edgelint.toml`?", true)? {
        let with_schema = wants_schema("write its schema beside it, from which editors complete it?")?;
        planned.push(plan(path, configuration(&apps, &root, with_schema)));
        if with_schema {
            planned.push(schema(&root, ""));
        }
    }
    let git = Git::around(&root);
    if arguments.hook || asks && agrees("write a pre-commit hook?", false)? {
        planned.extend(hook(&root, git.as_ref())?);
    }
    let host = match arguments.ci {
        None if asks => wanted_host()?,
        host => host,
    };
    planned.extend(host.map(|host| ci(&root, git.as_ref(), host)));
    for file in &planned {
        write(file)?;
    }
    say(&format!(
        "next: `edgelint check`; where it says too much for now, `edgelint check --write-baseline` notes all of it, and \
         `baseline = \"{DEFAULT}\"` in `edgelint.toml` shows only what is new\n",
    ));
    Ok(ExitCode::SUCCESS)
}

fn plan(path: PathBuf, text: String) -> Planned {
    Planned { path, text, executable: false, then: String::new() }
}

/// The configuration: what was found, and every setting as a comment, but for a baseline that is there.
fn configuration(apps: &Apps, root: &Path, with_schema: bool) -> String {
    let schema = match with_schema {
        true => format!("#:schema ./{SCHEMA}\n"),
        false => format!("# `edgelint init --schema` writes its schema, {SCHEMA}, from which editors complete it.\n"),
    };
    let text = CONFIGURATION.replace("# {schema}\n", &schema).replace("# {apps}\n", &listed(apps, "#   "));
    match root.join(DEFAULT).is_file() {
        true => text.replace("# baseline =", "baseline ="),
        false => text,
    }
}

fn schema(root: &Path, then: &str) -> Planned {
    let text = format!("{:#}\n", config::schema());
    Planned { then: then.to_owned(), ..plan(root.join(SCHEMA), text) }
}

/// The hook, where there is a place for it; else it is printed.
fn hook(root: &Path, git: Option<&Git>) -> anyhow::Result<Option<Planned>> {
    let text = at(HOOK, root, git);
    let (path, then) = match git.map(Git::pre_commit) {
        Some(Hook::Here(path)) => (path, String::new()),
        Some(Hook::Untold(path)) => {
            (path, "`git config core.hooksPath .githooks` tells git of it, once in every clone\n".to_owned())
        }
        Some(Hook::Elsewhere(folder)) => {
            let folder = shown(&folder);
            say(&format!("git looks for hooks in `{folder}`, which is not this project's; this would be the hook:\n"));
            print(|out| out.write_all(text.as_bytes()))?;
            return Ok(None);
        }
        None => {
            say("no git repository here; this would be the hook:\n");
            print(|out| out.write_all(text.as_bytes()))?;
            return Ok(None);
        }
    };
    Ok(Some(Planned { executable: true, then, ..plan(path, text) }))
}

fn ci(root: &Path, git: Option<&Git>, host: Host) -> Planned {
    let (path, text, place) = match host {
        Host::Github => (".github/workflows/edgelint.yml", GITHUB, "the repository's variable"),
        Host::Gitlab => (".gitlab-ci.yml", GITLAB, "the project's CI/CD variable"),
    };
    let then = format!("{place} `EDGELINT_SOURCE` has yet to say where edgelint is installed from\n");
    let top = git.map_or(root, |git| &git.top);
    Planned { then, ..plan(top.join(path), at(text, root, git)) }
}

/// A text that runs edgelint at the top of the repository, about the root.
fn at(text: &str, root: &Path, git: Option<&Git>) -> String {
    let below = git.and_then(|git| root.strip_prefix(&git.top).ok()).unwrap_or(Path::new(""));
    match below.to_string_lossy().replace('\'', r"'\''") {
        below if below.is_empty() => text.replace(" {path}", ""),
        below => text.replace("{path}", &format!("'{below}'")),
    }
}

/// Writes a file that is not there. What is there stays, and what would have been written goes to stdout.
fn write(file: &Planned) -> anyhow::Result<()> {
    let name = shown(&file.path);
    if let Some(folder) = file.path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make the folder `{}`", shown(folder)))?;
    }
    match disk::create(&file.path, file.text.as_bytes()) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return there(file, &name),
        Err(error) => return Err(error).with_context(|| format!("cannot write `{name}`")),
    }
    if file.executable {
        make_executable(&file.path).with_context(|| format!("cannot make `{name}` executable"))?;
    }
    say(&format!("wrote `{name}`\n{}", file.then));
    Ok(())
}

/// What is said of a file that somebody else has written, or an earlier run.
fn there(file: &Planned, name: &str) -> anyhow::Result<()> {
    if disk::read_text(&file.path).is_ok_and(|text| text == file.text) {
        say(&format!("`{name}` is there already\n{}", file.then));
        return Ok(());
    }
    let (what, text) = match file.text.strip_prefix("#!/bin/sh\n") {
        Some(commands) => ("add this to it", commands),
        None => ("this would have been written", &*file.text),
    };
    say(&format!("`{name}` is there and stays as it is; {what}:\n"));
    print(|out| out.write_all(text.as_bytes()))
}

#[cfg(unix)]
fn make_executable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> io::Result<()> {
    Ok(())
}

/// How many apps there are, and a line each.
fn found(apps: &Apps, root: &Path) -> String {
    let root = root.display();
    match apps.all.len() {
        0 => format!("no app found below `{root}`\n"),
        1 => format!("1 app found below `{root}`:\n{}", listed(apps, "  ")),
        count => format!("{count} apps found below `{root}`:\n{}", listed(apps, "  ")),
    }
}

/// A line an app: `apps/web: next 16.4.6 (lock file), turbopack`.
fn listed(apps: &Apps, indent: &str) -> String {
    let line = |app: &apps::App| {
        let root = if app.root.is_empty() { "." } else { &app.root };
        let (framework, bundler) = (app.framework.as_str(), app.bundler.as_str());
        let text = format!("{root}: {framework} {} ({}), {bundler}", app.version.text, app.version_source);
        format!("{indent}{}\n", report::one_line(&text))
    };
    let lines: String = apps.all.iter().map(line).collect();
    if lines.is_empty() { format!("{indent}none\n") } else { lines }
}

/// Asks until it is answered; the end of the input is the default.
fn agrees(question: &str, default: bool) -> anyhow::Result<bool> {
    loop {
        let answer = ask(&format!("{question} [{}] ", if default { "Y/n" } else { "y/N" }))?;
        match answer.to_ascii_lowercase().as_str() {
            "" => return Ok(default),
            "y" | "yes" => return Ok(true),
            "n" | "no" => return Ok(false),
            _ => say("please answer `y` or `n`\n"),
        }
    }
}

fn wanted_host() -> anyhow::Result<Option<Host>> {
    loop {
        let answer = ask("write a CI file? [github/gitlab/none, default none] ")?;
        match answer.to_ascii_lowercase().as_str() {
            "" | "n" | "no" | "none" => return Ok(None),
            name => match Host::from_str(name, true) {
                Ok(host) => return Ok(Some(host)),
                Err(_) => say("please answer `github`, `gitlab` or `none`\n"),
            },
        }
    }
}

fn ask(question: &str) -> anyhow::Result<String> {
    let mut err = io::stderr().lock();
    err.write_all(question.as_bytes()).and_then(|()| err.flush()).context("cannot ask")?;
    drop(err);
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).context("cannot read the answer")?;
    Ok(answer.trim().to_owned())
}
