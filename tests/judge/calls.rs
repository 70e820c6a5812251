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
use edgelint::project::graph::{Callee, Edge, Resolved, Via};
use edgelint::project::modules::{Module, ModuleId};
use edgelint::project::symbols::Meaning;
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
    let mut out = BufWriter::new(io::stdout().lock());
    for (id, module) in project.modules() {
        if matches!(module.facts.kind, FileKind::Rust | FileKind::Mdx) {
            continue;
        }
        for call in (0..).take(module.facts.calls.len()) {
            writeln!(out, "{}", line(&project, id, module, call))?;
        }
    }
    out.flush()
}

fn line(project: &Project, id: ModuleId, module: &Module, call: u32) -> Json {
    let facts = &module.facts;
    let described = &facts.calls[call as usize];
    let edges = project.graph().module(id).iter().filter(|edge| edge.call == call && edge.via == Via::Call);
    let mut to: Vec<Json> = edges.flat_map(|edge| targets(project, edge)).collect();
    let (class, why) = outcome(project.graph().resolved(id, call));
    if let (Meaning::Class(home, class), _) = project.meaning(id, described.callee) {
        let described = &project.module(home).facts.classes[class as usize];
        to.push(place(project, home, described.span));
    }
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

/// Where the function is that an edge leads to: its own name, and of an action also where it is declared.
fn targets(project: &Project, edge: &Edge) -> Vec<Json> {
    let function = match edge.to {
        Callee::Function(function) => Some(function),
        Callee::Action(action) => project.actions().get(action).function,
    };
    let own =
        function.map(|at| place(project, at.module, project.module(at.module).facts.function(at.function).name_span));
    let declared = match edge.to {
        Callee::Action(action) => {
            let action = project.actions().get(action);
            Some(place(project, action.module, action.declared))
        }
        Callee::Function(_) => None,
    };
    own.into_iter().chain(declared).collect()
}

/// How a call resolved, and why it is not known where it is not.
fn outcome(resolved: Option<Resolved>) -> (&'static str, Option<&'static str>) {
    match resolved {
        Some(Resolved::Function) => ("function", None),
        Some(Resolved::Action) => ("action", None),
        Some(Resolved::Class) => ("class", None),
        Some(Resolved::Modelled) => ("modelled", None),
        Some(Resolved::Inert) => ("inert", None),
        Some(Resolved::Foreign) => ("foreign", None),
        Some(Resolved::Intrinsic) => ("intrinsic", None),
        Some(Resolved::Parameter) => ("parameter", None),
        Some(Resolved::Unknown(reason)) => ("unknown", Some(reason)),
        None => ("unknown", Some("not looked at")),
    }
}

fn place(project: &Project, module: ModuleId, span: Span) -> Json {
    let line = project.module(module).facts.lines.position(span.start).line;
    json!({ "path": project.path(module), "line": line })
}
