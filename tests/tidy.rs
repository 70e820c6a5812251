//! The house rules that can be checked: layers, sizes, pages, words. Each test names the rule that it holds.

#[path = "support/lib.rs"]
#[expect(dead_code, reason = "the support is shared, and every runner uses another part of it")]
mod support;

#[path = "tidy/documents.rs"]
mod documents;
#[path = "tidy/layers.rs"]
mod layers;
#[path = "tidy/source.rs"]
mod source;
#[path = "tidy/truth.rs"]
mod truth;

/// Fails with all breaches at once.
fn none(breaches: &[String]) {
    assert!(breaches.is_empty(), "\n{}\n", breaches.join("\n"));
}
