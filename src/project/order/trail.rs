//! Trails: the labels of a finding, in order, each place once.

use crate::diagnostic::{Label, Place};
use crate::project::Project;
use crate::project::effects::Happening;
use crate::project::effects::summary::Site;
use crate::project::requests::Request;

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

    /// Adds a label, unless there is none or its place has one.
    pub fn extend(&mut self, label: impl IntoIterator<Item = Label>) {
        label.into_iter().for_each(|label| self.add(label.place, label.message));
    }

    /// Adds calls, each of which leads on, and the last of which does something. A call at the top of a file that makes a function
    /// out of others is no step of what the function does.
    pub fn calls(&mut self, calls: &[Site], leads: &str, does: &str) {
        for (position, &call) in calls.iter().enumerate() {
            let last = position + 1 == calls.len();
            if last || self.project.function_of(call).function != 0 {
                self.add(self.project.call_place(call), if last { does } else { leads });
            }
        }
    }

    /// Adds the calls that lead from where a request is said what it is about to the one that sends it.
    pub fn sends(&mut self, request: &Request) {
        let calls = [request.through.as_slice(), &[request.site]].concat();
        self.calls(&calls[1..], "hands it on", "sends the request");
    }

    /// Adds the calls that lead to an effect, and what happens there.
    pub fn happens(&mut self, happening: &Happening) {
        self.calls(&happening.trail, "calls", &happening.says());
    }

    /// The label that was added last.
    #[must_use]
    pub fn last(&self) -> Option<&Label> {
        self.labels.last()
    }

    /// The labels.
    #[must_use]
    pub fn labels(self) -> Vec<Label> {
        self.labels
    }
}
