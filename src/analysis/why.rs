//! Why something at a line is reported or silent: what the line belongs to, what reaches it, what it does, and what each rule
//! makes of it.

mod made;
mod part;
mod verdict;

use std::sync::Arc;

pub use made::{Made, Read};
pub use part::{Part, Reach, Said, Shows, Then};
pub use verdict::{State, Verdict};

use super::{Analysis, Deeds, Endpoint, Options, Progress, Report, Summary, Timings, check, figures, shown};
use crate::diagnostic::Place;
use crate::project::Project;
use crate::rules;
use crate::source::{FileId, LineIndex, Span};

/// What there is to say about one line.
pub struct Why {
    /// The line, without the white space around what is on it.
    pub place: Place,
    /// Its number, from 1.
    pub line: u32,
    /// What it is part of; `None` in a file that is no source.
    pub part: Option<Part>,
    /// The calls on it, in order.
    pub calls: Vec<Said>,
    /// The endpoints that it is part of, each with what it does.
    pub endpoints: Vec<Endpoint>,
    /// What happens after each call of those endpoints by a client, by the place of the call.
    pub afterwards: Vec<(Place, Then)>,
    /// What those endpoints write, and the views that show it.
    pub shows: Vec<Shows>,
    /// The views that it is part of: how each is made, and who makes it fresh again.
    pub made: Vec<Made>,
    /// The entries that run it.
    pub reach: Vec<Reach>,
    /// What its endpoint does, or its function where it is part of none.
    pub does: Deeds,
    /// What each rule makes of it.
    pub verdicts: Vec<Verdict>,
}

impl Analysis {
    /// Reads, links and checks everything, and says what there is to say about one line.
    #[must_use]
    pub fn why(
        &self,
        options: &Options,
        (file, line): (FileId, u32),
        progress: &(dyn Fn(Progress) + Sync),
    ) -> (Report, Why) {
        let (config, manifests) = self.configure(options);
        let mut timings = Timings::default();
        let mut project = self.link_with(&config, &manifests, options, progress, &mut timings);
        progress(Progress::Linked);
        let (found, _) = check(&project, rules::ALL.to_vec(), progress);
        let endpoints = project.endpoints();
        let place = Place { file, span: trimmed(&self.tree.read_text(self.tree.path(file)).unwrap_or_default(), line) };
        let mut why = about(&project, &endpoints, place, line);
        let asked = verdict::Asked::new(&project, &config, &why);
        let mut verdicts = asked.of_findings(&config, &project, &found);
        let shown = shown::sift((&self.tree, &project), config, options, found, &endpoints);
        asked.settle(&shown, &mut verdicts);
        why.verdicts = asked.and_silent(verdicts, &why);
        let summary = Summary { suppressed: shown.suppressed.len(), ..figures::summary(&project, &endpoints) };
        let lines = project.take_lines();
        let tree = Arc::clone(&self.tree);
        let stats = super::Stats::default();
        (Report::new(tree, lines, shown.diagnostics, endpoints, summary, stats), why)
    }
}

/// What is on a line, without the white space around it; empty past the end.
fn trimmed(text: &str, line: u32) -> Span {
    let lines = LineIndex::new(text);
    let at = |line| lines.line_start(line).map_or(text.len(), |start| usize::try_from(start).unwrap_or(text.len()));
    let (start, end) = (at(line), at(line.saturating_add(1)));
    let whole = &text[start..end];
    let start = start + (whole.len() - whole.trim_start().len());
    let end = (start + whole.trim().len()).max(start);
    let offset = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
    Span::new(offset(start), offset(end))
}

/// Everything but the verdicts.
fn about(project: &Project, endpoints: &[Endpoint], place: Place, line: u32) -> Why {
    let mut why = Why {
        place,
        line,
        part: None,
        calls: Vec::new(),
        endpoints: Vec::new(),
        afterwards: Vec::new(),
        shows: Vec::new(),
        made: Vec::new(),
        reach: Vec::new(),
        does: Deeds::default(),
        verdicts: Vec::new(),
    };
    let Some(module) = project.module_of(place.file) else { return why };
    let function = project.function_at(module, place.span);
    let run_by = if function.function == 0 { Vec::new() } else { project.run_by(function) };
    why.part = Some(part::part(project, function, place.span));
    why.calls = part::calls(project, module, place.span);
    why.endpoints = part::endpoints(project, endpoints, place, &run_by);
    why.afterwards = part::afterwards(project, &why.endpoints);
    why.shows = part::shows(project, &why.endpoints);
    why.made = made::made(project, &run_by);
    why.reach = run_by.iter().map(|run_by| part::reach(project, run_by)).collect();
    why.does = match why.endpoints.first() {
        Some(endpoint) => endpoint.does.clone(),
        None if function.function != 0 => project.deeds(&project.function_doing(function)),
        None => Deeds::default(),
    };
    why
}
