//! JSX: an element is a call made while rendering. Its first argument is the object of its props, its children follow.

use swc_ecma_ast::{
    JSXAttr, JSXAttrName, JSXAttrOrSpread, JSXAttrValue, JSXElement, JSXElementChild, JSXElementName, JSXExpr,
    JSXFragment, JSXMemberExpr, JSXObject,
};

use super::builder::Builder;
use super::scopes::Position;
use super::span;
use crate::facts::{Call, CallKind, Name, Property, PropertyKey, Use, Value, ValueId};
use crate::source::Span;

/// What stands in the list of an element's arguments.
enum Child<'a> {
    Props(ValueId),
    Written(&'a JSXElementChild),
}

impl Builder {
    pub(super) fn jsx_element(&mut self, element: &JSXElement, result: Use) -> ValueId {
        let outer = std::mem::take(&mut self.literals);
        let (callee, name_span) = self.element_name(&element.opening.name);
        let base = self.entries.len();
        for attribute in &element.opening.attrs {
            let property = self.prop(attribute);
            self.entries.push(property);
        }
        let properties = self.close_properties(base);
        let props = self.value(Value::Object(properties), span(element.opening.span));
        let types = self.type_arguments(element.opening.type_args.as_deref());
        let arguments = self.children(Some(props), &element.children);
        self.literals = outer;
        let (function, kind, span) = (self.function_id(), CallKind::Jsx, span(element.span));
        self.call(Call { callee, arguments, kind, result, function, span, name_span, types })
    }

    /// `<>..</>` has no props and no name: the array of its children.
    pub(super) fn jsx_fragment(&mut self, fragment: &JSXFragment, _result: Use) -> ValueId {
        let list = self.children(None, &fragment.children);
        self.value(Value::Array(list), span(fragment.span))
    }

    fn children(&mut self, props: Option<ValueId>, children: &[JSXElementChild]) -> crate::facts::List {
        let children = children.iter().filter(|child| match child {
            JSXElementChild::JSXText(_) => false,
            JSXElementChild::JSXExprContainer(container) => !matches!(container.expr, JSXExpr::JSXEmptyExpr(_)),
            _ => true,
        });
        let all = props.map(Child::Props).into_iter().chain(children.map(Child::Written));
        self.list_of(all, |builder, child| match child {
            Child::Props(props) => props,
            Child::Written(JSXElementChild::JSXElement(element)) => {
                builder.deeper(|builder| builder.jsx_element(element, Use::PASSED))
            }
            Child::Written(JSXElementChild::JSXFragment(fragment)) => {
                builder.deeper(|builder| builder.jsx_fragment(fragment, Use::PASSED))
            }
            Child::Written(JSXElementChild::JSXSpreadChild(spread)) => builder.expression(&spread.expr, Use::PASSED),
            Child::Written(JSXElementChild::JSXExprContainer(container)) => match &container.expr {
                JSXExpr::Expr(expression) => builder.expression(expression, Use::PASSED),
                JSXExpr::JSXEmptyExpr(empty) => builder.value(Value::Unknown, span(empty.span)),
            },
            Child::Written(JSXElementChild::JSXText(text)) => builder.value(Value::Unknown, span(text.span)),
        })
    }

    fn element_name(&mut self, name: &JSXElementName) -> (ValueId, Span) {
        match name {
            JSXElementName::Ident(ident) => {
                let place = span(ident.span);
                let name = self.name(&ident.sym);
                let intrinsic = ident.sym.starts_with(|first: char| first.is_ascii_lowercase());
                let value = if intrinsic {
                    self.value(Value::Str(name), place)
                } else {
                    self.identifier(name, place, Position::Read)
                };
                (value, place)
            }
            JSXElementName::JSXMemberExpr(member) => (self.element_member(member), span(member.span)),
            JSXElementName::JSXNamespacedName(namespaced) => {
                let place = span(namespaced.span);
                let name = self.name(&format!("{}:{}", namespaced.ns.sym, namespaced.name.sym));
                (self.value(Value::Str(name), place), place)
            }
        }
    }

    fn element_member(&mut self, member: &JSXMemberExpr) -> ValueId {
        let object = match &member.obj {
            JSXObject::Ident(ident) => {
                let place = span(ident.span);
                // The compiler does not take it for a use of `this`.
                if &*ident.sym == "this" {
                    self.value(Value::This, place)
                } else {
                    let name = self.name(&ident.sym);
                    self.identifier(name, place, Position::Read)
                }
            }
            JSXObject::JSXMemberExpr(inner) => self.element_member(inner),
        };
        let name = self.name(&member.prop.sym);
        self.value(Value::Member(object, name), span(member.span))
    }

    fn prop(&mut self, attribute: &JSXAttrOrSpread) -> Property {
        match attribute {
            JSXAttrOrSpread::SpreadElement(spread) => {
                let value = self.expression(&spread.expr, Use::PASSED);
                Property { key: PropertyKey::Spread, value, span: span(spread.dot3_token) }
            }
            JSXAttrOrSpread::JSXAttr(attribute) => {
                let (name, place) = self.prop_name(&attribute.name);
                let value = self.prop_value(attribute, name, place);
                Property { key: PropertyKey::Named(name), value, span: place }
            }
        }
    }

    fn prop_name(&mut self, name: &JSXAttrName) -> (Name, Span) {
        match name {
            JSXAttrName::Ident(ident) => (self.name(&ident.sym), span(ident.span)),
            JSXAttrName::JSXNamespacedName(namespaced) => {
                (self.name(&format!("{}:{}", namespaced.ns.sym, namespaced.name.sym)), span(namespaced.span))
            }
        }
    }

    fn prop_value(&mut self, attribute: &JSXAttr, name: Name, place: Span) -> ValueId {
        match &attribute.value {
            None => self.value(Value::Bool(true), place),
            Some(JSXAttrValue::Str(text)) => {
                let name = self.text(&text.value);
                self.value(Value::Str(name), span(text.span))
            }
            Some(JSXAttrValue::JSXExprContainer(container)) => match &container.expr {
                JSXExpr::Expr(expression) => {
                    self.hint = Some((name, place));
                    let value = self.expression(expression, Use::PASSED);
                    self.hint = None;
                    value
                }
                JSXExpr::JSXEmptyExpr(_) => self.value(Value::Unknown, place),
            },
            Some(JSXAttrValue::JSXElement(element)) => self.jsx_element(element, Use::PASSED),
            Some(JSXAttrValue::JSXFragment(fragment)) => self.jsx_fragment(fragment, Use::PASSED),
        }
    }
}
