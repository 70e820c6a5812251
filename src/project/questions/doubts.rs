//! Entries of which it is not known whether they ask who is calling: a call that cannot be seen may do it.

use crate::diagnostic::Place;
use crate::facts::{FileFacts, Value, ValueId};
use crate::project::Project;
use crate::project::actions::ActionId;
use crate::project::effects::summary::Site;
use crate::project::effects::{Doing, Entered, Happening};
use crate::project::guards::GuardState;

/// A write before which a call may ask who is calling.
pub struct Doubt<'p> {
    /// The write.
    pub write: &'p Happening,
    /// What is called.
    pub name: String,
    /// The package that it is of, where it is one's.
    pub package: Option<String>,
    /// The call.
    pub place: Place,
}

impl Project {
    /// The actions of which it is not known.
    #[must_use]
    pub fn doubtful_actions(&self) -> Vec<(ActionId, Doubt<'_>)> {
        let actions = self.actions_for_somebody();
        actions.filter_map(|(id, _)| Some((id, self.doubt(self.action_doing(id))?))).collect()
    }

    /// The route handlers of which it is not known; of the methods of a file with the same doubt the first.
    #[must_use]
    pub fn doubtful_handlers(&self) -> Vec<(&Entered, Doubt<'_>)> {
        let mut found: Vec<(&Entered, Doubt<'_>)> = Vec::new();
        for (entered, _) in self.handlers_for_somebody() {
            let Some(doubt) = self.doubt(&entered.doing) else { continue };
            let known = |(other, of): &(&Entered, Doubt<'_>)| other.module == entered.module && of.place == doubt.place;
            if !found.iter().any(known) {
                found.push((entered, doubt));
            }
        }
        found
    }

    /// The nearest write of an entry that no call but one that cannot be seen may guard, where none is open to anyone.
    fn doubt<'p>(&'p self, doing: &'p Doing) -> Option<Doubt<'p>> {
        let writes = self.own_writes(doing);
        if writes.iter().any(|write| write.guarding.who.state == GuardState::Unguarded) {
            return None;
        }
        let unknown = writes.into_iter().filter(|write| write.guarding.who.state == GuardState::Unknown);
        let mut unknown: Vec<&Happening> = unknown.collect();
        unknown.sort_by_key(|write| (write.certainty, write.trail.len()));
        unknown.into_iter().find_map(|write| {
            let unseen = |site: &Site| doing.blind.iter().any(|blind| blind.trail.last() == Some(site));
            let site = self.asked_at(&write.guarding.who).into_iter().find(unseen)?;
            let facts = &self.module(site.0).facts;
            let call = &facts.calls[site.1 as usize];
            let name = facts.callee_name(call).to_owned();
            let package = self.package_of(site, call.callee);
            (!name.is_empty()).then(|| Doubt { write, name, package, place: self.call_place(site) })
        })
    }

    /// The package from which a callee is imported.
    fn package_of(&self, site: Site, callee: ValueId) -> Option<String> {
        let here = self.module(site.0);
        let import = imported(&here.facts, callee)?;
        let outside = here.target(import).is_none();
        outside.then(|| here.facts.text(here.facts.imports[import as usize].source).to_owned())
    }
}

/// The import that a value is reached from.
fn imported(facts: &FileFacts, mut value: ValueId) -> Option<u32> {
    loop {
        match facts.value(value) {
            Value::Import(import) => return Some(import),
            Value::Member(inner, _) | Value::Await(inner) | Value::Cast(inner, _) => value = inner,
            Value::Call(call) => value = facts.calls[call as usize].callee,
            _ => return None,
        }
    }
}
