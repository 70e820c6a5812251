//! The page harness: pages of Markdown and trees of source, run through the one door and held against their marks.
//!
//! A page is a rule's page (`rules/<id>.md`), a fixture (`fixtures/**/*.md`) or `README.md`. Every heading with files is a
//! test of its own name and an app of its own, held in memory. What a page may hold:
//!
//! - `` `path`: `` alone on a line names the next fence as a file. Next 16 and the alias `@/*` are there unless the section
//!   brings a `package.json` or a `tsconfig.json`. Names are relative to the tree's root, with `/`.
//! - `//~ rule` says that a report starts on this line; `//~ rule error` says its level too. `//~^ rule` means the line above, and
//!   several `^` stack. `//~> rule` says that a label of that report starts on this line, `//~>2 rule` of the second report of that
//!   rule, counted in the order of the report. `//~? rule` is a known miss, which fails the day it is found. `//= db.write user` is
//!   the meaning of the calls on this line, all of it. Several marks share a line. In JSX `{/*~ rule */}`; in languages whose comments start
//!   with `#` or `--`, that sign stands in front. Marks are taken out before the program is read, so no excerpt shows one.
//! - Every report is marked and every mark is met; labels may be left unmarked. A section below "Not reported" marks nothing, and
//!   one below "Reported" something.
//! - A `text` fence is what the terminal shows of the section's run. `` `endpoints`: `` in front of a `text` fence makes it the
//!   inventory: `kind name method url path:line live|dead`, one endpoint a line, `-` for a name or a URL that is none, then the kinds of its callers.
//!   `` `guards`: `` makes it what guards each endpoint: `name state: kind or reason, function, path:line, input`.
//!   `` `routes`: `` in front of one makes it what `edgelint routes` prints. `BLESS=1 cargo test` rewrites all of them.
//! - `` `path` after `--fix`: `` names the file as the safe fixes leave it; fixing it again changes nothing, and a file that changes
//!   is shown.
//! - A `toml` fence named `edgelint.toml` configures the section, as it would any project. A rule's page runs its rule, preview
//!   included, unless the section's configuration says `select`; every other page all stable ones.
//! - A fence without a name is a `text` fence, or `sh`: commands for people. Anything else is a mistake in the page, and fails.
//!
//! Trees on disk (`fixtures/apps/<name>/`) carry the same marks, which stay in the source there.

pub(crate) mod apply;
pub(crate) mod compare;
pub(crate) mod effects;
pub(crate) mod markdown;
pub(crate) mod marks;
pub(crate) mod meta;
pub(crate) mod render;
pub(crate) mod repository;
pub(crate) mod section;
pub(crate) mod wording;
