//! Bodies of requests that are read twice: a body is a stream, and what comes second finds nothing. Which request is meant is followed
//! from the call that reads up through the parameters that hand it down, to the function in which both ways part.

use crate::facts::{FileFacts, FunctionId, Value, ValueId};
use crate::models::Effect;
use crate::project::Project;
use crate::project::effects::Happening;
use crate::project::effects::summary::Site;
use crate::project::entries::EntryKind;
use crate::project::order::body::{Leads, leads, step_of};
use crate::project::order::frames::Link;
use crate::project::program::modules::{FunctionRef, ModuleId};

/// How many names are gone through from a receiver.
const MOST_NAMES: usize = 8;

/// Two reads of one body on one way.
pub struct Reread<'p> {
    /// The module that is entered, and by which export.
    pub entered: (ModuleId, &'p str),
    /// The read that finds the body.
    pub first: &'p Happening,
    /// The one that does not.
    pub second: &'p Happening,
}

/// A value of a module: what it starts at, and the members below.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Path {
    root: Value,
    below: Vec<String>,
}

impl Project {
    /// Every second read of a request's body, once a call that reads, by entry.
    #[must_use]
    pub fn reread(&self) -> Vec<Reread<'_>> {
        let mut found: Vec<Reread<'_>> = Vec::new();
        let handlers =
            self.entered().iter().filter(|entered| matches!(entered.kind, EntryKind::RouteHandler | EntryKind::Proxy));
        for entered in handlers {
            let reads: Vec<&Happening> = entered
                .doing
                .of(Effect::BodyRead)
                .filter(|read| self.is_prompt(&read.trail) && !(read.conditional && self.hangs_on_helper(&read.trail)))
                .collect();
            for (index, second) in reads.iter().enumerate() {
                if found.iter().any(|known| known.second.site() == second.site()) {
                    continue;
                }
                let first =
                    reads.iter().enumerate().find(|&(other, first)| other != index && self.reads_again(first, second));
                if let Some((_, first)) = first {
                    found.push(Reread { entered: (entered.module, &entered.name), first, second });
                }
            }
        }
        found
    }

    /// Whether every call on a trail runs as part of the one before.
    fn is_prompt(&self, trail: &[Site]) -> bool {
        (0..trail.len()).all(|at| {
            let link = self.entered_by(trail, at).map(|next| self.link(trail[at], next));
            matches!(link, None | Some(Link::Calls | Link::Runs | Link::Settles))
        })
    }

    /// Whether one way leads from one read to another, of the same request.
    fn reads_again(&self, first: &Happening, second: &Happening) -> bool {
        let part = first.trail.iter().zip(&second.trail).take_while(|(one, other)| one == other).count();
        let (Some(&one), Some(&two)) = (first.trail.get(part), second.trail.get(part)) else { return false };
        let function = self.function_of(one);
        if function != self.function_of(two) || function.function == 0 {
            return false;
        }
        let facts = &self.module(one.0).facts;
        let steps = facts.body(function.function);
        let place = |site: Site| step_of(facts, function.function, site.1);
        let (Some(from), Some(to)) = (place(one), place(two)) else { return false };
        // A `catch` reads again where the read itself has failed; a helper that reads may have caught that already.
        let again = match leads(steps, from, to) {
            Some(Leads::On) => true,
            Some(Leads::Failing) => first.trail.len() == part + 1,
            None => false,
        };
        if !again {
            return false;
        }
        let request = |happening: &Happening| self.receiver(&happening.trail[part..]);
        request(first).is_some_and(|path| request(second) == Some(path))
    }

    /// Whose method the last call of a trail is, as the function in which the first one stands names it.
    fn receiver(&self, trail: &[Site]) -> Option<Path> {
        let (&(module, call), before) = trail.split_last()?;
        let facts = &self.module(module).facts;
        let Value::Member(object, _) = facts.value(facts.calls[call as usize].callee) else { return None };
        let mut path = path(facts, object)?;
        let mut at = self.function_of((module, call));
        for &site in before.iter().rev() {
            path = self.handed_down(site, at, path)?;
            at = self.function_of(site);
        }
        Some(path)
    }

    /// What a call that leads to a function hands to the parameter that a path starts at there. A callback takes what is around it as it is.
    fn handed_down(&self, site: Site, callee: FunctionRef, below: Path) -> Option<Path> {
        let facts = &self.module(site.0).facts;
        let described = facts.calls[site.1 as usize];
        let own = |function: FunctionId| function == callee.function;
        let index = match below.root {
            Value::Parameter(function, index) if own(function) => index,
            Value::Call(call) if own(self.module(callee.module).facts.calls[call as usize].function) => return None,
            _ => return (site.0 == callee.module && self.link(site, callee) != Link::Calls).then_some(below),
        };
        let mut value = *facts.list(described.arguments).get(index as usize)?;
        let mut rest = below.below.as_slice();
        while let (Value::Object(_), Some((first, more))) = (facts.value(value), rest.split_first()) {
            value = facts.property(value, first)?;
            rest = more;
        }
        let mut found = path(facts, value)?;
        found.below.extend_from_slice(rest);
        Some(found)
    }
}

/// Where a value comes from, through names that are never assigned again.
fn path(facts: &FileFacts, mut value: ValueId) -> Option<Path> {
    let mut below = Vec::new();
    for _ in 0..MOST_NAMES {
        match facts.value(value) {
            Value::Variable(variable) => {
                let variable = facts.variables[variable as usize];
                if variable.reassigned {
                    return None;
                }
                value = variable.init;
            }
            Value::Cast(inner, _) => value = inner,
            Value::Member(object, name) => {
                below.insert(0, facts.text(name).to_owned());
                value = object;
            }
            root @ (Value::Parameter(..) | Value::Call(_)) => return Some(Path { root, below }),
            _ => return None,
        }
    }
    None
}
