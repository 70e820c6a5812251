//! The paths of models: `PrismaClient`, `Client.{entity}.create`, `default()`, `insert({entity})`, `new Pool()`, `: Prisma.TransactionClient`.

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Segment {
    /// `.name`; first in a path, what is imported or a named type of the model.
    Member(String),
    /// `.*`, or `.{entity}`, which captures the name.
    AnyMember {
        /// Whether the name is the entity.
        captures: bool,
    },
    /// `()`, `({entity})`, `(_, {entity})`: what the call gives.
    Call {
        /// The argument that is the entity.
        captures: Option<u32>,
        /// Whether it is written with `new`.
        constructs: bool,
    },
}

/// What a path of a model says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Path {
    /// Something that is reached from an import, or from a named type.
    Value(Vec<Segment>),
    /// `: Name`: whatever is annotated with this type of the package.
    Annotation(String),
    /// `f(arg0).arg1`: parameter 1 of the function that is handed to `f` as argument 0.
    Handed {
        /// The callee.
        callee: Vec<Segment>,
        /// Which argument is the function.
        argument: u32,
        /// Which of its parameters.
        parameter: u32,
    },
}

impl Path {
    /// Reads a path.
    ///
    /// # Errors
    ///
    /// One line that says what is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let fault = || format!("`{text}` is no path of a call, such as `useEffect`, `default()` or `Client.query`");
        if let Some(name) = text.strip_prefix(": ") {
            let plain = name.split('.').all(is_name);
            return plain.then(|| Self::Annotation(name.to_owned())).ok_or_else(fault);
        }
        let (constructs, rest) = text.strip_prefix("new ").map_or((false, text), |rest| (true, rest));
        if let Some((callee, argument, parameter)) = handed(rest) {
            let callee = segments(callee, constructs).ok_or_else(fault)?;
            return Ok(Self::Handed { callee, argument, parameter });
        }
        segments(rest, constructs).map(Self::Value).ok_or_else(fault)
    }
}

/// `callee(arg0).arg1`
fn handed(text: &str) -> Option<(&str, u32, u32)> {
    let (before, parameter) = text.rsplit_once(").arg")?;
    let (callee, argument) = before.rsplit_once("(arg")?;
    Some((callee, argument.parse().ok()?, parameter.parse().ok()?))
}

fn segments(text: &str, mut constructs: bool) -> Option<Vec<Segment>> {
    let (mut found, mut rest) = (Vec::new(), text);
    loop {
        let end = rest.find(['.', '(']).unwrap_or(rest.len());
        let (name, mut after) = rest.split_at(end);
        found.push(match name {
            "*" => Segment::AnyMember { captures: false },
            "{entity}" => Segment::AnyMember { captures: true },
            name if is_name(name) || is_index(name) => Segment::Member(name.to_owned()),
            _ => return None,
        });
        while let Some(call) = after.strip_prefix('(') {
            let (arguments, next) = call.split_once(')')?;
            found.push(Segment::Call { captures: captured(arguments)?, constructs });
            constructs = false;
            after = next;
        }
        match after.strip_prefix('.') {
            Some(next) => rest = next,
            None if after.is_empty() => return Some(found),
            None => return None,
        }
    }
}

/// Which of `_, {entity}` is the entity; `Some(None)` of no arguments.
fn captured(arguments: &str) -> Option<Option<u32>> {
    let mut found = None;
    for (position, argument) in (0..).zip(arguments.split(',').map(str::trim)) {
        match argument {
            "{entity}" if found.is_none() => found = Some(position),
            "" if arguments.is_empty() => {}
            "_" => {}
            _ => return None,
        }
    }
    Some(found)
}

fn is_name(name: &str) -> bool {
    let is_letter = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '$');
    !name.is_empty() && name.chars().all(is_letter) && !name.starts_with(|first: char| first.is_ascii_digit())
}

fn is_index(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit())
}
