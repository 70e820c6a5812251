//! The findings that a run leaves out because a baseline holds them: which baseline that is, and what the run says of it.

use std::io;

use super::shown::Shown;
use crate::baseline::{Baseline, Entry};
use crate::config::Config;
use crate::rules;
use crate::source::Tree;

/// The baseline that a run is held against.
#[derive(Debug, Clone, Default)]
pub enum Known {
    /// The one that the configuration names, if it names one.
    #[default]
    Configured,
    /// The same, or this one where the configuration names none.
    ConfiguredOr(Baseline),
    /// This one, whatever the configuration names.
    Given(Baseline),
}

/// What there is to write into a baseline, and to take out of it. It is about the whole tree, whatever is shown of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The file that the configuration names, relative to the root, there or not.
    pub file: Option<String>,
    /// All findings that could be shown.
    pub found: Vec<Entry>,
    /// The entries that no finding is any more, of rules that ran or that there are no more.
    pub stale: Vec<Entry>,
    /// The rules that ran.
    pub ran: Vec<&'static str>,
}

/// The baseline that holds for a run. What is wrong with the configured one is a finding in the configuration.
pub(super) fn baseline(tree: &Tree, config: &mut Config, known: &Known) -> Option<Baseline> {
    let (path, place) = match (known, config.baseline()) {
        (Known::Given(baseline), _) | (Known::ConfiguredOr(baseline), None) => return Some(baseline.clone()),
        (Known::Configured, None) => return None,
        (Known::Configured | Known::ConfiguredOr(_), Some((path, place))) => (path.to_owned(), place),
    };
    let read = match tree.read_text(&path) {
        Ok(text) => {
            Baseline::parse(&text).map_err(|reason| format!("the baseline `{path}` is not understood: {reason}"))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(format!("there is no baseline `{path}`; `edgelint check --write-baseline` writes it"))
        }
        Err(error) => Err(format!("the baseline `{path}` cannot be read: {error}")),
    };
    read.map_err(|message| config.reject(place, message)).ok()
}

/// Takes out the findings that are in the baseline, but for those that are not to be lived with. A rule that panicked says nothing
/// about its entries.
pub(super) fn hold_against(tree: &Tree, baseline: Option<&Baseline>, ran: Vec<&'static str>, shown: &mut Shown) {
    let kept = shown.diagnostics.iter().filter(|finding| !rules::is_loud(finding));
    shown.baseline.found = kept.map(|finding| Entry::of(tree, finding)).collect();
    if let Some(baseline) = baseline {
        let comparison =
            baseline.compare(tree, &shown.diagnostics, |id| ran.contains(&id) || rules::find(id).is_none());
        let mut is_known = comparison.known.into_iter();
        let all = std::mem::take(&mut shown.diagnostics).into_iter();
        (shown.known, shown.diagnostics) =
            all.partition(|finding| is_known.next() == Some(true) && !rules::is_loud(finding));
        shown.baseline.stale = comparison.stale;
    }
    shown.baseline.ran = ran;
}
