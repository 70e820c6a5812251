//! What a specifier is, by its spelling alone.

/// A specifier without the loaders and the query around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Specifier<'s> {
    /// `./x`, `..`
    Relative(&'s str),
    /// `/x`
    Rooted(&'s str),
    /// `#x`: the package's own `imports`
    Hash(&'s str),
    /// `node:fs`, `fs`
    Builtin,
    /// What no file stands for, and why.
    Virtual(&'static str),
    /// Everything else: an alias, a workspace package, a package.
    Bare(&'s str),
}

/// The modules that Node serves without the `node:` prefix.
const BUILTINS: [&str; 42] = [
    "assert",
    "async_hooks",
    "buffer",
    "child_process",
    "cluster",
    "console",
    "constants",
    "crypto",
    "dgram",
    "diagnostics_channel",
    "dns",
    "domain",
    "events",
    "fs",
    "http",
    "http2",
    "https",
    "inspector",
    "module",
    "net",
    "os",
    "path",
    "perf_hooks",
    "process",
    "punycode",
    "querystring",
    "readline",
    "repl",
    "stream",
    "string_decoder",
    "sys",
    "timers",
    "tls",
    "trace_events",
    "tty",
    "url",
    "util",
    "v8",
    "vm",
    "wasi",
    "worker_threads",
    "zlib",
];

/// The modules below a builtin: `fs/promises`.
const BUILTIN_PARTS: [&str; 6] = ["promises", "posix", "win32", "strict", "types", "web"];

impl<'s> Specifier<'s> {
    pub(super) fn read(written: &'s str) -> Self {
        if written.starts_with("data:") {
            return Self::Virtual("data url");
        }
        let unloaded = written.rsplit('!').next().unwrap_or(written);
        let text = unloaded.split('?').next().unwrap_or(unloaded);
        match text.as_bytes() {
            [] => Self::Virtual("empty specifier"),
            [b'.'] | [b'.', b'.'] | [b'.', b'/', ..] | [b'.', b'.', b'/', ..] => Self::Relative(text),
            [b'/', b'/', ..] => Self::Virtual("url"),
            [b'/', ..] => Self::Rooted(text),
            [b'#', ..] => Self::Hash(text),
            [b'~', second, ..] if *second != b'/' => Self::Virtual("module of a runtime or bundler"),
            _ => Self::scheme(text).unwrap_or(Self::Bare(text)),
        }
    }

    /// What stands before a colon, if it is a scheme: `node:fs`, `https://…`, `bun:sqlite`, `virtual:pwa`, `C:\x`.
    fn scheme(text: &str) -> Option<Self> {
        let (scheme, _) = text.split_once(':')?;
        if scheme.is_empty() || !scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte)) {
            return None;
        }
        Some(match scheme {
            "node" => Self::Builtin,
            "http" | "https" | "file" => Self::Virtual("url"),
            _ if scheme.len() == 1 => Self::Virtual("absolute path of a machine"),
            _ => Self::Virtual("module of a runtime or bundler"),
        })
    }
}

/// Whether a bare specifier names a module of Node.
pub(super) fn is_builtin(specifier: &str) -> bool {
    let (name, part) = specifier.split_once('/').unwrap_or((specifier, ""));
    BUILTINS.binary_search(&name).is_ok()
        && (part.is_empty() && !specifier.ends_with('/') || BUILTIN_PARTS.contains(&part))
}

/// The package that a bare specifier names, and the rest, which starts with `/` or is empty.
pub(super) fn package(specifier: &str) -> (&str, &str) {
    let slash = usize::from(specifier.starts_with('@'));
    match specifier.match_indices('/').nth(slash) {
        Some((at, _)) => specifier.split_at(at),
        None => (specifier, ""),
    }
}

/// A name and what follows its `@`: `@repo/ui@*`.
pub(super) fn versioned(text: &str) -> (&str, &str) {
    match text.rfind('@') {
        Some(at) if at > 0 => (&text[..at], &text[at + 1..]),
        _ => (text, ""),
    }
}
