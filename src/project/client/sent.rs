//! What no request carries, where it is visibly passed to an action from the browser, or given back by one: functions, instances of classes,
//! events, symbols.

use super::runners::{Runners, exactly, is_event};
use crate::diagnostic::Place;
use crate::facts::{CallKind, FunctionId, NONE, Op, PropertyKey, Value, ValueId, VariableKind};
use crate::project::Project;
use crate::project::actions::ActionId;
use crate::project::effects::summary::Site;
use crate::project::entries::next;
use crate::project::graph::{Callee, Graph, Via};
use crate::project::program::modules::{FunctionRef, ModuleId, Role};
use crate::project::values::evaluate::Evaluator;
use crate::project::values::terms::{Term, TermId};

/// How deep objects and lists are looked into.
const DEEPEST: u32 = 3;

/// The browser's and the language's own classes whose instances are not sent.
const NOT_SENT: [&str; 14] = [
    "AbortController",
    "BroadcastChannel",
    "CustomEvent",
    "Error",
    "Event",
    "EventSource",
    "FileReader",
    "RangeError",
    "RegExp",
    "Request",
    "Response",
    "TypeError",
    "WeakMap",
    "WebSocket",
];

/// Those of them that an action does not give back. An error is given back, without its message.
const NOT_GIVEN: [&str; 5] = ["AbortController", "RegExp", "Request", "Response", "WeakMap"];

/// What cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unsendable {
    /// A function.
    Function,
    /// An instance of the class of this name.
    Instance(String),
    /// An error that was caught.
    Caught,
    /// The event that a handler is passed, and where the handler is handed over.
    Event(Place),
    /// The element that an event is about, and where the handler is handed over.
    Element(Place),
    /// A symbol.
    Symbol,
}

/// Something that cannot be sent, and is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The action.
    pub action: ActionId,
    /// What it is.
    pub what: Unsendable,
    /// Where it is written.
    pub place: Place,
    /// As which argument it is passed, those that are bound included; `None` where the action gives it back.
    pub position: Option<u32>,
    /// Under which keys of that.
    pub keys: Vec<String>,
    /// The module in which it is written.
    pub module: ModuleId,
    /// The function in which it is written.
    pub function: FunctionId,
    /// The call that passes it.
    pub call: Option<Site>,
}

/// Everything that cannot be sent and is: what is passed by place, then what is given back by action.
pub(in crate::project) fn collect(
    project: &Project,
    graph: &Graph,
    runners: &Runners,
    eval: &mut Evaluator<'_>,
) -> Vec<Sent> {
    let mut found = Vec::new();
    for (module, described) in project.modules() {
        if described.role != Role::Source || !project.is_client(module) {
            continue;
        }
        for edge in graph.module(module) {
            let (Callee::Action(_), Via::Call) = (edge.to, edge.via) else { continue };
            let call = described.facts.calls[edge.call as usize];
            let callee = eval.value(module, call.callee);
            let Some((action, bound)) = exactly(eval, callee).filter(|_| call.kind != CallKind::Jsx) else { continue };
            let mut look = Look { graph, eval, module, gives: false, keys: Vec::new(), found: Vec::new() };
            for (position, &argument) in (bound..).zip(described.facts.list(call.arguments)) {
                if matches!(described.facts.value(argument), Value::Spread(_)) {
                    break;
                }
                look.value(argument, DEEPEST);
                let site = (module, edge.call);
                found.extend(look.found.drain(..).map(|(what, place, keys)| Sent {
                    action,
                    what,
                    place,
                    position: Some(position),
                    keys,
                    module,
                    function: edge.from,
                    call: Some(site),
                }));
            }
        }
    }
    for action in (0..).take(project.actions.all.len()) {
        let Some(taker) = runners.taker(action) else { continue };
        let FunctionRef { module, function } = taker.function;
        let facts = &project.module(module).facts;
        let mut look = Look { graph, eval, module, gives: true, keys: Vec::new(), found: Vec::new() };
        for step in facts.body(function) {
            if let Op::Return(value) = step.op {
                look.value(value, DEEPEST);
            }
        }
        let sent = look.found.into_iter().map(|(what, place, keys)| Sent {
            action,
            what,
            place,
            position: None,
            keys,
            module,
            function,
            call: None,
        });
        found.extend(sent);
    }
    found
}

/// One value that is looked at.
struct Look<'a, 'p> {
    graph: &'a Graph,
    eval: &'a mut Evaluator<'p>,
    module: ModuleId,
    /// Whether the server gives it.
    gives: bool,
    keys: Vec<String>,
    found: Vec<(Unsendable, Place, Vec<String>)>,
}

impl Look<'_, '_> {
    fn value(&mut self, value: ValueId, left: u32) {
        let Some(left) = left.checked_sub(1).filter(|_| value != NONE) else { return };
        let here = self.eval.module(self.module);
        match here.facts.value(value) {
            Value::Object(list) => {
                for property in here.facts.properties(list) {
                    if let PropertyKey::Named(name) = property.key {
                        self.keys.push(here.facts.text(name).to_owned());
                        self.value(property.value, left);
                        self.keys.pop();
                    }
                }
            }
            Value::Array(list) => {
                for (index, &element) in here.facts.list(list).iter().enumerate() {
                    self.keys.push(index.to_string());
                    self.value(element, left);
                    self.keys.pop();
                }
            }
            Value::Conditional(list) => here.facts.list(list).iter().skip(1).for_each(|&part| self.value(part, left)),
            Value::Cast(inner, _) => self.value(inner, left),
            _ => {
                if let Some(what) = self.event(value).or_else(|| self.term(value)) {
                    self.found.push((what, here.place(here.facts.span(value)), self.keys.clone()));
                }
            }
        }
    }

    /// What a value is that cannot be sent.
    fn term(&mut self, value: ValueId) -> Option<Unsendable> {
        let term = self.eval.value(self.module, value);
        let term = self.eval.terms.only(term);
        let classes: &[&str] = if self.gives { &NOT_GIVEN } else { &NOT_SENT };
        let of_class = |name: &str| classes.contains(&name).then(|| Unsendable::Instance(name.to_owned()));
        match self.eval.terms.get(term) {
            Term::Function(..) | Term::Class(..) => Some(Unsendable::Function),
            Term::Instance(home, class, _) => {
                let described = &self.eval.module(home).facts.classes[class as usize];
                let facts = &self.eval.module(home).facts;
                let says = described.members.iter().any(|member| facts.text(member.name) == "toJSON");
                let name = facts.text(described.name);
                (described.extends == NONE && !says && !name.is_empty()).then(|| Unsendable::Instance(name.to_owned()))
            }
            Term::Called(callee, _, constructs) => match self.eval.terms.get(callee) {
                Term::Global(name) if constructs => of_class(self.eval.terms.text(name)),
                Term::Global(name) if self.eval.terms.text(name) == "Symbol" => Some(Unsendable::Symbol),
                Term::Global(name) if self.eval.terms.text(name) == "fetch" => of_class("Response"),
                // `Response.json(..)`
                Term::Member(class, _) => self.response(class).map(Unsendable::Instance),
                _ if constructs => self.response(callee).map(Unsendable::Instance),
                _ => None,
            },
            _ => None,
        }
    }

    /// The name of a class of responses.
    fn response(&self, class: TermId) -> Option<String> {
        match self.eval.terms.get(class) {
            Term::Global(name) if self.eval.terms.text(name) == "Response" => Some("Response".to_owned()),
            Term::Package(package, Some(name)) => {
                let (package, name) = (self.eval.terms.text(package), self.eval.terms.text(name));
                (package == next::SERVER && name == "NextResponse").then(|| name.to_owned())
            }
            _ => None,
        }
    }

    /// Whether a value is an event, the element that it is about, or an error that was caught.
    fn event(&self, value: ValueId) -> Option<Unsendable> {
        let facts = &self.eval.module(self.module).facts;
        match facts.value(value) {
            Value::Variable(variable) => {
                let variable = facts.variables[variable as usize];
                if variable.kind == VariableKind::Catch && !self.gives {
                    return Some(Unsendable::Caught);
                }
                let known = !variable.reassigned && variable.init != NONE;
                self.event(variable.init).filter(|_| known)
            }
            Value::Parameter(function, 0) => self.handler(function).map(Unsendable::Event),
            Value::Member(object, name) if matches!(facts.text(name), "target" | "currentTarget") => {
                match self.event(object)? {
                    Unsendable::Event(place) => Some(Unsendable::Element(place)),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Where a function is handed to an element as the handler of its event.
    fn handler(&self, function: FunctionId) -> Option<Place> {
        let here = self.eval.module(self.module);
        let to = Callee::Function(FunctionRef { module: self.module, function });
        let mut edges = self.graph.module(self.module).iter().filter(|edge| edge.to == to);
        let edge = edges.find(|edge| {
            let call = here.facts.calls[edge.call as usize];
            let element = call.kind == CallKind::Jsx && matches!(here.facts.value(call.callee), Value::Str(_));
            element && matches!(edge.via, Via::Property(name) if is_event(here.facts.text(name)))
        })?;
        Some(here.place(here.facts.calls[edge.call as usize].name_span))
    }
}

impl Project {
    /// What cannot be sent and is passed to an action by the browser, or given back by one.
    #[must_use]
    pub fn unsendable(&self) -> &[Sent] {
        &self.client.sent
    }
}
