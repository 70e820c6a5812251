//! The figures of a run, counted on the linked project.

use std::collections::BTreeMap;

use super::{AppSummary, Endpoint, Stats, Summary};
use crate::project::Project;
use crate::project::graph::Resolved;

/// How much there is, and how much is not known.
pub(super) fn summary(project: &Project, endpoints: &[Endpoint]) -> Summary {
    let local = project.imports().iter().filter(|import| import.origin.is_local());
    let is_unseen = |outcome| matches!(outcome, Resolved::Foreign(_) | Resolved::Dynamic(_));
    let unseen = project.graph().calls.iter().filter(|(outcome, _)| is_unseen(*outcome));
    Summary {
        files: project.modules().count(),
        apps: project
            .apps()
            .map(|(_, app)| AppSummary {
                root: app.root.clone(),
                name: app.name.clone(),
                framework: app.framework.as_str(),
                version: app.version.text.clone(),
                version_source: app.version_source,
                bundler: app.bundler.as_str(),
            })
            .collect(),
        endpoints: endpoints.len(),
        suppressed: 0,
        elsewhere: 0,
        unresolved_imports: local.clone().filter(|import| import.missing.is_some()).count(),
        unresolved_calls: unseen.map(|(_, count)| count).sum(),
        local_imports: local.count(),
    }
}

/// How imports and calls resolved.
pub(super) fn stats(project: &Project) -> Stats {
    let mut outcomes = BTreeMap::new();
    let mut unresolved = Vec::new();
    for import in project.imports() {
        *outcomes.entry((import.origin, import.missing)).or_insert(0_usize) += 1;
        if let Some(reason) = import.missing {
            let module = project.module(import.module);
            let described = &module.facts.imports[import.import as usize];
            let line = module.facts.lines.position(described.source_span.start).line;
            let specifier = module.facts.text(described.source).to_owned();
            unresolved.push((project.path(import.module).to_owned(), line, specifier, reason.as_str().to_owned()));
        }
    }
    unresolved.sort_unstable();
    let mut imports: Vec<(String, usize)> = outcomes
        .into_iter()
        .map(|((origin, missing), count)| match missing {
            None => (origin.as_str().to_owned(), count),
            Some(reason) => (format!("{}: {}", origin.as_str(), reason.as_str()), count),
        })
        .collect();
    imports.sort_unstable();
    let mut calls: BTreeMap<String, usize> = BTreeMap::new();
    for (outcome, count) in &project.graph().calls {
        let outcome = match outcome {
            Resolved::Function => "function".to_owned(),
            Resolved::Action => "action".to_owned(),
            Resolved::Class => "class".to_owned(),
            Resolved::Modelled => "named by a model".to_owned(),
            Resolved::Inert => "inert".to_owned(),
            Resolved::Foreign(reason) => format!("foreign: {reason}"),
            Resolved::Parameter => "parameter: the call sites know".to_owned(),
            Resolved::Intrinsic => "intrinsic element".to_owned(),
            Resolved::Dynamic(reason) => format!("dynamic: {reason}"),
        };
        *calls.entry(outcome).or_default() += count;
    }
    Stats { imports, calls: calls.into_iter().collect(), unresolved }
}
