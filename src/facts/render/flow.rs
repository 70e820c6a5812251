//! The flow of a function in a listing.

use super::Listing;
use crate::facts::{CallKind, NONE, Op, Step, Use};
use crate::source::Span;

impl Listing<'_> {
    /// Lists the steps from `at` up to `end`.
    pub(super) fn steps(&mut self, steps: &[Step], mut at: usize, end: usize, depth: usize) {
        while at < end.min(steps.len()) {
            let Step { op, span } = steps[at];
            let start = at + 1;
            at = start;
            let part = |end: u32| end as usize;
            match op {
                Op::Branch { test, then, end } => {
                    let word = if part(then) == start && then < end { "unless" } else { "if" };
                    let text = format!("{word} {} {{", self.value(test));
                    self.line(span, depth, &text);
                    self.steps(steps, start, part(then), depth + 1);
                    if word == "if" && then < end {
                        self.line(span, depth, "} else {");
                    }
                    self.steps(steps, part(then), part(end), depth + 1);
                    self.line(span, depth, "}");
                    at = part(end).max(start);
                }
                Op::Loop { at_least_once, end } => {
                    let text = if at_least_once { "loop {" } else { "for {" };
                    at = self.nested(steps, (start, end), text, span, depth);
                }
                Op::Switch { value, end } => {
                    let text = format!("switch {} {{", self.value(value));
                    at = self.nested(steps, (start, end), &text, span, depth);
                }
                Op::Case { test, end } => {
                    let test = if test == NONE { "default".to_owned() } else { format!("case {}", self.value(test)) };
                    self.line(span, depth, &format!("{test}:"));
                    self.steps(steps, start, part(end), depth + 1);
                    at = part(end).max(start);
                }
                Op::Block { end } => at = self.nested(steps, (start, end), "block {", span, depth),
                Op::Try { body, catch, end, binding, catches } => {
                    self.line(span, depth, "try {");
                    self.steps(steps, start, part(body), depth + 1);
                    if catches {
                        let name =
                            self.facts.variables.get(binding as usize).map_or("", |caught| self.text(caught.name));
                        let text = format!("}} catch {name} {{");
                        self.line(span, depth, &text);
                        self.steps(steps, part(body), part(catch), depth + 1);
                    }
                    if catch < end {
                        self.line(span, depth, "} finally {");
                        self.steps(steps, part(catch), part(end), depth + 1);
                    }
                    self.line(span, depth, "}");
                    at = part(end).max(start);
                }
                plain => {
                    let text = self.plain(plain);
                    self.line(span, depth, &text);
                }
            }
        }
    }

    fn nested(&mut self, steps: &[Step], (start, end): (usize, u32), text: &str, span: Span, depth: usize) -> usize {
        self.line(span, depth, text);
        self.steps(steps, start, end as usize, depth + 1);
        self.line(span, depth, "}");
        (end as usize).max(start)
    }

    fn plain(&self, op: Op) -> String {
        let with = |word: &str, value: u32| match value {
            NONE => word.to_owned(),
            value => format!("{word} {}", self.value(value)),
        };
        match op {
            Op::Call(call) => self.call(call),
            Op::Assign(place, value) => format!("{} = {}", self.value(place), self.value(value)),
            Op::Break(distance) => format!("break {distance}"),
            Op::Continue(distance) => format!("continue {distance}"),
            Op::Return(value) => with("return", value),
            Op::Throw(value) => with("throw", value),
            Op::Await(value) => with("await", value),
            Op::Yield(value) => with("yield", value),
            nested => format!("{nested:?}"),
        }
    }

    fn call(&self, id: u32) -> String {
        let call = &self.facts.calls[id as usize];
        let kind = match call.kind {
            CallKind::Plain => "call",
            CallKind::New => "new",
            CallKind::Tagged => "tag",
            CallKind::Jsx => "element",
            CallKind::DynamicImport => "import",
            CallKind::Require => "require",
            CallKind::Optional => "call?",
            CallKind::Macro => "macro",
        };
        let types: Vec<String> =
            self.facts.type_lists[call.types.range()].iter().map(|&argument| self.ty(argument)).collect();
        let types = if types.is_empty() { String::new() } else { format!("<{}>", types.join(", ")) };
        format!(
            "#{} {kind} {}{types}({}) [{}]",
            self.ordinals[id as usize],
            self.value(call.callee),
            self.values(call.arguments),
            result(call.result)
        )
    }
}

fn result(result: Use) -> String {
    let bits = [
        (Use::AWAITED, "awaited"),
        (Use::RETURNED, "returned"),
        (Use::STORED, "stored"),
        (Use::TESTED, "tested"),
        (Use::PASSED, "passed"),
        (Use::CHAINED, "chained"),
        (Use::VOIDED, "voided"),
    ];
    let set: Vec<&str> = bits.iter().filter(|(bit, _)| result.has(*bit)).map(|(_, name)| *name).collect();
    if set.is_empty() { "discarded".to_owned() } else { set.join(" ") }
}
