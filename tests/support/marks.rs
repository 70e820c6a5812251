//! Marks: what a comment in a program says about the reports that belong to it.

use edgelint::rules;

/// What a mark asserts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `~ rule`, with the level where one is written
    Report(Option<String>),
    /// `~> rule`, `~>2 rule`: a label of the report of that number
    Label(usize),
    /// `~? rule`
    KnownMiss,
    /// `= db.write user`
    Effect,
}

/// One mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    /// What it asserts.
    pub(crate) kind: Kind,
    /// The rule; the effect and its target for [`Kind::Effect`].
    pub(crate) rule: String,
    /// The file.
    pub(crate) path: String,
    /// The line that it is about, from 1.
    pub(crate) line: u32,
    /// The line that it is written on.
    pub(crate) written: u32,
}

/// A program and the marks that were in it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Marked {
    /// The program without them, every line in its place.
    pub(crate) text: String,
    /// The marks, in order.
    pub(crate) marks: Vec<Mark>,
    /// Marks that cannot be read: the line and the reason.
    pub(crate) problems: Vec<(u32, String)>,
}

/// The marks of a file.
pub(crate) fn read(path: &str, text: &str) -> Marked {
    let mut marked = Marked::default();
    let sign = sign(path);
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let (code, comments) = split(line.trim_end_matches(['\n', '\r']), sign);
        for comment in &comments {
            match parse(comment, path, number) {
                Ok(mark) => marked.marks.push(mark),
                Err(reason) => marked.problems.push((number, format!("`{comment}` is no mark: {reason}"))),
            }
        }
        if comments.is_empty() {
            marked.text.push_str(line);
        } else {
            marked.text.push_str(code.trim_end());
            marked.text.push_str(&line[line.trim_end_matches(['\n', '\r']).len()..]);
        }
    }
    marked
}

/// The sign that starts a comment.
fn sign(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "toml" | "yaml" | "yml" | "py" | "sh" | "env" | "rb" | "ex" | "exs" => "#",
        "sql" | "lua" | "hs" => "--",
        _ => "//",
    }
}

/// A line as its code and the texts of its marks, from `~` or `=` on.
fn split(line: &str, sign: &str) -> (String, Vec<String>) {
    let mut code = String::new();
    let mut marks = Vec::new();
    let mut rest = line;
    while let Some(start) = rest.find("{/*").filter(|start| starts_mark(&rest[start + 3..])) {
        let Some(length) = rest[start..].find("*/}") else { break };
        code.push_str(&rest[..start]);
        marks.push(rest[start + 3..start + length].trim().to_owned());
        rest = &rest[start + length + 3..];
    }
    let comment = rest
        .match_indices(sign)
        .map(|(at, _)| at)
        .find(|&at| starts_mark(&rest[at + sign.len()..]) && (at == 0 || rest[..at].ends_with([' ', '\t'])));
    let Some(at) = comment else {
        code.push_str(rest);
        return (code, marks);
    };
    code.push_str(&rest[..at]);
    marks.extend(rest[at + sign.len()..].split(&format!(" {sign}")).map(|mark| mark.trim().to_owned()));
    (code, marks)
}

fn starts_mark(comment: &str) -> bool {
    comment.starts_with('~') || comment.starts_with("= ")
}

fn parse(comment: &str, path: &str, number: u32) -> Result<Mark, String> {
    let mark =
        |kind, rule: &str, line| Mark { kind, rule: rule.to_owned(), path: path.to_owned(), line, written: number };
    if let Some(effect) = comment.strip_prefix("= ") {
        return Ok(mark(Kind::Effect, effect.trim(), number));
    }
    let body = comment.strip_prefix('~').ok_or("it starts with `~` or `=`")?;
    let above = body.bytes().take_while(|&byte| byte == b'^').count();
    let line = u32::try_from(above).ok().and_then(|above| number.checked_sub(above)).filter(|&line| line > 0);
    let line = line.ok_or("there is no such line above")?;
    let (modifier, words) = body[above..].split_once(' ').ok_or("it names no rule")?;
    let mut words = words.split_whitespace();
    let rule = words.next().ok_or("it names no rule")?;
    rules::find(rule).ok_or_else(|| format!("there is no rule `{rule}`"))?;
    let level = words.next();
    if let Some(word) = level.filter(|level| !["note", "warning", "error"].contains(level)).or(words.next()) {
        return Err(format!("`{word}` is not understood"));
    }
    let kind = match (modifier, level) {
        ("", level) => Kind::Report(level.map(str::to_owned)),
        (_, Some(level)) => return Err(format!("`{level}` says nothing there")),
        ("?", None) => Kind::KnownMiss,
        (">", None) => Kind::Label(1),
        (modifier, None) => {
            let number = modifier.strip_prefix('>').and_then(|number| number.parse().ok()).filter(|&number| number > 0);
            Kind::Label(number.ok_or_else(|| format!("`{modifier}` is not understood"))?)
        }
    };
    Ok(mark(kind, rule, line))
}
