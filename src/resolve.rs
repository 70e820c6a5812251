//! Import specifiers to files of the tree, by `oxc_resolver` over the walked set of paths.
//!
//! Knows how modules are found: `tsconfig.json`, `package.json`, workspaces, builds that have not run. Reads no source file
//! and touches no disk; packages outside the tree are named, never looked for.

use std::sync::{Arc, OnceLock};

use oxc_resolver::{ResolveContext, ResolveError, ResolveOptions, ResolverGeneric, TsConfig, TsconfigDiscovery};
use rustc_hash::FxHashMap;

use crate::facts::FileKind;
use crate::source::{FileId, Tree, join, parent};

mod built;
mod configs;
mod files;
mod generated;
mod memo;
mod outcome;
mod packages;
mod paths;
mod specifier;

use built::Built;
use configs::Configs;
use files::{Files, tree_path};
use generated::Generated;
use memo::Memo;
pub use outcome::{Origin, Reason, Resolution, Resolved};
use packages::{Package, Packages};
use paths::{ALIASES, EXTENSIONS, Paths};
use specifier::Specifier;

/// A package of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// Its `name`.
    pub name: String,
    /// The folder of its `package.json`, relative to the root of the tree.
    pub folder: String,
}

/// What is known of one folder: the configuration that governs it, and what its specifiers resolved to.
struct Folder {
    path: String,
    config: Option<usize>,
    /// Whether that configuration is the same for all files in it.
    uniform: bool,
    known: Memo<Resolved>,
}

/// The aliases of one configuration: as `oxc_resolver` reads it, and what its specifiers resolved to.
struct Aliases {
    config: Option<Arc<TsConfig>>,
    known: Memo<Option<FileId>>,
}

/// Resolves the imports of a tree; shared between threads.
pub struct Resolver {
    tree: Arc<Tree>,
    paths: Arc<Paths>,
    configs: Configs,
    /// By the number of the configuration.
    aliases: Vec<Aliases>,
    folders: Vec<Folder>,
    folder_of: Vec<usize>,
    packages: Packages,
    /// As the bundler resolves.
    bundler: ResolverGeneric<Files>,
    /// As the type checker resolves.
    types: ResolverGeneric<Files>,
    /// As the bundler would, had everything been built.
    after_build: ResolverGeneric<Files>,
    built: Built,
    generated: OnceLock<Generated>,
}

impl Resolver {
    /// A resolver of the imports of `tree`, whose packages are `packages`.
    #[must_use]
    pub fn new(tree: &Arc<Tree>, packages: &[Workspace]) -> Self {
        let paths = Arc::new(Paths::new(tree));
        let packages = Packages::new(tree, packages);
        let configs = Configs::read(tree, &|name| packages.named("", name).map(|package| package.folder.clone()));
        let texts = Arc::new(configs.iter().map(configs::effective).collect());
        let files = Files { tree: Arc::clone(tree), paths: Arc::clone(&paths), configs: texts, built: false };
        let after_build = Files { built: true, ..files.clone() };
        let after_build = ResolverGeneric::new_with_file_system(after_build, options(false));
        let bundler = ResolverGeneric::new_with_file_system(files, options(false));
        let types = bundler.clone_with_options(options(true));
        let read =
            |number| Aliases { config: bundler.resolve_tsconfig(Files::config(number)).ok(), known: Memo::default() };
        let aliases = (0..configs.iter().len()).map(read).collect();
        let (folders, folder_of) = folders(tree, &configs);
        Self {
            tree: Arc::clone(tree),
            paths,
            configs,
            aliases,
            folders,
            folder_of,
            packages,
            bundler,
            types,
            after_build,
            built: Built::default(),
            generated: OnceLock::new(),
        }
    }

    /// What `specifier` means, as written in the file `from`.
    #[must_use]
    pub fn resolve(&self, from: FileId, specifier: &str) -> Resolved {
        let folder = &self.folders[self.folder_of[from.0 as usize]];
        let find = || self.find(folder, from, specifier);
        if folder.uniform || specifier.starts_with('.') { folder.known.get_or(specifier, find) } else { find() }
    }

    fn find(&self, folder: &Folder, from: FileId, specifier: &str) -> Resolved {
        match Specifier::read(specifier) {
            Specifier::Relative(text) => Resolved::new(Origin::Relative, self.relative(folder, text)),
            Specifier::Builtin => Resolved::new(Origin::Builtin, Resolution::Builtin),
            Specifier::Virtual(kind) => Resolved::new(Origin::Virtual, Resolution::Virtual(kind)),
            Specifier::Rooted(text) => self.rooted(folder, from, text),
            Specifier::Hash(text) => self.hash(folder, from, text),
            Specifier::Bare(text) => self.bare(folder, from, text),
        }
    }

    fn relative(&self, folder: &Folder, specifier: &str) -> Resolution {
        let Some(target) = join(&folder.path, specifier) else { return Resolution::Unresolved(Reason::OutsideTree) };
        let is_folder =
            specifier.ends_with(['/', '.']) && matches!(specifier.rsplit('/').next(), Some("" | "." | ".."));
        if !is_folder && let Some(id) = self.paths.module(&target) {
            return self.target(id);
        }
        let manifest = if target.is_empty() { "package.json".to_owned() } else { format!("{target}/package.json") };
        let found = if self.paths.file(&manifest).is_some() {
            self.ask(&self.bundler, &target, ".")
        } else {
            self.paths.index(&target)
        };
        if let Some(id) = found {
            return self.target(id);
        }
        let roots = folder.config.map(|config| &self.configs.get(config).root_dirs[..]).unwrap_or_default();
        if let Some(inside) = roots.iter().find_map(|root| target.strip_prefix(root.as_str())) {
            let elsewhere = roots.iter().filter_map(|root| join(root, inside));
            if let Some(id) =
                elsewhere.into_iter().find_map(|path| self.paths.module(&path).or(self.paths.index(&path)))
            {
                return self.target(id);
            }
        }
        self.absent(&[target], Reason::NoSuchFile)
    }

    /// `/x`: an alias, an asset of the site, or a file of the package, as development servers read it.
    fn rooted(&self, folder: &Folder, from: FileId, specifier: &str) -> Resolved {
        if let Ok(found) = self.aliased(folder, from, specifier) {
            return found;
        }
        let mut home = folder.path.as_str();
        loop {
            let public = join(home, "public").and_then(|public| self.paths.file(&join(&public, specifier)?));
            if let Some(id) = public.or_else(|| self.paths.module(&join(home, specifier)?)) {
                return Resolved::new(Origin::Asset, self.target(id));
            }
            if home.is_empty() {
                return Resolved::new(Origin::Virtual, Resolution::Virtual("absolute path of the site"));
            }
            home = parent(home);
        }
    }

    /// `#x`: an alias, else what the nearest package's `imports` say.
    fn hash(&self, folder: &Folder, from: FileId, specifier: &str) -> Resolved {
        if let Ok(found) = self.aliased(folder, from, specifier) {
            return found;
        }
        let bundled = self.answer(&self.bundler, &folder.path, specifier);
        if let Err(ResolveError::NotFound(other)) = &bundled
            && other != specifier
            && !other.starts_with('.')
        {
            return self.bare(folder, from, other);
        }
        let found = bundled.ok().and_then(|path| self.paths.file(&path));
        let to = match found.or_else(|| self.ask(&self.types, &folder.path, specifier)) {
            Some(id) => self.target(id),
            None => match self.answer(&self.after_build, &folder.path, specifier) {
                Ok(path) => self.absent(&[path], Reason::NoSuchFile),
                Err(_) => Resolution::Unresolved(Reason::UnknownAlias),
            },
        };
        Resolved::new(Origin::Alias, to)
    }

    fn bare(&self, folder: &Folder, from: FileId, specifier: &str) -> Resolved {
        let missed = match self.aliased(folder, from, specifier) {
            Ok(found) => return found,
            Err(missed) => missed,
        };
        let (name, rest) = specifier::package(specifier);
        if let Some(package) = self.packages.linked(&self.tree, &folder.path, name) {
            let to = package.known.get_or(specifier, || self.exported(package, rest));
            return Resolved::new(Origin::Workspace, to);
        }
        if specifier::is_builtin(specifier) {
            return Resolved::new(Origin::Builtin, Resolution::Builtin);
        }
        if !missed.is_empty() {
            return Resolved::new(Origin::Alias, self.absent(&missed, Reason::AliasWithoutFile));
        }
        if name.starts_with(['~', '$']) || name.starts_with("@/") {
            return Resolved::new(Origin::Alias, Resolution::Unresolved(Reason::UnknownAlias));
        }
        Resolved::new(Origin::Package, Resolution::Package(specifier.to_owned()))
    }

    /// What the configuration that applies to `from`, else one further up, says of a specifier; else where the patterns that
    /// name it lead to no file.
    fn aliased(&self, folder: &Folder, from: FileId, specifier: &str) -> Result<Resolved, Vec<String>> {
        let mut missed = Vec::new();
        let mut next = folder.config;
        while let Some(nearest) = next {
            let number = self.configs.applying(nearest, self.tree.path(from));
            if let Some(id) = self.alias(number, specifier) {
                return Ok(Resolved::new(Origin::Alias, self.target(id)));
            }
            if missed.is_empty()
                && let Some((pattern, targets)) = self.configs.get(number).targets(specifier)
                && pattern != "*"
                && !targets.iter().any(|target| target.contains("node_modules/"))
            {
                missed = targets;
            }
            next = self.configs.above(nearest);
        }
        Err(missed)
    }

    /// The file that one configuration maps a specifier to: a module by `paths` or `baseUrl`, else a declaration file.
    fn alias(&self, number: usize, specifier: &str) -> Option<FileId> {
        let config = self.configs.get(number);
        let base = config.base_url.as_deref().filter(|base| self.starts_below(base, specifier));
        if base.is_none() && !config.names(specifier) {
            return None;
        }
        let alias = &self.aliases[number];
        alias.known.get_or(specifier, || {
            let mut context = ResolveContext::default();
            let answer = self.bundler.resolve_with_context("/", specifier, alias.config.as_deref(), &mut context);
            if let Some(id) = answer.ok().and_then(|answer| self.paths.file(&tree_path(answer.path())?)) {
                return Some(id);
            }
            let targets = config.targets(specifier).map(|(_, targets)| targets).unwrap_or_default();
            let based = base.and_then(|base| join(base, specifier));
            targets.iter().chain(&based).find_map(|target| self.paths.declaration(target))
        })
    }

    /// Whether the first part of a specifier is something in the folder `base`.
    fn starts_below(&self, base: &str, specifier: &str) -> bool {
        let first = specifier.split('/').next().unwrap_or(specifier);
        join(base, first).is_some_and(|path| {
            self.paths.is_folder(&path) || self.paths.module(&path).or_else(|| self.paths.declaration(&path)).is_some()
        })
    }

    /// What a package of the tree gives for the path `rest` inside it.
    fn exported(&self, package: &Package, rest: &str) -> Resolution {
        let manifest = package.manifest(&self.tree);
        let request = if manifest.exports { format!("{}{rest}", manifest.name) } else { format!(".{rest}") };
        let bundled = self.answer(&self.bundler, &package.folder, &request);
        if let Some(id) = bundled.as_ref().ok().and_then(|path| self.paths.file(path)) {
            return self.target(id);
        }
        let typed = self.ask(&self.types, &package.folder, &request);
        if let Some(id) = typed
            && FileKind::of(self.tree.path(id)).is_some()
        {
            return self.target(id);
        }
        let missing = match bundled {
            Err(ResolveError::PackagePathNotExported { .. }) => Resolution::Unresolved(Reason::NoSuchExport),
            _ => match self.answer(&self.after_build, &package.folder, &request) {
                Ok(path) if rest.is_empty() => self.absent(&[path], Reason::NoEntry),
                Ok(path) => self.absent(&[path], Reason::NoSuchFile),
                Err(_) => Resolution::Unresolved(Reason::NoEntry),
            },
        };
        match (missing, typed) {
            (Resolution::Unresolved(_), Some(id)) => self.target(id),
            (missing, _) => missing,
        }
    }

    /// What stands for paths that name no file: a Prisma client, a declaration, a source that a build would read; else why not.
    fn absent(&self, candidates: &[String], reason: Reason) -> Resolution {
        let generated = self.generated.get_or_init(|| Generated::read(&self.tree));
        let mut written = false;
        for path in candidates {
            if generated.is_prisma_client(path) {
                return Resolution::Package("@prisma/client".to_owned());
            }
            if let Some(package) = self.packages.at(path) {
                return self.exported(package, "");
            }
            let package = self.packages.nearest(parent(path)).map_or("", |package| &package.folder);
            written |= built::inside_output(&self.paths, package, path).is_some();
            let source = || self.built.source(&self.tree, &self.paths, &self.configs, package, path);
            if let Some(id) = self.paths.declaration(path).or_else(source) {
                return self.target(id);
            }
        }
        let any = |test: &dyn Fn(&String) -> bool| candidates.iter().any(test);
        Resolution::Unresolved(if written {
            Reason::BuiltOutputMissing
        } else if any(&|path| generated.is_generated(&self.paths, path)) {
            Reason::Generated
        } else if any(&|path| !self.paths.is_folder(path) && self.paths.differs_in_case(&self.tree, path)) {
            Reason::DiffersInCase
        } else {
            reason
        })
    }

    /// The path that a resolver answers with, which need not be in the tree.
    fn answer(&self, resolver: &ResolverGeneric<Files>, folder: &str, request: &str) -> Result<String, ResolveError> {
        let answer = resolver.resolve(format!("/{folder}"), request)?;
        tree_path(answer.path()).ok_or_else(|| ResolveError::NotFound(request.to_owned()))
    }

    /// The file of the tree that a resolver answers with.
    fn ask(&self, resolver: &ResolverGeneric<Files>, folder: &str, request: &str) -> Option<FileId> {
        self.paths.file(&self.answer(resolver, folder, request).ok()?)
    }

    fn target(&self, id: FileId) -> Resolution {
        match FileKind::of(self.tree.path(id)) {
            Some(kind) if kind != FileKind::Rust => Resolution::File(id),
            _ => Resolution::Asset(id),
        }
    }
}

/// The folders that hold files, and the one of each file.
fn folders(tree: &Tree, configs: &Configs) -> (Vec<Folder>, Vec<usize>) {
    let mut folders: Vec<Folder> = Vec::new();
    let mut numbers: FxHashMap<&str, usize> = FxHashMap::default();
    let number = |path| {
        let folder = parent(path);
        *numbers.entry(folder).or_insert_with(|| {
            let config = configs.nearest(folder);
            let uniform = configs.is_uniform(config);
            folders.push(Folder { path: folder.to_owned(), config, uniform, known: Memo::default() });
            folders.len() - 1
        })
    };
    let folder_of = tree.paths.iter().map(|path| path.as_str()).map(number).collect();
    (folders, folder_of)
}

/// The options that packages are resolved with: by the conditions of the server's bundler, or by those of the type checker.
fn options(types: bool) -> ResolveOptions {
    let strings = |list: &[&str]| list.iter().map(|&item| item.to_owned()).collect::<Vec<_>>();
    let conditions = ["source", "development", "react-server", "node", "import", "module", "require", "default"];
    ResolveOptions {
        tsconfig: Some(TsconfigDiscovery::Auto),
        condition_names: strings(if types {
            &["types", "typings", "source", "import", "require", "default"]
        } else {
            &conditions
        }),
        extensions: strings(&EXTENSIONS),
        extension_alias: ALIASES.iter().map(|(written, tried)| ((*written).to_owned(), strings(tried))).collect(),
        main_fields: strings(if types { &["source", "types", "typings"] } else { &["module", "main"] }),
        allow_package_exports_in_directory_resolve: true,
        symlinks: false,
        node_path: false,
        ..ResolveOptions::default()
    }
}
