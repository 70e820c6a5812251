//! Every call of a checkout and what it resolves to, one JSON line a call, for the comparison in `calls.mjs`.
//!
//! `cargo run --release --example calls -- CHECKOUT`

#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "an example has arguments and says what went wrong"
)]

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use edgelint::analysis::{Analysis, Options};
use edgelint::facts::FileKind;
use edgelint::project::Project;
use edgelint::project::graph::Resolved;
use edgelint::project::graph::resolution::{Leads, Resolution};
use edgelint::project::program::modules::{FunctionRef, Module, ModuleId};
use edgelint::source::{Span, disk};
use serde_json::{Value as Json, json};

/// Workers parse and drop deep trees.
const STACK: usize = 64 << 20;

fn main() -> ExitCode {
    let Some(checkout) = std::env::args().nth(1) else {
        eprintln!("usage: calls CHECKOUT");
        return ExitCode::from(2);
    };
    let pool = rayon::ThreadPoolBuilder::new().stack_size(STACK).build_global();
    let outcome = pool.map_err(io::Error::other).and_then(|()| print(Path::new(&checkout)));
    match outcome {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            eprintln!("{checkout}: {error}");
            ExitCode::from(2)
        }
        _ => ExitCode::SUCCESS,
    }
}

fn print(checkout: &Path) -> io::Result<()> {
    let tree = disk::open(checkout)?;
    let project = rayon::scope(|_| Analysis::new(tree).link(&Options::default(), &|_| {}));
    let mut resolution = project.resolution();
    let mut out = BufWriter::new(io::stdout().lock());
    for (id, module) in project.modules() {
        if matches!(module.facts.kind, FileKind::Rust | FileKind::Mdx) {
            continue;
        }
        for call in (0..).take(module.facts.calls.len()) {
            writeln!(out, "{}", line(&project, &mut resolution, id, module, call))?;
        }
    }
    out.flush()
}

fn line(project: &Project, resolution: &mut Resolution<'_>, id: ModuleId, module: &Module, call: u32) -> Json {
    let facts = &module.facts;
    let described = &facts.calls[call as usize];
    let (resolved, leads) = resolution.call(id, call);
    let to: Vec<Json> = leads.into_iter().flat_map(|leads| targets(project, leads)).collect();
    let (class, why) = outcome(resolved);
    let (start, end) = (facts.lines.position(described.name_span.start), facts.lines.position(described.name_span.end));
    json!({
        "path": project.path(id),
        "line": start.line,
        "column": start.column,
        "end": { "line": end.line, "column": end.column },
        "to": to,
        "as": class,
        "why": why,
    })
}

/// Where that is which a call leads to: a function's own name, and of an action also where it is declared.
fn targets(project: &Project, leads: Leads) -> Vec<Json> {
    let own =
        |at: FunctionRef| place(project, at.module, project.module(at.module).facts.function(at.function).name_span);
    match leads {
        Leads::Function(function) => vec![own(function)],
        Leads::Class(module, class) => {
            vec![place(project, module, project.module(module).facts.classes[class as usize].span)]
        }
        Leads::Action(action) => {
            let action = project.actions().get(action);
            let declared = place(project, action.module, action.declared);
            action.function.map(own).into_iter().chain([declared]).collect()
        }
    }
}

/// What the callee is, and why it is not known where it is not.
fn outcome(resolved: Resolved) -> (&'static str, Option<&'static str>) {
    match resolved {
        Resolved::Function => ("function", None),
        Resolved::Action => ("action", None),
        Resolved::Class => ("class", None),
        Resolved::Modelled => ("modelled", None),
        Resolved::Inert => ("inert", None),
        Resolved::Foreign(reason) => ("foreign", Some(reason)),
        Resolved::Intrinsic => ("intrinsic", None),
        Resolved::Parameter => ("parameter", None),
        Resolved::Dynamic(reason) => ("dynamic", Some(reason)),
    }
}

fn place(project: &Project, module: ModuleId, span: Span) -> Json {
    let line = project.module(module).facts.lines.position(span.start).line;
    json!({ "path": project.path(module), "line": line })
}
