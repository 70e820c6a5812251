//! Queries of the browser: hooks that show what was fetched under a key, the requests and actions that fetch it, and who answers those.

use std::collections::BTreeSet;

use super::keys::{BETWEEN, may_be_kept_under};
use super::standing::Standing;
use crate::facts::{CallKind, NONE};
use crate::project::actions::ActionId;
use crate::project::caching::invalidation::{HOLE, may_be_same};
use crate::project::data::is_somebody;
use crate::project::effects::summary::Site;
use crate::project::effects::{Doing, Happening};
use crate::project::graph::handed::Handed;
use crate::project::graph::{Callee, Graph, Via};
use crate::project::program::modules::{FunctionRef, ModuleId};
use crate::project::questions::noted::name_words;
use crate::project::requests::{Means, Request, RequestId};
use crate::project::routes::RouteId;
use crate::project::values::evaluate::Evaluator;
use crate::project::values::terms::{Bindings, TermId};
use crate::project::{AppId, Project};

/// How many functions are looked at that call the hook of a query.
const MOST_CALLERS: usize = 256;

/// How much further off than all else is what is read along with rows of another entity.
const BEYOND: usize = 100;

/// A hook that shows what was fetched under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The call of the hook.
    pub site: Site,
    /// The keys that it may have, with `{}` for what is not known of one; `None` for one of which nothing is.
    pub keys: Vec<Option<String>>,
    /// Whether it is fetched again by itself, every now and then.
    pub(in crate::project) polls: bool,
    /// The functions that fetch it, and the actions that are handed to it.
    by: Vec<Callee>,
}

impl Query {
    /// The queries of all modules that the browser runs, by place.
    pub(in crate::project) fn all(
        project: &Project,
        graph: &Graph,
        handed: &Handed,
        eval: &mut Evaluator<'_>,
    ) -> Vec<Self> {
        let mut found = Vec::new();
        for module in 0..u32::try_from(project.modules.len()).unwrap_or(NONE) {
            if !project.is_client(module) {
                continue;
            }
            for call in 0..u32::try_from(project.module(module).facts.calls.len()).unwrap_or(NONE) {
                let (hook, arguments) = eval.callee(module, call);
                let Some(key) = eval.query_key(hook, &arguments) else { continue };
                let by = graph.module(module).iter().filter(|edge| edge.call == call).map(|edge| edge.to).collect();
                let polls = polls(handed, eval, hook, &arguments);
                found.push(Self { site: (module, call), keys: eval.keys(key), polls, by });
            }
        }
        found
    }

    /// A key as reports write it.
    fn key(&self) -> Option<&str> {
        self.keys.iter().flatten().next().map(String::as_str)
    }
}

/// Whether a query is fetched again by itself, every now and then. What a hook of the project hands on of what it is handed is looked at where it is
/// called.
fn polls(handed: &Handed, eval: &mut Evaluator<'_>, hook: TermId, arguments: &[TermId]) -> bool {
    let open = eval.poll_handed_to(hook, arguments);
    let called: BTreeSet<Bindings> = open.into_iter().flat_map(|of| handed.all_handed_to(of)).collect();
    if called.is_empty() {
        return eval.polls(hook, arguments);
    }
    called.into_iter().any(|bindings| {
        let arguments: Vec<TermId> = arguments.iter().map(|&of| eval.substitute(of, bindings)).collect();
        eval.polls(hook, &arguments)
    })
}

/// A query that shows an entity.
#[derive(Debug, Clone)]
pub struct Shown<'p> {
    /// The hook that shows it.
    pub query: &'p Query,
    /// The request that fetches it, where one does.
    pub request: Option<&'p Request>,
    /// The function in which it is shown: that of the hook, or the one that hands it its URL.
    pub function: FunctionRef,
    /// The read that answers.
    pub read: &'p Happening,
    /// The path at which that is served; nothing where an action answers.
    pub(in crate::project) served: &'p str,
    /// How far it is from the entity: whether its name lacks the entity's, and how many entities the answer is made of.
    pub(in crate::project) distance: (bool, usize),
    /// Whether the answer is a list of the entity, and of what belongs to it.
    pub(in crate::project) is_of_it: bool,
    /// Whether it is shown by something else than what is around the call of an action.
    pub(in crate::project) elsewhere: bool,
}

impl Shown<'_> {
    /// Whether what is fetched again under a key, or under any, may be this.
    pub(in crate::project) fn is_kept_under(&self, again: Option<&str>) -> bool {
        let Some(again) = again else { return true };
        if let Some(request) = self.request.filter(|request| request.means == Means::Key) {
            // What is fetched by a key is asked for at it: where its path ends is known better of a URL.
            let may_be = request.urls().any(|url| may_be_kept_under(again, &url));
            if !may_be || request.at() != self.query.site {
                return may_be;
            }
        }
        let may_be = |key: &Option<String>| key.as_deref().is_none_or(|key| may_be_kept_under(again, key));
        self.query.keys.is_empty() || self.query.keys.iter().any(may_be)
    }

    /// The call that says what is shown.
    #[must_use]
    pub fn at(&self) -> Site {
        self.request.filter(|request| request.means == Means::Key).map_or(self.query.site, Request::at)
    }

    /// What is shown, as reports write it: a URL, or a key.
    #[must_use]
    pub fn name(&self) -> String {
        let key = || self.query.key().unwrap_or_default().to_owned();
        self.request.map_or_else(key, |request| {
            let is_it = |url: &String| may_be_same(url.split('?').next().unwrap_or_default(), self.served);
            let url = request.urls().find(is_it).unwrap_or_else(|| request.url());
            // Of a list that is a key the first part is the URL, and what its fetcher adds to that is not known.
            let is_list = self.query.key().is_some_and(|key| key.contains(BETWEEN)) && request.site == self.query.site;
            url.strip_suffix(HOLE).filter(|_| is_list).unwrap_or(&url).to_owned()
        })
    }
}

/// Who answers a query.
#[derive(Debug, Clone, Copy)]
enum Answering {
    /// What is entered, by its number.
    Entered(usize),
    /// An action.
    Action(ActionId),
}

/// What answers a query, and where that is shown.
#[derive(Debug)]
pub(in crate::project) struct Answer {
    app: AppId,
    query: usize,
    request: Option<RequestId>,
    /// The function in which it is shown.
    function: FunctionRef,
    by: Answering,
    /// The path at which that is served, with `{}` for its parameters; nothing where an action answers.
    served: String,
    /// The reads that the answer is made of, by their number.
    reads: Vec<usize>,
    /// The views on which it stands.
    views: Vec<ModuleId>,
    /// The components and hooks that take what it gives: the function in which it is shown, and those that call that.
    taken_by: Vec<FunctionRef>,
    /// The components around those.
    below: Vec<FunctionRef>,
}

impl Answer {
    /// Whether it stands on one of some views.
    pub(in crate::project) fn stands_on(&self, views: &[ModuleId]) -> bool {
        self.views.iter().any(|view| views.contains(view))
    }

    /// Whether it is taken by one of some components, or below the innermost of those.
    pub(in crate::project) fn is_taken_by(&self, components: &[FunctionRef]) -> bool {
        let innermost = components.last();
        self.taken_by.iter().any(|of| components.contains(of)) || innermost.is_some_and(|of| self.below.contains(of))
    }
}

/// How far a query of a name is from the entity that a write is about.
fn distance(write: &Happening, name: &str, answer: &Doing) -> (bool, usize) {
    let entity = name_words(write.entity().unwrap_or_default());
    let name = name_words(name);
    let mut entities: Vec<_> = answer.data_reads().map(Happening::entity).collect();
    entities.sort();
    entities.dedup();
    (!entity.iter().any(|word| name.contains(word)), entities.len())
}

impl Project {
    /// The queries of the browser, by place.
    #[must_use]
    pub fn queries(&self) -> &[Query] {
        &self.client.queries
    }

    /// The queries on pages of an app that show what a write changes, by place.
    #[must_use]
    pub fn shown_by_queries_of<'p>(&'p self, app: AppId, write: &Happening) -> Vec<Shown<'p>> {
        self.queries_showing(app, write).into_iter().map(|(shown, _)| shown).collect()
    }

    /// The queries whose answer reads what a write changes, and that stand on pages of an app, by place.
    pub(in crate::project) fn queries_showing<'p>(
        &'p self,
        app: AppId,
        write: &Happening,
    ) -> Vec<(Shown<'p>, &'p Answer)> {
        let answers = self.answers.get_or_init(|| self.answered());
        let mut found = Vec::new();
        for answer in answers.iter().filter(|answer| answer.app == app) {
            let doing = self.doing_of(answer);
            let mut reads = answer.reads.iter().map(|&read| &doing.happenings[read]);
            let Some(read) = reads.find(|read| self.changes(write, read) && self.may_show(write, read, true)) else {
                continue;
            };
            let Some(shown) = self.shown(answer) else { continue };
            let distance = distance(write, &shown.name(), doing);
            let is_of_it = self.answers_with(answer, write);
            found.push((Shown { read, distance, is_of_it, ..shown }, answer));
        }
        found
    }

    /// Puts those that read the rows themselves before others, which show them along with rows of another entity.
    pub(in crate::project) fn put_beyond_behind(&self, shown: &mut [Shown<'_>]) {
        let is_own = |shown: &Shown<'_>| self.is_own_entity(shown.read);
        if shown.iter().any(is_own) {
            shown.iter_mut().filter(|shown| !is_own(shown)).for_each(|shown| shown.distance.1 += BEYOND);
        }
    }

    /// Whether it is known of some query what it shows that is fetched again under a key.
    pub(in crate::project) fn is_answered(&self, app: AppId, again: Option<&str>) -> bool {
        let answers = self.answers.get_or_init(|| self.answered());
        let mut own = answers.iter().filter(|answer| answer.app == app);
        own.any(|answer| self.shown(answer).is_some_and(|shown| shown.is_kept_under(again)))
    }

    /// An answer, with the first read that it is made of.
    fn shown<'p>(&'p self, answer: &'p Answer) -> Option<Shown<'p>> {
        let query = &self.queries()[answer.query];
        let request = answer.request.map(|request| self.request(request));
        let read = &self.doing_of(answer).happenings[*answer.reads.first()?];
        Some(Shown {
            query,
            request,
            function: answer.function,
            read,
            served: &answer.served,
            distance: (false, 0),
            is_of_it: false,
            elsewhere: false,
        })
    }

    /// The path at which a handler answers, with `{}` for its parameters.
    fn served_at(&self, by: Answering) -> String {
        let Answering::Entered(entered) = by else { return String::new() };
        let (url, _) = self.view_url(&self.entered()[entered]);
        let parts = url.split('/').map(|part| if part.starts_with('[') { HOLE } else { part });
        parts.collect::<Vec<_>>().join("/")
    }

    /// Whether all that an answer's own code asks for are lists of what is written, with what belongs to it. What is asked for around it, to find out
    /// who is there, is nothing of the answer.
    fn answers_with(&self, answer: &Answer, write: &Happening) -> bool {
        let Answering::Entered(entered) = answer.by else { return false };
        let (module, doing) = (self.entered()[entered].module, self.doing_of(answer));
        let is_own = |&site: &Site| site.0 == module && self.function_of(site).function != 0;
        // Whose it is, is no more.
        let is_whose = |read: &&Happening| read.entity().is_some_and(is_somebody) && read.entity() != write.entity();
        let own = answer.reads.iter().map(|&read| &doing.happenings[read]).filter(|read| !is_whose(read));
        let mut own = own.filter(|read| read.trail.iter().any(is_own)).peekable();
        let (mut sites, mut all) = (Vec::new(), own.peek().is_some());
        for read in own {
            // What a call asks for first is what it is about.
            if !sites.contains(&read.site()) {
                sites.push(read.site());
                all &= read.entity() == write.entity() && self.reads_list(read);
            }
        }
        all
    }

    fn doing_of(&self, answer: &Answer) -> &Doing {
        match answer.by {
            Answering::Entered(entered) => &self.entered()[entered].doing,
            Answering::Action(action) => self.action_doing(action),
        }
    }

    /// Everything that answers a query.
    fn answered(&self) -> Vec<Answer> {
        let mut found = Vec::new();
        for (number, query) in self.queries().iter().enumerate() {
            let own = self.function_of(query.site);
            let mut add = |app: AppId, request, function, by, doing: &Doing| {
                let reads = self.shown_in_answer(doing);
                let standing = self.standing(function).into_iter().filter(|of| of.app == app);
                let standing: Vec<Standing> = standing.collect();
                let views: Vec<ModuleId> = standing.iter().map(|of| of.view).collect();
                if !reads.is_empty() && !views.is_empty() {
                    let taken_by = self.callers_by_name(function);
                    let hops = standing.iter().flat_map(|of| &of.way);
                    let around = hops.map(|&(module, edge)| FunctionRef { module, function: edge.from });
                    let mut below: Vec<FunctionRef> = around.map(|of| self.outermost(of)).collect();
                    below.sort_unstable();
                    below.dedup();
                    let (query, served) = (number, self.served_at(by));
                    found.push(Answer { app, query, request, function, by, served, reads, views, taken_by, below });
                }
            };
            for (id, request) in self.requests_of(query) {
                for &(app, route) in request.routes() {
                    let Some(entered) = self.answering(app, route) else { continue };
                    let function = if request.means == Means::Key { self.sender(request) } else { own };
                    add(app, Some(id), function, Answering::Entered(entered), &self.entered()[entered].doing);
                }
            }
            for action in self.actions_of(query) {
                let app = self.actions().get(action).app;
                add(app, None, own, Answering::Action(action), self.action_doing(action));
            }
        }
        found
    }

    /// What answers a query at a route, by its number.
    fn answering(&self, app: AppId, route: RouteId) -> Option<usize> {
        let module = self.routes(app).route(route).module?;
        self.entered()
            .iter()
            .position(|of| of.app == app && of.module == module && matches!(of.name.as_str(), "GET" | "default"))
    }

    /// The outermost function around another, and those that call it, up to the components: `useTeam()` and whoever calls that.
    fn callers_by_name(&self, function: FunctionRef) -> Vec<FunctionRef> {
        let up = self.upward.get_or_init(|| self.upward());
        let (mut found, mut at) = (vec![self.outermost(function)], 0);
        while let Some(&next) = found.get(at).filter(|_| at < MOST_CALLERS) {
            for (caller, edge) in up.callers(next) {
                let is_element = self.module(caller.module).facts.calls[edge.call as usize].kind == CallKind::Jsx;
                let caller = self.outermost(caller);
                if edge.via == Via::Call && !is_element && !found.contains(&caller) {
                    found.push(caller);
                }
            }
            at += 1;
        }
        found
    }

    /// The requests that fetch a query.
    fn requests_of<'p>(&'p self, query: &'p Query) -> impl Iterator<Item = (RequestId, &'p Request)> {
        self.requests().iter().enumerate().filter(move |(_, request)| match request.means {
            Means::Key => request.site == query.site || request.through.contains(&query.site),
            Means::Call => {
                let mut calls = request.through.iter().chain([&request.site]);
                calls.any(|&site| self.fetches(query, self.function_of(site)))
            }
            Means::Form | Means::Link => false,
        })
    }

    /// The actions that fetch a query.
    fn actions_of<'p>(&'p self, query: &'p Query) -> impl Iterator<Item = ActionId> + 'p {
        let action = |to: Callee| match to {
            Callee::Action(action) => Some(action),
            Callee::Function(_) => None,
        };
        let handed = query.by.iter().filter_map(move |&to| action(to));
        let edges = self.graph.module(query.site.0).iter();
        let inside =
            edges.filter(move |edge| self.fetches(query, FunctionRef { module: query.site.0, function: edge.from }));
        handed.chain(inside.filter_map(move |edge| action(edge.to)))
    }

    /// Whether a function is one that fetches a query, or stands in one.
    fn fetches(&self, query: &Query, function: FunctionRef) -> bool {
        let mut around = std::iter::successors(Some(function), |&of| self.parent_of(of));
        around.any(|of| query.by.contains(&Callee::Function(of)))
    }
}
