//! `next.config.*`, read from its facts: wrapped, imported, spread and conditional configurations are followed, and what is computed is
//! unknown.

mod rules;
pub(in crate::project) mod values;

pub use rules::{Condition, ConditionKind, Rewrites, Rule, Rules};
use values::{At, Possible};

use super::Project;
use super::program::modules::ModuleId;
use super::values::evaluate::Evaluator;
use crate::diagnostic::Place;
use crate::facts::Value;

/// One setting of a configuration.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Setting<T> {
    /// The configuration does not name it.
    #[default]
    Absent,
    /// It is written out.
    Known(T),
    /// It is computed.
    Unknown,
}

impl<T> Setting<T> {
    /// The value, where it is written out.
    #[must_use]
    pub const fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            _ => None,
        }
    }
}

/// What an app's configuration says, as far as it can be read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Config {
    /// `basePath`
    pub base_path: Setting<String>,
    /// `pageExtensions`
    pub page_extensions: Setting<Vec<String>>,
    /// `trailingSlash`
    pub trailing_slash: Setting<bool>,
    /// `skipTrailingSlashRedirect`
    pub keeps_slashes: Setting<bool>,
    /// `experimental.caseSensitiveRoutes`
    pub sensitive: Setting<bool>,
    /// `output`
    pub output: Setting<String>,
    /// `i18n.locales`
    pub locales: Setting<Vec<String>>,
    /// `i18n.defaultLocale`
    pub default_locale: Setting<String>,
    /// `rewrites()`
    pub rewrites: Rewrites,
    /// `redirects()`
    pub redirects: Rules,
    /// Paths that a wrapper of the configuration leads elsewhere, each with the call of the wrapper.
    pub wrapped: Vec<(String, Place)>,
    /// `cacheComponents`, `experimental.useCache`, `experimental.dynamicIO`, `experimental.cacheComponents`
    pub use_cache: Setting<bool>,
    /// `experimental.serverActions.bodySizeLimit`, `serverActions.bodySizeLimit`, `experimental.serverActionsBodySizeLimit`
    pub body_size_limit: Setting<String>,
    /// `cacheComponents`
    pub cache_components: Setting<bool>,
    /// `typescript.ignoreBuildErrors`
    pub ignores_types: Setting<bool>,
    /// Where the configuration is written; `None` for an app without one.
    pub place: Option<Place>,
}

impl Project {
    /// Reads the configuration that a module exports.
    #[must_use]
    pub(super) fn read_config<'p>(&'p self, module: ModuleId, eval: &mut Evaluator<'p>) -> Config {
        let place = self.export_place(module, "default");
        let Some((owner, export)) = self.symbols.export(module, "default") else {
            return Config { place, ..Config::default() };
        };
        let crate::facts::ExportKind::Value(value) = self.module(owner).facts.exports[export as usize].kind else {
            return Config { place, ..Config::default() };
        };
        let mut reader = values::Reader::new(self, eval);
        let roots = reader.possible(owner, value);
        let mut text = |path: &[&str]| setting(&mut reader, &roots, path, |reader, at| reader.text(at));
        let (base_path, output) = (text(&["basePath"]), text(&["output"]));
        let default_locale = text(&["i18n", "defaultLocale"]);
        let body_size_limit = match text(&["experimental", "serverActions", "bodySizeLimit"]) {
            Setting::Absent => match text(&["serverActions", "bodySizeLimit"]) {
                Setting::Absent => text(&["experimental", "serverActionsBodySizeLimit"]),
                found => found,
            },
            found => found,
        };
        let mut texts = |path: &[&str]| setting(&mut reader, &roots, path, |reader, at| reader.texts(at));
        let (page_extensions, locales) = (texts(&["pageExtensions"]), texts(&["i18n", "locales"]));
        let mut flag = |path: &[&str]| setting(&mut reader, &roots, path, |reader, at| reader.flag(at));
        let cache_components = flag(&["cacheComponents"]);
        let use_cache = any(&[
            cache_components.clone(),
            flag(&["experimental", "cacheComponents"]),
            flag(&["experimental", "useCache"]),
            flag(&["experimental", "dynamicIO"]),
        ]);
        let (trailing_slash, keeps_slashes) = (flag(&["trailingSlash"]), flag(&["skipTrailingSlashRedirect"]));
        let ignores_types = flag(&["typescript", "ignoreBuildErrors"]);
        let sensitive = flag(&["experimental", "caseSensitiveRoutes"]);
        let rewrites = reader.rewrites(&roots);
        let redirects = reader.redirects(&roots);
        Config {
            base_path,
            page_extensions,
            trailing_slash,
            keeps_slashes,
            sensitive,
            output,
            locales,
            default_locale,
            rewrites,
            redirects,
            wrapped: reader.into_wrapped(),
            use_cache,
            body_size_limit,
            cache_components,
            ignores_types,
            place,
        }
    }
}

/// The setting at a path of keys below a configuration; known where all that it may be is the same.
fn setting<T: PartialEq>(
    reader: &mut values::Reader<'_, '_>,
    roots: &Possible,
    path: &[&str],
    read: impl Fn(&mut values::Reader<'_, '_>, &At) -> Option<T>,
) -> Setting<T> {
    let mut found = roots.clone();
    for key in path {
        found = reader.key(&found, key);
    }
    if found.open {
        return Setting::Unknown;
    }
    let mut absent = found.absent;
    let mut known = None;
    for at in &found.values {
        if matches!(reader.value(at), Value::Undefined) {
            absent = true;
            continue;
        }
        match (read(reader, at), &known) {
            (Some(value), None) => known = Some(value),
            (Some(value), Some(other)) if value == *other => {}
            _ => return Setting::Unknown,
        }
    }
    match (known, absent) {
        (Some(value), false) => Setting::Known(value),
        (Some(_), true) => Setting::Unknown,
        (None, _) => Setting::Absent,
    }
}

/// Whether any of several flags is set.
fn any(settings: &[Setting<bool>]) -> Setting<bool> {
    match settings.contains(&Setting::Known(true)) {
        true => Setting::Known(true),
        false if settings.contains(&Setting::Unknown) => Setting::Unknown,
        false => Setting::Known(false),
    }
}
