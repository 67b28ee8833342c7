//! Reads scenario files and what they include: versions, titles, fragments, loops.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::diagnostic::{Diagnostic, Mistakes};
use super::family::ScenarioFile;
use super::load::{LoadError, Loader, MAXIMUM_FILE_LENGTH};
use super::matrix::Matrix;
use super::source::{SourceSpan, Sources};
use super::suggest::{nearest, suggestion};
use super::text::{Datum, RawNode, parse};

/// The version of the scenario language that this build reads.
pub const LANGUAGE_VERSION: u32 = 1;

/// What a file turned out to hold.
#[derive(Clone, Debug)]
pub enum Content {
    /// A scenario.
    Scenario(Box<ScenarioFile>),
    /// A fragment: it means something only where it is included.
    Fragment,
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

pub(super) struct Reader<'a> {
    pub(super) loader: &'a dyn Loader,
    pub(super) sources: Sources,
    pub(super) mistakes: Mistakes,
    pub(super) fragments: BTreeMap<String, RawNode>,
    /// The files that are being read: each includes the next.
    pub(super) stack: Vec<String>,
}

impl Reader<'_> {
    pub(super) fn wrong(
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

    pub(super) fn file(&mut self, path: &str, text: String) -> (u16, Vec<RawNode>) {
        let file = self.sources.add(path, text.into());
        let nodes = parse(&self.sources, file, &mut self.mistakes);
        (file, nodes)
    }

    /// `version 1`, which may stand first.
    pub(super) fn version(&mut self, nodes: &[RawNode]) -> Option<u32> {
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
    pub(super) fn top(&mut self, nodes: &[RawNode], file: u16) -> Option<RawNode> {
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

pub(super) fn load_problem(path: &str, error: &LoadError) -> (String, Option<String>) {
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
