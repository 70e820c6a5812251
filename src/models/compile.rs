//! The lines of models, put into the automaton.

use super::automaton::{Automaton, Did, LineId, Meaning, Node, Package, Passed, Sources, Targets, What};
use super::file::{CallPath, Gives, LineKind, Model};
use super::gives::Source;
use super::path::{Path, Segment};
use super::rows::{Declares, Relates};
use super::{INERT, NodeId};

impl Automaton {
    /// Adds a model.
    pub(super) fn add(&mut self, model: &Model) {
        let package = self.package(model);
        self.packages[package].partial |= model.partial;
        self.packages[package].refers |= model.table.iter().any(|line| line.refers.is_some());
        self.add_types(package, model);
        for effect in &model.effect {
            for path in &effect.call {
                let kind = match effect.kind {
                    LineKind::Effect(effect) => Ok(effect),
                    LineKind::Decided(decided) => Err(decided),
                };
                let did = Did {
                    kind,
                    captures: None,
                    target: effect.target.clone(),
                    method: effect.method.clone(),
                    base: effect.base.clone(),
                    headers: effect.headers.clone(),
                    body: effect.body.clone(),
                    query: effect.query.clone(),
                    options: effect.options.clone(),
                    document: effect.document.clone(),
                    statement: effect.statement.clone(),
                    columns: effect.columns.clone(),
                    relations: effect.relations.clone(),
                    verbs: effect.verbs.clone(),
                    joined: effect.joined.clone(),
                    leads: effect.leads.clone(),
                    names: effect.names.clone(),
                    never_returns: effect.never_returns,
                    filter: effect.filter.clone(),
                    lacks: effect.lacks.clone(),
                    nobody: effect.nobody,
                };
                self.add_meaning(package, model, &path.text, &path.path, What::Effect(Box::new(did)));
            }
        }
        for callback in &model.callback {
            for path in &callback.call {
                let what = What::Callback(callback.when, callback.argument.clone());
                self.add_meaning(package, model, &path.text, &path.path, what);
                if let (Some(first), Path::Value(segments)) = (callback.first, &path.path) {
                    let node = self.walk(package, segments);
                    self.nodes[node as usize].firsts.push((callback.argument.clone(), first));
                }
            }
        }
        for passes in &model.passes {
            for path in &passes.call {
                let what = What::Passes(Passed { argument: passes.argument, routes: passes.routes });
                self.add_meaning(package, model, &path.text, &path.path, what);
            }
        }
        for path in &model.parts {
            self.add_meaning(package, model, &path.text, &path.path, What::Parts);
        }
        for wraps in &model.wraps {
            for path in &wraps.call {
                self.add_meaning(package, model, &path.text, &path.path, What::Wraps(wraps.argument));
                if let (Some(first), Path::Value(segments)) = (wraps.first, &path.path) {
                    let node = self.walk(package, segments);
                    self.nodes[node as usize].takes = Some(first);
                }
            }
        }
        self.add_queries(package, model);
        for stores in &model.stores {
            for path in &stores.call {
                self.add_meaning(package, model, &path.text, &path.path, What::Stores(stores.row.clone()));
            }
        }
        for path in model.keeps_path.iter().flat_map(|keeps| &keeps.call) {
            let line = self.line(model, &path.text);
            let Path::Value(segments) = &path.path else { continue };
            let node = self.walk(package, segments);
            self.nodes[node as usize].keeps_path = Some(line);
        }
        self.add_rows(package, model);
        for gives in &model.gives {
            for path in &gives.value {
                self.add_sources(package, model, path, gives);
            }
        }
        for hands in &model.hands {
            for path in &hands.parameter {
                let line = self.line(model, &path.text);
                let Path::Handed { callee, argument, parameter } = &path.path else { continue };
                let callee = self.walk(package, callee);
                self.nodes[callee as usize].hands.push((*argument, *parameter, hands.from, line));
            }
        }
        for method in &model.methods {
            let line = self.line(model, method);
            self.methods.insert(method.clone(), line);
        }
    }

    fn add_types(&mut self, package: usize, model: &Model) {
        for name in model.types.keys() {
            if !self.packages[package].types.contains_key(name) {
                let node = self.node();
                self.packages[package].types.insert(name.clone(), node);
            }
        }
        for (name, paths) in &model.types {
            for path in paths {
                let line = self.line(model, &path.text);
                self.add_type(package, name, &path.path, line);
            }
        }
    }

    fn add_queries(&mut self, package: usize, model: &Model) {
        for fetches in &model.fetches {
            for path in &fetches.call {
                let what = What::Fetches(fetches.url.clone(), fetches.by.clone());
                self.add_meaning(package, model, &path.text, &path.path, what);
            }
        }
        for queries in &model.queries {
            for path in &queries.call {
                self.add_meaning(
                    package,
                    model,
                    &path.text,
                    &path.path,
                    What::Query(queries.key.clone(), queries.polls.clone()),
                );
            }
        }
    }

    /// What a model says of tables and their rows.
    fn add_rows(&mut self, package: usize, model: &Model) {
        let mut add = |path: &CallPath, what| self.add_meaning(package, model, &path.text, &path.path, what);
        for line in &model.rows {
            line.call.iter().for_each(|path| add(path, What::Rows(Box::new(line.rows()))));
        }
        for path in model.narrows.iter().flat_map(|line| &line.call) {
            add(path, What::Narrows);
        }
        for line in &model.table {
            let (columns, kind, read) = (line.columns.clone(), line.kind.clone(), line.read.clone());
            let declares = Declares { captures: None, columns, kind, read, refers: line.refers.clone() };
            line.call.iter().for_each(|path| add(path, What::Declares(declares.clone())));
            line.text.iter().for_each(|path| add(path, What::Text));
        }
        for line in &model.relates {
            let relates = Relates { captures: None, fields: line.fields.clone() };
            line.call.iter().for_each(|path| add(path, What::Relates(relates.clone())));
        }
    }

    fn package(&mut self, model: &Model) -> usize {
        if model.global {
            return self.globals;
        }
        let known = self.by_name.get(&model.package).copied();
        let package = known.unwrap_or_else(|| {
            let root = self.node();
            self.packages.push(Package { root, ..Package::default() });
            self.packages.len() - 1
        });
        for name in std::iter::once(&model.package).chain(&model.also) {
            match name.strip_suffix('*') {
                Some(prefix) => self.below.push((prefix.to_owned(), package)),
                None => {
                    self.by_name.insert(name.clone(), package);
                }
            }
        }
        self.below.sort_by(|(left, _), (right, _)| right.len().cmp(&left.len()).then_with(|| left.cmp(right)));
        package
    }

    fn node(&mut self) -> NodeId {
        self.nodes.push(Node::default());
        u32::try_from(self.nodes.len() - 1).unwrap_or(INERT)
    }

    fn line(&mut self, model: &Model, text: &str) -> LineId {
        self.lines.push(format!("{}: {text}", model.package));
        u32::try_from(self.lines.len() - 1).unwrap_or(0)
    }

    fn add_type(&mut self, package: usize, name: &str, path: &Path, line: LineId) {
        let node = self.packages[package].types[name];
        match path {
            Path::Annotation(name) => {
                self.packages[package].annotations.insert(name.clone(), (node, line));
            }
            Path::Handed { callee, argument, parameter } => {
                let callee = self.walk(package, callee);
                self.nodes[callee as usize].handed.push((*argument, *parameter, node, line));
            }
            Path::Value(segments) => {
                let (last, before) = segments.split_last().expect("a path has a segment");
                let from = self.walk(package, before);
                // A node between the path and the type says which line led there.
                let through = self.node();
                self.nodes[through as usize].line = Some(line);
                let targets = self.targets(from, last);
                targets.types.push(node);
                targets.types.push(through);
            }
        }
    }

    fn add_meaning(&mut self, package: usize, model: &Model, text: &str, path: &Path, mut what: What) {
        let line = self.line(model, text);
        let Path::Value(mut segments) = path.clone() else { return };
        let own = match &mut what {
            What::Effect(did) => Some(&mut did.captures),
            What::Rows(rows) => Some(&mut rows.captures),
            What::Declares(declares) => Some(&mut declares.captures),
            What::Relates(relates) => Some(&mut relates.captures),
            _ => None,
        };
        if let (Some(own), Some(Segment::Call { captures: captures @ Some(_), .. })) = (own, segments.last()) {
            *own = *captures;
            segments.pop();
        }
        let node = self.walk(package, &segments);
        self.nodes[node as usize].meanings.push(Meaning { what, line });
    }

    fn add_sources(&mut self, package: usize, model: &Model, path: &CallPath, gives: &Gives) {
        let line = self.line(model, &path.text);
        let Path::Value(segments) = &path.path else { return };
        let node = self.walk(package, segments);
        self.nodes[node as usize].sources = Some(Sources { from: gives.from.clone(), changes: gives.changes, line });
        if gives.from.iter().any(|source| matches!(source, Source::Type(_))) {
            for end in 1..segments.len() {
                let node = self.walk(package, &segments[..end]);
                self.nodes[node as usize].generic = true;
            }
        }
    }

    /// The node at the end of a path, made where it is not there.
    fn walk(&mut self, package: usize, segments: &[Segment]) -> NodeId {
        let mut at = self.packages[package].root;
        for (position, segment) in segments.iter().enumerate() {
            if let (0, Segment::Member(name)) = (position, segment)
                && let Some(&node) = self.packages[package].types.get(name)
            {
                at = node;
                continue;
            }
            let fresh = self.node();
            let own = *self.targets(at, segment).own.get_or_insert(fresh);
            if own != fresh {
                self.nodes.pop();
            }
            at = own;
        }
        at
    }

    fn targets(&mut self, at: NodeId, segment: &Segment) -> &mut Targets {
        let node = &mut self.nodes[at as usize];
        match segment {
            Segment::Member(name) => node.members.entry(name.as_str().into()).or_default(),
            Segment::AnyMember { captures } => &mut node.any[usize::from(*captures)],
            Segment::Call { captures, constructs } => {
                let known = node.calls.iter().position(|(of, new, _)| of == captures && new == constructs);
                let index = known.unwrap_or_else(|| {
                    node.calls.push((*captures, *constructs, Targets::default()));
                    node.calls.len() - 1
                });
                &mut node.calls[index].2
            }
        }
    }
}
