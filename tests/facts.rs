//! What one file says, as text. `BLESS=1` accepts what there is.

use std::fs;
use std::path::Path;

use edgelint::extract::extract;
use edgelint::facts::{FileKind, render};

/// Compares the facts of `fixtures/engine/<fixture>` with `tests/snapshots/<fixture>.txt`.
fn check(fixture: &str, kind: FileKind) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let source = fs::read_to_string(root.join("fixtures/engine").join(fixture)).expect("the fixture is committed");
    let found = render(&extract(kind, &source));
    let path = root.join("tests/snapshots").join(format!("{fixture}.txt"));
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, found).expect("the snapshots' folder is committed");
        return;
    }
    let known = fs::read_to_string(&path).unwrap_or_default();
    let difference = known.lines().zip(found.lines()).enumerate().find(|(_, (known, found))| known != found);
    if let Some((line, (known, found))) = difference {
        panic!("{}:{}\n  known: {known}\n  found: {found}\nBLESS=1 accepts it", path.display(), line + 1);
    }
    assert_eq!(known.lines().count(), found.lines().count(), "{} ends elsewhere; BLESS=1 accepts it", path.display());
}

#[test]
fn axum_service() {
    check("rust-axum.rs", FileKind::Rust);
}

#[test]
fn leptos_page() {
    check("rust-leptos.rs", FileKind::Rust);
}
