//! What can be had of a file with a syntax error: every item that parses, and of a function that does not, every statement that does.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
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
    let stmts = readable(&content, last);
    let block = Box::new(Block { brace_token, stmts });
    Ok(Item::Fn(ItemFn { attrs, vis, modifiers: syn::FnModifiers::default(), sig, block }))
}

/// The last expression of a block.
fn last(input: ParseStream) -> syn::Result<Stmt> {
    let value = input.parse()?;
    if input.is_empty() { Ok(Stmt::Expr(value, None)) } else { Err(input.error("not the last expression")) }
}

/// The text with what keeps it from being tokenised blanked out, byte for byte, and the first byte of that. What starts at the margin and
/// has a bracket or a quote without its partner keeps its head alone: `fn f() {` and a closing brace.
pub(super) fn tokenisable(text: &str) -> (String, usize) {
    let (mut readable, mut first, mut start) = (String::with_capacity(text.len()), None, 0);
    while start < text.len() {
        let end = chunk_end(text, start);
        let chunk = &text[start..end];
        if chunk.parse::<TokenStream>().is_ok() {
            readable.push_str(chunk);
        } else {
            first.get_or_insert(start);
            readable.push_str(&headed(chunk));
        }
        start = end;
    }
    (readable, first.unwrap_or(0))
}

/// The head of a function or module with an empty body, or a lone `;` where there is no such head: as long as `chunk`.
fn headed(chunk: &str) -> String {
    let head = chunk.find('{').map_or("", |brace| &chunk[..=brace]);
    let closed = head.len() < chunk.trim_end().len() && format!("{head}}}").parse::<TokenStream>().is_ok();
    let (head, last) = if closed && !head.is_empty() { (head, '}') } else { ("", ';') };
    let blank = |byte: u8| if byte == b'\n' { '\n' } else { ' ' };
    let mut text = head.to_owned();
    text.extend(chunk.as_bytes()[head.len()..].iter().map(|&byte| blank(byte)));
    let end = text.trim_end_matches('\n').len().max(head.len() + 1);
    text.replace_range(end - 1..end, last.encode_utf8(&mut [0]));
    text
}

/// Where what starts at `start` ends: at the next line that has a word or an attribute at its margin.
fn chunk_end(text: &str, start: usize) -> usize {
    let mut end = start;
    for line in text[start..].split_inclusive('\n') {
        if end > start && line.starts_with(|first: char| first.is_alphabetic() || first == '#') {
            break;
        }
        end += line.len();
    }
    end
}
