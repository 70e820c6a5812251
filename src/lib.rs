//! edgelint reads a whole project, works out which functions the network can call and who calls them, and says where a
//! mutation or an endpoint is built on the wrong thing. This page is the map; each module says for itself what it knows and what
//! it must not know.
//!
//! # The pipeline
//!
//! A [`source::Tree`] is a set of paths and the bytes behind them: a walked disk, or a map in memory. [`extract`] turns each file into
//! [`facts`], on every core: what this one file says, with no syntax tree left in it and no meaning put into it. [`manifest`]
//! reads what is no program (`package.json`, `tsconfig.json`, `pnpm-workspace.yaml`, `Cargo.toml`), [`apps`] finds the apps in it with
//! their versions and bundlers, and [`resolve`] answers which file an import means, over the walked paths alone. [`project`] links
//! all of it once: modules and their layers, values, calls, entries, endpoints, callers, and, by what the [`models`] say of packages, the effects
//! of everything that is entered: each function is summarised once, in its own parameters, and every call site puts its arguments in
//! their place. The [`rules`] ask the project and nothing else, and
//! say what they found as [`diagnostic`]s. The [`config`]uration says which of it is shown, and how loudly, and comments in the source
//! [`suppress`] single findings. [`analysis`] drives this from end to end, cannot fail, and hands out a
//! [`analysis::Report`]; [`report`] writes it for people or machines, and [`cli`] is the command line around it.
//!
//! Broken code yields facts and errors, never an `Err`: only the disk, the configuration and the command line return a `Result`.
//! The same input gives the same bytes, whatever the threads do: everything is sorted by path, and no hash map is iterated on the
//! way to a report.
//!
//! # Who may import whom
//!
//! Imports point down. "May use" names layers or modules; a module may always use itself. A crate of the last column is named in
//! that module and nowhere else. `tests/tidy.rs` reads this table and holds every `crate::` path against it.
//!
//! | layer | modules | may use | crates named only there |
//! |---|---|---|---|
//! | 0 | source | | ignore in source::walk |
//! | 0 | diagnostic | source | |
//! | 1 | facts | 0 | |
//! | 2 | extract | 0, 1 | swc_common, swc_atoms, swc_ecma_ast, swc_ecma_parser in extract::ecma; syn, proc_macro2 in extract::rust |
//! | 2 | models | | |
//! | 2 | manifest | 0, 1 | |
//! | 3 | apps | 0 to 2 | |
//! | 3 | resolve | 0 to 2, apps | oxc_resolver in resolve |
//! | 4 | project | 0 to 3 | apollo_parser in project::data::graphql |
//! | 5 | rules | source, diagnostic, project | |
//! | 6 | baseline | 0 to 2 | |
//! | 6 | config | 0 to 2, rules | |
//! | 6 | suppress | 0 to 2, rules | |
//! | 7 | analysis | 0 to 6 | |
//! | 8 | report | 0, rules, analysis | codespan_reporting in report::human; serde_sarif in report::sarif |
//! | 8 | fix | 0, analysis | |
//! | 9 | cli | 0 to 8 | clap, anyhow in cli, main; clap_complete, clap_mangen in cli::shell; indicatif in cli::progress |
//! | 9 | main | cli | mimalloc in main |
//!
//! # Where rules depart from what was asked of them
//!
//! What is kept for a time, and carries no tag that anything lets expire, is not called stale for others than who made the change: whoever sets a
//! time has said how old it may be ([`project::caching::outdated`]). A rule of the stable set, `action-called-externally`, had three of 41
//! findings wrong at its first run, and its page says why it stays there.

pub mod source;

pub mod diagnostic;

pub mod facts;

pub mod extract;

pub mod models;

pub mod manifest;

pub mod apps;

pub mod resolve;

pub mod project;

pub mod rules;

pub mod config;

pub mod suppress;

pub mod baseline;

pub mod analysis;

pub mod report;

pub mod fix;

pub mod cli;
