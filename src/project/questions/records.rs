//! Whole rows that an endpoint sends to whoever asks: of a table that has a column which nobody but the server needs, with nothing chosen and
//! nothing taken out on the way.

use crate::diagnostic::Place;
use crate::facts::{FileFacts, Op, Operator, Value, ValueId};
use crate::models::{Effect, What};
use crate::project::actions::ActionId;
use crate::project::data::credentials::{Secret, Sort};
use crate::project::data::rows::{Carried, Rows, Sought};
use crate::project::data::tables::Tables;
use crate::project::effects::summary::Site;
use crate::project::effects::{Doing, Happening};
use crate::project::entries::EntryKind;
use crate::project::guards::{GuardKind, GuardState, Guarding};
use crate::project::program::modules::{FunctionRef, ModuleId};
use crate::project::values::evaluate::Evaluator;
use crate::project::values::terms::{Bindings, Term, TermId};
use crate::project::{AppId, Project};

/// An endpoint that sends a whole row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// What it is called, in backticks.
    pub name: String,
    /// Whether it is a server action.
    pub action: bool,
    /// Its module.
    pub module: ModuleId,
    /// Where it sends the row.
    pub place: Place,
    /// The calls that lead from there to the read.
    pub way: Vec<Site>,
    /// Where a helper in another file makes the response.
    pub response: Option<Place>,
}

/// A whole row that is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WholeRecord {
    /// The app.
    pub app: AppId,
    /// What it is a row of.
    pub entity: String,
    /// The columns that nobody is to be given.
    pub secrets: Vec<Secret>,
    /// Whether the query asks for them by name.
    pub chosen: bool,
    /// The calls that read it.
    pub reads: Vec<Site>,
    /// The endpoints that send it.
    pub senders: Vec<Sender>,
}

/// An endpoint: its name, whether it is an action, its module, what it does.
type Endpoint<'p> = (String, bool, ModuleId, &'p Doing);

impl Project {
    /// Every whole row that an endpoint sends: the actions' first, then the handlers'. One read that several endpoints send is one, and so are
    /// several reads of one entity that one endpoint sends.
    #[must_use]
    pub fn whole_records(&self) -> Vec<WholeRecord> {
        let mut eval = Evaluator::new(self.world());
        let tables = self.tables(&mut eval);
        let mut found = Vec::new();
        for (id, action) in self.live_actions() {
            let endpoint = (self.action_name(id), true, action.module, self.action_doing(id));
            let carried = self.given_by_action(&mut eval, &tables, id);
            self.keep(&eval, (action.app, &endpoint), carried, &tables, &mut found);
        }
        for entered in self.entered() {
            let carried = match entered.kind {
                EntryKind::RouteHandler => {
                    let term = eval.export(entered.module, &entered.name);
                    followed(&mut eval, &tables, term, Sought::Response)
                }
                EntryKind::PagesApi => self.sent_by_pages_api(&mut eval, &tables, entered.module),
                _ => continue,
            };
            let endpoint = (self.handler_name(entered), false, entered.module, &entered.doing);
            self.keep(&eval, (entered.app, &endpoint), carried, &tables, &mut found);
        }
        found
    }

    fn given_by_action(&self, eval: &mut Evaluator<'_>, tables: &Tables, id: ActionId) -> Vec<Carried> {
        let action = self.actions.get(id);
        let term = match (action.function, &action.name) {
            (Some(function), _) => eval.terms.add(Term::Function(function, Bindings::NONE)),
            (None, Some(name)) => eval.export(action.module, name),
            (None, None) => return Vec::new(),
        };
        followed(eval, tables, term, Sought::Data)
    }

    fn sent_by_pages_api(&self, eval: &mut Evaluator<'_>, tables: &Tables, module: ModuleId) -> Vec<Carried> {
        let typed = self.models.annotated(Some("next"), "NextApiResponse").map(|(node, _)| node);
        let term = eval.export(module, "default");
        let mut functions = Vec::new();
        eval.run_from_outside(term, Sought::Response, &mut functions);
        let mut rows = Rows::new(eval, tables);
        for (function, bindings) in functions {
            let is_response = move |eval: &Evaluator<'_>, term: TermId| match eval.terms.root(term) {
                Term::Parameter(of, 1) => of == function,
                Term::Typed(node) => Some(node) == typed,
                _ => false,
            };
            rows.answers(function, bindings, &is_response);
        }
        rows.found
    }

    /// Keeps what an endpoint sends that nobody is to be given.
    fn keep(
        &self,
        eval: &Evaluator<'_>,
        (app, endpoint): (AppId, &Endpoint<'_>),
        carried: Vec<Carried>,
        tables: &Tables,
        found: &mut Vec<WholeRecord>,
    ) {
        let (name, action, module, doing) = endpoint;
        // What a server sends to another one is between them.
        if carried.is_empty() || doing.does(Effect::CompareSecret) || doing.does(Effect::VerifyWebhook) {
            return;
        }
        for of in carried {
            let Some(guarding) = self.before_read(doing, &of).filter(|guarding| is_given_openly(guarding)) else {
                continue;
            };
            let anybody = guarding.who.state == GuardState::Unguarded;
            let mut secrets = self.given_away(eval, &of, tables);
            secrets.retain(|secret| match secret.sort {
                Sort::Password => true,
                Sort::Access => anybody,
                // Who is shown a key of their own is meant to have it.
                Sort::Token => anybody || !self.is_read_by_browser(&secret.name),
            });
            if secrets.is_empty() {
                continue;
            }
            let file = self.module(*module).file;
            let own = of.given.iter().map(|&(_, place)| place).find(|place| place.file == file);
            let here = of.sent.filter(|sent| sent.file == file);
            let Some(place) = here.or(own).or(of.sent).or(of.given.first().map(|&(_, place)| place)) else { continue };
            let response = of.sent.filter(|&sent| sent != place);
            let sender = Sender { name: name.clone(), action: *action, module: *module, place, way: of.way, response };
            let same = |known: &&mut WholeRecord| {
                known.app == app
                    && known.entity == of.rows.entity
                    && (known.reads.contains(&of.read)
                        || known.senders.iter().all(|known| known.module == sender.module && known.name == sender.name))
            };
            match found.iter_mut().find(same) {
                Some(known) => {
                    if !known.reads.contains(&of.read) {
                        known.reads.push(of.read);
                    }
                    if !known.senders.iter().any(|known| known.module == sender.module && known.name == sender.name) {
                        known.senders.push(sender);
                    }
                    known.secrets.extend(secrets);
                    known.secrets.dedup_by(|one, other| one.name == other.name);
                }
                None => {
                    let chosen = of.rows.is_chosen();
                    let (entity, reads, senders) = (of.rows.entity, vec![of.read], vec![sender]);
                    found.push(WholeRecord { app, entity, secrets, chosen, reads, senders });
                }
            }
        }
    }

    /// The columns of a row that nobody is to be given and that nothing takes out. A token that was made just now is what the caller wants.
    fn given_away(&self, eval: &Evaluator<'_>, of: &Carried, tables: &Tables) -> Vec<Secret> {
        let mut secrets = tables.secrets(&of.rows.entity);
        secrets.retain(|secret| {
            let fresh = secret.sort == Sort::Token && of.rows.has_written(&secret.name);
            let taken = of.dropped.contains(&secret.name)
                || of.given.iter().any(|&(function, _)| self.takes_out(function, &secret.name));
            of.rows.has(&secret.name) && !fresh && !taken && !eval.hides(&of.rows, &secret.name)
        });
        secrets
    }

    /// Whether a function, or one around it, deletes a member of this name, or of one that is not known, or empties it.
    fn takes_out(&self, function: FunctionRef, column: &str) -> bool {
        let outer = self.outermost(function);
        let facts = &self.module(outer.module).facts;
        let span = facts.function(outer.function).span;
        let is_column =
            |place: ValueId| matches!(facts.value(place), Value::Member(_, name) if facts.text(name) == column);
        let deletes = (0_u32..).zip(&facts.values).any(|(id, value)| match *value {
            Value::Unary(Operator::Delete, place) => {
                let computed = matches!(facts.value(place), Value::Index(..));
                (computed || is_column(place)) && span.contains(facts.span(id))
            }
            _ => false,
        });
        let empties = |function: u32| {
            facts.body(function).iter().any(|step| match step.op {
                Op::Assign(place, value) => is_column(place) && is_empty(facts, value),
                _ => false,
            })
        };
        let all = u32::try_from(facts.functions.len()).unwrap_or(0);
        deletes
            || (0..all)
                .any(|inner| crate::project::client::pending::belongs(facts, inner, outer.function) && empties(inner))
    }

    /// Whether code that runs in the browser reads a member of this name.
    fn is_read_by_browser(&self, name: &str) -> bool {
        let reads = |facts: &FileFacts| {
            facts.values.iter().any(|value| matches!(*value, Value::Member(_, member) if facts.text(member) == name))
        };
        self.modules().any(|(module, here)| self.is_client(module) && reads(&here.facts))
    }

    /// What comes before the read; nothing where it is no part of what the endpoint is seen to do.
    fn before_read<'p>(&self, doing: &'p Doing, of: &Carried) -> Option<&'p Guarding> {
        let (module, call) = of.read;
        let read = self.module(module).facts.calls[call as usize].span;
        let is_it = |happening: &&Happening| {
            let (home, call) = happening.site();
            home == module
                && matches!(happening.effect, Effect::DbRead | Effect::DbWrite)
                // What is made is written by a call of its own.
                && (of.rows.creates || read.contains(self.module(home).facts.calls[call as usize].span))
        };
        doing.happenings.iter().find(is_it).map(|happening| &happening.guarding)
    }
}

/// The rows that a value gives when somebody outside calls it.
fn followed(eval: &mut Evaluator<'_>, tables: &Tables, term: TermId, sought: Sought) -> Vec<Carried> {
    let mut functions = Vec::new();
    eval.run_from_outside(term, sought, &mut functions);
    let mut rows = Rows::new(eval, tables);
    functions.into_iter().for_each(|(function, bindings)| rows.entry(function, bindings, sought));
    rows.found
}

/// Whether something is given to somebody who does not know a secret of the app.
fn is_given_openly(guarding: &Guarding) -> bool {
    let told = matches!(guarding.who.kind, Some(GuardKind::Secret | GuardKind::Webhook));
    guarding.signed.state != GuardState::Proven && !told
}

impl Evaluator<'_> {
    /// The functions that run when somebody outside calls a value, with what is bound in them: of what a wrapper gives that a model knows, the
    /// function that it wraps. What answers a request comes from the function that any wrapper is handed.
    fn run_from_outside(&mut self, term: TermId, sought: Sought, found: &mut Vec<(FunctionRef, Bindings)>) {
        match self.terms.get(term) {
            Term::Function(function, bindings) => found.push((function, bindings)),
            Term::Action(_, inner) | Term::As(inner, ..) | Term::Of(inner, ..) => {
                self.run_from_outside(inner, sought, found)
            }
            Term::Union(list) => {
                for of in self.terms.list(list).to_vec() {
                    self.run_from_outside(of, sought, found);
                }
            }
            Term::Called(callee, list, _) => {
                if self.is_narrowed(callee) {
                    return;
                }
                let models = self.world.models;
                let states = self.states_of(callee);
                let wrapped =
                    states.iter().flat_map(|&(node, _)| models.meanings(node)).find_map(|meaning| match meaning.what {
                        What::Wraps(argument) => Some(argument),
                        _ => None,
                    });
                for (place, of) in (0..).zip(self.terms.list(list).to_vec()) {
                    let runs = wrapped.map_or(sought == Sought::Response, |wrapped| wrapped == place);
                    if runs && matches!(self.terms.get(of), Term::Function(..)) {
                        self.run_from_outside(of, sought, found);
                    }
                }
            }
            _ => {}
        }
    }

    /// Whether a call in a chain says what the wrapper that it leads to gives.
    fn is_narrowed(&mut self, mut at: TermId) -> bool {
        let models = self.world.models;
        loop {
            let states = self.states_of(at);
            if states.iter().flat_map(|&(node, _)| models.meanings(node)).any(|meaning| meaning.what == What::Narrows) {
                return true;
            }
            let (Term::Member(inner, _) | Term::Called(inner, ..) | Term::As(inner, ..) | Term::Of(inner, ..)) =
                self.terms.get(at)
            else {
                return false;
            };
            at = inner;
        }
    }
}

/// Whether a value is nothing.
fn is_empty(facts: &FileFacts, value: ValueId) -> bool {
    match facts.value(value) {
        Value::Undefined | Value::Null => true,
        Value::Str(text) => facts.text(text).is_empty(),
        Value::Cast(inner, _) => is_empty(facts, inner),
        _ => false,
    }
}
