//! Arms that wait for several futures at once: `pattern = future => body`.

use syn::parse::ParseStream;
use syn::{Expr, Pat, Token};

use crate::extract::rust::context::{Context, FrameKind};
use crate::extract::rust::pattern::{self, Role};
use crate::extract::rust::scope::{self, ScopeKind};
use crate::extract::rust::{expression, matching, postfix};
use crate::facts::{NONE, Op, Value, ValueId};

/// `pattern = future [, if guard] => body`
pub(super) struct Arm {
    pattern: Option<(Pat, Expr)>,
    body: Expr,
}

pub(super) fn arms(input: ParseStream) -> syn::Result<Vec<Arm>> {
    if input.peek(syn::Ident) && input.peek2(Token![;]) {
        input.parse::<syn::Ident>()?;
        input.parse::<Token![;]>()?;
    }
    let mut arms = Vec::new();
    while !input.is_empty() {
        let pattern = if input.peek2(Token![=>]) {
            <syn::Ident as syn::ext::IdentExt>::parse_any(input)?;
            None
        } else {
            let pattern = Pat::parse_multi(input)?;
            input.parse::<Token![=]>()?;
            Some((pattern, input.parse()?))
        };
        if input.peek(Token![,]) {
            input.parse::<Token![,]>()?;
            input.parse::<Token![if]>()?;
            input.parse::<Expr>()?;
        }
        input.parse::<Token![=>]>()?;
        let body = input.call(Expr::parse_with_earlier_boundary_rule)?;
        arms.push(Arm { pattern, body });
        input.parse::<Option<Token![,]>>()?;
    }
    if arms.iter().all(|arm| arm.pattern.is_none()) { Err(input.error("no arms")) } else { Ok(arms) }
}

/// The futures are awaited; what comes first decides which body runs.
pub(super) fn select(cx: &mut Context, arms: &[Arm]) -> Vec<ValueId> {
    let mut futures = Vec::new();
    for arm in arms {
        futures.push(match &arm.pattern {
            Some((_, future)) => {
                let future = expression::lower(cx, future);
                let span = cx.facts.span(future);
                postfix::awaited(cx, future, span)
            }
            None => NONE,
        });
    }
    let span = futures.iter().find(|&&future| future != NONE).map(|&future| cx.facts.span(future)).unwrap_or_default();
    let value = cx.push(Value::Unknown, span);
    let head = cx.step(Op::Switch { value, end: 0 }, span);
    cx.open_frame(FrameKind::Switch, None);
    let mut values = Vec::new();
    for (arm, &future) in arms.iter().zip(&futures) {
        let case = cx.step(Op::Case { test: future, end: 0 }, cx.facts.span(future));
        scope::open(cx, ScopeKind::Open);
        if let Some((pattern, _)) = &arm.pattern {
            pattern::bind(cx, pattern, future, NONE, Role::LOCAL);
        }
        values.push(expression::lower(cx, &arm.body));
        scope::close(cx);
        if !matching::leaves(&arm.body) {
            cx.step(Op::Break(1), cx.facts.span(future));
        }
        cx.close(case);
    }
    cx.close_frame();
    cx.close(head);
    values.retain(|&value| value != NONE);
    values
}
