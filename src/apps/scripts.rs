//! What a package's scripts say about how its app is built.

use super::{Bundler, Version};
use crate::manifest::Script;

/// The bundler that an app of this version and these scripts is built with.
pub(super) fn bundler(version: &Version, scripts: &[Script]) -> Bundler {
    let usual = if version.major >= 16 { Bundler::Turbopack } else { Bundler::Webpack };
    let has_build = scripts.iter().any(|script| script.name.value == "build");
    let stage = if has_build { "build" } else { "dev" };
    let mut commands = Vec::new();
    gather(scripts, stage, &mut Vec::new(), &mut commands);
    commands.retain(|command| command.contains(&stage));
    let says = |flags: &[&str]| commands.iter().flatten().any(|word| flags.contains(word));
    if says(&["--webpack"]) {
        Bundler::Webpack
    } else if has_build && version.at_least(15, 3) && says(&["--turbo", "--turbopack"]) {
        Bundler::Turbopack
    } else {
        usual
    }
}

/// Whether a script runs the framework's own command.
pub(super) fn runs_next(scripts: &[Script]) -> bool {
    scripts.iter().flat_map(|script| segments(&script.command.value)).any(|command| is_next(&command))
}

/// The `next ..` commands that the script `name` comes down to, through the scripts that it runs.
fn gather<'a>(scripts: &'a [Script], name: &'a str, seen: &mut Vec<&'a str>, commands: &mut Vec<Vec<&'a str>>) {
    if seen.contains(&name) {
        return;
    }
    seen.push(name);
    let Some(script) = scripts.iter().rev().find(|script| script.name.value == name) else { return };
    for command in segments(&script.command.value) {
        if is_next(&command) {
            commands.push(command);
        } else {
            command.into_iter().for_each(|word| gather(scripts, word, seen, commands));
        }
    }
}

/// The commands of a command line, each as its words.
fn segments(line: &str) -> impl Iterator<Item = Vec<&str>> {
    line.split(['&', '|', ';', '(', ')'])
        .map(|command| command.split_whitespace().map(|word| word.trim_matches(['"', '\''])).collect())
}

/// `next build`, `dotenv -- next dev`, `./node_modules/.bin/next build`; not `cd next`.
fn is_next(command: &[&str]) -> bool {
    let verbs = ["build", "dev", "start", "export", "lint", "typegen"];
    let next = |word: &&str| word.rsplit('/').next() == Some("next");
    command.iter().position(next).is_some_and(|at| command[at + 1..].iter().any(|word| verbs.contains(word)))
}
