//! What must not come out: what steers a terminal, and what looks like a secret.

use edgelint::diagnostic::Level;
use edgelint::report::Format;

use super::{Files, finding, written};

#[test]
fn nothing_steers_the_terminal_and_no_secret_is_shown() {
    let key = concat!("sk_live_", "4eC39HqLyjWDarjtT1zdp7dc");
    let files = Files::new(&[("a\u{1b}[2J.ts", &format!("evil('\u{1b}[31m', '\u{202e}', '{key}')\n"))]);
    let message = format!("the key `{key}` and\na line\u{7}");
    let one = finding(Level::Error, &message, files.label("a\u{1b}[2J.ts", "evil", &message), Vec::new());
    let report = files.report(vec![one], Vec::new());
    for format in [Format::Human, Format::Compact, Format::Json] {
        let text = written(&report, format, false);
        assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{text:?}");
        assert!(!text.contains(key) && text.contains("sk_l****"), "{text}");
    }
    assert_eq!(written(&report, Format::Compact, false).lines().count(), 1);
}

#[test]
fn what_looks_like_a_secret_and_what_does_not() {
    let shown = [
        "createUserWithEmailAndPassword2FAOnLaunch",
        "123e4567-e89b-12d3-a456-426614174000",
        "a-long-2024-kebab-case-name-of-a-page",
    ];
    let hidden = ["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b", "Zx8Kq2Lm9Rt4Wv7Yb3Nc6Hd1Jf5Gs0PaQe"];
    for word in shown.iter().chain(&hidden) {
        let text = format!("call('{word}')\n");
        let files = Files::new(&[("a.ts", text.as_str())]);
        let one = finding(Level::Error, "m", files.label("a.ts", "call", ""), Vec::new());
        let text = written(&files.report(vec![one], Vec::new()), Format::Human, false);
        assert_eq!(text.contains(word), shown.contains(word), "{text}");
    }
}
