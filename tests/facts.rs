//! What one file says, as text. `BLESS=1` accepts what there is.

#![expect(clippy::disallowed_methods, reason = "the test reads its fixtures and writes its snapshots")]

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

#[test]
fn broken_rust() {
    check("rust-broken.rs", FileKind::Rust);
    check("rust-unbalanced.rs", FileKind::Rust);
}

/// Text that nests as deeply as is let through is read; what nests deeper is one error. Neither takes the stack of a test's thread.
#[test]
fn deep_rust() {
    let nested =
        |depth: usize| format!("fn f() {{ g({}1{}); }} #[test] fn h() {{}}", "(".repeat(depth), ")".repeat(depth));
    let read = extract(FileKind::Rust, &nested(190));
    assert_eq!((read.errors.len(), read.functions.len()), (0, 3));
    let rows =
        ["&".repeat(50_000), "a.b".repeat(50_000), "Vec<".repeat(50_000), "{".repeat(50_000), "!(".repeat(50_000)];
    for text in rows.iter().map(|row| format!("fn f() {{ {row} }}")).chain([nested(10_000)]) {
        let unread = extract(FileKind::Rust, &text);
        assert_eq!((unread.errors.len(), unread.functions.len()), (1, 1), "{}", &text[..40]);
    }
}

/// Positions count the bytes that the parser never sees, and characters of several bytes.
#[test]
fn positions_of_rust() {
    for front in ["", "\u{feff}", "#!/usr/bin/env cargo\n", "\u{feff}#!/bin/sh\r\n", "#![allow(x)]\n", "// ä€😀\r\n"]
    {
        let text = format!("{front}fn f() {{ g(\"ä€😀\").second(); }}");
        let facts = extract(FileKind::Rust, &text);
        let names: Vec<&str> =
            facts.calls.iter().map(|call| &text[call.name_span.start as usize..call.name_span.end as usize]).collect();
        assert_eq!(names, ["g", "second"], "{front:?}");
        let whole = facts.calls[1].span;
        assert_eq!(&text[whole.start as usize..whole.end as usize], "g(\"ä€😀\").second()", "{front:?}");
    }
}
