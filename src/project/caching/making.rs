//! How a page is made: for each request, or once and then kept; and who keeps what a view reads.

use crate::facts::{CallKind, DirectiveKind, ExportKind, NONE, Value};
use crate::models::Effect;
use crate::project::Project;
use crate::project::config::Setting;
use crate::project::data::remote::Told;
use crate::project::effects::summary::{Site, Unseen};
use crate::project::effects::{Entered, Happening};
use crate::project::entries::next;
use crate::project::program::modules::{FunctionRef, ModuleId};
use crate::project::program::symbols::Meaning;

/// How a page is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Making {
    /// For each request.
    EachTime,
    /// Once; it is kept until somebody says otherwise, or only for a time.
    Once {
        /// Whether no time is set for it.
        lasts: bool,
    },
    /// It is not known.
    Unknown,
}

/// Who keeps something that a view reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keeper {
    /// The page as a whole.
    Page,
    /// A call that keeps what a function gives.
    Call(Site),
    /// A function that says so itself.
    Function(FunctionRef),
}

/// Something that a view reads, kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keeping {
    /// Who keeps it.
    pub keeper: Keeper,
    /// Its tags, with `{}` for what is not known of one; `None` for one of which nothing is.
    pub tags: Vec<Option<String>>,
    /// Whether no time is set for it.
    pub lasts: bool,
}

/// The value of a setting of a route, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Written {
    Text(String),
    Number(String),
    False,
}

impl Project {
    /// How a page of the App Router is made, as far as that is proven.
    #[must_use]
    pub fn making(&self, page: &Entered) -> Making {
        let cached = self.config(page.app).cache_components.clone();
        if cached != Setting::Absent && cached != Setting::Known(false) {
            return Making::Unknown;
        }
        let around: Vec<&Entered> = self.rendered_with(page.app, page.module).collect();
        let dynamic: Vec<Setting<Written>> =
            around.iter().map(|view| self.route_setting(view.module, next::DYNAMIC)).collect();
        let times: Vec<Setting<Written>> =
            around.iter().map(|view| self.route_setting(view.module, next::REVALIDATE)).collect();
        let is = |wanted: &[&str]| {
            dynamic.iter().any(
                |setting| matches!(setting, Setting::Known(Written::Text(text)) if wanted.contains(&text.as_str())),
            )
        };
        let never = |time: &Setting<Written>| matches!(time, Setting::Known(Written::Number(number)) if number == "0");
        if is(&[next::MADE_EACH_TIME]) || times.iter().any(never) {
            return Making::EachTime;
        }
        if dynamic.iter().chain(&times).any(|setting| *setting == Setting::Unknown) {
            return Making::Unknown;
        }
        let timed = times.iter().any(|time| matches!(time, Setting::Known(Written::Number(_))));
        if is(&next::MADE_ONCE) {
            return Making::Once { lasts: !timed };
        }
        if !self.has_parameters_for_all(page) || self.asks_for_query(page.module) {
            return Making::EachTime;
        }
        let all = around.iter().flat_map(|view| &view.doing.happenings);
        if all.clone().any(|happening| waits(happening.effect)) {
            return Making::EachTime;
        }
        let is_request = |happening: &&Happening| matches!(happening.effect, Effect::HttpRead | Effect::HttpWrite);
        let told: Vec<Told> = all.filter(is_request).map(|request| request.told).collect();
        if told.contains(&Told::Never) && !self.says_of_requests(&around) {
            return Making::EachTime;
        }
        // What a request is told may be that it is not to be kept.
        let asks = told.contains(&Told::Unknown) || (!told.is_empty() && self.says_of_requests(&around));
        let timed = timed || told.contains(&Told::ForATime);
        let hidden = around.iter().any(|view| {
            view.doing.truncated
                || view.doing.blind.iter().any(|blind| {
                    !(blind.unseen == Unseen::Foreign && blind.trail.last().is_some_and(|&site| self.is_element(site)))
                })
        });
        if asks || hidden { Making::Unknown } else { Making::Once { lasts: !timed } }
    }

    /// Whether a page or what is rendered around it says how what its requests give is kept, whatever they say themselves.
    fn says_of_requests(&self, around: &[&Entered]) -> bool {
        around.iter().any(|view| {
            self.route_setting(view.module, next::KEEPS_REQUESTS) != Setting::Absent
                || self.route_setting(view.module, next::DYNAMIC) != Setting::Absent
        })
    }

    /// What a request that a view sends says itself of how its answer is kept.
    fn kept_request(&self, view: &Entered, read: &Happening) -> Option<Keeping> {
        let lasts = match read.told {
            Told::ForGood => true,
            Told::ForATime => false,
            Told::Nothing | Told::Never | Told::Unknown => return None,
        };
        // A view may be rendered within any of the pages below it.
        let around: Vec<&Entered> = self.rendered_with(view.app, view.module).collect();
        if self.says_of_requests(&around) {
            return None;
        }
        let site = read.site();
        let mut tags = self.tags_on(view, &read.trail[..read.trail.len() - 1], |of| of == site);
        tags.retain(|tag| tag.as_deref() != Some(""));
        Some(Keeping { keeper: Keeper::Call(site), tags, lasts })
    }

    /// Who keeps something that a view reads, the innermost of them; nobody, where each request reads it anew or that is not known.
    #[must_use]
    pub fn keeping_of(&self, view: &Entered, read: &Happening) -> Option<Keeping> {
        if let Some(keeping) = self.kept_request(view, read) {
            return Some(keeping);
        }
        for (at, &site) in read.trail.iter().enumerate().rev() {
            let function = self.function_of(site);
            let around = || self.with_those_around(function);
            if self.is_kept_by_itself(function) {
                let tags = self.tags_on(view, &read.trail[..at], |site| self.function_of(site) == function);
                return Some(Keeping { keeper: Keeper::Function(function), tags, lasts: false });
            }
            let called = at.checked_sub(1).map(|before| read.trail[before]);
            let kept = self.graph().kept().iter().find(|kept| around().any(|of| kept.functions.contains(&of)));
            let Some((kept, called)) = kept.zip(called) else { continue };
            if self.calls_by_name(called, &kept.functions) {
                continue;
            }
            let bound = self.tags_on(view, &read.trail[..at - 1], |site| site == kept.site);
            let tags = if bound.is_empty() { kept.tags.clone() } else { bound };
            return Some(Keeping { keeper: Keeper::Call(kept.site), tags, lasts: kept.lasts });
        }
        None
    }

    /// The tags that are named on the way of a view behind some calls, where a test holds of the call that follows them.
    fn tags_on(&self, view: &Entered, way: &[Site], holds: impl Fn(Site) -> bool) -> Vec<Option<String>> {
        let tagged = view.doing.of(Effect::CacheTag);
        let here = tagged
            .filter(|tag| tag.trail.starts_with(way) && tag.trail.get(way.len()).is_some_and(|&site| holds(site)));
        let mut tags: Vec<Option<String>> = here.map(|tag| tag.target.clone()).collect();
        tags.sort();
        tags.dedup();
        tags
    }

    /// Whether a call names one of some functions itself, and not what a call made of it.
    fn calls_by_name(&self, (module, call): Site, functions: &[FunctionRef]) -> bool {
        let callee = self.module(module).facts.calls[call as usize].callee;
        matches!(self.meaning(module, callee).0, Meaning::Function(function) if functions.contains(&function))
    }

    /// Whether a function, or one around it, says that its results are kept.
    pub(in crate::project) fn is_kept_by_itself(&self, function: FunctionRef) -> bool {
        self.with_those_around(function).any(|of| self.keeps_itself(of))
    }

    /// A function and those that it stands in, innermost first.
    fn with_those_around(&self, function: FunctionRef) -> impl Iterator<Item = FunctionRef> {
        std::iter::successors(Some(function), |&of| self.parent_of(of))
    }

    /// Whether a function, or its file, says that its results are kept.
    fn keeps_itself(&self, function: FunctionRef) -> bool {
        let here = self.module(function.module);
        let allowed = here.app.is_some_and(|app| self.config(app).use_cache != Setting::Known(false));
        allowed
            && [0, function.function].into_iter().flat_map(|of| here.facts.directives_of(of)).any(|directive| {
                let text = here.facts.text(directive.text);
                directive.kind == DirectiveKind::Prologue
                    && text != next::USE_CACHE_FOR_ONE
                    && (text == next::USE_CACHE
                        || text.strip_prefix(next::USE_CACHE).is_some_and(|rest| rest.starts_with(": ")))
            })
    }

    pub(in crate::project) fn parent_of(&self, function: FunctionRef) -> Option<FunctionRef> {
        let parent = self.module(function.module).facts.function(function.function).parent;
        (parent != NONE && parent != 0).then_some(FunctionRef { function: parent, ..function })
    }

    fn is_element(&self, (module, call): Site) -> bool {
        self.module(module).facts.calls[call as usize].kind == CallKind::Jsx
    }

    /// Whether a page without parameters is meant, or one that names all of those for which it is made once.
    fn has_parameters_for_all(&self, page: &Entered) -> bool {
        let parameters = |module: ModuleId| {
            let folder = self.path(module).rsplit_once('/').map_or("", |(folder, _)| folder);
            folder.split('/').filter(|part| part.starts_with('[')).count()
        };
        let asked = parameters(page.module);
        asked == 0
            || self.rendered_with(page.app, page.module).any(|view| {
                let facts = &self.module(view.module).facts;
                parameters(view.module) == asked
                    && facts.exports.iter().any(|export| facts.text(export.name) == next::STATIC_PARAMETERS)
            })
    }

    /// Whether a page may look at the query of its request.
    fn asks_for_query(&self, page: ModuleId) -> bool {
        let facts = &self.module(page).facts;
        facts.values.iter().any(|&value| matches!(value, Value::Member(_, name) if facts.text(name) == next::QUERY))
            || facts.variables.iter().any(|variable| facts.text(variable.name) == next::QUERY)
    }

    /// A setting of a route, where its file writes one out.
    fn route_setting(&self, module: ModuleId, name: &str) -> Setting<Written> {
        let facts = &self.module(module).facts;
        let Some(export) = facts.exports.iter().find(|export| facts.text(export.name) == name) else {
            return Setting::Absent;
        };
        let ExportKind::Value(value) = export.kind else { return Setting::Unknown };
        let mut written = facts.value(value);
        for _ in 0..4 {
            written = match written {
                Value::Variable(variable) => facts.value(facts.variables[variable as usize].init),
                Value::Cast(inner, _) => facts.value(inner),
                _ => break,
            };
        }
        match written {
            Value::Str(text) => Setting::Known(Written::Text(facts.text(text).to_owned())),
            Value::Number(text) => Setting::Known(Written::Number(facts.text(text).to_owned())),
            Value::Bool(false) => Setting::Known(Written::False),
            _ => Setting::Unknown,
        }
    }
}

/// Whether something that happens while a page is made makes it wait for a request.
fn waits(effect: Effect) -> bool {
    matches!(
        effect,
        Effect::NoStore
            | Effect::CookieRead
            | Effect::CookieWrite
            | Effect::HeaderRead
            | Effect::AuthRead
            | Effect::AuthRequire
            | Effect::AuthSession
            // What is made once could not be told to be made anew: a page that says so itself is made for each request.
            | Effect::RevalidatePath
            | Effect::RevalidateTag
    )
}
