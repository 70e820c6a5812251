//! What whoever posts to an action gets done: the write that it reaches, and whether anything may ask first who is calling.
//!
//! A guard is not inferred here. Whatever may be one counts as one, so that an action is called open only where nothing before
//! its write can stop anybody.

use crate::facts::{CallId, CallKind, NONE, Op, Use, Value, ValueId};
use crate::models::Effect;
use crate::project::Project;
use crate::project::actions::ActionId;
use crate::project::effects::summary::{Certainty, Site};
use crate::project::effects::{Blind, Doing, Happening};
use crate::project::program::modules::ModuleId;

/// How deep values are looked into.
const DEEPEST: u32 = 8;

/// Which effects may end a call that nobody may make, or tie it to whoever makes it.
const ASKING: [Effect; 7] = [
    Effect::AuthRequire,
    Effect::AuthRead,
    Effect::CookieRead,
    Effect::VerifyWebhook,
    Effect::CompareSecret,
    Effect::Captcha,
    Effect::RateLimit,
];

impl Project {
    /// The write that says best what an action does: one that nothing comes before which may ask who is calling, else the nearest.
    #[must_use]
    pub fn telling_write(&self, action: ActionId) -> Option<&Happening> {
        let writes = self.action_doing(action).happenings.iter().filter(|happening| happening.effect.writes());
        self.open_write(action).or_else(|| writes.min_by_key(|write| (write.certainty, write.trail.len())))
    }

    /// The nearest write of an action that is its own, not another action's, and that nothing comes before which may ask who is
    /// calling. The caller's own cookies and session are no such write.
    #[must_use]
    pub fn open_write(&self, action: ActionId) -> Option<&Happening> {
        let doing = self.action_doing(action);
        let counts = |write: &&Happening| {
            write.effect.writes()
                && !matches!(write.effect, Effect::CookieWrite | Effect::AuthSession)
                && write.certainty != Certainty::Caught
                && !write.trail.iter().any(|&site| self.calls_action(site))
                && self.is_open(doing, &write.trail)
        };
        let writes = doing.happenings.iter().filter(counts);
        writes.min_by_key(|write| (write.certainty, write.trail.len()))
    }

    /// Whether nothing that may ask who is calling comes before something on the way of an entry.
    #[must_use]
    pub fn is_open(&self, doing: &Doing, trail: &[Site]) -> bool {
        let asked = doing.happenings.iter().any(|before| asks(before) && self.comes_before(&before.trail, trail));
        let guards = |blind: &Blind| self.comes_before(&blind.trail, trail) && self.may_guard(doing, blind, trail);
        !asked && !doing.blind.iter().any(guards)
    }

    /// Whether a call that cannot be seen may be a guard: its result is thrown away or tested, or it is handed what comes after it.
    fn may_guard(&self, doing: &Doing, blind: &Blind, then: &[Site]) -> bool {
        let Some(&(module, call)) = blind.trail.last() else { return false };
        let facts = &self.module(module).facts;
        let described = facts.calls[call as usize];
        let constructs = matches!(described.kind, CallKind::New | CallKind::Jsx);
        if constructs || facts.value(described.callee) == Value::Super {
            return false;
        }
        let kept = Use(Use::RETURNED.0 | Use::STORED.0 | Use::PASSED.0 | Use::CHAINED.0 | Use::TESTED.0);
        described.result.has(Use::TESTED)
            || described.result.0 & kept.0 == 0
            || then.starts_with(&blind.trail)
            || self.decides(doing, module, call)
    }

    /// Whether a branch of a body, one of whose sides leaves it, tests what a call gave.
    fn decides(&self, doing: &Doing, module: ModuleId, call: CallId) -> bool {
        let function = self.function_of((module, call));
        let ends = |happening: &Happening, call| {
            matches!(happening.effect, Effect::Redirect | Effect::NotFound) && happening.site() == (module, call)
        };
        let body = self.module(module).facts.body(function.function);
        body.iter().enumerate().any(|(index, step)| {
            let Op::Branch { test, end, .. } = step.op else { return false };
            let sides = body.get(index + 1..end as usize).unwrap_or_default();
            let leaves = sides.iter().any(|step| match step.op {
                Op::Return(_) | Op::Throw(_) => true,
                Op::Call(inner) => doing.happenings.iter().any(|happening| ends(happening, inner)),
                _ => false,
            });
            leaves && self.comes_from(module, test, call, DEEPEST)
        })
    }

    /// Whether a value is made of what a call gave.
    fn comes_from(&self, module: ModuleId, value: ValueId, call: CallId, left: u32) -> bool {
        let Some(left) = left.checked_sub(1).filter(|_| value != NONE) else { return false };
        let facts = &self.module(module).facts;
        let one = |value: ValueId| self.comes_from(module, value, call, left);
        match facts.value(value) {
            Value::Call(of) => of == call || one(facts.calls[of as usize].callee),
            Value::Variable(variable) => one(facts.variables[variable as usize].init),
            Value::Member(inner, _)
            | Value::Index(inner, _)
            | Value::Rest(inner)
            | Value::Await(inner)
            | Value::Not(inner)
            | Value::Cast(inner, _)
            | Value::Unary(_, inner) => one(inner),
            Value::Binary(_, left, right) | Value::Logical(_, left, right) => one(left) || one(right),
            _ => false,
        }
    }
}

/// Whether an effect may ask who is calling. What a condition of the caller's own decides does not; neither does a secret that is compared on
/// some ways only.
fn asks(happening: &Happening) -> bool {
    let kind = ASKING.contains(&happening.effect)
        || (happening.effect == Effect::HeaderRead
            && happening.target.as_deref().is_some_and(|name| name.eq_ignore_ascii_case("authorization")));
    let sure = match happening.effect {
        Effect::CompareSecret => happening.certainty == Certainty::Always,
        _ => happening.certainty != Certainty::Caught && !happening.conditional,
    };
    kind && sure
}
