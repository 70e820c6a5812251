//! Imports point down: the table in `src/lib.rs` is read, and every path of every module held against it.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::source::tokens;
use crate::none;
use crate::support::repository;

#[test]
fn imports_point_down() {
    let law = Law::read(&repository::read("src/lib.rs")).unwrap_or_else(|reason| panic!("src/lib.rs: {reason}"));
    let mut breaches = Vec::new();
    let mut seen = BTreeSet::new();
    for path in repository::files("src").into_iter().filter(|path| path.ends_with(".rs")) {
        let module = module_of(&path);
        let Some(own) = module.first() else { continue };
        seen.insert(own.clone());
        let text = repository::read(&path);
        for (line, used) in law.uses(tokens(&path, &text), &module) {
            if let Some(reason) = law.breach(own, &module, &used) {
                breaches.push(format!("{path}:{line}: {reason}"));
            }
        }
    }
    for module in seen.symmetric_difference(&law.modules.keys().cloned().collect()) {
        breaches.push(format!(
            "src/lib.rs: `{module}` is {}",
            if seen.contains(module) { "in no layer" } else { "no module" }
        ));
    }
    none(&breaches);
}

#[test]
fn the_table_catches_what_points_up() {
    let law = Law::read(
        "//! | layer | modules | may use | crates |\n//! |---|---|---|---|\n//! | 0 | low | | syn in low::deep |\n\
         //! | 1 | mid | 0 | |\n//! | 2 | high | 0 to 1 | |\n//! | 2 | main | 0 to 2 | |\n",
    );
    let law = law.unwrap_or_else(|reason| panic!("{reason}"));
    let breaches = |module: &str, text: &str| {
        let module: Vec<String> = module.split("::").map(str::to_owned).collect();
        let uses = law.uses(tokens("a", text), &module);
        uses.iter().filter_map(|(_, used)| law.breach(&module[0], &module, used)).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(breaches("low", "use crate::mid::X;"), "`low` may not use `mid`");
    assert_eq!(breaches("low", "fn f() { println!(\"{}\", crate::mid::g()) }"), "`low` may not use `mid`");
    assert_eq!(breaches("mid", "use crate::{low::A, high::{B, C}};"), "`mid` may not use `high`");
    assert_eq!(breaches("low::deep", "use super::super::mid; use super::X;"), "`low` may not use `mid`");
    assert_eq!(breaches("main", "use edgelint::{low, high, mid};"), "");
    assert_eq!(breaches("mid", "use syn::Item; fn f(ignore: u32) { a.syn() }"), "`mid` may not name the crate `syn`");
    assert_eq!(breaches("low::deep::er", "use syn::Item;"), "");
}

/// The table of `src/lib.rs`.
struct Law {
    /// What each module may use, itself included.
    modules: BTreeMap<String, BTreeSet<String>>,
    /// In which modules each crate may be named.
    crates: BTreeMap<String, Vec<Vec<String>>>,
}

/// Something that a file names.
enum Used {
    Module(String),
    Crate(String),
}

impl Law {
    fn read(text: &str) -> Result<Self, String> {
        let rows: Vec<Vec<String>> = text
            .lines()
            .filter_map(|line| line.strip_prefix("//! |")?.strip_suffix('|'))
            .map(|row| row.split('|').map(|cell| cell.trim().to_owned()).collect())
            .skip(2)
            .collect();
        let mut layers: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for row in &rows {
            let [layer, modules, _, _] = row.as_slice() else { return Err(format!("a row has four cells: {row:?}")) };
            let layer = layer.parse().map_err(|_| format!("`{layer}` is no layer"))?;
            layers.entry(layer).or_default().extend(words(modules));
        }
        let mut law = Self { modules: BTreeMap::new(), crates: BTreeMap::new() };
        for row in &rows {
            for module in words(&row[1]) {
                let mut may: BTreeSet<String> =
                    row[2].split(',').flat_map(|term| term_modules(term.trim(), &layers)).collect();
                may.insert(module.clone());
                law.modules.insert(module, may);
            }
            for term in row[3].split(';').filter(|term| !term.trim().is_empty()) {
                let (crates, modules) = term.split_once(" in ").ok_or_else(|| format!("`{term}` says no module"))?;
                let modules: Vec<Vec<String>> =
                    words(modules).map(|module| module.split("::").map(str::to_owned).collect()).collect();
                law.crates.extend(words(crates).map(|name| (name, modules.clone())));
            }
        }
        if law.modules.is_empty() { Err("there is no layer table".to_owned()) } else { Ok(law) }
    }

    fn breach(&self, own: &str, module: &[String], used: &Used) -> Option<String> {
        match used {
            Used::Module(other) => {
                let may = self.modules.get(own)?;
                (self.modules.contains_key(other) && !may.contains(other))
                    .then(|| format!("`{own}` may not use `{other}`"))
            }
            Used::Crate(name) => {
                let homes = self.crates.get(name)?;
                let home = homes.iter().any(|home| module.starts_with(home));
                (!home).then(|| format!("`{}` may not name the crate `{name}`", module.join("::")))
            }
        }
    }

    /// Every module and confined crate that the tokens of a file name, with its line.
    fn uses(&self, stream: TokenStream, module: &[String]) -> Vec<(usize, Used)> {
        let mut found = Vec::new();
        let tokens: Vec<TokenTree> = stream.into_iter().collect();
        for (index, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => found.extend(self.uses(group.stream(), module)),
                TokenTree::Ident(name) if !is_path(&tokens[..index]) => {
                    let line = name.span().start().line;
                    let rest = path_rest(&tokens[index + 1..]);
                    let used = |name: String| (line, Used::Module(name));
                    match (name.to_string().as_str(), rest) {
                        ("crate" | "edgelint", Some(rest)) => found.extend(first_names(rest).into_iter().map(used)),
                        ("super", Some(rest)) => found.extend(above(rest, module.len() - 1).into_iter().map(used)),
                        (name, rest) if self.crates.contains_key(name) => {
                            let imported =
                                index > 0 && matches!(tokens[index - 1].to_string().as_str(), "use" | "crate");
                            if rest.is_some() || imported {
                                found.push((line, Used::Crate(name.to_owned())));
                            }
                        }
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        found
    }
}

/// `src/a/b.rs` is the module `a::b`; the root is none.
fn module_of(path: &str) -> Vec<String> {
    let path = path.trim_start_matches("src/").trim_end_matches(".rs");
    if path == "lib" { Vec::new() } else { path.split('/').map(str::to_owned).collect() }
}

fn words(cell: &str) -> impl Iterator<Item = String> + '_ {
    cell.split(',').map(|word| word.trim().to_owned()).filter(|word| !word.is_empty())
}

/// The modules of `2`, `0 to 3` or a module's name.
fn term_modules(term: &str, layers: &BTreeMap<u32, Vec<String>>) -> Vec<String> {
    let (first, last) = term.split_once(" to ").unwrap_or((term, term));
    match (first.parse::<u32>(), last.parse::<u32>()) {
        (Ok(first), Ok(last)) => layers.range(first..=last).flat_map(|(_, modules)| modules.clone()).collect(),
        _ => vec![term.to_owned()],
    }
}

/// Whether the tokens before a name make it a part of a longer path, or a field.
fn is_path(before: &[TokenTree]) -> bool {
    let sign = |from_end: usize| before.len().checked_sub(from_end).map(|index| before[index].to_string());
    match sign(1).as_deref() {
        Some(".") => true,
        Some(":") => sign(2).as_deref() == Some(":"),
        _ => false,
    }
}

/// What follows `::`, if the tokens start with it.
fn path_rest(tokens: &[TokenTree]) -> Option<&[TokenTree]> {
    match tokens {
        [TokenTree::Punct(one), TokenTree::Punct(two), rest @ ..] if one.as_char() == ':' && two.as_char() == ':' => {
            Some(rest)
        }
        _ => None,
    }
}

/// The names that a path goes on with: one, or those of a braced list.
fn first_names(rest: &[TokenTree]) -> Vec<String> {
    match rest.first() {
        Some(TokenTree::Ident(name)) => vec![name.to_string()],
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
            let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
            let starts = |index: &usize| *index == 0 || tokens[index - 1].to_string() == ",";
            (0..tokens.len()).filter(starts).map(|index| tokens[index].to_string()).collect()
        }
        _ => Vec::new(),
    }
}

/// What `super::` leads to when it climbs out of the top module, `depth` levels up.
fn above(rest: &[TokenTree], depth: usize) -> Vec<String> {
    if depth == 0 {
        return first_names(rest);
    }
    match rest.first() {
        Some(TokenTree::Ident(name)) if name == "super" => {
            path_rest(&rest[1..]).map_or_else(Vec::new, |rest| above(rest, depth - 1))
        }
        _ => Vec::new(),
    }
}
