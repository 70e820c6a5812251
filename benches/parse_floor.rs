//! A whole run beside the least that any analyzer must do: read every source file and parse it, on every core.
//!
//! `cargo bench --bench parse_floor -- PATH [RUNS]` runs the two in turn over one folder, with the same allocator and profile, and prints
//! each one's median and the ratio pair by pair. Only the ratio means anything: machines differ, and so does a machine from hour to hour.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark has arguments and says what it measured"
)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use edgelint::analysis::{Analysis, Options};
use edgelint::facts::FileKind;
use edgelint::source::disk;
use rayon::prelude::*;
use swc_common::BytePos;
use swc_common::input::StringInput;
use swc_ecma_ast::EsVersion;
use swc_ecma_parser::{EsSyntax, Parser, Syntax, TsSyntax, lexer::Lexer};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Workers parse and drop deep trees.
const STACK: usize = 64 * 1024 * 1024;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let root = arguments.first().map_or_else(|| PathBuf::from("fixtures/apps/shop"), PathBuf::from);
    let runs = arguments.get(1).and_then(|runs| runs.parse().ok()).unwrap_or(9);
    if let Err(error) = rayon::ThreadPoolBuilder::new().stack_size(STACK).build_global() {
        eprintln!("no thread pool: {error}");
        return ExitCode::from(2);
    }
    let mut pairs: Vec<(Duration, Duration)> = Vec::new();
    for run in 0..=runs {
        let (floor, whole) = (time(|| parse(&root)), time(|| analyse(&root)));
        // The first pair warms the file cache.
        if run > 0 {
            pairs.push((floor, whole));
        }
    }
    let mut ratios: Vec<f64> = pairs.iter().map(|(floor, whole)| whole.as_secs_f64() / floor.as_secs_f64()).collect();
    ratios.sort_by(f64::total_cmp);
    let median = |pick: fn(&(Duration, Duration)) -> Duration| {
        let mut times: Vec<Duration> = pairs.iter().map(pick).collect();
        times.sort_unstable();
        times[times.len() / 2]
    };
    let files = disk::open(&root).map_or(0, |tree| tree.paths.iter().filter(|path| is_ecma(path)).count());
    println!("{files} TypeScript and JavaScript files, {runs} pairs, {} threads", rayon::current_num_threads());
    println!("parse floor   median {:?}", median(|pair| pair.0));
    println!("whole run     median {:?}", median(|pair| pair.1));
    println!(
        "ratio         min {:.2}  median {:.2}  max {:.2}",
        ratios[0],
        ratios[ratios.len() / 2],
        ratios[ratios.len() - 1]
    );
    ExitCode::SUCCESS
}

fn time(run: impl FnOnce()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

fn analyse(root: &Path) {
    let tree = disk::open(root).expect("the folder to measure can be read");
    let report = Analysis::new(tree).run(&Options::default(), &|_| {});
    assert!(report.summary.files > 0, "the folder to measure has source files");
}

fn is_ecma(path: &str) -> bool {
    FileKind::of(path).is_some_and(|kind| !matches!(kind, FileKind::Rust | FileKind::Mdx))
}

/// Walks the same files, reads and parses them, and drops the trees.
fn parse(root: &Path) {
    let tree = disk::open(root).expect("the folder to measure can be read");
    tree.paths.par_iter().filter(|path| is_ecma(path)).for_each(|path| {
        let Ok(text) = tree.read_text(path) else { return };
        let length = u32::try_from(text.len()).unwrap_or(u32::MAX - 1);
        let input = StringInput::new(&text, BytePos(1), BytePos(1 + length));
        let syntax = match FileKind::of(path) {
            Some(FileKind::TypeScript) => Syntax::Typescript(TsSyntax { decorators: true, ..TsSyntax::default() }),
            Some(FileKind::Tsx) => Syntax::Typescript(TsSyntax { tsx: true, decorators: true, ..TsSyntax::default() }),
            _ => Syntax::Es(EsSyntax { jsx: true, decorators: true, ..EsSyntax::default() }),
        };
        let lexer = Lexer::new(syntax, EsVersion::EsNext, input, None);
        drop(Parser::new_from(lexer).parse_module());
    });
}
