//! Facts as text.
use super::FileFacts;
/// Facts as text, for tests.
#[must_use]
pub fn render(_facts: &FileFacts) -> String {
    String::new()
}
