//! What can be had of a file with a syntax error: every item that parses, and of a function that does not, every statement that does.

use proc_macro2::{Delimiter, TokenTree};
use syn::parse::discouraged::Speculative;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Block, Item, ItemFn, ItemMod, Signature, Stmt, Token, Visibility, braced};

/// The items of a file that can be read.
pub(super) fn items(input: ParseStream) -> syn::Result<Vec<Item>> {
    input.call(Attribute::parse_inner)?;
    Ok(readable(input, item))
}

/// One after the other, what `broken` or the plain parser makes of the input; what neither reads is left out.
fn readable<T: Parse>(input: ParseStream, broken: fn(ParseStream) -> syn::Result<T>) -> Vec<T> {
    let mut found = Vec::new();
    while !input.is_empty() {
        let ahead = input.fork();
        let parsed = ahead.parse::<T>().map(|parsed| (parsed, ahead));
        let parsed = parsed.or_else(|_| {
            let ahead = input.fork();
            broken(&ahead).map(|parsed| (parsed, ahead))
        });
        match parsed {
            Ok((parsed, ahead)) => {
                found.push(parsed);
                input.advance_to(&ahead);
            }
            Err(_) => skip(input),
        }
    }
    found
}

/// Past the next `;` or group in braces.
fn skip(input: ParseStream) {
    while let Ok(token) = input.parse::<TokenTree>() {
        let ends = match &token {
            TokenTree::Punct(punct) => punct.as_char() == ';',
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            _ => false,
        };
        if ends {
            return;
        }
    }
}

/// A function or an inline module whose body does not parse as a whole.
fn item(input: ParseStream) -> syn::Result<Item> {
    let attrs = input.call(Attribute::parse_outer)?;
    let vis: Visibility = input.parse()?;
    if input.peek(Token![mod]) {
        let (mod_token, ident) = (input.parse()?, input.parse()?);
        let content;
        let brace_token = braced!(content in input);
        let content = Some((brace_token, items(&content)?));
        return Ok(Item::Mod(ItemMod { attrs, vis, unsafety: None, mod_token, ident, content, semi: None }));
    }
    let sig: Signature = input.parse()?;
    let content;
    let brace_token = braced!(content in input);
    let stmts = readable(&content, |input: ParseStream| Err::<Stmt, _>(input.error("not a statement")));
    let block = Box::new(Block { brace_token, stmts });
    Ok(Item::Fn(ItemFn { attrs, vis, modifiers: syn::FnModifiers::default(), sig, block }))
}
