//! `edgelint init`
#![expect(clippy::disallowed_methods, reason = "the command line writes the files that it is told to")]

use std::env;
use std::fs;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, ValueEnum};

use super::{baseline, print, say};
use crate::apps::{self, Apps, Overrides};
use crate::manifest::Manifests;
use crate::report;
use crate::source::disk;

const CONFIGURATION: &str = include_str!("init/edgelint.toml");
const HOOK: &str = include_str!("init/pre-commit");
const GITHUB: &str = include_str!("init/github.yml");
const GITLAB: &str = include_str!("init/gitlab.yml");

#[derive(Args)]
pub(super) struct Arguments {
    /// A folder of the project
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Write a pre-commit hook too
    #[arg(long)]
    hook: bool,
    /// Write a CI file too
    #[arg(long, value_enum, value_name = "HOST")]
    ci: Option<Host>,
    /// Ask nothing: write the configuration, and what --hook and --ci say
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
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let given = arguments.path.display();
    let root = disk::find_root(&arguments.path).with_context(|| format!("cannot find the root of `{given}`"))?;
    let tree = disk::open(&root).with_context(|| format!("cannot read `{}`", root.display()))?;
    let apps = apps::discover(&tree, &Manifests::read(&tree), |_| Overrides::default());
    let asks = !arguments.yes && io::stdin().is_terminal() && io::stderr().is_terminal();
    say(&found(&apps, &root));

    let mut planned = Vec::new();
    if !asks || agrees("write `edgelint.toml`?", true)? {
        planned.push(Planned {
            path: root.join("edgelint.toml"),
            text: CONFIGURATION.replace("# {apps}\n", &listed(&apps)),
            executable: false,
        });
    }
    if arguments.hook || asks && agrees("write a pre-commit hook?", false)? {
        match hook(&root) {
            Some(path) => planned.push(Planned { path, text: HOOK.to_owned(), executable: true }),
            None => {
                say("no git repository here; this would be the hook:\n");
                print(|out| out.write_all(HOOK.as_bytes()))?;
            }
        }
    }
    let host = match arguments.ci {
        None if asks => wanted_host()?,
        host => host,
    };
    planned.extend(host.map(|host| ci(&root, host)));
    for file in &planned {
        write(file)?;
    }
    say(&format!(
        "next: `edgelint check`; where it says too much for now, `edgelint check --write-baseline`, and from then on \
         `edgelint check --baseline {}`\n",
        baseline::DEFAULT
    ));
    Ok(ExitCode::SUCCESS)
}

/// Writes a file that is not there. What is there stays, and what would have been written goes to stdout.
fn write(file: &Planned) -> anyhow::Result<()> {
    let name = shown(&file.path);
    if let Some(folder) = file.path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make the folder `{}`", shown(folder)))?;
    }
    match disk::create(&file.path, file.text.as_bytes()) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            say(&format!("`{name}` exists and is left as it is; this would have been written:\n"));
            return print(|out| out.write_all(file.text.as_bytes()));
        }
        Err(error) => return Err(error).with_context(|| format!("cannot write `{name}`")),
    }
    if file.executable {
        make_executable(&file.path).with_context(|| format!("cannot make `{name}` executable"))?;
    }
    say(&format!("wrote `{name}`\n"));
    Ok(())
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

/// Where the hooks of this project are: the folder of a tool that keeps them, else that of git; nowhere without git.
fn hook(root: &Path) -> Option<PathBuf> {
    let kept = [".husky", ".githooks"].iter().map(|name| root.join(name)).find(|folder| folder.is_dir());
    let git = || {
        let git = root.ancestors().map(|folder| folder.join(".git")).find(|git| git.exists())?;
        if git.is_dir() {
            return Some(git.join("hooks"));
        }
        // In a linked worktree `.git` is a file that says where the folder is.
        let text = disk::read_text(&git).ok()?;
        let folder = git.with_file_name(text.trim().strip_prefix("gitdir: ")?);
        Some(common(&folder).join("hooks"))
    };
    Some(kept.or_else(git)?.join("pre-commit"))
}

/// The folder that all worktrees share: `.git` of `.git/worktrees/name`.
fn common(git: &Path) -> &Path {
    let worktrees = git.parent().filter(|above| above.file_name().is_some_and(|name| name == "worktrees"));
    worktrees.and_then(Path::parent).unwrap_or(git)
}

fn ci(root: &Path, host: Host) -> Planned {
    let (path, text) = match host {
        Host::Github => (".github/workflows/edgelint.yml", GITHUB),
        Host::Gitlab => (".gitlab-ci.yml", GITLAB),
    };
    Planned { path: root.join(path), text: text.to_owned(), executable: false }
}

fn found(apps: &Apps, root: &Path) -> String {
    let root = root.display();
    match apps.all.len() {
        0 => format!("no app found below `{root}`\n"),
        1 => format!("1 app found below `{root}`\n"),
        count => format!("{count} apps found below `{root}`\n"),
    }
}

/// One comment an app: `#   apps/web: next 16.4.6 (lock file), turbopack`.
fn listed(apps: &Apps) -> String {
    let line = |app: &apps::App| {
        let root = if app.root.is_empty() { "." } else { &app.root };
        let (framework, bundler) = (app.framework.as_str(), app.bundler.as_str());
        let text = format!("{root}: {framework} {} ({}), {bundler}", app.version.text, app.version_source);
        format!("#   {}\n", report::one_line(&text))
    };
    let lines: String = apps.all.iter().map(line).collect();
    if lines.is_empty() { "#   none\n".to_owned() } else { lines }
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

/// A path as the user would write it here.
pub(super) fn shown(path: &Path) -> String {
    let here = env::current_dir().ok();
    let short = here.as_deref().and_then(|here| path.strip_prefix(here).ok());
    short.filter(|short| !short.as_os_str().is_empty()).unwrap_or(path).display().to_string()
}
