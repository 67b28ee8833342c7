//! A scenario file with everything that it includes: read once, its cases built one by one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::build::{Input, build};
use super::diagnostic::{Diagnostic, Mistakes};
use super::load::{LoadError, Loader, MAXIMUM_FILE_LENGTH, relative_to};
use super::matrix::Matrix;
use super::model::{CaseName, Scenario};
use super::source::{SourceSpan, Sources};
use super::suggest::{nearest, suggestion};
use super::text::{Datum, RawNode, parse};

/// The version of the scenario language that this build reads.
pub const LANGUAGE_VERSION: u32 = 1;

/// Files of one scenario, the included ones counted.
const MAXIMUM_FILES: usize = 200;

/// Lines that the check of all cases of a file reads at most.
const MAXIMUM_WORK: u64 = 2_000_000;

/// A scenario file: one title, one case or many.
#[derive(Clone, Debug)]
pub struct ScenarioFile {
    /// Its path as it was given, with `/` between folders.
    pub path: String,
    /// What it proves.
    pub title: String,
    /// The version of the language that it is written in.
    pub version: u32,
    /// Every file that it was read from, itself first.
    pub sources: Arc<Sources>,
    matrix: Matrix,
    body: Vec<RawNode>,
    title_span: SourceSpan,
    fragments: BTreeMap<String, RawNode>,
    taken: BTreeSet<String>,
}

/// What a file turned out to hold.
#[derive(Clone, Debug)]
pub enum Content {
    /// A scenario.
    Scenario(Box<ScenarioFile>),
    /// A fragment: it means something only where it is included.
    Fragment,
}

impl ScenarioFile {
    /// How many cases there are; at least 1.
    pub fn case_count(&self) -> u64 {
        self.matrix.count()
    }

    /// The names of the matrix parameters, in the order of the text.
    pub fn parameters(&self) -> Vec<&str> {
        self.matrix.parameters()
    }

    /// The name of a case; `None` where the file has no matrix, or fewer cases.
    pub fn case_name(&self, index: u64) -> Option<CaseName> {
        self.matrix.case(index)?.0
    }

    /// The case of that number, ready to run.
    ///
    /// # Errors
    /// Every mistake that the case has; a file that [`ScenarioFile::check`] accepts has none. A number beyond the last case
    /// gives an empty list.
    pub fn case(&self, index: u64) -> Result<Scenario, Vec<Diagnostic>> {
        let mut work = MAXIMUM_WORK;
        let mut mistakes = Mistakes::default();
        match self.build(index, &mut mistakes, &mut work) {
            Some(scenario) if mistakes.is_empty() => Ok(scenario),
            _ => Err(mistakes.into_sorted()),
        }
    }

    fn build(&self, index: u64, mistakes: &mut Mistakes, work: &mut u64) -> Option<Scenario> {
        let (case, environment) = self.matrix.case(index)?;
        let input = Input {
            sources: &self.sources,
            body: &self.body,
            fragments: &self.fragments,
            taken: &self.taken,
            title_span: self.title_span,
        };
        let mut scenario = build(&input, environment, mistakes, work);
        scenario.title.clone_from(&self.title);
        scenario.case = case;
        Some(scenario)
    }

    /// Every mistake in every case. One that only some cases have says in which.
    pub fn check(&self) -> Vec<Diagnostic> {
        let mut found: Vec<(Diagnostic, u64, u64)> = Vec::new();
        let mut work = MAXIMUM_WORK;
        let mut checked = 0;
        for index in 0..self.case_count() {
            let mut mistakes = Mistakes::default();
            self.build(index, &mut mistakes, &mut work);
            checked += 1;
            for diagnostic in mistakes.into_sorted() {
                let known = found.iter_mut().find(|(other, _, _)| {
                    other.code == diagnostic.code && other.labels[0].0 == diagnostic.labels[0].0
                });
                match known {
                    Some((_, _, times)) => *times += 1,
                    None => found.push((diagnostic, index, 1)),
                }
            }
            let enough = found.len() >= super::diagnostic::MAXIMUM_DIAGNOSTICS;
            if work == 0 || enough {
                break;
            }
        }
        let mut diagnostics: Vec<Diagnostic> = found
            .into_iter()
            .map(|(diagnostic, first, times)| {
                if checked <= 1 || times >= checked {
                    return diagnostic;
                }
                let name = self
                    .case_name(first)
                    .map_or(String::new(), |case| case.text);
                let others = match times {
                    1 => String::new(),
                    2 => " and 1 other".to_owned(),
                    _ => format!(" and {} others", times - 1),
                };
                diagnostic.help(format!("in the case `{name}`{others}"))
            })
            .collect();
        diagnostics
            .sort_by_key(|diagnostic| (diagnostic.labels[0].0.file, diagnostic.labels[0].0.offset));
        diagnostics
    }
}

/// Reads a file and all that it includes; checks no case yet.
///
/// # Errors
/// What is wrong with the text, with the includes, with the matrix.
pub fn load(path: &str, loader: &dyn Loader) -> Result<Content, Vec<Diagnostic>> {
    let mut sources = Sources::default();
    match loader.load(path) {
        Ok(text) => read(path, text, loader),
        Err(error) => {
            let file = sources.add(path, "".into());
            let span = SourceSpan {
                file,
                offset: 0,
                length: 0,
            };
            let (message, help) = load_problem(path, &error);
            let diagnostic = Diagnostic::new(&sources, "not-read", span, message, "");
            Err(vec![match help {
                Some(help) => diagnostic.help(help),
                None => diagnostic,
            }])
        }
    }
}

/// Reads a text that stands alone or includes files that `loader` knows.
///
/// # Errors
/// As [`load`].
pub fn read(path: &str, text: String, loader: &dyn Loader) -> Result<Content, Vec<Diagnostic>> {
    let mut reader = Reader {
        loader,
        sources: Sources::default(),
        mistakes: Mistakes::default(),
        fragments: BTreeMap::new(),
        stack: Vec::new(),
    };
    let content = reader.root(path, text);
    if reader.mistakes.is_empty() {
        content.ok_or_else(Vec::new)
    } else {
        // The lines that could be read are checked too: all mistakes are shown at once.
        let mut all = reader.mistakes;
        if let Some(Content::Scenario(file)) = content {
            for diagnostic in file.check() {
                all.push(diagnostic);
            }
        }
        Err(all.into_sorted())
    }
}

struct Reader<'a> {
    loader: &'a dyn Loader,
    sources: Sources,
    mistakes: Mistakes,
    fragments: BTreeMap<String, RawNode>,
    /// The files that are being read: each includes the next.
    stack: Vec<String>,
}

impl Reader<'_> {
    fn wrong(
        &self,
        code: &'static str,
        span: SourceSpan,
        message: impl Into<String>,
        label: &str,
    ) -> Diagnostic {
        Diagnostic::new(&self.sources, code, span, message, label)
    }

    fn root(&mut self, path: &str, text: String) -> Option<Content> {
        if text.len() > MAXIMUM_FILE_LENGTH {
            let file = self.sources.add(path, "".into());
            let span = SourceSpan {
                file,
                offset: 0,
                length: 0,
            };
            let (message, help) = load_problem(path, &LoadError::TooLong);
            let diagnostic = self.wrong("not-read", span, message, "");
            self.mistakes
                .push(diagnostic.help(help.unwrap_or_default()));
            return None;
        }
        self.stack.push(path.to_owned());
        let (file, nodes) = self.file(path, text);
        let taken = taken(&nodes);
        let version = self.version(&nodes);
        let top = self.top(&nodes, file);
        let node = top?;
        self.includes(&node);
        if node.name.text == "fragment" {
            self.fragment_head(&node);
            return Some(Content::Fragment);
        }
        let title = self.title(&node);
        let body = node.children.clone().unwrap_or_default();
        let matrix = body
            .iter()
            .find(|child| child.readable && child.name.text == "matrix")
            .map(|child| Matrix::read(child, &self.sources, &mut self.mistakes))
            .unwrap_or_default();
        Some(Content::Scenario(Box::new(ScenarioFile {
            path: path.to_owned(),
            title,
            version: version.unwrap_or(LANGUAGE_VERSION),
            sources: Arc::new(self.sources.clone()),
            matrix,
            body,
            title_span: node.head,
            fragments: self.fragments.clone(),
            taken,
        })))
    }

    fn file(&mut self, path: &str, text: String) -> (u16, Vec<RawNode>) {
        let file = self.sources.add(path, text.into());
        let nodes = parse(&self.sources, file, &mut self.mistakes);
        (file, nodes)
    }

    /// `version 1`, which may stand first.
    fn version(&mut self, nodes: &[RawNode]) -> Option<u32> {
        let mut readable = nodes.iter().filter(|node| node.readable);
        let first = readable.next()?;
        for late in readable.filter(|node| node.name.text == "version") {
            let diagnostic = self
                .wrong(
                    "misplaced-version",
                    late.head,
                    "`version` is the first line of a file",
                    "too late",
                )
                .help("move it to the top");
            self.mistakes.push(diagnostic);
        }
        if first.name.text != "version" {
            return None;
        }
        let number = match first.entries.as_slice() {
            [only] if only.key.is_none() => match only.value.datum {
                Datum::Number(number) => Some(number),
                _ => None,
            },
            _ => None,
        };
        match number {
            Some(number) if number == i128::from(LANGUAGE_VERSION) => Some(LANGUAGE_VERSION),
            Some(number) => {
                let diagnostic = self
                    .wrong(
                        "unknown-version",
                        first.head,
                        format!(
                            "this file is written in version {number} of the scenario language"
                        ),
                        "unknown version",
                    )
                    .help(format!("this build reads version {LANGUAGE_VERSION}"));
                self.mistakes.push(diagnostic);
                None
            }
            None => {
                let diagnostic = self
                    .wrong(
                        "unknown-version",
                        first.head,
                        "`version` takes one number",
                        "not a version",
                    )
                    .help(format!("it reads `version {LANGUAGE_VERSION}`"));
                self.mistakes.push(diagnostic);
                None
            }
        }
    }

    /// The one `scenario` or `fragment` of a file.
    fn top(&mut self, nodes: &[RawNode], file: u16) -> Option<RawNode> {
        let mut found: Option<&RawNode> = None;
        for node in nodes.iter().filter(|node| node.readable) {
            match node.name.text.as_str() {
                "version" => {}
                "scenario" | "fragment" => match found {
                    None => found = Some(node),
                    Some(first) => {
                        let diagnostic = self
                            .wrong("second-scenario", node.head, "a file holds one scenario", "a second one")
                            .also(first.head, "the first")
                            .help("put it into a file of its own; cases of one behaviour belong in a `matrix`");
                        self.mistakes.push(diagnostic);
                    }
                },
                text => {
                    let diagnostic = self.wrong(
                        "unknown-word",
                        node.name.span,
                        format!("`{text}` does not belong at the top of a file"),
                        "unexpected",
                    );
                    let known = ["scenario", "fragment", "version"];
                    let diagnostic = match nearest(text, known) {
                        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                        None => diagnostic
                            .help("everything stands inside `scenario \"what it proves\" { … }`"),
                    };
                    self.mistakes.push(diagnostic);
                }
            }
        }
        if found.is_none() && self.mistakes.is_empty() {
            let diagnostic = self
                .wrong(
                    "no-scenario",
                    SourceSpan {
                        file,
                        offset: 0,
                        length: 0,
                    },
                    "this file holds no scenario",
                    "",
                )
                .help("it reads `scenario \"what it proves\" { … }`");
            self.mistakes.push(diagnostic);
        }
        found.cloned()
    }

    fn title(&mut self, node: &RawNode) -> String {
        let mut title = None;
        for entry in &node.entries {
            match (&entry.key, &entry.value.datum, &title) {
                (None, Datum::Text(text), None) if !text.trim().is_empty() => {
                    title = Some(text.clone());
                }
                _ => {
                    let diagnostic = self
                        .wrong(
                            "unexpected-word",
                            entry.span,
                            "a scenario has a title and nothing else on its line",
                            "unexpected",
                        )
                        .help("it reads `scenario \"what it proves\" { … }`");
                    self.mistakes.push(diagnostic);
                }
            }
        }
        if title.is_none() && node.entries.is_empty() {
            let diagnostic = self
                .wrong(
                    "no-title",
                    node.head,
                    "a scenario needs a title",
                    "no title",
                )
                .help("it reads `scenario \"what it proves\" { … }`");
            self.mistakes.push(diagnostic);
        }
        title.unwrap_or_default()
    }

    /// The parameters of a fragment: names with a default, or without.
    fn fragment_head(&mut self, node: &RawNode) {
        let mut names: Vec<&str> = Vec::new();
        for entry in &node.entries {
            let name = match (&entry.key, &entry.value.datum) {
                (Some(key), _) => key.text.as_str(),
                (None, Datum::Text(text)) => text.as_str(),
                (None, _) => "",
            };
            let problem = if !super::build::is_name(name) {
                Some("a parameter is a name, with `=default` or without")
            } else if names.contains(&name) {
                Some("this parameter stands twice")
            } else {
                None
            };
            if let Some(message) = problem {
                let diagnostic = self
                    .wrong("bad-parameter", entry.span, message, "not a new name")
                    .help("it reads `fragment call=c1 from=pns { … }`");
                self.mistakes.push(diagnostic);
            }
            names.push(name);
        }
        if node.children.is_none() {
            let diagnostic = self.wrong(
                "empty-block",
                node.head,
                "a fragment holds steps",
                "no block follows",
            );
            self.mistakes.push(diagnostic);
        }
    }

    /// Loads every file that lines below `node` include. Nesting is limited by the parser.
    fn includes(&mut self, node: &RawNode) {
        for child in node
            .children
            .iter()
            .flatten()
            .filter(|child| child.readable)
        {
            if child.name.text == "include" {
                self.include(child);
            } else {
                self.includes(child);
            }
        }
    }

    fn include(&mut self, node: &RawNode) {
        let first = node.arguments().next();
        let Some((Datum::Text(text), span)) = first.map(|value| (&value.datum, value.span)) else {
            let diagnostic = self
                .wrong(
                    "incomplete-line",
                    node.head,
                    "`include` names a file",
                    "no path in quotes",
                )
                .help("it reads `include \"fragments/call.kdl\" call=c1`");
            self.mistakes.push(diagnostic);
            return;
        };
        let including = self.stack.last().cloned().unwrap_or_default();
        let path = relative_to(&including, text);
        if let Some(position) = self.stack.iter().position(|open| *open == path) {
            let names = self.stack[position..].iter().chain([&path]);
            let way: Vec<&str> = names
                .map(|file| file.rsplit('/').next().unwrap_or(file))
                .collect();
            let diagnostic = self
                .wrong(
                    "include-loop",
                    span,
                    "this file includes itself",
                    "leads back to a file that is being read",
                )
                .help(way.join(" includes "));
            self.mistakes.push(diagnostic);
            return;
        }
        if self.fragments.contains_key(&path) {
            return;
        }
        if self.sources.files().len() >= MAXIMUM_FILES {
            let diagnostic = self.wrong(
                "too-much",
                span,
                format!("a scenario is made of at most {MAXIMUM_FILES} files"),
                "one too many",
            );
            self.mistakes.push(diagnostic);
            return;
        }
        match self.loader.load(&path) {
            Ok(text) => self.fragment(path, text, span),
            Err(error) => {
                let (message, help) = load_problem(&path, &error);
                let diagnostic = self.wrong("not-read", span, message, "included here");
                self.mistakes.push(match help {
                    Some(help) => diagnostic.help(help),
                    None => diagnostic,
                });
            }
        }
    }

    fn fragment(&mut self, path: String, text: String, included: SourceSpan) {
        let (file, nodes) = self.file(&path, text);
        self.version(&nodes);
        let Some(node) = self.top(&nodes, file) else {
            return;
        };
        if node.name.text != "fragment" {
            let diagnostic = self
                .wrong(
                    "not-a-fragment",
                    included,
                    format!("{path} holds a scenario, not a fragment"),
                    "cannot be included",
                )
                .help("only `fragment … { steps }` can stand in place of an `include`");
            self.mistakes.push(diagnostic);
            return;
        }
        self.fragment_head(&node);
        self.stack.push(path.clone());
        self.includes(&node);
        self.stack.pop();
        self.fragments.insert(path, node);
    }
}

/// Every bare word and reference of a file: names that fragments must keep clear of.
fn taken(nodes: &[RawNode]) -> BTreeSet<String> {
    let mut taken = BTreeSet::new();
    let mut open: Vec<&RawNode> = nodes.iter().collect();
    while let Some(node) = open.pop() {
        for entry in &node.entries {
            match &entry.value.datum {
                Datum::Text(text) if text.len() <= 64 => {
                    taken.insert(text.clone());
                }
                Datum::Reference(name) => {
                    taken.insert(name.clone());
                }
                _ => {}
            }
        }
        open.extend(node.children.iter().flatten());
    }
    taken
}

fn load_problem(path: &str, error: &LoadError) -> (String, Option<String>) {
    match error {
        LoadError::NotFound(neighbours) => {
            let name = path.rsplit('/').next().unwrap_or(path);
            let known = neighbours.iter().map(String::as_str);
            let help = if neighbours.is_empty() {
                Some("paths are relative to the file that includes".to_owned())
            } else {
                suggestion(name, known, "files there")
            };
            (format!("there is no file {path}"), help)
        }
        LoadError::TooLong => (
            format!("{path} is too long"),
            Some(format!(
                "a scenario file has at most {MAXIMUM_FILE_LENGTH} octets"
            )),
        ),
        LoadError::NotText => (format!("{path} is not UTF-8 text"), None),
        LoadError::Other(reason) => (format!("{path} cannot be read: {reason}"), None),
    }
}
