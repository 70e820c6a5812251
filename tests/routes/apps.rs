//! Small apps held in memory.

use std::collections::BTreeMap;

use edgelint::analysis::{Analysis, Options};
use edgelint::project::Project;
use edgelint::project::routes::RouteTable;
use edgelint::source::memory;

use crate::repository;

/// The linked program of some files.
pub(crate) fn project<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> Project {
    let files = files.into_iter().map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
    Analysis::new(memory::tree(files)).link(&Options::default(), &|_| {})
}

/// The program of an app with these files beside its manifest.
pub(crate) fn app(files: &[(&str, &str)]) -> Project {
    let manifest = r#"{ "name": "app", "dependencies": { "next": "16.4.6", "react": "19.2.0" } }"#;
    project(files.iter().copied().chain([("package.json", manifest)]))
}

/// The table of the only app.
pub(crate) fn table(project: &Project) -> &RouteTable {
    assert_eq!(project.apps().count(), 1, "there is one app");
    project.routes(0)
}

/// The apps of `fixtures/routes/apps.txt`, by name.
pub(crate) fn recorded() -> BTreeMap<String, Project> {
    let text = repository::read("fixtures/routes/apps.txt");
    let mut files: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for section in text.split("=== ").skip(1) {
        let (path, text) = section.split_once('\n').expect("a section has a name");
        let (app, path) = path.split_once('/').expect("a file lies in an app");
        files.entry(app).or_default().push((path, text));
    }
    files.into_iter().map(|(app, files)| (app.to_owned(), project(files))).collect()
}
