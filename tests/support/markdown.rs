//! Pages as lines: headings, fences and the names in front of them. Knows nothing of marks or rules.

/// What a fence is, by the line in front of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Role {
    /// No name in front.
    Unnamed,
    /// `` `path`: ``
    File(String),
    /// `` `path` after `--fix`: ``
    Fixed(String),
    /// `` `endpoints`: ``
    Endpoints,
    /// `` `guards`: ``
    Guards,
    /// `` `routes`: ``
    Routes,
}

/// A fenced block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fence {
    /// What it is.
    pub(crate) role: Role,
    /// The word behind the backticks; empty without.
    pub(crate) language: String,
    /// The line of the opening backticks, from 1; its text starts one below.
    pub(crate) line: usize,
    /// The line of the closing backticks.
    pub(crate) end: usize,
    /// Its text, each line with its end.
    pub(crate) text: String,
}

/// A heading and what stands between it and the next one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Section {
    /// Its title below those of the headings above it, the page's own title left out.
    pub(crate) titles: Vec<String>,
    /// The heading's line, from 1; 1 for what stands before the first.
    pub(crate) line: usize,
    /// Its fences.
    pub(crate) fences: Vec<Fence>,
    /// What cannot be read as a page: a line and a reason.
    pub(crate) problems: Vec<(usize, String)>,
}

/// The sections of a page, in order.
pub(crate) fn sections(text: &str) -> Vec<Section> {
    let mut reader = Reader { sections: vec![section(Vec::new(), 1)], open: Vec::new(), name: None };
    let mut lines = text.lines().enumerate().map(|(index, line)| (index + 1, line));
    while let Some((number, line)) = lines.next() {
        let backticks = line.bytes().take_while(|&byte| byte == b'`').count();
        if backticks >= 3 {
            let body = lines.by_ref().take_while(|(_, line)| !closes(line, backticks));
            reader.fence(number, line[backticks..].trim(), body.map(|(_, line)| line));
        } else {
            reader.line(number, line);
        }
    }
    reader.dangling();
    let total = text.lines().count();
    for section in &mut reader.sections {
        if let Some(fence) = section.fences.iter().find(|fence| fence.end > total) {
            section.problems.push((fence.line, "a fence without an end".to_owned()));
        }
    }
    reader.sections
}

/// The page's text with the text of some fences (by the line of their opening backticks) replaced.
pub(crate) fn replace(page: &str, mut texts: Vec<(&Fence, String)>) -> String {
    let mut lines: Vec<&str> = page.lines().collect();
    texts.sort_by_key(|(fence, _)| std::cmp::Reverse(fence.line));
    for (fence, text) in &texts {
        lines.splice(fence.line..fence.end - 1, text.lines());
    }
    let mut page = lines.join("\n");
    page.push('\n');
    page
}

struct Reader {
    sections: Vec<Section>,
    /// The headings that are open: level and title.
    open: Vec<(usize, String)>,
    /// The name that waits for its fence.
    name: Option<(usize, Role)>,
}

impl Reader {
    fn line(&mut self, number: usize, line: &str) {
        let trimmed = line.trim_start();
        if line.trim().is_empty() {
            return;
        }
        self.dangling();
        if line != trimmed && trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            self.problem(number, "a fence starts with backticks in the first column");
        } else if let Some((level, title)) = heading(line) {
            self.open.retain(|(above, _)| *above < level);
            self.open.push((level, title.to_owned()));
            let titles = self.open.iter().filter(|(level, _)| *level > 1).map(|(_, title)| title.clone()).collect();
            self.sections.push(section(titles, number));
        } else if let Some(role) = name(line) {
            self.name = Some((number, role));
        }
    }

    fn fence<'a>(&mut self, line: usize, language: &str, body: impl Iterator<Item = &'a str>) {
        let mut text = String::new();
        let mut end = line + 1;
        for content in body {
            text.push_str(content);
            text.push('\n');
            end += 1;
        }
        let role = self.name.take().map_or(Role::Unnamed, |(_, role)| role);
        self.section().fences.push(Fence { role, language: language.to_owned(), line, end, text });
    }

    fn dangling(&mut self) {
        if let Some((line, _)) = self.name.take() {
            self.problem(line, "a name without a fence below it");
        }
    }

    fn problem(&mut self, line: usize, reason: &str) {
        self.section().problems.push((line, reason.to_owned()));
    }

    fn section(&mut self) -> &mut Section {
        self.sections.last_mut().expect("the reader starts with a section")
    }
}

fn section(titles: Vec<String>, line: usize) -> Section {
    Section { titles, line, fences: Vec::new(), problems: Vec::new() }
}

fn closes(line: &str, backticks: usize) -> bool {
    let line = line.trim_end();
    line.len() >= backticks && line.bytes().all(|byte| byte == b'`')
}

fn heading(line: &str) -> Option<(usize, &str)> {
    let level = line.bytes().take_while(|&byte| byte == b'#').count();
    let title = line.get(level..)?.strip_prefix(' ')?;
    (1..=6).contains(&level).then(|| (level, title.trim()))
}

fn name(line: &str) -> Option<Role> {
    let (path, rest) = line.trim().strip_prefix('`')?.split_once('`')?;
    match (path, rest) {
        ("endpoints", ":") => Some(Role::Endpoints),
        ("guards", ":") => Some(Role::Guards),
        ("routes", ":") => Some(Role::Routes),
        (_, ":") => Some(Role::File(path.to_owned())),
        (_, " after `--fix`:") => Some(Role::Fixed(path.to_owned())),
        _ => None,
    }
}
