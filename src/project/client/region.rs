//! What belongs to one call of an action, of all that a component does: the handler in which it stands, what is handed to the same hook, and
//! what goes on from what that hook or handler gives.

use super::handing::handlers_of;
use super::hook_behind;
use super::outcomes::is_of_waiting;
use super::settling::ON_ERROR;
use crate::facts::{CallId, CallKind, FileFacts, FunctionId, NONE, Op, PropertyKey, Value, ValueId, VariableId};
use crate::models::When;
use crate::project::Project;
use crate::project::graph::{Callee, Edge, Graph, Via};
use crate::project::program::modules::{FunctionRef, ModuleId};

/// How often what goes on is followed one name further.
const MOST_ROUNDS: usize = 4;
/// How deep a value is looked through for a name.
const DEEPEST: u32 = 8;

/// How the names of events go on that an element meets when what happens inside it is over.
const CLOSING: [&str; 7] = ["Open", "Close", "Dismiss", "Hide", "Cancel", "Submit", "Exit"];

/// How many components are gone into for the functions that one element is handed.
const MOST_COMPONENTS: u32 = 3;

/// The parts of a component that belong to one call.
struct Region<'a> {
    project: &'a Project,
    graph: &'a Graph,
    facts: &'a FileFacts,
    module: ModuleId,
    /// The call of the action, or what hands it on.
    own: CallId,
    /// The component, hook or form, and the callbacks inside it that run as a part of it: `items.map((item) => ..)`.
    body: Vec<FunctionId>,
    /// The functions directly inside those.
    functions: Vec<FunctionId>,
    /// The calls in its own body that are handed some of them, or what they are named by.
    calls: Vec<CallId>,
    /// The names of what the functions and calls give.
    names: Vec<VariableId>,
    /// How many components may still be gone into.
    left: u32,
}

/// The functions that belong to a call of an action.
pub(in crate::project) fn region(
    project: &Project,
    graph: &Graph,
    module: ModuleId,
    edge: &Edge,
    outermost: FunctionId,
) -> Vec<FunctionId> {
    let region = Region::of((project, graph), module, edge, outermost, MOST_COMPONENTS);
    region.inside()
}

impl<'a> Region<'a> {
    fn of(
        (project, graph): (&'a Project, &'a Graph),
        module: ModuleId,
        edge: &Edge,
        outermost: FunctionId,
        left: u32,
    ) -> Self {
        let facts = &project.module(module).facts;
        let (functions, calls) = (Vec::new(), Vec::new());
        let body = body(graph, facts, module, outermost);
        let own = edge.call;
        let mut region = Region { project, graph, facts, module, own, body, functions, calls, names: Vec::new(), left };
        // What a hook gives is called where the hook was handed what runs after it.
        region.calls.extend(hook_behind(facts, facts.calls[edge.call as usize].callee));
        // What a hook gives may be handed on instead: `handleSubmit(execute)`, `<form action={execute}>`.
        // What else a call is handed says nothing of what comes of it: `save(userId, ..)`, `useAction(save, { onSuccess: mutate })`.
        let arguments = facts.list(facts.calls[edge.call as usize].arguments).iter().enumerate();
        let handed = arguments.flat_map(|(index, &value)| match (edge.via, facts.value(value)) {
            (Via::Property(name), Value::Object(list)) => {
                let own = facts.properties(list).iter().filter(|property| property.key == PropertyKey::Named(name));
                own.map(|property| property.value).collect()
            }
            (Via::Argument(at), _) if at as usize == index => vec![value],
            _ => Vec::new(),
        });
        region.calls.extend(handed.filter(|&value| value != NONE).filter_map(|value| hook_behind(facts, value)));
        match region.below(edge.from) {
            Some(handler) => region.functions.push(handler),
            None => region.calls.push(edge.call),
        }
        for _ in 0..MOST_ROUNDS {
            if !region.grow() {
                break;
            }
        }
        region
    }

    /// Its functions, and those inside them.
    fn inside(&self) -> Vec<FunctionId> {
        let module = self.module;
        let functions = self.functions.iter();
        let inside = functions.flat_map(|&function| self.project.inside(FunctionRef { module, function }));
        inside.map(|function| function.function).collect()
    }

    /// The same, and those of the module that they call.
    fn reached(&self) -> Vec<FunctionId> {
        let (mut found, mut at) = (self.inside(), 0);
        while let Some(&from) = found.get(at) {
            for edge in self.graph.module(self.module).iter().filter(|edge| edge.from == from) {
                if let Callee::Function(to) = edge.to
                    && to.module == self.module
                {
                    add(&mut found, to.function);
                }
            }
            at += 1;
        }
        found
    }

    /// The function directly inside the body in which another one stands.
    fn below(&self, mut function: FunctionId) -> Option<FunctionId> {
        loop {
            let parent = self.facts.function(function).parent;
            if parent == NONE || self.body.contains(&function) {
                return None;
            }
            if self.body.contains(&parent) {
                return Some(function);
            }
            function = parent;
        }
    }

    /// Adds what goes on from what is known. Whether anything is new.
    fn grow(&mut self) -> bool {
        let before = (self.functions.len(), self.calls.len(), self.names.len());
        for (name, variable) in (0..).zip(&self.facts.variables) {
            let own = self.below(variable.function).is_some() || self.body.contains(&variable.function);
            // What says that something is going on says nothing of what comes of it.
            let waits = is_of_waiting(self.facts.text(variable.name)) || self.is_waiting(variable.init);
            if own && !waits && !self.names.contains(&name) && self.is_given(variable.init) {
                self.names.push(name);
            }
        }
        for (call, described) in (0..).zip(&self.facts.calls) {
            let within = self.below(described.function);
            if within.is_none() && !self.body.contains(&described.function) {
                continue;
            }
            let is_of = self.mentions(described.callee, DEEPEST)
                || self.facts.list(described.arguments).iter().any(|&value| self.mentions(value, DEEPEST));
            match within {
                Some(function) if is_of => add(&mut self.functions, function),
                None if is_of => add(&mut self.calls, call),
                _ => {}
            }
        }
        for function in 0..u32::try_from(self.facts.functions.len()).unwrap_or(NONE) {
            if let Some(below) = self.below(function)
                && self.hangs_on_names(function)
            {
                add(&mut self.functions, below);
            }
        }
        let handed = self.graph.module(self.module).iter().filter(|edge| self.calls.contains(&edge.call));
        let handed: Vec<FunctionId> = handed.filter_map(|edge| self.runs_where_it_went_well(edge)).collect();
        handed.into_iter().for_each(|function| add(&mut self.functions, function));
        before != (self.functions.len(), self.calls.len(), self.names.len())
    }

    /// The function that an edge hands on, unless that is run where the action failed.
    fn runs_where_it_went_well(&self, edge: &Edge) -> Option<FunctionId> {
        let name = match edge.via {
            Via::Property(name) => self.facts.text(name),
            Via::Argument(_) => "",
            Via::Call => return None,
        };
        // An element runs the handlers that it is handed together; what else it is handed goes its own ways.
        let is_element = self.facts.calls[edge.call as usize].kind == CallKind::Jsx;
        let is_closing =
            || CLOSING.iter().any(|word| name.strip_prefix("on").is_some_and(|rest| rest.starts_with(word)));
        // What happens inside an element is nothing to its own handlers, unless that closes it.
        let is_own = || !is_element || edge.call == self.own || self.is_handed(edge.call) || is_closing();
        let runs = name != ON_ERROR && (!is_element || name.starts_with("on")) && is_own();
        match edge.to {
            Callee::Function(function)
                if function.module == self.module && runs && !(is_element && self.runs_apart(edge)) =>
            {
                self.below(function.function)
            }
            _ => None,
        }
    }

    /// Whether the component that an element renders is seen to run a function that it is handed elsewhere than those that are known: at another
    /// event.
    fn runs_apart(&self, edge: &Edge) -> bool {
        let Some(left) = self.left.checked_sub(1) else { return false };
        let site = (self.module, edge.call);
        let at = |to: Callee| {
            let through = self.graph.through().edges.iter();
            through.filter(move |taken| taken.edge.to == to && taken.back.iter().any(|&(_, handed)| handed == site))
        };
        let others =
            self.graph.module(self.module).iter().filter(|other| {
                other.call == edge.call && matches!(other.via, Via::Property(_)) && other.to != edge.to
            });
        let known = others.filter(|other| match other.to {
            Callee::Function(function) => {
                function.module == self.module
                    && self.below(function.function).is_some_and(|below| self.functions.contains(&below))
            }
            Callee::Action(_) => false,
        });
        let known: Vec<Callee> = known.map(|other| other.to).collect();
        let by_value = self.facts.list(self.facts.calls[edge.call as usize].arguments).iter().any(|&argument| {
            let Value::Object(list) = self.facts.value(argument) else { return self.mentions(argument, DEEPEST) };
            self.facts.properties(list).iter().any(|property| {
                let is_event =
                    matches!(property.key, PropertyKey::Named(name) if self.facts.text(name).starts_with("on"));
                !is_event && self.mentions(property.value, DEEPEST)
            })
        });
        if by_value || known.is_empty() {
            return false;
        }
        if at(edge.to).next().is_none() {
            return self.is_handed_apart(edge, &known);
        }
        let mut regions = known.iter().flat_map(|&to| at(to)).map(|taken| {
            let outermost = self.project.outermost(FunctionRef { module: taken.module, function: taken.edge.from });
            Region::of((self.project, self.graph), taken.module, &taken.edge, outermost.function, left)
        });
        !regions.any(|region| {
            let inside = region.reached();
            at(edge.to).any(|taken| {
                taken.module == region.module
                    && (inside.contains(&taken.edge.from) || region.calls.contains(&taken.edge.call))
            })
        })
    }

    /// Whether the component that an element renders hands a function on to elements of its own, and to none to which it hands those that are known.
    fn is_handed_apart(&self, edge: &Edge, known: &[Callee]) -> bool {
        let at_element = || self.graph.module(self.module).iter().filter(|other| other.call == edge.call);
        let component = at_element().find_map(|other| match other.to {
            Callee::Function(function) if other.via == Via::Call => Some(function),
            _ => None,
        });
        let Some(component) = component else { return false };
        let elements = |of: &Edge| match of.via {
            Via::Property(prop) => handlers_of(self.project, component, self.facts.text(prop)),
            _ => None,
        };
        let Some(own) = elements(edge).filter(|own| !own.is_empty()) else { return false };
        let mut others = at_element().filter(|other| known.contains(&other.to));
        others.all(|other| elements(other).is_some_and(|all| all.iter().all(|element| !own.contains(element))))
    }

    /// Whether an element is handed something that is known, by itself and not by an element inside it.
    fn is_handed(&self, element: CallId) -> bool {
        let arguments = self.facts.list(self.facts.calls[element as usize].arguments);
        arguments.iter().any(|&value| self.mentions_beside_elements(value, DEEPEST))
    }

    fn mentions_beside_elements(&self, value: ValueId, left: u32) -> bool {
        let Some(left) = left.checked_sub(1).filter(|_| value != NONE) else { return false };
        let any = |all: &[ValueId]| all.iter().any(|&of| self.mentions_beside_elements(of, left));
        match self.facts.value(value) {
            Value::Call(call) if self.facts.calls[call as usize].kind == CallKind::Jsx => false,
            Value::Object(list) => {
                let mut properties = self.facts.properties(list).iter();
                properties.any(|property| self.mentions_beside_elements(property.value, left))
            }
            Value::Array(list) | Value::Conditional(list) => any(self.facts.list(list)),
            Value::Logical(_, one, other) => any(&[one, other]),
            _ => self.mentions(value, DEEPEST),
        }
    }

    /// Whether a value is a member that says that something is going on.
    fn is_waiting(&self, value: ValueId) -> bool {
        value != NONE
            && matches!(self.facts.value(value), Value::Member(_, name) if is_of_waiting(self.facts.text(name)))
    }

    /// Whether a branch of a function hangs on one of the names.
    fn hangs_on_names(&self, function: FunctionId) -> bool {
        self.facts.body(function).iter().any(|step| match step.op {
            Op::Branch { test, .. } => self.mentions(test, DEEPEST),
            _ => false,
        })
    }

    /// Whether a value is what a known function or call gives.
    fn is_given(&self, value: ValueId) -> bool {
        if value == NONE {
            return false;
        }
        match self.facts.value(value) {
            Value::Function(function) => self.functions.contains(&function),
            Value::Call(call) => self.calls.contains(&call),
            Value::Member(inner, _)
            | Value::Index(inner, _)
            | Value::Await(inner)
            | Value::Cast(inner, _)
            | Value::Rest(inner) => self.is_given(inner),
            Value::Variable(variable) => self.names.contains(&variable),
            _ => false,
        }
    }

    /// Whether a value is made of one of the names, of a known function or of what a known call gives.
    fn mentions(&self, value: ValueId, left: u32) -> bool {
        let Some(left) = left.checked_sub(1).filter(|_| value != NONE) else { return false };
        match self.facts.value(value) {
            Value::Variable(variable) => self.names.contains(&variable),
            Value::Function(function) => self.functions.contains(&function),
            Value::Call(call) => self.calls.contains(&call),
            Value::Member(inner, _)
            | Value::Await(inner)
            | Value::Cast(inner, _)
            | Value::Rest(inner)
            | Value::Spread(inner)
            | Value::Not(inner)
            | Value::Unary(_, inner) => self.mentions(inner, left),
            Value::Index(one, other) | Value::Logical(_, one, other) | Value::Binary(_, one, other) => {
                self.mentions(one, left) || self.mentions(other, left)
            }
            Value::Conditional(list) | Value::Array(list) | Value::Template(list) | Value::Union(list) => {
                self.facts.list(list).iter().any(|&part| self.mentions(part, left))
            }
            Value::Object(list) => {
                self.facts.properties(list).iter().any(|property| self.mentions(property.value, left))
            }
            _ => false,
        }
    }
}

/// A function, and the callbacks inside it that run as a part of it.
fn body(graph: &Graph, facts: &FileFacts, module: ModuleId, outermost: FunctionId) -> Vec<FunctionId> {
    let mut found = vec![outermost];
    let runs = graph
        .module(module)
        .iter()
        .filter(|edge| edge.via != Via::Call && matches!(graph.when(module, edge.call), Some(When::Now | When::Maybe)));
    // Functions that stand inside others come behind them.
    let mut runs: Vec<(FunctionId, FunctionId)> = runs
        .filter_map(|edge| match edge.to {
            Callee::Function(to) if to.module == module => {
                Some((facts.calls[edge.call as usize].function, to.function))
            }
            _ => None,
        })
        .collect();
    runs.sort_unstable();
    for (from, to) in runs {
        if found.contains(&from) && facts.function(to).parent == from {
            add(&mut found, to);
        }
    }
    found
}

fn add<T: PartialEq>(list: &mut Vec<T>, one: T) {
    if !list.contains(&one) {
        list.push(one);
    }
}
