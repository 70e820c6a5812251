//! Trails: the labels of a finding, in order, each place once.

use super::Project;
use super::summary::Site;
use crate::diagnostic::{Label, Place};

/// The labels of a finding that is being put together.
pub struct Trail<'p> {
    project: &'p Project,
    primary: Place,
    labels: Vec<Label>,
}

impl<'p> Trail<'p> {
    /// A trail of no labels, of a finding at `primary`, which is not labelled twice.
    #[must_use]
    pub const fn new(project: &'p Project, primary: Place) -> Self {
        Self { project, primary, labels: Vec::new() }
    }

    /// Adds a label, unless its place has one.
    pub fn add(&mut self, place: Place, message: impl Into<String>) {
        if place != self.primary && !self.labels.iter().any(|label| label.place == place) {
            self.labels.push(Label::new(place, message));
        }
    }

    /// Adds calls, each of which leads on, and the last of which does something.
    pub fn calls(&mut self, calls: &[Site], leads: &str, does: &str) {
        for (position, &call) in calls.iter().enumerate() {
            let message = if position + 1 == calls.len() { does } else { leads };
            self.add(self.project.call_place(call), message);
        }
    }

    /// The labels.
    #[must_use]
    pub fn labels(self) -> Vec<Label> {
        self.labels
    }
}
