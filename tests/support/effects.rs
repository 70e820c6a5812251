//! What calls mean, held against the marks `= effect target`.

use std::collections::{BTreeMap, BTreeSet};

use edgelint::analysis::{Analysis, Options};
use edgelint::project::Effect;
use edgelint::source::memory;

use super::marks::{Kind, Mark};

/// The effects on each line, and the lines of models, each with whether a call meets it.
pub(crate) struct Meaning {
    effects: BTreeMap<(String, u32), BTreeSet<String>>,
    /// The lines of models, as `package: path`.
    pub(crate) lines: Vec<(String, bool)>,
}

/// Links a program and looks at every call of it.
pub(crate) fn of(files: &BTreeMap<String, String>, options: &Options) -> Meaning {
    let files = files.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes()));
    let project = Analysis::new(memory::tree(files)).link(options, &|_| {});
    let survey = project.survey();
    let mut effects: BTreeMap<(String, u32), BTreeSet<String>> = BTreeMap::new();
    for ((module, call), found) in survey.effects {
        let facts = &project.module(module).facts;
        let line = facts.lines.position(facts.calls[call as usize].name_span.start).line;
        let words = found.into_iter().map(|(effect, target)| match (effect, target) {
            (_, Some(target)) => format!("{} {target}", effect.as_str()),
            (Effect::DbRead | Effect::DbWrite, None) => format!("{} ?", effect.as_str()),
            (_, None) => effect.as_str().to_owned(),
        });
        effects.entry((project.path(module).to_owned(), line)).or_default().extend(words);
    }
    Meaning { effects, lines: survey.lines }
}

/// Every line whose marks say something else than what its calls do, one failure a line.
pub(crate) fn differences(meaning: &Meaning, marks: &[Mark], origin: &dyn Fn(&Mark) -> String) -> Vec<String> {
    let mut marked: BTreeMap<(String, u32), Vec<&Mark>> = BTreeMap::new();
    for mark in marks.iter().filter(|mark| mark.kind == Kind::Effect) {
        marked.entry((mark.path.clone(), mark.line)).or_default().push(mark);
    }
    let mut failures = Vec::new();
    for (place, marks) in marked {
        let wanted: BTreeSet<String> = marks.iter().map(|mark| mark.rule.clone()).collect();
        let found = meaning.effects.get(&place).cloned().unwrap_or_default();
        if wanted != found {
            let words = |set: &BTreeSet<String>| {
                if set.is_empty() { "nothing".to_owned() } else { set.iter().cloned().collect::<Vec<_>>().join(", ") }
            };
            failures.push(format!(
                "{}:{} means {}, not {} ({})",
                place.0,
                place.1,
                words(&found),
                words(&wanted),
                origin(marks[0])
            ));
        }
    }
    failures
}
