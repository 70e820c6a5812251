//! What can be taken out of a source file, found as text: guards, verifications, rethrows, tests of secrets, refreshes.

use super::text;

/// What is taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// A test or a call that lets nobody go on without an identity.
    Guard,
    /// A check of a signature.
    Verification,
    /// What a `catch` throws on.
    Rethrow,
    /// A test of a request against a secret of the environment.
    Secret,
    /// A revalidation, or a refresh in the client.
    Refresh,
}

impl Kind {
    pub(crate) const ALL: [Self; 5] = [Self::Guard, Self::Verification, Self::Rethrow, Self::Secret, Self::Refresh];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Guard => "guard",
            Self::Verification => "verification",
            Self::Rethrow => "rethrow",
            Self::Secret => "secret",
            Self::Refresh => "refresh",
        }
    }

    /// The rules that may say that it is missing.
    pub(crate) const fn rules(self) -> &'static [&'static str] {
        match self {
            Self::Guard => &[
                "unguarded-action",
                "unguarded-handler",
                "unverified-webhook",
                "caller-supplied-identity",
                "mutation-in-get",
            ],
            Self::Verification => {
                &["unverified-webhook", "unguarded-handler", "signature-over-parsed-body", "mutation-in-get"]
            }
            Self::Rethrow => &["swallowed-redirect"],
            Self::Secret => &["unguarded-handler", "mutation-in-get", "fail-open-secret", "unverified-webhook"],
            Self::Refresh => &["mutation-without-revalidate", "stale-reader", "unknown-cache-tag"],
        }
    }
}

/// A place, and the text that stands there once it is taken out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Site {
    pub(crate) kind: Kind,
    /// What is replaced, in bytes.
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// By what.
    pub(crate) by: String,
}

/// What tests of an identity ask for.
const IDENTITIES: [&str; 12] = [
    "session",
    "user",
    "userid",
    "currentuser",
    "auth",
    "isadmin",
    "authorized",
    "isauthenticated",
    "token",
    "clerkuser",
    "dbuser",
    "loggedin",
];
/// What is said to those who are turned away.
const TURNED_AWAY: [&str; 12] = [
    "unauth",
    "not auth",
    "forbidden",
    "401",
    "403",
    "sign-in",
    "signin",
    "sign in",
    "login",
    "log in",
    "permission",
    "logged in",
];
/// How the names of helpers start that let nobody pass.
const DEMANDS: [&str; 6] = ["require", "assert", "ensure", "check", "throwif", "validate"];
/// What such helpers are about.
const ABOUT: [&str; 10] =
    ["auth", "user", "session", "admin", "permission", "access", "owner", "member", "login", "role"];
/// What revalidates.
const REVALIDATIONS: [&str; 3] = ["revalidatePath", "revalidateTag", "updateTag"];
/// What refreshes what the client shows.
const REFRESHES: [&str; 4] = ["router.refresh", "mutate", "queryClient.invalidateQueries", "mutatePrefix"];
/// What answers a request by being thrown.
const THROWN: [&str; 6] = ["redirect(", "notFound(", "signIn(", "signOut(", "unauthorized(", "forbidden("];

/// What stands in files that write, send or start something.
const WRITES: [&str; 14] = [
    ".create(",
    ".createMany(",
    ".update(",
    ".updateMany(",
    ".upsert(",
    ".delete(",
    ".deleteMany(",
    ".insert(",
    ".save(",
    ".remove(",
    ".set(",
    ".send(",
    ".trigger(",
    ".put(",
];

/// Whether a file is one of actions or of a route handler, and something in it writes, by its text.
pub(crate) fn is_writing_endpoint(path: &str, source: &str) -> bool {
    let directive = |line: &str| matches!(line.trim().trim_end_matches(';'), "\"use server\"" | "'use server'");
    let name = path.rsplit('/').next().and_then(|name| name.split('.').next());
    let entered = name == Some("route") || format!("/{path}").contains("/pages/api/") || source.lines().any(directive);
    entered && WRITES.iter().any(|call| source.contains(call))
}

/// Every place of a file, in order.
pub(crate) fn all(source: &str) -> Vec<Site> {
    let text = source.as_bytes();
    let mut found = Vec::new();
    let mut starts: Vec<usize> = lines(text).into_iter().map(|line| text::solid(text, line)).collect();
    starts.dedup();
    for at in starts.into_iter().filter(|at| *at < text.len()) {
        let site = if text::is_word(text, at, "if") { test(source, at) } else { call(source, at) };
        found.extend(site.or_else(|| thrown(source, at)).or_else(|| constructed(source, at)));
    }
    found
}

fn lines(text: &[u8]) -> Vec<usize> {
    std::iter::once(0)
        .chain(text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1))
        .collect()
}

/// `if (!session) return ..`, whole.
fn test(source: &str, at: usize) -> Option<Site> {
    let text = source.as_bytes();
    let open = text::solid(text, at + 2);
    (text.get(open) == Some(&b'(')).then_some(())?;
    let close = text::closed(text, open)?;
    let end = text::statement(text, text::solid(text, close))?;
    if text::is_word(text, text::solid(text, end), "else") {
        return None;
    }
    let (condition, body) = (source.get(open + 1..close - 1)?, source.get(close..end)?);
    let leaves = ["return", "throw", "redirect(", "notFound("].iter().any(|word| body.contains(word));
    let kind = leaves.then(|| tested(condition, &body.to_ascii_lowercase()))??;
    Some(Site { kind, from: at, to: end, by: String::new() })
}

fn tested(condition: &str, body: &str) -> Option<Kind> {
    let lower = condition.to_ascii_lowercase();
    let names: Vec<&str> = lower.split(|letter: char| !letter.is_ascii_alphanumeric()).collect();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let differs = condition.contains("!=");
    let secret = condition.contains("process.env") || condition.contains("env.");
    if secret && differs && has(&["secret", "token", "key", "bearer"]) && !condition.contains("NEXT_PUBLIC") {
        return Some(Kind::Secret);
    }
    let compared = differs && has(&["signature", "hmac"]);
    let verified = condition.starts_with('!') && has(&["timingsafeequal", "isvalid", "verified", "verify", "isverif"]);
    if compared || (verified && (body.contains("signature") || has(&["timingsafeequal", "signature", "webhook"]))) {
        return Some(Kind::Verification);
    }
    if condition.contains("RedirectError") || condition.contains("NextRouterError") {
        return Some(Kind::Rethrow);
    }
    let turned_away = TURNED_AWAY.iter().any(|words| body.contains(words));
    (condition.contains('!') && turned_away && names.iter().any(|name| IDENTITIES.contains(name)))
        .then_some(Kind::Guard)
}
/// `await requireUser()`, `verifySignature(..)`, `revalidatePath(..)`, alone on their line.
fn call(source: &str, at: usize) -> Option<Site> {
    let text = source.as_bytes();
    let start = if text::is_word(text, at, "await") { text::solid(text, at + 5) } else { at };
    let length = text[start..]
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'$'))
        .count();
    let open = start + length;
    (length > 0 && text.get(open) == Some(&b'(')).then_some(())?;
    let callee = source.get(start..open)?;
    let end = text::closed(text, open)?;
    let after = text::solid(text, end);
    let rest = source.get(end..after)?;
    if text.get(after) != Some(&b';') && !rest.contains('\n') {
        return None;
    }
    if matches!(text.get(after), Some(b'.' | b'?')) {
        return None;
    }
    let to = if text.get(after) == Some(&b';') { after + 1 } else { end };
    let with_actions =
        source.lines().any(|line| line.contains("import") && line.to_ascii_lowercase().contains("action"));
    let kind = called(callee, with_actions)?;
    Some(Site { kind, from: at, to, by: String::new() })
}

fn called(callee: &str, with_actions: bool) -> Option<Kind> {
    if REVALIDATIONS.contains(&callee) || (with_actions && REFRESHES.contains(&callee)) {
        return Some(Kind::Refresh);
    }
    if callee == "unstable_rethrow" {
        return Some(Kind::Rethrow);
    }
    let name = callee.rsplit('.').next()?.to_ascii_lowercase();
    if name.contains("verif")
        && ["signature", "webhook", "qstash", "svix", "hmac"].iter().any(|word| name.contains(word))
    {
        return Some(Kind::Verification);
    }
    let demands = DEMANDS.iter().any(|word| name.starts_with(word)) && ABOUT.iter().any(|word| name.contains(word));
    demands.then_some(Kind::Guard)
}

/// `throw error` in `catch (error) {`, where what is tried answers by throwing.
fn thrown(source: &str, at: usize) -> Option<Site> {
    let text = source.as_bytes();
    text::is_word(text, at, "throw").then_some(())?;
    let to = text::statement(text, at)?;
    let name = source.get(at + 5..to)?.trim().trim_end_matches(';').trim();
    let opens = format!("catch ({name}) {{");
    let catch = source[..at].rfind(&opens)?;
    let end = text::closed(text, catch + opens.len() - 1)?;
    let body = source.get(source[..catch].rfind("try {")?..catch)?;
    let answers = THROWN.iter().any(|word| body.contains(word));
    (!name.is_empty() && at < end && answers).then(|| Site { kind: Kind::Rethrow, from: at, to, by: String::new() })
}

/// `stripe.webhooks.constructEvent(body, ..)`: the body as it came is parsed instead.
fn constructed(source: &str, at: usize) -> Option<Site> {
    let text = source.as_bytes();
    let line_end = source[at..].find('\n').map_or(source.len(), |length| at + length);
    let line = source.get(at..line_end)?;
    let marker = ["webhooks.constructEventAsync(", "webhooks.constructEvent(", "wh.verify(", "webhook.verify("];
    let (found, marker) = marker.iter().find_map(|marker| Some((line.find(marker)?, marker)))?;
    let open = at + found + marker.len() - 1;
    let end = text::closed(text, open)?;
    let (first, last) = *text::arguments(text, open)?.first()?;
    let back =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'$' | b'!' | b'?' | b'(' | b')');
    let from = at + found - text[at..at + found].iter().rev().take_while(|byte| back(byte)).count();
    Some(Site {
        kind: Kind::Verification,
        from,
        to: end,
        by: format!("JSON.parse({})", source.get(first..last)?.trim()),
    })
}
