//! What holds of the judgements in `tests/truth`: they are sorted, name rules that there are, and give reasons.

#[path = "../truth/data.rs"]
mod data;

use data::Judged;

use crate::none;
use crate::support::repository;

#[test]
fn judgements_are_well_formed() {
    let mut breaches = Vec::new();
    for path in repository::files("tests/truth").into_iter().filter(|path| path.ends_with(".jsonl")) {
        let text = repository::read(&path);
        let judged = match Judged::read(&text) {
            Ok(judged) => judged,
            Err(reason) => {
                breaches.push(format!("{path}:{reason}"));
                continue;
            }
        };
        let stem = path.trim_start_matches("tests/truth/").trim_end_matches(".jsonl");
        breaches.extend(judged.faults(stem).into_iter().map(|fault| format!("{path}: {fault}")));
        let written = judged.write();
        if written != text && repository::blessing() {
            repository::write(&path, &written);
        } else if written != text {
            breaches
                .push(format!("{path}: its lines are sorted, each of them once, as they are written; BLESS=1 does it"));
        }
    }
    none(&breaches);
}
