//! What is read of configurations that are put together.

use edgelint::project::config::{Config, Rules, Setting};

use crate::apps;

fn config(text: &str) -> Config {
    let project = apps::app(&[("next.config.mjs", text), ("app/page.tsx", "export default () => null")]);
    project.config(0).clone()
}

/// Sources and destinations, `?` for one that is computed, `*` behind one that may not be there; `..` where there may be more.
fn rules(rules: &Rules) -> String {
    let known = |setting: &Setting<String>| setting.known().cloned().unwrap_or_else(|| "?".to_owned());
    let one = |rule: &edgelint::project::config::Rule| {
        let star = if rule.certain { "" } else { "*" };
        format!("{}>{}{star}", known(&rule.source), known(&rule.destination))
    };
    let mut words: Vec<String> = rules.all.iter().map(one).collect();
    words.extend(rules.open.then(|| "..".to_owned()));
    words.join(" ")
}

#[test]
fn settings_under_conditions() {
    let base = |text: &str| config(text).base_path;
    let known = |text: &str| Setting::Known(text.to_owned());
    assert_eq!(base("export default { basePath: '/a' }"), known("/a"));
    assert_eq!(base("const b = '/a'; export default () => ({ basePath: `${b}/b` })"), known("/a/b"));
    assert_eq!(base("const b = '/a'; export default { basePath: b + '/c' }"), known("/a/c"));
    assert_eq!(base("export default { basePath: process.env.B }"), Setting::Unknown);
    assert_eq!(base("export default { basePath: process.env.B ? '/a' : '/b' }"), Setting::Unknown);
    assert_eq!(base("export default { basePath: process.env.B ? '/a' : '/a' }"), known("/a"));
    assert_eq!(base("export default { basePath: process.env.B ? '/a' : undefined }"), Setting::Unknown);
    assert_eq!(base("export default { ...(process.env.B ? { distDir: 'x' } : {}) }"), Setting::Absent);
    assert_eq!(base("export default { ...(process.env.B && { basePath: '/a' }) }"), Setting::Unknown);
    assert_eq!(base("export default { basePath: '/a', ...(process.env.B && { distDir: 'x' }) }"), known("/a"));
    assert_eq!(base("let c = { basePath: '/a' }; if (x) c = { basePath: '/b' }; export default c"), Setting::Unknown);
    assert_eq!(base("let c = { basePath: '/a' }; c = wrap(c); export default c"), Setting::Unknown);
    assert_eq!(
        base(
            "export default async (phase) => { if (phase === 1) return { basePath: '/a' }; return { basePath: '/a' } }"
        ),
        known("/a")
    );
}

#[test]
fn lists_that_are_put_together() {
    let after =
        |text: &str| rules(&config(&format!("export default {{ async rewrites() {{ {text} }} }}")).rewrites.after);
    assert_eq!(after("return [{ source: '/a', destination: '/b' }]"), "/a>/b");
    assert_eq!(after("if (x) return []; return [{ source: '/a', destination: '/b' }]"), "/a>/b*");
    assert_eq!(after("return [x && { source: '/a', destination: '/b' }].filter(Boolean)"), "/a>/b*");
    assert_eq!(
        after(
            "const l = [{ source: '/a', destination: '/b' }]; if (x) l.push({ source: '/c', destination: x }); return l"
        ),
        "/a>/b /c>?*"
    );
    assert_eq!(after("return [...(x ? [{ source: '/a', destination: '/b' }] : [])]"), "/a>/b*");
    assert_eq!(after("return { afterFiles: [{ source: '/a', destination: '/b' }] }"), "/a>/b");
    assert_eq!(
        after("const l = { afterFiles: [] }; l.afterFiles.push({ source: '/a', destination: '/b' }); return l"),
        "/a>/b*"
    );
    assert_eq!(after("return ['a', 'b'].map((name) => ({ source: `/${name}`, destination: '/c' }))"), "..");
    assert_eq!(after("return [...load(), { source: '/a', destination: '/b' }]"), "/a>/b ..");
    assert_eq!(after("return [{ source: `/${x}`, destination: '/b' }]"), "?>/b");
    assert_eq!(after("return cond ? [] : undefined"), "");
}

#[test]
fn wrappers_that_are_known_and_others() {
    let known = config(
        "import { withSentryConfig } from '@sentry/nextjs'
         const c = { basePath: '/a' }
         export default process.env.S ? withSentryConfig(c, { ...shared, tunnelRoute: '/tunnel' }) : c",
    );
    assert_eq!(known.base_path, Setting::Known("/a".to_owned()));
    assert_eq!(known.wrapped.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), ["/tunnel"]);
    let other = config("import { wrap } from 'some-plugin'; export default wrap({ basePath: '/a' })");
    assert!(other.base_path == Setting::Unknown && other.rewrites.before.open && other.redirects.open);
}

#[test]
fn patterns_that_are_none_or_take_too_long() {
    use edgelint::project::routes::{GapKind, Outcome, Request};
    let gap = |source: &str| {
        let config =
            format!("module.exports = {{ async rewrites() {{ return [{{ source: {source}, destination: '/b' }}] }} }}");
        let project = apps::app(&[("next.config.js", &config), ("app/b/page.tsx", "export default () => null")]);
        let table = apps::table(&project);
        let long = format!("/{}", "a".repeat(3000));
        let outcome = table.resolve(Request { path: long, ..Request::default() });
        let kinds: Vec<GapKind> = table.gaps().iter().map(|gap| gap.kind).collect();
        (kinds, outcome)
    };
    let unreadable = (vec![GapKind::Rewrite], Outcome::Unknown);
    for source in ["'/:'", "'/('", "'/(?!x)'", "'/:a:b'", "'/:x((a+)+b)'", "'/:x((?<=a)b)'", "'/a*'"] {
        assert_eq!(gap(source), unreadable, "{source}");
    }
    let nested = format!("'/:x({}a{})'", "(?:".repeat(500), ")".repeat(500));
    assert_eq!(gap(&nested), unreadable);
    assert_eq!(gap("'/:x(a{200}b{150}c)' + '/y'.repeat(1)").0, [GapKind::Rewrite]);
    assert_eq!(gap(&format!("'/{}'", "x".repeat(100_000))), unreadable);
    assert_eq!(gap("'/:x((?:a+)+b)'"), (Vec::new(), Outcome::Unknown));
    assert_eq!(gap("'/:x(a{2,3}b)'"), (Vec::new(), Outcome::Nothing));
}
