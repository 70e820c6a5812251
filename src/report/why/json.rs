//! The answer to `edgelint why` as data: the document of `schema/why.schema.json`, key by key.

use std::io::{self, Write};

use serde::Serialize;

use crate::analysis::why::{Made, Reach, Read, Said, Shows, State, Then, Verdict, Why};
use crate::analysis::{Deed, Endpoint, EndpointGuard, Gap, GuardKind, Report};
use crate::diagnostic::Place;
use crate::report::clean;
use crate::report::json::{JsonStep, VERSION, write as write_document};
use crate::source::Position;

/// Writes the document.
pub(in crate::report) fn write(report: &Report, why: &Why, out: &mut dyn Write) -> io::Result<()> {
    let document = JsonWhy {
        version: VERSION,
        path: report.path(why.place.file),
        line: why.line,
        part: why.part.as_ref().map(|part| JsonPart {
            name: clean::masked(&part.name),
            declared: part.declared.map(|place| JsonStep::new(report, place)),
            handed: part.handed.map(|place| JsonStep::new(report, place)),
            layers: &part.layers,
        }),
        calls: why.calls.iter().map(|said| JsonCall::new(report, said)).collect(),
        endpoints: why.endpoints.iter().map(|endpoint| JsonEndpoint::new(report, why, endpoint)).collect(),
        entries: why.reach.iter().map(|reach| JsonEntry::new(report, reach)).collect(),
        effects: why.does.effects.iter().filter_map(|deed| JsonEffect::new(report, deed)).collect(),
        unseen: why.does.gaps.iter().filter_map(|gap| JsonUnseen::new(report, gap)).collect(),
        truncated: why.does.truncated,
        shows: why.shows.iter().map(|shows| JsonShows::new(report, shows)).collect(),
        made: why.made.iter().map(|made| JsonMade::new(report, made)).collect(),
        rules: why.verdicts.iter().map(|verdict| JsonRule::new(report, verdict)).collect(),
    };
    write_document(&document, out)
}

#[derive(Serialize)]
struct JsonWhy<'a> {
    version: u32,
    path: &'a str,
    line: u32,
    part: Option<JsonPart<'a>>,
    calls: Vec<JsonCall<'a>>,
    endpoints: Vec<JsonEndpoint<'a>>,
    entries: Vec<JsonEntry<'a>>,
    effects: Vec<JsonEffect<'a>>,
    unseen: Vec<JsonUnseen<'a>>,
    truncated: bool,
    shows: Vec<JsonShows<'a>>,
    made: Vec<JsonMade<'a>>,
    rules: Vec<JsonRule<'a>>,
}

#[derive(Serialize)]
struct JsonPart<'a> {
    name: String,
    declared: Option<JsonStep<'a>>,
    handed: Option<JsonStep<'a>>,
    layers: &'a [&'static str],
}

#[derive(Serialize)]
struct JsonCall<'a> {
    column: u32,
    resolved: &'static str,
    reason: Option<&'static str>,
    leads: Vec<JsonLead<'a>>,
    hands: Vec<JsonLead<'a>>,
    effects: Vec<JsonEffect<'a>>,
    then: Option<JsonThen<'a>>,
}

impl<'a> JsonCall<'a> {
    fn new(report: &'a Report, said: &'a Said) -> Self {
        let lead = |(name, place): &'a (String, Place)| JsonLead { name, at: JsonStep::new(report, *place) };
        Self {
            column: report.range(said.place).0.column,
            resolved: said.resolved,
            reason: said.reason,
            leads: said.leads.iter().map(lead).collect(),
            hands: said.hands.iter().map(lead).collect(),
            effects: said.does.effects.iter().filter_map(|deed| JsonEffect::new(report, deed)).collect(),
            then: said.then.as_ref().map(|then| JsonThen::new(report, then)),
        }
    }
}

#[derive(Serialize)]
struct JsonLead<'a> {
    name: &'a str,
    at: JsonStep<'a>,
}

#[derive(Serialize)]
struct JsonThen<'a> {
    kind: &'static str,
    trail: Vec<JsonStep<'a>>,
}

impl<'a> JsonThen<'a> {
    fn new(report: &'a Report, then: &Then) -> Self {
        Self { kind: then.kind, trail: then.trail.iter().map(|&place| JsonStep::new(report, place)).collect() }
    }
}

#[derive(Serialize)]
struct JsonEndpoint<'a> {
    kind: &'static str,
    name: Option<&'a str>,
    method: &'a str,
    url: Option<&'a str>,
    at: JsonStep<'a>,
    live: bool,
    guard: JsonGuarded<'a>,
    callers: Vec<JsonCaller<'a>>,
}

/// What guards an endpoint, and why that is not known.
#[derive(Serialize)]
struct JsonGuarded<'a> {
    state: &'static str,
    kind: Option<&'static str>,
    reason: Option<&'static str>,
    by: Option<&'a str>,
    at: Option<JsonStep<'a>>,
}

impl<'a> JsonGuarded<'a> {
    fn new(report: &'a Report, guard: &'a EndpointGuard) -> Self {
        Self {
            state: guard.state.as_str(),
            kind: guard.kind.map(GuardKind::as_str),
            reason: match guard.considered {
                Some((said, _)) => Some(said),
                None => Some(guard.reason).filter(|reason| !reason.is_empty()),
            },
            by: guard.by.as_deref(),
            at: guard.place.or(guard.considered.map(|(_, place)| place)).map(|place| JsonStep::new(report, place)),
        }
    }
}

impl<'a> JsonEndpoint<'a> {
    fn new(report: &'a Report, why: &'a Why, endpoint: &'a Endpoint) -> Self {
        let then = |place| why.afterwards.iter().find(|(at, _)| *at == place).map(|(_, then)| then);
        let callers = endpoint.callers.iter().map(|caller| JsonCaller {
            kind: caller.kind.as_str(),
            at: JsonStep::new(report, caller.place),
            then: then(caller.place).map(|then| JsonThen::new(report, then)),
        });
        Self {
            kind: endpoint.kind.as_str(),
            name: endpoint.name.as_deref(),
            method: &endpoint.method,
            url: endpoint.url.as_deref(),
            at: JsonStep::new(report, endpoint.place),
            live: endpoint.live,
            guard: JsonGuarded::new(report, &endpoint.guard),
            callers: callers.collect(),
        }
    }
}

#[derive(Serialize)]
struct JsonCaller<'a> {
    kind: &'static str,
    at: JsonStep<'a>,
    then: Option<JsonThen<'a>>,
}

#[derive(Serialize)]
struct JsonEntry<'a> {
    name: &'a str,
    at: JsonStep<'a>,
    trail: Vec<JsonHop<'a>>,
}

impl<'a> JsonEntry<'a> {
    fn new(report: &'a Report, reach: &'a Reach) -> Self {
        let trail = reach.trail.iter().map(|&(place, does)| JsonHop { does, at: JsonStep::new(report, place) });
        Self { name: &reach.name, at: JsonStep::new(report, reach.place), trail: trail.collect() }
    }
}

#[derive(Serialize)]
struct JsonHop<'a> {
    does: &'static str,
    at: JsonStep<'a>,
}

#[derive(Serialize)]
struct JsonEffect<'a> {
    kind: &'static str,
    target: Option<String>,
    certainty: &'static str,
    conditional: bool,
    at: JsonStep<'a>,
    trail: Vec<JsonStep<'a>>,
}

impl<'a> JsonEffect<'a> {
    fn new(report: &'a Report, deed: &Deed) -> Option<Self> {
        Some(Self {
            kind: deed.effect.as_str(),
            target: deed.target.as_deref().map(clean::masked),
            certainty: deed.certainty.as_str(),
            conditional: deed.conditional,
            at: JsonStep::new(report, *deed.trail.last()?),
            trail: deed.trail.iter().map(|&place| JsonStep::new(report, place)).collect(),
        })
    }
}

#[derive(Serialize)]
struct JsonUnseen<'a> {
    class: &'static str,
    reason: &'static str,
    at: JsonStep<'a>,
    trail: Vec<JsonStep<'a>>,
}

impl<'a> JsonUnseen<'a> {
    fn new(report: &'a Report, gap: &Gap) -> Option<Self> {
        Some(Self {
            class: gap.class.as_str(),
            reason: gap.reason,
            at: JsonStep::new(report, *gap.trail.last()?),
            trail: gap.trail.iter().map(|&place| JsonStep::new(report, place)).collect(),
        })
    }
}

#[derive(Serialize)]
struct JsonShows<'a> {
    entity: String,
    views: Vec<JsonLead<'a>>,
}

impl<'a> JsonShows<'a> {
    fn new(report: &'a Report, shows: &'a Shows) -> Self {
        let views = shows.views.iter().map(|(name, place)| JsonLead { name, at: JsonStep::new(report, *place) });
        Self { entity: clean::masked(&shows.entity), views: views.collect() }
    }
}

#[derive(Serialize)]
struct JsonMade<'a> {
    view: &'a str,
    making: &'static str,
    reads: Vec<JsonRead<'a>>,
}

impl<'a> JsonMade<'a> {
    fn new(report: &'a Report, made: &'a Made) -> Self {
        let reads = made.reads.iter().map(|read| JsonRead::new(report, read));
        Self { view: &made.view, making: made.making, reads: reads.collect() }
    }
}

#[derive(Serialize)]
struct JsonRead<'a> {
    entity: String,
    at: JsonStep<'a>,
    keeper: Option<JsonStep<'a>>,
    tags: Vec<String>,
    refreshed: Vec<JsonLead<'a>>,
    changed: Vec<JsonLead<'a>>,
}

impl<'a> JsonRead<'a> {
    fn new(report: &'a Report, read: &'a Read) -> Self {
        let leads = |of: &'a [(String, Place)]| {
            of.iter().map(|(name, place)| JsonLead { name, at: JsonStep::new(report, *place) }).collect()
        };
        Self {
            entity: clean::masked(&read.entity),
            at: JsonStep::new(report, read.place),
            keeper: read.keeper.map(|place| JsonStep::new(report, place)),
            tags: read.tags.iter().map(|tag| clean::masked(tag)).collect(),
            refreshed: leads(&read.refreshed),
            changed: leads(&read.changed),
        }
    }
}

#[derive(Serialize)]
struct JsonRule<'a> {
    rule: &'static str,
    state: &'static str,
    reason: Option<String>,
    finding: Option<JsonFinding<'a>>,
}

impl<'a> JsonRule<'a> {
    fn new(report: &'a Report, verdict: &'a Verdict) -> Self {
        let reason = match &verdict.state {
            State::Suppressed { reason, .. } => Some(clean::masked(reason)),
            _ => None,
        };
        let finding = verdict.finding.as_ref().map(|finding| {
            let Position { line, column } = report.range(finding.primary.place).0;
            JsonFinding {
                level: finding.level.as_str(),
                message: clean::masked(&finding.message),
                help: finding.help.as_deref().map(clean::masked),
                path: report.path(finding.primary.place.file),
                line,
                column,
            }
        });
        Self { rule: verdict.rule, state: verdict.state.as_str(), reason, finding }
    }
}

#[derive(Serialize)]
struct JsonFinding<'a> {
    level: &'static str,
    message: String,
    help: Option<String>,
    path: &'a str,
    line: u32,
    column: u32,
}
